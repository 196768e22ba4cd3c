-- Tells what a letter was like when somebody approved it: what leaves is that, or it is held back. What was approved
-- before is looked at once more.
ALTER TABLE answer_run_cases ADD COLUMN looked TEXT;
