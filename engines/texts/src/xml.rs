//! Words between tags, as office programs write them.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Adds the text of `xml` to `text`. What is broken ends it: what was read until then counts.
pub fn add_text(xml: &[u8], text: &mut String) {
    let xml = String::from_utf8_lossy(xml);
    let mut reader = Reader::from_str(&xml);
    reader.config_mut().check_end_names = false;
    // Names of elements whose content nobody reads; numbers of shared strings of a sheet are such.
    let mut skipped = 0_usize;
    let mut shared = false;
    while text.len() < crate::LONGEST * 2 {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                let name = local(&tag);
                if name == "c" {
                    shared = is_shared(&tag);
                }
                skipped += usize::from(is_skipped(&name, shared));
                text.push_str(before(&name));
            }
            Ok(Event::Empty(tag)) => text.push_str(before(&local(&tag))),
            Ok(Event::End(tag)) => {
                let name = tag.local_name().into_inner().to_owned();
                skipped = skipped.saturating_sub(usize::from(is_skipped(&name, shared)));
                text.push_str(after(&name));
            }
            Ok(Event::Text(words)) if skipped == 0 => text.push_str(&words.xml10_content()),
            Ok(Event::CData(words)) if skipped == 0 => text.push_str(&words.xml10_content()),
            Ok(Event::GeneralRef(name)) if skipped == 0 => {
                let named = || match &*name.xml10_content() {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    "apos" => '\'',
                    _ => ' ',
                };
                text.push(name.resolve_char_ref().ok().flatten().unwrap_or_else(named));
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    text.push('\n');
}

fn local(tag: &BytesStart) -> String {
    tag.local_name().into_inner().to_owned()
}

/// A cell whose value is the number of a string that stands elsewhere.
fn is_shared(cell: &BytesStart) -> bool {
    cell.try_get_attribute("t").ok().flatten().is_some_and(|kind| kind.value == "s")
}

/// Instructions of fields, what was deleted while changes were tracked, formulas.
fn is_skipped(name: &str, shared: bool) -> bool {
    matches!(name, "instrText" | "delText" | "tracked-changes" | "f") || (name == "v" && shared)
}

const fn before(name: &str) -> &'static str {
    match name.as_bytes() {
        b"tab" | b"s" => " ",
        b"br" | b"cr" | b"line-break" => "\n",
        _ => "",
    }
}

const fn after(name: &str) -> &'static str {
    match name.as_bytes() {
        b"p" | b"h" | b"si" | b"row" | b"table-row" => "\n",
        b"c" | b"v" | b"tc" | b"table-cell" => " ",
        _ => "",
    }
}
