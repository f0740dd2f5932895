//! What students hide and open, over HTTP.

use openilp_tests::{Actor, TestApp, ids};
use serde_json::{Value, json};

use crate::feed::told;

fn preferences(n: u128) -> String {
    format!("/v1/students/{}/privacy-preferences", ids::person(n))
}

fn file(n: u128, what: &str) -> String {
    format!("/v1/ilp-files/{}/{what}", ids::file(n))
}

fn asks(relation: &str, choice: &str) -> Value {
    json!({ "section": "S8", "relation": relation, "choice": choice })
}

fn pointers(problem: &Value) -> Vec<&str> {
    problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect()
}

/// A personal goal of Anna's.
async fn personal_goal(anna: &Actor<'_>) -> String {
    anna.post(&file(1, "goals"), json!({ "domain": "personalSocial", "title": "Sleep better" })).await.expect(201).id()
}

/// Where the goal may be read, and which of these show it.
async fn shown_in(actor: &Actor<'_>, goal: &str) -> Vec<&'static str> {
    let places = [
        ("single read", format!("/v1/goals/{goal}")),
        ("history", format!("/v1/goals/{goal}/history")),
        ("list", file(1, "goals")),
        ("whole file", file(1, "whole")),
    ];
    let mut shown = vec![];
    for (name, path) in places {
        let answer = actor.get(&path).await;
        if answer.status == 200 && String::from_utf8_lossy(&answer.bytes).contains("Sleep better") {
            shown.push(name);
        }
    }
    shown
}

const EVERYWHERE: [&str; 4] = ["single read", "history", "list", "whole file"];

#[tokio::test]
async fn r134_r135_what_the_student_hides_from_the_gatekeeper_is_hidden_everywhere() {
    let app = TestApp::start().await;
    let (anna, bela, greta) = (app.person("anna").await, app.person("bela").await, app.person("greta").await);
    let goal = personal_goal(&anna).await;
    assert_eq!(shown_in(&bela, &goal).await, EVERYWHERE);
    let start = bela.get("/v1/changes?from=now").await.expect(200).json()["cursor"].as_str().unwrap().to_owned();
    anna.post(&preferences(1), asks("gatekeeper", "hide")).await.expect(201);
    assert_eq!(shown_in(&bela, &goal).await, [""; 0]);
    bela.get(&format!("/v1/goals/{goal}")).await.expect(404);
    // The rights holder reads on (I3), and so does the student.
    assert_eq!(shown_in(&greta, &goal).await, EVERYWHERE);
    assert_eq!(shown_in(&anna, &goal).await, EVERYWHERE);
    // The feed tells the gatekeeper what may still be held, and the goal no more.
    let after = told(&bela, &format!("after={start}"), |entry| entry["operation"] == "granted").await;
    let granted = after.iter().find(|entry| entry["operation"] == "granted").unwrap();
    assert_eq!(granted["studentId"], ids::ANNA.to_string());
    assert!(!granted["readableSections"].to_string().contains("S8") && granted["readableSections"].to_string().contains("S2"), "{granted}");
    let all = told(&bela, "from=beginning", |entry| entry["operation"] == "granted").await;
    assert!(!json!(all).to_string().contains(&goal), "{all:?}");
}

#[tokio::test]
async fn r134_what_the_student_opens_is_open_to_the_teacher_until_it_is_taken_back() {
    let app = TestApp::start().await;
    let (anna, tom) = (app.person("anna").await, app.person("tom").await);
    let goal = personal_goal(&anna).await;
    assert_eq!(shown_in(&tom, &goal).await, [""; 0]);
    let made = anna.post(&preferences(1), asks("teacher", "open")).await.expect(201);
    assert_eq!(shown_in(&tom, &goal).await, EVERYWHERE);
    // It is opened to read, not to write.
    tom.patch(&format!("/v1/goals/{goal}"), "\"1\"", json!({ "title": "Sleep" })).await.expect(403);
    let path = made.header("location").to_owned();
    anna.delete(&path, "\"2\"").await.expect(412);
    anna.delete(&path, "\"1\"").await.expect(204);
    anna.delete(&path, "\"1\"").await.expect(404);
    assert_eq!(shown_in(&tom, &goal).await, [""; 0]);
}

#[tokio::test]
async fn a_student_chooses_only_what_the_policy_leaves_open() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let turned = anna.post(&preferences(1), asks("gatekeeper", "open")).await.expect(422).json();
    assert_eq!((pointers(&turned), turned["errors"][0]["detail"].as_str()), (vec!["/choice"], Some("Here you may only choose: hide.")));
    let guardian = anna.post(&preferences(1), asks("guardian", "hide")).await.expect(422).json();
    assert_eq!(pointers(&guardian), ["/relation"]);
    assert!(
        guardian["errors"][0]["detail"].as_str().unwrap().starts_with("In S8 you may choose: hide for gatekeeper, open for teacher"),
        "{guardian}"
    );
    let faults = anna.post(&preferences(1), json!({ "section": "S99", "relation": "friend", "note": 1 })).await.expect(400).json();
    assert_eq!(pointers(&faults), ["/section", "/relation", "/choice", "/note"]);
    assert_eq!(anna.get(&preferences(1)).await.expect(200).json()["items"], json!([]));
}

#[tokio::test]
async fn what_is_asked_already_stays_as_it_is_and_is_journaled_once() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let first = anna.post(&preferences(1), asks("gatekeeper", "hide")).await.expect(201);
    assert_eq!(anna.post(&preferences(1), asks("gatekeeper", "hide")).await.expect(201).json(), first.json());
    anna.delete(first.header("location"), "\"1\"").await.expect(204);
    let journal = "select concat_ws(' ', operation, relation, student_id, section) from changes where kind = 'privacyPreference' order by seq";
    let rows = app.database.texts(journal).await;
    assert_eq!(rows, [format!("created self {} S14", ids::ANNA), format!("removed self {} S14", ids::ANNA)]);
}

#[tokio::test]
async fn r131_only_the_student_asks_and_who_reads_s14_sees_what_is_asked() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let path = anna.post(&preferences(1), asks("gatekeeper", "hide")).await.expect(201).header("location").to_owned();
    for reader in ["anna", "greta", "bela", "kurt"] {
        let actor = app.person(reader).await;
        assert_eq!(actor.get(&preferences(1)).await.expect(200).json()["items"].as_array().unwrap().len(), 1, "{reader}");
        assert_eq!(actor.get(&path).await.expect(200).json()["relation"], "gatekeeper", "{reader}");
        if reader != "anna" {
            actor.post(&preferences(1), asks("teacher", "open")).await.expect(403);
            actor.delete(&path, "\"1\"").await.expect(403);
        }
    }
    let tom = app.person("tom").await;
    tom.get(&preferences(1)).await.expect(403);
    tom.post(&preferences(1), asks("teacher", "open")).await.expect(403);
    tom.get(&path).await.expect(404);
    for stranger in
        [app.person("ben").await, app.person("uma").await, app.person_of(ids::BIRCH, "zoe").await, app.person_of(ids::BIRCH, "zeno").await]
    {
        stranger.get(&preferences(1)).await.expect(404);
        stranger.post(&preferences(1), asks("teacher", "open")).await.expect(404);
        stranger.get(&path).await.expect(404);
        stranger.delete(&path, "\"1\"").await.expect(404);
    }
}

#[tokio::test]
async fn a_student_whose_age_nobody_knows_may_hide_all_the_same() {
    let app = TestApp::start().await;
    let dan = app.person("dan").await;
    dan.post(&preferences(4), asks("gatekeeper", "hide")).await.expect(201);
    assert_eq!(dan.get(&preferences(4)).await.expect(200).json()["items"].as_array().unwrap().len(), 1);
}
