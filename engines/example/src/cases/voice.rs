//! What customers write and say.
//!
//! A message is a sentence of its theme with greeting, mood, circumstances and a demand around it, put
//! together as the channel asks for. Whatever may become evidence is returned as a quote, exactly as written.

use crate::chance::Chance;
use crate::fill::Scene;
use crate::model::{Channel, Kind};
use crate::speech::Speech;
use crate::themes::{Theme, all};
use crate::words::{self, GERMAN, Phrases};
use crate::words_english::{self, ENGLISH};
use crate::words_house;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Angry,
    Tired,
    Friendly,
    Terse,
}

/// A message, and which sentences in it speak of which theme.
pub struct Said {
    pub text: String,
    pub quotes: Vec<(usize, String)>,
}

pub fn phrases(scene: &Scene) -> &'static Phrases {
    if scene.speech == Speech::English { &ENGLISH } else { &GERMAN }
}

pub fn mood(theme: &Theme, chance: &mut Chance) -> Mood {
    let weights: [u64; 4] = match theme.kind {
        Kind::Cause | Kind::Hindrance => [32, 26, 22, 20],
        Kind::Competitor => [20, 40, 30, 10],
        _ => [0, 4, 76, 20],
    };
    [Mood::Angry, Mood::Tired, Mood::Friendly, Mood::Terse][chance.weighted(&weights)]
}

/// The first message of a case: about `theme`, and maybe `also` about another.
pub fn first(
    scene: &Scene,
    theme: usize,
    also: Option<usize>,
    channel: Channel,
    chance: &mut Chance,
) -> Said {
    let mood = mood(&all()[theme], chance);
    let mut quotes = vec![(theme, sentence(scene, theme, &[], chance))];
    if matches!(channel, Channel::Chat | Channel::Web | Channel::Email | Channel::Post) && chance.percent(9) {
        let slipped = typo(&quotes[0].1, chance);
        // Praise is shown as it was said, to everybody.
        if all()[theme].kind != Kind::Praise {
            quotes[0].1 = slipped;
        }
    }
    if let Some(other) = also {
        quotes.push((other, sentence(scene, other, &[], chance)));
    }
    if channel == Channel::Phone {
        // Notes put what was said in quotation marks.
        for (_, quote) in &mut quotes {
            *quote = inner_marks(quote);
        }
    }
    let text = match channel {
        Channel::Phone => call(scene, &quotes, chance),
        Channel::Chat => chat(scene, &quotes, chance),
        Channel::Post => post(scene, &quotes, chance),
        Channel::Email | Channel::Web | Channel::Letter => mail(scene, &quotes, channel, mood, chance),
    };
    Said { text, quotes }
}

/// A sentence of the theme that is none of `used`.
pub fn sentence(scene: &Scene, theme: usize, used: &[(usize, String)], chance: &mut Chance) -> String {
    let theme = &all()[theme];
    let from = if scene.speech == Speech::English { theme.english } else { theme.said };
    let mut said = scene.say(from, chance);
    for _ in 0..6 {
        if used.iter().all(|(_, other)| *other != said) {
            break;
        }
        said = scene.say(from, chance);
    }
    said
}

fn mail(
    scene: &Scene,
    quotes: &[(usize, String)],
    channel: Channel,
    mood: Mood,
    chance: &mut Chance,
) -> String {
    let words = phrases(scene);
    let theme = &all()[quotes[0].0];
    let (opening, praise) = opening(scene, theme, chance);
    let mut lines = vec![quotes[0].1.clone()];
    if chance.percent(38) && mood != Mood::Terse {
        lines.push(sentence(scene, quotes[0].0, quotes, chance));
        lines.dedup();
    }
    if !praise && chance.percent(62) {
        let at = chance.below(lines.len() + 1);
        lines.insert(at, scene.say(moods(words, theme.kind, mood), chance));
    }
    lines.extend(quotes.iter().skip(1).map(|quote| quote.1.clone()));
    if mood != Mood::Terse && chance.percent(30) {
        lines.push(scene.say(words.life, chance));
    }
    let demand = match theme.kind {
        Kind::Praise => None,
        Kind::Cause | Kind::Hindrance | Kind::Competitor => Some(words.demands),
        Kind::Wish | Kind::Unclear => Some(words.asks),
    };
    let demand = demand.filter(|_| chance.percent(60)).map(|from| scene.say(from, chance));
    let body = paragraphs(opening.as_deref(), &lines, demand, chance);
    frame(scene, &body, opening.is_some(), channel, mood, chance)
}

/// The sentence after the greeting, in lower case, and whether this is praise.
fn opening(scene: &Scene, theme: &Theme, chance: &mut Chance) -> (Option<String>, bool) {
    let words = phrases(scene);
    let praise = theme.kind == Kind::Praise;
    if scene.before.is_some() {
        return (Some(scene.say(words.again, chance)), praise);
    }
    let from = match theme.kind {
        Kind::Praise => words.about_praise,
        Kind::Cause | Kind::Hindrance => words.about_fault,
        Kind::Wish | Kind::Unclear | Kind::Competitor => words.about_question,
    };
    (chance.percent(72).then(|| scene.say(from, chance)), praise)
}

fn moods(words: &Phrases, kind: Kind, mood: Mood) -> &'static [&'static str] {
    match (kind, mood) {
        (_, Mood::Terse) => words.terse,
        (Kind::Wish | Kind::Unclear, _) => words.calm,
        (_, Mood::Angry) => words.angry,
        (_, Mood::Tired) => words.tired,
        (_, Mood::Friendly) => words.friendly,
    }
}

fn paragraphs(
    opening: Option<&str>,
    lines: &[String],
    demand: Option<String>,
    chance: &mut Chance,
) -> String {
    let mut body = opening.map(|opening| format!("{opening} ")).unwrap_or_default();
    for (index, line) in lines.iter().enumerate() {
        body.push_str(line);
        if index + 1 < lines.len() {
            body.push_str(if chance.percent(22) { "\n\n" } else { " " });
        }
    }
    if let Some(demand) = demand {
        body.push_str(if chance.percent(55) { "\n\n" } else { " " });
        body.push_str(&demand);
    }
    body
}

/// Greeting, signature and what the channel adds.
fn frame(
    scene: &Scene,
    body: &str,
    opened: bool,
    channel: Channel,
    mood: Mood,
    chance: &mut Chance,
) -> String {
    let customer = scene.customer;
    let (greetings, closings) = manners(scene.speech);
    let greeting = if channel == Channel::Letter { formal(scene.speech) } else { chance.pick(greetings) };
    // After a comma German goes on in lower case, Swiss letters have no comma, English starts anew.
    let (mark, body) = match scene.speech {
        Speech::Swiss => ("", capital(body)),
        Speech::English => (",", capital(body)),
        _ if opened => (",", body.to_owned()),
        _ => ("!", capital(body)),
    };
    if channel == Channel::Web && chance.percent(35) {
        return capital(&body);
    }
    let closing = scene.fill(chance.pick(closings), &[]);
    let name = match (mood, channel, chance.below(10)) {
        (_, Channel::Letter, _) => format!(
            "{} {}\n{}\n{} {}",
            customer.first, customer.last, customer.street, customer.postcode, customer.town
        ),
        (Mood::Friendly, _, 0 | 1) => customer.first.to_owned(),
        (Mood::Terse, _, 0..4) => customer.last.to_owned(),
        _ => format!("{} {}", customer.first, customer.last),
    };
    let mut text = format!("{greeting}{mark}\n\n{body}\n\n{closing}\n{name}");
    if let Some(company) = &customer.company {
        text = format!("{text}\n{company}");
    }
    if channel == Channel::Email && chance.percent(12) {
        text = format!("{text}\n\n{}", scene.say(phrases(scene).postscripts, chance));
    }
    text
}

fn manners(speech: Speech) -> (&'static [&'static str], &'static [&'static str]) {
    match speech {
        Speech::English => (words_english::GREETINGS, words_english::CLOSINGS),
        Speech::Austrian => (words::GREETINGS[0], words::CLOSINGS[0]),
        Speech::German => (words::GREETINGS[1], words::CLOSINGS[1]),
        Speech::Swiss => (words::GREETINGS[2], words::CLOSINGS[2]),
    }
}

fn formal(speech: Speech) -> &'static str {
    if speech == Speech::English { "Dear Sir or Madam" } else { "Sehr geehrte Damen und Herren" }
}

/// An agent's note of a call, with the customer's own words in quotation marks.
fn call(scene: &Scene, quotes: &[(usize, String)], chance: &mut Chance) -> String {
    let said = quotes.iter().map(|quote| quote.1.as_str()).collect::<Vec<_>>().join(" ");
    let kind = all()[quotes[0].0].kind;
    let calm = ["freundlich", "sehr höflich", "gut gelaunt", "in Eile", "gefasst"];
    let feeling = match kind {
        Kind::Cause | Kind::Hindrance | Kind::Competitor => chance.pick(words_house::CALL_MOODS),
        Kind::Praise => ["freundlich", "hörbar erfreut", "sehr herzlich"][chance.below(3)],
        Kind::Wish | Kind::Unclear => calm[chance.below(calm.len())],
    };
    // The house takes its notes in German.
    let house = scene.in_german();
    let wish = match kind {
        Kind::Wish | Kind::Unclear if chance.percent(65) => house.say(words_house::CALL_WISHES_CALM, chance),
        Kind::Cause | Kind::Hindrance | Kind::Competitor if chance.percent(65) => {
            house.say(words_house::CALL_WISHES, chance)
        }
        _ => String::new(),
    };
    let frame = (0..9).map(|_| chance.pick(words_house::CALL_NOTES)).find(|frame| scene.fits(frame));
    let frame = frame.unwrap_or(words_house::CALL_NOTES[0]);
    let again = match scene.before {
        Some(_) => house.fill("Zweiter Anruf, hatte sich am {before} schon gemeldet. ", &[]),
        None => String::new(),
    };
    let note = house.fill(frame, &[("said", &said), ("stimmung", feeling), ("wunsch", &wish)]);
    format!("{again}{note}").trim().to_owned()
}

fn chat(scene: &Scene, quotes: &[(usize, String)], chance: &mut Chance) -> String {
    let words = phrases(scene);
    let mut lines = vec![scene.say(words.hello_chat, chance)];
    if scene.before.is_some() {
        lines.push(capital(&scene.say(words.again, chance)));
    }
    lines.extend(quotes.iter().map(|quote| quote.1.clone()));
    match chance.below(4) {
        0 => lines.push(
            scene
                .fill(if scene.speech == Speech::English { "Order {order}" } else { "Auftrag {order}" }, &[]),
        ),
        1 => lines.push(scene.say(words.asks, chance)),
        2 if chance.percent(50) => lines.push(scene.say(words.life, chance)),
        _ => {}
    }
    lines.join("\n")
}

fn post(scene: &Scene, quotes: &[(usize, String)], chance: &mut Chance) -> String {
    let said = quotes.iter().map(|quote| quote.1.as_str()).collect::<Vec<_>>().join(" ");
    let english = scene.speech == Speech::English;
    if all()[quotes[0].0].kind == Kind::Praise {
        let frames = if english {
            ["{said} Thank you, @kastenundlicht!", "{said} ❤ @kastenundlicht"]
        } else {
            ["{said} Danke, @kastenundlicht!", "{said} Große Empfehlung: @kastenundlicht"]
        };
        return scene.fill(frames[chance.below(2)], &[("said", &said)]);
    }
    scene.fill(chance.pick(phrases(scene).posts), &[("said", &said)])
}

/// A later message of the customer: thanks, details, or that nothing has happened.
pub fn later(
    scene: &Scene,
    from: &'static [&'static str],
    more: Option<&str>,
    chance: &mut Chance,
) -> String {
    let mut text = scene.say(from, chance);
    if let Some(more) = more {
        text = format!("{text} {more}");
    }
    match chance.below(5) {
        0 => format!("{text}\n\n{} {}", scene.customer.first, scene.customer.last),
        1 => format!("{text}\n{}", scene.customer.last),
        2 => {
            let closing = scene.fill(chance.pick(manners(scene.speech).1), &[]);
            format!("{text}\n\n{closing}\n{} {}", scene.customer.first, scene.customer.last)
        }
        _ => text,
    }
}

/// Quotation marks as they stand inside others.
fn inner_marks(text: &str) -> String {
    text.replace('„', "‚").replace('“', "‘").replace('«', "‹").replace('»', "›")
}

/// The first letter as a capital.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Swaps two letters inside one of the longer words, as fingers do.
fn typo(text: &str, chance: &mut Chance) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let plain = |word: &&str| 5 <= word.len() && word.chars().all(|letter| letter.is_ascii_lowercase());
    let long: Vec<usize> = (0..words.len()).filter(|index| plain(&words[*index])).collect();
    if long.is_empty() {
        return text.to_owned();
    }
    let at = long[chance.below(long.len())];
    let mut letters: Vec<char> = words[at].chars().collect();
    let swap = 1 + chance.below(letters.len() - 3);
    letters.swap(swap, swap + 1);
    let wrong: String = letters.into_iter().collect();
    let mut words: Vec<&str> = words;
    words[at] = &wrong;
    words.join(" ")
}
