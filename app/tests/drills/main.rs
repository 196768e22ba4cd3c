//! What no test inside the program can prove: that acknowledged mail survives kill -9, and that "250" comes
//! after the fsync.
//!
//! Small here; `scripts/drill-kill` runs it large. A kill leaves the kernel's memory alone, so it proves
//! nothing about the disk: that is what the trace of system calls is for.

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "uses a part of the support code")]
mod support;

mod kill;
mod server;
mod trace;
