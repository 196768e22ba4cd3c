-- One insight, many cases, one answer; lists by mentions.

CREATE INDEX mentions_person ON mentions (person_id, case_id);

-- An answer to the open cases of an insight, written once per language.
CREATE TABLE answer_runs (
    id {{ID}},
    insight_id BIGINT NOT NULL REFERENCES insights (id),
    -- draft, sending, cancelling, done, cancelled
    state TEXT NOT NULL,
    -- plain text with placeholders; empty: none in this language
    text_de TEXT NOT NULL,
    text_en TEXT NOT NULL,
    -- wait, open, close
    afterwards TEXT NOT NULL,
    person_id BIGINT NOT NULL REFERENCES people (id),
    at BIGINT NOT NULL,
    -- in whose name it goes out
    sent_by BIGINT REFERENCES people (id),
    sent_at BIGINT,
    ended_at BIGINT,
    version BIGINT NOT NULL
);
CREATE INDEX answer_runs_insight ON answer_runs (insight_id, id);
CREATE TABLE answer_run_files (
    id {{ID}},
    run_id BIGINT NOT NULL REFERENCES answer_runs (id),
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    blob TEXT NOT NULL
);
CREATE INDEX answer_run_files_run ON answer_run_files (run_id);
CREATE TABLE answer_run_cases (
    run_id BIGINT NOT NULL REFERENCES answer_runs (id),
    case_id BIGINT NOT NULL REFERENCES cases (id),
    -- open, approved, skipped, sent, held, withdrawn, left
    state TEXT NOT NULL,
    -- why it was held back: a word of the pages
    why TEXT,
    -- written for this case alone; NULL: the run's text
    text TEXT,
    -- the newest contact that who approved it had before them
    seen_id BIGINT,
    person_id BIGINT REFERENCES people (id),
    contact_id BIGINT REFERENCES contacts (id),
    PRIMARY KEY (run_id, case_id)
);
CREATE INDEX answer_run_cases_state ON answer_run_cases (run_id, state, case_id);
CREATE INDEX answer_run_cases_contact ON answer_run_cases (contact_id) WHERE contact_id IS NOT NULL;
