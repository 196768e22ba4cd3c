//! Which parts of a message are its text, and which are attached to it.
//!
//! Alternatives give one text in two forms, companions of HTML are pictures in it, several texts in a row
//! are one text. Whatever is not text is an attachment; nothing is dropped.

use crate::charset::{self, Doubt};
use crate::flowed::plain;
use crate::html::{self, SanitiseOptions};
use crate::message::Attachment;
use crate::mime::{Part, Walk};
use crate::transfer;

/// Files written into the text of one message; more are no files but an attack, and stay text.
const MAX_UUENCODED: usize = 100;

/// Mails that enclose nothing but a mail are followed this deep.
const MAX_ENCLOSED: usize = 4;

/// One stretch of the text, in one or both forms. HTML is already sanitised.
#[derive(Debug, Default, Clone)]
pub(crate) struct Section {
    pub plain: Option<String>,
    pub html: Option<String>,
}

impl Section {
    pub fn is_blank(&self) -> bool {
        self.text().trim().is_empty() && self.html.as_ref().is_none_or(|html| !html.contains("<img"))
    }

    /// The plain text, or the HTML's where that is empty.
    fn text(&self) -> String {
        match (&self.plain, &self.html) {
            (Some(plain), _) if !plain.trim().is_empty() => plain.clone(),
            (_, Some(html)) => html::clean_to_text(html),
            _ => String::new(),
        }
    }
}

fn join_sections(sections: &[Section]) -> (String, Option<String>) {
    let texts: Vec<String> =
        sections.iter().map(Section::text).filter(|text| !text.trim().is_empty()).collect();
    let text = texts.iter().map(|text| text.trim_end()).collect::<Vec<_>>().join("\n\n");
    let has_html = sections.iter().any(|section| section.html.is_some());
    let html = has_html.then(|| {
        let shown = sections.iter().filter_map(|section| match (&section.html, &section.plain) {
            (Some(html), _) => Some(html.clone()),
            (None, Some(plain)) if !plain.trim().is_empty() => Some(html::from_text(plain.trim_end())),
            _ => None,
        });
        shown.collect::<Vec<_>>().join("\n")
    });
    (text, html)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Where the text is expected.
    Body,
    /// Beside the text of a multipart/related: pictures and the like.
    Companion,
}

#[derive(Default)]
pub(crate) struct Content {
    pub sections: Vec<Section>,
    /// Files found in the text so far.
    uuencoded: usize,
    /// Envelopes that were opened around what is read.
    pub depth: usize,
    /// What an invitation says, for a mail that says nothing else.
    pub invitation: Option<String>,
    pub attachments: Vec<Attachment>,
    pub warnings: Vec<String>,
}

impl Content {
    /// Sorts the parts of a message into text and attachments.
    pub fn read(&mut self, root: &Part<'_>, walk: &Walk) {
        self.collect(root, Place::Body);
        if !self.has_text()
            && let Some(invitation) = self.invitation.take()
        {
            self.sections.push(Section { plain: Some(invitation), html: None });
        }
        if !self.has_text() {
            self.take_text_of_enclosed();
        }
        self.note(root, walk);
    }

    /// The whole text; and HTML, if any part of it was HTML.
    pub fn text_and_html(&self) -> (String, Option<String>) {
        join_sections(&self.sections)
    }

    pub fn has_text(&self) -> bool {
        self.sections.iter().any(|section| {
            let plain = section.plain.as_ref().is_some_and(|plain| !plain.trim().is_empty());
            plain || section.html.as_ref().is_some_and(|html| html::has_text(html))
        })
    }

    /// Takes in a part and all below it: texts become sections, files attachments.
    pub fn collect(&mut self, part: &Part<'_>, place: Place) {
        if part.children.is_empty() {
            self.leaf(part, place);
        } else if part.is("multipart/alternative") {
            self.alternative(part, place);
        } else if part.is("multipart/related") {
            let root = part.content_type.get("start").and_then(|start| {
                part.children
                    .iter()
                    .position(|child| content_id(child).as_deref() == Some(start.trim_matches(['<', '>'])))
            });
            let readable =
                |child: &Part<'_>| child.is("text/html") || child.content_type.main_type() == "multipart";
            let root = root.or_else(|| part.children.iter().position(readable)).unwrap_or(0);
            for (at, child) in part.children.iter().enumerate() {
                self.collect(child, if at == root { place } else { Place::Companion });
            }
        } else {
            part.children.iter().for_each(|child| self.collect(child, place));
        }
    }

    /// The same text in several forms: the first plain one and the last HTML one.
    fn alternative(&mut self, part: &Part<'_>, place: Place) {
        let mut chosen = Section::default();
        for child in &part.children {
            let mut form = Content { uuencoded: self.uuencoded, depth: self.depth, ..Content::default() };
            form.collect(child, place);
            self.uuencoded = form.uuencoded;
            self.invitation = self.invitation.take().or(form.invitation.take());
            let (text, html) = join_sections(&form.sections);
            if html.is_some() {
                chosen.html = html;
            } else if chosen.plain.is_none() && !form.sections.is_empty() {
                chosen.plain = Some(text);
            }
            self.attachments.append(&mut form.attachments);
            self.warnings.append(&mut form.warnings);
        }
        self.sections.push(chosen);
    }

    fn leaf(&mut self, part: &Part<'_>, place: Place) {
        if self.open(part, place) {
            return;
        }
        let named = name(part).is_some();
        let has_text = self.sections.iter().any(|section| !section.is_blank());
        let readable =
            part.is("text/plain") || part.is("text/html") || part.content_type.main_type() == "multipart";
        if readable && place == Place::Body && part.disposition.value != "attachment" && !(named && has_text)
        {
            self.text(part);
        } else {
            let attachment = attachment(part, place);
            self.attachments.push(attachment);
            self.place_picture(place);
        }
    }

    /// Apple Mail writes text, picture, text, and names the picture nowhere: it belongs where it stands.
    fn place_picture(&mut self, place: Place) {
        let number = self.attachments.len();
        let Some(picture) = self.attachments.last_mut() else { return };
        let shown = ["image/png", "image/jpeg", "image/gif", "image/webp"];
        let nameless = picture.inline && picture.content_id.is_none() && place == Place::Body;
        if !nameless || !shown.contains(&picture.content_type.as_str()) || self.sections.is_empty() {
            return;
        }
        let id = format!("picture-{number}-{}@inline.invalid", self.depth);
        let html = format!("<img src=\"cid:{id}\">");
        picture.content_id = Some(id);
        self.sections.push(Section { plain: None, html: Some(html) });
    }

    fn text(&mut self, part: &Part<'_>) {
        let bytes = part.decoded();
        let is_html = part.is("text/html");
        let label = part.content_type.get("charset").map(str::to_owned);
        let label = label.or_else(|| if is_html { charset_in_html(&bytes) } else { None });
        let (text, doubt) = charset::decode(&bytes, label.as_deref());
        if let Some(doubt) = doubt {
            self.warn(doubt_code(doubt));
        }
        if is_html && html::cut(&text).len() < text.len() {
            self.warn("html_cut");
        }
        if is_html && html::is_too_complex(html::cut(&text)) {
            self.warn("html_too_complex");
        }
        self.sections.push(if is_html {
            let html = html::sanitise(&text, &SanitiseOptions::default());
            Section { plain: None, html: Some(html) }
        } else {
            let left = MAX_UUENCODED - self.uuencoded;
            let (text, files) = transfer::uuencoded_files(&plain(&text, part), left);
            self.uuencoded += files.len();
            self.attachments.extend(files.into_iter().map(|(name, content)| Attachment {
                name: safe_name(&name),
                content_type: "application/octet-stream".to_owned(),
                size: content.len(),
                inline: false,
                content_id: None,
                content,
            }));
            Section { plain: Some(text), html: None }
        });
    }

    /// A mail that only encloses another one is about that one.
    fn take_text_of_enclosed(&mut self) {
        let Some(enclosed) =
            self.attachments.iter().find(|attachment| attachment.content_type == "message/rfc822")
        else {
            return;
        };
        let bytes = enclosed.content.clone();
        let mut inner = Content { depth: self.depth + 1, ..Content::default() };
        inner.collect(&Part::read(&bytes, &mut Walk::default()), Place::Body);
        if !inner.has_text() && inner.depth < MAX_ENCLOSED {
            inner.take_text_of_enclosed();
        }
        self.sections = inner.sections;
    }

    /// Notes what was odd about the mail, each code once.
    pub fn warn(&mut self, code: &str) {
        if !self.warnings.iter().any(|warning| warning == code) {
            self.warnings.push(code.to_owned());
        }
    }

    fn note(&mut self, root: &Part<'_>, walk: &Walk) {
        walk.warnings.iter().for_each(|code| self.warn(code));
        self.note_protection(root);
        for (seen, code) in [
            (root.headers.is_empty(), "no_header"),
            (root.headers.raw("date").is_some() && root.headers.date().is_none(), "date_unreadable"),
            (root.headers.raw("from").is_none(), "from_missing"),
        ] {
            if seen {
                self.warn(code);
            }
        }
    }
}

fn doubt_code(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::UnknownLabel => "charset_unknown",
        Doubt::WrongLabel => "charset_wrong",
        Doubt::Damaged => "charset_damaged",
    }
}

/// `charset=` of a `<meta>` near the top.
fn charset_in_html(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    let (_, after) = head.split_once("<meta")?.1.split_once("charset=")?;
    let label: String = after
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        .collect();
    (!label.is_empty()).then_some(label)
}

fn attachment(part: &Part<'_>, place: Place) -> Attachment {
    let content = part.decoded().into_owned();
    let content_id = content_id(part);
    Attachment {
        name: name(part).or_else(|| enclosed_name(part, &content)).unwrap_or_default(),
        content_type: part.content_type.value.clone(),
        size: content.len(),
        inline: part.disposition.value == "inline"
            || (part.disposition.value != "attachment" && place == Place::Companion && content_id.is_some()),
        content_id,
        content,
    }
}

pub(crate) fn content_id(part: &Part<'_>) -> Option<String> {
    part.headers.ids("content-id").into_iter().next().or_else(|| {
        let id = part.headers.raw("content-id")?.trim();
        (!id.is_empty()).then(|| id.to_owned())
    })
}

pub(crate) fn name(part: &Part<'_>) -> Option<String> {
    let name = part.disposition.get("filename").or_else(|| part.content_type.get("name"))?;
    Some(safe_name(name)).filter(|name| !name.is_empty())
}

/// An enclosed mail is named by its subject.
fn enclosed_name(part: &Part<'_>, content: &[u8]) -> Option<String> {
    if !part.is("message/rfc822") {
        return None;
    }
    let (headers, _) = crate::headers::Headers::split(content);
    let subject: String = headers.text("subject")?.chars().take(80).collect();
    // A slash in a subject is no path.
    Some(format!("{}.eml", safe_name(&subject.replace(['/', '\\'], "_"))))
}

/// No path, no control characters, nothing that turns the reading direction.
pub(crate) fn safe_name(name: &str) -> String {
    let is_path = name.starts_with('/') || name.contains('\\');
    let name = if is_path { name.rsplit(['/', '\\']).next().unwrap_or_default() } else { name };
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept = name.chars().filter(|c| !c.is_control() && !turns(*c));
    let name: String = kept.map(|c| if c == '/' { '_' } else { c }).take(200).collect();
    name.trim().trim_start_matches('.').to_owned()
}
