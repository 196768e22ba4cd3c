-- When a promise was taken back, as it should not have been made; it stays in the history. NULL: it stands.
ALTER TABLE promises ADD COLUMN withdrawn_at BIGINT;
