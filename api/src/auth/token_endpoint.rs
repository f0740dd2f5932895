//! `POST /oauth/token`: the client credentials grant (RFC 6749 section 4.4) for machine clients.
//!
//! A client proves itself by `private_key_jwt` (RFC 7523 section 2.2, OpenID Connect Core 1.0 section 9), which is preferred,
//! or by `client_secret_basic`. Secrets in the body are not taken.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use chrono::{DateTime, Utc};
use openilp_domain::id::ClientId;
use openilp_domain::identity::{KeySource, SignatureAlgorithm};
use openilp_persistence::Db;
use openilp_persistence::identity::ClientCredentials;
use serde::Serialize;
use utoipa::ToSchema;

use super::compact::Compact;
use super::form::{Form, basic};
use super::issuer::{TokenClient, secret_hash};
use super::refusal::Refusal;
use super::registers;
use super::secret::Secret;
use super::verify::{self, LEEWAY_SECONDS, MACHINE_TOKEN_SECONDS};
use super::{AuthConfig, Authenticator};

/// How far ahead an assertion may expire.
pub const ASSERTION_SECONDS_AHEAD_MAX: i64 = 5 * 60;
/// RFC 7523 section 2.2.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// `typ` of an assertion, if it has one. An access token has another, and so is no assertion (RFC 8725 section 3.11).
const ASSERTION: &[&str] = &["jwt", "client-authentication+jwt"];

/// What came to the token endpoint.
pub struct TokenRequest<'r> {
    /// The Authorization header.
    pub authorization: Option<&'r str>,
    /// The Content-Type header.
    pub content_type: Option<&'r str>,
    /// The form.
    pub body: &'r [u8],
}

/// An access token was issued (RFC 6749 section 5.1). Serialize it into the answer and nowhere else.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenAnswer {
    #[serde(serialize_with = "exposed")]
    /// The token.
    #[schema(value_type = String)]
    access_token: Secret<String>,
    /// Always `Bearer`.
    token_type: &'static str,
    /// For how many seconds it is good.
    expires_in: i64,
    /// What it allows to ask for.
    scope: &'static str,
}

fn exposed<S: serde::Serializer>(secret: &Secret<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

/// No token (RFC 6749 section 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenError {
    /// The request is malformed; what is wrong with it.
    InvalidRequest(&'static str),
    /// The client is not known or has not proved itself; why, for the log.
    InvalidClient(Refusal),
    /// Only client credentials are granted.
    UnsupportedGrantType,
    /// A scope that this client may not have.
    InvalidScope,
    /// It cannot be checked at present.
    Unavailable(Refusal),
}

/// The body of a refusal.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenErrorAnswer {
    /// The code.
    error: &'static str,
    /// One sentence.
    error_description: &'static str,
}

impl TokenError {
    /// The HTTP status. A 401 comes with `WWW-Authenticate: Basic realm="openilp"`.
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidClient(_) => 401,
            Self::Unavailable(_) => 503,
            _ => 400,
        }
    }

    /// What the client is told. Why it was refused stands in the log only.
    pub const fn answer(self) -> TokenErrorAnswer {
        let (error, error_description) = match self {
            Self::InvalidRequest(fault) => ("invalid_request", fault),
            Self::InvalidClient(_) => ("invalid_client", "The client is not known here or did not prove itself."),
            Self::UnsupportedGrantType => ("unsupported_grant_type", "Only client_credentials is supported."),
            Self::InvalidScope => ("invalid_scope", "This client may not have that scope."),
            Self::Unavailable(_) => ("temporarily_unavailable", "Try again in a moment."),
        };
        TokenErrorAnswer { error, error_description }
    }
}

/// Whose fault a refusal is: the client's, or that of something that does not answer.
impl From<Refusal> for TokenError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unavailable | Refusal::KeysUnavailable => Self::Unavailable(refusal),
            refusal => Self::InvalidClient(refusal),
        }
    }
}

/// How a client proves itself.
enum Proof {
    Secret(ClientId, Secret<String>),
    Assertion(Secret<String>),
}

impl Authenticator {
    /// Answers a token request.
    pub async fn token(&self, db: &Db, request: TokenRequest<'_>, now: DateTime<Utc>) -> Result<TokenAnswer, TokenError> {
        let form = form(&request)?;
        match form.get("grant_type") {
            None => return Err(TokenError::InvalidRequest("grant_type is missing.")),
            Some("client_credentials") => {}
            Some(_) => return Err(TokenError::UnsupportedGrantType),
        }
        let client = match proof(&request, &form)? {
            Proof::Secret(id, secret) => by_secret(db, id, &secret).await?,
            Proof::Assertion(assertion) => self.by_assertion(db, assertion.expose(), now).await?,
        };
        if form.get("client_id").is_some_and(|id| id.parse() != Ok(client.id)) {
            return Err(TokenError::InvalidRequest("client_id is of another client."));
        }
        let scope = client.kind.scope();
        if form.get("scope").is_some_and(|wanted| wanted.split(' ').any(|one| one != scope)) {
            return Err(TokenError::InvalidScope);
        }
        let access_token = self.own_keys(db, now).await?.machine_token(self.config(), &client, now)?;
        Ok(TokenAnswer { access_token, token_type: "Bearer", expires_in: MACHINE_TOKEN_SECONDS, scope })
    }

    async fn by_assertion(&self, db: &Db, assertion: &str, now: DateTime<Utc>) -> Result<TokenClient, Refusal> {
        let assertion = Compact::parse(assertion)?;
        let issuer = assertion.claims.text("iss")?;
        if assertion.claims.text("sub")? != issuer {
            return Err(Refusal::ClaimWrong("sub"));
        }
        let id: ClientId = issuer.parse().map_err(|_| Refusal::ClientUnknown)?;
        let client = registers::client(db, id).await?.ok_or(Refusal::ClientUnknown)?;
        if assertion.head.has("typ") {
            verify::typed(&assertion, ASSERTION)?;
        }
        let (algorithm, kid) = verify::signer(&assertion, SignatureAlgorithm::FOR_CLIENTS)?;
        let keys = self.keys_of(client.keys.as_ref().ok_or(Refusal::KeyUnknown)?, kid, now).await?;
        keys.verify(kid, algorithm, assertion.signed, assertion.signature)?;
        let (jti, expires) = assertion_claims(&assertion, self.config(), now)?;
        // Last, so that a forged assertion cannot use up the id of a true one.
        if !registers::use_assertion(db, id, jti, expires, now).await? {
            return Err(Refusal::Replayed);
        }
        Ok(token_client(id, &client))
    }
}

async fn by_secret(db: &Db, id: ClientId, secret: &Secret<String>) -> Result<TokenClient, Refusal> {
    let client = registers::client(db, id).await?;
    let presented = secret_hash(secret.expose());
    let kept = client.as_ref().and_then(|client| client.secret_hash.as_deref());
    // Compared with something even if there is nothing, so that time does not tell whether the client exists.
    let same = verify_slices_are_equal(&presented, kept.unwrap_or(&[0; 32])).is_ok();
    match client {
        None => Err(Refusal::ClientUnknown),
        Some(client) if same && client.secret_hash.is_some() => Ok(token_client(id, &client)),
        Some(_) => Err(Refusal::SecretWrong),
    }
}

fn token_client(id: ClientId, client: &ClientCredentials) -> TokenClient {
    TokenClient { id, kind: client.kind, district_id: client.district_id }
}

fn form(request: &TokenRequest<'_>) -> Result<Form, TokenError> {
    let media_type = request.content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(TokenError::InvalidRequest("Send application/x-www-form-urlencoded."));
    }
    Form::parse(request.body).ok_or(TokenError::InvalidRequest("The form is malformed, or a parameter stands twice."))
}

fn proof(request: &TokenRequest<'_>, form: &Form) -> Result<Proof, TokenError> {
    if form.get("client_secret").is_some() {
        return Err(TokenError::InvalidRequest("client_secret_post is not supported: send the secret in the Authorization header."));
    }
    match (request.authorization, form.get("client_assertion_type"), form.get("client_assertion")) {
        (Some(_), None, None) => {
            let (id, secret) = request.authorization.and_then(basic).ok_or(TokenError::InvalidClient(Refusal::SecretWrong))?;
            let id: ClientId = id.parse().map_err(|_| TokenError::InvalidClient(Refusal::ClientUnknown))?;
            Ok(Proof::Secret(id, secret))
        }
        (None, Some(JWT_BEARER), Some(assertion)) => Ok(Proof::Assertion(Secret::new(assertion.to_owned()))),
        (None, None, None) => Err(TokenError::InvalidClient(Refusal::Missing)),
        (Some(_), ..) => Err(TokenError::InvalidRequest("Use one way to authenticate, not two.")),
        (None, ..) => Err(TokenError::InvalidRequest("Send client_assertion with client_assertion_type of jwt-bearer (RFC 7523).")),
    }
}

/// What RFC 7523 section 3 asks of an assertion's claims: one audience that is this issuer or its token endpoint, an expiry
/// near ahead, an id. Gives the id, and until when it must be remembered.
fn assertion_claims<'c>(assertion: &'c Compact<'_>, config: &AuthConfig, now: DateTime<Utc>) -> Result<(&'c str, DateTime<Utc>), Refusal> {
    let endpoint = config.token_endpoint();
    match assertion.claims.audiences()?.as_slice() {
        [one] if *one == config.origin || *one == endpoint => {}
        _ => return Err(Refusal::AudienceWrong),
    }
    let jti = verify::identifier(&assertion.claims)?;
    // Issued up to five minutes back and expiring up to five minutes ahead.
    let expires = verify::times(&assertion.claims, 2 * ASSERTION_SECONDS_AHEAD_MAX, now)?;
    if expires > now.timestamp() + ASSERTION_SECONDS_AHEAD_MAX + LEEWAY_SECONDS {
        return Err(Refusal::LifetimeWrong);
    }
    let remembered_until = DateTime::from_timestamp(expires + LEEWAY_SECONDS, 0).ok_or(Refusal::ClaimIllTyped("exp"))?;
    Ok((jti, remembered_until))
}

/// Whether keys that somebody registers for a client or an issuer can be used: every key of a set, or the address of one.
pub fn check_keys(keys: &KeySource) -> Result<(), String> {
    match keys {
        KeySource::Jwks(jwks) => super::key::KeySet::parse_all(jwks).map(|_| ()),
        KeySource::JwksUrl(url) => super::jwks::address(url).map(|_| ()),
    }
}
