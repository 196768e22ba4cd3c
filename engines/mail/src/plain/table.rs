//! Tables: columns where they fit, labelled lines where they do not, and layout tables as the text in them.

use super::{Paragraph, WIDTH};

/// Between two columns.
const BAR: &str = " | ";

/// One cell, with what was in it.
#[derive(Debug, Default)]
pub(super) struct Cell {
    pub lines: Vec<Paragraph>,
    /// Names its column or row.
    pub head: bool,
}

impl Cell {
    /// Its text, if it is one short text and not a page in itself.
    fn text(&self) -> Option<&str> {
        match self.lines.as_slice() {
            [] => Some(""),
            [only] if only.first.is_empty() && only.quote == 0 && !only.fixed => Some(&only.text),
            _ => None,
        }
    }
}

/// The table as paragraphs.
pub(super) fn write(rows: Vec<Vec<Cell>>) -> Vec<Paragraph> {
    let rows: Vec<Vec<Cell>> = rows.into_iter().filter(|row| !row.is_empty()).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let texts: Option<Vec<Vec<&str>>> =
        rows.iter().map(|row| row.iter().map(Cell::text).collect::<Option<_>>()).collect();
    let Some(texts) = texts.filter(|_| 1 < columns) else { return blocks(rows) };
    let headed = rows.first().is_some_and(|row| row.iter().all(|cell| cell.head)) && 1 < rows.len();
    let width = |column: usize| {
        let cells = texts.iter().filter_map(|row| row.get(column));
        cells.map(|text| text.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let total = widths.iter().sum::<usize>() + BAR.len() * (columns - 1);
    if total <= WIDTH - 4 {
        aligned(&texts, &widths, headed)
    } else if headed {
        labelled(&texts)
    } else {
        texts.iter().map(|row| Paragraph::of(row.join(BAR))).collect()
    }
}

fn aligned(texts: &[Vec<&str>], widths: &[usize], headed: bool) -> Vec<Paragraph> {
    let mut lines = Vec::new();
    for (number, row) in texts.iter().enumerate() {
        let cells = widths.iter().enumerate().map(|(column, width)| {
            let text = row.get(column).copied().unwrap_or_default();
            format!("{text:width$}")
        });
        let line = cells.collect::<Vec<_>>().join(BAR);
        lines.push(Paragraph::fixed(line.trim_end().to_owned()));
        if headed && number == 0 {
            let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
            lines.push(Paragraph::fixed(rule.join("-+-")));
        }
    }
    lines
}

/// Each cell with the name of its column before it, rows apart.
fn labelled(texts: &[Vec<&str>]) -> Vec<Paragraph> {
    let Some((names, rows)) = texts.split_first() else { return Vec::new() };
    let mut lines = Vec::new();
    for row in rows {
        if !lines.is_empty() {
            lines.push(Paragraph::default());
        }
        for (column, text) in row.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            let name = names.get(column).copied().unwrap_or_default().trim_end_matches(':');
            let line = if name.is_empty() { (*text).to_owned() } else { format!("{name}: {text}") };
            lines.push(Paragraph::of(line));
        }
    }
    lines
}

/// Cell after cell: such a table arranges a page.
fn blocks(rows: Vec<Vec<Cell>>) -> Vec<Paragraph> {
    let mut lines: Vec<Paragraph> = Vec::new();
    for cell in rows.into_iter().flatten().filter(|cell| !cell.lines.is_empty()) {
        if 1 < cell.lines.len() && !lines.is_empty() {
            lines.push(Paragraph::default());
        }
        lines.extend(cell.lines);
    }
    lines
}
