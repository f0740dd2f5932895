//! The OpenAPI document, from the registered routes.

use std::collections::BTreeMap;

use utoipa::openapi::path::Paths;
use utoipa::openapi::security::{ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{ComponentsBuilder, ContactBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, RefOr, Schema, Server};
use utoipa::{PartialSchema, ToSchema};

use crate::problem::ProblemBody;
use crate::routes::Routes;

const DESCRIPTION: &str = "Every student's Individual Learning Plan in its private file: open, portable, correct and private.\n\n\
    People come with an access token of their district's identity provider, machines with one from `/oauth/token`. \
    What you may see depends on your relation to the student, section by section; what you may not know exists is 404.";

/// The tags: one an area.
const TAGS: &[(&str, &str)] = &[
    ("me", "Who you are, and whose files you may open."),
    ("students", "Students whose files you may see."),
    ("files", "The private ILP file: divisions, participants, registrations, and the whole of it."),
    ("plan", "Goals, and what belongs to them."),
    ("proposals", "Suggestions that wait for a decision."),
    ("changes", "The feed: what has changed since you last asked."),
    ("roster", "OneRoster bundles from the student information system."),
    ("relations", "Guardian links and caseloads, which the district confirms."),
    ("state", "The state's collection of ILP status."),
    ("operator", "Setting up districts, issuers, clients and agreements."),
    ("service", "Health, tokens, and this document."),
];

/// The document, 3.1. `origin` is how others reach the service; the golden file has none.
pub fn document(routes: &Routes, origin: Option<&str>) -> OpenApi {
    let (paths, mut named): (Paths, BTreeMap<String, RefOr<Schema>>) = routes.description();
    let mut more = vec![];
    ProblemBody::schemas(&mut more);
    named.extend(more);
    named.insert("Problem".into(), ProblemBody::schema());
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("An access token of your district's identity provider, or one that a machine got from /oauth/token."))
        .build();
    let scopes = Scopes::from_iter([
        ("operator", "Set up districts."),
        ("sis.roster.write", "Hand in rosters."),
        ("state.dataset.ilp-status", "Pull the collection of ILP status."),
    ]);
    let token_url = format!("{}/oauth/token", origin.unwrap_or_default());
    let oauth = OAuth2::with_description([Flow::ClientCredentials(ClientCredentials::new(token_url, scopes))], "For machines.");
    let info = InfoBuilder::new()
        .title("OpenILP")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(DESCRIPTION))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .contact(Some(ContactBuilder::new().name(Some("OpenILP")).url(Some("https://openilp.example")).build()))
        .build();
    let components = ComponentsBuilder::new()
        .schemas_from_iter(named)
        .security_scheme("bearer", SecurityScheme::Http(bearer))
        .security_scheme("machine", SecurityScheme::OAuth2(oauth))
        .build();
    let tags: Vec<_> = TAGS.iter().map(|(name, about)| TagBuilder::new().name(*name).description(Some(*about)).build()).collect();
    OpenApiBuilder::new()
        .info(info)
        .servers(Some([Server::new(origin.unwrap_or("/"))]))
        .paths(paths)
        .components(Some(components))
        .tags(Some(tags))
        .build()
}
