//! How an incoming mail finds its case: by number, by signed address, by message id.
//!
//! A case number in a subject is readable by anyone, so it only suggests; the caller decides whether
//! the sender belongs to that case. Reply addresses and message ids carry a keyed BLAKE3 code of 80
//! bits, so that a stranger's guess finds nothing. Keys are the caller's.

use std::fmt::Display;

/// The case number in a subject: `[26-48213]`, `Fall 26-48213`, `Case #26-48213`.
#[must_use]
pub fn find_case_number(subject: &str) -> Option<&str> {
    numbers(subject)
        .find(|&(at, number)| is_marked(&subject[..at], &subject[at + number.len()..]))
        .map(|(_, number)| number)
}

/// Two digits of the year, a dash, five to nine digits: everywhere in the text.
pub(crate) fn numbers(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices('-').filter_map(|(dash, _)| {
        let year = text.get(dash.checked_sub(2)?..dash)?;
        let digits = text[dash + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let before = text[..dash - 2].chars().next_back();
        let fits = year.bytes().all(|byte| byte.is_ascii_digit()) && (5..=9).contains(&digits);
        (fits && !before.is_some_and(|c| c.is_ascii_digit() || c == '-'))
            .then(|| (dash - 2, &text[dash - 2..=dash + digits]))
    })
}

const MARKS: &[&str] =
    &["fall", "fallnummer", "fall-nr", "case", "vorgang", "vorgangsnummer", "ticket", "cas", "caso"];

/// In square brackets, or behind a word for "case".
fn is_marked(before: &str, after: &str) -> bool {
    if before.ends_with('[') && after.starts_with(']') {
        return true;
    }
    let before = before.trim_end_matches([' ', '#', ':', '\u{a0}']).to_lowercase();
    let before = before
        .strip_suffix(" nr.")
        .or_else(|| before.strip_suffix(" no."))
        .or_else(|| before.strip_suffix(" number"))
        .unwrap_or(&before);
    let word = before.rsplit(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or_default();
    MARKS.contains(&word) && !after.starts_with('-')
}

/// Prefixes by which clients mark answers and forwards, lower case.
const PREFIXES: &[&str] = &[
    "re",
    "aw",
    "wg",
    "fw",
    "fwd",
    "sv",
    "antw",
    "antwort",
    "vs",
    "r",
    "rif",
    "i",
    "tr",
    "rép",
    "ref",
    "enc",
    "rv",
    "res",
    "odp",
    "ynt",
    "vb",
    "doorst",
    "weitergeleitet",
    "betreff",
];

/// The subject without answer prefixes and case numbers, for comparing and for the case's title.
#[must_use]
pub fn normalise_subject(subject: &str) -> String {
    let mut rest = subject.to_owned();
    for number in numbers(subject).map(|(_, number)| number) {
        rest = rest.replace(&format!("[{number}]"), " ");
    }
    let mut rest = rest.trim();
    while let Some(shorter) = without_prefix(rest) {
        rest = shorter.trim_start();
    }
    rest.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `Re[5]: a` as `a`; also `Re^2:`, `AW (2):`.
fn without_prefix(subject: &str) -> Option<&str> {
    let (head, rest) = subject.split_once([':', '：'])?;
    let word = head.trim_end_matches(|c: char| c.is_ascii_digit() || "[]()^* ".contains(c)).to_lowercase();
    PREFIXES.contains(&word.as_str()).then_some(rest)
}

/// The address that answers to this case come back to: `name+k26-48213.<code>@domain`.
///
/// `base` is the mailbox as configured; without an `@` it is returned as it is.
#[must_use]
pub fn reply_address(base: &str, case_number: &str, key: &[u8; 32]) -> String {
    let Some((local, domain)) = base.rsplit_once('@') else { return base.to_owned() };
    let code = code(key, "reply address", &[case_number]);
    format!("{local}+k{case_number}.{code}@{domain}")
}

/// The case number of a [`reply_address`], if its code was made with this key.
#[must_use]
pub fn read_reply_address(address: &str, key: &[u8; 32]) -> Option<String> {
    let (local, _) = address.rsplit_once('@')?;
    let local = local.to_ascii_lowercase();
    let (_, token) = local.rsplit_once("+k")?;
    let (case_number, given) = token.split_once('.')?;
    same(given, &code(key, "reply address", &[case_number])).then(|| case_number.to_owned())
}

/// What an own message id says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnMessageId {
    pub case_number: String,
    /// As given to [`message_id`].
    pub contact_id: String,
}

/// The id of an outgoing message, without angle brackets: `k26-48213.<contact>.<code>@domain`.
///
/// `contact_id` is a number or another word without dots.
#[must_use]
pub fn message_id(contact_id: impl Display, case_number: &str, domain: &str, key: &[u8; 32]) -> String {
    let contact_id = contact_id.to_string();
    let code = code(key, "message id", &[case_number, &contact_id]);
    format!("k{case_number}.{contact_id}.{code}@{domain}")
}

/// The case and contact of a message id that this key made; `None` for any other.
#[must_use]
pub fn read_message_id(id: &str, key: &[u8; 32]) -> Option<OwnMessageId> {
    let (local, _) = id.trim_matches(['<', '>']).rsplit_once('@')?;
    let mut parts = local.strip_prefix('k')?.split('.');
    let (case_number, contact_id, given) = (parts.next()?, parts.next()?, parts.next()?);
    let is_own = parts.next().is_none() && same(given, &code(key, "message id", &[case_number, contact_id]));
    is_own.then(|| OwnMessageId { case_number: case_number.to_owned(), contact_id: contact_id.to_owned() })
}

/// Whether this key made the id.
#[must_use]
pub fn is_own_message_id(id: &str, key: &[u8; 32]) -> bool {
    read_message_id(id, key).is_some()
}

/// 80 bits of keyed BLAKE3 as 16 characters. `purpose` keeps codes of one kind from passing as another.
fn code(key: &[u8; 32], purpose: &str, parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new_keyed(key);
    hasher.update(purpose.as_bytes());
    for part in parts {
        hasher.update(&[0]).update(part.as_bytes());
    }
    base32(&hasher.finalize().as_bytes()[..10])
}

/// RFC 4648 in lower case, without padding: survives systems that change case.
fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut text = String::new();
    let (mut buffer, mut bits) = (0u32, 0);
    for &byte in bytes {
        buffer = buffer << 8 | u32::from(byte);
        bits += 8;
        while 5 <= bits {
            bits -= 5;
            text.push(char::from(ALPHABET[(buffer >> bits & 31) as usize]));
        }
        buffer &= (1 << bits) - 1;
    }
    if 0 < bits {
        text.push(char::from(ALPHABET[(buffer << (5 - bits) & 31) as usize]));
    }
    text
}

/// Compares in a time that does not tell where the difference is.
fn same(given: &str, wanted: &str) -> bool {
    let differences = given.bytes().zip(wanted.bytes()).fold(0, |seen, (left, right)| seen | (left ^ right));
    given.len() == wanted.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];
    const OTHER: [u8; 32] = [8; 32];

    #[test]
    fn case_numbers_are_found_only_where_they_are_marked() {
        for (subject, number) in [
            ("Re: Lampe [26-48213]", Some("26-48213")),
            ("AW: [26-48213] Lampe", Some("26-48213")),
            ("Fall 26-48213", Some("26-48213")),
            ("Zu Fall Nr. 26-48213: Lampe", Some("26-48213")),
            ("case #26-148213", Some("26-148213")),
            ("Lampe 26-48213", None),
            ("[26-4821]", None),
            ("[126-48213]", None),
            ("[2026-48213]", None),
            ("Rückfall 26-48213", None),
            ("[26-48213-1]", None),
            ("-12345", None),
            ("ü-12345 [ü6-12345]", None),
        ] {
            assert_eq!(find_case_number(subject), number, "{subject}");
        }
    }

    #[test]
    fn subjects_lose_prefixes_and_numbers() {
        for (subject, plain) in [
            ("AW: WG: Re[5]: Fwd: Lampe", "Lampe"),
            ("SV: Antw: Lampe", "Lampe"),
            ("Re: [26-48213] AW: Lampe", "Lampe"),
            ("RE^2: AW (3): Lampe  kaputt", "Lampe kaputt"),
            ("Rechnung: falsch", "Rechnung: falsch"),
            ("Re:", ""),
            ("", ""),
        ] {
            assert_eq!(normalise_subject(subject), plain, "{subject}");
        }
    }

    #[test]
    fn a_reply_address_is_read_back_and_cannot_be_guessed() {
        let address = reply_address("support@example.de", "26-48213", &KEY);
        assert_eq!(read_reply_address(&address, &KEY).as_deref(), Some("26-48213"));
        assert_eq!(read_reply_address(&address.to_uppercase(), &KEY).as_deref(), Some("26-48213"));
        assert_eq!(read_reply_address(&address, &OTHER), None);
        assert_eq!(read_reply_address(&address.replace("48213", "48214"), &KEY), None);
        assert_eq!(read_reply_address("support+k26-48213.@example.de", &KEY), None);
        assert_eq!(read_reply_address("support+k26-48213@example.de", &KEY), None);
        assert_eq!(read_reply_address("support@example.de", &KEY), None);
        assert!(address.split_once('@').is_some_and(|(local, _)| local.len() <= 64), "{address}");
    }

    #[test]
    fn a_message_id_is_read_back_and_cannot_be_guessed() {
        let id = message_id(42, "26-48213", "example.de", &KEY);
        let read = read_message_id(&format!("<{id}>"), &KEY).expect("made with this key");
        assert_eq!((read.case_number.as_str(), read.contact_id.as_str()), ("26-48213", "42"));
        assert!(!is_own_message_id(&id, &OTHER));
        assert!(!is_own_message_id(&id.replace(".42.", ".43."), &KEY));
        assert!(!is_own_message_id("k26-48213.42.@example.de", &KEY));
        assert!(!is_own_message_id("abc@example.de", &KEY));
    }

    #[test]
    fn codes_of_one_kind_do_not_pass_as_another() {
        let address = reply_address("a@example.de", "26-48213", &KEY);
        let stolen = address
            .rsplit_once('.')
            .map(|(head, _)| head)
            .and_then(|head| head.rsplit_once('.'))
            .map(|(_, code)| code.to_owned());
        assert!(!is_own_message_id(&format!("k26-48213.42.{}@a", stolen.unwrap_or_default()), &KEY));
    }

    #[test]
    fn base32_is_the_standard_one() {
        assert_eq!(base32(b"foobar"), "mzxw6ytboi");
    }
}
