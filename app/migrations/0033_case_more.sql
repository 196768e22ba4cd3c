-- What came in, was answered and closed on each day that is over, by queue and channel. Nothing here says who worked.
CREATE TABLE case_days (
    -- a day of the house's zone, '2026-11-23'
    day TEXT NOT NULL,
    queue_id BIGINT NOT NULL REFERENCES queues (id),
    channel TEXT NOT NULL,
    -- JSON of cases::figures::Tally
    tally TEXT NOT NULL,
    PRIMARY KEY (day, queue_id, channel)
);
-- Up to which day it is counted. One row.
CREATE TABLE case_days_counted (
    id BIGINT PRIMARY KEY,
    day TEXT NOT NULL
);
-- What the shop says of an order, such as "versandt"; NULL: it says nothing.
ALTER TABLE purchases ADD COLUMN state TEXT;
