//! What the example company sells.
//!
//! Beside name and price each article carries its grammatical gender, so that sentences about it read well.

use crate::model::Product;

/// An article with what sentences need to speak of it.
pub struct Good {
    pub name: &'static str,
    pub english: &'static str,
    /// m, f or n: der, die, das.
    pub gender: char,
    pub cents: i64,
    pub group: &'static str,
    /// How often it is bought compared with the others.
    pub weight: u64,
}

const fn good(
    group: &'static str,
    name: &'static str,
    english: &'static str,
    gender: char,
    euros: i64,
    weight: u64,
) -> Good {
    Good { name, english, gender, cents: euros * 100 - 10, group, weight }
}

pub const GROUPS: [&str; 8] =
    ["Polster", "Betten", "Wohnen", "Küche", "Licht", "Elektronik", "Haushaltsgeräte", "Garten"];

pub const GOODS: &[Good] = &[
    good("Polster", "Sofa „Linde“", "Linde sofa", 'n', 1249, 9),
    good("Polster", "Ecksofa „Ulme“", "Ulme corner sofa", 'n', 1890, 5),
    good("Polster", "Schlafsofa „Weide“", "Weide sofa bed", 'n', 799, 6),
    good("Polster", "Ohrensessel „Kastanie“", "Kastanie armchair", 'm', 549, 4),
    good("Polster", "Hocker „Linde“", "Linde footstool", 'm', 189, 4),
    good("Betten", "Bett „Ahorn“", "Ahorn bed", 'n', 649, 10),
    good("Betten", "Boxspringbett „Zeder“", "Zeder box spring bed", 'n', 1399, 5),
    good("Betten", "Matratze „Heuboden“", "Heuboden mattress", 'f', 429, 7),
    good("Betten", "Kinderbett „Hasel“", "Hasel children's bed", 'n', 299, 5),
    good("Betten", "Lattenrost „Stieg“", "Stieg slatted base", 'm', 159, 4),
    good("Wohnen", "Regal „Birke“", "Birke shelf", 'n', 179, 9),
    good("Wohnen", "Kommode „Erle“", "Erle chest of drawers", 'f', 349, 7),
    good("Wohnen", "Esstisch „Esche“", "Esche dining table", 'm', 899, 6),
    good("Wohnen", "Stuhl „Esche“", "Esche chair", 'm', 139, 6),
    good("Wohnen", "Kleiderschrank „Eiche“", "Eiche wardrobe", 'm', 1090, 5),
    good("Wohnen", "Schreibtisch „Lärche“", "Lärche desk", 'm', 389, 6),
    good("Wohnen", "Garderobe „Fichte“", "Fichte coat rack", 'f', 249, 4),
    good("Wohnen", "Couchtisch „Kiesel“", "Kiesel coffee table", 'm', 219, 4),
    good("Küche", "Küchenzeile „Pinie“", "Pinie kitchen", 'f', 3490, 3),
    good("Küche", "Kücheninsel „Pinie“", "Pinie kitchen island", 'f', 1290, 2),
    good("Küche", "Hochschrank „Pinie“", "Pinie tall cabinet", 'm', 459, 3),
    good("Küche", "Spüle „Bach“", "Bach sink", 'f', 279, 3),
    good("Licht", "Stehlampe „Nova“", "Nova floor lamp", 'f', 129, 8),
    good("Licht", "Deckenlampe „Nova Ring“", "Nova Ring ceiling lamp", 'f', 189, 7),
    good("Licht", "LED-Leiste „Nova Band“", "Nova Band LED strip", 'f', 49, 7),
    good("Licht", "Tischleuchte „Funke“", "Funke table lamp", 'f', 69, 6),
    good("Licht", "Lichterkette „Advent“", "Advent fairy lights", 'f', 29, 5),
    good("Elektronik", "Lautsprecher „Klangholz“", "Klangholz speaker", 'm', 159, 7),
    good("Elektronik", "Fernseher FS 55", "FS 55 television", 'm', 699, 6),
    good("Elektronik", "Soundleiste SL 3", "SL 3 sound bar", 'f', 249, 5),
    good("Elektronik", "Kopfhörer „Ruhe“", "Ruhe headphones", 'm', 119, 6),
    good("Elektronik", "Radiowecker „Hahn“", "Hahn alarm clock", 'm', 59, 5),
    good("Haushaltsgeräte", "Waschmaschine WM 7", "WM 7 washing machine", 'f', 549, 9),
    good("Haushaltsgeräte", "Kühlschrank KS 4", "KS 4 fridge", 'm', 629, 7),
    good("Haushaltsgeräte", "Backofen BO 5", "BO 5 oven", 'm', 579, 6),
    good("Haushaltsgeräte", "Geschirrspüler GS 6", "GS 6 dishwasher", 'm', 499, 6),
    good("Haushaltsgeräte", "Staubsauger „Wirbel“", "Wirbel vacuum cleaner", 'm', 199, 6),
    good("Haushaltsgeräte", "Kaffeemaschine KM 2", "KM 2 coffee machine", 'f', 349, 6),
    good("Garten", "Gartentisch „Akazie“", "Akazie garden table", 'm', 329, 4),
    good("Garten", "Liegestuhl „Akazie“", "Akazie deck chair", 'm', 99, 5),
    good("Garten", "Sonnenschirm „Almrausch“", "Almrausch parasol", 'm', 149, 4),
];

/// The same as plain data; indexes agree.
pub fn products() -> Vec<Product> {
    GOODS.iter().map(|good| Product { name: good.name, price_cents: good.cents, group: good.group }).collect()
}
