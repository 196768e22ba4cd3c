//! Who a queue writes as: the sender's name, and the signature below answers in the customer's language.
//!
//! A signature is plain text with placeholders. Automatic mail and mail to many have none: they end as their
//! author ended them.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people::Queue;
use crate::platform::{Actor, App, Error, Language, QueueId, Result, Right, Tx};

/// Characters of a signature.
const LONGEST: usize = 2_000;
const LONGEST_NAME: usize = 100;
/// What a signature may contain, in braces.
pub const PLACEHOLDERS: [&str; 3] = ["agent", "queue", "house"];

/// How a queue presents itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow, Serialize, Deserialize, ToSchema)]
pub struct QueueMail {
    /// Empty: the name of the house.
    pub sender_name: String,
    pub signature_de: String,
    pub signature_en: String,
}

impl QueueMail {
    /// The template for a reader of this language; the other one is better than none.
    fn template(&self, language: Language) -> &str {
        let (first, second) = match language {
            Language::De => (&self.signature_de, &self.signature_en),
            Language::En => (&self.signature_en, &self.signature_de),
        };
        if first.trim().is_empty() { second.trim() } else { first.trim() }
    }

    /// The name that mails of this queue come from.
    pub fn sender<'a>(&'a self, house: &'a str) -> &'a str {
        if self.sender_name.trim().is_empty() { house } else { self.sender_name.trim() }
    }

    /// The signature, filled; `None` if there is none.
    pub fn signature(&self, language: Language, agent: &str, queue: &str, house: &str) -> Option<String> {
        let template = self.template(language);
        let values = [("{agent}", agent), ("{queue}", queue), ("{house}", house)];
        // One pass: a name that looks like a placeholder stays a name.
        let mut text = String::new();
        let mut rest = template;
        while let Some(at) = rest.find('{') {
            text.push_str(&rest[..at]);
            rest = &rest[at..];
            let found = values.iter().find(|(placeholder, _)| rest.starts_with(placeholder));
            let (placeholder, value) = found.copied().unwrap_or(("{", "{"));
            text.push_str(value);
            rest = &rest[placeholder.len()..];
        }
        text.push_str(rest);
        Some(text).filter(|text| !text.is_empty())
    }
}

/// A text with its signature, the way mail programs recognise one (RFC 3676, 4.3).
pub fn below_text(text: &str, signature: &str) -> String {
    // A blank at the end of a line would join it with the next one.
    let signature: Vec<&str> = signature.lines().map(str::trim_end).collect();
    format!("{}\n\n-- \n{}", text.trim_end(), signature.join("\n"))
}

/// The same for HTML.
pub fn below_html(html: &str, signature: &str) -> String {
    let mut out = format!("{html}<br><div class=\"signature\">-- ");
    for line in signature.lines() {
        let escaped = line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        write!(out, "<br>{escaped}").expect("a String takes everything");
    }
    out.push_str("</div>");
    out
}

/// What stands below answers that this actor writes in a queue.
pub async fn preview(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    queue: &Queue,
    language: Language,
) -> Result<Option<String>> {
    let mail = store::queue_mail(tx, queue.id).await?;
    Ok(mail.signature(language, &actor.name, &queue.name, &app.settings().house))
}

/// Sets how a queue presents itself.
///
/// # Errors
///
/// [`Error::Invalid`] for texts that are too long, and for placeholders that are none.
pub async fn set(app: &App, actor: &Actor, queue: QueueId, mail: &QueueMail) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    Error::unless_short("sender_name", &mail.sender_name, LONGEST_NAME)?;
    for (field, text) in [("signature_de", &mail.signature_de), ("signature_en", &mail.signature_en)] {
        Error::unless_short(field, text, LONGEST)?;
        if has_wrong_placeholder(text) {
            return Err(Error::invalid(field, "sending-placeholder-wrong"));
        }
    }
    let mut tx = app.db.write().await?;
    store::set_queue_mail(&mut tx, queue, mail).await?;
    let fact = Fact::SettingChanged { name: "queue_mail".into(), of: Some(queue.0) };
    journal::record(app, &mut tx, actor, About::house(), fact)?;
    tx.commit().await
}

/// `{…}` that customers would read as it stands.
fn has_wrong_placeholder(text: &str) -> bool {
    text.split('{')
        .skip(1)
        .any(|part| !part.split_once('}').is_some_and(|(name, _)| PLACEHOLDERS.contains(&name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> QueueMail {
        QueueMail {
            sender_name: String::new(),
            signature_de: "Freundliche Grüße\n{agent}\n{queue}, {house}".into(),
            signature_en: "Kind regards\n{agent}".into(),
        }
    }

    #[test]
    fn a_signature_is_in_the_customers_language_and_names_who_wrote() {
        let signed = |language| mail().signature(language, "Eva {queue}", "Service", "Haus & Heim");
        assert_eq!(
            signed(Language::De).as_deref(),
            Some("Freundliche Grüße\nEva {queue}\nService, Haus & Heim")
        );
        assert_eq!(signed(Language::En).as_deref(), Some("Kind regards\nEva {queue}"));
        let german_only = QueueMail { signature_en: " ".into(), ..mail() };
        assert!(
            german_only.signature(Language::En, "Eva", "", "").is_some_and(|text| text.contains("Grüße"))
        );
        assert_eq!(QueueMail::default().signature(Language::De, "Eva", "", ""), None);
    }

    #[test]
    fn what_customers_would_read_as_it_is_typed_is_found() {
        for (text, wrong) in
            [("{agent}, {queue}, {house}", false), ("{agnet}", true), ("{agent", true), ("", false)]
        {
            assert_eq!(has_wrong_placeholder(text), wrong, "{text}");
        }
    }

    #[test]
    fn names_cannot_break_out_of_the_html() {
        let html = below_html("<p>x</p>", "Eva <b>&\nService");
        assert_eq!(html, "<p>x</p><br><div class=\"signature\">-- <br>Eva &lt;b&gt;&amp;<br>Service</div>");
        assert_eq!(below_text("x\n", "Eva"), "x\n\n-- \nEva");
    }
}
