//! Envelopes of S/MIME (RFC 8551) as far as they can be opened without a key: what a signature covers.
//!
//! Signatures are not verified here. Reads just enough of ASN.1, in its loose form (BER), as some mailers
//! write it.

/// What an `application/pkcs7-mime` part is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Envelope {
    /// With the MIME part that was signed.
    Signed(Vec<u8>),
    Encrypted,
    Compressed,
}

/// Elements in elements are followed this deep.
const MAX_DEPTH: usize = 12;

const SIGNED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
const ENVELOPED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03];
const AUTH_ENVELOPED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x17];
const COMPRESSED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x09];

const SEQUENCE: u8 = 0x30;
const OBJECT: u8 = 0x06;
const CONTEXT: u8 = 0xa0;
const OCTETS: u8 = 0x04;
const OCTETS_IN_PIECES: u8 = 0x24;

/// Opens an envelope; `None` if it cannot be read, or holds nothing but a signature.
pub(crate) fn open(bytes: &[u8]) -> Option<Envelope> {
    let (kind, content) = typed(element(bytes, 0)?.0)?;
    match kind {
        ENVELOPED | AUTH_ENVELOPED => return Some(Envelope::Encrypted),
        COMPRESSED => return Some(Envelope::Compressed),
        SIGNED => {}
        _ => return None,
    }
    // Version and algorithms stand before what is signed.
    let signed = within(element(content?, 0)?.0, SEQUENCE)?;
    let (_, rest) = element(signed, 0)?;
    let (_, rest) = element(rest, 0)?;
    let (_, content) = typed(element(rest, 0)?.0)?;
    octets(element(content?, 0)?.0, 0).map(Envelope::Signed)
}

#[derive(Clone, Copy)]
struct Element<'a> {
    tag: u8,
    body: &'a [u8],
}

/// A sequence of a kind and, mostly, content.
fn typed(found: Element<'_>) -> Option<(&[u8], Option<&[u8]>)> {
    let body = within(found, SEQUENCE)?;
    let (kind, rest) = element(body, 0)?;
    let kind = within(kind, OBJECT)?;
    let content = element(rest, 0).and_then(|(content, _)| within(content, CONTEXT));
    Some((kind, content))
}

fn within(found: Element<'_>, tag: u8) -> Option<&[u8]> {
    (found.tag == tag).then_some(found.body)
}

fn octets(found: Element<'_>, depth: usize) -> Option<Vec<u8>> {
    match found.tag {
        OCTETS => Some(found.body.to_vec()),
        OCTETS_IN_PIECES if depth < MAX_DEPTH => {
            let mut joined = Vec::new();
            let mut rest = found.body;
            while let Some((piece, behind)) = element(rest, depth) {
                joined.extend(octets(piece, depth + 1)?);
                rest = behind;
            }
            Some(joined)
        }
        _ => None,
    }
}

/// The first element, and what follows it. A length of 0x80 means: until an empty element.
fn element(bytes: &[u8], depth: usize) -> Option<(Element<'_>, &[u8])> {
    let [tag, first, rest @ ..] = bytes else { return None };
    if *first != 0x80 {
        let more = usize::from(first & 0x7f);
        let (length, rest) =
            if *first < 0x80 { (more, rest) } else { (number(rest.get(..more)?)?, &rest[more..]) };
        // What is cut off is read as far as it goes.
        let (body, rest) = rest.split_at(length.min(rest.len()));
        return (*tag != 0 || length != 0).then_some((Element { tag: *tag, body }, rest));
    }
    if MAX_DEPTH <= depth {
        return None;
    }
    let mut inner = rest;
    while let Some((_, behind)) = element(inner, depth + 1) {
        inner = behind;
    }
    let body = &rest[..rest.len() - inner.len()];
    Some((Element { tag: *tag, body }, inner.get(2..).unwrap_or_default()))
}

fn number(bytes: &[u8]) -> Option<usize> {
    (bytes.len() <= 4).then(|| bytes.iter().fold(0, |number, &byte| number << 8 | usize::from(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(tag: u8, body: &[u8], definite: bool) -> Vec<u8> {
        let length = u8::try_from(body.len()).expect("the examples are short");
        if definite && length < 0x80 {
            [&[tag, length], body].concat()
        } else if definite {
            [&[tag, 0x81, length], body].concat()
        } else {
            [&[tag, 0x80], body, &[0, 0]].concat()
        }
    }

    fn envelope(kind: &[u8], content: &[u8], definite: bool) -> Vec<u8> {
        let octets = if definite {
            wrapped(OCTETS, content, true)
        } else {
            let pieces: Vec<u8> = content.chunks(3).flat_map(|piece| wrapped(OCTETS, piece, true)).collect();
            wrapped(OCTETS_IN_PIECES, &pieces, false)
        };
        let data = [wrapped(OBJECT, SIGNED, true), wrapped(CONTEXT, &octets, definite)].concat();
        let signed = [vec![2, 1, 1], vec![0x31, 0], wrapped(SEQUENCE, &data, definite)].concat();
        let content = wrapped(CONTEXT, &wrapped(SEQUENCE, &signed, definite), definite);
        wrapped(SEQUENCE, &[wrapped(OBJECT, kind, true), content].concat(), definite)
    }

    #[test]
    fn what_is_signed_is_read_from_both_forms() {
        for definite in [true, false] {
            let raw = envelope(SIGNED, b"Subject: a\n\nHallo", definite);
            assert_eq!(open(&raw), Some(Envelope::Signed(b"Subject: a\n\nHallo".to_vec())), "{definite}");
            assert_eq!(open(&envelope(ENVELOPED, b"x", definite)), Some(Envelope::Encrypted));
            for end in 0..raw.len() {
                let _ = open(&raw[..end]);
            }
        }
        assert_eq!(open(&[SEQUENCE, 0x80].repeat(100_000)), None);
    }
}
