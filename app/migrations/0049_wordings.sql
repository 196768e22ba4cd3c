-- What a change of a case replaced and wrote: what stood in a field, how a task was called. Facts carry only the id, so
-- that words can be erased and the history stays.
CREATE TABLE case_wordings (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    -- NULL: nothing
    was TEXT,
    became TEXT
);
CREATE INDEX case_wordings_case ON case_wordings (case_id);
