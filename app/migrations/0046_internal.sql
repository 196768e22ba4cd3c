-- Of a case's contacts, how many the customer is no part of: notes and side conversations.
ALTER TABLE cases ADD COLUMN internal BIGINT NOT NULL DEFAULT 0;
UPDATE cases SET internal = (
    SELECT COUNT(*) FROM contacts k
    WHERE k.case_id = cases.id AND k.state <> 'withdrawn' AND (k.direction = 'note' OR k.talk_id IS NOT NULL))
WHERE id IN (
    SELECT k.case_id FROM contacts k WHERE k.state <> 'withdrawn' AND (k.direction = 'note' OR k.talk_id IS NOT NULL));
