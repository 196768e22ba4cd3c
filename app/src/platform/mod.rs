//! Technical ground: nothing here has a name that customer service would use.

mod actor;
pub mod banners;
mod bilingual;
mod blobs;
pub mod check;
mod codes;
mod db;
pub mod dialect;
mod error;
mod ids;
pub mod jobs;
pub mod jump;
pub mod keys;
pub mod live;
pub mod metrics;
mod migrate;
mod network;
mod outage;
mod own;
pub mod parts;
pub mod rows;
pub mod sealed;
pub mod search;
pub mod server;
mod settings;
pub mod sheet;
pub mod sight;
mod tone;
mod trust;
pub mod web;
pub mod words;

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::tz::TimeZone;

pub use actor::{Actor, Attendance, Right, Role, Who};
pub use bilingual::Bilingual;
pub use blobs::{BlobId, Blobs, SmallBlobs};
pub(crate) use codes::{codes, schema_name};
pub use db::{Arg, Column, Db, Kept, Row, Sql, Table, Tx, insert_rows, key_lists, portions, sql};
pub use error::{Error, FieldError, OwnFieldError, Result};
pub use ids::{
    CaseFieldId, CaseId, CaseKindId, CompanyId, ContactId, CustomerId, DepartmentId, EntryId, FindingId,
    InsightId, JobId, MailboxId, OwnStateId, PersonId, PolicyId, ProductId, QueueId, ReceivedId, TagId,
    TeamId, Timestamp, TokenId,
};
pub use jobs::JobKind;
pub use jump::Jump;
pub use migrate::{TooNew, migrate, migrate_but_the_last, pending};
pub use network::Network;
pub use outage::Outage;
pub use own::OwnChanges;
pub use search::{Search, SearchSource};
pub use settings::{Given, Settings, Tls};
pub use tone::{Manner, Tone};
pub use trust::trust;
pub use web::{Area, Id, Input, Page, Query, Wants};
pub use words::{Language, Words};

/// The one thing that handlers, listeners and jobs are given.
#[derive(Clone)]
pub struct App {
    pub db: Db,
    pub blobs: Blobs,
    pub live: live::Live,
    shared: Arc<Shared>,
}

struct Shared {
    settings: Settings,
    zone: TimeZone,
    clock: Clock,
    secret: [u8; 32],
    parts: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl App {
    /// `secret` signs reply addresses and links; it is kept in the database.
    pub fn new(
        db: Db,
        blobs: Blobs,
        settings: Settings,
        secret: [u8; 32],
        clock: Clock,
    ) -> anyhow::Result<Self> {
        let zone = TimeZone::get(&settings.time_zone)?;
        Ok(Self {
            db,
            blobs,
            live: live::Live::default(),
            shared: Arc::new(Shared { settings, zone, clock, secret, parts: Mutex::default() }),
        })
    }

    /// The same house at another moment, with a memory of its own: what commands do with it happens then. For the example
    /// company, which plays what it makes up.
    pub fn at(&self, moment: Timestamp) -> Self {
        let known = &self.shared;
        let shared = Shared {
            settings: known.settings.clone(),
            zone: known.zone.clone(),
            clock: Clock::fixed(moment),
            secret: known.secret,
            parts: Mutex::default(),
        };
        Self { shared: Arc::new(shared), ..self.clone() }
    }

    /// The only clock. Tests set it.
    pub fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    pub fn zone(&self) -> TimeZone {
        self.shared.zone.clone()
    }

    pub fn secret(&self) -> &[u8; 32] {
        &self.shared.secret
    }

    /// What a slice keeps in memory on this node, made at first use. Never the truth: another node has its own.
    ///
    /// # Panics
    ///
    /// Never: each part is stored under its own type.
    pub fn part<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut parts = self.shared.parts.lock().unwrap_or_else(PoisonError::into_inner);
        let part = parts.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default())).clone();
        part.downcast().expect("it was stored under its own type")
    }

    /// What the frame of every page tells.
    pub fn banners(&self) -> Arc<banners::Banners> {
        self.part()
    }

    /// The search index of this node.
    pub fn search(&self) -> Arc<Search> {
        self.part()
    }
}

/// Real time, or a moment that a test chose.
pub struct Clock {
    fixed: Option<AtomicI64>,
}

impl Clock {
    pub const fn real() -> Self {
        Self { fixed: None }
    }

    pub const fn fixed(at: Timestamp) -> Self {
        Self { fixed: Some(AtomicI64::new(at.0)) }
    }

    /// Moves a fixed clock; a real one cannot be moved.
    pub fn advance(&self, by: std::time::Duration) {
        if let Some(fixed) = &self.fixed {
            fixed.fetch_add(i64::try_from(by.as_micros()).unwrap_or(0), Ordering::SeqCst);
        }
    }

    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn now(&self) -> Timestamp {
        self.fixed
            .as_ref()
            .map_or_else(|| jiff::Timestamp::now().into(), |fixed| Timestamp(fixed.load(Ordering::SeqCst)))
    }
}
