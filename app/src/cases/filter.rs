//! Which cases a list shows: conditions on the fields of a case, joined by "all" or "any", with one level of groups.
//!
//! It is kept and sent as JSON, made by a form of rows, and becomes one statement for both databases
//! (`store/filter.rs`). A new field is one line in [`Field`], one in [`Field::kind`] and one in the statement; what
//! another slice knows of cases it declares as a [`Finder`].
//! Deliberately absent: groups within groups, which nobody reads twice in the same way.

mod field;
mod known;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::field::{Field, Finder, Kind, Missing, Test, own_tests};
pub use self::known::unless_known;
use crate::platform::{Actor, App, Error, FieldError, Result, Timestamp, codes, rows};

/// More conditions than anybody reads.
const MOST: usize = rows::MOST;
/// Values of one condition.
const MOST_VALUES: usize = 100;

codes! {
    /// How conditions are joined.
    pub enum Join { All = "all", Any = "any" }
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
    /// Of `own`: the key of the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<String>,
}

impl Condition {
    pub fn new(field: Field, test: Test, values: &[&str]) -> Self {
        Self { field, test, values: values.iter().map(|value| (*value).to_owned()).collect(), own: None }
    }

    /// On a field of the house's own, by its key.
    pub fn of_own(key: &str, test: Test, values: &[&str]) -> Self {
        Self { own: Some(key.to_owned()), ..Self::new(Field::Own, test, values) }
    }

    #[expect(clippy::needless_pass_by_value, reason = "callers have codes and ids, which are small")]
    pub fn is(field: Field, value: impl ToString) -> Self {
        Self { field, test: Test::Is, values: vec![value.to_string()], own: None }
    }

    fn fault(&self) -> Option<&'static str> {
        let kind = self.field.kind();
        if !kind.tests().contains(&self.test) {
            return Some("filter-test-wrong");
        }
        if (self.field == Field::Own) != self.own.is_some() {
            return Some("filter-own-wrong");
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

    /// Whole euros that somebody typed, as cents: where they begin, and where the next euro does. A number that no
    /// book holds is the greatest or the smallest there is.
    pub fn cents(&self) -> (i64, i64) {
        let euros: i64 = self.values.first().and_then(|value| value.parse().ok()).unwrap_or(0);
        (euros.saturating_mul(100), euros.saturating_add(1).saturating_mul(100))
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
    pub also: Vec<Item>,
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
        self.also.push(Item::Condition(condition));
        self
    }

    /// One of these holds, too.
    #[must_use]
    pub fn and_any(mut self, of: Vec<Condition>) -> Self {
        self.also.push(Item::Group(Group { join: Join::Any, not: false, of }));
        self
    }

    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.of.iter().chain(&self.also).flat_map(Item::conditions)
    }

    /// Conditions that hold for every case that is found.
    pub fn certain(&self) -> impl Iterator<Item = &Condition> {
        let all = self.join == Join::All || self.of.len() == 1;
        let sure = self.of.iter().filter(move |_| all).chain(&self.also);
        sure.filter_map(|item| match item {
            Item::Condition(condition) => Some(condition),
            Item::Group(_) => None,
        })
    }

    /// # Errors
    ///
    /// [`Error::Invalid`] of `filter-0`, `filter-1` … for conditions that cannot be understood, and of `filter` if there
    /// are too many.
    pub fn check(&self) -> Result<()> {
        let empty = self.of.iter().any(|item| item.conditions().is_empty());
        if MOST < self.conditions().count() || empty {
            return Err(Error::invalid("filter", "filter-too-many"));
        }
        let faults = self.conditions().enumerate().filter_map(|(at, condition)| {
            condition.fault().map(|word| FieldError { field: rows::CONDITIONS.field(at), word })
        });
        let faults: Vec<FieldError> = faults.collect();
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
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
    /// Who is told what is found: nothing is that they may not know of.
    reader: &'a Actor,
    pub now: Timestamp,
    pub zone: TimeZone,
}

impl<'a> Eyes<'a> {
    pub fn of(app: &App, actor: &'a Actor) -> Self {
        Self { actor, reader: actor, now: app.now(), zone: app.zone() }
    }

    /// What Kitt itself finds, as far as `reader` may know of it: what a rule would find is told to whoever keeps it.
    pub fn of_kitt(app: &App, kitt: &'a Actor, reader: &'a Actor) -> Self {
        Self { reader, ..Self::of(app, kitt) }
    }

    pub const fn reader(&self) -> &'a Actor {
        self.reader
    }

    /// The same in another zone.
    pub fn in_zone(&self, zone: TimeZone) -> Self {
        Self { actor: self.actor, reader: self.reader, now: self.now, zone }
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
    fn euros_of_any_length_have_cents() {
        for (euros, cents) in [
            ("12", (1_200, 1_300)),
            ("0", (0, 100)),
            ("-1", (-100, 0)),
            ("9223372036854775807", (i64::MAX, i64::MAX)),
            ("-9223372036854775808", (i64::MIN, i64::MIN)),
            ("92233720368547758", (9_223_372_036_854_775_800, i64::MAX)),
            ("viel", (0, 100)),
        ] {
            assert_eq!(Condition::new(Field::Revenue, Test::AtLeast, &[euros]).cents(), cents, "{euros}");
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
        let asked = any.and(mine.clone());
        assert_eq!(asked.certain().count(), 1);
        assert_eq!(asked.and_any(vec![mine]).certain().count(), 1);
    }
}
