//! How customers of each country write: days and months by their names, words of their region.

use crate::model::Customer;
use crate::moment::date_of;
use jiff::civil::{Date, Weekday};

/// How a customer writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speech {
    Austrian,
    German,
    Swiss,
    English,
}

impl Speech {
    pub fn of(customer: &Customer) -> Self {
        match (customer.language, customer.country) {
            ("en", _) => Self::English,
            (_, "AT") => Self::Austrian,
            (_, "CH") => Self::Swiss,
            _ => Self::German,
        }
    }
}

const WEEKDAYS: [&str; 7] = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
const WEEKDAYS_ENGLISH: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
const MONTHS_ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// "9 am", as English customers say a full hour.
pub fn clock(hour: usize) -> String {
    match hour {
        0..12 => format!("{hour} am"),
        12 => "noon".to_owned(),
        _ => format!("{} pm", hour - 12),
    }
}

/// Its month, by its name.
pub fn month(date: Date, speech: Speech) -> &'static str {
    let index = usize::try_from(date.month() - 1).unwrap_or(0);
    match (speech, index) {
        (Speech::English, _) => MONTHS_ENGLISH[index],
        (Speech::Austrian, 0) => "Jänner",
        _ => MONTHS[index],
    }
}

/// Its day of the week, by its name.
pub fn weekday(date: Date, english: bool) -> &'static str {
    let index = usize::try_from(date.weekday().since(Weekday::Monday)).unwrap_or(0);
    if english { WEEKDAYS_ENGLISH[index] } else { WEEKDAYS[index] }
}

/// In German; codes of vouchers and collections are called so.
pub fn season(at: i64) -> &'static str {
    match date_of(at).month() {
        3..=5 => "Frühling",
        6..=8 => "Sommer",
        9..=11 => "Herbst",
        _ => "Winter",
    }
}

/// Austrian words and how Germany and Switzerland say them.
const REGIONAL: &[(&str, &str, &str)] = &[
    ("Stiegenhaus", "Treppenhaus", "Treppenhaus"),
    ("die Stiege", "die Treppe", "die Treppe"),
    ("Kassa", "Kasse", "Kasse"),
    ("Sackerl", "Tütchen", "Säckli"),
    ("Klappsesseln", "Klappstühlen", "Klappstühlen"),
    ("Vorzimmer", "Flur", "Gang"),
    ("geläutet", "geklingelt", "geläutet"),
    (" läuten", " klingeln", " läuten"),
    ("daheim", "zu Hause", "daheim"),
    ("auf Urlaub", "im Urlaub", "in den Ferien"),
    ("eingezwickt", "eingeklemmt", "eingeklemmt"),
    ("Mahnspesen", "Mahngebühren", "Mahngebühren"),
    ("Bankspesen", "Bankgebühren", "Bankspesen"),
    ("verrechnet mir Spesen", "berechnet mir Gebühren", "verrechnet mir Spesen"),
    ("die falsche Gasse", "die falsche Straße", "die falsche Gasse"),
    ("in der Früh", "morgens", "am Morgen"),
    ("Montag früh", "Montagmorgens", "Am Montagmorgen"),
    ("rinnt", "läuft", "läuft"),
    ("Diskonter", "Discounter", "Discounter"),
    ("zum Siebziger", "zum Siebzigsten", "zum Siebzigsten"),
    ("Postkasten", "Briefkasten", "Briefkasten"),
    ("untertags", "tagsüber", "tagsüber"),
    ("Der Fahrer", "Der Fahrer", "Der Chauffeur"),
    ("Mülltonnen", "Mülltonnen", "Abfallcontainern"),
    ("Tischler", "Tischler", "Schreiner"),
    ("Kuvert", "Umschlag", "Couvert"),
];

/// `text`, written in Austrian German, as people of another region write it.
pub fn regional(text: &str, speech: Speech) -> String {
    let mut text = text.to_owned();
    if matches!(speech, Speech::German | Speech::Swiss) {
        for (austrian, german, swiss) in REGIONAL {
            if text.contains(austrian) {
                text = text.replace(austrian, if speech == Speech::German { german } else { swiss });
            }
        }
    }
    if speech == Speech::Swiss {
        text = text.replace('ß', "ss").replace('„', "«").replace('“', "»");
    }
    text
}
