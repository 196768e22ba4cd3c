//! A fresh PostgreSQL database per test.
//!
//! Each test process starts a cluster of its own at the first call (about 1.5 s): in a temporary
//! folder, reachable only through a Unix socket in it. PostgreSQL refuses to run as root, so root
//! hands it to the user `postgres`. `KITT_TEST_PG=postgres://…` uses a running throw-away server
//! instead; there each process removes the databases it made.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use anyhow::{Context, Result, bail};

use super::guard::{self, Guard};

/// Removed when its server goes.
#[derive(Debug)]
pub struct Database {
    pub url: String,
}

/// Fast, and fit for everything but tests of durability.
static FAST: Mutex<Option<Server>> = Mutex::new(None);
/// With `fsync`, for drills that kill.
static DURABLE: Mutex<Option<Server>> = Mutex::new(None);
static COUNTER: AtomicU32 = AtomicU32::new(1);

/// An empty database on a server that does not wait for the disk.
pub fn database() -> Result<Database> {
    on(&FAST, "off", |server| server.create("template0"))
}

/// An empty database on a server that has written what it committed: `fsync` is on.
pub fn durable_database() -> Result<Database> {
    on(&DURABLE, "on", |server| server.create("template0"))
}

/// A copy of the database that `prepare` (migrations, for instance) filled for the first caller of
/// this `name` in this process.
///
/// `prepare` gets the URL on a thread of its own, so that it may start a runtime, and must close its
/// connections: a database in use cannot be copied.
pub fn copy_of(name: &str, prepare: impl FnOnce(&str) -> Result<()> + Send) -> Result<Database> {
    on(&FAST, "off", |server| {
        if !server.templates.contains(name) {
            let template = server.create_named(&template_of(name), "template0")?;
            thread::scope(|scope| scope.spawn(|| prepare(&template.url)).join())
                .map_err(|_| anyhow::anyhow!("preparing the database {name} panicked"))??;
            server.templates.insert(name.into());
        }
        server.create(&template_of(name))
    })
}

/// A server of one test's own, with `fsync`, that may be restarted.
#[derive(Debug)]
pub struct Own {
    server: Server,
    before: Vec<&'static str>,
    pg_ctl: String,
    place: PathBuf,
}

impl Own {
    pub fn start() -> Result<Self> {
        let server = Server::own("on")?;
        let place = PathBuf::from(server.url.1.trim_start_matches("?host="));
        let pg_ctl = programs()?.join("pg_ctl").display().to_string();
        Ok(Self { server, before: owner(&place)?, pg_ctl, place })
    }

    /// An empty database.
    pub fn database(&self) -> Result<Database> {
        self.server.create("template0")
    }

    /// Stops it as `mode` of `pg_ctl stop` says: `fast`, or `immediate`, which needs recovery.
    pub fn stop(&self, mode: &str) -> Result<()> {
        let data = self.data();
        run(&self.before, &[&self.pg_ctl, "stop", "-D", &data, "-m", mode, "-w", "-t", "60"])
    }

    /// `kill -9` of its first process; the others notice.
    pub fn kill(&self) -> Result<()> {
        let pid = fs::read_to_string(self.place.join("data/postmaster.pid"))?;
        let pid = pid.lines().next().context("the server has a number")?;
        run(&[], &["kill", "-9", pid])
    }

    /// Starts it again; the processes of a killed one may take a moment to go.
    pub fn up(&self) -> Result<()> {
        let (data, log) = (self.data(), self.place.join("log").display().to_string());
        let settings = settings(&self.place.display().to_string(), "on");
        let start = std::time::Instant::now();
        loop {
            let command = [&self.pg_ctl, "start", "-D", &data, "-l", &log, "-w", "-t", "60", "-o", &settings];
            match run(&self.before, &command) {
                Err(error) if start.elapsed().as_secs() < 60 => {
                    drop(error);
                    thread::sleep(std::time::Duration::from_millis(200));
                }
                done => return done,
            }
        }
    }

    fn data(&self) -> String {
        self.place.join("data").display().to_string()
    }
}

fn on<T>(
    slot: &Mutex<Option<Server>>,
    fsync: &str,
    work: impl FnOnce(&mut Server) -> Result<T>,
) -> Result<T> {
    // A test that failed in here left nothing half done that the next one would not report itself.
    let mut slot = slot.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if slot.is_none() {
        *slot = Some(Server::start(fsync)?);
    }
    work(slot.as_mut().expect("it was just put there"))
}

#[derive(Debug)]
struct Server {
    /// The URL up to the database's name, and after it.
    url: (String, String),
    psql: String,
    templates: BTreeSet<String>,
    _guard: Guard,
}

impl Server {
    fn start(fsync: &str) -> Result<Self> {
        match std::env::var("KITT_TEST_PG") {
            Ok(url) => Self::existing(&url),
            Err(_) => Self::own(fsync),
        }
    }

    fn existing(url: &str) -> Result<Self> {
        let psql = guard::find("psql", &["psql"])?;
        let cleaning = r#"
            "$1" -X -At "$2" -c "SELECT datname FROM pg_database WHERE starts_with(datname, '$3')" |
            while read -r name; do "$1" -X "$2" -c "DROP DATABASE \"$name\" WITH (FORCE)" </dev/null; done"#;
        let (start, end) = around_the_name(url).context("KITT_TEST_PG is not postgres://user@host/name")?;
        let guard = Guard::at_the_end(cleaning, &[&psql, &format!("{start}postgres{end}"), &prefix()])?;
        Ok(Self { url: (start, end), psql, templates: BTreeSet::new(), _guard: guard })
    }

    fn own(fsync: &str) -> Result<Self> {
        let programs = programs()?;
        // Not $TMPDIR when that is long: a socket's path has at most 107 bytes.
        let folder = [std::env::temp_dir(), "/tmp".into()]
            .into_iter()
            .find(|folder| folder.as_os_str().len() < 60)
            .map(|folder| tempfile::Builder::new().prefix("kitt-pg-").tempdir_in(folder))
            .context("no short temporary folder")??
            .keep();
        let place = folder.to_str().context("the temporary folder has a name that is not UTF-8")?;
        let pg_ctl = programs.join("pg_ctl").display().to_string();
        let become_owner = owner(&folder)?;

        let cleaning = r#"$1 "$2" stop -D "$3/data" -m immediate -w -t 20; rm -rf "$3""#;
        let guard = Guard::at_the_end(cleaning, &[&become_owner.join(" "), &pg_ctl, place])?;

        let data = format!("{place}/data");
        let log = format!("{place}/log");
        let settings = settings(place, fsync);
        let initdb = programs.join("initdb").display().to_string();
        run(
            &become_owner,
            &[
                &initdb,
                "-D",
                &data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
        )?;
        run(&become_owner, &[&pg_ctl, "start", "-D", &data, "-l", &log, "-w", "-t", "60", "-o", &settings])?;

        let url = ("postgres://postgres@localhost/".into(), format!("?host={place}"));
        let psql = programs.join("psql").display().to_string();
        Ok(Self { url, psql, templates: BTreeSet::new(), _guard: guard })
    }

    fn create(&self, template: &str) -> Result<Database> {
        let name = format!("{}{}", prefix(), COUNTER.fetch_add(1, Ordering::Relaxed));
        self.create_named(&name, template)
    }

    fn create_named(&self, name: &str, template: &str) -> Result<Database> {
        self.sql(&format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\""))?;
        Ok(Database { url: self.url_of(name) })
    }

    fn sql(&self, statement: &str) -> Result<()> {
        run(&[], &[&self.psql, "-X", "-q", "-d", &self.url_of("postgres"), "-c", statement])
    }

    fn url_of(&self, name: &str) -> String {
        format!("{}{name}{}", self.url.0, self.url.1)
    }
}

fn template_of(name: &str) -> String {
    format!("{}template_{name}", prefix())
}

/// Marks the databases of this process on a server that others may use too.
fn prefix() -> String {
    format!("kitt_test_{}_", std::process::id())
}

/// Splits `postgres://user@host/name?options` around its name.
fn around_the_name(url: &str) -> Option<(String, String)> {
    let (_, rest) = url.split_once("://")?;
    let name = url.len() - rest.len() + rest.find('/')? + 1;
    let end = url[name..].find('?').map_or(url.len(), |length| name + length);
    Some((url[..name].into(), url[end..].into()))
}

/// Where the newest installed server's programs are; Debian keeps them out of `PATH`.
fn programs() -> Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|version| Path::new(&format!("/usr/lib/postgresql/{version}/bin/initdb")).exists())
        .max();
    if let Some(version) = newest {
        return Ok(format!("/usr/lib/postgresql/{version}/bin").into());
    }
    let initdb = guard::find("PostgreSQL's initdb", &["initdb"])?;
    Ok(Path::new(&initdb).parent().context("initdb is in no folder")?.into())
}

/// The command before a command that has to run as PostgreSQL's user, who gets `folder`. Empty for
/// ordinary users.
fn owner(folder: &Path) -> Result<Vec<&'static str>> {
    if fs::metadata("/proc/self")?.uid() != 0 {
        return Ok(Vec::new());
    }
    run(&[], &["chown", "postgres:", &folder.display().to_string()])?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    Ok(vec!["runuser", "-u", "postgres", "--"])
}

fn settings(folder: &str, fsync: &str) -> String {
    format!(
        "-c listen_addresses='' -c unix_socket_directories='{folder}' -c max_connections=200 \
         -c fsync={fsync} -c synchronous_commit={fsync} -c full_page_writes={fsync}"
    )
}

/// Runs to the end; an error carries what the command said.
fn run(before: &[&str], command: &[&str]) -> Result<()> {
    let line = [before, command].concat();
    let (program, arguments) = line.split_first().context("an empty command")?;
    // `pg_ctl start` leaves a server behind that must not hold our pipes: files, not pipes.
    let said = tempfile::NamedTempFile::new()?;
    let status = Command::new(program)
        .args(arguments)
        .current_dir("/")
        .stdin(std::process::Stdio::null())
        .stdout(said.as_file().try_clone()?)
        .stderr(said.as_file().try_clone()?)
        .status()
        .with_context(|| format!("starting {program}"))?;
    if !status.success() {
        bail!("{}: {status}\n{}", line.join(" "), fs::read_to_string(said.path())?);
    }
    Ok(())
}
