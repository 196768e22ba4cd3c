//! Placeholders: what a text module leaves open, filled in for a case.
//!
//! `{{customer.name}}` becomes the customer's name. What is not known stays as it was written, marked, and is told to
//! the writer. Filled in is text, never HTML: a customer called `<b>` stays `<b>`.
//!
//! A letter has one tone, that of its text: greeting, closing and salutation follow it. Where greeting or closing are
//! written for the other one only, that is said.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Frame, Snippet};
use super::store;
use crate::cases;
use crate::cases::Case;
use crate::customers;
use crate::customers::{Customer, Purchase};
use crate::people;
use crate::platform::words::Words;
use crate::platform::{Actor, App, Language, Manner, Result, Tone, Tx};

/// What can be left open. The page of the snippets lists them.
pub const PLACEHOLDERS: [&str; 13] = [
    "customer.salutation",
    "customer.name",
    "customer.first_name",
    "customer.last_name",
    "case.number",
    "case.subject",
    "agent.name",
    "queue.name",
    "house",
    "date",
    "order.number",
    "order.product",
    "order.date",
];

/// A text whose placeholders are filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Filled {
    /// HTML
    pub html: String,
    /// Placeholders for which nothing is known; they stand in the text.
    pub missing: Vec<String>,
    /// Whether it addresses somebody with „Sie" or „Du", where its language knows that.
    pub tone: Option<Tone>,
    /// The customer is addressed otherwise.
    pub other_tone: bool,
}

/// What is known about a case, by placeholder.
pub struct Values {
    known: Vec<(&'static str, String)>,
    /// The salutation of those who are addressed informally.
    hello: String,
    pub manner: Manner,
}

/// Fills a snippet in for a case, in its customer's language and as they are addressed.
pub async fn fill(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, snippet: &Snippet) -> Result<Filled> {
    let values = values(app, tx, actor, case).await?;
    let (text, tone) = snippet.text(values.manner);
    Ok(values.fill(text, tone))
}

/// What an answer in a case begins and ends with, as HTML; nothing if its queue chose nothing.
pub async fn frame_for(app: &App, tx: &mut Tx, actor: &Actor, case: &Case) -> Result<Option<Filled>> {
    let manner = customers::manner(tx, case.customer, case.queue).await?;
    let Some(frame) = store::frame(tx, case.queue, manner.language).await? else { return Ok(None) };
    let (greeting, closing) = frame.around(manner);
    if greeting.trim().is_empty() && closing.trim().is_empty() {
        return Ok(None);
    }
    let html = format!("{}<p><br></p>{}", paragraphs(greeting), paragraphs(closing));
    let mut filled = values(app, tx, actor, case).await?.fill(&html, manner.tone);
    if manner.tone == Some(Tone::Informal) && is_formal_only(&frame) {
        (filled.tone, filled.other_tone) = (Some(Tone::Formal), true);
    }
    Ok(Some(filled))
}

/// A whole answer.
#[derive(Debug, Clone)]
pub struct Letter {
    /// HTML
    pub filled: Filled,
    /// What it says before anything is filled in.
    pub template: String,
    /// What stands around the text is written for „Sie", the text for „Du": nobody wrote the former for „Du".
    pub mixed: bool,
}

/// A whole answer in a case: `text`, plain with placeholders and of this tone, between what the answers of its queue
/// begin and end with.
pub async fn letter(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    (text, tone): (&str, Option<Tone>),
) -> Result<Letter> {
    let values = values(app, tx, actor, case).await?;
    let frame = store::frame(tx, case.queue, values.manner.language).await?;
    let (greeting, closing) =
        frame.as_ref().map(|frame| frame.around(Manner { tone, ..values.manner })).unwrap_or_default();
    let template = [greeting, text, closing].map(paragraphs).concat();
    let mixed = tone == Some(Tone::Informal) && frame.as_ref().is_some_and(is_formal_only);
    Ok(Letter { filled: values.fill(&template, tone), template, mixed })
}

/// Is anything of a frame said for „Sie" only? A salutation alone follows the tone by itself.
fn is_formal_only(frame: &Frame) -> bool {
    let says = |text: &str| {
        let says =
            |piece: &Piece<'_>| matches!(piece, Piece::Text(text) if text.contains(char::is_alphabetic));
        pieces(text).iter().any(says)
    };
    let lacks = |formal: &str, informal: &str| informal.trim().is_empty() && says(formal);
    lacks(&frame.greeting, &frame.informal_greeting) || lacks(&frame.closing, &frame.informal_closing)
}

/// Text as HTML: empty lines part paragraphs.
pub(super) fn paragraphs(text: &str) -> String {
    let parts = text.trim().split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    let mut html = String::new();
    for part in parts {
        html += &format!("<p>{}</p>", escape(part).replace('\n', "<br>"));
    }
    html
}

/// What is known for a text in this case.
pub(super) async fn values(app: &App, tx: &mut Tx, actor: &Actor, case: &Case) -> Result<Values> {
    let customer = customers::customer(tx, case.customer).await?;
    let queue = people::queue(tx, case.queue).await?;
    let words = Words::new(customer.language, app.zone(), app.now());
    let orders = customers::file(tx, case.customer, app.now()).await?.purchases;
    let order = order_of(tx, case, orders).await?;
    let mut known = vec![
        ("customer.salutation", salutation(&customer)),
        ("customer.name", customer.name.clone()),
        ("customer.first_name", customer.first_name().unwrap_or_default().to_owned()),
        ("customer.last_name", last_name(&customer.name).to_owned()),
        ("case.number", case.number.clone()),
        ("case.subject", case.subject.clone()),
        ("agent.name", actor.name.clone()),
        ("queue.name", queue.name.clone()),
        ("house", app.settings().house.clone()),
        ("date", words.date(&app.now())),
    ];
    if let Some(order) = order {
        known.push(("order.number", order.number));
        known.push(("order.product", order.product));
        known.push(("order.date", words.date(&order.at)));
    }
    known.retain(|(_, value)| !value.trim().is_empty());
    Ok(Values { known, hello: hello(&customer), manner: customer.manner(queue.tone) })
}

/// The order that a case is about: the one that its subject or its fields name, or the only one there is. Which of
/// several is meant, the writer knows: a guess would be sent to the customer as if it had been looked up.
async fn order_of(tx: &mut Tx, case: &Case, mut orders: Vec<Purchase>) -> Result<Option<Purchase>> {
    if 1 < orders.len() {
        let fields = cases::attributes(tx, case).await?.entries;
        let names = |number: &str| {
            case.subject.contains(number) || fields.iter().any(|entry| entry.seen().contains(number))
        };
        orders.retain(|order| names(&order.number));
    }
    let order = orders.pop();
    Ok(order.filter(|_| orders.is_empty()))
}

fn last_name(name: &str) -> &str {
    name.trim().rsplit(' ').next().unwrap_or_default()
}

/// As a letter begins: "Guten Tag Frau Sommerauer", in English "Dear Ms Sommerauer".
///
/// Whose form of address is not known is greeted by the whole name: a guess would be wrong for somebody each day.
fn salutation(customer: &Customer) -> String {
    let said = customer.salutation.as_deref().unwrap_or_default().trim();
    let german = customer.language == Language::De;
    let said = match (said.to_lowercase().trim_end_matches('.'), german) {
        ("frau" | "ms" | "mrs", true) => "Frau",
        ("herr" | "mr", true) => "Herr",
        ("frau" | "ms" | "mrs", false) => "Ms",
        ("herr" | "mr", false) => "Mr",
        _ => said,
    };
    let hello = if german { "Guten Tag" } else { "Dear" };
    // An address instead of a name is no way to greet somebody.
    if customer.name.contains('@') {
        return if german { "Guten Tag".into() } else { "Hello".into() };
    }
    if said.is_empty() {
        return format!("{hello} {}", customer.name);
    }
    format!("{hello} {said} {}", last_name(&customer.name))
}

/// How a letter begins to somebody who is addressed informally: "Hallo Ingrid".
fn hello(customer: &Customer) -> String {
    if customer.name.contains('@') {
        return "Hallo".into();
    }
    format!("Hallo {}", customer.first_name().unwrap_or(&customer.name))
}

impl Values {
    fn value(&self, name: &str, tone: Option<Tone>) -> Option<&str> {
        if name == "customer.salutation" && tone == Some(Tone::Informal) {
            return Some(&self.hello);
        }
        self.known.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// Fills in what is known into a text of this tone; the rest is marked and told.
    pub fn fill(&self, text: &str, tone: Option<Tone>) -> Filled {
        let mut html = String::new();
        let mut missing: Vec<String> = Vec::new();
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => html.push_str(text),
                Piece::Hole(name) => {
                    if let Some(value) = self.value(name, tone) {
                        html.push_str(&escape(value));
                    } else {
                        html.push_str(&format!("{{{{{name}}}}}"));
                        missing.push(name.to_owned());
                    }
                }
            }
        }
        // In another language than the customer's own, too, nobody is addressed with „Du" who did not choose it.
        let unasked = self.manner.tone.is_none() && tone == Some(Tone::Informal);
        Filled { html, missing, tone, other_tone: unasked || self.manner.is_other(tone) }
    }
}

fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;"))
}

/// Does a text leave something open that nobody fills in?
pub(super) fn has_unknown(text: &str) -> bool {
    pieces(text).iter().any(|piece| matches!(piece, Piece::Hole(name) if !PLACEHOLDERS.contains(name)))
}

enum Piece<'a> {
    Text(&'a str),
    Hole(&'a str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, behind)) = after.split_once("}}") else { break };
        pieces.push(Piece::Text(before));
        pieces.push(Piece::Hole(name.trim()));
        rest = behind;
    }
    pieces.push(Piece::Text(rest));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_filled_in_as_text_and_the_rest_is_told() {
        let values = Values {
            known: vec![("customer.name", "Anna <b>&".into()), ("house", "{{date}}".into())],
            hello: String::new(),
            manner: Manner::new(Language::De, Tone::Formal),
        };
        let text = "<p>{{customer.name}}, {{ house }}: {{order.number}} {{</p>";
        let filled = values.fill(text, Some(Tone::Formal));
        assert_eq!(filled.html, "<p>Anna &lt;b&gt;&amp;, {{date}}: {{order.number}} {{</p>");
        assert_eq!(filled.missing, ["order.number"]);
    }

    #[test]
    fn placeholders_that_are_none_are_found() {
        for (text, wrong) in
            [("{{customer.name}}", false), ("{{customr}}", true), ("{{", false), ("{{}}", true)]
        {
            assert_eq!(has_unknown(text), wrong, "{text}");
        }
    }
}
