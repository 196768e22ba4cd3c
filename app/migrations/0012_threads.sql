-- Threads: cases that follow each other, addresses that mail comes back from, what machines may not send.

-- A mail to a closed case opens it again for so many days; 0: never, NULL: always.
ALTER TABLE queues ADD COLUMN reopen_days BIGINT DEFAULT 30;

-- Its contacts are in that case now; it stays for its number.
ALTER TABLE cases ADD COLUMN moved_to BIGINT;
-- The case that it came to first.
ALTER TABLE contacts ADD COLUMN moved_from BIGINT;
-- Its sender says that no machine may answer (RFC 3834).
ALTER TABLE contacts ADD COLUMN unanswerable BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE case_links (
    case_id BIGINT NOT NULL REFERENCES cases (id),
    earlier_id BIGINT NOT NULL REFERENCES cases (id),
    -- 'follows'
    kind TEXT NOT NULL,
    why TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- JSON: how both stood when the contacts were moved, for taking that back
    stood TEXT,
    PRIMARY KEY (case_id, earlier_id)
);
CREATE INDEX case_links_earlier ON case_links (earlier_id, case_id);

-- Addresses that a mail of ours came back from, until somebody writes from there.
CREATE TABLE address_bounces (
    folded TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    -- RFC 3463, as in 5.1.1
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    permanent BOOLEAN NOT NULL
);
CREATE INDEX address_bounces_at ON address_bounces (at);

-- What machines of this house sent, to count it.
CREATE TABLE automatic_mails (
    contact_id BIGINT PRIMARY KEY,
    case_id BIGINT NOT NULL,
    folded TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX automatic_mails_address ON automatic_mails (folded, at);
CREATE INDEX automatic_mails_case ON automatic_mails (case_id, at);

-- Automatic mails that were kept from leaving.
CREATE TABLE suppressions (
    contact_id BIGINT PRIMARY KEY,
    case_id BIGINT NOT NULL,
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- a person sent it anyway
    released_at BIGINT
);
CREATE INDEX suppressions_at ON suppressions (at, contact_id);
