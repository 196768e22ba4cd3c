//! Mail servers that hand mails over without a pause, as long as it takes, and keep a book of what was acknowledged.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::book::{Book, Line};
use super::house::{House, raw};
use super::server::Client;

const SENDERS: usize = 4;
/// A mail that is not acknowledged after this has been refused for too long.
const PATIENCE: Duration = Duration::from_mins(4);
/// Numbers of these mails; those of the house's other mails are below.
const FIRST: usize = 1_000_000;

/// Stops when dropped.
pub struct Load {
    stop: Arc<AtomicBool>,
    book: Arc<Book>,
    senders: Vec<JoinHandle<Result<()>>>,
}

impl Load {
    pub fn start(house: &House) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let next = Arc::new(AtomicUsize::new(FIRST));
        let senders = (0..SENDERS).map(|_| {
            let (smtp, stop, next, book) = (house.smtp, stop.clone(), next.clone(), house.book.clone());
            std::thread::spawn(move || send_all(smtp, &stop, &next, &book))
        });
        Self { senders: senders.collect(), stop, book: house.book.clone() }
    }

    /// Waits until `more` further mails are acknowledged: the house takes mail again.
    pub fn goes_on(&self, more: usize) -> Result<()> {
        let wanted = self.book.acknowledged.load(Ordering::SeqCst) + more;
        self.until("mails are acknowledged again", || wanted <= self.book.acknowledged.load(Ordering::SeqCst))
    }

    /// Waits until `more` further mails were refused, or ended without an answer.
    pub fn is_refused(&self, more: usize) -> Result<()> {
        let tries =
            || self.book.refused.load(Ordering::SeqCst) + self.book.interrupted.load(Ordering::SeqCst);
        let wanted = tries() + more;
        self.until("mails are refused", || wanted <= tries())
    }

    fn until(&self, what: &str, is_so: impl Fn() -> bool) -> Result<()> {
        let start = Instant::now();
        while !is_so() {
            ensure!(start.elapsed() < Duration::from_mins(2), "never came: {what}");
            ensure!(!self.senders.iter().any(JoinHandle::is_finished), "a sender gave up");
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Every mail that was begun is acknowledged when this returns.
    pub fn end(mut self) -> Result<()> {
        self.stop.store(true, Ordering::SeqCst);
        for sender in self.senders.drain(..) {
            let Ok(done) = sender.join() else { bail!("a sender panicked") };
            done?;
        }
        Ok(())
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
    }
}

fn send_all(smtp: SocketAddr, stop: &AtomicBool, next: &AtomicUsize, book: &Book) -> Result<()> {
    let mut client = None;
    while !stop.load(Ordering::SeqCst) {
        let mail = next.fetch_add(1, Ordering::SeqCst);
        send(smtp, mail, &mut client, book)?;
        std::thread::sleep(Duration::from_millis(25));
    }
    Ok(())
}

/// Hands one mail over until it is acknowledged, as a mail server does.
fn send(smtp: SocketAddr, mail: usize, client: &mut Option<Client>, book: &Book) -> Result<()> {
    let (raw, start) = (raw(mail), Instant::now());
    loop {
        let delivered = match client {
            Some(client) => client.deliver(&raw),
            None => Client::connect(smtp).and_then(|fresh| client.insert(fresh).deliver(&raw)),
        };
        match delivered {
            Ok(answer) => {
                let received =
                    answer.trim_end().rsplit(' ').next().context("the answer names an id")?.parse()?;
                return book.note(&Line::Acknowledged { mail, received });
            }
            Err(error) => {
                let refused = error.to_string().starts_with('4');
                let count = if refused { &book.refused } else { &book.interrupted };
                count.fetch_add(1, Ordering::SeqCst);
            }
        }
        *client = None;
        ensure!(start.elapsed() < PATIENCE, "mail {mail} was not taken within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
