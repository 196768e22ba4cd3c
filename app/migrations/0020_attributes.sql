-- What a case is besides its messages: its kind, states of the house's own, tags, fields.

CREATE TABLE case_kinds (
    id {{ID}},
    name_de TEXT NOT NULL,
    name_en TEXT NOT NULL,
    icon TEXT NOT NULL,
    -- handled as ISO 10002 wants complaints to be handled
    complaint BOOLEAN NOT NULL,
    place BIGINT NOT NULL,
    active BOOLEAN NOT NULL
);
INSERT INTO case_kinds (name_de, name_en, icon, complaint, place, active) VALUES
    ('Frage', 'Question', 'question', FALSE, 1, TRUE),
    ('Beschwerde', 'Complaint', 'complaint', TRUE, 2, TRUE),
    ('Störung', 'Fault', 'flagq', FALSE, 3, TRUE),
    ('Bestellung', 'Order', 'cart', FALSE, 4, TRUE),
    ('Rückgabe', 'Return', 'box', FALSE, 5, TRUE),
    ('Wunsch', 'Wish', 'wish', FALSE, 6, TRUE),
    ('Lob', 'Praise', 'praise', FALSE, 7, TRUE);

-- States of the house's own; each means one of the three that deadlines and lists know.
CREATE TABLE own_states (
    id {{ID}},
    name_de TEXT NOT NULL,
    name_en TEXT NOT NULL,
    -- open, waiting, closed
    base TEXT NOT NULL,
    place BIGINT NOT NULL,
    active BOOLEAN NOT NULL
);

ALTER TABLE cases ADD COLUMN kind_id BIGINT REFERENCES case_kinds (id);
ALTER TABLE cases ADD COLUMN own_state_id BIGINT REFERENCES own_states (id);
CREATE INDEX cases_kind ON cases (kind_id, status, sort_at, id) WHERE kind_id IS NOT NULL;
CREATE INDEX cases_own_state ON cases (own_state_id, sort_at, id) WHERE own_state_id IS NOT NULL;

CREATE TABLE tags (
    id {{ID}},
    name TEXT NOT NULL,
    -- lower case without diacritics: one tag, however it is typed
    folded TEXT NOT NULL UNIQUE
);
CREATE TABLE case_tags (
    case_id BIGINT NOT NULL REFERENCES cases (id),
    tag_id BIGINT NOT NULL REFERENCES tags (id),
    PRIMARY KEY (case_id, tag_id)
);
CREATE INDEX case_tags_tag ON case_tags (tag_id, case_id);

-- What the house wants to know about its cases. A definition is one row, so that a case's page reads all with one
-- statement.
CREATE TABLE case_fields (
    id {{ID}},
    -- what programs call it
    key TEXT NOT NULL UNIQUE,
    name_de TEXT NOT NULL,
    name_en TEXT NOT NULL,
    help_de TEXT NOT NULL,
    help_en TEXT NOT NULL,
    field_type TEXT NOT NULL,
    -- before a case can be closed
    required BOOLEAN NOT NULL,
    -- what it says while nobody said anything
    standard TEXT,
    -- ids separated by spaces; empty: all
    queues TEXT NOT NULL,
    kinds TEXT NOT NULL,
    -- only where that field has this value, or any
    only_field_id BIGINT REFERENCES case_fields (id),
    only_value TEXT,
    -- JSON: what can be chosen
    choices TEXT NOT NULL,
    place BIGINT NOT NULL,
    archived BOOLEAN NOT NULL
);

CREATE TABLE case_values (
    case_id BIGINT NOT NULL REFERENCES cases (id),
    field_id BIGINT NOT NULL REFERENCES case_fields (id),
    -- as the API writes it; empty: said to be nothing, where the field has a standard
    value TEXT NOT NULL,
    -- its beginning in lower case without diacritics, for filters
    folded TEXT NOT NULL,
    -- of numbers and sums, to compare with
    number DOUBLE PRECISION,
    -- of dates: their beginning in UTC
    at BIGINT,
    PRIMARY KEY (case_id, field_id)
);
CREATE INDEX case_values_text ON case_values (field_id, folded, case_id);
CREATE INDEX case_values_number ON case_values (field_id, number, case_id) WHERE number IS NOT NULL;
CREATE INDEX case_values_at ON case_values (field_id, at, case_id) WHERE at IS NOT NULL;
