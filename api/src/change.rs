//! The feed: what has changed since the caller last asked, entitlement applied at delivery.

use std::time::Duration;

use openilp_domain::amendment_request::ContestStatement;
use openilp_persistence::feed::{self, FeedEntry, From, Start};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::answer::{Outcome, Plain, derived_shape, statements_schema};
use crate::body::{Pairs, Params, Query, describe_cursor, describe_limit, whole_number};
use crate::guard::Anyone;
use crate::routes::{About, Doc, Routes};

/// The longest that an answer is held back for want of changes, in seconds.
const WAIT_SECONDS_MAX: i64 = 30;

/// Changes, and where to go on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Changes {
    /// In the order in which they were made.
    items: Vec<ChangeEntry>,
    /// Send it as `after` to go on from here. Opaque, and yours alone.
    cursor: String,
    /// Whether more may be had at once.
    more: bool,
}

/// One change.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangeEntry {
    /// The change: the same id whenever it is delivered again.
    id: uuid::Uuid,
    /// When it was made.
    at: chrono::DateTime<chrono::Utc>,
    /// `created`, `amended`, `removed`; or `granted` and `withdrawn` when the caller's own access to a student has changed.
    operation: String,
    /// What was changed.
    kind: String,
    /// Its id.
    resource_id: uuid::Uuid,
    /// Its version after the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    version: Option<i32>,
    /// The student it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    student_id: Option<uuid::Uuid>,
    /// The code of the section it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    section: Option<String>,
    /// For `granted`: the codes of the sections that the caller reads from here on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    readable_sections: Option<Vec<String>>,
    /// The record after the change. Absent for what is gone, for what a roster changed, and where only what goes with the record
    /// has changed: then read it anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<std::collections::HashMap<String, serde_json::Value>>, nullable = false)]
    record: Option<Box<serde_json::value::RawValue>>,
    /// What the family says of the record, if it contests it (34 CFR 99.21).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(schema_with = statements_schema, required = false)]
    contest_statements: Vec<ContestStatement>,
}

impl std::convert::From<FeedEntry> for ChangeEntry {
    fn from(entry: FeedEntry) -> Self {
        Self {
            id: entry.id,
            at: entry.at,
            operation: entry.operation.word().to_owned(),
            kind: entry.kind.word().to_owned(),
            resource_id: entry.resource_id,
            version: entry.version,
            student_id: entry.student_id.map(Into::into),
            section: entry.section.map(|s| s.code().to_owned()),
            readable_sections: entry.sections.map(|all| all.iter().map(|s| s.code().to_owned()).collect()),
            record: entry.body,
            contest_statements: entry.statements,
        }
    }
}

derived_shape!(Changes, {
    let id = openilp_domain::wire_example_id();
    json!({ "items": [{ "id": id, "at": "2026-09-01T15:04:05Z", "operation": "created", "kind": "goal", "resourceId": id, "version": 1, "studentId": id,
                        "section": "S4", "record": { "title": "Become a nurse" } }],
            "cursor": "Zm9vYmFy", "more": false })
});

struct FeedParams {
    after: Option<String>,
    start: Start,
    limit: usize,
    wait: Duration,
}

impl Params for FeedParams {
    fn read(pairs: &mut Pairs) -> Self {
        let seconds = pairs.number("wait", 0, WAIT_SECONDS_MAX).and_then(|n| u64::try_from(n).ok()).unwrap_or(0);
        let start = pairs.optional("from", |text| match text {
            "beginning" => Ok(Start::Beginning),
            "now" => Ok(Start::Now),
            _ => Err("must be beginning or now.".into()),
        });
        Self {
            after: pairs.cursor("after"),
            start: start.unwrap_or(Start::Beginning),
            limit: pairs.number("limit", 1, 100).and_then(|n| usize::try_from(n).ok()).unwrap_or(25),
            wait: Duration::from_secs(seconds),
        }
    }
    fn describe(doc: &mut Doc) {
        describe_cursor(doc, "after", "The `cursor` of the answer before.");
        let from = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["beginning", "now"])).build();
        doc.parameter(ParameterIn::Query, "from", false, from, "Without `after`: where to begin; `beginning` if not given.", None);
        describe_limit(doc);
        let about = "How many seconds the answer may be held back while there are no changes (long poll).";
        doc.parameter(ParameterIn::Query, "wait", false, whole_number(0, 30.0), about, None);
        doc.problems(&[(410, "The cursor is of a history that is no longer there: pull everything once and begin anew.")]);
    }
}

async fn list(anyone: Anyone, Query(params): Query<FeedParams>) -> Outcome<Plain<Changes>> {
    let call = anyone.call();
    let from = params.after.as_deref().map_or(From::Start(params.start), From::Cursor);
    let cursors = call.state.cursors.get(&call.state).await?;
    let page = feed::poll(&call.state.db, &call.request, cursors, from, params.limit, params.wait).await?;
    Ok(Plain(Changes { items: page.entries.into_iter().map(Into::into).collect(), cursor: page.cursor, more: page.more }))
}

/// The routes of the feed.
pub fn routes(r: &mut Routes) {
    r.tag("changes");
    r.get("/v1/changes", list, About {
        id: "list_changes",
        summary: "List what has changed since you last asked",
        text: "Every committed change of a record that you may see now, in order, at least once. Without `after` it begins with the first change there is; \
               go on with the `cursor` of each answer. What is removed comes as `removed`. When a guardian link, an assignment or an office of yours begins, ends \
               or changes, a `granted` or `withdrawn` entry for the student tells you to read the file anew, or to delete what you hold of it. A student \
               information system sees what rosters are made of, and nothing that is written about a student.",
    });
}
