//! Purchase: vouchers, stock, checkout, discounts.

use super::{About, BLANK, Owner, Stop, Theme};
use crate::course::Course;
use crate::model::State;

const PURCHASE: Theme = Theme { station: Stop::Purchase, owner: Owner::Marketing, ..BLANK };

pub const THEMES: &[Theme] = &[
    Theme {
        key: "aktionscode",
        title: "Aktionsgutschein gilt im Shop nicht",
        description: "Der gedruckte Code wird an der Kasse des Shops abgelehnt, in den Filialen teils auch.",
        state: State::Open,
        course: Course::Emerging { since: 12 },
        weight: 2,
        also: &["aktionen", "bezahlen"],
        subjects: &[
            "Gutschein „{code}“ geht nicht",
            "Code {code} ungültig",
            "„{code}“ wird nicht angenommen",
        ],
        said: &[
            "Im Prospekt steht er noch, an der Kassa lachen sie mich aus.",
            "Der Shop sagt „Code unbekannt“, dabei habe ich „{code}“ genau abgetippt.",
            "Mit Gutschein {discount} weniger, hieß es. Abgezogen wurde nichts.",
            "In der Filiale schicken sie mich ins Internet, im Internet in die Filiale.",
            "Erst ab 300 € Einkauf? Das steht auf dem Gutschein nirgends.",
            "Ich habe „{code}“ in groß, in klein und mit Leerzeichen probiert.",
            "Der Warenkorb war voll, der Code ging nicht, und dann war alles wieder weg.",
            "Heute läuft er ab, und ich kann ihn nirgends einlösen.",
        ],
        answers: &[
            "Der Code war im Shop nicht freigeschaltet. Ich habe Ihnen den Betrag bei Auftrag {order} gutgeschrieben.",
            "Hier ist ein Ersatzcode, der funktioniert: KL-{number}. Er gilt bis {next}.",
        ],
        english_subjects: &["Voucher {code} not accepted"],
        english: &[
            "The shop says unknown code although I typed {code} exactly.",
            "Online they send me to the branch, in the branch they send me online.",
        ],
        english_answers: &["Here is a replacement that works: KL-{number}, valid until {next}."],
        ..PURCHASE
    },
    Theme {
        key: "abgelaufen",
        title: "Gutschein abgelaufen",
        description: "Gutscheine verfallen auf den Tag genau, auch wenn jemand krank war oder auf Ware wartete.",
        state: State::Planned,
        reason: "14 Tage Nachfrist ab dem nächsten Quartal",
        weight: 5,
        policy: "Gutschein ist abgelaufen",
        also: &["neukunden", "freundlich"],
        subjects: &[
            "Gutschein seit zwei Tagen abgelaufen",
            "Gutschein verlängern?",
            "Gutschein knapp verpasst",
            "Geschenkgutschein verfallen",
        ],
        said: &[
            "War im {spital} und konnte ihn nicht einlösen.",
            "Als ich heimkam, war der Gutschein seit zwei Tagen abgelaufen. Wegen zwei Tagen.",
            "Am Telefon hieß es, da könne man leider nichts machen. Ist das Ihr Ernst?",
            "Der Gutschein war ein Geschenk von meiner Tochter zum Siebziger.",
            "Ich hätte ihn ja eingelöst, aber das, was ich wollte, war {n} Wochen nicht lieferbar.",
            "Das Datum ist so klein gedruckt, dass ich es erst jetzt entdeckt habe.",
            "Bezahlt ist bezahlt. Wieso verfällt Geld?",
            "Letzte Woche wollte ich ihn einlösen, da war Ihr Shop nicht erreichbar.",
            "Nach {yrs} Jahren als {stammkunde} scheitert es an drei Tagen?",
        ],
        answers: &[
            "Ich habe den Gutschein bis {next} verlängert, Sie können ihn ab sofort wieder einlösen.",
            "Nach unserer Regel ist der Gutschein leider verfallen, und diesmal kann ich keine Ausnahme machen. Ich gebe Ihren Einwand aber an Marketing weiter.",
        ],
        english_subjects: &["Voucher expired two days ago"],
        english: &[
            "I was in hospital and could not use it in time.",
            "It was paid for. Why does money expire?",
        ],
        english_answers: &["I have extended the voucher until {next}; it works again right now."],
        ..PURCHASE
    },
    Theme {
        key: "bestand",
        title: "Bestand im Shop stimmt nicht",
        description: "Der Shop zeigt „lagernd“, die Bestellung wird Tage später storniert.",
        owner: Owner::Online,
        state: State::Accepted,
        course: Course::Rising,
        weight: 6,
        about: About::AnyProduct,
        also: &["rueckerstattung", "filialeware", "zimmerfein"],
        subjects: &[
            "{order} storniert, obwohl lagernd",
            "„Sofort lieferbar“ und dann storniert",
            "Bestand falsch angezeigt",
        ],
        said: &[
            "Bestellt als „sofort lieferbar“, und {n} Tage später kommt das Storno.",
            "Laut Shop sind in der Filiale {town} noch vier Stück. Dort wusste man von keinem.",
            "Erst abbuchen und dann feststellen, dass nichts da ist, das ist dreist.",
            "Inzwischen ist {das} überall teurer geworden.",
            "Auf der Seite steht noch immer „lagernd“, ich habe gerade nachgesehen.",
            "Warum nimmt der Shop Bestellungen an, die er nicht erfüllen kann?",
            "Das Geburtstagskind steht jetzt ohne Geschenk da.",
            "Zwei von drei Artikeln wurden gestrichen, der dritte ist ohne die anderen sinnlos.",
        ],
        answers: &[
            "Ich habe im Lager Linz noch ein Stück gefunden und für Sie reserviert; Versand ist heute, Ankunft am {next}.",
            "Ihr Geld ist heute zurückgegangen. Wenn Sie {ihn} weiterhin möchten, halte ich Ihnen den Preis bis {next}.",
        ],
        english_subjects: &["Cancelled although in stock"],
        english: &[
            "I ordered it as available immediately, and {n} days later it was cancelled.",
            "Your site still says in stock, I just checked.",
        ],
        english_answers: &["I found one in our Linz warehouse and reserved it for you; it ships today."],
        ..PURCHASE
    },
    Theme {
        key: "bezahlen",
        title: "Bezahlseite bricht ab",
        description: "Nach der Freigabe in der Bank-App kam eine leere Seite; manche bestellten doppelt.",
        owner: Owner::Online,
        state: State::Fixed,
        reason: "Rückkehr von der Bank läuft über eine eigene Seite",
        course: Course::Fixed { ago: 120, left: 6 },
        weight: 7,
        also: &["doppelt"],
        subjects: &["Bezahlen nicht möglich", "Weiße Seite nach der Zahlung", "Zahlung hängt"],
        said: &[
            "Nach der Freigabe in der Bank-App bleibt die Seite weiß.",
            "Ich habe es mit drei Karten probiert, jedes Mal bricht es beim letzten Schritt ab.",
            "Das Geld ist weg, eine Bestellung habe ich aber nicht.",
            "„Ein Fehler ist aufgetreten“, steht da. Welcher denn?",
            "Nach dem Bezahlen war der Warenkorb leer und keine Bestätigung da.",
            "Ich würde ja gern Geld bei Ihnen ausgeben, wenn man mich ließe.",
            "Am Computer geht es nicht, am {handy} auch nicht.",
        ],
        answers: &[
            "Ihre Zahlung ist angekommen, ich habe die Bestellung {order} von Hand angelegt.",
            "Es wurde nichts abgebucht, die Vormerkung verschwindet in zwei Tagen. Ich bestelle gern gleich für Sie.",
        ],
        english_subjects: &["Payment page stays blank"],
        english: &[
            "After approving in my bank app the page stays blank.",
            "The money is gone, but I have no order.",
        ],
        english_answers: &["Your payment arrived; I created order {order} by hand."],
        ..PURCHASE
    },
    Theme {
        key: "rabatt",
        title: "Zugesagter Rabatt nicht abgezogen",
        description: "In der Filiale zugesagte Nachlässe fehlen im Auftrag.",
        owner: Owner::Sales,
        state: State::Accepted,
        weight: 4,
        about: About::AnyProduct,
        also: &["auskunft", "neukunden"],
        subjects: &["Rabatt fehlt auf {order}", "Zugesagter Nachlass", "10 Prozent vergessen"],
        said: &[
            "Zugesagt waren zehn Prozent, auf der Auftragsbestätigung steht der volle Preis.",
            "Der Verkäufer hat es mir sogar auf seine Karte geschrieben.",
            "Wegen dieses Rabatts haben wir bei Ihnen unterschrieben und nicht anderswo.",
            "{discount} sind kein Trinkgeld, die hätte ich gern abgezogen.",
            "Plötzlich will sich in der Filiale {town} niemand mehr daran erinnern.",
            "Der Rabatt gelte nur für Lagerware, heißt es auf einmal.",
            "Ich mag nicht um etwas betteln müssen, das mir zugesagt wurde.",
        ],
        answers: &[
            "Die Filiale hat den Nachlass bestätigt. {discount} gehen heute auf Ihr Konto zurück.",
            "Sie bekommen eine korrigierte Rechnung; offen ist nur noch der verminderte Betrag.",
        ],
        english_subjects: &["Promised discount missing"],
        english: &["I was promised ten percent, but the confirmation shows the full price."],
        english_answers: &["The branch confirmed it; {discount} will be returned to your account today."],
        ..PURCHASE
    },
    Theme {
        key: "doppelbestellung",
        title: "App bestellt doppelt",
        description: "Ein zweites Tippen auf „Kaufen“ löste eine zweite Bestellung aus.",
        owner: Owner::Online,
        state: State::Fixed,
        reason: "Knopf wird nach dem ersten Tippen gesperrt",
        course: Course::Fixed { ago: 55, left: 15 },
        weight: 3,
        about: About::Groups(&["Licht", "Elektronik"]),
        also: &["ruecksendung", "doppelt"],
        subjects: &["Zweimal bestellt?", "Doppelte Bestellung {order}", "Bitte eine Bestellung löschen"],
        said: &[
            "Ich habe einmal auf „Kaufen“ getippt und zwei Bestätigungen bekommen.",
            "Bitte löschen Sie eine der beiden Bestellungen, ich brauche {ihn} nur einmal.",
            "Die App hat sich aufgehängt, und jetzt kommen zwei Pakete.",
            "Zwei Lieferscheine, zwei Abbuchungen und keine Erklärung.",
            "Soll ich jetzt das zweite Paket auf meine Kosten zurückschicken?",
            "Storniert habe ich in der App sofort, gekommen ist es trotzdem.",
        ],
        answers: &[
            "Eine der beiden Bestellungen ist storniert, das Geld ist in zwei bis drei Tagen zurück.",
            "Bitte nehmen Sie das zweite Paket einfach nicht an, die Rücksendung geht auf uns.",
        ],
        english_subjects: &["Ordered twice by your app"],
        english: &["I tapped buy once and got two confirmations."],
        english_answers: &["One of the two orders is cancelled; the money is back in two to three days."],
        ..PURCHASE
    },
];
