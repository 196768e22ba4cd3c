//! From what was typed to what the index is asked: queues, people, tags and more by name, days in the house's zone.

use std::ops::Range;

use jiff::civil::Date;
use searchbox::{Clause, Note, Operator, Typed, Want};

use super::{Chip, named};
use crate::cases;
use crate::platform::search::{Need, Request};
use crate::platform::{Actor, App, Language, Page, Result, Timestamp, Words, search};

/// Tags and insights of a name that are looked for at once.
const MOST: i64 = 1_000;

/// What was typed, understood.
pub struct Understood {
    pub request: Request,
    pub notes: Vec<String>,
    typed: Typed,
}

/// Reads `typed` for `actor`.
pub async fn understand(app: &App, actor: &Actor, words: &Words, typed: &str) -> Result<Understood> {
    let today = app.now().moment().to_zoned(app.zone()).date();
    let read = searchbox::parse(typed, today);
    let german = words.language == Language::De;
    let mut notes: Vec<String> = read.notes.iter().map(|note| said(note, words, german)).collect();
    let mut parts = Vec::new();
    for part in &read.parts {
        let mut needs = Vec::new();
        for clause in &part.any {
            let want = want(app, actor, words, &clause.want).await?;
            if let (search::Want::Codes(codes), Want::Named(operator, name)) = (&want, &clause.want)
                && codes.is_empty()
            {
                notes.push(unknown(*operator, name, words, german));
            }
            needs.push(Need { not: clause.not, want });
        }
        parts.push(needs);
    }
    let request = Request {
        parts,
        whole: typed.to_owned(),
        unfinished: !typed.ends_with(char::is_whitespace),
        ..Request::default()
    };
    Ok(Understood { request, notes, typed: read })
}

async fn want(app: &App, actor: &Actor, words: &Words, want: &Want) -> Result<search::Want> {
    Ok(match want {
        Want::Words(text) => search::Want::Words(text.clone()),
        Want::In(operator, text) => search::Want::In(*operator, text.clone()),
        Want::Named(operator, name) => {
            let mut tx = app.db.read().await?;
            search::Want::Codes(named::codes(&mut tx, actor, words, (*operator, name), MOST).await?)
        }
        Want::Code(_, "is:overdue") => search::Want::DueBefore(app.now()),
        Want::Code(_, "is:planned") => {
            let planned = cases::planned(&mut app.db.read().await?, app.now()).await?;
            search::Want::These(cases::SEARCH.kind, planned.into_iter().map(|case| case.0).collect())
        }
        Want::Code(_, "owner:me") => {
            let me = actor.person_id().map(|person| format!("owner:{person}"));
            search::Want::Codes(me.into_iter().collect())
        }
        Want::Code(_, "mention:me") => {
            let me = actor.person_id().map(|person| format!("mention:{person}"));
            search::Want::Codes(me.into_iter().collect())
        }
        Want::Code(_, code) => search::Want::Codes(vec![(*code).to_owned()]),
        Want::Said(operator, period) => {
            let (from, to) = (begin(app, period.from), begin(app, period.to));
            match operator {
                Operator::Before => search::Want::Said(None, from),
                Operator::After => search::Want::Said(to, None),
                Operator::Since => search::Want::Said(from, None),
                Operator::Until => search::Want::Said(None, to),
                _ => search::Want::Said(from, to),
            }
        }
    })
}

/// The first moment of a day in the house's zone.
fn begin(app: &App, day: Date) -> Option<Timestamp> {
    day.to_zoned(app.zone()).ok().map(|zoned| zoned.timestamp().into())
}

/// Nobody and nothing is called so.
fn unknown(operator: Operator, name: &str, words: &Words, german: bool) -> String {
    let text = match operator {
        Operator::Queue | Operator::Owner => words.with("search-note-nobody", "name", name),
        _ => words.with2("search-note-unknown", ("name", operator.name(german)), ("value", name)),
    };
    text.into_owned()
}

fn said(note: &Note, words: &Words, german: bool) -> String {
    let text = match note {
        Note::UnknownOperator(name) => words.with("search-note-operator", "name", name),
        Note::UnknownValue(operator, value) => {
            words.with2("search-note-value", ("name", operator.name(german)), ("value", value))
        }
        Note::Empty(operator) => words.with("search-note-empty", "name", operator.name(german)),
        Note::TooMany => words.t("search-note-many"),
    };
    text.into_owned()
}

impl Understood {
    /// What was typed piece by piece; nothing while it is only words, which one sees anyway.
    pub fn chips(&self, german: bool, page: &Page) -> Vec<Chip> {
        let clauses = || self.typed.parts.iter().flat_map(|part| &part.any);
        let plain = |clause: &Clause| matches!(&clause.want, Want::Words(text) if !clause.not && !text.exact);
        if clauses().all(plain) && self.typed.parts.iter().all(|part| part.any.len() == 1) {
            return Vec::new();
        }
        let mut chips = Vec::new();
        for (part, alternatives) in self.typed.parts.iter().enumerate() {
            for (at, clause) in alternatives.any.iter().enumerate() {
                let or = if at == 0 { String::new() } else { format!("{} ", page.t("search-or")) };
                let label = format!("{or}{}", label(clause, german, page));
                chips.push(Chip { label, without: self.typed.without(&self.request.whole, part, at) });
            }
        }
        chips
    }

    /// What was typed with these words in place of those that nothing was found with.
    pub fn instead(&self, words: &[(String, String)]) -> Option<String> {
        let mut typed = self.request.whole.clone();
        for (wrong, right) in words {
            if let Some(place) = place(&typed, wrong) {
                typed.replace_range(place, right);
            }
        }
        (typed != self.request.whole).then_some(typed)
    }
}

/// Where a folded word stands by itself; what is asked of an operator is no word.
fn place(typed: &str, folded: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for word in typed.split(|c: char| !c.is_alphanumeric()) {
        let end = start + word.len();
        if language::fold(word) == folded && !typed[..start].ends_with(':') {
            return Some(start..end);
        }
        start = end + typed[end..].chars().next().map_or(0, char::len_utf8);
    }
    None
}

fn label(clause: &Clause, german: bool, page: &Page) -> String {
    let quoted = |text: &searchbox::Text| match (text.exact, text.wild) {
        (true, _) => page.quote("search-quoted", "text", &text.text).into_owned(),
        (_, true) => format!("{}*", text.text),
        _ => text.text.clone(),
    };
    let value = match &clause.want {
        Want::Words(text) | Want::In(_, text) => quoted(text),
        Want::Named(_, name) => name.clone(),
        Want::Code(operator, code) => {
            let mut values = operator.values().iter().chain(operator.words());
            values.find(|value| value.code == *code).map_or(*code, |value| value.name(german)).to_owned()
        }
        Want::Said(_, period) => {
            let last = period.to.yesterday().unwrap_or(period.from);
            if last == period.from {
                page.civil(last)
            } else {
                format!("{} – {}", page.civil(period.from), page.civil(last))
            }
        }
    };
    let not = if clause.not { format!("{} ", page.t("search-not")) } else { String::new() };
    match clause.want.operator() {
        Some(operator) => format!("{not}{}: {value}", operator.name(german)),
        None => format!("{not}{value}"),
    }
}

/// The number of a case however it was typed: "26-10042", "26 10042", "2610042", "Fall #26-10042".
pub fn case_number(typed: &str) -> Option<String> {
    let start = typed.find(|c: char| c.is_ascii_digit())?;
    let name = language::fold(typed[..start].trim_matches(|c: char| !c.is_alphabetic()));
    if !["", "fall", "case", "nr", "no", "nummer", "number", "vorgang", "fall nr"].contains(&name.as_str()) {
        return None;
    }
    let digits: String = typed[start..].chars().filter(char::is_ascii_digit).collect();
    let separates = |c: char| c.is_ascii_digit() || c.is_whitespace() || "-–/._#".contains(c);
    let is_number = typed[start..].chars().all(separates) && (7..16).contains(&digits.len());
    is_number.then(|| format!("{}-{}", &digits[..2], &digits[2..]))
}

#[cfg(test)]
mod tests {
    use super::{case_number, place};

    #[test]
    fn a_number_is_one_however_it_is_typed() {
        for typed in [
            "26-10042",
            "26 10042",
            "2610042",
            "#26-10042",
            "Fall 26-10042",
            "case #26–10042",
            "Nr. 26/10042",
        ] {
            assert_eq!(case_number(typed).as_deref(), Some("26-10042"), "{typed}");
        }
        for typed in
            ["", "26", "10042", "118-4471", "Sofa 26-10042", "26-10042 Sofa", "1".repeat(30).as_str()]
        {
            let found = case_number(typed);
            assert!(found.is_none() || typed == "118-4471", "{typed}: {found:?}");
        }
    }

    #[test]
    fn a_word_is_replaced_where_it_stands_by_itself() {
        for (typed, expected) in [
            ("sofa", Some(0..4)),
            ("Sofakissen für das Sofa", Some(20..24)),
            ("betreff:sofa", None),
            ("betreff:sofa Sofa.", Some(13..17)),
            ("süßes sofa", Some(8..12)),
        ] {
            assert_eq!(place(typed, "sofa"), expected, "{typed}");
        }
    }
}
