//! From an Authorization header to a verified principal, and the tokens that this deployment issues itself.
//!
//! A principal is what a token says and no more. Whether the person or client still exists is read by the door in the
//! transaction of the request (the identity link and the person's row, or [`openilp_persistence::identity::client_active`]).
//! Tokens, secrets and subjects never reach the log.

mod compact;
mod form;
pub mod http;
mod issuer;
mod jwks;
mod key;
mod refusal;
mod registers;
mod secret;
mod seen;
mod token_endpoint;
mod verify;

#[cfg(test)]
mod forge;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod rotation;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use openilp_domain::id::DistrictId;
use openilp_domain::identity::{KeySource, SignatureAlgorithm};
use openilp_domain::principal::{Principal, Through};
use openilp_persistence::Db;
use openilp_persistence::intake::{self, Login};
use tokio::sync::OnceCell;

pub use issuer::{AuthorizationServerMetadata, ProtectedResourceMetadata, PublicJwk, PublicJwks};
pub use issuer::{new_client_secret, new_invitation_code, secret_hash};
pub use refusal::{AuthError, Refusal, Told};
pub use secret::Secret;
pub use token_endpoint::{TokenAnswer, TokenError, TokenErrorAnswer, TokenRequest, check_keys};

use compact::Compact;
use issuer::OwnKeys;
use jwks::KeyCache;
use key::KeySet;
use registers::{KnownIssuer, Registers};
use seen::{Seen, Sound, Speaker};

/// What this service is called by others.
#[derive(Clone, Debug)]
pub struct AuthConfig {
    /// Where others reach it, such as `https://ilp.example`, without a slash at the end. It is the `iss` of its own tokens.
    pub origin: String,
    /// What tokens must be for: the `aud` of its own tokens and the `resource` of RFC 9728.
    pub audience: String,
    /// Whether it issues tokens for people itself, for demos and tests. Off otherwise, and such tokens are refused then.
    pub demo_issuer: bool,
}

/// What a token that was accepted says of how its login was proven. Nothing is decided by it: it is kept with what somebody signs.
pub fn authentication(authorization: Option<&str>) -> openilp_persistence::consent::Authentication {
    let token = bearer(authorization).and_then(Compact::parse);
    let Ok(Compact { claims, .. }) = token else { return Default::default() };
    let text = |name| claims.any_text(name).map(str::to_owned);
    openilp_persistence::consent::Authentication {
        issuer: text("iss").unwrap_or_default(),
        class: text("acr"),
        methods: claims.texts("amr"),
        at: claims.optional_seconds("auth_time").ok().flatten().and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
        token_id: text("jti"),
    }
}

/// Verifies tokens and issues them. One for the process, so that all its threads share what is kept; each brings its own
/// [`Db`].
pub struct Authenticator {
    config: AuthConfig,
    registers: Registers,
    key_sets: KeyCache,
    own_keys: OnceCell<Arc<OwnKeys>>,
    seen: Seen,
}

impl Authenticator {
    /// Nothing is read yet: the service starts while the database does.
    pub fn new(config: AuthConfig) -> Self {
        Self { config, registers: Registers::default(), key_sets: KeyCache::default(), own_keys: OnceCell::new(), seen: Seen::default() }
    }

    /// What this service is called by others.
    pub fn config(&self) -> &AuthConfig {
        &self.config
    }

    /// Forgets what it knows of issuers. Whoever changes the register calls this; other processes learn within seconds.
    pub fn forget_issuers(&self) {
        self.registers.forget_issuers();
    }

    /// Who calls, by the Authorization header.
    pub async fn principal(&self, db: &Db, authorization: Option<&str>, now: DateTime<Utc>) -> Result<Principal, AuthError> {
        let registered = async |issuer: &str| self.registers.issuer(db, issuer, now).await;
        let own_keys = async || self.own_keys(db, now).await.cloned();
        let settled = async |sound: &Sound| settled(db, sound, now).await;
        Ok(self.verified(bearer(authorization)?, now, registered, own_keys, settled).await?)
    }

    /// Whether families come with the tokens of this caller: so do demos.
    pub async fn is_for_families(&self, db: &Db, caller: &Principal, now: DateTime<Utc>) -> Result<bool, AuthError> {
        let Principal::Person { issuer, .. } = caller else { return Ok(false) };
        if self.config.demo_issuer_district(issuer).is_some() {
            return Ok(true);
        }
        Ok(self.registers.issuer(db, issuer, now).await?.is_some_and(|known| known.issuer.for_families))
    }

    /// Whether a person who came with a token of their issuer may still come: that the issuer is one of their district's. Whose the login is now the
    /// door finds out.
    pub async fn vouches_for(&self, db: &Db, caller: &Principal, now: DateTime<Utc>) -> Result<bool, AuthError> {
        let Principal::Person { district_id, issuer, .. } = caller else { return Ok(false) };
        let registered = async |issuer: &str| self.registers.issuer(db, issuer, now).await;
        match self.speaker(issuer, &registered).await {
            Ok(Speaker::OwnPeople(district)) => Ok(district == *district_id),
            Ok(Speaker::Issuer(known)) => Ok(known.issuer.district_id == *district_id),
            Ok(Speaker::Machines) | Err(Refusal::IssuerUnknown) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn verified(
        &self,
        token: &str,
        now: DateTime<Utc>,
        registered: impl AsyncFn(&str) -> Result<Option<Arc<KnownIssuer>>, Refusal>,
        own_keys: impl AsyncFn() -> Result<Arc<OwnKeys>, Refusal>,
        settled: impl AsyncFn(&Sound) -> Result<bool, Refusal>,
    ) -> Result<Principal, Refusal> {
        let hash = seen::hash(token);
        if let Some(sound) = self.seen.get(&hash) {
            let speaker = self.speaker(&sound.name, &registered).await?;
            let keys = self.keys_for(&speaker, &sound.kid, now, &own_keys).await?;
            if sound.still(&speaker, &keys, now) {
                return Ok(sound.principal.clone());
            }
        }
        let sound = self.examined(token, now, registered, own_keys).await?;
        let principal = sound.principal.clone();
        // Of a login that is nobody's yet, the next request asks again.
        if settled(&sound).await? {
            self.seen.keep(hash, sound, now);
        }
        Ok(principal)
    }

    /// The order matters: nothing of a token is used before its signature holds but `iss`, `kid`, `alg` and `typ`, which say
    /// how to check it; and who cannot sign learns nothing of the rules that come after.
    async fn examined(
        &self,
        token: &str,
        now: DateTime<Utc>,
        registered: impl AsyncFn(&str) -> Result<Option<Arc<KnownIssuer>>, Refusal>,
        own_keys: impl AsyncFn() -> Result<Arc<OwnKeys>, Refusal>,
    ) -> Result<Sound, Refusal> {
        let token = Compact::parse(token)?;
        let name = token.claims.text("iss")?;
        let speaker = self.speaker(name, &registered).await?;
        let (types, algorithms) = match &speaker {
            Speaker::Machines | Speaker::OwnPeople(_) => (verify::ACCESS_TOKEN, [SignatureAlgorithm::Es256].as_slice()),
            Speaker::Issuer(known) => (verify::ACCESS_TOKEN_OR_PLAIN, known.algorithms.as_slice()),
        };
        verify::typed(&token, types)?;
        let (algorithm, kid) = verify::signer(&token, algorithms)?;
        let keys = self.keys_for(&speaker, kid, now, &own_keys).await?;
        keys.verify(kid, algorithm, token.signed, token.signature)?;
        let person = |district_id, subject, through| Principal::Person { district_id, issuer: name.to_owned(), subject, through };
        let principal = match &speaker {
            Speaker::Machines => verify::machine(&token.claims, &self.config.audience, now)?,
            Speaker::OwnPeople(district) => person(*district, verify::own_person(&token.claims, &self.config.demo_audience(), now)?, Through::Itself),
            Speaker::Issuer(known) => {
                let subject = verify::person(&token.claims, &known.issuer.audience, now)?;
                person(known.issuer.district_id, subject, verify::through(&token.claims)?)
            }
        };
        let period = seen::period(&token.claims)?;
        let claimed = match &speaker {
            Speaker::Issuer(known) => known.issuer.matching.as_ref().and_then(|rule| verify::claimed(&token.claims, rule)),
            Speaker::Machines | Speaker::OwnPeople(_) => None,
        };
        Ok(Sound { name: name.to_owned(), kid: kid.to_owned(), speaker, keys, principal, period, claimed })
    }

    /// Who an `iss` is. The own names come first: nobody can register them for another.
    async fn speaker(&self, name: &str, registered: &impl AsyncFn(&str) -> Result<Option<Arc<KnownIssuer>>, Refusal>) -> Result<Speaker, Refusal> {
        if name == self.config.origin {
            return Ok(Speaker::Machines);
        }
        if let Some(district) = self.config.demo_issuer_district(name).filter(|_| self.config.demo_issuer) {
            return Ok(Speaker::OwnPeople(district));
        }
        registered(name).await?.map(Speaker::Issuer).ok_or(Refusal::IssuerUnknown)
    }

    /// The keys to look for a `kid` in.
    async fn keys_for(
        &self,
        speaker: &Speaker,
        kid: &str,
        now: DateTime<Utc>,
        own_keys: &impl AsyncFn() -> Result<Arc<OwnKeys>, Refusal>,
    ) -> Result<Arc<KeySet>, Refusal> {
        match speaker {
            Speaker::Machines | Speaker::OwnPeople(_) => Ok(own_keys().await?.public.clone()),
            Speaker::Issuer(known) => match &known.inline {
                Some(keys) => Ok(keys.clone()),
                None => self.keys_of(&known.issuer.keys, kid, now).await,
            },
        }
    }

    async fn keys_of(&self, source: &KeySource, kid: &str, now: DateTime<Utc>) -> Result<Arc<KeySet>, Refusal> {
        match source {
            KeySource::Jwks(jwks) => KeySet::parse(jwks).map(Arc::new).map_err(|_| Refusal::KeysUnavailable),
            KeySource::JwksUrl(url) => self.key_sets.keys(url, kid, now).await,
        }
    }

    /// The keys of this deployment, made at the first start. A key that is added later is known after a restart.
    async fn own_keys(&self, db: &Db, now: DateTime<Utc>) -> Result<&Arc<OwnKeys>, Refusal> {
        self.own_keys.get_or_try_init(|| async { OwnKeys::parse(&registers::signing_keys(db, now).await?).map(Arc::new) }).await
    }

    /// The public keys of this deployment.
    pub async fn jwks(&self, db: &Db, now: DateTime<Utc>) -> Result<PublicJwks, AuthError> {
        Ok(self.own_keys(db, now).await?.jwks())
    }

    /// An access token for a person of a district, by the own issuer: for demos, tests and a first look. Refused unless the
    /// own issuer is on. It says who, not what they may: the login must be linked to a person as any other.
    pub async fn issue_person_token(
        &self,
        db: &Db,
        district: DistrictId,
        subject: &str,
        lifetime: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<Secret<String>, AuthError> {
        if !self.config.demo_issuer {
            return Err(Refusal::IssuerUnknown.into());
        }
        Ok(self.own_keys(db, now).await?.person_token(&self.config, district, subject, lifetime, now)?)
    }
}

/// Finds whose login a new token is, where its issuer has a rule for that. False if it is nobody's.
async fn settled(db: &Db, sound: &Sound, now: DateTime<Utc>) -> Result<bool, Refusal> {
    let (Speaker::Issuer(known), Principal::Person { district_id, issuer, subject, .. }) = (&sound.speaker, &sound.principal) else {
        return Ok(true);
    };
    let Some(rule) = &known.issuer.matching else { return Ok(true) };
    let login = Login { issuer, subject, claimed: sound.claimed.as_deref() };
    intake::settle(db, now, *district_id, rule, login).await.map_err(registers::unavailable)
}

/// The token of an Authorization header (RFC 6750 section 2.1). Tokens in the query or the body are not taken.
fn bearer(authorization: Option<&str>) -> Result<&str, Refusal> {
    let (scheme, token) = authorization.ok_or(Refusal::Missing)?.split_once(' ').ok_or(Refusal::NotBearer)?;
    let token = token.trim_start_matches(' ');
    if !scheme.eq_ignore_ascii_case("Bearer") || token.is_empty() || token.contains([' ', ',']) {
        return Err(Refusal::NotBearer);
    }
    Ok(token)
}
