//! Reads `Authentication-Results` (RFC 8601) and `ARC-Authentication-Results`, as a server that is believed wrote
//! them. Pure.

use super::verdict::{Authentication, Check, Outcome, Policy};

/// Bytes of a header that are searched for the field.
const LONGEST_HEADER: usize = 256 * 1024;

/// The topmost field by one of these servers (folded names); `None` without one.
pub fn by_trusted(raw: &[u8], trusted: &[String]) -> Option<Authentication> {
    if trusted.is_empty() {
        return None;
    }
    fields(raw, "authentication-results").find_map(|value| {
        let read = read(&value);
        let by = read.by.as_ref()?;
        trusted.contains(by).then_some(read)
    })
}

/// The values of all fields of this name, from the top, unfolded.
pub fn fields(raw: &[u8], name: &str) -> impl Iterator<Item = String> {
    let header = &raw[..raw.len().min(LONGEST_HEADER)];
    let mut found: Vec<String> = Vec::new();
    let mut ours = false;
    for line in header.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        let text = String::from_utf8_lossy(line);
        if text.starts_with([' ', '\t']) {
            if let Some(last) = found.last_mut().filter(|_| ours) {
                last.push_str(&text);
            }
            continue;
        }
        let (field, value) = text.split_once(':').unwrap_or((&text, ""));
        ours = field.trim_end().eq_ignore_ascii_case(name);
        if ours {
            found.push(value.trim().to_owned());
        }
    }
    found.into_iter()
}

/// Reads the value of a field.
pub fn read(value: &str) -> Authentication {
    let (value, comments) = without_comments(value);
    let mut parts = value.split(';').map(str::trim);
    let by = parts.next().and_then(|first| first.split_ascii_whitespace().next()).map(str::to_lowercase);
    let mut read = Authentication { by, direct: true, ..Authentication::default() };
    for part in parts {
        let mut words = part.split_ascii_whitespace();
        let Some((method, outcome)) = words.next().and_then(|word| word.split_once('=')) else { continue };
        let properties: Vec<(&str, &str)> = words.filter_map(|word| word.split_once('=')).collect();
        let property = |names: &[&str]| {
            names.iter().find_map(|name| {
                properties
                    .iter()
                    .find(|(key, _)| key.eq_ignore_ascii_case(name))
                    .map(|(_, value)| domain(value))
            })
        };
        let outcome = Outcome::from_code(&outcome.to_lowercase()).unwrap_or(Outcome::Neutral);
        match method.to_lowercase().as_str() {
            "spf" => read.spf = property(&["smtp.mailfrom", "smtp.helo"]).map(|d| Check::new(outcome, d)),
            "dkim" => read.dkim.extend(property(&["header.d", "header.i"]).map(|d| Check::new(outcome, d))),
            "dmarc" => {
                read.dmarc = Some(outcome).filter(|outcome| *outcome != Outcome::Absent);
                read.from = property(&["header.from"]).unwrap_or_default();
                read.policy = asked(&comments);
            }
            _ => {}
        }
    }
    read
}

/// The policy, which servers write into a comment: `(p=REJECT sp=NONE)`.
fn asked(comments: &str) -> Option<Policy> {
    let mut words = comments.split(|c: char| c.is_whitespace() || c == ';' || c == ',');
    words.find_map(|word| Policy::from_code(&word.to_lowercase().strip_prefix("p=")?.to_lowercase()))
}

/// What follows the last `@`, without quotation marks.
fn domain(value: &str) -> String {
    let value = value.trim_matches('"');
    value.rsplit_once('@').map_or(value, |(_, domain)| domain).to_lowercase()
}

/// The value without its comments, and these.
fn without_comments(value: &str) -> (String, String) {
    let (mut text, mut comments) = (String::new(), String::new());
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for c in value.chars() {
        let kept = if depth == 0 { &mut text } else { &mut comments };
        match c {
            _ if escaped => {
                escaped = false;
                kept.push(c);
            }
            '\\' if quoted || 0 < depth => escaped = true,
            '"' if depth == 0 => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if 0 < depth => {
                depth -= 1;
                comments.push(' ');
            }
            _ => kept.push(c),
        }
    }
    (text, comments)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::SenderProof;

    const GOOD: &str = "mx.haus.example 1; spf=pass (sender is permitted; ip=192.0.2.1) smtp.mailfrom=anna@shop.example;\
        dkim=pass header.i=@shop.example header.s=mail header.b=abc; dkim=fail header.d=list.example;\
        dmarc=pass (p=REJECT sp=NONE) header.from=shop.example";

    #[test]
    fn results_are_read_as_servers_write_them() {
        let read = read(GOOD);
        assert_eq!(read.by.as_deref(), Some("mx.haus.example"));
        assert_eq!(read.spf, Some(Check::new(Outcome::Pass, "shop.example")));
        assert_eq!(
            read.dkim,
            [Check::new(Outcome::Pass, "shop.example"), Check::new(Outcome::Fail, "list.example")]
        );
        assert_eq!((read.dmarc, read.policy), (Some(Outcome::Pass), Some(Policy::Reject)));
        assert_eq!((read.from.as_str(), read.proof()), ("shop.example", SenderProof::Verified));
    }

    #[test]
    fn only_the_topmost_of_a_trusted_server_is_believed() {
        let raw = format!(
            "Received: by x\r\nAuthentication-Results: other.example; dmarc=pass header.from=bank.example\r\n\
             Authentication-results: MX.haus.example;\r\n\tdmarc=fail (p=reject dis=none)\r\n header.from=bank.example\r\n\
             Authentication-Results: {GOOD}\r\nFrom: a@bank.example\r\n\r\nAuthentication-Results: {GOOD}\r\n"
        );
        let trusted = ["mx.haus.example".to_owned()];
        let read = by_trusted(raw.as_bytes(), &trusted).expect("there is one");
        assert_eq!((read.dmarc, read.proof()), (Some(Outcome::Fail), SenderProof::Suspicious));
        assert_eq!(by_trusted(raw.as_bytes(), &["x.example".into()]), None);
        assert_eq!(by_trusted(raw.as_bytes(), &[]), None);
    }

    #[test]
    fn nonsense_proves_nothing() {
        for value in [
            "",
            ";",
            "mx; none",
            "mx; spf",
            "mx; spf=pass",
            "mx; dmarc=maybe",
            "((((",
            "mx (a\\) b; dkim=pass",
        ] {
            assert_ne!(read(value).proof(), SenderProof::Verified, "{value}");
        }
    }
}
