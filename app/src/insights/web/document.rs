//! Documenting a case: the dialog as a page of its own, and what it sends.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dialog::{DocumentDialog, dialog};
use crate::cases;
use crate::findings;
use crate::findings::{Finding, Kind};
use crate::insights::{Documentation, Item, What, document};
use crate::platform::{
    Actor, App, Area, DepartmentId, Error, FieldError, Id, Input, InsightId, Page, ProductId, Query, Result,
    Right, Wants,
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(document_page)).routes(routes!(post_findings))
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "insights/views/document.html")]
struct DocumentView {
    #[serde(skip)]
    page: Page,
    #[serde(flatten)]
    dialog: DocumentDialog,
    #[serde(skip)]
    errors: Vec<FieldError>,
}

#[derive(Deserialize, IntoParams)]
struct DocumentQuery {
    /// Words of another cause's title.
    q: Option<String>,
}

/// How a case could be documented: proposals, and what was documented.
#[utoipa::path(get, path = "/cases/{number}/document", tag = "insights",
    params(("number" = String, Path), DocumentQuery),
    responses((status = 200, body = DocumentView), (status = 404)))]
async fn document_page(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Query(query): Query<DocumentQuery>,
) -> Result<Response> {
    actor.may(Right::Document)?;
    let mut tx = app.db.read().await?;
    let case = cases::by_number(&mut tx, &number).await?.id;
    let query = query.q.unwrap_or_default();
    let dialog = dialog(&app, &mut tx, &wants.words, case, &query).await?;
    wants.answer(&DocumentView { page: wants.page(&app, &actor, Area::Inbox), dialog, errors: Vec::new() })
}

/// Programs send `findings` and `unknown`, the page sends the rest.
#[derive(Deserialize, Serialize, ToSchema, Default)]
#[serde(default)]
struct FindingsForm {
    findings: Vec<FindingForm>,
    /// Nobody knows the cause.
    #[serde(deserialize_with = "flag")]
    unknown: bool,
    /// The station that was chosen.
    station: String,
    /// The station that the page proposed: unless another was chosen, a cause is at its own.
    station_shown: String,
    /// An insight's id; empty: nothing broke.
    cause: String,
    /// A cause by its title, known or new.
    title: String,
    /// The department of a new cause.
    department: String,
    cause_words: String,
    #[serde(deserialize_with = "flag")]
    wish: bool,
    wish_title: String,
    wish_words: String,
    #[serde(deserialize_with = "flag")]
    competitor: bool,
    competitor_title: String,
    competitor_words: String,
    #[serde(deserialize_with = "flag")]
    praise: bool,
    praise_title: String,
    praise_words: String,
    #[serde(deserialize_with = "flag")]
    unclear: bool,
    unclear_title: String,
    unclear_words: String,
    #[serde(deserialize_with = "flag")]
    hindrance: bool,
    hindrance_title: String,
    hindrance_words: String,
}

/// One finding as programs send it.
#[derive(Deserialize, Serialize, ToSchema)]
struct FindingForm {
    kind: Kind,
    /// An insight's id, or else its title.
    insight: Option<InsightId>,
    /// In any spelling; what nobody named yet begins here, at `station` and for `department`.
    title: Option<String>,
    description: Option<String>,
    competitor: Option<String>,
    /// Without it: the insight's own.
    station: Option<String>,
    department: Option<DepartmentId>,
    product: Option<ProductId>,
    /// Literally in one of the customer's contacts; other words are kept as a note.
    quote: Option<String>,
    /// Of the case's causes, in thousandths; without any all causes get the same.
    share: Option<i64>,
}

/// Yes as JSON says it, or as a ticked box sends it.
fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Flag {
        Said(bool),
        Sent(String),
    }
    Ok(match Flag::deserialize(deserializer)? {
        Flag::Said(yes) => yes,
        Flag::Sent(text) => !text.is_empty() && text != "0" && text != "false",
    })
}

impl FindingForm {
    fn item(self) -> Item {
        let what = match (self.insight, filled(self.title.unwrap_or_default())) {
            (Some(insight), _) => What::Known(insight),
            (None, Some(title)) => What::Titled {
                title,
                description: self.description.unwrap_or_default(),
                department: self.department,
                competitor: self.competitor,
            },
            (None, None) => What::Unnamed,
        };
        Item {
            kind: self.kind,
            what,
            station: self.station,
            product: self.product,
            words: self.quote,
            share: self.share,
        }
    }
}

impl FindingsForm {
    fn said(self) -> Result<Documentation> {
        let unknown = self.unknown;
        let items = if self.findings.is_empty() {
            self.items()?
        } else {
            self.findings.into_iter().map(FindingForm::item).collect()
        };
        Ok(Documentation { unknown, items })
    }

    /// What the page sent.
    fn items(self) -> Result<Vec<Item>> {
        let mut items: Vec<Item> = self.cause()?.into_iter().collect();
        let station = filled(self.station);
        for (kind, ticked, title, words) in [
            (Kind::Wish, self.wish, self.wish_title, self.wish_words),
            (Kind::Competitor, self.competitor, self.competitor_title, self.competitor_words),
            (Kind::Praise, self.praise, self.praise_title, self.praise_words),
            (Kind::Unclear, self.unclear, self.unclear_title, self.unclear_words),
            (Kind::Hindrance, self.hindrance, self.hindrance_title, self.hindrance_words),
        ] {
            if ticked {
                let what = filled(title).map_or(What::Unnamed, |title| titled(title, None));
                let station = station.clone();
                items.push(Item { kind, what, station, product: None, words: filled(words), share: None });
            }
        }
        Ok(items)
    }

    fn cause(&self) -> Result<Option<Item>> {
        let chosen = filled(self.station.clone());
        let moved = self.station != self.station_shown;
        let words = filled(self.cause_words.clone());
        if let Some(title) = filled(self.title.clone()) {
            let department = self.department.parse().ok().map(DepartmentId);
            let what = titled(title, department);
            return Ok(Some(Item {
                kind: Kind::Cause,
                what,
                station: chosen,
                product: None,
                words: None,
                share: None,
            }));
        }
        let Some(cause) = filled(self.cause.clone()) else { return Ok(None) };
        let insight = cause.parse().map_err(|_| Error::invalid("cause", "insight-unknown"))?;
        let what = What::Known(InsightId(insight));
        let station = chosen.filter(|_| moved);
        Ok(Some(Item { kind: Kind::Cause, what, station, product: None, words, share: None }))
    }
}

const fn titled(title: String, department: Option<DepartmentId>) -> What {
    What::Titled { title, description: String::new(), department, competitor: None }
}

fn filled(text: String) -> Option<String> {
    if text.trim().is_empty() { None } else { Some(text) }
}

#[derive(Serialize, ToSchema)]
struct Documented {
    unknown: bool,
    findings: Vec<Finding>,
}

/// Documents a case; what stood before and is not said again is withdrawn.
#[utoipa::path(post, path = "/cases/{number}/findings", tag = "insights", params(("number" = String, Path)),
    request_body = FindingsForm,
    responses((status = 200, body = Documented), (status = 303, description = "documented"), (status = 422)))]
async fn post_findings(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<FindingsForm>,
) -> Result<Response> {
    actor.may(Right::Document)?;
    let case = cases::by_number(&mut app.db.read().await?, &number).await?.id;
    let written = match form.said() {
        Ok(said) => document(&app, &actor, case, said).await,
        Err(error) => Err(error),
    };
    let mut tx = app.db.read().await?;
    match written {
        Ok(()) => {
            let unknown = findings::is_unknown(&mut tx, case).await?;
            let documented = Documented { unknown, findings: findings::of_case(&mut tx, case).await? };
            wants.done(&format!("/cases/{number}"), "document-done", &documented)
        }
        Err(Error::Invalid(errors)) if !wants.json => {
            let dialog = dialog(&app, &mut tx, &wants.words, case, "").await?;
            let page = wants.page(&app, &actor, Area::Inbox);
            wants.answer_as(StatusCode::UNPROCESSABLE_ENTITY, &DocumentView { page, dialog, errors })
        }
        Err(error) => Err(error),
    }
}
