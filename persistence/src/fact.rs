//! Facts about students that the roster brings: they are read here, and written by imports alone.

use openilp_domain::attendance_total::AttendanceTotal;
use openilp_domain::fact::Fact;
use openilp_domain::page::{Page, PageOf};
use openilp_domain::post_school_outcome::PostSchoolOutcome;
use openilp_domain::student_flag::StudentFlag;
use openilp_domain::year_outcome::YearOutcome;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::Result;
use crate::grant::{Grant, Withheld};

/// A fact that is kept in a table of its own.
#[allow(async_fn_in_trait, reason = "used by concrete type only, on one thread")]
pub trait Stated: Fact {
    /// Reads one; it stays withheld until a grant opens it.
    async fn read(tx: &Tx<'_>, id: Uuid) -> Result<Option<Withheld<Self>>>;

    /// Reads a page of a student's, ended ones too, as far as the grant opens them.
    async fn list(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<Self>>;
}

/// Says in which table a fact is kept. The columns stand in the order of its members: first what it says always, then what it may say.
macro_rules! stated { ($fact:ident in $table:ident { $($always:ident),* } { $($perhaps:ident),* }) => {
    impl Stated for $fact {
        async fn read(tx: &Tx<'_>, id: Uuid) -> Result<Option<Withheld<Self>>> {
            use crate::schema::$table::dsl;
            use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
            let mut conn = tx.conn;
            let row = dsl::$table.filter(dsl::district_id.eq(tx.district.0)).filter(dsl::id.eq(id)).select(stated!(@columns $($always)* ; $($perhaps)*));
            Ok(diesel_async::RunQueryDsl::first::<Self>(row, &mut conn).await.optional()?.map(Withheld::new))
        }

        async fn list(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<Self>> {
            use crate::schema::$table::dsl;
            use diesel::{ExpressionMethods, QueryDsl};
            let student = grant.located()?.student_id;
            crate::record::filled_with(grant, page, Fact::id, async |after, limit| {
                let mut conn = tx.conn;
                let rows = dsl::$table.filter(dsl::district_id.eq(tx.district.0)).filter(dsl::student_id.eq(student))
                    .filter(dsl::id.gt(after)).order(dsl::id).limit(limit).select(stated!(@columns $($always)* ; $($perhaps)*));
                Ok(diesel_async::RunQueryDsl::load::<Self>(rows, &mut conn).await?)
            }).await
        }
    }

    const _: () = {
        use $crate::schema::$table::dsl;
        impl $crate::listed::Listed for $fact {
            type Columns = diesel::dsl::SqlTypeOf<stated!(@columns $($always)* ; $($perhaps)*)>;
            type Row = <Self as diesel::Queryable<Self::Columns, diesel::pg::Pg>>::Row;
            fn select() -> String {
                $crate::list_of!(id student_id $($always)* active source sourced_id version created_at updated_at $($perhaps)*, $table, "and active order by id")
            }
            fn of(row: Self::Row) -> Result<Self> {
                diesel::Queryable::<Self::Columns, diesel::pg::Pg>::build(row).map_err(|e| $crate::error::Error::Internal(e.to_string()))
            }
        }
    };
};
(@columns $($always:ident)* ; $($perhaps:ident)*) => {
    (dsl::id, dsl::student_id, $(dsl::$always,)* dsl::active, dsl::source, dsl::sourced_id, dsl::version, dsl::created_at, dsl::updated_at, $(dsl::$perhaps,)*)
};
}

stated! { StudentFlag in student_flags { flag } { begins_on, ends_on } }

stated! {
    AttendanceTotal in attendance_totals { school_id, academic_session_id, session_title, school_year, days_enrolled, days_absent }
    { days_absent_unexcused, times_tardy }
}

stated! { YearOutcome in year_outcomes { school_id, school_year, outcome } { outcome_on, diploma_type } }

stated! { PostSchoolOutcome in post_school_outcomes { kind, as_of } { name } }
