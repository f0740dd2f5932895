//! What every handler can reach.

use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use openilp_persistence::Db;

use crate::auth::Authenticator;
use crate::config::Config;
use crate::limits::Exceeded;
use crate::problem::Problem;

/// Tells the time. Injected: tests bring a clock that stands still.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> DateTime<Utc>;
}

/// The clock of the machine.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> DateTime<Utc> {
        // PostgreSQL keeps microseconds; what is answered must equal what is read back.
        let now = Utc::now();
        chrono::DurationRound::duration_trunc(now, chrono::TimeDelta::microseconds(1)).unwrap_or(now)
    }
}

/// One for each thread of the service: its own connections, the rest shared.
#[derive(Clone)]
pub struct State {
    /// This thread's database.
    pub db: Db,
    /// Verifies and issues tokens.
    pub auth: Arc<Authenticator>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The configuration.
    pub config: Arc<Config>,
    /// The keys of cursors.
    pub cursors: Arc<crate::cursor::CursorKeys>,
    /// Where bundles are checked.
    pub checks: Arc<crate::roster_check::RosterChecks>,
    /// Where rosters are exported.
    pub exports: Arc<crate::roster_export::RosterExports>,
    /// Where batches of rows are applied.
    pub upserts: Arc<crate::roster_upsert::RosterUpserts>,
    /// Told when a roster import has been handed in.
    pub imports: Arc<tokio::sync::Notify>,
    /// Told when a job with the plans of many students has been started.
    pub jobs: Arc<tokio::sync::Notify>,
    /// How much callers may send.
    pub limits: Arc<crate::limits::Limits>,
    /// Counters.
    pub metrics: Arc<crate::telemetry::Metrics>,
    /// The OpenAPI documents, once somebody has asked for them.
    pub documents: Arc<OnceLock<crate::pages::Documents>>,
    /// Whether the service takes requests: false while it drains.
    pub ready: Arc<std::sync::atomic::AtomicBool>,
}

impl State {
    /// Counts what exceeds a limit, and makes it the answer.
    pub fn within(&self, limit: Result<(), Exceeded>) -> Result<(), Problem> {
        limit.map_err(|exceeded| {
            self.metrics.limited(exceeded.whose.word());
            exceeded.into()
        })
    }
}
