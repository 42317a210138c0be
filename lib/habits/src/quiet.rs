//! Quiet hours: a person's time of no sounds.

use chrono::{NaiveTime, Timelike as _};

use crate::day::Calendar;

/// From a local time until another, past midnight when `to` is the earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    pub from: NaiveTime,
    /// Not quiet any more.
    pub to: NaiveTime,
}

/// When and how a reminder goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    pub time: NaiveTime,
    /// Without a sound.
    pub is_silent: bool,
}

impl QuietHours {
    /// A reminder within quiet hours waits for their end, if that is on the same date; else it goes out silently.
    pub fn plan(self, time: NaiveTime, calendar: Calendar) -> Planned {
        let ends_on_same_date = since_start(self.to, calendar) > since_start(time, calendar);
        match (self.contains(time), ends_on_same_date) {
            (false, _) => Planned { time, is_silent: false },
            (true, true) => Planned { time: self.to, is_silent: false },
            (true, false) => Planned { time, is_silent: true },
        }
    }

    /// Whether a reminder at this time makes no sound. Equal ends are no quiet hours.
    pub fn contains(self, time: NaiveTime) -> bool {
        if self.from <= self.to { self.from <= time && time < self.to } else { self.from <= time || time < self.to }
    }
}

/// Seconds since the day started, of a day without a jump of the clock.
fn since_start(time: NaiveTime, calendar: Calendar) -> u32 {
    const DAY: u32 = 24 * 3_600;
    (time.num_seconds_from_midnight() + DAY - u32::from(calendar.start_hour) * 3_600) % DAY
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;
    use rstest::rstest;

    use super::*;

    fn time(text: &str) -> NaiveTime {
        NaiveTime::parse_from_str(text, "%H:%M").unwrap()
    }

    #[rstest]
    #[case::before("22:00", "08:00", 0, "21:59", "21:59", false)]
    #[case::at_the_beginning("22:00", "08:00", 0, "22:00", "22:00", true)]
    #[case::late_in_the_evening("22:00", "08:00", 0, "23:30", "23:30", true)]
    #[case::early_in_the_morning("22:00", "08:00", 0, "07:00", "08:00", false)]
    #[case::at_the_end("22:00", "08:00", 0, "08:00", "08:00", false)]
    #[case::within_a_day("13:00", "15:00", 0, "14:00", "15:00", false)]
    #[case::the_night_belongs_to_the_day_before("22:00", "08:00", 4, "01:00", "01:00", true)]
    #[case::they_end_within_the_night("22:00", "03:00", 4, "22:30", "03:00", false)]
    #[case::none_at_all("08:00", "08:00", 0, "08:00", "08:00", false)]
    fn a_reminder_waits_for_the_end_or_is_silent(
        #[case] from: &str,
        #[case] to: &str,
        #[case] start_hour: u8,
        #[case] at: &str,
        #[case] planned: &str,
        #[case] is_silent: bool,
    ) {
        let quiet = QuietHours { from: time(from), to: time(to) };
        let calendar = Calendar { zone: Tz::UTC, start_hour };
        assert_eq!(quiet.plan(time(at), calendar), Planned { time: time(planned), is_silent });
    }
}
