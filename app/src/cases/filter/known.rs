//! Whether there is what a filter names: queues, people, kinds, choices of the house's own fields, insights.
//!
//! Asked when a filter is kept or tried out, so that nobody waits for cases that can never be found. A kept filter
//! whose queue was closed since goes on and finds nothing.

use super::{Condition, Field, Filter, Finder, Kind, Test, own_tests};
use crate::cases::attributes;
use crate::cases::attributes::{CaseField, FieldType};
use crate::customers;
use crate::deadlines;
use crate::people;
use crate::platform::{Error, FieldError, Result, Tx, rows};

/// Of more groups not all are known.
const MOST_GROUPS: usize = 200;

/// # Errors
///
/// [`Error::Invalid`] as [`Filter::check`], and of the conditions that name what there is not.
pub async fn unless_known(tx: &mut Tx, filter: &Filter) -> Result<()> {
    filter.check()?;
    let mut faults = Vec::new();
    for (at, condition) in filter.conditions().enumerate() {
        if let Some(word) = fault(tx, condition).await? {
            faults.push(FieldError { field: rows::CONDITIONS.field(at), word });
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

async fn fault(tx: &mut Tx, condition: &Condition) -> Result<Option<&'static str>> {
    if condition.field == Field::Own {
        return fault_of_own(tx, condition).await;
    }
    if let Some(missing) = Finder::of(condition.field).and_then(|finder| finder.missing) {
        let missing = missing(tx, &condition.values).await?;
        return Ok(missing.map(|_| "filter-value-unknown"));
    }
    if condition.field == Field::Group {
        let known = deadlines::groups(tx).await?;
        let gone = known.len() < MOST_GROUPS && condition.values.iter().any(|value| !known.contains(value));
        return Ok(gone.then_some("filter-value-unknown"));
    }
    let Some(known) = ids(tx, condition.field).await? else { return Ok(None) };
    let gone = |value: &String| value.parse::<i64>().is_ok_and(|id| !known.contains(&id));
    Ok(condition.values.iter().any(gone).then_some("filter-value-unknown"))
}

/// All ids that a field can have; `None` where they are too many, or where it has none.
async fn ids(tx: &mut Tx, field: Field) -> Result<Option<Vec<i64>>> {
    Ok(Some(match field.kind() {
        Kind::Queues => people::queues(tx).await?.iter().map(|queue| queue.id.0).collect(),
        Kind::Teams => people::teams(tx).await?.iter().map(|team| team.id.0).collect(),
        Kind::People { .. } => people::all(tx).await?.iter().map(|person| person.id.0).collect(),
        Kind::Products => customers::products(tx).await?.iter().map(|product| product.id.0).collect(),
        Kind::CaseKinds => attributes::kinds(tx).await?.iter().map(|kind| kind.id.0).collect(),
        Kind::OwnStates => attributes::own_states(tx).await?.iter().map(|state| state.id.0).collect(),
        Kind::Departments => people::departments(tx).await?.iter().map(|one| one.id.0).collect(),
        _ => return Ok(None),
    }))
}

async fn fault_of_own(tx: &mut Tx, condition: &Condition) -> Result<Option<&'static str>> {
    let fields = attributes::fields(tx).await?;
    let field = fields.iter().find(|field| Some(&field.key) == condition.own.as_ref());
    let Some(field) = field.filter(|field| !field.archived) else {
        return Ok(Some("filter-own-wrong"));
    };
    if !own_tests(field.field_type).contains(&condition.test) {
        return Ok(Some("filter-test-wrong"));
    }
    let unknown = condition.test.needs_value()
        && !condition.values.iter().all(|value| takes(field, condition.test, value));
    Ok(unknown.then_some("filter-value-unknown"))
}

/// Can the field say so?
fn takes(field: &CaseField, test: Test, value: &str) -> bool {
    match field.field_type {
        FieldType::Choice | FieldType::Choices => field.choice(value).is_some(),
        FieldType::YesNo => test != Test::Is || matches!(value, "yes" | "no"),
        _ => true,
    }
}
