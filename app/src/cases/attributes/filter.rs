//! Which cases have an attribute: what lists and rules ask for, as parts of a statement.
//!
//! A field's standard is not found: only what somebody said is.

use super::value::folded;
use crate::platform::{CaseFieldId, CaseKindId, OwnStateId, Sql, TagId, Timestamp};

/// One condition on a case.
#[derive(Debug, Clone)]
pub enum Condition {
    /// `None`: no kind yet.
    Kind(Option<CaseKindId>),
    OwnState(OwnStateId),
    Tag(TagId),
    Untagged,
    Field(CaseFieldId, Test),
}

/// What stands in a field.
#[derive(Debug, Clone)]
pub enum Test {
    /// Anything.
    Filled,
    Empty,
    /// This, whatever the case of its letters; of choices their key.
    Is(String),
    Begins(String),
    /// One of several choices.
    Has(String),
    /// At least the first and at most the second number; of sums whatever their currency.
    Between(Option<f64>, Option<f64>),
    /// At or after the first day and before the second.
    During(Option<Timestamp>, Option<Timestamp>),
}

/// Appends " AND …" about the case `c`.
pub fn narrow(statement: Sql, condition: &Condition) -> Sql {
    match condition {
        Condition::Kind(Some(kind)) => statement.push(" AND c.kind_id = ").push_bind(*kind),
        Condition::Kind(None) => statement.push(" AND c.kind_id IS NULL"),
        Condition::OwnState(state) => statement.push(" AND c.own_state_id = ").push_bind(*state),
        Condition::Tag(tag) => {
            let has = " AND EXISTS (SELECT 1 FROM case_tags ct WHERE ct.case_id = c.id AND ct.tag_id = ";
            statement.push(has).push_bind(*tag).push(")")
        }
        Condition::Untagged => {
            statement.push(" AND NOT EXISTS (SELECT 1 FROM case_tags ct WHERE ct.case_id = c.id)")
        }
        Condition::Field(field, test) => field_is(statement, *field, test),
    }
}

fn field_is(statement: Sql, field: CaseFieldId, test: &Test) -> Sql {
    let not = if matches!(test, Test::Empty) { " AND NOT" } else { " AND" };
    let statement = statement
        .push(not)
        .push(
            " EXISTS (SELECT 1 FROM case_values v WHERE v.case_id = c.id AND v.value <> '' AND v.field_id = ",
        )
        .push_bind(field);
    let statement = match test {
        Test::Filled | Test::Empty => statement,
        Test::Is(whole) => statement.push(" AND v.folded = ").push_bind(folded(whole)),
        Test::Begins(start) => {
            let escaped = folded(start).replace('!', "!!").replace('%', "!%").replace('_', "!_");
            statement.push(" AND v.folded LIKE ").push_bind(format!("{escaped}%")).push(" ESCAPE '!'")
        }
        Test::Has(key) => {
            let escaped = key.replace('!', "!!").replace('%', "!%").replace('_', "!_");
            let like = format!("%,{escaped},%");
            statement.push(" AND ',' || v.value || ',' LIKE ").push_bind(like).push(" ESCAPE '!'")
        }
        Test::Between(from, to) => {
            let statement = at_least(statement, " AND v.number >= ", *from);
            at_least(statement, " AND v.number <= ", *to)
        }
        Test::During(from, to) => {
            let statement = at_least(statement, " AND v.at >= ", *from);
            at_least(statement, " AND v.at < ", *to)
        }
    };
    statement.push(")")
}

fn at_least<T: Into<crate::platform::Arg>>(statement: Sql, text: &'static str, bound: Option<T>) -> Sql {
    match bound {
        Some(bound) => statement.push(text).push_bind(bound),
        None => statement,
    }
}
