//! The description of one operation, while its arguments and its answer add to it.

use std::collections::{BTreeMap, BTreeSet};

use openilp_domain::access::Relation;
use openilp_domain::invalid::Invalid;
use openilp_domain::wire::Named;
use serde_json::{Value, json};
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{self, ContentBuilder, HeaderBuilder, Ref, RefOr, Required, Response, ResponseBuilder, Schema};

use crate::problem::{Kind, Problem};

/// Whether a body would be accepted, apart from what only the database knows.
pub type Accepts = fn(Value) -> Result<(), Invalid>;

/// The description of one operation while its arguments and answer add to it.
#[derive(Default)]
pub struct Doc {
    operation: OperationBuilder,
    named: Named,
    headers: Vec<(&'static str, &'static str)>,
    parameters: BTreeSet<String>,
    answered: BTreeSet<u16>,
    problems: BTreeMap<u16, Vec<String>>,
    permission: String,
    public: bool,
    accepts: Option<Accepts>,
}

/// A description that is complete.
pub(crate) struct Described {
    pub(crate) operation: OperationBuilder,
    pub(crate) named: Named,
    pub(crate) permission: String,
    pub(crate) accepts: Option<Accepts>,
}

impl Doc {
    fn edit(&mut self, f: impl FnOnce(OperationBuilder) -> OperationBuilder) {
        self.operation = f(std::mem::take(&mut self.operation));
    }

    /// A parameter.
    pub fn parameter(&mut self, place: ParameterIn, name: &str, required: bool, schema: impl Into<RefOr<Schema>>, doc: &str, example: Option<Value>) {
        let parameter = ParameterBuilder::new()
            .parameter_in(place)
            .name(name)
            .required(if required { Required::True } else { Required::False })
            .schema(Some(schema))
            .description(Some(doc))
            .example(example)
            .build();
        self.parameters.insert(name.to_owned());
        self.edit(|o| o.parameter(parameter));
    }

    /// The body.
    pub fn body(&mut self, media: &str, schema: impl Into<RefOr<Schema>>, example: Option<Value>, doc: &str) {
        let content = ContentBuilder::new().schema(Some(schema)).example(example).build();
        let doc = Some(doc).filter(|doc| !doc.is_empty());
        let body = RequestBodyBuilder::new().content(media, content).required(Some(Required::True)).description(doc).build();
        self.edit(|o| o.request_body(Some(body)));
    }

    /// What reads the body: the tests give it the example.
    pub fn accepts(&mut self, accepts: Accepts) {
        self.accepts = Some(accepts);
    }

    /// An answer with a body.
    pub fn answer(&mut self, status: u16, doc: &str, media: &str, schema: impl Into<RefOr<Schema>>, example: Option<Value>) {
        let content = ContentBuilder::new().schema(Some(schema)).example(example).build();
        self.respond(status, ResponseBuilder::new().description(doc).content(media, content));
    }

    /// An answer without a body.
    pub fn empty(&mut self, status: u16, doc: &str) {
        self.respond(status, ResponseBuilder::new().description(doc));
    }

    fn respond(&mut self, status: u16, mut response: ResponseBuilder) {
        for (name, about) in std::mem::take(&mut self.headers) {
            response = response.header(name, header(about));
        }
        self.answered.insert(status);
        self.edit(|o| o.response(status.to_string(), response.header_ref(CORRELATION, correlation_ref()).build()));
    }

    /// A header of the answer that is described next.
    pub fn header(&mut self, name: &'static str, doc: &'static str) {
        self.headers.push((name, doc));
    }

    /// Problems that this operation can answer with, besides those every operation has. An empty text says what the status
    /// always means.
    pub fn problems(&mut self, statuses: &[(u16, &str)]) {
        for (status, doc) in statuses {
            let doc = if doc.is_empty() { meaning(*status) } else { *doc };
            let known = self.problems.entry(*status).or_default();
            if !known.iter().any(|text| text == doc) {
                known.push(doc.to_owned());
            }
        }
    }

    /// A named schema of the document; returns the reference to it.
    pub fn schema(&mut self, name: &str, schema: impl FnOnce(&mut Named) -> RefOr<Schema>) -> RefOr<Schema> {
        let schema = schema(&mut self.named);
        self.named.push((name.to_owned(), schema));
        Ref::from_schema_name(name).into()
    }

    /// A schema that utoipa derives.
    pub fn derived<T: utoipa::ToSchema>(&mut self) -> RefOr<Schema> {
        T::schemas(&mut self.named);
        self.schema(&T::name(), |_| T::schema())
    }

    /// Who may call: the permission, and in words.
    pub fn permission(&mut self, permission: &str) {
        self.permission = if permission == "any" {
            "Permission: any accepted token. What you see depends on your relation to each student.".into()
        } else {
            format!("Permission: `{permission}`.")
        };
        let extensions = ExtensionsBuilder::new().add("x-permission", permission).build();
        self.edit(|o| o.security(SecurityRequirement::new("bearer", Vec::<String>::new())).extensions(Some(extensions)));
    }

    /// Whose the permission is, where that does not depend on the record.
    pub fn relations(&mut self, relations: &[Relation]) {
        let words: Vec<_> = relations.iter().map(|relation| crate::guard::words(relation.word())).collect();
        self.permission.push_str(&format!(" Held by: {}.", words.join(", ")));
    }

    /// The scope by which a machine may call.
    pub fn machine(&mut self, scope: &str) {
        self.permission.push_str(&format!(" Machines need the scope `{scope}`."));
        self.edit(|o| o.security(SecurityRequirement::new("machine", [scope])));
    }

    /// Nobody needs to say who they are.
    pub fn public(&mut self) {
        self.public = true;
        self.permission = "Public: no token is needed.".into();
        let extensions = ExtensionsBuilder::new().add("x-permission", "public").build();
        self.edit(|o| o.securities(Some(Vec::<SecurityRequirement>::new())).extensions(Some(extensions)));
    }

    /// The whole, with the problems that every operation at such a path has.
    pub(crate) fn complete(mut self, path: &str) -> Described {
        // The guard of a district takes it from the path where it stands there.
        let district = "districtId";
        if path.contains(&format!("{{{district}}}")) && !self.parameters.contains(district) {
            crate::guard::describe_path_id(&mut self, district);
        }
        for status in [400, 404, 429, 500, 503] {
            let nothing_to_find = status == 404 && !path.contains('{');
            let unlimited = status == 429 && self.public;
            if !nothing_to_find && !unlimited && !self.problems.contains_key(&status) {
                self.problems(&[(status, "")]);
            }
        }
        for (status, texts) in std::mem::take(&mut self.problems) {
            // An answer of another shape, such as the OAuth errors of the token endpoint, comes before problems.
            if self.answered.contains(&status) {
                continue;
            }
            let doc = texts.join(" ");
            if crate::imsx::speaks(path) {
                let response = crate::imsx::response(status, &doc, &mut self.named);
                self.respond(status, response);
                continue;
            }
            self.edit(|o| {
                if doc == meaning(status) {
                    return o.response(status.to_string(), Ref::from_response_name(shared_name(status)));
                }
                o.response(status.to_string(), problem_response(status, &doc))
            });
        }
        let Self { operation, named, permission, accepts, .. } = self;
        Described { operation, named, permission, accepts }
    }
}

fn header(doc: &str) -> openapi::Header {
    HeaderBuilder::new().schema(Some(openapi::ObjectBuilder::new().schema_type(openapi::schema::Type::String))).description(Some(doc)).build()
}

const CORRELATION: &str = "X-Correlation-Id";

fn correlation_ref() -> Ref {
    Ref::new(format!("#/components/headers/{CORRELATION}"))
}

/// The headers that many answers share.
pub fn shared_headers() -> Vec<(String, RefOr<openapi::Header>)> {
    let about = "Names this request; quote it when you ask for help. It is yours if you sent one.";
    vec![(CORRELATION.into(), header(about).into())]
}

/// What a status means wherever a problem has it.
fn meaning(status: u16) -> &'static str {
    match status {
        400 => "The request cannot be read, or a parameter is unknown or wrong.",
        401 => "A valid access token is needed.",
        403 => "You may know the record, but not do this to it.",
        404 => "There is no such record, or it is not for you to see.",
        405 => "This path has no such method.",
        406 => "No accepted media type can be given.",
        408 => "The body did not arrive in time.",
        409 => "The state does not allow it, or the first request with this key is still running.",
        410 => "The cursor has expired.",
        412 => "The record has changed since you read it.",
        413 => "The body is too large.",
        415 => "The body has another media type.",
        422 => "The body breaks a rule; every fault is named.",
        428 => "If-Match is missing.",
        429 => "You send or read too much, or your district is busy.",
        500 => "Our mistake; it was logged.",
        503 => "Not available right now; try again.",
        _ => "It could not be done.",
    }
}

fn shared_name(status: u16) -> String {
    format!("Problem{status}")
}

/// The answers that many operations share: one for each status that a problem has.
pub fn shared_responses() -> Vec<(String, RefOr<Response>)> {
    let statuses: BTreeSet<u16> = Kind::ALL.iter().map(|kind| kind.status()).collect();
    statuses.into_iter().map(|status| (shared_name(status), problem_response(status, meaning(status)).into())).collect()
}

fn problem_response(status: u16, doc: &str) -> Response {
    let examples = Kind::ALL.iter().filter(|kind| kind.status() == status).map(|kind| {
        let example = ExampleBuilder::new().summary(kind.title()).value(Some(problem_example(*kind))).build();
        (kind.code(), example)
    });
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).examples_from_iter(examples).build();
    let mut response = ResponseBuilder::new().description(doc).content(Problem::MEDIA_TYPE, content);
    if status == 401 {
        response = response.header("WWW-Authenticate", header("How to come by a token that is accepted (RFC 6750, RFC 9728)."));
    }
    if status == 429 {
        response =
            response.header("RateLimit", header("Of your own limit: its name, `r` requests left, and the seconds `t` until there is one more."));
        response = response.header("RateLimit-Policy", header("Your own limit: its name, and the `q` requests that it allows in `w` seconds."));
    }
    if matches!(status, 429 | 503) {
        response = response.header("Retry-After", header("Seconds after which it is worth trying again."));
    }
    response.header_ref(CORRELATION, correlation_ref()).build()
}

fn problem_example(kind: Kind) -> Value {
    let example = json!({
        "type": kind.path(), "title": kind.title(), "status": kind.status(), "code": kind.code(), "detail": kind.advice(),
        "instance": "/v1/goals/01920000-0000-7000-8000-000000000001", "correlationId": "0192a4c0b6f17c3e8d21f00000000001",
    });
    match kind.fault_example() {
        Some(fault) => openilp_domain::noun::with(example, json!({ "errors": [fault] })),
        None => example,
    }
}
