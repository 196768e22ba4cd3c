//! The list of customers to be told: prepare, change, approve.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cases;
use crate::customers;
use crate::insights;
use crate::insights::Insight;
use crate::insights::tell::{
    self, Progress, Recipient, Telling, TellingState, Template as Message, Templates,
};
use crate::people;
use crate::platform::parts;
use crate::platform::web::Corrections;
use crate::platform::{
    Actor, App, Area, CustomerId, Error, FieldError, Id, Input, InsightId, Language, Page, Query, Result,
    Right, Timestamp, Tone, Tx, Wants, Words,
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(page, prepare))
        .routes(routes!(rewrite))
        .routes(routes!(change))
        .routes(routes!(approve))
        .routes(routes!(take_back))
}

/// Recipients on one page.
const RECIPIENTS: i64 = 25;

#[derive(Deserialize, IntoParams)]
struct TellQuery {
    cursor: Option<i64>,
    /// At most 200.
    limit: Option<i64>,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "insights/views/tell.html")]
struct TellView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    insight: Insight,
    /// Customers who said it and know.
    told: i64,
    untold: i64,
    telling: Option<TellingJson>,
    items: Vec<RecipientJson>,
    next: Option<String>,
    #[serde(skip)]
    can_approve: bool,
    /// Who is told first, to look at before the approval.
    #[serde(skip)]
    first: Option<RecipientJson>,
    #[serde(skip)]
    errors: Corrections,
    /// What is no placeholder.
    #[serde(skip)]
    wrong: String,
}

#[derive(Serialize, ToSchema)]
struct TellingJson {
    id: i64,
    state: TellingState,
    template_de: String,
    /// The German one for those who are addressed informally; empty: the other one.
    template_de_informal: String,
    template_en: String,
    /// What it is about, as German-speaking customers read it.
    what_de: String,
    what_en: String,
    prepared_by: Option<String>,
    prepared_at: Timestamp,
    approved_by: Option<String>,
    approved_at: Option<Timestamp>,
    progress: Progress,
}

/// A customer on the list, with the message as it is or would be sent.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the API")]
struct RecipientJson {
    customer: CustomerId,
    name: String,
    case: String,
    email: Option<String>,
    text: String,
    edited: bool,
    skipped: bool,
    told: bool,
    /// Whether the message says „Sie" or „Du"; `null` where that is not known.
    tone: Option<Tone>,
    /// The customer is addressed otherwise.
    other_tone: bool,
}

impl TellView {
    const fn is_ready(&self) -> bool {
        self.insight.is_mended()
    }

    fn is_prepared(&self) -> bool {
        self.telling.as_ref().is_some_and(|telling| telling.state == TellingState::Prepared)
    }

    fn is_done(&self) -> bool {
        self.telling.as_ref().is_some_and(|telling| telling.state == TellingState::Done)
    }

    /// "Vorbereitet von Sabine Auer, heute, 9:30"
    fn by(&self, key: &str, name: &str, at: &Timestamp) -> String {
        self.page.with2(key, ("name", name), ("when", self.page.when(at))).into_owned()
    }

    /// Somebody on this page gets the formal message for want of the other one.
    fn lacks_informal(&self) -> bool {
        self.items.iter().any(|one| one.other_tone && one.tone == Some(Tone::Formal))
    }

    /// Of those who said it, in percent.
    fn part_told(&self) -> i64 {
        self.told * 100 / (self.told + self.untold).max(1)
    }
}

/// Who said it, who knows, and what they will be told.
#[utoipa::path(get, path = "/insights/{id}/tell", tag = "insights", params(("id" = i64, Path), TellQuery),
    responses((status = 200, body = TellView), (status = 404)))]
async fn page(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(insight): Id<i64>,
    Query(query): Query<TellQuery>,
) -> Result<Response> {
    may_see(&actor)?;
    let view = TellView::load(&app, &actor, &wants, InsightId(insight), &query).await?;
    wants.answer(&view)
}

impl TellView {
    async fn load(
        app: &App,
        actor: &Actor,
        wants: &Wants,
        insight: InsightId,
        query: &TellQuery,
    ) -> Result<Self> {
        let mut tx = app.db.read().await?;
        let insight = insights::insight(&mut tx, insight).await?;
        let (told, untold) = tell::told(&mut tx, insight.id).await?;
        let current = tell::current(&mut tx, insight.id).await?;
        let (mut telling, mut items, mut next, mut can_approve, mut first) =
            (None, Vec::new(), None, false, None);
        if let Some(current) = current {
            let limit = parts::limit(query.limit, RECIPIENTS);
            let after = CustomerId(query.cursor.unwrap_or(0));
            let found = tell::recipients(&mut tx, current.id, after, limit + 1).await?;
            let (found, goes_on) = parts::cut(found, limit, |last| last.customer.to_string());
            next = goes_on;
            items = recipients_json(&mut tx, &current, &found).await?;
            can_approve = tell::can_approve(&mut tx, actor, &current).await?;
            if let Some(next) = tell::first(&mut tx, current.id).await? {
                first = recipients_json(&mut tx, &current, &[next]).await?.pop();
            }
            telling = Some(telling_json(&mut tx, current).await?);
        }
        let area = if actor.can(Right::ReadCases) { Area::Hub } else { Area::Department };
        let page = wants.page(app, actor, area);
        let (errors, wrong) = (Corrections::default(), String::new());
        Ok(Self { page, insight, told, untold, telling, items, next, can_approve, first, errors, wrong })
    }

    /// With what was typed and has to be corrected.
    fn corrected(mut self, templates: Templates, errors: Vec<FieldError>) -> Self {
        let wrong = [&templates.de.text, &templates.de_informal, &templates.en.text]
            .map(|text| tell::wrong_placeholders(text));
        self.wrong = wrong.concat().join(" ");
        if let Some(telling) = &mut self.telling {
            (telling.template_de, telling.what_de) = (templates.de.text, templates.de.what);
            telling.template_de_informal = templates.de_informal;
            (telling.template_en, telling.what_en) = (templates.en.text, templates.en.what);
        }
        self.errors = Corrections::new("tpl-", errors);
        self
    }
}

/// Names and addresses: for those who tell or approve, not for other departments.
fn may_see(actor: &Actor) -> Result<()> {
    if actor.can(Right::TellCustomers) { Ok(()) } else { actor.may(Right::ApproveTelling) }
}

async fn telling_json(tx: &mut Tx, telling: Telling) -> Result<TellingJson> {
    let progress = tell::progress(tx, telling.id).await?;
    let mut names = Vec::new();
    for person in [telling.prepared_by, telling.approved_by] {
        names.push(match person {
            Some(person) => Some(people::person(tx, person).await?.name),
            None => None,
        });
    }
    let approved_by = names.pop().flatten();
    Ok(TellingJson {
        id: telling.id,
        state: telling.state,
        template_de: telling.template_de,
        template_de_informal: telling.template_de_informal,
        template_en: telling.template_en,
        what_de: telling.what_de,
        what_en: telling.what_en,
        prepared_by: names.pop().flatten(),
        prepared_at: telling.prepared_at,
        approved_by,
        approved_at: telling.approved_at,
        progress,
    })
}

async fn recipients_json(
    tx: &mut Tx,
    telling: &Telling,
    recipients: &[Recipient],
) -> Result<Vec<RecipientJson>> {
    let (ids, cases): (Vec<_>, Vec<_>) = recipients.iter().map(|one| (one.customer, one.case)).unzip();
    let customers = customers::some(tx, &ids).await?;
    let emails = customers::emails(tx, &ids).await?;
    let numbers = cases::numbers(tx, &cases).await?;
    let manners = tell::manners(tx, recipients).await?;
    let json = |one: &Recipient| {
        let customer = customers.get(&one.customer)?;
        let number = numbers.get(&one.case)?;
        let manner = *manners.get(&one.customer)?;
        // What was edited or sent says what it says.
        let tone = telling.text(manner).1.filter(|_| one.text.is_empty());
        Some(RecipientJson {
            customer: one.customer,
            name: customer.name.clone(),
            case: number.clone(),
            email: emails.get(&one.customer).cloned(),
            text: tell::message(telling, one, (customer, manner), number),
            edited: !one.text.is_empty() && one.contact.is_none(),
            skipped: one.skipped,
            told: one.contact.is_some(),
            tone,
            other_tone: manner.is_other(tone),
        })
    };
    Ok(recipients.iter().filter_map(json).collect())
}

#[derive(Serialize, ToSchema)]
struct Prepared {
    telling: i64,
}

/// Prepares a message for every customer who said it and does not know yet.
#[utoipa::path(post, path = "/insights/{id}/tell", tag = "insights", params(("id" = i64, Path)),
    responses((status = 200, body = Prepared), (status = 422)))]
async fn prepare(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(insight): Id<i64>,
) -> Result<Response> {
    actor.may(Right::TellCustomers)?;
    let mut tx = app.db.read().await?;
    let about = insights::insight(&mut tx, InsightId(insight)).await?;
    drop(tx);
    let template = |language| {
        let words = Words::new(language, app.zone(), app.now());
        let wish = about.kind == insights::Kind::Wish;
        let key = if wish { "tell-template-wish" } else { "tell-template-fixed" };
        // The title is in the house's language, which is that of who prepares; the other one has to be written.
        let what = if language == wants.words.language { about.title.clone() } else { String::new() };
        Message { text: words.with(key, "house", &app.settings().house).into_owned(), what }
    };
    let (de, en) = (template(Language::De), template(Language::En));
    let templates = Templates { de, de_informal: String::new(), en };
    let telling = tell::prepare(&app, &actor, InsightId(insight), templates).await?;
    wants.done(&format!("/insights/{insight}/tell"), "tell-prepared", &Prepared { telling })
}

#[derive(Deserialize, ToSchema)]
struct TemplatesForm {
    insight: i64,
    /// Placeholders: `{anrede}`, `{name}`, `{fall}`, `{was}`, or in English `{greeting}`, `{name}`, `{case}`, `{what}`
    de: String,
    /// The German message for those who are addressed informally; empty: the other one.
    #[serde(default)]
    de_informal: String,
    en: String,
    /// What `{was}` stands for in the German message.
    #[serde(default)]
    what_de: String,
    /// What `{what}` stands for in the English message.
    #[serde(default)]
    what_en: String,
}

/// Changes what everybody is told.
#[utoipa::path(post, path = "/tellings/{id}/templates", tag = "insights", params(("id" = i64, Path)),
    request_body = TemplatesForm, responses((status = 200, body = Prepared), (status = 409), (status = 422)))]
async fn rewrite(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(telling): Id<i64>,
    Input(form): Input<TemplatesForm>,
) -> Result<Response> {
    actor.may(Right::TellCustomers)?;
    let templates = Templates {
        de: Message { text: form.de, what: form.what_de.trim().to_owned() },
        de_informal: form.de_informal.trim().to_owned(),
        en: Message { text: form.en, what: form.what_en.trim().to_owned() },
    };
    match tell::rewrite(&app, &actor, telling, &templates).await {
        Ok(()) => wants.done(&format!("/insights/{}/tell", form.insight), "saved", &Prepared { telling }),
        Err(Error::Invalid(errors)) if !wants.json => {
            let query = TellQuery { cursor: None, limit: None };
            let view = TellView::load(&app, &actor, &wants, InsightId(form.insight), &query).await?;
            wants.answer_as(StatusCode::UNPROCESSABLE_ENTITY, &view.corrected(templates, errors))
        }
        Err(error) => Err(error),
    }
}

#[derive(Deserialize, ToSchema)]
struct RecipientForm {
    insight: i64,
    /// The message for this customer; empty: the template.
    text: Option<String>,
    /// `true` leaves them out, `false` takes them in again.
    skipped: Option<bool>,
}

/// Changes one customer's message, or leaves them out.
#[utoipa::path(post, path = "/tellings/{id}/customers/{customer}", tag = "insights",
    params(("id" = i64, Path), ("customer" = i64, Path)), request_body = RecipientForm,
    responses((status = 200, body = Prepared), (status = 409), (status = 422)))]
async fn change(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id((telling, customer)): Id<(i64, i64)>,
    Input(form): Input<RecipientForm>,
) -> Result<Response> {
    actor.may(Right::TellCustomers)?;
    let customer = CustomerId(customer);
    if let Some(text) = &form.text {
        tell::edit(&app, &actor, telling, customer, text).await?;
    }
    if let Some(skipped) = form.skipped {
        tell::skip(&app, &actor, telling, customer, skipped).await?;
    }
    wants.done(&format!("/insights/{}/tell", form.insight), "saved", &Prepared { telling })
}

#[derive(Deserialize, IntoParams)]
struct Approval {
    /// How many customers will be told, as whoever approves was shown; pages have to say it.
    customers: Option<i64>,
}

/// Lets the messages go; needs somebody other than who prepared them.
#[utoipa::path(post, path = "/tellings/{id}/approval", tag = "insights", params(("id" = i64, Path), Approval),
    responses((status = 200, body = Prepared), (status = 409), (status = 422)))]
async fn approve(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(telling): Id<i64>,
    Query(approval): Query<Approval>,
) -> Result<Response> {
    actor.may(Right::ApproveTelling)?;
    let insight = match approval.customers {
        Some(customers) => tell::approve_for(&app, &actor, telling, customers).await?,
        None if wants.json => tell::approve(&app, &actor, telling).await?,
        None => return Err(Error::invalid("customers", "tell-count-changed")),
    };
    wants.done(&format!("/insights/{insight}/tell"), "tell-approved", &Prepared { telling })
}

/// Takes the whole telling back, as long as it is not approved.
#[utoipa::path(post, path = "/tellings/{id}/end", tag = "insights", params(("id" = i64, Path)),
    responses((status = 200, body = Prepared), (status = 409)))]
async fn take_back(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(telling): Id<i64>,
) -> Result<Response> {
    actor.may(Right::TellCustomers)?;
    let insight = tell::take_back(&app, &actor, telling).await?;
    wants.done(&format!("/insights/{insight}/tell"), "tell-taken-back", &Prepared { telling })
}
