-- Mail accounts elsewhere that Kitt fetches from.

CREATE TABLE mailboxes (
    id {{ID}},
    name TEXT NOT NULL,
    -- gets what is for no other address of the house
    queue_id BIGINT NOT NULL REFERENCES queues (id),
    -- how to log in: password, microsoft, google, oauth
    provider TEXT NOT NULL,
    host TEXT NOT NULL,
    port BIGINT NOT NULL,
    -- tls, starttls, none
    security TEXT NOT NULL,
    login TEXT NOT NULL,
    -- JSON: client, tenant, endpoints, scopes; no secrets
    oauth TEXT NOT NULL,
    -- encrypted, never shown: the password, or the client's secret
    secret {{BYTES}},
    -- encrypted, never shown: what new access tokens are asked for with; NULL until connected
    refresh {{BYTES}},
    -- what happens on the server to mails that were kept: keep, move, delete
    afterwards TEXT NOT NULL,
    move_to TEXT NOT NULL,
    -- what the first contact brings in: all, new
    since TEXT NOT NULL,
    -- bytes; larger mails stay on the server
    largest BIGINT NOT NULL,
    paused BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    -- counts what makes its fetching start anew: changes, "try now"
    version BIGINT NOT NULL
);

-- How a mailbox fares, and which node serves it. Apart, since it changes all the time.
CREATE TABLE mailbox_states (
    mailbox_id BIGINT PRIMARY KEY REFERENCES mailboxes (id),
    -- connecting, fetching, waiting, trouble
    state TEXT NOT NULL,
    state_at BIGINT NOT NULL,
    -- of the mails to fetch now: how many there are, how many are kept
    total BIGINT NOT NULL,
    done BIGINT NOT NULL,
    -- what is wrong, as a code, in the server's words, and since when; NULL while all is well
    trouble TEXT,
    said TEXT,
    trouble_at BIGINT,
    next_at BIGINT,
    last_mail_at BIGINT,
    -- mails that are in Kitt because of it, ever
    kept BIGINT NOT NULL,
    node TEXT,
    lease_until BIGINT NOT NULL
);

-- Where reading a folder is: everything up to last_uid under this uidvalidity is accounted for.
CREATE TABLE mailbox_folders (
    id {{ID}},
    mailbox_id BIGINT NOT NULL REFERENCES mailboxes (id),
    name TEXT NOT NULL,
    position BIGINT NOT NULL,
    -- one that is not fetched any more keeps its place
    active BOOLEAN NOT NULL,
    -- NULL until the first contact
    uidvalidity BIGINT,
    last_uid BIGINT NOT NULL,
    -- up to here mails were there before Kitt came and were not wanted
    first_uid BIGINT NOT NULL,
    UNIQUE (mailbox_id, name)
);

-- One row per mail of the server, whatever became of it.
CREATE TABLE mailbox_mails (
    id {{ID}},
    mailbox_id BIGINT NOT NULL REFERENCES mailboxes (id),
    folder_id BIGINT NOT NULL REFERENCES mailbox_folders (id),
    uidvalidity BIGINT NOT NULL,
    uid BIGINT NOT NULL,
    at BIGINT NOT NULL,
    -- kept, too_large, unreadable, gone, before
    outcome TEXT NOT NULL,
    received_id BIGINT,
    -- BLAKE3 of the raw bytes, hexadecimal
    hash TEXT,
    message_id TEXT,
    size BIGINT NOT NULL,
    sender TEXT,
    subject TEXT,
    -- still to be moved or deleted on the server
    pending BOOLEAN NOT NULL,
    UNIQUE (folder_id, uidvalidity, uid)
);
CREATE INDEX mailbox_mails_time ON mailbox_mails (mailbox_id, at, id);
CREATE INDEX mailbox_mails_pending ON mailbox_mails (folder_id, uidvalidity, uid) WHERE pending;
CREATE INDEX mailbox_mails_message ON mailbox_mails (mailbox_id, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX mailbox_mails_left ON mailbox_mails (mailbox_id, id) WHERE outcome IN ('too_large', 'unreadable');

-- The queue of the mailbox that a mail was fetched from.
ALTER TABLE received ADD COLUMN queue_id BIGINT;

-- Automatic answers that belong to no case, such as that a mail was too large.
CREATE TABLE notices (
    id {{ID}},
    at BIGINT NOT NULL,
    recipient TEXT NOT NULL,
    recipient_folded TEXT NOT NULL,
    sender TEXT NOT NULL,
    message_id TEXT NOT NULL,
    -- as composed, compressed (lz4)
    raw {{BYTES}} NOT NULL,
    attempts BIGINT NOT NULL,
    -- waiting, sent, failed
    state TEXT NOT NULL,
    reason TEXT
);
CREATE INDEX notices_recipient ON notices (recipient_folded, at);
