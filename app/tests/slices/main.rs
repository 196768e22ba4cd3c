//! Stories of every slice, each on SQLite and on PostgreSQL. A new slice is one line here.

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "uses a part of the support code")]
mod support;
#[path = "../support/world.rs"]
mod world;

mod admin;
mod api;
mod assignment;
mod attributes;
mod cases;
mod channels;
mod customers;
mod database;
mod deadlines;
mod demo;
mod drafts;
mod exports;
mod finance;
mod findings;
mod goodwill;
mod history;
mod insights;
mod jobs;
mod journal;
mod knowledge;
mod lists;
mod mailboxes;
mod notices;
mod pages;
mod panes;
mod people;
mod presence;
mod rules;
mod rules_dry;
mod search;
mod search_operators;
mod sight;
mod snippets;
mod statements;
mod undo;
mod upkeep;
mod words;
mod work;
mod workload;
