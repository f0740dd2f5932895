//! Records of applied skills over HTTP.

use openilp_tests::{TestApp, ids};
use serde_json::json;

#[tokio::test]
async fn r193_six_skills_are_known_and_a_school_may_name_others() {
    let app = TestApp::start().await;
    let (anna, skills) = (app.person("anna").await, ids::in_file(1, "skill-records"));
    for skill in ["communication", "problemSolving", "criticalThinking", "research", "reflectionAndEvaluation", "collaboration"] {
        anna.post(&skills, json!({ "skill": skill, "recordedOn": "2026-10-14", "level": "developing" })).await.expect(201);
    }
    let unnamed = json!({ "skill": "local", "recordedOn": "2026-10-14", "level": "developing" });
    assert_eq!(anna.post(&skills, unnamed).await.expect(422).pointers(), ["/localSkill"]);
    let twice = json!({ "skill": "research", "localSkill": "Craftsmanship", "recordedOn": "2026-10-14" });
    assert_eq!(anna.post(&skills, twice).await.expect(422).pointers(), ["/localSkill", "/progress"]);
    let local = json!({ "skill": "local", "localSkill": "Craftsmanship", "recordedOn": "2026-10-14", "level": "proficient" });
    assert_eq!(anna.post(&skills, local).await.expect(201).json()["localSkill"], "Craftsmanship");
}

#[tokio::test]
async fn r193_a_teacher_records_progress_with_a_skill_and_the_student_reflects_on_it() {
    let app = TestApp::start().await;
    let (anna, tom, skills) = (app.person("anna").await, app.person("tom").await, ids::in_file(1, "skill-records"));
    let record =
        json!({ "skill": "collaboration", "recordedOn": "2026-10-14", "level": "proficient", "progress": "Led the group through the project." });
    let made = tom.post(&skills, record).await.expect(201);
    let reflected = anna.patch(made.header("location"), "\"1\"", json!({ "reflection": "Listening was the hard part." })).await.expect(200).json();
    assert_eq!((&reflected["level"], &reflected["version"]), (&json!("proficient"), &json!(2)));
    app.person("greta").await.patch(made.header("location"), "\"2\"", json!({ "level": "advanced" })).await.expect(403);
}
