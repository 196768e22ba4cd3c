//! Rules in plain words, and what a form lets choose from.

use crate::cases;
use crate::cases::attributes;
use crate::cases::attributes::{CaseField, CaseKind, OwnState};
use crate::cases::filter::Join;
use crate::people;
use crate::people::{Department, Person, Queue};
use crate::platform::{Actor, Bilingual, Page, Result, Tx};
use crate::rules::webhook::{self, Webhook};
use crate::rules::{Action, Aspect, Change, Deed, Definition, MailCondition, MailPart, RuleKind};
use crate::snippets;
use crate::snippets::Snippet;
use crate::views::web::Choices;
use crate::views::web::conditions;

/// Roles that can be told of a case.
const ROLES: [&str; 3] = ["lead", "agent", "manager"];

/// Everything that has a name.
pub struct Say {
    pub choices: Choices,
    people: Vec<Person>,
    queues: Vec<Queue>,
    departments: Vec<Department>,
    kinds: Vec<CaseKind>,
    states: Vec<OwnState>,
    fields: Vec<CaseField>,
    snippets: Vec<Snippet>,
    webhooks: Vec<Webhook>,
}

impl Say {
    pub async fn load(tx: &mut Tx, actor: &Actor) -> Result<Self> {
        let mut snippets = snippets::all(tx, actor).await?;
        // A rule is nobody's: it has no snippets of its own.
        snippets.retain(|snippet| snippet.owner.is_none());
        let mut queues = people::queues(tx).await?;
        queues.retain(|queue| !actor.sight.hidden.contains(&queue.id));
        Ok(Self {
            choices: Choices::load(tx, actor).await?,
            people: cases::web::owners(tx).await?,
            queues,
            departments: people::departments(tx).await?,
            kinds: attributes::kinds(tx).await?.into_iter().filter(|kind| kind.active).collect(),
            states: attributes::own_states(tx).await?.into_iter().filter(|state| state.active).collect(),
            fields: attributes::fields(tx).await?.into_iter().filter(|field| !field.archived).collect(),
            snippets,
            webhooks: webhook::all(tx).await?,
        })
    }

    /// Values and words of an action that has few.
    pub fn values(&self, page: &Page, action: &Action) -> Vec<(String, String)> {
        let worded = |code: &str, word: &str| (code.to_owned(), page.t(word).into_owned());
        let own = |id: String, name: &Bilingual| (id, name.in_language(page.language).to_owned());
        let people = |prefix: &'static str| {
            self.people.iter().map(move |one| (format!("{prefix}{}", one.id), one.name.clone()))
        };
        let queues = |prefix: &'static str| {
            self.queues.iter().map(move |one| (format!("{prefix}{}", one.id), one.name.clone()))
        };
        match action.does {
            Deed::Queue => queues("").collect(),
            Deed::Owner => std::iter::once(worded("none", "views-nobody")).chain(people("")).collect(),
            Deed::Deputy | Deed::Follower => people("").collect(),
            Deed::Priority => {
                ["high", "normal", "low"].map(|code| worded(code, &format!("case-priority-{code}"))).to_vec()
            }
            Deed::Kind => {
                let all = self.kinds.iter().map(|kind| own(kind.id.to_string(), &kind.name));
                std::iter::once(worded("none", "rules-kind-none")).chain(all).collect()
            }
            Deed::State => {
                let base =
                    ["open", "waiting", "closed"].map(|code| worded(code, &format!("case-status-{code}")));
                let all = self.states.iter().map(|state| own(state.id.to_string(), &state.name));
                base.into_iter().chain(all).collect()
            }
            Deed::Field => self.fields.iter().map(|field| own(field.key.clone(), &field.name)).collect(),
            Deed::Reply => self.snippets.iter().map(|one| (one.id.to_string(), one.name.clone())).collect(),
            Deed::HandOff => {
                let departments =
                    self.departments.iter().map(|one| (format!("department:{}", one.id), one.name.clone()));
                queues("queue:").chain(departments).chain(people("person:")).collect()
            }
            Deed::Notify => {
                let roles = ROLES.map(|role| worded(&format!("role:{role}"), &format!("admin-role-{role}")));
                let owner = std::iter::once(worded("owner", "rules-notify-owner"));
                owner.chain(roles).chain(people("person:")).collect()
            }
            Deed::Webhook => self.webhooks.iter().map(|one| (one.id.to_string(), one.name.clone())).collect(),
            _ => Vec::new(),
        }
    }

    /// Values and words of what can change.
    pub fn states(&self, page: &Page, of: &Aspect) -> Vec<(String, String)> {
        if *of == Aspect::Status {
            let code = |code: &str| (code.to_owned(), page.t(&format!("case-status-{code}")).into_owned());
            return ["open", "waiting", "closed"].map(code).to_vec();
        }
        let deed = match of {
            Aspect::Priority => Deed::Priority,
            Aspect::Queue => Deed::Queue,
            Aspect::Owner => Deed::Owner,
            _ => Deed::Kind,
        };
        self.values(page, &Action::new(deed, ""))
    }

    /// "Priorität wechselt von normal auf hoch"
    pub fn change(&self, page: &Page, change: &Change) -> String {
        let states = self.states(page, &change.of);
        let or = format!(" {} ", page.t("views-or"));
        let names = |codes: &[String]| {
            let name = |code: &String| {
                let known = states.iter().find(|(known, _)| known == code);
                known.map_or_else(|| code.clone(), |(_, name)| name.clone())
            };
            codes.iter().map(name).collect::<Vec<_>>().join(&or)
        };
        let mut said = page.t(&format!("rules-change-{}", change.of)).into_owned();
        for (word, codes) in [("rules-from", &change.from), ("rules-to", &change.to)] {
            if !codes.is_empty() {
                said = format!("{said} {} {}", page.t(word), names(codes));
            }
        }
        said
    }

    /// "Priorität: hoch"
    pub fn action(&self, page: &Page, action: &Action) -> String {
        let deed = page.t(format!("rules-deed-{}", action.does).as_str());
        let named = self.values(page, action).into_iter().find(|(code, _)| *code == action.value);
        let value = named.map_or_else(|| Self::plain(page, action), |(_, name)| name);
        let text = if action.does.has_text() { cases::snippet(&action.text) } else { String::new() };
        let parts: Vec<String> = [value, text].into_iter().filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { deed.into_owned() } else { format!("{deed}: {}", parts.join(" – ")) }
    }

    /// A length of time in words, anything else as it is.
    fn plain(page: &Page, action: &Action) -> String {
        let value = action.value.as_str();
        match value.split_at_checked(value.len().saturating_sub(1)) {
            Some((number, unit)) if action.does.input() == "span" && !number.is_empty() => {
                format!("{number} {}", page.t(format!("views-unit-{unit}").as_str()))
            }
            _ => value.to_owned(),
        }
    }

    /// What a filter asks of a mail.
    pub fn mail(page: &Page, definition: &Definition) -> String {
        let word = if definition.filter.join == Join::All { "views-and" } else { "views-or" };
        let or = format!(" {} ", page.t("views-or"));
        let one = |condition: &MailCondition| {
            let part = page.t(format!("rules-part-{}", condition.part).as_str());
            let part = if condition.part == MailPart::Header {
                format!("{part} {}", condition.name)
            } else {
                part.into_owned()
            };
            let test = page.t(format!("views-test-{}", condition.test).as_str());
            let value = match condition.value.as_str() {
                "yes" => page.t("views-yes").into_owned(),
                "no" => page.t("views-no").into_owned(),
                value if condition.part == MailPart::Language => {
                    let name = |code: &str| page.t(&format!("rules-language-{}", code.trim())).into_owned();
                    value.split(',').map(name).collect::<Vec<_>>().join(&or)
                }
                value => value.split(',').map(str::trim).collect::<Vec<_>>().join(&or),
            };
            format!("{part} {test} {value}").trim_end().to_owned()
        };
        definition.mail.iter().map(one).collect::<Vec<_>>().join(&format!(" {} ", page.t(word)))
    }

    /// What a rule says, in one sentence.
    pub fn rule(&self, page: &Page, kind: RuleKind, definition: &Definition) -> String {
        let events = definition
            .events
            .iter()
            .map(|event| page.t(format!("rules-event-{event}").as_str()).into_owned());
        let changes = definition.changes.iter().map(|change| self.change(page, change));
        let events: Vec<String> = events.chain(changes).collect();
        let events = events.join(&format!(" {} ", page.t("views-or")));
        let conditions = conditions::in_words(page, &self.choices, &definition.filter);
        let actions: Vec<String> =
            definition.actions.iter().map(|action| self.action(page, action)).collect();
        let actions = actions.join(", ");
        let head = match (kind, conditions.is_empty()) {
            (RuleKind::Trigger, true) => page.with("rules-say-trigger", "events", events),
            (RuleKind::Trigger, false) => {
                page.with2("rules-say-trigger-if", ("events", events), ("conditions", conditions))
            }
            (RuleKind::Mail, _) => page.with("rules-say-mail", "conditions", Self::mail(page, definition)),
            (RuleKind::Time, _) => page.with("rules-say-time", "conditions", conditions),
            (RuleKind::Macro, true) => page.t("rules-say-macro"),
            (RuleKind::Macro, false) => page.with("rules-say-macro-if", "conditions", conditions),
        };
        format!("{head} → {actions}")
    }
}
