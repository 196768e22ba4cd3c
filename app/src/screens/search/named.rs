//! What operators ask for by name: queues, people, tags, kinds, states, insights, stations, departments.
//!
//! The search looks them up when it is asked, the box proposes them while somebody types. Names of both languages
//! are understood, whatever the page speaks; nobody learns of names that they may not see.

use searchbox::Operator;

use crate::cases::attributes;
use crate::insights;
use crate::people;
use crate::platform::{Actor, Bilingual, InsightId, Language, Result, Right, Tx, Words};

/// Something that an operator can ask for.
pub struct Named {
    /// As the reader calls it.
    pub name: String,
    /// What else it is called: in the other language, by its number.
    others: Vec<String>,
    /// What tells it apart.
    pub detail: String,
    /// What the index knows.
    pub code: String,
    /// False of what was given up: it is still found, and proposed no more.
    pub current: bool,
}

impl Named {
    fn new(name: &str, code: String) -> Self {
        Self { name: name.to_owned(), others: Vec::new(), detail: String::new(), code, current: true }
    }

    fn bilingual(name: &Bilingual, words: &Words, code: String) -> Self {
        let others = vec![name.de.clone(), name.en.clone()];
        Self { others, ..Self::new(words.named(name), code) }
    }

    fn names(&self) -> impl Iterator<Item = String> {
        self.others.iter().chain([&self.name]).map(|name| language::fold(name))
    }

    /// Is it called so?
    fn is_called(&self, wanted: &str) -> bool {
        self.names().any(|name| name == wanted)
    }

    /// Has one of its names all these words?
    fn fits(&self, wanted: &str) -> bool {
        self.names().any(|name| wanted.split_whitespace().all(|word| name.contains(word)))
    }
}

/// The codes of what is called so; if nothing is, of what has it in its name. At most `limit` of what has no end.
pub async fn codes(
    tx: &mut Tx,
    actor: &Actor,
    words: &Words,
    (operator, typed): (Operator, &str),
    limit: i64,
) -> Result<Vec<String>> {
    let mut found = like(tx, actor, words, (operator, typed), limit).await?;
    let wanted = folded(typed);
    if found.iter().any(|one| one.is_called(&wanted)) {
        found.retain(|one| one.is_called(&wanted));
    }
    if let (Operator::State, true) = (operator, found.is_empty()) {
        // Where no state of the house's own is called so, what everybody has is meant: "zustand:offen".
        return Ok(Operator::Status.value(&wanted).map(|value| value.code.to_owned()).into_iter().collect());
    }
    Ok(found.into_iter().map(|one| one.code).collect())
}

/// Whatever has this in its name; of tags and insights, which may be very many, up to `limit`.
pub async fn like(
    tx: &mut Tx,
    actor: &Actor,
    words: &Words,
    (operator, typed): (Operator, &str),
    limit: i64,
) -> Result<Vec<Named>> {
    let right = if operator == Operator::Insight { Right::ReadInsights } else { Right::ReadCases };
    if !actor.can(right) {
        return Ok(Vec::new());
    }
    let wanted = folded(typed);
    let mut found = match operator {
        Operator::Queue => queues(tx, actor).await?,
        Operator::Owner => persons(tx, "owner").await?,
        Operator::Mentioned => persons(tx, "mention").await?,
        Operator::Tag => tags(tx, &wanted, limit).await?,
        Operator::Kind => kinds(tx, words).await?,
        Operator::State => states(tx, words).await?,
        Operator::Insight => titles(tx, words, &wanted, limit).await?,
        Operator::Station => stations(tx, words).await?,
        Operator::Department => departments(tx).await?,
        _ => Vec::new(),
    };
    found.retain(|one| one.fits(&wanted));
    Ok(found)
}

/// "#Versand" is the tag, "#17" the insight.
fn folded(typed: &str) -> String {
    language::fold(typed.trim().trim_start_matches('#'))
}

async fn queues(tx: &mut Tx, actor: &Actor) -> Result<Vec<Named>> {
    let mut queues = people::queues(tx).await?;
    queues.retain(|queue| actor.sight.seen.contains(&queue.id));
    Ok(queues.iter().map(|queue| Named::new(&queue.name, format!("queue:{}", queue.id))).collect())
}

async fn persons(tx: &mut Tx, part: &str) -> Result<Vec<Named>> {
    let one = |person: people::Person| {
        let code = format!("{part}:{}", person.id);
        Named { current: person.active, ..Named::new(&person.name, code) }
    };
    Ok(people::all(tx).await?.into_iter().map(one).collect())
}

async fn tags(tx: &mut Tx, wanted: &str, limit: i64) -> Result<Vec<Named>> {
    let tags = attributes::tags_like(tx, wanted, limit).await?;
    Ok(tags.iter().map(|tag| Named::new(&tag.name, format!("tag:{}", tag.id))).collect())
}

async fn kinds(tx: &mut Tx, words: &Words) -> Result<Vec<Named>> {
    let one = |kind: attributes::CaseKind| {
        let code = format!("kind:{}", kind.id);
        Named { current: kind.active, ..Named::bilingual(&kind.name, words, code) }
    };
    Ok(attributes::kinds(tx).await?.into_iter().map(one).collect())
}

async fn states(tx: &mut Tx, words: &Words) -> Result<Vec<Named>> {
    let one = |state: attributes::OwnState| {
        let code = format!("state:{}", state.id);
        Named { current: state.active, ..Named::bilingual(&state.name, words, code) }
    };
    Ok(attributes::own_states(tx).await?.into_iter().map(one).collect())
}

/// Insights by words of their titles, and the one of this number.
async fn titles(tx: &mut Tx, words: &Words, wanted: &str, limit: i64) -> Result<Vec<Named>> {
    let mut found = insights::search(tx, wanted, None, limit).await?;
    if let Ok(number) = wanted.parse() {
        found.retain(|insight| insight.id != InsightId(number));
        if let Some(insight) = insights::find(tx, InsightId(number)).await? {
            found.insert(0, insight);
        }
    }
    let one = |insight: insights::Insight| Named {
        others: vec![insight.id.to_string()],
        detail: format!("#{} · {}", insight.id, words.t(insight.kind.word())),
        ..Named::new(&insight.title, format!("insight:{}", insight.id))
    };
    Ok(found.into_iter().map(one).collect())
}

async fn stations(tx: &mut Tx, words: &Words) -> Result<Vec<Named>> {
    let said = |language: Language| Words::new(language, words.zone().clone(), words.now());
    let both: Vec<Words> = Language::ALL.iter().map(|language| said(*language)).collect();
    let one = |station: insights::Station| {
        let code = format!("station:{}", station.code);
        let others = both.iter().map(|words| station.name_in(words)).chain([station.code.clone()]);
        Named { others: others.collect(), ..Named::new(&station.name_in(words), code) }
    };
    Ok(insights::stations(tx).await?.into_iter().map(one).collect())
}

async fn departments(tx: &mut Tx) -> Result<Vec<Named>> {
    let departments = people::departments(tx).await?;
    let one = |department: &people::Department| {
        Named::new(&department.name, format!("department:{}", department.id))
    };
    Ok(departments.iter().map(one).collect())
}
