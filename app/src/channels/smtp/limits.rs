//! What a client may take of our time, our memory and our patience.
//!
//! Times and sizes hold for everybody; what is said to be of strangers not for this machine and trusted servers.

use std::time::Duration;

/// The defaults are what servers of the whole world are given; tests are less patient.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Clients at a time; more are asked to come back.
    pub clients: usize,
    /// So many of them are not for strangers.
    pub reserved: usize,
    /// Clients of one stranger at a time.
    pub clients_of_peer: usize,
    /// Messages that one stranger may begin in a minute.
    pub messages_of_peer: usize,
    /// Unknown recipients before a stranger is sent away.
    pub unknown_recipients: u32,
    /// Commands of a stranger without a message that was kept, its recipients not counted.
    pub idle_commands: u32,
    /// How long a stranger has to be silent before it is greeted; who speaks first is no mail server.
    pub silence: Duration,
    /// For the header of a proxy.
    pub proxy_header: Duration,
    /// For the TLS handshake.
    pub handshake: Duration,
    /// For a whole command line (RFC 5321, 4.5.3.2.7).
    pub command: Duration,
    /// For the next piece of a message.
    pub piece: Duration,
    /// For a client to take our answers.
    pub answer: Duration,
    /// For a message of no size; for others there is more time, at [`Self::slowest`].
    pub message: Duration,
    /// Bytes a second.
    pub slowest: u32,
    /// For a message of any size.
    pub longest: Duration,
    /// Messages at a time of more than [`LARGE`].
    pub large: usize,
}

/// Bytes of a message from which on it is one of few.
pub const LARGE: usize = 1024 * 1024;

impl Limits {
    /// How long a message may take of which so many bytes are there.
    pub fn for_message(&self, size: usize) -> Duration {
        let seconds = size / (self.slowest.max(1) as usize);
        let more = Duration::from_secs(u64::try_from(seconds).unwrap_or(u64::MAX));
        self.message.saturating_add(more).min(self.longest)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            clients: 200,
            reserved: 20,
            clients_of_peer: 20,
            messages_of_peer: 300,
            unknown_recipients: 10,
            idle_commands: 100,
            silence: Duration::from_millis(500),
            proxy_header: Duration::from_secs(10),
            handshake: Duration::from_secs(20),
            command: Duration::from_mins(5),
            piece: Duration::from_mins(3),
            answer: Duration::from_mins(1),
            message: Duration::from_mins(5),
            slowest: 1024,
            longest: Duration::from_hours(1),
            large: 16,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_messages_have_more_time_and_none_has_all() {
        let limits = Limits::default();
        assert_eq!(limits.for_message(0), Duration::from_mins(5));
        assert_eq!(limits.for_message(1024 * 60), Duration::from_mins(6));
        assert_eq!(limits.for_message(usize::MAX), Duration::from_hours(1));
    }
}
