//! Authentication against a real PostgreSQL: the token endpoint, the registers behind it, and first starts that race.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use openilp_api::auth::{AuthConfig, AuthError, Authenticator, Refusal, TokenError, TokenRequest, new_client_secret, secret_hash};
use openilp_api::setup;
use openilp_domain::id::{ClientId, DistrictId, PersonId};
use openilp_domain::identity::{Issuer, KeySource, SignatureAlgorithm};
use openilp_domain::identity_link::NewIdentityLink;
use openilp_domain::page::PageOf;
use openilp_domain::principal::{ClientKind, Principal, Through};
use openilp_persistence::identity::{self, NewClient};
use openilp_persistence::identity_link;
use openilp_persistence::{Db, migrate};
use openilp_tests::cluster::TestDatabase;
use serde_json::{Value, json};
use uuid::Uuid;

const ORIGIN: &str = "https://ilp.example";

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn district() -> DistrictId {
    DistrictId(Uuid::from_u128(7))
}

/// The service's authentication on a migrated and empty database.
struct World {
    database: TestDatabase,
    db: Db,
    auth: Authenticator,
}

fn authenticator() -> Authenticator {
    Authenticator::new(AuthConfig { origin: ORIGIN.into(), audience: ORIGIN.into(), demo_issuer: false })
}

impl World {
    async fn start() -> Self {
        let database = TestDatabase::empty().await;
        migrate::up(&database.connector).await.unwrap();
        let db = Db::new(database.connector.clone(), 8, Default::default()).unwrap();
        Self { database, db, auth: authenticator() }
    }

    /// Registers a client, with a secret or keys.
    async fn client(&self, kind: ClientKind, secret: Option<&str>, keys: Option<KeySource>) -> ClientId {
        let id = ClientId(openilp_persistence::new_id(now()));
        let district_id = (kind == ClientKind::Sis).then(district);
        let client = NewClient { id, kind, name: "Test".into(), district_id, secret_hash: secret.map(secret_hash), keys };
        self.db.register(async |conn| identity::insert_client(conn, client, now()).await).await.unwrap();
        id
    }

    async fn ask(&self, authorization: Option<&str>, body: &str, at: DateTime<Utc>) -> Result<Value, TokenError> {
        let request = TokenRequest { authorization, content_type: Some("application/x-www-form-urlencoded"), body: body.as_bytes() };
        self.auth.token(&self.db, request, at).await.map(|answer| serde_json::to_value(answer).unwrap())
    }

    async fn by_secret(&self, id: ClientId, secret: &str) -> Result<Value, TokenError> {
        self.ask(Some(&format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))), "grant_type=client_credentials", now()).await
    }

    async fn by_assertion(&self, assertion: &str, at: DateTime<Utc>) -> Result<Value, TokenError> {
        let body = format!(
            "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion={assertion}"
        );
        self.ask(None, &body, at).await
    }

    async fn principal(&self, token: &str, at: DateTime<Utc>) -> Result<Principal, AuthError> {
        self.auth.principal(&self.db, Some(&format!("Bearer {token}")), at).await
    }
}

fn token_of(answer: &Value) -> &str {
    answer["access_token"].as_str().unwrap()
}

fn refused(reason: Refusal) -> TokenError {
    TokenError::InvalidClient(reason)
}

#[tokio::test]
async fn a_client_with_a_secret_gets_a_token_and_a_stopped_one_does_not() {
    let world = World::start().await;
    let secret = new_client_secret().unwrap().into_exposed();
    assert_eq!(secret.len(), 43, "256 bits");
    let id = world.client(ClientKind::Sis, Some(&secret), None).await;

    let answer = world.by_secret(id, &secret).await.unwrap();
    assert_eq!((&answer["token_type"], &answer["expires_in"], &answer["scope"]), (&json!("Bearer"), &json!(600), &json!("sis.roster.write")));
    let principal = Principal::Machine { client_id: id, kind: ClientKind::Sis, district_id: Some(district()) };
    assert_eq!(world.principal(token_of(&answer), now()).await, Ok(principal));
    assert_eq!(world.principal(token_of(&answer), now() + TimeDelta::seconds(630)).await, Err(Refusal::Expired.into()));

    assert_eq!(world.by_secret(id, "wrong").await.unwrap_err(), refused(Refusal::SecretWrong));
    assert_eq!(world.by_secret(ClientId(Uuid::nil()), &secret).await.unwrap_err(), refused(Refusal::ClientUnknown));
    let without_secret = world.client(ClientKind::Operator, None, Some(KeySource::JwksUrl("https://a.example".into()))).await;
    assert_eq!(world.by_secret(without_secret, "").await.unwrap_err(), refused(Refusal::SecretWrong));

    // The door's question, in the transaction of a request.
    let active = async |kind, district_id| world.db.register(async |conn| identity::client_active(conn, id, kind, district_id).await).await.unwrap();
    assert!(active(ClientKind::Sis, Some(district())).await);
    assert!(!active(ClientKind::Sis, Some(DistrictId(Uuid::nil()))).await);
    assert!(!active(ClientKind::Operator, None).await);
    setup::set_client_active(&world.db, now(), id, false).await.unwrap();
    assert!(!active(ClientKind::Sis, Some(district())).await);
    assert_eq!(world.by_secret(id, &secret).await.unwrap_err(), refused(Refusal::ClientUnknown));

    // A new secret puts the old one out of use.
    setup::set_client_active(&world.db, now(), id, true).await.unwrap();
    let (_, new) = setup::replace_client_secret(&world.db, now(), id).await.unwrap();
    assert_eq!(world.by_secret(id, &secret).await.unwrap_err(), refused(Refusal::SecretWrong));
    assert!(world.by_secret(id, new.expose()).await.is_ok());
    let clients = setup::clients(&world.db, now()).await.unwrap();
    let client = clients.iter().find(|client| client.id == id).unwrap();
    assert_eq!((client.has_secret, client.active, client.version), (true, true, 4));
}

#[tokio::test]
async fn malformed_token_requests_are_told_apart_by_rfc_6749() {
    let world = World::start().await;
    let secret = new_client_secret().unwrap().into_exposed();
    let id = world.client(ClientKind::State, Some(&secret), None).await;
    let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    let cases = [
        (Some(basic.as_str()), "", "invalid_request"),
        (Some(&basic), "grant_type=", "invalid_request"),
        (Some(&basic), "grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
        (Some(&basic), "grant_type=%zz", "invalid_request"),
        (Some(&basic), "grant_type=password&username=a&password=b", "unsupported_grant_type"),
        (Some(&basic), "grant_type=authorization_code&code=x", "unsupported_grant_type"),
        (Some(&basic), "grant_type=client_credentials&scope=operator", "invalid_scope"),
        (Some(&basic), "grant_type=client_credentials&scope=state.dataset.ilp-status+operator", "invalid_scope"),
        (Some(&basic), "grant_type=client_credentials&client_id=00000000-0000-0000-0000-000000000001", "invalid_request"),
        (Some(&basic), "grant_type=client_credentials&client_secret=x", "invalid_request"),
        (None, "grant_type=client_credentials&client_id=a&client_secret=x", "invalid_request"),
        (Some(&basic), "grant_type=client_credentials&client_assertion=x&client_assertion_type=y", "invalid_request"),
        (None, "grant_type=client_credentials&client_assertion=x", "invalid_request"),
        (None, "grant_type=client_credentials&client_assertion=x&client_assertion_type=y", "invalid_request"),
        (None, "grant_type=client_credentials", "invalid_client"),
        (Some("Basic !"), "grant_type=client_credentials", "invalid_client"),
        (Some("Bearer x"), "grant_type=client_credentials", "invalid_client"),
        (Some("Basic YTpi"), "grant_type=client_credentials", "invalid_client"),
    ];
    for (authorization, body, code) in cases {
        let error = world.ask(authorization, body, now()).await.unwrap_err();
        let answer = serde_json::to_value(error.answer()).unwrap();
        assert_eq!(answer["error"], code, "{body}");
        assert_eq!(error.status(), if code == "invalid_client" { 401 } else { 400 }, "{body}");
    }
    let json = TokenRequest { authorization: Some(&basic), content_type: Some("application/json"), body: b"{}" };
    assert_eq!(world.auth.token(&world.db, json, now()).await.unwrap_err().status(), 400);
    let asked = format!("grant_type=client_credentials&scope=state.dataset.ilp-status&client_id={id}&unknown=ignored");
    assert!(world.ask(Some(&basic), &asked, now()).await.is_ok());
}

/// A key pair of a client: its private half, its algorithm and its public half.
struct ClientKey {
    private: EncodingKey,
    algorithm: Algorithm,
    jwk: Value,
}

impl ClientKey {
    fn ec(algorithm: Algorithm, crv: &str) -> Self {
        let signing =
            if algorithm == Algorithm::ES256 { &signature::ECDSA_P256_SHA256_FIXED_SIGNING } else { &signature::ECDSA_P384_SHA384_FIXED_SIGNING };
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(signing, &SystemRandom::new()).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(signing, pkcs8.as_ref()).unwrap();
        let point = &pair.public_key().as_ref()[1..];
        let (x, y) = point.split_at(point.len() / 2);
        let jwk = json!({ "kty": "EC", "crv": crv, "kid": format!("{algorithm:?}"), "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y) });
        Self { private: EncodingKey::from_ec_der(pkcs8.as_ref()), algorithm, jwk }
    }

    fn ed() -> Self {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "kid": "EdDSA", "x": URL_SAFE_NO_PAD.encode(pair.public_key()) });
        Self { private: EncodingKey::from_ed_der(pkcs8.as_ref()), algorithm: Algorithm::EdDSA, jwk }
    }

    fn rsa() -> [Self; 3] {
        let pair = aws_lc_rs::rsa::KeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).unwrap();
        let pkcs8 = aws_lc_rs::encoding::AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&pair).unwrap();
        let public = signature::RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
        [Algorithm::RS384, Algorithm::PS256, Algorithm::RS256].map(|algorithm| {
            let jwk = json!({ "kty": "RSA", "kid": format!("{algorithm:?}"), "n": URL_SAFE_NO_PAD.encode(&public.n), "e": URL_SAFE_NO_PAD.encode(&public.e) });
            // PKCS#1 stands in PKCS#8 after 26 bytes of envelope.
            Self { private: EncodingKey::from_rsa_der(&pkcs8.as_ref()[26..]), algorithm, jwk }
        })
    }

    fn sign(&self, typ: Option<&str>, claims: &Value) -> String {
        let mut header = Header::new(self.algorithm);
        header.typ = typ.map(Into::into);
        header.kid = Some(format!("{:?}", self.algorithm));
        jsonwebtoken::encode(&header, claims, &self.private).unwrap()
    }
}

fn assertion(id: ClientId, jti: &str) -> Value {
    let at = now().timestamp();
    json!({ "iss": id, "sub": id, "aud": format!("{ORIGIN}/oauth/token"), "iat": at, "exp": at + 60, "jti": jti })
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

#[tokio::test]
async fn a_client_with_keys_proves_itself_once_with_each_assertion() {
    let world = World::start().await;
    let [rs384, ps256, rs256] = ClientKey::rsa();
    let (es256, es384, ed) = (ClientKey::ec(Algorithm::ES256, "P-256"), ClientKey::ec(Algorithm::ES384, "P-384"), ClientKey::ed());
    let keys: Vec<&Value> = [&es256, &es384, &ed, &rs384, &ps256, &rs256].iter().map(|key| &key.jwk).collect();
    let keys = KeySource::Jwks(json!({ "keys": keys }));
    openilp_api::auth::check_keys(&keys).unwrap();
    let id = world.client(ClientKind::Operator, None, Some(keys)).await;

    for key in [&es256, &es384, &ed, &rs384, &ps256] {
        let signed = key.sign(Some("JWT"), &assertion(id, &format!("{:?}", key.algorithm)));
        let answer = world.by_assertion(&signed, now()).await.unwrap();
        let principal = Principal::Machine { client_id: id, kind: ClientKind::Operator, district_id: None };
        assert_eq!(world.principal(token_of(&answer), now()).await, Ok(principal));
        assert_eq!(world.by_assertion(&signed, now()).await.unwrap_err(), refused(Refusal::Replayed), "{:?}", key.algorithm);
    }

    let at = now().timestamp();
    let good = assertion(id, "good");
    for (what, signed, reason) in [
        ("RS256", rs256.sign(None, &good), Refusal::AlgorithmNotAllowed),
        ("an access token", es256.sign(Some("at+jwt"), &good), Refusal::TypeWrong),
        ("of another client", es256.sign(None, &with(good.clone(), "sub", json!(Uuid::nil()))), Refusal::ClaimWrong("sub")),
        ("of nobody", es256.sign(None, &assertion(ClientId(Uuid::nil()), "x")), Refusal::ClientUnknown),
        ("client id no UUID", es256.sign(None, &with(with(good.clone(), "sub", json!("me")), "iss", json!("me"))), Refusal::ClientUnknown),
        ("forged", ClientKey::ec(Algorithm::ES256, "P-256").sign(None, &good), Refusal::SignatureWrong),
        ("for another server", es256.sign(None, &with(good.clone(), "aud", json!("https://other.example/oauth/token"))), Refusal::AudienceWrong),
        ("for two servers", es256.sign(None, &with(good.clone(), "aud", json!([ORIGIN, "https://other.example"]))), Refusal::AudienceWrong),
        ("ending before it begins", es256.sign(None, &with(good.clone(), "exp", json!(at - 30))), Refusal::LifetimeWrong),
        ("long expired", es256.sign(None, &with(with(good.clone(), "iat", json!(at - 200)), "exp", json!(at - 100))), Refusal::Expired),
        ("too far ahead", es256.sign(None, &with(good.clone(), "exp", json!(at + 331))), Refusal::LifetimeWrong),
        ("a year ahead", es256.sign(None, &with(good.clone(), "exp", json!(at + 31_536_000))), Refusal::LifetimeWrong),
        ("without jti", es256.sign(None, &with(good.clone(), "jti", Value::Null)), Refusal::ClaimIllTyped("jti")),
        ("jti too long", es256.sign(None, &with(good.clone(), "jti", json!("j".repeat(256)))), Refusal::ClaimWrong("jti")),
        ("issued ahead", es256.sign(None, &with(good.clone(), "iat", json!(at + 31))), Refusal::IssuedAhead),
        ("garbage", "garbage".into(), Refusal::NotCompact),
    ] {
        assert_eq!(world.by_assertion(&signed, now()).await.unwrap_err(), refused(reason), "{what}");
    }
    // None of these used up the id; the audience may be the issuer too, alone in a list.
    let good = es256.sign(None, &with(good, "aud", json!([ORIGIN])));
    assert_eq!(world.principal(&good, now()).await, Err(Refusal::IssuerUnknown.into()), "an assertion is no access token");

    // Twenty at once: one wins.
    let answers = join_all((0..20).map(|_| world.by_assertion(&good, now()))).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert!(answers.iter().flat_map(|answer| answer.as_ref().err()).all(|error| *error == refused(Refusal::Replayed)));

    // What has expired is forgotten with the next use.
    let later = now() + TimeDelta::minutes(10);
    let next = json!({ "iss": id, "sub": id, "aud": ORIGIN, "iat": later.timestamp(), "exp": later.timestamp() + 300, "jti": "next" });
    world.by_assertion(&es256.sign(None, &next), later).await.unwrap();
    let rows = world.database.owner().await.query_one("select count(*) from client_assertions", &[]).await.unwrap();
    assert_eq!(rows.get::<_, i64>(0), 1);
}

#[tokio::test]
async fn first_starts_that_race_end_with_one_key() {
    let world = World::start().await;
    let starts: Vec<Authenticator> = (0..8).map(|_| authenticator()).collect();
    let keys = join_all(starts.iter().map(|start| start.jwks(&world.db, now()))).await;
    let kids: std::collections::BTreeSet<String> = keys.into_iter().map(|jwks| serde_json::to_string(&jwks.unwrap()).unwrap()).collect();
    assert_eq!(kids.len(), 1);
    let public: Value = serde_json::from_str(kids.first().unwrap()).unwrap();
    assert_eq!(public["keys"].as_array().unwrap().len(), 1);
    assert_eq!(public["keys"][0].as_object().unwrap().keys().collect::<Vec<_>>(), ["alg", "crv", "kid", "kty", "use", "x", "y"], "nothing private");
    // What one process issues, another takes.
    let secret = new_client_secret().unwrap().into_exposed();
    let id = world.client(ClientKind::State, Some(&secret), None).await;
    let answer = world.by_secret(id, &secret).await.unwrap();
    let header = format!("Bearer {}", token_of(&answer));
    assert!(starts[3].principal(&world.db, Some(&header), now()).await.is_ok());
}

#[tokio::test]
async fn an_issuer_counts_from_its_registration_to_its_removal() {
    let world = World::start().await;
    let key = ClientKey::ec(Algorithm::ES256, "P-256");
    let issuer = "https://id.district.example";
    let at = now().timestamp();
    let token = key.sign(Some("at+jwt"), &json!({ "iss": issuer, "aud": "ilp", "sub": "s-1", "iat": at, "exp": at + 600 }));
    assert_eq!(world.principal(&token, now()).await, Err(Refusal::IssuerUnknown.into()));

    let row = Issuer {
        issuer: issuer.into(),
        district_id: district(),
        audience: "ilp".into(),
        keys: KeySource::Jwks(json!({ "keys": [key.jwk] })),
        algorithms: vec![SignatureAlgorithm::Es256],
        matching: None,
        for_families: false,
        created_at: now(),
    };
    world.db.register(async |conn| identity::insert_issuer(conn, row.clone()).await).await.unwrap();
    // Elsewhere within a second; here at once, if told.
    let person = Principal::Person { district_id: district(), issuer: issuer.into(), subject: "s-1".into(), through: Through::Unnamed };
    assert_eq!(world.principal(&token, now()).await, Err(Refusal::IssuerUnknown.into()));
    assert_eq!(world.principal(&token, now() + TimeDelta::seconds(1)).await, Ok(person.clone()));
    let again = world.db.register(async |conn| identity::insert_issuer(conn, row.clone()).await).await;
    assert!(matches!(again, Err(openilp_persistence::Error::Conflict { code: "issuer_exists", .. })));
    assert_eq!(world.db.register(async |conn| identity::issuers(conn).await).await.unwrap(), [row]);

    assert!(world.db.register(async |conn| identity::remove_issuer(conn, issuer).await).await.unwrap());
    assert_eq!(world.principal(&token, now() + TimeDelta::seconds(2)).await, Ok(person));
    world.auth.forget_issuers();
    assert_eq!(world.principal(&token, now() + TimeDelta::seconds(2)).await, Err(Refusal::IssuerUnknown.into()));
}

#[tokio::test]
async fn a_login_is_linked_once_in_its_district_and_journaled() {
    let world = World::start().await;
    let client = world.database.owner().await;
    let other = DistrictId(Uuid::from_u128(8));
    for id in [district(), other] {
        client
            .batch_execute(&format!(
                "insert into districts values ('{id}', 'District', 'UT', null, 'America/Denver', 'us-ut-ega', false, false, 1, now(), now());
                 insert into people (district_id, id, given_name, family_name, active, version, created_at, updated_at)
                 values ('{id}', '{0}', 'Ada', 'Lopez', true, 1, now(), now())",
                Uuid::from_u128(70)
            ))
            .await
            .unwrap();
    }
    let person = PersonId(Uuid::from_u128(70));
    let login = || NewIdentityLink { issuer: "https://id.example".parse().unwrap(), subject: "s-1".parse().unwrap(), person_id: person };
    let link = async |district| world.db.command(district, now(), async |tx, granted| identity_link::create(tx, granted, login()).await).await;
    let made = link(district()).await.unwrap();
    assert!(matches!(link(district()).await, Err(openilp_persistence::Error::Conflict { code: "subject_linked", .. })));
    assert!(link(other).await.is_ok(), "the same login may be linked in each district");
    let list =
        world.db.command(district(), now(), async |tx, granted| identity_link::list(tx, granted.grant(), Some(person), PageOf::default()).await);
    assert_eq!(list.await.unwrap().items, std::slice::from_ref(&made));

    let unlink = async |district| world.db.command(district, now(), async |tx, granted| identity_link::remove(tx, granted, made.id, 1).await).await;
    assert!(matches!(unlink(other).await, Err(openilp_persistence::Error::NotFound)));
    unlink(district()).await.unwrap();
    assert!(matches!(unlink(district()).await, Err(openilp_persistence::Error::NotFound)));
    let journaled = "select string_agg(operation, ' ' order by operation) from changes where kind = 'identityLink' and district_id = $1";
    let row = client.query_one(journaled, &[&district().0]).await.unwrap();
    assert_eq!(row.get::<_, String>(0), "created removed");
}

#[tokio::test]
async fn over_http_keys_metadata_tokens_and_challenges_are_as_the_rfcs_have_them() {
    let app = openilp_tests::TestApp::start().await;
    let origin = app.running.state.auth.config().origin.clone();
    let metadata = app.anonymous().get("/.well-known/oauth-authorization-server").await.expect(200).json();
    assert_eq!((&metadata["issuer"], &metadata["token_endpoint"]), (&json!(origin), &json!(format!("{origin}/oauth/token"))));
    let resource = app.anonymous().get("/.well-known/oauth-protected-resource").await.expect(200).json();
    assert_eq!((&resource["resource"], &resource["authorization_servers"]), (&json!(origin), &json!([origin])));
    assert_eq!(app.anonymous().get("/.well-known/jwks.json").await.expect(200).header("content-type"), "application/jwk-set+json");

    let refused = app.anonymous().post("/oauth/token", json!({})).await;
    assert_eq!(refused.header("cache-control"), "no-store");
    assert!(app.client("sis").await.token().split('.').count() == 3);

    // A caller is told to get a token, that it is bad or that it has expired, and nothing more.
    let path = "/v1/goals/00000000-0000-0000-0000-000000000001";
    let at = format!("resource_metadata=\"{origin}/.well-known/oauth-protected-resource\"");
    let missing = app.anonymous().get(path).await.expect(401);
    assert_eq!(missing.header("www-authenticate"), format!("Bearer {at}"));
    let token = app.person("anna").await.token().to_owned();
    let mut forged = token.clone();
    forged.truncate(token.len() - 6);
    for (bad, kind) in [("garbage", "not valid"), (&forged, "not valid")] {
        let invalid = app.bearer(bad).get(path).await.expect(401);
        assert_eq!(
            invalid.header("www-authenticate"),
            format!("Bearer error=\"invalid_token\", error_description=\"The access token is {kind}.\", {at}")
        );
        assert!(!String::from_utf8_lossy(&invalid.bytes).contains(bad));
    }
    app.bearer(token.as_str()).get(path).await.expect(404);
    let twice = [("authorization", format!("Bearer {token}")), ("authorization", format!("Bearer {token}"))];
    let twice: Vec<(&str, &str)> = twice.iter().map(|(name, value)| (*name, value.as_str())).collect();
    app.anonymous().send(reqwest::Method::GET, path, &twice, None).await.expect(401);
    app.clock.advance(TimeDelta::minutes(31));
    let expired = app.bearer(token).get(path).await.expect(401);
    assert!(expired.header("www-authenticate").contains("The access token has expired."));
}
