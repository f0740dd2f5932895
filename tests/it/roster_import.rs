//! Rosters over HTTP: handed in, watched, read back.

use std::io::Cursor;

use openilp_tests::{Actor, Answer, TestApp, ids};
use reqwest::Method;
use serde_json::{Value, json};

/// A made-up bundle.
pub fn bundle(students: usize) -> Vec<u8> {
    let mut zip = Cursor::new(Vec::new());
    openilp_api::synthetic::write_bundle(
        &mut zip,
        &openilp_api::synthetic::Options { seed: 7, students, school_year: 2027, ..Default::default() },
        &mut |_| {},
    )
    .unwrap();
    zip.into_inner()
}

async fn hand_in(sis: &Actor<'_>, query: &str, zip: Vec<u8>) -> Answer {
    let key = uuid::Uuid::now_v7().to_string();
    sis.send(Method::POST, &format!("/v1/roster-imports{query}"), &[("content-type", "application/zip"), ("idempotency-key", &key)], Some(zip)).await
}

/// Hands a bundle in and waits until it has come to an end.
pub async fn import(sis: &Actor<'_>, query: &str, zip: Vec<u8>) -> Value {
    let path = hand_in(sis, query, zip).await.expect(202).header("location").to_owned();
    for _ in 0..1200 {
        let import = sis.get(&path).await.expect(200).json();
        if ["applied", "compared", "refused", "failed"].contains(&import["status"].as_str().unwrap()) {
            return import;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the import did not end within two minutes");
}

#[tokio::test]
async fn r15_a_roster_comes_in_and_a_second_time_changes_nothing() {
    let app = TestApp::start().await;
    let sis = app.client("birch-sis").await;
    let first = import(&sis, "", bundle(60)).await;
    assert_eq!(first["status"], "applied", "{first}");
    assert!(first["report"]["filesToOpen"].as_i64().unwrap() > 20);
    let again = import(&sis, "", bundle(60)).await;
    assert_eq!(again["status"], "applied");
    for file in again["report"]["files"].as_array().unwrap() {
        assert_eq!((&file["created"], &file["amended"]), (&json!(0), &json!(0)), "{file}");
    }
    assert_eq!(again["report"]["filesToOpen"], 0);
    let custodian = app.person_of(ids::BIRCH, "zeno").await;
    assert!(!custodian.get("/v1/students?limit=100").await.expect(200).json()["items"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_dry_run_tells_the_difference_and_changes_nothing() {
    let app = TestApp::start().await;
    let sis = app.client("birch-sis").await;
    let compared = import(&sis, "?dryRun=true", bundle(60)).await;
    assert_eq!(compared["status"], "compared", "{compared}");
    assert!(compared["report"]["filesToOpen"].as_i64().unwrap() > 20);
    let people: i64 =
        app.database.owner().await.query_one("select count(*) from people where district_id = $1", &[&ids::BIRCH.0]).await.unwrap().get(0);
    assert_eq!(people, 4, "those of the fixture");
}

#[tokio::test]
async fn a_bundle_that_is_no_bundle_is_refused_with_its_faults() {
    let app = TestApp::start().await;
    let sis = app.client("sis").await;
    let refused = import(&sis, "", b"PK nothing".to_vec()).await;
    assert_eq!(refused["status"], "refused");
    let faults = sis.get(&format!("/v1/roster-imports/{}/faults", refused["id"].as_str().unwrap())).await.expect(200).json();
    assert_eq!(faults["items"][0]["code"], "zip_not_a_zip");
    app.client("birch-sis").await.get(&format!("/v1/roster-imports/{}", refused["id"].as_str().unwrap())).await.expect(404);
}

#[tokio::test]
async fn only_the_information_system_hands_in_a_roster() {
    let app = TestApp::start().await;
    for person in ["kurt", "anna", "pam"] {
        hand_in(&app.person(person).await, "", bundle(60)).await.expect(403);
    }
    hand_in(&app.client("state").await, "", bundle(60)).await.expect(403);
}
