//! Tokens that were found sound a moment ago, so that a caller's next request need not pay for the signature again.
//!
//! It only ever says yes, and only while nothing has changed: the issuer's row and its key set must be the very ones that
//! the token was verified with, and the times must still hold. So a withdrawn key or issuer counts here as soon as it counts
//! anywhere. Only tokens with a good signature get in, by their SHA-256.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, Utc};
use openilp_domain::id::DistrictId;
use openilp_domain::principal::Principal;

use super::compact::Members;
use super::key::KeySet;
use super::refusal::Refusal;
use super::registers::KnownIssuer;
use super::verify::LEEWAY_SECONDS;

/// How many tokens are remembered.
const TOKENS_MAX: usize = 10_000;

/// Whose token it is.
#[derive(Clone)]
pub(super) enum Speaker {
    /// This deployment, for machines.
    Machines,
    /// This deployment, for the people of a district.
    OwnPeople(DistrictId),
    /// A district's issuer.
    Issuer(Arc<KnownIssuer>),
}

impl Speaker {
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Machines, Self::Machines) => true,
            (Self::OwnPeople(one), Self::OwnPeople(two)) => one == two,
            (Self::Issuer(one), Self::Issuer(two)) => Arc::ptr_eq(one, two),
            _ => false,
        }
    }
}

/// A sound token, and what it was verified with.
#[derive(Clone)]
pub(super) struct Sound {
    /// Its `iss`.
    pub(super) name: String,
    pub(super) kid: String,
    pub(super) speaker: Speaker,
    pub(super) keys: Arc<KeySet>,
    pub(super) principal: Principal,
    /// From its `iat` or `nbf` to its `exp`.
    pub(super) period: (i64, i64),
    /// What the claim of the issuer's rule says.
    pub(super) claimed: Option<String>,
}

impl Sound {
    /// Whether it still is, by what is known now.
    pub(super) fn still(&self, speaker: &Speaker, keys: &Arc<KeySet>, now: DateTime<Utc>) -> bool {
        let now = now.timestamp();
        let (from, until) = self.period;
        self.speaker.is(speaker) && Arc::ptr_eq(&self.keys, keys) && from <= now + LEEWAY_SECONDS && now < until + LEEWAY_SECONDS
    }
}

/// When a token holds.
pub(super) fn period(claims: &Members) -> Result<(i64, i64), Refusal> {
    let issued = claims.seconds("iat")?;
    Ok((claims.optional_seconds("nbf")?.map_or(issued, |not_before| not_before.max(issued)), claims.seconds("exp")?))
}

pub(super) type Hash = [u8; 32];

pub(super) fn hash(token: &str) -> Hash {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    hash
}

#[derive(Default)]
pub(super) struct Seen(Mutex<HashMap<Hash, Arc<Sound>>>);

impl Seen {
    pub(super) fn get(&self, hash: &Hash) -> Option<Arc<Sound>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(hash).cloned()
    }

    pub(super) fn keep(&self, hash: Hash, sound: Sound, now: DateTime<Utc>) {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tokens.len() >= TOKENS_MAX {
            tokens.retain(|_, sound| now.timestamp() < sound.period.1);
        }
        // Full of living tokens: begin anew, which costs each of them one signature.
        if tokens.len() >= TOKENS_MAX {
            tokens.clear();
        }
        tokens.insert(hash, Arc::new(sound));
    }
}
