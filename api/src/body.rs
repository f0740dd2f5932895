//! What a request brings: bodies, query parameters, preconditions, idempotency keys. Each names every fault.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::http::header;
use futures_util::StreamExt;
use openilp_domain::invalid::{Fault, Invalid};
use openilp_domain::noun;
use openilp_domain::page::Limit;
use openilp_domain::redaction::withheld_faults;
use openilp_persistence::idempotency::Key;
use openilp_persistence::request_hash;
use serde_json::Value;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use crate::problem::{Kind, Problem};
use crate::routes::{Argument, Doc};

/// How long a JSON body may take to arrive, for each of so many bytes that it may have.
const JSON_WAIT: Duration = Duration::from_secs(10);
const BYTES_WAITED_FOR: usize = 1 << 20;
/// The most characters that a cursor has.
const CURSOR_CHARACTERS_MAX: usize = 500;

/// Reads a whole body, up to a size and a time.
pub async fn bytes(payload: &mut Payload, bytes_max: usize, wait: Duration) -> Result<Vec<u8>, Problem> {
    let read = async {
        let mut body = Vec::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| Problem::new(Kind::BadRequest, "The body broke off."))?;
            if body.len() + chunk.len() > bytes_max {
                return Err(Problem::new(Kind::TooLarge, format!("At most {bytes_max} bytes are taken.")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    };
    tokio::time::timeout(wait, read)
        .await
        .unwrap_or_else(|_| Err(Problem::new(Kind::Timeout, format!("The body must arrive within {} seconds.", wait.as_secs()))))
}

fn media_type(request: &HttpRequest) -> String {
    let text = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Demands one of these media types.
pub fn expect_media_type(request: &HttpRequest, accepted: &[&str]) -> Result<(), Problem> {
    if accepted.contains(&media_type(request).as_str()) {
        return Ok(());
    }
    Err(Problem::new(Kind::UnsupportedMediaType, format!("Send {}.", accepted.join(" or "))))
}

async fn json<B: noun::Body>(request: &HttpRequest, payload: &mut Payload, accepted: &[&str]) -> Result<(B, Vec<u8>), Problem> {
    expect_media_type(request, accepted)?;
    let wait = JSON_WAIT * u32::try_from(B::BYTES_MAX.div_ceil(BYTES_WAITED_FOR)).unwrap_or(1);
    let bytes = bytes(payload, B::BYTES_MAX, wait).await?;
    let value: Value =
        serde_json::from_slice(&bytes).map_err(|e| Problem::new(Kind::BadBody, format!("No JSON at line {}, column {}.", e.line(), e.column())))?;
    withheld_faults(&value).or(())?;
    Ok((B::read(value)?, bytes))
}

fn describe<B: noun::Body>(doc: &mut Doc, media: &str) {
    let schema = doc.schema(B::NAME, |named| B::schema(named).into());
    doc.body(media, schema, Some(B::example()), "");
    doc.accepts(|body| B::read(body).map(drop));
    doc.problems(&[
        (408, "The body did not arrive in time."),
        (413, "The body is too large."),
        (415, "The body has another media type."),
        (422, "The body breaks a rule; every fault is named."),
    ]);
}

/// A JSON body, and its hash for the idempotency key.
pub struct Body<B> {
    /// What it says.
    pub value: B,
    /// Its hash.
    pub hash: Vec<u8>,
}

impl<B: noun::Body> Argument for Body<B> {
    async fn extract(request: &HttpRequest, payload: &mut Payload) -> Result<Self, Problem> {
        let (value, bytes) = json(request, payload, &["application/json"]).await?;
        Ok(Self { value, hash: request_hash(&[request.path().as_bytes(), b"\n", &bytes].concat()) })
    }
    fn describe(doc: &mut Doc) {
        describe::<B>(doc, "application/json");
    }
}

/// A partial update (RFC 7396).
pub struct Merge<B>(pub B);

impl<B: noun::Body> Argument for Merge<B> {
    async fn extract(request: &HttpRequest, payload: &mut Payload) -> Result<Self, Problem> {
        Ok(Self(json(request, payload, &["application/merge-patch+json", "application/json"]).await?.0))
    }
    fn describe(doc: &mut Doc) {
        describe::<B>(doc, "application/merge-patch+json");
    }
}

/// The version that the caller saw (`If-Match`). Without it nothing is changed: 428. A tag that is none of ours is a version
/// that no record has, so that it is compared, and refused, where all versions are: after who may and what the body says.
#[derive(Clone, Copy)]
pub struct IfMatch(pub i32);

/// One entity tag (RFC 9110, 8.8.3), weak or strong. Neither `*` nor a list: they would overwrite what was not seen.
const ENTITY_TAG: &str = r#"^(W/)?"[!#-~]*"$"#;

/// The version that an entity tag stands for, or none if it is no tag. Records count from 1; a tag that no record has, such as
/// any weak one, is 0.
fn version_of(tag: &str) -> Option<i32> {
    let (strong, opaque) = match tag.strip_prefix("W/") {
        Some(weak) => (false, weak),
        None => (true, tag),
    };
    let opaque = opaque.strip_prefix('"')?.strip_suffix('"')?;
    if !opaque.bytes().all(|b| matches!(b, b'!' | b'#'..=b'~')) {
        return None;
    }
    let version = opaque.parse::<i32>().ok().filter(|version| strong && *version > 0 && version.to_string() == opaque);
    Some(version.unwrap_or(0))
}

impl Argument for IfMatch {
    async fn extract(request: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        let mut values = request.headers().get_all(header::IF_MATCH);
        let one = match (values.next(), values.next()) {
            (None, _) => return Err(Problem::new(Kind::PreconditionMissing, "Send the ETag that you read in If-Match.")),
            (Some(value), None) => value.to_str().ok().and_then(version_of),
            (Some(_), Some(_)) => None,
        };
        let detail = "Must be one ETag as you read it, such as \"1\" with its quotation marks.";
        one.map(Self).ok_or_else(|| bad_parameter("If-Match", detail))
    }
    fn describe(doc: &mut Doc) {
        let schema = ObjectBuilder::new().schema_type(Type::String).pattern(Some(ENTITY_TAG)).build();
        doc.parameter(ParameterIn::Header, "If-Match", true, schema, "The ETag of the version that you read.", Some("\"1\"".into()));
        doc.problems(&[
            (409, "The state of the record does not allow it."),
            (412, "The record has changed since you read it."),
            (428, "If-Match is missing."),
        ]);
    }
}

/// The key under which the answer is kept for 24 hours. Required on what creates.
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The key, for a request with that hash.
    pub fn with(self, request_hash: Vec<u8>) -> Key {
        Key { key: self.0, request_hash }
    }
}

impl Argument for IdempotencyKey {
    async fn extract(request: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        let mut values = request.headers().get_all("idempotency-key");
        let text = match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().unwrap_or_default(),
            _ => "",
        };
        // The header is a structured string (draft-ietf-httpapi-idempotency-key-header-07); plain ones are met everywhere.
        let key = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
        let fit = (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
        if fit {
            Ok(Self(key.to_owned()))
        } else {
            Err(Problem::new(Kind::KeyMissing, "Send an Idempotency-Key of 1 to 255 visible ASCII characters, such as a UUID."))
        }
    }
    fn describe(doc: &mut Doc) {
        let schema = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255)).pattern(Some("^[!-~]+$")).build();
        let about = "Names this request. Sent again within 24 hours, it gets the same answer and nothing is done twice.";
        doc.parameter(ParameterIn::Header, "Idempotency-Key", true, schema, about, Some("5d3c7e0a-8f0e-4c39-9f6a-0d1c2b3a4f5e".into()));
        doc.problems(&[
            (409, "The state does not allow it, or the first request with this key is still running."),
            (422, "The Idempotency-Key was used for another request."),
        ]);
    }
}

/// The query parameters, taken out one by one. What is left over at the end is unknown, and a fault.
pub struct Pairs {
    pairs: Vec<(String, String)>,
    faults: Vec<Fault>,
}

impl Pairs {
    fn of(query: &str) -> Self {
        let pairs = form_pairs(query);
        Self { pairs, faults: vec![] }
    }

    /// A parameter that may be left out.
    pub fn optional<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let mut values = self.pairs.extract_if(.., |(known, _)| known == name).map(|(_, value)| value).collect::<Vec<_>>().into_iter();
        let value = values.next()?;
        let parsed = if values.next().is_some() { Err("may be given once.".to_owned()) } else { parse(&value) };
        match parsed {
            Ok(value) => Some(value),
            Err(detail) => {
                self.faults.push(Fault { pointer: name.to_owned(), code: "bad_parameter", detail: format!("{name} {detail}") });
                None
            }
        }
    }

    /// A whole number within bounds.
    pub fn number(&mut self, name: &str, min: i64, max: i64) -> Option<i64> {
        self.optional(name, |text| match text.parse::<i64>() {
            Ok(number) if (min..=max).contains(&number) && text.bytes().all(|b| b.is_ascii_digit()) => Ok(number),
            _ => Err(format!("must be a whole number from {min} to {max}.")),
        })
    }

    /// A cursor. What is none by its form alone is a fault here; what was not given out for this list, to this caller, is told when
    /// it is opened: [`Kind::CursorUnknown`].
    pub fn cursor(&mut self, name: &str) -> Option<String> {
        let fit =
            |text: &str| (1..=CURSOR_CHARACTERS_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        self.optional(name, |text| if fit(text) { Ok(text.to_owned()) } else { Err("is not one of ours.".into()) })
    }

    fn finish(mut self) -> Result<(), Problem> {
        for (name, _) in &self.pairs {
            let name: String = name.chars().take(60).collect();
            self.faults.push(Fault { detail: "This parameter is not known here.".into(), pointer: name, code: "unknown_parameter" });
        }
        if self.faults.is_empty() { Ok(()) } else { Err(Problem::with_faults(Kind::BadParameter, self.faults)) }
    }
}

/// Decodes `a=b&c=d`, percent signs and plus signs.
pub fn form_pairs(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode(&spaced)
    };
    query
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| part.split_once('=').map_or_else(|| (decode(part), String::new()), |(name, value)| (decode(name), decode(value))))
        .collect()
}

fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok()).and_then(|two| u8::from_str_radix(two, 16).ok());
        match (first, hex) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The query parameters of an operation.
pub trait Params: Sized {
    /// Takes them.
    fn read(pairs: &mut Pairs) -> Self;
    /// Describes them.
    fn describe(doc: &mut Doc);
}

/// Query parameters as an argument. An operation without any takes `Query<NoParams>` implicitly: unknown ones are refused.
pub struct Query<P>(pub P);

impl<P: Params> Argument for Query<P> {
    async fn extract(request: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        let mut pairs = Pairs::of(request.query_string());
        let params = P::read(&mut pairs);
        pairs.finish()?;
        Ok(Self(params))
    }
    fn describe(doc: &mut Doc) {
        P::describe(doc);
    }
}

/// No query parameters: any that is sent is unknown.
pub struct NoParams;

impl Params for NoParams {
    fn read(_: &mut Pairs) -> Self {
        Self
    }
    fn describe(_: &mut Doc) {}
}

/// A page of a list: how many, and from where.
pub struct PageParams {
    /// Items on the page.
    pub limit: Limit,
    /// The cursor of the page before.
    pub cursor: Option<String>,
}

impl Params for PageParams {
    fn read(pairs: &mut Pairs) -> Self {
        let limit = pairs.number("limit", 1, i64::from(Limit::MAX)).and_then(|n| u16::try_from(n).ok()).and_then(Limit::new);
        Self { limit: limit.unwrap_or_default(), cursor: pairs.cursor("cursor") }
    }
    fn describe(doc: &mut Doc) {
        describe_limit(doc);
        describe_cursor(doc, "cursor", "`page.next` of the page before. Opaque.");
    }
}

/// A parameter that takes a cursor.
pub fn describe_cursor(doc: &mut Doc, name: &str, about: &str) {
    let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(CURSOR_CHARACTERS_MAX));
    doc.parameter(ParameterIn::Query, name, false, text.pattern(Some("^[A-Za-z0-9_-]+$")).build(), about, None);
    doc.problems(&[(422, "The cursor is not one of ours, or was given for another list or to another caller.")]);
}

/// The parameter `limit`.
pub fn describe_limit(doc: &mut Doc) {
    let limit = whole_number(1, f64::from(Limit::MAX));
    doc.parameter(ParameterIn::Query, "limit", false, limit, "How many items, 1 to 100; 25 if not given.", Some(25.into()));
}

/// A whole number within bounds.
pub fn whole_number(min: i32, max: f64) -> Object {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(min)).maximum(Some(max)).build()
}

/// A header or parameter that cannot be read.
fn bad_parameter(name: &str, detail: &str) -> Problem {
    Problem::with_faults(Kind::BadParameter, vec![Fault { pointer: name.to_owned(), code: "bad_parameter", detail: detail.to_owned() }])
}

/// A fault of a header, parameter or body of a kind that no type here covers.
pub fn fault(pointer: &str, code: &'static str, detail: impl Into<String>) -> Problem {
    Invalid::one(pointer, code, detail).into()
}
