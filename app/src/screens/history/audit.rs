//! What was changed about the house, the newest first; by whom, of what kind and when, as it is asked for.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{LINES, Line, lines, with_told};
use crate::cases::figures;
use crate::journal;
use crate::journal::Among;
use crate::people;
use crate::people::Person;
use crate::platform::parts;
use crate::platform::{
    Actor, App, Area, EntryId, Error, FieldError, Page, PersonId, Query, Result, Right, Wants, codes,
};

codes! {
    /// What kind of thing was changed.
    pub enum Part {
        People = "people",
        Settings = "settings",
        Rules = "rules",
        Texts = "texts",
        Lists = "lists",
        Mail = "mail",
    }
}

impl Part {
    /// How the codes of its facts begin.
    const fn kinds(self) -> &'static [&'static str] {
        match self {
            Self::People => &["person_", "password_", "token_", "sessions_", "attendance_", "profile_"],
            Self::Settings => &["setting_", "queue_", "policy_", "rates_", "exposure_", "tags_", "job_"],
            Self::Rules => &["rule_", "webhook_"],
            Self::Texts => &["article_", "snippet_"],
            Self::Lists => &["view_", "list_", "cases_"],
            Self::Mail => &["mailbox_", "proof_"],
        }
    }
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
pub(super) struct AuditQuery {
    /// A person's id: what they did.
    by: String,
    /// `people`, `settings`, `rules`, `texts`, `lists` or `mail`
    kind: String,
    /// The first day, such as `2026-11-01`.
    from: String,
    /// The last day.
    until: String,
    /// At most 200.
    limit: Option<i64>,
    cursor: Option<i64>,
}

impl AuditQuery {
    /// # Errors
    ///
    /// [`Error::Invalid`] with all that cannot be read: whoever asks for less is not given everything.
    fn among(&self, zone: &TimeZone) -> Result<Among> {
        let mut wrong = Vec::new();
        let person = |text: &str| text.parse().ok().map(PersonId);
        let day = |text: &str| text.parse::<Date>().ok();
        let by = asked(&mut wrong, ("by", "history-wrong-who"), &self.by, person);
        let part = asked(&mut wrong, ("kind", "history-wrong-kind"), &self.kind, Part::from_code);
        let from = asked(&mut wrong, ("from", "history-wrong-first-day"), &self.from, day);
        let until = asked(&mut wrong, ("until", "history-wrong-last-day"), &self.until, day);
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let begin = |day: Date| figures::begin(zone, day);
        Ok(Among {
            by,
            from: from.map(begin),
            until: until.and_then(|day| day.tomorrow().ok()).map(begin),
            kinds: part.map(Part::kinds).unwrap_or_default(),
        })
    }

    /// Nothing was asked for but all of it.
    const fn is_everything(&self) -> bool {
        self.by.is_empty() && self.kind.is_empty() && self.from.is_empty() && self.until.is_empty()
    }

    fn next_url(&self, cursor: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let asked = [("by", &self.by), ("kind", &self.kind), ("from", &self.from), ("until", &self.until)];
        for (name, value) in asked {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.append_pair("cursor", cursor);
        format!("/settings/audit?{}", query.finish())
    }
}

/// What a filter asks for; nothing if it is empty, and if it cannot be read, which is noted.
fn asked<T>(
    wrong: &mut Vec<FieldError>,
    (field, word): (&'static str, &'static str),
    text: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    if text.is_empty() {
        return None;
    }
    let found = read(text);
    if found.is_none() {
        wrong.push(FieldError { field, word });
    }
    found
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "screens/history/views/audit.html")]
pub(super) struct AuditView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    query: AuditQuery,
    /// Whom the filter offers.
    #[serde(skip)]
    people: Vec<Person>,
    items: Vec<Line>,
    next: Option<String>,
}

impl AuditView {
    fn more(&self) -> Option<String> {
        self.next.as_deref().map(|cursor| self.query.next_url(cursor))
    }

    fn is_by(&self, person: &PersonId) -> bool {
        self.query.by == person.to_string()
    }

    fn is_kind(&self, part: &Part) -> bool {
        self.query.kind == part.code()
    }
}

/// What was changed about the house, newest first.
#[utoipa::path(get, path = "/settings/audit", tag = "settings", params(AuditQuery),
    responses((status = 200, body = AuditView), (status = 422)))]
pub(super) async fn audit(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<AuditQuery>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let among = query.among(&app.zone())?;
    let limit = parts::limit(query.limit, LINES);
    let before = EntryId(query.cursor.unwrap_or(i64::MAX));
    let mut tx = app.db.read().await?;
    let entries = journal::of_house(&mut tx, before, &among, limit + 1).await?;
    let page = wants.page(&app, &actor, Area::Settings);
    let facts = entries.into_iter().map(with_told).collect();
    let items = lines(&mut tx, &actor, &page, None, facts).await?;
    let (items, next) = parts::cut(items, limit, |last| last.id.to_string());
    let people = people::all(&mut tx).await?;
    wants.answer(&AuditView { page, query, people, items, next })
}
