//! Kinds of notices, the ways on which they come, and what somebody wishes about both.

use std::collections::BTreeMap;

use calendar::{QuietHours, next_daily, next_hour};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::people;
use crate::platform::{CaseId, InsightId, PersonId, Timestamp, codes};

codes! {
    /// What somebody is to know.
    pub enum NoticeKind {
        /// A note calls them.
        Mentioned = "mentioned",
        /// A case was given to them, or they were made deputy or follower.
        Given = "given",
        /// A case of theirs went to somebody else.
        Taken = "taken",
        /// The customer wrote in a case of theirs.
        Contact = "contact",
        /// Somebody answered in a side conversation.
        Talk = "talk",
        /// An answer came back, or could not be sent.
        Failed = "failed",
        /// A case is handed to them, their queue or their department.
        Handoff = "handoff",
        /// Somebody said yes, no or what they found out.
        HandoffAnswered = "handoff_answered",
        Task = "task",
        TaskDue = "task_due",
        PromiseDue = "promise_due",
        /// A case waited until now.
        Woken = "woken",
        DeadlineNear = "deadline_near",
        DeadlineMissed = "deadline_missed",
        /// A missed deadline of the team.
        Escalated = "escalated",
        /// An insight is for them or their department.
        Insight = "insight",
        InsightDecided = "insight_decided",
        /// Customers are to be told, and somebody else has to agree.
        Approval = "approval",
        /// A rule of the house wants them to know of a case.
        Rule = "rule",
        /// Somebody proposes a change of an article that they answer for.
        ArticleProposed = "article_proposed",
        /// A change that they proposed was accepted or declined.
        ArticleDecided = "article_decided",
    }
}

impl NoticeKind {
    /// Translation key of what it is called in the settings.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mentioned => "notice-kind-mentioned",
            Self::Given => "notice-kind-given",
            Self::Taken => "notice-kind-taken",
            Self::Contact => "notice-kind-contact",
            Self::Talk => "notice-kind-talk",
            Self::Failed => "notice-kind-failed",
            Self::Handoff => "notice-kind-handoff",
            Self::HandoffAnswered => "notice-kind-handoff-answered",
            Self::Task => "notice-kind-task",
            Self::TaskDue => "notice-kind-task-due",
            Self::PromiseDue => "notice-kind-promise-due",
            Self::Woken => "notice-kind-woken",
            Self::DeadlineNear => "notice-kind-deadline-near",
            Self::DeadlineMissed => "notice-kind-deadline-missed",
            Self::Escalated => "notice-kind-escalated",
            Self::Insight => "notice-kind-insight",
            Self::InsightDecided => "notice-kind-insight-decided",
            Self::Approval => "notice-kind-approval",
            Self::Rule => "notice-kind-rule",
            Self::ArticleProposed => "notice-kind-article-proposed",
            Self::ArticleDecided => "notice-kind-article-decided",
        }
    }

    /// Translation key of the sentence, with how many it was, `$n`.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Mentioned => "notice-mentioned",
            Self::Given => "notice-given",
            Self::Taken => "notice-taken",
            Self::Contact => "notice-contact",
            Self::Talk => "notice-talk",
            Self::Failed => "notice-failed",
            Self::Handoff => "notice-handoff",
            Self::HandoffAnswered => "notice-handoff-answered",
            Self::Task => "notice-task",
            Self::TaskDue => "notice-task-due",
            Self::PromiseDue => "notice-promise-due",
            Self::Woken => "notice-woken",
            Self::DeadlineNear => "notice-deadline-near",
            Self::DeadlineMissed => "notice-deadline-missed",
            Self::Escalated => "notice-escalated",
            Self::Insight => "notice-insight",
            Self::InsightDecided => "notice-insight-decided",
            Self::Approval => "notice-approval",
            Self::Rule => "notice-rule",
            Self::ArticleProposed => "notice-article-proposed",
            Self::ArticleDecided => "notice-article-decided",
        }
    }

    pub const fn icon(self) -> &'static str {
        match self {
            Self::Mentioned | Self::Given => "user",
            Self::Taken => "out",
            Self::Contact | Self::Talk => "mail",
            Self::Failed => "flagq",
            Self::Handoff | Self::HandoffAnswered => "hand",
            Self::Task | Self::TaskDue => "list",
            Self::PromiseDue => "star",
            Self::Woken | Self::DeadlineNear | Self::DeadlineMissed | Self::Escalated => "clock",
            Self::Insight | Self::InsightDecided => "bulb",
            Self::Approval => "check",
            Self::Rule => "bell",
            Self::ArticleProposed | Self::ArticleDecided => "book",
        }
    }

    /// Somebody has to act before others suffer.
    pub const fn is_alarm(self) -> bool {
        matches!(self, Self::Failed | Self::DeadlineMissed | Self::Escalated)
    }

    /// It is about a proposed change of an article.
    pub const fn is_of_article(self) -> bool {
        matches!(self, Self::ArticleProposed | Self::ArticleDecided)
    }

    /// Also for people who see no cases: they are asked something.
    pub const fn asks(self) -> bool {
        matches!(self, Self::Handoff | Self::HandoffAnswered)
    }

    /// How it comes until somebody chose: everything in the page, what others wait for at once, nothing twice.
    pub const fn usual(self) -> Ways {
        let page = Ways { page: true, push: false, mail: false, digest: false };
        match self {
            Self::Mentioned | Self::Handoff | Self::Approval | Self::Escalated => {
                Ways { push: true, mail: true, ..page }
            }
            Self::Given | Self::Contact | Self::Talk | Self::Failed | Self::DeadlineMissed | Self::Rule => {
                Ways { push: true, ..page }
            }
            Self::TaskDue | Self::PromiseDue | Self::Insight => Ways { push: true, digest: true, ..page },
            _ => page,
        }
    }
}

/// On which ways a kind comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = NoticeWays)]
#[expect(clippy::struct_excessive_bools, reason = "four ways, each on or off")]
pub struct Ways {
    /// In the list behind the bell.
    pub page: bool,
    /// In the browsers that the person chose.
    pub push: bool,
    /// By mail within a minute.
    pub mail: bool,
    /// By mail together with others.
    pub digest: bool,
}

codes! {
    /// How often what was collected comes by mail.
    pub enum DigestRhythm { Hourly = "hourly", Daily = "daily" }
}

/// What somebody wishes about being told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wishes {
    /// What differs from the usual.
    pub ways: BTreeMap<NoticeKind, Ways>,
    pub digest: DigestRhythm,
    /// Of the day, for the daily digest.
    pub digest_minute: u16,
    pub quiet: QuietHours,
    /// As in Europe/Vienna; none: that of the house.
    pub zone: Option<String>,
    /// What a case is about may pass through the browser's maker, encrypted.
    pub push_subject: bool,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            ways: BTreeMap::new(),
            digest: DigestRhythm::Daily,
            digest_minute: 7 * 60 + 30,
            quiet: QuietHours::default(),
            zone: None,
            push_subject: false,
        }
    }
}

impl Wishes {
    pub fn ways(&self, kind: NoticeKind) -> Ways {
        self.ways.get(&kind).copied().unwrap_or_else(|| kind.usual())
    }

    pub fn zone(&self, house: &TimeZone) -> TimeZone {
        self.zone.as_deref().and_then(|name| TimeZone::get(name).ok()).unwrap_or_else(|| house.clone())
    }

    /// When quiet ends that is now.
    pub fn quiet_until(&self, now: Timestamp, house: &TimeZone) -> Option<Timestamp> {
        self.quiet.end(now.moment(), &self.zone(house)).map(Timestamp::from)
    }

    /// `at`, or the end of the quiet that is then.
    pub fn not_in_quiet(&self, at: Timestamp, house: &TimeZone) -> Timestamp {
        self.quiet_until(at, house).unwrap_or(at)
    }

    /// When the next digest leaves.
    pub fn next_digest(&self, now: Timestamp, house: &TimeZone) -> Timestamp {
        let next = match self.digest {
            DigestRhythm::Hourly => next_hour(now.moment()),
            DigestRhythm::Daily => next_daily(now.moment(), self.digest_minute, &self.zone(house))
                .unwrap_or_else(|| next_hour(now.moment())),
        };
        self.not_in_quiet(next.into(), house)
    }
}

/// Something that somebody is to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct News {
    pub kind: NoticeKind,
    pub case: Option<CaseId>,
    pub insight: Option<InsightId>,
    /// The contact, task, hand-off or proposed change that it is about.
    pub detail: Option<i64>,
    /// Who did it, unless it happened by itself.
    pub actor: Option<PersonId>,
}

/// A kept notice.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Notice {
    pub id: i64,
    #[sqlx(rename = "person_id")]
    pub person: PersonId,
    pub kind: NoticeKind,
    #[sqlx(rename = "case_id")]
    pub case: Option<CaseId>,
    #[sqlx(rename = "insight_id")]
    pub insight: Option<InsightId>,
    #[sqlx(rename = "detail_id")]
    pub detail: Option<i64>,
    #[sqlx(rename = "actor_id")]
    pub actor: Option<PersonId>,
    pub many: i64,
    pub first_at: Timestamp,
    pub at: Timestamp,
    pub read_at: Option<Timestamp>,
    pub push_at: Option<Timestamp>,
    pub mail_at: Option<Timestamp>,
}

/// A notice in words.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Notice)]
pub struct Line {
    pub id: i64,
    pub kind: NoticeKind,
    /// What happened, in the reader's language.
    pub what: String,
    /// How often within some minutes.
    pub many: i64,
    /// Who did it, unless it happened by itself.
    pub who: Option<String>,
    /// The case's number.
    pub case: Option<String>,
    /// What the case or the insight is about.
    pub about: Option<String>,
    pub at: Timestamp,
    /// Also if it asked something that is decided.
    pub read: bool,
    /// Where it leads.
    pub url: String,
}

/// A browser that somebody wants to be told in.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
#[schema(as = NoticeBrowser)]
pub struct Browser {
    pub id: i64,
    #[serde(skip)]
    #[sqlx(rename = "person_id")]
    pub person: PersonId,
    #[serde(skip)]
    pub endpoint: String,
    #[serde(skip)]
    pub p256dh: String,
    #[serde(skip)]
    pub auth: String,
    pub device: String,
    pub added_at: Timestamp,
    /// When a push arrived last.
    pub used_at: Option<Timestamp>,
}

impl Browser {
    /// "Firefox, Windows"
    pub fn name(&self) -> String {
        people::device_name(&self.device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_is_read_again_and_the_rest_is_usual() -> serde_json::Result<()> {
        let ways = BTreeMap::from([(NoticeKind::Contact, Ways { page: true, ..Ways::default() })]);
        let wishes = Wishes { ways, push_subject: true, ..Wishes::default() };
        let read: Wishes = serde_json::from_str(&serde_json::to_string(&wishes)?)?;
        assert_eq!(read, wishes);
        assert_eq!(read.ways(NoticeKind::Mentioned), NoticeKind::Mentioned.usual());
        assert!(!read.ways(NoticeKind::Contact).push);
        assert_eq!(serde_json::from_str::<Wishes>("{}")?, Wishes::default());
        Ok(())
    }

    #[test]
    fn a_digest_waits_for_the_end_of_quiet() {
        let vienna = TimeZone::get("Europe/Vienna").expect("it is in the list of zones");
        let at = |local: &str| -> Timestamp {
            let zoned: jiff::Zoned = format!("{local}[Europe/Vienna]").parse().expect("a moment");
            zoned.timestamp().into()
        };
        let quiet = QuietHours { from: 18 * 60, until: 9 * 60, ..QuietHours::default() };
        let wishes = Wishes { quiet, ..Wishes::default() };
        assert_eq!(wishes.next_digest(at("2026-11-16T12:00"), &vienna), at("2026-11-17T09:00"));
    }
}
