//! History: what a record was, version by version.

use openilp_domain::amendment_request::ContestStatement;
use openilp_domain::page::{Page, PageOf};
use openilp_domain::wire::Named;
use openilp_persistence::history::{self, Past};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::answer::{Listed, Outcome, Shape, statements_schema};
use crate::body::PageParams;
use crate::cursor;
use crate::guard::{Can, Place, Read};
use crate::noun::seen_all;

/// One version of a record.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HistoryEntry {
    /// The change.
    id: uuid::Uuid,
    /// When it was made.
    at: chrono::DateTime<chrono::Utc>,
    /// The version after it.
    version: i32,
    /// What it did.
    #[schema(value_type = openilp_domain::kind::Operation)]
    operation: String,
    /// The person who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    person_id: Option<uuid::Uuid>,
    /// The client that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<uuid::Uuid>,
    /// The relation by which it was allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<openilp_domain::access::Relation>)]
    relation: Option<String>,
    /// Why, if the writer said.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The record after the change; for a removal, what it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    record: Option<Box<serde_json::value::RawValue>>,
    /// What the family says of the record, if it contests it (34 CFR 99.21).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(schema_with = statements_schema, required = false)]
    contest_statements: Vec<ContestStatement>,
}

impl From<Past> for HistoryEntry {
    fn from(past: Past) -> Self {
        let Past { id, at, version, operation, person_id, client_id, relation, reason, body, statements, .. } = past;
        Self {
            id,
            at,
            version,
            operation,
            relation,
            reason,
            record: body,
            contest_statements: statements,
            person_id: person_id.map(Into::into),
            client_id: client_id.map(Into::into),
        }
    }
}

impl Shape for HistoryEntry {
    fn name() -> String {
        "HistoryEntry".into()
    }
    fn schema(named: &mut Named) -> RefOr<Schema> {
        <Self as ToSchema>::schemas(named);
        <Self as PartialSchema>::schema()
    }
    fn example() -> Value {
        json!({ "id": openilp_domain::wire_example_id(), "at": "2026-09-01T15:04:05Z", "version": 1, "operation": "created",
                "personId": openilp_domain::wire_example_id(), "relation": "self", "record": { "title": "Become a nurse" } })
    }
}

/// The versions of the record that the path names.
pub async fn list<N: Place>(can: &Can<Read, N>, page: PageParams) -> Outcome<Listed<HistoryEntry>> {
    let state = &can.call().state;
    let of = PageOf { limit: page.limit, after: cursor::open(state, can.call(), page.cursor.as_deref()).await? };
    let target = can.target();
    let page_found = can
        .read(async |tx, grant| {
            let past = grant.sift(history::of(tx, target, grant.located()?, of).await?);
            let past = past.into_iter().map(|past| past.marked(target.id, grant)).collect::<Result<_, _>>()?;
            let found = Page::cut(past, of.limit, |p| p.id);
            let seen = seen_all(&found.items);
            Ok((found, seen))
        })
        .await?;
    let next = cursor::seal(state, can.call(), page_found.next).await?;
    Ok(Listed { items: page_found.items.into_iter().map(Into::into).collect(), next, limit: page.limit.get() })
}
