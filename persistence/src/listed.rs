//! All of a student's records of one kind as one column of a statement. A whole file holds many lists, most of them short or empty, and
//! each statement is an answer and a waking: together they cost the service a fifth less (docs/benchmark.md).

use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use diesel::QueryResult;
use diesel::deserialize::FromSql;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, Record, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use openilp_domain::id::StudentId;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::Result;
use crate::grant::Withheld;

/// Records that a statement can have as a column.
pub(crate) trait Listed: Sized {
    /// The SQL types of what is read, in order.
    type Columns: 'static;
    /// The same in Rust.
    type Row: FromSql<Record<Self::Columns>, Pg> + Send + 'static;

    /// Selects all of a student's, as an array of rows. $1 is the district, $2 the student, $3 the instant.
    fn select() -> String;

    /// A record of its row.
    fn of(row: Self::Row) -> Result<Self>;
}

/// The SQL type of such a column.
pub(crate) type ListOf<T> = Array<Record<<T as Listed>::Columns>>;

/// The records of such a column; each stays withheld until a grant opens it.
pub(crate) fn withheld<T: Listed>(rows: Vec<T::Row>) -> Result<Vec<Withheld<T>>> {
    rows.into_iter().map(|row| T::of(row).map(Withheld::new)).collect()
}

/// All of a student's records of one kind, alone.
struct OfStudent<T> {
    district: Uuid,
    student: Uuid,
    at: DateTime<Utc>,
    of: PhantomData<T>,
}

impl<T: Listed> QueryFragment<Pg> for OfStudent<T> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("select ");
        out.push_sql(&T::select());
        out.push_bind_param_value_only::<SqlUuid, _>(&self.district)?;
        out.push_bind_param_value_only::<SqlUuid, _>(&self.student)?;
        out.push_bind_param_value_only::<Timestamptz, _>(&self.at)
    }
}

impl<T> QueryId for OfStudent<T> {
    type QueryId = ();
    // Found by its text, which differs from kind to kind.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T: Listed> Query for OfStudent<T> {
    type SqlType = (ListOf<T>,);
}

impl<T> diesel::RunQueryDsl<AsyncPgConnection> for OfStudent<T> {}

/// Reads all of a student's records of one kind, by a statement of their own.
pub(crate) async fn of_student<T: Listed + Send + Sync>(tx: &Tx<'_>, student: StudentId) -> Result<Vec<Withheld<T>>> {
    let mut conn = tx.conn;
    let list = OfStudent { district: tx.district.0, student: student.0, at: tx.at, of: PhantomData::<T> };
    let (rows,) = list.get_result::<(Vec<T::Row>,)>(&mut conn).await?;
    withheld(rows)
}

/// The text of [`Listed::select`]: the columns, the table, and what else.
#[macro_export]
macro_rules! list_of { ($first:ident $($column:ident)*, $table:ident, $rest:literal) => {
    concat!("array(select row(", stringify!($first), $(", ", stringify!($column),)* ") from ", stringify!($table),
            " where district_id = $1 and student_id = $2 ", $rest, ")").to_owned()
} }
