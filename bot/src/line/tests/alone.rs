//! Parts that are typed alone.

use rstest::rstest;

use super::shown;
use crate::line::{goal, number, schedule, time, times};

#[rstest]
#[case("07:45", Some("07:45"))]
#[case("7.45", Some("07:45"))]
#[case("7 45", Some("07:45"))]
#[case("7-45", Some("07:45"))]
#[case(" 21 ", Some("21:00"))]
#[case("00:00", Some("00:00"))]
#[case("9pm", Some("21:00"))]
#[case("12 am", Some("00:00"))]
#[case("в 9 вечера", Some("21:00"))]
#[case("3 дня", Some("15:00"))]
#[case("Noon", Some("12:00"))]
#[case("21h30", Some("21:30"))]
#[case("24:00", None)]
#[case("7:5", None)]
#[case("07:45:30", None)]
#[case("7:00 8:00", None)]
#[case("13pm", None)]
#[case("²:00", None)]
#[case("", None)]
fn a_time_is_read(#[case] typed: &str, #[case] expected: Option<&str>) {
    assert_eq!(time(typed).ok().map(|time| time.format("%H:%M").to_string()).as_deref(), expected);
}

#[rstest]
#[case("21:30", Some("21:30"))]
#[case("21, 7.00 13;7:00", Some("21:00 07:00 13:00"))]
#[case("9am and 9pm", Some("09:00 21:00"))]
#[case("в 9, 13 и 18", Some("09:00 13:00 18:00"))]
#[case("в полдень и в полночь", Some("12:00 00:00"))]
#[case("21 25:00", None)]
#[case("0 1 2 3 4 5 6 7 8 9 10", None)]
#[case(" , ", None)]
#[case("at", None)]
fn times_are_read(#[case] typed: &str, #[case] expected: Option<&str>) {
    let shown =
        times(typed).ok().map(|times| times.iter().map(|time| time.format("%H:%M").to_string()).collect::<Vec<_>>());
    assert_eq!(shown.map(|times| times.join(" ")).as_deref(), expected);
}

#[rstest]
#[case("пн ср пт", Some("on mon wed fri"))]
#[case("Mo, We", Some("on mon wed"))]
#[case("Monday to Friday", Some("on mon tue wed thu fri"))]
#[case("с понедельника по пятницу", Some("on mon tue wed thu fri"))]
#[case("Saturday and Sunday", Some("on sat sun"))]
#[case("суббота и воскресенье", Some("on sat sun"))]
#[case("Fri-Mon", Some("on mon fri sat sun"))]
#[case("mon-sun", Some("daily"))]
#[case("every 3 days", Some("каждые 3 дней"))]
#[case("раз в 3 дня", Some("каждые 3 дней"))]
#[case("раз в 21 день", Some("каждые 21 дней"))]
#[case("every 2 weeks", Some("каждые 14 дней"))]
#[case("every 1 day", Some("daily"))]
#[case("3 раза в неделю", Some("3 times a week"))]
#[case("5 раз в неделю", Some("5 times a week"))]
#[case("3x/week", Some("3 times a week"))]
#[case("once a week", Some("1 times a week"))]
#[case("раз в месяц", Some("1 times a month"))]
#[case("at least 3 times a week", Some("3 times a week"))]
#[case("не реже 2 раз в неделю", Some("2 times a week"))]
#[case("8 times a week", None)]
#[case("32 times a month", None)]
#[case("every 366 days", None)]
#[case("every 0 days", None)]
#[case("mon-mon", None)]
#[case("mon 21:30", None)]
#[case("sometimes", None)]
#[case("", None)]
fn a_schedule_is_read(#[case] typed: &str, #[case] expected: Option<&str>) {
    assert_eq!(schedule(typed).ok().map(|schedule| shown::schedule(&schedule)).as_deref(), expected);
}

#[rstest]
#[case("20 Pages", Some("at least 20 pages"))]
#[case("не больше 2,5 чашек кофе", Some("at most 2.5 чашек кофе"))]
#[case("No more than 2 cups of coffee", Some("at most 2 cups of coffee"))]
#[case("at most 3", Some("at most 3"))]
#[case("по 20 страниц в день", Some("at least 20 страниц"))]
#[case("минимум 5 км", Some("at least 5 км"))]
#[case("5km", Some("at least 5 km"))]
#[case("x30", Some("at least 30"))]
#[case("30 раз", Some("at least 30"))]
#[case("10 000 шагов", Some("at least 10000 шагов"))]
#[case("10,000 steps", Some("at least 10000 steps"))]
#[case("0,250 л", Some("at least 0.25 л"))]
#[case("30 days", Some("at least 30 days"))]
#[case("0 pages", None)]
#[case("0.0001 l", None)]
#[case("9999999999 pages", None)]
#[case("20 pages of this very long book of mine", None)]
#[case("pages", None)]
#[case("pages 20", None)]
#[case("² pages", None)]
#[case("-2 cups", None)]
#[case("at most", None)]
#[case("", None)]
fn a_goal_is_read(#[case] typed: &str, #[case] expected: Option<&str>) {
    assert_eq!(goal(typed).ok().map(|read| shown::goal(&read)).as_deref(), expected);
}

#[rstest]
#[case("12", Some(12.0))]
#[case(" 2,5 ", Some(2.5))]
#[case("0", Some(0.0))]
#[case("1,234,567", Some(1_234_567.0))]
#[case("1e5", None)]
#[case("1.2.3", None)]
#[case("-1", None)]
#[case("1000000001", None)]
#[case("", None)]
fn a_number_is_read(#[case] typed: &str, #[case] expected: Option<f64>) {
    assert_eq!(number(typed), expected);
}
