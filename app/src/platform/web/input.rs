//! What the client sent: a form from a page, or JSON from a program; query strings; path ids.

use std::collections::HashMap;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::header;
use axum::http::request::Parts;
use axum::{Form, Json};
use serde::de::DeserializeOwned;

use crate::platform::error::{Error, FieldError};

/// A form or JSON body. Unknown fields are ignored, malformed ones are a 422.
pub struct Input<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Input<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let json = kind.is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
        let (parts, body) = request.into_parts();
        let body = Bytes::from_request(Request::from_parts(parts.clone(), body), state).await;
        let body = unturned(body.map_err(|error| form_error(&error.body_text()))?, json);
        let request = Request::from_parts(parts, body.into());
        let input = if json {
            Json::from_request(request, state)
                .await
                .map(|Json(input)| input)
                .map_err(|error| error.body_text())
        } else {
            Form::from_request(request, state)
                .await
                .map(|Form(input)| input)
                .map_err(|error| error.body_text())
        };
        input.map(Self).map_err(|text| form_error(&text))
    }
}

/// A body whose form has rows, so that its reader names the fields: `f0`, `f1`, …
pub enum Rows<T> {
    /// What a page sent, in its order.
    Form(Vec<(String, String)>),
    /// What a program sent.
    Json(T),
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Rows<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let json = kind.is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
        let body = Bytes::from_request(request, state).await;
        let body = unturned(body.map_err(|error| form_error(&error.body_text()))?, json);
        if json {
            return serde_json::from_slice(&body)
                .map(Self::Json)
                .map_err(|error| form_error(&error.to_string()));
        }
        Ok(Self::Form(url::form_urlencoded::parse(&body).into_owned().collect()))
    }
}

/// A body without the two characters that turn the order of all that follows them on its line: what somebody typed
/// changes nothing but its own field. As a form sends them, as they are, and as JSON spells them.
fn unturned(body: Bytes, json: bool) -> Bytes {
    const TURNS: [&str; 6] = ["\u{202d}", "\u{202e}", "%E2%80%AD", "%E2%80%AE", "%e2%80%ad", "%e2%80%ae"];
    let turns = if json { &TURNS[..2] } else { &TURNS[..] };
    match str::from_utf8(&body) {
        Ok(text) if turns.iter().any(|turn| text.contains(turn)) => {
            unturned(turns.iter().fold(text.to_owned(), |text, turn| text.replace(turn, "")).into(), json)
        }
        Ok(text) if json && text.contains("\\u202") => {
            let kept = without_spelled_turns(text);
            // What stood around one may be one now.
            if kept.len() == text.len() { body } else { unturned(kept.into(), json) }
        }
        _ => body,
    }
}

/// JSON without `\u202d` and `\u202e`; a backslash that is escaped itself spells nothing.
fn without_spelled_turns(json: &str) -> String {
    let mut kept = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        kept.push_str(&rest[..at]);
        rest = &rest[at..];
        let spelled = rest
            .get(..6)
            .is_some_and(|word| ["\\u202d", "\\u202e"].iter().any(|turn| word.eq_ignore_ascii_case(turn)));
        // The other end of an escape is no beginning of the next one.
        let next = if spelled { 6 } else { 1 + rest[1..].chars().next().map_or(0, char::len_utf8) };
        if !spelled {
            kept.push_str(&rest[..next]);
        }
        rest = &rest[next..];
    }
    kept + rest
}

/// What a form with rows sent, by name: each row has names of its own, and there may be many.
pub struct Fields<'a>(HashMap<&'a str, Vec<&'a str>>);

impl<'a> Fields<'a> {
    pub fn of(pairs: &'a [(String, String)]) -> Self {
        let mut fields: HashMap<&str, Vec<&str>> = HashMap::new();
        for (name, value) in pairs {
            fields.entry(name).or_default().push(value.trim());
        }
        Self(fields)
    }

    /// What was said first under this name; empty if nothing was.
    pub fn first(&self, name: &str) -> &'a str {
        self.0.get(name).and_then(|values| values.first()).copied().unwrap_or_default()
    }

    /// All that was said under this name, in its order, without what is empty.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let values = self.0.get(name).map_or(&[][..], Vec::as_slice);
        values.iter().copied().filter(|value| !value.is_empty())
    }
}

/// A query string.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let query = axum::extract::Query::from_request_parts(parts, state).await;
        query.map(|axum::extract::Query(query)| Self(query)).map_err(|error| form_error(&error.body_text()))
    }
}

/// One segment of the path; what cannot be one is simply not found.
pub struct Id<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Id<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        Path::from_request_parts(parts, state).await.map(|Path(id)| Self(id)).map_err(|_| Error::NotFound)
    }
}

/// A body that does not fit the form: which field is meant is only in the log.
pub fn form_error(text: &str) -> Error {
    tracing::debug!(text, "malformed input");
    Error::Invalid(vec![FieldError { field: "body", word: "error-field-malformed" }])
}

#[cfg(test)]
mod tests {
    use super::unturned;

    #[test]
    fn json_spells_no_letter_that_turns_the_line() {
        for (sent, kept) in [
            (r#"{"name": "Ingrid \\u202eSommer"}"#, r#"{"name": "Ingrid \\u202eSommer"}"#),
            ("{\"name\": \"a\\u202Eb\\u202dc\"}", r#"{"name": "abc"}"#),
            ("{\"name\": \"a\\u20\\u202e2eb\"}", r#"{"name": "ab"}"#),
            ("{\"name\": \"\\u202f\\n\"}", "{\"name\": \"\\u202f\\n\"}"),
        ] {
            let body = unturned(sent.to_owned().into(), true);

            assert_eq!(str::from_utf8(&body), Ok(kept), "{sent}");
        }
    }
}
