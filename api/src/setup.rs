//! Setting up a district by command line: the same functions as behind the operators' API, on nobody's request.

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use openilp_domain::agreement::{Agreement, NewAgreement};
use openilp_domain::appointment::{Appointment, NewAppointment};
use openilp_domain::client::{MachineClient, MachineClientPatch, NewMachineClient};
use openilp_domain::district::{District, DistrictPatch, NewDistrict};
use openilp_domain::front_end::{FrontEnd, NewFrontEnd};
use openilp_domain::id::{ClientId, DistrictId};
use openilp_domain::identity_link::{IdentityLinksMade, NewIdentityLinks};
use openilp_domain::issuer::{Issuer, NewIssuer};
use openilp_domain::page::{Limit, Page, PageOf};
use openilp_persistence::{Db, agreement, appointment, assignment, client, district, front_end, guardian_link, identity_link, issuer};

use crate::auth::{Secret, check_keys, new_client_secret, secret_hash};

/// How many relations one transaction confirms.
const CONFIRMED_AT_ONCE: i64 = 1000;

/// Sets up a district.
pub async fn create_district(db: &Db, at: DateTime<Utc>, new: NewDistrict) -> anyhow::Result<District> {
    Ok(db.command(DistrictId::DEPLOYMENT, at, async |tx, granted| district::create(tx, granted, new).await).await?)
}

/// Every district.
pub async fn districts(db: &Db, at: DateTime<Utc>) -> anyhow::Result<Vec<District>> {
    all(async |page| Ok(db.command(DistrictId::DEPLOYMENT, at, async |tx, granted| district::list(tx, granted.grant(), page).await).await?)).await
}

/// Changes a district as it is now.
pub async fn amend_district(db: &Db, at: DateTime<Utc>, id: DistrictId, patch: DistrictPatch) -> anyhow::Result<District> {
    let work = db.command(id, at, async |tx, granted| {
        let version = district::read(tx, granted.grant()).await?.version;
        district::amend(tx, granted, version, patch).await
    });
    Ok(work.await?)
}

/// Registers an issuer of people's tokens for a district. A running service knows it within seconds.
pub async fn add_issuer(db: &Db, at: DateTime<Utc>, district: DistrictId, new: NewIssuer) -> anyhow::Result<Issuer> {
    check_keys(&new.keys).map_err(|detail| anyhow!("the keys: {detail}"))?;
    Ok(db.command(district, at, async |tx, granted| issuer::create(tx, granted, new).await).await?)
}

/// Registers a machine client. Without keys it gets a secret, which is told here and kept nowhere.
pub async fn create_client(db: &Db, at: DateTime<Utc>, new: NewMachineClient) -> anyhow::Result<(MachineClient, Option<Secret<String>>)> {
    if let Some(keys) = &new.keys {
        check_keys(keys).map_err(|detail| anyhow!("the keys: {detail}"))?;
    }
    let secret = if new.keys.is_none() { Some(new_client_secret()?) } else { None };
    let hash = secret.as_ref().map(|secret| secret_hash(secret.expose()));
    let made = db.command(DistrictId::DEPLOYMENT, at, async |tx, granted| client::create(tx, granted, new, hash).await).await?;
    Ok((made, secret))
}

/// Every machine client.
pub async fn clients(db: &Db, at: DateTime<Utc>) -> anyhow::Result<Vec<MachineClient>> {
    all(async |page| Ok(db.command(DistrictId::DEPLOYMENT, at, async |tx, granted| client::list(tx, granted.grant(), page).await).await?)).await
}

/// Gives a machine client another secret, which is told here and kept nowhere.
pub async fn replace_client_secret(db: &Db, at: DateTime<Utc>, id: ClientId) -> anyhow::Result<(MachineClient, Secret<String>)> {
    let secret = new_client_secret()?;
    let hash = secret_hash(secret.expose());
    let changed = db.command(DistrictId::DEPLOYMENT, at, async |tx, granted| client::replace_secret(tx, granted, id, hash).await).await?;
    Ok((changed, secret))
}

/// Stops a machine client at once, or lets it call again.
pub async fn set_client_active(db: &Db, at: DateTime<Utc>, id: ClientId, active: bool) -> anyhow::Result<MachineClient> {
    let work = db.command(DistrictId::DEPLOYMENT, at, async |tx, granted| {
        let version = client::read(tx, granted.grant(), id).await?.version;
        client::amend(tx, granted, id, version, MachineClientPatch { active: Some(active), ..MachineClientPatch::default() }).await
    });
    Ok(work.await?)
}

/// Enters an agreement of a district with a state client.
pub async fn add_agreement(db: &Db, at: DateTime<Utc>, district: DistrictId, new: NewAgreement) -> anyhow::Result<Agreement> {
    Ok(db.command(district, at, async |tx, granted| agreement::create(tx, granted, new).await).await?)
}

/// Gives a person of a district an office.
pub async fn appoint(db: &Db, at: DateTime<Utc>, district: DistrictId, new: NewAppointment) -> anyhow::Result<Appointment> {
    Ok(db.command(district, at, async |tx, granted| appointment::create(tx, granted, new).await).await?)
}

/// Approves an application for a district.
pub async fn approve_front_end(db: &Db, at: DateTime<Utc>, district: DistrictId, new: NewFrontEnd) -> anyhow::Result<FrontEnd> {
    Ok(db.command(district, at, async |tx, granted| front_end::create(tx, granted, new).await).await?)
}

/// Links logins to people of a district, all or none. What is linked to the same person already stays.
pub async fn link_identities(db: &Db, at: DateTime<Utc>, district: DistrictId, new: NewIdentityLinks) -> anyhow::Result<IdentityLinksMade> {
    Ok(db.command(district, at, async |tx, granted| identity_link::create_many(tx, granted, new).await).await?)
}

/// How many relations were confirmed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Confirmed {
    /// Guardian links.
    pub guardian_links: usize,
    /// Assignments.
    pub assignments: usize,
}

/// Confirms all guardian links and assignments of a district that wait, some at a time; `progress` is told after each time.
/// One that is broken off goes on where it stopped.
pub async fn confirm_all(db: &Db, at: DateTime<Utc>, district: DistrictId, progress: &mut dyn FnMut(Confirmed)) -> anyhow::Result<Confirmed> {
    let mut confirmed = Confirmed::default();
    loop {
        let some = db.command(district, at, async |tx, granted| guardian_link::confirm_next(tx, granted, CONFIRMED_AT_ONCE).await).await?;
        if some == 0 {
            break;
        }
        confirmed.guardian_links += some;
        progress(confirmed);
    }
    loop {
        let some = db.command(district, at, async |tx, granted| assignment::confirm_next(tx, granted, CONFIRMED_AT_ONCE).await).await?;
        if some == 0 {
            break;
        }
        confirmed.assignments += some;
        progress(confirmed);
    }
    Ok(confirmed)
}

/// Every item of a list.
async fn all<T>(read: impl AsyncFn(PageOf) -> anyhow::Result<Page<T>>) -> anyhow::Result<Vec<T>> {
    let mut items = vec![];
    let mut page = PageOf { limit: Limit::new(Limit::MAX).unwrap_or_default(), after: None };
    loop {
        let found = read(page).await?;
        items.extend(found.items);
        match found.next {
            Some(next) => page.after = Some(next),
            None => return Ok(items),
        }
    }
}
