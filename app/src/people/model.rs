//! Who works here.

use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::{
    Attendance, DepartmentId, PersonId, QueueId, Right, Role, TeamId, Timestamp, TokenId, Tone,
};

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
    pub attendance: Attendance,
}

impl Person {
    pub fn is(&self, role: &Role) -> bool {
        self.roles.contains(role)
    }

    /// May they do this, by one of their roles? Whether they still work here is another question.
    pub fn can(&self, right: Right) -> bool {
        right.roles().iter().any(|role| self.is(role))
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
    /// For so many days a mail opens a closed case again, later ones follow it; 0: never, `None`: always.
    pub reopen_days: Option<i64>,
    /// It and its cases exist only for its team, for admins, and for people named on a case.
    pub restricted: bool,
    /// How it addresses customers of whom nobody said.
    pub tone: Tone,
}

impl Queue {
    /// Does a mail of `at` open a case again that was closed at `closed`?
    pub fn reopens(&self, closed: Timestamp, at: Timestamp) -> bool {
        self.reopen_days.is_none_or(|days| at < closed + Timestamp::days(days))
    }
}

/// What can be set up about a queue.
#[derive(Debug, Clone)]
pub struct QueueSettings {
    pub name: String,
    pub team: Option<TeamId>,
    /// Empty or `None`: the house's address.
    pub address: Option<String>,
    pub answer_minutes: i64,
    pub reopening: Option<Reopening>,
    /// Hidden from other teams; unset, what is set up stays.
    pub restricted: Option<bool>,
    /// Unset, what is set up stays.
    pub tone: Option<Tone>,
}

/// What a mail does to a case that is closed; unset, what is set up stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reopening {
    Always,
    /// Opens it for so many days, after that another case that follows it.
    Within(i64),
    /// Opens another case that follows it.
    Never,
}

impl Reopening {
    /// As [`Queue::reopen_days`].
    pub const fn days(self) -> Option<i64> {
        match self {
            Self::Always => None,
            Self::Within(days) => Some(days),
            Self::Never => Some(0),
        }
    }
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

impl Session {
    /// "Firefox, Windows": what people call their device; what is unknown as it named itself.
    pub fn device_name(&self) -> String {
        device_name(&self.device)
    }
}

/// As [`Session::device_name`], of what a browser says that it is.
pub fn device_name(device: &str) -> String {
    // The first that fits: most browsers also claim to be those they descend from.
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| device.contains(mark)).map(|(_, name)| *name)
    };
    let browser = named(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrom", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = named(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => device.to_owned(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_opens_a_closed_case_again_for_as_long_as_its_queue_says() {
        let closed = Timestamp::from_seconds(1_000_000);
        let day = |days: i64| closed + Timestamp::days(days);
        for (reopening, at, opens) in [
            (Reopening::Always, day(4000), true),
            (Reopening::Within(30), closed, true),
            (Reopening::Within(30), day(29), true),
            (Reopening::Within(30), day(30), false),
            (Reopening::Never, closed, false),
        ] {
            let queue = Queue {
                id: QueueId(1),
                name: String::new(),
                team: None,
                address: None,
                answer_minutes: 1,
                reopen_days: reopening.days(),
                restricted: false,
                tone: Tone::Formal,
            };
            assert_eq!(queue.reopens(closed, at), opens, "{reopening:?}");
        }
    }

    #[test]
    fn a_login_names_its_device_as_people_do() {
        let webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
        for (sent, name) in [
            (
                format!("Mozilla/5.0 (X11; Linux x86_64) {webkit} Chrome/140.0.0.0 Safari/537.36"),
                "Chrome, Linux",
            ),
            (
                format!("Mozilla/5.0 (Windows NT 10.0) {webkit} Chrome/140.0 Safari/537.36 Edg/140.0"),
                "Edge, Windows",
            ),
            (
                "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0".into(),
                "Firefox, Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1".into(),
                "Safari, iPhone",
            ),
            ("curl/8.9".into(), "curl/8.9"),
        ] {
            let now = Timestamp(0);
            let session =
                Session { id: String::new(), device: sent, created_at: now, seen_at: now, current: false };
            assert_eq!(session.device_name(), name);
        }
    }
}
