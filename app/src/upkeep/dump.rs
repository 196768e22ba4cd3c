//! PostgreSQL's own programs make and read the dumps: they know every version of it.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, bail};
use tokio::process::Command;
use url::Url;

/// Dumps the database at `url` into `file`: of one moment, while others write.
pub async fn make(url: &str, file: &Path) -> anyhow::Result<()> {
    let mut command = command("pg_dump", url)?;
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--file"]).arg(file);
    run(command, "pg_dump").await
}

/// Fills the empty database at `url`, all or nothing.
pub async fn read(url: &str, file: &Path) -> anyhow::Result<()> {
    let mut command = command("pg_restore", url)?;
    let name = database(url)?;
    command.args(["--single-transaction", "--no-owner", "--no-privileges", "--dbname", &name]).arg(file);
    run(command, "pg_restore").await
}

/// The way to the database goes by the environment: the command line can be read by everybody on the machine.
fn command(program: &str, url: &str) -> anyhow::Result<Command> {
    let mut command = Command::new(program);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    for (name, value) in environment(url)? {
        command.env(name, value);
    }
    Ok(command)
}

fn environment(url: &str) -> anyhow::Result<Vec<(&'static str, String)>> {
    let url = Url::parse(url).context("the database's URL cannot be read")?;
    let text = |text: &str| percent_decoded(text);
    let mut all = vec![("PGDATABASE", text(url.path().trim_start_matches('/')))];
    if let Some(host) = url.host_str().filter(|host| !host.is_empty()) {
        all.push(("PGHOST", text(host)));
    }
    if let Some(port) = url.port() {
        all.push(("PGPORT", port.to_string()));
    }
    if !url.username().is_empty() {
        all.push(("PGUSER", text(url.username())));
    }
    if let Some(password) = url.password() {
        all.push(("PGPASSWORD", text(password)));
    }
    for (name, value) in url.query_pairs() {
        let known = match &*name {
            "host" => "PGHOST",
            "port" => "PGPORT",
            "user" => "PGUSER",
            "password" => "PGPASSWORD",
            "dbname" => "PGDATABASE",
            "sslmode" => "PGSSLMODE",
            "sslrootcert" => "PGSSLROOTCERT",
            _ => continue,
        };
        all.retain(|(name, _)| *name != known);
        all.push((known, value.into_owned()));
    }
    Ok(all)
}

fn percent_decoded(text: &str) -> String {
    // The same rules as in a form, where a plus sign would be a blank.
    let pairs = format!("v={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(pairs.as_bytes())
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

fn database(url: &str) -> anyhow::Result<String> {
    let all = environment(url)?;
    let name = all.into_iter().find(|(name, _)| *name == "PGDATABASE").map(|(_, value)| value);
    name.filter(|name| !name.is_empty()).context("the database's URL names no database")
}

async fn run(mut command: Command, program: &str) -> anyhow::Result<()> {
    let ended = command.output().await.with_context(|| {
        format!("cannot run {program}: please install PostgreSQL's client programs (postgresql-client)")
    })?;
    if !ended.status.success() {
        bail!("{program} failed: {}", String::from_utf8_lossy(&ended.stderr).trim());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_become_the_environment_that_postgresql_knows() -> anyhow::Result<()> {
        let all = environment("postgres://kitt:a%2Fb+c@db.example:6432/house?sslmode=require&host=/run/pg")?;

        assert_eq!(
            all,
            [
                ("PGDATABASE", "house".to_owned()),
                ("PGPORT", "6432".to_owned()),
                ("PGUSER", "kitt".to_owned()),
                ("PGPASSWORD", "a/b+c".to_owned()),
                ("PGSSLMODE", "require".to_owned()),
                ("PGHOST", "/run/pg".to_owned()),
            ]
        );
        Ok(())
    }
}
