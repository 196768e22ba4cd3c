//! Public holidays: which they are, and on which day they fall.
//!
//! Which region keeps which is in `rules`. Dates follow the rules in force since 1995; holidays that
//! came later or only once carry their year.

use jiff::civil::{Date, Weekday, date};
use serde::{Deserialize, Serialize};

use crate::Region;
use crate::rules::{local, statutory};

macro_rules! holiday_names {
    ($($variant:ident $de:literal $en:literal,)*) => {
        /// A public holiday, whatever a region calls it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum HolidayName {
            $($variant,)*
        }

        impl HolidayName {
            pub const fn german(self) -> &'static str {
                match self { $(Self::$variant => $de,)* }
            }

            pub const fn english(self) -> &'static str {
                match self { $(Self::$variant => $en,)* }
            }
        }
    };
}

holiday_names! {
    NewYear "Neujahr" "New Year's Day",
    BerchtoldsDay "Berchtoldstag" "Berchtold's Day",
    Epiphany "Heilige Drei Könige" "Epiphany",
    RepublicDayNeuchatel "Tag der Republik" "Republic Day",
    WomensDay "Internationaler Frauentag" "International Women's Day",
    SaintJoseph "Josefstag" "Saint Joseph's Day",
    NaefelserFahrt "Näfelser Fahrt" "Battle of Näfels Day",
    GoodFriday "Karfreitag" "Good Friday",
    EasterSunday "Ostersonntag" "Easter Sunday",
    EasterMonday "Ostermontag" "Easter Monday",
    LabourDay "Tag der Arbeit" "Labour Day",
    LiberationDay "Tag der Befreiung" "Liberation Day",
    Florian "Florian" "Saint Florian",
    Ascension "Christi Himmelfahrt" "Ascension Day",
    WhitSunday "Pfingstsonntag" "Whit Sunday",
    WhitMonday "Pfingstmontag" "Whit Monday",
    CorpusChristi "Fronleichnam" "Corpus Christi",
    UprisingDay "Jahrestag des Volksaufstands" "Anniversary of the 1953 uprising",
    JuraIndependence "Fest der Unabhängigkeit" "Jura Independence Day",
    PeterAndPaul "Peter und Paul" "Saints Peter and Paul",
    SwissNationalDay "Bundesfeier" "Swiss National Day",
    AugsburgPeace "Augsburger Friedensfest" "Augsburg Peace Festival",
    Assumption "Mariä Himmelfahrt" "Assumption Day",
    GenevaFast "Genfer Bettag" "Geneva Fast",
    FastMonday "Bettagsmontag" "Federal Fast Monday",
    ChildrensDay "Weltkindertag" "World Children's Day",
    BrotherKlaus "Bruder Klaus" "Saint Nicholas of Flüe",
    Rupert "Rupert" "Saint Rupert",
    GermanUnity "Tag der Deutschen Einheit" "German Unity Day",
    PlebisciteDay "Tag der Volksabstimmung" "Plebiscite Day",
    AustrianNationalDay "Nationalfeiertag" "Austrian National Day",
    Reformation "Reformationstag" "Reformation Day",
    AllSaints "Allerheiligen" "All Saints' Day",
    Martin "Martin" "Saint Martin",
    Leopold "Leopold" "Saint Leopold",
    Repentance "Buß- und Bettag" "Day of Repentance and Prayer",
    ImmaculateConception "Mariä Empfängnis" "Immaculate Conception",
    Christmas "Weihnachten" "Christmas Day",
    SaintStephen "Zweiter Weihnachtstag" "Saint Stephen's Day",
    RestorationGeneva "Wiederherstellung der Republik" "Restoration of the Republic",
}

/// The statutory public holidays that apply in the whole region, by date.
///
/// `year` outside 1900 to 2200 gives none. Holidays of single towns or communities are in
/// [`local_holidays`].
pub fn holidays(region: Region, year: i16) -> Vec<(Date, HolidayName)> {
    dated(statutory(region, year), region, year)
}

/// Days that are holidays in parts of the region only (Catholic communities in Bavaria, Saxony,
/// Thuringia, Aargau, Freiburg, Solothurn; Augsburg), or by custom without a statute (Berchtoldstag in
/// Zürich, the patron saints of the Austrian Länder). A house decides for itself which of them it keeps.
pub fn local_holidays(region: Region, year: i16) -> Vec<(Date, HolidayName)> {
    dated(local(region), region, year)
}

fn dated(names: Vec<HolidayName>, region: Region, year: i16) -> Vec<(Date, HolidayName)> {
    if !(1900..=2200).contains(&year) {
        return Vec::new();
    }
    let mut days: Vec<_> = names
        .into_iter()
        .map(|name| (date_of(name, year), name))
        .filter(|(date, name)| is_kept(*date, *name, region))
        .collect();
    days.sort_unstable();
    days
}

/// Some cantons drop a day that would make the third holiday in a row, or keep it on Mondays only.
fn is_kept(date: Date, name: HolidayName, region: Region) -> bool {
    use HolidayName::{BerchtoldsDay, SaintStephen};
    match (region, name) {
        (Region::ChNe, BerchtoldsDay | SaintStephen) => date.weekday() == Weekday::Monday,
        (Region::ChAi | Region::ChAr | Region::ChUr, SaintStephen) => {
            !matches!(date.weekday(), Weekday::Tuesday | Weekday::Saturday)
        }
        _ => true,
    }
}

/// Easter Sunday of the Gregorian calendar (Gauss, with the correction by Lichtenberg).
pub fn easter_sunday(year: i16) -> Date {
    let y = i32::from(year);
    let (century, golden) = (y.div_euclid(100), y.rem_euclid(19));
    let moon = 15 + (3 * century + 3) / 4 - (8 * century + 13) / 25;
    let sun = 2 - (3 * century + 3) / 4;
    let seed = (19 * golden + moon).rem_euclid(30);
    let full_moon = 21 + seed - (seed + golden / 11) / 29;
    let first_sunday = 7 - (y + y.div_euclid(4) + sun).rem_euclid(7);
    let distance = 7 - (full_moon - first_sunday).rem_euclid(7);
    // Counted from the last day of February, so that day 32 is 1 April.
    after(date(year, 3, 1), full_moon + distance - 1)
}

fn date_of(name: HolidayName, year: i16) -> Date {
    use HolidayName as N;
    let easter = |days| after(easter_sunday(year), days);
    let day = |month, day| date(year, month, day);
    match name {
        N::NewYear => day(1, 1),
        N::BerchtoldsDay => day(1, 2),
        N::Epiphany => day(1, 6),
        N::RepublicDayNeuchatel => day(3, 1),
        N::WomensDay => day(3, 8),
        N::SaintJoseph => day(3, 19),
        N::NaefelserFahrt => naefelser_fahrt(year),
        N::GoodFriday => easter(-2),
        N::EasterSunday => easter(0),
        N::EasterMonday => easter(1),
        N::LabourDay => day(5, 1),
        N::LiberationDay => day(5, 8),
        N::Florian => day(5, 4),
        N::Ascension => easter(39),
        N::WhitSunday => easter(49),
        N::WhitMonday => easter(50),
        N::CorpusChristi => easter(60),
        N::UprisingDay => day(6, 17),
        N::JuraIndependence => day(6, 23),
        N::PeterAndPaul => day(6, 29),
        N::SwissNationalDay => day(8, 1),
        N::AugsburgPeace => day(8, 8),
        N::Assumption => day(8, 15),
        N::GenevaFast => after(nth(year, 9, 1, Weekday::Sunday), 4),
        N::FastMonday => after(nth(year, 9, 3, Weekday::Sunday), 1),
        N::ChildrensDay => day(9, 20),
        N::BrotherKlaus => day(9, 25),
        N::Rupert => day(9, 24),
        N::GermanUnity => day(10, 3),
        N::PlebisciteDay => day(10, 10),
        N::AustrianNationalDay => day(10, 26),
        N::Reformation => day(10, 31),
        N::AllSaints => day(11, 1),
        N::Martin => day(11, 11),
        N::Leopold => day(11, 15),
        N::Repentance => repentance(year),
        N::ImmaculateConception => day(12, 8),
        N::Christmas => day(12, 25),
        N::SaintStephen => day(12, 26),
        N::RestorationGeneva => day(12, 31),
    }
}

/// The first Thursday of April, a week later if that is Maundy Thursday.
fn naefelser_fahrt(year: i16) -> Date {
    let thursday = nth(year, 4, 1, Weekday::Thursday);
    if thursday == after(easter_sunday(year), -3) { after(thursday, 7) } else { thursday }
}

/// The Wednesday before 23 November.
fn repentance(year: i16) -> Date {
    let last = date(year, 11, 22);
    let back = last.weekday().since(Weekday::Wednesday);
    after(last, -i32::from(back))
}

fn nth(year: i16, month: i8, nth: i8, weekday: Weekday) -> Date {
    let first = date(year, month, 1);
    first.nth_weekday_of_month(nth, weekday).unwrap_or(first)
}

fn after(date: Date, days: i32) -> Date {
    date.saturating_add(jiff::SignedDuration::from_hours(24 * i64::from(days)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_falls_on_the_published_sundays() {
        for (year, month, day) in [
            (1961, 4, 2),
            (2000, 4, 23),
            (2008, 3, 23),
            (2011, 4, 24),
            (2019, 4, 21),
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2027, 3, 28),
            (2038, 4, 25),
        ] {
            assert_eq!(easter_sunday(year), date(year, month, day));
        }
        for year in 1900..=2200 {
            let easter = easter_sunday(year);
            assert_eq!(easter.weekday(), Weekday::Sunday, "{year}");
            assert!(date(year, 3, 22) <= easter && easter <= date(year, 4, 25), "{year}");
        }
    }

    #[test]
    fn movable_days_that_do_not_hang_on_easter_are_right() {
        for (name, expected) in [
            (HolidayName::Repentance, [date(2025, 11, 19), date(2026, 11, 18), date(2028, 11, 22)]),
            (HolidayName::GenevaFast, [date(2025, 9, 11), date(2026, 9, 10), date(2028, 9, 7)]),
            (HolidayName::FastMonday, [date(2025, 9, 22), date(2026, 9, 21), date(2028, 9, 18)]),
            // 2026: the first Thursday of April is Maundy Thursday.
            (HolidayName::NaefelserFahrt, [date(2025, 4, 3), date(2026, 4, 9), date(2028, 4, 6)]),
        ] {
            assert_eq!([2025, 2026, 2028].map(|year| date_of(name, year)), expected, "{name:?}");
        }
    }
}
