//! Snippets as a table, for spreadsheets and other houses: one row per snippet and language. Tables from before
//! there were informal texts have a column less.

use super::model::{Draft, Snippet, Text};
use crate::platform::{Error, Language, Result};

const HEAD: [&str; 5] = ["shortcut", "name", "folder", "language", "body"];
/// The text for those who are addressed informally.
const INFORMAL: &str = "informal";

/// The shared snippets as CSV (RFC 4180).
pub fn to_csv(snippets: &[Snippet]) -> String {
    let mut csv = [HEAD.as_slice(), &[INFORMAL]].concat().join(",") + "\r\n";
    for snippet in snippets.iter().filter(|snippet| snippet.owner.is_none()) {
        for text in &snippet.texts {
            let (language, body) = (text.language.code(), text.body.as_str());
            let row = [&snippet.shortcut, &snippet.name, &snippet.folder, language, body, &text.informal];
            csv.push_str(&row.map(quoted).join(","));
            csv.push_str("\r\n");
        }
    }
    csv
}

/// What somebody typed as harmless HTML; plain text becomes paragraphs, and what nobody would see nothing.
pub(super) fn html(typed: &str) -> String {
    let typed = typed.trim();
    let html = if typed.contains('<') { typed.to_owned() } else { mail::html::from_text(typed) };
    let html = mail::html::sanitise(&html, &mail::html::SanitiseOptions::default());
    if super::is_empty(&html) { String::new() } else { html }
}

fn quoted(cell: &str) -> String {
    // A spreadsheet would calculate what begins like a formula.
    let safe = if cell.starts_with(['=', '+', '-', '@']) { format!("'{cell}") } else { cell.to_owned() };
    format!("\"{}\"", safe.replace('"', "\"\""))
}

/// Reads such a table; rows of the same shortcut are one snippet. Bodies may be plain text.
///
/// # Errors
///
/// [`Error::Invalid`] of `table` if it lacks a column or a row does not fit.
pub fn from_csv(csv: &str) -> Result<Vec<Draft>> {
    let wrong = || Error::invalid("table", "snippet-table-wrong");
    let mut rows = rows(csv.trim_start_matches('\u{feff}')).into_iter();
    let head = rows.next().ok_or_else(wrong)?;
    let mut places = [0; 5];
    for (place, name) in places.iter_mut().zip(HEAD) {
        *place = column(&head, name).ok_or_else(wrong)?;
    }
    let informal = column(&head, INFORMAL);
    let mut drafts: Vec<Draft> = Vec::new();
    for row in rows.filter(|row| row.iter().any(|cell| !cell.trim().is_empty())) {
        let cells = places.map(|place| row.get(place).map_or("", |cell| cell.trim()));
        let [shortcut, name, folder, language, body] = cells;
        let language = Language::from_code(&language.to_lowercase()).ok_or_else(wrong)?;
        let informal = html(informal.and_then(|place| row.get(place)).map_or("", String::as_str));
        if !informal.is_empty() && !language.has_tones() {
            return Err(wrong());
        }
        let shortcut = shortcut.to_lowercase();
        let text = Text { language, body: html(body), informal };
        if let Some(known) = drafts.iter_mut().find(|draft| draft.shortcut == shortcut) {
            known.texts.retain(|other| other.language != language);
            known.texts.push(text);
            continue;
        }
        drafts.push(Draft {
            name: name.to_owned(),
            shortcut,
            folder: folder.to_owned(),
            owner: None,
            queue: None,
            texts: vec![text],
        });
    }
    Ok(drafts)
}

fn column(head: &[String], name: &str) -> Option<usize> {
    head.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name))
}

/// The cells of a table with commas or, as German spreadsheets write it, semicolons.
fn rows(csv: &str) -> Vec<Vec<String>> {
    let first = csv.lines().next().unwrap_or_default();
    let comma = if first.contains(';') && !first.contains(',') { ';' } else { ',' };
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut signs = csv.chars().peekable();
    while let Some(c) = signs.next() {
        let row = rows.last_mut().expect("there is always a row");
        let cell = row.last_mut().expect("there is always a cell");
        match c {
            '"' if quoted && signs.peek() == Some(&'"') => {
                signs.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            c if c == comma && !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            '\r' if !quoted => {}
            c => cell.push(c),
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_goes_out_and_comes_in_again() {
        let body = "<p>Guten Tag, \"ja\"<br>\nZeile</p>";
        let text = |language, informal: &str| Text { language, body: body.into(), informal: informal.into() };
        let snippet = Snippet {
            id: 1,
            name: "Dank, kurz".into(),
            shortcut: "dank".into(),
            folder: "Allgemein".into(),
            owner: None,
            queue: None,
            used: 3,
            texts: vec![text(Language::De, "<p>Hallo, danke dir</p>"), text(Language::En, "")],
        };

        let drafts = from_csv(&to_csv(std::slice::from_ref(&snippet))).expect("our own table");

        assert_eq!(drafts.len(), 1);
        assert_eq!((drafts[0].name.as_str(), drafts[0].shortcut.as_str()), ("Dank, kurz", "dank"));
        assert_eq!(drafts[0].texts, snippet.texts);
    }

    #[test]
    fn a_table_of_a_german_spreadsheet_is_read_too() {
        let drafts = from_csv("\u{feff}Shortcut;Name;Folder;Language;Body\r\nGruss;Gruß;;de;Guten Tag\r\n")
            .expect("fits");
        assert_eq!(drafts[0].shortcut, "gruss");
        assert!(drafts[0].texts[0].body.contains("Guten Tag"));
        assert_eq!(drafts[0].texts[0].informal, "", "there was no such column once");
        assert!(from_csv("Name;Body\r\nGruß;Tag\r\n").is_err());
        let english = "shortcut,name,folder,language,body,informal\r\nhi,Hi,,en,Hello,Hey\r\n";
        assert!(from_csv(english).is_err(), "English has one form");
    }
}
