//! This deployment as an issuer: its signing keys, the tokens it issues, and what it publishes about itself.
//!
//! It issues access tokens to machine clients and, if it is so configured, to people of demos and tests. The two differ in
//! issuer, audience and claims, so that neither can pass for the other.

use std::sync::Arc;

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use openilp_domain::id::{ClientId, DistrictId};
use openilp_domain::identity::SignatureAlgorithm;
use openilp_domain::principal::ClientKind;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::key::KeySet;
use super::refusal::Refusal;
use super::secret::Secret;
use super::verify::{MACHINE_TOKEN_SECONDS, PERSON_TOKEN_SECONDS_MAX};
use super::{AuthConfig, AuthError};

/// The key pairs of this deployment, the newest first: it signs, all verify.
pub(super) struct OwnKeys {
    pairs: Vec<KeyPair>,
    pub(super) public: Arc<KeySet>,
}

struct KeyPair {
    kid: String,
    private: EncodingKey,
    public: PublicJwk,
}

/// One public key of this deployment (RFC 7517, RFC 7518 section 6.2).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PublicJwk {
    /// The RFC 7638 thumbprint.
    kid: String,
    kty: &'static str,
    crv: &'static str,
    x: String,
    y: String,
    alg: &'static str,
    #[serde(rename = "use")]
    purpose: &'static str,
}

/// The public keys of this deployment: `/.well-known/jwks.json`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PublicJwks {
    /// The keys; choose by `kid`.
    pub keys: Vec<PublicJwk>,
}

/// A new private key for ES256, in PKCS#8.
pub(super) fn generate_key() -> Result<Secret<Vec<u8>>, Refusal> {
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
    pkcs8.map(|pkcs8| Secret::new(pkcs8.as_ref().to_vec())).map_err(|_| Refusal::Unavailable)
}

impl OwnKeys {
    /// Reads the keys as the register keeps them, the newest first.
    pub(super) fn parse(secrets: &[Secret<Vec<u8>>]) -> Result<Self, Refusal> {
        let pairs: Option<Vec<KeyPair>> = secrets.iter().map(|secret| KeyPair::parse(secret.expose())).collect();
        let pairs = pairs.filter(|pairs| !pairs.is_empty()).ok_or(Refusal::Unavailable)?;
        let keys: Vec<&PublicJwk> = pairs.iter().map(|pair| &pair.public).collect();
        let public = KeySet::parse_all(&json!({ "keys": keys })).map_err(|_| Refusal::Unavailable)?;
        Ok(Self { pairs, public: Arc::new(public) })
    }

    /// What others verify with.
    pub(super) fn jwks(&self) -> PublicJwks {
        PublicJwks { keys: self.pairs.iter().map(|pair| pair.public.clone()).collect() }
    }

    pub(super) fn sign(&self, claims: &impl Serialize) -> Result<Secret<String>, Refusal> {
        let pair = self.pairs.first().ok_or(Refusal::Unavailable)?;
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some("at+jwt".into());
        header.kid = Some(pair.kid.clone());
        jsonwebtoken::encode(&header, claims, &pair.private).map(Secret::new).map_err(|_| Refusal::Unavailable)
    }

    /// An access token for a machine client (RFC 9068 section 2.2).
    pub(super) fn machine_token(&self, config: &AuthConfig, client: &TokenClient, now: DateTime<Utc>) -> Result<Secret<String>, Refusal> {
        let id = client.id.to_string();
        self.sign(&MachineClaims {
            iss: &config.origin,
            aud: &config.audience,
            sub: &id,
            client_id: &id,
            scope: client.kind.scope(),
            district_id: client.district_id,
            jti: random_id()?,
            iat: now.timestamp(),
            exp: now.timestamp() + MACHINE_TOKEN_SECONDS,
        })
    }

    /// An access token for a person, by the own issuer. It lives an hour at most, as any other.
    pub(super) fn person_token(
        &self,
        config: &AuthConfig,
        district: DistrictId,
        subject: &str,
        lifetime: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<Secret<String>, Refusal> {
        self.sign(&PersonClaims {
            iss: &config.demo_issuer_url(district),
            aud: &config.demo_audience(),
            sub: subject,
            jti: random_id()?,
            iat: now.timestamp(),
            exp: now.timestamp() + lifetime.num_seconds().clamp(1, PERSON_TOKEN_SECONDS_MAX),
        })
    }
}

impl KeyPair {
    fn parse(pkcs8: &[u8]) -> Option<Self> {
        let private = EncodingKey::from_ec_der(pkcs8);
        let jwk = Jwk::from_encoding_key(&private, Algorithm::ES256).ok()?;
        let kid = jwk.thumbprint(ThumbprintHash::SHA256).ok()?;
        let AlgorithmParameters::EllipticCurve(point) = jwk.algorithm else { return None };
        let alg = SignatureAlgorithm::Es256.word();
        let public = PublicJwk { kid: kid.clone(), kty: "EC", crv: "P-256", x: point.x, y: point.y, alg, purpose: "sig" };
        Some(Self { kid, private, public })
    }
}

/// For whom a machine's token is.
pub(super) struct TokenClient {
    pub(super) id: ClientId,
    pub(super) kind: ClientKind,
    pub(super) district_id: Option<DistrictId>,
}

#[derive(Serialize)]
struct MachineClaims<'c> {
    iss: &'c str,
    aud: &'c str,
    sub: &'c str,
    client_id: &'c str,
    scope: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    district_id: Option<DistrictId>,
    jti: String,
    iat: i64,
    exp: i64,
}

#[derive(Serialize)]
struct PersonClaims<'c> {
    iss: &'c str,
    aud: &'c str,
    sub: &'c str,
    jti: String,
    iat: i64,
    exp: i64,
}

fn random_id() -> Result<String, Refusal> {
    random::<16>().map(|id| URL_SAFE_NO_PAD.encode(id))
}

fn random<const N: usize>() -> Result<[u8; N], Refusal> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Refusal::Unavailable)?;
    Ok(bytes)
}

/// A new secret for a client, of 256 random bits. It is shown once; the register keeps its SHA-256 only, which is enough for
/// a secret that nobody chose.
pub fn new_client_secret() -> Result<Secret<String>, AuthError> {
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(random::<32>()?)))
}

/// What the register keeps of a client's secret.
pub fn secret_hash(secret: &str) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, secret.as_bytes()).as_ref().to_vec()
}

/// What codes of invitations are made of: no letters that people take for digits or for each other (Crockford's base 32).
const CODE_CHARACTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new code for an invitation, of 125 random bits, in five groups of five. What is kept of it is the [`secret_hash`] of its letters and digits.
pub fn new_invitation_code() -> Result<Secret<String>, AuthError> {
    let mut code = String::with_capacity(29);
    for (number, byte) in random::<25>()?.into_iter().enumerate() {
        if number > 0 && number % 5 == 0 {
            code.push('-');
        }
        code.extend(CODE_CHARACTERS.get(usize::from(byte & 31)).map(|c| char::from(*c)));
    }
    Ok(Secret::new(code))
}

/// RFC 8414 metadata: `/.well-known/oauth-authorization-server`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuthorizationServerMetadata {
    /// The issuer.
    issuer: String,
    /// Where clients get tokens.
    token_endpoint: String,
    /// Where the public keys are.
    jwks_uri: String,
    /// The scopes there are.
    scopes_supported: Vec<&'static str>,
    /// Empty: there is no authorization endpoint here.
    response_types_supported: Vec<&'static str>,
    /// The grants there are.
    grant_types_supported: Vec<&'static str>,
    /// How clients prove themselves.
    token_endpoint_auth_methods_supported: Vec<&'static str>,
    /// How assertions of clients may be signed.
    token_endpoint_auth_signing_alg_values_supported: Vec<&'static str>,
}

/// RFC 9728 metadata: `/.well-known/oauth-protected-resource`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProtectedResourceMetadata {
    /// The resource: the audience of its tokens.
    resource: String,
    /// Who issues machines' tokens. People's tokens come from the issuer of their district.
    authorization_servers: Vec<String>,
    /// The scopes there are.
    scopes_supported: Vec<&'static str>,
    /// How a token is sent.
    bearer_methods_supported: Vec<&'static str>,
    /// The name of the resource.
    resource_name: &'static str,
}

fn scopes() -> Vec<&'static str> {
    ClientKind::ALL.iter().map(|kind| kind.scope()).collect()
}

impl AuthConfig {
    /// `aud` of people's tokens of the own issuer. A resource has no fragment in its name (RFC 9728 section 1.2), so this is
    /// no machine's audience.
    pub(super) fn demo_audience(&self) -> String {
        format!("{}#people", self.audience)
    }

    /// `iss` of the own issuer for the people of a district; links of demo people name it.
    pub fn demo_issuer_url(&self, district: DistrictId) -> String {
        format!("{}/demo-issuer/{district}", self.origin)
    }

    /// The district of an own issuer for people.
    pub(super) fn demo_issuer_district(&self, issuer: &str) -> Option<DistrictId> {
        let id: Uuid = issuer.strip_prefix(self.origin.as_str())?.strip_prefix("/demo-issuer/")?.parse().ok()?;
        Some(DistrictId(id)).filter(|district| self.demo_issuer_url(*district) == issuer)
    }

    /// Where clients get tokens.
    pub fn token_endpoint(&self) -> String {
        format!("{}/oauth/token", self.origin)
    }

    /// Where the resource's metadata stand: before the path of the resource, if it has one (RFC 9728 section 3.1).
    pub fn resource_metadata_url(&self) -> String {
        let path = self.audience.strip_prefix(self.origin.as_str()).filter(|path| path.starts_with('/')).unwrap_or_default();
        format!("{}/.well-known/oauth-protected-resource{}", self.origin, path.trim_end_matches('/'))
    }

    /// The `WWW-Authenticate` header of a 401.
    pub fn challenge(&self, error: &AuthError) -> String {
        error.told().www_authenticate(&self.resource_metadata_url())
    }

    /// What clients may know of this issuer.
    pub fn authorization_server_metadata(&self) -> AuthorizationServerMetadata {
        AuthorizationServerMetadata {
            issuer: self.origin.clone(),
            token_endpoint: self.token_endpoint(),
            jwks_uri: format!("{}/.well-known/jwks.json", self.origin),
            scopes_supported: scopes(),
            response_types_supported: Vec::new(),
            grant_types_supported: vec!["client_credentials"],
            token_endpoint_auth_methods_supported: vec!["private_key_jwt", "client_secret_basic"],
            token_endpoint_auth_signing_alg_values_supported: SignatureAlgorithm::FOR_CLIENTS.iter().map(|one| one.word()).collect(),
        }
    }

    /// What clients may know of this resource.
    pub fn protected_resource_metadata(&self) -> ProtectedResourceMetadata {
        ProtectedResourceMetadata {
            resource: self.audience.clone(),
            authorization_servers: vec![self.origin.clone()],
            scopes_supported: scopes(),
            bearer_methods_supported: vec!["header"],
            resource_name: "OpenILP",
        }
    }
}
