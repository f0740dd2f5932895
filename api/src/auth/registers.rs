//! What authentication reads of the registers. Issuers are kept for some seconds, since every person's request needs them;
//! clients and assertions are read each time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use openilp_domain::id::ClientId;
use openilp_domain::identity::{Issuer, KeyPurpose};
use openilp_persistence::Db;
use openilp_persistence::error::Error;
use openilp_persistence::identity::{self, ClientCredentials};

use super::issuer::generate_key;
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
    by_name: Arc<HashMap<String, Arc<Issuer>>>,
    read_at: DateTime<Utc>,
}

impl Registers {
    /// A registered issuer.
    pub(super) async fn issuer(&self, db: &Db, issuer: &str, now: DateTime<Utc>) -> Result<Option<Arc<Issuer>>, Refusal> {
        if let Some(known) = self.known(issuer, now) { return Ok(known); }
        let _one_reads = self.reading.lock().await;
        if let Some(known) = self.known(issuer, now) { return Ok(known); }
        let rows = db.register(async |conn| identity::issuers(conn).await).await.map_err(unavailable)?;
        let by_name = rows.into_iter().map(|issuer| (issuer.issuer.clone(), Arc::new(issuer))).collect();
        let read = Issuers { by_name: Arc::new(by_name), read_at: now };
        let found = read.by_name.get(issuer).cloned();
        *self.issuers.lock().unwrap_or_else(PoisonError::into_inner) = Some(read);
        Ok(found)
    }

    /// What is known of an issuer without asking the database: nothing, that it is none, or its row.
    fn known(&self, issuer: &str, now: DateTime<Utc>) -> Option<Option<Arc<Issuer>>> {
        let read = self.issuers.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        let age = (now - read.read_at).abs();
        let found = read.by_name.get(issuer).cloned();
        let fresh = if found.is_some() { ISSUERS_FRESH } else { BETWEEN_READS };
        (age < fresh).then_some(found)
    }

    pub(super) fn forget_issuers(&self) { *self.issuers.lock().unwrap_or_else(PoisonError::into_inner) = None; }
}

/// The signing keys, the newest first; the first one is made here.
pub(super) async fn signing_keys(db: &Db, now: DateTime<Utc>) -> Result<Vec<Secret<Vec<u8>>>, Refusal> {
    let first = generate_key()?;
    let keys = db.register(async |conn| {
        let keys = identity::keys(conn, KeyPurpose::TokenSigning).await?;
        if !keys.is_empty() { return Ok(keys); }
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

fn unavailable(error: Error) -> Refusal {
    tracing::error!(%error, "a register could not be read");
    Refusal::Unavailable
}
