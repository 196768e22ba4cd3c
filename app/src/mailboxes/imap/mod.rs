//! Talks to an IMAP server (RFC 3501, RFC 9051): connect, log in, and the few commands that fetching needs.
//!
//! Login and parsing are async-imap's. Its command functions are not used, since they take a connection that
//! broke in the middle of a list for the end of the list; here every command ends with its tagged answer.

mod connect;
mod names;
mod session;

pub use connect::{Login, Server, connect};
pub use session::{Failed, Listed, Opened, Session};
