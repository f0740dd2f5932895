//! The plan in the file.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::id::{PlanId, StudentId};

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::schema::plans::dsl;

/// The plan of a student. Every file has one.
pub(crate) async fn id_of(tx: &Tx<'_>, student: StudentId) -> Result<PlanId> {
    let mut conn = tx.conn;
    dsl::plans
        .filter(dsl::district_id.eq(tx.district.0))
        .filter(dsl::student_id.eq(student))
        .select(dsl::id)
        .first::<PlanId>(&mut conn)
        .await
        .optional()?
        .ok_or(Error::NotFound)
}
