//! What is done to reach a goal, over HTTP: by whom, with which means, and what the student says of it.

use openilp_tests::{TestApp, ids};
use serde_json::{Value, json};

#[tokio::test]
async fn r92_r93_r94_r95_an_objective_comes_with_activities_of_the_school_the_family_the_student_and_others() {
    let app = TestApp::start().await;
    let (anna, greta, bela) = (app.person("anna").await, app.person("greta").await, app.person("bela").await);
    let goal = json!({ "domain": "career", "title": "Become a nurse", "objectiveKind": "occupational" });
    let goal = format!("/v1/goals/{}", anna.post(&ids::in_file(1, "goals"), goal).await.expect(201).id());
    let activities = format!("{goal}/activities");
    let add = |provider: &str, title: &str| json!({ "title": title, "provider": provider, "startsOn": "2026-11-02", "endsOn": "2027-05-28" });
    bela.post(&activities, add("school", "Health science classes")).await.expect(201);
    anna.post(&activities, add("family", "Help at grandmother's")).await.expect(201);
    anna.post(&activities, add("student", "Read about anatomy")).await.expect(201);
    // Work and study with an employer in town (R95).
    anna.post(&activities, add("other", "Work and study at the county hospital")).await.expect(201);
    let faulty = json!({ "title": "Too short", "provider": "state", "startsOn": "2027-01-02", "endsOn": "2027-01-01" });
    assert_eq!(anna.post(&activities, faulty).await.expect(422).pointers(), ["/provider"]);
    let listed = greta.get(&activities).await.expect(200).json();
    let providers: Vec<&Value> = listed["items"].as_array().unwrap().iter().map(|activity| &activity["provider"]).collect();
    assert_eq!(providers, ["school", "family", "student", "other"]);
}

#[tokio::test]
async fn r29_there_is_room_for_what_a_student_has_to_say() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    // A page and a half in two scripts, with lines: 10,000 characters, whatever they take in bytes.
    let page: String = "Ich möchte Pflegerin werden. 我想当护士。\n".chars().cycle().take(10_000).collect();
    let page = page.trim_end().to_owned();
    let goal = json!({ "domain": "academic", "title": "Pass chemistry", "description": page });
    let goal = format!("/v1/goals/{}", anna.post(&ids::in_file(1, "goals"), goal).await.expect(201).id());
    assert_eq!(anna.get(&goal).await.expect(200).json()["description"], page.as_str());
    let said = anna.post(&format!("{goal}/reflections"), json!({ "body": page })).await.expect(201);
    assert_eq!(anna.get(said.header("location")).await.expect(200).json()["body"], page.as_str());
    let more = format!("{page}{}", "!".repeat(10_001 - page.chars().count()));
    assert_eq!(anna.post(&format!("{goal}/reflections"), json!({ "body": more })).await.expect(422).pointers(), ["/body"]);
}
