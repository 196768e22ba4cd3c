//! Reads exposure from CSV or JSON and says what is wrong in which line.

use std::collections::{BTreeSet, HashSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::Exposure;
use crate::platform::web::day;

/// The columns, in the order of the example; a file may have them in any order.
pub const COLUMNS: [&str; 5] = ["date", "product_group", "orders", "deliveries", "active_customers"];
const LONGEST_GROUP: usize = 100;

/// A row as it was sent.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ExposureRow {
    /// As in 2026-11-16; 16.11.2026 is understood, too.
    pub date: String,
    pub product_group: String,
    pub orders: i64,
    pub deliveries: i64,
    pub active_customers: i64,
}

impl From<&Exposure> for ExposureRow {
    fn from(row: &Exposure) -> Self {
        Self {
            date: row.day.to_string(),
            product_group: row.product_group.clone(),
            orders: row.orders.into(),
            deliveries: row.deliveries.into(),
            active_customers: row.active_customers.into(),
        }
    }
}

/// What is wrong in one line. `word` is a translation key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineError {
    /// The line of the file, from 1 with the header; or the row of a JSON list, from 1.
    pub line: u64,
    pub field: &'static str,
    pub word: &'static str,
}

/// What rows are checked against.
pub struct Known {
    pub today: Date,
    /// Product groups of the house; empty while it has none, and then all are taken.
    pub groups: BTreeSet<String>,
}

/// Reads CSV with a header, separated by commas or semicolons, in UTF-8.
///
/// # Errors
///
/// Every wrong line; nothing is taken from a file with one.
pub fn read_csv(bytes: &[u8], known: &Known) -> Result<Vec<Exposure>, Vec<LineError>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let delimiter = if first.contains(&b';') { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).flexible(true).from_reader(bytes);
    let one = |line, field, word| Err(vec![LineError { line, field, word }]);
    let Ok(header) = reader.headers() else { return one(1, "body", "finance-line-unreadable") };
    let header: Vec<String> = header.iter().map(str::to_lowercase).collect();
    let mut places = [0; COLUMNS.len()];
    for (place, name) in places.iter_mut().zip(COLUMNS) {
        match header.iter().position(|column| column == name) {
            Some(found) => *place = found,
            None => return one(1, name, "finance-line-column"),
        }
    }
    let mut found = Found::default();
    for record in reader.records() {
        let Ok(record) = record else { return one(found.last + 1, "body", "finance-line-unreadable") };
        let line = record.position().map_or(found.last + 1, csv::Position::line);
        let fields = places.map(|place| record.get(place).unwrap_or_default());
        found.take(line, fields, known);
    }
    found.all()
}

/// Reads the rows of a JSON list.
///
/// # Errors
///
/// Every wrong row; nothing is taken from a list with one.
pub fn read_rows(rows: &[ExposureRow], known: &Known) -> Result<Vec<Exposure>, Vec<LineError>> {
    let mut found = Found::default();
    for (line, row) in (1..).zip(rows) {
        let counts = [row.orders, row.deliveries, row.active_customers].map(|count| count.to_string());
        found.take(line, [&row.date, &row.product_group, &counts[0], &counts[1], &counts[2]], known);
    }
    found.all()
}

/// What was read so far.
#[derive(Default)]
struct Found {
    rows: Vec<Exposure>,
    seen: HashSet<(Date, String)>,
    errors: Vec<LineError>,
    last: u64,
}

impl Found {
    fn take(&mut self, line: u64, fields: [&str; 5], known: &Known) {
        self.last = line;
        match read(fields, known) {
            Ok(row) if self.seen.insert((row.day, row.product_group.clone())) => self.rows.push(row),
            Ok(_) => self.errors.push(LineError { line, field: "product_group", word: "finance-line-twice" }),
            Err(errors) => {
                self.errors.extend(errors.into_iter().map(|(field, word)| LineError { line, field, word }));
            }
        }
    }

    fn all(self) -> Result<Vec<Exposure>, Vec<LineError>> {
        if !self.errors.is_empty() {
            return Err(self.errors);
        }
        if self.rows.is_empty() {
            return Err(vec![LineError { line: 1, field: "body", word: "finance-line-none" }]);
        }
        Ok(self.rows)
    }
}

type Wrong = (&'static str, &'static str);

fn read(
    [date, group, orders, deliveries, customers]: [&str; 5],
    known: &Known,
) -> Result<Exposure, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let day = day(date);
    match day {
        None => wrong.push((COLUMNS[0], "finance-line-date")),
        Some(day) if known.today < day => wrong.push((COLUMNS[0], "finance-line-future")),
        Some(_) => {}
    }
    let group = group.trim();
    if group.is_empty() || LONGEST_GROUP < group.chars().count() {
        wrong.push((COLUMNS[1], "finance-line-group"));
    } else if !known.groups.is_empty() && !known.groups.contains(group) {
        wrong.push((COLUMNS[1], "finance-line-group-unknown"));
    }
    let mut count = |field, text: &str| {
        text.trim().parse::<u32>().unwrap_or_else(|_| {
            wrong.push((field, "finance-line-count"));
            0
        })
    };
    let (orders, deliveries, active_customers) =
        (count(COLUMNS[2], orders), count(COLUMNS[3], deliveries), count(COLUMNS[4], customers));
    match day {
        Some(day) if wrong.is_empty() => {
            Ok(Exposure { day, product_group: group.to_owned(), orders, deliveries, active_customers })
        }
        _ => Err(wrong),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn known() -> Known {
        let groups = ["Sofas", "Lampen"].map(str::to_owned);
        Known { today: date(2026, 11, 20), groups: groups.into() }
    }

    #[test]
    fn commas_semicolons_and_any_order_of_columns_are_read() {
        let sofa = Exposure {
            day: date(2026, 11, 16),
            product_group: "Sofas".into(),
            orders: 12,
            deliveries: 9,
            active_customers: 800,
        };
        for text in [
            "date,product_group,orders,deliveries,active_customers\n2026-11-16,Sofas,12,9,800\n",
            "\u{feff}Date;orders;product_group;deliveries;active_customers\r\n16.11.2026; 12 ;Sofas;9;800",
        ] {
            assert_eq!(read_csv(text.as_bytes(), &known()), Ok(vec![sofa.clone()]), "{text}");
        }
    }

    #[test]
    fn every_wrong_line_is_named_with_its_number_and_field() {
        let text = "date,product_group,orders,deliveries,active_customers\n\
                    2026-11-16,Sofas,12,9,800\n\
                    11/16/2026,Sofas,12,9,800\n\
                    2026-11-17,,-1,9,viele\n\
                    2026-11-16,Sofas,1,1,1\n\
                    2027-01-01,Sofas,1,1,1\n\
                    2026-11-18,Sofas,1\n\
                    2026-11-18,Quatsch,1,1,1\n";
        let errors = read_csv(text.as_bytes(), &known()).expect_err("seven lines, one right");
        let told: Vec<_> = errors.iter().map(|error| (error.line, error.field)).collect();
        assert_eq!(
            told,
            [
                (3, "date"),
                (4, "product_group"),
                (4, "orders"),
                (4, "active_customers"),
                (5, "product_group"),
                (6, "date"),
                (7, "deliveries"),
                (7, "active_customers"),
                (8, "product_group"),
            ]
        );
    }

    #[test]
    fn a_missing_column_or_an_empty_file_is_said() {
        let column = read_csv(b"date,orders\n2026-11-16,1\n", &known()).expect_err("columns are missing");
        assert_eq!(column, [LineError { line: 1, field: "product_group", word: "finance-line-column" }]);
        let empty = read_csv(b"", &known()).expect_err("nothing is there");
        assert_eq!((empty[0].line, empty[0].field), (1, "date"));
        let header = read_csv(b"date,product_group,orders,deliveries,active_customers\n", &known())
            .expect_err("no rows");
        assert_eq!(header[0].word, "finance-line-none");
    }
}
