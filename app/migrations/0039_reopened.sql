-- When a case that had been closed on an earlier day was opened again, or closed anew: it was not left at the end of the
-- day before. NULL: never, or it is closed since an earlier day once more.
ALTER TABLE cases ADD COLUMN reopened_at BIGINT;
CREATE INDEX cases_reopened ON cases (reopened_at) WHERE reopened_at IS NOT NULL;
