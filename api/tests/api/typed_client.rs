//! The client that the bot uses, against a server on a port.

use api::App;
use process::{Clock, Shutdown};
use secrecy::SecretString;
use sqlx::PgPool;
use tokio::net::TcpListener;
use wire::{
    Client,
    dialogue::DialogueSet,
    execution::{ExecutionCreate, ExecutionStatus},
    habit::{HabitCreate, HabitPatch},
    token::BotLoginRequest,
    user::{Language, UserPatch},
};

use crate::server::{BOT_KEY, keys};

#[sqlx::test(migrations = "../migrations")]
async fn the_bots_client_can_do_all_that_the_bot_does(pool: PgPool) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let shutdown = Shutdown::new();
    let app = App::new(pool, Clock::system(), keys()).unwrap();
    let server = async { api::serve(app, listener, shutdown.clone()).await.unwrap() };
    let client = async {
        talk(&Client::new(format!("http://{address}").parse().unwrap()).unwrap()).await;
        shutdown.stop_now();
    };
    tokio::join!(server, client);
}

async fn talk(client: &Client) {
    let key = SecretString::from(BOT_KEY);
    let login = BotLoginRequest { telegram_id: 7, ..BotLoginRequest::default() };
    let token = SecretString::from(client.login(&key, &login).await.unwrap().access_token);
    let person = client.person(&token);

    let patch = UserPatch { language: Some(Language::Ru), ..UserPatch::default() };
    assert_eq!(person.update_me(&patch).await.unwrap().language, Language::Ru);
    assert_eq!(person.me().await.unwrap().telegram_id, 7);

    assert_eq!(person.dialogue().await.unwrap().state, None);
    let state = Some("asked for a name".into());
    let open = DialogueSet { state: state.clone(), expected: Some(None) };
    person.set_dialogue(&open).await.unwrap();
    assert_eq!(person.dialogue().await.unwrap().state, state);
    assert!(person.set_dialogue(&open).await.unwrap_err().is("dialogue_changed"));

    let new = HabitCreate {
        name: "read".to_owned(),
        time_to_remind: "21:00:00".parse().unwrap(),
        target_days: Some(7),
        ..HabitCreate::default()
    };
    let habit = person.for_update(1).create_habit(&new).await.unwrap();
    assert!(person.for_update(1).create_habit(&new).await.unwrap_err().is("update_already_applied"));
    let tick = ExecutionCreate::status(ExecutionStatus::Done, None);
    assert!(person.set_execution(habit.id, &tick, "today").await.unwrap().habit.is_done_today);
    assert_eq!(person.habits().await.unwrap()[0].current_streak, 1);
    let patch = HabitPatch { name: Some("write".to_owned()), ..HabitPatch::default() };
    assert_eq!(person.update_habit(habit.id, &patch).await.unwrap().name, "write");
    assert_eq!(person.habit(habit.id).await.unwrap().executions.len(), 1);
    person.delete_habit(habit.id).await.unwrap();
    assert!(person.habit(habit.id).await.unwrap_err().is("habit_not_found"));
    person.delete_me(7).await.unwrap();
    assert!(person.me().await.unwrap_err().is_unauthorized());
}
