//! A real IMAP server: Dovecot, with mailboxes in a temporary folder.
//!
//! It may be stopped and started again, on the same ports and with the same mails. As root its mailboxes belong to
//! `nobody`, since Dovecot opens none as root; ordinary users keep them themselves. Mails are put into the Maildirs
//! directly, as a mail server on the same machine would.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use super::guard::{self, Guard};

/// `nobody` on Debian.
const NOBODY: u32 = 65534;
const PATIENCE: Duration = Duration::from_secs(30);

/// Stops, and forgets its mails, when dropped.
#[derive(Debug)]
pub struct Dovecot {
    /// Plain text and STARTTLS.
    pub port: u16,
    /// TLS from the start, with the certificate of `support/tls`.
    pub tls_port: u16,
    introspection: Option<String>,
    home: TempDir,
    counter: AtomicU32,
    running: Option<Guard>,
}

impl Dovecot {
    /// Users log in with passwords.
    pub fn start() -> Result<Self> {
        Self::new(None)
    }

    /// Users log in with tokens (XOAUTH2) that the server at `url` vouches for (RFC 7662).
    pub fn with_tokens(url: &str) -> Result<Self> {
        Self::new(Some(url.to_owned()))
    }

    fn new(introspection: Option<String>) -> Result<Self> {
        let home = tempfile::Builder::new().prefix("kitt-dovecot-").tempdir()?;
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755))?;
        fs::create_dir(home.path().join("mail"))?;
        fs::write(home.path().join("users"), "")?;
        let counter = AtomicU32::new(0);
        let mut dovecot = Self { port: 0, tls_port: 0, introspection, home, counter, running: None };
        // Somebody else may take a free port before Dovecot does.
        for _ in 0..5 {
            (dovecot.port, dovecot.tls_port) = free_ports()?;
            if dovecot.up().is_ok() {
                return Ok(dovecot);
            }
        }
        dovecot.up()?;
        Ok(dovecot)
    }

    /// Starts it again where it was.
    pub fn up(&mut self) -> Result<()> {
        let program = guard::find("Dovecot", &["/usr/sbin/dovecot", "/usr/local/sbin/dovecot", "dovecot"])?;
        let run = tempfile::Builder::new().prefix("kitt-imapd-").tempdir()?.keep();
        fs::set_permissions(&run, fs::Permissions::from_mode(0o755))?;
        // Dovecot itself makes a `dovecot.conf` there.
        let configuration = run.join("imapd.conf");
        fs::write(&configuration, self.configuration(&run))?;
        fs::write(run.join("oauth2"), self.oauth2())?;
        let file = configuration.to_str().context("the temporary folder has a name that is not UTF-8")?;
        let guard = Guard::running(&program, &["-F", "-c", file], &run)?;
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if PATIENCE < start.elapsed() {
                let log = fs::read_to_string(run.join("log")).unwrap_or_default();
                bail!("Dovecot does not listen: {log}");
            }
            thread::sleep(Duration::from_millis(20));
        }
        self.running = Some(guard);
        Ok(())
    }

    /// Stops it and ends all its connections.
    pub fn down(&mut self) {
        self.running = None;
    }

    fn configuration(&self, run: &Path) -> String {
        let (run, home) = (run.display(), self.home.path().display());
        let (user, group, system) = owner();
        let tls = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/tls");
        let tls = tls.display();
        let passdb = match self.introspection {
            Some(_) => format!("driver = oauth2\n mechanisms = xoauth2\n args = {run}/oauth2"),
            None => format!("driver = passwd-file\n args = scheme=plain username_format=%u {home}/users"),
        };
        format!(
            "base_dir = {run}\nstate_dir = {run}\nlog_path = {run}/dovecot.log\nprotocols = imap\n\
             listen = 127.0.0.1\nssl = yes\nssl_cert = <{tls}/localhost.pem\nssl_key = <{tls}/localhost.key\n\
             disable_plaintext_auth = no\nauth_mechanisms = plain login xoauth2\nauth_failure_delay = 0\n\
             mail_location = maildir:{home}/mail/%u\nmail_uid = {user}\nmail_gid = {group}\nmail_fsync = never\n\
             first_valid_uid = 1\nfirst_valid_gid = 1\n{system}\
             mail_max_userip_connections = 100\n\
             passdb {{\n {passdb}\n}}\n\
             userdb {{\n driver = static\n args = uid={user} gid={group} home={home}/mail/%u\n}}\n\
             service imap-login {{\n inet_listener imap {{\n  port = {}\n }}\n inet_listener imaps {{\n  port = {}\n }}\n \
             chroot =\n}}\n\
             service anvil {{\n chroot =\n}}\nservice stats {{\n chroot =\n unix_listener stats-writer {{\n  mode = 0666\n }}\n}}\n",
            self.port, self.tls_port
        )
    }

    fn oauth2(&self) -> String {
        format!(
            "introspection_mode = post\nintrospection_url = {}\nforce_introspection = yes\n\
             username_attribute = username\nactive_attribute = active\nactive_value = true\n",
            self.introspection.as_deref().unwrap_or_default()
        )
    }

    /// Somebody gets a mailbox.
    pub fn add_user(&self, user: &str, password: &str) -> Result<()> {
        let file = self.home.path().join("users");
        let before = fs::read_to_string(&file)?;
        let others = before.lines().filter(|line| !line.starts_with(&format!("{user}:")));
        let lines: Vec<String> = others.map(str::to_owned).chain([format!("{user}:{password}")]).collect();
        fs::write(&file, lines.join("\n") + "\n")?;
        self.make_folder(user, "INBOX").map(drop)
    }

    /// Where a folder's mails are; it is made if it is missing.
    fn make_folder(&self, user: &str, folder: &str) -> Result<PathBuf> {
        let inbox = self.home.path().join("mail").join(user);
        let path = if folder == "INBOX" { inbox.clone() } else { inbox.join(format!(".{folder}")) };
        for part in [&inbox, &path, &path.join("tmp"), &path.join("new"), &path.join("cur")] {
            if !part.exists() {
                fs::create_dir(part)?;
                own(part)?;
            }
        }
        Ok(path)
    }

    /// A mail arrives.
    pub fn deliver(&self, user: &str, raw: &str) -> Result<()> {
        self.deliver_into(user, "INBOX", raw)
    }

    /// A mail arrives in a folder, by its name on the disk.
    pub fn deliver_into(&self, user: &str, folder: &str, raw: &str) -> Result<()> {
        let path = self.make_folder(user, folder)?;
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        let name = format!("{:010}.M1P1.kitt", 1_700_000_000 + number);
        let file = path.join("tmp").join(&name);
        fs::write(&file, raw)?;
        own(&file)?;
        Ok(fs::rename(file, path.join("new").join(name))?)
    }

    /// A mail that arrived at another time, in seconds since 1970.
    pub fn deliver_at(&self, user: &str, raw: &str, seconds: u64) -> Result<()> {
        self.deliver(user, raw)?;
        let newest = self.files(user, "INBOX")?.pop().context("a mail was delivered")?;
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        Ok(fs::File::options().write(true).open(newest)?.set_modified(at)?)
    }

    /// The raw mails of a folder, in the order of their arrival, without those that are marked as deleted.
    pub fn mails(&self, user: &str, folder: &str) -> Result<Vec<String>> {
        loop {
            let mails: std::io::Result<Vec<String>> =
                self.files(user, folder)?.into_iter().map(fs::read_to_string).collect();
            match mails {
                // Moved or marked between the list and the look: once more.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                other => return Ok(other?),
            }
        }
    }

    /// Whether any mail of a folder is marked as read.
    pub fn any_seen(&self, user: &str, folder: &str) -> Result<bool> {
        let flags =
            |file: &PathBuf| file.to_string_lossy().rsplit_once(":2,").map(|(_, flags)| flags.to_owned());
        Ok(self.files(user, folder)?.iter().filter_map(flags).any(|flags| flags.contains('S')))
    }

    fn files(&self, user: &str, folder: &str) -> Result<Vec<PathBuf>> {
        let path = self.make_folder(user, folder)?;
        let mut files = Vec::new();
        for part in ["new", "cur"] {
            for entry in fs::read_dir(path.join(part))? {
                files.push(entry?.path());
            }
        }
        files.sort_by_key(|file| file.file_name().map(ToOwned::to_owned));
        Ok(files)
    }

    /// Another program moves the first mail of a folder away.
    pub fn move_first(&self, user: &str, from: &str, to: &str) -> Result<()> {
        let target = self.make_folder(user, to)?;
        let files = self.files(user, from)?;
        let first = files.first().context("there is no mail to move")?;
        let name = first.file_name().context("a mail has a name")?;
        Ok(fs::rename(first, target.join("new").join(name))?)
    }

    /// The server counts its mails anew: another UIDVALIDITY. It has to be down.
    pub fn renumber(&self, user: &str, folder: &str) -> Result<()> {
        ensure!(self.running.is_none(), "Dovecot has its numbers in memory while it runs");
        let path = self.make_folder(user, folder)?;
        let list = path.join("dovecot-uidlist");
        let text = fs::read_to_string(&list)?;
        let number = text.split(" V").nth(1).and_then(|rest| rest.split(' ').next());
        let number: u64 = number.context("a list of UIDs has a UIDVALIDITY")?.parse()?;
        for entry in fs::read_dir(&path)? {
            let file = entry?.path();
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with("dovecot.index") {
                fs::remove_file(file)?;
            }
        }
        fs::write(&list, format!("3 V{} N1\n", number + 7))?;
        own(&list)
    }
}

/// Two that nobody listens on just now.
fn free_ports() -> Result<(u16, u16)> {
    let (one, two) = (TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?);
    Ok((one.local_addr()?.port(), two.local_addr()?.port()))
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|myself| myself.uid() == 0)
}

/// User and group of the mailboxes, and settings for servers that are not started as root.
fn owner() -> (String, String, String) {
    if is_root() {
        return (NOBODY.to_string(), NOBODY.to_string(), String::new());
    }
    let (uid, gid) =
        fs::metadata("/proc/self").map_or((NOBODY, NOBODY), |myself| (myself.uid(), myself.gid()));
    let name = std::env::var("USER").unwrap_or_else(|_| "nobody".into());
    let system = format!(
        "default_internal_user = {name}\ndefault_login_user = {name}\ndefault_internal_group = {gid}\n"
    );
    (uid.to_string(), gid.to_string(), system)
}

fn own(path: &Path) -> Result<()> {
    if is_root() {
        chown(path, Some(NOBODY), Some(NOBODY))?;
    }
    Ok(())
}
