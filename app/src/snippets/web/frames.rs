//! What answers of a queue begin and end with.

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::URL;
use crate::platform::{Actor, App, Input, Language, QueueId, Result, Right, Wants};
use crate::snippets;
use crate::snippets::model::Frame;

/// What answers of a queue begin and end with, per language.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct FrameForm {
    queue: i64,
    #[serde(default)]
    greeting_de: String,
    #[serde(default)]
    closing_de: String,
    /// For those who are addressed informally; empty: as for the others.
    #[serde(default)]
    greeting_de_informal: String,
    #[serde(default)]
    closing_de_informal: String,
    #[serde(default)]
    greeting_en: String,
    #[serde(default)]
    closing_en: String,
}

/// The frames as they are now.
#[derive(Serialize, ToSchema)]
struct Frames {
    frames: Vec<Frame>,
}

/// Chooses what answers of a queue begin and end with.
#[utoipa::path(post, path = "/snippets/frames", tag = "snippets", request_body = FrameForm,
    responses((status = 200, body = Frames), (status = 422)))]
pub(super) async fn set_frame(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<FrameForm>,
) -> Result<Response> {
    actor.may(Right::EditPolicies)?;
    let queue = QueueId(form.queue);
    let text = |text: String| text.trim().replace("\r\n", "\n");
    let german = Frame {
        greeting: text(form.greeting_de),
        closing: text(form.closing_de),
        informal_greeting: text(form.greeting_de_informal),
        informal_closing: text(form.closing_de_informal),
        ..Frame::empty(queue, Language::De)
    };
    let english = Frame {
        greeting: text(form.greeting_en),
        closing: text(form.closing_en),
        ..Frame::empty(queue, Language::En)
    };
    for frame in [german, english] {
        snippets::set_frame(&app, &actor, queue, &frame).await?;
    }
    let frames = snippets::frames(&mut app.db.read().await?, &actor).await?;
    wants.done(URL, "saved", &Frames { frames })
}
