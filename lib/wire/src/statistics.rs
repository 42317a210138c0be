//! `/habits/{id}/statistics`, `/habits/{id}/year`, `/statistics` and `/statistics/heatmap`: how it went.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::execution::ExecutionStatus;

/// How a habit went from `from_date` to `to_date`, both included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"from_date": "2026-11-01", "to_date": "2026-11-22", "done": 9, "skipped": 1, "frozen": 0, "periods_due": 9, "periods_kept": 8, "done_by_weekday": [3, 0, 3, 0, 3, 0, 0], "amount": 190.0, "strength": 0.62, "current_streak": 4, "max_streak": 11, "streaks": [{"from_date": "2026-10-02", "to_date": "2026-10-26", "days": 11}], "days": [{"date": "2026-11-02", "status": "done", "amount": 22.0, "note": "On the train"}]}))]
pub struct HabitStatistics {
    pub from_date: NaiveDate,
    pub to_date: NaiveDate,
    pub done: u32,
    pub skipped: u32,
    pub frozen: u32,
    /// Days, weeks, months or runs of days that asked for something and are over, or are fulfilled already.
    pub periods_due: u32,
    /// Those of them that got it.
    pub periods_kept: u32,
    /// Days done, Monday first.
    pub done_by_weekday: Vec<u32>,
    /// The sum of the amounts, of a habit with a goal.
    pub amount: Option<f64>,
    /// How strong the habit is, from 0 to 1.
    pub strength: f64,
    pub current_streak: i32,
    pub max_streak: i32,
    /// The longest streaks of the habit's whole life, at most 10, the longest first.
    pub streaks: Vec<Streak>,
    /// The days of which something was said, ascending.
    pub days: Vec<Day>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Streak {
    /// The first day done.
    pub from_date: NaiveDate,
    /// The last day done.
    pub to_date: NaiveDate,
    /// How many days were done.
    pub days: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Day {
    pub date: NaiveDate,
    pub status: ExecutionStatus,
    pub amount: Option<f64>,
    pub note: Option<String>,
}

/// What a person did on the days of a year, over all habits, archived ones included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"year": 2026, "days": [{"date": "2026-11-21", "done": 3}]}))]
pub struct Heatmap {
    pub year: i32,
    /// The days on which something was done, ascending.
    pub days: Vec<HeatmapDay>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HeatmapDay {
    pub date: NaiveDate,
    /// How many habits were done.
    pub done: i64,
}

/// The last 53 weeks of a habit, day by day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"habit_id": 7, "name": "Read", "from_date": "2025-11-17", "to_date": "2025-11-20", "days": ["before", "done", "missed", "open"], "done": 1, "current_streak": 4, "max_streak": 11, "strength": 0.62}))]
pub struct HabitYear {
    pub habit_id: i64,
    pub name: String,
    /// The Monday with which the first week begins.
    pub from_date: NaiveDate,
    /// Today in the person's zone, from the hour at which the person's day starts.
    pub to_date: NaiveDate,
    /// What became of each day from `from_date` to `to_date`.
    pub days: Vec<DayFate>,
    /// How many of these days were done.
    pub done: u32,
    pub current_streak: i32,
    /// The longest streak ever.
    pub max_streak: i32,
    /// How strong the habit is, from 0 to 1.
    pub strength: f64,
}

/// What became of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayFate {
    Done,
    /// Some of the goal's amount, but not all.
    Partly,
    /// Left out by choice.
    Skipped,
    /// Frozen or paused.
    Excused,
    /// Not done. A week or month that fell short misses as many days as it lacks, its last ones.
    Missed,
    /// Today, and still to be done.
    Open,
    /// Nothing was asked of it.
    Off,
    /// Before the habit was begun.
    Before,
}

/// How all that a person does goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"from_date": "2026-11-16", "to_date": "2026-11-18", "done_by_day": [2, 0, 3], "habits": [{"id": 7, "name": "Read", "current_streak": 4, "max_streak": 11, "strength": 0.62, "periods_due": 30, "periods_kept": 27}]}))]
pub struct Overview {
    /// The Monday with which the first of the last 53 weeks begins.
    pub from_date: NaiveDate,
    /// Today in the person's zone, from the hour at which the person's day starts.
    pub to_date: NaiveDate,
    /// How many habits were done on each day from `from_date` to `to_date`, archived ones included.
    pub done_by_day: Vec<u32>,
    /// The active habits by time and name, at most 200.
    pub habits: Vec<HabitOverview>,
}

/// How a habit goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HabitOverview {
    pub id: i64,
    pub name: String,
    pub current_streak: i32,
    /// The longest streak ever.
    pub max_streak: i32,
    /// How strong the habit is, from 0 to 1.
    pub strength: f64,
    /// Days, weeks, months or runs of days that ended in the last 30 days and asked for something.
    pub periods_due: u32,
    /// Those of them that got it.
    pub periods_kept: u32,
}
