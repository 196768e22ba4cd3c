//! Office files: archives of XML, by Microsoft's and by the open standard.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::{Unread, xml};

/// Bytes of one part, unpacked; what is beyond is cut.
const PART: u64 = 32 << 20;
/// Bytes of all parts together.
const WHOLE: u64 = 96 << 20;
/// Sheets and slides beyond are not read.
const PARTS: usize = 400;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// The text of a document, a table or a presentation.
pub fn text(bytes: &[u8]) -> Result<String, Unread> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let names: Vec<String> = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
    let mut wanted: Vec<&String> = names.iter().filter(|name| is_wanted(name)).collect();
    if wanted.is_empty() {
        // Encrypted by Microsoft's programs it is no archive at all; by others its parts are.
        return Err(Unread::Unknown);
    }
    wanted.sort_by_key(|name| (place(name), name.len(), name.as_str()));
    wanted.truncate(PARTS);
    let mut text = String::new();
    let mut left = WHOLE;
    for name in wanted {
        let part = part(&mut archive, name, left.min(PART))?;
        left = left.saturating_sub(part.len() as u64);
        xml::add_text(&part, &mut text);
        if left == 0 || crate::LONGEST * 2 < text.len() {
            break;
        }
    }
    Ok(text)
}

/// Parts in which people's words stand.
fn is_wanted(name: &str) -> bool {
    let in_folder = |folder: &str| {
        name.strip_prefix(folder).is_some_and(|rest| {
            !rest.contains('/')
                && std::path::Path::new(rest).extension().is_some_and(|ending| ending == "xml")
        })
    };
    let of_word = ["word/document.xml", "word/footnotes.xml", "word/endnotes.xml", "word/comments.xml"];
    of_word.contains(&name)
        || ["content.xml", "xl/sharedStrings.xml"].contains(&name)
        || name.starts_with("word/header")
        || name.starts_with("word/footer")
        || ["xl/worksheets/", "ppt/slides/", "ppt/notesSlides/"].into_iter().any(in_folder)
}

/// What is read first: the text itself, then what stands around it.
fn place(name: &str) -> u8 {
    match name {
        "word/document.xml" | "content.xml" | "xl/sharedStrings.xml" => 0,
        _ if name.starts_with("ppt/slides/") => 0,
        _ => 1,
    }
}

fn part(archive: &mut Archive, name: &str, most: u64) -> Result<Vec<u8>, Unread> {
    let part = archive.by_name(name).map_err(|error| broken(&error))?;
    let mut bytes = Vec::new();
    // What can be unpacked of a damaged part still counts.
    let unpacked = part.take(most).read_to_end(&mut bytes);
    match unpacked {
        Err(error) if bytes.is_empty() => Err(Unread::Broken(error.to_string())),
        _ => Ok(bytes),
    }
}

fn broken(error: &ZipError) -> Unread {
    match error {
        ZipError::UnsupportedArchive(what) if what.to_string().to_lowercase().contains("password") => {
            Unread::Locked
        }
        _ => Unread::Broken(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            archive.start_file(*name, SimpleFileOptions::default()).expect("a part");
            archive.write_all(content.as_bytes()).expect("memory");
        }
        archive.finish().expect("memory").into_inner()
    }

    fn read(parts: &[(&str, &str)]) -> String {
        crate::text_of("a", "application/octet-stream", &packed(parts)).expect("a text")
    }

    #[test]
    fn a_word_document_is_its_paragraphs_without_instructions_and_deleted_words() {
        let document = "<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>Gr&#246;&#223;e &amp; Ma</w:t></w:r><w:r><w:t>ß</w:t>\
            <w:tab/><w:t>42</w:t></w:r></w:p><w:p><w:r><w:instrText>PAGE</w:instrText><w:delText>alt</w:delText>\
            <w:t>Ende</w:t></w:r></w:p></w:body></w:document>";
        assert_eq!(read(&[("word/document.xml", document)]), "Größe & Maß 42\nEnde");
    }

    #[test]
    fn a_table_is_its_strings_and_numbers() {
        let shared = "<sst><si><t>Rechnung</t></si><si><r><t>Be</t></r><r><t>trag</t></r></si></sst>";
        let sheet = "<worksheet><sheetData><row><c t='s'><v>0</v></c><c><v>4711</v></c>\
            <c t='inlineStr'><is><t>Graz</t></is></c><c><f>A1*2</f><v>84</v></c></row></sheetData></worksheet>";
        let text = read(&[("xl/worksheets/sheet1.xml", sheet), ("xl/sharedStrings.xml", shared)]);
        assert_eq!(text, "Rechnung\nBetrag\n4711 Graz 84");
    }

    #[test]
    fn open_documents_and_presentations_are_read() {
        let odt = "<office:text xmlns:text='t'><text:h>Titel</text:h><text:p>Ein<text:s/>Riss</text:p></office:text>";
        assert_eq!(read(&[("content.xml", odt), ("styles.xml", "<x>nie</x>")]), "Titel\nEin Riss");
        let slide = "<p:sld><a:p><a:r><a:t>Folie</a:t></a:r></a:p></p:sld>";
        assert_eq!(
            read(&[("ppt/slides/slide1.xml", slide), ("ppt/presentation.xml", "<x>nie</x>")]),
            "Folie"
        );
    }

    #[test]
    fn an_archive_of_other_things_has_no_text_and_a_bomb_is_cut() {
        let other = crate::text_of("a.zip", "application/zip", &packed(&[("bild.jpg", "x")]));
        assert_eq!(other, Err(Unread::Unknown));
        let bomb = packed(&[("content.xml", &"a ".repeat(40 << 20))]);
        assert!(bomb.len() < 1 << 20);
        assert!(text(&bomb).is_ok_and(|text| text.len() <= 33 << 20));
    }

    #[test]
    fn half_a_file_is_broken_and_says_so() {
        let whole = packed(&[("content.xml", "<p>x</p>")]);
        assert!(matches!(text(&whole[..whole.len() / 2]), Err(Unread::Broken(_))));
    }
}
