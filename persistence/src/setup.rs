//! What whoever sets a district up by command line looks up: what the source of the roster calls a record, and whose file is which.

use std::collections::HashMap;

use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::id::{IlpFileId, StudentId};
use openilp_domain::roster::Source;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::Result;
use crate::grant::Granted;
use crate::schema::{external_identifiers, goals, ilp_files};

/// What a source calls the records of a kind, and their ids here.
pub async fn sourced(tx: &Tx<'_>, _: &Granted<'_>, source: &Source, kind: &str) -> Result<HashMap<String, Uuid>> {
    use external_identifiers::dsl;
    let mut conn = tx.conn;
    let rows = dsl::external_identifiers
        .filter(dsl::district_id.eq(tx.district.0))
        .filter(dsl::system.eq(source.as_str()))
        .filter(dsl::kind.eq(kind))
        .select((dsl::value, dsl::target_id))
        .load::<(String, Uuid)>(&mut conn)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The file of every student who has one, and whether there is a goal in it.
pub async fn files(tx: &Tx<'_>, _: &Granted<'_>) -> Result<HashMap<StudentId, (IlpFileId, bool)>> {
    let mut conn = tx.conn;
    let files = ilp_files::table
        .filter(ilp_files::district_id.eq(tx.district.0))
        .select((ilp_files::student_id, ilp_files::id))
        .load::<(StudentId, IlpFileId)>(&mut conn)
        .await?;
    let begun: std::collections::HashSet<StudentId> = goals::table
        .filter(goals::district_id.eq(tx.district.0))
        .select(goals::student_id)
        .distinct()
        .load::<StudentId>(&mut conn)
        .await?
        .into_iter()
        .collect();
    Ok(files.into_iter().map(|(student, file)| (student, (file, begun.contains(&student)))).collect())
}
