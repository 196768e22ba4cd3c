-- Work on a case: merged and split, related, handed off, waiting for customers, tasks, and cases that come again.

-- Which case is in which other one; it stays for its number.
CREATE TABLE case_merges (
    case_id BIGINT PRIMARY KEY REFERENCES cases (id),
    into_id BIGINT NOT NULL REFERENCES cases (id),
    person_id BIGINT REFERENCES people (id),
    at BIGINT NOT NULL,
    -- JSON: how both stood, and what went along
    stood TEXT NOT NULL
);
CREATE INDEX case_merges_into ON case_merges (into_id, at);
INSERT INTO case_merges (case_id, into_id, person_id, at, stood)
    SELECT case_id, earlier_id, NULL, at, stood FROM case_links WHERE stood IS NOT NULL;
ALTER TABLE case_links DROP COLUMN stood;

-- What people say about two cases.
CREATE TABLE case_relations (
    -- of 'child' and 'duplicate' the child and the duplicate; of 'related' the older case
    case_id BIGINT NOT NULL REFERENCES cases (id),
    other_id BIGINT NOT NULL REFERENCES cases (id),
    kind TEXT NOT NULL,
    person_id BIGINT REFERENCES people (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (case_id, other_id)
);
CREATE INDEX case_relations_other ON case_relations (other_id, case_id);

-- A case, or a question about it, on its way to somebody else. Until they say yes it stays where it is.
CREATE TABLE case_handoffs (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    person_id BIGINT REFERENCES people (id),
    -- one of these three
    to_queue BIGINT REFERENCES queues (id),
    to_person BIGINT REFERENCES people (id),
    to_department BIGINT REFERENCES departments (id),
    reason TEXT NOT NULL,
    due_at BIGINT,
    at BIGINT NOT NULL,
    -- 'asked', 'accepted' (by who cannot own the case: they are at it), 'done', 'declined', 'withdrawn'
    state TEXT NOT NULL,
    answer TEXT,
    answered_by BIGINT REFERENCES people (id),
    answered_at BIGINT
);
CREATE INDEX case_handoffs_case ON case_handoffs (case_id, id);
CREATE INDEX case_handoffs_queue ON case_handoffs (to_queue, at) WHERE state IN ('asked', 'accepted');
CREATE INDEX case_handoffs_person ON case_handoffs (to_person, at) WHERE state IN ('asked', 'accepted');
CREATE INDEX case_handoffs_department ON case_handoffs (to_department, at) WHERE state IN ('asked', 'accepted');

CREATE TABLE case_tasks (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    title TEXT NOT NULL,
    person_id BIGINT REFERENCES people (id),
    due_at BIGINT,
    done_at BIGINT,
    done_by BIGINT REFERENCES people (id),
    at BIGINT NOT NULL,
    -- what the list of a person sorts by: due_at, or far away
    sort_at BIGINT NOT NULL,
    -- the case that it was made in, once that was merged into another
    moved_from BIGINT
);
CREATE INDEX case_tasks_case ON case_tasks (case_id, id);
CREATE INDEX case_tasks_open ON case_tasks (person_id, sort_at, id) WHERE done_at IS NULL;

-- Tasks that are made by one pick.
CREATE TABLE checklists (
    id {{ID}},
    name TEXT NOT NULL,
    -- only for cases of this queue; NULL: for all
    queue_id BIGINT REFERENCES queues (id),
    active BOOLEAN NOT NULL
);
CREATE TABLE checklist_items (
    checklist_id BIGINT NOT NULL REFERENCES checklists (id),
    position BIGINT NOT NULL,
    title TEXT NOT NULL,
    -- days after it was picked; NULL: no due date
    days BIGINT,
    PRIMARY KEY (checklist_id, position)
);

-- Since when the case waits for its customer without a date, and when they were reminded.
ALTER TABLE cases ADD COLUMN waits_from BIGINT;
ALTER TABLE cases ADD COLUMN reminded_at BIGINT;
CREATE INDEX cases_patience ON cases (queue_id, waits_from) WHERE waits_from IS NOT NULL;

-- How long a queue waits for its customers.
CREATE TABLE queue_patience (
    queue_id BIGINT PRIMARY KEY REFERENCES queues (id),
    active BOOLEAN NOT NULL,
    remind_days BIGINT NOT NULL,
    -- after the reminder
    close_days BIGINT NOT NULL,
    -- NULL: the words of the house
    text_de TEXT,
    text_en TEXT
);

-- Cases that open by themselves again and again.
CREATE TABLE recurring_cases (
    id {{ID}},
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    -- the customer is the house itself
    internal BOOLEAN NOT NULL,
    queue_id BIGINT NOT NULL REFERENCES queues (id),
    owner_id BIGINT REFERENCES people (id),
    checklist_id BIGINT REFERENCES checklists (id),
    -- every so many of 'day', 'week', 'month', 'year' since the first day, as in 2026-11-30, at a minute of the day
    every BIGINT NOT NULL,
    unit TEXT NOT NULL,
    first_day TEXT NOT NULL,
    minute BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    paused BOOLEAN NOT NULL,
    last_case BIGINT REFERENCES cases (id),
    version BIGINT NOT NULL
);
CREATE INDEX recurring_cases_due ON recurring_cases (next_at) WHERE NOT paused;

-- For cases that go into others.
CREATE INDEX promises_of_case ON promises (case_id) WHERE case_id IS NOT NULL;

-- The case that it was documented in, once that was merged into another.
ALTER TABLE findings ADD COLUMN moved_from BIGINT;
