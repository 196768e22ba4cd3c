-- Assignment: who is there, who can do what, and who gets which case.

-- 'there', 'busy' or 'away'. Only how it is now: nobody's days are kept.
ALTER TABLE people ADD COLUMN attendance TEXT NOT NULL DEFAULT 'there';

CREATE TABLE assignment_house (
    id BIGINT PRIMARY KEY,
    -- open cases that somebody has at the same time, unless their profile says otherwise
    capacity BIGINT NOT NULL
);
INSERT INTO assignment_house (id, capacity) VALUES (1, 25);

-- How a queue's cases find somebody; without a row by hand.
CREATE TABLE assignment_rules (
    queue_id BIGINT PRIMARY KEY REFERENCES queues (id),
    -- 'hand', 'load' or 'turn'
    mode TEXT NOT NULL,
    -- the customer's personal contact person comes first
    keeper BOOLEAN NOT NULL,
    -- 'replacement', 'wait' or 'team': when that person cannot take it
    keeper_away TEXT NOT NULL,
    -- for 'wait'
    wait_hours BIGINT NOT NULL,
    -- whoever gets it must speak the customer's language
    speaks BOOLEAN NOT NULL,
    -- 'leave', 'replacement' or 'queue': cases of somebody who goes away
    absent TEXT NOT NULL,
    -- when a job was asked for that hands out, until it begins; 0: there is none
    asked_at BIGINT NOT NULL
);
CREATE TABLE assignment_skills (id {{ID}}, name TEXT NOT NULL UNIQUE);
CREATE TABLE assignment_queue_skills (
    queue_id BIGINT NOT NULL REFERENCES queues (id),
    skill_id BIGINT NOT NULL REFERENCES assignment_skills (id),
    PRIMARY KEY (queue_id, skill_id)
);
CREATE TABLE assignment_kind_skills (
    kind_id BIGINT NOT NULL REFERENCES case_kinds (id),
    skill_id BIGINT NOT NULL REFERENCES assignment_skills (id),
    PRIMARY KEY (kind_id, skill_id)
);

CREATE TABLE assignment_profiles (
    person_id BIGINT PRIMARY KEY REFERENCES people (id),
    -- NULL: as the house has it
    capacity BIGINT,
    -- codes separated by spaces
    languages TEXT NOT NULL
);
CREATE TABLE assignment_person_skills (
    person_id BIGINT NOT NULL REFERENCES people (id),
    skill_id BIGINT NOT NULL REFERENCES assignment_skills (id),
    PRIMARY KEY (person_id, skill_id)
);

-- Absences now and ahead; gone when they are over.
CREATE TABLE assignment_absences (
    id {{ID}},
    person_id BIGINT NOT NULL REFERENCES people (id),
    from_at BIGINT NOT NULL,
    -- NULL: until somebody says otherwise
    until_at BIGINT,
    replacement_id BIGINT REFERENCES people (id),
    -- who entered it, if it was somebody else
    set_by BIGINT REFERENCES people (id),
    begun BOOLEAN NOT NULL,
    -- runs that gave their cases away, separated by spaces
    runs TEXT NOT NULL DEFAULT ''
);
CREATE INDEX assignment_absences_person ON assignment_absences (person_id, from_at);
CREATE INDEX assignment_absences_ahead ON assignment_absences (from_at) WHERE NOT begun;
CREATE INDEX assignment_absences_end ON assignment_absences (until_at) WHERE begun;

-- When somebody was given something of a queue last, as a number that grows.
CREATE TABLE assignment_turns (
    queue_id BIGINT NOT NULL REFERENCES queues (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    turn BIGINT NOT NULL,
    PRIMARY KEY (queue_id, person_id)
);

-- Cases that somebody is looked for.
CREATE TABLE assignment_waiting (
    case_id BIGINT PRIMARY KEY REFERENCES cases (id),
    queue_id BIGINT NOT NULL REFERENCES queues (id),
    -- 'opened', 'moved', 'reopened', 'back' or 'absence'
    cause TEXT NOT NULL,
    since BIGINT NOT NULL,
    -- when the keeper is no longer waited for; 0: that was some time ago
    keeper_until BIGINT,
    -- JSON: why nobody has it yet; NULL: nobody was looked for so far
    why TEXT,
    -- nobody at work can do it
    lacking BOOLEAN NOT NULL
);
CREATE INDEX assignment_waiting_queue ON assignment_waiting (queue_id, since);
CREATE INDEX assignment_waiting_keeper ON assignment_waiting (keeper_until) WHERE keeper_until > 0;
CREATE INDEX assignment_waiting_lacking ON assignment_waiting (queue_id) WHERE lacking;

-- Who was chosen for a case, and why.
CREATE TABLE assignment_steps (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    queue_id BIGINT NOT NULL REFERENCES queues (id),
    -- NULL: nobody
    person_id BIGINT REFERENCES people (id),
    at BIGINT NOT NULL,
    -- JSON
    why TEXT NOT NULL
);
CREATE INDEX assignment_steps_case ON assignment_steps (case_id, id);
CREATE INDEX assignment_steps_at ON assignment_steps (at);

-- Who gave a case back, so that they do not get it again.
CREATE TABLE assignment_refusals (
    case_id BIGINT NOT NULL REFERENCES cases (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (case_id, person_id)
);
