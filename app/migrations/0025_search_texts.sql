-- The texts of files, so that they can be searched.

-- By content: a file that is sent ten times is read once.
CREATE TABLE attachment_texts (blob TEXT PRIMARY KEY, text TEXT NOT NULL);

-- NULL: to be read; 'reading', 'read', 'none': nothing to be read in it, 'failed'
ALTER TABLE attachments ADD COLUMN text_state TEXT;
-- since when it is being read, or when that ended
ALTER TABLE attachments ADD COLUMN text_at BIGINT;
-- why it failed: 'too-large', 'locked', 'slow', 'interrupted' or 'broken'
ALTER TABLE attachments ADD COLUMN text_problem TEXT;
CREATE INDEX attachments_unread ON attachments (id) WHERE text_state IS NULL;
CREATE INDEX attachments_reading ON attachments (text_at) WHERE text_state = 'reading';
CREATE INDEX attachments_unreadable ON attachments (id) WHERE text_state = 'failed';
