//! Which cases have an attribute: what lists and rules ask for, as part of their statement.
//!
//! From the attribute to its cases, along its index: what somebody asks for, few of all cases have. A field's standard
//! is not found: only what somebody said is.

use jiff::tz::TimeZone;

use super::value::folded;
use crate::cases::filter::{Condition, Eyes, Field, Test};
use crate::cases::store;
use crate::platform::Sql;

/// Appends something true or false of the case `c`. Opposites ([`Test::HasNone`]) are turned around beforehand.
pub fn find(statement: Sql, condition: &Condition, eyes: &Eyes) -> Sql {
    match condition.field {
        Field::CaseKind => one_of(statement, "c.kind_id", &condition.values),
        Field::OwnState => one_of(statement, "c.own_state_id", &condition.values),
        Field::Tag => tagged(statement, condition),
        _ => field(statement, condition, eyes),
    }
}

/// Ids, or "none".
fn one_of(statement: Sql, column: &'static str, values: &[String]) -> Sql {
    let ids: Vec<i64> = values.iter().filter_map(|value| value.parse().ok()).collect();
    if !values.iter().any(|value| value == "none") {
        return statement.push(column).push(" IN ").push_list(ids);
    }
    let nothing = statement.push("(").push(column).push(" IS NULL OR ");
    nothing.push(column).push(" IN ").push_list(ids).push(")")
}

fn tagged(mut statement: Sql, condition: &Condition) -> Sql {
    let names = |part: &[String]| part.iter().map(|name| name_of(name)).collect::<Vec<_>>();
    let having =
        "c.id IN (SELECT ct.case_id FROM case_tags ct JOIN tags g ON g.id = ct.tag_id WHERE g.folded IN ";
    match condition.test {
        Test::Set => statement.push("EXISTS (SELECT 1 FROM case_tags ct WHERE ct.case_id = c.id)"),
        Test::Unset => statement.push("NOT EXISTS (SELECT 1 FROM case_tags ct WHERE ct.case_id = c.id)"),
        Test::HasAll => {
            for (at, name) in condition.values.chunks(1).enumerate() {
                let between = if at == 0 { "(" } else { " AND " };
                statement = statement.push(between).push(having).push_list(names(name)).push(")");
            }
            statement.push(")")
        }
        _ => statement.push(having).push_list(names(&condition.values)).push(")"),
    }
}

/// A tag is one, however it is written.
fn name_of(name: &str) -> String {
    crate::customers::fold(name.trim().trim_start_matches('#'))
}

/// What stands in a field of the house's own.
fn field(statement: Sql, condition: &Condition, eyes: &Eyes) -> Sql {
    let key = condition.own.clone().unwrap_or_default();
    let statement = statement
        .push(if condition.test == Test::Unset { "NOT " } else { "" })
        .push("c.id IN (SELECT v.case_id FROM case_values v WHERE v.field_id = (SELECT f.id FROM case_fields f WHERE f.key = ")
        .push_bind(key)
        .push(") AND v.value <> ''");
    let values = &condition.values;
    let number = values.first().and_then(|value| value.parse::<f64>().ok()).unwrap_or_default();
    let statement = match condition.test {
        Test::Set | Test::Unset => statement,
        Test::Is => statement.push(" AND v.folded IN ").push_list(values.iter().map(|value| folded(value))),
        Test::Contains => any(statement, "v.folded LIKE ", " OR ", values, |value| format!("%{value}%")),
        Test::HasAll => any(statement, CHOSEN, " AND ", values, |key| format!("%,{key},%")),
        Test::AtLeast => statement.push(" AND v.number >= ").push_bind(number),
        Test::AtMost => statement.push(" AND v.number <= ").push_bind(number),
        _ if condition.test.is_moment() => {
            // A date is kept as its beginning in UTC.
            store::time(statement.push(" AND "), "v.at", condition, &eyes.in_zone(TimeZone::UTC))
        }
        _ => any(statement, CHOSEN, " OR ", values, |key| format!("%,{key},%")),
    };
    statement.push(")")
}

/// Keys of choices are kept with commas between them.
const CHOSEN: &str = "',' || v.value || ',' LIKE ";

fn any(
    mut statement: Sql,
    like: &'static str,
    between: &'static str,
    values: &[String],
    pattern: impl Fn(&str) -> String,
) -> Sql {
    for (at, value) in values.iter().enumerate() {
        // Only what is compared with the folded text is folded.
        let value = if like == CHOSEN { value.clone() } else { folded(value) };
        let escaped = value.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let before = if at == 0 { " AND (" } else { between };
        statement = statement.push(before).push(like).push_bind(pattern(&escaped)).push(" ESCAPE '!'");
    }
    statement.push(")")
}
