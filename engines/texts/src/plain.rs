//! Text of unknown encoding.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// Is this the beginning of a text?
pub fn is_text(start: &[u8]) -> bool {
    if Encoding::for_bom(start).is_some() {
        return true;
    }
    let odd = start.iter().filter(|byte| **byte < 0x20 && !b"\t\r\n\x0c\x1b".contains(byte)).count();
    odd * 50 <= start.len() && !start.contains(&0)
}

/// By its mark, as UTF-8, or else as Windows wrote it here.
pub fn decode(bytes: &[u8]) -> String {
    let (text, _, broken) = UTF_8.decode(bytes);
    let text: Cow<str> = if broken { WINDOWS_1252.decode(bytes).0 } else { text };
    text.into_owned()
}
