//! Résumés with versions, built from the profile, over HTTP (R181).

use openilp_tests::{TestApp, ids};
use serde_json::{Value, json};

fn titles(version: &Value) -> Vec<&str> {
    version["entries"].as_array().unwrap().iter().map(|entry| entry["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn r181_a_resume_is_built_from_the_profile_and_a_later_version_stands_beside_it() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let add = async |list: &str, body: Value| anna.post(&ids::in_file(1, list), body).await.expect(201);
    let work = add("work-experiences", json!({ "employer": "County library", "role": "Page", "endsOn": "2026-08-14", "hours": 120.5 })).await;
    add("work-experiences", json!({ "employer": "Bakery", "role": "Cashier", "startsOn": "2026-09-01" })).await;
    let wrong = add("work-experiences", json!({ "employer": "Bakery", "role": "Baker" })).await;
    anna.patch(wrong.header("location"), "\"1\"", json!({ "enteredInError": true })).await.expect(200);
    for (day, progress) in [("2026-09-20", "Two ways."), ("2026-10-10", "Three ways.")] {
        add("skill-records", json!({ "skill": "problemSolving", "recordedOn": day, "progress": progress })).await;
    }
    add("credential-plans", json!({ "kind": "careerTechnical", "title": "Nursing assistant" })).await;
    add("strengths", json!({ "domain": "personalSocial", "kind": "strength", "title": "Speaks up now" })).await;
    add("strengths", json!({ "domain": "career", "kind": "strength", "title": "Calm with patients" })).await;
    let sources = json!(["strength", "workExperience", "credentialPlan", "skillRecord"]);
    let first = add("resume-versions", json!({ "title": "For the internship", "sources": sources })).await;
    // What is planned, mistaken, superseded or personal is no line of it; what goes on comes first.
    assert_eq!(titles(&first.json()), ["Calm with patients", "Cashier", "Page", "problemSolving"]);
    let page = json!({ "source": "workExperience", "recordId": work.id(), "recordVersion": 1, "title": "Page", "organization": "County library",
                       "endsOn": "2026-08-14", "hours": 120.5 });
    assert_eq!((&first.json()["entries"][2], &first.json()["entries"][3]["text"]), (&page, &json!("Three ways.")));
    anna.patch(work.header("location"), "\"1\"", json!({ "role": "Assistant" })).await.expect(200);
    add("resume-versions", json!({ "title": "For the internship", "sources": ["workExperience"], "summary": "I like to help." })).await;
    let listed = anna.get(&ids::in_file(1, "resume-versions")).await.expect(200).json();
    let versions: Vec<_> = listed["items"].as_array().unwrap().iter().map(titles).collect();
    assert_eq!(versions, [vec!["Calm with patients", "Cashier", "Page", "problemSolving"], vec!["Cashier", "Assistant"]]);
    // What it says is fixed; what it is called is not.
    assert_eq!(anna.patch(first.header("location"), "\"1\"", json!({ "sources": ["strength"] })).await.expect(400).pointers(), ["/sources"]);
    let renamed = anna.patch(first.header("location"), "\"1\"", json!({ "title": "For the hospital" })).await.expect(200).json();
    assert_eq!((&renamed["title"], titles(&renamed).len()), (&json!("For the hospital"), 4));
}

#[tokio::test]
async fn r48_r181_only_the_student_builds_a_resume_and_who_reads_careers_reads_it() {
    let app = TestApp::start().await;
    let resumes = ids::in_file(1, "resume-versions");
    let body = json!({ "title": "For a job", "sources": ["strength"] });
    for (name, status) in [("bela", 403), ("cara", 403), ("greta", 403), ("tom", 403), ("uma", 404), ("ben", 404)] {
        assert_eq!(app.person(name).await.post(&resumes, body.clone()).await.status, status, "{name}");
    }
    let made = app.person("anna").await.post(&resumes, body).await.expect(201);
    for (name, status) in [("anna", 200), ("greta", 200), ("bela", 200), ("tom", 200), ("cara", 200), ("rita", 404), ("pam", 404)] {
        assert_eq!(app.person(name).await.get(made.header("location")).await.status, status, "{name}");
    }
}
