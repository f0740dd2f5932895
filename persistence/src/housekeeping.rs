//! What has served its time is forgotten: answers kept for repeated keys, client assertions that have expired, what old
//! roster loads changed, jobs that ended long ago. What the next pull would
//! have to compute is computed ahead.

use std::time::Duration;

use chrono::{DateTime, Utc};
use openilp_domain::id::DistrictId;

use crate::door::Db;

/// How often.
const EVERY: Duration = Duration::from_secs(600);

/// Runs until the service stops.
pub async fn run(db: Db, clock: impl Fn() -> DateTime<Utc>) {
    loop {
        tokio::time::sleep(EVERY).await;
        if let Err(error) = once(&db, clock()).await {
            tracing::debug!(%error, "housekeeping waits for the database");
        }
    }
}

/// Once, for every district.
pub async fn once(db: &Db, now: DateTime<Utc>) -> crate::error::Result<()> {
    db.register(async |conn| Ok(crate::identity::forget_expired_assertions(conn, now).await?)).await?;
    let districts = db.register(async |conn| crate::district::ids(conn).await).await?;
    for district in districts.iter().copied().chain([DistrictId::DEPLOYMENT]) {
        db.system(district, now, async |tx| crate::idempotency::forget(tx).await).await?;
    }
    for district in districts {
        db.system(district, now, async |tx| crate::roster::forget(tx).await).await?;
        db.system(district, now, async |tx| crate::plan_job::forget(tx).await).await?;
        db.system(district, now, async |tx| crate::collection::keep_up(tx).await).await?;
    }
    Ok(())
}
