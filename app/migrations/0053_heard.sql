-- Whoever called or came by was spoken with by somebody of the house, who wrote it down: that was the answer.
ALTER TABLE contacts ADD COLUMN heard BOOLEAN NOT NULL DEFAULT FALSE;
-- Whether somebody still has to read of a proposed change is asked with each change of it: not of the notices of everybody.
CREATE INDEX person_notices_beside ON person_notices (person_id, detail_id)
    WHERE case_id IS NULL AND insight_id IS NULL AND detail_id IS NOT NULL;
