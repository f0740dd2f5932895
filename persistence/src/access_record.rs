//! Access records: who saw what. An answer with student content leaves only after its record is durable (access.md 7.1).
//!
//! Many readers share one commit: a task gathers what is waiting, writes it, and tells everyone who waited. There is one for all threads.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use openilp_domain::access::Relation;
use openilp_domain::id::{DistrictId, StudentId};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::facts::{Caller, Target};
use crate::pool::Pool;
use crate::request::{Request, Shown};
use crate::statement;

/// Who saw what in one answer.
#[derive(Clone, Debug)]
pub struct AccessRecord {
    /// Whose students.
    pub district_id: DistrictId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub caller: Caller,
    /// By which relation; none where several students are in the answer.
    pub relation: Option<Relation>,
    /// The operation of the API.
    pub operation: &'static str,
    /// The one student in it.
    pub student_id: Option<StudentId>,
    /// The students in it, where there are several.
    pub students: Vec<StudentId>,
    /// The record that was asked for.
    pub resource_id: Option<Uuid>,
    /// The sections in the answer, as codes.
    pub sections: String,
    /// How many records.
    pub row_count: i32,
    /// The request.
    pub request_id: String,
}

impl AccessRecord {
    /// Of an answer that shows students: one, or several.
    pub(crate) fn of(request: &Request, caller: Caller, relation: Option<Relation>, target: Option<Target>, shown: Shown) -> Self {
        let one = match shown.students.as_slice() {
            [student] => Some(*student),
            _ => None,
        };
        Self {
            district_id: request.district,
            at: request.at,
            caller,
            relation,
            operation: request.operation,
            student_id: one,
            students: if one.is_some() { vec![] } else { shown.students },
            resource_id: target.map(|t| t.id),
            sections: shown.sections,
            row_count: i32::try_from(shown.row_count).unwrap_or(i32::MAX),
            request_id: request.request_id.clone(),
        }
    }
}

/// How many records one commit takes at most.
const BATCH_MAX: usize = 500;
/// How long a batch waits for more once readers come together: a commit costs as much for one as for many. A lone reader waits for nobody.
const GATHER: Duration = Duration::from_millis(8);
/// How many may wait. Beyond that readers are told that the service is busy.
const WAITING_MAX: usize = 10_000;

type Waiting = (AccessRecord, oneshot::Sender<bool>);

/// Where readers leave their records and wait.
#[derive(Clone)]
pub(crate) struct Recorder(mpsc::Sender<Waiting>);

impl Recorder {
    /// Starts the task on this thread's runtime.
    pub(crate) fn start(pool: Pool) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        tokio::spawn(run(pool, receiver));
        Self(sender)
    }

    /// Returns once the record is durable.
    pub(crate) async fn record(&self, record: AccessRecord) -> Result<()> {
        let (done, durable) = oneshot::channel();
        self.0.try_send((record, done)).map_err(|_| Error::Busy)?;
        match durable.await {
            Ok(true) => Ok(()),
            _ => Err(Error::Unavailable("the access record could not be written".into())),
        }
    }
}

async fn run(pool: Pool, mut waiting: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    let mut together = false;
    while waiting.recv_many(&mut batch, BATCH_MAX).await > 0 {
        if together || batch.len() > 1 {
            tokio::time::sleep(GATHER).await;
            while batch.len() < BATCH_MAX
                && let Ok(entry) = waiting.try_recv()
            {
                batch.push(entry);
            }
        }
        together = batch.len() > 1;
        let mut by_district: BTreeMap<DistrictId, Vec<Waiting>> = BTreeMap::new();
        for entry in batch.drain(..) {
            by_district.entry(entry.0.district_id).or_default().push(entry);
        }
        for (district, entries) in by_district {
            let (records, waiters): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
            let written = write(&pool, district, records).await;
            if let Err(error) = &written {
                tracing::error!(%error, "access records could not be written");
            }
            for waiter in waiters {
                // A reader that has gone away needs no answer.
                let _ = waiter.send(written.is_ok());
            }
        }
    }
}

statement! {
    /// All records of a batch at once.
    Insert {
        district: SqlUuid = Uuid, ids: Array<SqlUuid> = Vec<Uuid>, ats: Array<Timestamptz> = Vec<DateTime<Utc>>,
        people: Array<Nullable<SqlUuid>> = Vec<Option<Uuid>>, clients: Array<Nullable<SqlUuid>> = Vec<Option<Uuid>>,
        relations: Array<Nullable<Text>> = Vec<Option<&'static str>>, operations: Array<Text> = Vec<&'static str>,
        students: Array<Nullable<SqlUuid>> = Vec<Option<Uuid>>, resources: Array<Nullable<SqlUuid>> = Vec<Option<Uuid>>,
        sections: Array<Text> = Vec<String>, counts: Array<Int4> = Vec<i32>, requests: Array<Text> = Vec<String>,
    } -> ()
    "insert into access_records (district_id, id, at, person_id, client_id, relation, operation, student_id, resource_id, sections, row_count, request_id)
     select $1, * from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
}

statement! {
    /// The students of records that have several.
    InsertStudents { district: SqlUuid = Uuid, records: Array<SqlUuid> = Vec<Uuid>, students: Array<SqlUuid> = Vec<Uuid> } -> ()
    "insert into access_record_students (district_id, access_record_id, student_id)
     select $1, * from unnest($2, $3) on conflict do nothing"
}

async fn write(pool: &Pool, district: DistrictId, records: Vec<AccessRecord>) -> Result<()> {
    let mut connection = pool.get().await?;
    connection.enter();
    insert(connection.diesel()?, district, records).await?;
    connection.leave();
    Ok(())
}

async fn insert(conn: &AsyncPgConnection, district: DistrictId, records: Vec<AccessRecord>) -> Result<()> {
    let count = records.len();
    let mut all = Insert {
        district: district.0,
        ids: Vec::with_capacity(count),
        ats: vec![],
        people: vec![],
        clients: vec![],
        relations: vec![],
        operations: vec![],
        students: vec![],
        resources: vec![],
        sections: vec![],
        counts: vec![],
        requests: vec![],
    };
    let mut several = InsertStudents { district: district.0, records: vec![], students: vec![] };
    for record in records {
        let id = crate::new_id(record.at);
        all.ids.push(id);
        all.ats.push(record.at);
        all.people.push(record.caller.person().map(Uuid::from));
        all.clients.push(record.caller.client().map(Uuid::from));
        all.relations.push(record.relation.map(|r| r.word()));
        all.operations.push(record.operation);
        all.students.push(record.student_id.map(Uuid::from));
        all.resources.push(record.resource_id);
        all.sections.push(record.sections);
        all.counts.push(record.row_count);
        all.requests.push(record.request_id);
        for student in record.students {
            several.records.push(id);
            several.students.push(student.0);
        }
    }
    let (mut one, mut two, mut three) = (conn, conn, conn);
    let begin = crate::door::begin_in(district);
    tokio::try_join!(biased;
        async { one.batch_execute(&begin).await.map_err(Error::from) },
        async { all.execute(&mut two).await.map_err(Error::from) },
        async { if several.records.is_empty() { Ok(0) } else { several.execute(&mut three).await.map_err(Error::from) } },
    )?;
    let mut last = conn;
    last.batch_execute("commit").await?;
    Ok(())
}
