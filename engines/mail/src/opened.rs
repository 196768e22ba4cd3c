//! Parts that hold other parts in their own way: `winmail.dat`, signed envelopes, invitations.
//!
//! What is inside takes the place of the envelope. An envelope that cannot be opened stays an attachment,
//! and what it is, is said by a code: `signed_smime`, `signed_pgp`, `encrypted_smime`, `encrypted_pgp`,
//! `tnef_damaged`, `calendar_request` (`_reply`, `_cancel` …).

use crate::calendar;
use crate::charset;
use crate::cms::{self, Envelope};
use crate::content::{Content, Place, Section, name, safe_name};
use crate::html::{self, SanitiseOptions};
use crate::message::Attachment;
use crate::mime::{Part, Walk};
use crate::tnef;

/// Envelopes within envelopes are opened this deep.
const MAX_ENVELOPES: usize = 4;

impl Content {
    /// Opens the part, if it is an envelope; whether it is dealt with.
    pub fn open(&mut self, part: &Part<'_>, place: Place) -> bool {
        let ending = |wanted: &str| name(part).is_some_and(|name| name.to_lowercase().ends_with(wanted));
        let unsaid = part.is("application/octet-stream");
        if part.is("application/ms-tnef")
            || part.is("application/vnd.ms-tnef")
            || (unsaid && ending("winmail.dat"))
        {
            return self.open_tnef(part);
        }
        if part.is("application/pkcs7-mime")
            || part.is("application/x-pkcs7-mime")
            || (unsaid && ending(".p7m"))
        {
            return self.open_envelope(part, place);
        }
        if part.is("text/calendar") {
            self.read_invitation(part);
        }
        false
    }

    fn open_tnef(&mut self, part: &Part<'_>) -> bool {
        let Some(opened) = tnef::open(&part.decoded()) else {
            self.warn("tnef_damaged");
            return false;
        };
        // Beside a body of its own the mail repeats it in here.
        if !self.has_text() {
            let html = opened.html.map(|html| html::sanitise(&html, &SanitiseOptions::default()));
            self.sections.push(Section { plain: opened.text, html });
        }
        let body = opened.rtf.map(|content| tnef::File {
            name: "body.rtf".to_owned(),
            content_type: "application/rtf".to_owned(),
            content_id: None,
            content,
        });
        self.attachments.extend(body.into_iter().chain(opened.files).map(file));
        if opened.damaged {
            self.warn("tnef_damaged");
        }
        // What could not be read is still there to be looked at.
        !opened.damaged
    }

    fn open_envelope(&mut self, part: &Part<'_>, place: Place) -> bool {
        match cms::open(&part.decoded()) {
            Some(Envelope::Signed(content)) if self.depth < MAX_ENVELOPES => {
                self.warn("signed_smime");
                self.depth += 1;
                let mut walk = Walk::default();
                self.collect(&Part::read(&content, &mut walk), place);
                self.depth -= 1;
                walk.warnings.iter().for_each(|code| self.warn(code));
                true
            }
            Some(Envelope::Signed(_) | Envelope::Compressed) => {
                self.warn("smime_not_opened");
                false
            }
            Some(Envelope::Encrypted) => {
                self.warn("encrypted_smime");
                false
            }
            None => {
                let signed = part.content_type.get("smime-type").is_some_and(|kind| kind.contains("signed"));
                self.warn(if signed { "smime_not_opened" } else { "encrypted_smime" });
                false
            }
        }
    }

    fn read_invitation(&mut self, part: &Part<'_>) {
        let (text, _) = charset::decode(&part.decoded(), part.content_type.get("charset").or(Some("utf-8")));
        let read = calendar::read(&text);
        let declared = part.content_type.get("method").map(str::to_ascii_lowercase);
        if let Some(method) = read.method.or(declared).filter(|method| calendar::is_method(method)) {
            self.warn(&format!("calendar_{method}"));
        }
        if self.invitation.is_none() && !read.text.is_empty() {
            self.invitation = Some(read.text);
        }
    }

    /// Marks what is signed or encrypted by the standards, and by armour within the text.
    pub fn note_protection(&mut self, root: &Part<'_>) {
        let parts = root.all();
        let has = |names: &[&str]| parts.iter().any(|part| names.iter().any(|name| part.is(name)));
        let armoured = |title: &str| {
            self.sections.iter().any(|section| {
                section.plain.as_ref().is_some_and(|text| text.lines().any(|line| line.trim_end() == title))
            })
        };
        let found = [
            (
                has(&["application/pgp-signature"]) || armoured("-----BEGIN PGP SIGNED MESSAGE-----"),
                "signed_pgp",
            ),
            (has(&["application/pkcs7-signature", "application/x-pkcs7-signature"]), "signed_smime"),
            (
                has(&["multipart/encrypted", "application/pgp-encrypted"])
                    || armoured("-----BEGIN PGP MESSAGE-----"),
                "encrypted_pgp",
            ),
        ];
        found.into_iter().filter(|(seen, _)| *seen).for_each(|(_, code)| self.warn(code));
    }
}

fn file(file: tnef::File) -> Attachment {
    let content_type = file.content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let content_type =
        if content_type.contains('/') { content_type } else { type_by_name(&file.name).to_owned() };
    Attachment {
        name: safe_name(&file.name),
        content_type,
        size: file.content.len(),
        inline: file.content_id.is_some(),
        content_id: file.content_id,
        content: file.content,
    }
}

/// Outlook rarely says what a file is; its name does.
fn type_by_name(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
        Some("pdf") => "application/pdf",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("gif") => "image/gif",
        Some("txt" | "log") => "text/plain",
        Some("htm" | "html") => "text/html",
        Some("csv") => "text/csv",
        Some("zip") => "application/zip",
        Some("rtf") => "application/rtf",
        Some("doc") => "application/msword",
        Some("xls") => "application/vnd.ms-excel",
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("ics") => "text/calendar",
        Some("eml") => "message/rfc822",
        _ => "application/octet-stream",
    }
}
