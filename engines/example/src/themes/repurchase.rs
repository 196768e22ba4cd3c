//! Repurchase: coming back, loyalty, returns, extending.

use super::{About, BLANK, Owner, Stop, Theme};
use crate::course::Course;
use crate::model::State;

const REPURCHASE: Theme = Theme { station: Stop::Repurchase, owner: Owner::Sales, ..BLANK };

pub const THEMES: &[Theme] = &[
    Theme {
        key: "neukunden",
        title: "Neue Kunden zahlen weniger als treue",
        description: "Den Rabatt zur Begrüßung bekommen nur neue Konten; Stammkundschaft fühlt sich bestraft.",
        owner: Owner::Marketing,
        state: State::Disputed,
        reason: "Marketing sieht den Rabatt als Werbekosten, nicht als Preis",
        course: Course::Rising,
        weight: 5,
        about: About::AnyProduct,
        also: &["zimmerfein", "haelt"],
        subjects: &[
            "Rabatt nur für Neukunden?",
            "Treue lohnt sich nicht",
            "{yrs} Jahre Kunde und kein Rabatt",
        ],
        said: &[
            "Seit {yrs} Jahren kaufe ich bei Ihnen, und den Rabatt bekommen nur die Neuen.",
            "Soll ich mich abmelden und neu anmelden, damit ich {discount} spare?",
            "Meine Nachbarin hat für genau dasselbe {discount} weniger bezahlt, weil sie neu ist.",
            "Treue wird bei euch offenbar bestraft.",
            "Als {stammkunde} bekomme ich einen Kalender, als Neukunde zehn Prozent.",
            "Früher hat man Stammkunden einen Kaffee angeboten, heute bietet man ihnen den vollen Preis.",
            "Ich erwarte ja keine Geschenke, nur nicht weniger als ein Fremder.",
        ],
        answers: &[
            "Sie haben recht, das ist nicht fair. Ich ziehe Ihnen denselben Betrag ab, den ein neuer Kunde bekäme: {discount}.",
            "Ihren Einwand gebe ich so weiter, wie Sie ihn geschrieben haben. {discount} schreibe ich Ihnen schon jetzt gut.",
        ],
        english_subjects: &["Discount for new customers only?"],
        english: &[
            "I have been buying from you for {yrs} years, and only new customers get the discount.",
            "Should I sign off and sign up again to save {discount}?",
        ],
        english_answers: &["You are right, that isn't fair. I take off the same amount: {discount}."],
        ..REPURCHASE
    },
    Theme {
        key: "punkte",
        title: "Punkte der Stammkundenkarte verschwunden",
        description: "Nach der Umstellung fehlten Punkte aus Filialkäufen.",
        owner: Owner::Online,
        state: State::Fixed,
        reason: "Punkte aus den Filialen nachgebucht",
        course: Course::Fixed { ago: 90, left: 18 },
        weight: 4,
        subjects: &["Punkte weg!", "Stammkundenkarte: 0 Punkte", "Wo sind meine Punkte?"],
        said: &[
            "Vor der Umstellung hatte ich 412 Punkte, jetzt steht dort eine Null.",
            "Die Punkte vom Kauf am {date} sind nie angekommen.",
            "In der Filiale heißt es, die Punkte seien verfallen. Davon war nie die Rede.",
            "Die neue Karte kennt meine alten Käufe nicht.",
            "31 Euro in Punkten lösen sich doch nicht in Luft auf.",
            "Die App zeigt andere Punkte als der Kassenzettel.",
        ],
        answers: &[
            "Ihre Punkte sind wieder da, und weil Sie suchen mussten, sind es fünfzig mehr.",
            "Die Filialkäufe fehlten tatsächlich. Ich habe sie nachgebucht, morgen sehen Sie den richtigen Stand.",
        ],
        english_subjects: &["My points are gone"],
        english: &["I had 412 points before the change, now it says zero."],
        english_answers: &["Your points are back, plus fifty for the trouble."],
        ..REPURCHASE
    },
    Theme {
        key: "verlaengerung",
        title: "Keine Erinnerung an die Garantie-Verlängerung",
        description: "Die Frist von 30 Tagen läuft ab, ohne dass jemand daran erinnert.",
        state: State::Proposed,
        weight: 4,
        about: About::Groups(&["Elektronik", "Haushaltsgeräte"]),
        policy: "Garantie-Verlängerung nur binnen 30 Tagen",
        also: &["garantie", "technikhof"],
        subjects: &[
            "Garantie-Verlängerung vergessen – geht das noch?",
            "Verlängerung verpasst",
            "Frist um {n} Tage versäumt",
        ],
        said: &[
            "Garantie-Verlängerung vergessen. Geht das noch?",
            "Um {n} Tage habe ich die Frist verpasst, eine Erinnerung kam nie.",
            "Werbung bekomme ich jede Woche, aber an die Verlängerung erinnert mich keiner.",
            "Bei der Lieferung war ich auf Reha, da denkt man nicht an Fristen.",
            "Ich würde die Verlängerung ja zahlen, man lässt mich nur nicht mehr.",
            "30 Tage ab Bestellung oder ab Lieferung? Geliefert wurde erst am {date}.",
        ],
        answers: &[
            "Weil die Lieferung später kam, rechnen wir ab dem Tag der Lieferung. Die Verlängerung ist eingetragen.",
            "Die Frist ist leider vorbei, und die Versicherung dahinter nimmt keine späteren Anträge. Es tut mir leid.",
        ],
        english_subjects: &["Forgot to extend the guarantee"],
        english: &[
            "I forgot to extend the guarantee. Is it still possible?",
            "I missed it by {n} days, and nobody reminded me.",
        ],
        english_answers: &[
            "We count from the day of delivery, so you are still in time. The extension is registered.",
        ],
        ..REPURCHASE
    },
    Theme {
        key: "nachkauf",
        title: "Passendes Element nicht mehr im Sortiment",
        description: "Anbauteile und Farben werden nach zwei Jahren gestrichen; Sets lassen sich nicht ergänzen.",
        owner: Owner::Product,
        state: State::Declined,
        reason: "Kleine Serien rechnen sich nicht; Restbestände werden angekündigt",
        weight: 3,
        about: About::Groups(&["Wohnen", "Polster", "Küche"]),
        also: &["ersatzteile", "haelt"],
        subjects: &["Passendes Teil zu {dem}?", "Nachkauf nicht möglich", "Element aus dem Sortiment"],
        said: &[
            "Ich wollte ein zweites Element dazukaufen, und jetzt ist die Farbe gestrichen.",
            "Vor zwei Jahren hieß es, die Serie bleibt „auf lange Zeit“.",
            "Zu sechs Sesseln bekomme ich keinen siebten mehr.",
            "Ein Hinweis, dass die Serie ausläuft, und ich hätte sofort gekauft.",
            "Gibt es irgendwo noch ein Ausstellungsstück, das zu {dem} passt?",
            "Wenn man nichts ergänzen kann, kann ich gleich beim Diskonter kaufen.",
        ],
        answers: &[
            "In der Filiale Villach steht noch ein Ausstellungsstück in Ihrer Farbe. Ich habe es bis {next} reserviert.",
            "Leider ist die Serie ausgelaufen. Ich habe Sie für Restbestände vorgemerkt und melde mich.",
        ],
        english_subjects: &["Matching piece discontinued"],
        english: &["I wanted to add a second piece, and now the colour is discontinued."],
        english_answers: &["There is one display piece left in your colour; I reserved it until {next}."],
        ..REPURCHASE
    },
    Theme {
        key: "rueckgabe",
        title: "Saisonware wird nicht zurückgenommen",
        description: "Gartenmöbel und Weihnachtslicht sind vom Umtausch ausgeschlossen, an der Kassa sagt es niemand.",
        state: State::Accepted,
        course: Course::Seasonal { month: 1 },
        weight: 5,
        about: About::Groups(&["Garten", "Licht"]),
        policy: "Saisonware nehmen wir nicht zurück",
        also: &["auskunft", "zimmerfein60"],
        subjects: &["Rückgabe {p} abgelehnt", "Saisonware? Das stand nirgends", "Umtausch nicht möglich?"],
        said: &[
            "Dass das „Saisonware“ ist, stand weder am Schild noch am Bon.",
            "Unbenutzt, originalverpackt, {n} Tage alt, und trotzdem kein Umtausch.",
            "Ich wollte ja nicht einmal Geld zurück, nur eine andere Größe.",
            "Am 24. Dezember gekauft, am 27. schon nicht mehr umzutauschen.",
            "Wer entscheidet eigentlich, was Saison ist? Einen Sessel braucht man immer.",
            "Jetzt steht {das} im Keller, und ich ärgere mich jedes Mal, wenn ich daran vorbeigehe.",
        ],
        answers: &[
            "Ich tausche {ihn} ausnahmsweise gegen einen Gutschein in voller Höhe.",
            "Nach unserer Regel nehmen wir Saisonware leider nicht zurück. Ich verstehe Ihren Ärger und gebe ihn an den Vertrieb weiter.",
        ],
        english_subjects: &["Return refused: seasonal?"],
        english: &[
            "Neither the sign nor the receipt said that this was seasonal.",
            "Unused, in its box, {n} days old, and still no exchange.",
        ],
        english_answers: &["As an exception I exchange it for a voucher of the full amount."],
        ..REPURCHASE
    },
    Theme {
        key: "dreissig",
        title: "Rückgabe kurz nach 30 Tagen abgelehnt",
        description: "Wer am 31. Tag kommt, wird abgewiesen, auch wenn die Ware erst spät geliefert wurde.",
        state: State::Open,
        weight: 5,
        about: About::AnyProduct,
        policy: "Rückgabe nur innerhalb von 30 Tagen",
        also: &["zimmerfein60", "auskunft"],
        subjects: &["Rückgabe nach {n} Tagen über der Frist", "Am 31. Tag abgelehnt", "{p} zurückgeben"],
        said: &[
            "Einen Tag über der Frist, und schon geht gar nichts mehr.",
            "Die 30 Tage haben Sie ab der Bestellung gezählt, geliefert wurde erst am {date}.",
            "Wir haben {ihn} erst nach dem Umzug auspacken können.",
            "Probesitzen kann man erst, wenn {es} steht, und aufgebaut wurde {es} nach vier Wochen.",
            "{Das} ist wie neu, ich habe sogar noch die Folie.",
            "Mein Mann lag im {spital}, da habe ich an keine Frist gedacht.",
            "Sagen Sie mir bitte, dass das nicht an einem einzigen Tag scheitert.",
        ],
        answers: &[
            "Wir zählen ab der Lieferung, damit sind Sie in der Frist. Die Abholung ist am {next}.",
            "Die Frist ist leider um mehrere Tage vorbei, eine Rücknahme kann ich nicht zusagen. Einen Verkauf über unsere Fundgrube könnte ich anbieten.",
        ],
        english_subjects: &["Return refused on day 31"],
        english: &[
            "One day over the limit, and nothing is possible any more.",
            "You counted the 30 days from the order, but it was delivered on {date}.",
        ],
        english_answers: &["We count from delivery, so you are in time. Collection is on {next}."],
        ..REPURCHASE
    },
    Theme {
        key: "ruecksendung",
        kind: crate::model::Kind::Unclear,
        title: "Wer zahlt die Rücksendung großer Möbel?",
        description: "Auf der Hilfeseite steht „kostenlos“, in den Bedingungen stehen 79 €.",
        owner: Owner::Logistics,
        state: State::Open,
        weight: 5,
        about: About::Groups(&["Polster", "Betten", "Wohnen", "Küche"]),
        also: &["dreissig", "zimmerfein60"],
        subjects: &["Rücksendung {p}: wer zahlt?", "Was kostet die Abholung?", "Retoure {order}"],
        said: &[
            "Auf der Hilfeseite steht „kostenlos“, in den Bedingungen stehen 79 €.",
            "Wie schickt man bitte {meinen} zurück? Mit der Post wohl kaum.",
            "Muss ich {ihn} für die Abholung zerlegen?",
            "Den Karton haben wir nicht mehr. Ist das ein Problem?",
            "Wer trägt {ihn} die drei Stockwerke wieder hinunter?",
            "Bevor ich bestelle, wüsste ich gern, was eine Rücksendung kostet.",
        ],
        answers: &[
            "Die Abholung kostet innerhalb von 30 Tagen nichts, die 79 € stehen dort zu Unrecht. Unsere Leute tragen {ihn} hinunter.",
            "Bitte nicht zerlegen, die Spedition nimmt {ihn} auch ohne Karton mit, Termin am {next}.",
        ],
        english_subjects: &["Who pays for returning furniture?"],
        english: &["The help page says free, the terms say 79 €."],
        english_answers: &["Collection is free within 30 days, and our people will carry it down."],
        ..REPURCHASE
    },
];
