//! What a rule must be before it is kept; what is wrong is told at its row.

use super::action::{self, Deed};
use super::changes;
use super::mails;
use super::model::{Definition, Draft, RuleKind};
use crate::cases::filter::unless_known;
use crate::people;
use crate::platform::{Actor, Error, FieldError, Result, Tx, rows};

const LONGEST_NAME: usize = 80;
/// Longer between two runs of a time rule is for recurring cases.
const LONGEST_PAUSE: i64 = 366;

/// # Errors
///
/// [`Error::Invalid`] with all that must be corrected: `actions-2` is the third action.
pub async fn check(tx: &mut Tx, actor: &Actor, draft: &Draft) -> Result<()> {
    let mut errors: Vec<FieldError> =
        FieldError::of_text("name", &draft.name, LONGEST_NAME).into_iter().collect();
    if let Some(team) = draft.team
        && (draft.kind == RuleKind::Mail || people::teams(tx).await?.iter().all(|one| one.id != team))
    {
        errors.push(FieldError { field: "team", word: "rules-team-gone" });
    }
    when(draft, &mut errors);
    of_mail(draft, &mut errors);
    match unless_known(tx, &draft.definition.filter).await {
        Err(Error::Invalid(more)) => errors.extend(more),
        checked => checked?,
    }
    actions(tx, actor, draft, &mut errors).await?;
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

fn when(draft: &Draft, errors: &mut Vec<FieldError>) {
    let Definition { events, changes, filter, again_days, .. } = &draft.definition;
    let mut wrong = |field, word| errors.push(FieldError { field, word });
    if draft.kind == RuleKind::Trigger && events.is_empty() && changes.is_empty() {
        wrong("events", "rules-events-none");
    }
    if changes::MOST < changes.len() {
        wrong("events", "rules-changes-many");
    }
    if draft.kind == RuleKind::Time && filter.of.is_empty() {
        // It would do something with every case there ever was.
        wrong("filter", "rules-filter-none");
    }
    if again_days.is_some_and(|days| !(1..=LONGEST_PAUSE).contains(&days)) {
        wrong("again_days", "rules-again-wrong");
    }
}

fn of_mail(draft: &Draft, errors: &mut Vec<FieldError>) {
    let conditions = &draft.definition.mail;
    if draft.kind == RuleKind::Mail && conditions.is_empty() {
        errors.push(FieldError { field: "mail", word: "rules-mail-none" });
    }
    if mails::MOST < conditions.len() {
        errors.push(FieldError { field: "mail", word: "rules-mail-many" });
    }
    for (at, condition) in conditions.iter().enumerate() {
        let fault = condition.fault().map(|word| FieldError { field: rows::MAILS.field(at), word });
        errors.extend(fault);
    }
}

async fn actions(tx: &mut Tx, actor: &Actor, draft: &Draft, errors: &mut Vec<FieldError>) -> Result<()> {
    let actions = &draft.definition.actions;
    if actions.is_empty() {
        errors.push(FieldError { field: "actions", word: "rules-actions-none" });
    }
    if action::MOST < actions.len() {
        errors.push(FieldError { field: "actions", word: "rules-actions-many" });
    }
    for (at, action) in actions.iter().enumerate().take(action::MOST) {
        let field = rows::ACTIONS.field(at);
        if action.does == Deed::Quiet && draft.kind != RuleKind::Mail {
            errors.push(FieldError { field, word: "rules-action-mail" });
        }
        match action.check(tx, actor).await {
            Err(Error::Invalid(more)) => {
                errors.extend(more.into_iter().map(|fault| FieldError { field, word: fault.word }));
            }
            checked => checked?,
        }
    }
    Ok(())
}
