-- Customers: who they are and what we know.

CREATE TABLE companies (
    id {{ID}},
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL
);
CREATE TABLE customers (
    id {{ID}},
    name TEXT NOT NULL,
    -- lower case without diacritics, for search and sorting
    name_folded TEXT NOT NULL,
    salutation TEXT,
    company_id BIGINT REFERENCES companies (id),
    street TEXT,
    postcode TEXT,
    town TEXT,
    country TEXT,
    language TEXT NOT NULL,
    -- customer since; the first contact when nothing earlier is known
    since BIGINT NOT NULL,
    -- the personal contact person (Stammbetreuung)
    keeper_id BIGINT REFERENCES people (id),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX customers_name ON customers (name_folded, id);

CREATE TABLE contact_points (
    id {{ID}},
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    folded TEXT NOT NULL,
    UNIQUE (kind, folded)
);
CREATE INDEX contact_points_customer ON contact_points (customer_id);

-- What is good to know, with its source.
CREATE TABLE customer_notes (
    id {{ID}},
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    text TEXT NOT NULL,
    source TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX customer_notes_customer ON customer_notes (customer_id);

CREATE TABLE products (
    id {{ID}},
    name TEXT NOT NULL UNIQUE,
    product_group TEXT NOT NULL
);
CREATE TABLE purchases (
    id {{ID}},
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    number TEXT NOT NULL,
    product_id BIGINT NOT NULL REFERENCES products (id),
    cents BIGINT NOT NULL,
    currency TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX purchases_customer ON purchases (customer_id, at);
CREATE INDEX purchases_number ON purchases (number);

-- What a customer was told would happen, by when.
CREATE TABLE promises (
    id {{ID}},
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    case_id BIGINT,
    text TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    -- NULL while open
    kept BOOLEAN,
    person_id BIGINT REFERENCES people (id),
    made_at BIGINT NOT NULL
);
CREATE INDEX promises_customer ON promises (customer_id, due_at);
CREATE INDEX promises_open ON promises (due_at) WHERE kept IS NULL;

-- Cases. The row carries what lists show, so that a list is one index walk.

CREATE TABLE cases (
    id {{ID}},
    number TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    queue_id BIGINT NOT NULL REFERENCES queues (id),
    owner_id BIGINT REFERENCES people (id),
    status TEXT NOT NULL,
    channel TEXT NOT NULL,
    priority TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- when the customer must have an answer; NULL while nothing is owed
    due_at BIGINT,
    -- the start of the time that due_at ends
    due_from BIGINT,
    wait_until BIGINT,
    answered_at BIGINT,
    closed_at BIGINT,
    -- what the list sorts by: due_at, or far away
    sort_at BIGINT NOT NULL,
    contacts BIGINT NOT NULL,
    snippet TEXT NOT NULL,
    -- documented: has findings, or the cause is honestly unknown
    documented BOOLEAN NOT NULL,
    -- signals of its findings, as in "cause wish"
    signals TEXT NOT NULL,
    product_id BIGINT REFERENCES products (id),
    active_seconds BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX cases_list ON cases (status, sort_at, id);
CREATE INDEX cases_owner ON cases (owner_id, status, sort_at, id);
CREATE INDEX cases_queue ON cases (queue_id, status, sort_at, id);
CREATE INDEX cases_customer ON cases (customer_id, created_at);
CREATE INDEX cases_created ON cases (created_at, id);
CREATE INDEX cases_wake ON cases (wait_until) WHERE wait_until IS NOT NULL;
CREATE INDEX cases_undocumented ON cases (closed_at) WHERE status = 'closed' AND NOT documented;

CREATE TABLE contacts (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    direction TEXT NOT NULL,
    channel TEXT NOT NULL,
    at BIGINT NOT NULL,
    person_id BIGINT REFERENCES people (id),
    -- who wrote it, as it was known then
    author TEXT NOT NULL,
    from_address TEXT,
    to_address TEXT,
    subject TEXT,
    text TEXT NOT NULL,
    -- folded away, never thrown away
    quoted TEXT,
    signature TEXT,
    html TEXT,
    state TEXT NOT NULL,
    -- why it failed, in words of the other side
    reason TEXT,
    -- until then it can be taken back
    send_at BIGINT,
    -- an auto-reply, an absence notice, a list mail: opens nothing and is answered by nobody
    automatic BOOLEAN NOT NULL,
    -- the sender is nobody of this case: shown, marked, and not trusted
    stranger BOOLEAN NOT NULL,
    -- the raw message it came in
    received_id BIGINT
);
CREATE INDEX contacts_case ON contacts (case_id, at, id);
CREATE INDEX contacts_customer ON contacts (customer_id, at);

CREATE TABLE attachments (
    id {{ID}},
    contact_id BIGINT NOT NULL REFERENCES contacts (id),
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    blob TEXT NOT NULL,
    inline BOOLEAN NOT NULL,
    content_id TEXT
);
CREATE INDEX attachments_contact ON attachments (contact_id);

-- Active minutes, owned by the agent: summed per case, never shown per person to others.
CREATE TABLE case_time (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    person_id BIGINT REFERENCES people (id),
    at BIGINT NOT NULL,
    seconds BIGINT NOT NULL
);
CREATE INDEX case_time_case ON case_time (case_id);
