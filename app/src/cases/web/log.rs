//! Calls, visits and letters that are written down by hand.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Changed, changed};
use crate::cases;
use crate::cases::{Channel, Direction, Logged};
use crate::platform::{Actor, App, CustomerId, Error, Input, QueueId, Result, Right, Wants};

/// A call, visit or letter, written down by hand.
#[derive(Deserialize, ToSchema)]
pub(super) struct Log {
    /// `phone`, `letter`, `visit`, `email`, …; an `email` of ours is sent to the customer.
    channel: Channel,
    /// `in`: the customer called; `out`: we did. Empty: `in`.
    #[serde(default)]
    direction: String,
    /// The id of a customer who is known.
    #[serde(default)]
    customer: String,
    /// Otherwise an e-mail address or a phone number that finds or makes the customer.
    #[serde(default)]
    reach: String,
    /// The customer's name, for new ones.
    #[serde(default)]
    name: String,
    /// Empty: the first line of the text.
    #[serde(default)]
    subject: String,
    text: String,
    /// The number of the case it belongs to; empty: a new one.
    #[serde(default)]
    case: String,
    /// The id of the queue of a new case; empty: the own one.
    #[serde(default)]
    queue: String,
    /// How long it took; empty: nothing is noted.
    #[serde(default)]
    minutes: String,
    /// "yes": nothing is left to do.
    #[serde(default)]
    done: String,
}

impl Log {
    async fn parse(self, app: &App) -> Result<Logged> {
        let direction = match self.direction.as_str() {
            "" | "in" => Direction::Inbound,
            "out" => Direction::Outbound,
            _ => return Err(Error::invalid("direction", "error-field-malformed")),
        };
        let into = match self.case.trim() {
            "" => None,
            number => {
                let known = cases::find_number(&mut app.db.read().await?, number).await?;
                Some(known.ok_or_else(|| Error::invalid("case", "case-number-unknown"))?.id)
            }
        };
        let minutes = match self.minutes.trim() {
            "" => 0,
            text => text.parse().map_err(|_| Error::invalid("minutes", "time-minutes-range"))?,
        };
        Ok(Logged {
            channel: self.channel,
            direction,
            customer: self.customer.parse().ok().map(CustomerId),
            reach: self.reach.trim().to_owned(),
            name: self.name.trim().to_owned(),
            subject: self.subject.trim().to_owned(),
            text: self.text.trim().to_owned(),
            into,
            queue: self.queue.parse().ok().map(QueueId),
            minutes,
            done: self.done == "yes",
        })
    }
}

/// Writes down what was not written: a call, a visit, a letter, in a new case or in one that there is. An e-mail of ours
/// is sent, after the undo time.
#[utoipa::path(post, path = "/cases", tag = "cases", request_body = Log,
    responses((status = 200, body = Changed), (status = 422)))]
pub(super) async fn log(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<Log>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let known = !form.case.trim().is_empty();
    let logged = form.parse(&app).await?;
    let word = match (logged.is_sent(), known) {
        (true, _) => "case-replied",
        (false, true) => "case-logged-into",
        (false, false) => "case-logged",
    };
    let number = cases::log(&app, &actor, logged).await?;
    changed(&app, &wants, &number, word).await
}
