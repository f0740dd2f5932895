//! The roster of a source as it is known, as a OneRoster 1.2 bundle that changes nothing when it is imported again.

use std::fs::File;
use std::io::{self, BufWriter};
use std::marker::PhantomData;
use std::path::Path;

use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::web::Bytes;
use futures_util::stream;
use openilp_domain::roster::Source;
use openilp_persistence::Shown as Seen;
use openilp_persistence::connect::Connector;
use openilp_persistence::roster::{self, Cell, Exported, Leaving, LeavingRow, RosterExport};
use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::sync::Semaphore;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

use crate::answer::{Media, Outcome, RawOf};
use crate::body::{Pairs, Params, Query};
use crate::guard::{ExportRoster, May};
use crate::oneroster::columns::{Column, Kind as CellKind};
use crate::oneroster::writer::{BundleWriter, Form, Line, file_named};
use crate::problem::{Kind, Problem};
use crate::roster::{describe_source, read_source};
use crate::routes::{About, Doc, Routes};

/// How many exports a process makes at once: each holds a snapshot of the database while it is written.
const EXPORTS_MAX: usize = 2;
/// What is read of the bundle at once.
const CHUNK_BYTES: usize = 64 << 10;
/// How long a list of texts may be in one cell to be told as one item, in characters.
const ITEM_MAX: usize = 255;

/// Writes the bundle of an export into a file without a name.
///
/// # Errors
/// Where the database or the disk fails.
pub async fn export_roster(
    connector: &Connector,
    export: RosterExport,
    folder: &Path,
    told: impl FnMut(&'static str, u64),
) -> openilp_persistence::Result<Exported> {
    roster::export(connector, export, folder, write, told).await
}

/// Writes what leaves as a bundle.
fn write(file: File, leaving: &mut Leaving) -> io::Result<File> {
    let mut writer = BundleWriter::new(BufWriter::new(file));
    while let Some(next) = leaving.next_file()? {
        let mut rows = leaving.rows()?;
        if rows.is_empty() {
            continue;
        }
        let file = file_named(next.name).ok_or_else(|| io::Error::other(format!("{} is no file of a bundle", next.name)))?;
        let form = if next.delta { Form::Delta } else { Form::Bulk };
        let place = |column: &Column| next.columns.iter().position(|name| name == column.name).filter(|_| is_told(column, form));
        let places: Vec<(&Column, Option<usize>)> = file.columns.iter().map(|column| (column, place(column))).collect();
        let mut open = writer.open(file, form)?;
        while !rows.is_empty() {
            for row in &rows {
                let cells = cells(row, &places)?;
                open.row(|line| cells.into_iter().for_each(|(column, cell)| put(line, column, cell)))?;
            }
            rows = leaving.rows()?;
        }
        open.end()?;
    }
    writer.finish()?.into_inner().map_err(io::IntoInnerError::into_error)
}

/// Bulk files leave status and time blank.
fn is_told(column: &Column, form: Form) -> bool {
    form == Form::Delta || !matches!(column.kind, CellKind::Status | CellKind::Modified)
}

/// The cells of a row in the order of the header.
fn cells<'r>(row: &'r LeavingRow, places: &[(&'r Column, Option<usize>)]) -> io::Result<Vec<(&'r Column, Cell<'r>)>> {
    places.iter().map(|(column, place)| Ok((*column, place.map_or(Ok(Cell::Blank), |place| row.cell(place))?))).collect()
}

fn put(line: &mut Line, column: &Column, cell: Cell<'_>) {
    match cell {
        Cell::Blank => line.blank(),
        Cell::Text(text) if column.kind == CellKind::Texts => line.texts(&items(text)),
        Cell::Text(text) => line.text(text),
        Cell::Texts(texts) => line.texts(&texts),
        Cell::Boolean(value) => line.boolean(value),
        Cell::Integer(number) => line.shown(number),
        Cell::Number(number) => line.shown(number),
        Cell::Date(date) => line.date(Some(date)),
    };
}

/// The items of a list that is kept as one text. Where commas do not part it as it was put together, it is one item.
fn items(text: &str) -> Vec<&str> {
    let items: Vec<&str> = text.split(',').collect();
    let sound = items.iter().all(|item| !item.is_empty() && item.trim() == *item);
    if sound || text.chars().count() > ITEM_MAX { items } else { vec![text] }
}

/// Where exports are made: a connection of its own for each.
pub struct RosterExports {
    connector: Connector,
    turns: Semaphore,
}

impl RosterExports {
    /// With connections from here.
    pub fn new(connector: Connector) -> Self {
        Self { connector, turns: Semaphore::new(EXPORTS_MAX) }
    }

    async fn export(&self, export: RosterExport) -> Result<Exported, Problem> {
        let busy = |_| Problem::new(Kind::Unavailable, "Other rosters are being exported. Try again in a minute.");
        let _turn = self.turns.try_acquire().map_err(busy)?;
        Ok(export_roster(&self.connector, export, &std::env::temp_dir(), |_, _| {}).await?)
    }
}

/// A bundle.
pub struct Bundle;
impl Media for Bundle {
    const TYPE: &'static str = "application/zip";
    const ABOUT: &'static str =
        "A OneRoster 1.2 bundle with the supplement. No cell starts a formula in a spreadsheet; the manifest says how that was prevented.";
    fn schema(_: &mut Doc) -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).content_media_type("application/zip").build().into()
    }
    fn example() -> Value {
        "PK\u{3}\u{4}…".into()
    }
}

struct ExportParams(Source);

impl Params for ExportParams {
    fn read(pairs: &mut Pairs) -> Self {
        Self(read_source(pairs))
    }
    fn describe(doc: &mut Doc) {
        describe_source(doc);
        doc.problems(&[(404, "The source has no roster here, or you have handed in none of it.")]);
    }
}

async fn export(may: May<ExportRoster>, Query(ExportParams(source)): Query<ExportParams>) -> Outcome<RawOf<Bundle>> {
    let call = may.call();
    let by = (call.request.operation, call.request.request_id.as_str());
    let name = format!("attachment; filename=\"roster-{}.zip\"", source.as_str());
    let export = may.read(async |tx, grant| Ok((roster::exportable(tx, Some(grant), source, by).await?, Seen::default()))).await?;
    export.admit(&call.state.db).await?;
    let Exported { file, bytes, .. } = call.state.exports.export(export).await?;
    let chunks = stream::try_unfold(file, async |mut file| {
        let mut chunk = Vec::with_capacity(CHUNK_BYTES);
        let most = u64::try_from(CHUNK_BYTES).unwrap_or(u64::MAX);
        (&mut file).take(most).read_to_end(&mut chunk).await.inspect_err(|error| tracing::error!(%error, "an export broke off"))?;
        Ok::<_, io::Error>(if chunk.is_empty() { None } else { Some((Bytes::from(chunk), file)) })
    });
    let body = SizedStream::new(bytes, Box::pin(chunks));
    Ok(RawOf(HttpResponse::Ok().content_type(Bundle::TYPE).insert_header(("Content-Disposition", name)).body(body), PhantomData))
}

/// The routes of exports.
pub fn routes(r: &mut Routes) {
    r.tag("roster");
    r.get("/v1/roster-export", export, About {
        id: "export_roster",
        summary: "Have the roster of a source as a OneRoster bundle",
        text: "All that is known of the source as of one moment, with the supplement: importing it again as the same source changes nothing. A SIS client may have the \
               roster of a source that it has handed in itself. Of gradebooks it has categories, line items and scales. The answer begins when the whole bundle is written; \
               of a large district that takes a while.",
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_comes_back_as_it_was_put_together() {
        assert_eq!(items("1,2"), ["1", "2"]);
        assert_eq!(items("Period 1"), ["Period 1"]);
        assert_eq!(items("a, b"), ["a, b"]);
        assert_eq!(items(",a"), [",a"]);
    }
}
