//! How many students of the district need what they have not been granted (R97, R98).

use diesel::sql_types::{BigInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use openilp_domain::access::DistrictAction;
use openilp_domain::resource::{ResourceKind, told};
use uuid::Uuid;

use crate::door::Tx;
use crate::error::Result;
use crate::facts::parse;
use crate::grant::Grant;
use crate::statement;

statement! {
    /// Students by the kind of a request whose latest decision, if there is one, does not grant it.
    Unmet { district: SqlUuid = Uuid } -> (Text, BigInt)
    "select r.kind, count(distinct r.student_id)
       from resource_requests r join students s on s.district_id = $1 and s.id = r.student_id and s.active
      where r.district_id = $1 and not r.entered_in_error
        and (select d.outcome from resource_decisions d
              where d.district_id = $1 and d.resource_request_id = r.id and d.student_id = r.student_id and not d.entered_in_error
              order by d.id desc limit 1) is distinct from 'granted'
      group by r.kind"
}

/// Of each kind how many students, where they are not so few that it would tell of them.
pub async fn counted(tx: &Tx<'_>, grant: &Grant) -> Result<Vec<(ResourceKind, Option<i64>)>> {
    grant.demand(&[DistrictAction::CountNeeds])?;
    let mut conn = tx.conn;
    let rows = Unmet { district: tx.district.0 }.load::<(String, i64)>(&mut conn).await?;
    let found = rows.into_iter().map(|(kind, students)| Ok((parse::<ResourceKind>(&kind)?, students))).collect::<Result<Vec<_>>>()?;
    let students = |kind| found.iter().find(|(known, _)| *known == kind).map_or(0, |(_, students)| *students);
    Ok(ResourceKind::ALL.iter().map(|kind| (*kind, told(students(*kind)))).collect())
}
