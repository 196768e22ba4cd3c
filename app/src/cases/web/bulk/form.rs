//! What pages and programs send: which cases, and what is to become of them.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use serde::Deserialize;
use utoipa::ToSchema;

use super::list_of;
use crate::cases::Filter;
use crate::cases::bulk::{Change, Chosen, Step};
use crate::cases::model::Priority;
use crate::platform::web::{form_error, moment};
use crate::platform::{App, CaseKindId, Error, OwnStateId, PersonId, QueueId, Result, Wants};

/// What to do with which cases, as programs send it.
#[derive(Deserialize, ToSchema)]
pub struct BulkInput {
    /// Numbers of cases; without them all that `filter` finds.
    #[serde(default)]
    cases: Vec<String>,
    filter: Option<Filter>,
    change: Change,
}

/// What a page or a program sent.
pub struct Bulk {
    pub chosen: Chosen,
    pub change: Change,
    /// As the page sent it, to send it again.
    pub pairs: Vec<(String, String)>,
    until: String,
}

impl<S: Send + Sync> FromRequest<S> for Bulk {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let json = kind.is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|error| form_error(&error.body_text()))?;
        if json {
            let input: BulkInput =
                serde_json::from_slice(&body).map_err(|error| form_error(&error.to_string()))?;
            let chosen = match input.filter {
                Some(filter) if input.cases.is_empty() => Chosen::All(filter),
                _ => Chosen::Marked(input.cases),
            };
            return Ok(Self { chosen, change: input.change, pairs: Vec::new(), until: String::new() });
        }
        Self::of_form(url::form_urlencoded::parse(&body).into_owned().collect())
    }
}

/// What a page sent, by the names of its fields.
struct Pairs<'p>(&'p [(String, String)]);

impl<'p> Pairs<'p> {
    fn all(&self, name: &str) -> impl Iterator<Item = &'p str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first value of a field that is filled in.
    fn one(&self, name: &str) -> Option<&'p str> {
        self.all(name).find(|value| !value.is_empty())
    }

    fn id(&self, name: &'static str) -> Result<Option<i64>> {
        self.one(name).map(|value| value.parse().map_err(|_| wrong(name))).transpose()
    }

    fn code<T>(&self, name: &'static str, read: fn(&str) -> Option<T>) -> Result<Option<T>> {
        self.one(name).map(|code| read(code).ok_or_else(|| wrong(name))).transpose()
    }

    /// Names with commas between them.
    fn names(&self, name: &str) -> Vec<String> {
        let parts = self.one(name).unwrap_or_default().split(',').map(str::trim);
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    fn change(&self) -> Result<Change> {
        let own_state = self.one("step").and_then(|code| code.strip_prefix("own:"));
        let own_state = own_state.map(|id| id.parse::<i64>().map_err(|_| wrong("step"))).transpose()?;
        let step = if own_state.is_some() { None } else { self.code("step", Step::from_code)? };
        // Of several choices all are sent.
        let value = self.all("value").collect::<Vec<_>>().join(",");
        Ok(Change {
            owner: self.id("owner")?.map(PersonId),
            queue: self.id("queue")?.map(QueueId),
            step,
            until: None,
            priority: self.code("priority", Priority::from_code)?,
            bin: self.one("bin").map(str::to_owned),
            kind: self.id("kind")?.map(CaseKindId),
            own_state: own_state.map(OwnStateId),
            tag: self.names("tag"),
            untag: self.names("untag"),
            fields: self.one("field").map(|key| (key.to_owned(), value)).into_iter().collect(),
            deputy: self.id("deputy")?.map(PersonId),
            follow: self.id("follow")?.map(PersonId),
            unfollow: self.id("unfollow")?.map(PersonId),
        })
    }
}

fn wrong(field: &'static str) -> Error {
    Error::invalid(field, "error-field-malformed")
}

impl Bulk {
    fn of_form(pairs: Vec<(String, String)>) -> Result<Self> {
        let sent = Pairs(&pairs);
        let change = sent.change()?;
        let until = sent.one("until").unwrap_or_default().to_owned();
        let chosen = if sent.one("all").is_some() {
            Chosen::All(Filter::read(sent.one("filter").unwrap_or("{}"))?)
        } else {
            Chosen::Marked(sent.all("case").map(str::to_owned).collect())
        };
        Ok(Self { chosen, change, pairs, until })
    }

    /// The list that the page came from, as the preview had it sent along.
    pub fn list(&self) -> &str {
        list_of(self.pairs.iter().find(|(key, _)| key == "back").map(|(_, page)| page.as_str()))
    }

    /// A local date and time needs the house's zone, and what people type into fields their language. Programs write
    /// both as they are kept.
    pub async fn settled(mut self, app: &App, wants: &Wants) -> Result<Self> {
        if self.change.step == Some(Step::Wait) && !self.until.is_empty() {
            self.change.until = Some(moment(app, "until", &self.until)?);
        }
        if !self.pairs.is_empty() {
            self.change.settle(&mut app.db.read().await?, wants.notation()).await?;
        }
        Ok(self)
    }
}
