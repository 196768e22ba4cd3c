-- Attachments of everyday size: a row costs less than the waits of a file.
CREATE TABLE small_blobs (
    -- BLAKE3, hexadecimal
    hash TEXT PRIMARY KEY,
    bytes {{BYTES}} NOT NULL
);
