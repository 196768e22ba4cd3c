//! What conditions are about, and how it is compared.

use futures::future::BoxFuture;
use jiff::tz::TimeZone;

use super::{Condition, moment, span};
use crate::cases::attributes::FieldType;
use crate::cases::model::{Bin, Priority, Status};
use crate::platform::{Result, Sql, Tx, codes};

const LONGEST: usize = 200;

codes! {
    /// What a condition is about.
    pub enum Field {
        Status = "status",
        Queue = "queue",
        /// The team of its queue.
        Team = "team",
        Owner = "owner",
        Deputy = "deputy",
        Follower = "follower",
        Customer = "customer",
        Company = "company",
        /// The customer's.
        Language = "language",
        /// The customer's contract or group.
        Group = "group",
        /// The customer's personal contact person.
        Keeper = "keeper",
        Channel = "channel",
        Priority = "priority",
        Subject = "subject",
        Created = "created",
        Updated = "updated",
        Due = "due",
        Wait = "wait",
        Closed = "closed",
        /// When something that was promised on it falls due, and is open.
        Promise = "promise",
        Product = "product",
        Documented = "documented",
        /// A kind of its findings.
        Signal = "signal",
        /// How many contacts it has.
        Contacts = "contacts",
        Attachment = "attachment",
        /// The sender of one of its contacts is probably forged.
        Suspicious = "suspicious",
        Private = "private",
        /// It is in another case, or others are in it.
        Merged = "merged",
        /// A message of it has not arrived.
        Failed = "failed",
        /// An answer of it leaves later.
        Planned = "planned",
        /// Its kind.
        CaseKind = "kind",
        /// Its state of the house's own.
        OwnState = "own-state",
        Tag = "tag",
        /// A field of the house's own, which the condition names.
        Own = "own",
        /// Who was called into it by a note.
        Mention = "mention",
        /// Who was called into it, and has not looked since.
        Unseen = "unseen",
        /// What one of its findings belongs to.
        Insight = "insight",
        /// Where in the customer's life one of its findings is.
        Station = "station",
        /// The department of one of its findings.
        Department = "department",
        /// What its customer bought so far, in whole euros: what is at stake.
        Revenue = "revenue",
        /// How likely its customer has gone elsewhere, by their own rhythm of orders.
        Risk = "risk",
        /// What the dearest of its causes has cost in service so far, in whole euros.
        Cost = "cost",
        /// Without a condition on it a list has no spam and no trash.
        Bin = "bin",
    }
}

codes! {
    /// How a field is compared.
    pub enum Test {
        Is = "is",
        IsNot = "is-not",
        Contains = "contains",
        NotContains = "not-contains",
        /// In the last so many minutes, hours or days.
        Within = "within",
        /// Longer ago.
        Older = "older",
        /// In the next so many minutes, hours or days.
        Ahead = "ahead",
        Before = "before",
        /// At that moment or later.
        After = "after",
        Set = "set",
        Unset = "unset",
        AtLeast = "at-least",
        AtMost = "at-most",
        /// One of several.
        Has = "has",
        HasAll = "has-all",
        HasNone = "has-none",
    }
}

/// What kind of values a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Codes(&'static [&'static str]),
    /// Ids of people, "me", and where it can be nobody "none".
    People {
        nobody: bool,
    },
    Queues,
    /// Ids, and "mine".
    Teams,
    /// Ids of what has too many to choose from.
    Ids,
    /// Names of groups that customers are in.
    Groups,
    Products,
    /// Ids, and "none".
    CaseKinds,
    /// Ids, and "none".
    OwnStates,
    /// Names, however they are written.
    Tags,
    /// Codes.
    Stations,
    Departments,
    Insights,
    /// Depends on the field.
    Own,
    Text,
    Moment,
    Number,
    /// "yes" or "no".
    Flag,
}

const STATUS: &[&str] = &[Status::Open.code(), Status::Waiting.code(), Status::Closed.code()];
const CHANNELS: &[&str] = &["email", "phone", "letter", "chat", "form", "social", "visit", "api"];
const PRIORITIES: &[&str] = &[Priority::Low.code(), Priority::Normal.code(), Priority::High.code()];
const SIGNALS: &[&str] = &["praise", "cause", "wish", "competitor", "hindrance", "unclear"];
const RISKS: &[&str] = &["low", "raised", "high", "unknown"];
const BINS: &[&str] = &[Bin::Spam.code(), Bin::Trash.code()];

impl Field {
    pub const fn kind(self) -> Kind {
        match self {
            Self::Status => Kind::Codes(STATUS),
            Self::Channel => Kind::Codes(CHANNELS),
            Self::Priority => Kind::Codes(PRIORITIES),
            Self::Language => Kind::Codes(&["de", "en"]),
            Self::Signal => Kind::Codes(SIGNALS),
            Self::Bin => Kind::Codes(BINS),
            Self::Risk => Kind::Codes(RISKS),
            Self::Owner | Self::Keeper => Kind::People { nobody: true },
            Self::Deputy | Self::Follower | Self::Mention | Self::Unseen => Kind::People { nobody: false },
            Self::Queue => Kind::Queues,
            Self::Team => Kind::Teams,
            Self::Customer | Self::Company => Kind::Ids,
            Self::Group => Kind::Groups,
            Self::Product => Kind::Products,
            Self::Subject => Kind::Text,
            Self::Created | Self::Updated | Self::Due | Self::Wait | Self::Closed | Self::Promise => {
                Kind::Moment
            }
            Self::Contacts | Self::Revenue | Self::Cost => Kind::Number,
            Self::CaseKind => Kind::CaseKinds,
            Self::OwnState => Kind::OwnStates,
            Self::Tag => Kind::Tags,
            Self::Own => Kind::Own,
            Self::Insight => Kind::Insights,
            Self::Station => Kind::Stations,
            Self::Department => Kind::Departments,
            Self::Documented
            | Self::Attachment
            | Self::Suspicious
            | Self::Private
            | Self::Merged
            | Self::Failed
            | Self::Planned => Kind::Flag,
        }
    }
}

impl Kind {
    /// How such a field can be compared, the usual way first.
    pub const fn tests(self) -> &'static [Test] {
        match self {
            Self::Codes(_)
            | Self::People { .. }
            | Self::Queues
            | Self::Teams
            | Self::Ids
            | Self::Products
            | Self::CaseKinds
            | Self::OwnStates
            | Self::Stations
            | Self::Departments => &[Test::Is, Test::IsNot],
            Self::Insights | Self::Groups => &[Test::Is, Test::IsNot, Test::Set, Test::Unset],
            Self::Tags => HAVE,
            Self::Own => Test::ALL,
            Self::Text => &[Test::Contains, Test::NotContains],
            Self::Moment => {
                &[Test::Within, Test::Older, Test::Ahead, Test::Before, Test::After, Test::Set, Test::Unset]
            }
            Self::Number => &[Test::AtLeast, Test::AtMost, Test::Is],
            Self::Flag => &[Test::Is],
        }
    }

    pub(super) fn takes(self, test: Test, value: &str) -> bool {
        let id = value.parse::<i64>().is_ok();
        let is_text = !value.trim().is_empty() && value.chars().count() <= LONGEST;
        match self {
            Self::Codes(codes) => codes.contains(&value),
            Self::People { nobody } => id || value == "me" || (nobody && value == "none"),
            Self::Teams => id || value == "mine",
            Self::Queues | Self::Ids | Self::Products | Self::Departments | Self::Insights => id,
            Self::CaseKinds | Self::OwnStates => id || value == "none",
            Self::Text | Self::Tags | Self::Stations | Self::Groups => is_text,
            Self::Own => match test {
                Test::AtLeast | Test::AtMost => value.parse::<f64>().is_ok_and(f64::is_finite),
                Test::Before | Test::After => moment(value, &TimeZone::UTC).is_some(),
                _ if test.is_span() => span(value).is_some(),
                _ => is_text,
            },
            Self::Moment if test.is_span() => span(value).is_some(),
            Self::Moment => moment(value, &TimeZone::UTC).is_some(),
            Self::Number => value.parse::<u32>().is_ok(),
            Self::Flag => value == "yes" || value == "no",
        }
    }
}

impl Test {
    /// It is compared with a length of time, not with a moment.
    pub const fn is_span(self) -> bool {
        matches!(self, Self::Within | Self::Older | Self::Ahead)
    }

    /// It is compared with a moment, or with a length of time from now.
    pub const fn is_moment(self) -> bool {
        self.is_span() || matches!(self, Self::Before | Self::After)
    }

    pub const fn needs_value(self) -> bool {
        !matches!(self, Self::Set | Self::Unset)
    }
}

/// How what can have several is compared.
const HAVE: &[Test] = &[Test::Has, Test::HasAll, Test::HasNone, Test::Set, Test::Unset];

/// How a field of the house's own can be compared, the usual way first.
pub const fn own_tests(field_type: FieldType) -> &'static [Test] {
    match field_type {
        FieldType::Text | FieldType::LongText | FieldType::Link | FieldType::Reference => {
            &[Test::Contains, Test::NotContains, Test::Is, Test::IsNot, Test::Set, Test::Unset]
        }
        FieldType::Number | FieldType::Money => &[Test::AtLeast, Test::AtMost, Test::Set, Test::Unset],
        FieldType::Date => Kind::Moment.tests(),
        FieldType::YesNo => &[Test::Is, Test::Set, Test::Unset],
        FieldType::Choice | FieldType::Choices => HAVE,
    }
}

/// How cases are found by what another slice knows of them. It declares them in its `Slice`: so lists use what their
/// slice may not know.
pub struct Finder {
    pub field: Field,
    /// Appends something true or false of the case `c`. Opposites ([`Test::IsNot`]) are turned around beforehand.
    pub find: fn(Sql, &Condition) -> Sql,
    /// Which of the values there is not; without it all are taken.
    pub missing: Option<Missing>,
}

/// Says which of a condition's values there is not.
pub type Missing = for<'a> fn(&'a mut Tx, &'a [String]) -> BoxFuture<'a, Result<Option<String>>>;

impl Finder {
    /// The one for a field, of whichever slice.
    pub fn of(field: Field) -> Option<&'static Self> {
        crate::SLICES.iter().flat_map(|slice| slice.finders).find(|finder| finder.field == field)
    }
}
