//! Which cases a list shows: conditions on the fields of a case, joined by "all" or "any", with one level of groups.
//!
//! It is kept and sent as JSON, made by a form of rows, and becomes one statement for both databases
//! (`store/filter.rs`). A new field is one line in [`Field`], one in [`Field::kind`] and one in the statement.
//! Deliberately absent: groups within groups, which nobody reads twice in the same way.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Bin, Priority, Status};
use crate::platform::{Actor, App, Error, Result, Timestamp, codes};

/// More conditions than anybody reads.
const MOST: usize = 40;
/// Values of one condition.
const MOST_VALUES: usize = 100;
const LONGEST: usize = 200;

codes! {
    /// How conditions are joined.
    pub enum Join { All = "all", Any = "any" }
}

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
    Products,
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
            Self::Owner | Self::Keeper => Kind::People { nobody: true },
            Self::Deputy | Self::Follower => Kind::People { nobody: false },
            Self::Queue => Kind::Queues,
            Self::Team => Kind::Teams,
            Self::Customer | Self::Company => Kind::Ids,
            Self::Product => Kind::Products,
            Self::Subject => Kind::Text,
            Self::Created | Self::Updated | Self::Due | Self::Wait | Self::Closed | Self::Promise => {
                Kind::Moment
            }
            Self::Contacts => Kind::Number,
            Self::Documented | Self::Attachment | Self::Suspicious | Self::Private => Kind::Flag,
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
            | Self::Products => &[Test::Is, Test::IsNot],
            Self::Text => &[Test::Contains, Test::NotContains],
            Self::Moment => {
                &[Test::Within, Test::Older, Test::Ahead, Test::Before, Test::After, Test::Set, Test::Unset]
            }
            Self::Number => &[Test::AtLeast, Test::AtMost, Test::Is],
            Self::Flag => &[Test::Is],
        }
    }

    fn takes(self, test: Test, value: &str) -> bool {
        let id = value.parse::<i64>().is_ok();
        match self {
            Self::Codes(codes) => codes.contains(&value),
            Self::People { nobody } => id || value == "me" || (nobody && value == "none"),
            Self::Teams => id || value == "mine",
            Self::Queues | Self::Ids | Self::Products => id,
            Self::Text => !value.trim().is_empty() && value.chars().count() <= LONGEST,
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

    pub const fn needs_value(self) -> bool {
        !matches!(self, Self::Set | Self::Unset)
    }
}

/// One condition. Several values: any of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Condition {
    pub field: Field,
    pub test: Test,
    /// Codes, ids, "me", "mine", "none", "yes", "no", a text, a moment such as 2026-11-16 or 2026-11-16T09:00, a
    /// length of time such as 30m, 12h or 7d.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

impl Condition {
    pub fn new(field: Field, test: Test, values: &[&str]) -> Self {
        Self { field, test, values: values.iter().map(|value| (*value).to_owned()).collect() }
    }

    #[expect(clippy::needless_pass_by_value, reason = "callers have codes and ids, which are small")]
    pub fn is(field: Field, value: impl ToString) -> Self {
        Self { field, test: Test::Is, values: vec![value.to_string()] }
    }

    fn fault(&self) -> Option<&'static str> {
        let kind = self.field.kind();
        if !kind.tests().contains(&self.test) {
            return Some("filter-test-wrong");
        }
        if !self.test.needs_value() {
            return None;
        }
        if self.values.is_empty() {
            return Some("filter-value-missing");
        }
        let fits = |value: &String| kind.takes(self.test, value);
        (MOST_VALUES < self.values.len() || !self.values.iter().all(fits)).then_some("filter-value-wrong")
    }
}

/// Conditions in brackets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CaseFilterGroup)]
pub struct Group {
    pub join: Join,
    /// What they find is left out.
    #[serde(default)]
    pub not: bool,
    pub of: Vec<Condition>,
}

/// A condition, or several in brackets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = CaseFilterItem)]
pub enum Item {
    Group(Group),
    Condition(Condition),
}

impl Item {
    pub fn conditions(&self) -> &[Condition] {
        match self {
            Self::Group(group) => &group.of,
            Self::Condition(condition) => std::slice::from_ref(condition),
        }
    }
}

/// Which cases a list shows. Empty: all, but spam and trash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CaseFilter)]
pub struct Filter {
    #[serde(default = "Filter::all_of")]
    pub join: Join,
    #[serde(default)]
    pub of: Vec<Item>,
    /// What a page asks for beside: all of these hold, too.
    #[serde(skip)]
    pub also: Vec<Condition>,
}

impl Default for Filter {
    fn default() -> Self {
        Self { join: Join::All, of: Vec::new(), also: Vec::new() }
    }
}

impl Filter {
    const fn all_of() -> Join {
        Join::All
    }

    pub fn all(conditions: impl IntoIterator<Item = Condition>) -> Self {
        Self { of: conditions.into_iter().map(Item::Condition).collect(), ..Self::default() }
    }

    #[must_use]
    pub fn and(mut self, condition: Condition) -> Self {
        self.also.push(condition);
        self
    }

    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.of.iter().flat_map(Item::conditions).chain(&self.also)
    }

    /// Conditions that hold for every case that is found.
    pub fn certain(&self) -> impl Iterator<Item = &Condition> {
        let single = |item: &'_ Item| matches!(item, Item::Condition(_));
        let all = self.join == Join::All || self.of.len() == 1;
        let sure = self.of.iter().filter(move |item| all && single(item)).flat_map(Item::conditions);
        sure.chain(&self.also)
    }

    /// # Errors
    ///
    /// [`Error::Invalid`] of `filter` if a condition cannot be understood, or if there are too many.
    pub fn check(&self) -> Result<()> {
        let empty = self.of.iter().any(|item| item.conditions().is_empty());
        if MOST < self.conditions().count() || empty {
            return Err(Error::invalid("filter", "filter-too-many"));
        }
        match self.conditions().find_map(Condition::fault) {
            Some(word) => Err(Error::invalid("filter", word)),
            None => Ok(()),
        }
    }

    /// A kept filter.
    ///
    /// # Errors
    ///
    /// As [`Self::check`], and if it is no filter at all.
    pub fn read(json: &str) -> Result<Self> {
        let malformed = |_| Error::invalid("filter", "filter-malformed");
        // A list would be taken for the fields of the filter, in their order.
        if !json.trim_start().starts_with('{') {
            return Err(Error::invalid("filter", "filter-malformed"));
        }
        let filter: Self = serde_json::from_str(json).map_err(malformed)?;
        filter.check()?;
        Ok(filter)
    }

    pub fn write(&self) -> Result<String> {
        Ok(serde_json::to_string(self)?)
    }
}

/// Who looks at a list, and when: what "me", "mine" and "the last 7 days" mean.
pub struct Eyes<'a> {
    pub actor: &'a Actor,
    pub now: Timestamp,
    pub zone: TimeZone,
}

impl<'a> Eyes<'a> {
    pub fn of(app: &App, actor: &'a Actor) -> Self {
        Self { actor, now: app.now(), zone: app.zone() }
    }

    /// The moment that a value means.
    pub fn moment(&self, value: &str) -> Option<Timestamp> {
        moment(value, &self.zone)
    }
}

/// Microseconds of "30m", "12h" or "7d".
pub fn span(value: &str) -> Option<i64> {
    let (number, unit) = value.split_at_checked(value.len().checked_sub(1)?)?;
    let minutes = match unit {
        "m" => 1,
        "h" => 60,
        "d" => 24 * 60,
        _ => return None,
    };
    let number = number.parse::<u32>().ok().filter(|number| *number <= 100_000)?;
    Some(i64::from(number) * minutes * 60_000_000)
}

/// RFC 3339, or a local day, or a local day and time.
fn moment(value: &str, zone: &TimeZone) -> Option<Timestamp> {
    if let Ok(moment) = value.parse::<jiff::Timestamp>() {
        return Some(moment.into());
    }
    let local: DateTime = value.parse().ok()?;
    Some(local.to_zoned(zone.clone()).ok()?.timestamp().into())
}

codes! {
    /// The order of a list.
    pub enum Sort {
        /// What is due first; what is closed at the end, the newest first.
        Due = "due",
        Newest = "newest",
        Oldest = "oldest",
        /// What changed last.
        Updated = "updated",
        /// What did not change for the longest time.
        Quiet = "quiet",
        /// The most important first, then what is due.
        Priority = "priority",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_read_as_it_was_written() -> Result<()> {
        let group = Group {
            join: Join::Any,
            not: true,
            of: vec![Condition::is(Field::Owner, "none"), Condition::new(Field::Due, Test::Older, &["2h"])],
        };
        let filter = Filter {
            join: Join::All,
            of: vec![
                Item::Condition(Condition::new(Field::Status, Test::Is, &["open", "waiting"])),
                Item::Group(group),
            ],
            also: Vec::new(),
        };

        assert_eq!(Filter::read(&filter.write()?)?, filter);
        Ok(())
    }

    #[test]
    fn what_cannot_be_understood_is_told() {
        for (json, word) in [
            ("[]", "filter-malformed"),
            (r#"{"of":[{"field":"colour","test":"is","values":["red"]}]}"#, "filter-malformed"),
            (r#"{"of":[{"field":"status","test":"contains","values":["open"]}]}"#, "filter-test-wrong"),
            (r#"{"of":[{"field":"status","test":"is"}]}"#, "filter-value-missing"),
            (r#"{"of":[{"field":"status","test":"is","values":["new"]}]}"#, "filter-value-wrong"),
            (r#"{"of":[{"field":"owner","test":"is","values":["1 OR 1=1"]}]}"#, "filter-value-wrong"),
            (r#"{"of":[{"field":"created","test":"within","values":["7 days"]}]}"#, "filter-value-wrong"),
            (r#"{"of":[{"field":"created","test":"before","values":["31.12."]}]}"#, "filter-value-wrong"),
            (r#"{"of":[{"join":"any","of":[]}]}"#, "filter-too-many"),
        ] {
            let error = Filter::read(json);
            let told = matches!(&error, Err(Error::Invalid(errors)) if errors[0].word == word);
            assert!(told, "{json}: {error:?}");
        }
    }

    #[test]
    fn lengths_of_time_are_minutes_hours_or_days() {
        for (value, micros) in [
            ("30m", Some(1_800_000_000)),
            ("2h", Some(7_200_000_000)),
            ("7d", Some(604_800_000_000)),
            ("0m", Some(0)),
            ("7", None),
            ("d", None),
            ("", None),
            ("-1d", None),
            ("1ä", None),
        ] {
            assert_eq!(span(value), micros, "{value}");
        }
    }

    #[test]
    fn only_what_every_found_case_has_is_certain() {
        let open = Condition::is(Field::Status, "open");
        let mine = Condition::is(Field::Owner, "me");
        let all = Filter::all([open.clone(), mine.clone()]);
        let any = Filter { join: Join::Any, ..all.clone() };

        assert_eq!(all.certain().count(), 2);
        assert_eq!(any.certain().count(), 0);
        assert_eq!(any.and(mine).certain().count(), 1);
    }
}
