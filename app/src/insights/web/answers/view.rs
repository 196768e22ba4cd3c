//! The page of one answer to many cases: what is written, each case, the one that is looked at.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use askama::Template;
use serde::Serialize;
use utoipa::ToSchema;

use crate::cases;
use crate::cases::{Case, Channel, Direction, Status};
use crate::customers;
use crate::findings;
use crate::insights;
use crate::insights::answers;
use crate::insights::answers::{Afterwards, CaseState, Progress, Run, RunCase, RunState};
use crate::people;
use crate::platform::{
    Actor, App, Area, CaseId, ContactId, InsightId, Language, Page, Result, Timestamp, Tone, Tx, Wants,
};

/// Characters of the customer's last words beside the answer.
const LAST_WORDS: i64 = 2_000;

#[derive(Template, Serialize, ToSchema)]
#[template(path = "insights/views/answers.html")]
pub(super) struct AnswersView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    title: String,
    insight: InsightId,
    /// Open cases of the insight that no answer to all went to since their customer wrote, up to 501.
    open_cases: i64,
    /// Those of them that are not on the list.
    #[serde(skip)]
    new_cases: i64,
    run: Option<RunJson>,
    /// The texts that these cases need, and those that are written.
    texts: Vec<TextJson>,
    items: Vec<ItemJson>,
    next: Option<String>,
    /// The case that is looked at.
    current: Option<CurrentJson>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = AnswerRun)]
struct RunJson {
    id: i64,
    state: RunState,
    text_de: String,
    /// The German one for those who are addressed informally.
    text_de_informal: String,
    text_en: String,
    /// What becomes of each case once it is answered.
    afterwards: Afterwards,
    version: i64,
    /// Who began it.
    by: Option<String>,
    at: Timestamp,
    /// Until then it can be taken back.
    stoppable_until: Option<Timestamp>,
    files: Vec<FileJson>,
    progress: Progress,
    /// Sending or taking back was given up after many attempts.
    failed: bool,
}

/// The text of the run for all who are written to alike.
#[derive(Serialize, ToSchema)]
#[schema(as = AnswerText)]
struct TextJson {
    language: Language,
    /// `null` where the language has one form of address only.
    tone: Option<Tone>,
    /// How many cases of the run are answered like this.
    cases: i64,
    text: String,
}

impl TextJson {
    /// Its field in the form.
    const fn field(&self) -> &'static str {
        match (self.language, self.tone) {
            (Language::De, Some(Tone::Informal)) => "de_informal",
            (Language::De, _) => "de",
            (Language::En, _) => "en",
        }
    }

    const fn label(&self) -> &'static str {
        match (self.language, self.tone) {
            (Language::De, Some(Tone::Informal)) => "answers-de-informal",
            (Language::De, _) => "answers-de-formal",
            (Language::En, _) => "answers-en",
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = AnswerFile)]
struct FileJson {
    id: i64,
    name: String,
    size: i64,
}

/// A case of the run.
#[derive(Serialize, ToSchema)]
#[schema(as = AnswerCase)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the API")]
struct ItemJson {
    number: String,
    subject: String,
    customer: String,
    language: Language,
    /// How the customer is addressed; `null` where their language has one form only.
    tone: Option<Tone>,
    channel: Channel,
    status: Status,
    /// What was said last, on one line.
    snippet: String,
    /// Since when it waits.
    since: Timestamp,
    state: CaseState,
    /// Why it was held back: a word of the pages.
    why: Option<String>,
    /// It has a text of its own.
    own: bool,
    /// There is something to send in the customer's language.
    has_text: bool,
    /// It is written for the other form of address.
    other_tone: bool,
    /// What was said last are words of the house.
    #[serde(skip)]
    of_house: bool,
}

/// The case that is looked at.
#[derive(Serialize, ToSchema)]
#[schema(as = AnswerLook)]
struct CurrentJson {
    number: String,
    state: CaseState,
    /// What the customer wrote last.
    said: Option<String>,
    /// What was documented of it.
    quote: Option<String>,
    /// What the customer would read, or did.
    text: String,
    /// Why it cannot be sent: a word of the pages.
    problem: Option<String>,
    /// The newest contact; sent back with an approval.
    seen: Option<ContactId>,
    /// Something was said since it was approved.
    outdated: bool,
    /// Whether the answer says „Sie" or „Du", where that is known.
    tone: Option<Tone>,
    /// The customer is addressed otherwise.
    other_tone: bool,
    /// Greeting or closing are written for „Sie", the text for „Du".
    mixed: bool,
}

impl CurrentJson {
    /// It is approved, and nothing was said since.
    fn is_settled(&self) -> bool {
        self.state == CaseState::Approved && !self.outdated
    }
}

impl AnswersView {
    fn is(&self, state: &str) -> bool {
        self.run.as_ref().is_some_and(|run| run.state.code() == state)
    }

    fn is_over(&self) -> bool {
        self.is("done") || self.is("cancelled")
    }

    /// The last run left something to be looked at once more.
    fn has_rest(&self) -> bool {
        let left = |run: &RunJson| run.progress.held + run.progress.withdrawn + run.progress.open != 0;
        self.is_over() && self.run.as_ref().is_some_and(left)
    }

    fn is_stoppable(&self, run: &RunJson) -> bool {
        let soon = run.stoppable_until.is_some_and(|until| self.page.now() < until);
        run.state == RunState::Sending || soon
    }

    fn is_current(&self, item: &ItemJson) -> bool {
        self.current.as_ref().is_some_and(|current| current.number == item.number)
    }

    fn by(&self, run: &RunJson) -> String {
        let by = run.by.as_deref().unwrap_or_default();
        self.page.with2("answers-by", ("name", by), ("when", self.page.when(&run.at))).into_owned()
    }

    /// What it is that is looked at once more.
    fn again(&self, run: &RunJson) -> Cow<'static, str> {
        if run.progress.held + run.progress.withdrawn == 0 {
            self.page.n("answers-again-open", run.progress.open)
        } else {
            self.page.t("answers-again")
        }
    }

    pub(super) async fn load(
        app: &App,
        actor: &Actor,
        wants: &Wants,
        insight: InsightId,
        case: Option<&str>,
    ) -> Result<Self> {
        let mut tx = app.db.read().await?;
        let about = insights::insight(&mut tx, insight).await?;
        let waiting = answers::unanswered(app, &mut tx, actor, insight, answers::MOST + 1).await?;
        let mut view = Self {
            title: about.title,
            insight,
            open_cases: i64::try_from(waiting.len()).unwrap_or(i64::MAX),
            new_cases: 0,
            run: None,
            texts: Vec::new(),
            items: Vec::new(),
            next: None,
            current: None,
            page: wants.page(app, actor, Area::Hub),
        };
        if let Some(run) = answers::current(&mut tx, insight).await? {
            let ours = answers::cases_of(&mut tx, actor, run.id).await?;
            let found = with_cases(&mut tx, ours).await?;
            let listed: HashSet<CaseId> = found.iter().map(|(one, _)| one.case).collect();
            let new = waiting.iter().filter(|case| !listed.contains(case)).count();
            view.new_cases = i64::try_from(new).unwrap_or(i64::MAX);
            view.items = items(&mut tx, &run, &found).await?;
            view.texts = texts(&run, &view.items);
            if let Some((one, of)) = chosen(&found, case) {
                view.current = Some(current(app, &mut tx, actor, &run, one, of).await?);
            }
            let json = run_json(&mut tx, run).await?;
            if let Some(until) = json.stoppable_until.filter(|until| app.now() < *until) {
                view.page.offer_stop("answers-leaving", format!("/answers/{}/end", json.id), until);
            }
            view.run = Some(json);
        }
        Ok(view)
    }
}

async fn with_cases(tx: &mut Tx, ours: Vec<RunCase>) -> Result<Vec<(RunCase, Case)>> {
    let ids: Vec<_> = ours.iter().map(|one| one.case).collect();
    let mut known = HashMap::new();
    for case in cases::some(tx, &ids).await? {
        known.insert(case.id, case);
    }
    Ok(ours.into_iter().filter_map(|one| known.remove(&one.case).map(|case| (one, case))).collect())
}

/// The case that was asked for, else the first that nobody looked at.
fn chosen<'a>(found: &'a [(RunCase, Case)], asked: Option<&str>) -> Option<(&'a RunCase, &'a Case)> {
    let asked = found.iter().find(|(_, case)| Some(case.number.as_str()) == asked);
    let open = || found.iter().find(|(one, _)| one.state == CaseState::Open);
    asked.or_else(open).or_else(|| found.first()).map(|(one, case)| (one, case))
}

async fn items(tx: &mut Tx, run: &Run, found: &[(RunCase, Case)]) -> Result<Vec<ItemJson>> {
    let ids: Vec<_> = found.iter().map(|(_, case)| case.customer).collect();
    let customers = customers::some(tx, &ids).await?;
    let queues = people::queues(tx).await?;
    let item = |(one, case): &(RunCase, Case)| {
        let customer = customers.get(&case.customer)?;
        let manner = customer.manner(queues.iter().find(|queue| queue.id == case.queue)?.tone);
        let (text, tone) = run.text(manner);
        let is_sent = matches!(one.state, CaseState::Sent | CaseState::Left);
        Some(ItemJson {
            number: case.number.clone(),
            subject: case.subject.clone(),
            customer: customer.name.clone(),
            language: manner.language,
            tone: manner.tone,
            channel: case.channel,
            status: case.status,
            snippet: case.snippet.clone(),
            since: case.due_from.unwrap_or(case.updated_at),
            state: one.state,
            why: one.why.clone(),
            own: one.text.is_some(),
            has_text: one.text.is_some() || !text.is_empty(),
            other_tone: one.text.is_none() && !is_sent && !text.is_empty() && manner.is_other(tone),
            of_house: case.is_of_house(),
        })
    };
    Ok(found.iter().filter_map(item).collect())
}

/// What is to be written: a text for each way in which one of the cases is answered. What is written is shown in any
/// case, so that nothing is sent that nobody sees.
fn texts(run: &Run, items: &[ItemJson]) -> Vec<TextJson> {
    let all = [
        (Language::De, Some(Tone::Formal), &run.text_de),
        (Language::De, Some(Tone::Informal), &run.text_de_informal),
        (Language::En, None, &run.text_en),
    ];
    let texts = all.into_iter().map(|(language, tone, text)| {
        let cases = items.iter().filter(|item| (item.language, item.tone) == (language, tone)).count();
        TextJson { language, tone, cases: i64::try_from(cases).unwrap_or(i64::MAX), text: text.clone() }
    });
    texts.filter(|one| one.cases != 0 || !one.text.is_empty()).collect()
}

async fn current(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    run: &Run,
    one: &RunCase,
    case: &Case,
) -> Result<CurrentJson> {
    let letter = answers::letter(app, tx, actor, run, one, case).await?;
    let sent = one.contact.filter(|_| matches!(one.state, CaseState::Sent | CaseState::Left));
    let text = match sent {
        Some(contact) => cases::contact(tx, contact).await?.text,
        None => letter.text,
    };
    let last = cases::beginnings(tx, case.id, 10, LAST_WORDS).await?;
    let said = last.into_iter().rfind(|contact| contact.direction == Direction::Inbound);
    let found = findings::of_case(tx, case.id).await?;
    let quote =
        found.into_iter().find(|found| found.insight == Some(run.insight)).and_then(|found| found.quote);
    let seen = answers::newest(tx, case.id).await?;
    Ok(CurrentJson {
        number: case.number.clone(),
        state: one.state,
        said: said.map(|contact| contact.text),
        quote,
        text,
        problem: letter.problem.map(str::to_owned),
        outdated: one.state == CaseState::Approved && one.seen < seen,
        seen,
        // What was sent may have been another text.
        tone: letter.tone.filter(|_| sent.is_none()),
        other_tone: letter.other_tone && sent.is_none(),
        mixed: letter.mixed && sent.is_none(),
    })
}

async fn run_json(tx: &mut Tx, run: Run) -> Result<RunJson> {
    let file = |file: answers::RunFile| FileJson { id: file.id, name: file.name, size: file.size };
    Ok(RunJson {
        by: Some(people::person(tx, run.person).await?.name),
        stoppable_until: answers::stoppable_until(tx, &run).await?,
        files: answers::files(tx, run.id).await?.into_iter().map(file).collect(),
        progress: answers::progress(tx, run.id).await?,
        failed: answers::has_failed(tx, &run).await?,
        id: run.id,
        state: run.state,
        text_de: run.text_de,
        text_de_informal: run.text_de_informal,
        text_en: run.text_en,
        afterwards: run.afterwards,
        version: run.version,
        at: run.at,
    })
}
