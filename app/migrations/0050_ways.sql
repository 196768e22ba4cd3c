-- How a fact came to be, if not by itself: something was taken back, or done to many cases at once.
ALTER TABLE journal ADD COLUMN way TEXT;
