//! What somebody wishes, and what the house wishes for who has not chosen.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use calendar::QuietHours;
use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::notices;
use crate::notices::model::{Browser, DigestRhythm, NoticeKind, Ways, Wishes};
use crate::notices::{letter, push};
use crate::platform::web::Corrections;
use crate::platform::{
    Actor, App, Area, Error, FieldError, Id, Input, Page, Result, Right, Timestamp, Wants,
};

const OWN: &str = "/notices/settings";
const HOUSE: &str = "/settings/notices";
/// Translation keys of the days of the week.
const DAYS: [&str; 7] = [
    "notices-monday",
    "notices-tuesday",
    "notices-wednesday",
    "notices-thursday",
    "notices-friday",
    "notices-saturday",
    "notices-sunday",
];

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(own, save_own))
        .routes(routes!(reset_own))
        .routes(routes!(house, save_house))
        .routes(routes!(ask_end_mail, end_mail))
}

/// A kind and the ways on which it comes.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = NoticeWish)]
struct Row {
    kind: NoticeKind,
    #[serde(flatten)]
    ways: Ways,
}

/// Fields as they are typed: `mentioned-page`, `mentioned-push`, `mentioned-mail`, `mentioned-digest` and so on for each
/// kind, `quiet_day_0` (Monday) to `quiet_day_6`: "on" or missing.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[schema(as = NoticeWishesForm)]
struct Form {
    /// `hourly` or `daily`
    #[serde(default)]
    digest: String,
    /// As in 07:30.
    #[serde(default)]
    digest_time: String,
    /// As in 18:00; both empty: no quiet hours.
    #[serde(default)]
    quiet_from: String,
    #[serde(default)]
    quiet_until: String,
    /// As in 2026-12-24T18:00, in one's own zone; empty: no pause.
    #[serde(default)]
    pause: String,
    /// As in Europe/Vienna; empty: that of the house.
    #[serde(default)]
    zone: String,
    #[serde(default)]
    push_subject: String,
    #[serde(flatten)]
    ticked: BTreeMap<String, String>,
}

impl Form {
    fn of(wishes: &Wishes, zone: &TimeZone) -> Self {
        let quiet = &wishes.quiet;
        let hours = quiet.from != quiet.until;
        let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        let pause =
            |at: jiff::Timestamp| at.to_zoned(wishes.zone(zone)).strftime("%Y-%m-%dT%H:%M").to_string();
        let mut ticked = BTreeMap::new();
        let mut tick = |name: String| drop(ticked.insert(name, "on".to_owned()));
        for kind in NoticeKind::ALL {
            let ways = wishes.ways(*kind);
            let all =
                [("page", ways.page), ("push", ways.push), ("mail", ways.mail), ("digest", ways.digest)];
            all.iter().filter(|(_, on)| *on).for_each(|(way, _)| tick(format!("{kind}-{way}")));
        }
        for (day, _) in quiet.days.iter().enumerate().filter(|(_, on)| **on) {
            tick(format!("quiet_day_{day}"));
        }
        Self {
            digest: wishes.digest.code().to_owned(),
            digest_time: time(wishes.digest_minute),
            quiet_from: if hours { time(quiet.from) } else { String::new() },
            quiet_until: if hours { time(quiet.until) } else { String::new() },
            pause: quiet.pause.map(pause).unwrap_or_default(),
            zone: wishes.zone.clone().unwrap_or_default(),
            push_subject: if wishes.push_subject { "on".to_owned() } else { String::new() },
            ticked,
        }
    }

    fn has(&self, name: &str) -> bool {
        self.ticked.contains_key(name)
    }

    fn is_hourly(&self) -> bool {
        self.digest == DigestRhythm::Hourly.code()
    }

    /// Reads what was typed; all that is wrong at once.
    fn parse(&self, house: &TimeZone) -> Result<Wishes> {
        let mut wrong = Vec::new();
        let mut or_wrong = |field: &'static str, read: Option<u16>| {
            read.unwrap_or_else(|| {
                wrong.push(FieldError { field, word: "error-field-malformed" });
                0
            })
        };
        let digest_minute = or_wrong("digest_time", minute(&self.digest_time));
        let hours = !(self.quiet_from.trim().is_empty() && self.quiet_until.trim().is_empty());
        let from = if hours { or_wrong("quiet_from", minute(&self.quiet_from)) } else { 0 };
        let until = if hours { or_wrong("quiet_until", minute(&self.quiet_until)) } else { 0 };
        let zone = Some(self.zone.trim()).filter(|zone| !zone.is_empty());
        if zone.is_some_and(|zone| TimeZone::get(zone).is_err()) {
            wrong.push(FieldError { field: "zone", word: "notices-zone-unknown" });
        }
        let own = zone.and_then(|zone| TimeZone::get(zone).ok()).unwrap_or_else(|| house.clone());
        let pause = match self.pause.trim() {
            "" => None,
            text => moment(text, &own),
        };
        if pause.is_none() && !self.pause.trim().is_empty() {
            wrong.push(FieldError { field: "pause", word: "error-field-malformed" });
        }
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let days = std::array::from_fn(|day| self.has(&format!("quiet_day_{day}")));
        let ways = |kind: &NoticeKind| {
            let on = |way: &str| self.has(&format!("{kind}-{way}"));
            (*kind, Ways { page: on("page"), push: on("push"), mail: on("mail"), digest: on("digest") })
        };
        Ok(Wishes {
            ways: NoticeKind::ALL.iter().map(ways).collect(),
            digest: if self.is_hourly() { DigestRhythm::Hourly } else { DigestRhythm::Daily },
            digest_minute,
            quiet: QuietHours { from, until, days, pause },
            zone: zone.map(str::to_owned),
            push_subject: !self.push_subject.is_empty(),
        })
    }
}

/// As in 7:30: minutes of the day.
fn minute(text: &str) -> Option<u16> {
    let time: Time = text.trim().parse().ok()?;
    Some(u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs()))
}

fn moment(text: &str, zone: &TimeZone) -> Option<jiff::Timestamp> {
    let local: DateTime = text.parse().ok()?;
    Some(local.to_zoned(zone.clone()).ok()?.timestamp())
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "notices/views/settings.html")]
struct WishesView {
    #[serde(skip)]
    page: Page,
    /// They are the house's, for who has not chosen.
    #[serde(skip)]
    house: bool,
    /// The person chose.
    own: bool,
    items: Vec<Row>,
    digest: DigestRhythm,
    /// As in 07:30.
    digest_time: String,
    quiet_until: Option<Timestamp>,
    browsers: Vec<Browser>,
    /// What browsers are given to take pushes from this house only.
    push_key: String,
    #[serde(skip)]
    form: Form,
    #[serde(skip)]
    errors: Corrections,
}

impl WishesView {
    fn url(&self) -> &'static str {
        if self.house { HOUSE } else { OWN }
    }

    fn title(&self) -> &'static str {
        if self.house { "settings-house-notices" } else { "settings-notices" }
    }
}

async fn show(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    house: bool,
    corrected: Option<(Form, Vec<FieldError>)>,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let (wishes, own) = match actor.person_id().filter(|_| !house) {
        Some(person) => notices::wishes(&mut tx, person).await?,
        None => (notices::house_wishes(&mut tx).await?, false),
    };
    let browsers = if house { Vec::new() } else { notices::browsers(&mut tx, actor).await? };
    drop(tx);
    let status = if corrected.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (form, errors) = corrected.unwrap_or_else(|| (Form::of(&wishes, &app.zone()), Vec::new()));
    let view = WishesView {
        page: wants.page(app, actor, Area::Settings),
        house,
        own,
        items: NoticeKind::ALL.iter().map(|kind| Row { kind: *kind, ways: wishes.ways(*kind) }).collect(),
        digest: wishes.digest,
        digest_time: Form::of(&wishes, &app.zone()).digest_time,
        quiet_until: wishes.quiet_until(app.now(), &app.zone()),
        browsers,
        push_key: if house { String::new() } else { push::public_key(app).await? },
        form,
        errors: Corrections::new("", errors),
    };
    wants.answer_as(status, &view)
}

/// How the reader is told.
#[utoipa::path(get, path = "/notices/settings", tag = "account", responses((status = 200, body = WishesView)))]
async fn own(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    show(&app, &actor, &wants, false, None).await
}

/// Chooses how one is told.
#[utoipa::path(post, path = "/notices/settings", tag = "account", request_body = Form,
    responses((status = 200, body = WishesView), (status = 422)))]
async fn save_own(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<Form>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    let saved = match form.parse(&app.zone()) {
        Ok(wishes) => notices::set_wishes(&app, &actor, Some(&wishes)).await,
        Err(error) => Err(error),
    };
    answer(&app, &actor, &wants, false, form, saved).await
}

/// Is told as the house has it, again.
#[utoipa::path(post, path = "/notices/settings/reset", tag = "account",
    responses((status = 200, body = WishesView)))]
async fn reset_own(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    notices::set_wishes(&app, &actor, None).await?;
    answer(&app, &actor, &wants, false, Form::default(), Ok(())).await
}

/// How people are told who have not chosen.
#[utoipa::path(get, path = "/settings/notices", tag = "settings", responses((status = 200, body = WishesView)))]
async fn house(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    show(&app, &actor, &wants, true, None).await
}

/// Chooses how people are told who have not chosen.
#[utoipa::path(post, path = "/settings/notices", tag = "settings", request_body = Form,
    responses((status = 200, body = WishesView), (status = 422)))]
async fn save_house(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<Form>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let saved = match form.parse(&app.zone()) {
        Ok(wishes) => notices::set_house_wishes(&app, &actor, &wishes).await,
        Err(error) => Err(error),
    };
    answer(&app, &actor, &wants, true, form, saved).await
}

async fn answer(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    house: bool,
    form: Form,
    saved: Result<()>,
) -> Result<Response> {
    match saved {
        Ok(()) if wants.json => show(app, actor, wants, house, None).await,
        Ok(()) => wants.done(if house { HOUSE } else { OWN }, "saved", &()),
        Err(Error::Invalid(errors)) if !wants.json => {
            show(app, actor, wants, house, Some((form, errors))).await
        }
        Err(error) => Err(error),
    }
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "notices/views/end_mail.html")]
struct EndMailView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    token: String,
    /// It was done.
    ended: bool,
}

/// The page behind the link in a mail; it changes nothing, since programs open links before people do.
#[utoipa::path(get, path = "/notices/mail/{token}/end", tag = "account", params(("token" = String, Path)),
    responses((status = 200, body = EndMailView), (status = 404)))]
async fn ask_end_mail(wants: Wants, State(app): State<App>, Id(token): Id<String>) -> Result<Response> {
    letter::read(&app, &token).ok_or(Error::NotFound)?;
    wants.answer(&EndMailView { page: wants.public_page(&app, Area::Door), token, ended: false })
}

/// Turns notices by mail off, by one click in a mail program (RFC 8058) or on the page.
#[utoipa::path(post, path = "/notices/mail/{token}/end", tag = "account", params(("token" = String, Path)),
    responses((status = 200, body = EndMailView), (status = 404)))]
async fn end_mail(wants: Wants, State(app): State<App>, Id(token): Id<String>) -> Result<Response> {
    let person = letter::read(&app, &token).ok_or(Error::NotFound)?;
    notices::end_mail(&app, person).await?;
    wants.answer(&EndMailView { page: wants.public_page(&app, Area::Door), token, ended: true })
}
