//! Guardian links.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::guardian_link::{GuardianLink, GuardianLinkPatch, NewGuardianLink};
use openilp_domain::id::GuardianLinkId;
use openilp_domain::kind::Operation;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::Granted;
use crate::schema::guardian_links::dsl;

crate::relation! {
    GuardianLink (GuardianLinkId, Privacy) in guardian_links of guardian_id {
        id, student_id, guardian_id, rights, valid_from, source, version, created_at, updated_at, order_reference, confirmed_at, confirmed_by, valid_to
    }
}

/// Makes one, confirmed.
pub async fn create(tx: &Tx<'_>, granted: &Granted<'_>, new: NewGuardianLink) -> Result<GuardianLink> {
    let mut conn = tx.conn;
    let created = diesel::insert_into(dsl::guardian_links)
        .values((
            dsl::district_id.eq(tx.district),
            dsl::id.eq(tx.id()),
            dsl::student_id.eq(new.student_id),
            dsl::guardian_id.eq(new.guardian_id),
            dsl::rights.eq(new.rights),
            dsl::order_reference.eq(new.order_reference),
            dsl::confirmed_at.eq(Some(tx.at)),
            dsl::confirmed_by.eq(granted.grant().caller().person()),
            dsl::valid_from.eq(granted.grant().first_day(new.valid_from, new.valid_to)?),
            dsl::valid_to.eq(new.valid_to),
            dsl::source.eq(granted.relation().word()),
            dsl::version.eq(1),
            dsl::created_at.eq(tx.at),
            dsl::updated_at.eq(tx.at),
        ))
        .returning(columns!())
        .get_result::<GuardianLink>(&mut conn)
        .await?;
    note(tx, Operation::Created, &created)?;
    Ok(created)
}

/// Changes rights, order or end, if it still has the version that the caller saw.
pub async fn amend(tx: &Tx<'_>, _: &Granted<'_>, id: GuardianLinkId, version: i32, patch: GuardianLinkPatch) -> Result<GuardianLink> {
    let before = current(tx, id, version).await?;
    let faults = before.check(&patch);
    if !faults.0.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let mut conn = tx.conn;
    let amended = diesel::update(dsl::guardian_links.find((tx.district, id)))
        .set((
            patch.rights.map(|value| dsl::rights.eq(value)),
            patch.order_reference.into_column().map(|value| dsl::order_reference.eq(value)),
            patch.valid_to.into_column().map(|value| dsl::valid_to.eq(value)),
            dsl::version.eq(version + 1),
            dsl::updated_at.eq(tx.at),
        ))
        .returning(columns!())
        .get_result::<GuardianLink>(&mut conn)
        .await?;
    note(tx, Operation::Amended, &amended)?;
    Ok(amended)
}
