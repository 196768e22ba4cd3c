//! Does what a rule says, each action by the ordinary command: so clocks, facts, sight and the way back hold.

use super::action::{Action, Addressee, Deed};
use super::webhook;
use crate::cases;
use crate::cases::attributes;
use crate::cases::filter::span;
use crate::cases::tasks::{self, NewTask};
use crate::cases::{Answer, Bin, Case, Involvement, NewState, Priority, Then, bins};
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{
    Actor, App, CaseKindId, Error, PersonId, QueueId, Result, Role, Timestamp, Tone, Tx, Who,
};
use crate::snippets;

/// In what a rule acts.
pub struct Deal<'a> {
    pub actor: &'a Actor,
    pub rule: i64,
    pub version: i64,
    pub run: i64,
}

/// Does one action on a case that is locked; false if the case was already so.
pub async fn perform(app: &App, tx: &mut Tx, deal: &Deal<'_>, row: &Case, action: &Action) -> Result<bool> {
    let (actor, case) = (deal.actor, row.id);
    if row.moved_to.is_some() && goes_on(action.does) {
        return Ok(false);
    }
    match action.does {
        Deed::Queue => {
            let queue = QueueId(id(action)?);
            if row.queue == queue {
                return Ok(false);
            }
            cases::move_in(app, tx, actor, case, queue).await?;
        }
        Deed::Owner => {
            let to = action.id().map(PersonId);
            if row.owner == to {
                return Ok(false);
            }
            cases::assign_in(app, tx, actor, row, to).await?;
        }
        Deed::Note => {
            cases::note_by_hand(app, tx, actor, case, &action.text, Vec::new()).await?;
        }
        // Filing the mail did so.
        Deed::Quiet => {}
        Deed::Reply => return reply(app, tx, actor, row, id(action)?).await,
        Deed::Spam => return bins::move_in(app, tx, actor, row, Some(Bin::Spam)).await,
        Deed::Deputy | Deed::Follower => return involve(app, tx, actor, row, action).await,
        Deed::Task => {
            let (title, due) = (action.text.clone(), after(app, &action.value));
            tasks::add_one_in(app, tx, actor, case, &NewTask { title, person: None, due }).await?;
        }
        Deed::HandOff => {
            let to = action.to().ok_or_else(malformed)?;
            cases::hand_off_in(app, tx, actor, case, (to, &action.text, None)).await?;
        }
        Deed::Notify => return notify(app, tx, deal, row, action).await,
        Deed::Webhook => webhook::enqueue(app, tx, deal, row, id(action)?).await?,
        Deed::Wait | Deed::Close | Deed::Reopen => return stand(app, tx, actor, row, action).await,
        _ => return attribute(app, tx, actor, row, action).await,
    }
    Ok(true)
}

/// What goes on with a case: of one that is closed because another took it in, everything goes on there, and its
/// customer is not told that anything ended.
const fn goes_on(does: Deed) -> bool {
    matches!(does, Deed::Reply | Deed::Note | Deed::Task | Deed::HandOff | Deed::Wait | Deed::Reopen)
}

fn id(action: &Action) -> Result<i64> {
    action.id().ok_or_else(malformed)
}

fn malformed() -> Error {
    Error::invalid("actions", "rules-action-wrong")
}

/// The moment after a length of time; none for none.
fn after(app: &App, value: &str) -> Option<Timestamp> {
    span(value).map(|micros| Timestamp(app.now().0.saturating_add(micros)))
}

async fn stand(app: &App, tx: &mut Tx, actor: &Actor, row: &Case, action: &Action) -> Result<bool> {
    match action.does {
        Deed::Wait => {
            cases::wait_in(app, tx, actor, row, after(app, &action.value)).await?;
        }
        Deed::Close if row.closed_at.is_none() => cases::close_in(app, tx, actor, row).await?,
        Deed::Reopen if row.closed_at.is_some() => cases::reopen_in(app, tx, actor, row).await?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// What is set on a case; each command knows itself whether it was so already.
async fn attribute(app: &App, tx: &mut Tx, actor: &Actor, row: &Case, action: &Action) -> Result<bool> {
    let case = row.id;
    match action.does {
        Deed::Priority => {
            let priority = Priority::from_code(&action.value).ok_or_else(malformed)?;
            attributes::set_priority_in(app, tx, actor, case, priority).await?;
        }
        Deed::Kind => attributes::set_kind_in(app, tx, actor, case, action.id().map(CaseKindId)).await?,
        Deed::State => {
            let state: NewState = action.state().ok_or_else(malformed)?;
            attributes::set_state_in(app, tx, actor, case, state).await?;
        }
        Deed::Tag => {
            attributes::add_tag_in(app, tx, actor, case, &action.value).await?;
        }
        Deed::Untag => {
            if let Some(tag) = attributes::tag_named(tx, &action.value).await? {
                attributes::remove_tag_in(app, tx, actor, case, tag.id).await?;
            }
        }
        Deed::Field => {
            attributes::set_field_in(app, tx, actor, case, &action.value, action.written()).await?;
        }
        _ => return Err(malformed()),
    }
    Ok(cases::case(tx, case).await?.version != row.version)
}

async fn involve(app: &App, tx: &mut Tx, actor: &Actor, row: &Case, action: &Action) -> Result<bool> {
    let person = PersonId(id(action)?);
    let part = if action.does == Deed::Deputy { Involvement::Deputy } else { Involvement::Follower };
    let known = cases::involved(tx, row.id).await?;
    if known.iter().any(|one| one.person == person && one.part == part) {
        return Ok(false);
    }
    cases::involve_in(app, tx, actor, row.id, (person, part)).await?;
    Ok(true)
}

/// Answers with a snippet. A rule writes to no machine and no forged sender, and its mail is subject to the caps of
/// all automatic mail; what a person runs is a person's answer.
async fn reply(app: &App, tx: &mut Tx, actor: &Actor, row: &Case, snippet: i64) -> Result<bool> {
    let automatic = matches!(actor.who, Who::Kitt(_));
    let Some(to) = cases::recipient(tx, row).await? else {
        return Err(Error::invalid("actions", "case-no-address"));
    };
    if automatic
        && (cases::is_unanswerable(tx, row.id, &to).await? || cases::is_forged(tx, row.id, &to).await?)
    {
        return Ok(false);
    }
    let found = snippets::snippet(tx, actor, snippet).await?;
    let filled = snippets::fill(app, tx, actor, row, &found).await?;
    if !filled.missing.is_empty() {
        return Err(Error::invalid("actions", "case-placeholder-left"));
    }
    if filled.other_tone && filled.tone == Some(Tone::Informal) {
        // Nobody looks at it before it leaves.
        return Err(Error::invalid("actions", "rules-only-informal"));
    }
    let then = if automatic { Then::Keep } else { Then::Wait };
    let text = mail::html::to_text(&filled.html).trim().to_owned();
    let answer = Answer { text, html: Some(filled.html), to: Some(to), automatic, then, ..Answer::default() };
    // What a person runs is taken back as a whole.
    if automatic {
        cases::reply_in(app, tx, actor, row.id, answer).await?;
    } else {
        cases::reply_as_part(app, tx, actor, row.id, answer).await?;
    }
    Ok(true)
}

/// Says in the journal that somebody is to know; telling them is for notifications.
async fn notify(app: &App, tx: &mut Tx, deal: &Deal<'_>, row: &Case, action: &Action) -> Result<bool> {
    let told: Vec<PersonId> = match action.addressee().ok_or_else(malformed)? {
        Addressee::Owner => row.owner.into_iter().collect(),
        Addressee::Person(person) => vec![person],
        Addressee::Role(role) => {
            let team = people::queue(tx, row.queue).await?.team;
            let all = people::all(tx).await?.into_iter();
            let of_team =
                |person: &people::Person| role != Role::Lead || team.is_none() || person.team == team;
            all.filter(|person| person.active && person.is(&role) && of_team(person))
                .map(|person| person.id)
                .collect()
        }
    };
    for person in &told {
        let fact = Fact::RuleNotified { rule: deal.rule, person: *person };
        journal::record(app, tx, deal.actor, About::case(row.id).of(row.customer), fact)?;
    }
    Ok(!told.is_empty())
}
