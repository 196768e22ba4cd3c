-- Sending: pace, states that people understand, signatures, keys.

-- Why a contact has not arrived, as a code; `reason` has the words of the other side.
ALTER TABLE contacts ADD COLUMN problem TEXT;
-- The next attempt, while one is to come.
ALTER TABLE contacts ADD COLUMN next_at BIGINT;

-- The recipient's domain, lower case; empty for mails from before.
ALTER TABLE outgoing ADD COLUMN domain TEXT NOT NULL DEFAULT '';
-- Written to many: it waits for what a person wrote to one.
ALTER TABLE outgoing ADD COLUMN bulk BOOLEAN NOT NULL DEFAULT FALSE;
-- The first attempt; four days later the last one.
ALTER TABLE outgoing ADD COLUMN first_at BIGINT;
-- When it was to leave, before anything came in its way.
ALTER TABLE outgoing ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;
UPDATE outgoing SET due_at = next_at;
-- Its time was given out by the pace of its domain.
ALTER TABLE outgoing ADD COLUMN paced BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX outgoing_due ON outgoing (bulk, next_at) WHERE state IN ('waiting', 'handing');
CREATE INDEX outgoing_backlog ON outgoing (due_at) WHERE state IN ('waiting', 'handing');
CREATE INDEX outgoing_handing ON outgoing (domain, next_at) WHERE state = 'handing';

-- How fast mail goes to a domain; '*' is our own mail server.
CREATE TABLE outgoing_domains (
    domain TEXT PRIMARY KEY,
    -- up to when the pace of people's mails is given out, and that of mails to many
    person_at BIGINT NOT NULL,
    bulk_at BIGINT NOT NULL,
    -- after it put mails off: nothing before
    slow_until BIGINT NOT NULL,
    -- how often it did so in a row, and why at last, as contacts have it
    deferrals BIGINT NOT NULL,
    problem TEXT,
    said TEXT
);

-- Who a queue writes as.
CREATE TABLE queue_mail (
    queue_id BIGINT PRIMARY KEY REFERENCES queues (id),
    -- empty: the name of the house
    sender_name TEXT NOT NULL,
    signature_de TEXT NOT NULL,
    signature_en TEXT NOT NULL
);

-- Keys that sign mails of a domain (DKIM).
CREATE TABLE dkim_keys (
    id {{ID}},
    domain TEXT NOT NULL,
    selector TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    -- encrypted with a key made of the house's secret
    private {{BYTES}} NOT NULL,
    -- base64, as the DNS record shows it
    public TEXT NOT NULL,
    signs BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    -- when the DNS was asked last, and what it said: a code
    checked_at BIGINT,
    found TEXT,
    UNIQUE (domain, selector)
);
