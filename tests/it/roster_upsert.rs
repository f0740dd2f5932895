//! Single rows of a roster over HTTP.

use openilp_tests::{Actor, Answer, TestApp, ids};
use reqwest::Method;
use serde_json::{Value, json};

async fn send(who: &Actor<'_>, query: &str, text: impl Into<Vec<u8>>) -> Answer {
    who.send(Method::POST, &format!("/v1/roster-upserts{query}"), &[("content-type", "application/x-ndjson")], Some(text.into())).await
}

fn rows() -> String {
    [
        json!({ "file": "orgs", "sourcedId": "d", "name": "Birch", "type": "district" }),
        json!({ "file": "orgs", "sourcedId": "o", "name": "Birch High", "type": "school", "parentSourcedId": "d" }),
        json!({ "file": "users", "sourcedId": "u", "enabledUser": true, "username": "u", "givenName": "Una", "familyName": "Reed", "grades": ["09"],
                "primaryOrgSourcedId": "o" }),
        json!({ "file": "roles", "sourcedId": "r", "userSourcedId": "u", "roleType": "primary", "role": "student", "orgSourcedId": "o" }),
        json!({ "file": "demographics", "sourcedId": "u", "birthDate": "2012-03-04" }),
    ]
    .iter()
    .map(|row| format!("{row}\n"))
    .collect()
}

fn lines(answer: &Answer) -> Vec<Value> {
    std::str::from_utf8(&answer.bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn r40_a_student_who_comes_between_two_loads_has_a_file_at_once() {
    let app = TestApp::start().await;
    let sis = app.client("birch-sis").await;
    let dry = lines(&send(&sis, "?dryRun=true", rows()).await.expect(200));
    assert_eq!((&dry[2]["result"], &dry[5]["end"]["created"], &dry[5]["end"]["rosterImportId"]), (&json!("created"), &json!(4), &Value::Null));
    let answer = lines(&send(&sis, "", rows()).await.expect(200));
    assert_eq!(answer[5]["end"]["created"], 4, "{answer:#?}");
    let custodian = app.person_of(ids::BIRCH, "zeno").await;
    let student = custodian.get(&format!("/v1/students/{}", answer[2]["id"].as_str().unwrap())).await.expect(200).json();
    assert_eq!((&student["grade"], &student["ilpFileId"].is_string()), (&json!("09"), &true), "{student}");
    let again = lines(&send(&sis, "", rows()).await.expect(200));
    assert_eq!(again[5]["end"]["unchanged"], 5, "{again:#?}");
    let load = answer[5]["end"]["rosterImportId"].as_str().unwrap();
    let load = sis.get(&format!("/v1/roster-imports/{load}")).await.expect(200).json();
    assert_eq!((&load["mode"], &load["status"], &load["report"]["filesToOpen"]), (&json!("upsert"), &json!("applied"), &json!(1)), "{load}");
}

#[tokio::test]
async fn only_the_information_system_sends_rows() {
    let app = TestApp::start().await;
    for person in ["kurt", "anna", "pam"] {
        send(&app.person(person).await, "", rows()).await.expect(403);
    }
    send(&app.client("state").await, "", rows()).await.expect(403);
}

#[tokio::test]
async fn a_batch_that_is_none_is_refused_clearly() {
    let app = TestApp::start().await;
    let sis = app.client("birch-sis").await;
    send(&sis, "", "").await.expect(400);
    send(&sis, "", "\n\n").await.expect(400);
    send(&sis, "", vec![0xff, 0xfe]).await.expect(400);
    send(&sis, "?source=stateStudentId", rows()).await.expect(400);
    send(&sis, "", "{}\n".repeat(10_001)).await.expect(413);
    send(&sis, "", " ".repeat((8 << 20) + 1)).await.expect(413);
    sis.send(Method::POST, "/v1/roster-upserts", &[("content-type", "application/json")], Some(rows().into())).await.expect(415);
    let refused = lines(&send(&sis, "", "{}\n[1]\n").await.expect(200));
    assert_eq!((&refused[0]["faults"][0]["code"], &refused[1]["faults"][0]["code"]), (&json!("unknown_file"), &json!("not_an_object")));
}
