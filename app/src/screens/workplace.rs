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
use crate::cases::presence;
use crate::cases::presence::{Doing, Present};
use crate::cases::web::CaseJson;
use crate::cases::web::clocks::{self, ClocksJson};
use crate::cases::{Contact, Direction, Eyes, Line, Linked, Priority, State as ContactState, Status, View};
use crate::channels;
use crate::customers;
use crate::customers::PointKind;
use crate::finance;
use crate::goodwill;
use crate::insights;
use crate::insights::web::dialog::{DocumentDialog, Strip};
use crate::notices;
use crate::people;
use crate::platform::{
    Actor, App, Area, CaseId, ContactId, Id, Page, Query, Result, Right, Timestamp, Tx, Wants,
};
use crate::rules::macros;
use crate::screens::case_work::{Handed, Work};
use crate::screens::composer::{Composer, Opening};
use crate::screens::conversation::{Message, MessageJson, Part, messages};
use crate::screens::queue::{Chosen, DueRing, LINES, ListQuery, Listed, Queue, page_of};
use crate::screens::table::TableView;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(pane)).routes(routes!(case))
}

#[derive(Serialize, ToSchema)]
struct CaseList {
    items: Vec<CaseJson>,
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
        let limit = query.limit.unwrap_or(LINES).clamp(1, 200);
        let eyes = Eyes::of(&app, &actor);
        let (lines, next) = page_of(&mut tx, &eyes, &listed, query.cursor.as_deref(), limit).await?;
        let list = CaseList { items: lines.iter().map(CaseJson::of).collect(), next };
        return Ok(Json(list).into_response());
    }
    let mut page = wants.page(&app, &actor, Area::Inbox);
    offer_undo(&mut page, &mut tx, &actor, app.now()).await?;
    if query.shape.as_deref() == Some("table") {
        return wants.answer(&table(&app, &mut tx, &actor, &query, page).await?);
    }
    let queue = Queue::load(&app, &mut tx, &actor, &query, &page, None, None).await?;
    let shelf = Shelf::load(&mut tx, &actor).await?;
    let handed = Handed::load(&mut tx, &actor).await?;
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
    let mut tx = app.db.read().await?;
    let page = wants.page(&app, &actor, Area::Inbox);
    let current = beside.current.map(CaseId);
    let queue = Queue::load(&app, &mut tx, &actor, &query, &page, current, Some(news)).await?;
    let handed = Handed::load(&mut tx, &actor).await?;
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
    handed: Handed,
}

async fn table(app: &App, tx: &mut Tx, actor: &Actor, query: &ListQuery, page: Page) -> Result<TableView> {
    let eyes = Eyes::of(app, actor);
    let listed = Listed::asked(tx, actor, query).await?;
    let limit = query.limit.unwrap_or(LINES).clamp(1, 200);
    let (lines, next) = page_of(tx, &eyes, &listed, query.cursor.as_deref(), limit).await?;
    let count = cases::counts::of(app, tx, &eyes, &listed.filter).await?;
    let view = query.view.unwrap_or(Chosen::Ready(View::All));
    let Shelf { owners, queues, .. } = Shelf::load(tx, actor).await?;
    let filter = listed.filter.write()?;
    let macros = if actor.can(Right::WorkCases) { macros::of(tx, actor).await? } else { Vec::new() };
    let asked = query.asked();
    Ok(TableView { page, view, listed, filter, lines, next, asked, count, owners, queues, macros })
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
    if let Some(into) = moved_to.as_ref().filter(|_| !wants.json) {
        return Ok(wants.go(&format!("/cases/{into}")));
    }
    if !wants.json {
        notices::see(&app, &actor, found.id).await?;
    }
    let line = cases::line(&mut tx, found.id).await?;
    let links = cases::links(&mut tx, &actor, &found).await?;
    let (messages, earlier) = messages(&mut tx, found.id, &part, wants.json).await?;
    if wants.json {
        let deadlines = clocks::explain(&app, &mut tx, &found).await?;
        let messages = messages.into_iter().map(Message::into_json).collect();
        let case = CaseJson::of(&line);
        let own = cases::attributes(&mut tx, &found).await?;
        let attributes = AttributesJson::of(&own, wants.words.language);
        let drafts = cases::drafts(&mut tx, found.id).await?;
        let detail = CaseDetail { case, messages, earlier, links, deadlines, moved_to, attributes, drafts };
        return Ok(Json(detail).into_response());
    }
    let mut page = wants.page(&app, &actor, Area::Inbox);
    offer_newest(&mut page, &mut tx, &actor, &messages, app.now()).await?;
    let queue = Queue::load(&app, &mut tx, &actor, &query, &page, Some(found.id), None).await?;
    let shelf = Shelf::load(&mut tx, &actor).await?;
    let handed = Handed::load(&mut tx, &actor).await?;
    let (strip, dialog) = insights::web::dialog::both(&app, &mut tx, &actor, &wants.words, found.id).await?;
    let answers_to = cases::recipient(&mut tx, &found).await?;
    let bounced = match &answers_to {
        Some(address) => customers::bounce(&mut tx, address).await?,
        None => None,
    };
    let instance =
        if found.complaint { cases::complaint::instance_for(&mut tx, &found).await? } else { String::new() };
    let open = Open {
        here: presence::others(&app, &actor, found.id),
        attributes: cases::attributes(&mut tx, &found).await?,
        clocks: clocks::explain(&app, &mut tx, &found).await?,
        instance,
        work: Work::load(&app, &mut tx, &actor, &found).await?,
        assignment: assignment::why(&mut tx, &actor, &wants.words, &found).await?,
        links,
        bounced,
        answers_to,
        strip,
        dialog,
        composer: {
            let taken_back = withdrawn(&messages, &actor).filter(|_| part.before.is_none());
            Composer::load(&app, &mut tx, &actor, &found, &messages, opening, taken_back).await?
        },
        file: customers::file(&mut tx, found.customer, app.now()).await?,
        others: others(&mut tx, &actor, &line).await?,
        signature: signature(&app, &mut tx, &actor, &found).await?,
        goodwill: goodwill::dialog(&mut tx, &found, Some(line.customer_name.clone())).await?,
        cost: cost(&mut tx, &found, app.now()).await?,
        is_newest: part.before.is_none(),
        rules: channels::rules(&mut tx).await?,
        links_work: channels::is_reachable(&app),
        messages,
        earlier,
        before: part.before,
        line,
    };
    wants.answer(&WorkplaceView { page, queue, shelf, handed, open: Some(open) })
}

/// The number of the case that the messages of this one were moved to.
async fn moved_to(tx: &mut Tx, case: &cases::Case) -> Result<Option<String>> {
    let now = cases::resolve(tx, case.clone()).await?;
    Ok(Some(now.number).filter(|_| now.id != case.id))
}

/// Offers to take back what the actor did last, on whatever page they are by now.
pub(super) async fn offer_undo(page: &mut Page, tx: &mut Tx, actor: &Actor, now: Timestamp) -> Result<()> {
    let Some(offer) = cases::undo::newest(tx, actor, now).await? else { return Ok(()) };
    page.offer_undo(&offer.word, format!("/undos/{}", offer.id), offer.until);
    if let Some(owner) = offer.owner {
        let name = people::person(tx, owner).await?.name;
        let text = page.with("case-assigned-now", "name", name);
        if let Some(toast) = page.toast.as_mut() {
            toast.text = Some(text.to_string());
        }
    }
    Ok(())
}

/// Offers to take back what the actor did last: the answer that has not left yet, or a later step.
async fn offer_newest(
    page: &mut Page,
    tx: &mut Tx,
    actor: &Actor,
    messages: &[Message],
    now: Timestamp,
) -> Result<()> {
    let step = cases::undo::newest(tx, actor, now).await?;
    match undoable(messages, actor, now) {
        Some((answer, until)) if step.is_none_or(|step| step.at <= answer.at) => {
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

/// What the actor took back last, to go on writing; nothing once something else was written.
fn withdrawn<'a>(messages: &'a [Message], actor: &Actor) -> Option<&'a Message> {
    let last = messages
        .iter()
        .rev()
        .find(|message| message.contact.direction == Direction::Outbound && message.contact.talk.is_none())?;
    let own = last.contact.person.is_some() && last.contact.person == actor.person_id();
    (last.contact.state == ContactState::Withdrawn && own).then_some(last)
}

/// What stands below answers of this actor, in the customer's language.
async fn signature(app: &App, tx: &mut Tx, actor: &Actor, case: &cases::Case) -> Result<Option<String>> {
    let queue = people::queue(tx, case.queue).await?;
    let language = customers::customer(tx, case.customer).await?.language;
    channels::signature(app, tx, actor, &queue, language).await
}

/// Class A of the money model, or nothing while it is not computable.
async fn cost(tx: &mut Tx, case: &cases::Case, now: Timestamp) -> Result<Option<Vec<money::Money>>> {
    let costs = finance::case_cost(tx, case.id, now).await?;
    Ok(costs.ok().map(|books| books.iter().map(|book| book.total).collect()))
}

async fn others(tx: &mut Tx, actor: &Actor, line: &Line) -> Result<Vec<cases::Case>> {
    let mut others = cases::of_customer(tx, actor, line.case.customer, 7).await?;
    others.retain(|other| other.id != line.case.id);
    others.truncate(6);
    Ok(others)
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
    handed: Handed,
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

/// The middle and the right pane.
struct Open {
    /// Who else is in the case.
    here: Vec<Present>,
    /// Kind, own state, priority, tags, fields.
    attributes: cases::Attributes,
    /// Its deadlines, and where they come from.
    clocks: ClocksJson,
    /// Where a customer can turn who does not accept how a complaint ended.
    instance: String,
    work: Work,
    /// Why it is where it is.
    assignment: assignment::Why,
    /// What was documented, or is proposed.
    strip: Strip,
    /// For those who may document.
    dialog: Option<DocumentDialog>,
    line: Line,
    messages: Vec<Message>,
    /// Where the messages before these are, if there are any.
    earlier: Option<String>,
    /// As these were asked for.
    before: Option<String>,
    file: customers::File,
    others: Vec<cases::Case>,
    /// Where an answer would go.
    answers_to: Option<String>,
    /// Why the last mail to there came back.
    bounced: Option<customers::Bounce>,
    /// Cases that this one follows, and that follow it.
    links: Vec<Linked>,
    /// What stands below an answer.
    signature: Option<String>,
    goodwill: goodwill::Dialog,
    /// What the case has cost so far, per book; `None` while a rate is missing.
    cost: Option<Vec<money::Money>>,
    /// Whether the newest part of the conversation is shown.
    is_newest: bool,
    composer: Composer,
    /// What a mail may have, for files that go along.
    rules: channels::Rules,
    /// Whether files that do not can go as links.
    links_work: bool,
}

impl Open {
    /// The newest message that is no note: what keys mean that are about a message.
    fn is_last_said(&self, contact: &ContactId) -> bool {
        let said = self.messages.iter().rev().find(|message| !message.is_note());
        said.is_some_and(|message| message.contact.id == *contact)
    }

    /// The newest message that is shown, so that an answer says what it answers; of an older part nothing.
    fn seen(&self) -> Option<ContactId> {
        let shown = self.messages.iter().map(|message| message.contact.id);
        shown.max_by_key(|id| id.0).filter(|_| self.is_newest)
    }

    /// That the last mail to where an answer would go came back, and why.
    fn bounce_note(&self, page: &Page) -> Option<String> {
        let (bounce, address) = (self.bounced.as_ref()?, self.answers_to.as_ref()?);
        let when = ("when", page.when(&bounce.at));
        if bounce.delayed {
            return Some(page.with2("case-delayed", ("address", address), when).into_owned());
        }
        let came_back = page.with2("case-bounced", ("address", address), when);
        let why = channels::bounce_word(&bounce.reason).map_or("".into(), |word| page.t(word));
        Some(format!("{came_back} {why} {}", page.t("case-bounced-hint")))
    }

    /// Where else the customer reads mail, of what is not known to come back.
    fn other_addresses(&self) -> Vec<&str> {
        let email = |point: &&customers::ContactPoint| {
            let same = self.answers_to.as_deref().is_some_and(|to| to.eq_ignore_ascii_case(&point.value));
            point.kind == PointKind::Email && point.bounced_at.is_none() && !same
        };
        self.file.points.iter().filter(email).map(|point| point.value.as_str()).collect()
    }

    fn is_owned_by(&self, person: &people::Person) -> bool {
        self.line.case.owner == Some(person.id)
    }

    /// May the reader take the case over?
    fn can_take(&self, page: &Page) -> bool {
        page.person().is_some() && self.line.case.owner != page.person()
    }
}

/// Class, icon and word of a documented kind.
pub(crate) fn signal(kind: &str) -> (&'static str, &'static str, &'static str) {
    let kind = insights::Kind::from_code(kind).unwrap_or(insights::Kind::Unclear);
    (kind.signal(), kind.icon(), kind.word())
}
