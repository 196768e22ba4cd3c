//! Snippets as a table, for spreadsheets and other houses: one row per snippet and language. Tables from before
//! there were informal texts have a column less.

use super::model::{Draft, Snippet, Text};
use super::typed;
use crate::platform::sheet::Csv;
use crate::platform::{Error, FieldError, Language, Result};

const HEAD: [&str; 5] = ["shortcut", "name", "folder", "language", BODY];
const BODY: &str = "body";
/// The text for those who are addressed informally.
const INFORMAL: &str = "informal";

/// The shared snippets as CSV (RFC 4180), their texts as people type them.
pub fn to_csv(snippets: &[Snippet]) -> Result<Vec<u8>> {
    let shared = snippets.iter().filter(|snippet| snippet.owner.is_none());
    let rows = shared.flat_map(|snippet| snippet.texts.iter().map(move |text| row(snippet, text)));
    let mut csv = Csv::Commas.head(HEAD.into_iter().chain([INFORMAL]).map(str::to_owned))?;
    csv.extend(Csv::Commas.rows(rows)?);
    Ok(csv)
}

fn row(snippet: &Snippet, text: &Text) -> [String; 6] {
    let about = [&snippet.shortcut, &snippet.name, &snippet.folder, text.language.code()];
    let [shortcut, name, folder, language] = about.map(str::to_owned);
    [shortcut, name, folder, language, typed::shown(&text.body), typed::shown(&text.informal)]
}

/// A table of snippets as it was read.
pub struct Table {
    pub drafts: Vec<Draft>,
    /// The row of each text of each draft.
    rows: Vec<Vec<usize>>,
    /// It has a column for informal texts; without, those that there are stay.
    pub has_informal: bool,
    /// What does not fit; then none of it is kept.
    pub faults: Vec<Fault>,
}

/// What is wrong with a cell; the heading is row 1, as in spreadsheets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub row: usize,
    /// Empty: it is the row.
    pub column: &'static str,
    /// Translation key
    pub word: &'static str,
}

impl Table {
    /// Where in the table a field of a draft stands that is refused.
    pub fn fault(&self, draft: usize, error: &FieldError) -> Fault {
        let (column, language) = match error.field {
            "body_de" => (BODY, Some(Language::De)),
            "body_de_informal" => (INFORMAL, Some(Language::De)),
            "body_en" => (BODY, Some(Language::En)),
            other => (other, None),
        };
        let texts = &self.drafts[draft].texts;
        let place = texts.iter().position(|text| Some(text.language) == language);
        Fault { row: self.rows[draft][place.unwrap_or_default()], column, word: error.word }
    }

    fn add(&mut self, row: usize, draft: Draft) {
        let known = self.drafts.iter().position(|known| known.shortcut == draft.shortcut);
        let Some(known) = known else {
            self.rows.push(vec![row]);
            self.drafts.push(draft);
            return;
        };
        for text in draft.texts {
            let texts = &mut self.drafts[known].texts;
            if let Some(place) = texts.iter().position(|other| other.language == text.language) {
                texts.remove(place);
                self.rows[known].remove(place);
            }
            self.drafts[known].texts.push(text);
            self.rows[known].push(row);
        }
    }
}

/// Reads such a table; rows of the same shortcut are one snippet. Bodies may be plain text.
///
/// # Errors
///
/// [`Error::Invalid`] of `table` if it lacks a column; what does not fit in a row is among the faults.
pub fn from_csv(csv: &str) -> Result<Table> {
    let wrong = || Error::invalid("table", "snippet-table-wrong");
    let csv = csv.trim_start_matches('\u{feff}');
    let separator = separator(csv);
    let mut rows = rows(csv, separator)?.into_iter();
    let head = rows.next().ok_or_else(wrong)?;
    let mut places = [0; 5];
    for (place, name) in places.iter_mut().zip(HEAD) {
        *place = column(&head, name).ok_or_else(wrong)?;
    }
    let informal = column(&head, INFORMAL);
    let mut table =
        Table { drafts: Vec::new(), rows: Vec::new(), has_informal: informal.is_some(), faults: Vec::new() };
    let open = open_quote(csv, separator);
    for (row, cells) in (2..).zip(rows) {
        if open == Some(row) {
            table.faults.push(Fault { row, column: "", word: "snippet-quote-open" });
        } else if cells.iter().any(|cell| !cell.trim().is_empty()) {
            let informal = informal.map_or("", |place| cell(&cells, place));
            match draft(places.map(|place| cell(&cells, place)), informal) {
                Ok(draft) => table.add(row, draft),
                Err((column, word)) => table.faults.push(Fault { row, column, word }),
            }
        }
    }
    Ok(table)
}

/// A snippet of one text; or what is wrong, and in which column.
fn draft(cells: [&str; 5], informal: &str) -> Result<Draft, (&'static str, &'static str)> {
    let [shortcut, name, folder, language, body] = cells;
    let known = Language::from_code(&language.to_lowercase());
    let language = known.ok_or(("language", "snippet-language-wrong"))?;
    let informal = typed::html(informal);
    if !informal.is_empty() && !language.has_tones() {
        return Err((INFORMAL, "snippet-informal-wrong"));
    }
    Ok(Draft {
        name: name.to_owned(),
        shortcut: shortcut.to_lowercase(),
        folder: folder.to_owned(),
        owner: None,
        queue: None,
        texts: vec![Text { language, body: typed::html(body), informal }],
    })
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

/// Commas or, as German spreadsheets write it, semicolons.
fn separator(csv: &str) -> u8 {
    let first = csv.lines().next().unwrap_or_default();
    if first.contains(';') && !first.contains(',') { b';' } else { b',' }
}

/// The cells of a table. Empty lines are no rows.
fn rows(csv: &str, separator: u8) -> Result<Vec<Vec<String>>> {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader =
        reader.delimiter(separator).has_headers(false).flexible(true).from_reader(csv.as_bytes());
    let cells = |row: csv::Result<csv::StringRecord>| {
        let row = row.map_err(|_| Error::invalid("table", "snippet-table-wrong"))?;
        Ok(row.iter().map(str::to_owned).collect())
    };
    reader.records().map(cells).collect()
}

/// Where in a table one is, reading it character by character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    RowBegins,
    CellBegins,
    Plain,
    Quoted,
    /// Behind a quotation mark that ends the cell, or is the first of two that stand for one.
    QuoteSeen,
}

/// The row with a quotation mark that opens a cell which never ends.
fn open_quote(csv: &str, separator: u8) -> Option<usize> {
    let (mut row, mut place) = (0, Place::RowBegins);
    for c in csv.chars() {
        let next = match (place, c) {
            (Place::Quoted, '"') => Place::QuoteSeen,
            (Place::Quoted, _) | (Place::QuoteSeen | Place::RowBegins | Place::CellBegins, '"') => {
                Place::Quoted
            }
            (_, '\n' | '\r') => Place::RowBegins,
            (_, c) if c == char::from(separator) => Place::CellBegins,
            _ => Place::Plain,
        };
        row += usize::from(place == Place::RowBegins && next != Place::RowBegins);
        place = next;
    }
    (place == Place::Quoted).then_some(row)
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
        let faults = from_csv(english).expect("columns").faults;
        assert_eq!(faults, [Fault { row: 2, column: "informal", word: "snippet-informal-wrong" }]);
    }

    #[test]
    fn what_does_not_fit_is_told_by_row_and_column() {
        let table = "shortcut,name,folder,language,body\n\
            gut,Gut,,de,\"Guten \"\"Tag\"\",\nGrüße\"\n\
            fremd,Fremd,,fr,Bonjour\n\
            offen,Offen,,de,\"Guten Tag\nende,Ende,,de,Ende\n";
        let table = from_csv(table).expect("columns");
        assert_eq!(table.drafts.len(), 1);
        let faults = [
            Fault { row: 3, column: "language", word: "snippet-language-wrong" },
            Fault { row: 4, column: "", word: "snippet-quote-open" },
        ];
        assert_eq!(table.faults, faults);
        let error = FieldError { field: "body_de", word: "error-field-too-long" };
        assert_eq!(table.fault(0, &error), Fault { row: 2, column: "body", word: "error-field-too-long" });
    }
}
