//! Conditions by Kubernetes' conventions: a list by type, whose times change only when a status does.
use chrono::{DateTime, Utc};
use k8s_openapi::{
    apimachinery::pkg::apis::meta::v1::{Condition, Time},
    jiff::Timestamp,
};

/// Longest message: what pods and servers say is cut.
const MAX_MESSAGE: usize = 1000;

/// The conditions of a deployment, in the order in which their faults are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Ready,
    Accepted,
    PostgresReady,
    RedisReady,
    MigrationSucceeded,
    ApiAvailable,
    BotAvailable,
    SenderAvailable,
    LoopsAvailable,
}

impl Type {
    /// All but the summary.
    pub const PARTS: [Self; 8] = [
        Self::Accepted,
        Self::PostgresReady,
        Self::RedisReady,
        Self::MigrationSucceeded,
        Self::ApiAvailable,
        Self::BotAvailable,
        Self::SenderAvailable,
        Self::LoopsAvailable,
    ];

    /// As in `kubectl wait --for=condition=…`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "Ready",
            Self::Accepted => "Accepted",
            Self::PostgresReady => "PostgresReady",
            Self::RedisReady => "RedisReady",
            Self::MigrationSucceeded => "MigrationSucceeded",
            Self::ApiAvailable => "ApiAvailable",
            Self::BotAvailable => "BotAvailable",
            Self::SenderAvailable => "SenderAvailable",
            Self::LoopsAvailable => "LoopsAvailable",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    True,
    False,
    Unknown,
}

impl Status {
    fn as_str(self) -> &'static str {
        match self {
            Self::True => "True",
            Self::False => "False",
            Self::Unknown => "Unknown",
        }
    }
}

/// What was found out about one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub status: Status,
    pub reason: String,
    pub message: String,
    /// Whether it is so for the generation that is asked for: a rollout that is under way serves and is not settled.
    pub settled: bool,
}

impl Finding {
    pub fn fine(reason: &str, message: impl Into<String>) -> Self {
        Self { status: Status::True, reason: reason.to_owned(), message: message.into(), settled: true }
    }

    /// It serves, but not yet as asked for.
    pub fn serving_meanwhile(reason: &str, message: impl Into<String>) -> Self {
        Self { settled: false, ..Self::fine(reason, message) }
    }

    pub fn broken(reason: &str, message: impl Into<String>) -> Self {
        Self { status: Status::False, reason: reason.to_owned(), message: message.into(), settled: false }
    }

    pub fn unknown(reason: &str, message: impl Into<String>) -> Self {
        Self { status: Status::Unknown, ..Self::broken(reason, message) }
    }
}

/// The list that is being made, from the one before.
pub struct Conditions<'a> {
    before: &'a [Condition],
    generation: i64,
    now: DateTime<Utc>,
    list: Vec<(Condition, bool)>,
}

impl<'a> Conditions<'a> {
    pub fn after(before: &'a [Condition], generation: i64, now: DateTime<Utc>) -> Self {
        Self { before, generation, now, list: Vec::new() }
    }

    /// Notes a finding of this generation.
    pub fn set(&mut self, type_: Type, finding: Finding) {
        let before = self.before.iter().find(|each| each.type_ == type_.as_str());
        let status = finding.status.as_str();
        let condition = Condition {
            type_: type_.as_str().to_owned(),
            status: status.to_owned(),
            observed_generation: Some(self.generation),
            reason: finding.reason,
            message: cut(&finding.message),
            last_transition_time: match before {
                Some(before) if before.status == status => before.last_transition_time.clone(),
                _ => time(self.now),
            },
        };
        self.list.retain(|(each, _)| each.type_ != condition.type_);
        self.list.push((condition, finding.settled));
    }

    /// Carries over what was known of the types that nothing was found out about, or says that nothing is known.
    pub fn keep_others(&mut self, reason: &str, message: &str) {
        for type_ in Type::PARTS {
            if self.list.iter().any(|(each, _)| each.type_ == type_.as_str()) {
                continue;
            }
            match self.before.iter().find(|each| each.type_ == type_.as_str()) {
                Some(before) => self.list.push((before.clone(), false)),
                None => self.set(type_, Finding::unknown(reason, message)),
            }
        }
    }

    /// Sets `Ready` from all others: True only if all are, for the generation that is asked for.
    pub fn summarize(&mut self, all_is_well: &str) {
        let first = |matches: fn(&(Condition, bool)) -> bool| self.list.iter().find(|each| matches(each));
        let fault = first(|(each, _)| each.status == "False")
            .or_else(|| first(|(each, _)| each.status == "Unknown"))
            .or_else(|| first(|(_, settled)| !settled));
        let summary = match fault {
            Some((fault, _)) => Finding::broken(&fault.reason, format!("{}: {}", fault.type_, fault.message)),
            None => Finding::fine("AllAvailable", all_is_well),
        };
        self.set(Type::Ready, summary);
    }

    /// The list, the summary first.
    pub fn into_list(self) -> Vec<Condition> {
        let mut list: Vec<_> = self.list.into_iter().map(|(condition, _)| condition).collect();
        list.sort_by_key(|each| {
            Type::PARTS.iter().position(|part| part.as_str() == each.type_).map_or(0, |position| position + 1)
        });
        list
    }
}

fn time(now: DateTime<Utc>) -> Time {
    // Out of range only beyond the year 9999.
    Time(Timestamp::from_second(now.timestamp()).unwrap_or_default())
}

fn cut(message: &str) -> String {
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_MESSAGE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
