//! Calling somebody into a case: a note that says `@Eva Agent` is for Eva.
//!
//! The name stands in the text as it was typed; who is meant is kept beside it, until they have seen it, and follows
//! the case.

use std::collections::HashMap;

use super::model::Case;
use super::store;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::people::Person;
use crate::platform::{Actor, App, CaseId, ContactId, Result, Right, Tx};

pub use super::store::Mention;

/// Notes who is called by a note, and tells it.
pub(super) async fn call(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    note: ContactId,
    text: &str,
) -> Result<()> {
    if !text.contains('@') {
        return Ok(());
    }
    let mut people = people::all(tx).await?;
    people.retain(|person| person.active && person.can(Right::ReadCases));
    for person in named(text, &people) {
        store::insert_mention(tx, person.id, note, case.id, app.now()).await?;
        store::follow_case(tx, person.id, case.id, app.now()).await?;
        let fact = Fact::PersonMentioned { person: person.id, contact: note };
        journal::record(app, tx, actor, About::case(case.id).of(case.customer), fact)?;
    }
    Ok(())
}

/// Who is named behind an `@`; where one name begins with another, the longer one is meant.
fn named<'a>(text: &str, people: &'a [Person]) -> Vec<&'a Person> {
    let text = text.to_lowercase();
    let mut by_length: Vec<&Person> = people.iter().collect();
    by_length.sort_by_key(|person| std::cmp::Reverse(person.name.len()));
    let mut found: Vec<&Person> = Vec::new();
    for (at, _) in text.match_indices('@') {
        let rest = &text[at + 1..];
        let is_named = |person: &&&Person| {
            let name = person.name.to_lowercase();
            rest.strip_prefix(&name).is_some_and(|after| !after.starts_with(char::is_alphanumeric))
        };
        let longest = by_length.iter().find(is_named).map(|person| person.name.len());
        let same = by_length.iter().filter(is_named).filter(|person| Some(person.name.len()) == longest);
        for person in same {
            if !found.iter().any(|known| known.id == person.id) {
                found.push(person);
            }
        }
    }
    found
}

/// Who was called by these notes, by note.
pub async fn called(tx: &mut Tx, contacts: &[ContactId]) -> Result<HashMap<ContactId, Vec<Mention>>> {
    let mut by_contact: HashMap<ContactId, Vec<Mention>> = HashMap::new();
    for mention in store::mentions_of(tx, contacts).await? {
        by_contact.entry(mention.contact).or_default().push(mention);
    }
    Ok(by_contact)
}

/// The actor has read what they were called for in a case.
pub async fn see(app: &App, actor: &Actor, case: CaseId) -> Result<()> {
    let Some(person) = actor.person_id() else { return Ok(()) };
    let mut tx = app.db.write().await?;
    if store::see_mentions(&mut tx, person, case, app.now()).await? != 0 {
        tx.commit().await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{PersonId, Role};

    fn person(id: i64, name: &str) -> Person {
        Person {
            id: PersonId(id),
            name: name.into(),
            email: String::new(),
            roles: vec![Role::Agent],
            team: None,
            departments: Vec::new(),
            active: true,
            joined: true,
            attendance: crate::platform::Attendance::There,
        }
    }

    #[test]
    fn who_is_called_is_found_by_the_whole_name() {
        let people = [person(1, "Eva"), person(2, "Eva Maria"), person(3, "Tom Lead")];
        for (text, ids) in [
            ("@Eva, bitte", vec![1]),
            ("@eva maria und @TOM LEAD: bitte", vec![2, 3]),
            ("@Evas Lampe", vec![]),
            ("eva@tom.example", vec![]),
            ("@Eva @Eva", vec![1]),
        ] {
            let found: Vec<i64> = named(text, &people).iter().map(|person| person.id.0).collect();
            assert_eq!(found, ids, "{text}");
        }
    }
}
