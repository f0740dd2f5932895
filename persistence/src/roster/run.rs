//! Running imports: taken up one at a time in a district, watched while they run, ended with their report.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use openilp_domain::grade::Grade;
use openilp_domain::id::{DistrictId, RosterImportId};
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::profile::Profile;
use openilp_domain::roster::{ImportStatus, LoadMode, ReadingMode, Report};
use openilp_domain::time::{local_date, school_year_of};
use tokio::time::Instant;
use tokio_postgres::Client;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::job::waiting;
use super::rollback::{RolledBack, roll_back};
use super::work::{Values, Work, begin, column, connect, failed, plain};
use super::{Fault, Reader, apply, compare, hold, report, same, stage, validate};
use crate::connect::Connector;
use crate::door::{Db, Tx};
use crate::error::{Error, Result};

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The stage.
    pub status: ImportStatus,
    /// How much of it is done.
    pub done: i64,
    /// How much it is in all.
    pub total: i64,
}

/// How often progress is written down.
const PROGRESS_EVERY: Duration = Duration::from_secs(1);
/// After so many changes the planner is told how large tables have become.
const MANY_CHANGES: i64 = 10_000;
/// The words of the statuses that wait for work, as SQL. The index `roster_imports_waiting` is made for them.
pub(super) const WAITING: &str = "status not in ('held', 'applied', 'compared', 'refused', 'failed', 'superseded')";

/// Takes up every import that waits, of any district, and runs it. Returns how many came to an end. One that another process is at is
/// passed over, as is one that the database was not there for: both are for the next call.
pub async fn run_waiting(
    db: &Db,
    connector: &Connector,
    folder: &Path,
    clock: impl Fn() -> DateTime<Utc>,
    reader: Reader,
    mut progress: impl FnMut(DistrictId, RosterImportId, Progress),
) -> Result<usize> {
    let mut ended = 0;
    let all = db.register(async |conn| crate::district::ids(conn).await).await?;
    for (district, imports) in db.each_district(&all, clock(), async |tx: &Tx<'_>| waiting(tx).await).await? {
        for import in imports {
            let import = RosterImportId(import);
            match run(connector, district, import, folder, &clock, reader, |at| progress(district, import, at)).await {
                Ok(Some(_)) => {
                    ended += 1;
                    db.wake().district(district);
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%district, %import, %error, "an import could not be run and waits"),
            }
        }
    }
    Ok(ended)
}

/// Runs one import, if it waits and nobody else is at an import of the district. Returns how it ended; nothing, if it was not for us.
pub async fn run(
    connector: &Connector,
    district: DistrictId,
    import: RosterImportId,
    folder: &Path,
    clock: impl Fn() -> DateTime<Utc>,
    reader: Reader,
    progress: impl FnMut(Progress),
) -> Result<Option<ImportStatus>> {
    let client = connect(connector).await?;
    let Some((job, values)) = take(&client, district, import, clock()).await? else { return Ok(None) };
    let mut board = Board { client: connect(connector).await?, district, import, clock: &clock, progress, written: None };
    let mut work = Work { client, values, near: false };
    let outcome = match attempt(&mut work, &job, folder, reader, &mut board).await {
        Ok(outcome) => outcome,
        Err(error @ (Error::Unavailable(_) | Error::Busy)) => return Err(error),
        Err(error) => {
            // Nothing of the attempt remains. Only that it failed is written down.
            tracing::error!(%district, %import, %error, "an import failed");
            work.plain("rollback").await?;
            let Some((_, values)) = take(&work.client, district, import, clock()).await? else { return Ok(None) };
            work.values = values;
            let detail = format!("The import failed, and nothing has changed: {error}.");
            refuse(&work, &[Fault { file: "bundle".into(), row: 0, column: None, code: "import_failed", detail }]).await?;
            Outcome { faults: 1, ..Outcome::of(ImportStatus::Failed) }
        }
    };
    finish(&work, &outcome, clock()).await?;
    work.plain("commit").await?;
    if outcome.changes >= MANY_CHANGES {
        plain(&work.client, "select app_analyze_roster()").await?;
    }
    board.tell(outcome.status, 1, 1);
    Ok(Some(outcome.status))
}

struct Outcome {
    status: ImportStatus,
    mode: Option<LoadMode>,
    report: Option<Report>,
    faults: i64,
    changes: i64,
}

impl Outcome {
    fn of(status: ImportStatus) -> Self {
        Self { status, mode: None, report: None, faults: 0, changes: 0 }
    }
}

/// What the row of an import says of the work.
struct Job {
    dry_run: bool,
    hash: Vec<u8>,
    reading: ReadingMode,
    /// Whether a person has let it go on.
    released: bool,
    /// The load that it takes back.
    rolls_back: Option<Uuid>,
}

/// Begins the transaction of the import and locks the district's imports for its length. Nothing, if another has the lock or the
/// import has come to an end.
async fn take(client: &Client, district: DistrictId, import: RosterImportId, at: DateTime<Utc>) -> Result<Option<(Job, Values)>> {
    begin(client, district).await?;
    let lock = "select pg_try_advisory_xact_lock(hashtextextended('openilp roster import ' || $1::uuid::text, 0))";
    let locked: bool = column(&client.query_one(lock, &[&district.0]).await.map_err(|error| failed(&error))?, 0)?;
    let sql = format!(
        "select i.dry_run, i.bundle_hash, i.source, i.person_id, i.client_id, i.request_id, i.released_at is not null, i.rolls_back, i.reading
           from roster_imports i where i.district_id = $1 and i.id = $2 and {WAITING}"
    );
    let row = if locked { client.query_opt(&sql, &[&district.0, &import.0]).await.map_err(|error| failed(&error))? } else { None };
    let Some(row) = row else {
        plain(client, "rollback").await?;
        return Ok(None);
    };
    let mut values = values_of(client, district, &column::<String>(&row, 2)?, at).await?;
    values.import = import.0;
    (values.person, values.client, values.request_id) = (column(&row, 3)?, column(&row, 4)?, column(&row, 5)?);
    let reading = column::<String>(&row, 8)?.parse().map_err(|_| Error::Internal("a way of reading that this version does not know".into()))?;
    let job = Job { reading, dry_run: column(&row, 0)?, hash: column(&row, 1)?, released: column(&row, 6)?, rolls_back: column(&row, 7)? };
    Ok(Some((job, values)))
}

/// The district's rules and its day, as statements name them.
pub(super) async fn values_of(client: &Client, district: DistrictId, source: &str, at: DateTime<Utc>) -> Result<Values> {
    let rules =
        "select d.time_zone, d.requirement_profile, coalesce(f.head, 0) from districts d left join feeds f on f.district_id = d.id where d.id = $1";
    let row = client.query_opt(rules, &[&district.0]).await.map_err(|error| failed(&error))?.ok_or(Error::NotFound)?;
    let (zone, profile): (String, String) = (column(&row, 0)?, column(&row, 1)?);
    let zone = zone.parse().map_err(|_| Error::Internal(format!("district {district} has an unknown time zone")))?;
    let profile = Profile::find(&profile).ok_or_else(|| Error::Internal(format!("district {district} has an unknown requirement profile")))?;
    let due = Grade::ALL.iter().filter(|grade| profile.ilp_file_due(**grade));
    Ok(Values {
        district: district.0,
        import: Uuid::nil(),
        source: source.to_owned(),
        at,
        today: local_date(at, zone),
        year: 0,
        grades: due.map(|grade| grade.word().to_owned()).collect(),
        person: None,
        client: None,
        request_id: None,
        head: column(&row, 2)?,
        load: None,
    })
}

async fn attempt<C: Fn() -> DateTime<Utc>, P: FnMut(Progress)>(
    work: &mut Work,
    job: &Job,
    folder: &Path,
    reader: Reader,
    board: &mut Board<'_, C, P>,
) -> Result<Outcome> {
    if let Some(load) = job.rolls_back {
        return take_back(work, load, board).await;
    }
    let small = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let large = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    board.write(ImportStatus::Parsing, 0, 0).await?;
    // What is written after this by others is not seen for certain.
    let seen = work.values.head;
    let bundle = stage::bundle(work, folder, &job.hash).await?;
    if let Some((report, mode)) = same::as_last_load(work, &bundle, (reader, job.reading), seen).await? {
        return Ok(Outcome { mode, report: Some(report), ..Outcome::of(if job.dry_run { ImportStatus::Compared } else { ImportStatus::Applied }) });
    }
    stage::make_tables(work).await?;
    let again = bundle.try_clone().map_err(|error| stage::io(&error))?;
    let parsed =
        stage::read(work, bundle, (reader, job.reading), async |done, total| board.write(ImportStatus::Parsing, large(done), large(total)).await)
            .await?;
    let mode = Some(parsed.mode());
    board.write(ImportStatus::Validating, 0, 1).await?;
    let faults = validate::validate(work, &parsed).await?;
    if faults > 0 {
        let report = Report::of_refused(school_year_of(work.values.today), parsed.repairs);
        return Ok(Outcome { mode, report, faults, ..Outcome::of(ImportStatus::Refused) });
    }
    compare::compare(work, async |done, total| board.write(ImportStatus::Comparing, small(done), small(total)).await).await?;
    let mut report = report::report(work).await?;
    (report.repairs, report.not_kept) = (parsed.repairs, parsed.not_kept);
    report.repairs.extend(super::merged::told(work).await?);
    report.hold = hold::find(work).await?;
    let held = report.hold.is_some() && !job.released;
    let status = match (job.dry_run, held) {
        (true, _) => ImportStatus::Compared,
        (false, true) => ImportStatus::Held,
        (false, false) => ImportStatus::Applied,
    };
    let changes = match status {
        ImportStatus::Applied => {
            let changes = apply::apply(work, async |done, total| board.write(ImportStatus::Applying, done, total).await).await?;
            same::remember(work, again, (reader, job.reading), seen).await?;
            supersede(work).await?;
            changes
        }
        _ => 0,
    };
    Ok(Outcome { mode, report: Some(report), changes, ..Outcome::of(status) })
}

/// Takes a load back.
async fn take_back<C: Fn() -> DateTime<Utc>, P: FnMut(Progress)>(work: &mut Work, load: Uuid, board: &mut Board<'_, C, P>) -> Result<Outcome> {
    board.write(ImportStatus::Applying, 0, 0).await?;
    work.values.load = Some(load);
    work.plain("savepoint before").await?;
    let (status, report, changes, faults) = match roll_back(work, async |done, total| board.write(ImportStatus::Applying, done, total).await).await? {
        RolledBack::Done(report, changes) => (ImportStatus::Applied, Some(*report), changes, 0),
        RolledBack::Refused(faults) => {
            work.plain("rollback to savepoint before").await?;
            refuse(work, &faults).await?;
            (ImportStatus::Refused, None, 0, i64::try_from(faults.len()).unwrap_or(i64::MAX))
        }
    };
    Ok(Outcome { status, mode: Some(LoadMode::Rollback), report, faults, changes })
}

/// What was held of the source before this load need not be decided any more.
async fn supersede(work: &Work) -> Result<()> {
    work.run(&format!(
        "with done as (
           update roster_imports set status = '{}', version = version + 1, updated_at = :at
            where district_id = :district and source = :source and status = '{}' and id < :import
           returning id, version)
         insert into changes (district_id, id, at, kind, resource_id, version, operation, person_id, client_id, import_id, request_id)
         select :district, app_uuid7(), :at, '{}', id, version, '{}', :person, :client, :import, :request_id from done",
        ImportStatus::Superseded.word(),
        ImportStatus::Held.word(),
        Kind::RosterImport.word(),
        Operation::Amended.word()
    ))
    .await?;
    Ok(())
}

/// Keeps why an import came to nothing.
async fn refuse(work: &Work, faults: &[Fault]) -> Result<()> {
    work.run("delete from roster_faults where district_id = :district and import_id = :import").await?;
    let sql = "insert into roster_faults (district_id, import_id, number, file, row, column_name, code, detail)
               values ($1, $2, $3, $4, 0, null, $5, $6)";
    for (number, fault) in (1_i32..).zip(faults) {
        let values: [&(dyn ToSql + Sync); 6] = [&work.values.district, &work.values.import, &number, &fault.file, &fault.code, &fault.detail];
        work.client.execute(sql, &values).await.map_err(|error| failed(&error))?;
    }
    Ok(())
}

/// Ends the import and tells the journal so.
async fn finish(work: &Work, outcome: &Outcome, at: DateTime<Utc>) -> Result<()> {
    let report = outcome.report.as_ref().map(serde_json::to_value).transpose().map_err(|error| Error::Internal(error.to_string()))?;
    let faults = i32::try_from(outcome.faults).unwrap_or(i32::MAX);
    let mode = outcome.mode.map(LoadMode::word);
    let sql = "update roster_imports set status = $3, report = $4, fault_count = $5, stage_done = 1, stage_total = 1, finished_at = $6,
                      mode = coalesce($7, mode), version = version + 1, updated_at = $6
                where district_id = $1 and id = $2 returning version";
    let values: [&(dyn ToSql + Sync); 7] = [&work.values.district, &work.values.import, &outcome.status.word(), &report, &faults, &at, &mode];
    let row = work.client.query_one(sql, &values).await.map_err(|error| failed(&error))?;
    let version: i32 = column(&row, 0)?;
    work.run(&format!(
        "insert into changes (district_id, id, at, kind, resource_id, version, operation, person_id, client_id, import_id, request_id)
         select :district, app_uuid7(), :at, '{}', :import, {version}, '{}', :person, :client, :import, :request_id",
        Kind::RosterImport.word(),
        Operation::Amended.word()
    ))
    .await?;
    Ok(())
}

/// Where progress is written for others to see: a connection of its own, since the work commits only at its end.
struct Board<'c, C, P> {
    client: Client,
    district: DistrictId,
    import: RosterImportId,
    clock: &'c C,
    progress: P,
    written: Option<(ImportStatus, Instant)>,
}

impl<C: Fn() -> DateTime<Utc>, P: FnMut(Progress)> Board<'_, C, P> {
    fn tell(&mut self, status: ImportStatus, done: i64, total: i64) {
        (self.progress)(Progress { status, done, total });
    }

    /// Writes how far the import is: at once when a stage begins, and then every second at most.
    async fn write(&mut self, status: ImportStatus, done: i64, total: i64) -> Result<()> {
        let fresh = self.written.is_some_and(|(written, when)| written == status && when.elapsed() < PROGRESS_EVERY);
        if fresh {
            return Ok(());
        }
        self.tell(status, done, total);
        begin(&self.client, self.district).await?;
        let sql = "update roster_imports set status = $3, stage_done = $4, stage_total = nullif($5::int8, 0), started_at = coalesce(started_at, $6),
                          version = version + 1, updated_at = $6
                    where district_id = $1 and id = $2";
        let values: [&(dyn ToSql + Sync); 6] = [&self.district.0, &self.import.0, &status.word(), &done, &total, &(self.clock)()];
        self.client.execute(sql, &values).await.map_err(|error| failed(&error))?;
        plain(&self.client, "commit").await?;
        self.written = Some((status, Instant::now()));
        Ok(())
    }
}
