//! Lists of cases by what was documented in them: a station, a department.

use futures::FutureExt;
use futures::future::BoxFuture;

use super::stations;
use crate::cases::{Condition, Field, Finder};
use crate::platform::{Result, Sql, Tx};

pub static FINDERS: [Finder; 2] = [
    Finder { field: Field::Station, find: at_station, missing: Some(no_station) },
    Finder { field: Field::Department, find: of_department, missing: None },
];

fn no_station<'a>(tx: &'a mut Tx, codes: &'a [String]) -> BoxFuture<'a, Result<Option<String>>> {
    async move {
        let known = stations(tx).await?;
        Ok(codes.iter().find(|code| known.iter().all(|station| station.code != **code)).cloned())
    }
    .boxed()
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
