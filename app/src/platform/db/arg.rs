//! What is bound to a statement.

use sqlx::Arguments;

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
            // PostgreSQL takes no NUL in a text, whoever typed it.
            Self::Text(Some(text)) if text.contains('\0') => args.add(Some(text.replace('\0', ""))),
            Self::Text(value) => args.add(value),
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
