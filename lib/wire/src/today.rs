//! `/today`: what there is to do.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{habit::Habit, user::User};

/// All that a screen of today shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"date": "2026-11-22", "user": {"id": 3, "telegram_id": 4242, "username": "ada", "first_name": "Ada", "last_name": null, "timezone": "Europe/Berlin", "timezone_chosen": true, "language": "en", "day_start_hour": 0, "quiet_hours": {"from": "22:00:00", "to": "08:00:00"}, "is_active": true, "is_bot_blocked": false, "created_at": "2026-10-01T08:55:00Z", "updated_at": "2026-11-20T07:00:00Z"}, "settled": 0, "habits": [{"id": 7, "user_id": 3, "name": "Read", "description": "Before sleep", "time_to_remind": "21:30:00", "more_reminder_times": ["07:30:00"], "schedule": {"type": "weekdays", "weekdays": ["mon", "wed", "fri"]}, "goal": {"direction": "at_least", "amount": 20.0, "unit": "pages"}, "target_days": 21, "is_active": true, "completed_at": null, "current_streak": 4, "next_reminder_at": "2026-11-23T20:30:00Z", "max_streak": 11, "created_at": "2026-10-01T09:00:00Z", "updated_at": "2026-11-22T19:00:00Z", "is_done_today": false, "status_today": "pending", "amount_today": 5.0}], "days_off": 1, "paused": 0}))]
pub struct Today {
    /// Today in the person's zone, from the hour at which the person's day starts; or yesterday, where that was asked for.
    pub date: NaiveDate,
    pub user: User,
    /// How many of the habits below are done or skipped.
    pub settled: u32,
    /// The habits that are to be done today, or were, by time and name.
    pub habits: Vec<Habit>,
    /// How many active habits have a day off.
    pub days_off: u32,
    /// How many active habits are paused.
    pub paused: u32,
}

/// Says that everything is done that was still open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"date": "2026-11-22"}))]
pub struct TodayDone {
    /// What the caller takes for today; refused when it is not, or not any more.
    pub date: NaiveDate,
}
