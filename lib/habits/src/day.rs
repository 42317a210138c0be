//! A person's calendar day: in the person's zone, from the hour at which the person's day starts.

use chrono::{DateTime, Days, MappedLocalTime, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Timelike as _, Utc};
use chrono_tz::Tz;

/// The latest hour at which a day may start.
pub const MAX_START_HOUR: u8 = 5;

/// The widest gap that any zone's clock has ever jumped, with room: Apia skipped 24 hours in 2011.
const WIDEST_GAP_HOURS: i64 = 25;

/// The rule by which a person's instants become dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    pub zone: Tz,
    /// Hour of the local clock at which a date begins, 0 to [`MAX_START_HOUR`]: whoever is up at night ticks yesterday.
    pub start_hour: u8,
}

impl From<Tz> for Calendar {
    /// Days from midnight.
    fn from(zone: Tz) -> Self {
        Self { zone, start_hour: 0 }
    }
}

impl Calendar {
    /// The date of somebody with this calendar at `now`.
    pub fn today(self, now: DateTime<Utc>) -> NaiveDate {
        let local = now.with_timezone(&self.zone).naive_local();
        (local - TimeDelta::hours(i64::from(self.start_hour))).date()
    }

    /// The instant at which clocks first show `time` within `date`.
    ///
    /// A time before the start of the day is one of the night after. A time that occurs twice means its first
    /// occurrence. One that a jump of the clock skips is shifted by the width of the jump; where that would leave
    /// `date`, it is shifted back by it. `None` for a date that the zone skipped.
    pub fn instant(self, date: NaiveDate, time: NaiveTime) -> Option<DateTime<Utc>> {
        let is_night = time.hour() < u32::from(self.start_hour);
        let local = date.checked_add_days(Days::new(u64::from(is_night)))?.and_time(time);
        match self.zone.from_local_datetime(&local) {
            MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => Some(at.to_utc()),
            MappedLocalTime::None => {
                // Read with the offset that held before the jump, the clock lands behind it; with the offset after, before it.
                let [before, after] = self.offsets_around(local.and_utc());
                [before, after].into_iter().map(|offset| local.and_utc() - offset).find(|at| self.today(*at) == date)
            }
        }
    }

    /// The first instant of `date`; for a date that the zone skipped, the first instant after it.
    pub fn start(self, date: NaiveDate) -> DateTime<Utc> {
        let Some(hour) = NaiveTime::from_hms_opt(u32::from(self.start_hour), 0, 0) else {
            return DateTime::<Utc>::MAX_UTC;
        };
        let local = date.and_time(hour);
        match self.zone.from_local_datetime(&local) {
            MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => at.to_utc(),
            MappedLocalTime::None => self.jump(date, local.and_utc()),
        }
    }

    /// Whether the zone ever showed `date`: its noon, as its first hours may be all of the next date that is still night.
    pub fn has(self, date: NaiveDate) -> bool {
        let noon = NaiveTime::from_hms_opt(12, 0, 0).and_then(|noon| self.instant(date, noon));
        noon.is_some_and(|noon| self.today(noon) == date)
    }

    /// The instant of the jump of the clock that skipped `local`, the start of `date`.
    fn jump(self, date: NaiveDate, local: DateTime<Utc>) -> DateTime<Utc> {
        let [before, after] = self.offsets_around(local);
        // The clock shows an earlier time than `local` at `low`, and a later one at `high`: the jump is between them.
        let (mut low, mut high) = ((local - after).timestamp(), (local - before).timestamp());
        while low < high {
            let middle = low + (high - low) / 2;
            let is_reached = DateTime::from_timestamp(middle, 0).is_some_and(|at| self.today(at) >= date);
            if is_reached { high = middle } else { low = middle + 1 }
        }
        DateTime::from_timestamp(high, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    fn offsets_around(self, local: DateTime<Utc>) -> [TimeDelta; 2] {
        let offset_at = |at: DateTime<Utc>| at.with_timezone(&self.zone).naive_local() - at.naive_utc();
        [-WIDEST_GAP_HOURS, WIDEST_GAP_HOURS].map(|hours| offset_at(local + TimeDelta::hours(hours)))
    }
}

#[cfg(test)]
mod tests;
