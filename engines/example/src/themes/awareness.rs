//! Awareness: leaflets, newsletters, advertising.

use super::{About, BLANK, Owner, Stop, Theme};
use crate::course::Course;
use crate::model::State;

const AWARENESS: Theme = Theme { station: Stop::Awareness, owner: Owner::Marketing, ..BLANK };

pub const THEMES: &[Theme] = &[
    Theme {
        key: "prospekt",
        title: "Prospekt nennt Preise, die nicht mehr gelten",
        description: "Prospekte liegen länger aus als die Aktion; an der Kassa gilt dann der höhere Preis.",
        state: State::Accepted,
        weight: 5,
        about: About::AnyProduct,
        also: &["filialeware", "aktionen"],
        subjects: &[
            "Preis im Prospekt gilt nicht?",
            "{p}: anderer Preis als im Prospekt",
            "Prospekt gegen Kassa",
        ],
        said: &[
            "Im Prospekt steht {das} um {discount} billiger, an der Kassa wusste davon niemand.",
            "Der Prospekt lag am {tag} noch im Postkasten, die Aktion war da schon vorbei.",
            "Das Kleingedruckte mit dem Datum habe ich erst daheim mit der Lupe gefunden.",
            "Wegen des Prospekts sind wir extra aus {home} hergefahren.",
            "Im Prospekt ein Preis, im Internet ein zweiter, im Geschäft ein dritter.",
            "Ihre Kollegin sagte, der Prospekt sei „nur ein Beispiel“.",
            "Wenn die Aktion aus ist, dann räumt bitte die Prospekte weg.",
            "Man kommt sich vor wie ein Bittsteller, wenn man an der Kassa mit dem Prospekt wedelt.",
        ],
        answers: &[
            "Sie bekommen {ihn} zum Preis aus dem Prospekt, ich habe die Differenz schon angewiesen.",
            "Der Prospekt hätte nicht mehr ausliegen dürfen. Wir halten den Preis für Sie bis {next}.",
        ],
        english_subjects: &["Leaflet price not honoured"],
        english: &[
            "The leaflet shows a lower price, but at the till nobody knew about it.",
            "We drove here from {home} because of the leaflet.",
        ],
        english_answers: &["You get the leaflet price; the difference is on its way to you."],
        ..AWARENESS
    },
    Theme {
        key: "newsletter",
        title: "Newsletter trotz Abmeldung",
        description: "Abmeldungen wirkten nur für eine von drei Listen.",
        state: State::Fixed,
        reason: "Eine Abmeldung gilt jetzt für alle Listen",
        course: Course::Fixed { ago: 150, left: 9 },
        weight: 4,
        subjects: &["Bitte endlich abmelden", "Newsletter trotz Abmeldung", "Abmelden zum {zweiten} Mal"],
        said: &[
            "Ich habe mich am {date} abgemeldet, und heute waren wieder zwei Newsletter da.",
            "Der Abmeldelink führt auf eine Seite, die es nicht mehr gibt.",
            "Zum {zweiten} Mal: bitte keine Werbung mehr an diese Adresse.",
            "„Sie wurden abgemeldet“ steht da, und am nächsten Tag kommt der nächste.",
            "Drei Mails an einem Tag, dabei habe ich nur eine Lampe gekauft.",
            "Nach der Abmeldung kamen die Mails plötzlich an meine Firmenadresse.",
            "Ich habe nie zugestimmt, Werbung zu bekommen. Woher haben Sie das?",
        ],
        answers: &[
            "Sie sind jetzt aus allen drei Listen gelöscht, ich habe es selbst nachgeprüft.",
            "Ihre Adresse ist für Werbung gesperrt. Bestellbestätigungen bekommen Sie weiterhin.",
        ],
        english_subjects: &["Please unsubscribe me for good"],
        english: &[
            "I unsubscribed on {date} and got two more newsletters today.",
            "The unsubscribe link leads to a page that no longer exists.",
        ],
        english_answers: &["You are now off all three lists; I checked it myself."],
        ..AWARENESS
    },
    Theme {
        key: "filialeware",
        title: "Beworbene Ware fehlt in der Filiale",
        description: "Aktionsware ist am ersten Tag ausverkauft oder wurde nie geliefert.",
        owner: Owner::Sales,
        state: State::Open,
        course: Course::Seasonal { month: 11 },
        weight: 4,
        about: About::Groups(&["Licht", "Elektronik", "Haushaltsgeräte"]),
        also: &["prospekt", "bestand", "zimmerfein"],
        subjects: &["Angebot nicht vorrätig", "{p} schon um neun ausverkauft", "Lockangebot?"],
        said: &[
            "Um fünf nach neun war {das} angeblich schon ausverkauft.",
            "Die Filiale {town} hat die beworbene Ware überhaupt nie bekommen.",
            "Für mich ist das ein Lockangebot und sonst nichts.",
            "Zwei Stück für eine ganze Stadt, das ist doch ein Scherz.",
            "Statt dem Angebot wollte man mir ein teureres Modell verkaufen.",
            "Groß im Radio, klein im Regal: Es war keines da.",
            "Ich stand mit dem Gutschein vor einem leeren Regal.",
        ],
        answers: &[
            "Ich habe Ihnen ein Stück aus einer anderen Filiale zum Aktionspreis reserviert, es ist am {next} da.",
            "Sie bekommen {ihn} zum beworbenen Preis nach Hause geliefert, ohne Versandkosten.",
        ],
        english_subjects: &["Advertised item never in stock"],
        english: &[
            "At five past nine it was supposedly sold out already.",
            "Instead of the offer they tried to sell me a more expensive one.",
        ],
        english_answers: &["I have reserved one for you from another branch at the offer price."],
        ..AWARENESS
    },
    Theme {
        key: "aktionen",
        kind: crate::model::Kind::Hindrance,
        title: "Aktionen erfahren wir vom Kunden",
        description: "Neue Aktionen stehen im Prospekt, bevor der Kundenservice davon weiß.",
        state: State::Fixed,
        reason: "Aktionskalender geht eine Woche vorher an den Service",
        course: Course::Fixed { ago: 40, left: 40 },
        weight: 2,
        also: &["prospekt"],
        subjects: &["Aktion unbekannt?", "Niemand weiß von der Aktion"],
        said: &[
            "Die Kollegin am Telefon hatte von der Aktion noch nie gehört, ich musste sie ihr vorlesen.",
            "Ihr eigener Chat sagt, diese Aktion gebe es nicht. Sie steht auf Ihrer Startseite.",
            "Ich soll ein Foto vom Prospekt schicken, damit Sie mir glauben.",
            "Drei Leute gefragt, keiner kannte das Angebot.",
            "Offenbar lese ich Ihren Prospekt genauer als Ihre Mitarbeiter.",
        ],
        answers: &["Sie hatten recht, die Aktion gilt, und ich habe sie bei Ihrem Auftrag nachgetragen."],
        english_subjects: &["Nobody knows your own offer"],
        english: &["Your colleague had never heard of the offer; I had to read it to her."],
        english_answers: &["You were right, the offer is valid, and I have added it to your order."],
        ..AWARENESS
    },
];
