-- Dry runs belong to who began them, a person or a program, and count what these may know of. Those of before counted
-- everything; they are looks of a few days, and go.
DELETE FROM rule_trial_cases;
DELETE FROM rule_trials;
ALTER TABLE rule_trials ADD COLUMN token_id BIGINT REFERENCES tokens (id);
-- how often the rule would have run so far, and on how many cases; rows of cases are kept for examples only
ALTER TABLE rule_trials ADD COLUMN matches BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rule_trials ADD COLUMN cases BIGINT NOT NULL DEFAULT 0;
CREATE INDEX rule_trials_token ON rule_trials (token_id, begun_at);

-- In the figures of its day: what private cases have in common with others is nobody's business.
ALTER TABLE rule_runs ADD COLUMN counted BOOLEAN NOT NULL DEFAULT TRUE;
