//! What the page of the workload looks at, as it stands in its address, and links that change one of it.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::cases::Channel;
use crate::platform::{QueueId, codes};

codes! {
    /// The time that is looked at.
    pub enum Span { Today = "today", Week = "7", Month = "30", Quarter = "90" }
}

impl Span {
    /// Days that are over; none for today.
    pub const fn days(self) -> i32 {
        match self {
            Self::Today => 0,
            Self::Week => 7,
            Self::Month => 30,
            Self::Quarter => 90,
        }
    }

    /// The first day of the time, and the first after it. Days that are over end yesterday, so that a day that has
    /// just begun lowers nothing.
    pub fn period(self, today: Date) -> (Date, Date) {
        match self {
            Self::Today => (today, today.saturating_add(1.day())),
            _ => (today.saturating_sub(self.days().days()), today),
        }
    }

    /// What it is compared with: as many days before it; for today the same weekday a week ago.
    pub fn before(self, today: Date) -> (Date, Date) {
        let back = if self == Self::Today { 7 } else { self.days() };
        let (from, to) = self.period(today);
        (from.saturating_sub(back.days()), to.saturating_sub(back.days()))
    }
}

/// Filters; empty ones hold everything.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
pub struct WorkloadQuery {
    /// `today`, or days that are over: `7`, `30`, `90`
    #[serde(skip_serializing_if = "String::is_empty")]
    pub time: String,
    /// A queue's id
    #[serde(skip_serializing_if = "String::is_empty")]
    pub queue: String,
    /// A channel, such as `email`
    #[serde(skip_serializing_if = "String::is_empty")]
    pub channel: String,
}

impl WorkloadQuery {
    pub fn span(&self) -> Span {
        Span::from_code(&self.time).unwrap_or(Span::Today)
    }

    pub fn queue(&self) -> Option<QueueId> {
        self.queue.parse().ok().map(QueueId)
    }

    pub fn channel(&self) -> Option<Channel> {
        Channel::from_code(&self.channel)
    }

    pub fn with_time(&self, time: &str) -> Self {
        Self { time: time.into(), ..self.clone() }
    }

    pub fn with_queue(&self, queue: &str) -> Self {
        Self { queue: queue.into(), ..self.clone() }
    }

    pub fn with_channel(&self, channel: &str) -> Self {
        Self { channel: channel.into(), ..self.clone() }
    }

    /// The address of the page with these filters.
    pub fn url(&self) -> String {
        format!("/workload{}", self.search(&[]))
    }

    /// The address of one of the page's tables as a file; `format=…` goes behind it.
    pub fn file(&self, table: &str) -> String {
        format!("/workload/table{}&", self.search(&[("of", table)]))
    }

    fn search(&self, also: &[(&str, &str)]) -> String {
        let own = [("time", &*self.time), ("queue", &*self.queue), ("channel", &*self.channel)];
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in own.iter().chain(also).filter(|(_, value)| !value.is_empty()) {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_end_yesterday_and_are_compared_with_as_many_before() {
        let today = date(2026, 11, 23);
        let week = (date(2026, 11, 16), date(2026, 11, 23));
        assert_eq!(Span::Week.period(today), week);
        assert_eq!(Span::Week.before(today), (date(2026, 11, 9), date(2026, 11, 16)));
        assert_eq!(Span::Today.period(today), (today, date(2026, 11, 24)));
        assert_eq!(Span::Today.before(today), (date(2026, 11, 16), date(2026, 11, 17)), "the Monday before");
    }
}
