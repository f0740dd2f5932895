//! Reading the feed until it has told something; and what a page tells of what comes after it.

use openilp_tests::{Actor, TestApp, ids};
use serde_json::{Value, json};

/// What the feed gives from a start on (`from=…` or `after=…`), up to the page on which something is told.
pub async fn told(actor: &Actor<'_>, start: &str, is_told: impl Fn(&Value) -> bool) -> Vec<Value> {
    let (mut start, mut all) = (start.to_owned(), vec![]);
    for _ in 0..20 {
        let page = actor.get(&format!("/v1/changes?{start}&limit=100&wait=1")).await.expect(200).json();
        all.extend(page["items"].as_array().unwrap().iter().cloned());
        if all.iter().any(&is_told) {
            return all;
        }
        start = format!("after={}", page["cursor"].as_str().unwrap());
    }
    panic!("the feed did not tell it: {all:?}")
}

#[tokio::test]
async fn r131_g6_a_full_page_does_not_tell_of_what_is_hidden_after_it() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.person("anna").await, app.person("ben").await);
    let add = async |student: &Actor<'_>, n| {
        let strength = json!({ "domain": "academic", "kind": "strength", "title": "Asks" });
        let id = student.post(&ids::in_file(n, "strengths"), strength).await.expect(201).id();
        told(student, "", |entry| entry["resourceId"] == id).await.len()
    };
    add(&anna, 1).await;
    let all = add(&anna, 1).await;
    add(&ben, 2).await;
    let page = async || anna.get(&format!("/v1/changes?limit={all}")).await.expect(200).json();
    assert_eq!((page().await["items"].as_array().unwrap().len(), &page().await["more"]), (all, &json!(false)));
    add(&anna, 1).await;
    assert_eq!(page().await["more"], true);
}
