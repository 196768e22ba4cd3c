-- What was done can be taken back, and cases know who belongs to them.

-- How to take back what a person did, while it can be.
CREATE TABLE undos (
    id {{ID}},
    person_id BIGINT NOT NULL REFERENCES people (id),
    -- NULL for what concerns many cases
    case_id BIGINT REFERENCES cases (id),
    -- what was done, as a word of the pages
    word TEXT NOT NULL,
    -- JSON: how it was before, and after
    inverse TEXT NOT NULL,
    at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX undos_person ON undos (person_id, id);
CREATE INDEX undos_at ON undos (at);

-- Beside the one who is responsible.
CREATE TABLE case_people (
    case_id BIGINT NOT NULL REFERENCES cases (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    -- 'deputy': responsible, too; 'follower': wants to know
    part TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (case_id, person_id, part)
);
CREATE INDEX case_people_person ON case_people (person_id, part, case_id);

-- Only for those who are named on it.
ALTER TABLE cases ADD COLUMN private BOOLEAN NOT NULL DEFAULT FALSE;
-- NULL, 'spam' or 'trash'
ALTER TABLE cases ADD COLUMN bin TEXT;
-- Only for the members of its team.
ALTER TABLE queues ADD COLUMN restricted BOOLEAN NOT NULL DEFAULT FALSE;
