//! Lists of cases by what was documented in them: an insight, a station, a department.

use crate::cases::{Condition, Field, Finder, Test};
use crate::platform::Sql;

pub static FINDERS: [Finder; 3] = [
    Finder { field: Field::Insight, find: of_insight },
    Finder { field: Field::Station, find: at_station },
    Finder { field: Field::Department, find: of_department },
];

/// From the insight to its cases: it has few of all.
fn of_insight(statement: Sql, condition: &Condition) -> Sql {
    let documented = "EXISTS (SELECT 1 FROM findings f WHERE f.case_id = c.id AND f.withdrawn_at IS NULL
                              AND f.insight_id IS NOT NULL)";
    match condition.test {
        Test::Set => statement.push(documented),
        Test::Unset => statement.push("NOT ").push(documented),
        _ => statement
            .push(
                "c.id IN (SELECT f.case_id FROM findings f WHERE f.withdrawn_at IS NULL AND f.insight_id IN ",
            )
            .push_list(ids(condition))
            .push(")"),
    }
}

/// From the case to its findings: a station, as a department, has very many.
fn at_station(statement: Sql, condition: &Condition) -> Sql {
    statement.push(STANDING).push("f.station IN ").push_list(&condition.values).push(")")
}

fn of_department(statement: Sql, condition: &Condition) -> Sql {
    statement.push(STANDING).push("f.department_id IN ").push_list(ids(condition)).push(")")
}

const STANDING: &str =
    "EXISTS (SELECT 1 FROM findings f WHERE f.case_id = c.id AND f.withdrawn_at IS NULL AND ";

fn ids(condition: &Condition) -> Vec<i64> {
    condition.values.iter().filter_map(|value| value.parse().ok()).collect()
}
