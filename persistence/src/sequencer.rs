//! The sequencer gives committed changes their positions: gap-free, in order, one district at a time.
//!
//! Numbers drawn while a transaction is open are visible in another order than they were drawn, and a reader that goes by
//! them loses a quarter of the changes (measured). The sequencer looks at committed rows only, under a lock of the district's
//! feed.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel::sql_types::{Int8, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use openilp_domain::id::DistrictId;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use crate::door::{Db, Tx};
use crate::error::Result;
use crate::statement;

/// How many changes one transaction numbers at most.
const BATCH_MAX: i64 = 10_000;
/// How often every district is looked at, whoever woke us: changes of other processes and of killed ones.
const SWEEP: Duration = Duration::from_secs(1);

/// Tells the sequencer that a district has changes, and readers that it has positions.
#[derive(Clone, Debug)]
pub struct Wake(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    districts: Mutex<BTreeSet<DistrictId>>,
    notify: Notify,
    sequenced: watch::Sender<u64>,
}

impl Default for Wake {
    fn default() -> Self {
        Self(Arc::new(Shared { districts: Mutex::default(), notify: Notify::new(), sequenced: watch::Sender::new(0) }))
    }
}

impl Wake {
    /// A district has committed changes.
    pub fn district(&self, district: DistrictId) {
        self.0.districts.lock().unwrap_or_else(PoisonError::into_inner).insert(district);
        self.0.notify.notify_one();
    }

    /// Changes whenever some district's feed has grown: what a long poll waits for.
    pub fn sequenced(&self) -> watch::Receiver<u64> { self.0.sequenced.subscribe() }

    fn take(&self) -> BTreeSet<DistrictId> { std::mem::take(&mut *self.0.districts.lock().unwrap_or_else(PoisonError::into_inner)) }
}

statement! {
    /// Makes the feed's row if the district has none, and locks it.
    LockFeed { district: SqlUuid = Uuid } -> (Int8)
    "insert into feeds (district_id, head) values ($1, 0) on conflict (district_id) do update set head = feeds.head returning head"
}

statement! {
    /// Numbers committed changes that have no position, after `head`. Rows of one record stand in the order of seq,
    /// which is drawn under the record's row lock.
    Number { district: SqlUuid = Uuid, head: Int8 = i64, most: Int8 = i64 } -> (Int8)
    "with next as (
       select id, $2 + row_number() over (order by seq) as position from changes
        where district_id = $1 and position is null order by seq limit $3),
     numbered as (
       update changes c set position = next.position from next
        where c.district_id = $1 and c.id = next.id returning c.position)
     update feeds set head = head + (select count(*) from numbered) where district_id = $1 returning head"
}

/// Numbers everything committed so far in a district. Returns the head of its feed.
pub async fn sequence(tx: &Tx<'_>) -> Result<i64> {
    let mut conn = tx.conn;
    let (mut head,) = LockFeed { district: tx.district.0 }.get_result::<(i64,)>(&mut conn).await?;
    loop {
        let number = Number { district: tx.district.0, head, most: BATCH_MAX };
        let (after,) = number.get_result::<(i64,)>(&mut conn).await?;
        let full = after - head == BATCH_MAX;
        head = after;
        if !full { return Ok(head); }
    }
}

/// Runs until the service stops.
pub async fn run(db: Db, clock: impl Fn() -> chrono::DateTime<chrono::Utc>) {
    let wake = db.wake().clone();
    loop {
        let swept = tokio::time::timeout(SWEEP, wake.0.notify.notified()).await.is_err();
        let mut districts = wake.take();
        if swept {
            match db.register(async |conn| crate::district::ids(conn).await).await {
                Ok(all) => districts.extend(all),
                Err(error) => tracing::debug!(%error, "the sequencer waits for the database"),
            }
        }
        for district in districts {
            match db.system(district, clock(), async |tx| sequence_if_needed(tx).await).await {
                Ok(true) => wake.0.sequenced.send_modify(|n| *n = n.wrapping_add(1)),
                Ok(false) => {}
                Err(error) => tracing::debug!(%error, "changes were not sequenced yet"),
            }
        }
    }
}

statement! {
    /// Whether something waits for a position.
    Waiting { district: SqlUuid = Uuid } -> (diesel::sql_types::Bool)
    "select exists (select from changes where district_id = $1 and position is null)"
}

async fn sequence_if_needed(tx: &Tx<'_>) -> Result<bool> {
    let mut conn = tx.conn;
    let (waiting,) = Waiting { district: tx.district.0 }.get_result::<(bool,)>(&mut conn).await?;
    if waiting { sequence(tx).await?; }
    Ok(waiting)
}
