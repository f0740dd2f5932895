//! A record that somebody names by its kind and id, of whatever kind: whether it is there, and that it is shown otherwise from now on.

use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Bool, Int4, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use openilp_domain::access::Section;
use openilp_domain::id::{GoalId, PersonId, RecordId, StudentId};
use openilp_domain::kind::{Kind, Operation};
use serde_json::Value;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::Result;
use crate::facts::{self, Located};
use crate::grant::{Grant, section_of};
use crate::journal::Change;
use crate::retold::{RetoldAt, retold};

/// Finds or touches a record. The text depends on its kind; $1 is the district, $2 the record, $3 the student, $4 words or null.
struct OneRecord<Row> {
    sql: String,
    district: Uuid,
    id: RecordId,
    student: StudentId,
    words: Option<String>,
    row: std::marker::PhantomData<Row>,
}

impl<Row> QueryFragment<Pg> for OneRecord<Row> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(&self.sql);
        out.push_bind_param_value_only::<SqlUuid, _>(&self.district)?;
        out.push_bind_param_value_only::<SqlUuid, _>(&self.id)?;
        out.push_bind_param_value_only::<SqlUuid, _>(&self.student)?;
        out.push_bind_param_value_only::<Nullable<Text>, _>(&self.words)
    }
}

impl<Row> QueryId for OneRecord<Row> {
    type QueryId = ();
    // Found by its text, which differs from kind to kind.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Row> Query for OneRecord<Row> {
    type SqlType = Row;
}

impl<Row> diesel::RunQueryDsl<AsyncPgConnection> for OneRecord<Row> {}

type FoundSql = (Nullable<Text>, Nullable<SqlUuid>, Nullable<SqlUuid>, Int4, Nullable<Jsonb>, Bool);
type FoundRow = (Option<String>, Option<Uuid>, Option<Uuid>, i32, Option<Value>, bool);

/// A record of the student's file.
pub(crate) struct NamedRecord {
    located: Located,
    /// Whether the words stand in one of its texts.
    pub(crate) has_words: bool,
}

/// The table that records of a kind stand in.
fn table_of(kind: Kind) -> Option<(&'static str, &'static str)> {
    let of = facts::record_of(kind)?;
    Some((of, of.rsplit(' ').next()?))
}

impl NamedRecord {
    /// The record, if it is there and the student's.
    pub(crate) async fn find(tx: &Tx<'_>, student: StudentId, kind: Kind, id: RecordId, words: Option<&str>) -> Result<Option<Self>> {
        use diesel::OptionalExtension;
        let Some((of, table)) = table_of(kind) else { return Ok(None) };
        let sql = format!(
            "select r.domain, r.goal_id, r.created_by, r.version, {},
                    exists (select from jsonb_path_query(to_jsonb(t), 'strict $.**') v where jsonb_typeof(v) = 'string' and position($4 in v #>> '{{}}') > 0)
               from (select district_id, {of}) r join {table} t on t.district_id = $1 and t.id = $2
              where r.district_id = $1 and r.id = $2 and r.student_id = $3",
            retold(kind)
        );
        let (mut conn, words) = (tx.conn, words.map(str::to_owned));
        let one = OneRecord::<FoundSql> { sql, district: tx.district.0, id, student, words, row: std::marker::PhantomData };
        let found = one.get_result::<FoundRow>(&mut conn).await.optional()?;
        let Some((domain, goal, author, version, retold, has_words)) = found else { return Ok(None) };
        let (domain, retold) = (domain.as_deref().map(facts::parse).transpose()?, RetoldAt::of(retold)?);
        let (goal, author) = (goal.map(GoalId), author.map(PersonId::from));
        Ok(Some(Self { located: Located { kind, id: id.0, student_id: student, domain, goal, author, version, retold }, has_words }))
    }

    /// The section that it stands in.
    pub(crate) fn section(&self) -> Section {
        section_of(&self.located)
    }

    /// Whether the caller reads it.
    pub(crate) fn is_read_by(&self, grant: &Grant) -> bool {
        let item = grant.item_at(&self.located);
        !grant.is_withheld(self.located.retold.map(|at| at.retold()), self.section(), &item)
            && grant.relation_for(openilp_domain::access::Action::Read, self.section(), &item).is_some()
    }
}

/// A record as it is stored, column by column, if it is there and the student's. It is neither changed nor removed until the transaction ends.
pub(crate) async fn hold(tx: &Tx<'_>, student: StudentId, kind: Kind, id: RecordId) -> Result<Option<Value>> {
    use diesel::OptionalExtension;
    let Some((_, table)) = table_of(kind) else { return Ok(None) };
    let sql =
        format!("select to_jsonb(t) from {table} t where t.district_id = $1 and t.id = $2 and t.student_id = $3 and $4::text is null for share");
    let mut conn = tx.conn;
    let one = OneRecord::<(Jsonb,)> { sql, district: tx.district.0, id, student, words: None, row: std::marker::PhantomData };
    Ok(one.get_result::<(Value,)>(&mut conn).await.optional()?.map(|(row,)| row))
}

/// Gives a record another version, because it is shown otherwise from now on: whoever holds a copy reads it anew. The journal says why.
pub(crate) async fn touch(tx: &Tx<'_>, student: StudentId, kind: Kind, id: RecordId, why: &str) -> Result<()> {
    use diesel::OptionalExtension;
    let Some((of, table)) = table_of(kind) else { return Ok(()) };
    let sql = format!(
        "update {table} t set version = t.version + 1 from (select district_id, {of}) r
          where t.district_id = $1 and t.id = $2 and r.district_id = $1 and r.id = $2 and r.student_id = $3 and $4::text is null
          returning r.domain, r.goal_id, r.created_by, t.version, {}, false",
        retold(kind)
    );
    let mut conn = tx.conn;
    let one = OneRecord::<FoundSql> { sql, district: tx.district.0, id, student, words: None, row: std::marker::PhantomData };
    let Some((domain, .., version, retold, _)) = one.get_result::<FoundRow>(&mut conn).await.optional()? else { return Ok(()) };
    let (domain, retold) = (domain.as_deref().map(facts::parse).transpose()?, RetoldAt::of(retold)?);
    let section = section_of(&Located { kind, id: id.0, student_id: student, domain, goal: None, author: None, version, retold });
    let change = Change::unchanged(kind, id, version, Operation::Amended);
    tx.note(Change { reason: Some(why.to_owned()), ..change }.about(student, section));
    Ok(())
}
