-- Writing: whom a message goes to, drafts, side conversations, mentions, files before they are sent.

-- A conversation with somebody else than the customer, inside a case.
CREATE TABLE case_talks (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    subject TEXT NOT NULL,
    person_id BIGINT REFERENCES people (id),
    at BIGINT NOT NULL
);
CREATE INDEX case_talks_case ON case_talks (case_id, id);

-- the talk it belongs to; NULL: said with the customer
ALTER TABLE contacts ADD COLUMN talk_id BIGINT;
-- the contact whose message it sends on unchanged
ALTER TABLE contacts ADD COLUMN resends_id BIGINT;
CREATE INDEX contacts_talk ON contacts (case_id, talk_id) WHERE talk_id IS NOT NULL;

-- Of an incoming contact all of its To and Cc, of a written one all whom it goes to. A contact with one recipient
-- only needs no row: it is contacts.to_address.
CREATE TABLE contact_recipients (
    id {{ID}},
    contact_id BIGINT NOT NULL REFERENCES contacts (id),
    -- to, cc, bcc
    part TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    folded TEXT NOT NULL,
    -- named, or as far as it came: queued, sent, failed
    state TEXT NOT NULL,
    -- what the other side said when it refused
    said TEXT
);
CREATE INDEX contact_recipients_contact ON contact_recipients (contact_id, id);

-- What a person is writing. Several of one person and kind stand beside each other only after a conflict.
CREATE TABLE case_drafts (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    -- reply, note, talk
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    to_list TEXT NOT NULL,
    cc_list TEXT NOT NULL,
    bcc_list TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- thrown away, and still there to be taken back
    discarded_at BIGINT
);
CREATE INDEX case_drafts_case ON case_drafts (case_id, id);

-- Files that were put into a text before it is sent.
CREATE TABLE case_uploads (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    blob TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX case_uploads_at ON case_uploads (at);

-- Somebody was called into a case by a note.
CREATE TABLE mentions (
    id {{ID}},
    person_id BIGINT NOT NULL REFERENCES people (id),
    contact_id BIGINT NOT NULL REFERENCES contacts (id),
    case_id BIGINT NOT NULL REFERENCES cases (id),
    at BIGINT NOT NULL,
    seen_at BIGINT,
    UNIQUE (person_id, contact_id)
);
CREATE INDEX mentions_unseen ON mentions (person_id, at) WHERE seen_at IS NULL;
CREATE INDEX mentions_case ON mentions (case_id);

-- How the house writes; one row.
CREATE TABLE writing_rules (
    id BIGINT PRIMARY KEY,
    -- how long a written answer can be taken back
    undo_seconds BIGINT NOT NULL
);
INSERT INTO writing_rules (id, undo_seconds) VALUES (1, 10);

-- What stands around each answer of a queue, per language and tone.
CREATE TABLE answer_frames (
    queue_id BIGINT NOT NULL REFERENCES queues (id),
    language TEXT NOT NULL,
    greeting TEXT NOT NULL,
    closing TEXT NOT NULL,
    PRIMARY KEY (queue_id, language)
);

-- Text modules.
CREATE TABLE snippets (
    id {{ID}},
    name TEXT NOT NULL,
    -- what is typed behind ;; to insert it, lower case
    shortcut TEXT NOT NULL,
    folder TEXT NOT NULL,
    -- whose it is; NULL: shared
    person_id BIGINT REFERENCES people (id),
    -- where it is offered; NULL: everywhere
    queue_id BIGINT REFERENCES queues (id),
    -- insertions, counted per snippet and never per person
    used BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX snippets_shortcut ON snippets (shortcut);
CREATE INDEX snippets_person ON snippets (person_id);

CREATE TABLE snippet_texts (
    snippet_id BIGINT NOT NULL REFERENCES snippets (id),
    language TEXT NOT NULL,
    -- sanitised HTML
    body TEXT NOT NULL,
    PRIMARY KEY (snippet_id, language)
);
