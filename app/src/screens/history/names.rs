//! What things are called today, as far as the reader may know of them.

use std::collections::{HashMap, HashSet};
use std::mem;

use super::told::Thing;
use crate::admin::web::role_word;
use crate::cases;
use crate::cases::attributes;
use crate::customers;
use crate::goodwill;
use crate::knowledge;
use crate::mailboxes;
use crate::people;
use crate::platform::{Actor, CaseId, Error, Result, Tx, Words};
use crate::recurring;
use crate::rules;
use crate::snippets;
use crate::views;

pub(super) struct Names(HashMap<Thing, String>);

impl Names {
    /// Only what these things need is read.
    pub async fn load(
        tx: &mut Tx,
        actor: &Actor,
        words: &Words,
        case: Option<CaseId>,
        things: &[Thing],
    ) -> Result<Self> {
        let mut names = Self(HashMap::new());
        let mut kinds = HashSet::new();
        for thing in things {
            if kinds.insert(mem::discriminant(thing)) {
                names.0.extend(all_like(tx, actor, words, thing).await?);
            }
        }
        if let Some(case) = case {
            names.of_case(tx, case, things).await?;
        }
        names.one_by_one(tx, actor, words, things).await?;
        Ok(names)
    }

    /// What a thing is called. Of what is small, and gone or somebody's own, nothing is said.
    pub fn of(&self, words: &Words, thing: &Thing) -> Option<String> {
        Some(match thing {
            Thing::Word(key) => words.t(key).into_owned(),
            Thing::Text(text) => text.clone(),
            Thing::Number(number) => words.number(*number),
            Thing::Version(version) => words.n("history-version", *version).into_owned(),
            Thing::Until(at) => words.with("history-until", "when", words.stamp(at)).into_owned(),
            Thing::Roles(roles) => {
                let names: Vec<_> = roles.iter().map(|role| words.t(role_word(role))).collect();
                names.join(", ")
            }
            Thing::Money(sum) => words.money(sum),
            Thing::Queue(_) => {
                self.known(thing).unwrap_or_else(|| words.t("history-other-queue").into_owned())
            }
            Thing::Task(_)
            | Thing::Handoff(_)
            | Thing::Promise(_)
            | Thing::Snippet(_)
            | Thing::Article(_)
            | Thing::View(_)
            | Thing::Recurring(_) => {
                return self.known(thing);
            }
            _ => self.known(thing).unwrap_or_else(|| words.t("history-gone").into_owned()),
        })
    }

    fn known(&self, thing: &Thing) -> Option<String> {
        self.0.get(thing).cloned()
    }

    async fn of_case(&mut self, tx: &mut Tx, case: CaseId, things: &[Thing]) -> Result<()> {
        if things.iter().any(|thing| matches!(thing, Thing::Task(_))) {
            let tasks = cases::tasks::tasks(tx, case).await?;
            self.0.extend(tasks.into_iter().map(|one| (Thing::Task(one.id), one.title)));
        }
        if things.iter().any(|thing| matches!(thing, Thing::Handoff(_))) {
            let handoffs = cases::handoffs(tx, case).await?;
            self.0.extend(handoffs.into_iter().map(|one| (Thing::Handoff(one.id), one.receiver)));
        }
        let others: Vec<CaseId> = things
            .iter()
            .filter_map(|thing| match thing {
                Thing::Case(case) => Some(*case),
                _ => None,
            })
            .collect();
        let others = cases::some(tx, &others).await?;
        self.0.extend(others.into_iter().map(|one| (Thing::Case(one.id), one.number)));
        Ok(())
    }

    /// Of these there may be thousands in the house, and a page names few.
    async fn one_by_one(
        &mut self,
        tx: &mut Tx,
        actor: &Actor,
        words: &Words,
        things: &[Thing],
    ) -> Result<()> {
        for thing in things {
            if self.0.contains_key(thing) {
                continue;
            }
            let name = match thing {
                Thing::Tag(tag) => attributes::tag(tx, *tag).await.map(|tag| tag.name),
                Thing::Promise(promise) => customers::promises::text(tx, *promise).await,
                Thing::Rule(rule) => rules::name(tx, *rule).await,
                Thing::Webhook(webhook) => rules::webhook::name(tx, *webhook).await,
                Thing::View(view) => views::name(tx, actor, *view).await,
                Thing::Recurring(id) => recurring::one(tx, actor, *id).await.map(|one| one.subject),
                Thing::Snippet(snippet) => snippets::snippet(tx, actor, *snippet).await.map(|one| one.name),
                Thing::Article(article) => {
                    let found = knowledge::article(tx, actor, *article).await;
                    found.map(|one| one.text(words.language).title.clone())
                }
                _ => continue,
            };
            match name {
                Ok(name) => drop(self.0.insert(thing.clone(), name)),
                // It was taken away since.
                Err(Error::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// All things of the kind of this one with their names, where the house has few of that kind.
async fn all_like(tx: &mut Tx, actor: &Actor, words: &Words, thing: &Thing) -> Result<Vec<(Thing, String)>> {
    Ok(match thing {
        Thing::Person(_) => named(people::all(tx).await?, |one| (Thing::Person(one.id), one.name)),
        Thing::Queue(_) => {
            named(people::queues_for(tx, actor).await?, |one| (Thing::Queue(one.id), one.name))
        }
        Thing::Department(_) => {
            named(people::departments(tx).await?, |one| (Thing::Department(one.id), one.name))
        }
        Thing::Team(_) => named(people::teams(tx).await?, |one| (Thing::Team(one.id), one.name)),
        Thing::Token(_) => named(people::tokens(tx).await?, |one| (Thing::Token(one.id), one.name)),
        Thing::Policy(_) => named(goodwill::policies(tx).await?, |one| (Thing::Policy(one.id), one.title)),
        Thing::Mailbox(_) => named(mailboxes::all(tx).await?, |one| (Thing::Mailbox(one.id), one.name)),
        Thing::Checklist(_) => {
            named(cases::tasks::checklists(tx).await?, |one| (Thing::Checklist(one.id), one.name))
        }
        Thing::Kind(_) => named(attributes::kinds(tx).await?, |one| {
            (Thing::Kind(one.id), words.named(&one.name).to_owned())
        }),
        Thing::State(_) => named(attributes::own_states(tx).await?, |one| {
            (Thing::State(one.id), words.named(&one.name).to_owned())
        }),
        Thing::Field(_) => named(attributes::fields(tx).await?, |one| {
            (Thing::Field(one.id), words.named(&one.name).to_owned())
        }),
        _ => Vec::new(),
    })
}

fn named<T>(all: Vec<T>, name: impl Fn(T) -> (Thing, String)) -> Vec<(Thing, String)> {
    all.into_iter().map(name).collect()
}
