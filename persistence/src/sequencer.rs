//! The sequencer gives committed changes their positions: gap-free, in order, one district at a time.
//!
//! Numbers drawn while a transaction is open are visible in another order than they were drawn, and a reader that goes by
//! them loses a quarter of the changes (measured). The sequencer looks at committed rows only, under a lock of the district's
//! feed. Why nothing is skipped:
//!
//! - `Number` is a statement of its own after `LockFeed`, in READ COMMITTED: its snapshot is newer than the lock, so it sees every
//!   position given before, and the head is exact.
//! - The lock is held until commit: whoever sees a position sees all lower ones. A reader that goes on after the highest position it
//!   has seen misses none.
//! - A row that is not yet committed has no position and gets a higher one later.
//! - Rows of one record are in the order of `seq`, which each writer draws while it holds the record's row lock.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use diesel::sql_types::{Bool, Int8, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use openilp_domain::id::DistrictId;
use tokio::sync::{Notify, watch};
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::door::{Db, Tx};
use crate::error::Result;
use crate::statement;

/// How many changes one transaction numbers at most: some tenths of a second.
const BATCH_MAX: i64 = 5_000;
/// How often every district is looked at, whoever woke us: changes of other processes and of killed ones.
const SWEEP: Duration = Duration::from_secs(1);
/// How long to gather once woken, so that many writers cost one commit.
const GATHER: Duration = Duration::from_millis(10);

/// Tells the sequencer that a district has changes, and readers how far its feed goes.
#[derive(Clone, Debug, Default)]
pub struct Wake(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    districts: Mutex<BTreeSet<DistrictId>>,
    notify: Notify,
    heads: Mutex<BTreeMap<DistrictId, watch::Sender<i64>>>,
}

impl Wake {
    /// A district has committed changes.
    pub fn district(&self, district: DistrictId) {
        self.0.districts.lock().unwrap_or_else(PoisonError::into_inner).insert(district);
        self.0.notify.notify_one();
    }

    /// Changes whenever the district's feed has grown: what a long poll waits for.
    pub fn sequenced(&self, district: DistrictId) -> watch::Receiver<i64> {
        self.0.heads.lock().unwrap_or_else(PoisonError::into_inner).entry(district).or_default().subscribe()
    }

    fn publish(&self, district: DistrictId, head: i64) {
        let mut heads = self.0.heads.lock().unwrap_or_else(PoisonError::into_inner);
        heads.entry(district).or_default().send_if_modified(|known| std::mem::replace(known, head) != head);
    }

    fn take(&self) -> BTreeSet<DistrictId> {
        std::mem::take(&mut *self.0.districts.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Makes the feed's row if the district has none, and locks it; another transaction that numbers is waited for.
const LOCK_FEED: &str =
    "insert into feeds (district_id, head) values ($1, 0) on conflict (district_id) do update set head = feeds.head returning head";

/// Numbers committed changes that have no position, after `head`. Returns the new head.
const NUMBER: &str = "with next as (
       select id, $2 + row_number() over (order by seq) as position from changes
        where district_id = $1 and position is null order by seq limit $3),
     numbered as (
       update changes c set position = next.position from next
        where c.district_id = $1 and c.id = next.id returning c.position)
     update feeds set head = head + (select count(*) from numbered) where district_id = $1 returning head";

statement! {
    /// [`LOCK_FEED`].
    LockFeed { district: SqlUuid = Uuid } -> (Int8) LOCK_FEED
}

statement! {
    /// [`NUMBER`].
    Number { district: SqlUuid = Uuid, head: Int8 = i64, most: Int8 = i64 } -> (Int8) NUMBER
}

statement! {
    /// Whether something waits for a position, and the last position given.
    Waiting { district: SqlUuid = Uuid } -> (Bool, Int8)
    "select exists (select from changes where district_id = $1 and position is null),
            coalesce((select head from feeds where district_id = $1), 0)"
}

/// The head of a district's feed after a batch.
#[derive(Clone, Copy, Debug)]
struct Sequenced {
    head: i64,
    /// Whether the batch was full, so that more may wait.
    full: bool,
}

/// Numbers a batch of what is committed.
async fn sequence_batch(tx: &Tx<'_>) -> Result<Sequenced> {
    let mut conn = tx.conn;
    let (waiting, head) = Waiting { district: tx.district.0 }.get_result::<(bool, i64)>(&mut conn).await?;
    if !waiting {
        return Ok(Sequenced { head, full: false });
    }
    let (before,) = LockFeed { district: tx.district.0 }.get_result::<(i64,)>(&mut conn).await?;
    let number = Number { district: tx.district.0, head: before, most: BATCH_MAX };
    let (head,) = number.get_result::<(i64,)>(&mut conn).await?;
    Ok(Sequenced { head, full: head - before == BATCH_MAX })
}

/// Numbers everything in a district that was committed before the call, in transactions of bounded size. Returns the head.
pub async fn catch_up(db: &Db, district: DistrictId, at: DateTime<Utc>) -> Result<i64> {
    loop {
        let done = db.system(district, at, async |tx| sequence_batch(tx).await).await?;
        db.wake().publish(district, done.head);
        if !done.full {
            return Ok(done.head);
        }
    }
}

/// Numbers everything committed so far on a connection of bulk work, which then gives positions itself: the feed stays locked until its
/// transaction ends.
pub(crate) async fn sequence_on(client: &tokio_postgres::Client, district: DistrictId) -> std::result::Result<i64, tokio_postgres::Error> {
    let mut head: i64 = client.query_one(LOCK_FEED, &[&district.0]).await?.try_get(0)?;
    let number = client.prepare_typed(NUMBER, &[Type::UUID, Type::INT8, Type::INT8]).await?;
    loop {
        let after: i64 = client.query_one(&number, &[&district.0, &head, &BATCH_MAX]).await?.try_get(0)?;
        let full = after - head == BATCH_MAX;
        head = after;
        if !full {
            return Ok(head);
        }
    }
}

/// Runs until the service stops. One a process; several processes take turns at a district's lock.
pub async fn run(db: Db, clock: impl Fn() -> DateTime<Utc>) {
    let wake = db.wake().clone();
    let mut swept: Option<Instant> = None;
    loop {
        let since = swept.map_or(SWEEP, |at| at.elapsed());
        let woken = tokio::time::timeout(SWEEP.saturating_sub(since), wake.0.notify.notified()).await.is_ok();
        if woken {
            tokio::time::sleep(GATHER).await;
        }
        let mut districts = wake.take();
        // By the time and not only when nobody wakes us: else one busy district would hide all others.
        if swept.is_none_or(|at| at.elapsed() >= SWEEP) {
            swept = Some(Instant::now());
            match sweep(&db, clock()).await {
                Ok(waiting) => districts.extend(waiting),
                Err(error) => tracing::debug!(%error, "the sequencer waits for the database"),
            }
        }
        for district in districts {
            // What fails here is found again by the next sweep.
            if let Err(error) = catch_up(&db, district, clock()).await {
                tracing::debug!(%error, "changes were not sequenced yet");
            }
        }
    }
}

/// Looks at every district in one transaction: which have changes without a position. Readers learn of positions that another
/// process gave.
async fn sweep(db: &Db, at: DateTime<Utc>) -> Result<Vec<DistrictId>> {
    let all = db.register(async |conn| crate::district::ids(conn).await).await?;
    let mut waiting = vec![];
    let look = async |tx: &Tx<'_>| {
        let mut conn = tx.conn;
        Ok(Waiting { district: tx.district.0 }.get_result::<(bool, i64)>(&mut conn).await?)
    };
    for (district, (waits, head)) in db.each_district(&all, at, look).await? {
        db.wake().publish(district, head);
        if waits {
            waiting.push(district);
        }
    }
    Ok(waiting)
}
