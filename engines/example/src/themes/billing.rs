//! Billing: invoices, charges, refunds, reminders.

use super::{About, BLANK, Owner, Stop, Theme};
use crate::course::Course;
use crate::model::{Kind, State};

const BILLING: Theme = Theme { station: Stop::Billing, owner: Owner::Finance, ..BLANK };

pub const THEMES: &[Theme] = &[
    Theme {
        key: "doppelt",
        title: "Betrag doppelt abgebucht",
        description: "Bei Teillieferungen wird der ganze Betrag je Paket eingezogen.",
        state: State::Accepted,
        weight: 6,
        about: About::AnyProduct,
        also: &["rueckerstattung", "warteschleife"],
        subjects: &[
            "{order} doppelt abgebucht",
            "Zweimal {price} abgebucht",
            "Rechnung doppelt abgebucht",
            "Bitte um Klärung: Abbuchung",
        ],
        said: &[
            "Zweimal {price} am {date}, bitte um Klärung.",
            "Auf dem Konto sind zwei gleiche Abbuchungen, bestellt habe ich ein Mal.",
            "Mein Konto ist dadurch im Minus, die Bank verrechnet mir Spesen.",
            "Für jede Teillieferung wurde der volle Betrag eingezogen.",
            "Die Bank sagt, ich soll mich an Sie wenden. Sie sagen, ich soll mich an die Bank wenden.",
            "Einmal am {date} und noch einmal drei Tage später, beide Male {price}.",
            "Ich bin {pensionist}, {price} fehlen mir bis zum Monatsende.",
            "Auf der Kreditkarte steht der Betrag doppelt, auf Ihrer Rechnung einfach.",
        ],
        answers: &[
            "Die zweite Abbuchung war unser Fehler. {price} sind heute zurückgegangen und in zwei bis drei Bankarbeitstagen da.",
            "Schicken Sie uns bitte den Beleg über die Bankspesen, die übernehmen wir selbstverständlich auch.",
        ],
        english_subjects: &["Charged twice for {order}"],
        english: &[
            "{price} was taken twice on {date}, please clarify.",
            "My account is overdrawn because of your double charge.",
        ],
        english_answers: &["The second charge was our mistake; {price} went back today."],
        ..BILLING
    },
    Theme {
        key: "rechnung",
        title: "Rechnung im Kundenkonto nicht auffindbar",
        description: "Rechnungen lagen drei Klicks tief unter „Dokumente“, und nur am Computer.",
        owner: Owner::Online,
        state: State::Fixed,
        reason: "Rechnung liegt jetzt direkt beim Auftrag",
        course: Course::Fixed { ago: 34, left: 30 },
        weight: 6,
        about: About::AnyProduct,
        also: &["kassenbon"],
        subjects: &[
            "Rechnung zu {order}",
            "Wo finde ich die Rechnung?",
            "Bitte Rechnung schicken",
            "Rechnung fürs Finanzamt",
        ],
        said: &[
            "Im Kundenkonto finde ich die Rechnung einfach nicht.",
            "Ich brauche die Rechnung für die Haushaltsversicherung, und zwar bis {next}.",
            "Unter „Meine Aufträge“ gibt es alles, nur keine Rechnung.",
            "Am {handy} lässt sich das PDF nicht öffnen.",
            "Für die Steuer {heuer} fehlen mir {n} Belege.",
            "Die Rechnung sollte per Mail kommen, im Spam ist sie auch nicht.",
            "Bei jedem anderen Geschäft ist das ein Klick.",
        ],
        answers: &[
            "Die Rechnung zu Auftrag {order} habe ich Ihnen angehängt.",
            "Sie finden sie jetzt direkt beim Auftrag; zur Sicherheit liegt sie auch hier bei.",
        ],
        english_subjects: &["Invoice for {order}", "Where is my invoice?"],
        english: &[
            "I simply can't find the invoice in my account.",
            "I need the invoice for my insurance by {next}.",
        ],
        english_answers: &["I have attached the invoice for order {order}."],
        ..BILLING
    },
    Theme {
        key: "rueckerstattung",
        title: "Rückerstattung dauert zu lange",
        description: "Zwischen Eingang der Rücksendung und Geld am Konto liegen im Mittel 19 Tage.",
        state: State::Disputed,
        reason: "Finanzen zahlt am Tag der Freigabe; die Freigabe aus dem Lager kommt zu spät",
        course: Course::Seasonal { month: 1 },
        weight: 7,
        about: About::AnyProduct,
        also: &["rueckruf", "warteschleife", "technikhof"],
        subjects: &[
            "Wo bleibt mein Geld? {order}",
            "Rückerstattung seit {n} Wochen offen",
            "Noch kein Geld zurück",
        ],
        said: &[
            "Zurückgeschickt am {date}, vom Geld fehlt bis heute jede Spur.",
            "Abbuchen könnt ihr in einer Sekunde, zurückzahlen dauert {n} Wochen.",
            "Laut Paketdienst ist die Rücksendung seit {n} Wochen bei Ihnen.",
            "Immer heißt es „in Bearbeitung“. Wer bearbeitet denn da?",
            "{price} sind für mich viel Geld.",
            "Zuerst hieß es fünf Tage, dann zehn, jetzt weiß es niemand mehr.",
            "Ich habe kein Verständnis dafür, Ihnen zinslos einen Kredit zu geben.",
            "Den Gutschein will ich nicht, ich will die Überweisung.",
        ],
        answers: &[
            "Ihre Rücksendung ist bestätigt, {price} sind heute angewiesen und bis {next} auf Ihrem Konto.",
            "Die Freigabe hing im Lager. Ich habe sie eingeholt, das Geld geht heute mit dem Sammellauf hinaus.",
        ],
        english_subjects: &["Still waiting for my refund", "Refund {order}"],
        english: &[
            "I returned it on {date} and still have no money back.",
            "Charging takes you a second, refunding takes {n} weeks.",
        ],
        english_answers: &["Your return is confirmed; {price} will be in your account by {next}."],
        ..BILLING
    },
    Theme {
        key: "mahnung",
        title: "Mahnung trotz Zahlung",
        description: "Zahlungen ohne Auftragsnummer bleiben liegen, die Mahnung geht automatisch hinaus.",
        state: State::Planned,
        reason: "Zuordnung auch über den Betrag und den Namen",
        weight: 4,
        about: About::AnyProduct,
        also: &["auskunft"],
        subjects: &["Mahnung trotz Zahlung", "Längst bezahlt: {order}", "Ungerechtfertigte Mahnung"],
        said: &[
            "Bezahlt am {date}, gemahnt {n} Tage später. Den Beleg lege ich bei.",
            "Und dann verlangen Sie auch noch 12 € Mahnspesen.",
            "In {yrs} Jahren habe ich noch nie eine Rechnung zu spät bezahlt.",
            "Sie drohen mir mit dem Inkasso für etwas, das längst überwiesen ist.",
            "Der Ton dieser Mahnung ist eine Frechheit.",
            "Bei der Überweisung gab es gar kein Feld für Ihre Auftragsnummer.",
            "Bitte schauen Sie auf Ihr Konto, bevor Sie solche Briefe schreiben.",
        ],
        answers: &[
            "Ihre Zahlung vom {date} ist da, sie war nur nicht zugeordnet. Die Mahnung und die Spesen sind gestrichen.",
            "Bitte betrachten Sie die Mahnung als gegenstandslos; es tut uns leid.",
        ],
        english_subjects: &["Reminder although I paid"],
        english: &[
            "I paid on {date} and got a reminder {n} days later.",
            "You threaten me with debt collection for something I paid long ago.",
        ],
        english_answers: &["Your payment is here, it just was not matched. The reminder is void."],
        ..BILLING
    },
    Theme {
        key: "uid",
        title: "Firmenadresse lässt sich nicht nachtragen",
        description: "Nach dem Kauf kann die Rechnung nicht mehr auf die Firma umgeschrieben werden.",
        state: State::Declined,
        reason: "Ausgestellte Rechnungen dürfen nicht verändert werden; neue Rechnung nur auf Antrag",
        weight: 3,
        about: About::AnyProduct,
        policy: "Namensänderung nur per Brief",
        also: &["rechnung", "namen"],
        subjects: &["Rechnung auf Firma umschreiben", "UID fehlt auf {order}", "Rechnungsadresse ändern"],
        said: &[
            "Die Rechnung müsste auf die Firma lauten, mit UID-Nummer.",
            "Unsere Buchhaltung nimmt den Beleg ohne Firmennamen nicht an.",
            "Beim Bestellen gab es kein Feld für die UID.",
            "Für eine Adressänderung soll ich einen Brief schreiben? Im Ernst?",
            "Wegen einer Zeile auf der Rechnung schreiben wir uns jetzt zum {zweiten} Mal.",
            "Ohne korrekten Beleg bekomme ich die Vorsteuer nicht zurück, das sind {discount}.",
        ],
        answers: &[
            "Wir stellen die Rechnung storniert und neu auf die Firma aus; beides bekommen Sie bis {next}.",
            "Nach unserer Regel braucht es dafür einen Brief mit Unterschrift; ein Foto davon per E-Mail genügt mir.",
        ],
        english_subjects: &["Invoice to our company, please"],
        english: &["The invoice has to be made out to our company, with the VAT number."],
        english_answers: &["We cancel the invoice and issue a new one to the company by {next}."],
        ..BILLING
    },
    Theme {
        key: "garantie",
        kind: Kind::Unclear,
        title: "Garantie oder Gewährleistung?",
        description: "Auf Rechnung und Verpackung stehen verschiedene Fristen; niemand erklärt den Unterschied.",
        state: State::Proposed,
        weight: 4,
        about: About::Groups(&["Elektronik", "Haushaltsgeräte"]),
        also: &["technikhof", "verlaengerung"],
        subjects: &["Wie lange habe ich Garantie?", "Garantie auf {meinen}", "Zwei oder drei Jahre?"],
        said: &[
            "Auf der Schachtel stehen drei Jahre, auf der Rechnung zwei. Was gilt?",
            "Gilt die Garantie auch ohne den Originalkarton?",
            "Den Kassenbon finde ich nicht mehr, die Stammkundenkarte war aber dabei.",
            "Was ist der Unterschied zwischen Garantie und Gewährleistung?",
            "Muss ich mich dafür irgendwo registrieren?",
            "Das Gerät war ein Geschenk. Habe ich trotzdem Garantie?",
            "Der Akku zählt angeblich nicht dazu. Wo steht das?",
        ],
        answers: &[
            "Die Gewährleistung von zwei Jahren gilt immer, die drei Jahre Garantie kommen vom Hersteller. Bei Ihrem Gerät gilt also beides.",
            "Ihren Kauf sehe ich über die Stammkundenkarte, der Bon ist dann nicht nötig.",
        ],
        english_subjects: &["Two or three years of guarantee?"],
        english: &[
            "The box says three years, the invoice says two. Which one counts?",
            "It was a present. Do I still have a guarantee?",
        ],
        english_answers: &[
            "The two years by law always count, the three years come from the maker; you have both.",
        ],
        ..BILLING
    },
    Theme {
        key: "kassenbon",
        title: "Ohne Kassenbon keine Hilfe",
        description: "Ohne Bon wird die Garantie abgelehnt, obwohl der Kauf in der Kundenkarte steht.",
        state: State::Accepted,
        weight: 3,
        about: About::Groups(&["Elektronik", "Licht", "Haushaltsgeräte"]),
        policy: "Ohne Kassenbon keine Garantie",
        also: &["garantie"],
        subjects: &["Kein Kassenbon, keine Garantie?", "Bon verblasst", "Garantiefall abgelehnt"],
        said: &[
            "Der Bon ist verblasst, man liest nur noch das Logo.",
            "Sie sehen doch auf der Karte, dass ich {ihn} bei Ihnen gekauft habe.",
            "Nach {n} Monaten kaputt, und alles scheitert an einem Zettel.",
            "Wer hebt schon einen Kassenbon in der Größe einer Briefmarke auf?",
            "Mit dem Kontoauszug in der Hand wurde ich weggeschickt.",
            "Der Bon war im Karton, und den Karton hat Ihr Fahrer mitgenommen.",
        ],
        answers: &[
            "Ich sehe den Kauf in Ihrem Kundenkonto, das genügt. Die Reparatur ist angemeldet.",
            "Nach unserer Regel brauchen wir einen Beleg; ein Kontoauszug reicht mir, bitte schicken Sie ein Foto.",
        ],
        english_subjects: &["No receipt, no guarantee?"],
        english: &["The receipt has faded, you can only read the logo."],
        english_answers: &[
            "I can see the purchase in your account, that is enough. The repair is registered.",
        ],
        ..BILLING
    },
];
