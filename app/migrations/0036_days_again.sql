-- Cases that were filed when days of their past were counted already, such as imported ones.
CREATE TABLE case_days_late (
    -- a day of the house's zone on which something of the case happened
    day TEXT NOT NULL,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    -- it is being added in this transaction
    counting BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (day, case_id)
);
-- By how many more are unfinished than was counted, from a day on; what is carried on from day to day.
CREATE TABLE case_days_grown (
    day TEXT NOT NULL,
    queue_id BIGINT NOT NULL REFERENCES queues (id),
    channel TEXT NOT NULL,
    grown BIGINT NOT NULL,
    PRIMARY KEY (day, queue_id, channel)
);
