//! Articles that fit a case: those that say most of what its customer speaks of.
//!
//! The index ranks them by words that are rare; what shares hardly a word with the case is left out, since a suggestion
//! that does not fit costs more than none.

use searchbox::Text;

use super::model::{Article, ArticleState, fold, plain};
use super::search;
use crate::cases;
use crate::cases::{Case, Direction};
use crate::platform::search::{Need, Request, Want, Wish};
use crate::platform::{Actor, App, Result, Tx};

/// Words of a case that are looked for.
const WORDS: usize = 30;
/// Fewer letters say too little.
const SHORTEST: usize = 4;
/// Letters by which words are the same however they end.
const STEM: usize = 6;
/// Words that an article must share with a case, if none of them stands in its title or tags.
const ENOUGH: usize = 2;
/// Articles of which suggestions are chosen.
const LOOKED_AT: usize = 12;
/// Messages of the customer that count, and characters of each.
const MESSAGES: usize = 2;
const CONTACTS: i64 = 10;
const CHARACTERS: i64 = 2_000;

/// Words that stand in every letter, folded.
const EVERYWHERE: &str = " aber alle also anfrage auch bitte dank danke dann dass dear deshalb diese diesem diesen dieser
    dieses doch durch eine einem einen einer eines etwas freundliche freundlichen frage ganz gerne gruesse gruessen gruss
    guten habe haben hallo hatte heute ihnen ihre ihrem ihren ihrer immer jetzt kann kein keine keinen koennen koennte
    leider liebe lieber mein meine meinem meinen meiner mehr mich mit moechte muss nach nicht noch oder schon sehr seit
    sich sind sollte sondern ueber unser unsere unserem unseren viele vielen wann warum weil wenn werde werden wieder wird
    wurde wuerde zwar
    about after again also been could does even from have hello just kind know more much only other please regards some
    than thank thanks that their them then there these they this very want were what when where which will with would
    your yours ";

/// Up to `most` published articles that fit a case; none while the index is not open.
pub async fn suggestions(app: &App, actor: &Actor, case: &Case, most: usize) -> Result<Vec<Article>> {
    let words = words(&spoken(&mut app.db.read().await?, case).await?);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let need = |word: &String| Need {
        not: false,
        want: Want::Words(Text { text: word.clone(), exact: false, wild: false }),
    };
    let request = Request {
        parts: vec![search::with_code("article".to_owned()), words.iter().map(need).collect()],
        strict: true,
        ..Request::default()
    };
    let wish = Wish { kind: Some(search::SEARCH.kind.to_owned()), limit: LOOKED_AT, offset: 0 };
    let Some(found) = search::search(app, actor, request, wish).await? else { return Ok(Vec::new()) };
    let mut fitting = found.items;
    fitting.retain(|article| article.state == ArticleState::Published && fits(article, &words));
    fitting.truncate(most);
    Ok(fitting)
}

/// The subject and what the customer wrote last.
async fn spoken(tx: &mut Tx, case: &Case) -> Result<String> {
    let contacts = cases::beginnings(tx, case.id, CONTACTS, CHARACTERS).await?;
    let by_customer = contacts.into_iter().rev().filter(|contact| {
        contact.direction == Direction::Inbound && contact.talk.is_none() && !contact.automatic
    });
    let texts: Vec<String> = by_customer.take(MESSAGES).map(|contact| contact.text).collect();
    Ok(format!("{}\n{}", case.subject, texts.join("\n")))
}

/// The words that say what it is about, each once, in their order.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        let word = fold(word);
        let says_little = word.chars().count() < SHORTEST
            || word.contains(|c: char| c.is_ascii_digit())
            || EVERYWHERE.split_whitespace().any(|common| common == word);
        if !says_little && !words.contains(&word) {
            words.push(word);
        }
        if words.len() == WORDS {
            break;
        }
    }
    words
}

fn fits(article: &Article, words: &[String]) -> bool {
    let titles = article.texts.iter().map(|text| text.title.as_str());
    let head = fold(&titles.chain(article.tags.iter().map(String::as_str)).collect::<Vec<_>>().join(" "));
    let bodies: Vec<String> = article.texts.iter().map(|text| plain(&text.body)).collect();
    let body = fold(&bodies.join(" "));
    let stem = |word: &String| word.chars().take(STEM).collect::<String>();
    let mut stems: Vec<String> = words.iter().map(stem).collect();
    stems.sort_unstable();
    stems.dedup();
    let shared = stems.iter().filter(|stem| body.contains(stem.as_str())).count();
    ENOUGH <= shared || stems.iter().any(|stem| head.contains(stem.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::ArticleText;
    use crate::platform::{Language, Timestamp};

    fn article(title: &str, body: &str) -> Article {
        let (title, body) = (title.to_owned(), format!("<p>{body}</p>"));
        Article {
            id: 1,
            state: ArticleState::Published,
            version: 1,
            texts: vec![ArticleText { language: Language::De, title, body }],
            tags: Vec::new(),
            author: None,
            owner: None,
            review_on: None,
            helped: 0,
            not_helped: 0,
            created_at: Timestamp(0),
            changed_at: Timestamp(0),
        }
    }

    #[test]
    fn what_every_letter_says_is_no_word_to_look_for() {
        let typed = "Guten Tag, bitte um Rücksendung der Lampe 4711, die LAMPE flackert. Freundliche Grüße";
        assert_eq!(words(typed), ["ruecksendung", "lampe", "flackert"]);
    }

    #[test]
    fn an_article_fits_by_its_title_or_by_several_words() {
        let words = words("Die Rücksendung der Lampe klappt nicht");
        for (title, body, fit) in [
            ("Rücksendungen", "Wie sie gehen.", true),
            ("Garantie", "Eine Lampe wird nach der Rücksendung geprüft.", true),
            ("Garantie", "Auch für jede Lampe.", false),
            ("Garantie", "Zwei Jahre.", false),
        ] {
            assert_eq!(fits(&article(title, body), &words), fit, "{title}: {body}");
        }
    }
}
