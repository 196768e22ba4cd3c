//! Who acts, and what they may do. The table of rights is [`Right::roles`].

use super::codes::codes;
use super::error::{Error, Result};
use super::ids::{DepartmentId, PersonId, QueueId, TeamId, TokenId};
use super::keys::Keyboard;
use super::sight::QueueSight;
use super::words::Language;

codes! {
    /// What a person is in the house. One person may have several roles.
    pub enum Role {
        /// Answers customers.
        Agent = "agent",
        /// Leads a team.
        Lead = "lead",
        /// Belongs to a department that owns insights.
        Department = "department",
        /// Runs the company.
        Manager = "manager",
        /// Sets Kitt up.
        Admin = "admin",
        /// Works for an outsourced provider.
        Partner = "partner",
        /// Keeps the rates and the ledger.
        Finance = "finance",
        /// Reads what concerns employees.
        WorksCouncil = "works_council",
        /// Reads and corrects personal data.
        DataProtection = "data_protection",
    }
}

codes! {
    /// Something a role may do. Every handler asks for one.
    pub enum Right {
        ReadCases = "read_cases",
        WorkCases = "work_cases",
        ReadCustomers = "read_customers",
        EditCustomers = "edit_customers",
        Document = "document",
        ReadInsights = "read_insights",
        DecideInsights = "decide_insights",
        SettleDisputes = "settle_disputes",
        TellCustomers = "tell_customers",
        ApproveTelling = "approve_telling",
        GrantGoodwill = "grant_goodwill",
        EditPolicies = "edit_policies",
        LeadPeople = "lead_people",
        EditRates = "edit_rates",
        ReportExposure = "report_exposure",
        DeliverMail = "deliver_mail",
        ReadUnprocessable = "read_unprocessable",
        ManagePeople = "manage_people",
        /// Leads: those of their teams.
        KeepRules = "keep_rules",
        /// Internal articles.
        ReadKnowledge = "read_knowledge",
        /// Who works on cases proposes articles as drafts.
        WriteKnowledge = "write_knowledge",
        ManageSettings = "manage_settings",
        /// The own account: every person.
        OwnAccount = "own_account",
    }
}

impl Right {
    /// The table of rights. `docs/rights.md` shows the same and is tested against it.
    pub const fn roles(self) -> &'static [Role] {
        use Role::{Admin, Agent, DataProtection, Department, Finance, Lead, Manager, WorksCouncil};
        match self {
            Self::ReadCases => &[Agent, Lead, Manager, Admin],
            Self::WorkCases
            | Self::Document
            | Self::GrantGoodwill
            | Self::DeliverMail
            | Self::ReadUnprocessable
            | Self::TellCustomers => &[Agent, Lead, Admin],
            Self::ReadCustomers => &[Agent, Lead, Manager, Admin, DataProtection],
            Self::EditCustomers => &[Agent, Lead, Admin, DataProtection],
            Self::ReadInsights => &[Agent, Lead, Department, Manager, Admin, Finance, WorksCouncil],
            Self::ReadKnowledge => &[Agent, Lead, Department, Manager, Admin],
            Self::DecideInsights => &[Department, Manager, Admin],
            Self::SettleDisputes | Self::ApproveTelling => &[Lead, Manager, Admin],
            Self::EditPolicies | Self::LeadPeople | Self::KeepRules | Self::WriteKnowledge => &[Lead, Admin],
            Self::EditRates | Self::ReportExposure => &[Finance, Manager, Admin],
            Self::ManagePeople | Self::ManageSettings => &[Admin],
            Self::OwnAccount => Role::ALL,
        }
    }
}

codes! {
    /// Is somebody at work, and do they take more? Said by people, never derived from what they do.
    pub enum Attendance {
        There = "there",
        /// At work, but takes no new cases.
        Busy = "busy",
        Away = "away",
    }
}

/// What kind of actor it is, with its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Person(PersonId),
    /// A program with an API token.
    Token(TokenId),
    /// A part of Kitt that acts by itself, by its name.
    Kitt(&'static str),
}

/// The person or program that acts; every command takes one.
#[derive(Debug, Clone)]
pub struct Actor {
    pub who: Who,
    pub name: String,
    pub roles: Vec<Role>,
    pub teams: Vec<TeamId>,
    pub departments: Vec<DepartmentId>,
    /// Queues of the actor's teams; filled for people.
    pub queues: Vec<QueueId>,
    /// Which queues exist for the actor; nothing is hidden from Kitt itself.
    pub sight: QueueSight,
    /// The interface language that the person chose.
    pub language: Option<Language>,
    /// The person's own single keys.
    pub keyboard: Keyboard,
    /// After closing a case, the person goes on with the next one of the list.
    pub goes_on: bool,
    pub attendance: Attendance,
}

impl Actor {
    /// A part of Kitt that acts by itself, such as the mail listener. It may do everything.
    pub fn kitt(part: &'static str) -> Self {
        Self {
            who: Who::Kitt(part),
            name: "Kitt".into(),
            roles: vec![Role::Admin],
            teams: Vec::new(),
            departments: Vec::new(),
            queues: Vec::new(),
            sight: QueueSight::default(),
            language: None,
            keyboard: Keyboard::default(),
            goes_on: false,
            attendance: Attendance::There,
        }
    }

    pub fn can(&self, right: Right) -> bool {
        right.roles().iter().any(|role| self.roles.contains(role))
    }

    /// # Errors
    ///
    /// [`Error::Forbidden`] if none of the actor's roles has `right`.
    pub fn may(&self, right: Right) -> Result<()> {
        if self.can(right) { Ok(()) } else { Err(Error::Forbidden(right)) }
    }

    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// The acting person.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] for programs: what they do has no personal owner.
    pub fn person(&self) -> Result<PersonId> {
        self.person_id().ok_or(Error::Forbidden(Right::OwnAccount))
    }

    pub const fn person_id(&self) -> Option<PersonId> {
        match self.who {
            Who::Person(id) => Some(id),
            _ => None,
        }
    }

    /// Two capitals for the badge.
    pub fn initials(&self) -> String {
        super::words::initials(&self.name)
    }
}
