//! What keeps two machines from writing to each other for ever: whom none may write to, and how often.
//!
//! The numbers are those that help desks arrived at over years. Counting is left to the caller.

use crate::classify;

/// Automatic mails to one address within a day.
pub const PER_ADDRESS: usize = 40;

/// Automatic mails within one case: minutes, and how many may leave in them.
pub const PER_CASE: [(i64, usize); 5] = [(10, 10), (30, 15), (60, 25), (180, 50), (600, 100)];

/// Mails of one sender to one case within ten minutes, beyond which they are kept but wake nobody.
pub const PER_SENDER: usize = 10;

/// Would one more automatic mail be too many for a case, to which others left so many seconds ago?
#[must_use]
pub fn is_case_full(ages: &[i64]) -> bool {
    PER_CASE.iter().any(|(minutes, most)| {
        let window = minutes * 60;
        *most <= ages.iter().filter(|age| **age < window).count()
    })
}

/// Does nobody read what is sent there? A mail server, or somebody who says so by name.
#[must_use]
pub fn is_unread(address: &str) -> bool {
    classify::is_robot(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_takes_so_many_automatic_mails_and_no_more() {
        let every = |seconds: i64, count: i64| (0..count).map(|n| n * seconds).collect::<Vec<_>>();
        for (what, ages, full) in [
            ("none yet", vec![], false),
            ("nine in ten minutes", every(60, 9), false),
            ("ten in ten minutes", every(60, 10), true),
            ("the tenth is just old enough", [every(60, 9), vec![600]].concat(), false),
            ("fourteen in half an hour", every(120, 14), false),
            ("fifteen in half an hour", every(120, 15), true),
            ("twenty-five in an hour", every(144, 25), true),
            ("fifty in three hours", every(216, 50), true),
            ("a hundred in ten hours", every(360, 100), true),
            ("one an hour for ever", every(3600, 1000), false),
        ] {
            assert_eq!(is_case_full(&ages), full, "{what}");
        }
    }

    #[test]
    fn nobody_reads_what_is_sent_to_a_machine() {
        for address in [
            "noreply@shop.example",
            "No-Reply@shop.example",
            "do_not_reply@shop.example",
            "bestellung-noreply@shop.example",
            "MAILER-DAEMON@mx.example",
            "postmaster@mx.example",
        ] {
            assert!(is_unread(address), "{address}");
        }
        for address in ["ingrid@example.org", "reply@example.org", "norbert@example.org"] {
            assert!(!is_unread(address), "{address}");
        }
    }
}
