//! The course plan, credentials, pathways and what assessments mean for them, over HTTP.

use openilp_tests::{TestApp, ids};
use serde_json::json;

#[tokio::test]
async fn r174_r175_a_course_plan_goes_over_years_and_says_what_each_course_counts_toward() {
    let app = TestApp::start().await;
    let (anna, bela, courses) = (app.person("anna").await, app.person("bela").await, ids::in_file(1, "planned-courses"));
    for (year, grade, title) in [(2027, "10", "Chemistry"), (2028, "11", "AP Chemistry"), (2029, "12", "Anatomy")] {
        let course = json!({ "schoolYear": year, "grade": grade, "title": title, "subject": "science", "credits": 1 });
        anna.post(&courses, course).await.expect(201);
    }
    assert_eq!(anna.post(&courses, json!({ "schoolYear": 2028, "title": "Art", "credits": 0.5 })).await.expect(422).pointers(), ["/subject"]);
    let listed = bela.get(&courses).await.expect(200).json();
    let years: Vec<_> = listed["items"].as_array().unwrap().iter().map(|course| course["schoolYear"].as_i64().unwrap()).collect();
    assert_eq!(years, [2027, 2028, 2029]);
    let first = format!("/v1/planned-courses/{}", listed["items"][0]["id"].as_str().unwrap());
    let done = bela.patch(&first, "\"1\"", json!({ "status": "completed" })).await.expect(200).json();
    assert_eq!(done["status"], "completed");
    // The whole file has them; a guardian of a student in grade 10 reads, and does not write.
    let greta = app.person("greta").await;
    let whole = greta.get(&format!("/v1/ilp-files/{}/whole", ids::file(1))).await.expect(200).json();
    assert_eq!(whole["plannedCourses"].as_array().unwrap().len(), 3);
    greta.post(&courses, json!({ "schoolYear": 2028, "title": "Art" })).await.expect(403);
}

#[tokio::test]
async fn r178_a_credential_is_documented_once_it_is_earned() {
    let app = TestApp::start().await;
    let (anna, plans) = (app.person("anna").await, ids::in_file(1, "credential-plans"));
    let made = anna.post(&plans, json!({ "kind": "careerTechnical", "title": "Certified Nursing Assistant", "schoolYear": 2027 })).await.expect(201);
    let path = made.header("location").to_owned();
    assert_eq!(anna.patch(&path, "\"1\"", json!({ "status": "earned" })).await.expect(422).pointers(), ["/earnedOn"]);
    let earned = json!({ "status": "earned", "earnedOn": "2026-12-18", "documentation": "State registry." });
    assert_eq!(anna.patch(&path, "\"1\"", earned).await.expect(200).json()["status"], "earned");
    for kind in ["advancedPlacement", "dualCredit", "preApprenticeship"] {
        anna.post(&plans, json!({ "kind": kind, "title": "One more" })).await.expect(201);
    }
    anna.post(&plans, json!({ "kind": "diploma", "title": "x" })).await.expect(422);
}

#[tokio::test]
async fn r179_a_pathway_has_its_progress_and_its_endorsement() {
    let app = TestApp::start().await;
    let (anna, bela, plans) = (app.person("anna").await, app.person("bela").await, ids::in_file(1, "pathway-plans"));
    assert_eq!(anna.post(&plans, json!({ "pathway": "Nursing", "endorsementStatus": "inProgress" })).await.expect(422).pointers(), ["/endorsement"]);
    let sought = json!({ "pathway": "Nursing", "endorsementStatus": "inProgress", "endorsement": "Health science", "progress": "Two of four." });
    let made = anna.post(&plans, sought).await.expect(201);
    let given = json!({ "endorsementStatus": "earned", "endorsedOn": "2029-05-30" });
    bela.patch(made.header("location"), "\"1\"", given).await.expect(200);
}

#[tokio::test]
async fn r176_results_of_an_assessment_are_analyzed_with_the_need_for_intervention_and_advice() {
    let app = TestApp::start().await;
    let (bela, reviews) = (app.person("bela").await, ids::in_file(1, "assessment-reviews"));
    let review = json!({ "assessment": "State mathematics", "reviewedOn": "2026-10-07", "analysis": "Up by a level.", "intervention": "Tutoring" });
    assert_eq!(bela.post(&reviews, review.clone()).await.expect(422).pointers(), ["/needsIntervention"]);
    let mut needed = review;
    needed["needsIntervention"] = true.into();
    needed["advisement"] = "Algebra I with support.".into();
    let made = bela.post(&reviews, needed).await.expect(201);
    assert_eq!(app.person("anna").await.get(made.header("location")).await.expect(200).json()["advisement"], "Algebra I with support.");
}
