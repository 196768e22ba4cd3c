//! Kitt. The modules below are the table of contents, in reading order.

#![expect(clippy::format_push_string, reason = "charts and labels are short, and read better so")]
#![expect(clippy::missing_panics_doc, reason = "every `expect` says why it cannot happen")]
#![expect(clippy::return_self_not_must_use, reason = "builders whose result nobody would drop")]
#![expect(clippy::struct_field_names, reason = "a key's key is what the header calls it")]

pub mod admin;
pub mod api;
pub mod assignment;
pub mod cases;
pub mod channels;
pub mod customers;
pub mod deadlines;
pub mod finance;
pub mod findings;
pub mod goodwill;
pub mod insights;
pub mod journal;
pub mod knowledge;
pub mod mailboxes;
pub mod notices;
pub mod people;
pub mod platform;
pub mod recurring;
pub mod rules;
pub mod screens;
pub mod snippets;
pub mod views;

pub mod demo;
pub mod node;
pub mod upkeep;

use std::sync::LazyLock;

use axum::extract::DefaultBodyLimit;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Extension, Router, middleware};
use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use journal::Listener;
use platform::check::Check;
use platform::{App, Error, JobKind, SearchSource, web};

/// Bytes of a request: a mail of 35 MB and its form.
const LARGEST_BODY: usize = 36 * 1024 * 1024;

/// What a slice hands to the app. A new slice is one line in [`SLICES`].
pub struct Slice {
    pub name: &'static str,
    pub routes: fn() -> OpenApiRouter<App>,
    pub listeners: &'static [&'static Listener],
    pub jobs: &'static [&'static JobKind],
    /// What runs as long as the server: workers and the like.
    pub services: &'static [Service],
    /// What `kitt check` looks at.
    pub checks: &'static [&'static Check],
    /// What of it can be searched.
    pub search: Option<&'static SearchSource>,
    /// What the daily proof asks beside the receipts.
    pub proof: Option<&'static channels::proof::Provider>,
    /// How cases are found by what it knows of them.
    pub finders: &'static [cases::Finder],
    /// What the search can narrow cases by of what it knows of them.
    pub codes: Option<cases::Codes>,
    /// What decides about mails before their cases exist.
    pub sieve: Option<&'static channels::sieve::Sieve>,
    /// The kinds of cases that deadlines can ask for.
    pub kinds: Option<deadlines::Kinds>,
    /// How what people do there is taken back.
    pub undoers: &'static [cases::undo::Undoer],
}

/// Runs until it is cancelled.
pub type Service = fn(App, CancellationToken) -> BoxFuture<'static, ()>;

impl Slice {
    /// A slice that only has pages.
    const fn pages(name: &'static str, routes: fn() -> OpenApiRouter<App>) -> Self {
        let (checks, search, proof) = (&[], None, None);
        Self {
            name,
            routes,
            listeners: &[],
            jobs: &[],
            services: &[],
            checks,
            search,
            proof,
            finders: &[],
            codes: None,
            sieve: None,
            kinds: None,
            undoers: &[],
        }
    }
}

pub static SLICES: LazyLock<Vec<Slice>> = LazyLock::new(|| {
    vec![
        Slice::pages("people", people::web::routes),
        Slice { search: Some(&customers::SEARCH), ..Slice::pages("customers", customers::web::routes) },
        Slice {
            listeners: &cases::LISTENERS,
            jobs: &cases::JOBS,
            services: &[
                cases::waker,
                cases::watch,
                cases::reader,
                cases::figures::counter,
                cases::counts::renewer,
            ],
            checks: &cases::CHECKS,
            search: Some(&cases::SEARCH),
            kinds: Some(cases::attributes::kind_names),
            undoers: &cases::promises::UNDOERS,
            ..Slice::pages("cases", cases::web::routes)
        },
        Slice::pages("views", views::web::routes),
        Slice::pages("deadlines", deadlines::web::routes),
        Slice {
            listeners: &findings::LISTENERS,
            finders: &findings::FINDERS,
            undoers: &findings::UNDOERS,
            codes: Some(findings::codes),
            ..Slice::pages("findings", OpenApiRouter::new)
        },
        Slice {
            services: &[recurring::opener],
            undoers: &recurring::UNDOERS,
            ..Slice::pages("recurring", recurring::web::routes)
        },
        Slice {
            listeners: &assignment::LISTENERS,
            jobs: &assignment::JOBS,
            services: &[assignment::watch],
            ..Slice::pages("assignment", assignment::web::routes)
        },
        Slice { undoers: &goodwill::UNDOERS, ..Slice::pages("goodwill", goodwill::web::routes) },
        Slice { listeners: &finance::LISTENERS, ..Slice::pages("finance", finance::web::routes) },
        Slice::pages("snippets", snippets::web::routes),
        Slice {
            search: Some(&knowledge::SEARCH),
            undoers: &knowledge::UNDOERS,
            ..Slice::pages("knowledge", knowledge::web::routes)
        },
        Slice {
            listeners: &rules::LISTENERS,
            jobs: &rules::JOBS,
            services: &[rules::clock],
            sieve: Some(&rules::SIEVE),
            ..Slice::pages("rules", rules::web::routes)
        },
        channels::SLICE,
        mailboxes::SLICE,
        notices::SLICE,
        Slice {
            listeners: &insights::LISTENERS,
            jobs: &insights::JOBS,
            services: &[insights::study, screens::costs::weigher],
            finders: &insights::FINDERS,
            search: Some(&insights::SEARCH),
            ..Slice::pages("insights", insights::web::routes)
        },
        Slice::pages("admin", admin::web::routes),
        Slice::pages("screens", screens::routes),
    ]
});

/// Everything that can be searched.
pub fn search_sources() -> Vec<&'static SearchSource> {
    SLICES.iter().filter_map(|slice| slice.search).collect()
}

/// All routes of all slices, with their description.
fn slices() -> OpenApiRouter<App> {
    SLICES.iter().fold(OpenApiRouter::new(), |router, slice| router.merge((slice.routes)()))
}

/// The description of the API, as served at `/api/openapi.json`.
pub fn openapi() -> OpenApi {
    let (_, api) = OpenApiRouter::<App>::new().nest("/api/v1", slices()).split_for_parts();
    api::complete(api)
}

/// The lists of the house as programs read them, asked on behalf of somebody who is known: an [`Actor`](platform::Actor)
/// goes along with each request. They are guarded as ever.
pub fn lists(app: &App) -> Router {
    static ROUTES: LazyLock<Router<App>> =
        LazyLock::new(|| slices().split_for_parts().0.layer(Extension(web::Api)));
    let guard = middleware::from_fn_with_state(app.clone(), cases::web::guard);
    ROUTES.clone().layer(guard).with_state(app.clone())
}

/// The whole web side.
pub fn router(app: App) -> Router {
    let (pages, _) = slices().split_for_parts();
    let json = pages.clone().layer(Extension(web::Api));
    Router::new()
        .merge(pages)
        .nest("/api/v1", json)
        .route("/live", get(platform::live::stream))
        .route("/assets/{*path}", get(web::asset))
        .merge(api::routes())
        .route("/", get(screens::home::home))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(node::ready))
        .fallback(|| async { Error::NotFound.into_response() })
        .route("/sw.js", get(notices::web::service_worker))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn_with_state(app.clone(), notices::web::bell))
        .layer(middleware::from_fn_with_state(app.clone(), cases::web::guard))
        .layer(middleware::from_fn_with_state(app.clone(), web::replay))
        .layer(middleware::from_fn_with_state(app.clone(), web::same_site_only))
        .layer(middleware::from_fn_with_state(app.clone(), web::explain))
        .layer(middleware::from_fn_with_state(app.clone(), people::identify))
        .layer(middleware::from_fn_with_state(app.clone(), web::protect))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(middleware::from_fn(platform::metrics::count))
        .with_state(app)
}
