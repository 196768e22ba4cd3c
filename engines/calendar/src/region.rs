//! The regions whose public holidays are known, named as in ISO 3166-2.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! regions {
    ($($variant:ident $code:literal $name:literal,)*) => {
        /// A German Land, Austria or one of its Länder, or a Swiss canton. As text and JSON: `"DE-BY"`, `"AT"`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Region {
            $(#[serde(rename = $code)] $variant,)*
        }

        impl Region {
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// ISO 3166-2.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }

            /// What the region calls itself, in German.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

regions! {
    DeBw "DE-BW" "Baden-Württemberg",
    DeBy "DE-BY" "Bayern",
    DeBe "DE-BE" "Berlin",
    DeBb "DE-BB" "Brandenburg",
    DeHb "DE-HB" "Bremen",
    DeHh "DE-HH" "Hamburg",
    DeHe "DE-HE" "Hessen",
    DeMv "DE-MV" "Mecklenburg-Vorpommern",
    DeNi "DE-NI" "Niedersachsen",
    DeNw "DE-NW" "Nordrhein-Westfalen",
    DeRp "DE-RP" "Rheinland-Pfalz",
    DeSl "DE-SL" "Saarland",
    DeSn "DE-SN" "Sachsen",
    DeSt "DE-ST" "Sachsen-Anhalt",
    DeSh "DE-SH" "Schleswig-Holstein",
    DeTh "DE-TH" "Thüringen",
    At "AT" "Österreich",
    At1 "AT-1" "Burgenland",
    At2 "AT-2" "Kärnten",
    At3 "AT-3" "Niederösterreich",
    At4 "AT-4" "Oberösterreich",
    At5 "AT-5" "Salzburg",
    At6 "AT-6" "Steiermark",
    At7 "AT-7" "Tirol",
    At8 "AT-8" "Vorarlberg",
    At9 "AT-9" "Wien",
    ChAg "CH-AG" "Aargau",
    ChAi "CH-AI" "Appenzell Innerrhoden",
    ChAr "CH-AR" "Appenzell Ausserrhoden",
    ChBe "CH-BE" "Bern",
    ChBl "CH-BL" "Basel-Landschaft",
    ChBs "CH-BS" "Basel-Stadt",
    ChFr "CH-FR" "Freiburg",
    ChGe "CH-GE" "Genf",
    ChGl "CH-GL" "Glarus",
    ChGr "CH-GR" "Graubünden",
    ChJu "CH-JU" "Jura",
    ChLu "CH-LU" "Luzern",
    ChNe "CH-NE" "Neuenburg",
    ChNw "CH-NW" "Nidwalden",
    ChOw "CH-OW" "Obwalden",
    ChSg "CH-SG" "St. Gallen",
    ChSh "CH-SH" "Schaffhausen",
    ChSo "CH-SO" "Solothurn",
    ChSz "CH-SZ" "Schwyz",
    ChTg "CH-TG" "Thurgau",
    ChTi "CH-TI" "Tessin",
    ChUr "CH-UR" "Uri",
    ChVd "CH-VD" "Waadt",
    ChVs "CH-VS" "Wallis",
    ChZg "CH-ZG" "Zug",
    ChZh "CH-ZH" "Zürich",
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What was given instead of a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown region {0:?}; known are DE-BW to DE-TH, AT, AT-1 to AT-9 and CH-AG to CH-ZH")]
pub struct UnknownRegion(pub String);

impl FromStr for Region {
    type Err = UnknownRegion;

    fn from_str(text: &str) -> Result<Self, UnknownRegion> {
        let known = Self::ALL.iter().find(|region| region.code().eq_ignore_ascii_case(text.trim()));
        known.copied().ok_or_else(|| UnknownRegion(text.trim().to_owned()))
    }
}
