//! What is bound to a statement.

use sqlx::Arguments;
use sqlx::postgres::PgArguments;

/// What can be bound: the types that both databases share. `None` keeps its type, which PostgreSQL needs.
#[derive(Debug, Clone)]
pub enum Arg {
    Int(Option<i64>),
    Float(Option<f64>),
    Bool(Option<bool>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

impl Arg {
    pub(super) fn add_to<A: Arguments>(self, args: &mut A)
    where
        Option<i64>: for<'t> sqlx::Encode<'t, A::Database> + sqlx::Type<A::Database>,
        Option<f64>: for<'t> sqlx::Encode<'t, A::Database> + sqlx::Type<A::Database>,
        Option<bool>: for<'t> sqlx::Encode<'t, A::Database> + sqlx::Type<A::Database>,
        Option<String>: for<'t> sqlx::Encode<'t, A::Database> + sqlx::Type<A::Database>,
        Option<Vec<u8>>: for<'t> sqlx::Encode<'t, A::Database> + sqlx::Type<A::Database>,
    {
        let added = match self {
            Self::Int(value) => args.add(value),
            Self::Float(value) => args.add(value),
            Self::Bool(value) => args.add(value),
            Self::Text(value) => args.add(value.map(without_nul)),
            Self::Bytes(value) => args.add(value),
        };
        added.expect("numbers, texts and bytes always encode");
    }
}

macro_rules! arg_from {
    ($($type:ty => $variant:ident, $value:ident => $convert:expr);+ $(;)?) => { $(
        impl From<$type> for Arg {
            fn from($value: $type) -> Self {
                Self::$variant(Some($convert))
            }
        }
        impl From<Option<$type>> for Arg {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value.map(|$value| $convert))
            }
        }
    )+ };
}
arg_from! {
    i64 => Int, value => value;
    i32 => Int, value => i64::from(value);
    u32 => Int, value => i64::from(value);
    f64 => Float, value => value;
    bool => Bool, value => value;
    String => Text, value => value;
    &str => Text, value => value.to_owned();
    &String => Text, value => value.clone();
    Vec<u8> => Bytes, value => value;
    &[u8] => Bytes, value => value.to_vec();
}

/// PostgreSQL takes no NUL in a text, whoever typed it.
fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text }
}

/// A column of several rows, as PostgreSQL takes it.
#[derive(Debug)]
pub enum Array {
    Ints(Vec<Option<i64>>),
    Floats(Vec<Option<f64>>),
    Bools(Vec<Option<bool>>),
    Texts(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

impl Array {
    /// The columns of `rows`, each of which begins like the first and goes on like it.
    ///
    /// # Panics
    ///
    /// If a column's type differs between rows, which is a mistake of who wrote the insert.
    pub fn columns(rows: Vec<Vec<Arg>>) -> Vec<Self> {
        let mut columns: Vec<Self> = Vec::new();
        for row in rows {
            for (at, arg) in row.into_iter().enumerate() {
                if columns.len() <= at {
                    columns.push(Self::like(&arg));
                }
                columns[at].push(arg);
            }
        }
        columns
    }

    const fn like(arg: &Arg) -> Self {
        match arg {
            Arg::Int(_) => Self::Ints(Vec::new()),
            Arg::Float(_) => Self::Floats(Vec::new()),
            Arg::Bool(_) => Self::Bools(Vec::new()),
            Arg::Text(_) => Self::Texts(Vec::new()),
            Arg::Bytes(_) => Self::Bytes(Vec::new()),
        }
    }

    fn push(&mut self, arg: Arg) {
        match (self, arg) {
            (Self::Ints(all), Arg::Int(value)) => all.push(value),
            (Self::Floats(all), Arg::Float(value)) => all.push(value),
            (Self::Bools(all), Arg::Bool(value)) => all.push(value),
            (Self::Texts(all), Arg::Text(value)) => all.push(value.map(without_nul)),
            (Self::Bytes(all), Arg::Bytes(value)) => all.push(value),
            (column, other) => panic!("{other:?} among {}", column.of()),
        }
    }

    /// The type of its values.
    pub const fn of(&self) -> &'static str {
        match self {
            Self::Ints(_) => "bigint",
            Self::Floats(_) => "double precision",
            Self::Bools(_) => "boolean",
            Self::Texts(_) => "text",
            Self::Bytes(_) => "bytea",
        }
    }

    pub fn add_to(self, args: &mut PgArguments) {
        let added = match self {
            Self::Ints(all) => args.add(all),
            Self::Floats(all) => args.add(all),
            Self::Bools(all) => args.add(all),
            Self::Texts(all) => args.add(all),
            Self::Bytes(all) => args.add(all),
        };
        added.expect("numbers, texts and bytes always encode");
    }
}
