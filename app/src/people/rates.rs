//! Slows guessing down: failures are counted per account and per sender, on each node.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use crate::platform::{Error, Result, Timestamp};

/// Failures within [`WINDOW`] until logins are refused.
const PER_ACCOUNT: usize = 10;
const PER_SENDER: usize = 50;
const WINDOW: Duration = Duration::from_mins(15);
/// Beyond so many keys the old ones are thrown away.
const KEYS: usize = 10_000;

static FAILURES: LazyLock<Mutex<HashMap<String, Vec<Timestamp>>>> = LazyLock::new(Mutex::default);

/// # Errors
///
/// [`Error::TooMany`] with the seconds until the next attempt counts.
pub fn check(now: Timestamp, account: &str, sender: &str) -> Result<()> {
    let failures = FAILURES.lock().expect("nobody panics while holding it");
    for (key, limit) in [(account.to_owned(), PER_ACCOUNT), (format!("from {sender}"), PER_SENDER)] {
        let recent = failures.get(&key).map_or(&[][..], Vec::as_slice);
        let recent: Vec<_> = recent.iter().filter(|at| now - WINDOW < **at).collect();
        if let Some(first) = recent.first().filter(|_| limit <= recent.len()) {
            let wait = (**first + WINDOW).seconds() - now.seconds();
            return Err(Error::TooMany(wait.max(1).unsigned_abs()));
        }
    }
    Ok(())
}

pub fn failed(now: Timestamp, account: &str, sender: &str) {
    let mut failures = FAILURES.lock().expect("nobody panics while holding it");
    if KEYS < failures.len() {
        failures.retain(|_, times| times.iter().any(|at| now - WINDOW < *at));
    }
    for key in [account.to_owned(), format!("from {sender}")] {
        let times = failures.entry(key).or_default();
        times.retain(|at| now - WINDOW < *at);
        times.push(now);
    }
}

pub fn succeeded(account: &str) {
    FAILURES.lock().expect("nobody panics while holding it").remove(account);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_failures_stop_an_account_until_the_window_has_passed() {
        let start = Timestamp::from_seconds(1_000_000);
        for _ in 0..10 {
            assert!(check(start, "eva@haus.example", "192.0.2.1").is_ok());
            failed(start, "eva@haus.example", "192.0.2.1");
        }
        assert!(matches!(check(start, "eva@haus.example", "192.0.2.9"), Err(Error::TooMany(900))));
        assert!(check(start, "udo@haus.example", "192.0.2.1").is_ok());
        assert!(check(start + WINDOW, "eva@haus.example", "192.0.2.1").is_ok());
    }
}
