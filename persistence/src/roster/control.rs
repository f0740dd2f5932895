//! What people do with loads: let a held one go on, try one again, take one back; and what is forgotten of old ones.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Int8, Uuid as SqlUuid};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::DistrictAction;
use openilp_domain::id::RosterImportId;
use openilp_domain::invalid::Invalid;
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::roster::{ImportStatus, LoadMode, RosterImport};
use uuid::Uuid;

use super::job::{NewRow, find_any, insert};
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::facts::Caller;
use crate::grant::Granted;
use crate::journal::Change;
use crate::schema::roster_bundle_chunks;
use crate::schema::roster_faults;
use crate::schema::roster_imports::dsl;
use crate::statement;

/// How many applied loads of a source can be taken back, one after the other.
const IMAGES_KEPT: i64 = 10;
/// How many loads of a district keep their bundle.
const BUNDLES_KEPT: i64 = 30;

const fn conflict(code: &'static str, detail: &'static str) -> Error {
    Error::Conflict { code, detail }
}

fn permitted(granted: Option<&Granted<'_>>) -> Result<Option<Caller>> {
    // Without a grant, the operator does it by command line.
    let Some(granted) = granted else { return Ok(None) };
    granted.grant().demand(&[DistrictAction::ManageImports])?;
    Ok(Some(granted.grant().caller()))
}

/// The load, which nobody else changes until we are done.
async fn locked(tx: &Tx<'_>, id: RosterImportId) -> Result<RosterImport> {
    let mut conn = tx.conn;
    dsl::roster_imports.find((tx.district.0, id.0)).select(dsl::id).for_update().first::<Uuid>(&mut conn).await.optional()?.ok_or(Error::NotFound)?;
    find_any(tx, id.0).await
}

/// Whether a later load of the source has been applied, so that this one would bring back what was.
async fn is_overtaken(tx: &Tx<'_>, import: &RosterImport) -> Result<bool> {
    let mut conn = tx.conn;
    let later = dsl::roster_imports
        .filter(dsl::district_id.eq(tx.district.0))
        .filter(dsl::source.eq(&import.source))
        .filter(dsl::status.eq(ImportStatus::Applied.word()))
        .filter(dsl::id.gt(import.id.0));
    Ok(diesel::select(diesel::dsl::exists(later)).get_result::<bool>(&mut conn).await?)
}

async fn noted(tx: &Tx<'_>, id: RosterImportId) -> Result<RosterImport> {
    let import = find_any(tx, id.0).await?;
    tx.note(Change::of(Kind::RosterImport, import.id, import.version, Operation::Amended, &import)?);
    Ok(import)
}

/// Lets a held load go on. It is named by its hash too, so that nobody allows another bundle than the one they have looked at.
///
/// # Errors
/// A conflict where it is not held; a fault at `/bundleHash` where that is another.
pub async fn release(tx: &Tx<'_>, granted: Option<&Granted<'_>>, id: RosterImportId, bundle_hash: &str) -> Result<RosterImport> {
    let caller = permitted(granted)?;
    let import = locked(tx, id).await?;
    if import.status != ImportStatus::Held {
        return Err(conflict("not_held", "Only a load that is held can be let go on."));
    }
    if !import.bundle_hash.eq_ignore_ascii_case(bundle_hash) {
        return Err(Error::Invalid(Invalid::one("/bundleHash", "other_bundle", "This is not the hash of the bundle that is held.")));
    }
    if is_overtaken(tx, &import).await? {
        return Err(conflict("overtaken", "A later load of the source has been applied."));
    }
    let mut conn = tx.conn;
    let by = caller.and_then(Caller::person).map(Uuid::from);
    diesel::update(dsl::roster_imports.find((tx.district.0, id.0)))
        .set((
            dsl::status.eq(ImportStatus::Received.word()),
            dsl::stage_done.eq(0),
            dsl::finished_at.eq(None::<DateTime<Utc>>),
            dsl::released_at.eq(tx.at),
            dsl::released_by.eq(by),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(tx.at),
        ))
        .execute(&mut conn)
        .await?;
    noted(tx, id).await
}

/// Tries a load again that failed or was refused.
///
/// # Errors
/// A conflict where it did neither, where a later load has been applied, or where its bundle is no longer kept.
pub async fn retry(tx: &Tx<'_>, granted: Option<&Granted<'_>>, id: RosterImportId) -> Result<RosterImport> {
    permitted(granted)?;
    let import = locked(tx, id).await?;
    if !matches!(import.status, ImportStatus::Failed | ImportStatus::Refused) {
        return Err(conflict("not_ended_badly", "Only a load that failed or was refused can be tried again."));
    }
    if is_overtaken(tx, &import).await? {
        return Err(conflict("overtaken", "A later load of the source has been applied."));
    }
    let mut conn = tx.conn;
    let chunks =
        roster_bundle_chunks::table.filter(roster_bundle_chunks::district_id.eq(tx.district.0)).filter(roster_bundle_chunks::import_id.eq(id.0));
    if import.rolls_back.is_none() && !diesel::select(diesel::dsl::exists(chunks)).get_result::<bool>(&mut conn).await? {
        return Err(conflict("bundle_gone", "The bundle is no longer kept; hand it in again."));
    }
    let faults = roster_faults::table.filter(roster_faults::district_id.eq(tx.district.0)).filter(roster_faults::import_id.eq(id.0));
    diesel::delete(faults).execute(&mut conn).await?;
    diesel::update(dsl::roster_imports.find((tx.district.0, id.0)))
        .set((
            dsl::status.eq(ImportStatus::Received.word()),
            dsl::stage_done.eq(0),
            dsl::fault_count.eq(0),
            dsl::report.eq(None::<serde_json::Value>),
            dsl::started_at.eq(None::<DateTime<Utc>>),
            dsl::finished_at.eq(None::<DateTime<Utc>>),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(tx.at),
        ))
        .execute(&mut conn)
        .await?;
    noted(tx, id).await
}

/// Asks for a load to be taken back: that is a load of its own, which waits for its turn. Whether it can be done shows when it runs.
///
/// # Errors
/// A conflict where the load has changed nothing, has been taken back, or is not the newest of its source that stands.
pub async fn take_back(tx: &Tx<'_>, granted: Option<&Granted<'_>>, id: RosterImportId, request_id: Option<String>) -> Result<RosterImport> {
    let caller = permitted(granted)?;
    let import = locked(tx, id).await?;
    if import.status != ImportStatus::Applied || import.rolls_back.is_some() {
        return Err(conflict("not_applied", "Only a load that was applied can be taken back."));
    }
    if import.rolled_back_by.is_some() {
        return Err(conflict("taken_back", "The load has been taken back."));
    }
    let mut conn = tx.conn;
    let (newer,) = Newer { district: tx.district.0, load: id.0 }.get_result::<(i64,)>(&mut conn).await?;
    if newer > 0 {
        return Err(conflict("not_newest", "Only the newest load of a source that stands can be taken back."));
    }
    let row = NewRow {
        source: &import.source,
        dry_run: false,
        reading: import.reading,
        bundle_hash: const_hex::decode(&import.bundle_hash).map_err(|error| Error::Internal(error.to_string()))?,
        mode: Some(LoadMode::Rollback),
        rolls_back: Some(id.0),
        request_id,
        caller,
    };
    let id = insert(tx, row).await?;
    let import = find_any(tx, id).await?;
    tx.note(Change::of(Kind::RosterImport, id, import.version, Operation::Created, &import)?);
    Ok(import)
}

statement! {
    /// How many later loads of the same source stand.
    Newer { district: SqlUuid = Uuid, load: SqlUuid = Uuid } -> (Int8)
    "select count(*) from roster_imports l join roster_imports n
         on n.district_id = $1 and n.source = l.source and n.status = 'applied' and n.rolls_back is null and n.id > l.id
      where l.district_id = $1 and l.id = $2
        and not exists (select from roster_imports r where r.district_id = $1 and r.rolls_back = n.id and r.status = 'applied')"
}

statement! {
    /// Forgets what loads changed, but for the last of each source.
    ForgetImages { district: SqlUuid = Uuid, keep: Int8 = i64 } -> (Int8)
    "with gone as (
       delete from roster_images where district_id = $1 and import_id in (
         select id from (select id, row_number() over (partition by source order by id desc) as n from roster_imports
                          where district_id = $1 and status = 'applied') l where n > $2) returning 1)
     select count(*) from gone"
}

statement! {
    /// Forgets the bundles of loads that have come to an end, but for the last.
    ForgetBundles { district: SqlUuid = Uuid, keep: Int8 = i64 } -> (Int8)
    "with gone as (
       delete from roster_bundle_chunks where district_id = $1 and import_id in (
         select id from (select id, status, row_number() over (order by id desc) as n from roster_imports where district_id = $1) l
          where n > $2 and status in ('applied', 'compared', 'refused', 'failed', 'superseded')) returning 1)
     select count(*) from gone"
}

/// Forgets what old loads changed, and their bundles. Their rows, reports and faults stay.
pub async fn forget(tx: &Tx<'_>) -> Result<()> {
    let mut conn = tx.conn;
    ForgetImages { district: tx.district.0, keep: IMAGES_KEPT }.get_result::<(i64,)>(&mut conn).await?;
    ForgetBundles { district: tx.district.0, keep: BUNDLES_KEPT }.get_result::<(i64,)>(&mut conn).await?;
    Ok(())
}
