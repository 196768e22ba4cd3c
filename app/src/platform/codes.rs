//! Enums that are stored and sent as short texts.

/// Declares an enum whose variants have a stable code, for database, JSON and words.
///
/// `codes! { pub enum Status { Open = "open", Closed = "closed" } }`
macro_rules! codes {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $code)] $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable text of the database and the API.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        // Derived, the description would show the names of the variants.
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some(Self::ALL.iter().map(|one| one.code())))
                    .into()
            }
        }
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                $crate::platform::schema_name(module_path!(), stringify!($name)).into()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(code: &str) -> std::result::Result<Self, String> {
                Self::from_code(code).ok_or_else(|| {
                    let all: Vec<_> = Self::ALL.iter().map(|one| one.code()).collect();
                    format!("must be one of {}", all.join(", "))
                })
            }
        }

        impl From<$name> for $crate::platform::Arg {
            fn from(value: $name) -> Self { value.code().into() }
        }
        impl From<Option<$name>> for $crate::platform::Arg {
            fn from(value: Option<$name>) -> Self { value.map($name::code).into() }
        }

        impl<DB: sqlx::Database> sqlx::Type<DB> for $name where String: sqlx::Type<DB> {
            fn type_info() -> DB::TypeInfo { <String as sqlx::Type<DB>>::type_info() }
            fn compatible(ty: &DB::TypeInfo) -> bool { <String as sqlx::Type<DB>>::compatible(ty) }
        }
        impl<'r, DB: sqlx::Database> sqlx::Decode<'r, DB> for $name where String: sqlx::Decode<'r, DB> {
            fn decode(value: DB::ValueRef<'r>) -> std::result::Result<Self, sqlx::error::BoxDynError> {
                let code = <String as sqlx::Decode<'r, DB>>::decode(value)?;
                Self::from_code(&code).ok_or_else(|| format!("unknown {}: {code}", stringify!($name)).into())
            }
        }
    };
}
/// The name in the description: slices may have codes of the same name, such as `State`.
pub fn schema_name(module: &str, name: &str) -> String {
    let slice = module.split("::").nth(1).unwrap_or_default();
    if slice == "platform" || name.to_lowercase().starts_with(slice.trim_end_matches('s')) {
        return name.to_owned();
    }
    let (first, rest) = slice.split_at_checked(1).unwrap_or_default();
    format!("{}{rest}{name}", first.to_uppercase())
}

pub(crate) use codes;
