//! Plans of the hot statements: none may read a whole large table.

use std::fmt::Write as _;

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::{postgres::Postgres, statements::Statement};

/// Tables that do not grow with the number of people: of all others a statement reads a few rows.
const SMALL: [&str; 3] = ["loop_leader", "templates", "_sqlx_migrations"];

/// Looks at the plan that a prepared statement ends up with, for any parameters, and at that of its first runs.
///
/// # Errors
///
/// Fails when either reads a whole large table.
pub(crate) fn check(what: &str, statements: &[Statement], postgres: &Postgres) -> anyhow::Result<()> {
    let mut checked = 0;
    for statement in statements.iter().filter(|statement| statement.is_planned()) {
        for mode in ["force_generic_plan", "force_custom_plan"] {
            let plan = explain(statement, mode, postgres).with_context(|| format!("{what}: {}", statement.sql))?;
            let mut scans = Vec::new();
            sequential(&plan, &mut scans);
            if !scans.is_empty() {
                bail!("{what} reads all of {} ({mode}):\n{}", scans.join(", "), statement.sql);
            }
        }
        checked += 1;
    }
    eprintln!("{what:<28} {checked} statements, no sequential scan");
    Ok(())
}

fn explain(statement: &Statement, mode: &str, postgres: &Postgres) -> anyhow::Result<Value> {
    let mut values = String::new();
    for parameter in &statement.parameters {
        let comma = if values.is_empty() { "" } else { ", " };
        match parameter {
            Some(value) => write!(values, "{comma}'{}'", value.replace('\'', "''"))?,
            None => write!(values, "{comma}null")?,
        }
    }
    let values = if values.is_empty() { values } else { format!("({values})") };
    let said = postgres.sql(&format!(
        "set plan_cache_mode = {mode}; prepare checked as {}; explain (format json) execute checked{values}",
        statement.sql
    ))?;
    serde_json::from_str(&said).context("the plan is no JSON")
}

/// The large tables that a plan reads from end to end.
fn sequential<'a>(plan: &'a Value, found: &mut Vec<&'a str>) {
    match plan {
        Value::Array(parts) => parts.iter().for_each(|part| sequential(part, found)),
        Value::Object(node) => {
            let table = node.get("Relation Name").and_then(Value::as_str);
            let is_scan = node.get("Node Type").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("Seq Scan"));
            found.extend(table.filter(|table| is_scan && !SMALL.contains(table)));
            node.values().for_each(|part| sequential(part, found));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_scan_of_a_large_table_is_found_wherever_it_is() {
        let scan = |table| json!({"Node Type": "Seq Scan", "Relation Name": table});
        let scans = [scan("loop_leader"), scan("habits"), scan("deliveries_default")];
        let plan = json!([{"Plan": {"Node Type": "Nested Loop", "Plans": scans}}]);
        let mut found = Vec::new();
        sequential(&plan, &mut found);
        assert_eq!(found, ["habits", "deliveries_default"]);
    }
}
