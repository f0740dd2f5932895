//! Templates, as the tests make them.

use openilp_domain::profile::Profile;
use serde_json::{Value, json};

use crate::Actor;

/// An item of a template.
pub fn item(key: &str, domain: &str, covers: Option<&str>) -> Value {
    let item = json!({ "key": key, "domain": domain, "component": "careerExploration", "title": format!("What {key} asks"),
                       "description": format!("All that {key} asks."), "required": true });
    covers.map_or(item.clone(), |key| openilp_domain::noun::with(item, json!({ "covers": key })))
}

/// Items that cover the minimum program of every state.
pub fn minimum() -> Vec<Value> {
    let asked = Profile::all().iter().flat_map(|profile| &profile.minimum_program);
    asked.map(|asked| item(&format!("minimum-{}", asked.key), asked.domain.map_or("academic", |domain| domain.word()), Some(&asked.key))).collect()
}

/// A template for grades 6 to 12 that is given out: with these items, and with the minimum.
pub async fn give_out(coordinator: &Actor<'_>, items: Vec<Value>) -> Value {
    give_out_as(coordinator, items, json!({})).await
}

/// The same, with more members.
pub async fn give_out_as(coordinator: &Actor<'_>, mut items: Vec<Value>, more: Value) -> Value {
    items.extend(minimum());
    let template = json!({ "title": "Our plan", "firstGrade": 6, "lastGrade": 12, "items": items });
    let draft = coordinator.post("/v1/templates", openilp_domain::noun::with(template, more)).await.expect(201);
    coordinator.patch(draft.header("location"), "\"1\"", json!({ "status": "active" })).await.expect(200).json()
}
