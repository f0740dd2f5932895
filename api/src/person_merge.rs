//! Two records made one person, and apart again: by the custodian.

use chrono::{DateTime, Utc};
use openilp_domain::id::PersonMergeId;
use openilp_domain::person_merge::{MergeReport, NewPersonMerge};
use openilp_persistence::person_merge;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::answer::{Amended, Created, Done, Found, Listed, Outcome, amended, created, derived_shape, done};
use crate::body::{Body, IdempotencyKey, NoParams, PageParams, Query};
use crate::cursor;
use crate::guard::{ManageRelations, May, OnePersonMerge, PathId};
use crate::plain::{page_of, seen};
use crate::routes::{About, Routes};

type Custodian = May<ManageRelations>;

/// Two records that were made one person.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonMerge {
    /// The id.
    id: uuid::Uuid,
    /// The record that stays.
    kept_id: uuid::Uuid,
    /// The record that was made one with it. It is inactive while the merge stands.
    merged_id: uuid::Uuid,
    /// What the merge changed.
    report: MergeReport,
    /// When it was undone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    undone_at: Option<DateTime<Utc>>,
    /// The version, from 1. It is the entity tag.
    version: i32,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was last changed.
    updated_at: DateTime<Utc>,
}

impl From<person_merge::PersonMerge> for PersonMerge {
    fn from(merge: person_merge::PersonMerge) -> Self {
        let person_merge::PersonMerge { id, kept_id, merged_id, report, undone_at, version, created_at, updated_at } = merge;
        Self { id: id.0, kept_id: kept_id.0, merged_id: merged_id.0, report, undone_at, version, created_at, updated_at }
    }
}

fn report() -> serde_json::Value {
    json!({ "moved": [{ "kind": "enrollment", "count": 7 }, { "kind": "goal", "count": 2 }], "guardianLinksUnconfirmed": 1, "assignmentsUnconfirmed": 1,
            "loginsUnlinked": 2, "conflicts": ["twoFiles"] })
}

derived_shape!(PersonMerge, {
    let id = openilp_domain::wire_example_id();
    json!({ "id": id, "keptId": id, "mergedId": "01920000-0000-7000-8000-000000000002", "report": report(), "version": 1,
            "createdAt": "2026-09-01T15:04:05Z", "updatedAt": "2026-09-01T15:04:05Z" })
});
derived_shape!(MergeReport, report());

async fn list(may: Custodian, Query(params): Query<PageParams>) -> Outcome<Listed<PersonMerge>> {
    let page = page_of(may.call(), &params).await?;
    let found = may
        .read(async |tx, grant| {
            let found = person_merge::list(tx, grant, page).await?;
            let students = person_merge::students_among(tx, found.items.iter().flat_map(|merge| [merge.kept_id, merge.merged_id])).await?;
            Ok((found, seen(students, "S1a")))
        })
        .await?;
    let next = cursor::seal(&may.call().state, may.call(), found.next).await?;
    Ok(Listed { items: found.items.into_iter().map(Into::into).collect(), next, limit: page.limit.get() })
}

async fn read(may: Custodian, path: PathId<OnePersonMerge>, _: Query<NoParams>) -> Outcome<Found<PersonMerge>> {
    let found = may
        .read(async |tx, grant| {
            let found = person_merge::read(tx, grant, PersonMergeId(path.id)).await?;
            let students = person_merge::students_among(tx, [found.kept_id, found.merged_id]).await?;
            Ok((found, seen(students, "S1a")))
        })
        .await?;
    Ok(Found { version: found.version, shown: found.into() })
}

async fn preview(may: Custodian, _: Query<NoParams>, key: IdempotencyKey, body: Body<NewPersonMerge>) -> Outcome<Done<MergeReport>> {
    let Body { value: new, hash } = body;
    let reply = may.write(Some(&key.with(hash)), async |tx, granted| Ok(done(&person_merge::preview(tx, granted, new).await?))).await?;
    Ok(reply.into())
}

async fn create(may: Custodian, _: Query<NoParams>, key: IdempotencyKey, body: Body<NewPersonMerge>) -> Outcome<Created<PersonMerge>> {
    let Body { value: new, hash } = body;
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| {
            let made = PersonMerge::from(person_merge::create(tx, granted, new).await?);
            Ok(created(made.version, format!("/v1/person-merges/{}", made.id), &made))
        })
        .await?;
    Ok(reply.into())
}

async fn undo(may: Custodian, path: PathId<OnePersonMerge>, _: Query<NoParams>, key: IdempotencyKey) -> Outcome<Amended<PersonMerge>> {
    let hash = openilp_persistence::request_hash(may.call().path.as_bytes());
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| {
            let undone = PersonMerge::from(person_merge::undo(tx, granted, PersonMergeId(path.id)).await?);
            Ok(amended(undone.version, &undone))
        })
        .await?;
    Ok(reply.into())
}

/// The routes of merges.
pub fn routes(r: &mut Routes) {
    r.tag("relations");
    r.get("/v1/person-merges", list, About { id: "list_person_merges", summary: "List the records that were made one person", text: "" });
    r.post(
        "/v1/person-merges",
        create,
        About {
            id: "create_person_merge",
            summary: "Make two records one person",
            text: "What belongs to the merged record moves to the kept one, and a roster's ids of either name the kept one from then on. Nobody may do more afterwards than on \
                   both before: links and assignments that did not stand on both alike wait to be confirmed again, and logins to be linked again.",
        },
    );
    r.post(
        "/v1/person-merges/preview",
        preview,
        About { id: "preview_person_merge", summary: "See what a merge would change", text: "Nothing is changed." },
    );
    r.get("/v1/person-merges/{personMergeId}", read, About { id: "read_person_merge", summary: "Read a merge", text: "" });
    r.post(
        "/v1/person-merges/{personMergeId}/undo",
        undo,
        About {
            id: "undo_person_merge",
            summary: "Take a merge back",
            text: "Every record becomes what it was. Refused, with the reason, if something has come about since that this would tear apart: `later_merge`, `login_linked`, \
                   `identifier_moved`, `added_since`, `changed_since`.",
        },
    );
}
