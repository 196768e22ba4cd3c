//! How often something is said over time.
//!
//! Each insight has its own course through the history, so that trends, the effect of a fix, a relapse
//! and a new issue can be seen (and measured) in the example company.

/// The shape of a theme's frequency. Days count back from the last day of the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    Steady,
    /// From a third of the weight to nearly twice of it.
    Rising,
    /// From nearly twice the weight down to a third of it.
    Falling,
    /// Falls to `left` percent within three weeks after it was fixed `ago` days before the end.
    Fixed {
        ago: i64,
        left: u64,
    },
    /// Fixed like [`Course::Fixed`], but back since `back` days.
    Relapsed {
        ago: i64,
        back: i64,
    },
    /// Hardly there before; strong and growing since `since` days.
    Emerging {
        since: i64,
    },
    /// High around this month (1 to 12).
    Seasonal {
        month: i64,
    },
    /// Rising, then a trial brings it down slowly since `ago` days.
    Pilot {
        ago: i64,
    },
}

impl Course {
    /// Percent of the theme's weight, `ago` days before the end of the history, in calendar month `month`.
    pub fn percent(self, ago: i64, month: i64) -> u64 {
        let percent = match self {
            Self::Steady => 100,
            Self::Pilot { ago: start } if ago <= start => rising(ago) * (100 - (start - ago).min(60)) / 100,
            Self::Rising | Self::Pilot { .. } => rising(ago),
            Self::Falling => rising(400 - ago),
            Self::Fixed { ago: fixed, left } => fading(ago, fixed, left),
            Self::Relapsed { back, .. } if ago <= back => 40 + (back - ago).min(30) * 3,
            Self::Relapsed { ago: fixed, .. } => fading(ago, fixed, 8),
            Self::Emerging { since } if ago <= since => 400 + (since - ago) * 4900 / since,
            Self::Emerging { .. } => 25,
            Self::Seasonal { month: peak } => seasonal(month, peak),
        };
        u64::try_from(percent).unwrap_or(0)
    }
}

fn rising(ago: i64) -> i64 {
    30 + (400 - ago).clamp(0, 400) * 160 / 400
}

fn fading(ago: i64, fixed: i64, left: u64) -> i64 {
    let left = i64::try_from(left).unwrap_or(100).min(130);
    let since = (fixed - ago).clamp(0, 21);
    130 - (130 - left) * since / 21
}

fn seasonal(month: i64, peak: i64) -> i64 {
    let around = (month - peak).rem_euclid(12);
    match around.min(12 - around) {
        0 => 260,
        1 => 170,
        2 => 80,
        _ => 40,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_course_goes_where_its_name_says() {
        for (course, before, after) in [
            (Course::Rising, 380, 10),
            (Course::Emerging { since: 7 }, 8, 1),
            (Course::Relapsed { ago: 150, back: 40 }, 60, 5),
        ] {
            assert!(course.percent(before, 6) * 2 < course.percent(after, 6), "{course:?}");
        }
        for (course, before, after) in [
            (Course::Fixed { ago: 60, left: 10 }, 70, 10),
            (Course::Relapsed { ago: 150, back: 40 }, 160, 100),
            (Course::Pilot { ago: 35 }, 36, 0),
        ] {
            assert!(course.percent(after, 6) < course.percent(before, 6), "{course:?}");
        }
        assert_eq!(Course::Seasonal { month: 12 }.percent(100, 1), 170);
    }
}
