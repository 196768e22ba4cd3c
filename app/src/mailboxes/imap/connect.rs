//! From an address to a session: TCP, TLS, greeting, login.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_imap::imap_proto::{Response, Status};
use async_imap::{Authenticator, Client};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

use super::session::{Failed, Session};
use crate::mailboxes::fault::{Fault, Step};
use crate::mailboxes::model::{Security, Trouble};

/// Where a mailbox is.
#[derive(Debug, Clone)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub security: Security,
}

/// Who we are. Deliberately without `Debug`.
pub enum Login {
    Password {
        login: String,
        password: String,
    },
    /// An access token (XOAUTH2).
    Token {
        login: String,
        token: String,
    },
}

/// A connection, encrypted or not.
pub trait Wire: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug> Wire for T {}

pub type Line = Box<dyn Wire>;

/// Connects and logs in; no step takes longer than `patience`.
pub async fn connect(
    server: &Server,
    trust: &Arc<ClientConfig>,
    login: Login,
    patience: Duration,
) -> Result<Session, Fault> {
    let client = in_time(patience, greet(server, trust)).await?;
    let inner = in_time(patience, log_in(client, login)).await?;
    Session::new(inner, patience).await
}

async fn in_time<T>(patience: Duration, step: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    tokio::time::timeout(patience, step).await.unwrap_or(Err(Trouble::Timeout.into()))
}

async fn greet(server: &Server, trust: &Arc<ClientConfig>) -> Result<Client<Line>, Fault> {
    let stream = dial(server).await?;
    match server.security {
        Security::Tls => welcomed(Client::new(Box::new(encrypt(stream, server, trust).await?) as Line)).await,
        Security::None => welcomed(Client::new(Box::new(stream) as Line)).await,
        Security::Starttls => {
            let mut client = welcomed(Client::new(stream)).await?;
            client.run_command_and_check_ok("STARTTLS", None).await.map_err(|error| match error {
                async_imap::error::Error::No(said) | async_imap::error::Error::Bad(said) => {
                    Fault::saying(Trouble::NoStarttls, &words_of(&said))
                }
                error => of_error(error, Step::Other),
            })?;
            // What came unencrypted after the answer is thrown away with the client: it could be anybody's.
            let stream = encrypt(client.into_inner(), server, trust).await?;
            Ok(Client::new(Box::new(stream) as Line))
        }
    }
}

async fn dial(server: &Server) -> Result<TcpStream, Fault> {
    let addresses: Vec<_> = match tokio::net::lookup_host((server.host.as_str(), server.port)).await {
        Ok(addresses) => addresses.collect(),
        Err(error) => return Err(Fault::saying(Trouble::HostUnknown, &error.to_string())),
    };
    let mut fault = Fault::from(Trouble::HostUnknown);
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                drop(stream.set_nodelay(true));
                return Ok(stream);
            }
            Err(error) => fault = Fault::of_io(&error),
        }
    }
    Err(fault)
}

async fn encrypt(
    stream: TcpStream,
    server: &Server,
    trust: &Arc<ClientConfig>,
) -> Result<impl Wire + use<>, Fault> {
    let name = ServerName::try_from(server.host.clone())
        .map_err(|error| Fault::saying(Trouble::HostUnknown, &error.to_string()))?;
    let connected = TlsConnector::from(trust.clone()).connect(name, stream).await;
    connected.map_err(|error| match Fault::of_io(&error) {
        // A server that hangs up or talks plain text at this point does not speak TLS here.
        Fault { trouble: Trouble::Lost | Trouble::Protocol, said, wish } => {
            Fault { trouble: Trouble::Tls, said, wish }
        }
        fault => fault,
    })
}

/// Reads the greeting.
async fn welcomed<T: Wire>(mut client: Client<T>) -> Result<Client<T>, Fault> {
    let greeting = client.read_response().await.map_err(|error| Fault::of_io(&error))?;
    let Some(greeting) = greeting else { return Err(Trouble::Lost.into()) };
    match greeting.parsed() {
        Response::Data { status: Status::Ok | Status::PreAuth, .. } => Ok(client),
        Response::Data { outcome, .. } => {
            Err(Fault::of_answer(Step::Other, outcome.information.as_deref().unwrap_or_default()))
        }
        _ => Err(Trouble::Protocol.into()),
    }
}

async fn log_in(client: Client<Line>, login: Login) -> Result<async_imap::Session<Line>, Fault> {
    let (result, step) = match login {
        // Quoted strings are ASCII; base64 takes everything.
        Login::Password { login, password } if login.is_ascii() && password.is_ascii() => {
            (client.login(login, password).await, Step::Password)
        }
        Login::Password { login, password } => {
            let once = Once(Some(format!("\0{login}\0{password}")));
            (client.authenticate("PLAIN", once).await, Step::Password)
        }
        Login::Token { login, token } => {
            let once = Once(Some(format!("user={login}\x01auth=Bearer {token}\x01\x01")));
            (client.authenticate("XOAUTH2", once).await, Step::Token)
        }
    };
    result.map_err(|(error, _)| of_error(error, step))
}

/// Answers the first challenge; an error that comes as a second one gets the empty answer that it wants.
struct Once(Option<String>);

impl Authenticator for Once {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        self.0.take().unwrap_or_default()
    }
}

fn of_error(error: async_imap::error::Error, step: Step) -> Fault {
    use async_imap::error::Error;
    match error {
        Error::No(said) | Error::Bad(said) => Fault::of_answer(step, &words_of(&said)),
        Error::Io(error) => Fault::of_io(&error),
        Error::ConnectionLost => Trouble::Lost.into(),
        _ => Trouble::Protocol.into(),
    }
}

/// The server's words in `code: Some(…), info: Some("…")`.
fn words_of(said: &str) -> String {
    let inner = said.split_once("info: Some(\"").and_then(|(_, rest)| rest.rsplit_once("\")"));
    inner.map_or(String::new(), |(words, _)| words.replace("\\\"", "\""))
}

impl From<Failed> for Fault {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Refused(said) => Self::of_answer(Step::Other, &said),
            Failed::Fault(fault) => fault,
        }
    }
}
