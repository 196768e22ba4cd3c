-- Answers to POSTs that carried an Idempotency-Key, for 24 hours.
CREATE TABLE idempotency (
    actor TEXT NOT NULL,
    path TEXT NOT NULL,
    key TEXT NOT NULL,
    -- BLAKE3 of the request's body
    hash TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- NULL while the first request is under way
    status BIGINT,
    content_type TEXT,
    location TEXT,
    body {{BYTES}},
    PRIMARY KEY (actor, path, key)
);
CREATE INDEX idempotency_at ON idempotency (at);
