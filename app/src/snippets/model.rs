//! Snippets and frames.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::{Language, PersonId, QueueId};

/// A snippet's text in one language.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, Serialize, Deserialize, ToSchema)]
pub struct Text {
    pub language: Language,
    /// Sanitised HTML with placeholders.
    pub body: String,
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
    /// The text in this language; another one is better than none.
    pub fn body(&self, language: Language) -> &str {
        let own = self.texts.iter().find(|text| text.language == language && !text.body.trim().is_empty());
        own.or(self.texts.iter().find(|text| !text.body.trim().is_empty())).map_or("", |text| &text.body)
    }

    /// The text in exactly this language; empty if there is none.
    pub fn exactly(&self, language: &str) -> &str {
        self.texts.iter().find(|text| text.language.code() == language).map_or("", |text| &text.body)
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
}
