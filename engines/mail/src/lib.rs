//! The engine for e-mail: from raw bytes to what a customer said, and from an answer to raw bytes.
//!
//! Pure: no clock, no chance, no network, no database. [`parse`] reads whatever arrives and refuses
//! only what holds nothing; [`compose`](compose::compose) writes what leaves; [`threading`] ties the
//! two together by case numbers, signed addresses and message ids. Nothing here panics on any input,
//! and time and memory are bounded by the size of the input (see `mime` for the limits).
//!
//! Deliberately absent: sending and receiving, DKIM and SPF, decryption and the verification of signatures.

mod bounce;
mod calendar;
pub mod charset;
mod classify;
mod cms;
pub mod compose;
mod content;
mod flowed;
mod headers;
pub mod html;
pub mod inspect;
pub mod language;
mod message;
mod mime;
mod opened;
mod parameters;
mod parse;
pub mod reply;
pub mod threading;
pub mod tnef;
pub mod transfer;
mod words;

pub use bounce::BounceRecipient;
pub use classify::{AutoHeaders, Kind};
pub use headers::Address;
pub use inspect::{Inspection, inspect};
pub use language::Language;
pub use message::{Attachment, Message, Unreadable};
pub use parse::parse;
