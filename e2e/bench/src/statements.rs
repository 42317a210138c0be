//! The statements that the api sends for a request, as scripts for pgbench.
//!
//! They are taken from Postgres' log of one request, so that pgbench always says the very same.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::ensure;

use crate::{
    api::Api,
    case::{Case, Person},
    http::send,
    postgres::{LogLine, Postgres},
};

/// The version that the sample's habit is given, to know it again among the parameters.
const VERSION: i64 = 987_650;

/// A script of pgbench, and how many requests it stands for.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) text: String,
    pub(crate) requests: f64,
    /// Values for `--define`.
    pub(crate) constants: Vec<String>,
}

/// What a program said to Postgres.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    pub(crate) sql: String,
    pub(crate) parameters: Vec<Option<String>>,
}

/// What the case's requests say to Postgres, as a script.
pub(crate) fn script(case: Case, person: &Person, api: &Api, postgres: &Postgres) -> anyhow::Result<Script> {
    let said = said_for(case, person, api, postgres)?;
    let mut script = Script { text: case.draw().to_owned(), requests: 0.0, constants: Vec::new() };
    for statements in said {
        script.requests += 1.0;
        for statement in &statements {
            script.add(statement, case, person);
        }
    }
    Ok(script)
}

/// What each of the case's requests says to Postgres.
pub(crate) fn said_for(
    case: Case,
    person: &Person,
    api: &Api,
    postgres: &Postgres,
) -> anyhow::Result<Vec<Vec<Statement>>> {
    let mut all = Vec::new();
    for sample in &case.samples(person) {
        if case != Case::TokenNew {
            // Once before, so that what is logged is no first time of anything.
            send(api.address, sample)?;
        }
        mark_version(person, postgres)?;
        let mut status = 0;
        let lines = postgres.logged(|| {
            status = send(api.address, sample)?.0;
            Ok(())
        })?;
        ensure!((200..300).contains(&status), "{} was answered with {status}", sample.line);
        all.push(said(&lines, "api"));
    }
    Ok(all)
}

/// The statements of `application` in a log.
pub(crate) fn said(lines: &[LogLine], application: &str) -> Vec<Statement> {
    let mut statements = Vec::new();
    for line in lines.iter().filter(|line| line.application_name.as_deref() == Some(application)) {
        let Some((kind, sql)) = line.message.split_once(": ") else { continue };
        let is_statement = kind.starts_with("execute") || kind == "statement";
        // A look whether the schema is there belongs to no request; names of types are asked once for each connection.
        if is_statement && !sql.contains("_sqlx_migrations") && !sql.contains("pg_catalog") {
            let sql = sql.trim().trim_end_matches(';').replace('\n', " ");
            let parameters = line.detail.as_deref().map(parameters).unwrap_or_default();
            statements.push(Statement { sql, parameters });
        }
    }
    statements
}

impl Statement {
    /// Whether Postgres makes a plan for it.
    pub(crate) fn is_planned(&self) -> bool {
        ["select", "insert", "update", "delete", "with"].iter().any(|verb| self.sql.starts_with(verb))
    }
}

fn mark_version(person: &Person, postgres: &Postgres) -> anyhow::Result<()> {
    postgres.sql(&format!("update habits set version = {VERSION} where user_id = {}", person.user_id))?;
    Ok(())
}

impl Script {
    fn add(&mut self, statement: &Statement, case: Case, person: &Person) {
        let mut text = statement.sql.clone();
        // From the last: $1 is a part of $10.
        for (at, value) in statement.parameters.iter().enumerate().rev() {
            let stands_for = match value {
                None => "null".to_owned(),
                Some(value) => variable(value, case, person).unwrap_or_else(|| self.constant(value)),
            };
            text = text.replace(&format!("${}", at + 1), &stands_for);
        }
        let text = plain_names(&text);
        let reads_version = case == Case::Toggle && text.starts_with("select") && text.contains("version");
        let _ = writeln!(self.text, "{text}{}", if reads_version { " \\gset" } else { ";" });
    }

    fn constant(&mut self, value: &str) -> String {
        self.constants.push(value.to_owned());
        format!(":c{}", self.constants.len())
    }

    /// Writes it where pgbench finds it.
    pub(crate) fn write(&self, folder: &Path, case: Case) -> anyhow::Result<std::path::PathBuf> {
        let path = folder.join(format!("{}.sql", case.script()));
        fs::write(&path, &self.text)?;
        Ok(path)
    }
}

/// The variable whose value in the sample is this, alone or as the one member of an array.
fn variable(value: &str, case: Case, person: &Person) -> Option<String> {
    if let Some(member) = value.strip_prefix('{').and_then(|value| value.strip_suffix('}')) {
        // As the api sends it: an array of which a plan knows no length.
        return Some(format!("('{{' || {} || '}}')::bigint[]", variable(member, case, person)?));
    }
    let number: i64 = value.parse().ok()?;
    let name = if number == 7_777_777 || number == person.telegram_id {
        Some("telegram_id")
    } else if number == person.user_id {
        Some("user_id")
    } else if person.habits.contains(&number) && matches!(case, Case::Toggle | Case::Read) {
        Some("habit_id")
    } else {
        (number == VERSION).then_some("version")
    };
    name.map(|name| format!(":{name}"))
}

/// The values of `parameters: $1 = 'x', $2 = NULL`, in their order.
fn parameters(detail: &str) -> Vec<Option<String>> {
    let mut rest = detail.strip_prefix("parameters: ").or(detail.strip_prefix("Parameters: ")).unwrap_or_default();
    let mut values = Vec::new();
    while let Some((_, value)) = rest.split_once(" = ") {
        let Some(quoted) = value.strip_prefix('\'') else {
            values.push(None);
            rest = value.split_once(", ").map_or("", |(_, rest)| rest);
            continue;
        };
        let (text, behind) = unquoted(quoted);
        values.push(Some(text));
        rest = behind;
    }
    values
}

/// The text up to its closing quote, where two quotes stand for one, and what comes behind it.
fn unquoted(quoted: &str) -> (String, &str) {
    let (mut text, mut rest) = (String::new(), quoted);
    while let Some((part, behind)) = rest.split_once('\'') {
        text += part;
        match behind.strip_prefix('\'') {
            Some(more) => {
                text.push('\'');
                rest = more;
            }
            None => return (text, behind),
        }
    }
    (text, "")
}

/// Names of columns without what sqlx reads in them, such as `"schedules: Json<Schedules>"`: pgbench makes variables of
/// them.
fn plain_names(sql: &str) -> String {
    let parts = sql.split('"').enumerate();
    let plain =
        parts.map(|(at, part)| if at % 2 == 1 { part.split([':', '!', '?']).next().unwrap_or(part) } else { part });
    plain.collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_with_quotes_and_nulls() {
        let detail = "parameters: $1 = '7', $2 = NULL, $3 = 'it''s, $9 = ''x''', $4 = ''";
        let expected = [Some("7"), None, Some("it's, $9 = 'x'"), Some("")].map(|value| value.map(ToOwned::to_owned));
        assert_eq!(parameters(detail), expected);
    }
}
