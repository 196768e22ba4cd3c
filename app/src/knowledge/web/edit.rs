//! Writing an article, one language at a time.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Names, URL, page_of};
use crate::knowledge;
use crate::knowledge::{Article, ArticleState, ArticleText, Change, Line, Saved, Typed};
use crate::people;
use crate::people::Person;
use crate::platform::web::{Corrections, meant_day};
use crate::platform::{
    Actor, App, Area, Error, FieldError, Id, Input, Language, Page, PersonId, Query, Result, Right,
    Timestamp, Tx, Wants,
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

/// An article in one language, as pages and programs send it. What is left out stays as it is.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = ArticleForm)]
pub(super) struct ArticleInput {
    /// The version that was changed; empty for a new article.
    version: String,
    /// `de` or `en`; empty: German.
    language: String,
    /// Left out: as it is in this language.
    title: Option<String>,
    /// Left out: as it is in this language.
    body: Option<String>,
    /// `html` or `text`
    body_format: String,
    /// With commas between them; empty: none. Left out: as they are.
    tags: Option<String>,
    /// The id of the person who answers for it; empty: nobody. Left out: as it is.
    owner: Option<String>,
    /// The day of its review, as in 2027-05-01; empty: none. Left out: as it is.
    review_on: Option<String>,
    /// `publish`: at once, for those who may; empty: it stays what it is.
    then: String,
}

impl ArticleInput {
    /// With what `article` says where something was left out; of a new one that is empty.
    pub(super) fn over(self, article: Option<&Article>) -> ArticleForm {
        let language = Language::from_code(&self.language).unwrap_or(Language::De);
        let kept = article.map(|article| ArticleForm::of(article, language)).unwrap_or_default();
        let body_format = if self.body.is_some() { self.body_format } else { "html".to_owned() };
        ArticleForm {
            version: self.version,
            language: self.language,
            title: self.title.unwrap_or(kept.title),
            body: self.body.unwrap_or(kept.body),
            body_format,
            tags: self.tags.unwrap_or(kept.tags),
            owner: self.owner.unwrap_or(kept.owner),
            review_on: self.review_on.unwrap_or(kept.review_on),
            then: self.then,
        }
    }
}

/// An article in one language, as its form shows it.
#[derive(Debug, Clone, Default)]
pub(super) struct ArticleForm {
    version: String,
    language: String,
    title: String,
    body: String,
    body_format: String,
    tags: String,
    owner: String,
    review_on: String,
    then: String,
}

impl ArticleForm {
    fn of(article: &Article, language: Language) -> Self {
        let text = article.exactly(language);
        Self {
            version: article.version.to_string(),
            language: language.code().to_owned(),
            title: text.map(|text| text.title.clone()).unwrap_or_default(),
            body: text.map(|text| text.body.clone()).unwrap_or_default(),
            body_format: "html".into(),
            tags: article.tags.join(", "),
            owner: article.owner.map(|owner| owner.to_string()).unwrap_or_default(),
            review_on: article.review_on.clone().unwrap_or_default(),
            then: String::new(),
        }
    }

    fn language(&self) -> Language {
        Language::from_code(&self.language).unwrap_or(Language::De)
    }

    fn parse(&self) -> Result<Typed> {
        let owner = match self.owner.trim() {
            "" => None,
            id => Some(PersonId(id.parse().map_err(|_| Error::invalid("owner", "error-field-malformed"))?)),
        };
        let review_on = match self.review_on.trim() {
            "" => None,
            day => Some(meant_day("review_on", day)?),
        };
        Ok(Typed {
            language: self.language(),
            title: self.title.trim().to_owned(),
            body: knowledge::html(&self.body, &self.body_format),
            tags: knowledge::tags(&self.tags)?,
            owner,
            review_on,
        })
    }

    /// The version that was changed.
    pub(super) fn version(&self) -> Result<i64> {
        self.version.trim().parse().map_err(|_| Error::invalid("version", "error-field-malformed"))
    }

    fn is_owner(&self, owner: &PersonId) -> bool {
        self.owner == owner.to_string()
    }

    /// Is it to be published at once?
    fn publishes(&self) -> bool {
        self.then == "publish"
    }
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
    #[serde(skip)]
    owners: Vec<Person>,
    #[serde(skip)]
    tags: Vec<(String, i64)>,
    #[serde(skip)]
    errors: Corrections,
}

impl ArticleEditView {
    fn action(&self) -> String {
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
    let view = ArticleEditView {
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
    let reads = |person: &Person| person.roles.iter().any(|role| Right::ReadKnowledge.roles().contains(role));
    all.retain(|person| person.active && reads(person));
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

/// Where an article is changed in one language.
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
    let article = knowledge::article(&mut app.db.read().await?, &actor, id).await?;
    if !article.may_be_changed_by(&actor) {
        return Err(Error::Forbidden(Right::WriteKnowledge));
    }
    let chosen = Language::from_code(&query.language);
    let language = chosen.unwrap_or_else(|| article.text(wants.words.language).language);
    let form = ArticleForm::of(&article, language);
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

async fn refused(
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
async fn beside(
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
