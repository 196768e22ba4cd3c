-- How a fact came to be, if not by itself: something was taken back, or done to many cases at once.
ALTER TABLE journal ADD COLUMN way TEXT;

-- Few messages have not arrived, and few leave later: lists find their cases from these.
CREATE INDEX contacts_failed ON contacts (case_id) WHERE state = 'failed';
CREATE INDEX contacts_queued ON contacts (send_at, case_id) WHERE state = 'queued';
