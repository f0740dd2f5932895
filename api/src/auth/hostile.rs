//! Hostile tokens: each is refused, and for the reason named (reliability.md G22, RFC 8725).

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use openilp_domain::id::{ClientId, DistrictId};
use openilp_domain::identity::{Issuer, KeySource, SignatureAlgorithm};
use openilp_domain::principal::{ClientKind, Principal, Through};
use serde_json::{Value, json};
use uuid::Uuid;

use super::forge::{Keys, base64url};
use super::issuer::{OwnKeys, TokenClient, generate_key};
use super::refusal::Refusal as R;
use super::registers::KnownIssuer;
use super::{AuthConfig, Authenticator, bearer};

const ISSUER: &str = "https://id.district.example";
const AUDIENCE: &str = "https://ilp.example";
const SUBJECT: &str = "248289761001";

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

/// A sound token, to be spoiled.
struct Token {
    signer: &'static str,
    head: Value,
    claims: Value,
}

fn sound() -> Token {
    let at = now().timestamp();
    Token {
        signer: "ES256",
        head: json!({ "alg": "ES256", "typ": "at+jwt", "kid": "es" }),
        claims: json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": SUBJECT, "iat": at - 60, "exp": at + 600 }),
    }
}

impl Token {
    fn head(mut self, name: &str, value: Value) -> Self {
        self.head[name] = value;
        self
    }
    fn claim(mut self, name: &str, value: Value) -> Self {
        self.claims[name] = value;
        self
    }
    fn without(mut self, name: &str) -> Self {
        self.claims.as_object_mut().unwrap().remove(name);
        self.head.as_object_mut().unwrap().remove(name);
        self
    }
    fn by(mut self, signer: &'static str, algorithm: &str, kid: &str) -> Self {
        self.signer = signer;
        self.head("alg", json!(algorithm)).head("kid", json!(kid))
    }
    /// Moves every time by so many seconds.
    fn aged(self, seconds: i64) -> Self {
        let at = now().timestamp();
        self.claim("iat", json!(at - 60 + seconds)).claim("exp", json!(at + 600 + seconds))
    }
    fn signed(&self, keys: &Keys) -> String {
        keys.sign(self.signer, &self.head.to_string(), &self.claims.to_string())
    }
}

struct World {
    keys: Keys,
    own: Arc<OwnKeys>,
    issuer: Arc<KnownIssuer>,
    authenticator: Authenticator,
}

fn config() -> AuthConfig {
    AuthConfig { origin: AUDIENCE.into(), audience: AUDIENCE.into(), demo_issuer: true }
}

fn district() -> DistrictId {
    DistrictId(Uuid::from_u128(7))
}

impl World {
    fn new(config: AuthConfig) -> Self {
        let keys = Keys::generate();
        let issuer = Issuer {
            issuer: ISSUER.into(),
            district_id: district(),
            audience: AUDIENCE.into(),
            keys: KeySource::Jwks(keys.jwks.clone()),
            // ES384 and RS384 are for clients only, even if somebody registers them here.
            algorithms: SignatureAlgorithm::ALL.iter().copied().filter(|one| *one != SignatureAlgorithm::Ps256).collect(),
            matching: None,
            for_families: false,
            created_at: now(),
        };
        let own = Arc::new(OwnKeys::parse(&[generate_key().unwrap()]).unwrap());
        Self { keys, own, issuer: Arc::new(KnownIssuer::of(issuer)), authenticator: Authenticator::new(config) }
    }

    async fn judge(&self, authorization: &str) -> Result<Principal, R> {
        let registered = async |name: &str| Ok((name == ISSUER).then(|| self.issuer.clone()));
        let own = async || Ok(self.own.clone());
        self.authenticator.verified(bearer(Some(authorization))?, now(), registered, own, async |_| Ok(true)).await
    }

    async fn judge_token(&self, token: &str) -> Result<Principal, R> {
        self.judge(&format!("Bearer {token}")).await
    }
}

#[tokio::test]
async fn sound_tokens_are_taken() {
    let world = World::new(config());
    let at = now().timestamp();
    for (what, token) in [
        ("as it is", sound()),
        ("typ as a media type", sound().head("typ", json!("application/AT+JWT"))),
        ("plain typ, from a district's issuer", sound().head("typ", json!("JWT"))),
        ("Ed25519", sound().by("EdDSA", "EdDSA", "ed")),
        ("RSA", sound().by("RS256", "RS256", "rsa")),
        ("RSA, key bound to its algorithm", sound().by("RS256", "RS256", "rs-only")),
        ("several audiences", sound().claim("aud", json!(["https://other.example", AUDIENCE]))),
        ("clock 30 seconds behind", sound().claim("nbf", json!(at + 30)).claim("iat", json!(at + 30))),
        ("clock 29 seconds ahead", sound().aged(-629)),
        ("an hour long", sound().claim("exp", json!(at - 60 + 3600))),
        ("claims it does not know", sound().claim("roles", json!(["superuser"])).claim("email", json!("a@b.example"))),
        ("longest subject", sound().claim("sub", json!("ä".repeat(255)))),
    ] {
        let subject = token.claims["sub"].as_str().unwrap().to_owned();
        let expected = Principal::Person { district_id: district(), issuer: ISSUER.into(), subject, through: Through::Unnamed };
        assert_eq!(world.judge_token(&token.signed(&world.keys)).await, Ok(expected), "{what}");
    }
}

#[tokio::test]
async fn g22_hostile_tokens_are_refused_for_the_right_reason() {
    let world = World::new(config());
    let at = now().timestamp();
    let mut cases: Vec<(&str, String, R)> = Vec::new();

    // Spoiled, then signed by the honest issuer or whoever is named.
    let signed: Vec<(&str, Token, R)> = vec![
        ("alg none", sound().head("alg", json!("none")), R::AlgorithmUnknown),
        ("alg None", sound().head("alg", json!("None")), R::AlgorithmUnknown),
        ("alg absent", sound().without("alg"), R::AlgorithmUnknown),
        ("alg a number", sound().head("alg", json!(256)), R::AlgorithmUnknown),
        ("alg in lower case", sound().head("alg", json!("es256")), R::AlgorithmUnknown),
        ("HMAC with the public keys as secret", sound().by("HS256", "HS256", "es"), R::AlgorithmUnknown),
        ("HMAC with a key of type oct", sound().by("HS256", "HS256", "shared"), R::AlgorithmUnknown),
        ("RS512, known to nobody here", sound().by("RS512", "RS512", "rsa"), R::AlgorithmUnknown),
        ("ES384, for clients only", sound().by("ES384", "ES384", "es384"), R::AlgorithmNotAllowed),
        ("RS384, for clients only", sound().by("RS384", "RS384", "rsa"), R::AlgorithmNotAllowed),
        ("PS256, not of this issuer", sound().by("PS256", "PS256", "rsa"), R::AlgorithmNotAllowed),
        ("key of another kind", sound().by("RS256", "RS256", "es"), R::KeyUnfit),
        ("EC token with an RSA key's id", sound().by("ES256", "ES256", "rsa"), R::KeyUnfit),
        ("key of another curve", sound().by("ES256", "ES256", "es384"), R::KeyUnfit),
        ("signed with another algorithm than it says", sound().by("PS256", "RS256", "rsa"), R::SignatureWrong),
        ("key for encryption", sound().by("RS256", "RS256", "for-encryption"), R::KeyUnknown),
        ("RSA key with exponent 1", sound().by("RS256", "RS256", "exponent-one"), R::KeyUnknown),
        ("RSA key of 1,024 bits", sound().by("RS256", "RS256", "short"), R::KeyUnknown),
        ("secret key by its id", sound().by("ES256", "ES256", "shared"), R::KeyUnknown),
        ("kid absent", sound().without("kid"), R::KeyIdMissing),
        ("kid empty", sound().head("kid", json!("")), R::KeyIdMissing),
        ("kid a number", sound().head("kid", json!(1)), R::KeyIdMissing),
        ("kid unknown", sound().head("kid", json!("es2")), R::KeyUnknown),
        ("application a number", sound().claim("azp", json!(7)), R::ClaimIllTyped("azp")),
        ("application empty", sound().claim("client_id", json!(" ")), R::ClaimWrong("client_id")),
        ("two applications", sound().claim("client_id", json!("one")).claim("azp", json!("two")), R::ClaimWrong("azp")),
        ("kid a path", sound().head("kid", json!("../../dev/null")), R::KeyUnknown),
        ("kid SQL", sound().head("kid", json!("es' or '1'='1")), R::KeyUnknown),
        ("forged", sound().by("forger", "ES256", "es"), R::SignatureWrong),
        ("forged, own key in jwk", sound().by("forger", "ES256", "es").head("jwk", world.keys.jwks["keys"][0].clone()), R::SignatureWrong),
        ("forged, own keys at jku", sound().by("forger", "ES256", "mine").head("jku", json!("https://evil.example/jwks")), R::KeyUnknown),
        ("forged, own certificate at x5u", sound().by("forger", "ES256", "es").head("x5u", json!("https://evil.example/cert")), R::SignatureWrong),
        ("forged, own certificate in x5c", sound().by("forger", "ES256", "es").head("x5c", json!(["MIIB"])), R::SignatureWrong),
        ("crit", sound().head("crit", json!(["exp"])), R::CriticalHeader),
        ("crit empty", sound().head("crit", json!([])), R::CriticalHeader),
        ("b64 false", sound().head("b64", json!(false)), R::CriticalHeader),
        ("typ absent", sound().without("typ"), R::TypeWrong),
        ("typ null", sound().head("typ", Value::Null), R::TypeWrong),
        ("typ of a logout token", sound().head("typ", json!("logout+jwt")), R::TypeWrong),
        ("typ of a DPoP proof", sound().head("typ", json!("dpop+jwt")), R::TypeWrong),
        ("typ of an assertion", sound().head("typ", json!("client-authentication+jwt")), R::TypeWrong),
        ("iss absent", sound().without("iss"), R::ClaimMissing("iss")),
        ("iss null", sound().claim("iss", Value::Null), R::ClaimIllTyped("iss")),
        ("iss a list", sound().claim("iss", json!([ISSUER])), R::ClaimIllTyped("iss")),
        ("iss unknown", sound().claim("iss", json!("https://evil.example")), R::IssuerUnknown),
        ("iss with a slash more", sound().claim("iss", json!(format!("{ISSUER}/"))), R::IssuerUnknown),
        ("iss in capitals", sound().claim("iss", json!("https://ID.district.example")), R::IssuerUnknown),
        ("iss with a space", sound().claim("iss", json!(format!("{ISSUER} "))), R::IssuerUnknown),
        ("aud absent", sound().without("aud"), R::ClaimMissing("aud")),
        ("aud a number", sound().claim("aud", json!(1)), R::ClaimIllTyped("aud")),
        ("aud an empty list", sound().claim("aud", json!([])), R::AudienceWrong),
        ("aud a list with a number", sound().claim("aud", json!([AUDIENCE, 1])), R::ClaimIllTyped("aud")),
        ("aud a front end (an ID token)", sound().claim("aud", json!("front-end")), R::AudienceWrong),
        ("aud longer", sound().claim("aud", json!(format!("{AUDIENCE}.evil.example"))), R::AudienceWrong),
        ("aud of the own issuer's people", sound().claim("aud", json!(format!("{AUDIENCE}#people"))), R::AudienceWrong),
        ("sub absent", sound().without("sub"), R::ClaimMissing("sub")),
        ("sub empty", sound().claim("sub", json!("")), R::ClaimWrong("sub")),
        ("sub blank", sound().claim("sub", json!("  ")), R::ClaimWrong("sub")),
        ("sub a number", sound().claim("sub", json!(248_289)), R::ClaimIllTyped("sub")),
        ("sub null", sound().claim("sub", Value::Null), R::ClaimIllTyped("sub")),
        ("sub too long", sound().claim("sub", json!("a".repeat(256))), R::ClaimWrong("sub")),
        ("sub with NUL", sound().claim("sub", json!("248\0")), R::ClaimWrong("sub")),
        ("exp absent", sound().without("exp"), R::ClaimMissing("exp")),
        ("exp a text", sound().claim("exp", json!("1900000000")), R::ClaimIllTyped("exp")),
        ("exp a fraction", sound().claim("exp", json!(1_800_000_600.5)), R::ClaimIllTyped("exp")),
        ("exp null", sound().claim("exp", Value::Null), R::ClaimIllTyped("exp")),
        ("exp beyond all years", sound().claim("exp", json!(i64::MAX)), R::ClaimIllTyped("exp")),
        ("exp beyond all numbers", sound().claim("exp", json!(1e300)), R::ClaimIllTyped("exp")),
        ("exp negative", sound().claim("exp", json!(-1)), R::ClaimIllTyped("exp")),
        ("expired by the leeway", sound().aged(-630), R::Expired),
        ("expired a day ago", sound().aged(-86_400), R::Expired),
        ("longer than an hour", sound().claim("exp", json!(at - 60 + 3601)), R::LifetimeWrong),
        ("a billion seconds long", sound().claim("exp", json!(at + 1_000_000_000)), R::LifetimeWrong),
        ("ends before it begins", sound().claim("iat", json!(at)).claim("exp", json!(at - 1)), R::LifetimeWrong),
        ("ends as it begins", sound().claim("exp", json!(at - 60)), R::LifetimeWrong),
        ("iat absent", sound().without("iat"), R::ClaimMissing("iat")),
        ("iat a text", sound().claim("iat", json!("now")), R::ClaimIllTyped("iat")),
        ("iat ahead", sound().aged(120), R::IssuedAhead),
        ("nbf ahead", sound().claim("nbf", json!(at + 31)), R::NotYetValid),
        ("nbf a text", sound().claim("nbf", json!("1700000000")), R::ClaimIllTyped("nbf")),
        ("nbf null", sound().claim("nbf", Value::Null), R::ClaimIllTyped("nbf")),
        ("jti a number", sound().claim("jti", json!(5)), R::ClaimIllTyped("jti")),
        ("ID token with at_hash", sound().claim("at_hash", json!("abc")), R::UseWrong),
        ("ID token with c_hash", sound().claim("c_hash", json!("abc")), R::UseWrong),
        ("logout token", sound().claim("events", json!({})), R::UseWrong),
        ("Keycloak's ID token", sound().claim("typ", json!("ID")), R::UseWrong),
        ("Keycloak's refresh token", sound().claim("typ", json!("Refresh")), R::UseWrong),
        ("Cognito's ID token", sound().claim("token_use", json!("id")), R::UseWrong),
        ("token_use a list", sound().claim("token_use", json!(["access"])), R::ClaimIllTyped("token_use")),
        ("bound to a key, without proof", sound().claim("cnf", json!({ "jkt": "x" })), R::ClaimWrong("cnf")),
        ("acting for another", sound().claim("act", json!({ "sub": "admin" })), R::ClaimWrong("act")),
        ("as this service's own machine issuer", sound().claim("iss", json!(AUDIENCE)), R::KeyUnknown),
        ("as this service's own people issuer", sound().claim("iss", json!(config().demo_issuer_url(district()))), R::KeyUnknown),
        ("plain typ as own issuer", sound().claim("iss", json!(AUDIENCE)).head("typ", json!("JWT")), R::TypeWrong),
        ("own issuer of a malformed district", sound().claim("iss", json!(format!("{AUDIENCE}/demo-issuer/x"))), R::IssuerUnknown),
    ];
    cases.extend(signed.iter().map(|(what, token, reason)| (*what, token.signed(&world.keys), *reason)));

    // Signed as they stand, or not signed at all.
    let good = sound().signed(&world.keys);
    let (head, claims) = (sound().head.to_string(), sound().claims.to_string());
    let parts: Vec<&str> = good.split('.').collect();
    let unsigned = base64url(r#"{"alg":"none","typ":"at+jwt","kid":"es"}"#);
    let raw = |head: &str, claims: &str| world.keys.sign("ES256", head, claims);
    cases.extend([
        ("nothing", String::new(), R::NotBearer),
        ("two tokens", format!("{good} {good}"), R::NotBearer),
        ("two tokens with a comma", format!("{good},{good}"), R::NotBearer),
        ("no signature", format!("{}.{}.", parts[0], parts[1]), R::NotCompact),
        ("none and no signature", format!("{unsigned}.{}.", parts[1]), R::NotCompact),
        ("none with a signature", format!("{unsigned}.{}.{}", parts[1], parts[2]), R::AlgorithmUnknown),
        ("two parts", format!("{}.{}", parts[0], parts[1]), R::NotCompact),
        ("four parts", format!("{good}.x"), R::NotCompact),
        ("five parts, as if encrypted", format!("{good}.x.y"), R::NotCompact),
        ("one part", "abc".into(), R::NotCompact),
        ("dots only", "..".into(), R::NotCompact),
        ("padded", format!("{}.{}=.{}", parts[0], parts[1], parts[2]), R::NotCompact),
        ("standard base64 alphabet", format!("{}.{}.{}", parts[0], parts[1], "+/+/"), R::NotCompact),
        ("line break inside", format!("{}.{}\n.{}", parts[0], parts[1], parts[2]), R::NotCompact),
        (
            "JSON serialization",
            json!({ "payload": parts[1], "protected": parts[0], "signature": parts[2] }).to_string().replace([' ', ','], ""),
            R::NotCompact,
        ),
        (
            "signature of another token",
            format!("{}.{}.{}", parts[0], base64url(sound().claim("sub", json!("other")).claims.to_string()), parts[2]),
            R::SignatureWrong,
        ),
        ("signature cut", good[..good.len() - 2].to_owned(), R::SignatureWrong),
        ("signature of nothing", format!("{}.{}.AA", parts[0], parts[1]), R::SignatureWrong),
        ("signature of zeros (CVE-2022-21449)", format!("{}.{}.{}", parts[0], parts[1], base64url([0; 64])), R::SignatureWrong),
        ("too long", raw(&head, &sound().claim("pad", json!("x".repeat(9000))).claims.to_string()), R::TooLong),
        ("header not JSON", raw("alg=ES256", &claims), R::HeadNotJson),
        ("header a list", raw("[]", &claims), R::HeadNotJson),
        ("header with something after", raw(&format!("{head}x"), &claims), R::HeadNotJson),
        ("header not UTF-8", format!("{}.{}.{}", base64url(b"\xff\xfe"), parts[1], parts[2]), R::HeadNotJson),
        ("claims not JSON", raw(&head, "sub"), R::ClaimsNotJson),
        ("claims a text", raw(&head, "\"sub\""), R::ClaimsNotJson),
        ("claims empty", raw(&head, "{}"), R::ClaimMissing("iss")),
        ("claims very deep", raw(&head, &format!("{{\"a\":{}{}}}", "[".repeat(500), "]".repeat(500))), R::ClaimsNotJson),
        ("alg twice", raw(&head.replacen('{', r#"{"alg":"none","#, 1), &claims), R::MemberTwice),
        ("sub twice", raw(&head, &claims.replacen('{', r#"{"sub":"other","#, 1)), R::MemberTwice),
        ("exp twice, once escaped", raw(&head, &claims.replacen('{', "{\"\\u0065xp\":1900000000,", 1)), R::MemberTwice),
        ("twice in a claim that nobody reads", raw(&head, &claims.replacen('{', r#"{"a":{"b":1,"b":2},"#, 1)), R::MemberTwice),
    ]);

    assert!(cases.len() >= 80, "{} hostile tokens", cases.len());
    let mut wrong = Vec::new();
    for (what, token, reason) in &cases {
        let judged = world.judge_token(token).await;
        if judged != Err(*reason) {
            wrong.push(format!("{what}: {judged:?} instead of {reason:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    // The control: what was spoiled above is sound.
    assert!(world.judge_token(&good).await.is_ok());
}

#[tokio::test]
async fn only_a_bearer_header_is_read() {
    let world = World::new(config());
    let good = sound().signed(&world.keys);
    assert!(world.judge(&format!("bearer  {good}")).await.is_ok());
    for header in
        [good.clone(), format!("Basic {good}"), format!("DPoP {good}"), "Bearer".into(), "Bearer ".into(), format!("Bearer\t{good}"), String::new()]
    {
        assert_eq!(world.judge(&header).await, Err(R::NotBearer));
    }
    assert_eq!(bearer(None), Err(R::Missing));
}

fn sis() -> TokenClient {
    TokenClient { id: ClientId(Uuid::from_u128(9)), kind: ClientKind::Sis, district_id: Some(district()) }
}

#[tokio::test]
async fn own_tokens_of_machines_and_people_are_never_confused() {
    let world = World::new(config());
    let (own, config) = (&world.own, config());
    let machine = own.machine_token(&config, &sis(), now()).unwrap().into_exposed();
    let person = own.person_token(&config, district(), "student-7", TimeDelta::minutes(5), now()).unwrap().into_exposed();
    let expected = Principal::Machine { client_id: sis().id, kind: ClientKind::Sis, district_id: Some(district()) };
    assert_eq!(world.judge_token(&machine).await, Ok(expected));
    let expected = Principal::Person {
        district_id: district(),
        issuer: config.demo_issuer_url(district()),
        subject: "student-7".into(),
        through: Through::Itself,
    };
    assert_eq!(world.judge_token(&person).await, Ok(expected));

    // Each with the issuer of the other, properly signed: a rule beside the issuer still tells them apart.
    let swapped = |token: &str, issuer: String, more: Value| {
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap();
        let mut claims = claims.as_object().unwrap().clone();
        claims.insert("iss".into(), issuer.into());
        claims.extend(more.as_object().unwrap().clone());
        world.own.sign(&claims).unwrap().into_exposed()
    };
    let people = config.demo_issuer_url(district());
    assert_eq!(world.judge_token(&swapped(&machine, people.clone(), json!({}))).await, Err(R::ClaimWrong("client_id")));
    assert_eq!(world.judge_token(&swapped(&person, AUDIENCE.into(), json!({}))).await, Err(R::AudienceWrong));
    assert_eq!(world.judge_token(&swapped(&person, AUDIENCE.into(), json!({ "aud": AUDIENCE }))).await, Err(R::ClaimMissing("client_id")));
    assert_eq!(world.judge_token(&swapped(&person, people, json!({ "aud": AUDIENCE }))).await, Err(R::AudienceWrong));

    // A machine's claims are held to its kind.
    let spoiled = |more: Value| swapped(&machine, AUDIENCE.into(), more);
    for (more, reason) in [
        (json!({ "client_id": Uuid::from_u128(1) }), R::ClaimWrong("client_id")),
        (json!({ "sub": "x", "client_id": "x" }), R::ClaimWrong("sub")),
        (json!({ "scope": "operator" }), R::ClaimWrong("district_id")),
        (json!({ "scope": "operator sis.roster.write" }), R::ClaimWrong("scope")),
        (json!({ "district_id": null }), R::ClaimIllTyped("district_id")),
        (json!({ "jti": "" }), R::ClaimWrong("jti")),
        (json!({ "aud": [AUDIENCE, "https://other.example"] }), R::AudienceWrong),
        (json!({ "exp": now().timestamp() + 601 }), R::LifetimeWrong),
    ] {
        assert_eq!(world.judge_token(&spoiled(more.clone())).await, Err(reason), "{more}");
    }
}

#[tokio::test]
async fn the_own_issuer_for_people_is_off_unless_configured() {
    let mut off = World::new(AuthConfig { demo_issuer: false, ..config() });
    let person = off.own.person_token(&config(), district(), "student-7", TimeDelta::minutes(5), now()).unwrap().into_exposed();
    assert_eq!(off.judge_token(&person).await, Err(R::IssuerUnknown));
    off.authenticator = Authenticator::new(config());
    assert!(off.judge_token(&person).await.is_ok());
}

#[tokio::test]
async fn a_person_token_lives_an_hour_at_most() {
    let world = World::new(config());
    let token = world.own.person_token(&config(), district(), "student-7", TimeDelta::days(30), now()).unwrap().into_exposed();
    assert!(world.judge_token(&token).await.is_ok());
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap();
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3600);
}

#[tokio::test]
async fn a_token_seen_before_is_taken_only_while_nothing_has_changed() {
    let mut world = World::new(config());
    let token = sound().signed(&world.keys);
    let judge = async |world: &World, seconds| {
        let registered = async |_: &str| Ok(Some(world.issuer.clone()));
        let own = async || Ok(world.own.clone());
        world.authenticator.verified(&token, now() + TimeDelta::seconds(seconds), registered, own, async |_| Ok(true)).await
    };
    assert!(judge(&world, 0).await.is_ok());
    assert!(judge(&world, 629).await.is_ok());
    assert_eq!(judge(&world, 630).await, Err(R::Expired));
    assert_eq!(judge(&world, -91).await, Err(R::IssuedAhead), "the clock was set back");
    assert!(judge(&world, 0).await.is_ok());

    // Other keys under the same ids, then another audience: verified anew, and refused.
    let known = world.issuer.clone();
    let others = KeySource::Jwks(Keys::generate().jwks);
    world.issuer = Arc::new(KnownIssuer::of(Issuer { keys: others, ..known.issuer.clone() }));
    assert_eq!(judge(&world, 0).await, Err(R::SignatureWrong));
    world.issuer = Arc::new(KnownIssuer::of(Issuer { audience: "other".into(), ..known.issuer.clone() }));
    assert_eq!(judge(&world, 0).await, Err(R::AudienceWrong));
    world.issuer = known;
    assert!(judge(&world, 0).await.is_ok());
}
