//! Snippets as a table, for spreadsheets and other houses: one row per snippet and language. Tables from before
//! there were informal texts have a column less.

use super::model::{Draft, Snippet, Text};
use crate::platform::sheet::Csv;
use crate::platform::{Error, Language, Result};

const HEAD: [&str; 5] = ["shortcut", "name", "folder", "language", "body"];
/// The text for those who are addressed informally.
const INFORMAL: &str = "informal";

/// The shared snippets as CSV (RFC 4180).
pub fn to_csv(snippets: &[Snippet]) -> Result<Vec<u8>> {
    let shared = snippets.iter().filter(|snippet| snippet.owner.is_none());
    let rows = shared.flat_map(|snippet| snippet.texts.iter().map(move |text| row(snippet, text)));
    let mut csv = Csv::Commas.head(HEAD.into_iter().chain([INFORMAL]).map(str::to_owned))?;
    csv.extend(Csv::Commas.rows(rows)?);
    Ok(csv)
}

fn row(snippet: &Snippet, text: &Text) -> [String; 6] {
    let language = text.language.code();
    [&snippet.shortcut, &snippet.name, &snippet.folder, language, &text.body, &text.informal]
        .map(str::to_owned)
}

/// What somebody typed as harmless HTML; plain text becomes paragraphs, and what nobody would see nothing.
pub(super) fn html(typed: &str) -> String {
    let typed = typed.trim();
    let html = if typed.contains('<') { typed.to_owned() } else { mail::html::from_text(typed) };
    let html = mail::html::sanitise(&html, &mail::html::SanitiseOptions::default());
    if super::is_empty(&html) { String::new() } else { html }
}

/// A table of snippets as it was read.
pub struct Table {
    pub drafts: Vec<Draft>,
    /// It has a column for informal texts; without, those that there are stay.
    pub has_informal: bool,
}

/// Reads such a table; rows of the same shortcut are one snippet. Bodies may be plain text.
///
/// # Errors
///
/// [`Error::Invalid`] of `table` if it lacks a column or a row does not fit.
pub fn from_csv(csv: &str) -> Result<Table> {
    let wrong = || Error::invalid("table", "snippet-table-wrong");
    let mut rows = rows(csv)?.into_iter();
    let head = rows.next().ok_or_else(wrong)?;
    let mut places = [0; 5];
    for (place, name) in places.iter_mut().zip(HEAD) {
        *place = column(&head, name).ok_or_else(wrong)?;
    }
    let informal = column(&head, INFORMAL);
    let mut drafts: Vec<Draft> = Vec::new();
    for row in rows.filter(|row| row.iter().any(|cell| !cell.trim().is_empty())) {
        let [shortcut, name, folder, language, body] = places.map(|place| cell(&row, place));
        let language = Language::from_code(&language.to_lowercase()).ok_or_else(wrong)?;
        let informal = html(informal.map_or("", |place| cell(&row, place)));
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
    Ok(Table { drafts, has_informal: informal.is_some() })
}

fn column(head: &[String], name: &str) -> Option<usize> {
    head.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name))
}

/// A cell as it was before it was made harmless for spreadsheets.
fn cell(row: &[String], place: usize) -> &str {
    let cell = row.get(place).map_or("", |cell| cell.trim());
    let plain = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@']));
    plain.unwrap_or(cell)
}

/// The cells of a table with commas or, as German spreadsheets write it, semicolons.
fn rows(csv: &str) -> Result<Vec<Vec<String>>> {
    let csv = csv.trim_start_matches('\u{feff}');
    let first = csv.lines().next().unwrap_or_default();
    let separator = if first.contains(';') && !first.contains(',') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new();
    let mut reader =
        reader.delimiter(separator).has_headers(false).flexible(true).from_reader(csv.as_bytes());
    let cells = |row: csv::Result<csv::StringRecord>| {
        let row = row.map_err(|_| Error::invalid("table", "snippet-table-wrong"))?;
        Ok(row.iter().map(str::to_owned).collect())
    };
    reader.records().map(cells).collect()
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

        let csv = to_csv(std::slice::from_ref(&snippet)).expect("a table");
        let table = from_csv(str::from_utf8(&csv).expect("text")).expect("our own table");
        assert!(table.has_informal);
        let drafts = table.drafts;

        assert_eq!(drafts.len(), 1);
        assert_eq!((drafts[0].name.as_str(), drafts[0].shortcut.as_str()), ("Dank, kurz", "dank"));
        assert_eq!(drafts[0].texts, snippet.texts);
    }

    #[test]
    fn a_table_of_a_german_spreadsheet_is_read_too() {
        let table = from_csv("\u{feff}Shortcut;Name;Folder;Language;Body\r\nGruss;Gruß;;de;Guten Tag\r\n")
            .expect("fits");
        assert!(!table.has_informal);
        let drafts = table.drafts;
        assert_eq!(drafts[0].shortcut, "gruss");
        assert!(drafts[0].texts[0].body.contains("Guten Tag"));
        assert_eq!(drafts[0].texts[0].informal, "", "there was no such column once");
        assert!(from_csv("Name;Body\r\nGruß;Tag\r\n").is_err());
        let english = "shortcut,name,folder,language,body,informal\r\nhi,Hi,,en,Hello,Hey\r\n";
        assert!(from_csv(english).is_err(), "English has one form");
    }
}
