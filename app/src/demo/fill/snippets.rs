//! Text modules that everybody writes with, in both languages.

use crate::platform::{App, Language, Result, Tx};
use crate::snippets;
use crate::snippets::{Draft, Text};

/// Name, shortcut, and what it says in German and English.
const SNIPPETS: [[&str; 4]; 4] = [
    [
        "Danke für die Geduld",
        "geduld",
        "Vielen Dank für Ihre Geduld, {{customer.name}}. Wir melden uns, sobald wir mehr wissen.",
        "Thank you for your patience, {{customer.name}}. We will write as soon as we know more.",
    ],
    [
        "Neuer Liefertermin",
        "termin",
        "Es tut uns leid, dass niemand gekommen ist. Passt Ihnen ein neuer Termin in dieser Woche? Nennen Sie uns bitte zwei Tage.",
        "We are sorry that nobody came. Would a new date this week suit you? Please name two days.",
    ],
    [
        "Foto vom Schaden",
        "foto",
        "Bitte schicken Sie uns ein Foto der Stelle, am besten mit dem Etikett auf der Rückseite. Eine Antwort auf diese Mail genügt.",
        "Please send us a photo of the place, if possible with the label on the back. A reply to this mail will do.",
    ],
    [
        "Rücksendung",
        "retoure",
        "Die Rücksendung kostet Sie nichts. Verpacken Sie die Ware wie geliefert; wir holen sie bei Ihnen ab.",
        "Sending it back costs you nothing. Pack it as it came; we will collect it at your door.",
    ],
];

pub async fn fill(app: &App, tx: &mut Tx) -> Result<()> {
    for [name, shortcut, german, english] in SNIPPETS {
        let text = |language, body: &str| Text { language, body: body.to_owned(), informal: String::new() };
        let draft = Draft {
            name: name.to_owned(),
            shortcut: shortcut.to_owned(),
            folder: String::new(),
            owner: None,
            queue: None,
            texts: vec![text(Language::De, german), text(Language::En, english)],
        };
        snippets::add_past(tx, &draft, app.now()).await?;
    }
    Ok(())
}
