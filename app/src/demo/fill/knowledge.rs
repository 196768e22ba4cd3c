//! Articles that everybody looks up while they answer; two of them in English, too.

use super::super::hours;
use super::Ids;
use crate::knowledge;
use crate::knowledge::{ArticleState, ArticleText, Content};
use crate::platform::{App, Language, PersonId, Result, Tx};

struct Article {
    /// Who answers for it, among the people of the company.
    owner: usize,
    /// Days from today until it is looked at again; below zero: it is due.
    review: i64,
    /// Days since it was written as it is.
    age: i64,
    /// How the German text was before: how many days ago, and what; the oldest first.
    earlier: &'static [(i64, &'static str)],
    tags: &'static [&'static str],
    /// Title and text.
    german: [&'static str; 2],
    english: Option<[&'static str; 2]>,
}

/// Sabine Auer, who leads a team, wrote them down.
const AUTHOR: usize = 10;

const ARTICLES: [Article; 6] = [
    Article {
        owner: 16,
        review: 150,
        age: 40,
        earlier: &[
            (
                171,
                "<p>Die Abholung kostet 79 €, wie es in den Bedingungen steht.</p><ol><li>Frag nach dem Grund.</li><li>Vereinbare mit der Disposition einen Tag.</li><li>Bitte darum, die Ware zu zerlegen und zu verpacken.</li></ol>",
            ),
            (
                96,
                "<p>Innerhalb von 30 Tagen nach der Bestellung kostet die Abholung <b>nichts</b>.</p><ol><li>Frag, ob etwas nicht gestimmt hat, und halte die Ursache fest.</li><li>Vereinbare mit der Disposition einen Tag, und sag ihn erst zu, wenn er bestätigt ist.</li><li>Bitte darum, die Ware zu zerlegen und zu verpacken.</li></ol><p>Das Geld kommt fünf Werktage nach der Abholung zurück.</p>",
            ),
        ],
        tags: &["Rücksendung", "Lieferung"],
        german: [
            "Rücksendung großer Möbel: was sie kostet und wie sie geht",
            "<p>Innerhalb von 30 Tagen nach der Bestellung kostet die Abholung <b>nichts</b>. Die 79 € in den Bedingungen stehen dort zu Unrecht; der Vertrieb ändert sie.</p><ol><li>Frag, ob etwas nicht gestimmt hat, und halte die Ursache fest.</li><li>Vereinbare mit der Disposition einen Tag, und sag ihn erst zu, wenn er bestätigt ist.</li><li>Nicht zerlegen lassen. Unsere Leute tragen die Ware hinunter und nehmen sie auch ohne Karton mit.</li></ol><p>Das Geld kommt fünf Werktage nach der Abholung zurück. Nach 30 Tagen gibt es keine freiwillige Rücknahme; biete die Fundgrube an.</p>",
        ],
        english: Some([
            "Sending back large furniture: what it costs and how it works",
            "<p>Within 30 days of the order collection costs <b>nothing</b>. The 79 € in the terms are wrong.</p><ol><li>Ask whether something was not right, and note the cause.</li><li>Agree on a day with dispatch, and promise it only once it is confirmed.</li><li>Nothing has to be taken apart. Our people carry it down, without its box as well.</li></ol><p>The money is back five working days after collection.</p>",
        ]),
    },
    Article {
        owner: 16,
        review: -6,
        age: 190,
        earlier: &[],
        tags: &["Lieferung"],
        german: [
            "Liefertermin geplatzt: was wir sofort anbieten",
            "<p>Zuerst zuhören: Frag, was der Termin für den Menschen bedeutet hat, etwa ein freier Tag oder ein Umzug, und schreib es in die Akte.</p><ul><li>Erster geplatzter Termin: Wunschtermin mit Anruf eine Stunde vorher.</li><li>Zweiter: dazu 50 € Gutschrift, ohne Rückfrage.</li><li>Ab sieben Tagen Verzug: dazu Aufbau gratis, das zahlt die Logistik.</li></ul><p>Einen neuen Tag sagst du erst zu, wenn die Disposition ihn bestätigt hat. Ein zweites leeres Versprechen ist schlimmer als eine ehrliche Wartezeit.</p>",
        ],
        english: None,
    },
    Article {
        owner: 18,
        review: 90,
        age: 75,
        earlier: &[(
            208,
            "<p>Ohne Fotos geht es nicht weiter.</p><ol><li>Bitte um ein Foto der Stelle, eines vom Etikett und eines vom Karton.</li><li>Kleine Kratzer: biete einen Preisnachlass an.</li><li>Große Schäden: Austausch, sobald die alte Ware im Lager ist.</li></ol>",
        )],
        tags: &["Schaden", "Lieferung"],
        german: [
            "Ware beschädigt angekommen",
            "<p>Niemand muss beweisen, dass der Schaden beim Transport entstanden ist.</p><ol><li>Bitte um ein Foto der Stelle und eines vom Etikett auf der Rückseite.</li><li>Kleine Kratzer: biete einen Preisnachlass oder ein Ersatzteil an. Was lieber ist, entscheidet die Kundin oder der Kunde.</li><li>Große Schäden: Austausch, die neue Ware kommt, bevor die alte geht.</li></ol><p>Halte die Ursache mit Produkt und Spedition fest, sonst sieht die Logistik sie nicht.</p>",
        ],
        english: Some([
            "Goods arrived damaged",
            "<p>Nobody has to prove that it was damaged on the way.</p><ol><li>Ask for a photo of the place and one of the label on the back.</li><li>Small scratches: offer a discount or a spare part, whichever the customer prefers.</li><li>Great damage: an exchange; the new one comes before the old one goes.</li></ol>",
        ]),
    },
    Article {
        owner: 10,
        review: 200,
        age: 20,
        earlier: &[(
            130,
            "<p><b>Gewährleistung</b> gibt das Gesetz: zwei Jahre, uns gegenüber, für Mängel, die schon bei der Übergabe da waren. <b>Garantie</b> gibt der Hersteller freiwillig und zusätzlich, zu seinen Bedingungen.</p><p>Bitte immer um den Kassenbon.</p>",
        )],
        tags: &["Garantie"],
        german: [
            "Garantie oder Gewährleistung?",
            "<p><b>Gewährleistung</b> gibt das Gesetz: zwei Jahre, uns gegenüber, für Mängel, die schon bei der Übergabe da waren. <b>Garantie</b> gibt der Hersteller freiwillig und zusätzlich, zu seinen Bedingungen.</p><p>Ein Kassenbon ist nicht nötig, wenn der Kauf anders belegt ist: eine Rechnung, die Abbuchung oder unser Kundenkonto genügt.</p><p>Im Zweifel fragst du die Rechtsabteilung. Schick niemanden zum Hersteller weiter, der Ansprüche an uns hat.</p>",
        ],
        english: None,
    },
    Article {
        owner: 12,
        review: 60,
        age: 12,
        earlier: &[(
            33,
            "<p>Der Fehler ist bekannt. Bis er behoben ist, hilft:</p><ol><li>Den Knopf am Sockel zehn Sekunden lang drücken, bis die Lampe blinkt.</li><li>Die Lampe in der App neu anlernen.</li></ol>",
        )],
        tags: &["Technik", "Licht"],
        german: [
            "Lampen-App „Nova“ verliert die Verbindung",
            "<p>Der Fehler ist bekannt und wird mit der nächsten Fassung der App behoben. Bis dahin hilft:</p><ol><li>Den Knopf am Sockel zehn Sekunden lang drücken, bis die Lampe blinkt.</li><li>Sie im 2,4-GHz-Netz neu anlernen. Router mit einem gemeinsamen Namen für beide Netze müssen dafür kurz getrennt werden.</li></ol><p>Wer keine App will: Mit dem Wandschalter zweimal kurz aus und ein leuchtet die Lampe dauerhaft hell.</p>",
        ],
        english: None,
    },
    Article {
        owner: 17,
        review: 120,
        age: 5,
        earlier: &[],
        tags: &["Geld"],
        german: [
            "Doppelt abgebucht oder Erstattung offen",
            "<p>Geld, das jemandem zusteht, ist <b>keine Kulanz</b>: Buch es als Erstattung, nicht aus der Börse.</p><ul><li>Doppelte Abbuchung: sofort zurück, zwei bis drei Bankarbeitstage.</li><li>Erstattung nach einer Rücksendung: längstens fünf Werktage nach dem Eingang im Lager. Ist sie älter, ruf die Buchhaltung an, nicht schreiben.</li></ul><p>Nenn immer einen Tag, bis zu dem das Geld da ist, und mach daraus eine Zusage.</p>",
        ],
        english: None,
    },
];

pub async fn fill(app: &App, tx: &mut Tx, ids: &Ids) -> Result<()> {
    let author = ids.people.get(AUTHOR).copied();
    for (place, article) in (0..).zip(&ARTICLES) {
        let owner = ids.people.get(article.owner).copied();
        // Nobody writes two of them in the same minute.
        let written = |days: i64| hours::back(app, days, (9 + place, 7 + 8 * place));
        let mut versions =
            article.earlier.iter().map(|(days, body)| (*days, *body, None)).collect::<Vec<_>>();
        versions.push((article.age, article.german[1], article.english));
        let (days, body, english) = versions.remove(0);
        let first = content(app, article, owner, body, english);
        let id = knowledge::add_past(tx, &first, ArticleState::Published, author, written(days)).await?;
        for (days, body, english) in versions {
            let next = content(app, article, owner, body, english);
            knowledge::change_past(tx, id, &next, owner, written(days)).await?;
        }
    }
    Ok(())
}

fn content(
    app: &App,
    article: &Article,
    owner: Option<PersonId>,
    body: &str,
    english: Option<[&str; 2]>,
) -> Content {
    let text = |language, [title, body]: [&str; 2]| ArticleText {
        language,
        title: title.to_owned(),
        body: knowledge::html(body, "html"),
    };
    let english = english.map(|english| text(Language::En, english));
    let review = knowledge::today(app).saturating_add(jiff::Span::new().days(article.review));
    Content {
        texts: [text(Language::De, [article.german[0], body])].into_iter().chain(english).collect(),
        tags: article.tags.iter().map(|tag| (*tag).to_owned()).collect(),
        owner,
        review_on: Some(review.to_string()),
    }
}
