//! The header with which a proxy says for whom it speaks: PROXY protocol, version 1 (text) and 2 (binary).
//!
//! Deliberately absent: what version 2 may add about TLS and names; nothing depends on it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// What the bytes so far amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Header {
    /// More bytes are needed.
    More,
    /// Complete; so many of the bytes belong to it.
    Complete {
        used: usize,
        /// `None`: the proxy speaks for itself, or does not say for whom.
        client: Option<SocketAddr>,
    },
    /// Anything else.
    Wrong,
}

const SIGNATURE: &[u8; 12] = b"\r\n\r\n\0\r\nQUIT\n";
/// The longest line of version 1, with its end.
const LONGEST_LINE: usize = 107;
/// Bytes of version 2 after its first sixteen; with names and certificates it may be longer than it is here.
const LONGEST_REST: usize = 2048;

/// Reads the header at the start of a connection.
pub fn read(bytes: &[u8]) -> Header {
    let same = |start: &[u8]| bytes.iter().zip(start).all(|(one, other)| one == other);
    if same(SIGNATURE) {
        binary(bytes)
    } else if same(b"PROXY ") {
        text(bytes)
    } else {
        Header::Wrong
    }
}

fn text(bytes: &[u8]) -> Header {
    let Some(end) = bytes.iter().take(LONGEST_LINE).position(|byte| *byte == b'\n') else {
        return if LONGEST_LINE <= bytes.len() { Header::Wrong } else { Header::More };
    };
    let line = std::str::from_utf8(&bytes[..end]).ok().and_then(|line| line.strip_suffix('\r'));
    let Some(line) = line else { return Header::Wrong };
    let words: Vec<&str> = line.split(' ').collect();
    let client = match words.as_slice() {
        ["PROXY", "UNKNOWN", ..] => None,
        ["PROXY", family @ ("TCP4" | "TCP6"), source, destination, port, other] => {
            let Some(client) = named(family, source, destination, port, other) else { return Header::Wrong };
            Some(client)
        }
        _ => return Header::Wrong,
    };
    Header::Complete { used: end + 1, client }
}

fn named(family: &str, source: &str, destination: &str, port: &str, other: &str) -> Option<SocketAddr> {
    let (source, destination): (IpAddr, IpAddr) = (source.parse().ok()?, destination.parse().ok()?);
    let (port, _): (u16, u16) = (port.parse().ok()?, other.parse().ok()?);
    let four = family == "TCP4";
    (source.is_ipv4() == four && destination.is_ipv4() == four).then_some(SocketAddr::new(source, port))
}

fn binary(bytes: &[u8]) -> Header {
    let Some((start, rest)) = bytes.split_first_chunk::<16>() else { return Header::More };
    let length = usize::from(u16::from_be_bytes([start[14], start[15]]));
    if LONGEST_REST < length {
        return Header::Wrong;
    }
    let Some(rest) = rest.get(..length) else { return Header::More };
    let client = match (start[12], start[13]) {
        (0x21, 0x11) => match rest.first_chunk::<12>() {
            Some(it) => Some((Ipv4Addr::new(it[0], it[1], it[2], it[3]).into(), [it[8], it[9]])),
            None => return Header::Wrong,
        },
        (0x21, 0x21) => match (rest.first_chunk::<16>(), rest.get(32..34)) {
            (Some(it), Some(port)) => Some((Ipv6Addr::from(*it).into(), [port[0], port[1]])),
            _ => return Header::Wrong,
        },
        // The proxy itself, such as its look whether we are there; or neither TCP over IPv4 nor over IPv6.
        (0x20 | 0x21, _) => None,
        _ => return Header::Wrong,
    };
    let client = client.map(|(ip, port): (IpAddr, _)| SocketAddr::new(ip, u16::from_be_bytes(port)));
    Header::Complete { used: 16 + length, client }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v2(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
        let length = u16::try_from(rest.len()).expect("a short header").to_be_bytes();
        [SIGNATURE.as_slice(), &[command, family], &length, rest].concat()
    }

    #[test]
    fn headers_of_both_versions_name_the_client() {
        let four = [192, 0, 2, 7, 127, 0, 0, 1, 0x10, 0, 0, 25];
        let six: Vec<u8> = [[0x20, 1, 0xd, 0xb8], [0; 4], [0; 4], [0, 0, 0, 7]].concat();
        let six = [six.clone(), six, vec![0x10, 1, 0, 25]].concat();
        for (bytes, client) in [
            (b"PROXY TCP4 192.0.2.7 127.0.0.1 4096 25\r\n".to_vec(), Some("192.0.2.7:4096")),
            (b"PROXY TCP6 2001:db8::7 ::1 4097 25\r\n".to_vec(), Some("[2001:db8::7]:4097")),
            (b"PROXY UNKNOWN\r\n".to_vec(), None),
            (b"PROXY UNKNOWN what ever\r\n".to_vec(), None),
            (v2(0x21, 0x11, &four), Some("192.0.2.7:4096")),
            (v2(0x21, 0x11, &[four.as_slice(), &[4, 0, 0]].concat()), Some("192.0.2.7:4096")),
            (v2(0x21, 0x21, &six), Some("[2001:db8::7]:4097")),
            (v2(0x20, 0x00, &[]), None),
            (v2(0x21, 0x31, &[0; 216]), None),
        ] {
            let client = client.map(|client| client.parse().expect("an address"));
            let used = bytes.len();
            for end in 0..used {
                assert_eq!(read(&bytes[..end]), Header::More, "{bytes:?} up to {end}");
            }
            let more = [bytes, b"EHLO x".to_vec()].concat();
            assert_eq!(read(&more), Header::Complete { used, client });
        }
    }

    #[test]
    fn anything_else_is_wrong() {
        for bytes in [
            b"EHLO x\r\n".to_vec(),
            b"PROXY TCP4 192.0.2.7 127.0.0.1 4096 25\n".to_vec(),
            b"PROXY TCP4 2001:db8::7 ::1 4096 25\r\n".to_vec(),
            b"PROXY TCP4 192.0.2.7 127.0.0.1 4096 65536\r\n".to_vec(),
            b"PROXY TCP4 192.0.2.7\r\n".to_vec(),
            [b"PROXY UNKNOWN ".as_slice(), &[b'x'; 100]].concat(),
            v2(0x31, 0x11, &[0; 12]),
            v2(0x22, 0x11, &[0; 12]),
            v2(0x21, 0x11, &[0; 11]),
            v2(0x21, 0x21, &[0; 12]),
            v2(0x21, 0x11, &[0; LONGEST_REST + 1]),
        ] {
            assert_eq!(read(&bytes), Header::Wrong, "{}", String::from_utf8_lossy(&bytes));
        }
    }
}
