//! The engine for e-mail: from raw bytes to what a customer said, and from an answer to raw bytes.
//!
//! Pure: no clock, no chance, no network, no database. [`parse`] reads whatever arrives and refuses
//! only what holds nothing; [`compose`](compose::compose) writes what leaves; [`threading`] ties the
//! two together by case numbers, signed addresses and message ids; [`smtp`] reads what a mail port is sent.
//!
//! # Bounds
//!
//! Nothing panics on any input, and something is always shown. Time grows with the size of the input times
//! the depth that is followed, memory with its size; what lies beyond a limit stays in the raw message and
//! is said in [`Message::warnings`]:
//!
//! | what | limit | beyond it |
//! | --- | --- | --- |
//! | header block | 2,000 fields, 256 KiB each, 4 MiB in all | cut, `header_too_long` |
//! | addresses of a field | 2,000 | left out |
//! | parts | 1,000 | left out, `too_many_parts` |
//! | parts within parts | 24 | kept whole as an attachment, `nested_too_deep` |
//! | signed envelopes, enclosed mails, `winmail.dat` within each other | 4 | kept whole |
//! | files of a `winmail.dat`; its RTF | 500; 16 MiB unpacked | `tnef_damaged`; cut |
//! | uuencoded files in the text | 100 | stay text |
//! | HTML | 4 MiB, 30,000 tags, 400 levels | cut, `html_cut`; shown as text, `html_too_complex` |
//! | reply text | 50,000 lines | not split |
//! | recipients of a bounce; searched in its words | 500; 40, in 32 KiB | left out; told what the last one is |
//!
//! On a thread's stack reading needs less than 1 MiB.
//!
//! Deliberately absent: connections, DKIM and SPF, decryption and the verification of signatures.

mod bounce;
mod calendar;
pub mod charset;
mod classify;
mod cms;
pub mod compose;
mod content;
mod flowed;
mod head;
mod headers;
pub mod html;
mod identity;
pub mod inspect;
pub mod language;
pub mod loops;
mod message;
mod mime;
mod opened;
mod parameters;
mod parse;
pub mod plain;
pub mod reply;
pub mod smtp;
pub mod threading;
pub mod tnef;
pub mod topic;
pub mod transfer;
mod words;

pub use bounce::{BounceRecipient, Delivery, reason_of};
pub use classify::{AutoHeaders, Kind};
pub use head::Head;
pub use headers::Address;
pub use identity::identity;
pub use inspect::{Inspection, inspect};
pub use language::Language;
pub use message::{Attachment, Message, Unreadable};
pub use parse::{Heading, heading, parse};
