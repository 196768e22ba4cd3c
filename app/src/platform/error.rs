//! The one error that commands and handlers return.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::actor::Right;
use super::bilingual::Bilingual;
use super::outage::Outage;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a command did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 404, also for what the actor may not know of.
    #[error("not found")]
    NotFound,
    /// 401; a browser is sent to the login page.
    #[error("not logged in")]
    LoggedOut,
    /// 403
    #[error("this role may not {0:?}")]
    Forbidden(Right),
    /// 403: a form was sent from another site.
    #[error("the request came from another site")]
    ForeignSite,
    /// 422, shown at the fields.
    #[error("{} invalid field(s)", .0.len())]
    Invalid(Vec<FieldError>),
    /// 422, as `Invalid`, of fields that the house made itself; 409 if somebody else was faster.
    #[error("{} invalid field(s) of the house", .0.len())]
    OwnFields(Vec<OwnFieldError>),
    /// 409: someone else was faster.
    #[error("changed meanwhile")]
    Stale,
    /// 413
    #[error("too large: at most {0} bytes")]
    TooLarge(usize),
    /// 429, with the seconds to wait.
    #[error("too many attempts: wait {0} s")]
    TooMany(u64),
    /// 500, or 503 if disk or database do not do their part: logged with its causes, never shown.
    #[error("internal error")]
    Broken(#[from] anyhow::Error),
}

/// One field that has to be corrected. `word` is a translation key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    pub field: &'static str,
    pub word: &'static str,
}

/// As [`FieldError`], of a field that the house made itself, or of a row of its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFieldError {
    /// What programs call it.
    pub field: String,
    /// A translation key with `$field`, and `$value` where there is one.
    pub word: &'static str,
    pub name: Bilingual,
    /// What stands there now.
    pub value: Option<Bilingual>,
    /// Somebody else wrote it meanwhile.
    pub meanwhile: bool,
}

impl FieldError {
    /// What is wrong with a text that is needed and may have `longest` characters.
    pub fn of_text(field: &'static str, text: &str, longest: usize) -> Option<Self> {
        let long = longest < text.chars().count();
        let word = if long { "error-field-too-long" } else { "error-field-required" };
        (long || text.trim().is_empty()).then_some(Self { field, word })
    }
}

impl Error {
    /// Refuses a text that is empty or longer than `longest` characters: what people wrote is never cut.
    pub fn unless_text(field: &'static str, text: &str, longest: usize) -> Result<()> {
        FieldError::of_text(field, text, longest).map_or(Ok(()), |error| Err(Self::Invalid(vec![error])))
    }

    /// Refuses a text that is longer than `longest` characters; it may be empty.
    pub fn unless_short(field: &'static str, text: &str, longest: usize) -> Result<()> {
        if text.chars().count() <= longest {
            Ok(())
        } else {
            Err(Self::invalid(field, "error-field-too-long"))
        }
    }

    /// One invalid field.
    pub fn invalid(field: &'static str, word: &'static str) -> Self {
        Self::Invalid(vec![FieldError { field, word }])
    }

    /// Nothing is wrong with what was asked: disk or database do not do their part.
    pub fn outage(&self) -> Option<Outage> {
        match self {
            Self::Broken(cause) => Outage::behind(cause),
            _ => None,
        }
    }

    /// For the log: what is wrong with disk or database, or nothing.
    pub fn in_short(&self) -> &'static str {
        self.outage().map_or("for a reason of its own", Outage::sentence)
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::LoggedOut => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) | Self::ForeignSite => StatusCode::FORBIDDEN,
            Self::OwnFields(fields) if fields.iter().any(|field| field.meanwhile) => StatusCode::CONFLICT,
            Self::Invalid(_) | Self::OwnFields(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Stale => StatusCode::CONFLICT,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Broken(_) if self.outage().is_some() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The translation key of what is shown: what is wrong and what to do.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NotFound => "error-not-found",
            Self::LoggedOut => "error-logged-out",
            Self::Forbidden(_) => "error-forbidden",
            Self::ForeignSite => "error-foreign-site",
            Self::Invalid(_) | Self::OwnFields(_) => "error-invalid",
            Self::Stale => "error-stale",
            Self::TooLarge(_) => "error-too-large",
            Self::TooMany(_) => "error-too-many",
            Self::Broken(_) => self.outage().map_or("error-broken", Outage::word),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Broken(error.into())
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Broken(error.into())
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Broken(error.into())
    }
}

/// The error travels in the response until `web::explain`, which knows the reader's language, renders it.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(std::sync::Arc::new(self));
        response
    }
}
