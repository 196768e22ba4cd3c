-- The daily proof that nothing was lost.

-- What became of the mails of one day by one source, as far as this node took them.
CREATE TABLE proofs (
    id {{ID}},
    -- of the house's calendar: "2026-11-22"
    day TEXT NOT NULL,
    node TEXT NOT NULL,
    source TEXT NOT NULL,
    -- when it was made
    at BIGINT NOT NULL,
    receipts BIGINT NOT NULL,
    filed BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    own BIGINT NOT NULL,
    unprocessable BIGINT NOT NULL,
    waiting BIGINT NOT NULL,
    -- JSON list; empty: everything is there
    differences TEXT NOT NULL,
    UNIQUE (day, node, source)
);
