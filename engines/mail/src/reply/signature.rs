//! Where a signature begins at the end of a text.
//!
//! Recognised by the delimiter of RFC 3676, by the lines that apps and scanners append, and by
//! contact data behind a closing formula. The formula itself and the name stay in the reply: they
//! are the customer's words.

/// The line at which the signature begins, counted from the first; `None` if there is none.
pub(super) fn start(lines: &[&str]) -> Option<usize> {
    let delimiter =
        lines.iter().position(|line| is_delimiter(line)).filter(|&at| lines.len() - at <= MAX_SIGNATURE);
    let rules = trailing_rules(lines);
    let mut start = delimiter.or(rules);
    for finder in [appended, notice, contact_data, ruled_card] {
        let body = &lines[..start.unwrap_or(lines.len())];
        if let Some(found) = finder(body) {
            start = Some(found);
        }
    }
    start
}

/// Behind a delimiter there may be an address, a slogan and a legal notice, but no letter.
const MAX_SIGNATURE: usize = 60;

/// `-- ` and what mailers made of it; the line stands alone.
fn is_delimiter(line: &str) -> bool {
    matches!(line.trim(), "--" | "– –" | "---" | "__" | "-- \u{a0}" | "ᐧ") || is_underscores(line.trim())
}

fn is_underscores(line: &str) -> bool {
    5 <= line.len() && line.bytes().all(|byte| byte == b'_')
}

/// Ruled lines at the very end hold no words.
fn trailing_rules(lines: &[&str]) -> Option<usize> {
    let last = lines.iter().rposition(|line| !line.trim().is_empty() && !super::quote::is_rule(line));
    let after = last.map_or(0, |last| last + 1);
    let drawn = lines[after..].iter().any(|line| super::quote::is_rule(line));
    drawn.then_some(after)
}

/// Beginnings of lines that a device or an app wrote.
const APPENDED: &[&str] = &[
    "sent from my",
    "sent from mail for",
    "sent from outlook",
    "sent from yahoo",
    "sent from proton",
    "sent from a ",
    "sent from samsung",
    "sent from the",
    "sent via",
    "sent with",
    "sent using",
    "get outlook for",
    "envoyé de mon",
    "envoyé depuis",
    "inviato da",
    "enviado desde mi",
    "enviado do meu",
    "verzonden vanaf mijn",
    "skickat från min",
    "sendt fra min",
    "wysłane z",
    "gesendet von meinem",
    "gesendet von mein",
    "gesendet vom",
    "gesendet von mail",
    "gesendet von outlook",
    "gesendet von yahoo",
    "gesendet von unterwegs",
    "gesendet aus",
    "gesendet mit",
    "gesendet über",
    "gesendet von der",
    "von meinem iphone gesendet",
    "von meinem ipad gesendet",
    "von meinem samsung",
    "von meinem android",
    "von meinem huawei",
    "von meinem handy",
    "von meinem smartphone",
    "von meinem mobil",
    "von yahoo mail",
    "von samsung mobile gesendet",
    "von unterwegs gesendet",
    "mobil gesendet",
    "outlook für ios",
    "outlook für android",
    "outlook for ios",
    "outlook for android",
    "holen sie sich outlook",
    "beziehen sie outlook",
    "diese nachricht wurde von meinem",
    "diese nachricht wurde mit",
    "diese e-mail wurde von meinem",
    "this message was sent from my",
    "von meinem tablet gesendet",
    "via ",
    "yahoo mail: ",
];

/// Where the last so many lines with words begin: what stands above them is no signature.
fn tail(lines: &[&str], most: usize) -> usize {
    let written = lines.iter().enumerate().rev().filter(|(_, line)| !line.trim().is_empty());
    written.take(most).last().map_or(0, |(at, _)| at)
}

/// The lines that apps appended, with at most three short lines behind them.
fn appended(lines: &[&str]) -> Option<usize> {
    let tail = tail(lines, 4);
    let at = tail + lines[tail..].iter().rposition(|line| is_appended(line))?;
    let behind: Vec<_> = lines[at + 1..].iter().filter(|line| !line.trim().is_empty()).collect();
    let above = lines[..at].iter().rposition(|line| !line.trim().is_empty() && !is_appended(line));
    let first = above.map_or(0, |above| above + 1);
    let first = first + lines[first..].iter().position(|line| !line.trim().is_empty()).unwrap_or(0);
    (behind.len() <= 3 && behind.iter().all(|line| line.chars().count() < 60)).then_some(first)
}

/// What mails are sent from.
const DEVICES: &[&str] = &[
    "iphone",
    "ipad",
    "ipod",
    "android",
    "galaxy",
    "samsung",
    "huawei",
    "blackberry",
    "htc",
    "nokia",
    "pixel",
    "mobil",
    "smartphone",
    "handy",
    "phone",
    "tablet",
    "outlook",
    "windows mail",
    "mailbox",
    "airmail",
    "thunderbird",
    "yahoo",
    "gmx",
    "web.de",
    "t-online",
    "telekom",
    "proton",
    "k-9",
    "macbook",
    "gmail",
    "spark",
    "aqua mail",
    "bluemail",
    "samsung-",
    "téléphone",
    "cellulare",
    "telefono",
    "telefoon",
];

/// How that is said.
const SENDING: &[&str] = &[
    "sent",
    "from my",
    "from mobile",
    "gesendet",
    "geschickt",
    "verschickt",
    "envoyé",
    "inviato",
    "enviado",
    "verzonden",
    "skickat",
    "sendt",
    "wysłane",
    "odesláno",
    "отправлено",
    "傳送",
    "发送",
    "发自",
    "寄件",
    "から送信",
    "보냄",
    "lähetetty",
    "gönderildi",
    "poslano",
    "trimis",
    "mail app",
    "get outlook",
    "holen sie",
    "getippt",
    "typed on",
];

/// A line that names a device and sending, and hardly more.
fn names_device(line: &str) -> bool {
    // With its address a link is longer than its words.
    let words = line.split_whitespace().filter(|word| !word.contains("://")).collect::<Vec<_>>();
    let said = words.join(" ").chars().count();
    words.len() <= 9
        && said <= 60
        && !line.contains('?')
        && DEVICES.iter().any(|device| line.contains(device))
        && SENDING.iter().any(|sending| line.contains(sending))
        && !["i ", "ich ", "we ", "wir ", "it ", "es "].iter().any(|person| line.starts_with(person))
}

pub(super) fn is_appended(line: &str) -> bool {
    let line = line.trim().trim_start_matches(['*', '_', '[', '(', ' ', '-', '>', '<']).to_lowercase();
    let words = line.split_whitespace().count();
    // A sentence of the customer may begin the same way; what apps write is short.
    let short = line.chars().count() <= 90 && words <= 11 && !(line.ends_with('.') && 8 < words);
    let certain = ["diese nachricht wurde", "diese e-mail wurde", "this message was sent"];
    let short = short || certain.iter().any(|start| line.starts_with(start));
    let listed = APPENDED.iter().any(|start| line.starts_with(start))
        && (!line.starts_with("via ") || line.starts_with("via proton"));
    short && listed || names_device(&line)
}

/// Beginnings of legal notices and scanners' remarks.
const NOTICES: &[&str] = &[
    "diese e-mail enthält vertrauliche",
    "diese email enthält vertrauliche",
    "diese nachricht enthält vertrauliche",
    "diese e-mail und",
    "diese nachricht ist vertraulich",
    "der inhalt dieser e-mail",
    "die information in dieser e-mail",
    "vertraulichkeitshinweis",
    "haftungsausschluss",
    "disclaimer",
    "diese e-mail wurde von avast",
    "virenfrei.",
    "virus-free.",
    "this email has been checked for viruses",
    "this e-mail and any",
    "this email and any",
    "this message and any",
    "the information contained in this",
    "this communication is confidential",
    "confidentiality notice",
    "this message is intended",
    "bitte denken sie an die umwelt",
    "bitte prüfen sie der umwelt",
    "please consider the environment",
    "ce message et",
    "questo messaggio",
    "caution: this email",
    "caution:",
];

/// A legal notice in the last lines; more text behind it would be the customer's.
fn notice(lines: &[&str]) -> Option<usize> {
    let at = lines.iter().position(|line| {
        let line = line.trim().trim_start_matches(['*', '_', ' ']).to_lowercase();
        NOTICES.iter().any(|start| line.starts_with(start))
    })?;
    let has_words_before = lines[..at].iter().any(|line| !line.trim().is_empty());
    (has_words_before && lines.len() - at <= 20).then_some(at)
}

/// Closing formulas, at the start of a short line.
const CLOSINGS: &[&str] = &[
    "mit freundlichen grüßen",
    "mit freundlichen grüssen",
    "mit freundlichen gruessen",
    "mit freundlichem gruß",
    "mit freundlichem gruss",
    "freundliche grüße",
    "freundliche grüsse",
    "freundlicher gruß",
    "viele grüße",
    "viele grüsse",
    "viele gruesse",
    "liebe grüße",
    "liebe grüsse",
    "schöne grüße",
    "beste grüße",
    "beste grüsse",
    "herzliche grüße",
    "herzliche grüsse",
    "mfg",
    "lg",
    "vg",
    "hochachtungsvoll",
    "best regards",
    "kind regards",
    "warm regards",
    "regards",
    "best wishes",
    "sincerely",
    "yours sincerely",
    "yours faithfully",
    "cheers",
    "thanks",
    "thank you",
    "many thanks",
    "best",
    "cordialement",
    "bien cordialement",
    "salutations",
    "cordiali saluti",
    "distinti saluti",
    "saluti",
];

/// Contact data behind formula and name.
fn contact_data(lines: &[&str]) -> Option<usize> {
    let tail = tail(lines, 20);
    let closing = tail + lines[tail..].iter().rposition(|line| is_closing(line))?;
    let name =
        lines[closing + 1..].iter().position(|line| !line.trim().is_empty()).map(|gap| closing + 1 + gap)?;
    let from = name + 1;
    let behind: Vec<&str> = lines[from..].iter().copied().filter(|line| !line.trim().is_empty()).collect();
    let is_card = !behind.is_empty()
        && behind.len() <= 18
        && behind.iter().any(|line| is_contact(line))
        && behind.iter().all(|line| line.chars().count() < 120 && !line.trim().ends_with('?'))
        && !behind.iter().any(|line| is_request(line));
    is_card.then_some(from)
}

/// A visiting card below a line drawn as a rule: short lines, one of them a mail address or a phone number.
fn ruled_card(lines: &[&str]) -> Option<usize> {
    let tail = tail(lines, 9);
    let rule = tail + lines[tail..].iter().rposition(|line| super::quote::is_rule(line))?;
    let card: Vec<&str> = lines[rule + 1..].iter().copied().filter(|line| !line.trim().is_empty()).collect();
    let reaches = |line: &&str| {
        let digits = line.chars().filter(char::is_ascii_digit).count();
        (line.contains('@') && line.split_whitespace().count() < 4)
            || (6 <= digits && line.chars().count() < 40)
    };
    let is_card = card.len() <= 8
        && card.iter().any(reaches)
        && card.iter().all(|line| line.chars().count() < 60 && !line.trim().ends_with(['.', '?', '!']))
        && !card.iter().any(|line| is_request(line));
    let has_words_before = lines[..rule].iter().any(|line| !line.trim().is_empty());
    (is_card && has_words_before).then_some(rule)
}

fn is_closing(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    let line = line.trim_end_matches([',', '.', '!', ' ']);
    CLOSINGS.iter().any(|closing| {
        line == *closing
            || line.strip_prefix(closing).is_some_and(|rest| {
                rest.starts_with([' ', ',']) && line.chars().count() < 50 && closing.len() > 6
            })
    })
}

const CONTACT_WORDS: &[&str] = &[
    "tel",
    "telefon",
    "phone",
    "mobil",
    "mobile",
    "handy",
    "fax",
    "gmbh",
    "hrb",
    "ust-id",
    "ust.",
    "geschäftsführer",
    "amtsgericht",
    "sitz der",
    "www.",
    "http://",
    "https://",
    "@",
    "straße",
    "strasse",
    "str.",
    " ag",
    " kg",
    "iban",
    "ltd",
    "inc.",
];

fn is_contact(line: &str) -> bool {
    let line = line.to_lowercase();
    let digits = line.chars().filter(char::is_ascii_digit).count();
    CONTACT_WORDS.iter().any(|word| line.contains(word)) || (6 <= digits && line.len() < 40)
}

/// A postscript is no signature.
fn is_request(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    ["ps", "p.s", "nb:", "bitte ", "please "].iter().any(|start| line.starts_with(start))
}
