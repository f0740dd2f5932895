//! The register of issuers, as operators keep it.

use openilp_domain::access::DistrictAction;
use openilp_domain::code::{Audience, WebAddress};
use openilp_domain::id::{DistrictId, IssuerId};
use openilp_domain::identity;
use openilp_domain::issuer::{Issuer, NewIssuer};
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::page::{Page, PageOf};
use uuid::Uuid;

use crate::door::{Tx, request_hash};
use crate::error::{Error, Result};
use crate::grant::{Grant, Granted};
use crate::journal::Change;

/// An issuer's name is its key; its id is made from that (RFC 9562, version 8).
fn id_of(issuer: &str) -> IssuerId {
    let mut bytes = [0; 16];
    for (byte, hashed) in bytes.iter_mut().zip(request_hash(issuer.as_bytes())) {
        *byte = hashed;
    }
    IssuerId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

fn issuer(row: identity::Issuer) -> Result<Issuer> {
    let identity::Issuer { issuer, district_id, audience, keys, algorithms, matching, for_families, created_at } = row;
    let damaged = |_| Error::Internal("an issuer in the register is damaged".into());
    Ok(Issuer {
        id: id_of(&issuer),
        issuer: issuer.parse::<WebAddress>().map_err(damaged)?,
        audience: audience.parse::<Audience>().map_err(damaged)?,
        version: 1,
        district_id,
        keys,
        algorithms,
        for_families,
        matching,
        created_at,
    })
}

/// Those of a district, in order of id. There are one or two.
async fn of_district(tx: &Tx<'_>, district: DistrictId) -> Result<Vec<Issuer>> {
    let rows = crate::identity::issuers(tx.conn).await?.into_iter().filter(|row| row.district_id == district);
    let mut issuers = rows.map(issuer).collect::<Result<Vec<_>>>()?;
    issuers.sort_by_key(|issuer| issuer.id);
    Ok(issuers)
}

/// One of the district's.
pub async fn read(tx: &Tx<'_>, grant: &Grant, id: IssuerId) -> Result<Issuer> {
    grant.demand(&[DistrictAction::Operate])?;
    of_district(tx, tx.district).await?.into_iter().find(|issuer| issuer.id == id).ok_or(Error::NotFound)
}

/// A page of the district's.
pub async fn list(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<Issuer>> {
    grant.demand(&[DistrictAction::Operate])?;
    let after = page.after.unwrap_or(Uuid::nil());
    let issuers = of_district(tx, tx.district).await?.into_iter().filter(|issuer| issuer.id.0 > after).take(page.limit.get() + 1).collect();
    Ok(Page::cut(issuers, page.limit, |issuer: &Issuer| issuer.id.0))
}

/// Registers one for the district.
pub async fn create(tx: &Tx<'_>, _: &Granted<'_>, new: NewIssuer) -> Result<Issuer> {
    let NewIssuer { issuer: name, audience, keys, algorithms, for_families, matching } = new;
    let row = identity::Issuer {
        issuer: name.as_str().to_owned(),
        district_id: tx.district,
        audience: audience.as_str().to_owned(),
        keys,
        algorithms,
        matching,
        for_families,
        created_at: tx.at,
    };
    crate::identity::insert_issuer(tx.conn, row.clone()).await?;
    let created = issuer(row)?;
    tx.note(Change::of(Kind::Issuer, created.id, created.version, Operation::Created, &created)?);
    Ok(created)
}

/// Takes one of the district's out of the register: its tokens are refused within seconds.
pub async fn remove(tx: &Tx<'_>, _: &Granted<'_>, id: IssuerId, version: i32) -> Result<()> {
    let found = of_district(tx, tx.district).await?.into_iter().find(|issuer| issuer.id == id).ok_or(Error::NotFound)?;
    if found.version != version {
        return Err(Error::Stale);
    }
    if !crate::identity::remove_issuer(tx.conn, found.issuer.as_str()).await? {
        return Err(Error::NotFound);
    }
    tx.note(Change::of(Kind::Issuer, found.id, found.version, Operation::Removed, &found)?);
    Ok(())
}
