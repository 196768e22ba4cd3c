-- Goodwill, requests under policies, rates, exposure.

-- A rule of the house. Its texts are versions: what was said yesterday stays known.
CREATE TABLE goodwill_policies (
    id {{ID}},
    title TEXT NOT NULL,
    -- who owns the rule
    department_id BIGINT REFERENCES departments (id),
    version BIGINT NOT NULL,
    active BOOLEAN NOT NULL
);
CREATE TABLE goodwill_policy_versions (
    policy_id BIGINT NOT NULL REFERENCES goodwill_policies (id),
    version BIGINT NOT NULL,
    -- what the rule says, for those who answer customers
    text TEXT NOT NULL,
    person_id BIGINT REFERENCES people (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (policy_id, version)
);

-- Every request under a policy, granted ones too: they are the control group of the walls.
CREATE TABLE goodwill_requests (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    policy_id BIGINT NOT NULL REFERENCES goodwill_policies (id),
    version BIGINT NOT NULL,
    granted BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    person_id BIGINT REFERENCES people (id),
    at BIGINT NOT NULL
);
CREATE INDEX goodwill_requests_case ON goodwill_requests (case_id, id);
CREATE INDEX goodwill_requests_policy ON goodwill_requests (policy_id, at);
CREATE INDEX goodwill_requests_customer ON goodwill_requests (customer_id, at);

-- What a customer was given or paid back on a case. Never changed: a mistake is reversed by a second row
-- with the opposite sum.
CREATE TABLE goodwill_grants (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    -- voucher, discount, refund, replacement, shipping, gift; "due" for what the customer had a right to
    kind TEXT NOT NULL,
    cents BIGINT NOT NULL,
    currency TEXT NOT NULL,
    note TEXT NOT NULL,
    person_id BIGINT REFERENCES people (id),
    at BIGINT NOT NULL,
    -- the row that this one takes back; at most once
    reverses_id BIGINT UNIQUE REFERENCES goodwill_grants (id)
);
CREATE INDEX goodwill_grants_case ON goodwill_grants (case_id, id);
CREATE INDEX goodwill_grants_customer ON goodwill_grants (customer_id, at);

-- What the house entered so that its service can be priced. A change is a new version; NULL: not entered.
CREATE TABLE finance_rates (
    id {{ID}},
    -- the first version is valid from the beginning (0)
    valid_from BIGINT NOT NULL,
    currency TEXT NOT NULL,
    yearly_cents BIGINT,
    -- percentages and hours in hundredths
    overhead BIGINT,
    paid_hours BIGINT,
    shrinkage BIGINT,
    vat BIGINT,
    redemption BIGINT,
    person_id BIGINT REFERENCES people (id),
    at BIGINT NOT NULL
);
CREATE INDEX finance_rates_valid ON finance_rates (valid_from, id);

-- Append-only. Quantities as they happened; their price follows from the rates valid at `at`.
CREATE TABLE finance_ledger (
    id {{ID}},
    at BIGINT NOT NULL,
    -- A: cash spent. B (expected loss) and C (benefit) are never added to it.
    class TEXT NOT NULL,
    -- handling, goodwill, voucher, refund
    item TEXT NOT NULL,
    -- measured, entered, estimated
    basis TEXT NOT NULL,
    case_id BIGINT NOT NULL,
    customer_id BIGINT,
    seconds BIGINT NOT NULL,
    cents BIGINT NOT NULL,
    -- the book; NULL for time, which is priced in the currency of the rates
    currency TEXT,
    -- the journal's entry; NULL for what an import brought
    source_id BIGINT UNIQUE
);
CREATE INDEX finance_ledger_at ON finance_ledger (at, id);
CREATE INDEX finance_ledger_case ON finance_ledger (case_id);

-- The ledger summed per case, version of the rates and book, so that many cases add up in one query.
CREATE TABLE finance_case_costs (
    case_id BIGINT NOT NULL,
    -- 0: no rates were valid then
    rates_id BIGINT NOT NULL,
    currency TEXT NOT NULL,
    active_seconds BIGINT NOT NULL,
    -- as the customer sees it, with VAT
    goodwill_cents BIGINT NOT NULL,
    -- the same for vouchers, of which not all are redeemed
    voucher_cents BIGINT NOT NULL,
    refund_cents BIGINT NOT NULL,
    PRIMARY KEY (case_id, rates_id, currency)
);

-- What happened on a day beside the contacts, to compare them with.
CREATE TABLE finance_exposure (
    -- as in 2026-11-16
    day TEXT NOT NULL,
    product_group TEXT NOT NULL,
    orders BIGINT NOT NULL,
    deliveries BIGINT NOT NULL,
    active_customers BIGINT NOT NULL,
    person_id BIGINT REFERENCES people (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (day, product_group)
);

-- What the audit log shows.
CREATE INDEX journal_house ON journal (id) WHERE case_id IS NULL AND customer_id IS NULL AND insight_id IS NULL;
