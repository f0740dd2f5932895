//! The OpenAPI document, from the registered routes.

use std::collections::{BTreeMap, BTreeSet};

use openilp_domain::principal::ClientKind;
use utoipa::openapi::path::{Operation, PathItem, Paths};
use utoipa::openapi::schema::{AdditionalProperties, SchemaType, Type};
use utoipa::openapi::security::{ClientCredentials, Flow, Http, HttpAuthScheme, HttpBuilder, OAuth2, Scopes, SecurityScheme};
use utoipa::openapi::server::ServerBuilder;
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{ComponentsBuilder, ContactBuilder, InfoBuilder, LicenseBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::doc::{shared_headers, shared_responses};
use crate::openapi_30;
use crate::problem::{Kind, ProblemBody};
use crate::routes::Description;

const DESCRIPTION: &str = "\
Every student's Individual Learning Plan in its private file: open, portable, correct and private.

**Who may.** People come with an access token of their district's identity provider, machines with one from `/oauth/token`. What you may see \
depends on your relation to the student, section by section; what you may not know exists is 404. Each operation names its permission, and each \
record lists in `allowedActions` what you may do with it.

**Writing.** What creates something takes an `Idempotency-Key`: sent again within 24 hours, it gets the same answer and nothing is done twice. \
What changes or removes something takes `If-Match` with the `ETag` that you read. Changes are merge patches (RFC 7396): what is absent stays, null clears.

**Lists** come in pages: follow the `Link` header, or send `page.next` as `cursor`.

**In an emergency.** While you have an emergency access to a student, every answer about them carries `OpenILP-Emergency-Access: until=…`: that it was \
read is on record as a disclosure, and will be reviewed.

**Strict in, tolerant out.** Members and query parameters that are not described here are refused with 400. A later version may add members and words \
to answers: pass over those that you do not know.

**Problems** (RFC 9457) are told in one shape, with every fault at once:";

/// The tags: one an area.
const TAGS: &[(&str, &str)] = &[
    ("me", "Who you are, and whose files you may open."),
    ("students", "Students whose files you may see; the schools and classes of your district."),
    ("files", "The private ILP file: divisions, participants, registrations, and the whole of it."),
    ("plan", "Goals, and what belongs to them."),
    ("profile", "What the plan holds besides goals: strengths, options, applications, experiences, results, skills."),
    ("program", "What the district asks of all students' plans, and the catalogues behind it: graduation requirements, components, activities."),
    ("case", "Frameworks of standards that goals cite, as CASE 1.1 (1EdTech) has them."),
    ("proposals", "Suggestions that wait for a decision."),
    ("jobs", "What is done with the plans of many students at once, row by row."),
    ("changes", "The feed: what has changed since you last asked."),
    ("roster", "OneRoster bundles from the student information system."),
    ("relations", "Guardian links and caseloads, which the district confirms."),
    ("alarms", "Unusual reading, for the custodian of the district."),
    ("rights", "Who holds the rights over a student's file, and when they pass to the student."),
    ("notices", "What you are told ahead of a change of rights, and of an emergency; on record."),
    ("cases", "What a family asks about its records: to inspect them, to amend them, a hearing, a statement; words about other students."),
    ("consents", "Consents: who else is let in to what, as student and family agree."),
    ("privacy", "What a student hides or opens; orders, partners and groups, which the custodian keeps."),
    ("state", "The state's collection of ILP status."),
    ("operator", "Setting up districts, issuers, clients and agreements."),
    ("service", "Health, tokens, and this document."),
];

/// The document, 3.1. `origin` is how others reach the service; the golden file has none.
pub fn document(description: Description, origin: Option<&str>) -> OpenApi {
    let Description { paths, mut named, .. } = description;
    let mut more = vec![];
    ProblemBody::schemas(&mut more);
    named.extend(more);
    named.insert("Problem".into(), ProblemBody::schema());
    flatten(&mut named);
    let used = reachable(paths.paths.values().flat_map(references).collect(), &named);
    named.retain(|name, _| used.contains(name) || name == "Problem" || name == "Fault");
    named.values_mut().for_each(close);
    let sent = sent(&paths, &named);
    named.iter_mut().filter(|(name, _)| !sent.contains(*name)).for_each(|(_, schema)| absent_rather_than_null(schema));
    let mut components = ComponentsBuilder::new()
        .schemas_from_iter(named)
        .security_scheme("bearer", SecurityScheme::Http(bearer()))
        .security_scheme("machine", SecurityScheme::OAuth2(machine()))
        .build();
    let answers = serde_json::to_string(&paths).unwrap_or_default();
    components.responses = shared_responses().into_iter().filter(|(name, _)| answers.contains(&format!("#/components/responses/{name}\""))).collect();
    components.headers = shared_headers().into_iter().collect();
    let info = InfoBuilder::new()
        .title("OpenILP")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(introduction()))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .contact(Some(ContactBuilder::new().name(Some("Whoever runs this service for your district")).build()))
        .build();
    let used = |name: &str| paths.paths.values().flat_map(operations).any(|o| o.tags.iter().flatten().any(|tag| tag == name));
    let tags: Vec<_> =
        TAGS.iter().filter(|(name, _)| used(name)).map(|(name, about)| TagBuilder::new().name(*name).description(Some(*about)).build()).collect();
    // The page that shows this document tries things out where it was served from, whatever others call the service.
    let here = ServerBuilder::new().url("/").description(Some("Where this document was served.")).build();
    let named_origin = origin.map(|origin| ServerBuilder::new().url(origin).description(Some("As others reach it.")).build());
    OpenApiBuilder::new()
        .info(info)
        .servers(Some([here].into_iter().chain(named_origin)))
        .paths(paths)
        .components(Some(components))
        .tags(Some(tags))
        .build()
}

/// The golden document, as `openapi.yaml` in the repository has it.
pub fn yaml() -> String {
    document(crate::app::description(), None).to_yaml().unwrap_or_default()
}

/// The golden document in OpenAPI 3.0, as JSON.
pub fn json_30() -> String {
    serde_json::to_string_pretty(&down(&document(crate::app::description(), None))).unwrap_or_default() + "\n"
}

/// A document in OpenAPI 3.0.
pub fn down(document: &OpenApi) -> serde_json::Value {
    openapi_30::down(serde_json::to_value(document).unwrap_or_default())
}

/// Whatever an object may have is described: what is not described is neither taken nor answered.
fn close(schema: &mut RefOr<Schema>) {
    if let RefOr::T(Schema::Object(object)) = schema
        && !object.properties.is_empty()
        && object.additional_properties.is_none()
    {
        object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
    }
}

/// An answer leaves out what is not there. Derived schemas show such a member as one that may be null too.
fn absent_rather_than_null(schema: &mut RefOr<Schema>) {
    let RefOr::T(Schema::Object(object)) = schema else { return };
    for (_, member) in object.properties.iter_mut().filter(|(name, _)| !object.required.contains(name)) {
        match member {
            RefOr::T(Schema::Object(inner)) => {
                if let SchemaType::Array(kinds) = &inner.schema_type
                    && let [kind] = kinds.iter().filter(|kind| **kind != Type::Null).collect::<Vec<_>>().as_slice()
                {
                    inner.schema_type = SchemaType::Type((*kind).clone());
                }
            }
            RefOr::T(Schema::Array(inner)) => inner.schema_type = SchemaType::Type(Type::Array),
            RefOr::T(Schema::OneOf(one)) => {
                let is_null =
                    |item: &RefOr<Schema>| matches!(item, RefOr::T(Schema::Object(inner)) if inner.schema_type == SchemaType::Type(Type::Null));
                one.items.retain(|item| !is_null(item));
                if let [RefOr::Ref(only)] = one.items.as_slice() {
                    let mut only = only.clone();
                    if let Some(description) = &one.description {
                        only.description.clone_from(description);
                    }
                    *member = RefOr::Ref(only);
                }
            }
            _ => {}
        }
    }
}

/// A record with the members of another in it (serde's `flatten`) is one object, not two that each know half of it.
fn flatten(named: &mut BTreeMap<String, RefOr<Schema>>) {
    let known = named.clone();
    let object = |part: &RefOr<Schema>| match part {
        RefOr::Ref(reference) => match known.get(reference.ref_location.rsplit('/').next()?)? {
            RefOr::T(Schema::Object(object)) => Some(object.clone()),
            _ => None,
        },
        RefOr::T(Schema::Object(object)) => Some(object.clone()),
        RefOr::T(_) => None,
    };
    for schema in named.values_mut() {
        let RefOr::T(Schema::AllOf(all)) = schema else { continue };
        let Some(parts) = all.items.iter().map(object).collect::<Option<Vec<_>>>() else { continue };
        let mut whole = ObjectBuilder::new().description(all.description.clone().or_else(|| parts.last()?.description.clone())).build();
        for part in parts {
            whole.properties.extend(part.properties);
            whole.required.extend(part.required);
        }
        *schema = whole.into();
    }
}

/// The names of the schemas that callers send, and of what these refer to.
fn sent(paths: &Paths, named: &BTreeMap<String, RefOr<Schema>>) -> BTreeSet<String> {
    let bodies = paths.paths.values().flat_map(operations).filter_map(|operation| operation.request_body.as_ref());
    reachable(bodies.flat_map(references).collect(), named)
}

/// These schemas and what they refer to.
fn reachable(mut next: Vec<String>, named: &BTreeMap<String, RefOr<Schema>>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    while let Some(name) = next.pop() {
        if let Some(schema) = named.get(&name) {
            next.extend(references(schema).into_iter().filter(|other| !found.contains(other)));
        }
        found.insert(name);
    }
    found
}

fn references(part: &impl serde::Serialize) -> Vec<String> {
    let text = serde_json::to_string(part).unwrap_or_default();
    text.split("\"#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

fn operations(path: &PathItem) -> impl Iterator<Item = &Operation> {
    [&path.get, &path.put, &path.post, &path.delete, &path.patch].into_iter().flatten()
}

fn introduction() -> String {
    let problems: Vec<_> =
        Kind::ALL.iter().map(|kind| format!("| [`{}`]({}) | {} | {} |", kind.code(), kind.path(), kind.status(), kind.title())).collect();
    format!("{DESCRIPTION}\n\n| code | status | meaning |\n|---|---|---|\n{}\n", problems.join("\n"))
}

fn bearer() -> Http {
    HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("An access token of your district's identity provider, or one that a machine got from `/oauth/token`."))
        .build()
}

fn machine() -> OAuth2 {
    let about = |kind: &ClientKind| match kind {
        ClientKind::Operator => "Set up districts.",
        ClientKind::Sis => "Hand in rosters and see how their import went.",
        ClientKind::State => "Pull the collection of ILP status under an agreement.",
    };
    let scopes = Scopes::from_iter(ClientKind::ALL.iter().map(|kind| (kind.scope(), about(kind))));
    let flow = Flow::ClientCredentials(ClientCredentials::new("/oauth/token", scopes));
    OAuth2::with_description([flow], "For machines: client credentials, with `private_key_jwt` or `client_secret_basic`.")
}
