-- Lists over all states, and closed cases that begin with the newest.

CREATE INDEX cases_all ON cases (sort_at, id);
CREATE INDEX cases_all_owner ON cases (owner_id, sort_at, id);
CREATE INDEX cases_all_queue ON cases (queue_id, sort_at, id);
-- Without a deadline: after all that have one. Closed: after those, the newest first.
UPDATE cases SET sort_at = 4611686018427387903 WHERE sort_at = 9223372036854775807;
UPDATE cases SET sort_at = 9223372036854775807 - closed_at WHERE status = 'closed' AND closed_at IS NOT NULL;

-- A message to the customer that is no part of the case's work: taking it back leaves the case as it is.
ALTER TABLE contacts ADD COLUMN aside BOOLEAN NOT NULL DEFAULT FALSE;
