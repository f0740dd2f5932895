//! The state collection "ILP status", pulled by a state client under its agreement with a district: changes after a cursor, or a full
//! export that ends at one.
//!
//! **Promised.** A change that was committed before a pull began is in what it delivers. A row is sent again whenever its computed value
//! has changed, also by date alone, and not otherwise. Each pull is recorded as a disclosure (34 CFR 99.32) before anything of it leaves.
//! What an export holds, with the changes after its cursor put over it, is what an export at the later cursor holds.
//!
//! **Not promised.** The data are live: no district has checked or signed them (`uncertified`). Between two pulls a row may change
//! several times; the last value is sent. A row whose student has left is sent once more as `removed`, and is in no later export.

mod compute;
mod export;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::sql_types::{Array, Bool, Date, Int4, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use openilp_domain::access::DistrictAction;
use openilp_domain::ilp_status::{GoalCounts, IlpStatus};
use uuid::Uuid;

pub use export::export;

use crate::cursor::{Bound, Cursor, Cursors, Epoch};
use crate::door::{Db, Tx};
use crate::error::{Error, Result};
use crate::facts::parse;
use crate::grant::Grant;
use crate::request::{Request, Shown};
use crate::{sequencer, statement};

/// The collection's name: in agreements, disclosures and cursors.
pub const DATASET: &str = "ilpStatus";
/// Why a state agency may have it without consent: an audit or evaluation of a state-supported education programme.
const BASIS: &str = "34 CFR 99.31(a)(3), 99.35";

/// Some rows, and where to go on.
#[derive(Clone, Debug)]
pub struct CollectionPage {
    /// In the order in which they last changed.
    pub rows: Vec<IlpStatus>,
    /// Where to go on, whether or not there were rows.
    pub cursor: String,
    /// Whether more may be had at once.
    pub more: bool,
}

/// The agreement under which a client pulls.
struct Agreement {
    id: Uuid,
    purpose: String,
}

statement! {
    /// A client's agreement about the collection, and whether it is in force; one in force before others.
    FindAgreement { district: SqlUuid = Uuid, client: SqlUuid = Uuid, dataset: Text = &'static str, today: Date = NaiveDate } -> (SqlUuid, Text, Bool)
    "select id, purpose, starts_on <= $4 and $4 <= ends_on as in_force from agreements
      where district_id = $1 and client_id = $2 and dataset = $3 order by in_force desc, ends_on desc limit 1"
}

statement! {
    /// Whether any agreement about the collection is in force.
    Agreed { district: SqlUuid = Uuid, dataset: Text = &'static str, today: Date = NaiveDate } -> (Bool)
    "select exists (select from agreements where district_id = $1 and dataset = $2 and starts_on <= $3 and $3 <= ends_on)"
}

/// A row as the tables have it.
type Row = (
    Uuid,
    Option<String>,
    Option<String>,
    Option<Uuid>,
    Option<String>,
    Option<String>,
    bool,
    i32,
    i32,
    i32,
    Option<String>,
    Option<DateTime<Utc>>,
    bool,
);

statement! {
    /// The rows that have changed since a position.
    After { district: SqlUuid = Uuid, after: Int8 = i64, most: Int8 = i64 }
    -> (Int8, (SqlUuid, Nullable<Text>, Nullable<Text>, Nullable<SqlUuid>, Nullable<Text>, Nullable<Text>, Bool, Int4, Int4, Int4, Nullable<Text>, Nullable<Timestamptz>, Bool))
    "select position, student_id, state_student_id, local_student_id, school_id, school_identifier, grade, file_exists,
            academic_goals, career_goals, personal_social_goals, plan_kind, last_changed_at, removed
       from ilp_statuses where district_id = $1 and position > $2 order by position limit $3"
}

statement! {
    /// The record of a pull. It names the students, or none: then it covers all whose first position is not after `until`.
    Disclose {
        district: SqlUuid = Uuid, id: SqlUuid = Uuid, at: Timestamptz = DateTime<Utc>, client: SqlUuid = Uuid, agreement: SqlUuid = Uuid,
        basis: Text = &'static str, purpose: Text = String, dataset: Text = &'static str, manner: Text = &'static str, from: Int8 = i64,
        until: Int8 = i64, rows: Int8 = i64, students: Nullable<Array<SqlUuid>> = Option<Vec<Uuid>>, request: Text = String,
    } -> ()
    "insert into disclosures (district_id, id, at, client_id, agreement_id, basis, purpose, dataset, manner, from_position, to_position,
                              row_count, student_ids, request_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
}

/// The rows that have changed since a cursor, or all, at most `limit`. Without an agreement between this client and this district, there
/// is no such district; with one that is not in force, the pull is forbidden.
pub async fn changes_after(db: &Db, cursors: &Cursors, request: &Request, cursor: Option<&str>, limit: usize) -> Result<CollectionPage> {
    let bound = Bound { district: request.district, caller: &request.principal, stream: DATASET };
    let cursor = cursor.map(|text| cursors.open_cursor(&bound, text)).transpose()?;
    bring_up_to_date(db, request).await?;
    let (rows, cursor, more) = pull(db, request, async |tx, grant| {
        let agreement = agreement(tx, grant).await?;
        let epoch = Epoch::now(tx).await?;
        if let Some(cursor) = cursor {
            cursor.check(epoch)?;
        }
        let from = cursor.map_or(0, |cursor| cursor.position);
        let mut conn = tx.conn;
        let most = i64::try_from(limit.max(1)).unwrap_or(i64::MAX - 1);
        let mut found = After { district: tx.district.0, after: from, most: most + 1 }.load::<(i64, Row)>(&mut conn).await?;
        let more = found.len() > limit.max(1);
        found.truncate(limit.max(1));
        let until = found.last().map_or(from, |(position, _)| *position);
        let students = found.iter().map(|(_, row)| row.0).collect();
        disclose(tx, grant, request, agreement, Pull { manner: "changes", from, until, rows: found.len(), students: Some(students) }).await?;
        let rows = found.into_iter().map(|(_, row)| status(row)).collect::<Result<Vec<_>>>()?;
        Ok((rows, Cursor { epoch, position: until, day: grant.district().today }, more))
    })
    .await?;
    Ok(CollectionPage { rows, cursor: cursors.seal_cursor(&bound, cursor)?, more })
}

/// Work of a state client. It needs no access record: the disclosure is written in the same transaction.
async fn pull<T>(db: &Db, request: &Request, work: impl AsyncFnOnce(&Tx<'_>, &Grant) -> Result<T>) -> Result<T> {
    db.browse(request, Some(DistrictAction::PullCollection), async |tx, grant| Ok((work(tx, grant).await?, Shown::default()))).await
}

/// Numbers what was committed before now, and computes the collection from it. Only for who may pull.
async fn bring_up_to_date(db: &Db, request: &Request) -> Result<()> {
    let today = pull(db, request, async |tx, grant| agreement(tx, grant).await.map(|_| grant.district().today)).await?;
    sequencer::catch_up(db, request.district, request.at).await?;
    db.system(request.district, request.at, async |tx| compute::bring_up_to_date(tx, today).await).await?;
    Ok(())
}

/// Computes the collection ahead of the next pull, if any client may pull it: what a night's roster load changed need not wait for it.
pub(crate) async fn keep_up(tx: &Tx<'_>) -> Result<()> {
    let mut conn = tx.conn;
    let today = crate::facts::district(tx.conn, tx.district, tx.at).await?.today;
    let agreed = Agreed { district: tx.district.0, dataset: DATASET, today };
    if agreed.get_result::<(bool,)>(&mut conn).await?.0 {
        compute::bring_up_to_date(tx, today).await?;
    }
    Ok(())
}

async fn agreement(tx: &Tx<'_>, grant: &Grant) -> Result<Agreement> {
    let client = grant.caller().client().ok_or(Error::Forbidden)?;
    let mut conn = tx.conn;
    let find = FindAgreement { district: tx.district.0, client: client.0, dataset: DATASET, today: grant.district().today };
    match find.load::<(Uuid, String, bool)>(&mut conn).await?.pop() {
        Some((id, purpose, true)) => Ok(Agreement { id, purpose }),
        Some(_) => Err(Error::Forbidden),
        None => Err(Error::NotFound),
    }
}

/// What leaves.
struct Pull {
    manner: &'static str,
    from: i64,
    until: i64,
    rows: usize,
    students: Option<Vec<Uuid>>,
}

async fn disclose(tx: &Tx<'_>, grant: &Grant, request: &Request, agreement: Agreement, pull: Pull) -> Result<()> {
    let mut conn = tx.conn;
    let record = Disclose {
        district: tx.district.0,
        id: tx.id(),
        at: tx.at,
        client: grant.caller().client().ok_or(Error::Forbidden)?.0,
        agreement: agreement.id,
        basis: BASIS,
        purpose: agreement.purpose,
        dataset: DATASET,
        manner: pull.manner,
        from: pull.from,
        until: pull.until,
        rows: i64::try_from(pull.rows).unwrap_or(i64::MAX),
        students: pull.students,
        request: request.request_id.clone(),
    };
    record.execute(&mut conn).await?;
    Ok(())
}

fn status(row: Row) -> Result<IlpStatus> {
    let (
        student,
        state_student_id,
        local_student_id,
        school,
        school_identifier,
        grade,
        file_exists,
        academic,
        career,
        personal_social,
        plan_kind,
        last_changed_at,
        removed,
    ) = row;
    Ok(IlpStatus {
        student_id: student.into(),
        state_student_id,
        local_student_id,
        school_id: school.map(Into::into),
        school_identifier,
        grade,
        file_exists,
        goals: GoalCounts { academic, career, personal_social },
        plan_kind: plan_kind.as_deref().map(parse).transpose()?,
        last_changed_at,
        removed,
    })
}
