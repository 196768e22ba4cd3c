-- Single keys as each person wants them.

-- JSON; NULL: as the house has them
ALTER TABLE people ADD COLUMN keys TEXT;
