//! All of a student's records of one kind as one column of a statement. A whole file holds many lists, most of them short or empty, and
//! each statement is an answer and a waking: together they cost the service a fifth less (docs/benchmark.md).

use diesel::deserialize::FromSql;
use diesel::pg::Pg;
use diesel::sql_types::{Array, Record};

use crate::error::Result;
use crate::grant::Withheld;

/// Records that a statement can have as a column.
pub(crate) trait Listed: Sized {
    /// The SQL types of what is read, in order.
    type Columns: 'static;
    /// The same in Rust.
    type Row: FromSql<Record<Self::Columns>, Pg>;

    /// Selects all of a student's, as an array of rows. $1 is the district, $2 the student.
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

/// The text of [`Listed::select`]: the columns, the table, and what else.
#[macro_export]
macro_rules! list_of { ($first:ident $($column:ident)*, $table:ident, $rest:literal) => {
    concat!("array(select row(", stringify!($first), $(", ", stringify!($column),)* ") from ", stringify!($table),
            " where district_id = $1 and student_id = $2 ", $rest, ")").to_owned()
} }
