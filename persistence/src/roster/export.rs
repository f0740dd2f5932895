//! Export: the roster of one source as it is known, as of one moment. It is staged as what completes a delta is, and then told file by file;
//! a thread of its own writes it. What cannot be told in a bundle is not in it, so that an import takes all of it back.

use std::path::Path;

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use openilp_domain::access::{DistrictAction, Relation, Section, Sections};
use openilp_domain::id::DistrictId;
use openilp_domain::roster::Source;
use tokio::io::{AsyncSeekExt, SeekFrom};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::entity::ENTITIES;
use super::export_files::{BESIDE, FILES, Told};
use super::leaving::{BATCH_ROWS, LeavingFile, Sending, Write, channel};
use super::run::values_of;
use super::stage::{self, io, nameless_file};
use super::work::{Work, connect, failed};
use super::{Parsed, complete};
use crate::cap;
use crate::connect::Connector;
use crate::door::{Db, Tx, set_district};
use crate::error::{Error, Result};
use crate::facts::Caller;
use crate::grant::Grant;

/// That somebody may have the roster of a source: only [`exportable`] makes one.
#[derive(Debug)]
pub struct RosterExport {
    district: DistrictId,
    source: Source,
    at: DateTime<Utc>,
    by: Option<(Caller, Relation)>,
    operation: &'static str,
    request_id: String,
}

impl RosterExport {
    /// Whether one more of the district may be made today. By command line as many as the operator likes.
    ///
    /// # Errors
    /// [`Error::CapReached`].
    pub async fn admit(&self, db: &Db) -> Result<()> {
        match self.by {
            Some((caller, _)) => db.admit_export(self.district, self.at, caller, self.operation, cap::Export::Roster).await,
            None => Ok(()),
        }
    }
}

/// A bundle that was written.
#[derive(Debug)]
pub struct Exported {
    /// The zip, at its beginning, in a file without a name.
    pub file: tokio::fs::File,
    /// Its size.
    pub bytes: u64,
    /// The rows of each file that has some.
    pub rows: Vec<(&'static str, u64)>,
}

/// Who is told to have read the roster, where the operator has it by command line.
const OPERATOR: Uuid = Uuid::nil();

/// Decides whether the roster of a source may be had. Without a grant, the operator asks by command line. A SIS client may have that of a
/// source that it has handed in; of others it does not learn that they are there.
///
/// # Errors
/// [`Error::NotFound`], where the source has no roster here; [`Error::Forbidden`], where the caller is none of those who may.
pub async fn exportable(tx: &Tx<'_>, grant: Option<&Grant>, source: Source, (operation, request_id): (&'static str, &str)) -> Result<RosterExport> {
    let by = match grant {
        None => None,
        Some(grant) => Some((grant.caller(), grant.relation_to_district(DistrictAction::ExportRoster).ok_or(Error::Forbidden)?)),
    };
    let own = by.filter(|(_, relation)| *relation == Relation::SisClient).and_then(|(caller, _)| caller.client());
    if !super::job::has_roster(tx, &source, own).await? {
        return Err(Error::NotFound);
    }
    Ok(RosterExport { district: tx.district, source, at: tx.at, by, operation, request_id: request_id.to_owned() })
}

/// Writes the bundle into a file of the folder, on a connection of its own. `told` hears the file that is written and how many of its rows are.
/// The bundle is there when the record that it was read is durable.
///
/// # Errors
/// Where the database or the disk fails.
pub async fn export(
    connector: &Connector,
    export: RosterExport,
    folder: &Path,
    write: Write,
    mut told: impl FnMut(&'static str, u64),
) -> Result<Exported> {
    let client = connect(connector).await?;
    // One snapshot: what others write meanwhile is not in it.
    for statement in ["begin isolation level repeatable read", &set_district(export.district)] {
        client.batch_execute(statement).await.map_err(|error| failed(&error))?;
    }
    let values = values_of(&client, export.district, export.source.as_str(), export.at).await?;
    let work = Work { client, values, near: false };
    gather(&work).await?;
    let to = nameless_file(folder, export.at).await?.into_std().await;
    let (sending, mut leaving) = channel();
    let writer = tokio::task::spawn_blocking(move || write(to, &mut leaving));
    let sent = send(&work, sending, &mut told).await;
    let written = writer.await.map_err(|error| Error::Internal(format!("writing the bundle ended badly: {error}")))?;
    // What stopped the one stopped the other: the database's failure comes first.
    let rows = match (sent, &written) {
        (Err(Error::Internal(_)), Err(error)) if error.kind() != std::io::ErrorKind::BrokenPipe => return Err(io(error)),
        (sent, _) => sent?,
    };
    let mut file = tokio::fs::File::from_std(written.map_err(|error| io(&error))?);
    record(&work, &export, &rows).await?;
    work.plain("commit").await?;
    let bytes = file.seek(SeekFrom::End(0)).await.map_err(|error| io(&error))?;
    file.rewind().await.map_err(|error| io(&error))?;
    Ok(Exported { file, bytes, rows })
}

/// Stages all that is known of the source.
async fn gather(work: &Work) -> Result<()> {
    stage::make_tables(work).await?;
    // A bundle of which nothing has come is completed with everything.
    complete::complete(work, &Parsed::default()).await?;
    for statement in BESIDE {
        work.run(statement).await?;
    }
    Ok(())
}

async fn send(work: &Work, sending: Sending, told: &mut impl FnMut(&'static str, u64)) -> Result<Vec<(&'static str, u64)>> {
    let mut counts = vec![];
    for Told { name, rows, left_out } in FILES {
        let delta = match left_out {
            Some(count) => work.number(count).await? > 0,
            None => false,
        };
        let (columns, rows) = work.stream(rows).await?;
        sending.file(LeavingFile { name, columns, delta }).await?;
        let mut batches = std::pin::pin!(rows.map_err(|error| failed(&error)).try_chunks(BATCH_ROWS));
        let mut count = 0;
        while let Some(batch) = batches.try_next().await.map_err(|broken| broken.1)? {
            count += u64::try_from(batch.len()).unwrap_or_default();
            sending.rows(batch).await?;
            told(name, count);
        }
        if count > 0 {
            counts.push((*name, count));
        }
    }
    sending.end().await?;
    Ok(counts)
}

/// Writes down who has read of whom. An export that cannot be put on record is none.
async fn record(work: &Work, export: &RosterExport, rows: &[(&'static str, u64)]) -> Result<()> {
    let sections: Sections = ENTITIES.iter().filter_map(|entity| entity.section).filter(|section| *section != Section::Status).collect();
    let (person, client) = match export.by {
        Some((caller, _)) => (caller.person().map(Uuid::from), caller.client().map(Uuid::from)),
        None => (None, Some(OPERATOR)),
    };
    let relation = export.by.map_or(Relation::Operator, |(_, relation)| relation).word();
    let count = i32::try_from(rows.iter().map(|(_, count)| count).sum::<u64>()).unwrap_or(i32::MAX);
    let id = crate::new_id(export.at);
    let sections = sections.to_string();
    let values: [&(dyn ToSql + Sync); 10] =
        [&work.values.district, &id, &export.at, &person, &client, &relation, &export.operation, &sections, &count, &export.request_id];
    let sql = "insert into access_records (district_id, id, at, person_id, client_id, relation, operation, sections, row_count, request_id)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let not_recorded = |_| Error::Unavailable("the access record could not be written".into());
    work.client.execute(sql, &values).await.map_err(not_recorded)?;
    let students = "insert into access_record_students (district_id, access_record_id, student_id)
                    select distinct s.district_id, $2::uuid, s.id from leaving_people p join students s on s.district_id = $1 and s.id = p.id";
    work.client.execute(students, &[&work.values.district, &id]).await.map_err(not_recorded)?;
    Ok(())
}
