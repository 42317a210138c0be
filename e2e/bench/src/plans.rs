//! Plans of the hot statements: none may read a whole large table, or a whole index of one.

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
/// Fails when either reads a whole large table, or an index of it from its begin on.
pub(crate) fn check(what: &str, statements: &[Statement], postgres: &Postgres) -> anyhow::Result<()> {
    let mut checked = 0;
    for statement in statements.iter().filter(|statement| statement.is_planned()) {
        for mode in ["force_generic_plan", "force_custom_plan"] {
            let plan = explain(statement, mode, postgres).with_context(|| format!("{what}: {}", statement.sql))?;
            let mut scans = Vec::new();
            endless(&plan, &mut scans);
            if !scans.is_empty() {
                bail!("{what} reads all of {} ({mode}):\n{}", scans.join(", "), statement.sql);
            }
        }
        checked += 1;
    }
    eprintln!("{what:<28} {checked} statements, no scan of a whole table or index");
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

/// The large tables of which a plan reads all rows, or all of an index until it has enough.
fn endless<'a>(plan: &'a Value, found: &mut Vec<&'a str>) {
    match plan {
        Value::Array(parts) => parts.iter().for_each(|part| endless(part, found)),
        Value::Object(node) => {
            let text = |key| node.get(key).and_then(Value::as_str);
            let is_endless = match text("Node Type") {
                // Takes what comes first in the order of an index.
                Some("Limit") => return,
                Some("Index Scan" | "Index Only Scan" | "Bitmap Index Scan") => !node.contains_key("Index Cond"),
                Some(kind) => kind.ends_with("Seq Scan"),
                None => false,
            };
            found.extend(text("Relation Name").filter(|table| is_endless && !SMALL.contains(table)));
            node.values().for_each(|part| endless(part, found));
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
        assert_eq!(
            found(&json!([scan("loop_leader"), scan("habits"), scan("deliveries_default")])),
            ["habits", "deliveries_default"]
        );
    }

    #[test]
    fn a_scan_of_a_whole_index_is_found_unless_it_is_for_the_first_rows_alone() {
        let whole = json!({"Node Type": "Index Scan", "Relation Name": "users"});
        let part = json!({"Node Type": "Index Scan", "Relation Name": "habits", "Index Cond": "(id = ANY ($1))"});
        let first = json!({"Node Type": "Limit", "Plans": [whole.clone()]});
        assert_eq!(found(&json!([whole, part, first])), ["users"]);
    }

    fn found(scans: &Value) -> Vec<String> {
        let plan = json!([{"Plan": {"Node Type": "Nested Loop", "Plans": scans}}]);
        let mut found = Vec::new();
        endless(&plan, &mut found);
        found.into_iter().map(ToOwned::to_owned).collect()
    }
}
