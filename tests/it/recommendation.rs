//! What counselors and others advise toward a goal, over HTTP (R69).

use openilp_tests::{TestApp, ids};
use serde_json::json;

#[tokio::test]
async fn r69_the_counselor_turns_a_goal_into_recommendations_which_are_the_counselors_own() {
    let app = TestApp::start().await;
    let (anna, bela, tom) = (app.person("anna").await, app.person("bela").await, app.person("tom").await);
    let goal = anna.post(&ids::in_file(1, "goals"), json!({ "domain": "academic", "title": "Go to nursing school" })).await.expect(201).id();
    let beneath = format!("/v1/goals/{goal}/recommendations");
    let advice = json!({ "kind": "coursework", "title": "Take chemistry", "advice": "Programs ask for it.", "followUpOn": "2027-02-01" });
    let made = bela.post(&beneath, advice.clone()).await.expect(201);
    let path = made.header("location").to_owned();
    for kind in ["internship", "careerExploration"] {
        tom.post(&beneath, json!({ "kind": kind, "title": "Ask at the hospital" })).await.expect(201);
    }
    assert_eq!(bela.post(&beneath, json!({ "kind": "coursework" })).await.expect(422).pointers(), ["/title"]);
    // It is given to the student, who neither writes nor changes it; nobody changes another's.
    anna.post(&beneath, advice).await.expect(403);
    anna.patch(&path, "\"1\"", json!({ "title": "Do not" })).await.expect(403);
    tom.patch(&path, "\"1\"", json!({ "title": "Other" })).await.expect(403);
    bela.patch(&path, "\"1\"", json!({ "followUpOn": null })).await.expect(200);
    let read = anna.get(&path).await.expect(200).json();
    assert_eq!((&read["createdBy"], read.get("followUpOn"), &read["allowedActions"]), (&json!(ids::person(20)), None, &json!([])));
    assert_eq!(bela.get(&path).await.expect(200).json()["allowedActions"], json!(["write"]));
    let whole = anna.get(&format!("/v1/ilp-files/{}/whole", ids::file(1))).await.expect(200).json();
    assert_eq!(whole["goals"][0]["recommendations"].as_array().unwrap().len(), 3);
    // With the goal it is gone.
    anna.delete(&format!("/v1/goals/{goal}"), "\"1\"").await.expect(204);
    bela.get(&path).await.expect(404);
}

#[tokio::test]
async fn r69_r134_advice_is_in_the_section_of_its_goal() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let goals = ids::in_file(1, "goals");
    let career = anna.post(&goals, json!({ "domain": "career", "title": "Become a nurse" })).await.expect(201).id();
    let personal = anna.post(&goals, json!({ "domain": "personalSocial", "title": "Speak up" })).await.expect(201).id();
    let advice = json!({ "kind": "careerExploration", "title": "Shadow a nurse" });
    let made = app.person("cara").await.post(&format!("/v1/goals/{career}/recommendations"), advice.clone()).await.expect(201);
    for (name, status) in [("anna", 200), ("greta", 200), ("bela", 200), ("tom", 200), ("rita", 404), ("pam", 404), ("uma", 404)] {
        assert_eq!(app.person(name).await.get(made.header("location")).await.status, status, "{name}");
    }
    // Nobody suggests anything on a personal goal.
    app.person("bela").await.post(&format!("/v1/goals/{personal}/recommendations"), advice).await.expect(403);
}
