-- Rules: what happens by itself, and what people do with one key.

CREATE TABLE rules (
    id {{ID}},
    -- 'trigger', 'time', 'mail' or 'macro'
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    place BIGINT NOT NULL,
    active BOOLEAN NOT NULL,
    -- what happened before is no concern of it
    active_since BIGINT NOT NULL,
    version BIGINT NOT NULL,
    -- JSON, see rules::Definition
    definition TEXT NOT NULL,
    -- failures in a row
    failures BIGINT NOT NULL DEFAULT 0,
    -- it was switched off by itself
    halted_at BIGINT,
    last_at BIGINT,
    removed_at BIGINT
);
CREATE INDEX rules_listed ON rules (kind, place, id) WHERE removed_at IS NULL;

-- What a rule was, each time it was saved.
CREATE TABLE rule_versions (
    rule_id BIGINT NOT NULL REFERENCES rules (id),
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    person_id BIGINT REFERENCES people (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (rule_id, version)
);

-- What a rule did with a case, and why.
CREATE TABLE rule_runs (
    id {{ID}},
    rule_id BIGINT NOT NULL REFERENCES rules (id),
    version BIGINT NOT NULL,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    -- what it answers; none for time, mail and macros
    entry_id BIGINT,
    -- the code of what happened; empty for time, mail and macros
    event TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- who ran the macro
    person_id BIGINT REFERENCES people (id),
    -- 'changed', 'same', 'failed', 'paused' or 'deep'
    outcome TEXT NOT NULL,
    -- JSON: numbers of the actions that changed something
    did TEXT NOT NULL,
    -- why it failed
    reason TEXT NOT NULL,
    -- rules whose doing led to this one, itself at the end, separated by spaces
    chain TEXT NOT NULL
);
CREATE UNIQUE INDEX rule_runs_once ON rule_runs (rule_id, entry_id) WHERE entry_id IS NOT NULL;
CREATE INDEX rule_runs_rule ON rule_runs (rule_id, id);
CREATE INDEX rule_runs_case ON rule_runs (case_id, id);
CREATE INDEX rule_runs_at ON rule_runs (at);

-- Cases that a time rule has found and that still are as it says.
CREATE TABLE rule_matches (
    rule_id BIGINT NOT NULL REFERENCES rules (id),
    case_id BIGINT NOT NULL REFERENCES cases (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (rule_id, case_id)
);

-- How often a rule ran on a day of the house.
CREATE TABLE rule_days (
    rule_id BIGINT NOT NULL REFERENCES rules (id),
    -- 2026-11-16
    day TEXT NOT NULL,
    changed BIGINT NOT NULL,
    same BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    PRIMARY KEY (rule_id, day)
);

-- Where the house tells other programs of cases.
CREATE TABLE webhooks (
    id {{ID}},
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    -- sealed; signs what is sent
    secret {{BYTES}} NOT NULL,
    -- it may be inside the house's own network
    private BOOLEAN NOT NULL,
    last_at BIGINT,
    -- what the other side said last; empty: all is well
    trouble TEXT NOT NULL,
    -- failures in a row
    failures BIGINT NOT NULL DEFAULT 0,
    removed_at BIGINT
);

-- A fact can be a rule's doing: the id of its run.
ALTER TABLE journal ADD COLUMN cause BIGINT;
