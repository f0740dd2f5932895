//! Staging: the bundle's bytes into a file, its rows into unindexed tables of the transaction.

use std::io::{Cursor, SeekFrom};
use std::path::Path;
use std::pin::Pin;

use aws_lc_rs::digest::{Context, SHA256};
use chrono::{DateTime, Utc};
use futures_util::SinkExt;
use openilp_domain::roster::ReadingMode;
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncSeekExt, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio_postgres::CopyInSink;

use super::binary::{BINARY_END, BINARY_HEADER};
use super::staged::{BATCHES_WAITING, Batch, RosterFile, Rows};
use super::work::{Work, failed};
use super::{Parsed, Reader, complete, gradebook, supplement};
use crate::error::{Error, Result};

/// The staging tables. They live as long as the transaction and have no index: every use of them reads them whole.
const TABLES: &str = "
    create temp table staged_orgs (line int4, sourced_id text, name text, kind text, identifier text, parent text, new_id uuid) on commit drop;
    create temp table staged_sessions (line int4, sourced_id text, title text, kind text, starts_on date, ends_on date, parent text,
      school_year int4, new_id uuid) on commit drop;
    create temp table staged_courses (line int4, sourced_id text, title text, course_code text, school_year text, org text, new_id uuid) on commit drop;
    create temp table staged_classes (line int4, sourced_id text, title text, course text, class_code text, kind text, location text, school text,
      terms text[], periods text, new_id uuid) on commit drop;
    create temp table staged_users (line int4, sourced_id text, active boolean, given_name text, family_name text, middle_name text,
      preferred_given_name text, preferred_family_name text, pronouns text, email text, telephone text, sms text, local_id text, state_id text,
      grade text, primary_org text, agents text[], new_id uuid) on commit drop;
    create temp table staged_roles (line int4, sourced_id text, person text, role text, primary_role boolean, begins_on date, ends_on date,
      org text, new_id uuid) on commit drop;
    create temp table staged_demographics (line int4, sourced_id text, birth_date date) on commit drop;
    create temp table staged_enrollments (line int4, sourced_id text, class text, school text, person text, role text, primary_teacher boolean,
      begins_on date, ends_on date, new_id uuid) on commit drop;
    create temp table staged_categories (line int4, sourced_id text, title text, new_id uuid) on commit drop;
    create temp table staged_line_items (line int4, sourced_id text, title text, class text, category text, session text, school text,
      score_min text, score_max text, new_id uuid) on commit drop;
    create temp table staged_results (line int4, sourced_id text, line_item text, person text, class text, score_status text, score text,
      score_text text, scored_on date, comment text, flags text[], new_id uuid) on commit drop;
    create temp table staged_scales (line int4, sourced_id text, title text, marks text) on commit drop;
    create temp table staged_scales_of (line int4, line_item text, result text, scale text) on commit drop;
    create temp table staged_removals (line int4, file text, sourced_id text) on commit drop;
    create temp table staged_faults (place int4, number int4, file text, line int4, column_name text, code text, detail text) on commit drop;";

/// Makes the staging tables.
pub(super) async fn make_tables(work: &Work) -> Result<()> {
    work.plain(TABLES).await?;
    work.plain(&supplement::tables()).await
}

/// Makes a file that has no name, so that it goes with the process, whatever happens.
pub async fn nameless_file(folder: &Path, at: DateTime<Utc>) -> Result<File> {
    let path = folder.join(format!(".bundle-{}", crate::new_id(at)));
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true).mode(0o600);
    let file = options.open(&path).await.map_err(|error| io(&error))?;
    tokio::fs::remove_file(&path).await.map_err(|error| io(&error))?;
    Ok(file)
}

/// A failure of the disk.
pub(super) fn io(error: &std::io::Error) -> Error {
    Error::Internal(format!("a file of the import cannot be read or written: {error}"))
}

/// Puts the bundle together again, one chunk in memory at a time.
pub(super) async fn bundle(work: &Work, folder: &Path, hash: &[u8]) -> Result<std::fs::File> {
    let mut file = nameless_file(folder, work.values.at).await?;
    let mut digest = Context::new(&SHA256);
    let statement = "select bytes from roster_bundle_chunks where district_id = $1 and import_id = $2 and number = $3";
    let statement = work.client.prepare(statement).await.map_err(|error| failed(&error))?;
    for number in 0_i32.. {
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 3] = [&work.values.district, &work.values.import, &number];
        let Some(row) = work.client.query_opt(&statement, &values).await.map_err(|error| failed(&error))? else { break };
        let bytes: &[u8] = row.try_get(0).map_err(|error| failed(&error))?;
        digest.update(bytes);
        file.write_all(bytes).await.map_err(|error| io(&error))?;
    }
    if digest.finish().as_ref() != hash {
        return Err(Error::Internal("the stored bundle is not the one that was handed in".into()));
    }
    file.seek(SeekFrom::Start(0)).await.map_err(|error| io(&error))?;
    Ok(file.into_std().await)
}

/// A COPY into a staging table that is under way.
type Copying = Pin<Box<CopyInSink<Cursor<Vec<u8>>>>>;

/// Reads a bundle into the staging tables, and completes what does not name everything. `seen` hears how far it is.
pub(super) async fn read(
    work: &Work,
    file: std::fs::File,
    (reader, reading): (Reader, ReadingMode),
    seen: impl AsyncFnMut(u64, u64) -> Result<()>,
) -> Result<Parsed> {
    let parsed = fill(work, move |rows| (reader.parse)(file, reading, rows), seen).await?;
    complete::complete(work, &parsed).await?;
    gradebook::complete(work, &parsed).await?;
    Ok(parsed)
}

/// Lets rows come from a thread of its own, and copies them into the staging tables as they come.
pub(super) async fn fill<T: Send + 'static>(
    work: &Work,
    parse: impl FnOnce(&mut Rows) -> std::io::Result<T> + Send + 'static,
    mut seen: impl AsyncFnMut(u64, u64) -> Result<()>,
) -> Result<T> {
    let (sender, mut batches) = mpsc::channel::<Batch>(BATCHES_WAITING);
    let at = work.values.at;
    let parser = tokio::task::spawn_blocking(move || {
        let mut rows = Rows::new(sender, at);
        let parsed = parse(&mut rows)?;
        rows.send()?;
        Ok::<T, std::io::Error>(parsed)
    });
    let mut open: Option<(&'static str, Copying)> = None;
    while let Some(batch) = batches.recv().await {
        if open.as_ref().is_none_or(|(table, _)| *table != batch.table) {
            close(open.take()).await?;
            open = Some((batch.table, begin(work, batch.table).await?));
        }
        if let Some((_, sink)) = &mut open {
            sink.send(Cursor::new(batch.bytes)).await.map_err(|error| failed(&error))?;
        }
        seen(batch.done, batch.total).await?;
    }
    close(open).await?;
    supplement::tidy(work).await?;
    let parsed = parser.await.map_err(|error| Error::Internal(format!("reading the bundle ended badly: {error}")))?;
    let parsed = parsed.map_err(|error| io(&error))?;
    for file in RosterFile::ALL {
        work.plain(&format!("analyze {}", file.table())).await?;
    }
    Ok(parsed)
}

async fn begin(work: &Work, table: &str) -> Result<Copying> {
    let copy = format!("copy {table} from stdin (format binary)");
    let mut sink = Box::pin(work.client.copy_in(&copy).await.map_err(|error| failed(&error))?);
    sink.send(Cursor::new(BINARY_HEADER.to_vec())).await.map_err(|error| failed(&error))?;
    Ok(sink)
}

async fn close(open: Option<(&'static str, Copying)>) -> Result<()> {
    let Some((_, mut sink)) = open else { return Ok(()) };
    sink.send(Cursor::new(BINARY_END.to_vec())).await.map_err(|error| failed(&error))?;
    sink.as_mut().finish().await.map_err(|error| failed(&error))?;
    Ok(())
}
