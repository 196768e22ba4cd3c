//! What every page and every API answer shares: who asks in which language, input, errors, protection, layout.

mod explain;
mod form;
mod guard;
mod input;
mod moment;
mod page;
mod replay;
mod wants;

pub use explain::{Problem, explain};
pub use form::Corrections;
pub use guard::{client_ip, protect, same_site_only};
pub use input::{Fields, Id, Input, Query, Rows, form_error};
pub use moment::{day, meant_day, moment, zoned};
pub use page::{Area, Link, OFFERED, Page, Toast, Unread, link_keys};
pub use replay::replay;
pub use wants::{Api, Wants, cookie};

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::error::{Error, Result};

/// `GET /assets/{*path}`: what was built from `assets/`; hashed names never change.
pub async fn asset(Path(path): Path<String>) -> Result<Response> {
    let asset = assets::get(&path).ok_or(Error::NotFound)?;
    let cache = if asset.hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [(header::CONTENT_TYPE, asset.content_type), (header::CACHE_CONTROL, cache)];
    Ok((StatusCode::OK, headers, asset.bytes).into_response())
}
