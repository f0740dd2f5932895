//! Career options, work experience and exam results over HTTP.

use openilp_tests::{TestApp, ids};
use serde_json::json;

#[tokio::test]
async fn r180_a_career_option_has_its_occupation_by_a_code_and_its_system() {
    let app = TestApp::start().await;
    let (anna, options) = (app.person("anna").await, ids::in_file(1, "career-options"));
    let coded = json!({ "occupationTitle": "Registered nurse", "occupationCode": "29-1141.00" });
    assert_eq!(anna.post(&options, coded).await.expect(422).pointers(), ["/occupationCodeSystem"]);
    let coded = json!({ "occupationTitle": "Registered nurse", "occupationCode": "29-1141.00", "occupationCodeSystem": "onet-soc-2019" });
    let made = anna.post(&options, coded).await.expect(201);
    assert_eq!(made.json()["standing"], "exploring");
    // What is left of a pair is as incomplete after a change as before it.
    let cleared = anna.patch(made.header("location"), "\"1\"", json!({ "occupationCodeSystem": null })).await.expect(422);
    assert_eq!(cleared.pointers(), ["/occupationCodeSystem"]);
    let cleared = json!({ "occupationCodeSystem": null, "occupationCode": null, "standing": "chosen" });
    anna.patch(made.header("location"), "\"1\"", cleared).await.expect(200);
}

#[tokio::test]
async fn r189_progress_with_the_coursework_that_a_career_needs_is_documented_by_the_counselor_too() {
    let app = TestApp::start().await;
    let (anna, bela) = (app.person("anna").await, app.person("bela").await);
    let option = json!({ "occupationTitle": "Electrician", "courseworkNeeded": "Algebra II, physics, the two CTE courses." });
    let made = anna.post(&ids::in_file(1, "career-options"), option).await.expect(201);
    let path = made.header("location").to_owned();
    bela.patch(&path, "\"1\"", json!({ "courseworkProgress": "Algebra II passed; physics next year." })).await.expect(200);
    let faulty = anna.patch(&path, "\"2\"", json!({ "courseworkNeeded": null })).await.expect(422);
    assert_eq!(faulty.pointers(), ["/courseworkNeeded"]);
    let history = anna.get(&format!("{path}/history")).await.expect(200).json();
    assert_eq!(history["items"][1]["relation"], "gatekeeper");
}

#[tokio::test]
async fn r187_work_experience_is_reflected_on_and_does_not_end_before_it_begins() {
    let app = TestApp::start().await;
    let (anna, work) = (app.person("anna").await, ids::in_file(1, "work-experiences"));
    let faulty = json!({ "employer": "County library", "role": "Page", "startsOn": "2026-08-14", "endsOn": "2026-06-15", "hours": -1 });
    assert_eq!(anna.post(&work, faulty).await.expect(422).pointers(), ["/hours"]);
    let faulty = json!({ "employer": "County library", "role": "Page", "startsOn": "2026-08-14", "endsOn": "2026-06-15" });
    assert_eq!(anna.post(&work, faulty).await.expect(422).pointers(), ["/endsOn"]);
    let made = anna.post(&work, json!({ "employer": "County library", "role": "Page", "startsOn": "2026-06-15", "hours": 120.5 })).await.expect(201);
    let reflected = json!({ "endsOn": "2026-08-14", "reflection": "I like children more than shelves." });
    let read = anna.patch(made.header("location"), "\"1\"", reflected).await.expect(200).json();
    assert_eq!((&read["hours"], &read["reflection"]), (&json!(120.5), &json!("I like children more than shelves.")));
}

#[tokio::test]
async fn r182_an_exam_result_has_a_score_or_the_level_that_was_reached() {
    let app = TestApp::start().await;
    let (anna, results) = (app.person("anna").await, ids::in_file(1, "exam-results"));
    let silent = json!({ "exam": "ASVAB", "takenOn": "2026-10-07", "meaning": "To be seen." });
    assert_eq!(anna.post(&results, silent).await.expect(422).pointers(), ["/score"]);
    let scaled = json!({ "exam": "ASVAB", "takenOn": "2026-10-07", "scale": "1 to 99", "levelReached": "II" });
    assert_eq!(anna.post(&results, scaled).await.expect(422).pointers(), ["/score"]);
    let result = json!({ "exam": "ASVAB", "takenOn": "2026-10-07", "score": "62", "scale": "1 to 99", "meaning": "Enough for most occupations." });
    let made = anna.post(&results, result).await.expect(201);
    // A guardian helps with words, but does not write here from grade 9 on.
    app.person("greta").await.patch(made.header("location"), "\"1\"", json!({ "score": "99" })).await.expect(403);
}
