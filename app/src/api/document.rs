//! Adds to the collected description what all routes share.

use utoipa::PartialSchema;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, OpenApi, PathItem, Ref, Response};

use crate::platform::web::Problem;

const ABOUT: &str = "Every page answers JSON below /api/v1, and elsewhere to `Accept: application/json`. \
     Errors are RFC 9457 problems in the language of `Accept-Language`. Send `Authorization: Bearer TOKEN`; \
     `kitt token create` makes one. Lists answer `items` and the cursor `next`; `limit` is at most 200. \
     A POST with an `Idempotency-Key` is done once within 24 hours: repeated with the same key by the same \
     sender at the same path, it gets the first answer.";

/// Title, security, and the problem that every route may answer with.
pub fn complete(mut api: OpenApi) -> OpenApi {
    api.info.title = "Kitt".into();
    api.info.version = env!("CARGO_PKG_VERSION").into();
    api.info.description = Some(ABOUT.into());
    let components = api.components.get_or_insert_default();
    components.schemas.insert("Problem".into(), Problem::schema());
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    components.security_schemes.insert("bearer".into(), bearer.into());
    api.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>("bearer", [])]);
    for operation in api.paths.paths.values_mut().flat_map(operations) {
        operation.responses.responses.entry("default".into()).or_insert_with(|| problem().into());
    }
    api
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete].into_iter().flatten()
}

fn problem() -> Response {
    let mut response = Response::new("what went wrong, and what to do");
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    response.content.insert("application/problem+json".into(), content.into());
    response
}
