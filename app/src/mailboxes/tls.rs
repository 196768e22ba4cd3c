//! Which servers are trusted: as everywhere in the house.

pub use crate::platform::trust;
