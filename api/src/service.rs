//! What every caller may ask: health, metrics, tokens and keys, the OpenAPI documents.

use std::marker::PhantomData;
use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

use crate::answer::{Media, Outcome, RawOf};
use crate::auth;
use crate::body;
use crate::guard::Public;
use crate::pages::Documents;
use crate::problem::{Kind, Problem};
use crate::routes::{About, Argument, Doc, Routes};

macro_rules! media { ($($(#[$doc:meta])* $name:ident = $media:literal, $about:literal, $schema:expr, $example:tt;)*) => { $(
    $(#[$doc])*
    pub struct $name;
    impl Media for $name {
        const TYPE: &'static str = $media;
        const ABOUT: &'static str = $about;
        fn schema(doc: &mut Doc) -> RefOr<Schema> {
            let describe: fn(&mut Doc) -> RefOr<Schema> = $schema;
            describe(doc)
        }
        fn example() -> Value { json!($example) }
    }
)* } }

media! {
    /// Whether the service is up.
    Health = "application/json", "It is.", |doc| doc.derived::<HealthBody>(), { "status": "alive" };
    /// Counters.
    Counters = "text/plain", "Counters in the Prometheus format.", |_| text("Prometheus text format 0.0.4."),
        "# TYPE openilp_requests_total counter\nopenilp_requests_total{method=\"GET\",status=\"200\"} 1\n";
    /// A token.
    Token = "application/json", "The token.", |doc| doc.derived::<auth::TokenAnswer>(),
        { "access_token": "eyJhbGciOiJFUzI1NiJ9…", "token_type": "Bearer", "expires_in": 600, "scope": "sis.roster.write" };
    /// The keys by which our tokens are verified.
    KeySet = "application/jwk-set+json", "The public keys.", |doc| doc.schema("KeySet", |_| key_set()),
        { "keys": [{ "kty": "EC", "use": "sig", "alg": "ES256", "kid": "0192a4c0", "crv": "P-256", "x": "f83OJ3D2…", "y": "x_FEzRu9…" }] };
    /// OAuth metadata of the issuer.
    AuthorizationServer = "application/json", "The metadata.", |doc| doc.derived::<auth::AuthorizationServerMetadata>(), {
        "issuer": "https://ilp.example.org", "token_endpoint": "https://ilp.example.org/oauth/token",
        "jwks_uri": "https://ilp.example.org/.well-known/jwks.json", "scopes_supported": ["sis.roster.write"], "response_types_supported": [],
        "grant_types_supported": ["client_credentials"], "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_basic"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256", "ES384", "RS384", "PS256", "EdDSA"]
    };
    /// OAuth metadata of the resource.
    ProtectedResource = "application/json", "The metadata.", |doc| doc.derived::<auth::ProtectedResourceMetadata>(), {
        "resource": "https://ilp.example.org/v1", "authorization_servers": ["https://ilp.example.org"], "scopes_supported": ["sis.roster.write"],
        "bearer_methods_supported": ["header"], "resource_name": "OpenILP"
    };
    /// An OpenAPI document.
    Document = "application/json", "The document.", |doc| doc.schema("OpenApiDocument", |_| any_object("An OpenAPI document.")), { "openapi": "3.1.0" };
}

/// That it is up.
#[derive(ToSchema)]
#[schema(as = Health)]
#[expect(dead_code, reason = "described only")]
struct HealthBody {
    /// `alive` or `ready`.
    status: String,
}

fn text(about: &str) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).description(Some(about)).build().into()
}

fn any_object(about: &str) -> RefOr<Schema> {
    let any = AdditionalProperties::FreeForm(true);
    ObjectBuilder::new().schema_type(Type::Object).additional_properties(Some(any)).description(Some(about)).build().into()
}

fn key_set() -> RefOr<Schema> {
    let keys = ArrayBuilder::new().items(any_object("A JSON Web Key (RFC 7517).")).description(Some("The keys, newest first."));
    ObjectBuilder::new().property("keys", keys).required("keys").description(Some("A JSON Web Key Set (RFC 7517).")).build().into()
}

/// Plain request parts, for handlers that other modules answer in full.
struct Whole {
    http: HttpRequest,
}

impl Argument for Whole {
    async fn extract(request: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        Ok(Self { http: request.clone() })
    }
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
        let text = |about: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(about));
        let form = ObjectBuilder::new()
            .property("grant_type", text("Always client_credentials.").enum_values(Some(["client_credentials"])))
            .property("scope", text("What is asked for; all that the client may have, if left out."))
            .property("client_assertion_type", text("For private_key_jwt: urn:ietf:params:oauth:client-assertion-type:jwt-bearer."))
            .property("client_assertion", text("For private_key_jwt: the signed assertion (RFC 7523)."))
            .required("grant_type")
            .description(Some("A request for a token. Other parameters are passed over (RFC 6749, 3.2)."))
            .additional_properties(Some(AdditionalProperties::FreeForm(true)));
        let form = doc.schema("TokenRequest", |_| form.into());
        doc.body("application/x-www-form-urlencoded", form, Some(json!({ "grant_type": "client_credentials" })), "The form of RFC 6749, 4.4.2.");
        let refused = doc.derived::<auth::TokenErrorAnswer>();
        for (status, about, error, detail) in [
            (400, "The request is wrong.", "invalid_request", "grant_type is missing."),
            (401, "The client has not proved itself.", "invalid_client", "The client is not known here or did not prove itself."),
            (503, "It cannot be checked at present.", "temporarily_unavailable", "Try again in a moment."),
        ] {
            doc.answer(status, about, "application/json", refused.clone(), Some(json!({ "error": error, "error_description": detail })));
        }
        doc.problems(&[(408, ""), (413, ""), (429, "Too many tokens from your address were not accepted.")]);
    }
}

fn raw<M>(response: HttpResponse) -> Outcome<RawOf<M>> {
    Ok(RawOf(response, PhantomData))
}

async fn health(_: Public) -> Outcome<RawOf<Health>> {
    raw(HttpResponse::Ok().json(serde_json::json!({ "status": "alive" })))
}

async fn ready(public: Public) -> Outcome<RawOf<Health>> {
    if !public.state.ready.load(Ordering::Acquire) {
        return Err(Problem::new(Kind::Unavailable, "The service is stopping."));
    }
    public.state.db.ping().await?;
    raw(HttpResponse::Ok().json(serde_json::json!({ "status": "ready" })))
}

async fn metrics(public: Public) -> Outcome<RawOf<Counters>> {
    let (used, _) = public.state.db.usage();
    public.state.metrics.connections_used.set(i64::try_from(used).unwrap_or_default());
    raw(HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(public.state.metrics.text()))
}

async fn token(public: Public, whole: Whole, form: TokenForm) -> Outcome<RawOf<Token>> {
    let (state, now) = (&public.state, public.state.clock.now());
    let address = whole.http.peer_addr().map(|address| address.ip());
    state.within(state.limits.heed(address))?;
    let answer = auth::http::token(&whole.http, &form.bytes, &state.auth, &state.db, now).await;
    if answer.status().is_client_error() {
        state.limits.note_refusal(address);
    }
    raw(answer)
}

async fn keys(public: Public) -> Outcome<RawOf<KeySet>> {
    let answer = auth::http::jwks(&public.state.auth, &public.state.db, public.state.clock.now()).await;
    raw(answer.map_err(|_| Problem::new(Kind::Unavailable, "The keys cannot be read right now. Try again."))?)
}

async fn authorization_server(public: Public) -> Outcome<RawOf<AuthorizationServer>> {
    raw(auth::http::authorization_server(&public.state.auth))
}

async fn protected_resource(public: Public) -> Outcome<RawOf<ProtectedResource>> {
    raw(auth::http::protected_resource(&public.state.auth))
}

/// The documents. They are made once, on a thread that may take its time.
async fn documents(public: &Public) -> Outcome<Documents> {
    let (documents, config) = (public.state.documents.clone(), public.state.config.clone());
    let made = web::block(move || documents.get_or_init(|| Documents::of(&config.public_origin)).clone()).await;
    made.map_err(|_| Problem::new(Kind::Unavailable, "The service is stopping."))
}

async fn document(public: Public) -> Outcome<RawOf<Document>> {
    raw(HttpResponse::Ok().content_type("application/json").body(documents(&public).await?.newest))
}

async fn document_30(public: Public) -> Outcome<RawOf<Document>> {
    raw(HttpResponse::Ok().content_type("application/json").body(documents(&public).await?.older))
}

/// The routes of the service itself.
pub fn routes(r: &mut Routes) {
    r.tag("service");
    r.get("/healthz", health, About { id: "health", summary: "Whether the process is alive", text: "" });
    r.get(
        "/readyz",
        ready,
        About { id: "ready", summary: "Whether requests can be answered", text: "503 while the database is away or the service is stopping." },
    );
    r.get("/metrics", metrics, About { id: "metrics", summary: "Counters in the Prometheus format", text: "" });
    r.post(
        "/oauth/token",
        token,
        About {
            id: "issue_token",
            summary: "Get a token for a machine client",
            text: "OAuth 2.0 client credentials, with client_secret_basic or private_key_jwt.",
        },
    );
    r.get("/.well-known/jwks.json", keys, About { id: "list_keys", summary: "The public keys of this service", text: "" });
    r.get(
        "/.well-known/oauth-authorization-server",
        authorization_server,
        About { id: "authorization_server", summary: "OAuth metadata (RFC 8414)", text: "" },
    );
    r.get(
        "/.well-known/oauth-protected-resource",
        protected_resource,
        About { id: "protected_resource", summary: "OAuth metadata (RFC 9728)", text: "" },
    );
    r.get("/openapi.json", document, About { id: "openapi", summary: "This document, OpenAPI 3.1", text: "" });
    r.get(
        "/openapi-3.0.json",
        document_30,
        About { id: "openapi_30", summary: "This document in OpenAPI 3.0", text: "For tools that do not read 3.1 yet." },
    );
}
