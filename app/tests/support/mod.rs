//! What tests lean on: real databases, a real browser, a real mail server, each started by the test
//! run itself, in a temporary folder, and gone afterwards.
//!
//! Nothing here knows the program under test. A binary that uses only a part says so where it
//! includes this: `#[expect(dead_code, reason = "uses a part of the support code")] mod support;`

pub mod browser;
pub mod dns;
pub mod dovecot;
pub mod faketime;
mod guard;
pub mod oauth;
pub mod postfix;
pub mod postgres;
pub mod smtp;
pub mod sqlite;
pub mod tmpfs;
