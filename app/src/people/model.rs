//! Who works here.

use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::{DepartmentId, PersonId, QueueId, Role, TeamId, Timestamp, TokenId};

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    pub roles: Vec<Role>,
    pub team: Option<TeamId>,
    pub departments: Vec<DepartmentId>,
    pub active: bool,
    /// Has set a password, so can log in.
    pub joined: bool,
}

impl Person {
    pub fn is(&self, role: &Role) -> bool {
        self.roles.contains(role)
    }

    pub fn belongs_to(&self, department: &DepartmentId) -> bool {
        self.departments.contains(department)
    }
}

/// What is needed to add or change a person.
#[derive(Debug, Clone)]
pub struct NewPerson {
    pub name: String,
    pub email: String,
    pub roles: Vec<Role>,
    pub team: Option<TeamId>,
    pub departments: Vec<DepartmentId>,
}

#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct Team {
    pub id: TeamId,
    pub name: String,
}

#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct Department {
    pub id: DepartmentId,
    pub name: String,
}

/// Where cases wait until somebody takes them.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct Queue {
    pub id: QueueId,
    pub name: String,
    #[sqlx(rename = "team_id")]
    pub team: Option<TeamId>,
    /// Its own e-mail address.
    pub address: Option<String>,
    /// Working minutes until an answer is due.
    pub answer_minutes: i64,
}

/// What can be set up about a queue.
#[derive(Debug, Clone)]
pub struct QueueSettings {
    pub name: String,
    pub team: Option<TeamId>,
    /// Empty or `None`: the house's address.
    pub address: Option<String>,
    pub answer_minutes: i64,
}

/// A login on one device.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct Session {
    /// The first characters of the hash: enough to name it, not to use it.
    pub id: String,
    pub device: String,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
    #[sqlx(skip)]
    pub current: bool,
}

/// An API token as the administration sees it; the token itself is shown only once.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct Token {
    pub id: TokenId,
    pub name: String,
    pub role: Role,
    pub created_at: Timestamp,
    pub used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// The form in which addresses are compared.
pub fn fold_email(email: &str) -> String {
    email.trim().to_lowercase()
}
