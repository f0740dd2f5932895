//! Imports as rows: handed in, looked at, their faults listed.

use std::io::SeekFrom;

use aws_lc_rs::digest::{Context, SHA256};
use chrono::{DateTime, Utc};
use diesel::sql_types::{Bool, Nullable, Text, Uuid as SqlUuid};
use diesel::{ExpressionMethods, NullableExpressionMethods, OptionalExtension, QueryDsl, Queryable};
use diesel_async::RunQueryDsl;
use openilp_domain::access::DistrictAction;
use openilp_domain::id::{ClientId, RosterImportId};
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::page::{Page, PageOf};
use openilp_domain::roster::{ImportStatus, LoadMode, ReadingMode, Report, RosterFault, RosterImport, Source};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use uuid::Uuid;

use super::stage::io;
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::facts::Caller;
use crate::grant::{Grant, Granted};
use crate::journal::Change;
use crate::schema::{roster_bundle_chunks, roster_faults, roster_imports};
use crate::statement;

/// The bytes of a bundle that are kept in one row, and in memory.
const CHUNK_BYTES: usize = 1 << 20;

/// What is handed in with a bundle.
#[derive(Clone, Debug)]
pub struct NewImport {
    /// The system that it comes from.
    pub source: Source,
    /// Whether to say only what would change.
    pub dry_run: bool,
    /// How it is read.
    pub reading: ReadingMode,
    /// The correlation id of the request.
    pub request_id: Option<String>,
}

/// Keeps a bundle and the wish to import it. The file is read from its beginning, a megabyte in memory at a time. Without a grant,
/// the operator hands it in by command line.
pub async fn create(tx: &Tx<'_>, granted: Option<&Granted<'_>>, new: NewImport, bundle: &mut File) -> Result<RosterImport> {
    use roster_imports::dsl;
    let mut conn = tx.conn;
    let row = NewRow {
        source: new.source.as_str(),
        dry_run: new.dry_run,
        reading: new.reading,
        bundle_hash: vec![],
        mode: None,
        rolls_back: None,
        request_id: new.request_id,
        caller: granted.map(|granted| granted.grant().caller()),
    };
    let id = insert(tx, row).await?;
    let (hash, bytes) = keep_bundle(tx, id, bundle).await?;
    diesel::update(dsl::roster_imports.filter(dsl::district_id.eq(tx.district.0)).filter(dsl::id.eq(id)))
        .set((dsl::bundle_hash.eq(hash), dsl::bundle_bytes.eq(bytes)))
        .execute(&mut conn)
        .await?;
    let import = find_any(tx, id).await?;
    tx.note(Change::of(Kind::RosterImport, id, import.version, Operation::Created, &import)?);
    Ok(import)
}

/// A load as it is handed in or asked for.
pub(super) struct NewRow<'a> {
    pub(super) source: &'a str,
    pub(super) dry_run: bool,
    pub(super) reading: ReadingMode,
    pub(super) bundle_hash: Vec<u8>,
    pub(super) mode: Option<LoadMode>,
    pub(super) rolls_back: Option<Uuid>,
    pub(super) request_id: Option<String>,
    pub(super) caller: Option<Caller>,
}

/// Puts a load into the queue.
pub(super) async fn insert(tx: &Tx<'_>, new: NewRow<'_>) -> Result<Uuid> {
    use roster_imports::dsl;
    let mut conn = tx.conn;
    let id = tx.id();
    let (person, client) = (new.caller.and_then(Caller::person), new.caller.and_then(Caller::client));
    let row = (
        dsl::district_id.eq(tx.district.0),
        dsl::id.eq(id),
        dsl::source.eq(new.source),
        dsl::dry_run.eq(new.dry_run),
        dsl::status.eq(ImportStatus::Received.word()),
        dsl::stage_done.eq(0),
        dsl::bundle_hash.eq(new.bundle_hash),
        dsl::bundle_bytes.eq(0),
        dsl::fault_count.eq(0),
        dsl::mode.eq(new.mode.map(LoadMode::word)),
        dsl::reading.eq(new.reading.word()),
        dsl::rolls_back.eq(new.rolls_back),
        dsl::person_id.eq(person.map(Uuid::from)),
        dsl::client_id.eq(client.map(Uuid::from)),
        dsl::request_id.eq(new.request_id),
        dsl::version.eq(1),
        dsl::created_at.eq(tx.at),
        dsl::updated_at.eq(tx.at),
    );
    diesel::insert_into(dsl::roster_imports).values(row).execute(&mut conn).await?;
    Ok(id)
}

/// Returns the hash and the size.
async fn keep_bundle(tx: &Tx<'_>, import: Uuid, bundle: &mut File) -> Result<(Vec<u8>, i64)> {
    use roster_bundle_chunks::dsl;
    let mut conn = tx.conn;
    let mut digest = Context::new(&SHA256);
    let mut size = 0_i64;
    bundle.seek(SeekFrom::Start(0)).await.map_err(|error| io(&error))?;
    for number in 0_i32.. {
        let mut chunk = Vec::with_capacity(CHUNK_BYTES);
        let most = u64::try_from(CHUNK_BYTES).unwrap_or(u64::MAX);
        (&mut *bundle).take(most).read_to_end(&mut chunk).await.map_err(|error| io(&error))?;
        if chunk.is_empty() {
            break;
        }
        digest.update(&chunk);
        size += i64::try_from(chunk.len()).unwrap_or_default();
        let row = (dsl::district_id.eq(tx.district.0), dsl::import_id.eq(import), dsl::number.eq(number), dsl::bytes.eq(chunk));
        diesel::insert_into(dsl::roster_bundle_chunks).values(row).execute(&mut conn).await?;
    }
    Ok((digest.finish().as_ref().to_vec(), size))
}

#[derive(Queryable)]
struct ImportRow {
    id: Uuid,
    source: String,
    dry_run: bool,
    status: String,
    stage_done: i64,
    stage_total: Option<i64>,
    bundle_hash: Vec<u8>,
    bundle_bytes: i64,
    report: Option<serde_json::Value>,
    fault_count: i32,
    mode: Option<String>,
    reading: String,
    released_at: Option<DateTime<Utc>>,
    released_by: Option<Uuid>,
    rolls_back: Option<Uuid>,
    rolled_back_by: Option<Uuid>,
    person: Option<Uuid>,
    client: Option<Uuid>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

// Loads that take others back.
diesel::alias! {
    const TAKES_BACK: Alias<TakesBack> = roster_imports as takes_back;
}

macro_rules! columns {
    () => {
        (
            roster_imports::id,
            roster_imports::source,
            roster_imports::dry_run,
            roster_imports::status,
            roster_imports::stage_done,
            roster_imports::stage_total,
            roster_imports::bundle_hash,
            roster_imports::bundle_bytes,
            roster_imports::report,
            roster_imports::fault_count,
            roster_imports::mode,
            roster_imports::reading,
            roster_imports::released_at,
            roster_imports::released_by,
            roster_imports::rolls_back,
            TAKES_BACK
                .filter(TAKES_BACK.field(roster_imports::district_id).eq(roster_imports::district_id))
                .filter(TAKES_BACK.field(roster_imports::rolls_back).eq(roster_imports::id.nullable()))
                .filter(TAKES_BACK.field(roster_imports::status).eq(ImportStatus::Applied.word()))
                .select(TAKES_BACK.field(roster_imports::id))
                .single_value(),
            roster_imports::person_id,
            roster_imports::client_id,
            roster_imports::started_at,
            roster_imports::finished_at,
            roster_imports::version,
            roster_imports::created_at,
            roster_imports::updated_at,
        )
    };
}

fn import_of(row: ImportRow) -> Result<RosterImport> {
    let unknown = |_| Error::Internal("a word of an import that this version does not know".into());
    let report = row.report.map(serde_json::from_value::<Report>).transpose().map_err(|error| Error::Internal(error.to_string()))?;
    let bundle_hash = const_hex::encode(&row.bundle_hash);
    let took = row.started_at.zip(row.finished_at).map(|(from, to)| (to - from).num_milliseconds().max(0));
    Ok(RosterImport {
        id: row.id.into(),
        source: row.source,
        dry_run: row.dry_run,
        reading: row.reading.parse().map_err(unknown)?,
        mode: row.mode.map(|word| word.parse().map_err(unknown)).transpose()?,
        status: row.status.parse().map_err(unknown)?,
        stage_done: row.stage_done,
        stage_total: row.stage_total,
        bundle_hash,
        bundle_bytes: row.bundle_bytes,
        report,
        fault_count: row.fault_count,
        person_id: row.person.map(Into::into),
        client_id: row.client.map(Into::into),
        released_at: row.released_at,
        released_by: row.released_by.map(Into::into),
        rolls_back: row.rolls_back.map(Into::into),
        rolled_back_by: row.rolled_back_by.map(Into::into),
        started_at: row.started_at,
        finished_at: row.finished_at,
        duration_ms: took,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

pub(super) async fn find_any(tx: &Tx<'_>, id: Uuid) -> Result<RosterImport> {
    let mut conn = tx.conn;
    roster_imports::table
        .filter(roster_imports::district_id.eq(tx.district.0))
        .filter(roster_imports::id.eq(id))
        .select(columns!())
        .first::<ImportRow>(&mut conn)
        .await
        .optional()?
        .map_or(Err(Error::NotFound), import_of)
}

/// One import. Without a grant, the operator asks by command line.
pub async fn find(tx: &Tx<'_>, grant: Option<&Grant>, id: RosterImportId) -> Result<RosterImport> {
    permitted(grant)?;
    Ok(told_to(grant, find_any(tx, id.0).await?))
}

/// Of records that may be one person, a client learns how many there are, and what its own loads call them.
fn told_to(grant: Option<&Grant>, mut import: RosterImport) -> RosterImport {
    if let (Some(client), Some(report)) = (grant.and_then(|grant| grant.caller().client()), &mut import.report) {
        report.told_to_client();
        if import.client_id != Some(client) {
            report.potential_duplicate_examples.clear();
        }
    }
    import
}

/// A page of the imports of a district.
pub async fn list(tx: &Tx<'_>, grant: Option<&Grant>, page: PageOf) -> Result<Page<RosterImport>> {
    permitted(grant)?;
    let mut conn = tx.conn;
    let rows = roster_imports::table
        .filter(roster_imports::district_id.eq(tx.district.0))
        .filter(roster_imports::id.gt(page.after.unwrap_or(Uuid::nil())))
        .order(roster_imports::id)
        .limit(page.limit.and_one())
        .select(columns!())
        .load::<ImportRow>(&mut conn)
        .await?;
    let items = rows.into_iter().map(|row| Ok(told_to(grant, import_of(row)?))).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(items, page.limit, |import| import.id.0))
}

/// Faults of an import, at most so many after the number given.
pub async fn faults(tx: &Tx<'_>, grant: Option<&Grant>, id: RosterImportId, after: i32, most: i64) -> Result<Vec<RosterFault>> {
    use roster_faults::dsl;
    permitted(grant)?;
    let mut conn = tx.conn;
    let rows = dsl::roster_faults
        .filter(dsl::district_id.eq(tx.district.0))
        .filter(dsl::import_id.eq(id.0))
        .filter(dsl::number.gt(after))
        .order(dsl::number)
        .limit(most)
        .select((dsl::number, dsl::file, dsl::row, dsl::column_name, dsl::code, dsl::detail))
        .load::<(i32, String, i32, Option<String>, String, String)>(&mut conn)
        .await?;
    let fault = |(number, file, row, column, code, detail)| RosterFault { number, file, row, column, code, detail };
    Ok(rows.into_iter().map(fault).collect())
}

statement! {
    /// The imports of a district that wait, oldest first.
    Waiting { district: SqlUuid = Uuid } -> (SqlUuid)
    "select id from roster_imports where district_id = $1 and status not in ('held', 'applied', 'compared', 'refused', 'failed', 'superseded') order by id"
}

/// The imports of a district that wait, oldest first.
pub(super) async fn waiting(tx: &Tx<'_>) -> Result<Vec<Uuid>> {
    let mut conn = tx.conn;
    let rows = Waiting { district: tx.district.0 }.load::<(Uuid,)>(&mut conn).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

statement! {
    /// Whether a source has ever named anything here, by loads that a client has handed in, or anybody.
    HasRoster { district: SqlUuid = Uuid, source: Text = String, client: Nullable<SqlUuid> = Option<Uuid> } -> (Bool)
    "select exists (select from external_identifiers where district_id = $1 and system = $2)
        and ($3 is null or exists (select from roster_imports where district_id = $1 and source = $2 and client_id = $3 and status = 'applied'))"
}

/// Whether a source has named anything here: for a client, whether it has handed that in itself.
pub(super) async fn has_roster(tx: &Tx<'_>, source: &Source, client: Option<ClientId>) -> Result<bool> {
    let mut conn = tx.conn;
    let asked = HasRoster { district: tx.district.0, source: source.as_str().to_owned(), client: client.map(Uuid::from) };
    Ok(asked.get_result::<(bool,)>(&mut conn).await?.0)
}

fn permitted(grant: Option<&Grant>) -> Result<()> {
    let refused = grant.is_some_and(|grant| grant.relation_to_district(DistrictAction::ReadImports).is_none());
    if refused { Err(Error::Forbidden) } else { Ok(()) }
}
