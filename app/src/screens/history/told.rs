//! What a fact says beside its kind: whom or what it is about, what was before and what is now.

use money::{Currency, Money};

use super::kinds::called;
use crate::journal::{Entry, Fact, Turn};
use crate::platform::{
    CaseFieldId, CaseId, CaseKindId, DepartmentId, MailboxId, OwnStateId, PersonId, PolicyId, QueueId, Role,
    TagId, TeamId, Timestamp, TokenId,
};

/// Something that a fact names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Thing {
    Person(PersonId),
    Queue(QueueId),
    Department(DepartmentId),
    Case(CaseId),
    Kind(CaseKindId),
    State(OwnStateId),
    Tag(TagId),
    Field(CaseFieldId),
    Task(i64),
    Handoff(i64),
    Promise(i64),
    Rule(i64),
    Webhook(i64),
    View(i64),
    Recurring(i64),
    Checklist(i64),
    Snippet(i64),
    Article(i64),
    Policy(PolicyId),
    Mailbox(MailboxId),
    Token(TokenId),
    Team(TeamId),
    Roles(Vec<Role>),
    /// A translation key.
    Word(String),
    Text(String),
    Number(i64),
    Version(i64),
    Until(Timestamp),
    Money(Money),
}

/// What a fact says.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    pub about: Vec<Thing>,
    /// Of what changes at once, each beside what it becomes.
    pub from: Vec<Thing>,
    pub to: Vec<Thing>,
}

impl Told {
    fn about(about: impl IntoIterator<Item = Thing>) -> Self {
        Self { about: about.into_iter().collect(), ..Self::default() }
    }

    fn to(to: Thing) -> Self {
        Self { to: vec![to], ..Self::default() }
    }

    /// Something else changed, too.
    pub fn turn(&mut self, from: Thing, to: Thing) {
        self.from.push(from);
        self.to.push(to);
    }

    /// All that it names.
    pub fn things(&self) -> impl Iterator<Item = &Thing> {
        self.about.iter().chain(&self.from).chain(&self.to)
    }
}

/// What an entry says.
pub(super) fn told(entry: &Entry) -> Told {
    let fact = &entry.fact;
    of_stand(fact)
        .or_else(|| of_attributes(fact))
        .or_else(|| of_contacts(fact))
        .or_else(|| of_other_cases(entry))
        .or_else(|| of_work(fact))
        .or_else(|| of_house(fact))
        .or_else(|| of_rules(fact))
        .or_else(|| of_articles(fact))
        .unwrap_or_default()
}

pub(super) fn word(key: &str) -> Thing {
    Thing::Word(key.to_owned())
}

/// A code of a slice as its pages say it: what their keys begin with, and the code.
pub(super) fn coded(start: &str, code: &str) -> Thing {
    Thing::Word([start, code].concat())
}

/// What stood somewhere, as a reader sees it.
pub(super) fn or_none(text: Option<String>) -> Thing {
    text.map_or_else(|| word("history-none"), Thing::Text)
}

fn or_no_day(day: Option<Timestamp>) -> Thing {
    day.map_or_else(|| word("history-no-day"), Thing::Until)
}

pub(super) fn or_nobody(person: Option<PersonId>) -> Thing {
    person.map_or_else(|| word("history-nobody"), Thing::Person)
}

/// Where a case is, whose it is, and whether it is work.
fn of_stand(fact: &Fact) -> Option<Told> {
    Some(match fact {
        Fact::CaseOpened { queue, channel } => {
            Told { to: vec![Thing::Queue(*queue)], ..Told::about([coded("channel-", channel)]) }
        }
        Fact::CaseAssigned { to, from } => {
            Told { from: from.map(Thing::Person).into_iter().collect(), ..Told::to(or_nobody(*to)) }
        }
        Fact::CaseMoved { queue } => Told::to(Thing::Queue(*queue)),
        Fact::CaseHandedBack { reason } => Told::about([coded("assignment-refuse-", reason)]),
        Fact::CaseSetWaiting { until, from: Some(from), .. } => Told {
            from: vec![Thing::Until(*from)],
            ..Told::to(until.map_or_else(|| word("history-until-customer"), Thing::Until))
        },
        Fact::CaseSetWaiting { until, handoff, .. } => {
            Told::about(handoff.map(Thing::Handoff).into_iter().chain(until.map(Thing::Until)))
        }
        Fact::CaseBinned { bin } if bin == "spam" => Told::about([word("case-spam")]),
        Fact::CaseBinned { .. } => Told::about([word("history-trash")]),
        Fact::CaseVeiled { private } => {
            let (all, private_only) = (word("history-for-all"), word("history-private"));
            let (from, to) = if *private { (all, private_only) } else { (private_only, all) };
            Told { from: vec![from], ..Told::to(to) }
        }
        Fact::DeadlineNear { clock } | Fact::DeadlineMissed { clock, .. } => {
            Told::about([coded("deadline-clock-", clock)])
        }
        Fact::CaseEscalated { clock, raised, .. } => Told {
            to: raised.then(|| word("priority-high")).into_iter().collect(),
            ..Told::about([coded("deadline-clock-", clock)])
        },
        Fact::ComplaintEnded { outcome } => Told::about([coded("complaint-outcome-", outcome)]),
        _ => return None,
    })
}

fn of_attributes(fact: &Fact) -> Option<Told> {
    Some(match fact {
        Fact::CasePrioritised { priority } => Told::to(coded("priority-", priority)),
        Fact::CaseKindSet { kind } => Told::to(kind.map_or_else(|| word("history-none"), Thing::Kind)),
        Fact::CaseStateSet { state, from } => Told {
            from: from.map(Thing::State).into_iter().collect(),
            ..Told::to(state.map_or_else(|| word("history-none"), Thing::State))
        },
        Fact::CaseTagged { tag } | Fact::CaseUntagged { tag } => Told::about([Thing::Tag(*tag)]),
        Fact::CaseFieldSet { field, .. } => Told::about([Thing::Field(*field)]),
        Fact::TagsMerged { from, into } => {
            Told { from: vec![Thing::Tag(*from)], ..Told::to(Thing::Tag(*into)) }
        }
        _ => return None,
    })
}

fn of_contacts(fact: &Fact) -> Option<Told> {
    Some(match fact {
        Fact::ContactReceived { channel, .. }
        | Fact::ContactWritten { channel, .. }
        | Fact::ContactLogged { channel, .. } => Told::about([coded("channel-", channel)]),
        Fact::ContactFailed { permanent: false, .. } => Told::about([word("history-once-more")]),
        Fact::ContactSuppressed { reason, .. } => Told::about([coded("suppressed-", reason)]),
        Fact::FilesLinked { files, .. } => Told::about([Thing::Number(*files)]),
        Fact::FileLinkExtended { until, .. } => Told::about([Thing::Until(*until)]),
        Fact::DraftTaken { from, .. } => Told { from: vec![Thing::Person(*from)], ..Told::default() },
        Fact::DraftReturned { to, .. } => Told::to(Thing::Person(*to)),
        Fact::PersonMentioned { person, .. } => Told::about([Thing::Person(*person)]),
        _ => return None,
    })
}

/// Facts that are recorded about both cases name the other one.
fn of_other_cases(entry: &Entry) -> Option<Told> {
    Some(match &entry.fact {
        Fact::CaseFollows { earlier, .. } => Told::about([Thing::Case(*earlier)]),
        Fact::CasesJoined { from, into }
        | Fact::CasesParted { from, into }
        | Fact::CaseSplit { from, into } => {
            let other = if entry.about.case == Some(*from) { into } else { from };
            Told::about([Thing::Case(*other)])
        }
        Fact::CaseRelated { other, tie } => Told::about([Thing::Case(*other), coded("case-tie-", tie)]),
        Fact::CaseUnrelated { other } => Told::about([Thing::Case(*other)]),
        _ => return None,
    })
}

/// What people and rules do with a case together.
fn of_work(fact: &Fact) -> Option<Told> {
    Some(match fact {
        Fact::PersonInvolved { person, part } | Fact::PersonReleased { person, part } => {
            let part = called(fact).is_none().then(|| coded("case-part-", part));
            Told::about([Thing::Person(*person)].into_iter().chain(part))
        }
        Fact::CaseHandedOff { queue, person, department, .. } => {
            let queue = queue.map(Thing::Queue);
            let to = queue.or(person.map(Thing::Person)).or(department.map(Thing::Department));
            Told { to: to.into_iter().collect(), ..Told::default() }
        }
        Fact::HandoffAccepted { handoff }
        | Fact::HandoffDeclined { handoff }
        | Fact::HandoffAnswered { handoff }
        | Fact::HandoffWithdrawn { handoff }
        | Fact::HandoffReopened { handoff } => Told::about([Thing::Handoff(*handoff)]),
        Fact::TaskChanged { task, person, due, .. } => task_changed(*task, person.as_ref(), due.as_ref()),
        Fact::TaskAdded { task }
        | Fact::TaskDone { task }
        | Fact::TaskReopened { task }
        | Fact::TaskRemoved { task }
        | Fact::TaskRestored { task } => Told::about([Thing::Task(*task)]),
        Fact::PromiseMade { promise }
        | Fact::PromiseWithdrawn { promise }
        | Fact::PromiseReopened { promise } => Told::about([Thing::Promise(*promise)]),
        Fact::PromiseMoved { promise, due, from } => Told {
            from: from.map(Thing::Until).into_iter().collect(),
            to: vec![Thing::Until(*due)],
            ..Told::about([Thing::Promise(*promise)])
        },
        Fact::PromiseEnded { promise, kept } => {
            let how = word(if *kept { "history-promise-kept" } else { "history-promise-broken" });
            Told::about([how, Thing::Promise(*promise)])
        }
        Fact::FindingDocumented { kind, department, .. } => {
            Told::about([coded("kind-", kind)].into_iter().chain(department.map(Thing::Department)))
        }
        Fact::CaseRecurred { recurring } => Told::about([Thing::Recurring(*recurring)]),
        Fact::RequestGranted { policy, .. } | Fact::RequestRefused { policy, .. } => {
            Told::about([Thing::Policy(*policy)])
        }
        Fact::GoodwillGranted { kind, cents, currency, .. } => {
            Told::about([coded("goodwill-kind-", kind)].into_iter().chain(money(*cents, currency)))
        }
        Fact::RefundEntered { cents, currency, .. } => Told::about(money(*cents, currency)),
        _ => return None,
    })
}

fn task_changed(task: i64, person: Option<&Turn<PersonId>>, due: Option<&Turn<Timestamp>>) -> Told {
    let mut told = Told::about([Thing::Task(task)]);
    if let Some(turn) = person {
        told.turn(or_nobody(turn.from), or_nobody(turn.to));
    }
    if let Some(turn) = due {
        told.turn(or_no_day(turn.from), or_no_day(turn.to));
    }
    told
}

fn money(cents: i64, currency: &str) -> Option<Thing> {
    currency.parse::<Currency>().ok().map(|currency| Thing::Money(Money::new(cents, currency)))
}

fn of_house(fact: &Fact) -> Option<Told> {
    Some(match fact {
        Fact::PersonChanged { person, from, roles } => {
            Told { from: as_what(from), to: as_what(roles), ..Told::about([Thing::Person(*person)]) }
        }
        Fact::PersonInvited { person, roles } => {
            Told { to: as_what(roles), ..Told::about([Thing::Person(*person)]) }
        }
        Fact::PasswordSet { person } | Fact::SessionsRevoked { person } | Fact::ProfileSet { person } => {
            Told::about([Thing::Person(*person)])
        }
        Fact::AttendanceSet { person, attendance } => {
            Told { to: vec![coded("attendance-", attendance)], ..Told::about([Thing::Person(*person)]) }
        }
        Fact::TokenCreated { token, role } => {
            let to = role.map(|role| Thing::Roles(vec![role])).into_iter().collect();
            Told { to, ..Told::about([Thing::Token(*token)]) }
        }
        Fact::TokenRevoked { token } => Told::about([Thing::Token(*token)]),
        Fact::SettingChanged { name, of } => {
            Told::about([setting(name)].into_iter().chain(of.and_then(|of| which(name, of))))
        }
        Fact::QueueRestricted { queue, restricted } => Told {
            to: vec![word(if *restricted { "history-for-team" } else { "history-for-all" })],
            ..Told::about([Thing::Queue(*queue)])
        },
        Fact::PolicyChanged { policy, version } => {
            Told::about([Thing::Policy(*policy), Thing::Version(*version)])
        }
        Fact::MailboxAdded { mailbox }
        | Fact::MailboxChanged { mailbox }
        | Fact::MailboxConnected { mailbox }
        | Fact::MailboxRemoved { mailbox } => Told::about([Thing::Mailbox(*mailbox)]),
        Fact::ProofRepaired { proof: number, .. }
        | Fact::ProofSettled { proof: number, .. }
        | Fact::ExposureReported { days: number }
        | Fact::CasesChanged { cases: number, .. }
        | Fact::CasesChangedBack { cases: number, .. } => Told::about([Thing::Number(*number)]),
        Fact::JobRetried { job } => Told::about([Thing::Text(job.to_string())]),
        Fact::CasesExported { format } => Told::about([Thing::Text(format.to_uppercase())]),
        Fact::ListExported { list, format } => {
            Told::about([coded("export-list-", list), Thing::Text(format.to_uppercase())])
        }
        Fact::SnippetChanged { snippet } | Fact::SnippetRemoved { snippet } => {
            Told::about([Thing::Snippet(*snippet)])
        }
        Fact::ViewSaved { view } | Fact::ViewRemoved { view } | Fact::ViewRestored { view } => {
            Told::about([Thing::View(*view)])
        }
        _ => return None,
    })
}

fn of_rules(fact: &Fact) -> Option<Told> {
    Some(match fact {
        Fact::RuleSaved { rule, version } | Fact::RuleApplied { rule, version, .. } => {
            Told::about([Thing::Rule(*rule), Thing::Version(*version)])
        }
        Fact::RuleSwitched { rule, on } => Told {
            to: vec![word(if *on { "history-on" } else { "history-off" })],
            ..Told::about([Thing::Rule(*rule)])
        },
        Fact::RuleMoved { rule } | Fact::RuleRemoved { rule } | Fact::RuleRestored { rule } => {
            Told::about([Thing::Rule(*rule)])
        }
        Fact::RuleNotified { person, .. } => Told::about([Thing::Person(*person)]),
        Fact::WebhookSaved { webhook }
        | Fact::WebhookRemoved { webhook }
        | Fact::WebhookRestored { webhook } => Told::about([Thing::Webhook(*webhook)]),
        _ => return None,
    })
}

fn of_articles(fact: &Fact) -> Option<Told> {
    Some(match fact {
        Fact::ArticleChanged { article, version }
        | Fact::ArticleRestored { article, version }
        | Fact::ArticleChangeAccepted { article, version, .. } => {
            Told::about([Thing::Article(*article), Thing::Version(*version)])
        }
        Fact::ArticleCreated { article }
        | Fact::ArticlePublished { article }
        | Fact::ArticleArchived { article }
        | Fact::ArticleDrafted { article }
        | Fact::ArticleChangeProposed { article, .. }
        | Fact::ArticleChangeWithdrawn { article, .. }
        | Fact::ArticleChangeDeclined { article, .. }
        | Fact::ArticleChangeReopened { article, .. } => Told::about([Thing::Article(*article)]),
        _ => return None,
    })
}

fn as_what(roles: &[Role]) -> Vec<Thing> {
    if roles.is_empty() { Vec::new() } else { vec![Thing::Roles(roles.to_vec())] }
}

/// Which one was changed, of a part of the settings that has several.
fn which(setting: &str, id: i64) -> Option<Thing> {
    Some(match setting {
        "departments" => Thing::Department(DepartmentId(id)),
        "fields" => Thing::Field(CaseFieldId(id)),
        "kinds" => Thing::Kind(CaseKindId(id)),
        "answer_frame" | "queue_mail" | "queues" => Thing::Queue(QueueId(id)),
        "checklists" => Thing::Checklist(id),
        "recurring" => Thing::Recurring(id),
        "states" => Thing::State(OwnStateId(id)),
        "tags" => Thing::Tag(TagId(id)),
        "teams" => Thing::Team(TeamId(id)),
        _ => return None,
    })
}

/// A part of the settings as its page calls it.
fn setting(name: &str) -> Thing {
    word(match name {
        "acknowledgements" => "settings-acknowledgements",
        "answer_frame" => "setting-answer-frame",
        "assignment" => "settings-assignment",
        "calendars" => "settings-calendars",
        "checklists" => "settings-checklists",
        "complaints" => "complaint-settings",
        "deadlines" => "settings-deadlines",
        "departments" => "settings-departments",
        "dkim" => "setting-dkim",
        "fields" => "setting-fields",
        "kinds" => "setting-kinds",
        "notices" => "settings-house-notices",
        "patience" => "settings-patience",
        "proof_report" => "setting-proof-report",
        "queue_mail" => "setting-queue-mail",
        "queues" => "settings-queues",
        "recurring" => "settings-recurring",
        "sending_rules" => "setting-sending-rules",
        "states" => "setting-states",
        "tags" => "setting-tags",
        "teams" => "settings-teams",
        "undo_seconds" => "setting-undo-seconds",
        other => return Thing::Text(other.to_owned()),
    })
}
