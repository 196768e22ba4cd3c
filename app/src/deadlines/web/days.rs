//! Days on which a calendar differs from its week: added, taken away, taken over from other programs.

use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, State};
use axum::response::Response;
use calendar::Interval;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::calendar_form::read_hours;
use super::calendars::{Sent, URL, done, find, show};
use crate::deadlines;
use crate::deadlines::model::Calendar;
use crate::platform::web::{day, form_error};
use crate::platform::{Actor, App, Error, FieldError, Id, Input, Result, Right, Wants};

/// A day that differs, or several in a row.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct DayForm {
    /// 2026-12-24, or 24.12.2026
    pub from: String,
    /// The last day of several; empty: only one.
    pub to: String,
    pub name: String,
    /// As in `08:00-12:00`; empty: closed.
    pub hours: String,
    /// "yes": every year from then on.
    pub yearly: String,
}

impl DayForm {
    fn parse(&self) -> Result<(Date, Date, Vec<Interval>)> {
        let mut errors = Vec::new();
        let from = day(&self.from);
        let to = if self.to.trim().is_empty() { from } else { day(&self.to) };
        let hours = read_hours(&self.hours);
        for (field, missing, word) in [
            ("from", from.is_none(), "calendar-day-wrong"),
            ("to", from.is_some() && to.is_none(), "calendar-day-wrong"),
            ("hours", hours.is_none(), "calendar-hours-wrong"),
        ] {
            if missing {
                errors.push(FieldError { field, word });
            }
        }
        match (from, to, hours) {
            (Some(from), Some(to), Some(hours)) if errors.is_empty() => Ok((from, to, hours)),
            _ => Err(Error::Invalid(errors)),
        }
    }
}

/// Adds a day on which the calendar differs from its week, or several in a row.
#[utoipa::path(post, path = "/settings/calendars/{id}/days", tag = "settings", params(("id" = i64, Path)),
    request_body = DayForm, responses((status = 200, body = Calendar), (status = 404), (status = 422)))]
pub async fn add_day(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<DayForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let yearly = !form.yearly.is_empty();
    let added = match form.parse() {
        Ok((from, to, hours)) => {
            deadlines::add_day(&app, &actor, id, (from, to), yearly, &form.name, &hours).await
        }
        Err(error) => Err(error),
    };
    match added {
        Ok(()) => done(&app, &wants, id).await,
        Err(Error::Invalid(day_errors)) if !wants.json => {
            show(&app, &actor, &wants, id, Sent { day: form, day_errors, ..Sent::default() }).await
        }
        Err(error) => Err(error),
    }
}

/// Takes such a day away.
#[utoipa::path(post, path = "/settings/calendars/{id}/days/{day}/remove", tag = "settings",
    params(("id" = i64, Path), ("day" = i64, Path)), responses((status = 200, body = Calendar), (status = 404)))]
pub async fn remove_day(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id((id, day)): Id<(i64, i64)>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    deadlines::remove_day(&app, &actor, id, day).await?;
    done(&app, &wants, id).await
}

/// A calendar of another program.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct ImportForm {
    /// The text of an .ics file; the file itself may come as `file`.
    text: String,
}

/// Takes over whole days off from an iCalendar file.
#[utoipa::path(post, path = "/settings/calendars/{id}/import", tag = "settings", params(("id" = i64, Path)),
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 200, body = Calendar), (status = 404), (status = 422)))]
pub async fn import(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    form: Multipart,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let text = read_import(form).await?;
    match deadlines::import_days(&app, &actor, id, &text).await {
        Ok((_, 0)) => done(&app, &wants, id).await,
        Ok((_, _)) => wants.done(&format!("{URL}/{id}"), "calendar-import-partly", &find(&app, id).await?),
        Err(Error::Invalid(import_errors)) if !wants.json => {
            show(&app, &actor, &wants, id, Sent { import_errors, ..Sent::default() }).await
        }
        Err(error) => Err(error),
    }
}

/// The file, or else what was pasted.
async fn read_import(mut form: Multipart) -> Result<String> {
    let broken = |error: MultipartError| form_error(&error.body_text());
    let mut text = String::new();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let bytes = field.bytes().await.map_err(broken)?;
        if !bytes.is_empty() {
            text = String::from_utf8_lossy(&bytes).into_owned();
        }
    }
    Ok(text)
}
