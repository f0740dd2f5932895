//! The register of districts.

use diesel::QueryDsl;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use openilp_domain::id::DistrictId;

use crate::error::Result;
use crate::schema::districts::dsl;

/// The ids of all districts.
pub(crate) async fn ids(mut conn: &AsyncPgConnection) -> Result<Vec<DistrictId>> {
    Ok(dsl::districts.select(dsl::id).load::<DistrictId>(&mut conn).await?)
}
