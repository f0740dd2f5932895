//! Agreements of a district with state clients.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::DistrictAction;
use openilp_domain::agreement::{Agreement, AgreementPatch, NewAgreement};
use openilp_domain::id::{AgreementId, ClientId};
use openilp_domain::invalid::Invalid;
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::page::{Page, PageOf};
use openilp_domain::principal::ClientKind;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::{Grant, Granted};
use crate::journal::Change;
use crate::schema::agreements::dsl;
use crate::schema::clients;

macro_rules! columns {
    () => {
        (
            dsl::id,
            dsl::client_id,
            dsl::dataset,
            dsl::purpose,
            dsl::starts_on,
            dsl::ends_on,
            dsl::destroy_by,
            dsl::version,
            dsl::created_at,
            dsl::updated_at,
        )
    };
}

fn note(tx: &Tx<'_>, operation: Operation, agreement: &Agreement) -> Result<()> {
    tx.note(Change::of(Kind::Agreement, agreement.id, agreement.version, operation, agreement)?);
    Ok(())
}

/// One of the district's.
pub async fn read(tx: &Tx<'_>, grant: &Grant, id: AgreementId) -> Result<Agreement> {
    grant.demand(&[DistrictAction::Operate])?;
    let mut conn = tx.conn;
    dsl::agreements.find((tx.district, id)).select(columns!()).first(&mut conn).await.optional()?.ok_or(Error::NotFound)
}

/// A page of the district's.
pub async fn list(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<Agreement>> {
    grant.demand(&[DistrictAction::Operate])?;
    let mut conn = tx.conn;
    let rows = dsl::agreements
        .filter(dsl::district_id.eq(tx.district))
        .filter(dsl::id.gt(page.after.unwrap_or(Uuid::nil())))
        .order(dsl::id)
        .limit(page.limit.and_one())
        .select(columns!());
    Ok(Page::cut(rows.load::<Agreement>(&mut conn).await?, page.limit, |agreement| agreement.id.0))
}

/// Enters one. It is with a state client.
pub async fn create(tx: &Tx<'_>, _: &Granted<'_>, new: NewAgreement) -> Result<Agreement> {
    expect_state_client(tx, new.client_id).await?;
    let mut conn = tx.conn;
    let created = diesel::insert_into(dsl::agreements)
        .values((
            dsl::district_id.eq(tx.district),
            dsl::id.eq(tx.id()),
            dsl::client_id.eq(new.client_id),
            dsl::dataset.eq(new.dataset),
            dsl::purpose.eq(new.purpose),
            dsl::starts_on.eq(new.starts_on),
            dsl::ends_on.eq(new.ends_on),
            dsl::destroy_by.eq(new.destroy_by),
            dsl::version.eq(1),
            dsl::created_at.eq(tx.at),
            dsl::updated_at.eq(tx.at),
        ))
        .returning(columns!())
        .get_result::<Agreement>(&mut conn)
        .await?;
    note(tx, Operation::Created, &created)?;
    Ok(created)
}

async fn expect_state_client(tx: &Tx<'_>, id: ClientId) -> Result<()> {
    let mut conn = tx.conn;
    let state = clients::table.find(id).filter(clients::kind.eq(ClientKind::State));
    if diesel::select(diesel::dsl::exists(state)).get_result::<bool>(&mut conn).await? {
        return Ok(());
    }
    Err(Error::Invalid(Invalid::one("/clientId", "not_a_state_client", "There is no such state client.")))
}

/// Changes its end or the day of destruction, if it still has the version that the caller saw.
pub async fn amend(tx: &Tx<'_>, _: &Granted<'_>, id: AgreementId, version: i32, patch: AgreementPatch) -> Result<Agreement> {
    let mut conn = tx.conn;
    let before = dsl::agreements.find((tx.district, id)).select(columns!()).for_update().first::<Agreement>(&mut conn).await.optional()?;
    let before = before.ok_or(Error::NotFound)?;
    if before.version != version {
        return Err(Error::Stale);
    }
    let faults = before.check(&patch);
    if !faults.0.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let amended = diesel::update(dsl::agreements.find((tx.district, id)))
        .set((
            patch.ends_on.map(|value| dsl::ends_on.eq(value)),
            patch.destroy_by.map(|value| dsl::destroy_by.eq(value)),
            dsl::version.eq(version + 1),
            dsl::updated_at.eq(tx.at),
        ))
        .returning(columns!())
        .get_result::<Agreement>(&mut conn)
        .await?;
    note(tx, Operation::Amended, &amended)?;
    Ok(amended)
}
