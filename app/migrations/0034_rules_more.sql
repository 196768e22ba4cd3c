-- Rules of teams, dry runs that take a while, what insights cost, and skills that come back.

-- Whose rule it is; it acts in the queues of that team only. NULL: the house's, everywhere.
ALTER TABLE rules ADD COLUMN team_id BIGINT REFERENCES teams (id);

-- A look at what a rule would have done in the last thirty days.
CREATE TABLE rule_trials (
    id {{ID}},
    -- whose it is; NULL: a program's
    person_id BIGINT REFERENCES people (id),
    -- the rule that would be changed
    rule_id BIGINT REFERENCES rules (id),
    -- JSON, see rules::Draft
    draft TEXT NOT NULL,
    -- 'running', 'done', 'stopped' or 'failed'
    state TEXT NOT NULL,
    -- entries of the journal below this one are still to be looked at
    before_id BIGINT NOT NULL,
    looked_at BIGINT NOT NULL,
    -- back to this moment it has looked, and until that one it will
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    begun_at BIGINT NOT NULL
);
CREATE INDEX rule_trials_person ON rule_trials (person_id, begun_at);
CREATE INDEX rule_trials_begun ON rule_trials (begun_at);

-- The cases that it has found: what the rule would have answered last, and how often in all.
CREATE TABLE rule_trial_cases (
    trial_id BIGINT NOT NULL REFERENCES rule_trials (id),
    case_id BIGINT NOT NULL REFERENCES cases (id),
    event TEXT NOT NULL,
    at BIGINT NOT NULL,
    times BIGINT NOT NULL,
    PRIMARY KEY (trial_id, case_id)
);
CREATE INDEX rule_trial_cases_newest ON rule_trial_cases (trial_id, at, case_id);

-- What the causes of each insight have cost in service so far, in cents of the house's book.
CREATE TABLE insight_costs (
    insight_id BIGINT PRIMARY KEY REFERENCES insights (id),
    cents BIGINT NOT NULL
);

-- Who has a skill and what needs it is kept while it is away.
ALTER TABLE assignment_skills ADD COLUMN removed_at BIGINT;
