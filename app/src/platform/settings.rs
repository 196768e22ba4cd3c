//! How a node is set up: flags, then environment (`KITT_…`), then the TOML file, then defaults.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use serde::Deserialize;
use url::Url;

use super::network::Network;

/// What can be said on the command line, in the environment and in the file. `docs/operations.md` has the table.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Given {
    /// Folder of the database, the attachments and the search index [default: ./data]
    #[arg(long, env = "KITT_DATA", value_name = "DIR", help_heading = "Where things are")]
    pub data: Option<PathBuf>,
    /// Save everything into DIR/backups before a newer version changes the database [default: true]
    #[arg(
        long,
        env = "KITT_BACKUP_BEFORE_MIGRATION",
        value_name = "BOOL",
        help_heading = "Where things are"
    )]
    pub backup_before_migration: Option<bool>,
    /// `postgres://user:password@host/name`; without it, SQLite in the data folder
    #[arg(
        long,
        env = "KITT_DATABASE",
        value_name = "URL",
        hide_env_values = true,
        help_heading = "Where things are"
    )]
    pub database: Option<String>,
    /// A TOML file with these settings, named as the flags are [default: DIR/kitt.toml if it exists]
    #[arg(long, env = "KITT_CONFIG", value_name = "FILE", help_heading = "Where things are")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Address of the web pages and the API [default: 127.0.0.1:8080]
    #[arg(long, env = "KITT_LISTEN", value_name = "ADDR", help_heading = "Web")]
    pub listen: Option<SocketAddr>,
    /// How people reach Kitt, for links in mails [default: `http://LISTEN`]
    #[arg(long, env = "KITT_PUBLIC_URL", value_name = "URL", help_heading = "Web")]
    pub public_url: Option<String>,
    /// Address of a proxy whose X-Forwarded-For is believed; may be given several times
    #[arg(long, env = "KITT_TRUSTED_PROXY", value_name = "IP", value_delimiter = ',', help_heading = "Web")]
    pub trusted_proxy: Vec<IpAddr>,
    /// Certificate chain (PEM) for own TLS; also switches STARTTLS on
    #[arg(long, env = "KITT_TLS_CERT", value_name = "FILE", help_heading = "Web")]
    pub tls_cert: Option<PathBuf>,
    /// Private key (PEM) of the certificate
    #[arg(long, env = "KITT_TLS_KEY", value_name = "FILE", help_heading = "Web")]
    pub tls_key: Option<PathBuf>,
    /// Address of the SMTP and LMTP listener [default: 127.0.0.1:2525]
    #[arg(long, env = "KITT_SMTP_LISTEN", value_name = "ADDR", help_heading = "Mail")]
    pub smtp_listen: Option<SocketAddr>,
    /// Server for outgoing mail: `smtp://user:password@host:587` or `smtps://…`; without it answers wait
    #[arg(long, env = "KITT_SMTP_RELAY", value_name = "URL", hide_env_values = true, help_heading = "Mail")]
    pub smtp_relay: Option<String>,
    /// The address that answers come from while no queue has one of its own [default: service@HOST]
    #[arg(long, env = "KITT_MAIL_FROM", value_name = "ADDRESS", help_heading = "Mail")]
    pub mail_from: Option<String>,
    /// Mail leaves for nobody (`nobody`), or for this address only; for trying Kitt out
    #[arg(long, env = "KITT_MAIL_TEST_MODE", value_name = "nobody|ADDRESS", help_heading = "Mail")]
    pub mail_test_mode: Option<String>,
    /// Further certificate authorities (PEM) by which mail servers and login servers are trusted
    #[arg(long, env = "KITT_TRUSTED_CA", value_name = "FILE", help_heading = "Mail")]
    pub trusted_ca: Option<PathBuf>,
    /// Mail server of the house, or a network of them: no limits, and its word on senders; may be given several times
    #[arg(
        long,
        env = "KITT_TRUSTED_RELAY",
        value_name = "IP[/BITS]",
        value_delimiter = ',',
        help_heading = "Mail"
    )]
    pub trusted_relay: Vec<Network>,
    /// Address of a proxy before the mail port, which sends the PROXY header; may be given several times
    #[arg(long, env = "KITT_SMTP_PROXY", value_name = "IP", value_delimiter = ',', help_heading = "Mail")]
    pub smtp_proxy: Vec<IpAddr>,
    /// Connections to the mail port at a time from one address [default: 20]
    #[arg(long, env = "KITT_SMTP_PEER_CONNECTIONS", value_name = "NUMBER", help_heading = "Mail")]
    pub smtp_peer_connections: Option<usize>,
    /// Messages in a minute to the mail port from one address [default: 300]
    #[arg(long, env = "KITT_SMTP_PEER_MESSAGES", value_name = "NUMBER", help_heading = "Mail")]
    pub smtp_peer_messages: Option<usize>,
    /// Verify senders by SPF, DKIM, DMARC and ARC, which asks the DNS [default: true]
    #[arg(long, env = "KITT_CHECK_SENDERS", value_name = "BOOL", help_heading = "Mail")]
    pub check_senders: Option<bool>,
    /// DNS server for these checks [default: that of the system]
    #[arg(long, env = "KITT_DNS_SERVER", value_name = "ADDR", help_heading = "Mail")]
    pub dns_server: Option<SocketAddr>,
    /// Name of a mail server whose Authentication-Results and ARC seals are believed; may be given several times
    #[arg(
        long,
        env = "KITT_TRUSTED_AUTHSERV_ID",
        value_name = "NAME",
        value_delimiter = ',',
        help_heading = "Mail"
    )]
    pub trusted_authserv_id: Vec<String>,
    /// The company's name, shown in pages and mails [default: Kitt]
    #[arg(long, env = "KITT_HOUSE", value_name = "NAME", help_heading = "House")]
    pub house: Option<String>,
    /// Time zone of pages and deadlines [default: Europe/Berlin]
    #[arg(long, env = "KITT_TIME_ZONE", value_name = "ZONE", help_heading = "House")]
    pub time_zone: Option<String>,
}

/// The complete settings of a node.
#[derive(Debug, Clone)]
pub struct Settings {
    pub data: PathBuf,
    pub database: String,
    pub backup_before_migration: bool,
    pub listen: SocketAddr,
    pub public_url: Url,
    pub trusted_proxies: Vec<IpAddr>,
    pub tls: Option<Tls>,
    pub smtp_listen: SocketAddr,
    pub smtp_relay: Option<String>,
    pub mail_from: String,
    /// `nobody`, or the only address that mail goes to.
    pub mail_test_mode: Option<String>,
    pub trusted_ca: Option<PathBuf>,
    pub trusted_relays: Vec<Network>,
    pub smtp_proxies: Vec<IpAddr>,
    pub smtp_peer_connections: usize,
    pub smtp_peer_messages: usize,
    pub check_senders: bool,
    /// `None`: that of the system.
    pub dns_server: Option<SocketAddr>,
    /// Folded.
    pub trusted_authserv_ids: Vec<String>,
    pub house: String,
    pub time_zone: String,
}

#[derive(Debug, Clone)]
pub struct Tls {
    pub cert: PathBuf,
    pub key: PathBuf,
}

impl Tls {
    fn read(cert: Option<PathBuf>, key: Option<PathBuf>) -> anyhow::Result<Option<Self>> {
        match (cert, key) {
            (Some(cert), Some(key)) => Ok(Some(Self { cert, key })),
            (None, None) => Ok(None),
            _ => bail!("--tls-cert and --tls-key belong together: please give both or none"),
        }
    }
}

impl Given {
    /// Fills what was not given from the file, then with defaults, and checks it.
    pub fn complete(self) -> anyhow::Result<Settings> {
        let data = self.data.clone().unwrap_or_else(|| "data".into());
        let file = read_file(self.config.as_deref(), &data)?;
        let all = self.or(file);
        let data = all.data.unwrap_or(data);
        let listen = all.listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080)));
        let tls = Tls::read(all.tls_cert, all.tls_key)?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let public_url = parse_url(&all.public_url.unwrap_or_else(|| format!("{scheme}://{listen}")))?;
        let database = match all.database {
            Some(url) => checked_database(url)?,
            None => format!("sqlite:{}", data.join("kitt.sqlite").display()),
        };
        let zone = all.time_zone.unwrap_or_else(|| "Europe/Berlin".into());
        jiff::tz::TimeZone::get(&zone)
            .with_context(|| format!("--time-zone {zone} is not a time zone, e.g. Europe/Vienna"))?;
        let host = public_url.host_str().unwrap_or("localhost").to_owned();
        let from = all.mail_from.unwrap_or_else(|| format!("service@{host}"));
        if !from.contains('@') {
            bail!("--mail-from {from} is not an e-mail address");
        }
        Ok(Settings {
            data,
            database,
            backup_before_migration: all.backup_before_migration.unwrap_or(true),
            listen,
            public_url,
            trusted_proxies: all.trusted_proxy,
            tls,
            smtp_listen: all.smtp_listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 2525))),
            smtp_relay: all.smtp_relay,
            mail_from: from,
            mail_test_mode: test_mode(all.mail_test_mode)?,
            trusted_ca: all.trusted_ca,
            trusted_relays: all.trusted_relay,
            smtp_proxies: all.smtp_proxy,
            smtp_peer_connections: all.smtp_peer_connections.unwrap_or(20),
            smtp_peer_messages: all.smtp_peer_messages.unwrap_or(300),
            check_senders: all.check_senders.unwrap_or(true),
            dns_server: all.dns_server,
            trusted_authserv_ids: all.trusted_authserv_id.iter().map(|id| id.to_lowercase()).collect(),
            house: all.house.unwrap_or_else(|| "Kitt".into()),
            time_zone: zone,
        })
    }

    fn or(self, file: Self) -> Self {
        Self {
            data: self.data.or(file.data),
            database: self.database.or(file.database),
            backup_before_migration: self.backup_before_migration.or(file.backup_before_migration),
            config: self.config,
            listen: self.listen.or(file.listen),
            public_url: self.public_url.or(file.public_url),
            trusted_proxy: either(self.trusted_proxy, file.trusted_proxy),
            tls_cert: self.tls_cert.or(file.tls_cert),
            tls_key: self.tls_key.or(file.tls_key),
            smtp_listen: self.smtp_listen.or(file.smtp_listen),
            smtp_relay: self.smtp_relay.or(file.smtp_relay),
            mail_from: self.mail_from.or(file.mail_from),
            mail_test_mode: self.mail_test_mode.or(file.mail_test_mode),
            trusted_ca: self.trusted_ca.or(file.trusted_ca),
            trusted_relay: either(self.trusted_relay, file.trusted_relay),
            smtp_proxy: either(self.smtp_proxy, file.smtp_proxy),
            smtp_peer_connections: self.smtp_peer_connections.or(file.smtp_peer_connections),
            smtp_peer_messages: self.smtp_peer_messages.or(file.smtp_peer_messages),
            check_senders: self.check_senders.or(file.check_senders),
            dns_server: self.dns_server.or(file.dns_server),
            trusted_authserv_id: either(self.trusted_authserv_id, file.trusted_authserv_id),
            house: self.house.or(file.house),
            time_zone: self.time_zone.or(file.time_zone),
        }
    }
}

fn either<T>(given: Vec<T>, file: Vec<T>) -> Vec<T> {
    if given.is_empty() { file } else { given }
}

fn read_file(named: Option<&Path>, data: &Path) -> anyhow::Result<Given> {
    let file = named.map_or_else(|| data.join("kitt.toml"), Path::to_owned);
    if named.is_none() && !file.exists() {
        return Ok(Given::default());
    }
    let text = std::fs::read_to_string(&file)
        .with_context(|| format!("cannot read the settings in {}", file.display()))?;
    toml::from_str(&text).with_context(|| format!("the settings in {} are not right", file.display()))
}

fn checked_database(url: String) -> anyhow::Result<String> {
    let known = ["postgres://", "postgresql://", "sqlite:"];
    if !known.iter().any(|begin| url.starts_with(*begin)) {
        bail!("--database must look like postgres://user:password@host/name or sqlite:FILE");
    }
    Ok(url)
}

fn test_mode(given: Option<String>) -> anyhow::Result<Option<String>> {
    let given = given.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    match &given {
        Some(text) if text != "nobody" && !text.contains('@') => {
            bail!("--mail-test-mode {text} must be nobody or an e-mail address")
        }
        _ => Ok(given),
    }
}

fn parse_url(text: &str) -> anyhow::Result<Url> {
    let url = Url::parse(text)
        .with_context(|| format!("--public-url {text} must look like https://service.example.com"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        bail!("--public-url {text} must look like https://service.example.com");
    }
    Ok(url)
}

impl Settings {
    /// Scheme, host and port, as browsers send it.
    pub fn origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }

    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// A link for a mail or the terminal; `path` starts with a slash.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }
}
