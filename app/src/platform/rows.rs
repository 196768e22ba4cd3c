//! What the rows of forms are called where something has to be corrected: `filter-0` is the first condition.
//!
//! Fields of errors are known when the program is built; so are the names of rows, as many as a form may have.

/// Rows that a form may have.
pub const MOST: usize = 40;

macro_rules! numbered {
    ($name:literal: $($at:literal)*) => { Rows { name: $name, names: [$(concat!($name, "-", $at)),*] } };
    ($name:literal) => {
        numbered!($name: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19
                         20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39)
    };
}

/// The rows of one kind.
pub struct Rows {
    name: &'static str,
    names: [&'static str; MOST],
}

/// Conditions of a filter, in the order in which they are read.
pub static CONDITIONS: Rows = numbered!("filter");
/// Conditions on a mail.
pub static MAILS: Rows = numbered!("mail");
/// What changed from what to what.
pub static CHANGES: Rows = numbered!("changes");
/// What a rule does.
pub static ACTIONS: Rows = numbered!("actions");

impl Rows {
    /// The field of a row counted from 0; of all rows beyond what there may be.
    pub fn field(&self, at: usize) -> &'static str {
        self.names.get(at).copied().unwrap_or(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_its_number() {
        assert_eq!(
            (CONDITIONS.field(0), ACTIONS.field(39), MAILS.field(40)),
            ("filter-0", "actions-39", "mail")
        );
    }
}
