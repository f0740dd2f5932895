//! Rate limits: how many requests a minute a person, a machine client and a district may send, and how many refused tokens may come from one
//! address. Counted in this process, for all its threads; with several nodes each counts for itself.
//!
//! A limit is a bucket that holds as many requests as a minute allows and fills evenly. Of a bucket one number is kept: when it will be full
//! again (the generic cell rate algorithm of ATM). One that is full is as good as none, so what is kept is only of who came in the last minute.
//! Time is that of a clock that never goes back.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use openilp_domain::principal::Principal;

use crate::problem::{Kind, Problem};

/// How much a bucket holds: what is allowed in this time.
const WINDOW: Duration = Duration::from_secs(60);
/// How many buckets are kept of one kind. Beyond that all begin anew: some 3 MB, and far more callers than a process serves in a minute.
const BUCKETS_MAX: usize = 100_000;
/// Below this many nothing is swept away.
const SWEEP_MIN: usize = 1_000;

/// Requests a minute; 0 is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// Of one person.
    pub person: u32,
    /// Of one machine client.
    pub client: u32,
    /// Of all people and clients of one district.
    pub district: u32,
    /// Tokens from one address that are not accepted.
    pub refused: u32,
}

/// Whose limit it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// A person's.
    Person,
    /// A machine client's.
    Client,
    /// A district's.
    District,
    /// An address's.
    Address,
}

impl Whose {
    /// As metrics and `RateLimit-Policy` have it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Client => "client",
            Self::District => "district",
            Self::Address => "address",
        }
    }
}

/// Too much: whose limit, how much it allows, and when to come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exceeded {
    /// Whose.
    pub whose: Whose,
    /// What it allows, a minute.
    pub allowed: u32,
    /// When one more gets through, if nobody else takes it.
    pub after: Duration,
}

impl From<Exceeded> for Problem {
    /// Of a district's limit nothing is told but that the district is busy: how busy is no caller's business.
    fn from(exceeded: Exceeded) -> Self {
        let seconds = exceeded.after.as_secs() + u64::from(exceeded.after.subsec_nanos() > 0);
        let detail = match exceeded.whose {
            Whose::Person | Whose::Client => "You send more requests than a minute allows.",
            Whose::District => "Your district is busy.",
            Whose::Address => "Too many tokens from your address were not accepted.",
        };
        let problem = Self::new(Kind::RateLimited, detail).retry_after(seconds);
        match exceeded.whose {
            Whose::Person | Whose::Client => problem.rate(exceeded.whose.word(), exceeded.allowed, seconds),
            Whose::District | Whose::Address => problem,
        }
    }
}

/// The limits of this process.
pub struct Limits {
    rates: Rates,
    begun: Instant,
    hasher: RandomState,
    people: Buckets,
    clients: Buckets,
    districts: Buckets,
    addresses: Buckets,
}

impl Limits {
    /// With every bucket full.
    pub fn new(rates: Rates) -> Self {
        Self {
            rates,
            begun: Instant::now(),
            hasher: RandomState::new(),
            people: Buckets::new(rates.person),
            clients: Buckets::new(rates.client),
            districts: Buckets::new(rates.district),
            addresses: Buckets::new(rates.refused),
        }
    }

    /// Takes one request from the bucket of the caller and, if the caller belongs to a district, from the district's. What is refused takes
    /// nothing of the district's. An operator or a state names districts that are not its own: it has its own limit, and is told nothing of theirs.
    ///
    /// # Errors
    /// The limit that is exceeded.
    pub fn admit(&self, principal: &Principal) -> Result<(), Exceeded> {
        let hash = &self.hasher;
        let (whose, key, buckets, allowed, district) = match principal {
            // Through whatever application.
            Principal::Person { district_id, issuer, subject, .. } => {
                (Whose::Person, hash.hash_one((issuer, subject)), &self.people, self.rates.person, Some(*district_id))
            }
            Principal::Machine { client_id, district_id, .. } => {
                (Whose::Client, hash.hash_one(client_id), &self.clients, self.rates.client, *district_id)
            }
        };
        let now = self.begun.elapsed();
        let exceeded = |whose, allowed| move |after| Exceeded { whose, allowed, after };
        buckets.take(key, now).map_err(exceeded(whose, allowed))?;
        let Some(district) = district else { return Ok(()) };
        self.districts.take(self.hasher.hash_one(district), now).map_err(exceeded(Whose::District, self.rates.district))
    }

    /// Whether tokens from an address are looked at.
    ///
    /// # Errors
    /// If too many of them were refused.
    pub fn heed(&self, address: Option<IpAddr>) -> Result<(), Exceeded> {
        let Some(key) = self.key_of(address) else { return Ok(()) };
        let exceeded = |after| Exceeded { whose: Whose::Address, allowed: self.rates.refused, after };
        self.addresses.look(key, self.begun.elapsed()).map_err(exceeded)
    }

    /// A token from an address was refused.
    pub fn note_refusal(&self, address: Option<IpAddr>) {
        if let Some(key) = self.key_of(address) {
            // It was refused; an empty bucket has nothing to add to that.
            let _ = self.addresses.take(key, self.begun.elapsed());
        }
    }

    /// Whoever has an IPv6 address has its network of 64 bits.
    fn key_of(&self, address: Option<IpAddr>) -> Option<u64> {
        let network = match address?.to_canonical() {
            IpAddr::V4(address) => (4, u128::from(address.to_bits())),
            IpAddr::V6(address) => (6, address.to_bits() >> 64),
        };
        Some(self.hasher.hash_one(network))
    }
}

/// The buckets of one kind, each known by a hash.
struct Buckets {
    /// In which one request's worth flows in; none: no limit.
    interval: Option<Duration>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    /// When each is full again, since the beginning.
    full_at: HashMap<u64, Duration>,
    /// The number of them at which those that are full are swept away.
    sweep_at: usize,
}

impl Buckets {
    fn new(allowed: u32) -> Self {
        Self { interval: WINDOW.checked_div(allowed), held: Mutex::default() }
    }

    /// Takes one, or says how long to wait for it.
    fn take(&self, key: u64, now: Duration) -> Result<(), Duration> {
        let Some(interval) = self.interval else { return Ok(()) };
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = held.full_at(key, now) + interval;
        wait(full_at, now)?;
        if held.full_at.len() >= held.sweep_at {
            held.sweep(now);
        }
        held.full_at.insert(key, full_at);
        Ok(())
    }

    /// Whether one could be taken.
    fn look(&self, key: u64, now: Duration) -> Result<(), Duration> {
        let Some(interval) = self.interval else { return Ok(()) };
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        wait(held.full_at(key, now) + interval, now)
    }
}

/// A bucket that would take longer than the window to fill had too little in it.
fn wait(full_at: Duration, now: Duration) -> Result<(), Duration> {
    match full_at.saturating_sub(now).checked_sub(WINDOW) {
        Some(wait) if !wait.is_zero() => Err(wait),
        _ => Ok(()),
    }
}

impl Held {
    fn full_at(&self, key: u64, now: Duration) -> Duration {
        self.full_at.get(&key).map_or(now, |full_at| now.max(*full_at))
    }

    fn sweep(&mut self, now: Duration) {
        self.full_at.retain(|_, full_at| *full_at > now);
        if self.full_at.len() >= BUCKETS_MAX {
            tracing::warn!("rate limits begin anew: too many callers");
            self.full_at.clear();
        }
        self.sweep_at = (2 * self.full_at.len()).clamp(SWEEP_MIN, BUCKETS_MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_minute_is_allowed_at_once_and_then_what_flows_in() {
        let buckets = Buckets::new(60);
        for _ in 0..60 {
            assert_eq!(buckets.take(1, SECOND), Ok(()));
        }
        assert_eq!(buckets.take(1, SECOND), Err(SECOND));
        assert_eq!(buckets.take(2, SECOND), Ok(()), "another's");
        assert_eq!(buckets.take(1, SECOND * 2), Ok(()), "what was refused took nothing");
        assert_eq!(buckets.take(1, SECOND * 2), Err(SECOND));
        for _ in 0..60 {
            assert_eq!(buckets.take(1, SECOND * 1000), Ok(()), "no more is saved up than a minute's");
        }
        assert_eq!(buckets.take(1, SECOND * 1000), Err(SECOND));
    }

    #[test]
    fn nothing_is_no_limit() {
        let buckets = Buckets::new(0);
        assert!((0..1000).all(|_| buckets.take(1, SECOND).is_ok()));
        assert!(buckets.held.lock().unwrap().full_at.is_empty());
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let buckets = Buckets::new(60);
        for key in 0..250_000 {
            assert_eq!(buckets.take(key, SECOND), Ok(()));
        }
        assert!(buckets.held.lock().unwrap().full_at.len() <= BUCKETS_MAX);
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let limits = Limits::new(Rates { person: 0, client: 0, district: 0, refused: 1 });
        let from = |text: &str| text.parse().ok();
        assert_eq!(limits.heed(from("2001:db8::1")), Ok(()));
        limits.note_refusal(from("2001:db8::1"));
        assert!(limits.heed(from("2001:db8::2")).is_err());
        assert_eq!(limits.heed(from("2001:db8:0:1::1")), Ok(()));
        assert_eq!(limits.heed(from("192.0.2.1")), Ok(()));
        limits.note_refusal(from("::ffff:192.0.2.1"));
        assert!(limits.heed(from("192.0.2.1")).is_err());
        assert_eq!(limits.heed(None), Ok(()));
    }
}
