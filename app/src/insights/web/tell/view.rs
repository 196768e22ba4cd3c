//! What the page of a telling shows, which is its JSON, too.

use askama::Template;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::cases;
use crate::customers;
use crate::insights;
use crate::insights::Insight;
use crate::insights::tell::{self, Progress, Recipient, Telling, TellingState, Templates};
use crate::people;
use crate::platform::parts;
use crate::platform::web::Corrections;
use crate::platform::{
    Actor, App, Area, CustomerId, FieldError, InsightId, Page, Result, Right, Timestamp, Tone, Tx, Wants,
};

/// Recipients on one page.
const RECIPIENTS: i64 = 25;

#[derive(Default, Deserialize, IntoParams)]
pub(super) struct TellQuery {
    cursor: Option<i64>,
    /// At most 200.
    limit: Option<i64>,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "insights/views/tell.html")]
pub(super) struct TellView {
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

impl TellView {
    pub(super) async fn load(
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
    pub(super) fn corrected(mut self, templates: Templates, errors: Vec<FieldError>) -> Self {
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
