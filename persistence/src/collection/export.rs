//! The full export: every row as of one moment, as a stream of lines.
//!
//! It has a connection of its own, because the snapshot stays open as long as the reader takes. Rows are read as fast as the reader
//! takes them and no faster; a reader that goes away closes the connection.

use std::time::Duration;

use futures_util::{Stream, TryStreamExt, stream};
use openilp_domain::ilp_status::IlpStatus;
use openilp_domain::principal::Principal;
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use tokio_postgres::types::Type;
use tokio_postgres::{Row, RowStream};

use super::{Agreement, DATASET, Pull, agreement, bring_up_to_date, disclose, pull, status};
use crate::cap;
use crate::cursor::{Bound, Cursor, Cursors, Epoch};
use crate::door::{Db, set_district};
use crate::error::{Error, Result};
use crate::facts::Caller;
use crate::pool::Apart;
use crate::request::Request;

/// How much is handed on at once.
const CHUNK: usize = 64 * 1024;
/// How long a reader may take for all of it: the database cannot clean up behind an open snapshot.
const TIME_MAX: Duration = Duration::from_secs(15 * 60);

/// The collection as lines of JSON (NDJSON), one a student, and a last line `{"end":{"cursor":…,"count":…,"uncertified":true}}`. Whoever
/// does not get the last line does not have all. The cursor is for [`super::changes_after`].
pub async fn export(db: &Db, cursors: &Cursors, request: &Request) -> Result<impl Stream<Item = Result<Vec<u8>>> + use<>> {
    let permit = db.exports().clone().try_acquire_owned().map_err(|_| Error::Busy)?;
    bring_up_to_date(db, request).await?;
    if let Principal::Machine { client_id, .. } = request.principal {
        db.admit_export(request.district, request.at, Caller::Client(client_id), request.operation, cap::Export::Collection).await?;
    }
    let apart = db.apart(TIME_MAX).await?;
    let district = request.district.0;
    for statement in ["set statement_timeout = 0", "begin isolation level repeatable read read only", &set_district(request.district)] {
        apart.client.batch_execute(statement).await.map_err(failed)?;
    }
    // The first statement takes the snapshot: head, count and rows are of one moment.
    let named = apart
        .client
        .query_one(
            "select coalesce((select head from collection_heads where district_id = $1 and collection = $2), 0),
                    (select count(*) from ilp_statuses where district_id = $1 and not removed)",
            &[&district, &DATASET],
        )
        .await
        .map_err(failed)?;
    let (head, count): (i64, i64) = (named.try_get(0).map_err(failed)?, named.try_get(1).map_err(failed)?);
    let cursor = pull(db, request, async |tx, grant| {
        let agreement: Agreement = agreement(tx, grant).await?;
        let leaves = Pull { manner: "export", from: 0, until: head, rows: usize::try_from(count).unwrap_or(usize::MAX), students: None };
        disclose(tx, grant, request, agreement, leaves).await?;
        Ok(Cursor { epoch: Epoch::now(tx).await?, position: head, day: grant.district().today })
    })
    .await?;
    let bound = Bound { district: request.district, caller: &request.principal, stream: DATASET };
    let cursor = cursors.seal_cursor(&bound, cursor)?;
    let all = "select student_id, state_student_id, local_student_id, school_id, school_identifier, grade, file_exists,
                      academic_goals, career_goals, personal_social_goals, plan_kind, last_changed_at, removed
                 from ilp_statuses where district_id = $1 and not removed";
    let all = apart.client.prepare_typed(all, &[Type::UUID]).await.map_err(failed)?;
    let rows = apart.client.query_raw(&all, [&district]).await.map_err(failed)?;
    let export = Export { rows: Box::pin(rows), cursor, count: 0, ended: false, _apart: apart, _permit: permit };
    Ok(stream::try_unfold(export, Export::next))
}

struct Export {
    rows: std::pin::Pin<Box<RowStream>>,
    cursor: String,
    count: u64,
    ended: bool,
    _apart: Apart,
    _permit: OwnedSemaphorePermit,
}

impl Export {
    async fn next(mut self) -> Result<Option<(Vec<u8>, Self)>> {
        if self.ended {
            return Ok(None);
        }
        // Room for the row that crosses the line.
        let mut lines = Vec::with_capacity(CHUNK + 1024);
        while lines.len() < CHUNK {
            match self.rows.try_next().await.map_err(failed)? {
                Some(row) => {
                    write(&mut lines, &read(&row)?)?;
                    self.count += 1;
                }
                None => {
                    write(&mut lines, &Last { end: End { cursor: &self.cursor, count: self.count, uncertified: true } })?;
                    self.ended = true;
                    break;
                }
            }
        }
        Ok(Some((lines, self)))
    }
}

#[derive(Serialize)]
struct Last<'a> {
    end: End<'a>,
}

#[derive(Serialize)]
struct End<'a> {
    cursor: &'a str,
    count: u64,
    uncertified: bool,
}

fn write(lines: &mut Vec<u8>, line: &impl Serialize) -> Result<()> {
    serde_json::to_writer(&mut *lines, line).map_err(|error| Error::Internal(error.to_string()))?;
    lines.push(b'\n');
    Ok(())
}

fn read(row: &Row) -> Result<IlpStatus> {
    let columns = || -> std::result::Result<super::Row, tokio_postgres::Error> {
        Ok((
            row.try_get(0)?,
            row.try_get(1)?,
            row.try_get(2)?,
            row.try_get(3)?,
            row.try_get(4)?,
            row.try_get(5)?,
            row.try_get(6)?,
            row.try_get(7)?,
            row.try_get(8)?,
            row.try_get(9)?,
            row.try_get(10)?,
            row.try_get(11)?,
            row.try_get(12)?,
        ))
    };
    status(columns().map_err(failed)?)
}

fn failed(error: tokio_postgres::Error) -> Error {
    // Class 57: the server goes down, or the reader took too long.
    let ours = error.code().is_some_and(|code| !code.code().starts_with("57"));
    if ours { Error::Internal(error.to_string()) } else { Error::Unavailable(Box::new(error)) }
}
