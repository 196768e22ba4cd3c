-- Who sent a mail, as far as it can be known.

-- JSON: what SPF, DKIM, DMARC and ARC said when it arrived; NULL: nothing was looked at
ALTER TABLE received ADD COLUMN authentication TEXT;

-- What that amounts to.
ALTER TABLE contacts ADD COLUMN sender_proof TEXT NOT NULL DEFAULT 'unchecked';

-- A contact of it says to come from somebody whom its domain disowns.
ALTER TABLE cases ADD COLUMN suspicious BOOLEAN NOT NULL DEFAULT FALSE;
