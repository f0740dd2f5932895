//! What is wrong with a bundle as a table, for whoever mends it in a spreadsheet.

use std::marker::PhantomData;

use actix_web::HttpResponse;
use openilp_domain::roster::RosterFault;
use openilp_persistence::Shown as Seen;
use openilp_persistence::roster::{self, FAULTS_KEPT};
use serde_json::Value;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

use crate::answer::{Media, Outcome, RawOf};
use crate::body::{NoParams, Query};
use crate::guard::{May, ReadImports};
use crate::oneroster::guard::guarded;
use crate::problem::{Kind, Problem};
use crate::roster::AtImport;
use crate::routes::{About, Doc, Routes};

/// Its columns.
const HEADER: [&str; 6] = ["number", "file", "row", "column", "code", "detail"];

/// Faults as CSV.
pub struct FaultTable;
impl Media for FaultTable {
    const TYPE: &'static str = "text/csv";
    const ABOUT: &'static str = "A header, and one line for each fault that is kept. No cell starts a formula in a spreadsheet.";
    fn schema(_: &mut Doc) -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).description(Some("CSV (RFC 4180).")).build().into()
    }
    fn example() -> Value {
        "number,file,row,column,code,detail\r\n1,users.csv,17,agentSourcedIds,dangling_reference,There is no row of users.csv with this id.\r\n"
            .into()
    }
}

/// The faults as the bytes of a CSV file.
fn table(faults: &[RosterFault]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(HEADER)?;
    for fault in faults {
        let (number, row) = (fault.number.to_string(), fault.row.to_string());
        let cells = [&number, &fault.file, &row, fault.column.as_deref().unwrap_or_default(), &fault.code, &fault.detail].map(guarded);
        writer.write_record(cells.iter().map(|cell| cell.as_bytes()))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

async fn faults(may: May<ReadImports>, AtImport(id): AtImport, _: Query<NoParams>) -> Outcome<RawOf<FaultTable>> {
    let faults = may
        .read(async |tx, grant| {
            roster::find(tx, Some(grant), id).await?;
            Ok((roster::faults(tx, Some(grant), id, 0, FAULTS_KEPT).await?, Seen::default()))
        })
        .await?;
    let bytes = table(&faults).map_err(|error| {
        tracing::error!(%error, "faults cannot be written");
        Problem::new(Kind::Internal, "The table could not be made.")
    })?;
    let attached = ("Content-Disposition", format!("attachment; filename=\"faults-{id}.csv\""));
    Ok(RawOf(HttpResponse::Ok().content_type("text/csv; charset=utf-8").insert_header(attached).body(bytes), PhantomData))
}

/// The routes of faults as a table.
pub fn routes(r: &mut Routes) {
    r.tag("roster");
    r.get(
        "/v1/roster-imports/{rosterImportId}/faults.csv",
        faults,
        About {
            id: "download_roster_faults",
            summary: "Download what is wrong with a bundle",
            text: "The same as the list of faults, as CSV: at most the first ten thousand.",
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_would_start_a_formula_is_text() {
        let fault =
            RosterFault { number: 1, file: "=cmd()".into(), row: 0, column: Some("@x".into()), code: "unknown_file".into(), detail: "A, b.".into() };
        let text = String::from_utf8(table(&[fault]).unwrap()).unwrap();
        assert_eq!(text, "number,file,row,column,code,detail\r\n1,'=cmd(),0,'@x,unknown_file,\"A, b.\"\r\n");
    }
}
