//! Students and me over HTTP.

use openilp_tests::{TestApp, ids};
use serde_json::Value;

fn names(answer: &openilp_tests::Answer) -> Vec<String> {
    answer.json()["items"].as_array().unwrap().iter().map(|s| s["givenName"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn r73_a_search_finds_only_students_whom_the_caller_may_see() {
    let app = TestApp::start().await;
    assert_eq!(names(&app.person("greta").await.get("/v1/students").await.expect(200)), ["Anna", "Ben"]);
    assert_eq!(names(&app.person("bela").await.get("/v1/students?q=ash").await.expect(200)), ["Anna", "Ben"]);
    assert_eq!(names(&app.person("bela").await.get("/v1/students?q=ASH%20b").await.expect(200)), ["Ben"]);
    assert_eq!(names(&app.person("kurt").await.get("/v1/students?grade=12").await.expect(200)), ["Cleo"]);
    for nobody in ["uma", "gus", "gil", "past", "next", "gwen"] {
        assert_eq!(names(&app.person(nobody).await.get("/v1/students").await.expect(200)), Vec::<String>::new(), "{nobody}");
    }
}

#[tokio::test]
async fn a_list_is_whole_at_every_page_size() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    for limit in [1, 2, 3, 100] {
        let (mut found, mut path) = (vec![], format!("/v1/students?limit={limit}"));
        loop {
            let page = kurt.get(&path).await.expect(200);
            found.extend(names(&page));
            let Some(next) = page.json()["page"]["next"].as_str().map(str::to_owned) else { break };
            assert!(page.header("link").contains(&next));
            path = format!("/v1/students?limit={limit}&cursor={next}");
        }
        assert_eq!(found, ["Anna", "Ben", "Cleo", "Dan"], "limit {limit}");
    }
}

#[tokio::test]
async fn words_to_look_for_are_short_and_have_no_control_characters() {
    let app = TestApp::start().await;
    let greta = app.person("greta").await;
    for (words, status) in
        [("an", 200), ("An%20An", 200), ("%C3%AA", 200), ("%00", 400), ("a%0Ab", 400), (&*"x".repeat(100), 200), (&*"x".repeat(101), 400)]
    {
        greta.get(&format!("/v1/students?q={words}")).await.expect(status);
    }
}

#[tokio::test]
async fn a_cursor_cannot_be_carried_to_another_caller() {
    let app = TestApp::start().await;
    let cursor = app.person("kurt").await.get("/v1/students?limit=1").await.json()["page"]["next"].as_str().unwrap().to_owned();
    app.person("bela").await.get(&format!("/v1/students?cursor={cursor}")).await.expect(422);
}

#[tokio::test]
async fn me_tells_who_i_am_and_whose_files_i_may_open() {
    let app = TestApp::start().await;
    let greta = app.person("greta").await.get("/v1/me").await.expect(200).json();
    assert_eq!(greta["givenName"], "Greta");
    assert_eq!(greta["district"]["name"], "Alder");
    let students: Vec<_> = greta["students"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(students, [ids::ANNA.to_string(), ids::BEN.to_string()]);
    assert_eq!(app.person("kurt").await.get("/v1/me").await.json()["offices"], serde_json::json!(["custodian"]));
    assert_eq!(app.client("state").await.get("/v1/me").await.expect(200).json()["clientKind"], "state");
    assert_eq!(app.client("sis").await.get("/v1/me").await.expect(200).json()["clientKind"], Value::from("sis"));
}
