//! Every SQL statement of the program is understood by both databases, also those that no story runs.
//!
//! Statements are collected from the sources: a chain that starts with `sql(…)`, goes on with `bind` and
//! `push`, and ends with a call that runs it. Chains whose text depends on a condition are left to the stories.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use sqlx::{AssertSqlSafe, Connection, Executor, SqlSafeStr};

use crate::world::{World, both};

both!(every_statement_is_understood);

/// What differs between the databases is meant for one of them only.
const APART: [&str; 2] = ["platform/dialect.rs", "platform/migrate.rs"];
const RUNS: [&str; 7] = ["run", "one", "maybe", "all", "value", "maybe_value", "values"];
/// PostgreSQL: a parameter's type is known only once it is bound.
const UNKNOWN_TYPE: &str = "42P18";

async fn every_statement_is_understood(world: World) -> Result<()> {
    let statements = collect()?;
    ensure!(100 < statements.len(), "only {} statements were found", statements.len());
    let url = &world.app.settings().database;
    let mut wrong = Vec::new();
    if world.is_postgres() {
        let mut connection = sqlx::PgConnection::connect(url).await?;
        for (text, file) in statements {
            if let Err(error) = connection.prepare(AssertSqlSafe(text.clone()).into_sql_str()).await {
                let code = error.as_database_error().and_then(|error| error.code().map(String::from));
                if code.as_deref() != Some(UNKNOWN_TYPE) {
                    wrong.push(format!("{file}: {error}\n{text}"));
                }
            }
        }
    } else {
        let mut connection = sqlx::SqliteConnection::connect(url).await?;
        for (text, file) in statements {
            if let Err(error) = connection.prepare(AssertSqlSafe(text.clone()).into_sql_str()).await {
                wrong.push(format!("{file}: {error}\n{text}"));
            }
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    Ok(())
}

/// Statements with the file they stand in.
fn collect() -> Result<BTreeMap<String, String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(&root).context("below src")?.display().to_string();
            if path.extension().is_none_or(|extension| extension != "rs") || APART.contains(&name.as_str()) {
                continue;
            }
            let source = fs::read_to_string(&path)?;
            let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
            files.push((name, code.collect::<Vec<_>>().join("\n")));
        }
    }
    let everything: String = files.iter().map(|(_, source)| source.as_str()).collect();
    let mut found = BTreeMap::new();
    for (name, source) in &files {
        let starts = source.match_indices("sql(").map(|(at, _)| &source[at + 3..]);
        let chains = starts.filter_map(|rest| assemble(rest, &[source, &everything]));
        found.extend(chains.map(|text| (text, name.clone())));
    }
    Ok(found)
}

/// The text of the chain whose first arguments `rest` starts with; `None` if it is not all there.
fn assemble(rest: &str, sources: &[&str]) -> Option<String> {
    let (first, mut rest) = arguments(rest)?;
    let mut text = literal(first, sources)?;
    let mut count = 0;
    loop {
        rest = rest.trim_start().strip_prefix('.')?.trim_start();
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
        let method = &rest[..end];
        if RUNS.contains(&method) {
            return Some(text);
        }
        let (argument, after) = arguments(&rest[end..])?;
        match method {
            "bind" => count += 1,
            "push" => text += &literal(argument, sources)?,
            "push_bind" => {
                count += 1;
                text.push('$');
                text += &count.to_string();
            }
            _ => return None,
        }
        rest = after;
    }
}

/// What stands between the parentheses at the start of `rest`, and what comes after them.
fn arguments(rest: &str) -> Option<(&str, &str)> {
    let mut depth = 0_u32;
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in rest.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 && !quoted {
            return rest[..at].strip_prefix('(').map(|inside| (inside, &rest[at + 1..]));
        }
    }
    None
}

/// The value of a literal, or of a constant: of the first of these sources that has exactly one of that name.
fn literal(expression: &str, sources: &[&str]) -> Option<String> {
    let expression = expression.trim().trim_end_matches(',');
    if let Some(text) = expression.strip_prefix('"') {
        let text = text.strip_suffix('"')?;
        // A backslash at a line's end swallows the indentation that follows.
        let (first, continued) = text.split_once("\\\n").unwrap_or((text, ""));
        let continued: String = continued.split("\\\n").map(str::trim_start).collect();
        return Some(format!("{first}{continued}").replace("\\\"", "\""));
    }
    let constant = format!("const {expression}: &str =");
    let value = sources.iter().find_map(|source| {
        let (_, value) = source.split_once(&constant)?;
        (!value.contains(&constant)).then_some(value)
    })?;
    literal(&format!("{}\"", value.split_once("\";")?.0.trim_start()), &[])
}
