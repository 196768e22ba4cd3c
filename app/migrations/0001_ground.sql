-- Journal, work, people, settings. Times are microseconds since 1970 (UTC).

CREATE TABLE journal (
    id {{ID}},
    xid {{XID}},
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    person_id BIGINT,
    case_id BIGINT,
    customer_id BIGINT,
    insight_id BIGINT,
    cents BIGINT,
    fact TEXT NOT NULL
);
CREATE INDEX journal_order ON journal (xid, id);
CREATE INDEX journal_case ON journal (case_id, id) WHERE case_id IS NOT NULL;
CREATE INDEX journal_insight ON journal (insight_id, id) WHERE insight_id IS NOT NULL AND case_id IS NULL;

CREATE TABLE journal_cursors (name TEXT PRIMARY KEY, xid BIGINT NOT NULL, entry_id BIGINT NOT NULL);
CREATE TABLE journal_parked (
    id {{ID}},
    name TEXT NOT NULL,
    entry_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE jobs (
    id {{ID}},
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    last_error TEXT
);
CREATE INDEX jobs_due ON jobs (run_at) WHERE state = 'waiting';
CREATE INDEX jobs_dead ON jobs (id) WHERE state = 'dead';

-- One row per name: what the house set up in the pages, and secrets that Kitt made.
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE teams (id {{ID}}, name TEXT NOT NULL UNIQUE);
CREATE TABLE departments (id {{ID}}, name TEXT NOT NULL UNIQUE);

CREATE TABLE people (
    id {{ID}},
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL UNIQUE,
    -- argon2id in PHC form; NULL until the invitation is used
    password TEXT,
    language TEXT,
    team_id BIGINT REFERENCES teams (id),
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE people_roles (
    person_id BIGINT NOT NULL REFERENCES people (id),
    role TEXT NOT NULL,
    PRIMARY KEY (person_id, role)
);
CREATE TABLE people_departments (
    person_id BIGINT NOT NULL REFERENCES people (id),
    department_id BIGINT NOT NULL REFERENCES departments (id),
    PRIMARY KEY (person_id, department_id)
);

CREATE TABLE queues (
    id {{ID}},
    name TEXT NOT NULL UNIQUE,
    team_id BIGINT REFERENCES teams (id),
    -- where its mail arrives and its answers come from; NULL: the house's address
    address TEXT,
    address_folded TEXT UNIQUE,
    -- working minutes until the first and every next answer
    answer_minutes BIGINT NOT NULL
);

-- Tokens are kept as BLAKE3 hashes: a stolen database opens no session.
CREATE TABLE sessions (
    hash TEXT PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES people (id),
    device TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_person ON sessions (person_id);
CREATE TABLE invitations (
    hash TEXT PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES people (id),
    expires_at BIGINT NOT NULL
);
CREATE TABLE tokens (
    id {{ID}},
    hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT,
    revoked_at BIGINT
);
