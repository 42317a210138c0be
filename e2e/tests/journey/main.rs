//! The whole way on a real cluster: from `kubectl apply` to a reminder in a chat, and through the faults on it.
//!
//! Needs a cluster with the images of this version (`make cluster-up images`). `make demo` shows it to people.

mod chat;
mod cluster;

use std::time::Duration;

use anyhow::{Context as _, ensure};
use chrono::{DateTime, DurationRound as _, NaiveTime, TimeDelta, Utc};
use chrono_tz::Asia::Kathmandu;
use secrecy::SecretString;
use telegram_simulator::{CallFilter, Control, Effect, Fault, Message};
use wire::{
    Client,
    habit::{Habit, HabitCreate},
    token::BotLoginRequest,
};

use crate::{
    chat::Person,
    cluster::{kubectl, until, wait_ready},
};

const DEPLOYMENT: &str = "habittrackerdeployment/family";
const MANIFESTS: &str = include_str!("manifests.yaml");
const FAMILY: &str = include_str!("family.yaml");

/// What a reminder may be late.
const LATE_AT_MOST_MS: i64 = 2_000;

/// People whose reminders are due while the queue is destroyed.
const CROWD: usize = 10;

/// What the steps share.
struct Journey {
    control: Control,
    api: Client,
    bot_key: SecretString,
}

#[tokio::test]
async fn from_kubectl_apply_to_a_reminder_in_a_chat() -> anyhow::Result<()> {
    let journey = install().await?;
    let person = Person::join(&journey.control, "Anna").await?;
    let due = create_a_habit_in_the_dialogue(&person).await?;
    let reminder = the_reminder_arrives_on_time(&person, due).await?;
    done_edits_it_in_place(&journey, &person, &reminder).await?;
    a_declared_habit_stands_in_the_list(&person).await?;
    let crowd = the_queue_is_destroyed_while_reminders_are_due(&journey).await?;
    every_pod_is_killed().await?;
    the_deployment_is_deleted_and_finds_its_data_again(&person).await?;
    // A second copy would have come by now: leases are far shorter than what happened since.
    each_got_one(&crowd).await?;
    let mistakes = journey.control.violations().await?;
    ensure!(mistakes.is_empty(), "calls that Telegram would refuse: {mistakes:#?}");
    Ok(())
}

async fn install() -> anyhow::Result<Journey> {
    say("installing the operator with helm");
    cluster::install_chart().await?;
    cluster::fresh_namespace().await?;
    say("applying a HabitTrackerDeployment, beside a simulator of Telegram");
    cluster::apply(MANIFESTS).await?;
    kubectl(&["rollout", "status", "deployment/telegram", "--timeout=60s"]).await?;
    cluster::apply(FAMILY).await?;
    wait_ready(DEPLOYMENT).await?;
    say("Ready, for the generation that was applied");
    let key =
        kubectl(&["get", "secret", "family-api", "-o", r#"go-template={{index .data "bot-key" | base64decode}}"#]);
    Ok(Journey {
        control: Control::new(cluster::address_of("telegram").await?),
        bot_key: key.await?.into(),
        api: Client::new(cluster::address_of("api-from-outside").await?.parse()?)?,
    })
}

/// Gives the instant of the first reminder: the next minute that leaves time for a line and a tap.
async fn create_a_habit_in_the_dialogue(person: &Person) -> anyhow::Result<DateTime<Utc>> {
    say("a person writes /start and creates a habit in the dialogue, in Asia/Kathmandu");
    person.says("/start", "Where do you live?").await?;
    person.says("Asia/Kathmandu", "Kathmandu").await?;
    person.says("/new", "A new habit").await?;
    let due = next_minute(TimeDelta::seconds(10))?;
    let time = due.with_timezone(&Kathmandu).format("%H:%M").to_string();
    let draft = person.says(&format!("Stretch <3 {time}"), "Shall I plant it?").await?;
    let created = person.presses(&draft, "✅ Create", "is planted").await?;
    ensure!(created.text.contains(&time), "the card tells the next reminder: {}", created.text);
    Ok(due)
}

async fn the_reminder_arrives_on_time(person: &Person, due: DateTime<Utc>) -> anyhow::Result<Message> {
    say("waiting for the reminder");
    let reminder = person.sees_after(0, "It is time!", Duration::from_secs(100)).await?;
    let late_ms = reminder.sent_at_ms - due.timestamp_millis();
    say(&format!("the reminder arrived {late_ms} ms after its time"));
    ensure!((0..=LATE_AT_MOST_MS).contains(&late_ms), "the reminder is {late_ms} ms late");
    Ok(reminder)
}

async fn done_edits_it_in_place(journey: &Journey, person: &Person, reminder: &Message) -> anyhow::Result<()> {
    let edited = person.presses(reminder, "✅ Done", "1 day").await?;
    ensure!(edited.message_id == reminder.message_id && edited.edits == 1, "edited in place: {edited:?}");
    ensure!(edited.has_button("↩️ Undo"), "Undo is offered: {edited:?}");
    let habits = journey.habits_of(person.id).await?;
    ensure!(habits.len() == 1 && habits[0].current_streak == 1 && habits[0].is_done_today, "{habits:?}");
    say("Done: edited in place, and the api says streak 1, done today");
    Ok(())
}

async fn a_declared_habit_stands_in_the_list(person: &Person) -> anyhow::Result<()> {
    let habit = format!(
        "apiVersion: habittracker.dev/v1alpha1\nkind: Habit\nmetadata: {{name: reading}}\nspec:\n  \
         deploymentRef: {{name: family}}\n  user: {{telegramId: {}}}\n  name: Read 20 pages\n  \
         reminders: [{{time: \"21:00\"}}]\n",
        person.id
    );
    cluster::apply(&habit).await?;
    wait_ready("habit.habittracker.dev/reading").await?;
    person.says("/today", "Read 20 pages").await?;
    say("a Habit applied with kubectl stands in the Today list");
    Ok(())
}

/// Gives the people whose reminders were due.
async fn the_queue_is_destroyed_while_reminders_are_due(journey: &Journey) -> anyhow::Result<Vec<Person>> {
    let mut crowd = Vec::new();
    for number in 0..CROWD {
        crowd.push(Person::join(&journey.control, &format!("Person {number}")).await?);
    }
    for person in &crowd {
        journey.control.send_text(person.id, "/help").await?;
    }
    let due = next_minute(TimeDelta::seconds(8))?;
    for person in &crowd {
        person.sees_after(0, "/today", Duration::from_secs(20)).await?;
        journey.create_habit(person.id, due.time()).await?;
    }
    say("ten reminders are about to be due; Telegram is made to fail, so that they stay on their way");
    let before = journey.control.calls(&CallFilter::default()).await?.last().map_or(0, |call| call.number);
    journey.control.switch_on(&Fault::on("sendMessage", Effect::ServerError { status: 502 })).await?;
    let failed = CallFilter { method: Some("sendMessage".into()), after: before, count: 1, ..CallFilter::default() };
    let tried = journey.control.wait_for_calls(&failed, Duration::from_secs(100)).await?;
    ensure!(!tried.is_empty(), "the sender tries to send");
    say("emptying Redis and killing its pod");
    let flush = r#"REDISCLI_AUTH="$(sed -n 's/^requirepass //p' /etc/habit-tracker/secrets/redis.conf | tr -d '"')" redis-cli flushall"#;
    let exec = kubectl(&["exec", "deployment/family-redis", "--", "sh", "-c", flush]).await;
    ensure!(exec.as_ref().is_ok_and(|text| text.contains("OK")), "Redis is emptied: {exec:?}");
    kill("redis").await?;
    journey.control.clear_faults().await?;
    for person in &crowd {
        person.sees_after(0, "Breathe", Duration::from_secs(110)).await?;
    }
    each_got_one(&crowd).await?;
    say("all ten arrived, once each");
    Ok(crowd)
}

async fn each_got_one(crowd: &[Person]) -> anyhow::Result<()> {
    for person in crowd {
        let messages = person.messages().await?;
        let reminders = messages.iter().filter(|message| message.text.contains("Breathe")).count();
        ensure!(reminders == 1, "{reminders} reminders for {}: {messages:?}", person.id);
    }
    Ok(())
}

async fn every_pod_is_killed() -> anyhow::Result<()> {
    for component in ["api", "bot", "sender", "loops", "redis", "postgres"] {
        kill(component).await?;
    }
    wait_ready(DEPLOYMENT).await?;
    say("killed each workload's pod; Ready again");
    Ok(())
}

/// Kills a component's pods and waits until others are ready in their place.
async fn kill(component: &str) -> anyhow::Result<()> {
    let killed: Vec<_> =
        cluster::pods(Some(component)).await?.iter().map(|pod| pod["metadata"]["uid"].clone()).collect();
    ensure!(!killed.is_empty(), "there is a pod of {component}");
    let selector = format!("app.kubernetes.io/instance=family,app.kubernetes.io/component={component}");
    kubectl(&["delete", "pods", "-l", &selector, "--grace-period=0", "--force"]).await?;
    until(&format!("a new ready pod of {component}"), Duration::from_mins(2), async || {
        let pods = cluster::pods(Some(component)).await?;
        let fresh = pods.iter().filter(|pod| !killed.contains(&pod["metadata"]["uid"]));
        let ready = fresh.filter(|pod| cluster::condition(pod, "Ready").is_some_and(|ready| ready["status"] == "True"));
        Ok((ready.count() > 0).then_some(()))
    })
    .await
}

async fn the_deployment_is_deleted_and_finds_its_data_again(person: &Person) -> anyhow::Result<()> {
    kubectl(&["delete", DEPLOYMENT, "--timeout=60s"]).await?;
    until("the workloads to go", Duration::from_mins(2), async || {
        Ok(cluster::pods(None).await?.is_empty().then_some(()))
    })
    .await?;
    let volumes = kubectl(&["get", "persistentvolumeclaims", "-o", "name"]).await?;
    ensure!(!volumes.trim().is_empty(), "the volume stays");
    ensure!(cluster::get("secret/family-postgres").await?.is_some(), "the credentials stay");
    say("deleted the HabitTrackerDeployment: workloads gone, data kept");
    cluster::apply(FAMILY).await?;
    wait_ready(DEPLOYMENT).await?;
    let today = person.says("/today", "Stretch <3").await?;
    ensure!(today.text.contains("Read 20 pages"), "both habits are there: {}", today.text);
    say("applied it again: the habits are there");
    Ok(())
}

impl Journey {
    async fn habits_of(&self, telegram_id: i64) -> anyhow::Result<Vec<Habit>> {
        let token = self.token(telegram_id).await?;
        Ok(self.api.person(&token).habits().await?)
    }

    async fn create_habit(&self, telegram_id: i64, time_to_remind: NaiveTime) -> anyhow::Result<()> {
        let token = self.token(telegram_id).await?;
        let habit = HabitCreate { name: "Breathe".into(), time_to_remind, ..HabitCreate::default() };
        self.api.person(&token).create_habit(&habit).await.map(drop).context("a habit of the crowd")
    }

    async fn token(&self, telegram_id: i64) -> anyhow::Result<SecretString> {
        let person = BotLoginRequest { telegram_id, ..BotLoginRequest::default() };
        Ok(self.api.login(&self.bot_key, &person).await?.access_token.into())
    }
}

/// The first full minute that is at least `ahead` away.
fn next_minute(ahead: TimeDelta) -> anyhow::Result<DateTime<Utc>> {
    #[expect(clippy::disallowed_methods, reason = "the pods of the cluster go by the machine's clock")]
    let now = Utc::now();
    Ok((now + ahead).duration_trunc(TimeDelta::minutes(1))? + TimeDelta::minutes(1))
}

/// Tells those who watch what happens.
#[expect(clippy::print_stdout, reason = "the journey is for people to watch, too")]
fn say(line: &str) {
    println!("── {line}");
}
