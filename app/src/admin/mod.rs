//! Administration: the settings pages.
//!
//! Owns no tables. It shows what the ground keeps (people, teams, queues, departments, tokens, jobs)
//! and calls its commands; slices with settings of their own bring their own pages. The audit log is in
//! `screens/history`, since it names what is of every slice.

pub mod web;
