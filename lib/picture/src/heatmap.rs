//! The days: two bands of about half a year, a column a week, Monday at the top. One band of a whole year would be a
//! stripe of specks on a phone.

use chrono::{Datelike as _, Days, NaiveDate};

use crate::{
    canvas::{Canvas, Rect},
    font::{Fonts, Style},
    ink::Ink,
    year::{Day, WEEKS, Year},
};

/// The weeks of the upper band; the lower one has the rest.
const BAND_WEEKS: u16 = WEEKS.div_ceil(2);
const WEEKDAYS: u16 = 7;

/// From one day to the next, and how much of that is the day.
const PITCH: u16 = 34;
const SIDE: u16 = 28;
const RADIUS: f32 = 7.0;

/// Left of the days, for the names of weekdays.
const NAMES_WIDTH: u16 = 62;
/// Above them, for the names of months.
const MONTHS_HEIGHT: u16 = 36;
const BETWEEN_BANDS: u16 = 30;

/// A month whose name would run into the next one's goes without.
const FEWEST_WEEKS_OF_A_NAME: u16 = 3;

pub(crate) const WIDTH: u16 = NAMES_WIDTH + BAND_WEEKS * PITCH - (PITCH - SIDE);
const BAND_HEIGHT: u16 = MONTHS_HEIGHT + WEEKDAYS * PITCH - (PITCH - SIDE);
pub(crate) const HEIGHT: u16 = 2 * BAND_HEIGHT + BETWEEN_BANDS;

const NAMES: Style = Style { is_bold: false, size: 24.0, ink: Ink::Muted };

/// Draws both bands, the corner of the upper one at `left` and `top`.
pub(crate) fn draw(canvas: &mut Canvas, fonts: &Fonts, year: &Year, left: u16, top: u16) {
    for (band, weeks) in [0..BAND_WEEKS, BAND_WEEKS..WEEKS].into_iter().enumerate() {
        let top = if band == 0 { top } else { top + BAND_HEIGHT + BETWEEN_BANDS };
        let column = |week: u16| left + NAMES_WIDTH + (week - weeks.start) * PITCH;
        draw_months(canvas, fonts, year, weeks.clone(), |week| f32::from(column(week)), f32::from(top + 22));
        draw_weekdays(canvas, fonts, year, left, top + MONTHS_HEIGHT);
        for week in weeks.clone() {
            for weekday in 0..WEEKDAYS {
                let at = Rect::square(column(week), top + MONTHS_HEIGHT + weekday * PITCH, SIDE);
                let day = year.days.get(usize::from(week * WEEKDAYS + weekday)).copied();
                draw_day(canvas, day, at);
            }
        }
    }
}

/// The name of a month above the week of its first day, and above the first week of a band.
fn draw_months(
    canvas: &mut Canvas,
    fonts: &Fonts,
    year: &Year,
    weeks: std::ops::Range<u16>,
    left: impl Fn(u16) -> f32,
    baseline: f32,
) {
    let mut named: Vec<(u16, u32)> = Vec::new();
    for week in weeks.clone() {
        let month = month_of(year.from, week);
        let is_new = named.last().is_none_or(|(_, last)| *last != month);
        if is_new {
            named.push((week, month));
        }
    }
    let first_of_next = |index: usize| named.get(index + 1).map_or(weeks.end + 1, |(week, _)| *week);
    for (index, (week, month)) in named.iter().enumerate() {
        let name = year.months.get(*month as usize);
        if let Some(name) = name.filter(|_| first_of_next(index) - week >= FEWEST_WEEKS_OF_A_NAME) {
            fonts.draw(canvas, name, NAMES, left(*week), baseline);
        }
    }
}

/// From 0, of the last day of a week: a month begins where its first day is.
fn month_of(from: NaiveDate, week: u16) -> u32 {
    let last = from.checked_add_days(Days::new(u64::from(week) * 7 + 6));
    last.unwrap_or(from).month0()
}

/// Every other name: all of them would be a wall of letters.
fn draw_weekdays(canvas: &mut Canvas, fonts: &Fonts, year: &Year, left: u16, top: u16) {
    for (row, name) in (0..WEEKDAYS).zip(&year.weekdays).step_by(2) {
        let baseline = top + row * PITCH + SIDE / 2 + 8;
        fonts.draw(canvas, name, NAMES, f32::from(left), f32::from(baseline));
    }
}

/// Each kind of day has a shape of its own beside its colour. `None`: a day to come.
pub(crate) fn draw_day(canvas: &mut Canvas, day: Option<Day>, at: Rect) {
    let whole = |canvas: &mut Canvas, ink| canvas.fill(at, RADIUS, ink);
    let dot = |canvas: &mut Canvas, side: u16, ink| {
        let dot = at.inside((at.width - side) / 2);
        canvas.fill(dot, f32::from(side) / 2.0, ink);
    };
    match day {
        Some(Day::Partly) => {
            let middle = at.top + at.height / 2;
            canvas.fill_rows(at, at.top..middle, RADIUS, Ink::Level1);
            canvas.fill_rows(at, middle..at.top + at.height, RADIUS, Ink::Level4);
        }
        Some(Day::Skipped) => {
            let bar = Rect { top: at.top + at.height / 2 - 4, height: 8, ..at };
            canvas.fill(bar, 4.0, Ink::Skipped);
        }
        Some(Day::Excused) => dot(canvas, 20, Ink::Excused),
        Some(Day::Missed) => canvas.outline(at, RADIUS, 4, Ink::Missed),
        Some(Day::Open) => canvas.outline(at, RADIUS, 3, Ink::Text),
        Some(Day::Off | Day::Level(0)) => whole(canvas, Ink::Slot),
        Some(Day::Level(1)) => whole(canvas, Ink::Level1),
        Some(Day::Level(2)) => whole(canvas, Ink::Level2),
        Some(Day::Level(3)) => whole(canvas, Ink::Level3),
        Some(Day::Done | Day::Level(_)) => whole(canvas, Ink::Level4),
        Some(Day::Before) | None => dot(canvas, 6, Ink::Slot),
    }
}
