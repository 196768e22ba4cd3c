//! Articles: what they say in each language, who answers for them, what they were, and who sees them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::{Actor, Error, Language, PersonId, Result, Right, Timestamp, codes};

/// Words under which an article is found.
const MOST_TAGS: usize = 10;
/// Characters of one.
const LONGEST_TAG: usize = 40;

codes! {
    /// How far an article is.
    pub enum ArticleState {
        /// Proposed: there for its author and for those who write articles.
        Draft = "draft",
        Published = "published",
        /// No longer right or needed: found by nobody who does not look for it.
        Archived = "archived",
    }
}

codes! {
    /// Which articles a list shows.
    pub enum Show {
        Published = "published",
        /// Published, and its review day has come.
        Due = "due",
        /// Published, and somebody proposes a change.
        Proposed = "proposed",
        Drafts = "drafts",
        Archived = "archived",
    }
}

impl Show {
    pub const fn state(self) -> ArticleState {
        match self {
            Self::Published | Self::Due | Self::Proposed => ArticleState::Published,
            Self::Drafts => ArticleState::Draft,
            Self::Archived => ArticleState::Archived,
        }
    }
}

/// What an article says in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ArticleText {
    pub language: Language,
    pub title: String,
    /// Sanitised HTML.
    pub body: String,
}

/// What an article without any text says.
static NOTHING: ArticleText =
    ArticleText { language: Language::De, title: String::new(), body: String::new() };

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Article {
    pub id: i64,
    pub state: ArticleState,
    /// Counts each time it was saved.
    pub version: i64,
    /// At most one per language.
    pub texts: Vec<ArticleText>,
    pub tags: Vec<String>,
    /// Who began it.
    pub author: Option<PersonId>,
    /// Who answers for what it says.
    pub owner: Option<PersonId>,
    /// The day on which somebody looks whether it is still right, as in 2027-05-01.
    pub review_on: Option<String>,
    /// How often somebody said that it helped, and that it did not.
    pub helped: i64,
    pub not_helped: i64,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}

impl Article {
    /// What it says in this language; another one is better than none.
    pub fn text(&self, language: Language) -> &ArticleText {
        self.exactly(language).or(self.texts.first()).unwrap_or(&NOTHING)
    }

    pub fn exactly(&self, language: Language) -> Option<&ArticleText> {
        self.texts.iter().find(|text| text.language == language)
    }

    pub fn content(&self) -> Content {
        Content {
            texts: self.texts.clone(),
            tags: self.tags.clone(),
            owner: self.owner,
            review_on: self.review_on.clone(),
        }
    }

    /// Has its review day come?
    pub fn is_due(&self, today: Date) -> bool {
        let come = |day: &String| *day <= today.to_string();
        self.state == ArticleState::Published && self.review_on.as_ref().is_some_and(come)
    }

    pub fn is_begun_by(&self, actor: &Actor) -> bool {
        self.author.is_some() && self.author == actor.person_id()
    }

    /// A draft exists for its author and for those who write articles.
    pub fn is_seen_by(&self, actor: &Actor) -> bool {
        self.state != ArticleState::Draft || self.may_be_changed_by(actor)
    }

    pub fn may_be_changed_by(&self, actor: &Actor) -> bool {
        let own_draft = self.state == ArticleState::Draft && self.is_begun_by(actor);
        actor.can(Right::WriteKnowledge) || own_draft
    }
}

/// What a version of an article says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ArticleContent)]
pub struct Content {
    pub texts: Vec<ArticleText>,
    pub tags: Vec<String>,
    pub owner: Option<PersonId>,
    pub review_on: Option<String>,
}

impl Content {
    pub fn exactly(&self, language: Language) -> Option<&ArticleText> {
        self.texts.iter().find(|text| text.language == language)
    }

    /// The same with what somebody typed in one language.
    #[must_use]
    pub fn with(&self, typed: &Typed) -> Self {
        self.saying(&typed.said())
    }

    /// The same with what is said in one language.
    #[must_use]
    pub fn saying(&self, said: &Said) -> Self {
        let others = self.texts.iter().filter(|text| text.language != said.text.language).cloned();
        let mut texts: Vec<ArticleText> = others.chain([said.text.clone()]).collect();
        texts.sort_by_key(|text| text.language);
        Self { texts, tags: said.tags.clone(), owner: said.owner, review_on: said.review_on.clone() }
    }

    /// Whoever changes this language sees nothing of the difference between the two.
    pub fn is_same_for(&self, other: &Self, language: Language) -> bool {
        self.exactly(language) == other.exactly(language)
            && (&self.tags, self.owner, &self.review_on) == (&other.tags, other.owner, &other.review_on)
    }
}

/// An article in one language as somebody writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    pub language: Language,
    pub title: String,
    /// Sanitised HTML.
    pub body: String,
    pub tags: Vec<String>,
    pub owner: Option<PersonId>,
    pub review_on: Option<Date>,
}

impl Typed {
    pub fn said(&self) -> Said {
        let (title, body) = (self.title.trim().to_owned(), self.body.clone());
        Said {
            text: ArticleText { language: self.language, title, body },
            tags: self.tags.clone(),
            owner: self.owner,
            review_on: self.review_on.map(|day| day.to_string()),
        }
    }
}

/// What an article is to say in one language, with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ArticleSaid)]
pub struct Said {
    pub text: ArticleText,
    pub tags: Vec<String>,
    pub owner: Option<PersonId>,
    pub review_on: Option<String>,
}

/// What an article was, since it was saved and until it was saved again.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ArticleVersion {
    pub version: i64,
    pub content: Content,
    /// Who saved it.
    pub person: Option<PersonId>,
    /// The earlier version that it brought back.
    pub restored: Option<i64>,
    pub at: Timestamp,
}

/// What was saved, or what is in the way of it.
#[derive(Debug)]
pub enum Saved {
    /// The id of the article, or of the proposal.
    Done(i64),
    /// Somebody else changed the same meanwhile: this is what it says now.
    Meanwhile(Box<Article>),
}

/// Words that are searched for without finding anything, for those who write articles.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
#[schema(as = KnowledgeGap)]
pub struct Gap {
    pub words: String,
    pub searches: i64,
    pub last_at: Timestamp,
}

/// What somebody typed as harmless HTML; what nobody would see becomes nothing.
pub fn html(typed: &str, format: &str) -> String {
    let html = if format == "html" { typed.to_owned() } else { paragraphs(typed) };
    let html = mail::html::sanitise(&html, &mail::html::SanitiseOptions::default());
    if plain(&html).is_empty() { String::new() } else { html }
}

/// The text of HTML.
pub fn plain(html: &str) -> String {
    mail::html::to_text(html).trim().to_owned()
}

/// Text as HTML: empty lines part paragraphs.
fn paragraphs(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let parts = text.trim().split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| format!("<p>{}</p>", part.replace('\n', "<br>"))).collect::<Vec<_>>().concat()
}

/// Tags as they are typed, with commas between them; each once.
///
/// # Errors
///
/// [`Error::Invalid`] for too many, and for one that is too long.
pub fn tags(typed: &str) -> Result<Vec<String>> {
    let mut tags: Vec<String> = Vec::new();
    for tag in typed.split([',', ';', '\n']) {
        let tag = tag.split_whitespace().collect::<Vec<_>>().join(" ");
        let known = tags.iter().any(|other| fold(other) == fold(&tag));
        if !tag.is_empty() && !known {
            tags.push(tag);
        }
    }
    if MOST_TAGS < tags.len() {
        return Err(Error::invalid("tags", "knowledge-tags-many"));
    }
    if tags.iter().any(|tag| LONGEST_TAG < tag.chars().count()) {
        return Err(Error::invalid("tags", "error-field-too-long"));
    }
    Ok(tags)
}

/// How tags are compared.
pub fn fold(text: &str) -> String {
    language::fold(text.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(german: &str, english: &str, tags: &[&str]) -> Content {
        let text = |language, body: &str| ArticleText { language, title: "T".into(), body: body.into() };
        Content {
            texts: vec![text(Language::De, german), text(Language::En, english)],
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            ..Content::default()
        }
    }

    #[test]
    fn what_another_language_says_is_in_nobodys_way() {
        let before = content("Eins", "One", &["Lieferung"]);
        for (after, same) in [
            (content("Eins", "One", &["Lieferung"]), true),
            (content("Eins", "Two", &["Lieferung"]), true),
            (content("Zwei", "One", &["Lieferung"]), false),
            (content("Eins", "One", &["Abholung"]), false),
        ] {
            assert_eq!(before.is_same_for(&after, Language::De), same, "{after:?}");
        }
    }

    #[test]
    fn tags_are_parted_by_commas_and_each_counts_once() -> Result<()> {
        assert_eq!(
            tags(" Rückgabe, Abholung;  RÜCKGABE ,, lange  Wege")?,
            ["Rückgabe", "Abholung", "lange Wege"]
        );
        assert!(tags(&"ä".repeat(41)).is_err());
        assert!(tags("1,2,3,4,5,6,7,8,9,10,11").is_err());
        Ok(())
    }

    #[test]
    fn what_is_typed_becomes_harmless_and_empty_html_nothing() {
        for (typed, format, kept) in [
            ("Eins & <zwei>\r\n\r\ndrei\nvier", "text", "<p>Eins &amp; &lt;zwei&gt;</p><p>drei<br>vier</p>"),
            ("<p>Ja</p><script>x()</script>", "html", "<p>Ja</p>"),
            ("<p> <br></p>", "html", ""),
        ] {
            assert_eq!(html(typed, format), kept, "{typed}");
        }
    }
}
