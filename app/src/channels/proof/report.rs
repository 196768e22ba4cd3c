//! The morning report: the proof of yesterday by mail, to the people who administer the house.
//!
//! A machine writes it, so it says so, asks nobody for an answer, and has no sender to whom it could come back
//! (RFC 3834). If something comes back all the same it becomes no case: a person finds it under "unprocessable".

use askama::Template;
use jiff::ToSpan;
use jiff::civil::Date;
use mail::compose::{Origin, Outgoing};
use mail::{Address, Kind};

use super::table::{counts, sentence};
use super::{Difference, Proof, name_of, open_once, why};
use crate::channels::compose::Letter;
use crate::channels::directory::Directory;
use crate::channels::understand::Understood;
use crate::channels::{dkim, notice, relay, store};
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{Actor, App, Language, Result, Right, Tx, Words, codes, dialect};

/// In the house's zone.
const HOUR: i8 = 7;
/// Days whose open differences are told again each morning.
const DAYS: i64 = 30;
/// Mails that are named; the page names the others.
const NAMED: usize = 50;
/// The setting, and the last day for which the report was sent.
const SETTING: &str = "proof_report";
const SENT: &str = "proof_report_sent";
/// What a mail of a report that came back is refused with.
pub const CAME_BACK: &str = "report_came_back";

codes! {
    /// When the report is sent.
    pub enum When {
        Daily = "daily",
        /// Something does not add up, or could not be looked at.
        Differences = "differences",
        Never = "never",
    }
}

/// When the report is sent: daily, until somebody chose.
pub async fn when(tx: &mut Tx) -> Result<When> {
    let set = store::setting(tx, SETTING).await?;
    Ok(set.as_deref().and_then(When::from_code).unwrap_or(When::Daily))
}

pub async fn set_when(app: &App, actor: &Actor, when: When) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.write().await?;
    store::set(&mut tx, SETTING, when.code()).await?;
    let fact = Fact::SettingChanged { name: SETTING.to_owned(), of: None };
    journal::record(app, &mut tx, actor, About::house(), fact)?;
    tx.commit().await
}

/// Can mail leave the house?
pub fn can_leave(app: &App) -> bool {
    relay::configured(app.settings()).is_some()
}

/// Sends the report of yesterday, once, when its hour has come and the proof is made; to how many people.
pub async fn send_if_due(app: &App) -> Result<usize> {
    let now = app.now().moment().to_zoned(app.zone());
    let today = now.date();
    if now.hour() < HOUR || !can_leave(app) || was_sent(&mut app.db.read().await?, today).await? {
        return Ok(0);
    }
    let yesterday = today.checked_sub(1.day()).map_err(anyhow::Error::from)?;
    let first = today.checked_sub(DAYS.days()).map_err(anyhow::Error::from)?;
    let mut tx = app.db.read().await?;
    let proofs = store::proofs(&mut tx, first).await?;
    let unprocessable = store::count_unprocessable(&mut tx, 1000).await?;
    let when = when(&mut tx).await?;
    drop(tx);
    let over = super::end_of(app, yesterday)?;
    if !proofs.iter().any(|proof| proof.day == yesterday && over <= proof.at) {
        return Ok(0);
    }
    let report = Report { day: yesterday, proofs, unprocessable };
    let letters = match when {
        When::Never => Vec::new(),
        When::Differences if report.is_sound() => Vec::new(),
        _ => letters(app, &report).await?,
    };
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "proof_report", 0).await?;
    if was_sent(&mut tx, today).await? {
        return Ok(0);
    }
    store::set(&mut tx, SENT, &today.to_string()).await?;
    for letter in &letters {
        notice::enqueue(app, &mut tx, letter).await?;
    }
    tx.commit().await?;
    Ok(letters.len())
}

async fn was_sent(tx: &mut Tx, today: Date) -> Result<bool> {
    let sent = store::setting(tx, SENT).await?.and_then(|day| day.parse::<Date>().ok());
    Ok(sent.is_some_and(|sent| today <= sent))
}

/// What there is to tell.
struct Report {
    day: Date,
    proofs: Vec<Proof>,
    unprocessable: i64,
}

impl Report {
    fn of_day(&self) -> impl Iterator<Item = &Proof> {
        self.proofs.iter().filter(|proof| proof.day == self.day)
    }

    fn differences(&self) -> i64 {
        i64::try_from(open_once(&self.proofs).len()).unwrap_or(i64::MAX)
    }

    fn unproven(&self) -> usize {
        self.of_day().filter(|proof| proof.unproven.is_some()).count()
    }

    fn is_sound(&self) -> bool {
        self.differences() == 0 && self.unproven() == 0
    }
}

/// One letter for each person who may do something about it and can be reached outside.
async fn letters(app: &App, report: &Report) -> Result<Vec<Letter>> {
    let mut tx = app.db.read().await?;
    let directory = Directory::load(app, &mut tx).await?;
    let from = directory.address_of(directory.first()?.id).to_owned();
    let mut readers = Vec::new();
    for person in people::all(&mut tx).await?.into_iter().filter(|person| person.active) {
        let actor = people::actor(&mut tx, person.id).await?;
        // A mail to ourselves would come in again.
        if actor.can(Right::ManageSettings) && !directory.is_own(&person.email) {
            readers.push((person, actor.language.unwrap_or(Language::De)));
        }
    }
    drop(tx);
    let mut letters = Vec::new();
    for (person, language) in readers {
        let words = Words::new(language, app.zone(), app.now());
        let told = Told::new(app, &words, report);
        let to = Address { name: person.name, address: person.email };
        letters.push(write(app, &from, to, told, report.day).await?);
    }
    Ok(letters)
}

/// The report in one language.
#[derive(Template)]
#[template(path = "channels/views/report.html")]
struct Told {
    language: Language,
    subject: String,
    /// Source and where its mails are, or why nobody knows.
    sources: Vec<(String, String)>,
    /// Days with differences, each with its mails.
    faults: Vec<String>,
    notes: Vec<String>,
    link: String,
    link_word: String,
    why_you: String,
}

impl Told {
    fn new(app: &App, words: &Words, report: &Report) -> Self {
        let day = words.civil(report.day);
        let subject = match (report.differences(), report.unproven()) {
            (0, 0) => words.with("report-sound", "day", day),
            (0, _) => words.with("report-unproven", "day", day),
            (n, _) => {
                let said = words.n("proof-differences", n);
                words.with2("report-differences", ("said", said), ("day", day))
            }
        };
        let source = |proof: &Proof| {
            let said = match why(words, proof) {
                Some(why) => words.with("report-source-unproven", "why", why).into_owned(),
                None => counts(words, proof),
            };
            (name_of(words, proof), said)
        };
        let fault = |(proof, one): (&Proof, &Difference)| {
            format!("{}, {}: {}", words.civil(proof.day), name_of(words, proof), sentence(words, one))
        };
        let mut faults: Vec<String> = open_once(&report.proofs).into_iter().map(fault).collect();
        let mut notes = Vec::new();
        if NAMED < faults.len() {
            notes.push(words.n("proof-more", faults.len() - NAMED).into_owned());
            faults.truncate(NAMED);
        }
        if report.unprocessable != 0 {
            notes.push(words.n("report-unprocessable", report.unprocessable).into_owned());
        }
        Self {
            language: words.language,
            subject: subject.into_owned(),
            sources: report.of_day().map(source).collect(),
            faults,
            notes,
            link: app.settings().link("/settings/proof"),
            link_word: words.t("report-link").into_owned(),
            why_you: words.t("report-why-you").into_owned(),
        }
    }

    fn text(&self) -> String {
        let mut text = format!("{}\n\n", self.subject);
        for (name, said) in &self.sources {
            text.push_str(&format!("{name}: {said}\n"));
        }
        for lines in [&self.faults, &self.notes] {
            if !lines.is_empty() {
                text.push_str(&format!("\n{}\n", lines.join("\n")));
            }
        }
        text.push_str(&format!("\n{}: {}\n\n{}\n", self.link_word, self.link, self.why_you));
        text
    }
}

async fn write(app: &App, from: &str, to: Address, told: Told, day: Date) -> Result<Letter> {
    let message_id = message_id(app, from, day);
    let html = told.render().map_err(anyhow::Error::from)?;
    let recipient = to.address.clone();
    let outgoing = Outgoing {
        message_id: message_id.clone(),
        date: app.now().seconds(),
        from: Address { name: format!("{} · Kitt", app.settings().house), address: from.to_owned() },
        to: vec![to],
        subject: told.subject.clone(),
        text: told.text(),
        html: Some(html),
        origin: Origin::AutoGenerated,
        ..Outgoing::default()
    };
    let raw = mail::compose::compose(&outgoing);
    let raw = dkim::sign(app, &mut app.db.read().await?, from, raw).await?;
    // The null sender: what cannot be delivered comes back to nobody.
    Ok(Letter {
        raw,
        message_id,
        sender: String::new(),
        recipients: vec![recipient.clone()],
        recipient,
        subject: told.subject,
        signature: None,
    })
}

/// `report.20261116.<random>.<mark>@domain`: known again without a table.
pub fn message_id(app: &App, from: &str, day: Date) -> String {
    let domain = from.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let about = format!("report.{}.{:016x}", day.strftime("%Y%m%d"), rand::random::<u64>());
    format!("{about}.{}@{domain}", mark(app, &about))
}

fn mark(app: &App, about: &str) -> String {
    blake3::keyed_hash(app.secret(), about.as_bytes()).to_hex()[..16].to_owned()
}

fn is_report(app: &App, message_id: &str) -> bool {
    let local = message_id.split('@').next().unwrap_or_default();
    local.starts_with("report.")
        && local.rsplit_once('.').is_some_and(|(about, said)| mark(app, about) == said)
}

/// A report that came back, or what a machine says about one: nobody needs a case for it.
pub fn came_back(app: &App, mail: &Understood) -> bool {
    let message = &mail.message;
    let itself = message.message_id.iter();
    let machine = mail.automatic || message.kind == Kind::Bounce;
    let about = message.original_message_id.iter().chain(&message.in_reply_to).chain(&message.references);
    itself.chain(about.filter(|_| machine)).any(|id| is_report(app, id))
}
