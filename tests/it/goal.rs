//! Goals over HTTP.

use openilp_tests::TestApp;
use openilp_tests::ids;
use serde_json::json;

fn goals(n: u128) -> String {
    format!("/v1/ilp-files/{}/goals", ids::file(n))
}

#[tokio::test]
async fn r41_r186_the_student_sets_reads_and_amends_a_goal() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let created = anna.post(&goals(1), json!({ "domain": "career", "title": "Become a nurse", "objectiveKind": "occupational" })).await.expect(201);
    assert_eq!(created.header("etag"), "\"1\"");
    let path = format!("/v1/goals/{}", created.id());
    assert_eq!(created.header("location"), path);
    let read = anna.get(&path).await.expect(200);
    assert_eq!(read.json()["title"], "Become a nurse");
    assert_eq!(read.json()["createdBy"], ids::ANNA.to_string());
    let amended = anna.patch(&path, "\"1\"", json!({ "achievementStatus": "inProgress", "targetOn": "2029-06-01" })).await.expect(200);
    assert_eq!(amended.json()["version"], 2);
    assert_eq!(amended.json()["title"], "Become a nurse");
    let history = anna.get(&format!("{path}/history")).await.expect(200).json();
    let versions: Vec<_> =
        history["items"].as_array().unwrap().iter().map(|e| (e["version"].clone(), e["operation"].clone(), e["relation"].clone())).collect();
    assert_eq!(versions, [(json!(1), json!("created"), json!("self")), (json!(2), json!("amended"), json!("self"))]);
}

#[tokio::test]
async fn a_stale_or_missing_precondition_changes_nothing() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let created = anna.post(&goals(1), json!({ "domain": "academic", "title": "Read more" })).await.expect(201);
    let path = format!("/v1/goals/{}", created.id());
    anna.patch(&path, "\"1\"", json!({ "title": "Read much more" })).await.expect(200);
    anna.patch(&path, "\"1\"", json!({ "title": "Lost update" })).await.expect(412);
    anna.send(reqwest::Method::PATCH, &path, &[("content-type", "application/json")], Some(b"{}".to_vec())).await.expect(428);
    assert_eq!(anna.get(&path).await.json()["title"], "Read much more");
}

#[tokio::test]
async fn a_repeated_key_gets_the_same_answer_and_does_nothing_twice() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let body = json!({ "domain": "academic", "title": "Read more" });
    let first = anna.post_with_key(&goals(1), "one", body.clone()).await.expect(201);
    let again = anna.post_with_key(&goals(1), "one", body).await.expect(201);
    assert_eq!(first.bytes, again.bytes);
    anna.post_with_key(&goals(1), "one", json!({ "domain": "academic", "title": "Other" })).await.expect(422);
    assert_eq!(anna.get(&goals(1)).await.json()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn every_fault_of_a_body_is_named_and_nothing_changes() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let problem = anna.post(&goals(1), json!({ "domain": "sports", "title": "", "targetOn": "2027-02-30" })).await.expect(422).json();
    let pointers: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap().to_owned()).collect();
    assert_eq!(pointers, ["/domain", "/title", "/targetOn"]);
    assert_eq!(anna.get(&goals(1)).await.json()["items"], json!([]));
}

#[tokio::test]
async fn r131_whoever_has_no_relation_does_not_learn_that_a_goal_exists() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let path = format!("/v1/goals/{}", anna.post(&goals(1), json!({ "domain": "academic", "title": "Read" })).await.expect(201).id());
    for stranger in ["uma", "cleo", "gus", "gil", "past", "next", "pam"] {
        let answer = app.person(stranger).await.get(&path).await;
        assert_eq!(answer.status, 404, "{stranger}");
    }
    app.person_of(ids::BIRCH, "zita").await.get(&path).await.expect(404);
    app.anonymous().get(&path).await.expect(401);
}

#[tokio::test]
async fn r134_a_teacher_does_not_see_personal_goals() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    anna.post(&goals(1), json!({ "domain": "personalSocial", "title": "Sleep better" })).await.expect(201);
    anna.post(&goals(1), json!({ "domain": "academic", "title": "Pass Biology" })).await.expect(201);
    let titles = |answer: openilp_tests::Answer| {
        answer.json()["items"].as_array().unwrap().iter().map(|g| g["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(titles(app.person("tom").await.get(&goals(1)).await), ["Pass Biology"]);
    assert_eq!(titles(app.person("greta").await.get(&goals(1)).await), ["Sleep better", "Pass Biology"]);
}

#[tokio::test]
async fn r47_who_may_comment_on_a_goal_or_suggest_a_change_is_told_so_whoever_set_it() {
    let app = TestApp::start().await;
    let goal = app.person("anna").await.post(&goals(1), json!({ "domain": "career", "title": "Become a nurse" })).await.expect(201);
    for (name, allowed) in [
        ("anna", json!(["comment", "write", "decide"])),
        ("greta", json!(["comment", "propose"])),
        ("bela", json!(["comment", "propose", "write"])),
        ("tom", json!(["propose"])),
    ] {
        let who = app.person(name).await;
        assert_eq!(who.get(goal.header("location")).await.expect(200).json()["allowedActions"], allowed, "{name}");
        assert_eq!(who.get(&goals(1)).await.json()["items"][0]["allowedActions"], allowed, "{name}: in the list");
    }
}
