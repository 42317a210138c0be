//! Taps at a pace that does not wait for answers.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use anyhow::{Context as _, ensure};
use screens::{
    Action,
    action::{Mark, Wanted},
};
use telegram_simulator::{Condition, Control, Message};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until},
};

use crate::postgres::Postgres;

/// A tap that has shown nothing by then is lost. Telegram itself gives it up after 150 s.
const LOST_AFTER: Duration = Duration::from_mins(1);

/// Somebody with the Today list before his eyes.
#[derive(Debug)]
pub(crate) struct Tapper {
    id: i64,
    today: Message,
    taps: usize,
}

/// One tap, and what came of it.
#[derive(Debug, Clone, Copy)]
struct Tap {
    habit_id: i64,
    wanted: Wanted,
    /// From the moment it was to be made to the edited message; none is lost.
    edited_after: Option<Duration>,
    is_answered: bool,
}

/// What came of many taps.
#[derive(Debug, Default)]
pub(crate) struct Taps {
    /// Shortest first.
    latencies: Vec<Duration>,
    pub(crate) lost: u32,
    pub(crate) unanswered: u32,
}

impl Taps {
    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.latencies.len()).unwrap_or(u32::MAX) + self.lost
    }

    /// What `percent` of the taps stayed within, in ms.
    pub(crate) fn percentile_ms(&self, percent: usize) -> f64 {
        let at = (self.latencies.len() * percent).div_ceil(100).saturating_sub(1);
        self.latencies.get(at).map_or(f64::NAN, |latency| latency.as_secs_f64() * 1e3)
    }

    pub(crate) fn line(&self) -> String {
        let [p50, p99, most] = [50, 99, 100].map(|percent| self.percentile_ms(percent));
        let (taps, lost, unanswered) = (self.count(), self.lost, self.unanswered);
        format!(
            "{taps} taps, p50 {p50:.1} ms, p99 {p99:.1} ms, longest {most:.0} ms, lost {lost}, unanswered {unanswered}"
        )
    }

    fn note(&mut self, tap: &Tap) {
        self.unanswered += u32::from(!tap.is_answered);
        match tap.edited_after {
            Some(latency) => {
                let at = self.latencies.partition_point(|other| *other <= latency);
                self.latencies.insert(at, latency);
            }
            None => self.lost += 1,
        }
    }
}

impl Tapper {
    /// `None` where the message has nothing to tick.
    pub(crate) fn new(id: i64, today: &Message) -> Option<Self> {
        let tapper = Self { id, today: today.clone(), taps: 0 };
        tapper.next().is_some().then_some(tapper)
    }

    /// The button that is pressed next: one habit after the other.
    fn next(&self) -> Option<(String, Mark)> {
        let data = self.today.keyboard.iter().flatten().filter_map(|button| button.callback_data.clone());
        let ticks: Vec<_> = data
            .filter_map(|data| match Action::decode(&data) {
                Ok(Action::Mark(mark)) => Some((data, mark)),
                _ => None,
            })
            .collect();
        ticks.get(self.taps % ticks.len().max(1)).cloned()
    }

    async fn tap(mut self, control: Control, at: Instant) -> anyhow::Result<(Self, Tap)> {
        let (data, mark) = self.next().context("nothing can be ticked any more")?;
        self.taps += 1;
        let pressed = control.press_data(self.id, self.today.message_id, &data).await?;
        let edited = Condition::any().in_message(self.today.message_id).edited(self.today.edits + 1);
        let edited = async {
            let edited = control.wait_for(self.id, &edited, LOST_AFTER).await.ok();
            edited.map(|message| (message, at.elapsed()))
        };
        let (edited, answer) = tokio::join!(edited, control.answer(&pressed, LOST_AFTER));
        let (habit_id, wanted, is_answered) = (mark.habit_id, mark.wanted, answer.is_ok());
        let tap = Tap { habit_id, wanted, edited_after: edited.as_ref().map(|(_, after)| *after), is_answered };
        if let Some((message, _)) = edited {
            self.today = message;
        }
        Ok((self, tap))
    }
}

/// People who tap, at most one tap of each at a time.
pub(crate) struct Load {
    control: Control,
    resting: VecDeque<Tapper>,
    tapping: JoinSet<anyhow::Result<(Tapper, Tap)>>,
    interval: Duration,
    /// What was wanted of a habit last.
    wanted: HashMap<i64, Wanted>,
}

impl Load {
    pub(crate) fn new(control: Control, tappers: Vec<Tapper>, per_second: u32) -> Self {
        let interval = Duration::from_secs(1) / per_second.max(1);
        Self { control, resting: tappers.into(), tapping: JoinSet::new(), interval, wanted: HashMap::new() }
    }

    pub(crate) async fn run_for(&mut self, time: Duration) -> anyhow::Result<Taps> {
        let (taps, ()) = self
            .run_during(async {
                tokio::time::sleep(time).await;
                Ok(())
            })
            .await?;
        Ok(taps)
    }

    /// Has each person tap once.
    pub(crate) async fn run_each_once(&mut self) -> anyhow::Result<Taps> {
        let count = u32::try_from(self.resting.len())?;
        self.run_for(self.interval * count).await
    }

    /// Taps until `act` has ended, and then until all taps have shown what they did or are lost.
    pub(crate) async fn run_during<T>(
        &mut self,
        act: impl Future<Output = anyhow::Result<T>>,
    ) -> anyhow::Result<(Taps, T)> {
        let mut act = std::pin::pin!(act);
        let mut taps = Taps::default();
        let mut next = Instant::now();
        let acted = loop {
            tokio::select! {
                acted = &mut act => break acted?,
                () = sleep_until(next) => {
                    let tapper = self.resting.pop_front().context("all people wait for an answer")?;
                    self.tapping.spawn(tapper.tap(self.control.clone(), next));
                    next += self.interval;
                }
                Some(tap) = self.tapping.join_next() => self.note(tap??, &mut taps),
            }
        };
        while let Some(tap) = self.tapping.join_next().await {
            self.note(tap??, &mut taps);
        }
        ensure!(taps.count() > 0, "nobody tapped");
        Ok((taps, acted))
    }

    fn note(&mut self, (tapper, tap): (Tapper, Tap), taps: &mut Taps) {
        taps.note(&tap);
        self.wanted.insert(tap.habit_id, tap.wanted);
        self.resting.push_back(tapper);
    }

    /// Habits whose day is another in the database than was wanted last.
    pub(crate) fn wrong_states(&self, postgres: &Postgres) -> anyhow::Result<u32> {
        let done =
            postgres.sql("select habit_id from executions where execution_date = current_date and status = 'done'")?;
        let done: Vec<i64> = done.lines().map(str::parse).collect::<Result<_, _>>()?;
        let is_wrong = |(habit_id, wanted): &(&i64, &Wanted)| done.contains(habit_id) != matches!(wanted, Wanted::Done);
        Ok(u32::try_from(self.wanted.iter().filter(is_wrong).count())?)
    }
}
