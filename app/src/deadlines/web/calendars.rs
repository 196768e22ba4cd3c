//! Calendars: the list, and a page for each with its week, its days off and what comes of them within a year.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use calendar::{HolidayName, Interval, Region};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::calendar_form::{CalendarForm, locals, written};
use super::days::DayForm;
use crate::deadlines;
use crate::deadlines::model::{Calendar, CalendarSettings, Day};
use crate::deadlines::rules::{holidays_of, opening_hours, usual_day};
use crate::deadlines::store::holiday_code;
use crate::people;
use crate::people::Queue;
use crate::platform::web::Corrections;
use crate::platform::{Actor, App, Area, Error, FieldError, Id, Input, Language, Page, Result, Right, Wants};

pub const URL: &str = "/settings/calendars";
/// What a page proposes; any other can be typed.
const ZONES: [&str; 4] = ["Europe/Berlin", "Europe/Vienna", "Europe/Zurich", "Europe/London"];

#[derive(Template, Serialize, ToSchema)]
#[template(path = "deadlines/views/calendars.html")]
struct CalendarsView {
    #[serde(skip)]
    page: Page,
    items: Vec<Calendar>,
    next: Option<String>,
    #[serde(skip)]
    queues: Vec<Queue>,
    #[serde(skip)]
    form: NewCalendar,
    #[serde(skip)]
    errors: Corrections,
}

impl CalendarsView {
    /// Who goes by a calendar, for the list.
    fn users(&self, calendar: &Calendar) -> String {
        let names = self.queues.iter().filter(|queue| calendar.queues.contains(&queue.id));
        names.map(|queue| queue.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// A calendar to add; the rest is set up on its page.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct NewCalendar {
    name: String,
}

/// The calendars.
#[utoipa::path(get, path = "/settings/calendars", tag = "settings",
    responses((status = 200, body = CalendarsView)))]
pub async fn list(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    show_all(&app, &actor, &wants, NewCalendar::default(), Vec::new()).await
}

async fn show_all(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    form: NewCalendar,
    errors: Vec<FieldError>,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let view = CalendarsView {
        page: wants.page(app, actor, Area::Settings),
        items: deadlines::calendars(&mut tx).await?,
        next: None,
        queues: people::queues(&mut tx).await?,
        form,
        errors: Corrections::new("", errors),
    };
    wants.answer_as(if view.errors.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &view)
}

/// Adds a calendar with the usual week.
#[utoipa::path(post, path = "/settings/calendars", tag = "settings", request_body = NewCalendar,
    responses((status = 200, body = Calendar), (status = 422)))]
pub async fn create(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<NewCalendar>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let first = deadlines::calendars(&mut app.db.read().await?).await?.is_empty();
    let settings = CalendarSettings {
        name: form.name.clone(),
        time_zone: app.settings().time_zone.clone(),
        region: None,
        local_days: Vec::new(),
        week: std::array::from_fn(|day| if day < 5 { vec![usual_day()] } else { Vec::new() }),
        house: first,
        queues: Vec::new(),
    };
    match deadlines::set_calendar(&app, &actor, None, &settings).await {
        Ok(id) => done(&app, &wants, id).await,
        Err(Error::Invalid(errors)) if !wants.json => show_all(&app, &actor, &wants, form, errors).await,
        Err(error) => Err(error),
    }
}

pub(super) async fn find(app: &App, id: i64) -> Result<Calendar> {
    let all = deadlines::calendars(&mut app.db.read().await?).await?;
    all.into_iter().find(|calendar| calendar.id == id).ok_or(Error::NotFound)
}

pub(super) async fn done(app: &App, wants: &Wants, id: i64) -> Result<Response> {
    wants.done(&format!("{URL}/{id}"), "saved", &find(app, id).await?)
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "deadlines/views/calendar.html")]
struct CalendarView {
    #[serde(skip)]
    page: Page,
    #[serde(flatten)]
    calendar: Calendar,
    /// The days of the next twelve months that differ from their weekday.
    preview: Vec<Special>,
    #[serde(skip)]
    queues: Vec<Queue>,
    #[serde(skip)]
    form: CalendarForm,
    #[serde(skip)]
    day: DayForm,
    #[serde(skip)]
    errors: Corrections,
    #[serde(skip)]
    day_errors: Corrections,
    #[serde(skip)]
    import_errors: Corrections,
}

/// A day that differs from its weekday, and why.
#[derive(Serialize, ToSchema)]
struct Special {
    #[schema(value_type = String, format = Date)]
    date: Date,
    name: String,
    /// Closed where there are none.
    #[schema(value_type = Vec<String>)]
    hours: Vec<Interval>,
}

impl Special {
    fn weekday(&self) -> &'static str {
        let monday_based = usize::try_from(self.date.weekday().to_monday_zero_offset()).unwrap_or(0);
        WORDS[monday_based]
    }

    fn hours(&self) -> String {
        written(&self.hours)
    }
}

/// The words of the weekdays, from Monday.
const WORDS: [&str; 7] =
    ["calendar-mo", "calendar-tu", "calendar-we", "calendar-th", "calendar-fr", "calendar-sa", "calendar-su"];

impl CalendarView {
    fn is_region(&self, region: &Region) -> bool {
        self.form.region == region.code()
    }

    /// Code and name of the holidays of parts of the region.
    fn local_days(&self) -> Vec<(String, &'static str)> {
        let names = self.calendar.region.map_or_else(Vec::new, locals);
        names.into_iter().map(|name| (holiday_code(name), holiday_word(&self.page, name))).collect()
    }

    fn written(&self, date: &Date) -> String {
        self.page.civil(*date)
    }
}

/// The regions of each country, by the key of its name.
fn regions() -> [(&'static str, Vec<&'static Region>); 3] {
    [("DE", "calendar-germany"), ("AT", "calendar-austria"), ("CH", "calendar-switzerland")]
        .map(|(code, word)| (word, Region::ALL.iter().filter(|one| one.code().starts_with(code)).collect()))
}

impl Day {
    /// Its hours as people write them.
    fn hours(&self) -> String {
        written(&self.hours)
    }
}

fn holiday_word(page: &Page, name: HolidayName) -> &'static str {
    if page.language == Language::De { name.german() } else { name.english() }
}

/// What differs within a year from today.
fn preview(page: &Page, calendar: &Calendar) -> Vec<Special> {
    let today = page.now().moment().to_zoned(page.zone().clone()).date();
    let year = today.year();
    let hours = opening_hours(calendar, year..=year + 1);
    let names: BTreeMap<Date, String> = holidays_of(calendar, year..=year + 1)
        .into_iter()
        .map(|(date, name)| (date, holiday_word(page, name).to_owned()))
        .collect();
    let own = |date: Date| {
        let is_it = |day: &&Day| {
            day.date == date
                || (day.yearly && (day.date.month(), day.date.day()) == (date.month(), date.day()))
        };
        calendar.days.iter().find(is_it).map(|day| day.name.clone())
    };
    let mut specials = Vec::new();
    for (date, intervals) in hours.special_days() {
        let within = today <= date && date < Date::new(year + 1, today.month(), today.day()).unwrap_or(date);
        if within && hours.week_day(date.weekday()) != intervals {
            let name = own(date).or_else(|| names.get(&date).cloned()).unwrap_or_default();
            specials.push(Special { date, name, hours: intervals.to_vec() });
        }
    }
    specials
}

/// What of the page was sent and has to be corrected.
#[derive(Default)]
pub(super) struct Sent {
    pub(super) form: Option<CalendarForm>,
    pub(super) day: DayForm,
    pub(super) errors: Vec<FieldError>,
    pub(super) day_errors: Vec<FieldError>,
    pub(super) import_errors: Vec<FieldError>,
}

pub(super) async fn show(app: &App, actor: &Actor, wants: &Wants, id: i64, sent: Sent) -> Result<Response> {
    let calendar = find(app, id).await?;
    let page = wants.page(app, actor, Area::Settings);
    let wrong = [&sent.errors, &sent.day_errors, &sent.import_errors].iter().any(|errors| !errors.is_empty());
    let view = CalendarView {
        preview: preview(&page, &calendar),
        page,
        queues: people::queues(&mut app.db.read().await?).await?,
        form: sent.form.unwrap_or_else(|| CalendarForm::of(&calendar)),
        calendar,
        day: sent.day,
        errors: Corrections::new("", sent.errors),
        day_errors: Corrections::new("day-", sent.day_errors),
        import_errors: Corrections::new("import-", sent.import_errors),
    };
    wants.answer_as(if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &view)
}

/// One calendar, with what differs within the next twelve months.
#[utoipa::path(get, path = "/settings/calendars/{id}", tag = "settings", params(("id" = i64, Path)),
    responses((status = 200, body = CalendarView), (status = 404)))]
pub async fn page(actor: Actor, wants: Wants, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    show(&app, &actor, &wants, id, Sent::default()).await
}

/// Changes a calendar; the deadlines of open cases follow.
#[utoipa::path(post, path = "/settings/calendars/{id}", tag = "settings", params(("id" = i64, Path)),
    request_body = CalendarForm, responses((status = 200, body = Calendar), (status = 404), (status = 422)))]
pub async fn change(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<CalendarForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let form = form.gathered();
    find(&app, id).await?;
    let changed = match form.parse() {
        Ok(settings) => deadlines::set_calendar(&app, &actor, Some(id), &settings).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(id) => done(&app, &wants, id).await,
        Err(Error::Invalid(errors)) if !wants.json => {
            let sent = Sent { form: Some(form), errors, ..Sent::default() };
            show(&app, &actor, &wants, id, sent).await
        }
        Err(error) => Err(error),
    }
}

/// Removes a calendar; what went by it goes by that of the house.
#[utoipa::path(post, path = "/settings/calendars/{id}/remove", tag = "settings", params(("id" = i64, Path)),
    responses((status = 200), (status = 404)))]
pub async fn remove(actor: Actor, wants: Wants, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    deadlines::remove_calendar(&app, &actor, id).await?;
    let gone = serde_json::json!({ "id": id });
    wants.done(URL, "saved", &gone)
}
