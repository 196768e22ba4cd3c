//! A rule as its form has it: rows of conditions as views have them, and rows of actions.
//!
//! Works without script: every button sends the whole form, and the answer is the form with one row more or less.
//! Programs send JSON as it is kept.

use axum::extract::{FromRequest, Request};

use crate::cases::{Filter, Sort};
use crate::platform::web::{Fields, Rows};
use crate::platform::{Error, Result, TeamId};
use crate::rules::{
    Action, Aspect, Change, Deed, Definition, Draft, Event, MailCondition, MailPart, MailTest, RuleKind,
};
use crate::views;
use crate::views::web::form::ViewForm;

/// The form of a rule.
pub struct RuleForm {
    pub kind: RuleKind,
    pub name: String,
    pub active: bool,
    pub conditions: ViewForm,
    pub events: Vec<Event>,
    pub changes: Vec<Change>,
    pub mail: Vec<MailCondition>,
    pub actions: Vec<Action>,
    pub stop: bool,
    pub again_days: String,
    pub shared: String,
    /// Whose it is; the house's without one.
    pub team: Option<TeamId>,
    /// The code of the example that it was made from.
    pub example: String,
    /// What the button says that was pressed.
    pub wish: String,
}

impl RuleForm {
    pub fn of(draft: &Draft) -> Self {
        let definition = &draft.definition;
        Self {
            kind: draft.kind,
            name: draft.name.clone(),
            active: draft.active,
            conditions: conditions(&definition.filter),
            events: definition.events.clone(),
            changes: definition.changes.clone(),
            mail: definition.mail.clone(),
            actions: definition.actions.clone(),
            stop: definition.stop,
            again_days: definition.again_days.map(|days| days.to_string()).unwrap_or_default(),
            shared: definition.shared.clone(),
            team: draft.team,
            example: definition.example.clone(),
            wish: String::new(),
        }
    }

    pub fn fresh(kind: RuleKind) -> Self {
        let actions = vec![Action::new(Deed::Tag, "")];
        let mail = if kind == RuleKind::Mail { vec![mail_row()] } else { Vec::new() };
        let definition = Definition { actions, mail, ..Definition::default() };
        Self::of(&Draft { kind, name: String::new(), definition, active: true, team: None })
    }

    fn read(pairs: &[(String, String)]) -> Self {
        let fields = Fields::of(pairs);
        let one = |name: &str| fields.first(name).to_owned();
        Self {
            kind: RuleKind::from_code(fields.first("kind")).unwrap_or(RuleKind::Trigger),
            name: one("name"),
            active: fields.first("active") == "yes",
            conditions: ViewForm::read(pairs),
            events: fields.all("event").filter_map(Event::from_code).collect(),
            changes: read_changes(&fields),
            mail: read_mail(&fields),
            actions: read_actions(&fields),
            stop: fields.first("stop") == "yes",
            again_days: one("again_days"),
            shared: one("shared"),
            team: fields.first("team").parse().ok().map(TeamId),
            example: one("example"),
            wish: one("do"),
        }
    }

    /// Does what the pressed button says to the rows.
    pub fn obey(&mut self) {
        self.conditions.obey();
        let number = |prefix: &str| self.wish.strip_prefix(prefix).and_then(|at| at.parse::<usize>().ok());
        if self.wish == "add-action" {
            self.actions.push(Action::new(Deed::Tag, ""));
        } else if self.wish == "add-mail" {
            self.mail.push(mail_row());
        } else if self.wish == "add-change" {
            self.changes.push(Change { of: Aspect::Status, from: Vec::new(), to: Vec::new() });
        } else if let Some(at) = number("unchange-").filter(|at| *at < self.changes.len()) {
            self.changes.remove(at);
        } else if let Some(at) = number("unmail-").filter(|at| *at < self.mail.len()) {
            self.mail.remove(at);
        } else if let Some(at) = number("drop-").filter(|at| *at < self.actions.len()) {
            self.actions.remove(at);
        } else if let Some(at) = number("up-").filter(|at| 0 < *at && *at < self.actions.len()) {
            self.actions.swap(at, at - 1);
        }
    }

    pub fn draft(&self) -> Result<Draft> {
        let again_days = match self.again_days.as_str() {
            "" => None,
            days => Some(days.parse().map_err(|_| Error::invalid("again_days", "rules-again-wrong"))?),
        };
        let definition = Definition {
            events: if self.kind == RuleKind::Trigger { self.events.clone() } else { Vec::new() },
            changes: if self.kind == RuleKind::Trigger { self.changes.clone() } else { Vec::new() },
            filter: self.conditions.filter(),
            mail: if self.kind == RuleKind::Mail { self.mail.clone() } else { Vec::new() },
            actions: self.actions.clone(),
            stop: self.stop,
            again_days: again_days.filter(|_| self.kind == RuleKind::Time),
            shared: if self.kind == RuleKind::Macro { self.shared.clone() } else { String::new() },
            example: self.example.clone(),
        };
        Ok(Draft {
            kind: self.kind,
            name: self.name.clone(),
            definition,
            active: self.active,
            team: self.team,
        })
    }
}

fn read_actions(fields: &Fields<'_>) -> Vec<Action> {
    let row = |at: usize| {
        let of = |name: &str| fields.first(&format!("{name}{at}"));
        let does = Deed::from_code(of("a"))?;
        // What was chosen for another deed means nothing for this one.
        if of("ad") != does.code() {
            return Some(Action::new(does, ""));
        }
        let mut value = of("av").to_owned();
        if !value.is_empty() && does.input() == "span" {
            value.push_str(of("au"));
        }
        Some(Action { does, value, text: of("at").to_owned() })
    };
    (0..).map_while(row).collect()
}

fn read_mail(fields: &Fields<'_>) -> Vec<MailCondition> {
    let row = |at: usize| {
        let of = |name: &str| fields.first(&format!("{name}{at}"));
        let part = MailPart::from_code(of("m"))?;
        let test = MailTest::from_code(of("mt")).filter(|test| part.tests().contains(test));
        let value = if test.is_some() { of("mv") } else { "" };
        let name = if part == MailPart::Header { of("mn") } else { "" };
        let condition = MailCondition::new(part, test.unwrap_or(part.tests()[0]), value);
        Some(MailCondition { name: name.to_owned(), ..condition })
    };
    (0..).map_while(row).collect()
}

fn read_changes(fields: &Fields<'_>) -> Vec<Change> {
    let row = |at: usize| {
        let of = Aspect::from_code(fields.first(&format!("c{at}")))?;
        // What was chosen of a priority means nothing for a queue.
        let same = fields.first(&format!("cd{at}")) == of.code();
        let chosen = |name: &str| {
            let name = format!("{name}{at}");
            fields.all(&name).filter(|_| same).map(ToOwned::to_owned).collect()
        };
        Some(Change { of, from: chosen("cf"), to: chosen("ct") })
    };
    (0..).map_while(row).collect()
}

fn mail_row() -> MailCondition {
    MailCondition::new(MailPart::Subject, MailTest::Contains, "")
}

/// The form of conditions that are there.
fn conditions(filter: &Filter) -> ViewForm {
    ViewForm::of(&views::Draft {
        name: String::new(),
        filter: filter.clone(),
        sort: Sort::Due,
        columns: Vec::new(),
        shared: views::Shared::Private,
        place: 0,
    })
}

/// What a page or a program sent.
pub enum Sent {
    Form(Box<RuleForm>),
    Draft(Box<Draft>),
}

impl Sent {
    pub fn draft(&self) -> Result<Draft> {
        match self {
            Self::Form(form) => form.draft(),
            Self::Draft(draft) => Ok((**draft).clone()),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        Ok(match Rows::from_request(request, state).await? {
            Rows::Form(pairs) => Self::Form(Box::new(RuleForm::read(&pairs))),
            Rows::Json(draft) => Self::Draft(Box::new(draft)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::{Condition, Field};

    fn sent(text: &str) -> RuleForm {
        RuleForm::read(&url::form_urlencoded::parse(text.as_bytes()).into_owned().collect::<Vec<_>>())
    }

    #[test]
    fn a_form_becomes_a_rule_and_the_rule_the_same_form() {
        let form = sent(
            "kind=trigger&name=VIP&active=yes&event=opened&event=tagged&join=all&f0=status&t0=is&v0=open&\
             a0=priority&ad0=priority&av0=high&a1=wait&ad1=wait&av1=3&au1=d&a2=task&ad2=task&at2=Anrufen&stop=yes&\
             c0=queue&cd0=queue&cf0=3&cf0=4&ct0=5&c1=owner&cd1=queue&ct1=3&team=7",
        );

        let draft = form.draft().expect("it is one");
        let definition = Definition {
            events: vec![Event::Opened, Event::Tagged],
            filter: Filter::all([Condition::is(Field::Status, "open")]),
            actions: vec![
                Action::new(Deed::Priority, "high"),
                Action::new(Deed::Wait, "3d"),
                Action { text: "Anrufen".into(), ..Action::new(Deed::Task, "") },
            ],
            stop: true,
            changes: vec![
                Change { of: Aspect::Queue, from: vec!["3".into(), "4".into()], to: vec!["5".into()] },
                Change { of: Aspect::Owner, from: Vec::new(), to: Vec::new() },
            ],
            ..Definition::default()
        };
        let (kind, team) = (RuleKind::Trigger, Some(TeamId(7)));
        assert_eq!(draft, Draft { kind, name: "VIP".into(), definition, active: true, team });
        assert_eq!(RuleForm::of(&draft).draft().expect("it still is"), draft);
    }

    #[test]
    fn another_deed_begins_anew() {
        let form = sent("a0=queue&ad0=priority&av0=high");
        assert_eq!(form.actions, [Action::new(Deed::Queue, "")]);
    }
}
