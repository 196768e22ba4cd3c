//! Views, as they are kept and shown.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cases::{Filter, Sort};
use crate::platform::{Actor, PersonId, Role, TeamId, Timestamp, codes};

codes! {
    /// What a table of cases can show.
    pub enum Column {
        Number = "number",
        Subject = "subject",
        Customer = "customer",
        Status = "status",
        Due = "due",
        Priority = "priority",
        Owner = "owner",
        Queue = "queue",
        Channel = "channel",
        Created = "created",
        Updated = "updated",
        Wait = "wait",
        Closed = "closed",
        Contacts = "contacts",
        Signals = "signals",
        Snippet = "snippet",
        /// What it is about.
        Kind = "kind",
        /// Its state of the house's own.
        OwnState = "own-state",
        Tags = "tags",
        /// The customer's contract or group.
        Group = "group",
    }
}

impl Column {
    /// Of a view that nobody chose columns for.
    const USUAL: [Self; 7] =
        [Self::Number, Self::Subject, Self::Customer, Self::Status, Self::Due, Self::Owner, Self::Updated];

    pub fn word(self) -> String {
        format!("cases-column-{self}")
    }
}

/// A column that was chosen for a table: one that all cases have, or a field of the house's own by its key. As text a
/// code, or `own:` and the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Heading {
    Of(Column),
    Own(String),
}

impl Heading {
    /// Of a view that nobody chose columns for.
    pub fn usual() -> Vec<Self> {
        Column::USUAL.map(Self::Of).to_vec()
    }

    /// All that there are: of all cases, then of these fields.
    pub fn all<'k>(keys: impl Iterator<Item = &'k str>) -> Vec<Self> {
        Column::ALL.iter().copied().map(Self::Of).chain(keys.map(|key| Self::Own(key.to_owned()))).collect()
    }

    pub fn from_code(code: &str) -> Option<Self> {
        let is_key =
            |key: &str| !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        match code.strip_prefix("own:") {
            Some(key) => is_key(key).then(|| Self::Own(key.to_owned())),
            None => Column::from_code(code).map(Self::Of),
        }
    }

    pub fn code(&self) -> String {
        match self {
            Self::Of(column) => column.code().to_owned(),
            Self::Own(key) => format!("own:{key}"),
        }
    }
}

impl From<Heading> for String {
    fn from(heading: Heading) -> Self {
        heading.code()
    }
}

impl TryFrom<String> for Heading {
    type Error = &'static str;

    fn try_from(code: String) -> Result<Self, Self::Error> {
        Self::from_code(&code).ok_or("no such column")
    }
}

/// Who sees a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shared {
    /// Who made it.
    Private,
    All,
    Role(Role),
    Team(TeamId),
}

impl Shared {
    /// As forms and the API have it: `private`, `all`, `role:lead`, `team:3`.
    pub fn read(text: &str) -> Option<Self> {
        match text.split_once(':') {
            None if text.is_empty() || text == "private" => Some(Self::Private),
            None if text == "all" => Some(Self::All),
            Some(("role", role)) => Role::from_code(role).map(Self::Role),
            Some(("team", team)) => team.parse().ok().map(TeamId).map(Self::Team),
            _ => None,
        }
    }

    pub fn code(self) -> String {
        match self {
            Self::Private => "private".into(),
            Self::All => "all".into(),
            Self::Role(role) => format!("role:{role}"),
            Self::Team(team) => format!("team:{team}"),
        }
    }
}

/// A view before it is kept.
#[derive(Debug, Clone)]
pub struct Draft {
    pub name: String,
    pub filter: Filter,
    pub sort: Sort,
    pub columns: Vec<Heading>,
    pub shared: Shared,
    /// Where it stands among the others.
    pub place: i64,
}

/// A list of cases that somebody made.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SavedView)]
pub struct View {
    pub id: i64,
    pub name: String,
    /// Who made it.
    pub person: PersonId,
    pub filter: Filter,
    pub sort: Sort,
    /// Codes, or `own:` and the key of a field that the house made.
    #[schema(value_type = Vec<String>)]
    pub columns: Vec<Heading>,
    /// `private`, `all`, `role:lead`, `team:3`
    #[serde(serialize_with = "shared")]
    #[schema(value_type = String)]
    pub shared: Shared,
    pub place: i64,
    #[serde(skip)]
    pub removed_at: Option<Timestamp>,
}

fn shared<S: serde::Serializer>(shared: &Shared, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&shared.code())
}

impl View {
    pub fn is_for(&self, actor: &Actor) -> bool {
        let own = actor.person_id() == Some(self.person);
        own || match self.shared {
            Shared::Private => false,
            Shared::All => true,
            Shared::Role(role) => actor.is(role) || actor.is(Role::Admin),
            Shared::Team(team) => actor.teams.contains(&team) || actor.is(Role::Admin),
        }
    }

    pub fn may_change(&self, actor: &Actor) -> bool {
        actor.person_id() == Some(self.person) || (actor.is(Role::Admin) && self.shared != Shared::Private)
    }

    pub fn draft(&self) -> Draft {
        Draft {
            name: self.name.clone(),
            filter: self.filter.clone(),
            sort: self.sort,
            columns: self.columns.clone(),
            shared: self.shared,
            place: self.place,
        }
    }
}
