//! The currencies Kitt keeps books in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// ISO 4217. Both have two decimals, which the rest of this crate relies on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    #[default]
    Eur,
    Chf,
}

impl Currency {
    pub const ALL: [Self; 2] = [Self::Eur, Self::Chf];

    /// ISO 4217.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Eur => "EUR",
            Self::Chf => "CHF",
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What was given instead of a currency.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown currency {0:?}; EUR and CHF are known")]
pub struct UnknownCurrency(pub String);

impl FromStr for Currency {
    type Err = UnknownCurrency;

    /// Reads a code or the usual sign, in any case: `EUR`, `eur`, `€`, `Euro`, `CHF`, `Fr.`, `sFr`.
    fn from_str(text: &str) -> Result<Self, UnknownCurrency> {
        match text.trim().to_lowercase().as_str() {
            "eur" | "€" | "euro" => Ok(Self::Eur),
            "chf" | "fr" | "fr." | "sfr" | "sfr." => Ok(Self::Chf),
            _ => Err(UnknownCurrency(text.trim().to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_as_the_currency_that_wrote_them() {
        for currency in Currency::ALL {
            assert_eq!(currency.to_string().parse(), Ok(currency));
        }
        assert_eq!("usd".parse::<Currency>(), Err(UnknownCurrency("usd".into())));
    }
}
