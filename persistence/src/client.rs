//! The register of machine clients. A secret is kept as its hash only; neither is ever in the journal.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::DistrictAction;
use openilp_domain::client::{MachineClient, MachineClientPatch, NewMachineClient};
use openilp_domain::id::{ClientId, DistrictId};
use openilp_domain::identity::KeySource;
use openilp_domain::invalid::Invalid;
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::page::{Page, PageOf};
use openilp_domain::principal::ClientKind;
use openilp_domain::text::ShortText;
use serde_json::Value;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::{Grant, Granted};
use crate::identity;
use crate::journal::Change;
use crate::schema::clients::dsl;

macro_rules! columns {
    () => {
        (
            dsl::id,
            dsl::kind,
            dsl::name,
            dsl::secret_hash.is_not_null(),
            dsl::active,
            dsl::version,
            dsl::created_at,
            dsl::updated_at,
            dsl::district_id,
            dsl::jwks,
            dsl::jwks_url,
        )
    };
}

type Row = (ClientId, ClientKind, ShortText, bool, bool, i32, DateTime<Utc>, DateTime<Utc>, Option<DistrictId>, Option<Value>, Option<String>);

fn client((id, kind, name, has_secret, active, version, created_at, updated_at, district_id, jwks, jwks_url): Row) -> MachineClient {
    let keys = jwks.map(KeySource::Jwks).or(jwks_url.map(KeySource::JwksUrl));
    MachineClient { id, kind, name, has_secret, active, version, created_at, updated_at, district_id, keys, secret: None }
}

/// A SIS client is in its district's journal, others in the deployment's.
fn note(tx: &Tx<'_>, operation: Operation, client: &MachineClient) -> Result<()> {
    let change = Change::of(Kind::Client, client.id, client.version, operation, client)?;
    tx.note(change.in_district(client.district_id.unwrap_or(DistrictId::DEPLOYMENT)));
    Ok(())
}

/// One client.
pub async fn read(tx: &Tx<'_>, grant: &Grant, id: ClientId) -> Result<MachineClient> {
    grant.demand(&[DistrictAction::Operate])?;
    let mut conn = tx.conn;
    let row = dsl::clients.find(id).select(columns!()).first::<Row>(&mut conn).await.optional()?;
    row.map(client).ok_or(Error::NotFound)
}

/// A page of all clients.
pub async fn list(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<MachineClient>> {
    grant.demand(&[DistrictAction::Operate])?;
    let mut conn = tx.conn;
    let rows = dsl::clients.filter(dsl::id.gt(page.after.unwrap_or(Uuid::nil()))).order(dsl::id).limit(page.limit.and_one()).select(columns!());
    let clients = rows.load::<Row>(&mut conn).await?.into_iter().map(client).collect();
    Ok(Page::cut(clients, page.limit, |client: &MachineClient| client.id.0))
}

/// Registers one. It has keys, or a secret of which the hash is given.
pub async fn create(tx: &Tx<'_>, _: &Granted<'_>, new: NewMachineClient, secret_hash: Option<Vec<u8>>) -> Result<MachineClient> {
    if let Some(district) = new.district_id {
        crate::district::expect(tx, "/districtId", district).await?;
    }
    let (id, has_secret) = (ClientId(tx.id()), secret_hash.is_some());
    let NewMachineClient { kind, name, district_id, keys } = new;
    let row = identity::NewClient { id, kind, name: name.as_str().to_owned(), district_id, secret_hash, keys: keys.clone() };
    identity::insert_client(tx.conn, row, tx.at).await?;
    let created =
        MachineClient { id, kind, name, has_secret, active: true, version: 1, created_at: tx.at, updated_at: tx.at, district_id, keys, secret: None };
    note(tx, Operation::Created, &created)?;
    Ok(created)
}

/// Renames it, lets it call or stops it, if it still has the version that the caller saw. One that is stopped is refused from
/// the commit on.
pub async fn amend(tx: &Tx<'_>, granted: &Granted<'_>, id: ClientId, version: i32, patch: MachineClientPatch) -> Result<MachineClient> {
    if patch.active == Some(false) && granted.grant().caller().client() == Some(id) {
        return Err(Error::Invalid(Invalid::one("/active", "own_client", "A client cannot stop itself.")));
    }
    let mut conn = tx.conn;
    let before = dsl::clients.find(id).select(dsl::version).for_update().first::<i32>(&mut conn).await.optional()?;
    if before.ok_or(Error::NotFound)? != version {
        return Err(Error::Stale);
    }
    let row = diesel::update(dsl::clients.find(id))
        .set((
            patch.name.map(|value| dsl::name.eq(value)),
            patch.active.map(|value| dsl::active.eq(value)),
            dsl::version.eq(version + 1),
            dsl::updated_at.eq(tx.at),
        ))
        .returning(columns!())
        .get_result::<Row>(&mut conn)
        .await?;
    let amended = client(row);
    note(tx, Operation::Amended, &amended)?;
    Ok(amended)
}

/// Gives a client another secret, of which the hash is given. The old one is worth nothing from the commit on.
pub async fn replace_secret(tx: &Tx<'_>, _: &Granted<'_>, id: ClientId, secret_hash: Vec<u8>) -> Result<MachineClient> {
    let mut conn = tx.conn;
    let row = diesel::update(dsl::clients.find(id))
        .set((dsl::secret_hash.eq(Some(secret_hash)), dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(tx.at)))
        .returning(columns!())
        .get_result::<Row>(&mut conn)
        .await
        .optional()?;
    let amended = row.map(client).ok_or(Error::NotFound)?;
    note(tx, Operation::Amended, &amended)?;
    Ok(amended)
}
