-- Lists: without spam and trash, in every order, and saved views.

-- What lists walk through has no spam and no trash in it; behind the order stands what decides who may see a case.
DROP INDEX cases_list;
DROP INDEX cases_owner;
DROP INDEX cases_queue;
DROP INDEX cases_all;
DROP INDEX cases_all_owner;
DROP INDEX cases_all_queue;
DROP INDEX cases_created;
CREATE INDEX cases_list ON cases (status, sort_at, id, queue_id, owner_id, private) WHERE bin IS NULL;
CREATE INDEX cases_owner ON cases (owner_id, status, sort_at, id, queue_id, private) WHERE bin IS NULL;
CREATE INDEX cases_queue ON cases (queue_id, status, sort_at, id, owner_id, private) WHERE bin IS NULL;
CREATE INDEX cases_all ON cases (sort_at, id) WHERE bin IS NULL;
CREATE INDEX cases_all_owner ON cases (owner_id, sort_at, id) WHERE bin IS NULL;
CREATE INDEX cases_all_queue ON cases (queue_id, sort_at, id) WHERE bin IS NULL;
CREATE INDEX cases_created ON cases (created_at, id) WHERE bin IS NULL;
CREATE INDEX cases_updated ON cases (updated_at, id) WHERE bin IS NULL;
-- The same expression as in the lists' ORDER BY.
CREATE INDEX cases_priority ON cases
    ((CASE priority WHEN 'high' THEN 1 WHEN 'normal' THEN 2 WHEN 'low' THEN 3 ELSE 0 END), sort_at, id) WHERE bin IS NULL;
-- What is worked on is little of all there ever was.
CREATE INDEX cases_live_created ON cases (created_at, id) WHERE bin IS NULL AND status <> 'closed';
CREATE INDEX cases_live_updated ON cases (updated_at, id) WHERE bin IS NULL AND status <> 'closed';
CREATE INDEX cases_live_priority ON cases
    ((CASE priority WHEN 'high' THEN 1 WHEN 'normal' THEN 2 WHEN 'low' THEN 3 ELSE 0 END), sort_at, id)
    WHERE bin IS NULL AND status <> 'closed';
CREATE INDEX cases_binned ON cases (bin, updated_at, id) WHERE bin IS NOT NULL;
CREATE INDEX cases_private ON cases (id) WHERE private;
CREATE INDEX promises_case ON promises (case_id) WHERE kept IS NULL AND case_id IS NOT NULL;

CREATE TABLE views (
    id {{ID}},
    name TEXT NOT NULL,
    -- who made it, and may change it
    person_id BIGINT NOT NULL REFERENCES people (id),
    -- JSON, see cases::Filter
    filter TEXT NOT NULL,
    sort TEXT NOT NULL,
    -- codes separated by spaces
    columns TEXT NOT NULL,
    -- 'private', 'all', 'role' or 'team'
    shared TEXT NOT NULL,
    -- a role, for 'role'
    role TEXT,
    -- for 'team'
    team_id BIGINT REFERENCES teams (id),
    place BIGINT NOT NULL,
    -- taken away; can be brought back
    removed_at BIGINT
);
CREATE INDEX views_listed ON views (place, id) WHERE removed_at IS NULL;

-- The same done to many cases.
CREATE TABLE bulk_runs (
    id {{ID}},
    person_id BIGINT NOT NULL REFERENCES people (id),
    -- JSON: what is done
    change TEXT NOT NULL,
    -- 'waiting', 'done', 'undoing' or 'undone'
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    total BIGINT NOT NULL
);
CREATE INDEX bulk_runs_person ON bulk_runs (person_id, id);
CREATE TABLE bulk_cases (
    run_id BIGINT NOT NULL REFERENCES bulk_runs (id),
    case_id BIGINT NOT NULL REFERENCES cases (id),
    -- 'waiting', 'done', 'refused', 'back' or 'kept'
    state TEXT NOT NULL,
    -- why it was refused or kept: a word of the pages
    why TEXT,
    -- JSON: how it was, for taking it back
    stood TEXT,
    -- the case's version when it was done: what anybody did since stays
    version BIGINT,
    PRIMARY KEY (run_id, case_id)
);
CREATE INDEX bulk_cases_state ON bulk_cases (run_id, state, case_id);
