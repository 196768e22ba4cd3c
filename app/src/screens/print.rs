//! A case on paper: what was said in it, whole and in its order, as a page to print and as a PDF.

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use paper::{Block, Paper};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cases;
use crate::cases::web::CaseJson;
use crate::cases::{Attachment, Contact, Direction, Line};
use crate::platform::{Actor, App, Area, ContactId, Error, Id, Page, Query, Result, Right, Wants};

/// More is a book.
const MOST: i64 = 2_000;
/// Of words that somebody repeats to answer them, more lines are left out.
const MOST_QUOTED: usize = 12;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(print)).routes(routes!(pdf))
}

#[derive(Deserialize, IntoParams)]
struct PrintQuery {
    /// "yes": with what is internal.
    #[serde(default)]
    notes: String,
}

/// A contact with its files.
struct Said {
    contact: Contact,
    files: Vec<Attachment>,
}

/// Not said between the customer and the house: a note, or a part of a side conversation.
fn is_internal(contact: &Contact) -> bool {
    contact.direction == Direction::Note || contact.talk.is_some()
}

impl Said {
    fn is_note(&self) -> bool {
        is_internal(&self.contact)
    }

    /// Nothing but what somebody else had written, such as a forwarded message.
    fn is_only_quoted(&self) -> bool {
        self.contact.text.trim().is_empty() && self.contact.quoted.is_some()
    }

    /// Lines of earlier messages below it: they are on paper where they were said.
    fn folded(&self) -> usize {
        let quoted = self.contact.quoted.as_deref().filter(|_| !self.is_only_quoted());
        quoted.map_or(0, |quoted| quoted.lines().filter(|line| !line.trim().is_empty()).count())
    }
}

#[derive(Template, Serialize)]
#[template(path = "screens/views/print.html")]
struct PrintView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    head: Line,
    #[serde(skip)]
    said: Vec<Said>,
    #[serde(skip)]
    notes: bool,
    /// Contacts before the first one that is shown.
    #[serde(skip)]
    earlier: i64,
    #[serde(flatten)]
    case: CaseJson,
}

/// A case to be printed, with its internal notes or without.
#[utoipa::path(get, path = "/cases/{number}/print", tag = "cases", params(("number" = String, Path), PrintQuery),
    responses((status = 200, body = CaseJson), (status = 404)))]
async fn print(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Query(query): Query<PrintQuery>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    wants.answer(&PrintView::load(&app, &actor, &wants, &number, query.notes == "yes").await?)
}

/// A case as PDF, with its internal notes or without.
#[utoipa::path(get, path = "/cases/{number}/pdf", tag = "cases", params(("number" = String, Path), PrintQuery),
    responses((status = 200, content_type = "application/pdf"), (status = 404)))]
async fn pdf(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Query(query): Query<PrintQuery>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let view = PrintView::load(&app, &actor, &wants, &number, query.notes == "yes").await?;
    let name = format!("inline; filename=\"{}.pdf\"", view.head.case.number);
    // A case of a thousand contacts is work for a moment, which others should not wait for.
    let bytes = tokio::task::spawn_blocking(move || view.pdf()).await.map_err(anyhow::Error::from)??;
    let headers = [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}

impl PrintView {
    async fn load(app: &App, actor: &Actor, wants: &Wants, number: &str, notes: bool) -> Result<Self> {
        let mut tx = app.db.read().await?;
        let case = cases::by_number(&mut tx, number).await?;
        let line = cases::line(&mut tx, case.id).await?;
        let mut contacts = cases::contacts_before(&mut tx, case.id, None, MOST).await?;
        let read = i64::try_from(contacts.len()).unwrap_or(i64::MAX);
        let earlier = if read < MOST { 0 } else { (line.case.contacts - read).max(0) };
        contacts.retain(|contact| contact.state != cases::State::Withdrawn);
        contacts.retain(|contact| notes || !is_internal(contact));
        let ids: Vec<ContactId> = contacts.iter().map(|contact| contact.id).collect();
        let mut files = cases::attachments_of(&mut tx, &ids).await?;
        let with_files =
            |contact: Contact| Said { files: files.remove(&contact.id).unwrap_or_default(), contact };
        let said = contacts.into_iter().map(with_files).collect();
        let page = wants.page(app, actor, Area::Inbox);
        Ok(Self { page, case: CaseJson::of(&line), head: line, said, notes, earlier })
    }

    fn pdf(&self) -> Result<Vec<u8>> {
        let (page, case) = (&self.page, &self.head.case);
        let made = page.with("print-made", "when", page.stamp(&page.now())).into_owned();
        let mut blocks = self.top();
        blocks.extend(self.missing().map(Block::Small));
        for one in &self.said {
            self.write(one, &mut blocks);
        }
        let mut paper = Paper {
            title: format!("{} {}", case.number, case.subject),
            language: page.language.code(),
            foot: format!("{} · {} · {made}", page.house, case.number),
            blocks,
        };
        let number = |at: usize, of: usize| page.both("print-page", "page", at, "pages", of).into_owned();
        let failed = |error: paper::Failure| Error::from(anyhow::Error::from(error));
        let mut done = paper.pdf(number).map_err(failed)?;
        if done.lost != 0 {
            paper.blocks.push(Block::Small(page.t("print-lost").into_owned()));
            done = paper.pdf(number).map_err(failed)?;
        }
        Ok(done.bytes)
    }

    /// What the case is, above what was said in it.
    fn top(&self) -> Vec<Block> {
        let (page, head) = (&self.page, &self.head);
        let case = &head.case;
        let status = page.t(&format!("case-status-{}", case.status)).into_owned();
        let pairs = [
            ("print-case", Some(case.number.clone())),
            ("print-customer", Some(head.customer_name.clone())),
            ("print-state", Some(status)),
            ("case-queue", Some(head.queue_name.clone())),
            ("case-owner", head.owner_name.clone()),
            ("print-opened", Some(page.stamp(&case.created_at))),
            ("print-closed", case.closed_at.map(|closed| page.stamp(&closed))),
        ];
        let pair = |(word, said): (&str, Option<String>)| Some(Block::Pair(page.t(word).into_owned(), said?));
        let title = [Block::Small(page.house.clone()), Block::Title(case.subject.clone())];
        title.into_iter().chain(pairs.into_iter().filter_map(pair)).collect()
    }

    /// What is not there.
    fn missing(&self) -> Option<String> {
        (self.earlier != 0).then(|| self.page.n("print-earlier", self.earlier).into_owned())
    }

    /// A contact with its files.
    fn write(&self, one: &Said, blocks: &mut Vec<Block>) {
        let (page, contact) = (&self.page, &one.contact);
        let channel = if one.is_note() {
            page.t("case-internal")
        } else {
            page.t(&format!("channel-{}", contact.channel))
        };
        let mut about = format!("{channel} · {}", page.stamp(&contact.at));
        if let Some(to) = &contact.to_address {
            about.push_str(&format!(" · {}", page.with("case-to", "address", to)));
        }
        blocks.push(Block::Heading(contact.author.clone(), about));
        if one.is_note() {
            blocks.push(Block::Note(contact.text.clone()));
        } else if one.is_only_quoted() {
            blocks.extend(contact.quoted.clone().map(Block::Quote));
        } else {
            self.words(&contact.text, blocks);
        }
        blocks.extend(contact.signature.clone().map(Block::Small));
        self.left_out(one.folded(), blocks);
        for file in &one.files {
            let size = page.size(&file.size);
            blocks.push(Block::Item(page.both("print-file", "name", &file.name, "size", size).into_owned()));
        }
    }

    /// What somebody wrote, and what they answered to between their own lines.
    fn words(&self, text: &str, blocks: &mut Vec<Block>) {
        for (is_quoted, lines) in in_turn(text) {
            if !is_quoted {
                blocks.push(Block::Text(lines.join("\n")));
                continue;
            }
            // One line more than said here would be as long as what it says.
            let shown = if lines.len() <= MOST_QUOTED + 1 { lines.len() } else { MOST_QUOTED };
            blocks.push(Block::Quote(lines[..shown].join("\n")));
            self.left_out(lines.len() - shown, blocks);
        }
    }

    fn left_out(&self, lines: usize, blocks: &mut Vec<Block>) {
        if lines != 0 {
            blocks.push(Block::Small(self.page.n("print-folded", lines).into_owned()));
        }
    }
}

/// A text in the order of its lines: quoted ones (`>`), without their sign, and others.
fn in_turn(text: &str) -> Vec<(bool, Vec<&str>)> {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let runs = lines.chunk_by(|one, next| one.starts_with('>') == next.starts_with('>'));
    runs.map(|run| (run[0].starts_with('>'), run.iter().map(|line| unquoted(line)).collect::<Vec<&str>>()))
        .filter(|(_, lines)| lines.iter().any(|line| !line.trim().is_empty()))
        .collect()
}

fn unquoted(line: &str) -> &str {
    line.strip_prefix('>').map_or(line, |rest| rest.strip_prefix(' ').unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_between_quoted_lines_stay_where_they_are() {
        let text = "Hallo,\n> Wann?\n>> Noch eins\n\nMorgen.\n>\n";
        let turns =
            [(false, vec!["Hallo,"]), (true, vec!["Wann?", "> Noch eins"]), (false, vec!["", "Morgen."])];
        assert_eq!(in_turn(text), turns);
        assert_eq!(in_turn(""), Vec::new());
    }
}
