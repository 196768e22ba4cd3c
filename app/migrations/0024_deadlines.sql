-- Deadlines: when the house works, what it promises, and whether it kept that.

CREATE TABLE calendars (
    id {{ID}},
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    -- ISO 3166-2, whose public holidays are kept; NULL: none
    region TEXT,
    -- holidays of parts of the region that are kept, too: codes separated by spaces
    local_days TEXT NOT NULL,
    -- JSON: seven lists of hours, from Monday
    week TEXT NOT NULL,
    -- what queues without one of their own go by; at most one
    house BOOLEAN NOT NULL
);

-- Days on which a calendar differs from its week.
CREATE TABLE calendar_days (
    id {{ID}},
    calendar_id BIGINT NOT NULL REFERENCES calendars (id),
    -- 2026-12-24
    date TEXT NOT NULL,
    -- every year from then on
    yearly BOOLEAN NOT NULL,
    name TEXT NOT NULL,
    -- "08:00-12:00"; empty: closed
    hours TEXT NOT NULL,
    UNIQUE (calendar_id, date)
);

CREATE TABLE queue_calendars (
    queue_id BIGINT PRIMARY KEY REFERENCES queues (id),
    calendar_id BIGINT NOT NULL REFERENCES calendars (id)
);
CREATE INDEX queue_calendars_calendar ON queue_calendars (calendar_id);

-- A customer's contract or group, by which deadlines are chosen.
CREATE TABLE service_groups (
    customer_id BIGINT PRIMARY KEY REFERENCES customers (id),
    name TEXT NOT NULL
);

CREATE TABLE deadline_policies (
    id {{ID}},
    name TEXT NOT NULL,
    -- the first that fits is taken
    place BIGINT NOT NULL,
    active BOOLEAN NOT NULL,
    -- JSON: when it fits
    conditions TEXT NOT NULL,
    -- NULL: that of the queue
    calendar_id BIGINT REFERENCES calendars (id),
    -- JSON: targets, warning, escalation
    goals TEXT NOT NULL
);

-- What the house says by itself about new mails and complaints.
CREATE TABLE acknowledgement_settings (
    queue_id BIGINT PRIMARY KEY REFERENCES queues (id),
    is_on BOOLEAN NOT NULL,
    text_de TEXT NOT NULL,
    text_en TEXT NOT NULL
);
-- At most one for each case.
CREATE TABLE acknowledgements (
    case_id BIGINT PRIMARY KEY REFERENCES cases (id),
    contact_id BIGINT NOT NULL REFERENCES contacts (id)
);
CREATE TABLE complaint_settings (
    id BIGINT PRIMARY KEY,
    -- where a customer can turn who does not accept the end
    instance_de TEXT NOT NULL,
    instance_en TEXT NOT NULL,
    -- without an answer for so long a complaint may be closed
    silent_days BIGINT NOT NULL
);
-- How a complaint ended.
CREATE TABLE complaint_ends (
    case_id BIGINT PRIMARY KEY REFERENCES cases (id),
    -- accepted, escalation, silent
    outcome TEXT NOT NULL,
    note TEXT NOT NULL,
    person_id BIGINT REFERENCES people (id),
    at BIGINT NOT NULL
);

-- Which clock due_at belongs to: first, next, solution, follow_up
ALTER TABLE cases ADD COLUMN due_clock TEXT;
-- from when on due_at counts as near
ALTER TABLE cases ADD COLUMN soon_at BIGINT;
-- when there is something to tell about a deadline
ALTER TABLE cases ADD COLUMN alarm_at BIGINT;
-- JSON: the course of all clocks; empty: none were kept yet
ALTER TABLE cases ADD COLUMN clocks TEXT NOT NULL DEFAULT '';
-- steps of the escalation that were taken
ALTER TABLE cases ADD COLUMN escalated BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN complaint BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX cases_alarm ON cases (alarm_at) WHERE alarm_at IS NOT NULL;
UPDATE cases SET due_clock = CASE WHEN answered_at IS NULL THEN 'first' ELSE 'next' END WHERE due_at IS NOT NULL;

-- How clocks ended, for figures by queue and channel. Nothing here says who worked.
CREATE TABLE deadline_results (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    clock TEXT NOT NULL,
    queue_id BIGINT NOT NULL REFERENCES queues (id),
    channel TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    kept BOOLEAN NOT NULL,
    UNIQUE (case_id, clock, from_at)
);
CREATE INDEX deadline_results_ended ON deadline_results (ended_at, queue_id);

-- Deadlines of open cases are computed again after a change of the settings.
CREATE TABLE deadline_runs (
    id {{ID}},
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    -- up to which case it came, and how many that were
    cursor BIGINT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL
);
