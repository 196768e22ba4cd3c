//! Placeholders: what a text module leaves open, filled in for a case.
//!
//! `{{customer.name}}` becomes the customer's name. What is not known stays as it was written, marked, and is told to
//! the writer. Filled in is text, never HTML: a customer called `<b>` stays `<b>`.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

use super::store;
use crate::cases::Case;
use crate::customers;
use crate::customers::Customer;
use crate::people;
use crate::platform::words::Words;
use crate::platform::{Actor, App, Language, Result, Tx};

/// What can be left open. docs/terms.md and the settings page list them.
pub const PLACEHOLDERS: [&str; 12] = [
    "customer.salutation",
    "customer.name",
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
}

/// What is known about a case, by placeholder.
pub struct Values(Vec<(&'static str, String)>);

/// Fills a text in for a case.
pub async fn fill(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, text: &str) -> Result<Filled> {
    Ok(values(app, tx, actor, case).await?.fill(text))
}

/// What an answer in a case begins and ends with, as HTML; nothing if its queue chose nothing.
pub async fn frame_for(app: &App, tx: &mut Tx, actor: &Actor, case: &Case) -> Result<Option<Filled>> {
    let language = customers::customer(tx, case.customer).await?.language;
    let Some(frame) = store::frame(tx, case.queue, language).await? else { return Ok(None) };
    if frame.greeting.trim().is_empty() && frame.closing.trim().is_empty() {
        return Ok(None);
    }
    let html = format!("{}<p><br></p>{}", paragraphs(&frame.greeting), paragraphs(&frame.closing));
    fill(app, tx, actor, case, &html).await.map(Some)
}

/// A whole answer in a case, as HTML: `text`, plain with placeholders, between what the answers of its queue begin and
/// end with.
pub async fn letter(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, text: &str) -> Result<Filled> {
    let language = customers::customer(tx, case.customer).await?.language;
    let frame = store::frame(tx, case.queue, language).await?;
    let (greeting, closing) = frame.map(|frame| (frame.greeting, frame.closing)).unwrap_or_default();
    let html = [greeting.as_str(), text, closing.as_str()].map(paragraphs).concat();
    fill(app, tx, actor, case, &html).await
}

fn paragraphs(text: &str) -> String {
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
    let last_order =
        customers::file(tx, case.customer, app.now()).await?.purchases.into_iter().max_by_key(|one| one.at);
    let mut known = vec![
        ("customer.salutation", salutation(&customer)),
        ("customer.name", customer.name.clone()),
        ("customer.last_name", last_name(&customer.name).to_owned()),
        ("case.number", case.number.clone()),
        ("case.subject", case.subject.clone()),
        ("agent.name", actor.name.clone()),
        ("queue.name", queue.name),
        ("house", app.settings().house.clone()),
        ("date", words.date(&app.now())),
    ];
    if let Some(order) = last_order {
        known.push(("order.number", order.number));
        known.push(("order.product", order.product));
        known.push(("order.date", words.date(&order.at)));
    }
    known.retain(|(_, value)| !value.trim().is_empty());
    Ok(Values(known))
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

impl Values {
    /// Fills in what is known; the rest is marked and told.
    pub fn fill(&self, text: &str) -> Filled {
        let mut html = String::new();
        let mut missing: Vec<String> = Vec::new();
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => html.push_str(text),
                Piece::Hole(name) => {
                    if let Some((_, value)) = self.0.iter().find(|(known, _)| *known == name) {
                        html.push_str(&escape(value));
                    } else {
                        html.push_str(&format!("{{{{{name}}}}}"));
                        missing.push(name.to_owned());
                    }
                }
            }
        }
        Filled { html, missing }
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
        let values = Values(vec![("customer.name", "Anna <b>&".into()), ("house", "{{date}}".into())]);
        let filled = values.fill("<p>{{customer.name}}, {{ house }}: {{order.number}} {{</p>");
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
