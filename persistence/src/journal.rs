//! The journal: one append-only row per change, its body apart. Only the door writes it.

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, Utc};
use diesel::ExpressionMethods;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use openilp_domain::access::{Relation, Section};
use openilp_domain::id::{DistrictId, StudentId};
use openilp_domain::kind::{Kind, Operation};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::facts::Caller;
use crate::schema::{change_bodies, changes};

/// One change, as persistence functions report it.
#[derive(Debug)]
pub struct Change {
    /// What was changed.
    pub kind: Kind,
    /// Its id.
    pub id: Uuid,
    /// Its version after the change; for a removal the last it had.
    pub version: i32,
    /// What was done.
    pub operation: Operation,
    /// The student it is about.
    pub student_id: Option<StudentId>,
    /// The section it is in.
    pub section: Option<Section>,
    /// What the record is after the change; for a removal what it was. JSON. None where nothing in it is another.
    pub body: Option<Vec<u8>>,
    /// Why, if the writer said.
    pub reason: Option<String>,
    /// The district it is in, if not that of the request.
    pub district_id: Option<DistrictId>,
}

impl Change {
    /// A change to a record; `record` is what the journal keeps of it.
    pub fn of(kind: Kind, id: impl Into<Uuid>, version: i32, operation: Operation, record: &impl serde::Serialize) -> Result<Self> {
        let body = serde_json::to_vec(record).map_err(|e| Error::Internal(e.to_string()))?;
        Ok(Self { kind, id: id.into(), version, operation, student_id: None, section: None, body: Some(body), reason: None, district_id: None })
    }

    /// A new version of a record in which nothing is another, but what goes with it.
    pub fn unchanged(kind: Kind, id: impl Into<Uuid>, version: i32, operation: Operation) -> Self {
        Self { kind, id: id.into(), version, operation, student_id: None, section: None, body: None, reason: None, district_id: None }
    }

    /// The district it is in, where the request was in another or in none.
    pub fn in_district(self, district_id: DistrictId) -> Self {
        Self { district_id: Some(district_id), ..self }
    }

    /// Whose record it is, and in which section.
    pub fn about(self, student_id: StudentId, section: Section) -> Self {
        Self { student_id: Some(student_id), section: Some(section), ..self }
    }
}

/// How many changes one statement inserts: each has some 15 binds, and a statement has at most 65,535.
const ROWS_MAX: usize = 1000;
/// Up to how many changes are inserted one by one.
const FEW_ROWS: usize = 3;

/// The one codec of bodies so far: JSON as it is. Later ones encrypt.
pub(crate) const CODEC_JSON: i16 = 0;

/// What a body says, whichever codec it was written with.
pub(crate) fn decode(codec: i16, body: Vec<u8>) -> Result<Box<RawValue>> {
    let damaged = |what: String| Error::Internal(format!("a body in the journal is damaged: {what}"));
    if codec != CODEC_JSON {
        return Err(damaged(format!("codec {codec} is unknown")));
    }
    let text = String::from_utf8(body).map_err(|e| damaged(e.to_string()))?;
    RawValue::from_string(text).map_err(|e| damaged(e.to_string()))
}

/// Who made the changes of a transaction, and on whose request.
pub(crate) struct By<'a> {
    pub(crate) district: DistrictId,
    pub(crate) at: DateTime<Utc>,
    pub(crate) caller: Caller,
    pub(crate) relation: Option<Relation>,
    pub(crate) request_id: &'a str,
}

/// Appends the changes of a transaction. The sequencer gives them their positions once they are committed.
pub(crate) async fn append(conn: &AsyncPgConnection, by: &By<'_>, mut list: Vec<Change>) -> Result<()> {
    while !list.is_empty() {
        let rest = list.split_off(list.len().min(ROWS_MAX));
        insert(conn, by, std::mem::replace(&mut list, rest)).await?;
    }
    Ok(())
}

async fn insert(mut conn: &AsyncPgConnection, by: &By<'_>, list: Vec<Change>) -> Result<()> {
    let (mut rows, mut bodies) = (Vec::with_capacity(list.len()), Vec::with_capacity(list.len()));
    for change in list {
        let id = crate::new_id(by.at);
        rows.push((
            changes::district_id.eq(by.district.0),
            changes::id.eq(id),
            changes::at.eq(by.at),
            changes::kind.eq(change.kind.word()),
            changes::resource_id.eq(change.id),
            changes::version.eq(change.version),
            changes::operation.eq(change.operation.word()),
            changes::student_id.eq(change.student_id.map(Uuid::from)),
            changes::section.eq(change.section.map(|s| s.word())),
            changes::person_id.eq(by.caller.person().map(Uuid::from)),
            changes::client_id.eq(by.caller.client().map(Uuid::from)),
            changes::relation.eq(by.relation.map(|r| r.word())),
            changes::request_id.eq(by.request_id.to_owned()),
            changes::reason.eq(change.reason),
            changes::body_hash.eq(change.body.as_ref().map(|body| digest(&SHA256, body).as_ref().to_vec())),
        ));
        bodies.extend(change.body.map(|body| {
            (
                change_bodies::district_id.eq(by.district.0),
                change_bodies::change_id.eq(id),
                change_bodies::codec.eq(CODEC_JSON),
                change_bodies::body.eq(body),
            )
        }));
    }
    // Few rows go one by one: that statement stays prepared. One of several rows is planned anew each time.
    if rows.len() <= FEW_ROWS {
        for row in rows {
            diesel::insert_into(changes::table).values(row).execute(&mut conn).await?;
        }
        for body in bodies {
            diesel::insert_into(change_bodies::table).values(body).execute(&mut conn).await?;
        }
        return Ok(());
    }
    diesel::insert_into(changes::table).values(rows).execute(&mut conn).await?;
    diesel::insert_into(change_bodies::table).values(bodies).execute(&mut conn).await?;
    Ok(())
}
