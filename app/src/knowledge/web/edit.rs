//! Writing an article, one language at a time.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::form::{ArticleForm, ArticleInput};
use super::{Names, URL, page_of};
use crate::knowledge;
use crate::knowledge::{Article, ArticleState, ArticleText, Change, Line, Saved};
use crate::people;
use crate::people::Person;
use crate::platform::web::Corrections;
use crate::platform::{
    Actor, App, Area, Error, FieldError, Id, Input, Language, Page, Query, Result, Right, Timestamp, Tx,
    Wants,
};

#[derive(Deserialize, IntoParams)]
pub(super) struct EditQuery {
    /// `de` or `en`: what is written.
    #[serde(default)]
    language: String,
    /// Of a new article.
    #[serde(default)]
    title: String,
}

/// What somebody else made of an article while it was written on.
struct Meanwhile {
    by: String,
    at: Timestamp,
    text: ArticleText,
    /// From theirs to one's own.
    lines: Vec<Line>,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "knowledge/views/edit.html")]
struct ArticleEditView {
    #[serde(skip)]
    page: Page,
    /// None while it is new.
    article: Option<Article>,
    #[serde(skip)]
    form: ArticleForm,
    /// What it says in another language, for who translates it.
    #[serde(skip)]
    other: Option<ArticleText>,
    #[serde(skip)]
    meanwhile: Option<Meanwhile>,
    /// What is saved is proposed to those who write articles.
    #[serde(skip)]
    proposes: bool,
    #[serde(skip)]
    owners: Vec<Person>,
    #[serde(skip)]
    tags: Vec<(String, i64)>,
    #[serde(skip)]
    errors: Corrections,
}

impl ArticleEditView {
    fn action(&self) -> String {
        if self.proposes { format!("{}/proposals", self.back()) } else { self.back() }
    }

    fn back(&self) -> String {
        self.article.as_ref().map_or_else(|| URL.to_owned(), |article| page_of(article.id))
    }

    /// What the text is kept under in the browser until it is saved.
    fn draft(&self) -> String {
        let id = self.article.as_ref().map_or(0, |article| article.id);
        format!("article-{id}-{}", self.form.language())
    }

    /// Saving publishes it.
    fn may_publish(&self) -> bool {
        let published = self.article.as_ref().is_some_and(|article| article.state == ArticleState::Published);
        !published && self.page.can("write_knowledge")
    }

    fn is_language(&self, code: &str) -> bool {
        self.form.language().code() == code
    }
}

/// What a form is shown with.
struct Shown {
    status: StatusCode,
    article: Option<Article>,
    form: ArticleForm,
    errors: Vec<FieldError>,
    meanwhile: Option<Meanwhile>,
}

impl Shown {
    fn fresh(article: Option<Article>, form: ArticleForm) -> Self {
        Self { status: StatusCode::OK, article, form, errors: Vec::new(), meanwhile: None }
    }
}

async fn show(app: &App, actor: &Actor, wants: &Wants, shown: Shown) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let language = shown.form.language();
    let of_another = |article: &Article| article.texts.iter().find(|text| text.language != language).cloned();
    let proposes = shown.article.as_ref().is_some_and(|article| !article.may_be_changed_by(actor));
    let view = ArticleEditView {
        proposes,
        page: wants.page(app, actor, Area::Knowledge),
        other: shown.article.as_ref().and_then(of_another),
        owners: owners(&mut tx).await?,
        tags: knowledge::known_tags(&mut tx).await?,
        article: shown.article,
        form: shown.form,
        meanwhile: shown.meanwhile,
        errors: Corrections::new("", shown.errors),
    };
    wants.answer_as(shown.status, &view)
}

/// People who can answer for an article.
async fn owners(tx: &mut Tx) -> Result<Vec<Person>> {
    let mut all = people::all(tx).await?;
    all.retain(|person| person.active && person.can(Right::ReadKnowledge));
    Ok(all)
}

/// Where an article is begun.
#[utoipa::path(get, path = "/knowledge/new", tag = "knowledge", params(EditQuery),
    responses((status = 200, body = ArticleEditView)))]
pub(super) async fn blank(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<EditQuery>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let language = Language::from_code(&query.language).unwrap_or(wants.words.language);
    let form = ArticleForm {
        language: language.code().to_owned(),
        title: query.title,
        owner: actor.person_id().map(|person| person.to_string()).unwrap_or_default(),
        ..ArticleForm::default()
    };
    show(&app, &actor, &wants, Shown::fresh(None, form)).await
}

/// Where an article is changed in one language, or a change of it is proposed.
#[utoipa::path(get, path = "/knowledge/{id}/edit", tag = "knowledge", params(("id" = i64, Path), EditQuery),
    responses((status = 200, body = ArticleEditView), (status = 404)))]
pub(super) async fn edit(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Query(query): Query<EditQuery>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.read().await?;
    let article = knowledge::article(&mut tx, &actor, id).await?;
    let may_change = article.may_be_changed_by(&actor);
    if !may_change && article.state != ArticleState::Published {
        return Err(Error::Forbidden(Right::WriteKnowledge));
    }
    let chosen = Language::from_code(&query.language);
    let language = chosen.unwrap_or_else(|| article.text(wants.words.language).language);
    let own = if may_change { None } else { knowledge::own_proposal(&mut tx, &actor, id, language).await? };
    drop(tx);
    let form = match own {
        Some(own) => ArticleForm::of_said(&article, &own.said),
        None => ArticleForm::of(&article, language),
    };
    show(&app, &actor, &wants, Shown::fresh(Some(article), form)).await
}

/// Proposes an article; who writes articles can publish it at once.
#[utoipa::path(post, path = "/knowledge", tag = "knowledge", request_body = ArticleInput,
    responses((status = 200, body = Article), (status = 422)))]
pub(super) async fn propose(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(input): Input<ArticleInput>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let form = input.over(None);
    may_publish(&actor, &form)?;
    let proposed = match form.parse() {
        Ok(typed) => knowledge::propose(&app, &actor, &typed).await,
        Err(error) => Err(error),
    };
    match proposed {
        Ok(id) => done(&app, &actor, &wants, id, &form).await,
        Err(Error::Invalid(errors)) if !wants.json => refused(&app, &actor, &wants, None, form, errors).await,
        Err(error) => Err(error),
    }
}

/// Changes an article in one language; what is left out stays as it is.
#[utoipa::path(post, path = "/knowledge/{id}", tag = "knowledge", params(("id" = i64, Path)),
    request_body = ArticleInput,
    responses((status = 200, body = Article), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn change(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(input): Input<ArticleInput>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let known = knowledge::article(&mut app.db.read().await?, &actor, id).await?;
    let form = input.over(Some(&known));
    may_publish(&actor, &form)?;
    let version = form.version()?;
    let saved = match form.parse() {
        Ok(typed) => knowledge::change(&app, &actor, id, version, &typed).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(Saved::Done(id)) => done(&app, &actor, &wants, id, &form).await,
        Ok(Saved::Meanwhile(_)) if wants.json => Err(Error::Stale),
        Ok(Saved::Meanwhile(now)) => beside(&app, &actor, &wants, *now, form).await,
        Err(Error::Invalid(errors)) if !wants.json => {
            let article = knowledge::article(&mut app.db.read().await?, &actor, id).await?;
            refused(&app, &actor, &wants, Some(article), form, errors).await
        }
        Err(error) => Err(error),
    }
}

/// Before anything is saved: a draft that was meant to be published is no surprise.
fn may_publish(actor: &Actor, form: &ArticleForm) -> Result<()> {
    if form.publishes() { actor.may(Right::WriteKnowledge) } else { Ok(()) }
}

async fn done(app: &App, actor: &Actor, wants: &Wants, id: i64, form: &ArticleForm) -> Result<Response> {
    if form.publishes() {
        knowledge::publish(app, actor, id).await?;
    }
    let article = knowledge::article(&mut app.db.read().await?, actor, id).await?;
    let word = match (form.publishes(), form.version.is_empty()) {
        (true, _) => "knowledge-published",
        (false, true) => "knowledge-proposed",
        (false, false) => "knowledge-saved",
    };
    wants.done(&format!("{}?language={}", page_of(id), form.language()), word, &article)
}

pub(super) async fn refused(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    article: Option<Article>,
    form: ArticleForm,
    errors: Vec<FieldError>,
) -> Result<Response> {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    show(app, actor, wants, Shown { status, article, form, errors, meanwhile: None }).await
}

/// What somebody else wrote meanwhile beside what was typed: whoever saves once more has seen both.
pub(super) async fn beside(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    now: Article,
    form: ArticleForm,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let saved = knowledge::version(&mut tx, now.id, now.version).await?;
    let by = Names::load(&mut tx).await?.of(saved.person).to_owned();
    drop(tx);
    let body = knowledge::html(&form.body, &form.body_format);
    let text = now.text(form.language()).clone();
    let lines = knowledge::compare(&lines_of(&text.title, &text.body), &lines_of(&form.title, &body));
    let form = ArticleForm { version: now.version.to_string(), body, body_format: "html".into(), ..form };
    let meanwhile = Some(Meanwhile { by, at: saved.at, text, lines });
    let (status, article) = (StatusCode::CONFLICT, Some(now));
    show(app, actor, wants, Shown { status, article, form, errors: Vec::new(), meanwhile }).await
}

/// Title and text, as they are compared.
pub(super) fn lines_of(title: &str, body: &str) -> String {
    format!("{}\n{}", title.trim(), knowledge::plain(body)).trim().to_owned()
}
