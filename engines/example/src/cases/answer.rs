//! What agents write: to customers with Sie, among themselves with du.

use crate::cases::voice::phrases;
use crate::chance::Chance;
use crate::fill::Scene;
use crate::house;
use crate::model::{Channel, Gender, Kind, Person};
use crate::speech::Speech;
use crate::themes::Theme;
use crate::words_house;

/// What a reply contains beside manners.
#[derive(Default)]
pub struct Reply {
    /// The sentences that matter, in their order.
    pub lines: Vec<String>,
    /// Nothing is settled by it, so it has no cheerful end.
    pub unsettled: bool,
}

impl Reply {
    pub fn text(
        &self,
        scene: &Scene,
        theme: &Theme,
        me: &Person,
        channel: Channel,
        chance: &mut Chance,
    ) -> String {
        let words = phrases(scene);
        let from = match theme.kind {
            Kind::Cause | Kind::Hindrance => Some(words.sorry),
            Kind::Unclear => Some(words.gladly),
            // Their answers say thank you themselves.
            Kind::Wish | Kind::Competitor | Kind::Praise => None,
        };
        let opening = from.map(|from| scene.say(from, chance));
        let lines = self.lines.join(" ");
        if matches!(channel, Channel::Chat | Channel::Post) {
            return short(scene, opening.as_deref(), &lines, me, channel, chance);
        }
        let mut body = match opening {
            Some(opening) => format!("{opening}\n\n{lines}"),
            None => continued(&lines),
        };
        if matches!(scene.speech, Speech::Swiss | Speech::English) {
            body = super::voice::capital(&body);
        }
        let last = match theme.kind {
            _ if self.unsettled => String::new(),
            Kind::Cause | Kind::Hindrance => scene.say(words.final_words, chance),
            Kind::Unclear if chance.percent(40) => scene.fill(words.final_words[0], &[]),
            _ => String::new(),
        };
        let last = if last.is_empty() { last } else { format!("\n\n{last}") };
        let mark = if scene.speech == Speech::Swiss { "" } else { "," };
        let bye = scene.say(words.sign_off, chance);
        format!(
            "{}{mark}\n\n{body}{last}\n\n{bye}\n{}\n{}",
            salutation(scene, chance),
            me.name,
            house::COMPANY
        )
    }
}

/// Small words go on in lower case after the comma of the greeting.
fn continued(text: &str) -> String {
    let small = ["Danke", "Das", "So ", "Ich", "Nach", "Leider", "Vielen"];
    if small.iter().any(|word| text.starts_with(word)) {
        let (first, rest) = text.split_at(1);
        return first.to_lowercase() + rest;
    }
    text.to_owned()
}

fn short(
    scene: &Scene,
    opening: Option<&str>,
    lines: &str,
    me: &Person,
    channel: Channel,
    chance: &mut Chance,
) -> String {
    let first = me.name.split(' ').next().unwrap_or(me.name);
    let opening = opening.filter(|_| chance.percent(55)).map(super::voice::capital);
    let opening = opening.map(|opening| format!("{opening} ")).unwrap_or_default();
    let name = if scene.speech == Speech::English { scene.customer.first.to_owned() } else { address(scene) };
    if channel == Channel::Post {
        let hello = if scene.speech == Speech::English { "Hello" } else { "Guten Tag" };
        return format!("{hello} {name}! {opening}{lines} /{first}");
    }
    format!("{opening}{lines}")
}

/// Greets by name as the house does; people without a known salutation by their full name.
fn salutation(scene: &Scene, chance: &mut Chance) -> String {
    let customer = scene.customer;
    if scene.speech == Speech::English {
        return match customer.salutation {
            Gender::Female => format!("Dear Ms {}", customer.last),
            Gender::Male => format!("Dear Mr {}", customer.last),
            Gender::Neutral => format!("Dear {} {}", customer.first, customer.last),
        };
    }
    let formal = chance.percent(30);
    match (customer.salutation, formal) {
        (Gender::Female, true) => format!("Sehr geehrte Frau {}", customer.last),
        (Gender::Male, true) => format!("Sehr geehrter Herr {}", customer.last),
        (Gender::Female, false) => format!("Liebe Frau {}", customer.last),
        (Gender::Male, false) => format!("Lieber Herr {}", customer.last),
        (Gender::Neutral, _) => format!("Guten Tag {} {}", customer.first, customer.last),
    }
}

fn address(scene: &Scene) -> String {
    let customer = scene.customer;
    match customer.salutation {
        Gender::Female => format!("Frau {}", customer.last),
        Gender::Male => format!("Herr {}", customer.last),
        Gender::Neutral => format!("{} {}", customer.first, customer.last),
    }
}

/// One of the theme's answers; `granted` decides for themes with a policy, where the first one grants.
pub fn solution(scene: &Scene, theme: &Theme, granted: Option<bool>, chance: &mut Chance) -> String {
    let answers = if scene.speech == Speech::English { theme.english_answers } else { theme.answers };
    match granted {
        Some(true) => scene.fill(answers[0], &[]),
        // Where the last answer says no, it says so better than a phrase for all policies.
        Some(false) => {
            match answers.last().filter(|answer| answer.contains("leider") || answer.contains("Leider")) {
                Some(no) => scene.fill(no, &[]),
                None => scene.say(phrases(scene).refused, chance),
            }
        }
        None => scene.say(answers, chance),
    }
}

/// The moment in words, for promises: with day and hour.
pub fn when(scene: &Scene, at: i64) -> String {
    let local = crate::moment::local(at);
    let day = scene.full_day(local.date());
    match (scene.speech, local.hour()) {
        (Speech::English, hour @ 0..12) => format!("{day}, {hour} am"),
        (Speech::English, 12) => format!("{day}, noon"),
        (Speech::English, hour) => format!("{day}, {} pm", hour - 12),
        (_, hour) => format!("{day}, {hour} Uhr"),
    }
}

/// Asks the department that owns the theme. The house writes notes in German.
pub fn note_to_department(scene: &Scene, theme: &Theme, chance: &mut Chance) -> String {
    let department = house::departments()[theme.owner as usize].name;
    let praise = theme.kind == Kind::Praise;
    let from = if praise { words_house::PRAISE_TO_DEPARTMENT } else { words_house::NOTES_TO_DEPARTMENT };
    note(scene, from, &[("dept", department)], chance)
}

pub fn note_from_department(scene: &Scene, theme: &Theme, chance: &mut Chance) -> String {
    let fault = matches!(theme.kind, Kind::Cause | Kind::Hindrance);
    let from =
        if fault { words_house::NOTES_FROM_DEPARTMENT } else { words_house::NOTES_FROM_DEPARTMENT_CALM };
    note(scene, from, &[], chance)
}

pub fn note_to_colleague(scene: &Scene, mate: &Person, chance: &mut Chance) -> String {
    note(scene, words_house::NOTES_TO_COLLEAGUE, &[("mate", mate.name)], chance)
}

fn note(scene: &Scene, from: &[&str], extra: &[(&str, &str)], chance: &mut Chance) -> String {
    let template = (0..9).map(|_| chance.pick(from)).find(|template| scene.fits(template));
    scene.in_german().fill(template.unwrap_or(from[0]), extra)
}
