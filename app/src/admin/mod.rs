//! Administration: the settings pages.
//!
//! Owns no tables. It shows what the ground keeps (people, teams, queues, departments, tokens, jobs, the
//! journal) and calls its commands; slices with settings of their own bring their own pages.

mod audit;
pub mod web;
