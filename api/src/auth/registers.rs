//! What authentication reads of the registers. Issuers are kept for some seconds, since every person's request needs them;
//! clients and assertions are read each time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use openilp_domain::id::ClientId;
use openilp_domain::identity::{Issuer, KeyPurpose, KeySource, SignatureAlgorithm};
use openilp_persistence::Db;
use openilp_persistence::error::Error;
use openilp_persistence::identity::{self, ClientCredentials};

use super::issuer::generate_key;
use super::key::KeySet;
use super::refusal::Refusal;
use super::secret::Secret;

/// How long the register of issuers counts as read.
const ISSUERS_FRESH: TimeDelta = TimeDelta::seconds(10);
/// How often an issuer that is not known makes it be read again.
const BETWEEN_READS: TimeDelta = TimeDelta::seconds(1);

#[derive(Default)]
pub(super) struct Registers {
    issuers: Mutex<Option<Issuers>>,
    reading: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Issuers {
    by_name: Arc<HashMap<String, Arc<KnownIssuer>>>,
    read_at: DateTime<Utc>,
}

/// A registered issuer, made ready. The same value for as long as its row is the same.
pub(super) struct KnownIssuer {
    pub(super) issuer: Issuer,
    /// Those of its algorithms that are allowed for people.
    pub(super) algorithms: Vec<SignatureAlgorithm>,
    /// Its keys, if they stand in the register.
    pub(super) inline: Option<Arc<KeySet>>,
}

impl KnownIssuer {
    pub(super) fn of(issuer: Issuer) -> Self {
        let allowed = |one: &SignatureAlgorithm| SignatureAlgorithm::FOR_PEOPLE.contains(one);
        let algorithms = issuer.algorithms.iter().copied().filter(allowed).collect();
        let inline = match &issuer.keys {
            KeySource::Jwks(jwks) => Some(Arc::new(KeySet::parse(jwks).unwrap_or_default())),
            KeySource::JwksUrl(_) => None,
        };
        Self { issuer, algorithms, inline }
    }
}

impl Registers {
    /// A registered issuer.
    pub(super) async fn issuer(&self, db: &Db, issuer: &str, now: DateTime<Utc>) -> Result<Option<Arc<KnownIssuer>>, Refusal> {
        if let Some(known) = self.known(issuer, now) {
            return Ok(known);
        }
        let _one_reads = self.reading.lock().await;
        if let Some(known) = self.known(issuer, now) {
            return Ok(known);
        }
        let rows = db.register(async |conn| identity::issuers(conn).await).await.map_err(unavailable)?;
        let before = self.issuers.lock().unwrap_or_else(PoisonError::into_inner).take();
        let keep = |row: Issuer| match before.as_ref().and_then(|before| before.by_name.get(&row.issuer)) {
            Some(known) if known.issuer == row => known.clone(),
            _ => Arc::new(KnownIssuer::of(row)),
        };
        let by_name = rows.into_iter().map(|row| (row.issuer.clone(), keep(row))).collect();
        let read = Issuers { by_name: Arc::new(by_name), read_at: now };
        let found = read.by_name.get(issuer).cloned();
        *self.issuers.lock().unwrap_or_else(PoisonError::into_inner) = Some(read);
        Ok(found)
    }

    /// What is known of an issuer without asking the database: nothing, that it is none, or its row.
    fn known(&self, issuer: &str, now: DateTime<Utc>) -> Option<Option<Arc<KnownIssuer>>> {
        let read = self.issuers.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        let age = (now - read.read_at).abs();
        let found = read.by_name.get(issuer).cloned();
        let fresh = if found.is_some() { ISSUERS_FRESH } else { BETWEEN_READS };
        (age < fresh).then_some(found)
    }

    pub(super) fn forget_issuers(&self) {
        *self.issuers.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// The signing keys, the newest first; the first one is made here.
pub(super) async fn signing_keys(db: &Db, now: DateTime<Utc>) -> Result<Vec<Secret<Vec<u8>>>, Refusal> {
    let first = generate_key()?;
    let keys = db.register(async |conn| {
        let keys = identity::keys(conn, KeyPurpose::TokenSigning).await?;
        if !keys.is_empty() {
            return Ok(keys);
        }
        identity::insert_first_key(conn, KeyPurpose::TokenSigning, first.expose(), now).await?;
        // Another process may have been first: its key is the one.
        identity::keys(conn, KeyPurpose::TokenSigning).await
    });
    Ok(keys.await.map_err(unavailable)?.into_iter().map(Secret::new).collect())
}

/// An active client.
pub(super) async fn client(db: &Db, id: ClientId) -> Result<Option<ClientCredentials>, Refusal> {
    db.register(async |conn| identity::client_credentials(conn, id).await).await.map_err(unavailable)
}

/// Uses up an assertion. False if it was used before.
pub(super) async fn use_assertion(db: &Db, client: ClientId, jti: &str, until: DateTime<Utc>, now: DateTime<Utc>) -> Result<bool, Refusal> {
    let used = db.register(async |conn| {
        identity::forget_expired_assertions(conn, now).await?;
        identity::use_assertion(conn, client, jti, until).await
    });
    used.await.map_err(unavailable)
}

pub(super) fn unavailable(error: Error) -> Refusal {
    tracing::error!(%error, "a register could not be read");
    Refusal::Unavailable
}
