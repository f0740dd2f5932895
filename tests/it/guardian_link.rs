//! Guardian links over HTTP.

use openilp_tests::{Actor, TestApp, ids};
use reqwest::Method;
use serde_json::{Value, json};

const LINKS: &str = "/v1/guardian-links";

fn link(n: u32) -> String {
    format!("{LINKS}/0000009a-0000-7000-8000-0000000000{n:02}")
}

fn pointers(problem: &Value) -> Vec<&str> {
    problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect()
}

async fn goals_status(actor: &Actor<'_>, n: u128) -> u16 {
    actor.get(&format!("/v1/ilp-files/{}/goals", ids::file(n))).await.status
}

/// The rows of the journal about a record: version, operation, student and section.
async fn journal(app: &TestApp, id: &str) -> Vec<String> {
    app.database
        .texts(&format!(
            "select concat_ws(' ', version, operation, relation, student_id, section) from changes where resource_id = '{id}' order by seq"
        ))
        .await
}

#[tokio::test]
async fn l9_a_link_from_the_roster_grants_nothing_until_the_custodian_confirms_it() {
    let app = TestApp::start().await;
    let (kurt, gus) = (app.person("kurt").await, app.person("gus").await);
    assert_eq!(goals_status(&gus, 1).await, 404);
    let waiting = kurt.get(&format!("{LINKS}?confirmed=false")).await.expect(200).json();
    let students: Vec<_> = waiting["items"].as_array().unwrap().iter().map(|l| l["studentId"].as_str().unwrap()).collect();
    assert_eq!(students, [ids::ANNA.to_string(), ids::DAN.to_string()]);
    let confirmed = kurt.post(&format!("{}/confirmation", link(3)), Value::Null).await.expect(200);
    assert_eq!(confirmed.json()["confirmedBy"], ids::person(27).to_string());
    assert_eq!(confirmed.header("etag"), "\"2\"");
    assert_eq!(goals_status(&gus, 1).await, 200);
    assert_eq!(journal(&app, link(3).rsplit('/').next().unwrap()).await, [format!("2 amended custodian {} S14", ids::ANNA)]);
    // Once more: nothing happens.
    assert_eq!(kurt.post(&format!("{}/confirmation", link(3)), Value::Null).await.expect(200).json()["version"], 2);
}

#[tokio::test]
async fn l9_an_order_takes_the_rights_away_at_once() {
    let app = TestApp::start().await;
    let (kurt, greta) = (app.person("kurt").await, app.person("greta").await);
    assert_eq!(goals_status(&greta, 1).await, 200);
    let problem = kurt.patch(&link(1), "\"1\"", json!({ "rights": "none" })).await.expect(422).json();
    assert_eq!(pointers(&problem), ["/orderReference"]);
    kurt.patch(&link(1), "\"1\"", json!({ "rights": "none", "orderReference": "Order 2026-7" })).await.expect(200);
    assert_eq!(goals_status(&greta, 1).await, 404);
    assert_eq!(goals_status(&greta, 2).await, 200);
}

#[tokio::test]
async fn l10_the_parent_of_a_documented_dependent_still_reads_after_18_and_no_longer_writes() {
    let app = TestApp::start().await;
    let (kurt, gwen) = (app.person("kurt").await, app.person("gwen").await);
    let found = kurt.get(&format!("{LINKS}?studentId={}", ids::CLEO)).await.expect(200).json();
    let path = format!("{LINKS}/{}", found["items"][0]["id"].as_str().unwrap());
    let file = format!("/v1/students/{}/ilp-file", ids::CLEO);
    gwen.get(&file).await.expect(404);
    let problem = kurt.patch(&path, "\"1\"", json!({ "dependentUntil": "2027-04-15" })).await.expect(422).json();
    assert_eq!(pointers(&problem), ["/dependentReference"]);
    let documented = json!({ "dependentUntil": "2027-04-15", "dependentReference": "Form 1040 of 2025, seen 2026-10-01" });
    kurt.patch(&path, "\"1\"", documented).await.expect(200);
    gwen.get(&file).await.expect(200);
    let goals = format!("/v1/ilp-files/{}/goals", ids::file(3));
    gwen.get(&goals).await.expect(200);
    gwen.post(&format!("/v1/ilp-files/{}/proposals", ids::file(3)), json!({ "goal": { "domain": "career", "title": "Nurse" } })).await.expect(403);
    kurt.patch(&path, "\"2\"", json!({ "dependentUntil": null, "dependentReference": null })).await.expect(200);
    gwen.get(&file).await.expect(404);
}

#[tokio::test]
async fn a_link_is_made_confirmed_and_ends_on_a_day() {
    let app = TestApp::start().await;
    let (kurt, dora) = (app.person("kurt").await, app.person("dora").await);
    let body = json!({ "studentId": ids::BEN, "guardianId": ids::person(14), "validFrom": "2026-10-01" });
    let made = kurt.post_with_key(LINKS, "one", body.clone()).await.expect(201);
    let path = made.header("location").to_owned();
    assert_eq!((made.json()["rights"].as_str(), made.json()["source"].as_str(), made.header("etag")), (Some("full"), Some("custodian"), "\"1\""));
    assert_eq!(kurt.post_with_key(LINKS, "one", body.clone()).await.expect(201).bytes, made.bytes);
    kurt.post_with_key(LINKS, "one", json!({ "studentId": ids::ANNA, "guardianId": ids::person(14) })).await.expect(422);
    kurt.post(LINKS, body).await.expect(409);
    assert_eq!(goals_status(&dora, 2).await, 200);
    assert_eq!(kurt.get(&path).await.expect(200).json(), made.json());
    kurt.send(Method::PATCH, &path, &[("content-type", "application/json")], Some(b"{}".to_vec())).await.expect(428);
    assert_eq!(pointers(&kurt.patch(&path, "\"1\"", json!({ "validTo": "2026-09-30" })).await.expect(422).json()), ["/validTo"]);
    kurt.patch(&path, "\"1\"", json!({ "validTo": "2026-10-15" })).await.expect(200);
    kurt.patch(&path, "\"1\"", json!({ "validTo": null })).await.expect(412);
    assert_eq!(goals_status(&dora, 2).await, 404);
}

#[tokio::test]
async fn every_fault_of_a_new_link_is_named() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let problem = kurt.post(LINKS, json!({ "studentId": "x", "rights": "some", "validFrom": "2026-02-30", "note": "" })).await.expect(400).json();
    assert_eq!(pointers(&problem), ["/studentId", "/guardianId", "/rights", "/validFrom", "/note"]);
    kurt.post(LINKS, json!({ "studentId": ids::ZOE, "guardianId": ids::person(14) })).await.expect(409);
    kurt.post(LINKS, json!({ "studentId": ids::ANNA, "guardianId": ids::ANNA })).await.expect(409);
    kurt.get(&format!("{LINKS}?confirmed=maybe&studentId=1&colour=red")).await.expect(400);
}

#[tokio::test]
async fn many_links_are_confirmed_by_school_or_by_name() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let path = format!("{LINKS}/confirmations");
    let high = json!({ "schoolId": "0000005c-0000-7000-8000-000000000002" });
    let first = kurt.post_with_key(&path, "all", high.clone()).await.expect(200);
    assert_eq!(first.json(), json!({ "confirmed": 2, "unchanged": 3, "unknown": 0 }));
    assert_eq!(kurt.post_with_key(&path, "all", high.clone()).await.bytes, first.bytes);
    assert_eq!(kurt.post(&path, high).await.json(), json!({ "confirmed": 0, "unchanged": 5, "unknown": 0 }));
    let foreign = "0000009a-0000-7000-8000-000000000050";
    let named = json!({ "guardianLinkIds": ["0000009a-0000-7000-8000-000000000001", foreign] });
    assert_eq!(kurt.post(&path, named).await.expect(200).json(), json!({ "confirmed": 0, "unchanged": 1, "unknown": 1 }));
    let problem = kurt.post(&path, json!({ "schoolId": "0000005c-0000-7000-8000-000000000003" })).await.expect(422).json();
    assert_eq!(pointers(&problem), ["/schoolId"]);
    kurt.post(&path, json!({})).await.expect(422);
}

#[tokio::test]
async fn r131_only_the_custodian_of_the_district_keeps_its_links() {
    let app = TestApp::start().await;
    for name in ["anna", "greta", "bela", "tom", "pam", "cora"] {
        let actor = app.person(name).await;
        actor.get(LINKS).await.expect(403);
        actor.get(&link(1)).await.expect(403);
        actor.patch(&link(1), "\"1\"", json!({ "validTo": "2026-10-15" })).await.expect(403);
        actor.post(&format!("{}/confirmation", link(3)), Value::Null).await.expect(403);
    }
    let zeno = app.person_of(ids::BIRCH, "zeno").await;
    assert_eq!(zeno.get(LINKS).await.expect(200).json()["items"].as_array().unwrap().len(), 1);
    zeno.get(&link(1)).await.expect(404);
    zeno.patch(&link(1), "\"1\"", json!({ "validTo": "2026-10-15" })).await.expect(404);
    zeno.post(&format!("{}/confirmation", link(3)), Value::Null).await.expect(404);
    app.client("sis").await.get(LINKS).await.expect(403);
    app.client("operator").await.get(LINKS).await.expect(403);
    app.anonymous().get(LINKS).await.expect(401);
}

#[tokio::test]
async fn a_page_of_links_is_an_access_record_with_its_students() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let first = kurt.get(&format!("{LINKS}?limit=4")).await.expect(200).json();
    let next = first["page"]["next"].as_str().unwrap();
    let rest = kurt.get(&format!("{LINKS}?limit=4&cursor={next}")).await.expect(200).json();
    assert_eq!((first["items"].as_array().unwrap().len(), rest["items"].as_array().unwrap().len()), (4, 2));
    let records = app.database.texts("select concat_ws(' ', operation, sections, row_count) from access_records order by id").await;
    assert_eq!(records, ["list_guardian_links S1b,S14 4", "list_guardian_links S1b,S14 2"]);
    let students = app.database.texts("select count(distinct student_id)::text from access_record_students").await;
    assert_eq!(students, ["4"]);
}
