//! The register of districts.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use openilp_domain::access::DistrictAction;
use openilp_domain::code::ProfileId;
use openilp_domain::district::{District, DistrictPatch, NewDistrict};
use openilp_domain::id::DistrictId;
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::page::{Page, PageOf};
use openilp_domain::profile::Profile;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::{Grant, Granted};
use crate::journal::Change;
use crate::schema::districts::dsl;

macro_rules! columns {
    () => {
        (
            dsl::id,
            dsl::name,
            dsl::state_code,
            dsl::time_zone,
            dsl::requirement_profile,
            dsl::roster_teachers,
            dsl::guardians_trusted,
            dsl::report_card_categories,
            dsl::version,
            dsl::created_at,
            dsl::updated_at,
            dsl::nces_id,
        )
    };
}

/// The ids of all districts.
pub(crate) async fn ids(mut conn: &AsyncPgConnection) -> Result<Vec<DistrictId>> {
    Ok(dsl::districts.select(dsl::id).load::<DistrictId>(&mut conn).await?)
}

/// A fault, unless there is such a district.
pub(crate) async fn expect(tx: &Tx<'_>, pointer: &str, id: DistrictId) -> Result<()> {
    let mut conn = tx.conn;
    let there = diesel::select(diesel::dsl::exists(dsl::districts.find(id))).get_result::<bool>(&mut conn).await?;
    if there {
        return Ok(());
    }
    Err(Error::Invalid(openilp_domain::invalid::Invalid::one(pointer, "unknown_district", "There is no such district.")))
}

/// The district of the transaction.
pub async fn read(tx: &Tx<'_>, grant: &Grant) -> Result<District> {
    grant.demand(&[DistrictAction::Operate])?;
    let mut conn = tx.conn;
    dsl::districts.find(tx.district).select(columns!()).first(&mut conn).await.optional()?.ok_or(Error::NotFound)
}

/// A page of all districts.
pub async fn list(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<District>> {
    grant.demand(&[DistrictAction::Operate])?;
    let mut conn = tx.conn;
    let rows = dsl::districts.filter(dsl::id.gt(page.after.unwrap_or(Uuid::nil()))).order(dsl::id).limit(page.limit.and_one()).select(columns!());
    Ok(Page::cut(rows.load::<District>(&mut conn).await?, page.limit, |district| district.id.0))
}

/// Whether teachers by roster are involved educators, as a profile has it.
fn roster_teachers(profile: &ProfileId) -> Result<bool> {
    let profile = Profile::find(profile.as_str()).ok_or_else(|| Error::Internal(format!("the profile {profile} is gone")))?;
    Ok(profile.switches.roster_teachers)
}

/// Sets one up. Its journal begins with itself.
pub async fn create(tx: &Tx<'_>, _: &Granted<'_>, new: NewDistrict) -> Result<District> {
    let mut conn = tx.conn;
    let created = diesel::insert_into(dsl::districts)
        .values((
            dsl::id.eq(tx.id()),
            dsl::name.eq(new.name),
            dsl::state_code.eq(new.state_code),
            dsl::nces_id.eq(new.nces_id),
            dsl::time_zone.eq(new.time_zone),
            dsl::roster_teachers.eq(roster_teachers(&new.requirement_profile)?),
            dsl::requirement_profile.eq(new.requirement_profile),
            dsl::guardians_trusted.eq(new.guardians_trusted),
            dsl::report_card_categories.eq(new.report_card_categories),
            dsl::version.eq(1),
            dsl::created_at.eq(tx.at),
            dsl::updated_at.eq(tx.at),
        ))
        .returning(columns!())
        .get_result::<District>(&mut conn)
        .await?;
    tx.note(Change::of(Kind::District, created.id, created.version, Operation::Created, &created)?.in_district(created.id));
    Ok(created)
}

/// Changes the district of the transaction, if it still has the version that the caller saw. Adopting a profile adopts its
/// access switches.
pub async fn amend(tx: &Tx<'_>, granted: &Granted<'_>, version: i32, patch: DistrictPatch) -> Result<District> {
    let mut conn = tx.conn;
    let before = dsl::districts.find(tx.district).select(dsl::version).for_update().first::<i32>(&mut conn).await.optional()?;
    if before.ok_or(Error::NotFound)? != version {
        return Err(Error::Stale);
    }
    let switch = patch.requirement_profile.as_ref().map(roster_teachers).transpose()?;
    let amended = diesel::update(dsl::districts.find(granted.district_id()))
        .set((
            patch.name.map(|value| dsl::name.eq(value)),
            patch.time_zone.map(|value| dsl::time_zone.eq(value)),
            patch.requirement_profile.map(|value| dsl::requirement_profile.eq(value)),
            switch.map(|value| dsl::roster_teachers.eq(value)),
            patch.guardians_trusted.map(|value| dsl::guardians_trusted.eq(value)),
            patch.report_card_categories.map(|value| dsl::report_card_categories.eq(value)),
            dsl::version.eq(version + 1),
            dsl::updated_at.eq(tx.at),
        ))
        .returning(columns!())
        .get_result::<District>(&mut conn)
        .await?;
    tx.note(Change::of(Kind::District, amended.id, amended.version, Operation::Amended, &amended)?);
    Ok(amended)
}
