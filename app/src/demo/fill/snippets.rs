//! Text modules that everybody writes with, in both languages and for Sie and Du, and what stands around answers.

use example::Company;

use super::super::hours;
use super::Ids;
use crate::platform::{App, Language, QueueId, Result, Tx};
use crate::snippets;
use crate::snippets::{Draft, Frame, Text};

/// A text module.
struct Module {
    name: &'static str,
    shortcut: &'static str,
    folder: &'static str,
    german: &'static str,
    du: &'static str,
    english: &'static str,
}

const EVERYWHERE: &[Module] = &[
    Module {
        name: "Danke für die Geduld",
        shortcut: "geduld",
        folder: "",
        german: "Vielen Dank für Ihre Geduld, {{customer.name}}. Wir melden uns, sobald wir mehr wissen.",
        du: "Vielen Dank für deine Geduld, {{customer.first_name}}. Wir melden uns bei dir, sobald wir mehr wissen.",
        english: "Thank you for your patience, {{customer.name}}. We will write as soon as we know more.",
    },
    Module {
        name: "Neuer Liefertermin",
        shortcut: "termin",
        folder: "",
        german: "Es tut uns leid, dass niemand gekommen ist. Passt Ihnen ein neuer Termin in dieser Woche? Nennen Sie \
                 uns bitte zwei Tage.",
        du: "Es tut uns leid, dass niemand gekommen ist. Passt dir ein neuer Termin in dieser Woche? Nenn uns bitte \
             zwei Tage.",
        english: "We are sorry that nobody came. Would a new date this week suit you? Please name two days.",
    },
    Module {
        name: "Foto vom Schaden",
        shortcut: "foto",
        folder: "",
        german: "Bitte schicken Sie uns ein Foto der Stelle, am besten mit dem Etikett auf der Rückseite. Eine Antwort \
                 auf diese Mail genügt.",
        du: "Schick uns bitte ein Foto der Stelle, am besten mit dem Etikett auf der Rückseite. Eine Antwort auf diese \
             Mail genügt.",
        english: "Please send us a photo of the place, if possible with the label on the back. A reply to this mail will \
                  do.",
    },
    Module {
        name: "Rücksendung",
        shortcut: "retoure",
        folder: "",
        german: "Die Rücksendung kostet Sie nichts. Verpacken Sie die Ware wie geliefert; wir holen sie bei Ihnen ab.",
        du: "Die Rücksendung kostet dich nichts. Pack die Ware ein, wie sie gekommen ist; wir holen sie bei dir ab.",
        english: "Sending it back costs you nothing. Pack it as it came; we will collect it at your door.",
    },
];

/// For the queue that says du only.
const INFORMAL: &[Module] = &[
    Module {
        name: "Kleinteile kommen per Post",
        shortcut: "kleinteile",
        folder: "Nestwerk",
        german: "Die fehlenden Teile gehen heute als Brief an Sie hinaus und sind in zwei Tagen bei Ihnen.",
        du: "Die fehlenden Teile gehen heute als Brief an dich raus und sind in zwei Tagen bei dir.",
        english: "The missing parts leave today as a letter and reach you in two days.",
    },
    Module {
        name: "Selbst abholen",
        shortcut: "abholen",
        folder: "Nestwerk",
        german: "Sie können Ihre Bestellung Montag bis Samstag bei uns abholen. Bitte bringen Sie die Auftragsnummer mit.",
        du: "Du kannst deine Bestellung Montag bis Samstag bei uns abholen. Bring bitte die Auftragsnummer mit und am \
             besten jemanden zum Tragen.",
        english: "You can collect your order from Monday to Saturday. Please bring the number of your order.",
    },
];

pub async fn fill(app: &App, tx: &mut Tx, company: &Company, ids: &Ids) -> Result<()> {
    let written = hours::back(app, 95, (11, 15));
    for module in EVERYWHERE {
        snippets::add_past(tx, &draft(module, None), written).await?;
    }
    for (queue, id) in company.queues.iter().zip(&ids.queues) {
        if queue.informal {
            for module in INFORMAL {
                snippets::add_past(tx, &draft(module, Some(*id)), written).await?;
            }
        }
        for frame in frames(*id, if queue.informal { queue.name } else { company.name }) {
            snippets::set_past_frame(tx, &frame).await?;
        }
    }
    Ok(())
}

fn draft(module: &Module, queue: Option<QueueId>) -> Draft {
    let text = |language, body: &str, informal: &str| Text {
        language,
        body: body.to_owned(),
        informal: informal.to_owned(),
    };
    Draft {
        name: module.name.to_owned(),
        shortcut: module.shortcut.to_owned(),
        folder: module.folder.to_owned(),
        owner: None,
        queue,
        texts: vec![text(Language::De, module.german, module.du), text(Language::En, module.english, "")],
    }
}

/// What answers of a queue begin and end with; `brand` is how they are signed.
fn frames(queue: QueueId, brand: &str) -> [Frame; 2] {
    [
        Frame {
            greeting: "{{customer.salutation}},".to_owned(),
            closing: format!("Freundliche Grüße\n{{{{agent.name}}}}\n{brand}"),
            informal_greeting: "{{customer.salutation}},".to_owned(),
            informal_closing: format!("Liebe Grüße\n{{{{agent.name}}}} vom {brand}-Team"),
            ..Frame::empty(queue, Language::De)
        },
        Frame {
            greeting: "{{customer.salutation}},".to_owned(),
            closing: format!("Kind regards\n{{{{agent.name}}}}\n{brand}"),
            ..Frame::empty(queue, Language::En)
        },
    ]
}
