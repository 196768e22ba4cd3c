//! What a mail port reads off the wire, as pure functions over bytes: lines, commands, messages, the header of a
//! proxy.
//!
//! Each bounds what it holds, whatever is sent in whatever pieces. Deliberately absent: sockets, times, answers;
//! that is the program's conversation.

pub mod command;
pub mod data;
pub mod proxy;

/// Bytes of one command line, without its end.
pub const LONGEST_LINE: usize = 4096;

/// The next command line of what was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// Without its end. A bare line feed ends a line, too: people type into this port.
    Whole(Vec<u8>),
    TooLong,
    /// Its end is not there yet.
    More,
}

/// Takes the next line out of `unread`, of which the first `searched` bytes are known to hold no end.
pub fn take_line(unread: &mut Vec<u8>, searched: usize) -> Line {
    let Some(end) = memchr::memchr(b'\n', &unread[searched..]) else {
        // One more: the carriage return before an end that is still to come.
        return if LONGEST_LINE + 1 < unread.len() { Line::TooLong } else { Line::More };
    };
    let mut line: Vec<u8> = unread.drain(..=searched + end).collect();
    line.pop();
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    if LONGEST_LINE < line.len() { Line::TooLong } else { Line::Whole(line) }
}

/// What a connection amounted to; see [`transcript`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transcript {
    pub client: Option<std::net::SocketAddr>,
    /// Commands, and what was no command as the answer to it.
    pub commands: Vec<Result<command::Command, command::Refusal>>,
    /// Those that were not too large.
    pub messages: Vec<Vec<u8>>,
    /// The last message had an end that is none.
    pub smuggled: bool,
}

/// Reads all that a client sent, `piece` bytes at a time, as if every answer to it had been a yes.
///
/// For tests and fuzzing: in whatever pieces bytes come, they mean the same.
pub fn transcript(sent: &[u8], piece: usize, largest: usize) -> Transcript {
    let mut told = Transcript::default();
    let mut unread: Vec<u8> = Vec::new();
    let mut message: Option<data::Message> = None;
    let mut headed = false;
    for piece in sent.chunks(piece) {
        unread.extend_from_slice(piece);
        if !headed {
            match proxy::read(&unread) {
                proxy::Header::More => continue,
                proxy::Header::Wrong => {}
                proxy::Header::Complete { used, client } => {
                    told.client = client;
                    unread.drain(..used);
                }
            }
            headed = true;
        }
        if !told.go_on(&mut unread, &mut message, largest) {
            break;
        }
    }
    told
}

impl Transcript {
    /// As far as `unread` goes; false if the connection would be closed.
    fn go_on(&mut self, unread: &mut Vec<u8>, message: &mut Option<data::Message>, largest: usize) -> bool {
        loop {
            if let Some(open) = message {
                match open.feed(unread) {
                    data::Progress::More => {
                        unread.clear();
                        return true;
                    }
                    data::Progress::Smuggled => {
                        self.smuggled = true;
                        return false;
                    }
                    data::Progress::End { used } => {
                        unread.drain(..used);
                        self.messages.extend(message.take().and_then(data::Message::finish));
                        continue;
                    }
                }
            }
            match take_line(unread, 0) {
                Line::More => return true,
                Line::TooLong => return false,
                Line::Whole(line) => {
                    let Ok(line) = String::from_utf8(line) else { continue };
                    let command = command::parse(&line);
                    if command == Ok(command::Command::Data) {
                        *message = Some(data::Message::new(largest));
                    }
                    self.commands.push(command);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_a_line_feed_and_have_a_largest_length() {
        let mut unread = b"NOOP\r\nQUIT\nRS".to_vec();
        assert_eq!(take_line(&mut unread, 0), Line::Whole(b"NOOP".to_vec()));
        assert_eq!(take_line(&mut unread, 0), Line::Whole(b"QUIT".to_vec()));
        assert_eq!(take_line(&mut unread, 0), Line::More);
        unread.extend_from_slice(b"ET\r\n");
        assert_eq!(take_line(&mut unread, 2), Line::Whole(b"RSET".to_vec()));
        assert!(unread.is_empty());
        assert_eq!(take_line(&mut vec![b'x'; LONGEST_LINE + 2], 0), Line::TooLong);
    }
}
