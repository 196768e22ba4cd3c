//! A case that is open: what its page shows of it in the middle, and of its customer beside it.

use crate::assignment;
use crate::cases;
use crate::cases::presence;
use crate::cases::presence::Present;
use crate::cases::web::clocks::{self, ClocksJson};
use crate::cases::web::presence::{Coming, coming};
use crate::cases::{Direction, Line, Linked, State as ContactState};
use crate::channels;
use crate::customers;
use crate::customers::PointKind;
use crate::finance;
use crate::goodwill;
use crate::insights;
use crate::insights::web::dialog::{DocumentDialog, Strip};
use crate::people;
use crate::platform::{Actor, App, ContactId, Page, Result, Timestamp, Tx, Wants};
use crate::screens::case_work::Work;
use crate::screens::composer::{Composer, Opening};
use crate::screens::conversation::{Message, Part, messages};

/// The middle and the right pane.
pub(super) struct Open {
    /// Who else is in the case.
    pub(super) here: Vec<Present>,
    /// What they write in it.
    pub(super) coming: Vec<Coming>,
    /// Kind, own state, priority, tags, fields.
    pub(super) attributes: cases::Attributes,
    /// Its deadlines, and where they come from.
    pub(super) clocks: ClocksJson,
    /// Where a customer can turn who does not accept how a complaint ended.
    pub(super) instance: String,
    pub(super) work: Work,
    /// Why it is where it is.
    pub(super) assignment: assignment::Why,
    /// What was documented, or is proposed.
    pub(super) strip: Strip,
    /// For those who may document.
    pub(super) dialog: Option<DocumentDialog>,
    pub(super) line: Line,
    pub(super) messages: Vec<Message>,
    /// Where the messages before these are, if there are any.
    pub(super) earlier: Option<String>,
    /// As these were asked for.
    pub(super) before: Option<String>,
    pub(super) file: customers::File,
    pub(super) others: Vec<cases::Case>,
    /// Where an answer would go.
    pub(super) answers_to: Option<String>,
    /// Why the last mail to there came back.
    pub(super) bounced: Option<customers::Bounce>,
    /// Cases that this one follows, and that follow it.
    pub(super) links: Vec<Linked>,
    /// What stands below an answer.
    pub(super) signature: Option<String>,
    pub(super) goodwill: goodwill::Dialog,
    /// What the case has cost so far, per book; `None` while a rate is missing.
    pub(super) cost: Option<Vec<money::Money>>,
    /// Whether the newest part of the conversation is shown.
    pub(super) is_newest: bool,
    pub(super) composer: Composer,
    /// What a mail may have, for files that go along.
    pub(super) rules: channels::Rules,
    /// Whether files that do not can go as links.
    pub(super) links_work: bool,
}

impl Open {
    pub(super) async fn load(
        app: &App,
        tx: &mut Tx,
        actor: &Actor,
        wants: &Wants,
        case: &cases::Case,
        (part, opening): (Part, Opening),
    ) -> Result<Self> {
        let line = cases::line(tx, case.id).await?;
        let links = cases::links(tx, actor, case).await?;
        let (messages, earlier) = messages(tx, case.id, &part, false).await?;
        let (strip, dialog) = insights::web::dialog::both(app, tx, actor, &wants.words, case.id).await?;
        let answers_to = cases::recipient(tx, case).await?;
        let bounced = match &answers_to {
            Some(address) => customers::bounce(tx, address).await?,
            None => None,
        };
        let instance =
            if case.complaint { cases::complaint::instance_for(tx, case).await? } else { String::new() };
        let is_newest = part.before.is_none();
        let taken_back = taken_back(tx, actor, &messages).await?.filter(|_| is_newest);
        let here = presence::others(app, actor, case.id);
        Ok(Self {
            coming: coming(tx, actor, case, &here).await?,
            here,
            attributes: cases::attributes(tx, case).await?,
            clocks: clocks::explain(app, tx, case).await?,
            instance,
            work: Work::load(app, tx, actor, case).await?,
            assignment: assignment::why(tx, actor, &wants.words, case).await?,
            links,
            bounced,
            answers_to,
            strip,
            dialog,
            composer: Composer::load(app, tx, actor, case, &messages, opening, taken_back).await?,
            file: cases::promises::file(tx, actor, case.customer, app.now()).await?,
            others: others(tx, actor, &line).await?,
            signature: signature(app, tx, actor, case).await?,
            goodwill: goodwill::dialog(tx, case, Some(line.customer_name.clone())).await?,
            cost: cost(tx, case, app.now()).await?,
            is_newest,
            rules: channels::rules(tx).await?,
            links_work: channels::is_reachable(app),
            messages,
            earlier,
            before: part.before,
            line,
        })
    }

    /// The newest message that is no note: what keys mean that are about a message.
    pub(super) fn is_last_said(&self, contact: &ContactId) -> bool {
        let said = self.messages.iter().rev().find(|message| !message.is_note());
        said.is_some_and(|message| message.contact.id == *contact)
    }

    /// The newest message whose sender does not belong to the case.
    pub(super) fn is_last_stranger(&self, contact: &ContactId) -> bool {
        self.newest(|message| message.contact.stranger) == Some(*contact)
    }

    /// The newest message that did not leave or did not arrive.
    pub(super) fn is_last_stuck(&self, contact: &ContactId) -> bool {
        self.newest(|message| message.has_failed() || message.is_suppressed()) == Some(*contact)
    }

    /// The newest message that still waits to leave.
    pub(super) fn is_last_waiting(&self, page: &Page, contact: &ContactId) -> bool {
        self.newest(|message| message.waits(page)) == Some(*contact)
    }

    fn newest(&self, fits: impl Fn(&Message) -> bool) -> Option<ContactId> {
        self.messages.iter().rev().find(|message| fits(message)).map(|message| message.contact.id)
    }

    /// The newest message that is shown, so that an answer says what it answers; of an older part nothing.
    pub(super) fn seen(&self) -> Option<ContactId> {
        let shown = self.messages.iter().map(|message| message.contact.id);
        shown.max_by_key(|id| id.0).filter(|_| self.is_newest)
    }

    /// What an answer answers, as far as it is shown: the newest that was said to the house.
    pub(super) fn answered(&self) -> Option<ContactId> {
        let said =
            |contact: &cases::Contact| contact.direction == Direction::Inbound && contact.talk.is_none();
        self.newest(|message| said(&message.contact)).filter(|_| self.is_newest)
    }

    /// That the last mail to where an answer would go came back, and why.
    pub(super) fn bounce_note(&self, page: &Page) -> Option<String> {
        let (bounce, address) = (self.bounced.as_ref()?, self.answers_to.as_ref()?);
        let when = ("when", page.when(&bounce.at));
        if bounce.delayed {
            return Some(page.with2("case-delayed", ("address", address), when).into_owned());
        }
        let came_back = page.with2("case-bounced", ("address", address), when);
        let why = channels::bounce_word(&bounce.reason).map_or("".into(), |word| page.t(word));
        Some(format!("{came_back} {why} {}", page.t("case-bounced-hint")))
    }

    /// Where else the customer reads mail, of what is not known to come back.
    pub(super) fn other_addresses(&self) -> Vec<&str> {
        let email = |point: &&customers::ContactPoint| {
            let same = self.answers_to.as_deref().is_some_and(|to| to.eq_ignore_ascii_case(&point.value));
            point.kind == PointKind::Email && point.bounced_at.is_none() && !same
        };
        self.file.points.iter().filter(email).map(|point| point.value.as_str()).collect()
    }

    pub(super) fn is_owned_by(&self, person: &people::Person) -> bool {
        self.line.case.owner == Some(person.id)
    }

    /// Is there anybody who could be responsible beside its owner?
    pub(super) fn has_deputies(&self, people: &[people::Person]) -> bool {
        people.iter().any(|person| !self.is_owned_by(person))
    }

    /// May the reader take the case over?
    pub(super) fn can_take(&self, page: &Page) -> bool {
        page.person().is_some() && self.line.case.owner != page.person()
    }
}

/// What the actor took back last, to go on writing; nothing once something else was written.
fn withdrawn<'a>(messages: &'a [Message], actor: &Actor) -> Option<&'a Message> {
    let last = messages
        .iter()
        .rev()
        .find(|message| message.contact.direction == Direction::Outbound && message.contact.talk.is_none())?;
    let own = last.contact.person.is_some() && last.contact.person == actor.person_id();
    (last.contact.state == ContactState::Withdrawn && own).then_some(last)
}

/// As [`withdrawn`], unless the actor went on writing and threw that away.
async fn taken_back<'a>(tx: &mut Tx, actor: &Actor, messages: &'a [Message]) -> Result<Option<&'a Message>> {
    let Some(message) = withdrawn(messages, actor) else { return Ok(None) };
    let thrown = cases::is_discarded_since(tx, actor, message.contact.case, message.contact.at).await?;
    Ok(Some(message).filter(|_| !thrown))
}

/// What stands below answers of this actor, in the customer's language.
async fn signature(app: &App, tx: &mut Tx, actor: &Actor, case: &cases::Case) -> Result<Option<String>> {
    let queue = people::queue(tx, case.queue).await?;
    let language = customers::customer(tx, case.customer).await?.language;
    channels::signature(app, tx, actor, &queue, language).await
}

/// Class A of the money model, or nothing while it is not computable.
async fn cost(tx: &mut Tx, case: &cases::Case, now: Timestamp) -> Result<Option<Vec<money::Money>>> {
    let costs = finance::case_cost(tx, case.id, now).await?;
    Ok(costs.ok().map(|books| books.iter().map(|book| book.total).collect()))
}

/// Other cases of the customer; what went into another one is no case of its own, and its link leads back here.
async fn others(tx: &mut Tx, actor: &Actor, line: &Line) -> Result<Vec<cases::Case>> {
    let mut others = cases::of_customer(tx, actor, line.case.customer, 20).await?;
    others.retain(|other| other.id != line.case.id && other.moved_to.is_none());
    others.truncate(6);
    Ok(others)
}
