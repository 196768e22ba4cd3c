//! Slows guessing down: failures are counted per account and per sender, on each node.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use crate::platform::{Error, Result, Timestamp};

/// Failures within [`WINDOW`] until logins are refused.
const PER_ACCOUNT: usize = 10;
const PER_SENDER: usize = 50;
const WINDOW: Duration = Duration::from_mins(15);
/// With so many keys the old ones are thrown away.
const KEYS: usize = 10_000;

static ATTEMPTS: LazyLock<Mutex<Attempts>> = LazyLock::new(Mutex::default);

#[derive(Default)]
struct Attempts {
    /// Failed and running attempts.
    times: HashMap<String, Vec<Timestamp>>,
    /// What was left at the last clean-up: the next one comes when it has doubled.
    kept: usize,
}

impl Attempts {
    fn forget_old(&mut self, now: Timestamp) {
        if self.times.len() < KEYS.max(2 * self.kept) {
            return;
        }
        self.times.retain(|_, times| times.iter().any(|at| now - WINDOW < *at));
        self.kept = self.times.len();
    }
}

fn keys(account: &str, sender: &str) -> [(String, usize); 2] {
    [(format!("as {account}"), PER_ACCOUNT), (format!("from {sender}"), PER_SENDER)]
}

/// Counts an attempt as failed until it [`succeeded`]: many at the same moment must not all pass.
///
/// # Errors
///
/// [`Error::TooMany`] with the seconds until the next attempt counts.
pub fn attempt(now: Timestamp, account: &str, sender: &str) -> Result<()> {
    let mut attempts = ATTEMPTS.lock().expect("nobody panics while holding it");
    attempts.forget_old(now);
    for (key, limit) in keys(account, sender) {
        let Some(times) = attempts.times.get_mut(&key) else { continue };
        times.retain(|at| now - WINDOW < *at);
        if let Some(first) = times.first().filter(|_| limit <= times.len()) {
            let wait = (*first + WINDOW).seconds() - now.seconds();
            return Err(Error::TooMany(wait.max(1).unsigned_abs()));
        }
    }
    for (key, _) in keys(account, sender) {
        attempts.times.entry(key).or_default().push(now);
    }
    Ok(())
}

/// Takes back what [`attempt`] counted, and forgives the account.
pub fn succeeded(account: &str, sender: &str) {
    let mut attempts = ATTEMPTS.lock().expect("nobody panics while holding it");
    let [(account, _), (sender, _)] = keys(account, sender);
    attempts.times.remove(&account);
    if let Some(times) = attempts.times.get_mut(&sender) {
        times.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_failures_stop_an_account_until_the_window_has_passed() {
        let start = Timestamp::from_seconds(1_000_000);
        for _ in 0..10 {
            // Whoever asks before the others are through counts, too.
            assert!(attempt(start, "eva@haus.example", "192.0.2.1").is_ok());
        }
        assert!(matches!(attempt(start, "eva@haus.example", "192.0.2.9"), Err(Error::TooMany(900))));
        assert!(attempt(start, "udo@haus.example", "192.0.2.1").is_ok());
        assert!(attempt(start + WINDOW, "eva@haus.example", "192.0.2.1").is_ok());
    }

    #[test]
    fn who_logs_in_rightly_is_never_stopped() {
        let start = Timestamp::from_seconds(1_000_000);
        for _ in 0..100 {
            assert!(attempt(start, "ute@haus.example", "192.0.2.3").is_ok());
            succeeded("ute@haus.example", "192.0.2.3");
        }
    }
}
