//! What comes to a case: contacts of channels, and notes. What people write down by hand is in [`super::log`].

use super::bins;
use super::clocks::{self, Asks, Event, Turned};
use super::drafts;
use super::drafts::DraftKind;
use super::figures;
use super::mentions;
use super::model::{
    Case, Destination, Direction, Incoming, NewAttachment, NewContact, Priority, SenderProof, State, Status,
};
use super::recipients::Progress;
use super::sight;
use super::steps::{self, Step};
use super::store;
use super::store::{NewCase, Standing};
use super::talk;
use super::undo;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people::Queue;
use crate::platform::{Actor, App, CaseId, ContactId, Error, Result, Right, Timestamp, Tx, dialect};

/// Characters of what is written by hand.
pub const LONGEST_TEXT: usize = 200_000;

/// Files a contact that a channel understood, and opens a case for it if it belongs to none.
pub async fn receive(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    mut incoming: Incoming,
) -> Result<(CaseId, ContactId)> {
    let mut opened = None;
    let case = match &incoming.into {
        Destination::Case(case) => {
            let row = locked(tx, *case).await?;
            opened = go_on(app, tx, &row, &incoming).await?;
            row.id
        }
        Destination::New(queue) => open(app, tx, actor, queue, &incoming).await?,
    };
    let about = About::case(case).of(incoming.customer);
    let channel = incoming.channel.code().into();
    let files = std::mem::take(&mut incoming.attachments);
    let named = std::mem::take(&mut incoming.recipients);
    let talk = incoming.talk;
    let contact = store::insert_contact(tx, inbound(case, incoming)).await?;
    store::insert_attachments(tx, contact, &files);
    store::insert_recipients(tx, contact, &named, Progress::Named);
    let fact = match talk {
        Some(talk) => Fact::TalkAnswered { contact, talk },
        None => Fact::ContactReceived { contact, channel },
    };
    journal::record(app, tx, actor, about, fact)?;
    if let Some(fact) = opened {
        journal::record(app, tx, actor, about, fact)?;
    }
    Ok((case, contact))
}

/// The case that a contact goes to, locked: it may have gone into another one since somebody looked, where the contact
/// goes, too.
pub(super) async fn locked(tx: &mut Tx, case: CaseId) -> Result<Case> {
    let mut at = case;
    loop {
        dialect::lock(tx, "case", at.0).await?;
        let row = super::current(tx, at).await?;
        if row.id == at {
            return Ok(row);
        }
        at = row.id;
    }
}

/// A contact comes to a case that is there; the fact that this opens it, if it was not open.
async fn go_on(app: &App, tx: &mut Tx, row: &Case, incoming: &Incoming) -> Result<Option<Fact>> {
    let case = row.id;
    if incoming.automatic || incoming.stranger {
        let speaker = if incoming.talk.is_some() { Direction::Note } else { Direction::Inbound };
        store::count_contact(tx, case, speaker, &incoming.text, incoming.at).await?;
        return Ok(None);
    }
    bins::rescue(app, tx, row).await?;
    if incoming.talk.is_some() {
        store::count_contact(tx, case, Direction::Note, &incoming.text, incoming.at).await?;
        talk::lay_before(app, tx, row).await?;
        return Ok(opens(row.status));
    }
    let (standing, turned) = owing(app, tx, row, incoming.at).await?;
    let (text, today) = (&incoming.text, figures::today(app));
    store::count_owed_contact(tx, case, text, standing, &turned.clocked, (incoming.at, today)).await?;
    Ok(opens(row.status))
}

/// The fact that a case is open now, if it was not.
pub(super) const fn opens(was: Status) -> Option<Fact> {
    match was {
        Status::Open => None,
        Status::Waiting => Some(Fact::CaseResumed),
        Status::Closed => Some(Fact::CaseReopened),
    }
}

/// Keeps what is known about who sent a contact; a case with a forged sender is marked in lists.
pub async fn note_sender(tx: &mut Tx, case: CaseId, contact: ContactId, proof: SenderProof) -> Result<()> {
    if proof == SenderProof::Unchecked {
        return Ok(());
    }
    store::note_sender(tx, case, contact, proof).await
}

/// Opens a case for its first contact.
async fn open(app: &App, tx: &mut Tx, actor: &Actor, queue: &Queue, incoming: &Incoming) -> Result<CaseId> {
    let asks = Asks {
        customer: incoming.customer,
        channel: incoming.channel,
        priority: Priority::Normal,
        kind: None,
        complaint: false,
    };
    let turned = clocks::start(app, tx, asks, queue, incoming.at, !incoming.automatic).await?;
    let year = incoming.at.moment().to_zoned(app.zone()).year();
    let new = NewCase {
        owner: None,
        status: Status::Open,
        created_at: incoming.at,
        updated_at: incoming.at,
        due: turned.due,
        wait_until: None,
        closed_at: None,
        answered_at: None,
        subject: incoming.subject.clone(),
        customer: incoming.customer,
        queue: queue.id,
        channel: incoming.channel,
        priority: asks.priority,
        contacts: 1,
        internal: 0,
        snippet: incoming.text.clone(),
        speaker: Some(Direction::Inbound),
    };
    let case = store::insert_clocked(tx, &new, year, turned.clocked).await?;
    figures::note(app, tx, case, [Some(new.created_at)]);
    let fact = Fact::CaseOpened { queue: queue.id, channel: incoming.channel.code().into() };
    journal::record(app, tx, actor, About::case(case).of(incoming.customer), fact)?;
    Ok(case)
}

fn inbound(case: CaseId, incoming: Incoming) -> NewContact {
    NewContact {
        case,
        customer: incoming.customer,
        direction: Direction::Inbound,
        channel: incoming.channel,
        at: incoming.at,
        person: None,
        author: incoming.author,
        from_address: incoming.from_address,
        to_address: incoming.to_address,
        subject: Some(incoming.subject),
        text: incoming.text,
        quoted: incoming.quoted,
        signature: incoming.signature,
        html: incoming.html,
        state: State::Received,
        send_at: None,
        automatic: incoming.automatic,
        stranger: incoming.stranger,
        received: incoming.received,
        shortened: incoming.shortened,
        talk: incoming.talk,
        heard: false,
    }
}

/// The customer wrote again: the case is open, and an answer is owed unless one already was.
pub async fn owe_answer(app: &App, tx: &mut Tx, actor: &Actor, case: CaseId, at: Timestamp) -> Result<()> {
    let row = locked(tx, case).await?;
    let (standing, turned) = owing(app, tx, &row, at).await?;
    store::set_standing(tx, row.id, standing, figures::today(app)).await?;
    store::set_clocks(tx, row.id, &turned.clocked).await?;
    if let Some(fact) = opens(row.status) {
        journal::record(app, tx, actor, About::case(row.id).of(row.customer), fact)?;
    }
    Ok(())
}

/// How a case stands when an answer is owed since `at`, or since before.
pub(super) async fn owing(app: &App, tx: &mut Tx, case: &Case, at: Timestamp) -> Result<(Standing, Turned)> {
    if case.status == Status::Closed {
        // What was solved is not; what was closed unanswered is answered together with what came now.
        store::forget_complaint_end(tx, case.id).await?;
    }
    let turned = clocks::turn(app, tx, case, Event::Wrote { at }).await?;
    let standing = Standing { status: Status::Open, due: turned.due, wait_until: None, closed_at: None };
    Ok((standing, turned))
}

/// Adds an internal note; customers never see it.
pub async fn note(
    app: &App,
    actor: &Actor,
    case: CaseId,
    text: &str,
    attachments: Vec<NewAttachment>,
) -> Result<ContactId> {
    note_drafted(app, actor, case, text, attachments, None).await
}

/// As [`note`], of the writer's `draft`, which goes with it.
pub async fn note_drafted(
    app: &App,
    actor: &Actor,
    case: CaseId,
    text: &str,
    attachments: Vec<NewAttachment>,
    draft: Option<i64>,
) -> Result<ContactId> {
    actor.may(Right::WorkCases)?;
    if text.trim().is_empty() && attachments.is_empty() {
        return Err(Error::invalid("body", "error-field-required"));
    }
    Error::unless_short("body", text, LONGEST_TEXT)?;
    let mut tx = app.db.write().await?;
    let id = note_by_hand(app, &mut tx, actor, case, text, attachments).await?;
    drafts::used(&mut tx, actor, case, (DraftKind::Note, draft), text).await?;
    tx.commit().await?;
    Ok(id)
}

/// As [`note`], within a transaction of the caller, who knows that there is something to note.
pub async fn note_by_hand(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    text: &str,
    attachments: Vec<NewAttachment>,
) -> Result<ContactId> {
    let contact = note_in(app, tx, actor, case, text, attachments).await?;
    steps::offer(app, tx, actor, case, "case-noted", Step::Note { contact }).await?;
    Ok(contact)
}

/// As [`note_by_hand`], of a note that is a part of something else, and taken back with it or not at all.
pub async fn note_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    text: &str,
    attachments: Vec<NewAttachment>,
) -> Result<ContactId> {
    dialect::lock(tx, "case", case.0).await?;
    let row = sight::at_hand(tx, actor, case).await?;
    let contact = NewContact { text: text.trim().to_owned(), ..NewContact::of(actor, &row, app.now()) };
    let id = store::insert_contact(tx, contact.clone()).await?;
    store::insert_attachments(tx, id, &attachments);
    store::count_contact(tx, case, Direction::Note, &contact.text, contact.at).await?;
    let about = About::case(case).of(row.customer);
    journal::record(app, tx, actor, about, Fact::NoteAdded { contact: id })?;
    mentions::call(app, tx, actor, &row, id, &contact.text).await?;
    Ok(id)
}

/// Takes a note back. What was said is never deleted: it stays to be seen as that, and nobody is called by it any more.
///
/// # Errors
///
/// [`undo::late`] if it was taken back already.
pub(super) async fn withdraw_note(app: &App, tx: &mut Tx, actor: &Actor, contact: ContactId) -> Result<()> {
    let row = store::contact(tx, contact).await?;
    let is_note = row.direction == Direction::Note;
    if !is_note || !store::advance(tx, contact, &[State::Received], State::Withdrawn, None).await? {
        return Err(undo::late());
    }
    store::uncount_contact(tx, row.case, app.now()).await?;
    store::forget_mentions(tx, contact).await?;
    let about = About::case(row.case).of(row.customer);
    journal::record(app, tx, actor, about, Fact::NoteWithdrawn { contact })
}
