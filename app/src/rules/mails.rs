//! Mail filters: what is decided about a mail before its case exists.
//!
//! Conditions are compared in memory, so that a mail costs no statement; the queue and whether the customer is told are
//! decided at once, everything else is done to the case a moment later, by a job: so a filter that fails stops no mail.

use futures::FutureExt;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::action::Deed;
use super::kept;
use super::model::{Definition, Rule};
use super::run::{Why, fire};
use super::store;
use crate::cases::filter::Join;
use crate::channels::sieve::{Arriving, Judgement, Sieve, Sieved};
use crate::platform::{App, CaseId, JobKind, QueueId, Result, Tx, codes, jobs, rows};

const LONGEST: usize = 500;
/// Conditions of one filter.
pub const MOST: usize = rows::MOST;

pub static SIEVE: Sieve = Sieve { judge, opened };
pub static TREAT: JobKind = JobKind { name: "mail_filter", run: treat };

codes! {
    /// What of a mail is looked at.
    pub enum MailPart {
        From = "from",
        /// What stands behind the `@`.
        Domain = "domain",
        To = "to",
        Subject = "subject",
        Text = "text",
        /// The names of its files.
        File = "file",
        /// In kilobytes.
        Size = "size",
        /// The language that it is written in, as a code: `de`.
        Language = "language",
        /// A line of its head, which the condition names.
        Header = "header",
        Automatic = "automatic",
        Suspicious = "suspicious",
    }
}

codes! {
    /// How it is compared. Upper and lower case are the same.
    pub enum MailTest {
        Contains = "contains",
        NotContains = "not-contains",
        Is = "is",
        IsNot = "is-not",
        AtLeast = "at-least",
        /// There is such a line in its head.
        Set = "set",
        Unset = "unset",
    }
}

/// Languages that are told apart.
pub const LANGUAGES: [&str; 4] = ["de", "en", "fr", "it"];

impl MailTest {
    pub const fn needs_value(self) -> bool {
        !matches!(self, Self::Set | Self::Unset)
    }
}

impl MailPart {
    /// The usual way first.
    pub const fn tests(self) -> &'static [MailTest] {
        match self {
            Self::Domain => &[MailTest::Is, MailTest::Contains, MailTest::NotContains],
            Self::Size => &[MailTest::AtLeast],
            Self::Language => &[MailTest::Is, MailTest::IsNot],
            Self::Header => {
                &[MailTest::Contains, MailTest::NotContains, MailTest::Is, MailTest::Set, MailTest::Unset]
            }
            Self::Automatic | Self::Suspicious => &[MailTest::Is],
            _ => &[MailTest::Contains, MailTest::NotContains, MailTest::Is],
        }
    }
}

/// One condition on a mail. Several values between commas: any of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MailCondition {
    pub part: MailPart,
    pub test: MailTest,
    /// Texts between commas, a number, `yes` or `no`.
    pub value: String,
    /// Of `header`: how the line is called, as in `List-Unsubscribe`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
}

impl MailCondition {
    pub fn new(part: MailPart, test: MailTest, value: &str) -> Self {
        Self { part, test, value: value.to_owned(), name: String::new() }
    }

    /// What is wrong with it, as a translation key.
    pub fn fault(&self) -> Option<&'static str> {
        if !self.part.tests().contains(&self.test) {
            return Some("filter-test-wrong");
        }
        if self.part == MailPart::Header && !is_header(&self.name) {
            return Some("rules-mail-header");
        }
        if !self.test.needs_value() {
            return None;
        }
        let fits = match self.part {
            MailPart::Size => self.value.trim().parse::<u32>().is_ok(),
            MailPart::Automatic | MailPart::Suspicious => matches!(self.value.as_str(), "yes" | "no"),
            MailPart::Language => self.values().all(|code| LANGUAGES.contains(&code.as_str())),
            _ => self.value.chars().count() <= LONGEST,
        };
        match (self.values().next(), fits) {
            (None, _) => Some("filter-value-missing"),
            (_, fits) => (!fits).then_some("filter-value-wrong"),
        }
    }

    fn values(&self) -> impl Iterator<Item = String> {
        self.value.split(',').map(|value| value.trim().to_lowercase()).filter(|value| !value.is_empty())
    }

    fn holds(&self, mail: &Arriving<'_>) -> bool {
        let is = |has: bool| has == (self.value == "yes");
        match self.part {
            MailPart::Automatic => is(mail.automatic),
            MailPart::Suspicious => is(mail.suspicious),
            MailPart::Size => self
                .value
                .trim()
                .parse::<u32>()
                .is_ok_and(|kilobytes| i64::from(kilobytes) * 1024 <= mail.size),
            MailPart::From => self.text_holds(&[mail.from]),
            MailPart::Domain => self.text_holds(&[mail.from.rsplit('@').next().unwrap_or_default()]),
            MailPart::To => self.text_holds(&[mail.to]),
            MailPart::Subject => self.text_holds(&[mail.subject]),
            MailPart::Text => self.text_holds(&[mail.text]),
            MailPart::File => self.text_holds(&mail.files),
            MailPart::Language => self.text_holds(&[mail.language]),
            MailPart::Header => self.header_holds(mail),
        }
    }

    fn header_holds(&self, mail: &Arriving<'_>) -> bool {
        let lines = mail.head.values(self.name.trim());
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        match self.test {
            MailTest::Set => !lines.is_empty(),
            MailTest::Unset => lines.is_empty(),
            _ => self.text_holds(&lines),
        }
    }

    fn text_holds(&self, texts: &[&str]) -> bool {
        let texts: Vec<String> = texts.iter().map(|text| text.trim().to_lowercase()).collect();
        let found = self.values().any(|value| match self.test {
            MailTest::Is | MailTest::IsNot => texts.contains(&value),
            _ => texts.iter().any(|text| text.contains(&value)),
        });
        found != matches!(self.test, MailTest::NotContains | MailTest::IsNot)
    }
}

/// Could a line of a mail's head be called so?
fn is_header(name: &str) -> bool {
    let name = name.trim();
    let fits = |c: char| c.is_ascii_graphic() && c != ':';
    !name.is_empty() && name.len() <= 76 && name.chars().all(fits)
}

/// Is a mail as the filter says? One without conditions means none.
fn is_meant(definition: &Definition, mail: &Arriving<'_>) -> bool {
    let mut conditions = definition.mail.iter();
    match definition.filter.join {
        _ if definition.mail.is_empty() => false,
        Join::All => conditions.all(|condition| condition.holds(mail)),
        Join::Any => conditions.any(|condition| condition.holds(mail)),
    }
}

fn judge<'a>(app: &'a App, tx: &'a mut Tx, mail: &'a Arriving<'a>) -> Judgement<'a> {
    async move { Ok(decide(&kept::filters(app, tx).await?, mail)) }.boxed()
}

/// What the filters say about a mail, in their order; the last word counts.
fn decide(filters: &[Rule], mail: &Arriving<'_>) -> Option<Sieved> {
    let mut sieved = Sieved::default();
    for rule in filters.iter().filter(|rule| is_meant(&rule.definition, mail)) {
        sieved.by.push(rule.id);
        for action in &rule.definition.actions {
            match action.does {
                Deed::Queue => sieved.queue = action.id().map(QueueId).or(sieved.queue),
                Deed::Quiet | Deed::Spam => sieved.quiet = true,
                _ => {}
            }
        }
        if rule.definition.stop {
            break;
        }
    }
    (!sieved.by.is_empty()).then_some(sieved)
}

/// A case whose mail filters have found.
#[derive(Serialize, Deserialize)]
struct Found {
    case: CaseId,
    rules: Vec<i64>,
}

fn opened<'a>(app: &'a App, tx: &'a mut Tx, case: CaseId, sieved: &'a Sieved) -> BoxFuture<'a, Result<()>> {
    async move {
        jobs::enqueue(tx, TREAT.name, &Found { case, rules: sieved.by.clone() }, app.now()).await?;
        Ok(())
    }
    .boxed()
}

fn treat(app: App, payload: Value) -> BoxFuture<'static, Result<()>> {
    async move {
        let found: Found = serde_json::from_value(payload)?;
        for rule in found.rules {
            let rule = store::rule(&mut app.db.read().await?, rule).await?;
            // Once for each case, however often the job is done.
            let why = Why { found: true, ..Why::default() };
            fire(&app, &rule, found.case, &why).await?;
        }
        Ok(())
    }
    .boxed()
}

#[cfg(test)]
mod tests {
    use mail::Head;

    use super::*;

    #[test]
    fn a_condition_compares_what_it_names() {
        let head = Head::of(b"List-Unsubscribe: <https://lieferant.example>\r\n\r\n");
        let mail = Arriving {
            from: "Rechnung@Lieferant.example",
            to: "office@haus.example",
            subject: "Mahnung Nr. 7",
            text: "Bitte zahlen Sie.",
            files: vec!["Mahnung.PDF", "agb.pdf"],
            size: 2048,
            automatic: true,
            suspicious: false,
            language: "de",
            head: &head,
        };
        for (part, test, value, holds) in [
            (MailPart::From, MailTest::Contains, "rechnung@", true),
            (MailPart::From, MailTest::Is, "rechnung@lieferant.example", true),
            (MailPart::Domain, MailTest::Is, "lieferant.example", true),
            (MailPart::Domain, MailTest::Is, "example", false),
            (MailPart::To, MailTest::Contains, "office", true),
            (MailPart::Subject, MailTest::Contains, "Rechnung, MAHNUNG", true),
            (MailPart::Subject, MailTest::NotContains, "Rechnung, Mahnung", false),
            (MailPart::Text, MailTest::NotContains, "Danke", true),
            (MailPart::File, MailTest::Contains, ".pdf", true),
            (MailPart::File, MailTest::NotContains, ".exe", true),
            (MailPart::Size, MailTest::AtLeast, "2", true),
            (MailPart::Size, MailTest::AtLeast, "3", false),
            (MailPart::Automatic, MailTest::Is, "yes", true),
            (MailPart::Suspicious, MailTest::Is, "yes", false),
            (MailPart::Suspicious, MailTest::Is, "no", true),
            (MailPart::Language, MailTest::Is, "en, de", true),
            (MailPart::Language, MailTest::IsNot, "en", true),
        ] {
            let condition = MailCondition::new(part, test, value);
            assert_eq!(condition.fault(), None, "{condition:?}");
            assert_eq!(condition.holds(&mail), holds, "{condition:?}");
        }
        for (name, test, value, holds) in [
            ("List-Unsubscribe", MailTest::Set, "", true),
            ("List-Unsubscribe", MailTest::Unset, "", false),
            ("X-Spam-Flag", MailTest::Set, "", false),
            ("LIST-unsubscribe", MailTest::Contains, "lieferant", true),
            ("X-Spam-Flag", MailTest::NotContains, "yes", true),
        ] {
            let condition =
                MailCondition { name: name.into(), ..MailCondition::new(MailPart::Header, test, value) };
            assert_eq!(condition.fault(), None, "{condition:?}");
            assert_eq!(condition.holds(&mail), holds, "{condition:?}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_condition_is_told() {
        for (part, test, value, word) in [
            (MailPart::Subject, MailTest::Contains, " , ", "filter-value-missing"),
            (MailPart::Subject, MailTest::AtLeast, "3", "filter-test-wrong"),
            (MailPart::Size, MailTest::AtLeast, "viel", "filter-value-wrong"),
            (MailPart::Language, MailTest::Is, "xx", "filter-value-wrong"),
            (MailPart::Header, MailTest::Set, "", "rules-mail-header"),
        ] {
            assert_eq!(MailCondition::new(part, test, value).fault(), Some(word), "{part} {value}");
        }
    }
}
