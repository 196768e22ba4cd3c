//! Goodwill and walls: what customers are given, and which rules of the house they run into.
//!
//! Every request under a policy is recorded, granted ones too, with the policy's version: without them no
//! consequence of a rule could ever be measured. What was given is never changed; a mistake is reversed.
//!
//! Deliberately absent for now: budgets, approval above a limit, and what goodwill brought back.

mod back;
mod dialog;
mod model;
mod store;
pub mod web;

pub use back::UNDOERS;
pub use dialog::{Dialog, dialog};
pub use model::{Count, GoodwillKind, Grant, Payment, Policy, PolicyDraft, Request};
pub use store::OF_CASE;

use money::Money;

use crate::cases;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{
    Actor, App, CaseId, CustomerId, Error, PersonId, PolicyId, Result, Right, Timestamp, Tx, dialect,
};

/// The reason or note of somebody in a hurry may be short, but not a letter.
const LONGEST_TEXT: usize = 2000;
/// Characters of a policy's title.
const LONGEST_TITLE: usize = 200;
/// More at once is a typing error.
const LARGEST_CENTS: i64 = 10_000_000;

/// Gives the customer of `case` something they have no right to; the grant's id.
pub async fn grant(
    app: &App,
    actor: &Actor,
    case: CaseId,
    kind: GoodwillKind,
    sum: Money,
    note: &str,
) -> Result<i64> {
    pay(app, actor, case, Payment::Goodwill(kind), sum, note).await
}

/// Enters what the house paid that the customer had a right to: refund or replacement, as one sum of cost.
pub async fn refund(app: &App, actor: &Actor, case: CaseId, sum: Money, note: &str) -> Result<i64> {
    pay(app, actor, case, Payment::Due, sum, note).await
}

async fn pay(
    app: &App,
    actor: &Actor,
    case: CaseId,
    payment: Payment,
    sum: Money,
    note: &str,
) -> Result<i64> {
    actor.may(Right::GrantGoodwill)?;
    if sum.cents <= 0 || LARGEST_CENTS < sum.cents {
        return Err(Error::invalid("amount", "goodwill-amount-range"));
    }
    Error::unless_short("note", note, LONGEST_TEXT)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    let customer = cases::case(&mut tx, case).await?.customer;
    let grant = Grant {
        id: 0,
        case,
        customer,
        payment,
        sum,
        note: note.trim().to_owned(),
        person: actor.person_id(),
        at: app.now(),
        reverses: None,
        reversed: false,
    };
    let id = store::insert_grant(&mut tx, &grant).await?;
    record(app, &mut tx, actor, &grant, None)?;
    back::offer(app, &mut tx, actor, &grant, id).await?;
    tx.commit().await?;
    Ok(id)
}

/// Takes a grant or refund of `case` back with an opposite entry.
///
/// # Errors
///
/// [`Error::Stale`] if it was already taken back, [`Error::NotFound`] if it is not one of this case.
pub async fn reverse(app: &App, actor: &Actor, case: CaseId, grant: i64) -> Result<i64> {
    let mut tx = app.db.write().await?;
    let id = reverse_in(app, &mut tx, actor, case, grant).await?;
    tx.commit().await?;
    Ok(id)
}

/// As [`reverse`], within a transaction of the caller.
async fn reverse_in(app: &App, tx: &mut Tx, actor: &Actor, case: CaseId, grant: i64) -> Result<i64> {
    actor.may(Right::GrantGoodwill)?;
    dialect::lock(tx, "case", case.0).await?;
    let wrong = store::grant(tx, grant).await?;
    if wrong.case != case || wrong.reverses.is_some() {
        return Err(Error::NotFound);
    }
    if wrong.reversed {
        return Err(Error::Stale);
    }
    let given_at = wrong.at;
    let opposite = Grant {
        sum: Money::new(-wrong.sum.cents, wrong.sum.currency),
        person: actor.person_id(),
        at: app.now(),
        reverses: Some(grant),
        ..wrong
    };
    let id = store::insert_grant(tx, &opposite).await?;
    record(app, tx, actor, &opposite, Some(given_at))?;
    Ok(id)
}

fn record(app: &App, tx: &mut Tx, actor: &Actor, grant: &Grant, priced_at: Option<Timestamp>) -> Result<()> {
    let (cents, currency) = (grant.sum.cents, grant.sum.currency.code().to_owned());
    let fact = match grant.payment {
        Payment::Goodwill(kind) => {
            Fact::GoodwillGranted { kind: kind.code().to_owned(), cents, currency, priced_at }
        }
        Payment::Due => Fact::RefundEntered { cents, currency, priced_at },
    };
    journal::record(app, tx, actor, About::case(grant.case).of(grant.customer).worth(cents), fact)
}

/// Records that the customer of `case` asked for something that `policy` speaks about, and the answer.
pub async fn answer_request(
    app: &App,
    actor: &Actor,
    case: CaseId,
    policy: PolicyId,
    granted: bool,
    reason: &str,
) -> Result<i64> {
    actor.may(Right::GrantGoodwill)?;
    let reason = reason.trim();
    Error::unless_text("reason", reason, LONGEST_TEXT)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "policy", policy.0).await?;
    let customer = cases::case(&mut tx, case).await?.customer;
    let rule = match store::policy(&mut tx, policy).await {
        Err(Error::NotFound) => return Err(Error::invalid("policy", "goodwill-policy-choose")),
        Ok(rule) if !rule.active => return Err(Error::invalid("policy", "goodwill-policy-choose")),
        rule => rule?,
    };
    let request = Request {
        id: 0,
        case,
        customer,
        policy,
        policy_title: rule.title,
        version: rule.version,
        granted,
        reason: reason.to_owned(),
        person: actor.person_id(),
        at: app.now(),
    };
    let id = store::insert_request(&mut tx, &request).await?;
    let version = rule.version;
    let fact = if granted {
        Fact::RequestGranted { policy, version }
    } else {
        Fact::RequestRefused { policy, version }
    };
    journal::record(app, &mut tx, actor, About::case(case).of(customer), fact)?;
    tx.commit().await?;
    Ok(id)
}

/// May this actor write policies? Those who set the house up, and leads.
pub fn may_edit_policies(actor: &Actor) -> bool {
    actor.can(Right::EditPolicies)
}

fn check_policy(actor: &Actor, draft: &PolicyDraft) -> Result<()> {
    actor.may(Right::EditPolicies)?;
    Error::unless_text("title", &draft.title, LONGEST_TITLE)?;
    Error::unless_text("text", &draft.text, LONGEST_TEXT)
}

async fn check_owner(tx: &mut Tx, draft: &PolicyDraft) -> Result<()> {
    match draft.department {
        Some(owner) if !people::departments(tx).await?.iter().any(|known| known.id == owner) => {
            Err(Error::invalid("department", "error-field-required"))
        }
        _ => Ok(()),
    }
}

/// Writes a new policy.
pub async fn add_policy(app: &App, actor: &Actor, draft: &PolicyDraft) -> Result<PolicyId> {
    check_policy(actor, draft)?;
    let mut tx = app.db.write().await?;
    check_owner(&mut tx, draft).await?;
    let policy = store::insert_policy(&mut tx, draft, 1).await?;
    store::insert_version(&mut tx, policy, 1, &draft.text, actor.person_id(), app.now()).await?;
    journal::record(app, &mut tx, actor, About::house(), Fact::PolicyChanged { policy, version: 1 })?;
    tx.commit().await?;
    Ok(policy)
}

/// Changes a policy. A new text is a new version; requests keep the version that was in force.
pub async fn change_policy(app: &App, actor: &Actor, policy: PolicyId, draft: &PolicyDraft) -> Result<i64> {
    check_policy(actor, draft)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "policy", policy.0).await?;
    let before = store::policy(&mut tx, policy).await?;
    check_owner(&mut tx, draft).await?;
    let version = if before.text == draft.text { before.version } else { before.version + 1 };
    if version != before.version {
        store::insert_version(&mut tx, policy, version, &draft.text, actor.person_id(), app.now()).await?;
    }
    store::update_policy(&mut tx, policy, draft, version).await?;
    journal::record(app, &mut tx, actor, About::house(), Fact::PolicyChanged { policy, version })?;
    tx.commit().await?;
    Ok(version)
}

/// All policies, active ones first.
pub async fn policies(tx: &mut Tx) -> Result<Vec<Policy>> {
    store::policies(tx).await
}

pub async fn policy(tx: &mut Tx, policy: PolicyId) -> Result<Policy> {
    store::policy(tx, policy).await
}

/// How often each policy was granted and refused since `since`.
pub async fn counts(tx: &mut Tx, since: Timestamp) -> Result<Vec<Count>> {
    store::counts(tx, since).await
}

/// What was given and paid back on a case, oldest first, reversals included.
pub async fn grants(tx: &mut Tx, case: CaseId) -> Result<Vec<Grant>> {
    store::grants(tx, case).await
}

/// What a customer was given and paid back on all cases, newest first, reversals included.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Grant>> {
    store::of_customer(tx, customer).await
}

/// The requests of a case under policies, oldest first.
pub async fn requests(tx: &mut Tx, case: CaseId) -> Result<Vec<Request>> {
    store::requests(tx, case).await
}

/// The past, as imports and the example company know it, without news of it. Their cost goes to
/// `finance::past`.
pub mod past {
    use super::{
        CaseId, CustomerId, Grant, Money, Payment, PersonId, PolicyDraft, PolicyId, Request, Result,
        Timestamp, Tx, store,
    };

    /// A policy whose current version is `version`.
    pub async fn policy(tx: &mut Tx, draft: &PolicyDraft, version: i64, at: Timestamp) -> Result<PolicyId> {
        let policy = store::insert_policy(tx, draft, version).await?;
        store::insert_version(tx, policy, version, &draft.text, None, at).await?;
        Ok(policy)
    }

    /// A request as it was answered; `id` and `policy_title` are not looked at.
    pub async fn request(tx: &mut Tx, request: &Request) -> Result<i64> {
        store::insert_request(tx, request).await
    }

    pub async fn grant(
        tx: &mut Tx,
        (case, customer): (CaseId, CustomerId),
        payment: Payment,
        sum: Money,
        person: Option<PersonId>,
        at: Timestamp,
    ) -> Result<i64> {
        let note = String::new();
        let grant =
            Grant { id: 0, case, customer, payment, sum, note, person, at, reverses: None, reversed: false };
        store::insert_grant(tx, &grant).await
    }
}
