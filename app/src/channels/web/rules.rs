//! The form of what the house wants of sending.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::sending;
use crate::channels::rules;
use crate::channels::rules::Rules;
use crate::platform::{Actor, App, Error, FieldError, Input, Result, Right, Wants};

/// As typed: what is no number is said at its field.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct RulesForm {
    pub person_per_minute: String,
    pub bulk_per_minute: String,
    pub together: String,
    pub largest_mb: String,
    pub link_days: String,
}

impl RulesForm {
    pub fn of(rules: &Rules) -> Self {
        Self {
            person_per_minute: rules.person_per_minute.to_string(),
            bulk_per_minute: rules.bulk_per_minute.to_string(),
            together: rules.together.to_string(),
            largest_mb: rules.largest_mb.to_string(),
            link_days: rules.link_days.to_string(),
        }
    }

    /// The fields in the order of the page.
    pub fn fields(&self) -> [(&'static str, &'static str, &str); 5] {
        [
            ("largest_mb", "sending-rule-largest", &self.largest_mb),
            ("link_days", "sending-rule-days", &self.link_days),
            ("person_per_minute", "sending-rule-person", &self.person_per_minute),
            ("bulk_per_minute", "sending-rule-bulk", &self.bulk_per_minute),
            ("together", "sending-rule-together", &self.together),
        ]
    }

    fn parse(&self) -> Result<Rules> {
        let mut wrong = Vec::new();
        let mut number = |field: &'static str, text: &str| {
            text.trim().parse().unwrap_or_else(|_| {
                wrong.push(FieldError { field, word: "sending-rule-range" });
                0
            })
        };
        let rules = Rules {
            person_per_minute: number("person_per_minute", &self.person_per_minute),
            bulk_per_minute: number("bulk_per_minute", &self.bulk_per_minute),
            together: number("together", &self.together),
            largest_mb: number("largest_mb", &self.largest_mb),
            link_days: number("link_days", &self.link_days),
        };
        if wrong.is_empty() { Ok(rules) } else { Err(Error::Invalid(wrong)) }
    }
}

/// Sets how fast mail leaves, how large it may be, and for how long links are valid.
#[utoipa::path(post, path = "/settings/sending/rules", tag = "settings", request_body = RulesForm,
    responses((status = 200, body = Rules), (status = 422)))]
pub async fn set(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<RulesForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let done = match form.parse() {
        Ok(parsed) => rules::set(&app, &actor, &parsed).await.map(|()| parsed),
        Err(error) => Err(error),
    };
    match done {
        Ok(rules) => wants.done(sending::URL, "saved", &rules),
        Err(Error::Invalid(errors)) if !wants.json => {
            sending::render_rules(&app, &actor, &wants, form, errors).await
        }
        Err(error) => Err(error),
    }
}
