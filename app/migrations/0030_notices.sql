-- What people are to know, how they want to be told, and the browsers that are told.

CREATE TABLE person_notices (
    id {{ID}},
    person_id BIGINT NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL,
    case_id BIGINT REFERENCES cases (id),
    insight_id BIGINT REFERENCES insights (id),
    -- the newest contact, task or hand-off that it is about
    detail_id BIGINT,
    -- who did it last, unless it happened by itself
    actor_id BIGINT REFERENCES people (id),
    -- the same of one case within some minutes is one line
    many BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    read_at BIGINT,
    -- it stands in the page's list
    shown BOOLEAN NOT NULL,
    -- when it is to leave; NULL: not, or it has
    push_at BIGINT,
    mail_at BIGINT
);
CREATE INDEX person_notices_list ON person_notices (person_id, at, id) WHERE shown;
CREATE INDEX person_notices_unread ON person_notices (person_id, id) WHERE shown AND read_at IS NULL;
CREATE INDEX person_notices_of_case ON person_notices (person_id, case_id) WHERE case_id IS NOT NULL;
CREATE INDEX person_notices_push ON person_notices (push_at, person_id) WHERE push_at IS NOT NULL;
CREATE INDEX person_notices_mail ON person_notices (mail_at, person_id) WHERE mail_at IS NOT NULL;
CREATE INDEX person_notices_at ON person_notices (at);

-- Counts up whenever somebody's notices change, so that open pages hear of it on every node.
CREATE TABLE notice_marks (person_id BIGINT PRIMARY KEY REFERENCES people (id), version BIGINT NOT NULL);

-- JSON; who has none wants what the house wants
CREATE TABLE notice_wishes (person_id BIGINT PRIMARY KEY REFERENCES people (id), wishes TEXT NOT NULL);

-- 'wishes': JSON, what the house wants; 'due': up to where due dates were told; 'vapid': the key of pushes, sealed
CREATE TABLE notice_state (name TEXT PRIMARY KEY, value TEXT NOT NULL);

-- Browsers that people want to be told in.
CREATE TABLE notice_browsers (
    id {{ID}},
    person_id BIGINT NOT NULL REFERENCES people (id),
    endpoint TEXT NOT NULL UNIQUE,
    -- the browser's public key and secret (RFC 8291), base64url
    p256dh TEXT NOT NULL,
    auth TEXT NOT NULL,
    device TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    -- when a push arrived last
    used_at BIGINT
);
CREATE INDEX notice_browsers_person ON notice_browsers (person_id);

-- Who had the case before is asked of the journal; due tasks are asked for all at once.
CREATE INDEX case_tasks_due ON case_tasks (due_at) WHERE done_at IS NULL AND due_at IS NOT NULL;

-- What happened before is no news.
INSERT INTO journal_cursors (name, xid, entry_id)
    SELECT 'notices', xid, id FROM journal ORDER BY xid DESC, id DESC LIMIT 1;
