//! Words and numbers that depend on a seed only.

/// A number that looks random and is the same every time (splitmix64).
pub const fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Below `limit`, from `seed`.
pub fn below(seed: u64, limit: usize) -> usize {
    let limit = u64::try_from(limit.max(1)).unwrap_or(u64::MAX);
    usize::try_from(mix(seed) % limit).unwrap_or(0)
}

const BEGIN: [&str; 20] = [
    "ba", "dre", "fi", "gla", "ho", "ka", "lin", "mo", "ne", "pra", "ra", "sche", "ta", "ul", "ve", "wa",
    "zo", "kri", "stu", "bre",
];
const MIDDLE: [&str; 20] = [
    "bel", "den", "fer", "gan", "hol", "kun", "lam", "mer", "nis", "pol", "rin", "sel", "tor", "ven", "wig",
    "zan", "dor", "lek", "mund", "rast",
];
const END: [&str; 20] = [
    "a", "en", "er", "ich", "ing", "o", "um", "ut", "old", "eck", "in", "ar", "us", "ach", "elt", "orn",
    "ei", "und", "ast", "ir",
];

/// One of 160,000 words that no text has by itself: names of things, places and people.
pub fn rare(seed: u64) -> String {
    let pick = |list: &[&'static str; 20], salt: u64| list[below(seed ^ (salt << 48), 20)];
    format!("{}{}{}{}", pick(&BEGIN, 1), pick(&MIDDLE, 2), pick(&MIDDLE, 3), pick(&END, 4))
}

/// The order that a case is about.
pub fn order(case: usize) -> String {
    format!("AB{:07}", 1_000_000 + case * 7)
}
