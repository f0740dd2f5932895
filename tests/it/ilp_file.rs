//! The whole file over HTTP, as each may see it.

use openilp_tests::{TestApp, ids};
use serde_json::{Value, json};

async fn fill(app: &TestApp) {
    let anna = app.person("anna").await;
    let goals = format!("/v1/ilp-files/{}/goals", ids::file(1));
    let career = anna.post(&goals, json!({ "domain": "career", "title": "Become a nurse", "objectiveKind": "occupational" })).await.expect(201).id();
    anna.post(&goals, json!({ "domain": "academic", "title": "Go to nursing school", "objectiveKind": "postsecondary" })).await.expect(201);
    anna.post(&goals, json!({ "domain": "personalSocial", "title": "Speak up" })).await.expect(201);
    anna.post(&format!("/v1/goals/{career}/activities"), json!({ "title": "Shadow a nurse", "provider": "family" })).await.expect(201);
    anna.post(&format!("/v1/goals/{career}/benchmarks"), json!({ "schoolYear": 2027, "description": "Pass Biology" })).await.expect(201);
    anna.post(&format!("/v1/goals/{career}/progress-records"), json!({ "kind": "journal", "recordedOn": "2026-10-01", "summary": "Visited" }))
        .await
        .expect(201);
    anna.post(&format!("/v1/goals/{career}/reflections"), json!({ "body": "I liked it" })).await.expect(201);
}

fn whole() -> String {
    format!("/v1/students/{}/ilp-file", ids::ANNA)
}

fn titles(file: &Value) -> Vec<&str> {
    file["goals"].as_array().unwrap().iter().map(|g| g["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn r12_the_student_reads_the_whole_file_in_one_call() {
    let app = TestApp::start().await;
    fill(&app).await;
    let file = app.person("anna").await.get(&whole()).await.expect(200).json();
    assert_eq!(titles(&file), ["Become a nurse", "Go to nursing school", "Speak up"]);
    assert_eq!(file["planKind"], "pccr", "R88");
    let nurse = &file["goals"][0];
    assert_eq!(nurse["activities"][0]["provider"], "family");
    assert_eq!(nurse["benchmarks"][0]["schoolYear"], 2027);
    assert_eq!(nurse["progressRecords"][0]["kind"], "journal");
    assert_eq!(nurse["reflections"][0]["body"], "I liked it");
    let registration = &file["divisions"][0]["registrations"][0];
    assert_eq!(registration["classTitle"], "Biology", "R15");
    assert_eq!(registration["teachers"][0], json!({ "givenName": "Rita", "familyName": "Rose", "telephone": "401-555-0123" }), "R16, R17");
}

#[tokio::test]
async fn r40_the_participants_are_the_student_the_guardians_and_assigned_staff() {
    let app = TestApp::start().await;
    let file = app.person("anna").await.get(&whole()).await.expect(200).json();
    let participants: Vec<_> =
        file["participants"].as_array().unwrap().iter().map(|p| (p["relation"].as_str().unwrap(), p["givenName"].as_str().unwrap())).collect();
    // Gus is there, unconfirmed: the student reads the privacy section and sees that. Gil has no rights and takes no part.
    assert_eq!(
        participants,
        [("self", "Anna"), ("guardian", "Greta"), ("guardian", "Gus"), ("gatekeeper", "Bela"), ("careerReviewer", "Cara"), ("teacher", "Tom")]
    );
    let seen_by_teacher = app.person("tom").await.get(&whole()).await.expect(200).json();
    assert!(!seen_by_teacher["participants"].as_array().unwrap().iter().any(|p| p["givenName"] == "Gus"));
    assert!(
        seen_by_teacher["participants"]
            .as_array()
            .unwrap()
            .iter()
            .all(|p| p["personId"] == ids::person(21).to_string() || p.get("telephone").is_none())
    );
}

#[tokio::test]
async fn r134_what_the_caller_may_not_see_is_absent_from_the_whole_file() {
    let app = TestApp::start().await;
    fill(&app).await;
    let seen = |answer: openilp_tests::Answer| {
        let file = answer.expect(200).json();
        titles(&file).iter().map(|t| (*t).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(seen(app.person("tom").await.get(&whole()).await), ["Become a nurse", "Go to nursing school"]);
    assert_eq!(seen(app.person("rita").await.get(&whole()).await), ["Go to nursing school"]);
    assert_eq!(seen(app.person("pam").await.get(&whole()).await), Vec::<String>::new());
    app.person("cora").await.get(&whole()).await.expect(200);
    for stranger in ["uma", "gus", "gil", "past", "next", "cleo"] {
        app.person(stranger).await.get(&whole()).await.expect(404);
    }
}

#[tokio::test]
async fn l10_the_guardian_of_an_adult_student_reads_nothing() {
    let app = TestApp::start().await;
    let cleo = format!("/v1/students/{}/ilp-file", ids::CLEO);
    app.person("gwen").await.get(&cleo).await.expect(404);
    app.person("cleo").await.get(&cleo).await.expect(200);
    app.clock.set("2026-09-30T15:00:00Z");
    app.person("gwen").await.get(&cleo).await.expect(200);
    // Midnight in New York, where the district is.
    app.clock.set("2026-10-01T03:59:59Z");
    app.person("gwen").await.get(&cleo).await.expect(200);
    app.clock.set("2026-10-01T04:00:00Z");
    app.person("gwen").await.get(&cleo).await.expect(404);
}

#[tokio::test]
async fn a_whole_file_that_has_not_changed_is_not_sent_again() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let tag = anna.get(&whole()).await.expect(200).header("etag").to_owned();
    anna.send(reqwest::Method::GET, &whole(), &[("if-none-match", &tag)], None).await.expect(304);
    fill(&app).await;
    anna.send(reqwest::Method::GET, &whole(), &[("if-none-match", &tag)], None).await.expect(200);
}
