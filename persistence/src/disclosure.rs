//! What was disclosed outside the district or in an emergency: the record of 34 CFR 99.32 (L22).

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::{DistrictAction, Section, Sections};
use openilp_domain::emergency_access::EmergencyAccess;
use openilp_domain::id::StudentId;
use openilp_domain::page::{Page, PageOf};
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::Grant;
use crate::schema::disclosures::dsl;

/// One disclosure: a pull by a client under an agreement, or what was opened in an emergency.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the columns, whose meaning stands in the API")]
pub struct Disclosure {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub client_id: Option<Uuid>,
    pub agreement_id: Option<Uuid>,
    pub basis: String,
    pub purpose: String,
    pub dataset: String,
    pub manner: String,
    pub row_count: i64,
    pub emergency: Option<EmergencyDisclosure>,
}

/// What is on record of a disclosure in an emergency (34 CFR 99.32(a)(5)).
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the columns, whose meaning stands in the API")]
pub struct EmergencyDisclosure {
    pub emergency_access_id: Uuid,
    pub student_id: StudentId,
    pub threat: String,
    pub recipients: String,
}

type Pulled = (Uuid, DateTime<Utc>, Option<Uuid>, Option<Uuid>, String, String, String, String, i64);
type InEmergency = (Option<Uuid>, Option<Vec<Uuid>>, Option<String>, Option<String>);

fn disclosure((pulled, emergency): (Pulled, InEmergency)) -> Disclosure {
    let (id, at, client_id, agreement_id, basis, purpose, dataset, manner, row_count) = pulled;
    let emergency = match emergency {
        (Some(emergency_access_id), Some(students), Some(threat), Some(recipients)) => {
            let student = students.into_iter().next();
            student.map(|student| EmergencyDisclosure { emergency_access_id, student_id: StudentId(student), threat, recipients })
        }
        _ => None,
    };
    Disclosure { id, at, client_id, agreement_id, basis, purpose, dataset, manner, row_count, emergency }
}

/// A page of them, oldest first.
pub async fn list(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<Disclosure>> {
    grant.relation_to_district(DistrictAction::ReadDisclosures).ok_or(Error::Forbidden)?;
    let mut conn = tx.conn;
    let rows = dsl::disclosures
        .filter(dsl::district_id.eq(tx.district.0))
        .filter(dsl::id.gt(page.after.unwrap_or(Uuid::nil())))
        .order(dsl::id)
        .limit(page.limit.and_one())
        .select((
            (dsl::id, dsl::at, dsl::client_id, dsl::agreement_id, dsl::basis, dsl::purpose, dsl::dataset, dsl::manner, dsl::row_count),
            (dsl::emergency_access_id, dsl::student_ids, dsl::threat, dsl::recipients),
        ))
        .load::<(Pulled, InEmergency)>(&mut conn)
        .await?;
    Ok(Page::cut(rows.into_iter().map(disclosure).collect(), page.limit, |d| d.id))
}

/// Records what an emergency access opens, when it is declared.
pub(crate) async fn record_emergency(tx: &Tx<'_>, access: &EmergencyAccess, purpose: &'static str, request_id: &str) -> Result<()> {
    let mut conn = tx.conn;
    let opened: Sections = access.sections.iter().copied().chain([Section::Status, Section::Identity]).collect();
    diesel::insert_into(dsl::disclosures)
        .values((
            dsl::district_id.eq(tx.district),
            dsl::id.eq(tx.id()),
            dsl::at.eq(tx.at),
            dsl::basis.eq("34 CFR 99.31(a)(10), 99.36"),
            dsl::purpose.eq(purpose),
            dsl::dataset.eq(opened.to_string()),
            dsl::manner.eq("emergency"),
            dsl::row_count.eq(1_i64),
            dsl::student_ids.eq(Some(vec![access.student_id.0])),
            dsl::request_id.eq(request_id),
            dsl::emergency_access_id.eq(Some(access.id)),
            dsl::threat.eq(Some(&access.threat)),
            dsl::recipients.eq(Some(&access.recipients)),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}
