-- One insight, many cases, one answer; lists by mentions.

CREATE INDEX mentions_person ON mentions (person_id, case_id);

