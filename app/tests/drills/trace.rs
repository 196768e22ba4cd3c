//! System calls of a real server: each `250` follows the fsync of its mail's bytes.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::server::{Client, Server, free_port};

const MAILS: usize = 6;

#[test]
fn each_250_follows_the_fsync_of_its_bytes() -> Result<()> {
    let Some(trace) = record("FULL")? else { return Ok(()) };
    let unproven = unproven(&trace.lines, &trace.tokens)?;
    ensure!(unproven.is_empty(), "acknowledged before the fsync: {unproven:?}");
    Ok(())
}

/// The check above must be able to fail.
#[test]
fn without_fsync_the_trace_shows_it() -> Result<()> {
    if !cfg!(debug_assertions) {
        println!("skipped: a release cannot be talked out of fsync");
        return Ok(());
    }
    let Some(trace) = record("OFF")? else { return Ok(()) };
    let unproven = unproven(&trace.lines, &trace.tokens)?;
    // The last mail is a blob, whose fsync is not the database's.
    assert_eq!(unproven.len(), MAILS - 1);
    Ok(())
}

struct Trace {
    lines: Vec<String>,
    /// One per mail, in the order in which they were acknowledged.
    tokens: Vec<String>,
}

/// Delivers mails to a server that is being watched; `None` where watching is not allowed.
fn record(synchronous: &str) -> Result<Option<Trace>> {
    if !Command::new("strace").args(["-o", "/dev/null", "true"]).status().is_ok_and(|status| status.success())
    {
        println!("skipped: strace is missing or may not trace here");
        return Ok(None);
    }
    let folder = tempfile::Builder::new().prefix("kitt-trace-").tempdir()?;
    let file = folder.path().join("strace");
    let database = format!("sqlite:{}", folder.path().join("kitt.sqlite").display());
    let mode = format!("KITT_TEST_SYNCHRONOUS={synchronous}");
    let watch = [
        "env",
        &mode,
        "strace",
        "-D",
        "-f",
        "-y",
        "-s",
        "6000",
        "-o",
        path(&file)?,
        "-e",
        "trace=pwrite64,write,fsync,fdatasync,sendto",
    ];
    let server = Server::start(&watch, folder.path(), &database, free_port()?)?;
    let mut client = Client::connect(server.smtp)?;
    let mut tokens = Vec::new();
    for mail in 0..MAILS {
        // Nothing in it repeats, so it stands in the compressed bytes as it is.
        let token = format!("{:016x}", rand::random::<u64>());
        let rest = if mail + 1 == MAILS { "Viel Text. ".repeat(30_000) } else { String::new() };
        client.deliver(&format!("Subject: {token}\r\n\r\n{rest}"))?;
        tokens.push(token);
    }
    drop(client);
    server.stop()?;
    let text = complete(&file)?;
    Ok(Some(Trace { lines: text.lines().map(str::to_owned).collect(), tokens }))
}

/// The trace, once its writer saw the server's end.
fn complete(file: &Path) -> Result<String> {
    for _ in 0..200 {
        let text = String::from_utf8_lossy(&std::fs::read(file)?).into_owned();
        if text.lines().last().is_some_and(|line| line.contains("+++ exited")) {
            return Ok(text);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    bail!("the trace does not end")
}

fn path(path: &Path) -> Result<&str> {
    path.to_str().context("the temporary folder has a name that is not UTF-8")
}

/// The tokens of mails that were acknowledged without their bytes being on the disk.
fn unproven(lines: &[String], tokens: &[String]) -> Result<Vec<String>> {
    let is_answer = |line: &&String| line.contains("\"250 2.0.0 Kept as");
    let answers: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| is_answer(line)).map(|(at, _)| at).collect();
    ensure!(answers.len() == tokens.len(), "{} answers to {} mails", answers.len(), tokens.len());
    let mut unproven = Vec::new();
    for (token, answer) in tokens.iter().zip(answers) {
        let (at, file) = written(lines, token).with_context(|| format!("{token} was never written"))?;
        if synced(lines, at, file).is_none_or(|done| answer < done) {
            unproven.push(token.clone());
        }
    }
    Ok(unproven)
}

/// Where the token was written, and to which file.
fn written<'a>(lines: &'a [String], token: &str) -> Option<(usize, &'a str)> {
    lines.iter().enumerate().find_map(|(at, line)| {
        let call = line.contains("pwrite64(") || line.contains(" write(");
        let file = line.split_once('<')?.1.split_once(">,")?.0;
        (call && line.contains(token) && file.starts_with('/')).then_some((at, file))
    })
}

/// Where the first sync of `file` ended that began after line `from`.
fn synced(lines: &[String], from: usize, file: &str) -> Option<usize> {
    let begins = |line: &String| {
        (line.contains("fsync(") || line.contains("fdatasync(")) && line.contains(&format!("<{file}>"))
    };
    let begun = from + 1 + lines[from + 1..].iter().position(begins)?;
    if !lines[begun].contains("<unfinished") {
        return Some(begun);
    }
    let process = lines[begun].split_whitespace().next()?;
    let ends = |line: &String| line.starts_with(&format!("{process} ")) && line.contains("sync resumed>");
    Some(begun + lines[begun..].iter().position(ends)?)
}
