//! Notices: who is to know what, and how they are told: in the page, in the browser, by mail.
//!
//! One listener hears the journal and keeps a row for everybody who is to know ([`whom`]); of one case within some
//! minutes it is one row that counts. When it leaves on which way is decided then, by the wishes of that person: in
//! quiet hours it stands silently in the page, and the rest waits for their end. A service hands over what is due
//! ([`deliver`]) in the transaction that says it left, so that nothing is told twice or forgotten. Rows carry ids only:
//! words are made when they are shown, with what the reader may know then.
//! Deliberately absent: who read what. Nobody sees that of others.

mod deliver;
mod due;
mod letter;
mod lines;
mod listen;
mod live;
mod model;
pub mod push;
mod store;
pub mod web;
mod whom;

use std::time::Duration;

use crate::Slice;
use crate::cases;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::parts;
use crate::platform::{Actor, App, CaseId, Error, PersonId, Result, Right, Timestamp, Tx, Words, dialect};

pub use deliver::{forget_old, hand_over};
pub use due::tell_due;
pub use model::{Browser, DigestRhythm, Line, News, Notice, NoticeKind, Ways, Wishes};

/// What the app is given of this slice.
pub const SLICE: Slice = Slice {
    listeners: &[&listen::LISTENER],
    jobs: &[&push::PUSH],
    services: &[deliver::run, live::run],
    ..Slice::pages("notices", web::routes)
};

/// The same of the same case within this time is one line, and one message.
const GATHER: Duration = Duration::from_mins(10);
/// After a message on a way, more of the same leaves on it after this time.
const AGAIN: Duration = Duration::from_mins(5);
/// Who has read it in the page by then gets no mail.
const GRACE: Duration = Duration::from_mins(1);
/// Counted up to here: more is "99+".
pub const MOST_COUNTED: i64 = 99;

/// What the house wishes for everybody who has not chosen.
pub async fn house_wishes(tx: &mut Tx) -> Result<Wishes> {
    let kept = store::state(tx, "wishes").await?;
    Ok(kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

pub async fn set_house_wishes(app: &App, actor: &Actor, wishes: &Wishes) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.write().await?;
    store::set_state(&mut tx, "wishes", &serde_json::to_string(wishes)?).await?;
    let fact = Fact::SettingChanged { name: "notices".into(), of: None };
    journal::record(app, &mut tx, actor, About::house(), fact)?;
    tx.commit().await
}

/// What a person wishes, and whether they chose it themselves.
pub async fn wishes(tx: &mut Tx, person: PersonId) -> Result<(Wishes, bool)> {
    match store::wishes(tx, person).await? {
        Some(own) => Ok((own, true)),
        None => Ok((house_wishes(tx).await?, false)),
    }
}

/// What the actor wishes from now on; `None`: as the house has it.
pub async fn set_wishes(app: &App, actor: &Actor, wishes: Option<&Wishes>) -> Result<()> {
    let person = actor.person()?;
    let mut tx = app.db.write().await?;
    match wishes {
        Some(wishes) => store::set_wishes(&mut tx, person, wishes).await?,
        None => store::forget_wishes(&mut tx, person).await?,
    }
    tx.commit().await
}

/// Turns all mail off, for who clicks so in a mail.
pub async fn end_mail(app: &App, person: PersonId) -> Result<()> {
    let mut tx = app.db.write().await?;
    let (mut own, _) = wishes(&mut tx, person).await?;
    for kind in NoticeKind::ALL {
        let ways = Ways { mail: false, digest: false, ..own.ways(*kind) };
        own.ways.insert(*kind, ways);
    }
    store::set_wishes(&mut tx, person, &own).await?;
    tx.commit().await
}

/// Keeps a notice for `person`, as they wish it, within a transaction of the caller.
///
/// That they may know of the case, and did not do it themselves, is for the caller to ask.
pub async fn tell(app: &App, tx: &mut Tx, person: PersonId, news: &News) -> Result<()> {
    let (wishes, _) = wishes(tx, person).await?;
    let ways = wishes.ways(news.kind);
    if ways == Ways::default() {
        return Ok(());
    }
    let now = app.now();
    let same = match news.case {
        Some(_) => store::same(tx, person, news, now - GATHER).await?,
        None => None,
    };
    let push_at = if ways.push && !store::browsers(tx, person).await?.is_empty() {
        let next = same.as_ref().map_or(now, |same| same.push_at.unwrap_or(now + AGAIN));
        Some(wishes.not_in_quiet(next, &app.zone()))
    } else {
        None
    };
    let mail_at = match ways {
        Ways { mail: true, .. } => {
            let next = same.as_ref().map_or(now + GRACE, |same| same.mail_at.unwrap_or(now + AGAIN));
            Some(wishes.not_in_quiet(next, &app.zone()))
        }
        Ways { digest: true, .. } => Some(wishes.next_digest(now, &app.zone())),
        _ => None,
    };
    let leaves = store::Leaves { shown: ways.page, push_at, mail_at };
    match same {
        Some(same) => store::add(tx, same.id, news, leaves, now).await?,
        None => drop(store::insert(tx, person, news, leaves, now).await?),
    }
    if ways.page { store::mark(tx, person).await } else { Ok(()) }
}

/// A page of the actor's notices in words, the newest first; where the next page begins.
pub async fn list(
    app: &App,
    actor: &Actor,
    words: &Words,
    before: Option<(Timestamp, i64)>,
    unread: bool,
    limit: i64,
) -> Result<(Vec<Line>, Option<(Timestamp, i64)>)> {
    let person = actor.person()?;
    let mut tx = app.db.read().await?;
    let before = before.unwrap_or((Timestamp(i64::MAX), i64::MAX));
    let found = store::list(&mut tx, person, before, unread, limit + 1).await?;
    let (found, next) = parts::cut(found, limit, |last| (last.at, last.id));
    let lines = if unread {
        lines::unread(&mut tx, actor, words, &found).await?
    } else {
        lines::of(&mut tx, actor, words, &found).await?
    };
    Ok((lines, next))
}

/// How many of the actor's notices are unread, up to one more than [`MOST_COUNTED`]; 0 for programs.
pub async fn count_unread(app: &App, actor: &Actor) -> Result<i64> {
    let Some(person) = actor.person_id() else { return Ok(0) };
    let mut tx = app.db.glance();
    let unread = store::unread(&mut tx, person, MOST_COUNTED + 1).await?;
    let cases: Vec<CaseId> =
        unread.iter().filter(|(kind, ..)| !kind.asks()).filter_map(|(_, case, _)| *case).collect();
    let unseen = cases::sight::unseen(&mut tx, actor, &cases).await?;
    let of_article = unread.iter().filter(|(kind, ..)| kind.is_of_article());
    let changes: Vec<i64> = of_article.filter_map(|(.., change)| *change).collect();
    let changes = lines::Changes::load(&mut tx, actor, changes).await?;
    let mut seen = 0;
    for (kind, case, detail) in unread {
        let hidden = !kind.asks() && case.is_some_and(|case| unseen.contains(&case));
        let over = kind.is_of_article() && detail.is_some_and(|change| !changes.is_news(kind, change));
        seen += i64::from(!hidden && !over);
    }
    Ok(seen)
}

/// The actor looks at a case: they know what its notices say.
pub async fn see(app: &App, seen: &mut Tx, actor: &Actor, case: CaseId) -> Result<()> {
    let Some(person) = actor.person_id() else { return Ok(()) };
    if !store::has_unread_of(seen, person, case).await? {
        return Ok(());
    }
    let mut tx = app.db.write().await?;
    store::read_case(&mut tx, person, case, app.now()).await?;
    store::mark(&mut tx, person).await?;
    tx.commit().await
}

/// Marks one of the actor's notices as read, or as unread again.
pub async fn set_read(app: &App, actor: &Actor, notice: i64, read: bool) -> Result<Notice> {
    let person = actor.person()?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "notices", person.0).await?;
    let row = store::one(&mut tx, person, notice).await?;
    if row.read_at.is_some() != read {
        store::set_read(&mut tx, notice, read.then(|| app.now())).await?;
        store::mark(&mut tx, person).await?;
    }
    tx.commit().await?;
    Ok(row)
}

/// Marks all of the actor's notices as read; how many there were.
pub async fn read_all(app: &App, actor: &Actor) -> Result<u64> {
    let person = actor.person()?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "notices", person.0).await?;
    let read = store::read_all(&mut tx, person, app.now()).await?;
    store::mark(&mut tx, person).await?;
    tx.commit().await?;
    Ok(read)
}

/// A notice in words, as the API gives it.
pub async fn line(app: &App, actor: &Actor, words: &Words, notice: i64) -> Result<Line> {
    let mut tx = app.db.read().await?;
    let row = store::one(&mut tx, actor.person()?, notice).await?;
    lines::of(&mut tx, actor, words, &[row]).await?.pop().ok_or(Error::NotFound)
}

/// The browsers that the actor is told in.
pub async fn browsers(tx: &mut Tx, actor: &Actor) -> Result<Vec<Browser>> {
    match actor.person_id() {
        Some(person) => store::browsers(tx, person).await,
        None => Ok(Vec::new()),
    }
}
