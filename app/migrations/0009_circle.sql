-- What the circle from finding to told customer reads again and again.

CREATE INDEX findings_history ON findings (case_id, id);
CREATE INDEX findings_repeats_earlier ON findings_repeats (earlier_id);
CREATE INDEX findings_said ON findings (insight_id, customer_id, at, case_id) WHERE withdrawn_at IS NULL;
CREATE INDEX tellings_customers_contact ON tellings_customers (contact_id) WHERE contact_id IS NOT NULL;
