//! What no test inside the program can prove: that whatever happens to the process, the disk, the database or the
//! clock, nothing that was acknowledged is lost, and nothing is doubled; and that "250" comes after the fsync.
//!
//! The real program works under load while it is disturbed: mails are handed over by LMTP, fetched by IMAP from
//! three mailboxes, and answers leave. Small here; `make drill` lets each drill go on. A kill leaves the kernel's
//! memory alone, so it proves nothing about the disk: that is what the trace of system calls is for.

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "uses a part of the support code")]
mod support;

mod book;
mod clock;
mod disk;
mod drill;
mod house;
mod imap;
mod judge;
mod kill;
mod load;
mod report;
mod restart;
mod server;
mod trace;
