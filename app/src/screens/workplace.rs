//! The workplace: queue, conversation and the customer's file, side by side.

use std::collections::HashMap;

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cases;
use crate::cases::web::{CaseJson, ContactJson};
use crate::cases::{
    Attachment, Contact, Cursor, Direction, Due, Filter, Line, State as ContactState, Status, View,
};
use crate::channels;
use crate::customers;
use crate::finance;
use crate::goodwill;
use crate::insights;
use crate::insights::web::dialog::{DocumentDialog, Strip};
use crate::people;
use crate::platform::{
    Actor, App, Area, CaseId, ContactId, CustomerId, Id, Page, PersonId, Query, QueueId, Result, Right,
    Timestamp, Tx, Wants,
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(case))
}

/// Lines of the queue on one page.
const LINES: i64 = 50;
/// Messages of a case on one page.
const MESSAGES: i64 = 200;
/// Counts beyond this are shown as "99+".
const COUNTED: i64 = 100;

#[derive(Deserialize, IntoParams)]
struct ListQuery {
    /// `mine`, `team`, `unassigned`, `waiting`, `closed` or `all`
    #[param(inline)]
    view: Option<View>,
    /// At most 200.
    limit: Option<i64>,
    cursor: Option<String>,
    status: Option<Status>,
    /// A person's id.
    owner: Option<i64>,
    /// A queue's id.
    queue: Option<i64>,
    /// A customer's id.
    customer: Option<i64>,
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
        let filter = api_filter(&query, &actor);
        let limit = query.limit.unwrap_or(LINES).clamp(1, 200);
        let (lines, next) = page_of(&mut tx, &filter, query.cursor.as_deref(), limit).await?;
        let list = CaseList { items: lines.iter().map(CaseJson::of).collect(), next };
        return Ok(Json(list).into_response());
    }
    let page = wants.page(&app, &actor, Area::Inbox);
    let queue = Queue::load(&mut tx, &actor, &query, &page, None).await?;
    let shelf = Shelf::load(&mut tx).await?;
    wants.answer(&WorkplaceView { page, queue, shelf, open: None })
}

/// What programs ask for; without a filter all cases.
fn api_filter(query: &ListQuery, actor: &Actor) -> Filter {
    let mut filter = query.view.map_or_else(Filter::default, |view| cases::filter_of(view, actor));
    filter.status = query.status.or(filter.status);
    filter.owner = query.owner.map(PersonId).or(filter.owner);
    filter.customer = query.customer.map(CustomerId);
    if let Some(queue) = query.queue {
        filter.queues = vec![QueueId(queue)];
    }
    filter
}

/// One page of a list and where the next one begins.
async fn page_of(
    tx: &mut Tx,
    filter: &Filter,
    cursor: Option<&str>,
    limit: i64,
) -> Result<(Vec<Line>, Option<String>)> {
    let mut lines = cases::list(tx, filter, cursor.and_then(read_cursor), limit + 1).await?;
    let more = i64::try_from(lines.len()).is_ok_and(|found| limit < found);
    if more {
        lines.pop();
    }
    let next = lines.last().filter(|_| more).map(|line| format!("{}_{}", line.sort_at.0, line.case.id));
    Ok((lines, next))
}

fn read_cursor(text: &str) -> Option<Cursor> {
    super::read_cursor(text).map(|(sort, id)| (sort, CaseId(id)))
}

#[derive(Deserialize, IntoParams)]
struct Part {
    /// As `earlier` of an answer said: the messages before its own.
    before: Option<String>,
}

/// A page of what was said, and where the page before it is.
async fn messages(tx: &mut Tx, case: CaseId, part: &Part) -> Result<(Vec<Message>, Option<String>)> {
    let before = part.before.as_deref().and_then(read_cursor).map(|(at, id)| (at, ContactId(id.0)));
    let mut contacts = cases::contacts_before(tx, case, before, MESSAGES + 1).await?;
    let more = i64::try_from(contacts.len()).is_ok_and(|found| MESSAGES < found);
    if more {
        contacts.remove(0);
    }
    let earlier = contacts.first().filter(|_| more).map(|first| format!("{}_{}", first.at.0, first.id));
    let ids: Vec<ContactId> = contacts.iter().map(|contact| contact.id).collect();
    let mut files = cases::attachments_of(tx, &ids).await?;
    let with_files = |contact: Contact| {
        let files = files.remove(&contact.id).unwrap_or_default();
        Message { contact, files }
    };
    Ok((contacts.into_iter().map(with_files).collect(), earlier))
}

#[derive(Serialize, ToSchema)]
struct CaseDetail {
    #[serde(flatten)]
    case: CaseJson,
    messages: Vec<ContactJson>,
    /// What to ask for with `before` to get the messages before these.
    earlier: Option<String>,
}

/// One case with what was said, the newest at the end; of long conversations the last part.
#[utoipa::path(get, path = "/cases/{number}", tag = "cases", params(("number" = String, Path), Part),
    responses((status = 200, body = CaseDetail), (status = 404)))]
async fn case(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Query(query): Query<ListQuery>,
    Query(part): Query<Part>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let mut tx = app.db.read().await?;
    let found = cases::by_number(&mut tx, &number).await?;
    let line = cases::line(&mut tx, found.id).await?;
    let (messages, earlier) = messages(&mut tx, found.id, &part).await?;
    if wants.json {
        let messages = messages.into_iter().map(|one| ContactJson::of(one.contact, one.files)).collect();
        return Ok(Json(CaseDetail { case: CaseJson::of(&line), messages, earlier }).into_response());
    }
    let mut page = wants.page(&app, &actor, Area::Inbox);
    if let Some((contact, until)) = undoable(&messages, &actor, app.now()) {
        page.offer_undo("case-sending", format!("/contacts/{contact}/undo"), until);
    }
    let queue = Queue::load(&mut tx, &actor, &query, &page, Some(found.id)).await?;
    let shelf = Shelf::load(&mut tx).await?;
    let (strip, dialog) = insights::web::dialog::both(&app, &mut tx, &actor, &wants.words, found.id).await?;
    let open = Open {
        strip,
        dialog,
        draft: withdrawn_text(&messages, &actor).filter(|_| part.before.is_none()),
        file: customers::file(&mut tx, found.customer, app.now()).await?,
        others: others(&mut tx, &line).await?,
        answers_to: cases::recipient(&mut tx, &found).await?,
        goodwill: goodwill::dialog(&mut tx, &found, Some(line.customer_name.clone())).await?,
        cost: cost(&mut tx, &found, app.now()).await?,
        is_newest: part.before.is_none(),
        messages,
        earlier,
        line,
    };
    wants.answer(&WorkplaceView { page, queue, shelf, open: Some(open) })
}

/// The newest answer of this actor that has not left yet.
fn undoable(messages: &[Message], actor: &Actor, now: Timestamp) -> Option<(i64, Timestamp)> {
    let own = |contact: &Contact| contact.person.is_some() && contact.person == actor.person_id();
    let waiting = |contact: &&Contact| contact.state == ContactState::Queued && own(contact);
    let last = messages.iter().rev().map(|message| &message.contact).find(waiting)?;
    last.send_at.filter(|until| now < *until).map(|until| (last.id.0, until))
}

/// What the actor took back last, to go on writing; nothing once something else was written.
fn withdrawn_text(messages: &[Message], actor: &Actor) -> Option<String> {
    let last = messages
        .iter()
        .rev()
        .map(|message| &message.contact)
        .find(|contact| contact.direction == Direction::Outbound)?;
    let own = last.person.is_some() && last.person == actor.person_id();
    (last.state == ContactState::Withdrawn && own)
        .then(|| last.html.clone().unwrap_or_else(|| mail::html::from_text(&last.text)))
}

/// Class A of the money model, or nothing while it is not computable.
async fn cost(tx: &mut Tx, case: &cases::Case, now: Timestamp) -> Result<Option<Vec<money::Money>>> {
    let costs = finance::case_cost(tx, case.id, now).await?;
    Ok(costs.ok().map(|books| books.iter().map(|book| book.total).collect()))
}

async fn others(tx: &mut Tx, line: &Line) -> Result<Vec<cases::Case>> {
    let mut others = cases::of_customer(tx, line.case.customer, 7).await?;
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
    open: Option<Open>,
}

/// Whom and where a case can be given to.
struct Shelf {
    owners: Vec<people::Person>,
    queues: Vec<people::Queue>,
}

impl Shelf {
    async fn load(tx: &mut Tx) -> Result<Self> {
        Ok(Self { owners: cases::web::owners(tx).await?, queues: people::queues(tx).await? })
    }
}

/// The left pane.
struct Queue {
    view: View,
    tabs: Vec<Tab>,
    groups: Vec<Group>,
    /// The address of the next page.
    next: Option<String>,
    current: Option<CaseId>,
    /// Mails that no case was made of, for those who may look after them.
    unread: i64,
    /// Who said last what the lines quote.
    last: HashMap<CaseId, Direction>,
}

impl Queue {
    /// The page's first heading, unless a case is open: then that is what the page is about.
    const fn heading(&self) -> &'static str {
        if self.current.is_some() { "h2" } else { "h1" }
    }
}

struct Tab {
    view: View,
    count: i64,
}

/// A number of cases as far as they were counted.
fn shown(count: &i64) -> String {
    if COUNTED <= *count { format!("{}+", COUNTED - 1) } else { count.to_string() }
}

impl Tab {
    fn word(&self) -> String {
        format!("cases-view-{}", self.view)
    }
}

/// Lines under one heading.
struct Group {
    word: &'static str,
    /// Of the whole list, not only of this page.
    count: i64,
    lines: Vec<Line>,
}

const TABS: [View; 4] = [View::Mine, View::Team, View::Unassigned, View::Waiting];

impl Queue {
    async fn load(
        tx: &mut Tx,
        actor: &Actor,
        query: &ListQuery,
        page: &Page,
        current: Option<CaseId>,
    ) -> Result<Self> {
        let mut tabs = Vec::new();
        for view in TABS {
            tabs.push(Tab { view, count: cases::count(tx, &cases::filter_of(view, actor), COUNTED).await? });
        }
        let first = tabs.iter().find(|tab| 0 < tab.count).map_or(View::Team, |tab| tab.view);
        let view = query.view.unwrap_or(first);
        let filter = cases::filter_of(view, actor);
        let (lines, next) = page_of(tx, &filter, query.cursor.as_deref(), LINES).await?;
        let shown: Vec<CaseId> = lines.iter().map(|line| line.case.id).collect();
        let speakers = cases::last_speakers(tx, &shown).await?;
        let mut groups = grouped(lines, page);
        // In between everything is on the page.
        let (from, to) = (query.cursor.is_some(), next.is_some());
        let last = groups.len().saturating_sub(1);
        for (place, group) in groups.iter_mut().enumerate() {
            if (from && place == 0) || (to && place == last) {
                group.count = cases::count(tx, &of_group(&filter, group.word, page), COUNTED).await?;
            }
        }
        let next = next.map(|cursor| format!("/cases?view={view}&cursor={cursor}"));
        let may = actor.can(Right::ReadUnprocessable);
        let unread = if may { channels::counts(tx).await?.unprocessable } else { 0 };
        Ok(Self { view, tabs, groups, next, current, unread, last: speakers })
    }

    /// Who wrote last: the customer's words look as the customer's, ours as ours.
    fn is_of_house(&self, line: &Line) -> bool {
        self.last.get(&line.case.id).is_some_and(|last| *last != Direction::Inbound)
    }

    fn icon(&self, line: &Line) -> &'static str {
        match self.last.get(&line.case.id) {
            Some(Direction::Note) => "note",
            Some(Direction::Outbound) => "reply",
            _ => line.case.channel.icon(),
        }
    }

    fn is_current(&self, line: &Line) -> bool {
        self.current == Some(line.case.id)
    }

    fn url(&self, line: &Line) -> String {
        format!("/cases/{}?view={}", line.case.number, self.view)
    }
}

/// Splits a sorted list where the urgency changes.
fn grouped(lines: Vec<Line>, page: &Page) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for line in lines {
        let word = urgency(&line, page);
        match groups.last_mut() {
            Some(group) if group.word == word => {
                group.count += 1;
                group.lines.push(line);
            }
            _ => groups.push(Group { word, count: 1, lines: vec![line] }),
        }
    }
    groups
}

/// What of a list stands under one heading; the counterpart of [`urgency`].
fn of_group(filter: &Filter, word: &str, page: &Page) -> Filter {
    let now = page.now();
    let today = now.moment().to_zoned(page.zone().clone());
    let tomorrow =
        today.tomorrow().and_then(|day| day.start_of_day()).map_or(now, |day| day.timestamp().into());
    let (status, due) = match word {
        "cases-group-closed" => (Status::Closed, None),
        "cases-group-waiting" => (Status::Waiting, None),
        "cases-group-answered" => (Status::Open, Some(Due::Never)),
        "cases-group-overdue" => (Status::Open, Some(Due::Between(Timestamp(i64::MIN), now))),
        "cases-group-today" => (Status::Open, Some(Due::Between(now, tomorrow))),
        _ => (Status::Open, Some(Due::Between(tomorrow, Timestamp(i64::MAX)))),
    };
    Filter { status: Some(status), due, ..filter.clone() }
}

fn urgency(line: &Line, page: &Page) -> &'static str {
    let day = |at: Timestamp| at.moment().to_zoned(page.zone().clone()).date();
    match (line.case.status, line.case.due_at) {
        (Status::Closed, _) => "cases-group-closed",
        (Status::Waiting, _) => "cases-group-waiting",
        (Status::Open, None) => "cases-group-answered",
        (Status::Open, Some(due)) if due < page.now() => "cases-group-overdue",
        (Status::Open, Some(due)) if day(due) == day(page.now()) => "cases-group-today",
        (Status::Open, Some(_)) => "cases-group-later",
    }
}

/// The middle and the right pane.
struct Open {
    /// What was documented, or is proposed.
    strip: Strip,
    /// For those who may document.
    dialog: Option<DocumentDialog>,
    line: Line,
    messages: Vec<Message>,
    /// Where the messages before these are, if there are any.
    earlier: Option<String>,
    file: customers::File,
    others: Vec<cases::Case>,
    /// Where an answer would go.
    answers_to: Option<String>,
    goodwill: goodwill::Dialog,
    /// What the case has cost so far, per book; `None` while a rate is missing.
    cost: Option<Vec<money::Money>>,
    /// Whether the newest part of the conversation is shown.
    is_newest: bool,
    /// HTML of an answer that was taken back.
    draft: Option<String>,
}

impl Open {
    /// The newest message that is shown, so that an answer says what it answers; of an older part nothing.
    fn seen(&self) -> Option<ContactId> {
        let shown = self.messages.iter().map(|message| message.contact.id);
        shown.max_by_key(|id| id.0).filter(|_| self.is_newest)
    }

    fn is_owned_by(&self, person: &people::Person) -> bool {
        self.line.case.owner == Some(person.id)
    }

    /// May the reader take the case over?
    fn can_take(&self, page: &Page) -> bool {
        page.person().is_some() && self.line.case.owner != page.person()
    }
}

struct Message {
    contact: Contact,
    files: Vec<Attachment>,
}

impl Message {
    /// The class of the look: who speaks.
    fn class(&self) -> &'static str {
        match self.contact.direction {
            Direction::Note => "int",
            Direction::Outbound => "us",
            Direction::Inbound if self.contact.channel == cases::Channel::Phone => "call",
            Direction::Inbound => "cust",
        }
    }

    fn icon(&self) -> &'static str {
        match self.contact.direction {
            Direction::Note => "note",
            Direction::Outbound => "reply",
            Direction::Inbound => self.contact.channel.icon(),
        }
    }

    fn is_note(&self) -> bool {
        self.contact.direction == Direction::Note
    }

    /// Is it on its way, or stuck there?
    fn state_word(&self) -> Option<String> {
        let told = self.contact.direction == Direction::Outbound;
        told.then(|| format!("contact-state-{}", self.contact.state))
    }

    fn has_failed(&self) -> bool {
        self.contact.state == ContactState::Failed
    }

    /// The new text as paragraphs.
    fn paragraphs(&self) -> impl Iterator<Item = &str> {
        self.contact.text.split("\n\n").map(str::trim).filter(|part| !part.is_empty())
    }

    /// What the house wrote, as it was written; nothing for plain text and for customers' HTML, which gets a frame.
    fn rich(&self) -> Option<String> {
        let html = self.contact.html.as_ref().filter(|_| self.contact.direction == Direction::Outbound)?;
        Some(mail::html::sanitise(html, &mail::html::SanitiseOptions::default()))
    }

    /// Nothing was written and nothing attached.
    fn is_empty(&self) -> bool {
        self.paragraphs().next().is_none() && self.files.is_empty()
    }

    fn downloads(&self) -> impl Iterator<Item = &Attachment> {
        self.files.iter().filter(|file| !file.inline)
    }
}

/// The share of its time that a deadline has used, in percent.
fn elapsed(from: Option<Timestamp>, due: Timestamp, now: Timestamp) -> i64 {
    let from = from.unwrap_or(due).0;
    let whole = (due.0 - from).max(1);
    ((now.0 - from).clamp(0, whole) * 100) / whole
}

/// How a deadline is shown in a list.
struct DueRing {
    at: Timestamp,
    from: Timestamp,
    class: &'static str,
    percent: i64,
}

impl DueRing {
    fn of(line: &Line, now: Timestamp) -> Option<Self> {
        let at = line.case.due_at?;
        let minutes = (at.0 - now.0) / 60_000_000;
        let class = if at < now {
            "late"
        } else if minutes < 60 {
            "soon"
        } else {
            ""
        };
        let from = line.case.due_from.unwrap_or(at);
        Some(Self { at, from, class, percent: elapsed(line.case.due_from, at, now) })
    }

    fn text(&self, page: &Page) -> String {
        let minutes = (page.now().0 - self.at.0) / 60_000_000;
        match minutes {
            ..0 => page.span(&self.at).into_owned(),
            0..60 => page.with("due-late-minutes", "n", minutes).into_owned(),
            60..1440 => page.with("due-late-hours", "n", minutes / 60).into_owned(),
            _ => page.n("due-late-days", minutes / 1440).into_owned(),
        }
    }
}

/// Class, icon and word of a documented kind.
pub(crate) fn signal(kind: &str) -> (&'static str, &'static str, &'static str) {
    let kind = insights::Kind::from_code(kind).unwrap_or(insights::Kind::Unclear);
    (kind.signal(), kind.icon(), kind.word())
}
