//! Single rows between two loads: a batch of NDJSON, answered line by line.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::marker::PhantomData;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use openilp_domain::access::{DistrictAction, Relation};
use openilp_domain::id::DistrictId;
use openilp_domain::roster::{RosterFault, RowResult, Source};
use openilp_persistence::connect::Connector;
use openilp_persistence::facts::Caller;
use openilp_persistence::grant::Grant;
use openilp_persistence::roster::{self, Fault, NewBatch, Upserted};
use openilp_persistence::{Shown as Seen, Tx};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio::sync::Semaphore;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use uuid::Uuid;

use crate::answer::{Media, Outcome, RawOf};
use crate::body::{Pairs, Params, Query, expect_media_type};
use crate::guard::{ImportRoster, May, state};
use crate::oneroster::fault::FaultCode;
use crate::oneroster::json as rows;
use crate::oneroster::rows::Row;
use crate::problem::{Kind, Problem};
use crate::roster::{describe_source, read_source, receive};
use crate::roster_import::stage;
use crate::routes::{About, Argument, Doc, Routes};

/// The largest batch. It is held in memory.
const BYTES_MAX: usize = 8 << 20;
/// The longest one.
const ROWS_MAX: usize = 10_000;
/// How long a batch may take to arrive.
const UPLOAD_WAIT: Duration = Duration::from_secs(60);
/// How many batches a process applies at once; those of one district take turns in the database.
const TURNS: usize = 4;
/// How long a batch waits for its turn.
const TURN_WAIT: Duration = Duration::from_secs(10);
const NDJSON: &str = "application/x-ndjson";

/// Where batches are applied: a connection of its own for each.
pub struct RosterUpserts {
    connector: Connector,
    turns: Semaphore,
}

impl RosterUpserts {
    /// With connections from here.
    pub fn new(connector: Connector) -> Self {
        Self { connector, turns: Semaphore::new(TURNS) }
    }
}

/// A batch, whole.
struct Batch(String);

impl Argument for Batch {
    async fn extract(request: &HttpRequest, payload: &mut Payload) -> Result<Self, Problem> {
        expect_media_type(request, &[NDJSON])?;
        let at = state(request)?.clock.now();
        let late = |_| Err(Problem::new(Kind::Timeout, "The batch must arrive within a minute."));
        let mut received = tokio::time::timeout(UPLOAD_WAIT, receive(payload, BYTES_MAX, at)).await.unwrap_or_else(late)?;
        let mut text = String::new();
        received.file.rewind().await.map_err(|_| Problem::new(Kind::Unavailable, "The batch could not be kept. Try again."))?;
        let read = received.file.read_to_string(&mut text).await;
        read.map_err(|_| Problem::new(Kind::BadRequest, "The batch is not UTF-8."))?;
        Ok(Self(text))
    }
    fn describe(doc: &mut Doc) {
        let schema = ObjectBuilder::new().schema_type(Type::String).content_media_type(NDJSON).description(Some("One JSON object a line.")).build();
        let line = |value: Value| format!("{value}\n");
        let example = line(
            json!({ "file": "users", "sourcedId": "u-1", "enabledUser": true, "username": "ada", "givenName": "Ada", "familyName": "Byron", "grades": ["09"] }),
        ) + &line(json!({ "file": "enrollments", "sourcedId": "e-9", "status": "tobedeleted" }));
        let about = "One row a line: `file`, and the columns of that file of OneRoster 1.2 (or of the supplement) as properties. `status` of `tobedeleted` ends the \
                     record, and needs the sourcedId only. At most 10,000 rows and 8 MiB.";
        doc.body(NDJSON, schema, Some(example.into()), about);
        doc.problems(&[
            (408, "The batch did not arrive in time."),
            (409, "The batch would end more than a load may end unasked."),
            (413, "The batch is too large."),
            (415, "Send application/x-ndjson."),
        ]);
    }
}

struct UpsertParams {
    source: Source,
    dry_run: bool,
}

impl Params for UpsertParams {
    fn read(pairs: &mut Pairs) -> Self {
        let dry_run = pairs.optional("dryRun", |text| text.parse::<bool>().map_err(|_| "must be true or false.".into()));
        Self { source: read_source(pairs), dry_run: dry_run.unwrap_or(false) }
    }
    fn describe(doc: &mut Doc) {
        let boolean = ObjectBuilder::new().schema_type(Type::Boolean).build();
        doc.parameter(ParameterIn::Query, "dryRun", false, boolean, "true: tell what would change, and change nothing.", None);
        describe_source(doc);
    }
}

/// Lines of JSON, one for each line of the batch.
pub struct Results;
impl Media for Results {
    const TYPE: &'static str = NDJSON;
    const ABOUT: &'static str = "For each line of the batch that is not blank, in order: what became of it (`created`, `amended`, `ended`, `unchanged` or `refused`), the id of its record here, and its \
                                 faults by JSON pointer. Then `{\"end\":{…}}` with the counts. Without that last line it is not whole.";
    fn schema(_: &mut Doc) -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).content_media_type(NDJSON).description(Some("One JSON object a line.")).build().into()
    }
    fn example() -> Value {
        let id = openilp_domain::wire_example_id();
        let fault = json!({ "pointer": "/userSourcedId", "code": "dangling_reference", "detail": "There is no row of users.csv with this id." });
        let lines = [
            json!({ "line": 1, "file": "users", "sourcedId": "u-1", "result": "created", "id": id }),
            json!({ "line": 2, "file": "roles", "sourcedId": "r-1", "result": "refused", "faults": [fault] }),
            json!({ "end": { "rows": 2, "created": 1, "amended": 0, "ended": 0, "unchanged": 0, "refused": 1, "rosterImportId": id } }),
        ];
        lines.iter().map(|line| format!("{line}\n")).collect::<String>().into()
    }
}

/// What became of a line.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LineResult<'a> {
    line: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sourced_id: Option<&'a str>,
    result: RowResult,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<LineFault<'a>>,
}

#[derive(Serialize)]
struct LineFault<'a> {
    pointer: String,
    code: &'a str,
    detail: &'a str,
}

/// A line of the batch, as its result tells of it.
struct Line {
    number: i32,
    file: Option<&'static str>,
    sourced_id: Option<String>,
}

/// A batch, read.
struct Parsed {
    lines: Vec<Line>,
    /// With the names of their files.
    rows: Vec<(&'static str, Row)>,
    faults: Vec<Fault>,
}

fn parse(text: &str, at: DateTime<Utc>) -> Result<Parsed, Problem> {
    let mut parsed = Parsed { lines: Vec::new(), rows: Vec::new(), faults: Vec::new() };
    let mut seen = HashSet::new();
    for (number, line) in (1_u32..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        if parsed.lines.len() == ROWS_MAX {
            return Err(Problem::new(Kind::TooLarge, format!("At most {ROWS_MAX} rows are taken at once.")));
        }
        let rows::Read { file, sourced_id, row } = rows::read(line, number, at);
        let file_name = file.map_or("batch", |file| file.file_name);
        let mut fault =
            |column: Option<String>, code, detail| parsed.faults.push(Fault { file: file_name.into(), row: number, column, code, detail });
        match row {
            Ok(_) if !seen.insert((file_name, sourced_id.clone())) => {
                fault(Some("sourcedId".into()), FaultCode::Duplicate.code(), "An earlier line of the batch has the sourcedId.".into());
            }
            Ok(row) => parsed.rows.push((file_name, row)),
            Err(wrong) => wrong.into_iter().for_each(|wrong| fault(wrong.property, wrong.code, wrong.detail)),
        }
        parsed.lines.push(Line { number: i32::try_from(number).unwrap_or(i32::MAX), file: file.map(|file| file.name), sourced_id });
    }
    if parsed.lines.is_empty() {
        return Err(Problem::new(Kind::BadRequest, "The batch has no rows."));
    }
    // One file after the other: each is staged in one go.
    parsed.rows.sort_by_key(|(file, _)| *file);
    Ok(parsed)
}

fn text_of(lines: &[Line], upserted: &Upserted) -> String {
    let mut text = String::new();
    let mut counts = [0_usize; 5];
    let mut faults: HashMap<i32, Vec<LineFault<'_>>> = HashMap::new();
    for fault in &upserted.faults {
        faults.entry(fault.row).or_default().push(line_fault(fault));
    }
    for line in lines {
        let row = upserted.rows.binary_search_by_key(&line.number, |row| row.line).ok().and_then(|at| upserted.rows.get(at));
        let result = row.map_or(RowResult::Refused, |row| row.result);
        let faults = faults.remove(&line.number).unwrap_or_default();
        let told =
            LineResult { line: line.number, file: line.file, sourced_id: line.sourced_id.as_deref(), result, id: row.and_then(|row| row.id), faults };
        if let Some(count) = RowResult::ALL.iter().position(|word| *word == result).and_then(|place| counts.get_mut(place)) {
            *count += 1;
        }
        let _never_fails = writeln!(text, "{}", json!(told));
    }
    let mut end = serde_json::Map::new();
    end.insert("rows".into(), lines.len().into());
    end.extend(RowResult::ALL.iter().zip(counts).map(|(word, count)| (word.word().to_owned(), count.into())));
    if let Some(id) = upserted.id {
        end.insert("rosterImportId".into(), json!(id));
    }
    let _never_fails = writeln!(text, "{}", json!({ "end": end }));
    text
}

fn line_fault(fault: &RosterFault) -> LineFault<'_> {
    let pointer = fault.column.as_ref().map_or(String::new(), |column| format!("/{}", column.replace('~', "~0").replace('/', "~1")));
    LineFault { pointer, code: &fault.code, detail: &fault.detail }
}

/// A batch, and who sends it how.
pub struct Sent<'a> {
    /// The district it is for.
    pub district: DistrictId,
    /// The system that the rows come from.
    pub source: Source,
    /// Whether to say only what would change.
    pub dry_run: bool,
    /// Who sends it. Nobody for the operator.
    pub caller: Option<Caller>,
    /// By which right.
    pub relation: Option<Relation>,
    /// The correlation id of the request.
    pub request_id: Option<String>,
    /// The lines.
    pub text: &'a str,
}

/// Applies a batch; answers with the lines of its results.
///
/// # Errors
/// Where it is too long or empty, where it would end too much, and where the database is busy or not there.
pub async fn apply(connector: &Connector, sent: Sent<'_>, at: DateTime<Utc>) -> Result<String, Problem> {
    let Parsed { lines, rows, faults } = parse(sent.text, at)?;
    let new = NewBatch {
        source: sent.source,
        dry_run: sent.dry_run,
        caller: sent.caller,
        relation: sent.relation,
        request_id: sent.request_id,
        hash: openilp_persistence::request_hash(sent.text.as_bytes()).to_vec(),
        bytes: sent.text.len(),
        faults,
    };
    let handed = move |staged: &mut roster::Rows| rows.iter().try_for_each(|(_, row)| stage(row, staged));
    let upserted = roster::upsert(connector, sent.district, new, at, handed).await?;
    Ok(text_of(&lines, &upserted))
}

async fn upsert(may: May<ImportRoster>, Query(params): Query<UpsertParams>, Batch(text): Batch) -> Outcome<RawOf<Results>> {
    // Decided first, in a transaction of its own; what is read of the district then is counted and not shown.
    let by = async |_: &Tx<'_>, grant: &Grant| Ok(((grant.caller(), grant.relation_to_district(DistrictAction::ImportRoster)), Seen::default()));
    let (caller, relation) = may.read(by).await?;
    let (call, upserts) = (may.call(), &may.call().state.upserts);
    let busy = || Problem::new(Kind::Unavailable, "Other batches are being applied. Try again in a moment.");
    let _turn = tokio::time::timeout(TURN_WAIT, upserts.turns.acquire()).await.map_err(|_| busy())?.map_err(|_| busy())?;
    let district = call.request.district;
    let request_id = Some(call.request.request_id.clone());
    let sent = Sent { district, source: params.source, dry_run: params.dry_run, caller: Some(caller), relation, request_id, text: &text };
    let results = apply(&upserts.connector, sent, call.request.at).await?;
    call.state.db.wake().district(district);
    Ok(RawOf(HttpResponse::Ok().content_type(NDJSON).body(results), PhantomData))
}

/// The routes of single rows.
pub fn routes(r: &mut Routes) {
    r.tag("roster");
    r.post("/v1/roster-upserts", upsert, About {
        id: "upsert_roster_rows",
        summary: "Send single rows of a roster",
        text: "What changes between two nightly loads: rows of the same files as JSON, one a line, and one line of answer for each. A row is the record of its source and \
               sourcedId, whole: a property that is not there is blank. The same row again changes nothing, so a batch can be sent again. Faulty rows, and those that point at \
               them, are refused and the others applied, in one transaction. Rows may point at each other in any order. What a batch does not name stays; a batch that would \
               end too much at once is refused whole (409). The batch stands in the history of loads and can be taken back like one. While a load of the district is at \
               work, the answer is 503 after ten seconds.",
    });
}
