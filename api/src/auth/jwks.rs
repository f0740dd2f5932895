//! Key sets of others, fetched from their addresses and kept.
//!
//! Fresh for a minute, so that a withdrawn key is refused soon (reliability.md G22); fetched again for an unknown `kid`, so
//! that a rotated key is known at once; asked at most once in 30 seconds whatever callers send; and served up to a day while
//! the address does not answer. One fetch runs at a time for each address. The time is an argument.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::ACCEPT;
use reqwest::{Client, StatusCode, Url};
use tokio::sync::OwnedMutexGuard;

use super::key::KeySet;
use super::refusal::Refusal;

/// How long keys count as fresh.
pub const FRESH: TimeDelta = TimeDelta::seconds(60);
/// The least time between two fetches from one address.
pub const BETWEEN_FETCHES: TimeDelta = TimeDelta::seconds(30);
/// How long keys are served while their address does not answer.
pub const KEPT: TimeDelta = TimeDelta::hours(24);
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
const BODY_BYTES_MAX: usize = 256 * 1024;

/// The key sets of every address that was asked for. Addresses come from the registers only, so there are few.
#[derive(Default)]
pub(super) struct KeyCache {
    slots: Mutex<HashMap<String, Arc<Slot>>>,
    /// Made with the first fetch: whoever needs none does without certificates of the system, too.
    http: OnceLock<Client>,
}

#[derive(Default)]
struct Slot {
    kept: Mutex<Kept>,
    /// Held by whoever fetches.
    fetching: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Clone, Default)]
struct Kept {
    keys: Option<(Arc<KeySet>, DateTime<Utc>)>,
    tried_at: Option<DateTime<Utc>>,
}

/// What is to be done before a key of this id can be looked for.
#[derive(PartialEq)]
enum Need {
    Nothing,
    FreshKeys,
    ThisKey,
}

impl Kept {
    fn need(&self, kid: &str, now: DateTime<Utc>) -> Need {
        match &self.keys {
            Some((keys, at)) if keys.has(kid) => {
                if (now - at).abs() < FRESH {
                    Need::Nothing
                } else {
                    Need::FreshKeys
                }
            }
            _ => Need::ThisKey,
        }
    }
    // A clock that was set back must not stop fetches until it has caught up: hence the absolute difference.
    fn may_fetch(&self, now: DateTime<Utc>) -> bool {
        self.tried_at.is_none_or(|at| (now - at).abs() >= BETWEEN_FETCHES)
    }
    fn servable(&self, now: DateTime<Utc>) -> Result<Arc<KeySet>, Refusal> {
        self.keys.as_ref().filter(|(_, at)| now - at <= KEPT).map(|(keys, _)| keys.clone()).ok_or(Refusal::KeysUnavailable)
    }
}

impl Slot {
    fn kept(&self) -> Kept {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
    fn note(&self, change: impl FnOnce(&mut Kept)) {
        change(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl KeyCache {
    /// The keys at an address, fetched again if there is need and leave to. The key of this id may still not be among them.
    pub(super) async fn keys(&self, url: &str, kid: &str, now: DateTime<Utc>) -> Result<Arc<KeySet>, Refusal> {
        let slot = self.slots.lock().unwrap_or_else(PoisonError::into_inner).entry(url.to_owned()).or_default().clone();
        let guard = match slot.kept().need(kid, now) {
            Need::Nothing => None,
            // Whoever comes first fetches; the others go on with what is kept.
            Need::FreshKeys => slot.fetching.clone().try_lock_owned().ok(),
            // Wait for a fetch that is under way: it may bring the key.
            Need::ThisKey => Some(slot.fetching.clone().lock_owned().await),
        };
        if let Some(guard) = guard {
            let kept = slot.kept();
            if kept.need(kid, now) != Need::Nothing && kept.may_fetch(now) {
                self.fetch(&slot, url, guard, now).await;
            }
        }
        slot.kept().servable(now)
    }

    /// Fetches in a task of its own: a caller who goes away does not stop it half-way for the others.
    async fn fetch(&self, slot: &Arc<Slot>, url: &str, guard: OwnedMutexGuard<()>, now: DateTime<Utc>) {
        slot.note(|kept| kept.tried_at = Some(now));
        let client = match self.http() {
            Ok(client) => client,
            Err(error) => return tracing::error!(%error, "no HTTP client for key sets"),
        };
        let (slot, url) = (slot.clone(), url.to_owned());
        let task = tokio::spawn(async move {
            match get(&client, &url).await {
                Ok(keys) => slot.note(|kept| kept.keys = Some((Arc::new(keys), now))),
                Err(error) => tracing::warn!(url, error, "key set not fetched"),
            }
            drop(guard);
        });
        if task.await.is_err() {
            tracing::error!("fetching a key set failed within");
        }
    }

    fn http(&self) -> Result<Client, reqwest::Error> {
        if let Some(client) = self.http.get() {
            return Ok(client.clone());
        }
        let client = Client::builder()
            .timeout(FETCH_TIMEOUT)
            // A redirect could lead to an address that nobody registered.
            .redirect(reqwest::redirect::Policy::none())
            // A kept connection would belong to the thread that made it; one fetch a minute needs none.
            .pool_max_idle_per_host(0)
            .user_agent(concat!("openilp/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(self.http.get_or_init(|| client).clone())
    }
}

async fn get(client: &Client, url: &str) -> Result<KeySet, String> {
    let url = address(url)?;
    let request = client.get(url).header(ACCEPT, "application/jwk-set+json, application/json");
    let mut response = request.send().await.map_err(|error| error.without_url().to_string())?;
    if response.status() != StatusCode::OK {
        return Err(format!("status {}", response.status()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| error.without_url().to_string())? {
        if body.len() + chunk.len() > BODY_BYTES_MAX {
            return Err(format!("longer than {BODY_BYTES_MAX} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    let jwks: serde_json::Value = serde_json::from_slice(&body).map_err(|_| "not JSON")?;
    KeySet::parse(&jwks)
}

/// The address of a key set: https, or http on this machine; without a password in it.
pub(super) fn address(url: &str) -> Result<Url, String> {
    let url = Url::parse(url).map_err(|error| format!("is not a URL: {error}"))?;
    let host = url.host_str().unwrap_or_default();
    let loopback = matches!(host, "localhost" | "[::1]") || host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback());
    if url.scheme() != "https" && !(url.scheme() == "http" && loopback) {
        return Err("must be an https URL".into());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not hold a user name or password".into());
    }
    Ok(url)
}
