-- Of a case's contacts, how many the customer is no part of: notes and side conversations. Each is counted where it is found
-- without reading what long mails say: that would be most of a large house.
ALTER TABLE cases ADD COLUMN internal BIGINT NOT NULL DEFAULT 0;
UPDATE cases SET internal = (
    SELECT COUNT(*) FROM contacts k
    WHERE k.case_id = cases.id AND k.direction = 'note' AND k.state <> 'withdrawn') + (
    SELECT COUNT(*) FROM contacts t
    WHERE t.case_id = cases.id AND t.talk_id IS NOT NULL AND t.direction <> 'note' AND t.state <> 'withdrawn')
WHERE id IN (
    SELECT k.case_id FROM contacts k WHERE k.direction = 'note'
    UNION SELECT t.case_id FROM contacts t WHERE t.talk_id IS NOT NULL);
