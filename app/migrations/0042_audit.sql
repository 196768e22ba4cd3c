-- The audit log: what was changed about the house, without the facts of each mail. Looked back at as a whole and by time,
-- and by who did it. The condition is the statement's own, so that both databases see that the index holds it.
DROP INDEX journal_house;
CREATE INDEX journal_told ON journal (id, at)
    WHERE case_id IS NULL AND customer_id IS NULL AND insight_id IS NULL
    AND fact NOT LIKE '{"fact":"mail!_%' ESCAPE '!';
CREATE INDEX journal_told_by ON journal (person_id, id)
    WHERE person_id IS NOT NULL AND case_id IS NULL AND customer_id IS NULL AND insight_id IS NULL
    AND fact NOT LIKE '{"fact":"mail!_%' ESCAPE '!';
