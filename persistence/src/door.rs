//! The door: the only way to the database. It takes the one connection of a request, opens the transaction inside the
//! district, loads the facts, has access decided, and hands out the grant; it writes journal, idempotency and access
//! records in the same transaction or before the answer leaves.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, Utc};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use openilp_domain::access::{DistrictAction, Relation};
use openilp_domain::id::{ClientId, DistrictId, PersonId};
use openilp_domain::principal::Principal;
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

use crate::access_record::{AccessRecord, Recorder};
use crate::cap::Opened;
use crate::connect::Connector;
use crate::error::{Error, Result};
use crate::facts::{self, Caller, Target};
use crate::front_end;
use crate::grant::{Grant, Granted};
use crate::idempotency::{self, Key};
use crate::journal::{self, By, Change};
use crate::pool::{self, Apart, Connection, Pool};
use crate::request::{Ask, Reply, Request, Shown};
use crate::sequencer::Wake;

/// The database of one thread of the service.
#[derive(Clone)]
pub struct Db {
    pool: Pool,
    recorder: Recorder,
    wake: Wake,
    exports: Arc<Semaphore>,
    reading: Arc<Semaphore>,
    browsing: Arc<Semaphore>,
    pub(crate) opened: Arc<Opened>,
}

/// How many reads of one record, and how many across students, are at the database at once, for one thread. More would not be quicker: they need
/// its processors, and the more of its processes take turns, the dearer each turn (measured: 330 rather than 580 µs). Writes wait for
/// the disk and may use all connections.
const READS_MAX: usize = 4;
/// How many exports may run at once. Each has a connection beside the pool.
const EXPORTS_MAX: usize = 2;

/// A read's connection and its turn at the database: they end together.
struct Turn<'s> {
    connection: Connection,
    _turn: SemaphorePermit<'s>,
}

/// A transaction inside one district.
pub struct Tx<'c> {
    pub(crate) conn: &'c AsyncPgConnection,
    /// The district.
    pub district: DistrictId,
    /// The instant of the request.
    pub at: DateTime<Utc>,
    changes: Mutex<Vec<Change>>,
}

impl<'c> Tx<'c> {
    fn new(conn: &'c AsyncPgConnection, district: DistrictId, at: DateTime<Utc>) -> Self {
        Self { conn, district, at, changes: Mutex::default() }
    }

    /// Notes a change for the journal.
    pub(crate) fn note(&self, change: Change) {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner).push(change);
    }

    /// Forgets what was noted: it is taken back.
    pub(crate) fn forget_changes(&self) {
        self.take_changes();
    }

    fn take_changes(&self) -> Vec<Change> {
        std::mem::take(&mut *self.changes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A new id.
    pub(crate) fn id(&self) -> Uuid {
        crate::new_id(self.at)
    }
}

/// Who does what the service does by itself or by command line.
const NOBODY: Caller = Caller::Client(ClientId(Uuid::nil()));

/// The statement that puts a transaction inside a district: its own simple query, from a formatted id and nothing of the
/// caller's (Citus does not pass `set_config` on).
pub(crate) fn set_district(district: DistrictId) -> String {
    format!("set local app.district_id = '{district}'")
}

/// Begins a transaction in a district. One message: each is an answer to wait for.
pub(crate) fn begin_in(district: DistrictId) -> String {
    format!("begin; {}", set_district(district))
}

impl Db {
    /// A pool of at most `connections`, on the runtime of this thread. It also writes access records.
    pub fn new(connector: Connector, connections: usize, wake: Wake) -> Result<Self> {
        let pool = Pool::new(connector, connections)?;
        Ok(Self::of(pool.clone(), Recorder::start(pool), wake))
    }

    /// The same for another thread, from there. Its access records are written by this one, so that they share commits.
    pub fn beside(&self, connector: Connector, connections: usize) -> Result<Self> {
        let beside = Self::of(Pool::new(connector, connections)?, self.recorder.clone(), self.wake.clone());
        Ok(Self { opened: self.opened.clone(), ..beside })
    }

    fn of(pool: Pool, recorder: Recorder, wake: Wake) -> Self {
        Self {
            pool,
            recorder,
            wake,
            exports: Arc::new(Semaphore::new(EXPORTS_MAX)),
            reading: Arc::new(Semaphore::new(READS_MAX)),
            browsing: Arc::new(Semaphore::new(READS_MAX)),
            opened: Arc::default(),
        }
    }

    /// A connection for a read, in its turn.
    async fn for_read<'s>(&self, lane: &'s Semaphore) -> Result<Turn<'s>> {
        let turn = tokio::time::timeout(pool::WAIT, lane.acquire()).await;
        let turn = turn.map_err(|_| Error::Busy)?.map_err(|error| Error::Internal(error.to_string()))?;
        let mut connection = self.pool.get().await?;
        connection.enter();
        Ok(Turn { connection, _turn: turn })
    }

    /// Connections in use and in all.
    pub fn usage(&self) -> (usize, usize) {
        self.pool.usage()
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        let connection = self.pool.get().await?;
        let mut conn = connection.diesel()?;
        conn.batch_execute("select 1").await?;
        Ok(())
    }

    /// Reads ahead: facts and content in one flight, decided before anything leaves. `content` gives what is still
    /// withheld; `show` opens it with the grant and says what was shown.
    pub async fn read_ahead<C, T>(
        &self,
        request: &Request,
        target: Target,
        content: impl AsyncFnOnce(&Tx<'_>) -> Result<C>,
        show: impl FnOnce(&Grant, C) -> Result<(T, Shown)>,
    ) -> Result<T> {
        let mut turn = self.for_read(&self.reading).await?;
        let seen = async {
            let conn = turn.connection.diesel()?;
            let tx = Tx::new(conn, request.district, request.at);
            let mut first = conn;
            let begin = begin_in(request.district);
            let (_, known, content) = tokio::join!(biased;
                first.batch_execute(&begin),
                facts::load(conn, &request.principal, request.district, target, request.at),
                content(&tx),
            );
            let grant = Grant::of(request, known?);
            let (answer, shown) = show(&grant, content?)?;
            Ok((grant, answer, shown))
        };
        let seen = seen.await;
        let (grant, answer, shown) = unless_refused(&mut turn.connection, seen).await?;
        self.finish_read(request, turn, &grant, Some(target), shown).await?;
        Ok(answer)
    }

    /// Reads what depends on the grant, such as a list: decide first, then `work`.
    pub async fn read<T>(&self, request: &Request, ask: Ask, work: impl AsyncFnOnce(&Tx<'_>, &Grant) -> Result<(T, Shown)>) -> Result<T> {
        let mut turn = self.for_read(&self.reading).await?;
        let seen = async {
            let (tx, grant) = open(&turn.connection, request, ask.target).await?;
            settle(&grant, &ask)?;
            let (answer, shown) = work(&tx, &grant).await?;
            Ok((grant, answer, shown))
        };
        let seen = seen.await;
        let (grant, answer, shown) = unless_refused(&mut turn.connection, seen).await?;
        self.finish_read(request, turn, &grant, Some(ask.target), shown).await?;
        Ok(answer)
    }

    /// Reads across students, or something of the district. What the caller may see of each student is for `work` to
    /// ask, with [`Grant::towards`].
    pub async fn browse<T>(
        &self,
        request: &Request,
        action: Option<DistrictAction>,
        work: impl AsyncFnOnce(&Tx<'_>, &Grant) -> Result<(T, Shown)>,
    ) -> Result<T> {
        let mut turn = self.for_read(&self.browsing).await?;
        let seen = async {
            let (tx, grant) = open(&turn.connection, request, Target::district(request.district)).await?;
            if let Some(action) = action {
                grant.relation_to_district(action).ok_or(Error::Forbidden)?;
            }
            let (answer, shown) = work(&tx, &grant).await?;
            Ok((grant, answer, shown))
        };
        let seen = seen.await;
        let (grant, answer, shown) = unless_refused(&mut turn.connection, seen).await?;
        self.finish_read(request, turn, &grant, None, shown).await?;
        Ok(answer)
    }

    /// Changes a record, or adds beneath it: decide, work, journal, answer kept for the key, all in one transaction.
    pub async fn write(
        &self,
        request: &Request,
        ask: Ask,
        key: Option<&Key>,
        work: impl AsyncFnOnce(&Tx<'_>, &Granted<'_>) -> Result<Reply>,
    ) -> Result<Reply> {
        self.change(request, ask.target, key, |grant| settle(grant, &ask), work).await
    }

    /// Changes something of the district.
    pub async fn write_district(
        &self,
        request: &Request,
        action: DistrictAction,
        key: Option<&Key>,
        work: impl AsyncFnOnce(&Tx<'_>, &Granted<'_>) -> Result<Reply>,
    ) -> Result<Reply> {
        let decide = |grant: &Grant| grant.relation_to_district(action).ok_or(Error::Forbidden);
        self.change(request, Target::district(request.district), key, decide, work).await
    }

    pub(crate) async fn change(
        &self,
        request: &Request,
        target: Target,
        key: Option<&Key>,
        decide: impl FnOnce(&Grant) -> Result<Relation>,
        work: impl AsyncFnOnce(&Tx<'_>, &Granted<'_>) -> Result<Reply>,
    ) -> Result<Reply> {
        let mut connection = self.pool.get().await?;
        connection.enter();
        let done = async {
            let (tx, grant) = open(&connection, request, target).await?;
            let relation = decide(&grant)?;
            if let Some(key) = key {
                // Access was decided anew before anything kept is shown again.
                if let Some(reply) = idempotency::kept(&tx, grant.caller, key, request.operation).await? {
                    return Ok((reply, vec![]));
                }
            }
            let reply = work(&tx, &Granted { grant: &grant, relation }).await?;
            let changed = settled(&tx, request, grant.caller, relation, key, &reply).await?;
            Ok((reply, changed))
        };
        let done = done.await;
        let (reply, changed) = unless_refused(&mut connection, done).await?;
        commit(&mut connection).await?;
        self.wake_all(changed);
        Ok(reply)
    }

    /// What somebody does for themself whose login may be nobody's yet: `work` says whose it is from then on.
    pub(crate) async fn newcomer(
        &self,
        request: &Request,
        key: &Key,
        work: impl AsyncFnOnce(&Tx<'_>, Option<PersonId>) -> Result<(PersonId, Reply)>,
    ) -> Result<Reply> {
        let Principal::Person { issuer, subject, .. } = &request.principal else { return Err(Error::Forbidden) };
        let mut connection = self.pool.get().await?;
        connection.enter();
        let done = async {
            let conn = connection.diesel()?;
            let mut first = conn;
            first.batch_execute(&begin_in(request.district)).await?;
            let tx = Tx::new(conn, request.district, request.at);
            let district = facts::district(conn, request.district, request.at).await?;
            // Whoever comes through what is for reading only is nobody new.
            if front_end::ceiling_of(conn, &request.principal, &district).await?.is_some_and(|ceiling| !ceiling.writes) {
                return Err(Error::Forbidden);
            }
            let known = facts::behind(conn, request.district, issuer, subject).await?;
            if let Some(person) = known
                && let Some(reply) = idempotency::kept(&tx, Caller::Person(person), key, request.operation).await?
            {
                return Ok((reply, vec![]));
            }
            let (person, reply) = work(&tx, known).await?;
            let changed = settled(&tx, request, Caller::Person(person), Relation::Student, Some(key), &reply).await?;
            Ok((reply, changed))
        };
        let done = done.await;
        let (reply, changed) = unless_refused(&mut connection, done).await?;
        commit(&mut connection).await?;
        self.wake_all(changed);
        Ok(reply)
    }

    fn wake_all(&self, districts: Vec<DistrictId>) {
        districts.into_iter().for_each(|district| self.wake.district(district));
    }

    async fn finish_read(&self, request: &Request, turn: Turn<'_>, grant: &Grant, target: Option<Target>, shown: Shown) -> Result<()> {
        // The connection and the turn are given back as soon as the transaction has ended, not after the wait for the record: the batch may
        // need them. They are taken whole: a block captures the fields that it names, and the turn would stay outside until the record is written.
        let end = async |turn: Turn<'_>| {
            let mut turn = turn;
            commit(&mut turn.connection).await
        };
        if shown.students.is_empty() {
            return end(turn).await;
        }
        if let Some(until) = grant.in_emergency_until() {
            request.notice.in_emergency(until);
        }
        let record = AccessRecord::of(request, grant.caller, grant.read_by(), target, shown);
        if let Some(reached) = self.opened.admit(turn.connection.diesel()?, request, &record).await? {
            end(turn).await?;
            return Err(self.refuse_file(request, grant.caller, reached).await);
        }
        // Both go on at once.
        let (ended, recorded) = tokio::join!(biased; end(turn), self.recorder.record(record));
        ended.and(recorded)
    }

    /// Work of the service itself, on nobody's request: sequencing, collections, imports, set-up by command line.
    pub async fn system<T>(&self, district: DistrictId, at: DateTime<Utc>, work: impl AsyncFnOnce(&Tx<'_>) -> Result<T>) -> Result<T> {
        let mut connection = self.pool.get().await?;
        connection.enter();
        let conn = connection.diesel()?;
        let mut first = conn;
        first.batch_execute(&begin_in(district)).await?;
        let tx = Tx::new(conn, district, at);
        let answer = work(&tx).await?;
        let by = By { district, at, caller: NOBODY, relation: None, request_id: "" };
        let changed = write_journal(&tx, &by).await?;
        commit(&mut connection).await?;
        self.wake_all(changed);
        Ok(answer)
    }

    /// Looks at several districts, one after the other, in one transaction. For the service itself.
    pub(crate) async fn each_district<T>(
        &self,
        districts: &[DistrictId],
        at: DateTime<Utc>,
        look: impl AsyncFn(&Tx<'_>) -> Result<T>,
    ) -> Result<Vec<(DistrictId, T)>> {
        let mut connection = self.pool.get().await?;
        connection.enter();
        let conn = connection.diesel()?;
        let mut seen = Vec::with_capacity(districts.len());
        let mut begin = conn;
        begin.batch_execute("begin").await?;
        for district in districts {
            let tx = Tx::new(conn, *district, at);
            let mut one = conn;
            let set = set_district(*district);
            let (_, found) = tokio::try_join!(biased;
                async { one.batch_execute(&set).await.map_err(Error::from) },
                look(&tx),
            )?;
            seen.push((*district, found));
        }
        commit(&mut connection).await?;
        Ok(seen)
    }

    /// What an operator does by command line: the same grant as for an operator's request, on nobody's request.
    pub async fn command<T>(&self, district: DistrictId, at: DateTime<Utc>, work: impl AsyncFnOnce(&Tx<'_>, &Granted<'_>) -> Result<T>) -> Result<T> {
        let relation = Relation::Operator;
        self.system(district, at, async |tx| {
            let rules = facts::district(tx.conn, district, at).await?;
            let grant = Grant::of_operator(NOBODY, rules);
            work(tx, &Granted { grant: &grant, relation }).await
        })
        .await
    }

    /// Reads the registers that belong to no district: districts, issuers, clients, keys.
    pub async fn register<T>(&self, work: impl AsyncFnOnce(&AsyncPgConnection) -> Result<T>) -> Result<T> {
        let connection = self.pool.get().await?;
        work(connection.diesel()?).await
    }

    /// A connection beside the pool, for an export that takes at most so long.
    pub(crate) async fn apart(&self, time: Duration) -> Result<Apart> {
        self.pool.apart(time).await
    }

    /// Whether one more export may run.
    pub(crate) fn exports(&self) -> &Arc<Semaphore> {
        &self.exports
    }

    /// Wakes the sequencer for a district.
    pub fn wake(&self) -> &Wake {
        &self.wake
    }
}

async fn open<'c>(connection: &'c Connection, request: &Request, target: Target) -> Result<(Tx<'c>, Grant)> {
    let conn = connection.diesel()?;
    let mut first = conn;
    let begin = begin_in(request.district);
    let (_, known) = tokio::join!(biased;
        first.batch_execute(&begin),
        facts::load(conn, &request.principal, request.district, target, request.at),
    );
    Ok((Tx::new(conn, request.district, request.at), Grant::of(request, known?)))
}

pub(crate) fn settle(grant: &Grant, ask: &Ask) -> Result<Relation> {
    let mut refusal = Error::NotFound;
    for action in ask.actions {
        match grant.settle(*action, ask) {
            Ok(relation) => return Ok(relation),
            Err(error) => refusal = error,
        }
    }
    Err(refusal)
}

/// The journal of a request, and its answer for the key. Returns the districts whose feeds grow.
async fn settled(tx: &Tx<'_>, request: &Request, caller: Caller, relation: Relation, key: Option<&Key>, reply: &Reply) -> Result<Vec<DistrictId>> {
    let by = By { district: request.district, at: request.at, caller, relation: Some(relation), request_id: &request.request_id };
    let changed = write_journal(tx, &by).await?;
    if let Some(key) = key {
        idempotency::keep(tx, caller, key, request.operation, reply).await?;
    }
    Ok(changed)
}

/// Writes the journal of a transaction, each change in its district: a district that is set up has its first change in itself,
/// though the request named none. Returns the districts whose feeds grow; the deployment's own changes are in no feed.
async fn write_journal(tx: &Tx<'_>, by: &By<'_>) -> Result<Vec<DistrictId>> {
    let mut by_district: BTreeMap<DistrictId, Vec<Change>> = BTreeMap::new();
    for change in tx.take_changes() {
        by_district.entry(change.district_id.unwrap_or(by.district)).or_default().push(change);
    }
    let mut conn = tx.conn;
    let mut grown = vec![];
    for (district, changes) in by_district {
        if district != by.district {
            conn.batch_execute(&set_district(district)).await?;
        }
        journal::append(tx.conn, &By { district, ..*by }, changes).await?;
        if district != by.district {
            conn.batch_execute(&set_district(by.district)).await?;
        }
        if !district.is_deployment() {
            grown.push(district);
        }
    }
    Ok(grown)
}

async fn commit(connection: &mut Connection) -> Result<()> {
    let mut conn = connection.diesel()?;
    conn.batch_execute("commit").await?;
    connection.leave();
    Ok(())
}

/// Ends the transaction of a request that was refused. Nothing is under way in its connection, so the next may have it: a new one would
/// take a refusal twenty times the work of an answer. After a failure the connection is closed, with whatever it was at.
async fn unless_refused<T>(connection: &mut Connection, outcome: Result<T>) -> Result<T> {
    if outcome.as_ref().is_err_and(Error::is_refusal) {
        let mut conn = connection.diesel()?;
        if conn.batch_execute("rollback").await.is_ok() {
            connection.leave();
        }
    }
    outcome
}

/// Hash of a request's body, for its idempotency key.
pub fn request_hash(body: &[u8]) -> Vec<u8> {
    digest(&SHA256, body).as_ref().to_vec()
}
