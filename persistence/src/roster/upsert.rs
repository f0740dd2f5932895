//! Upserts: a batch of single rows between two loads, applied at once, each row for itself. Rows that are faulty, and those that point at
//! them, are refused and named; the others are applied, all in one transaction. What a batch has done stands in the history of loads, and
//! can be taken back like one.

use chrono::{DateTime, Utc};
use openilp_domain::access::Relation;
use openilp_domain::id::{DistrictId, RosterImportId};
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::roster::{FileReport, ImportStatus, LoadMode, ReadingMode, RosterFault, RosterImport, RowResult, Source};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::entity::ENTITIES;
use super::run::values_of;
use super::staged::{RosterFile, Rows};
use super::work::{Work, begin, column, connect, failed};
use super::{Fault, Parsed, apply, compare, complete, gradebook, hold, near, report, stage, supplement, validate};
use crate::connect::Connector;
use crate::error::{Error, Result};
use crate::facts::Caller;

/// How long a batch waits for another one, or for a load, of the district.
const TURN_WAIT: &str = "10s";
/// How often rows are left out because they point at rows that were left out.
const ROUNDS_MAX: usize = 8;
/// The code of a row that depends on too long a chain of refused ones.
pub const DEPENDS_ON_REFUSED: &str = "depends_on_refused";

/// A batch as it comes.
#[derive(Clone, Debug)]
pub struct NewBatch {
    /// The system that the rows come from. With the sourcedId it names a record.
    pub source: Source,
    /// Whether to say only what would change.
    pub dry_run: bool,
    /// Who sends it. Nobody for the operator.
    pub caller: Option<Caller>,
    /// By which right.
    pub relation: Option<Relation>,
    /// The correlation id of the request.
    pub request_id: Option<String>,
    /// SHA-256 of the batch.
    pub hash: Vec<u8>,
    /// Its size.
    pub bytes: usize,
    /// What is wrong with rows that are not handed over. The row of a fault is the line of the batch.
    pub faults: Vec<Fault>,
}

/// What became of a batch.
#[derive(Clone, Debug)]
pub struct Upserted {
    /// Its place in the history of loads; none for a dry run.
    pub id: Option<RosterImportId>,
    /// What became of each row that was handed over.
    pub rows: Vec<UpsertedRow>,
    /// Why rows were refused, those of the batch included.
    pub faults: Vec<RosterFault>,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpsertedRow {
    /// The line of the batch.
    pub line: i32,
    /// What was done.
    pub result: RowResult,
    /// The record's id here, where the row becomes a record.
    pub id: Option<Uuid>,
}

/// Applies a batch on a connection of its own. `rows` hands over the sound rows, on a thread where it may block; their lines are those of
/// the batch.
///
/// # Errors
/// [`Error::Busy`] while a load of the district is at work; a conflict where the batch would end more than a load may end unasked.
pub async fn upsert(
    connector: &Connector,
    district: DistrictId,
    batch: NewBatch,
    at: DateTime<Utc>,
    rows: impl FnOnce(&mut Rows) -> std::io::Result<()> + Send + 'static,
) -> Result<Upserted> {
    let client = connect(connector).await?;
    begin(&client, district).await?;
    let mut values = values_of(&client, district, batch.source.as_str(), at).await?;
    values.import = crate::new_id(at);
    values.person = batch.caller.and_then(Caller::person).map(Uuid::from);
    values.client = batch.caller.and_then(Caller::client).map(Uuid::from);
    values.request_id.clone_from(&batch.request_id);
    let mut work = Work { client, values, near: true };
    // A few rows beside large tables: what a load must never do is right here.
    work.plain(&format!("set local enable_nestloop = on; set local lock_timeout = '{TURN_WAIT}'")).await?;
    work.run("select pg_advisory_xact_lock(hashtextextended('openilp roster import ' || :district::text, 0))").await?;
    // What others committed while we waited counts.
    work.values.head = work.number("select coalesce(max(head), 0) from feeds where district_id = :district").await?;
    stage::make_tables(&work).await?;
    stage::fill(&work, rows, async |_, _| Ok(())).await?;

    let (mut faults, mut results) = (batch.faults.iter().map(|fault| told(fault, 0)).collect::<Vec<_>>(), Vec::new());
    refuse_faulty(&mut work, &mut faults, &mut results).await?;
    compare::compare(&mut work, async |_, _| Ok(())).await?;
    if hold::find(&work).await?.is_some_and(|hold| hold.endings.iter().any(|ending| ending.too_many)) {
        let detail = "The batch would end more of what the source holds open than a load may end by itself. Nothing was done; send a bundle, which can be held and allowed.";
        return Err(Error::Conflict { code: "would_end_too_many", detail });
    }
    for file in RosterFile::ALL {
        results.extend(results_of(&work, file).await?);
    }
    results.sort_by_key(|row| row.line);
    for (number, fault) in (1..).zip(&mut faults) {
        fault.number = number;
    }
    let id = work.values.import;
    if batch.dry_run {
        work.plain("rollback").await?;
        return Ok(Upserted { id: None, rows: results, faults });
    }
    keep(&work, &batch, &faults).await?;
    apply::apply(&mut work, async |_, _| Ok(())).await?;
    work.plain("commit").await?;
    Ok(Upserted { id: Some(RosterImportId(id)), rows: results, faults })
}

fn told(fault: &Fault, number: i32) -> RosterFault {
    RosterFault {
        number,
        file: fault.file.clone(),
        row: i32::try_from(fault.row).unwrap_or(i32::MAX),
        column: fault.column.clone(),
        code: fault.code.to_owned(),
        detail: fault.detail.clone(),
    }
}

/// Completes what is near, and leaves out the rows that are faulty then, until none is.
async fn refuse_faulty(work: &mut Work, faults: &mut Vec<RosterFault>, refused: &mut Vec<UpsertedRow>) -> Result<()> {
    let parsed = Parsed { delta: RosterFile::ALL.to_vec(), whole: RosterFile::ALL.to_vec(), ..Parsed::default() };
    for round in 0..=ROUNDS_MAX {
        work.plain("savepoint rows").await?;
        work.near = near::suffices(work).await?;
        if work.near {
            near::look(work).await?;
        }
        complete::complete(work, &parsed).await?;
        gradebook::complete(work, &parsed).await?;
        if validate::find(work, &parsed).await? == 0 {
            return work.plain("release savepoint rows").await;
        }
        let found = validate::listed(work, validate::FAULTS_KEPT).await?;
        work.plain("rollback to savepoint rows").await?;
        let mut lines: Vec<i32> = found.iter().map(|fault| fault.row).collect();
        faults.extend(found);
        if round == ROUNDS_MAX {
            // A chain of rows that point at each other: the rest of the batch is not looked at.
            for (line, file) in staged_lines(work).await? {
                let detail = "The row is part of a batch whose rows depend on refused ones in too long a chain. Send it again.".to_owned();
                if !lines.contains(&line) {
                    faults.push(RosterFault { number: 0, file, row: line, column: None, code: DEPENDS_ON_REFUSED.into(), detail });
                    lines.push(line);
                }
            }
        }
        lines.sort_unstable();
        lines.dedup();
        for table in tables() {
            let gone = format!("delete from {table} where line = any($1::int4[])");
            work.client.execute(&gone, &[&lines]).await.map_err(|error| failed(&error))?;
        }
        refused.extend(lines.into_iter().map(|line| UpsertedRow { line, result: RowResult::Refused, id: None }));
    }
    Ok(())
}

fn tables() -> impl Iterator<Item = &'static str> {
    RosterFile::ALL.into_iter().map(RosterFile::table).chain(["staged_removals"])
}

async fn staged_lines(work: &Work) -> Result<Vec<(i32, String)>> {
    let mut lines = Vec::new();
    for file in RosterFile::ALL {
        let (table, name) = (file.table(), file.name());
        let of = format!("select line from {table} union all select line from staged_removals where file = '{table}'");
        for row in work.rows(&of).await? {
            lines.push((column(&row, 0)?, name.to_owned()));
        }
    }
    Ok(lines)
}

/// Where the id of a file's records is known, as `k.id`, beside the staged row `s`.
fn identity(file: RosterFile) -> Option<&'static str> {
    Some(match file {
        RosterFile::Orgs => "left join (select sourced_id, school_id as id from known_orgs) k on k.sourced_id = s.sourced_id",
        RosterFile::AcademicSessions => "left join known_sessions k on k.sourced_id = s.sourced_id",
        RosterFile::Courses => "left join known_courses k on k.sourced_id = s.sourced_id",
        RosterFile::Classes => "left join known_classes k on k.sourced_id = s.sourced_id",
        RosterFile::Users | RosterFile::Demographics => "left join known_people k on k.sourced_id = s.sourced_id",
        RosterFile::Roles => "left join roles k on k.district_id = :district and k.source = :source and k.sourced_id = s.sourced_id",
        RosterFile::Categories => "left join categories k on k.district_id = :district and k.source = :source and k.sourced_id = s.sourced_id",
        RosterFile::LineItems => "left join line_items k on k.district_id = :district and k.source = :source and k.sourced_id = s.sourced_id",
        RosterFile::Results => return None,
        RosterFile::Enrollments => "left join enrollments k on k.district_id = :district and k.source = :source and k.sourced_id = s.sourced_id",
        of_supplement => return supplement::identity(of_supplement),
    })
}

/// What becomes of the rows of a file: of those that are there, and of those that end.
async fn results_of(work: &Work, file: RosterFile) -> Result<Vec<UpsertedRow>> {
    let table = file.table();
    // A user's row is the person's, and the student's too. Birth dates are kept with the student.
    let kinds: Vec<Kind> = match file {
        RosterFile::Demographics => vec![Kind::Student],
        RosterFile::Users => vec![Kind::Person, Kind::Student],
        _ => report::kind_of(file).into_iter().collect(),
    };
    let changed: Vec<String> = ENTITIES
        .iter()
        .filter(|entity| kinds.contains(&entity.kind))
        .map(|entity| format!("select id, named, created, ended from {}", entity.changed()))
        .collect();
    if changed.is_empty() {
        return Ok(vec![]);
    }
    let identity = identity(file).unwrap_or("left join (select null::uuid as id) k on true");
    let sql = format!(
        "with changed as (select named, (min(id::text))::uuid as id, bool_or(created) as created, bool_or(ended) as ended from ({}) c
                           where named is not null group by named)
         select s.line, coalesce(k.id, c.id), c.named is not null, coalesce(c.created, false), coalesce(c.ended, false), true
           from {table} s left join changed c on c.named = s.sourced_id {identity} where s.line > 0
         union all
         select s.line, c.id, c.named is not null, false, true, false
           from staged_removals s left join changed c on c.named = s.sourced_id where s.file = '{table}'",
        changed.join(" union all ")
    );
    let rows = work.rows(&sql).await?;
    let mut results = Vec::with_capacity(rows.len());
    for row in &rows {
        let (line, id): (i32, Option<Uuid>) = (column(row, 0)?, column(row, 1)?);
        let (changed, created, ended): (bool, bool, bool) = (column(row, 2)?, column(row, 3)?, column(row, 4)?);
        let result = match (changed, created, ended) {
            (false, ..) => RowResult::Unchanged,
            (true, true, _) => RowResult::Created,
            (true, false, true) => RowResult::Ended,
            (true, false, false) => RowResult::Amended,
        };
        results.push(UpsertedRow { line, result, id });
    }
    Ok(results)
}

/// Writes the batch into the history of loads, and its journal.
async fn keep(work: &Work, batch: &NewBatch, faults: &[RosterFault]) -> Result<()> {
    let json = |error: serde_json::Error| Error::Internal(error.to_string());
    let mut report = report::report(work).await?;
    report.files.retain(|file| *file != FileReport { file: file.file.clone(), ..FileReport::default() });
    let Work { client, values, .. } = work;
    let import = RosterImport {
        id: RosterImportId(values.import),
        source: values.source.clone(),
        dry_run: false,
        reading: ReadingMode::Strict,
        mode: Some(LoadMode::Upsert),
        status: ImportStatus::Applied,
        stage_done: 1,
        stage_total: Some(1),
        bundle_hash: const_hex::encode(&batch.hash),
        bundle_bytes: i64::try_from(batch.bytes).unwrap_or(i64::MAX),
        report: Some(report),
        fault_count: i32::try_from(faults.len()).unwrap_or(i32::MAX),
        person_id: values.person.map(Into::into),
        client_id: values.client.map(Into::into),
        released_at: None,
        released_by: None,
        rolls_back: None,
        rolled_back_by: None,
        started_at: Some(values.at),
        finished_at: Some(values.at),
        duration_ms: Some(0),
        version: 1,
        created_at: values.at,
        updated_at: values.at,
    };
    let sql = "insert into roster_imports (district_id, id, source, dry_run, status, stage_done, stage_total, bundle_hash, bundle_bytes, report,
                                           fault_count, mode, reading, person_id, client_id, request_id, started_at, finished_at, version,
                                           created_at, updated_at)
               values ($1, $2, $3, false, $4, 1, 1, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, 1, $14, $14)";
    let report = serde_json::to_value(&import.report).map_err(json)?;
    let cells: [&(dyn ToSql + Sync); 14] = [
        &values.district,
        &values.import,
        &values.source,
        &import.status.word(),
        &batch.hash,
        &import.bundle_bytes,
        &report,
        &import.fault_count,
        &LoadMode::Upsert.word(),
        &import.reading.word(),
        &values.person,
        &values.client,
        &values.request_id,
        &values.at,
    ];
    client.execute(sql, &cells).await.map_err(|error| failed(&error))?;
    validate::keep(work, faults).await?;
    let body = serde_json::to_vec(&import).map_err(json)?;
    let (id, hash) = (crate::new_id(values.at), crate::request_hash(&body));
    let sql =
        "insert into changes (district_id, id, at, kind, resource_id, version, operation, person_id, client_id, relation, import_id, request_id,
                                    body_hash)
               values ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $5, $10, $11)";
    let cells: [&(dyn ToSql + Sync); 11] = [
        &values.district,
        &id,
        &values.at,
        &Kind::RosterImport.word(),
        &values.import,
        &Operation::Created.word(),
        &values.person,
        &values.client,
        &batch.relation.map(Relation::word),
        &values.request_id,
        &hash.as_slice(),
    ];
    client.execute(sql, &cells).await.map_err(|error| failed(&error))?;
    let sql = "insert into change_bodies (district_id, change_id, codec, body) values ($1, $2, $3, $4)";
    client.execute(sql, &[&values.district, &id, &crate::journal::CODEC_JSON, &body]).await.map_err(|error| failed(&error))?;
    Ok(())
}
