//! What students need and the schools do not offer, counted (R97).

use openilp_domain::resource::ResourceKind;
use openilp_persistence::unmet_need;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::answer::{Composed, Outcome, derived_shape};
use crate::body::{NoParams, Query};
use crate::guard::{CountNeeds, May};
use crate::plain::nothing_seen;
use crate::routes::{About, Routes};

/// How many students have a request of a kind that was not granted, or not yet.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnmetNeed {
    /// What is asked for.
    kind: ResourceKind,
    /// How many students. Absent if they are fewer than ten, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    students: Option<i64>,
}

/// Unmet needs of all kinds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnmetNeeds {
    /// Every kind.
    needs: Vec<UnmetNeed>,
}

derived_shape!(UnmetNeeds, json!({ "needs": [{ "kind": "transport", "students": 23 }, { "kind": "course" }] }));

async fn counted(may: May<CountNeeds>, _: Query<NoParams>) -> Outcome<Composed<UnmetNeeds>> {
    let counted = may.read(async |tx, grant| Ok((unmet_need::counted(tx, grant).await?, nothing_seen()))).await?;
    let needs = counted.into_iter().map(|(kind, students)| UnmetNeed { kind, students }).collect();
    Ok(Composed(UnmetNeeds { needs }))
}

/// The routes of unmet needs.
pub fn routes(r: &mut Routes) {
    r.tag("profile");
    r.get("/v1/unmet-needs", counted, About {
        id: "read_unmet_needs",
        summary: "Count what students need and the schools have not granted",
        text: "For the coordinator (R97): of each kind of resource, how many students of your district have a request that was not granted, or not yet. Fewer than ten are \
               not told, nor whether there is any.",
    });
}
