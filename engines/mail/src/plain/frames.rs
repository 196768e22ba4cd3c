//! From tags to paragraphs: whatever encloses text is a frame, which says at its end what becomes of what is in it.

use super::table::{self, Cell};
use super::{Paragraph, WIDTH, attribute, unescape};

enum Kind {
    /// The whole text.
    Page,
    Quote,
    /// With the next number, if it is a numbered one.
    List(Option<i64>),
    Item,
    Heading(u8),
    Code,
    Table(Vec<Vec<Cell>>),
    Cell {
        head: bool,
    },
}

struct Frame {
    kind: Kind,
    lines: Vec<Paragraph>,
    /// The paragraph at hand.
    words: String,
    space_due: bool,
    /// A blank line is due before the next paragraph.
    gap: bool,
}

impl Frame {
    const fn new(kind: Kind) -> Self {
        Self { kind, lines: Vec::new(), words: String::new(), space_due: false, gap: false }
    }

    /// Ends the paragraph at hand.
    fn flush(&mut self) {
        self.space_due = false;
        let words = std::mem::take(&mut self.words);
        if matches!(self.kind, Kind::Code) {
            let code =
                words.trim_end_matches('\n').strip_prefix('\n').unwrap_or(words.trim_end_matches('\n'));
            self.lines.extend(code.split('\n').map(|line| Paragraph::fixed(line.to_owned())));
        } else if !words.trim().is_empty() {
            self.add(vec![Paragraph::of(words.trim().to_owned())]);
        }
    }

    fn add(&mut self, lines: Vec<Paragraph>) {
        if lines.is_empty() {
            return;
        }
        if self.gap && !self.lines.is_empty() {
            self.lines.push(Paragraph::default());
        }
        self.gap = false;
        self.lines.extend(lines);
    }

    fn push(&mut self, c: char) {
        if self.space_due && !self.words.is_empty() {
            self.words.push(' ');
        }
        self.space_due = false;
        self.words.push(c);
    }
}

struct Link {
    url: String,
    /// Where its text begins: the frame, and the byte in its words.
    frame: usize,
    start: usize,
}

pub(super) struct Writer {
    /// The page, and what is open in it.
    frames: Vec<Frame>,
    links: Vec<Link>,
}

impl Default for Writer {
    fn default() -> Self {
        Self { frames: vec![Frame::new(Kind::Page)], links: Vec::new() }
    }
}

impl Writer {
    pub(super) fn finish(mut self) -> Vec<Paragraph> {
        while 1 < self.frames.len() {
            self.close();
        }
        let mut page = self.frames.pop().expect("the page is never closed before");
        page.flush();
        page.lines
    }

    fn top(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("the page is never closed before the end")
    }

    pub(super) fn text(&mut self, text: &str) {
        let frame = self.top();
        let code = matches!(frame.kind, Kind::Code);
        for c in text.chars() {
            match c {
                '\u{200b}' | '\u{feff}' | '\u{ad}' | '\r' => {}
                c if code => frame.words.push(c),
                '\u{a0}' => frame.push(c),
                c if c.is_whitespace() => frame.space_due = true,
                c => frame.push(c),
            }
        }
    }

    pub(super) fn tag(&mut self, tag: &str) {
        let inner = tag.trim_start_matches('<').trim_end_matches('>');
        let (closing, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
        let name = inner.split([' ', '/']).next().unwrap_or_default();
        match name {
            "br" => self.line_break(),
            "hr" => self.block(vec![Paragraph::fixed("* * *".to_owned())]),
            "img" => self.picture(inner),
            "a" if closing => self.end_link(),
            "a" => self.start_link(inner),
            "p" | "figure" | "dl" => self.apart(),
            "tr" if !closing => {
                if let Kind::Table(rows) = &mut self.top().kind {
                    rows.push(Vec::new());
                }
            }
            "div" | "dt" | "dd" | "address" | "center" | "section" | "article" | "header" | "footer"
            | "main" | "aside" | "caption" | "figcaption" => self.top().flush(),
            _ => match kind(name, inner) {
                Some(_) if closing => self.close(),
                Some(kind) => self.open(kind),
                None => {}
            },
        }
    }

    fn line_break(&mut self) {
        let frame = self.top();
        if matches!(frame.kind, Kind::Code) {
            frame.words.push('\n');
        } else if frame.words.trim().is_empty() {
            frame.gap = true;
        } else {
            frame.flush();
        }
    }

    /// A paragraph of its own begins or ends here.
    fn apart(&mut self) {
        let frame = self.top();
        frame.flush();
        frame.gap = true;
    }

    fn block(&mut self, lines: Vec<Paragraph>) {
        self.apart();
        let frame = self.top();
        frame.add(lines);
        frame.gap = true;
    }

    fn open(&mut self, kind: Kind) {
        self.top().flush();
        self.frames.push(Frame::new(kind));
    }

    /// Ends the innermost frame. What is sanitised is balanced, so it is the one whose end this is.
    fn close(&mut self) {
        if self.frames.len() < 2 {
            return;
        }
        let Some(mut frame) = self.frames.pop() else { return };
        frame.flush();
        let mut lines = frame.lines;
        match frame.kind {
            Kind::Page => {}
            Kind::Quote => {
                lines.iter_mut().for_each(|line| line.quote += 1);
                self.block(lines);
            }
            // Lists within lists stand close.
            Kind::List(_) if matches!(self.top().kind, Kind::Item) => self.top().add(lines),
            Kind::List(_) | Kind::Code => self.block(lines),
            Kind::Item => self.item(lines),
            Kind::Heading(level) => self.block(underlined(lines, level)),
            Kind::Table(rows) => {
                lines.extend(table::write(rows));
                self.block(lines);
            }
            Kind::Cell { head } => self.cell(Cell { lines, head }),
        }
    }

    fn item(&mut self, lines: Vec<Paragraph>) {
        let list = self.top();
        let mark = match &mut list.kind {
            Kind::List(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "* ".to_owned(),
        };
        let indent = " ".repeat(mark.len());
        let mut before = mark;
        let marked = lines.into_iter().map(|line| {
            if line.is_blank() {
                return line;
            }
            let first = std::mem::replace(&mut before, indent.clone());
            Paragraph { first: first + &line.first, hang: format!("{indent}{}", line.hang), ..line }
        });
        let marked = marked.collect();
        list.add(marked);
    }

    fn cell(&mut self, cell: Cell) {
        let frame = self.top();
        match &mut frame.kind {
            Kind::Table(rows) => match rows.last_mut() {
                Some(row) => row.push(cell),
                None => rows.push(vec![cell]),
            },
            _ => frame.add(cell.lines),
        }
    }

    fn picture(&mut self, inner: &str) {
        let alt = unescape(attribute(inner, "alt").unwrap_or_default());
        if !alt.trim().is_empty() {
            self.text(&format!("[{}]", alt.trim()));
        }
    }

    fn start_link(&mut self, inner: &str) {
        let url = unescape(attribute(inner, "href").unwrap_or_default());
        let (frame, start) = (self.frames.len(), self.top().words.len());
        self.links.push(Link { url, frame, start });
    }

    /// Says where the link leads, unless its text does.
    fn end_link(&mut self) {
        let Some(link) = self.links.pop() else { return };
        let depth = self.frames.len();
        let frame = self.top();
        let same = link.frame == depth;
        let text = frame.words.get(link.start..).filter(|_| same).unwrap_or_default().trim().to_owned();
        let Some(address) = address(&link.url) else { return };
        if text.is_empty() {
            self.text(address);
        } else if bare(&text) != bare(address) {
            frame.space_due = false;
            frame.words.extend([" (", address, ")"]);
        }
    }
}

fn kind(name: &str, inner: &str) -> Option<Kind> {
    Some(match name {
        "blockquote" => Kind::Quote,
        "ul" => Kind::List(None),
        "ol" => Kind::List(Some(attribute(inner, "start").and_then(|start| start.parse().ok()).unwrap_or(1))),
        "li" => Kind::Item,
        "pre" => Kind::Code,
        "table" => Kind::Table(Vec::new()),
        "td" => Kind::Cell { head: false },
        "th" => Kind::Cell { head: true },
        "h1" => Kind::Heading(1),
        "h2" => Kind::Heading(2),
        "h3" | "h4" | "h5" | "h6" => Kind::Heading(3),
        _ => return None,
    })
}

/// The two upper levels of headings have a line below.
fn underlined(mut lines: Vec<Paragraph>, level: u8) -> Vec<Paragraph> {
    let mark = match level {
        1 => "=",
        2 => "-",
        _ => return lines,
    };
    let width = lines.last().map_or(0, |last| last.text.chars().count());
    if (1..=WIDTH).contains(&width) {
        lines.push(Paragraph::fixed(mark.repeat(width.max(3))));
    }
    lines
}

/// An address as people write it; nothing for what leads nowhere outside the page.
fn address(url: &str) -> Option<&str> {
    let bare = url.strip_prefix("mailto:").or_else(|| url.strip_prefix("tel:"));
    let web = url.starts_with("https://") || url.starts_with("http://");
    bare.or_else(|| web.then_some(url)).filter(|address| !address.is_empty())
}

/// What makes two addresses the same for a reader.
fn bare(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let text = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(&text);
    let text = text.strip_prefix("mailto:").or_else(|| text.strip_prefix("tel:")).unwrap_or(text);
    let text = text.strip_prefix("www.").unwrap_or(text).trim_end_matches('/');
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
