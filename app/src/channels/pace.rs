//! How fast mail leaves: pure arithmetic on moments, decided before each attempt and after each answer.
//!
//! A domain has a pace per minute, with some at once, so that a large provider does not take us for a spammer.
//! A domain that puts mails off is left alone for a while, as a whole: knocking with each mail makes it worse.
//! Mails of people and mails to many have paces of their own, so that nobody's answer queues behind a campaign.

use std::time::Duration;

use super::relay::{Reply, Step};
use crate::platform::Timestamp;

/// So many may go at once before the pace counts.
const AT_ONCE: u64 = 20;

/// From the first attempt to the last.
pub const PATIENCE: Duration = Duration::from_hours(4 * 24);

/// What an answer that puts a mail off is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// This mail alone: a busy mailbox, a greylist.
    Mail,
    /// All mail to the domain.
    Domain,
    /// All mail: our own mail server is not well.
    Relay,
}

/// When a mail may go, and up to when the pace of its lane is given out then.
///
/// `given` is what this returned as its second value for the mail before.
pub fn slot(given: Timestamp, now: Timestamp, per_minute: i64) -> (Timestamp, Timestamp) {
    let per_minute = per_minute.max(1).unsigned_abs();
    let interval = Duration::from_millis(60_000 / per_minute);
    let until = given.max(now) + interval;
    let credit = Duration::from_millis(60_000 / per_minute * AT_ONCE);
    (now.max(until - credit), until)
}

/// How long to wait after an attempt that failed for now: half of the time since the first one, at least
/// 30 seconds and at most three hours. `jitter` between 0 and 1 shortens it by up to a fifth, so that
/// mails that failed together do not come back together.
pub fn pause(since_first: Duration, jitter: f64) -> Duration {
    let pause = (since_first / 2).clamp(Duration::from_secs(30), Duration::from_hours(3));
    pause.mul_f64(1.0 - jitter.clamp(0.0, 1.0) / 5.0)
}

/// How long a domain, or our own mail server, is left alone after it put off `deferrals` mails in a row.
pub fn rest(deferrals: i64) -> Duration {
    let exponent = u32::try_from(deferrals.clamp(1, 7) - 1).unwrap_or(0);
    Duration::from_secs(30 * 2u64.pow(exponent)).min(Duration::from_mins(30))
}

/// What a temporary refusal at `step` is about.
pub fn scope(step: Step, reply: &Reply) -> Scope {
    let said = reply.said.to_lowercase();
    let greylist = ["greylist", "graylist", "grey list", "gray list"].iter().any(|word| said.contains(word));
    match step {
        Step::Connect | Step::Sender => Scope::Relay,
        _ if greylist || said.contains("4.2.") || said.contains("4.1.") => Scope::Mail,
        // The connection went away: no word about the domain.
        _ if reply.code.is_none() => Scope::Relay,
        _ => Scope::Domain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000_000_000);

    fn waits(mails: usize, per_minute: i64) -> Vec<u64> {
        let mut given = Timestamp(0);
        let mut waits = Vec::new();
        for _ in 0..mails {
            let (when, until) = slot(given, NOW, per_minute);
            given = until;
            waits.push(u64::try_from(when.millis() - NOW.millis()).unwrap_or(0));
        }
        waits
    }

    #[test]
    fn twenty_go_at_once_and_the_rest_in_step() {
        let waits = waits(23, 120);
        assert_eq!(waits[..20], [0; 20]);
        assert_eq!(waits[20..], [500, 1000, 1500]);
    }

    #[test]
    fn half_the_pace_is_twice_the_time() {
        assert_eq!(waits(22, 60)[20..], [1000, 2000]);
    }

    #[test]
    fn a_mail_is_tried_for_four_days_less_and_less_often() {
        for jitter in [0.0, 1.0] {
            let (mut since, mut attempts) = (Duration::ZERO, 1);
            while since < PATIENCE {
                since += pause(since, jitter);
                attempts += 1;
            }
            assert!((40..75).contains(&attempts), "{attempts} with jitter {jitter}");
        }
        assert_eq!(pause(Duration::ZERO, 0.0), Duration::from_secs(30));
        assert_eq!(pause(Duration::from_hours(48), 0.0), Duration::from_hours(3));
        assert_eq!(pause(Duration::ZERO, 1.0), Duration::from_secs(24));
    }

    #[test]
    fn a_busy_mailbox_stops_nobody_else() {
        for (step, code, said, expected) in [
            (Step::Connect, Some(421), "too busy", Scope::Relay),
            (Step::Sender, Some(451), "4.7.1 rate limit", Scope::Relay),
            (Step::Recipient, Some(450), "4.2.1 mailbox busy", Scope::Mail),
            (Step::Recipient, Some(451), "4.7.1 Greylisting in action", Scope::Mail),
            (Step::Recipient, Some(450), "4.7.0 too many mails from you", Scope::Domain),
            (Step::Recipient, Some(421), "4.7.0 try again later", Scope::Domain),
            (Step::End, Some(452), "4.3.1 no space left", Scope::Domain),
            (Step::Content, None, "connection reset", Scope::Relay),
        ] {
            let reply = Reply { code, ..Reply::own(crate::cases::Problem::Busy, said) };
            assert_eq!(scope(step, &reply), expected, "{said}");
        }
    }

    #[test]
    fn a_domain_rests_longer_the_more_often_it_refuses() {
        let rests: Vec<u64> = (1..=9).map(|deferrals| rest(deferrals).as_secs()).collect();
        assert_eq!(rests, [30, 60, 120, 240, 480, 960, 1800, 1800, 1800]);
    }
}
