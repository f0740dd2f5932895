//! What was disclosed outside the district: the record of 34 CFR 99.32 (L22).

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::DistrictAction;
use openilp_domain::page::{Page, PageOf};
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::Grant;
use crate::schema::disclosures::dsl;

/// One disclosure.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the columns, whose meaning stands in the API")]
pub struct Disclosure {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub client_id: Uuid,
    pub agreement_id: Uuid,
    pub basis: String,
    pub purpose: String,
    pub dataset: String,
    pub manner: String,
    pub row_count: i64,
}

type Row = (Uuid, DateTime<Utc>, Uuid, Uuid, String, String, String, String, i64);

/// A page of them, oldest first.
pub async fn list(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<Disclosure>> {
    grant.relation_to_district(DistrictAction::ReadDisclosures).ok_or(Error::Forbidden)?;
    let mut conn = tx.conn;
    let rows = dsl::disclosures
        .filter(dsl::district_id.eq(tx.district.0))
        .filter(dsl::id.gt(page.after.unwrap_or(Uuid::nil())))
        .order(dsl::id)
        .limit(page.limit.and_one())
        .select((dsl::id, dsl::at, dsl::client_id, dsl::agreement_id, dsl::basis, dsl::purpose, dsl::dataset, dsl::manner, dsl::row_count))
        .load::<Row>(&mut conn)
        .await?;
    let disclosure = |(id, at, client_id, agreement_id, basis, purpose, dataset, manner, row_count)| Disclosure {
        id,
        at,
        client_id,
        agreement_id,
        basis,
        purpose,
        dataset,
        manner,
        row_count,
    };
    Ok(Page::cut(rows.into_iter().map(disclosure).collect(), page.limit, |d| d.id))
}
