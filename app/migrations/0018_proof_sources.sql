-- The daily proof reaches the mailboxes, has runs that can be watched, and differences that a person settles.

-- how the source is called: the mailbox and its folder; empty: known by its code
ALTER TABLE proofs ADD COLUMN label TEXT NOT NULL DEFAULT '';
-- left on the server on purpose
ALTER TABLE proofs ADD COLUMN refused BIGINT NOT NULL DEFAULT 0;
-- why the source could not be looked at, as a code, and since when that is so; NULL: it was
ALTER TABLE proofs ADD COLUMN unproven TEXT;
ALTER TABLE proofs ADD COLUMN unproven_at BIGINT;
CREATE INDEX proofs_source ON proofs (source, at);

-- Differences that somebody knows about and needs no alarm for any more.
CREATE TABLE proof_settlements (
    id {{ID}},
    source TEXT NOT NULL,
    -- what tells a difference from the others of its source, whenever it is found
    difference TEXT NOT NULL,
    at BIGINT NOT NULL,
    person TEXT NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE (source, difference)
);

-- A proof that is made because somebody asked.
CREATE TABLE proof_runs (
    id {{ID}},
    started_at BIGINT NOT NULL,
    -- it gave a sign of life; one that is silent for long has died
    touched_at BIGINT NOT NULL,
    ended_at BIGINT,
    -- mails looked at so far, and what is looked at now
    done BIGINT NOT NULL,
    source TEXT NOT NULL
);
CREATE INDEX proof_runs_open ON proof_runs (id) WHERE ended_at IS NULL;
