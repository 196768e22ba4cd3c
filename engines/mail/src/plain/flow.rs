//! Paragraphs as lines: wrapped, quoted, and protected from what mail programs make of some beginnings.

use super::{Paragraph, WIDTH};

/// Deeper quotation says nothing more.
const MAX_QUOTE: usize = 9;
/// Indented text keeps at least this width.
const LEAST: usize = 20;

pub(super) fn write(paragraphs: &[Paragraph]) -> String {
    let mut out = String::new();
    for paragraph in paragraphs {
        let text = paragraph.text.replace('\u{a0}', " ");
        if paragraph.fixed || text.is_empty() {
            line(&mut out, paragraph.quote, &format!("{}{text}", paragraph.first), false);
        } else {
            wrap(&mut out, paragraph);
        }
    }
    let text = out.trim_end_matches('\n');
    text.strip_prefix('\n').unwrap_or(text).to_owned()
}

/// A paragraph without indent may be joined again by its reader: its lines end with a blank. Items of lists are not,
/// or their indent would get into the sentence.
fn wrap(out: &mut String, paragraph: &Paragraph) {
    let soft = paragraph.first.is_empty() && paragraph.hang.is_empty();
    let marks = if paragraph.quote == 0 { 1 } else { paragraph.quote.min(MAX_QUOTE) + 1 };
    let room = WIDTH.saturating_sub(marks + usize::from(soft)).max(LEAST);
    let mut words = paragraph.text.split(' ').filter(|word| !word.is_empty()).peekable();
    let mut at_hand = paragraph.first.clone();
    let mut bare = true;
    while let Some(word) = words.next() {
        if !bare {
            at_hand.push(' ');
        }
        at_hand.push_str(&word.replace('\u{a0}', " "));
        bare = false;
        let next = words.peek().map(|word| word.chars().count());
        if next.is_some_and(|next| room < at_hand.chars().count() + 1 + next) {
            line(out, paragraph.quote, &at_hand, soft);
            at_hand.clone_from(&paragraph.hang);
            bare = true;
        }
    }
    line(out, paragraph.quote, &at_hand, false);
}

/// `soft`: the next line goes on with the paragraph.
fn line(out: &mut String, quote: usize, text: &str, soft: bool) {
    let text = text.trim_end();
    if 0 < quote {
        out.push_str(&">".repeat(quote.min(MAX_QUOTE)));
        if !text.is_empty() {
            out.push(' ');
        }
    } else if text.starts_with([' ', '>']) || text.starts_with("From ") {
        // Space-stuffing: a reader of format=flowed takes it off.
        out.push(' ');
    }
    out.push_str(text);
    out.push_str(if soft { " \n" } else { "\n" });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_paragraph_can_be_joined_again_and_an_item_of_a_list_cannot() {
        let words = ["Wort"; 40].join(" ");
        let flowing = write(&[Paragraph::of(words.clone())]);
        let lines: Vec<&str> = flowing.lines().collect();
        assert!(lines.iter().all(|line| line.chars().count() <= WIDTH));
        assert!(lines[..lines.len() - 1].iter().all(|line| line.ends_with(' ')));
        assert_eq!(lines.concat(), words);

        let item = Paragraph { first: "* ".into(), hang: "  ".into(), text: words, ..Paragraph::default() };
        let listed = write(&[item]);
        assert!(listed.lines().all(|line| line.chars().count() <= WIDTH && !line.ends_with(' ')), "{listed}");
        assert!(listed.lines().skip(1).all(|line| line.starts_with("   ")), "{listed}");
    }

    #[test]
    fn what_looks_like_a_mark_is_protected() {
        for (text, written) in [("> 5 Stück", " > 5 Stück"), ("From hier", " From hier"), ("Fromm", "Fromm")]
        {
            assert_eq!(write(&[Paragraph::of(text.into())]), written);
        }
    }
}
