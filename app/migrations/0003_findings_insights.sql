-- Findings: documented pieces of information inside a case. Insights: what many findings say together.

CREATE TABLE stations (
    code TEXT PRIMARY KEY,
    position BIGINT NOT NULL,
    -- a name of the house's own; NULL: the usual word
    name TEXT
);
INSERT INTO stations (code, position) VALUES
    ('awareness', 1), ('advice', 2), ('purchase', 3), ('delivery', 4),
    ('use', 5), ('billing', 6), ('service', 7), ('repurchase', 8);

CREATE TABLE insights (
    id {{ID}},
    -- cause, wish, competitor, praise, unclear, hindrance
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    title_folded TEXT NOT NULL,
    description TEXT NOT NULL,
    station TEXT NOT NULL REFERENCES stations (code),
    department_id BIGINT REFERENCES departments (id),
    -- who answers for it in the department
    owner_id BIGINT REFERENCES people (id),
    -- proposed, open, accepted, disputed, declined, planned, fixed, verified
    state TEXT NOT NULL,
    -- the date that the department announced, before any effect is measured
    due_at BIGINT,
    competitor TEXT,
    created_by BIGINT REFERENCES people (id),
    created_at BIGINT NOT NULL,
    decided_at BIGINT,
    version BIGINT NOT NULL
);
CREATE INDEX insights_department ON insights (department_id, state);
CREATE INDEX insights_title ON insights (title_folded);

-- Every decision with its reason; the newest is the insight's state.
CREATE TABLE insight_decisions (
    id {{ID}},
    insight_id BIGINT NOT NULL REFERENCES insights (id),
    state TEXT NOT NULL,
    reason TEXT,
    due_at BIGINT,
    -- who settles a dispute
    arbiter_id BIGINT REFERENCES people (id),
    person_id BIGINT REFERENCES people (id),
    at BIGINT NOT NULL
);
CREATE INDEX insight_decisions_insight ON insight_decisions (insight_id, at);

-- Talk between service and department about an insight.
CREATE TABLE insight_comments (
    id {{ID}},
    insight_id BIGINT NOT NULL REFERENCES insights (id),
    person_id BIGINT REFERENCES people (id),
    text TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX insight_comments_insight ON insight_comments (insight_id, at);

CREATE TABLE findings (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    insight_id BIGINT REFERENCES insights (id),
    kind TEXT NOT NULL,
    station TEXT NOT NULL REFERENCES stations (code),
    department_id BIGINT REFERENCES departments (id),
    product_id BIGINT REFERENCES products (id),
    -- the case's channel, kept here so that the map needs no join
    channel TEXT NOT NULL,
    -- the customer's own words, literally in an inbound contact
    quote TEXT,
    -- the contact that the quote is from
    contact_id BIGINT REFERENCES contacts (id),
    -- what the agent wrote instead of a quote
    note TEXT,
    -- of the case's causes, in thousandths; 0 for what is no cause. The causes of a case sum to 1000.
    share BIGINT NOT NULL,
    -- the case's creation: what the map's periods go by
    at BIGINT NOT NULL,
    documented_at BIGINT NOT NULL,
    person_id BIGINT REFERENCES people (id),
    -- NULL while it stands; corrections keep the old row
    withdrawn_at BIGINT
);
CREATE INDEX findings_case ON findings (case_id) WHERE withdrawn_at IS NULL;
CREATE INDEX findings_insight ON findings (insight_id, at) WHERE withdrawn_at IS NULL;
CREATE INDEX findings_map ON findings (at, kind, station, department_id, insight_id, share, case_id, product_id, channel) WHERE withdrawn_at IS NULL;
CREATE INDEX findings_customer ON findings (customer_id, insight_id, at) WHERE withdrawn_at IS NULL;

-- "We honestly do not know": a documented case without a cause.
CREATE TABLE findings_unknown (
    case_id BIGINT PRIMARY KEY REFERENCES cases (id),
    person_id BIGINT REFERENCES people (id),
    at BIGINT NOT NULL
);

-- The same customer came again within seven days for the same cause.
CREATE TABLE findings_repeats (
    finding_id BIGINT PRIMARY KEY REFERENCES findings (id),
    earlier_id BIGINT NOT NULL REFERENCES findings (id)
);

-- What the classifiers learnt up to an entry of the journal, as the engine writes it; rebuilt when missing.
CREATE TABLE insights_learnt (
    -- the kind of the insights that it tells apart
    kind TEXT PRIMARY KEY,
    bytes {{BYTES}} NOT NULL,
    xid BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    at BIGINT NOT NULL
);

-- Telling the customers of an insight.
CREATE TABLE tellings (
    id {{ID}},
    insight_id BIGINT NOT NULL REFERENCES insights (id),
    -- prepared, approved, done
    state TEXT NOT NULL,
    template_de TEXT NOT NULL,
    template_en TEXT NOT NULL,
    prepared_by BIGINT REFERENCES people (id),
    prepared_at BIGINT NOT NULL,
    approved_by BIGINT REFERENCES people (id),
    approved_at BIGINT
);
CREATE INDEX tellings_insight ON tellings (insight_id);
CREATE TABLE tellings_customers (
    telling_id BIGINT NOT NULL REFERENCES tellings (id),
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    case_id BIGINT NOT NULL REFERENCES cases (id),
    -- the message for this customer; edited by hand if need be
    text TEXT NOT NULL,
    -- left out by hand
    skipped BOOLEAN NOT NULL,
    -- the sent contact
    contact_id BIGINT REFERENCES contacts (id),
    PRIMARY KEY (telling_id, customer_id)
);
