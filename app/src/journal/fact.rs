//! The vocabulary of what can happen in the house, in the past tense.
//!
//! Stored facts are a format: variants and fields are added, never changed or removed; a golden file per
//! variant holds this. They carry ids, sums and codes, never personal text, so that erasing a customer leaves
//! history intact.
//!
//! This is a table, a fact in a line as far as it fits: it grows with the house and is read by its headings.

use serde::{Deserialize, Serialize};

use crate::platform::{
    CaseFieldId, CaseId, CaseKindId, ContactId, DepartmentId, FindingId, JobId, MailboxId, OwnStateId,
    PersonId, PolicyId, QueueId, ReceivedId, Role, TagId, Timestamp, TokenId,
};

#[rustfmt::skip]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    // customers
    CustomerAdded,
    CustomerChanged { field: String },
    /// A customer does not want messages of a purpose, and said so in some way.
    ObjectionRaised { purpose: String, way: String },
    ObjectionLifted { purpose: String },
    PromiseMade { promise: i64 },
    PromiseEnded { promise: i64, kept: bool },
    /// The customer was told of another day.
    PromiseMoved {
        promise: i64,
        due: Timestamp,
        /// The day before that; not known of facts from before it was recorded, here as below.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Timestamp>,
    },
    /// It should not have been made.
    PromiseWithdrawn { promise: i64 },
    /// It is open again, since what ended it was taken back.
    PromiseReopened { promise: i64 },

    // cases
    CaseOpened { queue: QueueId, channel: String },
    ContactReceived { contact: ContactId, channel: String },
    /// An answer was written; the channel sends it once its undo time is over.
    ContactWritten { contact: ContactId, channel: String },
    ContactWithdrawn { contact: ContactId },
    ContactSent { contact: ContactId },
    ContactFailed { contact: ContactId, permanent: bool },
    /// The server of the recipient says that it has the message.
    ContactDelivered { contact: ContactId },
    /// A server on the way still tries.
    ContactDelayed { contact: ContactId },
    NoteAdded { contact: ContactId },
    NoteWithdrawn { contact: ContactId },
    CaseAssigned {
        to: Option<PersonId>,
        /// Whose it was; not known of facts from before it was recorded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<PersonId>,
    },
    CaseMoved { queue: QueueId },
    /// Its owner gave it back, for a reason of the list.
    CaseHandedBack { reason: String },
    /// Somebody else said that a person is there, busy or away.
    AttendanceSet { person: PersonId, attendance: String },
    /// What a person can do was entered.
    ProfileSet { person: PersonId },
    CaseSetWaiting {
        until: Option<Timestamp>,
        /// It waited until then already.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Timestamp>,
        /// Not for the customer but for those to whom it was handed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        handoff: Option<i64>,
    },
    CaseWoken,
    /// It waited, and something was said: it is open.
    CaseResumed,
    CaseClosed,
    CaseReopened,
    TimeSpent { seconds: i64 },
    /// The same customer came again within seven days for the same cause.
    ContactRepeated { earlier: i64 },
    /// A mail to an earlier case opened this one: about something else, or too late.
    CaseFollows { earlier: CaseId, why: String },
    /// The contacts of a case were moved into the one that it follows; recorded about both.
    CasesJoined { from: CaseId, into: CaseId },
    /// That was taken back.
    CasesParted { from: CaseId, into: CaseId },
    CasePrioritised { priority: String },
    /// It is spam or trash.
    CaseBinned { bin: String },
    /// It is neither, and work again.
    CaseRestored,
    /// It became private, or open again.
    CaseVeiled { private: bool },
    /// The same was done to many cases; each has its own facts, too.
    CasesChanged { run: i64, cases: i64 },
    /// That was taken back, as far as nobody had changed them since.
    CasesChangedBack { run: i64, cases: i64 },
    /// A list of cases was taken out of the house as a file.
    CasesExported { format: String },
    /// So was any other list.
    ListExported { list: String, format: String },
    CaseKindSet { kind: Option<CaseKindId> },
    /// A state of the house's own; without one the case is just open, waiting or closed.
    CaseStateSet {
        state: Option<OwnStateId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<OwnStateId>,
    },
    CaseTagged { tag: TagId },
    CaseUntagged { tag: TagId },
    /// All cases with a tag have another one instead; the first is gone.
    TagsMerged {
        from: TagId,
        into: TagId,
    },
    /// What stood and stands in it may be personal, so it is kept beside the journal.
    CaseFieldSet {
        field: CaseFieldId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wording: Option<i64>,
    },
    /// A deadline will pass soon.
    DeadlineNear { clock: String },
    DeadlineMissed {
        clock: String,
        /// Where the case was then.
        queue: QueueId,
    },
    /// What follows a missed deadline: a step, counted from 1.
    CaseEscalated {
        clock: String,
        step: i64,
        /// The case became urgent.
        raised: bool,
        /// The team's lead is to know.
        lead: bool,
    },
    ComplaintMarked { complaint: bool },
    /// How a complaint was closed: accepted, escalation, silent.
    ComplaintEnded { outcome: String },
    /// The customer was told that what they wrote has arrived.
    CaseAcknowledged { contact: ContactId },
    /// Contacts of a case became a case of their own; recorded about both.
    CaseSplit { from: CaseId, into: CaseId },
    /// What people say about a case and another one; recorded about both.
    CaseRelated { other: CaseId, tie: String },
    CaseUnrelated { other: CaseId },
    /// Somebody is deputy of a case, or follows it.
    PersonInvolved { person: PersonId, part: String },
    PersonReleased { person: PersonId, part: String },
    /// To one of the three.
    CaseHandedOff {
        handoff: i64,
        queue: Option<QueueId>,
        person: Option<PersonId>,
        department: Option<DepartmentId>,
    },
    HandoffAccepted { handoff: i64 },
    HandoffDeclined { handoff: i64 },
    HandoffAnswered { handoff: i64 },
    HandoffWithdrawn { handoff: i64 },
    /// It was answered or withdrawn by mistake: it is as before.
    HandoffReopened { handoff: i64 },
    TaskAdded { task: i64 },
    TaskChanged {
        task: i64,
        /// Its title was another, which is kept beside the journal.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wording: Option<i64>,
        /// Who does it, if that changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<Turn<PersonId>>,
        /// Until when, if that changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Turn<Timestamp>>,
    },
    TaskDone { task: i64 },
    TaskReopened { task: i64 },
    TaskRemoved { task: i64 },
    TaskRestored { task: i64 },
    /// The case waited for its customer for as long as its queue waits.
    CustomerReminded { contact: ContactId },
    /// A call or letter of ours was written down.
    ContactLogged { contact: ContactId, channel: String },
    /// The case opened by itself, as it does again and again.
    CaseRecurred { recurring: i64 },
    /// Somebody put their own time right; it costs what it cost then.
    TimeCorrected { seconds: i64, priced_at: Timestamp },
    /// The text of a file can be searched.
    FileRead { contact: ContactId, attachment: i64 },
    /// Somebody who was nobody of this case belongs to it now.
    StrangerAccepted { contact: ContactId },
    /// That was a mistake.
    StrangerExcluded { contact: ContactId },
    /// A conversation with somebody else than the customer began in the case.
    TalkBegun { talk: i64 },
    /// Whoever it is held with answered.
    TalkAnswered { contact: ContactId, talk: i64 },
    /// Somebody goes on with what a colleague began to write.
    DraftTaken { draft: i64, from: PersonId },
    /// Whoever took it gives it back.
    DraftReturned { draft: i64, to: PersonId },
    DraftDiscarded { draft: i64 },
    DraftRestored { draft: i64 },
    /// A note calls somebody into the case.
    PersonMentioned { person: PersonId, contact: ContactId },

    // channels
    /// A mail of ours came back from this customer's address.
    AddressBounced { contact: ContactId, status: String, permanent: bool },
    /// An automatic mail was kept from leaving.
    ContactSuppressed { contact: ContactId, reason: String },
    /// A person sent it anyway.
    SuppressionLifted { contact: ContactId },
    /// Files of a message are too large for a mail and went as links.
    FilesLinked { contact: ContactId, files: i64 },
    FileLinkWithdrawn { contact: ContactId, attachment: i64 },
    FileLinkExtended { contact: ContactId, attachment: i64, until: Timestamp },
    MailKept { received: ReceivedId },
    MailUnprocessable { received: ReceivedId, reason: String },
    MailRetried { received: ReceivedId },
    /// Mails that a proof misses are brought in once more.
    ProofRepaired { proof: i64, mails: i64 },
    /// A person knows about differences of a proof; why is kept with them.
    ProofSettled { proof: i64, differences: i64 },

    // mailboxes
    MailboxAdded { mailbox: MailboxId },
    MailboxChanged { mailbox: MailboxId },
    /// The provider lets Kitt in until somebody there takes that back.
    MailboxConnected { mailbox: MailboxId },
    MailboxRemoved { mailbox: MailboxId },

    // findings
    FindingDocumented {
        finding: FindingId,
        kind: String,
        station: String,
        department: Option<DepartmentId>,
        share: i64,
    },
    FindingRevised { finding: FindingId, share: i64 },
    FindingWithdrawn { finding: FindingId },
    CauseUnknown,
    /// What was documented before stands again, or nothing.
    DocumentationTakenBack,

    // insights
    InsightProposed { kind: String, department: Option<DepartmentId> },
    InsightDecided { state: String, due: Option<Timestamp> },
    InsightMoved { department: Option<DepartmentId> },
    InsightOwned { person: Option<PersonId> },
    InsightCommented,
    TellingPrepared { customers: i64 },
    TellingApproved { customers: i64 },
    /// What is said, or to whom, was changed before the approval.
    TellingChanged { telling: i64 },
    /// Nobody else is told; before the approval by a person, after it because the insight came back.
    TellingTakenBack { telling: i64 },
    CustomerTold { contact: ContactId },
    /// One answer to the open cases of an insight is being written.
    AnswersPrepared { run: i64, cases: i64 },
    AnswersStarted { run: i64, cases: i64 },
    /// A case was answered with others of its insight.
    CaseAnswered { run: i64, contact: ContactId },
    AnswersSent { run: i64, sent: i64, held: i64 },
    /// Of what had been written some could be taken back, and some had left.
    AnswersCancelled { run: i64, withdrawn: i64, sent: i64 },

    // goodwill and walls
    RequestGranted { policy: PolicyId, version: i64 },
    /// A wall: the customer was told no under a policy.
    RequestRefused { policy: PolicyId, version: i64 },
    GoodwillGranted {
        kind: String,
        cents: i64,
        currency: String,
        /// A reversal costs what the original cost, by the rates of that time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        priced_at: Option<Timestamp>,
    },
    RefundEntered {
        cents: i64,
        currency: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        priced_at: Option<Timestamp>,
    },
    PolicyChanged { policy: PolicyId, version: i64 },

    // finance
    RatesChanged,
    ExposureReported { days: i64 },

    // people and administration
    PersonInvited {
        person: PersonId,
        /// As what; not known of facts from before it was recorded, or of one who was invited once more.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        roles: Vec<Role>,
    },
    PersonChanged {
        person: PersonId,
        /// What they were and are, if that changed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        from: Vec<Role>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        roles: Vec<Role>,
    },
    PasswordSet { person: PersonId },
    TokenCreated {
        token: TokenId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<Role>,
    },
    TokenRevoked { token: TokenId },
    SessionsRevoked { person: PersonId },
    SettingChanged {
        name: String,
        /// Which of them, where there are several, such as queues.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<i64>,
    },
    /// It and its cases exist for its team only, or for all again.
    QueueRestricted { queue: QueueId, restricted: bool },
    ViewSaved { view: i64 },
    ViewRemoved { view: i64 },
    ViewRestored { view: i64 },
    JobRetried { job: JobId },

    // text modules
    SnippetChanged { snippet: i64 },
    SnippetRemoved { snippet: i64 },

    // knowledge
    ArticleCreated { article: i64 },
    ArticleChanged { article: i64, version: i64 },
    ArticlePublished { article: i64 },
    ArticleArchived { article: i64 },
    /// It is a draft again.
    ArticleDrafted { article: i64 },
    /// It says again what it said in this version.
    ArticleRestored { article: i64, version: i64 },
    /// Somebody proposes what it should say, or something else than before.
    ArticleChangeProposed { article: i64, proposal: i64 },
    ArticleChangeWithdrawn { article: i64, proposal: i64 },
    /// It says so in this version.
    ArticleChangeAccepted { article: i64, proposal: i64, version: i64 },
    ArticleChangeDeclined { article: i64, proposal: i64 },
    /// It is as it was before something was done about it.
    ArticleChangeReopened { article: i64, proposal: i64 },

    // rules
    RuleSaved { rule: i64, version: i64 },
    /// By a person, or by itself after too many failures.
    RuleSwitched { rule: i64, on: bool },
    RuleMoved { rule: i64 },
    RuleRemoved { rule: i64 },
    RuleRestored { rule: i64 },
    /// It changed something about the case; what, is said by the facts that have the run as their cause.
    RuleApplied { rule: i64, version: i64, run: i64 },
    /// Somebody is to know of the case.
    RuleNotified { rule: i64, person: PersonId },
    WebhookSaved { webhook: i64 },
    WebhookRemoved { webhook: i64 },
    WebhookRestored { webhook: i64 },
}

/// What something was, and what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn<T> {
    pub from: Option<T>,
    pub to: Option<T>,
}

impl<T: PartialEq> Turn<T> {
    /// `None` if it is what it was.
    pub fn of(from: Option<T>, to: Option<T>) -> Option<Self> {
        (from != to).then_some(Self { from, to })
    }
}

impl Fact {
    /// A case waits until then, or until its customer writes.
    pub const fn waits(until: Option<Timestamp>) -> Self {
        Self::CaseSetWaiting { until, from: None, handoff: None }
    }

    /// Its kind, as it is stored.
    pub fn code(&self) -> String {
        let stored = serde_json::to_value(self).unwrap_or_default();
        stored["fact"].as_str().unwrap_or_default().to_owned()
    }
}
