//! Access explained over HTTP: what the custodian is told is what everybody is given, and nobody learns of a student whom they may not know.

use std::collections::BTreeMap;

use openilp_tests::cast::CAST;
use openilp_tests::{Actor, TestApp, ids};
use serde_json::{Value, json};

fn of(student: impl std::fmt::Display, what: &str) -> String {
    format!("/v1/students/{student}/{what}")
}

fn words<'v>(list: &'v Value, member: &str) -> Vec<&'v str> {
    list.as_array().unwrap().iter().map(|item| item[member].as_str().unwrap()).collect()
}

async fn readers(kurt: &Actor<'_>, path: &str) -> Vec<Value> {
    let (mut path, mut all) = (path.to_owned(), vec![]);
    loop {
        let page = kurt.get(&path).await.expect(200).json();
        all.extend(page["items"].as_array().unwrap().iter().cloned());
        let Some(next) = page["page"]["next"].as_str() else { return all };
        let separator = if path.contains('?') { '&' } else { '?' };
        path = format!("{}{separator}cursor={next}", path.split(['?', '&']).next().unwrap().to_owned() + "?limit=1");
    }
}

fn by_name(readers: &[Value]) -> BTreeMap<&str, &Value> {
    readers.iter().map(|reader| (reader["givenName"].as_str().unwrap(), reader)).collect()
}

/// Each section that is read, and how much of it.
fn extents(sections: &Value) -> Vec<(String, String, String)> {
    let text = |section: &Value, member: &str| section[member].as_str().unwrap_or_default().to_owned();
    let read = sections.as_array().unwrap().iter().filter(|section| section["extent"].is_string());
    read.map(|section| (text(section, "section"), text(section, "extent"), text(section, "relation"))).collect()
}

#[tokio::test]
async fn r134_the_custodian_is_told_of_everybody_exactly_what_they_read() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    for student in [ids::ANNA, ids::BEN, ids::CLEO, ids::DAN] {
        let told = readers(&kurt, &of(student, "readers")).await;
        let told: BTreeMap<&str, &Value> = told.iter().map(|reader| (reader["personId"].as_str().unwrap(), reader)).collect();
        let mut reading = 0;
        for part in &CAST[..19] {
            let actor = app.person(part.name).await;
            let me = actor.get("/v1/me").await.expect(200).json();
            let own = actor.get(&of(student, "my-access")).await;
            let Some(reader) = told.get(me["personId"].as_str().unwrap()) else {
                assert_eq!(own.status, 404, "{} reads of {student} and is not told of", part.name);
                continue;
            };
            reading += 1;
            assert_eq!(extents(&reader["sections"]), extents(&own.expect(200).json()["sections"]), "{} of {student}", part.name);
        }
        assert_eq!(reading, told.len(), "{student} is read by somebody who is not of the cast");
    }
}

#[tokio::test]
async fn r134_each_reader_comes_with_relation_confirmation_period_and_rule() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let all = readers(&kurt, &of(ids::ANNA, "readers")).await;
    let people = by_name(&all);
    let tom = people["Tom"];
    assert_eq!(tom["relations"][0]["relation"], "teacher");
    assert_eq!(tom["relations"][0]["inForce"], true);
    assert!(tom["relations"][0]["confirmedAt"].is_string() && tom["relations"][0]["validFrom"].is_string(), "{tom}");
    let plan = tom["sections"].as_array().unwrap().iter().find(|section| section["section"] == "S2").unwrap();
    assert_eq!((plan["extent"].as_str(), plan["relation"].as_str()), (Some("all"), Some("teacher")));
    assert_eq!(plan["rule"], "A teacher assigned to the plan is a participant (R40).");
    for nobody in ["Gus", "Gil", "Uma", "Past", "Next", "Zeno"] {
        assert!(!people.contains_key(nobody), "{nobody} reads nothing");
    }
}

#[tokio::test]
async fn r134_who_reads_one_section_can_be_asked_and_page_by_page_it_is_the_same() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let all = readers(&kurt, &of(ids::ANNA, "readers?limit=100")).await;
    assert_eq!(readers(&kurt, &of(ids::ANNA, "readers?limit=1")).await, all);
    let confidential = kurt.get(&of(ids::ANNA, "readers?section=S10")).await.expect(200).json();
    assert_eq!(words(&confidential["items"], "givenName"), ["Anna", "Greta"]);
    assert_eq!(words(&confidential["items"][1]["sections"], "section"), ["S10"]);
    kurt.get(&of(ids::ANNA, "readers?section=S99")).await.expect(400);
}

#[tokio::test]
async fn r134_who_is_no_longer_assigned_is_no_longer_a_reader() {
    let app = TestApp::start().await;
    let (kurt, uma) = (app.person("kurt").await, app.person("uma").await);
    let names = async || by_name(&readers(&kurt, &of(ids::ANNA, "readers?limit=100")).await).contains_key("Uma");
    let body = json!({ "studentId": ids::ANNA, "personId": ids::person(24), "kind": "teacher" });
    let path = kurt.post("/v1/assignments", body).await.expect(201).header("location").to_owned();
    assert!(names().await);
    kurt.patch(&path, "\"1\"", json!({ "validTo": "2026-10-15" })).await.expect(200);
    assert!(!names().await);
    uma.get(&of(ids::ANNA, "my-access")).await.expect(404);
}

#[tokio::test]
async fn r134_only_the_custodian_is_told_who_else_reads() {
    let app = TestApp::start().await;
    for (name, status) in [("kurt", 200), ("anna", 403), ("greta", 403), ("bela", 403), ("pam", 403), ("cora", 404), ("uma", 404)] {
        assert_eq!(app.person(name).await.get(&of(ids::ANNA, "readers")).await.status, status, "{name}");
    }
    app.person_of(ids::BIRCH, "zeno").await.get(&of(ids::ANNA, "readers")).await.expect(404);
}

#[tokio::test]
async fn r134_a_caller_is_told_which_sections_are_open_and_why_the_others_are_not() {
    let app = TestApp::start().await;
    let own = app.person("tom").await.get(&of(ids::ANNA, "my-access")).await.expect(200).json();
    assert_eq!(words(&own["relations"], "relation"), ["teacher"]);
    let section = |code: &str| own["sections"].as_array().unwrap().iter().find(|section| section["section"] == code).unwrap().clone();
    assert_eq!(own["sections"].as_array().unwrap().len(), 17);
    assert_eq!(section("S2")["actions"], json!(["read", "comment", "propose"]));
    assert_eq!(section("S2")["reasons"], json!([]));
    assert_eq!(section("S13")["ownActions"], json!(["read", "write"]));
    let closed = section("S10");
    assert_eq!((&closed["actions"], closed["extent"].is_null()), (&json!([]), true));
    assert_eq!(words(&closed["reasons"], "text"), ["The policy does not open this section to you as teacher."]);
    assert_eq!(words(&section("S1b")["reasons"], "whyNot"), ["notInProfile"]);
}

#[tokio::test]
async fn r134_a_caller_is_told_that_a_relation_ended() {
    let app = TestApp::start().await;
    let (kurt, past) = (app.person("kurt").await, app.person("past").await);
    past.get(&of(ids::ANNA, "my-access")).await.expect(404);
    let me = past.get("/v1/me").await.expect(200).json();
    kurt.post("/v1/assignments", json!({ "studentId": ids::ANNA, "personId": me["personId"], "kind": "teacher" })).await.expect(201);
    let own = past.get(&of(ids::ANNA, "my-access")).await.expect(200).json();
    let ended = own["relations"].as_array().unwrap().iter().find(|relation| relation["relation"] == "gatekeeper").unwrap();
    assert_eq!((&ended["inForce"], &ended["whyNot"]), (&json!(false), &json!("ended")));
    assert!(ended["text"].as_str().unwrap().starts_with("Your relation as gatekeeper ended on 20"), "{ended}");
}

#[tokio::test]
async fn r131_r132_of_a_student_whom_one_may_not_know_one_is_told_what_one_is_told_of_none() {
    let app = TestApp::start().await;
    for name in ["uma", "gus", "gil", "past", "next", "zoe"] {
        let actor = if name == "zoe" { app.person_of(ids::BIRCH, name).await } else { app.person(name).await };
        let body = async |id: uuid::Uuid| {
            let mut problem = actor.get(&of(id, "my-access")).await.expect(404).json();
            for member in ["instance", "correlationId"] {
                problem.as_object_mut().unwrap().remove(member);
            }
            problem
        };
        assert_eq!(body(ids::ANNA).await, body(uuid::Uuid::from_u128(1)).await, "{name}");
    }
    // A guardian whose rights have passed to the student is told no more than a stranger.
    app.person("gwen").await.get(&of(ids::CLEO, "my-access")).await.expect(404);
}
