//! Rosters over HTTP: a bundle is handed in, goes on by itself, and tells how it went.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use futures_util::StreamExt;
use openilp_domain::id::RosterImportId;
use openilp_domain::page::PageOf;
use openilp_domain::roster::{ReadingMode, RosterFault, RosterImport, Source};
use openilp_persistence::Shown as Seen;
use openilp_persistence::idempotency::Key;
use openilp_persistence::roster::{self, NewImport};
use serde_json::json;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::answer::{Accepted, Found, Listed, Outcome, accepted, derived_shape};
use crate::body::{IdempotencyKey, NoParams, PageParams, Pairs, Params, Query, expect_media_type};
use crate::cursor;
use crate::guard::{ImportRoster, May, ReadImports, describe_path_id, path_id, state};
use crate::problem::{Kind, Problem};
use crate::routes::{About, Argument, Doc, Routes};

/// How long a bundle may take to arrive. A megabyte a second brings the largest in.
const UPLOAD_WAIT: Duration = Duration::from_secs(600);
/// How long no byte may come.
const STALL_WAIT: Duration = Duration::from_secs(15);

derived_shape!(RosterImport, {
    let id = openilp_domain::wire_example_id();
    json!({ "id": id, "source": "sis", "dryRun": false, "reading": "strict", "mode": "bulk", "status": "applied", "stageDone": 31045, "stageTotal": 31045, "bundleHash": "9f86d081884c7d65",
            "bundleBytes": 3775117, "faultCount": 0, "clientId": id, "version": 1, "createdAt": "2026-08-20T04:00:00Z", "updatedAt": "2026-08-20T04:00:09Z",
            "startedAt": "2026-08-20T04:00:01Z", "finishedAt": "2026-08-20T04:00:09Z", "durationMs": 8000,
            "report": { "schoolYear": 2027, "files": [{ "file": "users.csv", "rows": 480, "created": 480, "amended": 0, "ended": 0, "unchanged": 0, "notStored": 0,
                        "createdExamples": ["u-1"], "amendedExamples": [], "endedExamples": [] }],
                        "students": { "created": 248, "amended": 0, "ended": 0, "unchanged": 0 }, "filesToFreeze": 0, "repairs": [], "notKept": [], "filesToOpen": 176, "divisionsToOpen": 176,
                        "registrationsToCopy": 1232, "registrationsToRefresh": 0, "guardianLinksToPropose": 290, "reportCardsToCopy": 1104, "reportCardsToCorrect": 0,
                        "reportCardsToWithdraw": 0, "resultsInNoNamedCategory": 0, "potentialDuplicates": 0, "potentialDuplicateExamples": [], "gatekeepersToPropose": 0 } })
});
derived_shape!(
    RosterFault,
    json!({ "number": 1, "file": "users.csv", "row": 17, "column": "agentSourcedIds", "code": "dangling_reference",
                                    "detail": "No user of this bundle has this sourcedId." })
);

/// A bundle, received into a file without a name, so that it goes with the process.
pub(crate) struct Received {
    pub(crate) file: File,
    hash: Vec<u8>,
}

impl Argument for Received {
    async fn extract(request: &HttpRequest, payload: &mut Payload) -> Result<Self, Problem> {
        expect_media_type(request, &["application/zip"])?;
        let state = state(request)?;
        let bytes_max = state.config.bundle_bytes_max;
        tokio::time::timeout(UPLOAD_WAIT, receive(payload, bytes_max, state.clock.now()))
            .await
            .unwrap_or_else(|_| Err(Problem::new(Kind::Timeout, "The bundle must arrive within ten minutes.")))
    }
    fn describe(doc: &mut Doc) {
        let zip = ObjectBuilder::new().schema_type(Type::String).content_media_type("application/zip").build();
        doc.body("application/zip", zip, None, "A OneRoster CSV bundle.");
        doc.problems(&[(408, "The bundle did not arrive in time."), (413, "The bundle is too large."), (415, "Send application/zip.")]);
    }
}

/// Receives a body into a file.
pub(crate) async fn receive(payload: &mut Payload, bytes_max: usize, at: chrono::DateTime<chrono::Utc>) -> Result<Received, Problem> {
    let disk = |error: std::io::Error| {
        tracing::error!(%error, "a body could not be kept");
        Problem::new(Kind::Unavailable, "The body could not be kept. Try again.")
    };
    let mut file = roster::nameless_file(&std::env::temp_dir(), at).await?;
    let mut digest = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    let mut size = 0_usize;
    loop {
        let next = tokio::time::timeout(STALL_WAIT, payload.next());
        let Some(chunk) = next.await.map_err(|_| Problem::new(Kind::Timeout, "Nothing more of the body came."))? else { break };
        let chunk = chunk.map_err(|_| Problem::new(Kind::BadRequest, "The body broke off."))?;
        size += chunk.len();
        if size > bytes_max {
            return Err(Problem::new(Kind::TooLarge, format!("At most {bytes_max} bytes are taken.")));
        }
        digest.update(&chunk);
        file.write_all(&chunk).await.map_err(disk)?;
    }
    file.flush().await.map_err(disk)?;
    if size == 0 {
        return Err(Problem::new(Kind::BadRequest, "The body is empty."));
    }
    Ok(Received { file, hash: digest.finish().as_ref().to_vec() })
}

/// Which system a bundle comes from, and how it is read.
pub(crate) struct SourceParams {
    pub(crate) source: Source,
    pub(crate) reading: ReadingMode,
}

/// The system that is named as `source`.
pub(crate) fn read_source(pairs: &mut Pairs) -> Source {
    let named =
        pairs.optional("source", |text| Source::new(text).ok_or_else(|| "must be 1 to 64 letters, digits, dots, dashes or underlines.".into()));
    named.unwrap_or_default()
}

pub(crate) fn describe_source(doc: &mut Doc) {
    let source = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(64)).pattern(Some("^[A-Za-z0-9._-]+$")).build();
    doc.parameter(ParameterIn::Query, "source", false, source, "The system that the roster comes from; `sis` if not given.", None);
}

impl Params for SourceParams {
    fn read(pairs: &mut Pairs) -> Self {
        let source = read_source(pairs);
        let reading = pairs.optional("reading", |text| text.parse::<ReadingMode>());
        Self { source, reading: reading.unwrap_or(ReadingMode::Strict) }
    }
    fn describe(doc: &mut Doc) {
        describe_source(doc);
        let words = ReadingMode::ALL.iter().map(|mode| mode.word());
        let reading = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).build();
        let about = "`tolerant`: mend what can be mended without loss and in one way only, such as a bundle of version 1.1, and tell it; `strict` if not given.";
        doc.parameter(ParameterIn::Query, "reading", false, reading, about, None);
    }
}

struct ImportParams {
    dry_run: bool,
    of: SourceParams,
}

impl Params for ImportParams {
    fn read(pairs: &mut Pairs) -> Self {
        let dry_run = pairs.optional("dryRun", |text| text.parse::<bool>().map_err(|_| "must be true or false.".into()));
        Self { dry_run: dry_run.unwrap_or(false), of: SourceParams::read(pairs) }
    }
    fn describe(doc: &mut Doc) {
        let boolean = ObjectBuilder::new().schema_type(Type::Boolean).build();
        doc.parameter(ParameterIn::Query, "dryRun", false, boolean, "true: tell what would change, and change nothing.", None);
        SourceParams::describe(doc);
    }
}

async fn hand_in(
    may: May<ImportRoster>,
    Query(params): Query<ImportParams>,
    key: IdempotencyKey,
    received: Received,
) -> Outcome<Accepted<RosterImport>> {
    let Received { mut file, hash } = received;
    let ImportParams { dry_run, of: SourceParams { source, reading } } = params;
    let named = [hash.as_slice(), source.as_str().as_bytes(), reading.word().as_bytes(), &[u8::from(dry_run)]].concat();
    let key: Key = key.with(openilp_persistence::request_hash(&named));
    let request_id = Some(may.call().request.request_id.clone());
    let reply = may
        .write(Some(&key), async |tx, granted| {
            let new = NewImport { source, dry_run, reading, request_id };
            let import = roster::create(tx, Some(granted), new, &mut file).await?;
            Ok(accepted(format!("/v1/roster-imports/{}", import.id), &import))
        })
        .await?;
    may.call().state.imports.notify_one();
    Ok(reply.into())
}

async fn list(may: May<ReadImports>, Query(page): Query<PageParams>) -> Outcome<Listed<RosterImport>> {
    let (state, call) = (&may.call().state, may.call());
    let of = PageOf { limit: page.limit, after: cursor::open(state, call, page.cursor.as_deref()).await? };
    let found = may.read(async |tx, grant| Ok((roster::list(tx, Some(grant), of).await?, Seen::default()))).await?;
    Ok(Listed { items: found.items, next: cursor::seal(state, call, found.next).await?, limit: page.limit.get() })
}

/// The import in the path.
pub(crate) struct AtImport(pub(crate) RosterImportId);

impl Argument for AtImport {
    async fn extract(request: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        Ok(Self(RosterImportId(path_id(request, "rosterImportId")?)))
    }
    fn describe(doc: &mut Doc) {
        describe_path_id(doc, "rosterImportId");
    }
}

async fn read(may: May<ReadImports>, AtImport(id): AtImport, _: Query<NoParams>) -> Outcome<Found<RosterImport>> {
    let shown = may.read(async |tx, grant| Ok((roster::find(tx, Some(grant), id).await?, Seen::default()))).await?;
    Ok(Found { version: shown.version, shown })
}

async fn faults(may: May<ReadImports>, AtImport(id): AtImport, Query(page): Query<FaultParams>) -> Outcome<Listed<RosterFault>> {
    let items = may
        .read(async |tx, grant| {
            roster::find(tx, Some(grant), id).await?;
            let most = i64::try_from(page.limit).unwrap_or(100) + 1;
            Ok((roster::faults(tx, Some(grant), id, page.after, most).await?, Seen::default()))
        })
        .await?;
    let more = items.len() > page.limit;
    let items: Vec<_> = items.into_iter().take(page.limit).collect();
    let next = if more { items.last().map(|fault| fault.number.to_string()) } else { None };
    Ok(Listed { items, next, limit: page.limit })
}

/// Faults are numbered in the order in which they were found.
struct FaultParams {
    limit: usize,
    after: i32,
}

impl Params for FaultParams {
    fn read(pairs: &mut Pairs) -> Self {
        let limit = pairs.number("limit", 1, 100).and_then(|n| usize::try_from(n).ok());
        let after = pairs.number("cursor", 0, i64::from(i32::MAX)).and_then(|n| i32::try_from(n).ok());
        Self { limit: limit.unwrap_or(25), after: after.unwrap_or(0) }
    }
    fn describe(doc: &mut Doc) {
        crate::body::describe_limit(doc);
        let number = crate::body::whole_number(0, f64::from(i32::MAX));
        doc.parameter(ParameterIn::Query, "cursor", false, number, "`page.next` of the page before.", None);
    }
}

/// The routes of rosters.
pub fn routes(r: &mut Routes) {
    r.tag("roster");
    r.post("/v1/roster-imports", hand_in, About {
        id: "create_roster_import",
        summary: "Hand in a OneRoster bundle",
        text: "A zip of OneRoster CSV, bulk or delta. It is kept, then parsed, validated, compared and applied, all or nothing; look at the address in Location to see \
               how far it is. What a bulk file no longer names is ended, and never deleted: it is inactive, with the day of the load as its end, and is \
               active again when it comes back; people who are no longer named get in no more. A load that would end too much, or that is of a past school \
               year, is held until a custodian lets it go on. A roster grants nobody anything: guardian links and caseloads wait for a custodian. \
               `password` columns are dropped unread.",
    });
    r.get("/v1/roster-imports", list, About { id: "list_roster_imports", summary: "List the bundles that were handed in", text: "" });
    r.get("/v1/roster-imports/{rosterImportId}", read, About { id: "read_roster_import", summary: "Read how an import goes or went", text: "" });
    r.get(
        "/v1/roster-imports/{rosterImportId}/faults",
        faults,
        About {
            id: "list_roster_faults",
            summary: "List what is wrong with a bundle",
            text: "Every fault with file, row (the header is 1), column and code.",
        },
    );
}
