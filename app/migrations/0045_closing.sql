-- After closing a case, who wants that goes on with the next one of the list.
ALTER TABLE people ADD COLUMN goes_on BOOLEAN NOT NULL DEFAULT FALSE;
