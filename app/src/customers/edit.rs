//! What people change about a customer. Every change is a fact; the facts name fields, never values.

use super::LONGEST_FIELD;
use super::model::{Change, NewCustomer, PointKind, fold_point};
use super::store;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{Actor, App, CustomerId, Error, FieldError, PersonId, Result, Right, Tx, dialect};

/// Adds a customer by hand.
///
/// # Errors
///
/// [`Error::Invalid`] without a name, or if a contact point is malformed or belongs to somebody else.
pub async fn create(app: &App, actor: &Actor, new: &NewCustomer) -> Result<CustomerId> {
    actor.may(Right::EditCustomers)?;
    let others = [
        ("salutation", new.salutation.as_ref()),
        ("street", new.street.as_ref()),
        ("postcode", new.postcode.as_ref()),
        ("town", new.town.as_ref()),
        ("country", new.country.as_ref()),
    ];
    let mut errors = wrong_lines(&new.name, others);
    for (kind, value) in &new.points {
        if !is_point(*kind, value) {
            errors.push(FieldError { field: kind.code(), word: "error-field-malformed" });
        }
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let mut tx = app.db.write().await?;
    works_here(&mut tx, new.keeper).await?;
    for (kind, value) in &new.points {
        free(&mut tx, *kind, value).await?;
    }
    let customer = super::add(app, &mut tx, actor, new).await?;
    tx.commit().await?;
    Ok(customer)
}

/// Changes name, salutation, address, language, form of address and keeper.
///
/// # Errors
///
/// [`Error::Stale`] if somebody changed the customer since `version`.
pub async fn change(app: &App, actor: &Actor, customer: CustomerId, change: &Change) -> Result<()> {
    actor.may(Right::EditCustomers)?;
    let others = [
        ("salutation", change.salutation.as_ref()),
        ("street", change.street.as_ref()),
        ("postcode", change.postcode.as_ref()),
        ("town", change.town.as_ref()),
        ("country", change.country.as_ref()),
    ];
    let wrong = wrong_lines(&change.name, others);
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "customer", customer.0).await?;
    let before = store::customer(&mut tx, customer).await?;
    works_here(&mut tx, change.keeper).await?;
    if before.version != change.version || !store::update(&mut tx, customer, change).await? {
        return Err(Error::Stale);
    }
    for field in change.differs_from(&before) {
        changed(app, &mut tx, actor, customer, field)?;
    }
    tx.commit().await
}

/// Adds a way to reach the customer.
///
/// # Errors
///
/// [`Error::Invalid`] if it is malformed or belongs to somebody else.
pub async fn add_point(
    app: &App,
    actor: &Actor,
    customer: CustomerId,
    kind: PointKind,
    value: &str,
) -> Result<()> {
    actor.may(Right::EditCustomers)?;
    let value = value.trim();
    if !is_point(kind, value) {
        return Err(Error::invalid("value", "error-field-malformed"));
    }
    let mut tx = app.db.write().await?;
    store::customer(&mut tx, customer).await?;
    if super::by_point(&mut tx, kind, value).await? != Some(customer) {
        free(&mut tx, kind, value).await?;
        store::insert_point(&mut tx, customer, kind, value).await?;
        changed(app, &mut tx, actor, customer, "points")?;
    }
    tx.commit().await
}

/// Forgets a way to reach the customer.
pub async fn remove_point(app: &App, actor: &Actor, customer: CustomerId, point: i64) -> Result<()> {
    actor.may(Right::EditCustomers)?;
    let mut tx = app.db.write().await?;
    store::delete_point(&mut tx, customer, point).await?;
    changed(app, &mut tx, actor, customer, "points")?;
    tx.commit().await
}

/// What is wrong with the fields of one line: a missing name, and what is too long to keep.
fn wrong_lines(name: &str, others: [(&'static str, Option<&String>); 5]) -> Vec<FieldError> {
    let mut wrong = Vec::from_iter(FieldError::of_text("name", name, LONGEST_FIELD));
    wrong.extend(
        others.into_iter().filter_map(|(field, text)| FieldError::of_text(field, text?, LONGEST_FIELD)),
    );
    wrong
}

fn changed(app: &App, tx: &mut Tx, actor: &Actor, customer: CustomerId, field: &'static str) -> Result<()> {
    let fact = Fact::CustomerChanged { field: field.into() };
    journal::record(app, tx, actor, About::customer(customer), fact)
}

async fn works_here(tx: &mut Tx, keeper: Option<PersonId>) -> Result<()> {
    let Some(keeper) = keeper else { return Ok(()) };
    match people::person(tx, keeper).await {
        Err(Error::NotFound) => Err(Error::invalid("keeper", "error-field-required")),
        found => found.map(drop),
    }
}

/// Nobody else may be reached there: mail would be filed with the wrong person.
async fn free(tx: &mut Tx, kind: PointKind, value: &str) -> Result<()> {
    match super::by_point(tx, kind, value).await? {
        None => Ok(()),
        Some(_) => Err(Error::invalid("value", "customers-point-taken")),
    }
}

/// Can somebody be reached there?
pub fn is_point(kind: PointKind, value: &str) -> bool {
    let folded = fold_point(kind, value);
    let long_enough = match kind {
        PointKind::Email => folded
            .split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !folded.contains(' ')),
        PointKind::Phone => 4 <= folded.len(),
        PointKind::Handle => !folded.is_empty(),
    };
    long_enough && value.chars().count() <= LONGEST_FIELD
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_point_can_be_used_to_reach_somebody() {
        for (kind, value, right) in [
            (PointKind::Email, "a@b.example", true),
            (PointKind::Email, "a b@c.example", false),
            (PointKind::Email, "@c.example", false),
            (PointKind::Phone, "+43 1 234", true),
            (PointKind::Phone, "Tür", false),
            (PointKind::Phone, "kein anschluss", false),
            (PointKind::Handle, "@ingrid", true),
            (PointKind::Handle, "@", false),
        ] {
            assert_eq!(is_point(kind, value), right, "{value}");
        }
    }
}
