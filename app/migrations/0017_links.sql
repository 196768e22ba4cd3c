-- Sending, continued: large files as links, mail that somebody does not want, what a house wants of sending.

-- Addresses of the house that are no queue's, such as those of its mailboxes.
CREATE TABLE own_addresses (
    -- whose it is, as in "mailbox:4"
    source TEXT PRIMARY KEY,
    folded TEXT NOT NULL
);
INSERT INTO own_addresses (source, folded)
    SELECT 'mailbox:' || CAST(id AS TEXT), LOWER(login) FROM mailboxes WHERE login LIKE '%_@_%';

-- Not lost: on its way for long.
ALTER TABLE address_bounces ADD COLUMN delayed BOOLEAN NOT NULL DEFAULT FALSE;

CREATE INDEX automatic_mails_at ON automatic_mails (at);

-- What was written to this customer and did not leave, in case a person sends it all the same.
ALTER TABLE tellings_customers ADD COLUMN held BIGINT;
CREATE INDEX tellings_customers_held ON tellings_customers (held) WHERE held IS NOT NULL;

-- What a message is for: service is about somebody's own case, anything else may be declined.
ALTER TABLE contacts ADD COLUMN purpose TEXT NOT NULL DEFAULT 'service';

-- What customers said that they do not want.
CREATE TABLE objections (
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    purpose TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- by the page of a mail, by its button, by mail, to a person
    way TEXT NOT NULL,
    PRIMARY KEY (customer_id, purpose)
);

-- What the house wants of sending; one row, with the id 1.
CREATE TABLE sending_rules (
    id BIGINT PRIMARY KEY,
    person_per_minute BIGINT NOT NULL,
    bulk_per_minute BIGINT NOT NULL,
    together BIGINT NOT NULL,
    -- of a message as it travels, in MB
    largest_mb BIGINT NOT NULL,
    link_days BIGINT NOT NULL
);
INSERT INTO sending_rules (id, person_per_minute, bulk_per_minute, together, largest_mb, link_days)
    VALUES (1, 120, 60, 2, 15, 30);

-- Files of messages that went as links.
CREATE TABLE file_links (
    -- of the attachment
    attachment_id BIGINT PRIMARY KEY,
    contact_id BIGINT NOT NULL,
    -- random; the address has it with a signature
    key TEXT NOT NULL UNIQUE,
    until BIGINT NOT NULL,
    withdrawn_at BIGINT,
    downloads BIGINT NOT NULL
);
CREATE INDEX file_links_contact ON file_links (contact_id);
