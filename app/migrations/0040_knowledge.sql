-- Knowledge: articles of the house, each in one or several languages.

CREATE TABLE articles (
    id {{ID}},
    -- 'draft', 'published' or 'archived'
    state TEXT NOT NULL,
    -- counts each time it was saved
    version BIGINT NOT NULL,
    -- who began it
    author_id BIGINT REFERENCES people (id),
    -- who answers for what it says
    owner_id BIGINT REFERENCES people (id),
    -- 2027-05-01: the day on which somebody looks whether it is still right
    review_on TEXT,
    -- answers to "did this help", of nobody in particular
    helped BIGINT NOT NULL DEFAULT 0,
    not_helped BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX articles_listed ON articles (state, changed_at, id);

-- An article in one language.
CREATE TABLE article_texts (
    article_id BIGINT NOT NULL REFERENCES articles (id),
    language TEXT NOT NULL,
    title TEXT NOT NULL,
    -- sanitised HTML
    body TEXT NOT NULL,
    PRIMARY KEY (article_id, language)
);

CREATE TABLE article_tags (
    article_id BIGINT NOT NULL REFERENCES articles (id),
    -- however it is typed, it is one
    folded TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (article_id, folded)
);
CREATE INDEX article_tags_folded ON article_tags (folded);

-- What an article was, each time it was saved.
CREATE TABLE article_versions (
    article_id BIGINT NOT NULL REFERENCES articles (id),
    version BIGINT NOT NULL,
    -- JSON, see knowledge::Content
    content TEXT NOT NULL,
    person_id BIGINT REFERENCES people (id),
    -- the version that it brought back
    restored BIGINT,
    at BIGINT NOT NULL,
    PRIMARY KEY (article_id, version)
);

-- What was looked for and not found: words only, nobody's name.
CREATE TABLE knowledge_gaps (
    words TEXT PRIMARY KEY,
    searches BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
