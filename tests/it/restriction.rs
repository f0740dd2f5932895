//! Orders that keep a person from a student's file, over HTTP.

use openilp_tests::{Actor, TestApp, ids};
use serde_json::{Value, json};

use crate::feed::told;

const ORDERS: &str = "/v1/restrictions";
/// Tom teaches Anna, Greta is her guardian.
const TOM: u128 = 21;
const GRETA: u128 = 10;

fn order(person: u128, sections: &[&str]) -> Value {
    let mut body = json!({ "studentId": ids::ANNA, "personId": ids::person(person), "orderReference": "Order 2026-7" });
    if !sections.is_empty() {
        body["sections"] = json!(sections);
    }
    body
}

fn pointers(problem: &Value) -> Vec<&str> {
    problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect()
}

/// What Anna's file shows: whether it is there, the registrations (S3), the goals (S2).
async fn statuses(actor: &Actor<'_>) -> (u16, usize, usize) {
    let file = format!("/v1/ilp-files/{}", ids::file(1));
    let shown = async |what: &str| {
        let answer = actor.get(&format!("{file}/{what}")).await;
        let list = if what == "goals" { "items" } else { what };
        if answer.status == 200 { answer.json()[list].as_array().unwrap().len() } else { 0 }
    };
    (actor.get(&file).await.status, shown("registrations").await, shown("goals").await)
}

#[tokio::test]
async fn r133_l9_an_order_closes_the_sections_it_names_and_leaves_the_others() {
    let app = TestApp::start().await;
    let (anna, kurt, tom) = (app.person("anna").await, app.person("kurt").await, app.person("tom").await);
    let goals = format!("/v1/ilp-files/{}/goals", ids::file(1));
    let goal = anna.post(&goals, json!({ "domain": "academic", "title": "Pass Biology" })).await.expect(201).id();
    assert_eq!(statuses(&tom).await, (200, 1, 1));
    let made = kurt.post(ORDERS, order(TOM, &["S2"])).await.expect(201);
    assert_eq!((made.json()["createdBy"].clone(), made.header("etag")), (json!(ids::person(27)), "\"1\""));
    assert_eq!(statuses(&tom).await, (200, 1, 0));
    tom.get(&format!("/v1/goals/{goal}")).await.expect(404);
    // Null: all sections, by every relation.
    let path = made.header("location").to_owned();
    kurt.patch(&path, "\"1\"", json!({ "sections": null })).await.expect(200);
    assert_eq!(statuses(&tom).await, (404, 0, 0));
    assert_eq!(statuses(&app.person("cara").await).await.0, 200);
}

#[tokio::test]
async fn l9_an_order_that_has_ended_or_not_begun_does_not_count() {
    let app = TestApp::start().await;
    let (kurt, greta) = (app.person("kurt").await, app.person("greta").await);
    let mut later = order(GRETA, &[]);
    later["validFrom"] = "2026-10-16".into();
    kurt.post(ORDERS, later).await.expect(201);
    assert_eq!(statuses(&greta).await.0, 200);
    let path = kurt.post(ORDERS, order(GRETA, &[])).await.expect(201).header("location").to_owned();
    assert_eq!(statuses(&greta).await.0, 404);
    kurt.patch(&path, "\"1\"", json!({ "validTo": "2026-10-15" })).await.expect(200);
    assert_eq!(statuses(&greta).await.0, 200);
    app.clock.set("2026-10-16T15:00:00Z");
    assert_eq!(statuses(&app.person("greta").await).await.0, 404);
}

#[tokio::test]
async fn l9_the_feed_tells_whom_an_order_shuts_out() {
    let app = TestApp::start().await;
    let (kurt, tom) = (app.person("kurt").await, app.person("tom").await);
    assert_eq!(statuses(&tom).await.0, 200);
    let start = tom.get("/v1/changes?from=now").await.expect(200).json()["cursor"].as_str().unwrap().to_owned();
    kurt.post(ORDERS, order(TOM, &[])).await.expect(201);
    let after = told(&tom, &format!("after={start}"), |entry| entry["operation"] == "withdrawn").await;
    assert_eq!(after.last().unwrap()["studentId"], ids::ANNA.to_string());
    assert!(!json!(after).to_string().contains("Order 2026-7"), "{after:?}");
}

#[tokio::test]
async fn every_fault_of_an_order_is_named_and_none_is_against_the_student() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let sent = json!({ "studentId": "x", "sections": ["S2", "S77"], "validFrom": "2026-02-30", "note": "" });
    let problem = kurt.post(ORDERS, sent).await.json();
    assert_eq!(pointers(&problem), ["/studentId", "/personId", "/orderReference", "/sections/1", "/validFrom", "/note"]);
    let mut none = order(TOM, &[]);
    none["sections"] = json!([]);
    assert_eq!(pointers(&kurt.post(ORDERS, none).await.json()), ["/sections"]);
    let mut backwards = order(TOM, &[]);
    backwards["validTo"] = "2026-10-14".into();
    assert_eq!(pointers(&kurt.post(ORDERS, backwards).await.expect(422).json()), ["/validTo"]);
    assert_eq!(kurt.post(ORDERS, order(1, &[])).await.expect(409).json()["errors"][0]["code"], "own_restriction");
    let mut foreign = order(TOM, &[]);
    foreign["studentId"] = json!(ids::ZOE);
    assert_eq!(kurt.post(ORDERS, foreign).await.expect(409).json()["errors"][0]["code"], "student_unknown");
    assert_eq!(kurt.post(ORDERS, order(99, &[])).await.expect(409).json()["errors"][0]["code"], "person_unknown");
    assert_eq!(kurt.get(ORDERS).await.expect(200).json()["items"], json!([]));
}

#[tokio::test]
async fn r131_only_the_custodian_of_the_district_keeps_its_orders() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let path = kurt.post(ORDERS, order(TOM, &["S2"])).await.expect(201).header("location").to_owned();
    kurt.post(ORDERS, order(GRETA, &["S2"])).await.expect(201);
    let of_tom = kurt.get(&format!("{ORDERS}?studentId={}&personId={}", ids::ANNA, ids::person(TOM))).await.expect(200).json();
    assert_eq!((of_tom["items"].as_array().unwrap().len(), of_tom["items"][0]["sections"].clone()), (1, json!(["S2"])));
    assert_eq!(kurt.get(&format!("{ORDERS}?studentId={}", ids::BEN)).await.expect(200).json()["items"], json!([]));
    assert_eq!(kurt.get(&path).await.expect(200).json()["orderReference"], "Order 2026-7");
    kurt.patch(&path, "\"1\"", json!({ "orderReference": "Order 2026-8" })).await.expect(200);
    kurt.patch(&path, "\"1\"", json!({ "validTo": "2026-10-20" })).await.expect(412);
    for name in ["anna", "greta", "bela", "tom", "pam", "cora"] {
        let actor = app.person(name).await;
        actor.get(ORDERS).await.expect(403);
        actor.get(&path).await.expect(403);
        actor.post(ORDERS, order(TOM, &[])).await.expect(403);
        actor.patch(&path, "\"2\"", json!({ "validTo": "2026-10-15" })).await.expect(403);
    }
    let zeno = app.person_of(ids::BIRCH, "zeno").await;
    assert_eq!(zeno.get(ORDERS).await.expect(200).json()["items"], json!([]));
    zeno.get(&path).await.expect(404);
    zeno.patch(&path, "\"2\"", json!({ "validTo": "2026-10-15" })).await.expect(404);
    let rows = app
        .database
        .texts("select concat_ws(' ', version, operation, relation, student_id, section) from changes where kind = 'restriction' order by seq")
        .await;
    let about = |version: u32, operation: &str| format!("{version} {operation} custodian {} S14", ids::ANNA);
    assert_eq!(rows, [about(1, "created"), about(1, "created"), about(2, "amended")]);
}
