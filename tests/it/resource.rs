//! Requests for resources, what is decided about them, and the count of unmet needs, over HTTP.

use openilp_tests::{TestApp, ids};
use serde_json::{Value, json};

fn request() -> Value {
    json!({ "kind": "course", "title": "Anatomy", "description": "Nursing programs ask for it.", "neededBy": "2027-01-11" })
}

#[tokio::test]
async fn r97_r98_a_request_goes_to_the_principal_who_decides_with_a_reason() {
    let app = TestApp::start().await;
    let (anna, pam, tom) = (app.person("anna").await, app.person("pam").await, app.person("tom").await);
    let (requests, decisions) = (ids::in_file(1, "resource-requests"), ids::in_file(1, "resource-decisions"));
    let made = anna.post(&requests, request()).await.expect(201);
    assert_eq!(pam.get(&requests).await.expect(200).json()["items"][0]["title"], "Anatomy");
    let decision = json!({ "resourceRequestId": made.id(), "outcome": "granted" });
    assert_eq!(pam.post(&decisions, decision.clone()).await.expect(422).pointers(), ["/reason"]);
    let mut told = decision;
    told["reason"] = "The college has it online.".into();
    anna.post(&decisions, told.clone()).await.expect(403);
    tom.post(&decisions, told.clone()).await.expect(403);
    let decided = pam.post(&decisions, told).await.expect(201);
    assert_eq!(anna.get(decided.header("location")).await.expect(200).json()["outcome"], "granted");
    // The principal of another school neither sees nor decides.
    let whole = app.person("greta").await.get(&format!("/v1/ilp-files/{}/whole", ids::file(1))).await.expect(200).json();
    assert_eq!((whole["resourceRequests"].as_array().unwrap().len(), whole["resourceDecisions"].as_array().unwrap().len()), (1, 1));
}

#[tokio::test]
async fn r99_r100_a_decision_authorizes_time_and_assigns_people() {
    let app = TestApp::start().await;
    let (anna, pam, decisions) = (app.person("anna").await, app.person("pam").await, ids::in_file(1, "resource-decisions"));
    let made = anna.post(&ids::in_file(1, "resource-requests"), request()).await.expect(201);
    let decision = json!({ "resourceRequestId": made.id(), "outcome": "partlyGranted", "reason": "No lab.", "authorizedHours": 12, "personnel": "Ms. Ortiz, Tuesdays" });
    assert_eq!(pam.post(&decisions, decision).await.expect(201).json()["authorizedHours"], json!(12.0));
    let declined = json!({ "resourceRequestId": made.id(), "outcome": "declined", "reason": "No means.", "authorizedHours": 12 });
    assert_eq!(pam.post(&decisions, declined).await.expect(422).pointers(), ["/authorizedHours"]);
}

#[tokio::test]
async fn a_decision_is_about_a_request_of_the_same_student() {
    let app = TestApp::start().await;
    let (ben, pam) = (app.person("ben").await, app.person("pam").await);
    let of_ben = ben.post(&ids::in_file(2, "resource-requests"), request()).await.expect(201);
    let decision = json!({ "resourceRequestId": of_ben.id(), "outcome": "granted", "reason": "Yes." });
    let refused = pam.post(&ids::in_file(1, "resource-decisions"), decision).await.expect(409).json();
    assert_eq!(refused["errors"][0]["code"], "request_unknown");
}

#[tokio::test]
async fn r98_what_was_decided_stays_as_it_was_asked() {
    let app = TestApp::start().await;
    let (anna, pam) = (app.person("anna").await, app.person("pam").await);
    let made = anna.post(&ids::in_file(1, "resource-requests"), request()).await.expect(201);
    let path = made.header("location").to_owned();
    anna.patch(&path, "\"1\"", json!({ "title": "Anatomy and physiology" })).await.expect(200);
    let decision = json!({ "resourceRequestId": made.id(), "outcome": "granted", "reason": "The college has it online." });
    let decision = pam.post(&ids::in_file(1, "resource-decisions"), decision).await.expect(201).header("location").to_owned();
    let refused = anna.patch(&path, "\"2\"", json!({ "title": "A guitar" })).await.expect(409).json();
    assert_eq!(refused["errors"][0]["code"], "request_decided");
    let refused = anna.delete(&path, "\"2\"").await.expect(409).json();
    assert_eq!(refused["errors"][0]["code"], "request_decided");
    anna.patch(&path, "\"2\"", json!({ "enteredInError": true })).await.expect(200);
    // A decision that was a mistake binds nobody.
    pam.patch(&decision, "\"1\"", json!({ "enteredInError": true })).await.expect(200);
    anna.patch(&path, "\"3\"", json!({ "title": "Anatomy", "enteredInError": false })).await.expect(200);
}

#[tokio::test]
async fn r97_unmet_needs_are_counted_for_the_coordinator_and_never_of_a_few() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    anna.post(&ids::in_file(1, "resource-requests"), request()).await.expect(201);
    let coordinator = app.person("cora").await;
    let course = async || {
        let counted = coordinator.get("/v1/unmet-needs").await.expect(200).json();
        counted["needs"].as_array().unwrap().iter().find(|need| need["kind"] == "course").unwrap()["students"].as_i64()
    };
    assert_eq!(course().await, None);
    // Nine more students with a need, and one whose need was granted.
    let owner = app.database.owner().await;
    let more = format!(
        "insert into people (district_id, id, given_name, family_name, active, version, created_at, updated_at)
           select '{d}', ('00000077-0000-7000-8000-0000000000' || lpad(n::text, 2, '0'))::uuid, 'N', 'N', true, 1, now(), now() from generate_series(10, 19) n;
         insert into students (district_id, id, school_id, grade, active, version, created_at, updated_at)
           select district_id, id, '{school}', '10', true, 1, now(), now() from people where given_name = 'N' and family_name = 'N';
         insert into ilp_files (district_id, id, student_id, status, opened_on, version, created_at, updated_at)
           select district_id, id, id, 'open', '2026-08-15', 1, now(), now() from people where given_name = 'N' and family_name = 'N';
         insert into plans (district_id, id, file_id, student_id, version, created_at, updated_at)
           select district_id, id, id, id, 1, now(), now() from people where given_name = 'N' and family_name = 'N';
         insert into resource_requests (district_id, id, plan_id, student_id, kind, title, created_by, entered_in_error, version, created_at, updated_at)
           select district_id, id, id, id, 'course', 'Anatomy', id, false, 1, now(), now() from people where given_name = 'N' and family_name = 'N';
         insert into resource_decisions (district_id, id, plan_id, student_id, resource_request_id, outcome, reason, created_by, entered_in_error, version, created_at, updated_at)
           select district_id, id, id, id, id, 'granted', 'Yes.', id, false, 1, now(), now() from people where id::text like '%19' and given_name = 'N'",
        d = ids::ALDER,
        school = ids::school(1),
    );
    owner.batch_execute(&more).await.unwrap();
    assert_eq!(course().await, Some(10));
    for name in ["anna", "bela", "pam", "kurt"] {
        app.person(name).await.get("/v1/unmet-needs").await.expect(403);
    }
}
