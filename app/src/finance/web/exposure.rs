//! Orders, deliveries and active customers per day: by CSV from the page, by CSV or JSON from programs.

use std::collections::BTreeSet;

use askama::Template;
use axum::Json;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::customers;
use crate::finance;
use crate::finance::{Exposure, ExposureRow, Known, LineError};
use crate::platform::parts;
use crate::platform::web::form_error;
use crate::platform::{Actor, App, Area, Error, Page, Query, Result, Right, Tx, Wants};

/// Rows of one page unless asked otherwise.
const LINES: i64 = 100;
/// Wrong lines that are shown; whoever has more has one reason for all.
const SHOWN: usize = 50;

#[derive(Deserialize, IntoParams)]
pub struct ExposureQuery {
    /// The first day, as in 2026-11-16.
    #[param(value_type = Option<String>)]
    from: Option<Date>,
    /// The last day.
    #[param(value_type = Option<String>)]
    to: Option<Date>,
    /// At most 200.
    limit: Option<i64>,
    cursor: Option<String>,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "finance/views/exposure.html")]
struct ExposureView {
    #[serde(skip)]
    page: Page,
    items: Vec<ExposureRow>,
    next: Option<String>,
    /// Product groups of the products that are known.
    #[serde(skip)]
    groups: BTreeSet<String>,
    #[serde(skip)]
    errors: Vec<WrongLine>,
    #[serde(skip)]
    more_errors: usize,
}

impl ExposureView {
    /// The day as the reader writes it.
    fn day(&self, row: &ExposureRow) -> String {
        row.date.parse().map_or_else(|_| row.date.clone(), |day| self.page.civil(day))
    }
}

/// What is wrong in one line.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct WrongLine {
    line: u64,
    field: &'static str,
    message: String,
}

/// How much was taken.
#[derive(Serialize, ToSchema)]
struct Taken {
    rows: usize,
}

/// What was reported, newest days first.
#[utoipa::path(get, path = "/exposure", tag = "finance", params(ExposureQuery),
    responses((status = 200, body = ExposureView)))]
pub async fn page(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<ExposureQuery>,
) -> Result<Response> {
    actor.may(Right::ReportExposure)?;
    show(&app, &actor, &wants, StatusCode::OK, &query, Vec::new()).await
}

async fn show(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    status: StatusCode,
    query: &ExposureQuery,
    mut errors: Vec<WrongLine>,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let limit = parts::limit(query.limit, LINES);
    let after = query.cursor.as_deref().and_then(read_cursor);
    let rows = finance::exposure(&mut tx, (query.from, query.to), after, limit + 1).await?;
    let (rows, next) = parts::cut(rows, limit, |row| format!("{}_{}", row.day, row.product_group));
    let groups = groups(&mut tx).await?;
    let more_errors = errors.len().saturating_sub(SHOWN);
    errors.truncate(SHOWN);
    let items = rows.iter().map(ExposureRow::from).collect();
    let page = wants.page(app, actor, Area::Settings);
    wants.answer_as(status, &ExposureView { page, items, next, groups, errors, more_errors })
}

async fn groups(tx: &mut Tx) -> Result<BTreeSet<String>> {
    Ok(customers::products(tx).await?.into_iter().map(|product| product.group).collect())
}

fn read_cursor(text: &str) -> Option<(Date, String)> {
    let (day, group) = text.split_once('_')?;
    Some((day.parse().ok()?, group.to_owned()))
}

/// Reports days: `application/json` rows, `text/csv`, or a form with a file. Sent again, a day and product group
/// is replaced.
#[utoipa::path(post, path = "/exposure", tag = "finance",
    request_body(content((Vec<ExposureRow> = "application/json"), (String = "text/csv"))),
    responses((status = 200, body = Taken), (status = 422, description = "wrong lines, with their numbers")))]
pub async fn report(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    request: Request,
) -> Result<Response> {
    actor.may(Right::ReportExposure)?;
    match read(&app, request).await? {
        Ok(rows) => {
            finance::report_exposure(&app, &actor, &rows).await?;
            wants.done("/exposure", "finance-exposure-taken", &Taken { rows: rows.len() })
        }
        Err(errors) => {
            let errors: Vec<_> = errors.iter().map(|error| WrongLine::of(error, &wants)).collect();
            if wants.json {
                return Ok(problem(&wants, &errors));
            }
            let query = ExposureQuery { from: None, to: None, limit: None, cursor: None };
            show(&app, &actor, &wants, StatusCode::UNPROCESSABLE_ENTITY, &query, errors).await
        }
    }
}

async fn read(app: &App, request: Request) -> Result<Result<Vec<Exposure>, Vec<LineError>>> {
    let groups = groups(&mut app.db.read().await?).await?;
    let known = Known { today: app.now().moment().to_zoned(app.zone()).date(), groups };
    let kind =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/json") {
        let rows = Json::<Vec<ExposureRow>>::from_request(request, app).await;
        let Json(rows) = rows.map_err(|error| form_error(&error.body_text()))?;
        return Ok(finance::read_rows(&rows, &known));
    }
    let bytes = if kind.starts_with("multipart/form-data") {
        uploaded(app, request).await?
    } else {
        Bytes::from_request(request, app).await.map_err(|error| form_error(&error.body_text()))?
    };
    Ok(finance::read_csv(&bytes, &known))
}

/// The field `file` of a form.
async fn uploaded(app: &App, request: Request) -> Result<Bytes> {
    let form = Multipart::from_request(request, app).await;
    let mut form = form.map_err(|error| form_error(&error.body_text()))?;
    while let Some(field) = form.next_field().await.map_err(|error| form_error(&error.body_text()))? {
        if field.name() == Some("file") {
            return field.bytes().await.map_err(|error| form_error(&error.body_text()));
        }
    }
    Err(Error::invalid("file", "error-field-required"))
}

impl WrongLine {
    fn of(error: &LineError, wants: &Wants) -> Self {
        Self { line: error.line, field: error.field, message: wants.words.t(error.word).into_owned() }
    }
}

/// RFC 9457, with the number of each wrong line.
fn problem(wants: &Wants, errors: &[WrongLine]) -> Response {
    let body = serde_json::json!({
        "type": "about:blank",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": wants.words.t("finance-lines-wrong"),
        "errors": errors,
    });
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (StatusCode::UNPROCESSABLE_ENTITY, kind, Json(body)).into_response()
}
