//! The message after `DATA`: dots undone, the end found, smuggling refused.
//!
//! Only CR LF `.` CR LF ends a message. A dot alone between line ends of which one is a bare LF is what one
//! server takes for the end and the next one does not, which smuggles a second message past the first: such
//! a message is refused and the connection closed.

/// What the bytes so far amount to.
#[derive(Debug, PartialEq, Eq)]
pub enum Progress {
    /// More bytes are needed.
    More,
    /// Complete; so many of the fed bytes belong to it.
    End { used: usize },
    /// An end that is none.
    Smuggled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// After CR LF, or at the very start.
    Line,
    /// After a bare LF.
    BareLine,
    /// A dot at the start of a line.
    Dot,
    /// A dot at the start of a line that a bare LF began.
    BareDot,
    /// A dot at the start of a line, and CR.
    DotCr,
    BareDotCr,
    /// After CR within a line.
    Cr,
    Text,
}

/// Collects a message, up to a largest size.
#[derive(Debug)]
pub struct Message {
    bytes: Vec<u8>,
    size: usize,
    largest: usize,
    at: At,
}

impl Message {
    /// Keeps up to `largest` bytes; of more only their number.
    pub const fn new(largest: usize) -> Self {
        Self { bytes: Vec::new(), size: 0, largest, at: At::Line }
    }

    /// Bytes so far, also those that were dropped for being too many.
    pub const fn size(&self) -> usize {
        self.size
    }

    /// The message, unless it was too large.
    pub fn finish(self) -> Option<Vec<u8>> {
        (self.size <= self.largest).then_some(self.bytes)
    }

    /// Takes the next bytes of the connection.
    pub fn feed(&mut self, bytes: &[u8]) -> Progress {
        let mut used = 0;
        while used < bytes.len() {
            if self.at == At::Text {
                // The long way of most messages: up to the next line end at once.
                let run = bytes[used..].iter().position(|byte| matches!(byte, b'\r' | b'\n'));
                let run = run.unwrap_or(bytes.len() - used);
                self.keep(&bytes[used..used + run]);
                used += run;
                if used == bytes.len() {
                    break;
                }
            }
            let byte = bytes[used];
            used += 1;
            match self.step(byte) {
                Progress::More => {}
                Progress::End { .. } => return Progress::End { used },
                Progress::Smuggled => return Progress::Smuggled,
            }
        }
        Progress::More
    }

    fn step(&mut self, byte: u8) -> Progress {
        self.at = match (self.at, byte) {
            // The dot is kept back: it may be the end, or stuffing.
            (At::Line, b'.') => At::Dot,
            (At::BareLine, b'.') => At::BareDot,
            (At::Dot, b'\r') => At::DotCr,
            (At::BareDot, b'\r') => At::BareDotCr,
            (At::DotCr, b'\n') => return Progress::End { used: 0 },
            (At::Dot | At::BareDot | At::BareDotCr, b'\n') => return Progress::Smuggled,
            (before, byte) => self.ordinary(before, byte),
        };
        Progress::More
    }

    /// A byte that ends nothing: what was kept back is settled first.
    fn ordinary(&mut self, before: At, byte: u8) -> At {
        match before {
            // Stuffing is undone after CR LF only (RFC 5321, 4.5.2).
            At::DotCr => self.keep(b"\r"),
            At::BareDot => self.keep(b"."),
            At::BareDotCr => self.keep(b".\r"),
            _ => {}
        }
        self.keep(&[byte]);
        let after_cr = matches!(before, At::Cr | At::DotCr | At::BareDotCr);
        match byte {
            b'\r' => At::Cr,
            b'\n' if after_cr => At::Line,
            b'\n' => At::BareLine,
            _ => At::Text,
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        self.size += bytes.len();
        if self.size <= self.largest {
            self.bytes.extend_from_slice(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], piece: usize) -> Result<(Vec<u8>, usize), Progress> {
        let mut message = Message::new(1000);
        let mut offset = 0;
        for piece in bytes.chunks(piece) {
            match message.feed(piece) {
                Progress::More => offset += piece.len(),
                Progress::End { used } => return Ok((message.finish().unwrap_or_default(), offset + used)),
                Progress::Smuggled => return Err(Progress::Smuggled),
            }
        }
        Err(Progress::More)
    }

    #[test]
    fn dots_are_undone_and_only_a_proper_end_ends() {
        for (sent, message, rest) in [
            (&b"Hallo\r\n.\r\nQUIT"[..], &b"Hallo\r\n"[..], 4),
            (b".\r\n", b"", 0),
            (b"..\r\n...\r\n.a\r\n.\r\n", b".\r\n..\r\na\r\n", 0),
            (b"a\n..\nb\r\n.\r\n", b"a\n..\nb\r\n", 0),
            (b"a\r.\rb\r\n.\r\n", b"a\r.\rb\r\n", 0),
            (b"a\r\n.\rb\r\n.\r\n", b"a\r\n\rb\r\n", 0),
            (b"a\r\r\n.\r\n", b"a\r\r\n", 0),
            // What some other server may take for the end is a part of the message here.
            (b"a\r.\r\nb\r\n.\r\n", b"a\r.\r\nb\r\n", 0),
            (b"a\r\n.\r\r\nb\r\n.\r\n", b"a\r\n\r\r\nb\r\n", 0),
            (b"a\r\n\0.\r\nb\r\n.\r\n", b"a\r\n\0.\r\nb\r\n", 0),
            (b"a\r\n.\0\r\nb\r\n.\r\n", b"a\r\n\0\r\nb\r\n", 0),
            (b"a\n.b\r\n.\r\n", b"a\n.b\r\n", 0),
        ] {
            for piece in [1, 2, 3, 1000] {
                let (read, used) = read(sent, piece).expect("it ends");
                assert_eq!(read, message, "{}", String::from_utf8_lossy(sent));
                assert_eq!(used, sent.len() - rest);
            }
        }
    }

    #[test]
    fn an_end_with_a_bare_line_feed_is_smuggling() {
        for sent in [
            &b"a\n.\nMAIL FROM:<x@y>"[..],
            b"a\n.\r\n",
            b"a\r\n.\nb",
            b".\n",
            b"a\r\n..\r\nb\n.\r\n",
            b"a\r\n.\rb\n.\n",
        ] {
            for piece in [1, 2, 1000] {
                assert_eq!(read(sent, piece), Err(Progress::Smuggled), "{}", String::from_utf8_lossy(sent));
            }
        }
    }

    #[test]
    fn what_is_too_large_is_counted_but_not_kept() {
        let mut message = Message::new(10);
        assert_eq!(message.feed(b"0123456789"), Progress::More);
        assert_eq!(message.feed(b"abc\r\n.\r\n"), Progress::End { used: 8 });
        assert_eq!(message.size(), 15);
        assert_eq!(message.finish(), None);
    }
}
