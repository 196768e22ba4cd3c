//! What pages and programs send of an article, and what its form shows.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::knowledge;
use crate::knowledge::{Article, Said, Typed};
use crate::platform::web::meant_day;
use crate::platform::{Error, Language, PersonId, Result};

/// An article in one language, as pages and programs send it. What is left out stays as it is.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = ArticleForm)]
pub(super) struct ArticleInput {
    /// The version that was changed; empty for a new article.
    version: String,
    /// `de` or `en`; empty: German.
    language: String,
    /// Left out: as it is in this language.
    title: Option<String>,
    /// Left out: as it is in this language.
    body: Option<String>,
    /// `html` or `text`
    body_format: String,
    /// With commas between them; empty: none. Left out: as they are.
    tags: Option<String>,
    /// The id of the person who answers for it; empty: nobody. Left out: as it is.
    owner: Option<String>,
    /// The day of its review, as in 2027-05-01; empty: none. Left out: as it is.
    review_on: Option<String>,
    /// `publish`: at once, for those who may; empty: it stays what it is.
    then: String,
}

impl ArticleInput {
    /// With what `article` says where something was left out; of a new one that is empty.
    pub(super) fn over(self, article: Option<&Article>) -> ArticleForm {
        let language = Language::from_code(&self.language).unwrap_or(Language::De);
        let kept = article.map(|article| ArticleForm::of(article, language)).unwrap_or_default();
        let body_format = if self.body.is_some() { self.body_format } else { "html".to_owned() };
        ArticleForm {
            version: self.version,
            language: self.language,
            title: self.title.unwrap_or(kept.title),
            body: self.body.unwrap_or(kept.body),
            body_format,
            tags: self.tags.unwrap_or(kept.tags),
            owner: self.owner.unwrap_or(kept.owner),
            review_on: self.review_on.unwrap_or(kept.review_on),
            then: self.then,
        }
    }
}

/// An article in one language, as its form shows it.
#[derive(Debug, Clone, Default)]
pub(super) struct ArticleForm {
    pub(super) version: String,
    pub(super) language: String,
    pub(super) title: String,
    pub(super) body: String,
    pub(super) body_format: String,
    pub(super) tags: String,
    pub(super) owner: String,
    pub(super) review_on: String,
    pub(super) then: String,
}

impl ArticleForm {
    pub(super) fn of(article: &Article, language: Language) -> Self {
        let text = article.exactly(language);
        Self {
            version: article.version.to_string(),
            language: language.code().to_owned(),
            title: text.map(|text| text.title.clone()).unwrap_or_default(),
            body: text.map(|text| text.body.clone()).unwrap_or_default(),
            body_format: "html".into(),
            tags: article.tags.join(", "),
            owner: article.owner.map(|owner| owner.to_string()).unwrap_or_default(),
            review_on: article.review_on.clone().unwrap_or_default(),
            then: String::new(),
        }
    }

    /// What somebody proposes for an article.
    pub(super) fn of_said(article: &Article, said: &Said) -> Self {
        Self {
            title: said.text.title.clone(),
            body: said.text.body.clone(),
            tags: said.tags.join(", "),
            owner: said.owner.map(|owner| owner.to_string()).unwrap_or_default(),
            review_on: said.review_on.clone().unwrap_or_default(),
            ..Self::of(article, said.text.language)
        }
    }

    pub(super) fn language(&self) -> Language {
        Language::from_code(&self.language).unwrap_or(Language::De)
    }

    pub(super) fn parse(&self) -> Result<Typed> {
        let owner = match self.owner.trim() {
            "" => None,
            id => Some(PersonId(id.parse().map_err(|_| Error::invalid("owner", "error-field-malformed"))?)),
        };
        let review_on = match self.review_on.trim() {
            "" => None,
            day => Some(meant_day("review_on", day)?),
        };
        Ok(Typed {
            language: self.language(),
            title: self.title.trim().to_owned(),
            body: knowledge::html(&self.body, &self.body_format),
            tags: knowledge::tags(&self.tags)?,
            owner,
            review_on,
        })
    }

    /// The version that was changed.
    pub(super) fn version(&self) -> Result<i64> {
        self.version.trim().parse().map_err(|_| Error::invalid("version", "error-field-malformed"))
    }

    pub(super) fn is_owner(&self, owner: &PersonId) -> bool {
        self.owner == owner.to_string()
    }

    /// Is it to be published at once?
    pub(super) fn publishes(&self) -> bool {
        self.then == "publish"
    }
}
