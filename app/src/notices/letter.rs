//! Notices by mail: one or a digest, in the reader's language, with links, and where to have it otherwise.

use askama::Template;

use super::lines;
use super::model::{Line, Notice, Wishes};
use crate::channels::house_mail;
use crate::channels::house_mail::HouseMail;
use crate::people::Person;
use crate::platform::{Actor, App, Language, PersonId, Result, Tx, Words};

/// Lines of one mail; the page has the others.
const MOST: usize = 50;
/// Hexadecimal digits of a signature.
const SIGNATURE: usize = 32;

/// What stands in the mail.
#[derive(Template)]
#[template(path = "notices/views/mail.html")]
struct Told {
    language: Language,
    subject: String,
    lines: Vec<Item>,
    more: Option<String>,
    link: String,
    link_word: String,
    settings: String,
    settings_word: String,
}

/// A line: what happened, where, when, and a link.
struct Item {
    what: String,
    about: String,
    when: String,
    url: String,
}

/// Sends what is left of `due` to the person, if this transaction commits; false if nothing is.
pub async fn post(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    person: &Person,
    wishes: &Wishes,
    due: &[Notice],
) -> Result<bool> {
    let zone = wishes.zone(&app.zone());
    let words = Words::new(actor.language.unwrap_or(Language::De), zone, app.now());
    let lines = lines::unread(tx, actor, &words, due).await?;
    if lines.is_empty() {
        return Ok(false);
    }
    let told = Told::new(app, &words, &lines);
    let mail = HouseMail {
        name: person.name.clone(),
        address: person.email.clone(),
        subject: told.subject.clone(),
        text: told.text(),
        html: Some(told.render().map_err(anyhow::Error::from)?),
        unsubscribe: app.settings().link(&format!("/notices/mail/{}/end", token(app, person.id))),
    };
    house_mail::post(app, tx, &mail).await
}

impl Told {
    fn new(app: &App, words: &Words, lines: &[Line]) -> Self {
        let subject = match lines {
            [one] => subject_of(one),
            _ => words.n("notices-mail-subject", lines.len()).into_owned(),
        };
        let line = |line: &Line| {
            let case =
                line.case.as_ref().map(|number| words.with("case-number", "number", number).into_owned());
            let parts = [line.who.clone(), case, line.about.clone()];
            Item {
                what: line.what.clone(),
                about: parts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
                when: words.when(&line.at),
                url: app.settings().link(&format!("/notices/{}", line.id)),
            }
        };
        let more =
            (MOST < lines.len()).then(|| words.n("notices-mail-more", lines.len() - MOST).into_owned());
        Self {
            language: words.language,
            subject,
            lines: lines.iter().take(MOST).map(line).collect(),
            more,
            link: app.settings().link("/notices"),
            link_word: words.t("notices-mail-link").into_owned(),
            settings: app.settings().link("/notices/settings"),
            settings_word: words.t("notices-mail-settings").into_owned(),
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            text.push_str(&format!("{}\n{}\n{} · {}\n\n", line.what, line.about, line.when, line.url));
        }
        if let Some(more) = &self.more {
            text.push_str(&format!("{more}\n\n"));
        }
        text.push_str(&format!(
            "{}: {}\n{}: {}\n",
            self.link_word, self.link, self.settings_word, self.settings
        ));
        text
    }
}

fn subject_of(line: &Line) -> String {
    match &line.case {
        Some(number) => format!("{} ({number})", line.what),
        None => line.what.clone(),
    }
}

/// What stands in the address by which a person turns these mails off without a login.
pub fn token(app: &App, person: PersonId) -> String {
    format!("{person}-{}", sign(app, person))
}

/// Whose a token is.
pub fn read(app: &App, token: &str) -> Option<PersonId> {
    let (person, signature) = token.split_once('-')?;
    let person = PersonId(person.parse().ok()?);
    // Compared as hashes, which takes as long for any guess.
    let same = blake3::hash(signature.as_bytes()) == blake3::hash(sign(app, person).as_bytes());
    same.then_some(person)
}

fn sign(app: &App, person: PersonId) -> String {
    let signed = blake3::keyed_hash(app.secret(), format!("notices by mail {person}").as_bytes());
    signed.to_hex()[..SIGNATURE].to_owned()
}
