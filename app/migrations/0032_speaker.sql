-- Who said what a case's snippet shows: lists would have to look for it in the contacts of each case.

ALTER TABLE cases ADD COLUMN speaker TEXT;
UPDATE cases SET speaker = (
    SELECT CASE WHEN n.talk_id IS NULL THEN n.direction ELSE 'note' END
    FROM contacts n WHERE n.case_id = cases.id AND n.state <> 'withdrawn'
    ORDER BY n.at DESC, n.id DESC LIMIT 1
);
