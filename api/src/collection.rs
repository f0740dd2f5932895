//! The state's collection of ILP status, pulled under an agreement: changes since a cursor, or all of it.

use std::marker::PhantomData;

use actix_web::HttpResponse;
use futures_util::StreamExt;
use openilp_domain::access::Section;
use openilp_domain::ilp_status::IlpStatus;
use openilp_domain::page::PageOf;
use openilp_persistence::{collection, disclosure};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

use crate::answer::{Listed, Media, Outcome, Plain, RawOf, derived_shape};
use crate::body::{NoParams, PageParams, Pairs, Params, Query, describe_cursor, whole_number};
use crate::cursor;
use crate::guard::{May, PullCollection, ReadDisclosures};
use crate::plain::seen;
use crate::routes::{About, Doc, Routes};

/// The most rows in one answer.
const ROWS_MAX: i64 = 1000;

/// Rows that have changed, and where to go on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IlpStatusPage {
    /// In the order in which they last changed.
    items: Vec<IlpStatus>,
    /// Send it as `after` to go on from here. Opaque, and yours alone.
    cursor: String,
    /// Whether more may be had at once.
    more: bool,
    /// Always true here: the data are live, and no district has checked and signed them.
    uncertified: bool,
}

fn row() -> Value {
    let id = openilp_domain::wire_example_id();
    json!({ "studentId": id, "stateStudentId": "1000000001", "localStudentId": "910001", "schoolId": id, "schoolIdentifier": "102", "grade": "10", "fileExists": true,
            "goals": { "academic": 1, "career": 2, "personalSocial": 0 }, "planKind": "pccr", "lastChangedAt": "2026-10-15T15:00:00Z", "removed": false })
}

derived_shape!(IlpStatusPage, json!({ "items": [row()], "cursor": "Zm9vYmFy", "more": false, "uncertified": true }));

struct PullParams {
    after: Option<String>,
    limit: usize,
}

impl Params for PullParams {
    fn read(pairs: &mut Pairs) -> Self {
        let after = pairs.cursor("after");
        let limit = pairs.number("limit", 1, ROWS_MAX).and_then(|n| usize::try_from(n).ok());
        Self { after, limit: limit.unwrap_or(500) }
    }
    fn describe(doc: &mut Doc) {
        describe_cursor(doc, "after", "The `cursor` of the answer before, or that an export ended with.");
        doc.parameter(ParameterIn::Query, "limit", false, whole_number(1, 1000.0), "How many rows, 1 to 1000; 500 if not given.", None);
        doc.problems(&[(410, "The cursor is of a history that is no longer there: export everything, and go on from the cursor it ends with.")]);
    }
}

async fn changes(may: May<PullCollection>, Query(params): Query<PullParams>) -> Outcome<Plain<IlpStatusPage>> {
    let call = may.call();
    let cursors = call.state.cursors.get(&call.state).await?;
    let page = collection::changes_after(&call.state.db, cursors, &call.request, params.after.as_deref(), params.limit).await?;
    Ok(Plain(IlpStatusPage { items: page.rows, cursor: page.cursor, more: page.more, uncertified: true }))
}

/// Lines of JSON.
pub struct Lines;
impl Media for Lines {
    const TYPE: &'static str = "application/x-ndjson";
    const ABOUT: &'static str = "One row a line, as in `items` of the changes; then `{\"end\":{\"cursor\":…,\"count\":…,\"uncertified\":true}}`. Without that last line it is not whole.";
    fn schema(_: &mut Doc) -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).content_media_type(Self::TYPE).description(Some("One JSON object a line.")).build().into()
    }
    fn example() -> Value {
        format!("{}\n{}\n", row(), json!({ "end": { "cursor": "Zm9vYmFy", "count": 1, "uncertified": true } })).into()
    }
}

async fn export(may: May<PullCollection>, _: Query<NoParams>) -> Outcome<RawOf<Lines>> {
    let call = may.call();
    let cursors = call.state.cursors.get(&call.state).await?;
    let lines = collection::export(&call.state.db, cursors, &call.request).await?;
    let lines = lines.map(|chunk| chunk.map(actix_web::web::Bytes::from).inspect_err(|error| tracing::error!(%error, "an export broke off")));
    Ok(RawOf(HttpResponse::Ok().content_type(Lines::TYPE).streaming(lines), PhantomData))
}

/// A disclosure outside the district or in an emergency, as the custodian sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Disclosure {
    /// The disclosure.
    id: uuid::Uuid,
    /// When.
    at: chrono::DateTime<chrono::Utc>,
    /// The client that pulled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    client_id: Option<uuid::Uuid>,
    /// The agreement under which it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    agreement_id: Option<uuid::Uuid>,
    /// The legal basis.
    basis: String,
    /// What for, as the agreement says; or which emergency.
    purpose: String,
    /// What was pulled; or the sections that an emergency opened.
    dataset: String,
    /// `changes`, `export` or `emergency`.
    manner: String,
    /// How many students' rows.
    row_count: i64,
    /// The emergency access.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    emergency_access_id: Option<uuid::Uuid>,
    /// The student in the emergency.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    student_id: Option<uuid::Uuid>,
    /// The articulable and significant threat.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    threat: Option<String>,
    /// Whom the information was given to in the emergency.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    recipients: Option<String>,
}

derived_shape!(Disclosure, {
    let id = openilp_domain::wire_example_id();
    json!({ "id": id, "at": "2026-10-15T15:00:00Z", "clientId": id, "agreementId": id, "basis": "34 CFR 99.31(a)(3), 99.35", "purpose": "Evaluation of the ILP program",
            "dataset": "ilpStatus", "manner": "export", "rowCount": 2125 })
});

impl From<disclosure::Disclosure> for Disclosure {
    fn from(d: disclosure::Disclosure) -> Self {
        let emergency = d.emergency.as_ref();
        Self {
            id: d.id,
            at: d.at,
            client_id: d.client_id,
            agreement_id: d.agreement_id,
            basis: d.basis,
            purpose: d.purpose,
            dataset: d.dataset,
            manner: d.manner,
            row_count: d.row_count,
            emergency_access_id: emergency.map(|e| e.emergency_access_id),
            student_id: emergency.map(|e| e.student_id.0),
            threat: emergency.map(|e| e.threat.clone()),
            recipients: emergency.map(|e| e.recipients.clone()),
        }
    }
}

async fn disclosures(may: May<ReadDisclosures>, Query(page): Query<PageParams>) -> Outcome<Listed<Disclosure>> {
    let (state, call) = (&may.call().state, may.call());
    let of = PageOf { limit: page.limit, after: cursor::open(state, call, page.cursor.as_deref()).await? };
    let found = may
        .read(async |tx, grant| {
            let found = disclosure::list(tx, grant, of).await?;
            let students = found.items.iter().filter_map(|d| d.emergency.as_ref()).map(|e| e.student_id);
            let seen = seen(students, Section::Privacy.code());
            Ok((found, seen))
        })
        .await?;
    let next = cursor::seal(state, call, found.next).await?;
    Ok(Listed { items: found.items.into_iter().map(Disclosure::from).collect(), next, limit: page.limit.get() })
}

/// The routes of the state.
pub fn routes(r: &mut Routes) {
    r.tag("state");
    r.get("/v1/districts/{districtId}/collections/ilp-status", changes, About {
        id: "list_ilp_status_changes",
        summary: "Pull the ILP status rows that have changed",
        text: "Without `after` it begins with all rows; go on with the `cursor` of each answer. A row is sent again whenever its computed value has changed, also by \
               date alone. Needs an agreement between the state and the district; without one there is no such district. Each pull is recorded as a disclosure \
               (34 CFR 99.32). The recipient may use the data only for the purpose of the agreement and may not pass them on (34 CFR 99.33).",
    });
    r.get(
        "/v1/districts/{districtId}/collections/ilp-status/export",
        export,
        About {
            id: "export_ilp_status",
            summary: "Pull all ILP status rows, as of one moment",
            text: "NDJSON. The last line names a cursor: go on with the changes after it, and nothing is missed or seen twice.",
        },
    );
    r.get(
        "/v1/disclosures",
        disclosures,
        About { id: "list_disclosures", summary: "List what was disclosed outside your district, and in emergencies", text: "" },
    );
}
