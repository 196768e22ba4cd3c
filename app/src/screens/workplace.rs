//! The workplace: queue, conversation and the customer's file, side by side.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::assignment;
use crate::cases;
use crate::cases::attributes::web::AttributesJson;
use crate::cases::presence::Doing;
use crate::cases::tasks::{Waiting, count_waiting};
use crate::cases::web::clocks::{self, ClocksJson};
use crate::cases::web::{CaseJson, offer_undo, tells_of_taking_back};
use crate::cases::{Contact, Eyes, Linked, Priority, State as ContactState, Status, View};
use crate::customers;
use crate::findings;
use crate::goodwill;
use crate::insights;
use crate::notices;
use crate::people;
use crate::platform::parts;
use crate::platform::{Actor, App, Area, CaseId, Id, Page, Query, Result, Right, Timestamp, Tx, Wants};
use crate::screens::cells;
use crate::screens::cells::{Cells, Whole};
use crate::screens::composer::Opening;
use crate::screens::conversation::{Message, MessageJson, Part, messages};
use crate::screens::listed::{Chosen, ListQuery, Listed, page_of};
use crate::screens::opened::Open;
use crate::screens::queue::{LINES, Queue};
use crate::screens::table::{TableView, Tools};
use crate::screens::urgency::DueRing;

/// Tasks and hand-offs beyond this are counted as "99+".
const COUNTED: i64 = 100;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(pane)).routes(routes!(case))
}

#[derive(Serialize, ToSchema)]
struct CaseList {
    items: Vec<Whole>,
    next: Option<String>,
}

/// Cases, the most urgent first.
#[utoipa::path(get, path = "/cases", tag = "cases", params(ListQuery), responses((status = 200, body = CaseList)))]
async fn list(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let mut tx = app.db.read().await?;
    if wants.json {
        let listed = Listed::asked(&mut tx, &actor, &query).await?;
        let limit = parts::limit(query.limit, LINES);
        let eyes = Eyes::of(&app, &actor);
        let (lines, next) = page_of(&mut tx, &eyes, &listed, query.cursor.as_deref(), limit).await?;
        let list = CaseList { items: cells::whole(&mut tx, &lines, &wants.words).await?, next };
        return Ok(Json(list).into_response());
    }
    let mut page = wants.page(&app, &actor, Area::Inbox);
    offer_undo(&mut page, &mut tx, &actor, app.now()).await?;
    if query.shape.as_deref() == Some("table") {
        return wants.answer(&table(&app, &mut tx, &actor, &query, page).await?);
    }
    let handed = count_waiting(&mut tx, &actor, COUNTED).await?;
    let queue = Queue::load(&app, &mut tx, &actor, &query, &page, None, None).await?;
    let shelf = Shelf::load(&mut tx, &actor).await?;
    wants.answer(&WorkplaceView { page, queue, shelf, handed, open: None })
}

#[derive(Deserialize, IntoParams)]
struct PaneQuery {
    /// The id of the case that is open beside the list.
    current: Option<i64>,
}

/// The list alone, for pages that show it already and hear that it changed.
#[utoipa::path(get, path = "/cases/pane", tag = "cases", params(ListQuery, PaneQuery),
    responses((status = 200, body = String)))]
async fn pane(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
    Query(beside): Query<PaneQuery>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let news = cases::News::of(&app);
    // Most of it is remembered for all who look at the list: a transaction would cost more than what it reads.
    let mut tx = app.db.glance();
    let handed = count_waiting(&mut tx, &actor, COUNTED).await?;
    let page = wants.page(&app, &actor, Area::Inbox);
    let current = beside.current.map(CaseId);
    let queue = Queue::load(&app, &mut tx, &actor, &query, &page, current, Some(news)).await?;
    drop(tx);
    wants.answer(&PaneView { page, queue, handed })
}

#[derive(Template, Serialize)]
#[template(path = "screens/views/queue_pane.html")]
struct PaneView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    queue: Queue,
    #[serde(skip)]
    handed: Waiting,
}

async fn table(app: &App, tx: &mut Tx, actor: &Actor, query: &ListQuery, page: Page) -> Result<TableView> {
    let eyes = Eyes::of(app, actor);
    let listed = Listed::asked(tx, actor, query).await?;
    let limit = parts::limit(query.limit, LINES);
    let (lines, next) = page_of(tx, &eyes, &listed, query.cursor.as_deref(), limit).await?;
    let count = cases::counts::of(app, tx, &eyes, &listed.filter).await?;
    let view = query.view.unwrap_or(Chosen::Ready(View::All));
    let (filter, asked) = (listed.filter.write()?, query.asked());
    let tools = Tools::load(tx, actor).await?;
    let mut cells = Cells::of(tx, &listed.columns).await?;
    cells.load(tx, &listed.columns, &lines).await?;
    Ok(TableView { page, view, listed, filter, lines, cells, next, asked, count, tools })
}

#[derive(Serialize, ToSchema)]
struct CaseDetail {
    #[serde(flatten)]
    case: CaseJson,
    messages: Vec<MessageJson>,
    /// What to ask for with `before` to get the messages before these.
    earlier: Option<String>,
    /// Cases that this one follows, and that follow it.
    links: Vec<Linked>,
    /// Its deadlines, and where they come from.
    deadlines: ClocksJson,
    /// The number of the case that its messages were moved to.
    moved_to: Option<String>,
    /// Kind, own state, tags and fields, with their names.
    attributes: AttributesJson,
    /// What people are writing.
    drafts: Vec<cases::Draft>,
}

/// One case with what was said, the newest at the end; of long conversations the last part.
#[utoipa::path(get, path = "/cases/{number}", tag = "cases", params(("number" = String, Path), Part, Opening),
    responses((status = 200, body = CaseDetail), (status = 404)))]
async fn case(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Query(query): Query<ListQuery>,
    Query(part): Query<Part>,
    Query(opening): Query<Opening>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let mut tx = app.db.read().await?;
    let found = cases::numbered(&mut tx, &number).await?;
    let moved_to = moved_to(&mut tx, &found).await?;
    if wants.json {
        return detail(&app, &mut tx, &actor, &wants, &found, &part, moved_to).await;
    }
    if let Some(into) = moved_to {
        return Ok(wants.go(&format!("/cases/{into}")));
    }
    let handed = count_waiting(&mut tx, &actor, COUNTED).await?;
    notices::see(&app, &mut tx, &actor, found.id).await?;
    look(&mut tx, &found).await?;
    let mut page = wants.page(&app, &actor, Area::Inbox);
    let queue = Queue::load(&app, &mut tx, &actor, &query, &page, Some(found.id), None).await?;
    let shelf = Shelf::load(&mut tx, &actor).await?;
    let open = Open::load(&app, &mut tx, &actor, &wants, &found, (part, opening)).await?;
    offer_newest(&mut page, &mut tx, &actor, &open.messages, app.now()).await?;
    wants.answer(&WorkplaceView { page, queue, shelf, handed, open: Some(open) })
}

/// Finds out what there is nothing of, so that the page does not ask for each.
async fn look(tx: &mut Tx, case: &cases::Case) -> Result<()> {
    let (id, customer) = (case.id.0, case.customer.0);
    tx.look(&[
        (&cases::OF_CASE, id),
        (&assignment::OF_CASE, id),
        (&findings::OF_CASE, id),
        (&goodwill::OF_CASE, id),
        (&customers::OF_CUSTOMER, customer),
    ])
    .await
}

/// The case for programs.
async fn detail(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    wants: &Wants,
    case: &cases::Case,
    part: &Part,
    moved_to: Option<String>,
) -> Result<Response> {
    let line = cases::line(tx, case.id).await?;
    let links = cases::links(tx, actor, case).await?;
    let (messages, earlier) = messages(tx, case.id, part, true).await?;
    let deadlines = clocks::explain(app, tx, case).await?;
    let messages = messages.into_iter().map(Message::into_json).collect();
    let own = cases::attributes(tx, case).await?;
    let attributes = AttributesJson::of(&own, wants.words.language);
    let drafts = cases::drafts(tx, case.id).await?;
    let case = CaseJson::of(&line);
    Ok(Json(CaseDetail { case, messages, earlier, links, deadlines, moved_to, attributes, drafts })
        .into_response())
}

/// The number of the case that the messages of this one were moved to.
async fn moved_to(tx: &mut Tx, case: &cases::Case) -> Result<Option<String>> {
    let now = cases::resolve(tx, case.clone()).await?;
    Ok(Some(now.number).filter(|_| now.id != case.id))
}

/// Offers to take back what the actor did last: the answer that has not left yet, or a later step.
async fn offer_newest(
    page: &mut Page,
    tx: &mut Tx,
    actor: &Actor,
    messages: &[Message],
    now: Timestamp,
) -> Result<()> {
    if tells_of_taking_back(page) {
        return Ok(());
    }
    let step = cases::undo::newest(tx, actor, now).await?;
    match (undoable(messages, actor, now), step) {
        // What the answer is a part of is taken back as a whole.
        (Some((answer, until)), Some(step)) if step.answer == Some(answer.id) => {
            page.offer_stop(&step.word, format!("/undos/{}", step.id), until);
            Ok(())
        }
        (Some((answer, until)), step) if step.as_ref().is_none_or(|step| step.at <= answer.at) => {
            page.offer_stop("case-sending", format!("/contacts/{}/undo", answer.id), until);
            Ok(())
        }
        _ => offer_undo(page, tx, actor, now).await,
    }
}

/// The newest answer of this actor that has not left yet, and when it will.
fn undoable<'a>(messages: &'a [Message], actor: &Actor, now: Timestamp) -> Option<(&'a Contact, Timestamp)> {
    let own = |contact: &Contact| contact.person.is_some() && contact.person == actor.person_id();
    let waiting = |contact: &&Contact| contact.state == ContactState::Queued && own(contact);
    let last = messages.iter().rev().map(|message| &message.contact).find(waiting)?;
    let soon = |until: &Timestamp| now < *until && *until <= now + cases::LONGEST_UNDO;
    last.send_at.filter(soon).map(|until| (last, until))
}

#[derive(Template, Serialize)]
#[template(path = "screens/views/workplace.html")]
struct WorkplaceView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    queue: Queue,
    #[serde(skip)]
    shelf: Shelf,
    #[serde(skip)]
    handed: Waiting,
    #[serde(skip)]
    open: Option<Open>,
}

/// Whom and where a case can be given to.
struct Shelf {
    owners: Vec<people::Person>,
    queues: Vec<people::Queue>,
}

impl Shelf {
    async fn load(tx: &mut Tx, actor: &Actor) -> Result<Self> {
        Ok(Self { owners: cases::web::owners(tx).await?, queues: people::queues_for(tx, actor).await? })
    }
}

/// Class, icon and word of a documented kind.
pub(crate) fn signal(kind: &str) -> (&'static str, &'static str, &'static str) {
    let kind = insights::Kind::from_code(kind).unwrap_or(insights::Kind::Unclear);
    (kind.signal(), kind.icon(), kind.word())
}
