//! A small house in which stories happen: one queue, two departments, a person of every role, Monday morning.
//!
//! Each story runs on SQLite and on PostgreSQL, see [`both`]. Time stands still at Monday, 2026-11-16 09:00 in
//! Vienna, until the story moves it. Nothing runs in the background: facts are heard and jobs are done when
//! the story says so.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use axum::response::Response;
use kitt::SLICES;
use kitt::cases;
use kitt::cases::{Channel, Destination, Incoming};
use kitt::journal::listeners;
use kitt::people;
use kitt::people::NewPerson;
use kitt::platform::{
    Actor, App, CaseId, Clock, CustomerId, DepartmentId, Given, Language, QueueId, Role, TeamId, Timestamp,
    Tx, jobs,
};
use kitt::{customers, node};
use tower::ServiceExt;

use crate::support::postgres;

/// Runs every named story (`async fn(World) -> Result<()>`) on both databases. Once per module, at its top.
macro_rules! both {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() -> anyhow::Result<()> {
                super::$story($crate::world::World::on_sqlite().await?).await
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() -> anyhow::Result<()> {
                super::$story($crate::world::World::on_postgres().await?).await
            })+
        }
    };
}
pub(crate) use both;

/// Everybody's password.
pub const PASSWORD: &str = "ein ganzer Satz ist gut";

pub struct World {
    pub app: App,
    pub admin: Actor,
    pub agent: Actor,
    pub lead: Actor,
    /// Belongs to the department `product`.
    pub department_member: Actor,
    pub manager: Actor,
    /// "Kundenservice", with eight working hours to answer; agent and lead are in its team.
    pub queue: QueueId,
    pub team: TeamId,
    /// "Produkt"
    pub product: DepartmentId,
    /// "Logistik"
    pub logistics: DepartmentId,
    people: BTreeMap<Role, Actor>,
    sessions: Mutex<BTreeMap<Role, String>>,
    /// Of the app with settings at this address: some hundred routes take longer to build than to ask.
    router: Mutex<Option<(usize, Router)>>,
    _folder: tempfile::TempDir,
}

/// What the house answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Result<serde_json::Value> {
        serde_json::from_str(&self.body).with_context(|| format!("{}: {}", self.status, self.body))
    }

    /// Where it sends the browser.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// A header's text; empty without one.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl World {
    pub async fn on_sqlite() -> Result<Self> {
        let folder = folder()?;
        let url = format!("sqlite:{}", folder.path().join("kitt.sqlite").display());
        let app = open(&url, folder.path()).await?;
        furnish(&app).await?;
        Self::in_house(app, folder).await
    }

    pub async fn on_postgres() -> Result<Self> {
        let copied = tokio::task::spawn_blocking(|| {
            postgres::copy_of("app", |url| tokio::runtime::Runtime::new()?.block_on(prepare(url)))
        });
        let database = copied.await??;
        let folder = folder()?;
        Self::in_house(open(&database.url, folder.path()).await?, folder).await
    }

    async fn in_house(app: App, folder: tempfile::TempDir) -> Result<Self> {
        let mut tx = app.db.read().await?;
        let mut people = BTreeMap::new();
        for person in kitt::people::all(&mut tx).await? {
            let role = *person.roles.first().context("everybody has a role")?;
            people.insert(role, people::actor(&mut tx, person.id).await?);
        }
        let queue = people::queues(&mut tx).await?[0].id;
        let team = people::teams(&mut tx).await?[0].id;
        let departments = people::departments(&mut tx).await?;
        drop(tx);
        let is = |role: Role| people[&role].clone();
        Ok(Self {
            admin: is(Role::Admin),
            agent: is(Role::Agent),
            lead: is(Role::Lead),
            department_member: is(Role::Department),
            manager: is(Role::Manager),
            queue,
            team,
            product: departments[0].id,
            logistics: departments[1].id,
            people,
            sessions: Mutex::default(),
            router: Mutex::default(),
            app,
            _folder: folder,
        })
    }

    pub fn is_postgres(&self) -> bool {
        self.app.db.is_postgres()
    }

    /// The person who has this role, and only this.
    pub fn person(&self, role: Role) -> &Actor {
        &self.people[&role]
    }

    pub fn now(&self) -> Timestamp {
        self.app.now()
    }

    /// Time passes.
    pub fn forward(&self, by: Duration) {
        self.app.clock().advance(by);
        // Logins may have ended meanwhile.
        self.forget_sessions();
    }

    /// All slices hear what is new.
    pub async fn hear(&self) -> Result<()> {
        let all: Vec<_> = SLICES.iter().flat_map(|slice| slice.listeners.iter().copied()).collect();
        Ok(listeners::catch_up(&self.app, &all).await?)
    }

    /// Does the jobs that are due; how many there were.
    pub async fn work(&self) -> Result<usize> {
        let all: Vec<_> = SLICES.iter().flat_map(|slice| slice.jobs.iter().copied()).collect();
        Ok(jobs::work_now(&self.app, &all).await?)
    }

    /// Hears and works until nothing is left to do now.
    pub async fn settle(&self) -> Result<()> {
        self.hear().await?;
        while self.work().await? != 0 {
            self.hear().await?;
        }
        Ok(())
    }

    /// A transaction for looking.
    pub async fn read(&self) -> Result<Tx> {
        Ok(self.app.db.read().await?)
    }

    /// A customer who can be reached under `address`.
    pub async fn customer(&self, name: &str, address: &str) -> Result<CustomerId> {
        let mut tx = self.app.db.write().await?;
        let mut book = customers::book(&mut tx, [address]).await?;
        let (app, actor) = (&self.app, &self.agent);
        let customer =
            customers::of_address(app, &mut tx, actor, &mut book, address, Some(name), Language::De).await?;
        tx.commit().await?;
        Ok(customer)
    }

    /// Somebody writes, from an address if one is known, and a case is opened.
    pub async fn writes(
        &self,
        customer: CustomerId,
        (author, address): (&str, Option<&str>),
        channel: Channel,
        subject: &str,
        text: &str,
    ) -> Result<CaseId> {
        let mut tx = self.app.db.write().await?;
        let incoming = Incoming {
            channel,
            at: self.now(),
            customer,
            author: author.into(),
            from_address: address.map(Into::into),
            to_address: None,
            subject: subject.into(),
            text: text.into(),
            quoted: None,
            signature: None,
            html: None,
            into: Destination::New(people::queue(&mut tx, self.queue).await?),
            automatic: false,
            stranger: false,
            received: None,
            shortened: false,
            attachments: Vec::new(),
            recipients: Vec::new(),
            talk: None,
        };
        let (case, _) = cases::receive(&self.app, &mut tx, &self.agent, incoming).await?;
        tx.commit().await?;
        Ok(case)
    }

    /// A browser's request for a page. `None` is logged out.
    pub async fn get(&self, role: impl Into<Option<Role>>, path: &str) -> Result<Answer> {
        self.ask(role, Method::GET, path, &[("accept", "text/html")], Body::empty()).await
    }

    /// A program's request for data.
    pub async fn get_json(&self, role: impl Into<Option<Role>>, path: &str) -> Result<Answer> {
        self.ask(role, Method::GET, path, &[("accept", "application/json")], Body::empty()).await
    }

    /// A browser sends a form.
    pub async fn post_form(
        &self,
        role: impl Into<Option<Role>>,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<Answer> {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = [
            ("accept", "text/html"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.ask(role, Method::POST, path, &headers, Body::from(form)).await
    }

    /// A program sends data.
    pub async fn post_json(
        &self,
        role: impl Into<Option<Role>>,
        path: &str,
        data: &serde_json::Value,
    ) -> Result<Answer> {
        let headers = [("accept", "application/json"), ("content-type", "application/json")];
        self.ask(role, Method::POST, path, &headers, Body::from(data.to_string())).await
    }

    /// Any request, with the session of `role`.
    pub async fn ask(
        &self,
        role: impl Into<Option<Role>>,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Result<Answer> {
        let response = self.send(role, method, path, headers, body.into()).await?;
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 64 << 20).await?;
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }

    /// As [`Self::ask`], without waiting for the answer's body, which may never end.
    pub async fn send(
        &self,
        role: impl Into<Option<Role>>,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Result<Response> {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "kitt.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(role) = role.into() {
            let session = self.session(role).await?;
            request = request.header(header::COOKIE, format!("kitt-session={session}"));
        }
        Ok(self.router().oneshot(request.body(body)?).await?)
    }

    /// The web side; built anew once a story opened another app.
    fn router(&self) -> Router {
        let of = std::ptr::from_ref(self.app.settings()).addr();
        let mut known = self.router.lock().expect("nobody panics while holding it");
        match &*known {
            Some((at, router)) if *at == of => router.clone(),
            _ => known.insert((of, kitt::router(self.app.clone()))).1.clone(),
        }
    }

    /// Everybody logs in again at the next request.
    pub fn forget_sessions(&self) {
        self.sessions.lock().expect("nobody panics while holding it").clear();
    }

    /// The cookie's value for the person with this role, who logs in at the first call.
    pub async fn session(&self, role: Role) -> Result<String> {
        let known = self.sessions.lock().expect("nobody panics while holding it").get(&role).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let token = people::log_in(&self.app, &email(role), PASSWORD.into(), "test", "192.0.2.1").await?;
        self.sessions.lock().expect("nobody panics while holding it").insert(role, token.clone());
        Ok(token)
    }
}

/// Monday morning.
pub fn monday() -> Timestamp {
    let zoned: jiff::Zoned = "2026-11-16T09:00[Europe/Vienna]".parse().expect("a date in a known zone");
    zoned.timestamp().into()
}

/// The e-mail of the person with this role.
pub fn email(role: Role) -> String {
    format!("{role}@haus.example")
}

fn folder() -> Result<tempfile::TempDir> {
    Ok(tempfile::Builder::new().prefix("kitt-world-").tempdir()?)
}

/// Fills the database that every PostgreSQL story gets a copy of.
async fn prepare(url: &str) -> Result<()> {
    let folder = folder()?;
    let app = open(url, folder.path()).await?;
    furnish(&app).await?;
    app.db.close().await;
    Ok(())
}

/// A house as this story's clock sees it; empty if the database is.
pub async fn open(url: &str, folder: &Path) -> Result<App> {
    let given = Given {
        data: Some(folder.to_owned()),
        database: Some(url.into()),
        listen: Some(([127, 0, 0, 1], 0).into()),
        smtp_listen: Some(([127, 0, 0, 1], 0).into()),
        public_url: Some("http://kitt.test".into()),
        mail_from: Some("service@haus.example".into()),
        house: Some("Haus & Heim".into()),
        time_zone: Some("Europe/Vienna".into()),
        trusted_ca: Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/tls/localhost.pem")),
        // The stories of senders bring a DNS of their own.
        check_senders: Some(false),
        ..Given::default()
    };
    node::open(given.complete()?, Clock::fixed(monday())).await
}

/// The queue, the departments and the people.
async fn furnish(app: &App) -> Result<()> {
    let hash = people::hash_password(PASSWORD.into()).await?;
    let mut tx = app.db.write().await?;
    let team = people::add_team(&mut tx, "Kundenservice").await?;
    people::add_queue(&mut tx, "Kundenservice", Some(team), None, 8 * 60).await?;
    let product = people::add_department(&mut tx, "Produkt").await?;
    people::add_department(&mut tx, "Logistik").await?;
    for role in Role::ALL {
        let person = NewPerson {
            name: name(*role).into(),
            email: email(*role),
            roles: vec![*role],
            team: matches!(role, Role::Agent | Role::Lead).then_some(team),
            departments: if *role == Role::Department { vec![product] } else { Vec::new() },
        };
        people::add_person(&mut tx, &person, &hash, app.now()).await?;
    }
    tx.commit().await?;
    Ok(())
}

const fn name(role: Role) -> &'static str {
    match role {
        Role::Agent => "Eva Agent",
        Role::Lead => "Tom Lead",
        Role::Department => "Petra Produkt",
        Role::Manager => "Max Chef",
        Role::Admin => "Ada Admin",
        Role::Partner => "Paul Partner",
        Role::Finance => "Fina Geld",
        Role::WorksCouncil => "Bea Rat",
        Role::DataProtection => "Dora Schutz",
    }
}
