-- Nothing is cut unnoticed, and customers are told in words meant for them.

-- The texts of a contact are cut; the message it came in is whole.
ALTER TABLE contacts ADD COLUMN shortened BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE contacts SET shortened = TRUE WHERE received_id IS NOT NULL AND length(text) >= 199990;

-- What the telling is about, as customers read it; the insight's title is for the house.
ALTER TABLE tellings ADD COLUMN what_de TEXT NOT NULL DEFAULT '';
ALTER TABLE tellings ADD COLUMN what_en TEXT NOT NULL DEFAULT '';
UPDATE tellings SET what_de = (SELECT title FROM insights WHERE insights.id = tellings.insight_id),
                    what_en = (SELECT title FROM insights WHERE insights.id = tellings.insight_id)
WHERE state <> 'prepared';

-- A phone number is the same with 00 and with +, and with the 0 of a national number in front or without.
UPDATE contact_points SET folded = '+' || substr(folded, 3)
WHERE kind = 'phone' AND folded LIKE '00%' AND NOT EXISTS (
    SELECT 1 FROM contact_points o WHERE o.kind = 'phone' AND o.folded = '+' || substr(contact_points.folded, 3));
UPDATE contact_points SET folded = substr(folded, 1, 3) || substr(folded, 5)
WHERE kind = 'phone' AND (folded LIKE '+430%' OR folded LIKE '+490%' OR folded LIKE '+410%' OR folded LIKE '+440%')
  AND NOT EXISTS (
    SELECT 1 FROM contact_points o
    WHERE o.kind = 'phone' AND o.folded = substr(contact_points.folded, 1, 3) || substr(contact_points.folded, 5));
