//! Assignments and caseloads over HTTP.

use openilp_tests::{TestApp, ids};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

const ASSIGNMENTS: &str = "/v1/assignments";
const HIGH: &str = "0000005c-0000-7000-8000-000000000002";

fn pointers(problem: &Value) -> Vec<&str> {
    problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect()
}

fn goals(n: u128) -> String {
    format!("/v1/ilp-files/{}/goals", ids::file(n))
}

#[tokio::test]
async fn r40_a_teacher_reads_from_the_assignment_on_and_no_longer_than_it() {
    let app = TestApp::start().await;
    let (kurt, uma) = (app.person("kurt").await, app.person("uma").await);
    uma.get(&goals(1)).await.expect(404);
    let body = json!({ "studentId": ids::ANNA, "personId": ids::person(24), "kind": "teacher" });
    let made = kurt.post_with_key(ASSIGNMENTS, "one", body.clone()).await.expect(201);
    let path = made.header("location").to_owned();
    assert_eq!(made.json()["validFrom"], "2026-10-15");
    assert_eq!(kurt.post_with_key(ASSIGNMENTS, "one", body.clone()).await.bytes, made.bytes);
    kurt.post(ASSIGNMENTS, body).await.expect(409);
    uma.get(&goals(1)).await.expect(200);
    kurt.send(Method::PATCH, &path, &[("content-type", "application/json")], Some(b"{}".to_vec())).await.expect(428);
    kurt.patch(&path, "\"1\"", json!({ "validTo": "2026-10-15" })).await.expect(200);
    kurt.patch(&path, "\"1\"", json!({ "validTo": null })).await.expect(412);
    uma.get(&goals(1)).await.expect(404);
    let rows = app
        .database
        .texts(&format!(
            "select concat_ws(' ', kind, version, operation, student_id, section) from changes where resource_id = '{}' order by seq",
            made.id()
        ))
        .await;
    assert_eq!(rows, [format!("assignment 1 created {} S0", ids::ANNA), format!("assignment 2 amended {} S0", ids::ANNA)]);
}

#[tokio::test]
async fn r71_a_caseload_is_taken_on_by_school_and_grade() {
    let app = TestApp::start().await;
    let (kurt, uma) = (app.person("kurt").await, app.person("uma").await);
    let body = json!({ "personId": ids::person(24), "kind": "gatekeeper", "schoolId": HIGH, "grades": ["10", "11"] });
    assert_eq!(
        kurt.post("/v1/caseloads", body.clone()).await.expect(200).json(),
        json!({ "created": 2, "confirmed": 0, "unchanged": 0, "unknown": 0 })
    );
    assert_eq!(kurt.post("/v1/caseloads", body).await.expect(200).json(), json!({ "created": 0, "confirmed": 0, "unchanged": 2, "unknown": 0 }));
    uma.get(&goals(1)).await.expect(200);
    uma.get(&goals(4)).await.expect(200);
    uma.get(&goals(3)).await.expect(404);
    let named = json!({ "personId": ids::person(24), "kind": "gatekeeper", "studentIds": [ids::ANNA, ids::BEN, ids::ZOE] });
    assert_eq!(kurt.post("/v1/caseloads", named).await.expect(200).json(), json!({ "created": 1, "confirmed": 0, "unchanged": 1, "unknown": 1 }));
    let journaled = app.database.texts("select count(*)::text from changes where kind = 'assignment' and student_id is not null").await;
    assert_eq!(journaled, ["3"]);
}

#[tokio::test]
async fn a_caseload_that_waits_is_confirmed() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    app.database
        .execute("update assignments set confirmed_at = null, confirmed_by = null where person_id = '000000ae-0000-7000-8000-000000000020'")
        .await;
    let bela = app.person("bela").await;
    bela.get(&goals(1)).await.expect(404);
    let waiting = kurt.get(&format!("{ASSIGNMENTS}?confirmed=false&personId={}", ids::person(20))).await.expect(200).json();
    assert_eq!(waiting["items"].as_array().unwrap().len(), 3);
    let one = waiting["items"][0]["id"].as_str().unwrap();
    assert_eq!(kurt.post(&format!("{ASSIGNMENTS}/{one}/confirmation"), Value::Null).await.expect(200).json()["version"], 2);
    let body = json!({ "personId": ids::person(20), "kind": "gatekeeper", "studentIds": [ids::ANNA, ids::BEN] });
    assert_eq!(kurt.post("/v1/caseloads", body).await.expect(200).json(), json!({ "created": 0, "confirmed": 1, "unchanged": 1, "unknown": 0 }));
    let path = format!("{ASSIGNMENTS}/confirmations");
    assert_eq!(kurt.post(&path, json!({ "schoolId": HIGH })).await.expect(200).json(), json!({ "confirmed": 1, "unchanged": 5, "unknown": 0 }));
    bela.get(&goals(1)).await.expect(200);
}

#[tokio::test]
async fn every_fault_is_named() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let problem = kurt.post(ASSIGNMENTS, json!({ "studentId": 1, "kind": "coach", "x": 1 })).await.expect(400).json();
    assert_eq!(pointers(&problem), ["/studentId", "/personId", "/kind", "/x"]);
    let problem = kurt
        .post("/v1/caseloads", json!({ "personId": ids::person(24), "kind": "teacher", "schoolId": HIGH, "grades": ["9"] }))
        .await
        .expect(422)
        .json();
    assert_eq!(pointers(&problem), ["/grades/0"]);
    kurt.post(ASSIGNMENTS, json!({ "studentId": ids::ANNA, "personId": ids::person(52), "kind": "teacher" })).await.expect(409);
    kurt.post("/v1/caseloads", json!({ "personId": ids::person(52), "kind": "teacher", "schoolId": HIGH })).await.expect(409);
}

#[tokio::test]
async fn r131_only_the_custodian_of_the_district_keeps_its_assignments() {
    let app = TestApp::start().await;
    let one = format!("{ASSIGNMENTS}/000000a5-0000-7000-8000-000000000001");
    for name in ["anna", "greta", "bela", "pam", "cora"] {
        let actor = app.person(name).await;
        actor.get(ASSIGNMENTS).await.expect(403);
        actor.get(&one).await.expect(403);
        actor.post("/v1/caseloads", json!({ "personId": ids::person(24), "kind": "teacher", "schoolId": HIGH })).await.expect(403);
    }
    let zeno = app.person_of(ids::BIRCH, "zeno").await;
    zeno.get(&one).await.expect(404);
    zeno.patch(&one, "\"1\"", json!({ "validTo": "2026-10-15" })).await.expect(404);
    let problem = zeno.post("/v1/caseloads", json!({ "personId": ids::person(52), "kind": "teacher", "schoolId": HIGH })).await.expect(422).json();
    assert_eq!(pointers(&problem), ["/schoolId"]);
    app.anonymous().get(ASSIGNMENTS).await.expect(401);
}

#[tokio::test]
async fn r208_who_holds_a_role_is_the_districts_to_say_whatever_the_job_title() {
    let app = TestApp::start().await;
    let (kurt, uma) = (app.person("kurt").await, app.person("uma").await);
    let whole = ids::in_file(1, "whole");
    let assign = json!({ "studentId": ids::ANNA, "personId": ids::person(24), "kind": "gatekeeper" });
    let office = json!({ "personId": ids::person(24), "kind": "schoolManager", "schoolId": ids::school(2) });
    // A title in the roster is no role here.
    for title in ["principal", "counselor", "districtAdministrator"] {
        let role = format!(
            "insert into roles (district_id, id, person_id, school_id, role, primary_role, active, source, sourced_id, version, created_at, updated_at)
             values ('{}', app_uuid7(), '{}', '{}', '{title}', true, true, 'made', '{title}', 1, now(), now())",
            ids::ALDER,
            ids::person(24),
            ids::school(2)
        );
        app.database.execute(&role).await;
    }
    uma.get(&whole).await.expect(404);
    // A role needs no title: a librarian, or somebody without any, may be the student's gatekeeper or appointed to manage the school (R5).
    app.database.execute("delete from roles").await;
    kurt.post("/v1/assignments", assign).await.expect(201);
    let file = uma.get(&whole).await.expect(200).json();
    let of =
        |person: Uuid| file["participants"].as_array().unwrap().iter().any(|one| one["personId"] == json!(person) && one["relation"] == "gatekeeper");
    assert!(of(ids::person(24)));
    let request =
        app.person("anna").await.post(&ids::in_file(1, "resource-requests"), json!({ "kind": "course", "title": "Anatomy" })).await.expect(201).id();
    let decision = json!({ "resourceRequestId": request, "outcome": "granted", "reason": "Yes." });
    uma.post(&ids::in_file(1, "resource-decisions"), decision.clone()).await.expect(403);
    kurt.post("/v1/appointments", office).await.expect(201);
    uma.post(&ids::in_file(1, "resource-decisions"), decision).await.expect(201);
}
