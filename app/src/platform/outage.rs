//! What is wrong when nothing is wrong with what was asked: the disk or the database does not do its part.
//!
//! Told from errors of ours because it must not be blamed on a mail, a fact or a job, and because whoever runs the
//! house can do something about it.

use std::{fmt, io};

use sqlx::postgres::PgDatabaseError;

/// Why nothing can be written, or read, for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    Full,
    ReadOnly,
    /// The disk reports errors.
    Disk,
    /// The database is not reachable, or is just starting or stopping.
    Database,
}

/// Handed on to those whose work failed together with another's.
impl std::error::Error for Outage {}

impl fmt::Display for Outage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.sentence())
    }
}

impl Outage {
    /// What is behind an error, if it is one of these.
    pub fn behind(error: &anyhow::Error) -> Option<Self> {
        error.chain().find_map(|cause| {
            let of_database = cause.downcast_ref().and_then(Self::of_database);
            let of_io = || cause.downcast_ref().and_then(Self::of_io);
            of_database.or_else(of_io).or_else(|| cause.downcast_ref().copied())
        })
    }

    fn of_database(error: &sqlx::Error) -> Option<Self> {
        match error {
            sqlx::Error::Database(error) => {
                let code = error.code()?;
                let of_postgres = error.try_downcast_ref::<PgDatabaseError>().is_some();
                if of_postgres { Self::of_sqlstate(&code) } else { Self::of_sqlite(code.parse().ok()?) }
            }
            sqlx::Error::Io(error) => Self::of_io(error).or(Some(Self::Database)),
            sqlx::Error::PoolTimedOut
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::InvalidSavePointStatement
            | sqlx::Error::BeginFailed
            | sqlx::Error::Tls(_) => Some(Self::Database),
            _ => None,
        }
    }

    /// <https://www.sqlite.org/rescode.html>; the last byte is the primary code.
    const fn of_sqlite(code: u32) -> Option<Self> {
        match code & 0xff {
            8 => Some(Self::ReadOnly),
            10 | 14 => Some(Self::Disk),
            13 => Some(Self::Full),
            5 => Some(Self::Database),
            _ => None,
        }
    }

    /// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
    fn of_sqlstate(code: &str) -> Option<Self> {
        match code {
            "53100" => Some(Self::Full),
            "25006" => Some(Self::ReadOnly),
            _ if code.starts_with("58") => Some(Self::Disk),
            _ if ["08", "53", "57P"].iter().any(|class| code.starts_with(class)) => Some(Self::Database),
            _ => None,
        }
    }

    fn of_io(error: &io::Error) -> Option<Self> {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Some(Self::Full)
            }
            io::ErrorKind::ReadOnlyFilesystem => Some(Self::ReadOnly),
            _ => None,
        }
    }

    /// For the log: what is wrong, and what to do.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Full => "the disk is full: please make room, Kitt goes on by itself",
            Self::ReadOnly => "the disk is read-only: please make it writable, Kitt goes on by itself",
            Self::Disk => {
                "the disk reports errors or is read-only: please look at it, Kitt goes on by itself"
            }
            Self::Database => "the database does not answer: Kitt goes on by itself as soon as it does",
        }
    }

    /// The translation key of the same for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Full => "error-disk-full",
            Self::ReadOnly => "error-disk-read-only",
            Self::Disk => "error-disk",
            Self::Database => "error-database",
        }
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;
    use crate::platform::Error;

    #[test]
    fn what_is_wrong_with_the_disk_is_found_below_its_context() {
        for (kind, outage) in [
            (io::ErrorKind::StorageFull, Some(Outage::Full)),
            (io::ErrorKind::ReadOnlyFilesystem, Some(Outage::ReadOnly)),
            (io::ErrorKind::NotFound, None),
        ] {
            let failed: Result<(), io::Error> = Err(kind.into());
            let error = failed.context("cannot keep a blob").expect_err("it failed");
            assert_eq!(Outage::behind(&error), outage, "{kind:?}");
            let passed_on = anyhow::Error::from(Error::from(error)).context("cannot keep small blobs");
            assert_eq!(Outage::behind(&passed_on), outage, "{kind:?}");
        }
    }

    #[test]
    fn codes_of_both_databases_are_known() {
        for (code, outage) in
            [(13, Some(Outage::Full)), (778, Some(Outage::Disk)), (1032, Some(Outage::ReadOnly)), (19, None)]
        {
            assert_eq!(Outage::of_sqlite(code), outage, "{code}");
        }
        for (code, outage) in [
            ("53100", Some(Outage::Full)),
            ("57P01", Some(Outage::Database)),
            ("57014", None),
            ("25006", Some(Outage::ReadOnly)),
            ("23505", None),
        ] {
            assert_eq!(Outage::of_sqlstate(code), outage, "{code}");
        }
    }
}
