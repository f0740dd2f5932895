//! Assessments of oneself, participation, and learning outside class, over HTTP.

use openilp_tests::{TestApp, ids};
use serde_json::json;

#[tokio::test]
async fn r188_r190_an_interest_survey_is_for_careers_and_other_assessments_for_the_student() {
    let app = TestApp::start().await;
    let (anna, bela) = (app.person("anna").await, app.person("bela").await);
    let assessments = ids::in_file(1, "self-assessments");
    let survey = json!({ "kind": "interestSurvey", "instrument": "O*NET Interest Profiler", "takenOn": "2026-10-05", "result": "Social." });
    // The gatekeeper writes of careers (S4), and reads what the student finds out about herself (S6).
    let survey = bela.post(&assessments, survey).await.expect(201);
    for kind in ["interest", "skill", "learningStyle"] {
        let body = json!({ "kind": kind, "instrument": "By hand" });
        bela.post(&assessments, body.clone()).await.expect(403);
        let made = anna.post(&assessments, body).await.expect(201);
        bela.get(made.header("location")).await.expect(200);
        bela.patch(made.header("location"), "\"1\"", json!({ "instrument": "Another" })).await.expect(403);
        bela.delete(made.header("location"), "\"1\"").await.expect(403);
    }
    bela.patch(survey.header("location"), "\"1\"", json!({ "reflection": "We talked about it." })).await.expect(200);
    // The kind decides who may write it, so that it never changes.
    anna.patch(survey.header("location"), "\"2\"", json!({ "kind": "skill" })).await.expect(400);
    let sections = "select distinct section from changes where kind = 'selfAssessment' order by 1";
    assert_eq!(app.database.texts(sections).await, ["S4", "S6"]);
}

#[tokio::test]
async fn r113_what_came_of_an_assessment_has_the_day_it_was_taken() {
    let app = TestApp::start().await;
    let (anna, assessments) = (app.person("anna").await, ids::in_file(1, "self-assessments"));
    let made = anna.post(&assessments, json!({ "kind": "learningStyle", "instrument": "VARK" })).await.expect(201);
    let result = json!({ "result": "By doing.", "reflection": "True of chemistry." });
    assert_eq!(anna.patch(made.header("location"), "\"1\"", result.clone()).await.expect(422).pointers(), ["/takenOn"]);
    let result = openilp_domain::noun::with(result, json!({ "takenOn": "2026-10-05" }));
    anna.patch(made.header("location"), "\"1\"", result).await.expect(200);
}

#[tokio::test]
async fn r191_each_of_the_ten_kinds_of_participation_has_plan_record_and_reflection() {
    let app = TestApp::start().await;
    let (anna, participations) = (app.person("anna").await, ids::in_file(1, "participations"));
    let kinds =
        ["club", "organization", "athletics", "fineArts", "communityService", "recreational", "volunteer", "workRelated", "leadership", "other"];
    for kind in kinds {
        let body = json!({ "kind": kind, "title": "One", "plan": "To lead it.", "startsOn": "2026-09-08", "hours": 12, "record": "Met weekly.",
                           "reflection": "I want more." });
        anna.post(&participations, body).await.expect(201);
    }
    let ended = json!({ "kind": "club", "title": "One", "startsOn": "2026-09-08", "endsOn": "2026-09-07" });
    assert_eq!(anna.post(&participations, ended).await.expect(422).pointers(), ["/endsOn"]);
    // Below grade 9 the family supplements it (R37).
    let (greta, one) = (app.person("greta").await, json!({ "kind": "club", "title": "Chess" }));
    greta.post(&participations, one.clone()).await.expect(403);
    greta.post(&ids::in_file(2, "participations"), one).await.expect(201);
}

#[tokio::test]
async fn r113_r192_learning_outside_class_is_planned_recorded_and_reflected_on() {
    let app = TestApp::start().await;
    let (anna, experiences) = (app.person("anna").await, ids::in_file(1, "learning-experiences"));
    for kind in ["contextual", "serviceLearning", "internship"] {
        assert_eq!(anna.post(&experiences, json!({ "kind": kind, "title": "In the laboratory" })).await.expect(422).pointers(), ["/plan"]);
        let planned = json!({ "kind": kind, "title": "In the laboratory", "plan": "See how samples are taken." });
        let made = anna.post(&experiences, planned).await.expect(201);
        let amend = async |change| anna.patch(made.header("location"), "\"1\"", change).await;
        assert_eq!(amend(json!({ "hours": 3 })).await.expect(422).pointers(), ["/hours"]);
        assert_eq!(amend(json!({ "status": "done" })).await.expect(422).pointers(), ["/record", "/reflection"]);
        let done = json!({ "status": "done", "hours": 24, "record": "Kept the log.", "reflection": "Care matters more than speed." });
        amend(done).await.expect(200);
    }
}
