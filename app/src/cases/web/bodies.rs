//! What a page's editor wrote, as a message: text, HTML, and the pictures that were put into it.
//!
//! While it is written a picture is a file of the case, at `/uploads/5`; in the message it is a part of it,
//! `cid:upload-5`. Deliberately absent: pictures from elsewhere, which would load when the reader opens the mail.

use crate::cases::NewAttachment;
use crate::cases::store;
use crate::platform::{App, CaseId, Result};

const WRITTEN: &str = "src=\"/uploads/";
const SENT: &str = "src=\"cid:upload-";

/// A message as it goes out.
pub struct Body {
    pub text: String,
    /// Sanitised; `None` for plain text.
    pub html: Option<String>,
    pub pictures: Vec<NewAttachment>,
}

/// Plain text, and sanitised HTML where the editor wrote it.
pub async fn read(app: &App, case: CaseId, body: String, format: &str) -> Result<Body> {
    if format != "html" {
        return Ok(Body { text: body, html: None, pictures: Vec::new() });
    }
    let html = clean(&body);
    let ids = pictures_in(&html);
    let files = if ids.is_empty() {
        Vec::new()
    } else {
        store::uploads(&mut app.db.read().await?, case, &ids).await?
    };
    let pictures = files.into_iter().map(|file| NewAttachment {
        name: file.name,
        content_type: file.content_type,
        size: file.size,
        blob: file.blob,
        inline: true,
        content_id: Some(format!("upload-{}", file.id)),
    });
    Ok(Body {
        text: mail::html::to_text(&html).trim().to_owned(),
        html: Some(html),
        pictures: pictures.collect(),
    })
}

/// What an editor wrote, harmless, with its pictures as parts.
pub fn clean(html: &str) -> String {
    mail::html::sanitise(&html.replace(WRITTEN, SENT), &mail::html::SanitiseOptions::default())
}

/// The same for an editor, which loads pictures from where they wait.
pub fn for_editor(html: &str) -> String {
    html.replace(SENT, WRITTEN)
}

fn pictures_in(html: &str) -> Vec<i64> {
    let ids = html.split(SENT).skip(1).filter_map(|rest| rest.split('"').next()?.parse().ok());
    ids.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_found_and_shown_again() {
        let html =
            clean("<p>So: <img src=\"/uploads/5\" onerror=\"x()\"><img src=\"https://x.example/y.png\"></p>");
        assert_eq!(pictures_in(&html), [5]);
        assert!(!html.contains("onerror") && !html.contains(" src=\"https:"), "{html}");
        assert!(for_editor(&html).contains("src=\"/uploads/5\""), "{html}");
    }
}
