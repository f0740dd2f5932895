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
    ended(sis, &path).await
}

/// Waits until a load has come to an end.
async fn ended(sis: &Actor<'_>, path: &str) -> Value {
    for _ in 0..1200 {
        let import = sis.get(path).await.expect(200).json();
        if ["held", "applied", "compared", "refused", "failed"].contains(&import["status"].as_str().unwrap()) {
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
async fn a_bundle_is_checked_and_nothing_of_it_is_kept() {
    let app = TestApp::start().await;
    let sis = app.client("birch-sis").await;
    let check = async |zip| sis.send(Method::POST, "/v1/roster-checks", &[("content-type", "application/zip")], Some(zip)).await.expect(200).json();
    let sound = check(bundle(60)).await;
    assert_eq!((&sound["sound"], &sound["mode"], &sound["wouldBeHeld"]), (&json!(true), &json!("bulk"), &json!(false)));
    assert!(sound["report"]["filesToOpen"].as_i64().unwrap() > 20);
    let broken = check(b"PK nothing".to_vec()).await;
    assert_eq!((&broken["sound"], &broken["faultCount"], &broken["faults"][0]["code"]), (&json!(false), &json!(1), &json!("zip_not_a_zip")));
    assert_eq!(sis.get("/v1/roster-imports").await.expect(200).json()["items"], json!([]));
    let kept = "select (select count(*) from people where district_id = $1) + (select count(*) from roster_bundle_chunks)";
    let kept: i64 = app.database.owner().await.query_one(kept, &[&ids::BIRCH.0]).await.unwrap().get(0);
    assert_eq!(kept, 4, "those of the fixture");
    app.client("state").await.send(Method::POST, "/v1/roster-checks", &[("content-type", "application/zip")], Some(bundle(60))).await.expect(403);
}

#[tokio::test]
async fn a_held_load_goes_on_by_the_custodians_word_and_is_taken_back_by_it() {
    let app = TestApp::start().await;
    let (sis, custodian) = (app.client("birch-sis").await, app.person_of(ids::BIRCH, "zeno").await);
    assert_eq!(import(&sis, "", bundle(60)).await["status"], "applied");
    let held = import(&sis, "", bundle(30)).await;
    assert_eq!((&held["status"], &held["report"]["hold"]["reasons"]), (&json!("held"), &json!(["shrink"])), "{held}");
    let path = format!("/v1/roster-imports/{}", held["id"].as_str().unwrap());
    let hash = json!({ "bundleHash": held["bundleHash"] });
    sis.post(&format!("{path}/release"), hash.clone()).await.expect(403);
    custodian.post(&format!("{path}/release"), json!({ "bundleHash": "00" })).await.expect(422);
    custodian.post(&format!("{path}/release"), hash.clone()).await.expect(202);
    let applied = ended(&sis, &path).await;
    assert_eq!((&applied["status"], &applied["releasedBy"].is_string()), (&json!("applied"), &true), "{applied}");
    custodian.post(&format!("{path}/release"), hash).await.expect(409);
    custodian.post(&format!("{path}/retry"), json!({})).await.expect(409);
    let back = custodian.post(&format!("{path}/rollback"), json!({})).await.expect(202).header("location").to_owned();
    let back = ended(&sis, &back).await;
    assert_eq!((&back["status"], &back["mode"], &back["rollsBack"]), (&json!("applied"), &json!("rollback"), &held["id"]), "{back}");
    assert_eq!(sis.get(&path).await.expect(200).json()["rolledBackBy"], back["id"]);
}

#[tokio::test]
async fn only_the_information_system_hands_in_a_roster() {
    let app = TestApp::start().await;
    for person in ["kurt", "anna", "pam"] {
        hand_in(&app.person(person).await, "", bundle(60)).await.expect(403);
    }
    hand_in(&app.client("state").await, "", bundle(60)).await.expect(403);
}
