//! Two records made one, and apart again.
//!
//! **Rights.** After a merge nobody may do more than on both records before. A guardian link or an assignment that stood on one record only, or on both
//! but not alike, counts again only when a custodian has confirmed it; an order that shuts somebody out of one shuts them out of both. The logins
//! of the merged record are nobody's, and the kept one's too where a file moved: whose they are the custodian says again. Offices stay where they are.
//! The roster's classes make nobody a reader of a merged student's file.

macro_rules! columns {
    () => {
        (dsl::id, dsl::kept_id, dsl::merged_id, dsl::report, dsl::undone_at, dsl::version, dsl::created_at, dsl::updated_at)
    };
}

mod moves;
mod undo;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Int8;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, QueryResult};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use openilp_domain::access::DistrictAction;
use openilp_domain::id::{PersonId, PersonMergeId, StudentId};
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::page::{Page, PageOf};
use openilp_domain::person_merge::{MergeReport, NewPersonMerge};
use serde::Serialize;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::{Grant, Granted};
use crate::journal::Change;
use crate::schema::person_merges::dsl;
use crate::schema::{people, students};

pub use undo::undo;

/// A merge.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonMerge {
    /// The id.
    pub id: PersonMergeId,
    /// The record that stays.
    pub kept_id: PersonId,
    /// The record that was made one with it.
    pub merged_id: PersonId,
    /// What it changed.
    pub report: MergeReport,
    /// When it was undone, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undone_at: Option<DateTime<Utc>>,
    /// The version, from 1. It is the entity tag.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

type Row = (Uuid, Uuid, Uuid, serde_json::Value, Option<DateTime<Utc>>, i32, DateTime<Utc>, DateTime<Utc>);

fn merge((id, kept_id, merged_id, report, undone_at, version, created_at, updated_at): Row) -> Result<PersonMerge> {
    let report = serde_json::from_value(report).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(PersonMerge { id: id.into(), kept_id: kept_id.into(), merged_id: merged_id.into(), report, undone_at, version, created_at, updated_at })
}

fn note(tx: &Tx<'_>, operation: Operation, merge: &PersonMerge) -> Result<()> {
    tx.note(Change::of(Kind::PersonMerge, merge.id, merge.version, operation, merge)?);
    Ok(())
}

/// A statement whose text was put together here: of ids, times and tables, and of nothing that a caller wrote. It answers a number.
struct Sql(String);

impl QueryFragment<Pg> for Sql {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(&self.0);
        Ok(())
    }
}

impl QueryId for Sql {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Sql {
    type SqlType = (Int8,);
}

impl diesel::RunQueryDsl<AsyncPgConnection> for Sql {}

/// The two records, and what every statement of a merge needs.
struct Pair {
    kept: Uuid,
    merged: Uuid,
    words: Vec<(&'static str, String)>,
}

impl Pair {
    fn of(tx: &Tx<'_>, granted: &Granted<'_>, merge: Uuid, kept: Uuid, merged: Uuid) -> Self {
        let id = |id: Uuid| format!("'{id}'::uuid");
        let caller = granted.grant().caller();
        let some = |found: Option<Uuid>| found.map_or("null::uuid".into(), id);
        let words = vec![
            (":district", id(tx.district.0)),
            (":merged", id(merged)),
            (":merge", id(merge)),
            (":kept", id(kept)),
            (":at", format!("'{}'::timestamptz", tx.at.to_rfc3339())),
            (":person", some(caller.person().map(Uuid::from))),
            (":client", some(caller.client().map(Uuid::from))),
            (":relation", format!("'{}'", granted.relation().word())),
            (":reason", format!("'merge {merge}'")),
        ];
        Self { kept, merged, words }
    }

    /// Runs a statement that answers a number.
    async fn number(&self, tx: &Tx<'_>, text: &str) -> Result<i64> {
        let mut conn = tx.conn;
        let text = self.words.iter().fold(text.to_owned(), |text, (word, value)| text.replace(word, value));
        Ok(Sql(text).get_result::<(i64,)>(&mut conn).await?.0)
    }

    async fn holds(&self, tx: &Tx<'_>, condition: &str) -> Result<bool> {
        Ok(self.number(tx, &format!("select ({condition})::int::int8")).await? != 0)
    }
}

/// One of the district's.
pub async fn read(tx: &Tx<'_>, grant: &Grant, id: PersonMergeId) -> Result<PersonMerge> {
    grant.demand(&[DistrictAction::ManageRelations])?;
    let mut conn = tx.conn;
    let row = dsl::person_merges.find((tx.district.0, id.0)).select(columns!()).first::<Row>(&mut conn).await.optional()?;
    merge(row.ok_or(Error::NotFound)?)
}

/// A page of the district's.
pub async fn list(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<PersonMerge>> {
    grant.demand(&[DistrictAction::ManageRelations])?;
    let mut conn = tx.conn;
    let rows = dsl::person_merges
        .filter(dsl::district_id.eq(tx.district.0))
        .filter(dsl::id.gt(page.after.unwrap_or(Uuid::nil())))
        .order(dsl::id)
        .limit(page.limit.and_one())
        .select(columns!());
    let merges = rows.load::<Row>(&mut conn).await?.into_iter().map(merge).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(merges, page.limit, |merge| merge.id.0))
}

/// Those of these people who are students.
pub async fn students_among(tx: &Tx<'_>, people: impl IntoIterator<Item = PersonId>) -> Result<Vec<StudentId>> {
    let mut conn = tx.conn;
    let ids: Vec<StudentId> = people.into_iter().map(|person| StudentId(person.0)).collect();
    let rows = students::table.filter(students::district_id.eq(tx.district)).filter(students::id.eq_any(ids)).select(students::id);
    Ok(rows.load::<StudentId>(&mut conn).await?)
}

/// Locks both records, in the order of their ids, and says whether each is active; refuses what cannot be one person.
async fn check(tx: &Tx<'_>, pair: &Pair) -> Result<()> {
    let mut conn = tx.conn;
    let both = people::table.filter(people::district_id.eq(tx.district)).filter(people::id.eq_any([PersonId(pair.kept), PersonId(pair.merged)]));
    let found = both.order(people::id).select((people::id, people::active)).for_update().load::<(PersonId, bool)>(&mut conn).await?;
    let active = |id: Uuid| found.iter().find(|(found, _)| found.0 == id).map(|(_, active)| *active);
    let conflict = |code, detail| Err(Error::Conflict { code, detail });
    let (Some(kept), Some(_)) = (active(pair.kept), active(pair.merged)) else {
        return conflict("person_unknown", "There is no such person in this district.");
    };
    let merged_before = "exists (select from person_merges where district_id = :district and undone_at is null and merged_id in (:kept, :merged))";
    if pair.holds(tx, merged_before).await? {
        return conflict("merged_already", "One of the two was merged into another record already.");
    }
    if !kept {
        return conflict("kept_inactive", "Keep the record that is active.");
    }
    let only_merged = "exists (select from students where district_id = :district and id = :merged)
                   and not exists (select from students where district_id = :district and id = :kept)";
    if pair.holds(tx, only_merged).await? {
        return conflict("keep_the_student", "One of the two is a student: keep that record.");
    }
    Ok(())
}

/// What a merge would change. Nothing is.
pub async fn preview(tx: &Tx<'_>, granted: &Granted<'_>, new: NewPersonMerge) -> Result<MergeReport> {
    let mut conn = tx.conn;
    conn.batch_execute("savepoint preview").await?;
    let report = apply(tx, granted, tx.id(), &new).await?;
    conn.batch_execute("rollback to savepoint preview").await?;
    Ok(report)
}

/// Makes the two one.
pub async fn create(tx: &Tx<'_>, granted: &Granted<'_>, new: NewPersonMerge) -> Result<PersonMerge> {
    let id = tx.id();
    apply(tx, granted, id, &new).await?;
    let mut conn = tx.conn;
    let row = dsl::person_merges.find((tx.district.0, id)).select(columns!()).first::<Row>(&mut conn).await?;
    let made = merge(row)?;
    note(tx, Operation::Created, &made)?;
    Ok(made)
}

/// What refers to a record of the same student moves with it, one after the other.
const MOVED_TOGETHER: &str = "set constraints resource_decisions_request, contributions_program_item deferred";

async fn apply(tx: &Tx<'_>, granted: &Granted<'_>, id: Uuid, new: &NewPersonMerge) -> Result<MergeReport> {
    let pair = Pair::of(tx, granted, id, new.keep_id.0, new.merge_id.0);
    check(tx, &pair).await?;
    let conflicts = moves::conflicts(tx, &pair).await?;
    let mut conn = tx.conn;
    diesel::insert_into(dsl::person_merges)
        .values((
            dsl::district_id.eq(tx.district.0),
            dsl::id.eq(id),
            dsl::kept_id.eq(pair.kept),
            dsl::merged_id.eq(pair.merged),
            dsl::report.eq(serde_json::Value::Null),
            dsl::version.eq(1),
            dsl::created_at.eq(tx.at),
            dsl::updated_at.eq(tx.at),
        ))
        .execute(&mut conn)
        .await?;
    conn.batch_execute(MOVED_TOGETHER).await?;
    let report = MergeReport { conflicts, ..moves::apply(tx, &pair).await? };
    let kept = serde_json::to_value(&report).map_err(|error| Error::Internal(error.to_string()))?;
    diesel::update(dsl::person_merges.find((tx.district.0, id))).set(dsl::report.eq(kept)).execute(&mut conn).await?;
    Ok(report)
}
