//! Says in a Habit's status what became of it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use crds::{Habit, HabitStatus};
use k8s_openapi::{
    apimachinery::pkg::apis::meta::v1::{Condition, Time},
    jiff::Timestamp,
};
use kube::{
    Api, Resource as _, ResourceExt as _,
    api::{Patch, PatchParams},
};
use serde_json::json;

use super::{HabitError, apply::Outcome};

const FIELD_MANAGER: &str = "habit-tracker-loops";
const PATCH_TIMEOUT: Duration = Duration::from_secs(10);

const READY: &str = "Ready";
const ACCEPTED: &str = "Accepted";
const DECLINED: &str = "DeclinedByPerson";

/// Whether this generation still has to be applied, or reported.
pub(super) fn needs_work(habit: &Habit) -> bool {
    if habit.metadata.deletion_timestamp.is_some() {
        return false;
    }
    let status = habit.status.as_ref();
    let ready = status.and_then(|status| status.conditions.iter().find(|condition| condition.type_ == READY));
    !ready.is_some_and(|ready| {
        ready.observed_generation == habit.metadata.generation && (ready.status == "True" || ready.reason == DECLINED)
    })
}

/// Writes the status, if it is another than the one that is there.
///
/// # Errors
///
/// Fails when the API server does.
pub(super) async fn report(
    api: &Api<Habit>,
    habit: &Habit,
    outcome: Outcome,
    now: DateTime<Utc>,
) -> Result<(), HabitError> {
    let status = status(habit, outcome, now);
    if habit.status.as_ref() == Some(&status) {
        return Ok(());
    }
    let patch = Patch::Apply(json!({
        "apiVersion": Habit::api_version(&()),
        "kind": Habit::kind(&()),
        "status": status,
    }));
    let name = habit.name_any();
    let params = PatchParams::apply(FIELD_MANAGER).force();
    let patched = api.patch_status(&name, &params, &patch);
    tokio::time::timeout(PATCH_TIMEOUT, patched).await.map_err(|_| HabitError::Silent)??;
    tracing::info!(habit = name, outcome = ?outcome, "reported on a Habit");
    Ok(())
}

fn status(habit: &Habit, outcome: Outcome, now: DateTime<Utc>) -> HabitStatus {
    let generation = habit.metadata.generation;
    let earlier = habit.status.clone().unwrap_or_default();
    let telegram_id = habit.spec.user.telegram_id;
    let (accepted, ready) = verdicts(outcome, telegram_id);
    let conditions = [(ACCEPTED, accepted), (READY, ready)]
        .map(|(kind, verdict)| verdict.condition(kind, generation, &earlier.conditions, now));
    let (applied_generation, habit_id) = match outcome {
        Outcome::Applied { habit_id } => (generation, Some(habit_id)),
        Outcome::DeclinedByPerson => (earlier.applied_generation, None),
        Outcome::UserNotFound | Outcome::Invalid(_) => (earlier.applied_generation, earlier.habit_id),
    };
    HabitStatus {
        observed_generation: generation,
        applied_generation,
        habit_id,
        telegram_id: (outcome != Outcome::UserNotFound).then_some(telegram_id),
        conditions: conditions.into(),
    }
}

struct Verdict {
    is_true: bool,
    reason: &'static str,
    message: String,
}

fn verdicts(outcome: Outcome, telegram_id: i64) -> (Verdict, Verdict) {
    let no = |reason, message: String| Verdict { is_true: false, reason, message };
    let yes = |reason, message: String| Verdict { is_true: true, reason, message };
    let found = || yes("UserFound", "the person has written to the bot".to_owned());
    match outcome {
        Outcome::Applied { habit_id } => (found(), yes("Applied", format!("habit {habit_id}"))),
        Outcome::DeclinedByPerson => {
            let message = "the person deleted this habit; delete this Habit too, or create another to offer it again";
            (found(), no(DECLINED, message.to_owned()))
        }
        Outcome::UserNotFound => {
            let message =
                format!("nobody with Telegram id {telegram_id} has written; ask the person to send /start to the bot");
            (no("UserNotFound", message.clone()), no("UserNotFound", message))
        }
        Outcome::Invalid(message) => (no("SpecInvalid", message.to_owned()), no("SpecInvalid", message.to_owned())),
    }
}

impl Verdict {
    fn condition(self, kind: &str, generation: Option<i64>, earlier: &[Condition], now: DateTime<Utc>) -> Condition {
        let status = if self.is_true { "True" } else { "False" };
        let unchanged = earlier.iter().find(|condition| condition.type_ == kind && condition.status == status);
        Condition {
            type_: kind.to_owned(),
            status: status.to_owned(),
            observed_generation: generation,
            last_transition_time: unchanged.map_or_else(|| time(now), |earlier| earlier.last_transition_time.clone()),
            reason: self.reason.to_owned(),
            message: self.message,
        }
    }
}

/// Kubernetes' times have seconds.
fn time(now: DateTime<Utc>) -> Time {
    Time(Timestamp::from_second(now.timestamp()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use crds::habit::{DeploymentRef, HabitReminder, HabitSpec, HabitUser, Schedule};

    use super::*;

    fn habit() -> Habit {
        let mut habit = Habit::new(
            "anna-reading",
            HabitSpec {
                deployment_ref: DeploymentRef { name: "family".to_owned() },
                user: HabitUser { telegram_id: 7 },
                name: "Read".to_owned(),
                description: None,
                schedule: Schedule::default(),
                target_days: 21,
                reminders: vec![HabitReminder { time: "07:30".to_owned() }],
            },
        );
        habit.metadata.generation = Some(3);
        habit
    }

    fn now() -> DateTime<Utc> {
        "2026-11-22T12:00:00.5Z".parse().unwrap()
    }

    #[test]
    fn an_applied_habit_is_ready_for_its_generation_and_rests() {
        let mut habit = habit();
        assert!(needs_work(&habit));
        habit.status = Some(status(&habit, Outcome::Applied { habit_id: 88 }, now()));
        assert!(!needs_work(&habit));
        insta::assert_yaml_snapshot!(habit.status, @r#"
        observedGeneration: 3
        appliedGeneration: 3
        habitId: 88
        telegramId: 7
        conditions:
          - lastTransitionTime: "2026-11-22T12:00:00Z"
            message: the person has written to the bot
            observedGeneration: 3
            reason: UserFound
            status: "True"
            type: Accepted
          - lastTransitionTime: "2026-11-22T12:00:00Z"
            message: habit 88
            observedGeneration: 3
            reason: Applied
            status: "True"
            type: Ready
        "#);
        habit.metadata.generation = Some(4);
        assert!(needs_work(&habit));
    }

    #[test]
    fn a_habit_without_its_person_says_what_to_do_and_is_tried_again() {
        let mut habit = habit();
        habit.status = Some(status(&habit, Outcome::UserNotFound, now()));
        assert!(needs_work(&habit));
        insta::assert_yaml_snapshot!(habit.status, @r#"
        observedGeneration: 3
        conditions:
          - lastTransitionTime: "2026-11-22T12:00:00Z"
            message: nobody with Telegram id 7 has written; ask the person to send /start to the bot
            observedGeneration: 3
            reason: UserNotFound
            status: "False"
            type: Accepted
          - lastTransitionTime: "2026-11-22T12:00:00Z"
            message: nobody with Telegram id 7 has written; ask the person to send /start to the bot
            observedGeneration: 3
            reason: UserNotFound
            status: "False"
            type: Ready
        "#);
    }

    #[test]
    fn a_spec_that_cannot_be_applied_says_what_is_wrong_with_it() {
        let mut habit = habit();
        let status = status(&habit, Outcome::Invalid("the name shows nothing"), now());
        for condition in &status.conditions {
            assert_eq!((&*condition.status, &*condition.reason), ("False", "SpecInvalid"));
            assert_eq!(condition.message, "the name shows nothing");
        }
        habit.status = Some(status);
        assert!(needs_work(&habit));
    }

    #[test]
    fn saying_the_same_again_changes_nothing() {
        let mut habit = habit();
        habit.status = Some(status(&habit, Outcome::UserNotFound, now()));
        let later = now() + chrono::TimeDelta::hours(1);
        assert_eq!(Some(status(&habit, Outcome::UserNotFound, later)), habit.status);
    }

    #[test]
    fn a_declined_habit_is_left_alone() {
        let mut habit = habit();
        habit.status = Some(status(&habit, Outcome::DeclinedByPerson, now()));
        assert!(!needs_work(&habit));
    }
}
