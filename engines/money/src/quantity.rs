//! Percentages and hours as people enter them in settings: at most two decimals, kept exactly.

use serde::{Deserialize, Serialize};

use crate::parse::hundredths;
use crate::{Notation, ParseError};

/// A number that is negative, too large or no number.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("{0} is out of range")]
pub struct OutOfRange(pub f64);

/// A percentage from 0 upwards in steps of 0.01 %. As JSON a number: `12.5` is 12.5 %.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "f64", try_from = "f64")]
pub struct Percent(u32);

impl Percent {
    /// Whole percent.
    pub const fn whole(percent: u16) -> Self {
        Self(percent as u32 * 100)
    }

    /// Steps of 0.01 %: 1250 is 12.5 %.
    pub const fn from_hundredths(hundredths: u32) -> Self {
        Self(hundredths)
    }

    pub const fn hundredths(self) -> u32 {
        self.0
    }

    /// Reads `12,5` or `12.5`, as `notation` has it, and `30 %`.
    ///
    /// # Errors
    ///
    /// [`ParseError`]; negative numbers are [`ParseError::NotANumber`].
    pub fn parse(text: &str, notation: Notation) -> Result<Self, ParseError> {
        parse_positive(text.trim().trim_end_matches('%'), notation).map(Self)
    }
}

/// Hours from 0 upwards in steps of a hundredth. As JSON a number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "f64", try_from = "f64")]
pub struct Hours(u32);

impl Hours {
    /// Full hours.
    pub const fn whole(hours: u16) -> Self {
        Self(hours as u32 * 100)
    }

    /// Steps of a hundredth of an hour (36 seconds).
    pub const fn from_hundredths(hundredths: u32) -> Self {
        Self(hundredths)
    }

    pub const fn hundredths(self) -> u32 {
        self.0
    }

    /// Reads `2002` and, as `notation` has it, `1.650,5` or `1650.5 h`.
    ///
    /// # Errors
    ///
    /// [`ParseError`]; negative numbers are [`ParseError::NotANumber`].
    pub fn parse(text: &str, notation: Notation) -> Result<Self, ParseError> {
        parse_positive(text.trim().trim_end_matches('h'), notation).map(Self)
    }
}

fn parse_positive(text: &str, notation: Notation) -> Result<u32, ParseError> {
    let hundredths = hundredths(text, notation)?;
    if hundredths < 0 {
        return Err(ParseError::NotANumber(text.trim().to_owned()));
    }
    u32::try_from(hundredths).map_err(|_| ParseError::TooLarge)
}

macro_rules! json_number {
    ($type:ident) => {
        impl From<$type> for f64 {
            fn from(value: $type) -> f64 {
                f64::from(value.0) / 100.0
            }
        }

        impl TryFrom<f64> for $type {
            type Error = OutOfRange;

            /// Rounds to the nearest hundredth.
            fn try_from(value: f64) -> Result<Self, OutOfRange> {
                let hundredths = (value * 100.0).round();
                if !(0.0..=f64::from(u32::MAX)).contains(&hundredths) {
                    return Err(OutOfRange(value));
                }
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a whole number in range"
                )]
                Ok(Self(hundredths as u32))
            }
        }
    };
}
json_number!(Percent);
json_number!(Hours);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_and_hours_are_read_as_typed() {
        use Notation::{English, German};
        assert_eq!(Percent::parse("12,5 %", German), Ok(Percent::from_hundredths(1250)));
        assert_eq!(Percent::parse("30", German), Ok(Percent::whole(30)));
        assert_eq!(Hours::parse("2.002", German), Ok(Hours::whole(2002)));
        assert_eq!(Hours::parse("2.002", English), Err(ParseError::TooManyDecimals("2.002".into())));
        assert_eq!(Hours::parse("1650,5 h", German), Ok(Hours::from_hundredths(165_050)));
        assert_eq!(Percent::parse("-1", German), Err(ParseError::NotANumber("-1".into())));
        assert_eq!(Percent::parse("", German), Err(ParseError::Empty));
    }

    #[test]
    fn json_numbers_read_back() {
        assert_eq!(serde_json::to_string(&Percent::from_hundredths(1250)).unwrap(), "12.5");
        assert_eq!(serde_json::from_str::<Percent>("12.5").unwrap(), Percent::from_hundredths(1250));
        assert!(serde_json::from_str::<Hours>("-1").is_err());
    }
}
