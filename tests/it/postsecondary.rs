//! Options after high school, applications and how they are paid, over HTTP.

use openilp_tests::{TestApp, ids};
use serde_json::{Value, json};

#[tokio::test]
async fn r183_an_option_for_each_next_placement_is_found_and_its_admission_requirements_reviewed() {
    let app = TestApp::start().await;
    let (anna, cara, options) = (app.person("anna").await, app.person("cara").await, ids::in_file(1, "postsecondary-options"));
    for kind in ["work", "apprenticeship", "technicalSchool", "college", "militaryService"] {
        anna.post(&options, json!({ "kind": kind, "name": "One of them", "foundIn": "College Navigator" })).await.expect(201);
    }
    let one = anna.get(&options).await.expect(200).json()["items"][3].clone();
    let path = format!("/v1/postsecondary-options/{}", one["id"].as_str().unwrap());
    let review = json!({ "comparison": "Chemistry is missing.", "reviewedOn": "2026-10-12" });
    assert_eq!(cara.patch(&path, "\"1\"", review.clone()).await.expect(422).pointers(), ["/admissionRequirements"]);
    let review = openilp_domain::noun::with(review, json!({ "admissionRequirements": "Biology and chemistry." }));
    let reviewed = cara.patch(&path, "\"1\"", review).await.expect(200).json();
    assert_eq!((&reviewed["kind"], &reviewed["comparison"]), (&json!("college"), &json!("Chemistry is missing.")));
}

#[tokio::test]
async fn r185_an_application_is_submitted_before_it_is_decided() {
    let app = TestApp::start().await;
    let (anna, applications) = (app.person("anna").await, ids::in_file(1, "applications"));
    let planned = json!({ "kind": "college", "appliedTo": "Rhode Island College", "dueOn": "2026-11-01" });
    let made = anna.post(&applications, planned).await.expect(201);
    let path = made.header("location").to_owned();
    let amend = async |version: u32, change: Value| anna.patch(&path, &format!("\"{version}\""), change).await;
    // Every fault at once, and nothing changes.
    assert_eq!(amend(1, json!({ "status": "accepted" })).await.expect(422).pointers(), ["/submittedOn", "/decidedOn"]);
    assert_eq!(amend(1, json!({ "submittedOn": "2026-10-20" })).await.expect(422).pointers(), ["/submittedOn"]);
    amend(1, json!({ "status": "submitted", "submittedOn": "2026-10-20" })).await.expect(200);
    let early = json!({ "status": "accepted", "decidedOn": "2026-10-19" });
    assert_eq!(amend(2, early).await.expect(422).pointers(), ["/decidedOn"]);
    let decided = amend(2, json!({ "status": "accepted", "decidedOn": "2026-12-15" })).await.expect(200).json();
    assert_eq!((&decided["status"], &decided["version"]), (&json!("accepted"), &json!(3)));
}

#[tokio::test]
async fn r185_what_is_applied_for_is_one_of_five() {
    let app = TestApp::start().await;
    let (anna, applications) = (app.person("anna").await, ids::in_file(1, "applications"));
    for kind in ["college", "trainingProgram", "apprenticeship", "job", "militaryService"] {
        anna.post(&applications, json!({ "kind": kind, "appliedTo": "Somebody" })).await.expect(201);
    }
    assert_eq!(anna.post(&applications, json!({ "kind": "lottery" })).await.expect(422).pointers(), ["/kind", "/appliedTo"]);
}

#[tokio::test]
async fn r184_financial_aid_is_between_student_and_family() {
    let app = TestApp::start().await;
    let (anna, greta, plans) = (app.person("anna").await, app.person("greta").await, ids::in_file(1, "financial-aid-plans"));
    let scholarship = json!({ "kind": "scholarship", "title": "Rhode Island Promise", "amount": 585_000 });
    assert_eq!(greta.post(&plans, scholarship).await.expect(422).pointers(), ["/currency"]);
    let scholarship = json!({ "kind": "scholarship", "title": "Rhode Island Promise", "amount": 585_000, "currency": "USD" });
    let made = greta.post(&plans, scholarship).await.expect(201);
    anna.patch(made.header("location"), "\"1\"", json!({ "status": "awarded" })).await.expect(200);
    for name in ["bela", "tom", "cara", "pam", "kurt"] {
        let other = app.person(name).await;
        other.get(made.header("location")).await.expect(404);
        assert!(!String::from_utf8_lossy(&other.get(&ids::in_file(1, "whole")).await.bytes).contains("Promise"), "{name}");
    }
}
