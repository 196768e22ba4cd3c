//! Measures how well the house's own cases teach it to propose: replays the example company's history in order.
//!
//! `cargo run --release -p kitt --example suggestions [-- SEED]`
//!
//! Every documented case is guessed before it is learnt, with what the cases before it taught. The texts are made
//! up, so the figures are an upper bound; figures on real mails are in the README of the engine `language`.

use std::time::{Duration, Instant};

use example::{Company, Direction};
use kitt::findings::Kind;
use kitt::insights::suggest::{Learner, Lesson, SURE};
use kitt::platform::InsightId;

#[derive(Default)]
struct Tally {
    cases: u32,
    first: u32,
    top3: u32,
    proposed: u32,
    right: u32,
    /// Cases without a cause, and how many of them got a proposal.
    without: u32,
    wrongly: u32,
}

fn main() {
    let seed = std::env::args().nth(1).and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let company = Company::new(seed, jiff::civil::date(2026, 6, 15));
    let mut learner = Learner::default();
    for (index, insight) in (0_i64..).zip(&company.insights) {
        let (title, description) = (insight.title.into(), insight.description.into());
        learner.learn(&Lesson::Described {
            kind: kind(insight.kind),
            insight: InsightId(index),
            title,
            description,
        });
    }
    let (mut tallies, mut asked, mut learnt) =
        ([Tally::default(), Tally::default()], Duration::ZERO, Duration::ZERO);
    let mut documented = 0_u32;
    for (index, case) in company.cases(1_781_546_400).enumerate() {
        if case.findings.is_empty() {
            continue;
        }
        let start = Instant::now();
        let text = text(&case);
        let guesses: Vec<_> = Kind::ALL.iter().map(|kind| learner.guess(*kind, &text)).collect();
        asked += start.elapsed();
        tally(&mut tallies[usize::from(company.case_count() / 4 < index)], &case, &guesses[0]);
        let start = Instant::now();
        for lesson in &lessons(&case, &text) {
            learner.learn(lesson);
        }
        learnt += start.elapsed();
        documented += 1;
    }
    for (name, tally) in ["first quarter", "afterwards"].iter().zip(&tallies) {
        print(name, tally);
    }
    println!("{:.2?} to look at a case, {:.2?} to learn one", asked / documented, learnt / documented);
    let stored: usize = learner.to_bytes().iter().map(|(_, bytes)| bytes.len()).sum();
    println!("{} MB of memory, {} MB stored", learner.memory() / 1_000_000, stored / 1_000_000);
}

fn text(case: &example::Case) -> String {
    let inbound = case.contacts.iter().filter(|contact| contact.direction == Direction::In);
    inbound.fold(case.subject.clone(), |text, contact| text + "\n" + &contact.text)
}

fn tally(tally: &mut Tally, case: &example::Case, guesses: &[kitt::insights::suggest::Guess]) {
    let causes: Vec<_> = case.findings.iter().filter(|one| one.kind == example::Kind::Cause).collect();
    let sure = guesses.first().is_some_and(|best| SURE <= best.p);
    if causes.is_empty() {
        tally.without += 1;
        tally.wrongly += u32::from(sure);
        return;
    }
    let known: Vec<_> = causes.iter().filter_map(|one| one.insight.map(id)).collect();
    if known.is_empty() {
        return;
    }
    let is_right =
        |guess: &kitt::insights::suggest::Guess| guess.insight.is_some_and(|one| known.contains(&one));
    tally.cases += 1;
    tally.first += u32::from(guesses.first().is_some_and(is_right));
    tally.top3 += u32::from(guesses.iter().take(3).any(is_right));
    tally.proposed += u32::from(sure);
    tally.right += u32::from(sure && guesses.first().is_some_and(is_right));
}

fn lessons(case: &example::Case, text: &str) -> Vec<Lesson> {
    let mut lessons = Vec::new();
    for &one in Kind::ALL {
        let of_kind: Vec<_> = case.findings.iter().filter(|finding| kind(finding.kind) == one).collect();
        for finding in &of_kind {
            // In the example company a cause without an insight is one that nobody knows.
            if let Some(insight) = finding.insight.map(id) {
                lessons.push(Lesson::Confirmed { kind: one, insight: Some(insight), text: text.to_owned() });
            }
        }
        if of_kind.is_empty() {
            lessons.push(Lesson::Nothing { kind: one, text: text.to_owned() });
        }
    }
    lessons
}

fn print(name: &str, tally: &Tally) {
    let percent = |part: u32, whole: u32| 100.0 * f64::from(part) / f64::from(whole.max(1));
    println!(
        "{name}: {} cases with a known cause: first {:.1} %, in the top 3 {:.1} %; at {SURE} {:.1} % get a proposal, \
         {:.1} % of these are right; of {} cases without a cause {:.1} % get one",
        tally.cases,
        percent(tally.first, tally.cases),
        percent(tally.top3, tally.cases),
        percent(tally.proposed, tally.cases),
        percent(tally.right, tally.proposed),
        tally.without,
        percent(tally.wrongly, tally.without),
    );
}

fn id(index: usize) -> InsightId {
    InsightId(i64::try_from(index).unwrap_or(i64::MAX))
}

const fn kind(kind: example::Kind) -> Kind {
    match kind {
        example::Kind::Cause => Kind::Cause,
        example::Kind::Wish => Kind::Wish,
        example::Kind::Competitor => Kind::Competitor,
        example::Kind::Praise => Kind::Praise,
        example::Kind::Unclear => Kind::Unclear,
        example::Kind::Hindrance => Kind::Hindrance,
    }
}
