//! Proposals over HTTP (R47).

use openilp_tests::{TestApp, ids};
use serde_json::json;

fn proposals(n: u128) -> String {
    format!("/v1/ilp-files/{}/proposals", ids::file(n))
}

#[tokio::test]
async fn r47_a_guardian_proposes_a_goal_and_the_student_accepts_it() {
    let app = TestApp::start().await;
    let (greta, anna) = (app.person("greta").await, app.person("anna").await);
    let proposed = greta
        .post(&proposals(1), json!({ "goal": { "domain": "career", "title": "Become a nurse" }, "reason": "You would be good" }))
        .await
        .expect(201);
    let path = format!("/v1/proposals/{}", proposed.id());
    greta.post_with(&format!("{path}/decision"), "\"1\"", json!({ "verdict": "accept" })).await.expect(403);
    let decided = anna.post_with(&format!("{path}/decision"), "\"1\"", json!({ "verdict": "accept" })).await.expect(200).json();
    assert_eq!(decided["status"], "accepted");
    let goal = anna.get(&format!("/v1/goals/{}", decided["goalId"].as_str().unwrap())).await.expect(200).json();
    assert_eq!(goal["title"], "Become a nurse");
    assert_eq!(goal["createdBy"], ids::ANNA.to_string(), "it takes effect in the name of who accepts it");
    anna.post_with(&format!("{path}/decision"), "\"2\"", json!({ "verdict": "decline" })).await.expect(409);
}

#[tokio::test]
async fn r41_below_grade_9_the_gatekeeper_decides() {
    let app = TestApp::start().await;
    let tom_of_ben = app.person("greta").await;
    let proposed = tom_of_ben.post(&proposals(2), json!({ "goal": { "domain": "academic", "title": "Read every day" } })).await.expect(201);
    let decision = format!("/v1/proposals/{}/decision", proposed.id());
    app.person("ben").await.post_with(&decision, "\"1\"", json!({ "verdict": "accept" })).await.expect(403);
    app.person("bela").await.post_with(&decision, "\"1\"", json!({ "verdict": "accept" })).await.expect(200);
}

#[tokio::test]
async fn a_change_proposed_for_an_older_version_cannot_be_accepted() {
    let app = TestApp::start().await;
    let (bela, anna) = (app.person("bela").await, app.person("anna").await);
    let goal =
        anna.post(&format!("/v1/ilp-files/{}/goals", ids::file(1)), json!({ "domain": "academic", "title": "Pass Biology" })).await.expect(201).id();
    let proposed = bela.post(&format!("/v1/goals/{goal}/proposals"), json!({ "change": { "title": "Pass Biology with a B" } })).await.expect(201);
    anna.patch(&format!("/v1/goals/{goal}"), "\"1\"", json!({ "title": "Pass Chemistry" })).await.expect(200);
    let decision = format!("/v1/proposals/{}/decision", proposed.id());
    let problem = anna.post_with(&decision, "\"1\"", json!({ "verdict": "accept" })).await.expect(409).json();
    assert_eq!(problem["errors"][0]["code"], "goal_changed");
    assert_eq!(anna.get(&format!("/v1/goals/{goal}")).await.json()["title"], "Pass Chemistry");
    anna.post_with(&decision, "\"1\"", json!({ "verdict": "decline", "reason": "Changed my mind" })).await.expect(200);
}

#[tokio::test]
async fn faults_of_a_proposed_goal_are_named_inside_it() {
    let app = TestApp::start().await;
    let problem = app.person("greta").await.post(&proposals(1), json!({ "goal": { "domain": "x", "title": "" } })).await.expect(422).json();
    let pointers: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap().to_owned()).collect();
    assert_eq!(pointers, ["/goal/domain", "/goal/title"]);
}

#[tokio::test]
async fn only_the_author_takes_a_proposal_back() {
    let app = TestApp::start().await;
    let proposed = app.person("greta").await.post(&proposals(1), json!({ "goal": { "domain": "academic", "title": "Read" } })).await.expect(201);
    let withdrawal = format!("/v1/proposals/{}/withdrawal", proposed.id());
    let headers = [("if-match", "\"1\"")];
    app.person("tom").await.send(reqwest::Method::POST, &withdrawal, &headers, None).await.expect(403);
    let back = app.person("greta").await.send(reqwest::Method::POST, &withdrawal, &headers, None).await.expect(200);
    assert_eq!(back.json()["status"], "withdrawn");
}
