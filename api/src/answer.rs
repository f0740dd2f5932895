//! What handlers answer: records, pages, replies to writes. ETags, links and allowed actions are put on here.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use openilp_domain::access::Action;
use openilp_domain::amendment_request::ContestStatement;
use openilp_domain::noun::Noun;
use openilp_domain::page::Limit;
use openilp_domain::plain::View;
use openilp_domain::wire::Named;
use openilp_persistence::Reply;
use openilp_persistence::grant::Grant;
use openilp_persistence::mark::Marked;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::openapi::schema::{Object, Type};
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, Ref, RefOr, Schema};

use crate::body::whole_number;
use crate::problem::Problem;
use crate::routes::{Answer, Doc};

/// A record as it is shown: with what the caller may do to it.
#[derive(Serialize)]
pub struct Shown<N> {
    /// The record, with what goes with it.
    #[serde(flatten)]
    pub record: Marked<N>,
    /// What the caller may do to it, besides reading it.
    #[serde(rename = "allowedActions")]
    pub allowed_actions: Vec<Action>,
}

impl<N: Noun> Shown<N> {
    /// With what the grant allows.
    pub fn by(grant: &Grant, record: N) -> Self {
        Self { allowed_actions: grant.allowed_actions(&record), record: grant.marked(record.id(), record) }
    }
}

/// Something that is answered as JSON.
pub trait Shape: Serialize {
    /// Its name in the description.
    fn name() -> String;
    /// Its schema.
    fn schema(named: &mut Named) -> RefOr<Schema>;
    /// One of them.
    fn example() -> Value;
}

/// Gives a type whose schema utoipa derives its name, schema and example.
macro_rules! derived_shape {
    ($name:ident, $example:expr) => {
        impl $crate::answer::Shape for $name {
            fn name() -> String {
                stringify!($name).into()
            }
            fn schema(named: &mut openilp_domain::wire::Named) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                <$name as utoipa::ToSchema>::schemas(named);
                <$name as utoipa::PartialSchema>::schema()
            }
            fn example() -> serde_json::Value {
                $example
            }
        }
    };
}
pub(crate) use derived_shape;

impl<N: Noun> Shape for Shown<N> {
    fn name() -> String {
        N::NAME.to_owned()
    }
    fn schema(named: &mut Named) -> RefOr<Schema> {
        with_allowed_actions(with_statements(N::schema(named), named), named).into()
    }
    fn example() -> Value {
        openilp_domain::noun::with(N::example(), json!({ "allowedActions": ["propose", "comment"] }))
    }
}

impl<S: Shape> Shape for Marked<S> {
    fn name() -> String {
        S::name()
    }
    fn schema(named: &mut Named) -> RefOr<Schema> {
        match S::schema(named) {
            RefOr::T(Schema::Object(object)) => with_statements(object, named).into(),
            other => other,
        }
    }
    fn example() -> Value {
        S::example()
    }
}

/// Adds the member that has what the family says of a record that it contests.
pub fn with_statements(mut object: Object, named: &mut Named) -> Object {
    let statement = ContestStatement::schema(named);
    named.push((ContestStatement::NAME.to_owned(), statement.into()));
    object.properties.insert("contestStatements".into(), statements_schema());
    object
}

/// The schema of that member.
pub fn statements_schema() -> RefOr<Schema> {
    let about = "What the family says of the record, if it contests it (34 CFR 99.21). Pass it on with the record, always.";
    RefOr::T(Schema::Array(ArrayBuilder::new().items(Ref::from_schema_name(ContestStatement::NAME)).description(Some(about)).build()))
}

/// Adds the member that tells a caller what they may do.
pub fn with_allowed_actions(mut object: Object, named: &mut Named) -> Object {
    use openilp_domain::field::Field;
    Action::schemas(named);
    let actions = ArrayBuilder::new().items(Ref::from_schema_name("Action")).description(Some("What you may do to it, besides reading it.")).build();
    object.properties.insert("allowedActions".into(), RefOr::T(Schema::Array(actions)));
    object.required.push("allowedActions".into());
    object
}

/// The strong entity tag of a version.
pub fn etag(version: i32) -> String {
    format!("\"{version}\"")
}

/// The strong entity tag of an answer that is composed of several records: the hash of its bytes.
pub fn etag_of_bytes(bytes: &[u8]) -> String {
    let hash = openilp_persistence::request_hash(bytes);
    format!("\"{}\"", const_hex::encode(hash.get(..16).unwrap_or_default()))
}

/// Whether `If-None-Match` names the tag. A weak match suffices here (RFC 9110, 13.1.2).
fn not_modified(request: &HttpRequest, tag: &str) -> bool {
    request.headers().get_all(header::IF_NONE_MATCH).filter_map(|value| value.to_str().ok()).flat_map(|list| list.split(',')).any(|known| {
        let known = known.trim();
        known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag
    })
}

fn tagged(request: &HttpRequest, tag: &str, body: Vec<u8>) -> HttpResponse {
    let tag_value = HeaderValue::from_str(tag).unwrap_or(HeaderValue::from_static("\"\""));
    if not_modified(request, tag) {
        return HttpResponse::NotModified().insert_header((header::ETAG, tag_value)).finish();
    }
    HttpResponse::Ok().insert_header((header::ETAG, tag_value)).content_type("application/json").body(body)
}

fn to_bytes(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_else(|error| {
        tracing::error!(%error, "an answer could not be written");
        b"{}".to_vec()
    })
}

/// One record: 200, with its version as entity tag.
pub struct Found<S> {
    /// The record.
    pub shown: S,
    /// Its version.
    pub version: i32,
}

impl<S: Shape> Answer for Found<S> {
    fn respond(self, request: &HttpRequest) -> HttpResponse {
        tagged(request, &etag(self.version), to_bytes(&self.shown))
    }
    fn describe(doc: &mut Doc) {
        doc.header("ETag", "The version of the record, for If-Match and If-None-Match.");
        describe_shape::<S>(doc, 200, "The record.");
        doc.empty(304, "You have this version already.");
    }
}

/// Something composed: 200, with the hash of its bytes as entity tag.
pub struct Composed<S>(pub S);

impl<S: Shape> Answer for Composed<S> {
    fn respond(self, request: &HttpRequest) -> HttpResponse {
        let body = to_bytes(&self.0);
        tagged(request, &etag_of_bytes(&body), body)
    }
    fn describe(doc: &mut Doc) {
        doc.header("ETag", "The hash of this answer, for If-None-Match.");
        describe_shape::<S>(doc, 200, "The answer.");
        doc.empty(304, "You have this already.");
    }
}

/// Something that is never the same twice, such as a page of a feed: 200 without an entity tag.
pub struct Plain<S>(pub S);

impl<S: Shape> Answer for Plain<S> {
    fn respond(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().content_type("application/json").body(to_bytes(&self.0))
    }
    fn describe(doc: &mut Doc) {
        describe_shape::<S>(doc, 200, "The answer.");
    }
}

/// Adds an answer of that shape.
pub fn describe_shape<S: Shape>(doc: &mut Doc, status: u16, about: &str) {
    let schema = doc.schema(&S::name(), S::schema);
    doc.answer(status, about, "application/json", schema, Some(S::example()));
}

/// A page of a list: 200, with `Link` to the next.
pub struct Listed<S> {
    /// The items.
    pub items: Vec<S>,
    /// The cursor of the next page, if there is one.
    pub next: Option<String>,
    /// How many were asked for.
    pub limit: usize,
}

#[derive(Serialize)]
struct PageBody<'a, S> {
    items: &'a [S],
    page: PageAbout<'a>,
}

#[derive(Serialize)]
struct PageAbout<'a> {
    limit: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<&'a str>,
}

impl<S: Shape> Answer for Listed<S> {
    fn respond(self, request: &HttpRequest) -> HttpResponse {
        let body = PageBody { items: &self.items, page: PageAbout { limit: self.limit, next: self.next.as_deref() } };
        let mut response = HttpResponse::Ok();
        if let Some(next) = &self.next
            && let Some(link) = next_link(request, next)
        {
            response.insert_header((header::LINK, link));
        }
        response.content_type("application/json").body(to_bytes(&body))
    }
    fn describe(doc: &mut Doc) {
        let item = doc.schema(&S::name(), S::schema);
        let page = ObjectBuilder::new()
            .property("limit", described(whole_number(1, f64::from(Limit::MAX)), "How many items a page has at most."))
            .property("next", ObjectBuilder::new().schema_type(Type::String).description(Some("The cursor of the next page; absent on the last.")))
            .required("limit")
            .description(Some("Where a page stands in its list."));
        let page = doc.schema("PageInfo", |_| page.into());
        let name = format!("{}Page", S::name());
        let object = ObjectBuilder::new()
            .property("items", ArrayBuilder::new().items(item).max_items(Some(usize::from(Limit::MAX))).description(Some("The items.")))
            .property("page", page)
            .required("items")
            .required("page")
            .description(Some(format!("A page of {}.", S::name())));
        let schema = doc.schema(&name, |_| object.into());
        doc.header("Link", "rel=\"next\" to the next page, if there is one (RFC 8288).");
        let example = json!({ "items": [S::example()], "page": { "limit": 25 } });
        doc.answer(200, "A page of the list.", "application/json", schema, Some(example));
    }
}

fn described(mut object: Object, about: &str) -> Object {
    object.description = Some(about.to_owned());
    object
}

/// The absolute link to the next page: the same request with another cursor.
fn next_link(request: &HttpRequest, next: &str) -> Option<HeaderValue> {
    let origin = crate::guard::state(request).ok()?.auth.config().origin.clone();
    let kept = request.query_string().split('&').filter(|part| !part.is_empty() && !part.starts_with("cursor=") && !part.starts_with("after="));
    let query: Vec<_> = kept.map(str::to_owned).chain([format!("cursor={next}")]).collect();
    HeaderValue::from_str(&format!("<{origin}{}?{}>; rel=\"next\"", request.path(), query.join("&"))).ok()
}

/// The answer to a write, as the door keeps it.
pub struct Created<S> {
    reply: Reply,
    marker: std::marker::PhantomData<S>,
}

/// The answer to a change.
pub struct Amended<S> {
    reply: Reply,
    marker: std::marker::PhantomData<S>,
}

impl<S> From<Reply> for Created<S> {
    fn from(reply: Reply) -> Self {
        Self { reply, marker: std::marker::PhantomData }
    }
}
impl<S> From<Reply> for Amended<S> {
    fn from(reply: Reply) -> Self {
        Self { reply, marker: std::marker::PhantomData }
    }
}

/// 201 with the record, its tag and its address.
pub fn created(version: i32, location: String, shown: &impl Serialize) -> Reply {
    let headers = vec![("etag".to_owned(), etag(version)), ("location".to_owned(), location)];
    Reply { status: 201, headers, body: to_bytes(shown) }
}

/// 202 with a record of work that goes on, and its address.
pub fn accepted(location: String, shown: &impl Serialize) -> Reply {
    Reply { status: 202, headers: vec![("location".to_owned(), location)], body: to_bytes(shown) }
}

/// 200 with the record and its tag.
pub fn amended(version: i32, shown: &impl Serialize) -> Reply {
    Reply { status: 200, headers: vec![("etag".to_owned(), etag(version))], body: to_bytes(shown) }
}

fn respond(reply: Reply) -> HttpResponse {
    let mut response = HttpResponse::build(StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK));
    for (name, value) in &reply.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_str()), HeaderValue::from_str(value)) {
            response.insert_header((name, value));
        }
    }
    if reply.status == 204 {
        return response.finish();
    }
    response.content_type("application/json").body(reply.body)
}

impl<S: Shape> Answer for Created<S> {
    fn respond(self, _: &HttpRequest) -> HttpResponse {
        respond(self.reply)
    }
    fn describe(doc: &mut Doc) {
        doc.header("ETag", "The version of the record.");
        doc.header("Location", "The address of the record.");
        describe_shape::<S>(doc, 201, "It was created.");
    }
}

impl<S: Shape> Answer for Amended<S> {
    fn respond(self, _: &HttpRequest) -> HttpResponse {
        respond(self.reply)
    }
    fn describe(doc: &mut Doc) {
        doc.header("ETag", "The new version of the record.");
        describe_shape::<S>(doc, 200, "It was changed.");
    }
}

/// Work that goes on after the answer: 202 and where to look.
pub struct Accepted<S> {
    reply: Reply,
    marker: std::marker::PhantomData<S>,
}

impl<S> From<Reply> for Accepted<S> {
    fn from(reply: Reply) -> Self {
        Self { reply, marker: std::marker::PhantomData }
    }
}

impl<S: Shape> Answer for Accepted<S> {
    fn respond(self, _: &HttpRequest) -> HttpResponse {
        respond(self.reply)
    }
    fn describe(doc: &mut Doc) {
        doc.header("Location", "Where to see how it goes.");
        describe_shape::<S>(doc, 202, "It was taken in and goes on by itself.");
    }
}

/// What was done, where the answer is no record of its own: 200.
pub struct Done<S> {
    reply: Reply,
    marker: std::marker::PhantomData<S>,
}

impl<S> From<Reply> for Done<S> {
    fn from(reply: Reply) -> Self {
        Self { reply, marker: std::marker::PhantomData }
    }
}

impl<S: Shape> Answer for Done<S> {
    fn respond(self, _: &HttpRequest) -> HttpResponse {
        respond(self.reply)
    }
    fn describe(doc: &mut Doc) {
        describe_shape::<S>(doc, 200, "It was done.");
    }
}

/// 200 with what was done.
pub fn done(shown: &impl Serialize) -> Reply {
    Reply { status: 200, headers: vec![], body: to_bytes(shown) }
}

/// 204: it is gone.
pub struct Removed;

impl Answer for Removed {
    fn respond(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
    fn describe(doc: &mut Doc) {
        doc.empty(204, "It was removed.");
    }
}

/// The reply to a removal.
pub fn removed() -> Reply {
    Reply { status: 204, headers: vec![], body: vec![] }
}

/// Anything already made into a response, such as the OpenAPI document.
pub struct Raw {
    /// The response.
    pub response: HttpResponse,
}

/// What kind of thing a [`Raw`] answer is, for its description.
pub trait Media {
    /// The media type.
    const TYPE: &'static str;
    /// What it is.
    const ABOUT: &'static str;
    /// Its schema.
    fn schema(doc: &mut Doc) -> RefOr<Schema>;
    /// One of them.
    fn example() -> Value;
}

/// A [`Raw`] answer of a media type.
pub struct RawOf<M>(pub HttpResponse, pub std::marker::PhantomData<M>);

impl<M: Media> Answer for RawOf<M> {
    fn respond(self, _: &HttpRequest) -> HttpResponse {
        self.0
    }
    fn describe(doc: &mut Doc) {
        let schema = M::schema(doc);
        doc.answer(200, M::ABOUT, M::TYPE, schema, Some(M::example()));
    }
}

/// The result of a handler.
pub type Outcome<T> = Result<T, Problem>;
