-- Channels: what arrived, byte by byte, and what leaves.

-- One row per mail that was acknowledged. It is committed before the sender hears "250".
CREATE TABLE received (
    id {{ID}},
    at BIGINT NOT NULL,
    route TEXT NOT NULL,
    -- NULL: no envelope (API, import); empty: the null sender of bounces
    envelope_from TEXT,
    -- JSON list of addresses
    envelope_to TEXT NOT NULL,
    peer TEXT,
    -- BLAKE3 of the raw bytes, hexadecimal
    hash TEXT NOT NULL,
    size BIGINT NOT NULL,
    -- the blob that holds the raw bytes; NULL: received_raw does
    blob TEXT,
    state TEXT NOT NULL,
    -- how often reading it was begun (alone at first: counted twice), and how often that ended in order
    -- without success; equal: nobody died of it, and nobody has it in hand
    attempts BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    -- not to be touched before: taken by a worker, or put off after a failure
    next_at BIGINT NOT NULL,
    -- the node that has it in hand
    node TEXT,
    reason TEXT,
    case_id BIGINT,
    contact_id BIGINT
);
CREATE INDEX received_backlog ON received (id) WHERE state = 'received';
CREATE INDEX received_unprocessable ON received (id) WHERE state = 'unprocessable';
CREATE INDEX received_hash ON received (hash);

-- Raw mails up to 256 kB, compressed (lz4). Apart, so that a change of state does not rewrite the bytes.
CREATE TABLE received_raw (
    received_id BIGINT PRIMARY KEY REFERENCES received (id),
    raw {{BYTES}} NOT NULL
);

-- Message ids of a case, of both directions, by which answers find it.
CREATE TABLE messages (
    id {{ID}},
    message_id TEXT NOT NULL,
    queue_id BIGINT NOT NULL,
    case_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    -- of the raw bytes: the same id with the same bytes in the same queue is one delivery
    hash TEXT NOT NULL,
    -- written by a person: what an answer answers
    automatic BOOLEAN NOT NULL,
    UNIQUE (message_id, queue_id, hash)
);
CREATE INDEX messages_case ON messages (case_id, id);

-- Written contacts on their way out.
CREATE TABLE outgoing (
    contact_id BIGINT PRIMARY KEY,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    -- how often the process died while the message was being handed over
    interruptions BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    reason TEXT,
    -- as composed, compressed (lz4); every attempt sends these bytes. Large ones are in a blob
    raw {{BYTES}},
    blob TEXT,
    message_id TEXT,
    sender TEXT,
    recipient TEXT,
    subject TEXT,
    ended_at BIGINT
);
CREATE INDEX outgoing_ended ON outgoing (ended_at, contact_id) WHERE ended_at IS NOT NULL;
