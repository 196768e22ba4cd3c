-- What goes along when cases are merged, and goes back when they part: the case that it was made in.
ALTER TABLE case_talks ADD COLUMN moved_from BIGINT;
ALTER TABLE case_drafts ADD COLUMN moved_from BIGINT;
ALTER TABLE case_uploads ADD COLUMN moved_from BIGINT;
ALTER TABLE mentions ADD COLUMN moved_from BIGINT;
CREATE INDEX case_uploads_case ON case_uploads (case_id);

-- Counts changes of what nodes keep in memory: people, queues, settings. One row.
CREATE TABLE kept_version (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL
);
INSERT INTO kept_version (id, version) VALUES (1, 1);
