-- Changes to published articles, proposed by people who may not publish: the article says what it said until one is accepted.
CREATE TABLE article_proposals (
    id {{ID}},
    article_id BIGINT NOT NULL REFERENCES articles (id),
    -- who proposes it
    person_id BIGINT NOT NULL REFERENCES people (id),
    -- what it changes: the text in this language, and what is known of the article
    language TEXT NOT NULL,
    -- 'open', 'accepted', 'declined' or 'withdrawn'
    state TEXT NOT NULL,
    -- the version of the article that it began with
    base BIGINT NOT NULL,
    -- counts each time the proposal was changed
    version BIGINT NOT NULL,
    -- JSON, see knowledge::Said
    said TEXT NOT NULL,
    -- why it was declined
    reason TEXT NOT NULL,
    decided_by BIGINT REFERENCES people (id),
    at BIGINT NOT NULL
);
-- Who proposes again changes what they proposed.
CREATE UNIQUE INDEX article_proposals_open ON article_proposals (article_id, person_id, language) WHERE state = 'open';
CREATE INDEX article_proposals_article ON article_proposals (article_id, state);
