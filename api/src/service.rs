//! What every caller may ask: health, metrics, tokens and keys, the OpenAPI document and its page.

use std::marker::PhantomData;
use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa_swagger_ui::{Config as SwaggerConfig, SwaggerUi};

use crate::answer::{Media, Outcome, RawOf};
use crate::auth;
use crate::body;
use crate::guard::{Public, state};
use crate::openapi;
use crate::problem::{Kind, Problem};
use crate::routes::{About, Argument, Doc, Routes};

/// The documents, rendered once a thread.
pub struct Documents {
    document: utoipa::openapi::OpenApi,
}

impl Documents {
    /// Of these routes.
    pub fn of(routes: &Routes) -> Self { Self { document: openapi::document(routes, None) } }
}

macro_rules! media { ($($name:ident = $media:literal, $about:literal;)*) => { $(
    /// A media type.
    pub struct $name;
    impl Media for $name {
        const TYPE: &'static str = $media;
        const ABOUT: &'static str = $about;
    }
)* } }

media! {
    Json = "application/json", "The answer.";
    Text = "text/plain", "The answer.";
    KeySet = "application/jwk-set+json", "The public keys.";
}

/// Plain request parts, for handlers that other modules answer in full.
struct Whole {
    http: HttpRequest,
}

impl Argument for Whole {
    async fn extract(request: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> { Ok(Self { http: request.clone() }) }
    fn describe(_: &mut Doc) {}
}

/// The form of a token request.
struct TokenForm {
    bytes: Vec<u8>,
}

impl Argument for TokenForm {
    async fn extract(_: &HttpRequest, payload: &mut Payload) -> Result<Self, Problem> {
        Ok(Self { bytes: body::bytes(payload, 64 * 1024, Duration::from_secs(10)).await? })
    }
    fn describe(doc: &mut Doc) {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        let text = |about: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(about));
        let form = ObjectBuilder::new()
            .property("grant_type", text("Always client_credentials.").enum_values(Some(["client_credentials"])))
            .property("scope", text("What is asked for; all that the client may have, if left out."))
            .property("client_assertion_type", text("For private_key_jwt: urn:ietf:params:oauth:client-assertion-type:jwt-bearer."))
            .property("client_assertion", text("For private_key_jwt: the signed assertion (RFC 7523)."))
            .required("grant_type")
            .build();
        doc.body("application/x-www-form-urlencoded", form, Some(serde_json::json!({ "grant_type": "client_credentials" })), "RFC 6749, 4.4.2.");
        doc.empty(401, "The client is not known by these credentials.");
    }
}

fn raw<M>(response: HttpResponse) -> Outcome<RawOf<M>> { Ok(RawOf(response, PhantomData)) }

async fn health(_: Public) -> Outcome<RawOf<Json>> { raw(HttpResponse::Ok().json(serde_json::json!({ "status": "alive" }))) }

async fn ready(public: Public) -> Outcome<RawOf<Json>> {
    if !public.state.ready.load(Ordering::Acquire) { return Err(Problem::new(Kind::Unavailable, "The service is stopping.")); }
    public.state.db.ping().await?;
    raw(HttpResponse::Ok().json(serde_json::json!({ "status": "ready" })))
}

async fn metrics(public: Public) -> Outcome<RawOf<Text>> {
    let (used, _) = public.state.db.usage();
    public.state.metrics.connections_used.set(i64::try_from(used).unwrap_or_default());
    raw(HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(public.state.metrics.text()))
}

async fn token(public: Public, whole: Whole, form: TokenForm) -> Outcome<RawOf<Json>> {
    let now = public.state.clock.now();
    raw(auth::http::token(&whole.http, &form.bytes, &public.state.auth, &public.state.db, now).await)
}

async fn keys(public: Public) -> Outcome<RawOf<KeySet>> {
    let answer = auth::http::jwks(&public.state.auth, &public.state.db, public.state.clock.now()).await;
    raw(answer.map_err(|_| Problem::new(Kind::Unavailable, "The keys cannot be read right now. Try again."))?)
}

async fn authorization_server(public: Public) -> Outcome<RawOf<Json>> { raw(auth::http::authorization_server(&public.state.auth)) }

async fn protected_resource(public: Public) -> Outcome<RawOf<Json>> { raw(auth::http::protected_resource(&public.state.auth)) }

fn documents(http: &HttpRequest) -> Outcome<web::Data<Documents>> {
    http.app_data::<web::Data<Documents>>().cloned().ok_or_else(|| Problem::new(Kind::Internal, "The service is not set up."))
}

async fn document(public: Public, whole: Whole) -> Outcome<RawOf<Json>> {
    let mut document = documents(&whole.http)?.document.clone();
    document.servers = Some(vec![utoipa::openapi::Server::new(&public.state.config.public_origin)]);
    raw(HttpResponse::Ok().json(document))
}

/// The routes of the service itself.
pub fn routes(r: &mut Routes) {
    r.tag("service");
    r.get("/healthz", health, About { id: "health", summary: "Whether the process is alive", text: "" });
    r.get("/readyz", ready, About { id: "ready", summary: "Whether requests can be answered", text: "503 while the database is away or the service is stopping." });
    r.get("/metrics", metrics, About { id: "metrics", summary: "Counters in the Prometheus format", text: "" });
    r.post("/oauth/token", token, About { id: "issue_token", summary: "Get a token for a machine client", text: "OAuth 2.0 client credentials, with client_secret_basic or private_key_jwt." });
    r.get("/.well-known/jwks.json", keys, About { id: "list_keys", summary: "The public keys of this service", text: "" });
    r.get("/.well-known/oauth-authorization-server", authorization_server, About { id: "authorization_server", summary: "OAuth metadata (RFC 8414)", text: "" });
    r.get("/.well-known/oauth-protected-resource", protected_resource, About { id: "protected_resource", summary: "OAuth metadata (RFC 9728)", text: "" });
    r.get("/openapi.json", document, About { id: "openapi", summary: "This document, OpenAPI 3.1", text: "" });
}

/// The documentation page, served from the program itself.
pub fn pages(config: &mut web::ServiceConfig) {
    let swagger = SwaggerConfig::from("/openapi.json").persist_authorization(false).try_it_out_enabled(true);
    config.service(SwaggerUi::new("/docs/{_:.*}").config(swagger));
    config.service(web::redirect("/docs", "/docs/"));
    config.service(web::resource("/problems/{code}").to(explain));
}

async fn explain(http: HttpRequest) -> HttpResponse {
    let code = http.match_info().get("code").unwrap_or_default().to_owned();
    match (Kind::ALL.iter().find(|kind| kind.code() == code), state(&http)) {
        (Some(kind), Ok(_)) => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(format!("{} ({})\n\n{}.\n", kind.code(), kind.status(), kind.title())),
        _ => crate::routes::respond_problem(&http, &Problem::new(Kind::NotFound, "There is no such kind of problem.")),
    }
}
