//! The requests that are measured.

use serde_json::json;

use crate::{api::BOT_KEY, http::Request};

/// A person of the benchmark's data.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) user_id: i64,
    pub(crate) telegram_id: i64,
    /// His place in the data: what he is called by.
    pub(crate) n: i64,
    pub(crate) token: String,
    pub(crate) habits: Vec<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Case {
    TokenNew,
    TokenKnown,
    #[value(name = "list-5")]
    List5,
    #[value(name = "list-50")]
    List50,
    Read,
    Toggle,
    Mix,
    Today,
}

/// What is wanted of a case at 16 connections.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) cpu_ms: f64,
    pub(crate) percent_of_pgbench: f64,
    pub(crate) p99_ms: f64,
}

impl Case {
    pub(crate) const ALL: [Self; 8] =
        [Self::TokenKnown, Self::TokenNew, Self::List5, Self::List50, Self::Read, Self::Toggle, Self::Mix, Self::Today];

    /// Its name in `requests.lua`.
    pub(crate) fn script(self) -> &'static str {
        match self {
            Self::TokenNew => "token_new",
            Self::TokenKnown => "token_known",
            Self::List5 => "list_5",
            Self::List50 => "list_50",
            Self::Read => "read",
            Self::Toggle => "toggle",
            Self::Mix => "mix",
            Self::Today => "today",
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::TokenNew => "token, new person",
            Self::TokenKnown => "token, known person",
            Self::List5 => "list of 5",
            Self::List50 => "list of 50",
            Self::Read => "habit with its days",
            Self::Toggle => "toggle",
            Self::Mix => "80 % list of 5, 20 % toggle",
            Self::Today => "today screen of 5",
        }
    }

    pub(crate) fn limits(self) -> Limits {
        let cpu_ms = match self {
            Self::List50 => 0.20,
            // Four statements, and a month of days in the reply.
            Self::Read => 0.15,
            _ => 0.11,
        };
        let percent_of_pgbench = if self == Self::Toggle { 65.0 } else { 45.0 };
        Limits { cpu_ms, percent_of_pgbench, p99_ms: 8.0 }
    }

    /// Whether `person` is one of those whom the case is about.
    pub(crate) fn is_about(self, person: &Person) -> bool {
        (person.habits.len() == 50) == (self == Self::List50)
    }

    /// pgbench's variables of a person and a habit, drawn as `requests.lua` does.
    pub(crate) fn draw(self) -> &'static str {
        match self {
            Self::TokenNew => "\\set telegram_id random(2000000000000, 9000000000000)\n",
            Self::TokenKnown => "\\set n random(1, 240)\n\\set telegram_id 7000000 + :n\n\\set user_id 100000 + :n\n",
            Self::List50 => "\\set n random(201, 240)\n\\set user_id 100000 + :n\n",
            Self::List5 | Self::Today | Self::Read | Self::Toggle | Self::Mix => {
                "\\set n random(1, 200)\n\\set user_id 100000 + :n\n\
                 \\set habit_id 200000 + (:n - 1) * 5 + random(1, 5)\n"
            }
        }
    }

    /// The requests whose statements pgbench repeats; none for a case that is made of others.
    pub(crate) fn samples(self, person: &Person) -> Vec<Request> {
        let habit = person.habits.get(2).copied().unwrap_or_default();
        match self {
            Self::TokenNew => vec![login(7_777_777, person.n)],
            Self::TokenKnown => vec![login(person.telegram_id, person.n)],
            Self::List5 | Self::List50 => vec![get("/api/v1/habits/", person)],
            Self::Today => vec![get("/api/v1/today", person)],
            Self::Read => vec![get(&format!("/api/v1/habits/{habit}"), person)],
            Self::Toggle => vec![set_day(habit, person, "done"), set_day(habit, person, "pending")],
            Self::Mix => Vec::new(),
        }
    }
}

/// As `requests.lua` logs in.
pub(crate) fn login(telegram_id: i64, n: i64) -> Request {
    Request {
        line: "POST /api/v1/auth/token".to_owned(),
        headers: vec![format!("X-BOT-API-KEY: {BOT_KEY}")],
        body: Some(json!({
            "telegram_id": telegram_id,
            "username": format!("user{n}"),
            "first_name": format!("Person {n}"),
            "language_code": "en",
        })),
    }
}

fn get(path: &str, person: &Person) -> Request {
    let headers = vec![format!("Authorization: Bearer {}", person.token)];
    Request { line: format!("GET {path}"), headers, body: None }
}

fn set_day(habit: i64, person: &Person, status: &str) -> Request {
    Request {
        line: format!("POST /api/v1/habits/{habit}/executions/"),
        body: Some(json!({ "status": status })),
        ..get("", person)
    }
}
