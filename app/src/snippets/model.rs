//! Snippets and frames.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::{Language, Manner, PersonId, QueueId, Tone};

/// A snippet's text in one language.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, Serialize, Deserialize, ToSchema)]
pub struct Text {
    pub language: Language,
    /// Sanitised HTML with placeholders.
    pub body: String,
    /// The same for those who are addressed informally; empty: there is none.
    #[serde(default)]
    pub informal: String,
}

impl Text {
    fn is_written(&self) -> bool {
        !self.body.trim().is_empty() || !self.informal.trim().is_empty()
    }
}

/// A text module.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Snippet {
    pub id: i64,
    pub name: String,
    /// What is typed behind `;;` to insert it.
    pub shortcut: String,
    pub folder: String,
    /// Whose it is; `None`: everybody's.
    pub owner: Option<PersonId>,
    /// Where it is offered; `None`: everywhere.
    pub queue: Option<QueueId>,
    pub used: i64,
    pub texts: Vec<Text>,
}

impl Snippet {
    /// The text for somebody who is written to like this, and its tone; another language is better than none.
    pub fn text(&self, manner: Manner) -> (&str, Option<Tone>) {
        let own = self.texts.iter().find(|text| text.language == manner.language && text.is_written());
        let Some(text) = own.or_else(|| self.texts.iter().find(|text| text.is_written())) else {
            return ("", None);
        };
        let manner = Manner::new(text.language, manner.tone.unwrap_or(Tone::Formal));
        manner.choose(&text.body, &text.informal)
    }

    /// The texts in exactly this language, formal and informal; empty if there are none.
    pub fn exactly(&self, language: Language) -> (&str, &str) {
        let found = self.texts.iter().find(|text| text.language == language);
        found.map_or(("", ""), |text| (&text.body, &text.informal))
    }

    pub fn has_informal(&self) -> bool {
        self.texts.iter().any(|text| !text.informal.is_empty())
    }

    /// Does its name, shortcut or folder have all the words that were typed, in lower case?
    pub fn fits(&self, typed: &str) -> bool {
        let own = format!("{} {} {}", self.shortcut, self.name, self.folder).to_lowercase();
        typed.split_whitespace().all(|word| own.contains(word))
    }
}

/// A row without its texts.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Listed {
    pub id: i64,
    pub name: String,
    pub shortcut: String,
    pub folder: String,
    #[sqlx(rename = "person_id")]
    pub owner: Option<PersonId>,
    #[sqlx(rename = "queue_id")]
    pub queue: Option<QueueId>,
    pub used: i64,
}

/// A snippet as somebody writes it.
#[derive(Debug, Clone)]
pub struct Draft {
    pub name: String,
    /// Lower case.
    pub shortcut: String,
    pub folder: String,
    pub owner: Option<PersonId>,
    pub queue: Option<QueueId>,
    pub texts: Vec<Text>,
}

/// What stands around each answer of a queue in one language.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, Serialize, Deserialize, ToSchema)]
pub struct Frame {
    #[sqlx(rename = "queue_id")]
    pub queue: QueueId,
    pub language: Language,
    /// Plain text with placeholders; empty: none.
    pub greeting: String,
    pub closing: String,
    /// The same for those who are addressed informally; empty: there is none.
    #[serde(default)]
    pub informal_greeting: String,
    #[serde(default)]
    pub informal_closing: String,
}

impl Frame {
    pub const fn empty(queue: QueueId, language: Language) -> Self {
        Self {
            queue,
            language,
            greeting: String::new(),
            closing: String::new(),
            informal_greeting: String::new(),
            informal_closing: String::new(),
        }
    }

    /// Is there anything for those who are addressed informally?
    pub const fn has_informal(&self) -> bool {
        !self.informal_greeting.is_empty() || !self.informal_closing.is_empty()
    }

    /// Greeting and closing for somebody who is written to like this.
    pub fn around(&self, manner: Manner) -> (&str, &str) {
        let greeting = manner.or_formal(&self.greeting, &self.informal_greeting);
        let closing = manner.or_formal(&self.closing, &self.informal_closing);
        (greeting, closing)
    }
}
