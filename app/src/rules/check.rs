//! What a rule must be before it is kept; what is wrong is told at its row.

use super::action::{self, Deed};
use super::changes::{self, Aspect, Change};
use super::mails;
use super::model::{Definition, Draft, RuleKind};
use crate::cases::attributes;
use crate::cases::filter::unless_known;
use crate::cases::{Priority, Status};
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
    changed(tx, actor, draft, &mut errors).await?;
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

async fn changed(tx: &mut Tx, actor: &Actor, draft: &Draft, errors: &mut Vec<FieldError>) -> Result<()> {
    for (at, change) in draft.definition.changes.iter().enumerate().take(changes::MOST) {
        let word = if changes::MOST_VALUES < change.from.len().max(change.to.len()) {
            Some("rules-change-values-many")
        } else if is_known(tx, actor, change).await? {
            None
        } else {
            Some("rules-action-gone")
        };
        errors.extend(word.map(|word| FieldError { field: rows::CHANGES.field(at), word }));
    }
    Ok(())
}

/// Is there everything that a change waits for, as far as the actor may know?
async fn is_known(tx: &mut Tx, actor: &Actor, change: &Change) -> Result<bool> {
    let ids: Option<Vec<i64>> = match change.of {
        Aspect::Status | Aspect::Priority => None,
        Aspect::Queue => {
            let queues = people::queues(tx).await?.into_iter().map(|queue| queue.id);
            Some(queues.filter(|queue| !actor.sight.hidden.contains(queue)).map(|queue| queue.0).collect())
        }
        Aspect::Owner => Some(people::all(tx).await?.iter().map(|person| person.id.0).collect()),
        Aspect::Kind => Some(attributes::kinds(tx).await?.iter().map(|kind| kind.id.0).collect()),
    };
    let is_one = |value: &String| match (&ids, change.of) {
        (Some(ids), _) => value == changes::NONE || value.parse().is_ok_and(|id: i64| ids.contains(&id)),
        (None, Aspect::Status) => Status::from_code(value).is_some(),
        (None, _) => Priority::from_code(value).is_some(),
    };
    Ok(change.from.iter().chain(&change.to).all(is_one))
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
