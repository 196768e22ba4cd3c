//! A calendar as its form has it: hours as people write them, and one field for each ticked box.

use std::collections::BTreeMap;

use calendar::{HolidayName, Interval, Region, local_holidays};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::deadlines::model::{Calendar, CalendarSettings};
use crate::deadlines::store::holiday_code;
use crate::people::Queue;
use crate::platform::{Error, FieldError, QueueId, Result};

/// The fields of the week, from Monday.
const WEEK: [&str; 7] = ["mo", "tu", "we", "th", "fr", "sa", "su"];

/// A calendar as its form has it. Programs send lists; the page one field per ticked box.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct CalendarForm {
    pub(super) name: String,
    /// As in `Europe/Vienna`.
    pub(super) time_zone: String,
    /// `DE-BY`, `AT-9`, `CH-ZH` …; empty: no public holidays.
    pub(super) region: String,
    /// The hours of Mondays, as in `08:00-12:00, 13:00-17:00`; empty: closed.
    mo: String,
    tu: String,
    we: String,
    th: String,
    fr: String,
    sa: String,
    su: String,
    /// "yes": whatever has no calendar of its own goes by this one.
    pub(super) house: String,
    /// Ids of the queues that go by it.
    queues: Vec<i64>,
    /// Codes of holidays of parts of the region that are kept, too.
    local_days: Vec<String>,
    /// The page's boxes: `queue_1`, `local_leopold` …
    #[serde(flatten)]
    #[schema(ignore)]
    boxes: BTreeMap<String, serde_json::Value>,
}

impl CalendarForm {
    pub(super) fn of(calendar: &Calendar) -> Self {
        let [mo, tu, we, th, fr, sa, su] = calendar.week.clone().map(|day| written(&day));
        Self {
            name: calendar.name.clone(),
            time_zone: calendar.time_zone.clone(),
            region: calendar.region.map(|region| region.code().to_owned()).unwrap_or_default(),
            mo,
            tu,
            we,
            th,
            fr,
            sa,
            su,
            house: if calendar.house { "yes".into() } else { String::new() },
            queues: calendar.queues.iter().map(|queue| queue.0).collect(),
            local_days: calendar.local_days.iter().map(|name| holiday_code(*name)).collect(),
            boxes: BTreeMap::new(),
        }
    }

    /// Takes the ticked boxes into the lists.
    pub(super) fn gathered(mut self) -> Self {
        for field in self.boxes.keys() {
            if let Some(queue) = field.strip_prefix("queue_") {
                self.queues.extend(queue.parse::<i64>());
            } else if let Some(code) = field.strip_prefix("local_") {
                self.local_days.push(code.to_owned());
            }
        }
        self
    }

    /// The fields of the week with what was typed into them.
    pub(super) fn week(&self) -> [(&'static str, &str); 7] {
        let typed = [&self.mo, &self.tu, &self.we, &self.th, &self.fr, &self.sa, &self.su];
        std::array::from_fn(|day| (WEEK[day], typed[day].as_str()))
    }

    pub(super) fn has_queue(&self, queue: &Queue) -> bool {
        self.queues.contains(&queue.id.0)
    }

    pub(super) fn keeps(&self, code: &str) -> bool {
        self.local_days.iter().any(|one| one == code)
    }

    pub(super) fn parse(&self) -> Result<CalendarSettings> {
        let mut errors = Vec::new();
        let region = match self.region.as_str() {
            "" => None,
            code => {
                let region = code.parse::<Region>().ok();
                if region.is_none() {
                    errors.push(FieldError { field: "region", word: "error-field-malformed" });
                }
                region
            }
        };
        let mut week: [Vec<Interval>; 7] = std::array::from_fn(|_| Vec::new());
        for (hours, (field, typed)) in week.iter_mut().zip(self.week()) {
            match read_hours(typed) {
                Some(read) => *hours = read,
                None => errors.push(FieldError { field, word: "calendar-hours-wrong" }),
            }
        }
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        let local = |name: &HolidayName| self.keeps(&holiday_code(*name));
        let local_days = region.map_or_else(Vec::new, locals);
        Ok(CalendarSettings {
            name: self.name.clone(),
            time_zone: self.time_zone.trim().to_owned(),
            region,
            local_days: local_days.into_iter().filter(local).collect(),
            week,
            house: !self.house.is_empty(),
            queues: self.queues.iter().map(|queue| QueueId(*queue)).collect(),
        })
    }
}

/// The holidays of parts of a region; any year shows all.
pub(super) fn locals(region: Region) -> Vec<HolidayName> {
    local_holidays(region, 2026).into_iter().map(|(_, name)| name).collect()
}

pub(super) fn written(hours: &[Interval]) -> String {
    hours.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// `8-12, 13-17`; `None` for what is no list of hours.
pub(super) fn read_hours(text: &str) -> Option<Vec<Interval>> {
    let parts = text.split([',', ';', '+']).map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| part.parse().ok()).collect()
}
