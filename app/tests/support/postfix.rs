//! A real Postfix in a temporary folder: takes mail for others and reports what became of it.
//!
//! `example.org` takes everything, `full.example` has no room, `slow.example` never answers. What is for
//! `haus.example`, such as reports, goes to the listener of the house. It wants to be root, as Postfix does.

use std::fs::{self, File, Permissions};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::guard::{self, Guard};

/// Stops when dropped.
#[derive(Debug)]
pub struct Postfix {
    pub address: SocketAddr,
    _guard: Guard,
}

impl Postfix {
    /// Starts it; mail for the house goes to `house`.
    pub fn start(house: SocketAddr) -> Result<Self> {
        let program = guard::find("Postfix", &["/usr/sbin/postfix", "postfix"])?;
        let folder = tempfile::Builder::new().prefix("kitt-postfix-").tempdir()?.keep();
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        furnish(&folder, port, house)?;
        let settings = folder.join("etc");
        let settings = settings.to_str().context("the temporary folder has a name that is not UTF-8")?;
        let log = File::create(folder.join("log"))?;
        let errors = log.try_clone()?;
        let mut start = Command::new(&program);
        start.args(["-c", settings, "start"]).stdin(Stdio::null()).stdout(log).stderr(errors);
        let started = start.status()?;
        // It leaves every group of processes; by its own number it is found all the same.
        let cleaning = r#"kill -TERM $(cat "$1/queue/pid/master.pid"); sleep 0.3; rm -rf "$1""#;
        let guard = Guard::at_the_end(cleaning, &[folder.to_str().unwrap_or_default()])?;
        ensure!(started.success(), "{}", fs::read_to_string(folder.join("log")).unwrap_or_default());
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        wait(address, &folder)?;
        Ok(Self { address, _guard: guard })
    }
}

fn furnish(folder: &Path, port: u16, house: SocketAddr) -> Result<()> {
    for name in ["etc", "queue", "data"] {
        fs::create_dir(folder.join(name))?;
        fs::set_permissions(folder.join(name), Permissions::from_mode(0o755))?;
    }
    // Its parts run as another user.
    fs::set_permissions(folder, Permissions::from_mode(0o755))?;
    let owned = Command::new("chown").arg("postfix").arg(folder.join("data")).output()?;
    ensure!(
        owned.status.success(),
        "Postfix wants to be started by root: {}",
        String::from_utf8_lossy(&owned.stderr)
    );
    let folder = folder.display();
    let main = format!(
        "compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.example
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions =
disable_dns_lookups = yes
delay_warning_time = 1s
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
maillog_file = {folder}/maillog
maillog_file_prefixes = {folder}
transport_maps = inline:{{ {{ example.org = discard: }}, {{ full.example = error:5.2.2 mailbox full }}, \
         {{ slow.example = smtp:[127.0.0.1]:1 }}, {{ haus.example = smtp:[127.0.0.1]:{} }} }}
",
        house.port()
    );
    fs::write(format!("{folder}/etc/main.cf"), main)?;
    let master = format!(
        "127.0.0.1:{port} inet n - n - - smtpd -o smtpd_reject_unlisted_recipient=no
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"
    );
    Ok(fs::write(format!("{folder}/etc/master.cf"), master)?)
}

fn wait(address: SocketAddr, folder: &Path) -> Result<()> {
    let start = Instant::now();
    while TcpStream::connect(address).is_err() {
        let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
        ensure!(start.elapsed() < Duration::from_mins(1), "Postfix does not answer: {log}");
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
