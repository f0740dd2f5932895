//! What one caller can take: limits of requests, caps of files, alarms.

use std::time::Duration;

use openilp_api::config::Config;
use openilp_tests::operations::document;
use openilp_tests::{Actor, Answer, TestApp, config, ids};
use serde_json::{Value, json};

/// A service whose limits are these; 60 a minute is one a second.
fn with(change: impl FnOnce(&mut Config)) -> Config {
    let mut config = config();
    change(&mut config);
    config
}

/// Sends until it is refused. Returns the refusal and how many got through.
async fn exhaust(actor: &Actor<'_>, path: &str) -> (Answer, usize) {
    for count in 0..500 {
        let answer = actor.get(path).await;
        if answer.status == 429 {
            return (answer, count);
        }
    }
    panic!("never refused");
}

async fn wait_as_told(refused: &Answer) {
    let seconds: u64 = refused.header("retry-after").parse().expect("whole seconds");
    assert!((1..=60).contains(&seconds), "{seconds}");
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

fn limited(app_metrics: &Answer, limit: &str) -> bool {
    String::from_utf8_lossy(&app_metrics.bytes).contains(&format!("openilp_limited_requests_total{{limit=\"{limit}\"}}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_sends_too_much_waits_as_long_as_told_and_nobody_else_does() {
    let app = TestApp::with(with(|config| config.rates.person = 60)).await;
    let (anna, kurt) = (app.person("anna").await, app.person("kurt").await);
    let (refused, through) = exhaust(&anna, "/v1/me").await;
    assert!((60..90).contains(&through), "{through}");
    let problem = refused.json();
    assert_eq!((&problem["code"], &problem["status"], &problem["instance"]), (&json!("rate-limited"), &json!(429), &json!("/v1/me")));
    assert_eq!(refused.header("content-type"), "application/problem+json");
    assert_eq!(refused.header("ratelimit-policy"), "\"person\";q=60;w=60");
    assert_eq!(refused.header("ratelimit"), format!("\"person\";r=0;t={}", refused.header("retry-after")));
    kurt.get("/v1/me").await.expect(200);
    app.client("sis").await.get("/v1/me").await.expect(200);
    wait_as_told(&refused).await;
    anna.get("/v1/me").await.expect(200);
    assert!(limited(&app.anonymous().get("/metrics").await, "person"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_is_refused_is_not_done_and_may_be_sent_again_with_its_key() {
    let app = TestApp::with(with(|config| config.rates.person = 20)).await;
    let (anna, bela) = (app.person("anna").await, app.person("bela").await);
    let goals = format!("/v1/ilp-files/{}/goals?limit=100", ids::file(1));
    let count = async || bela.get(&goals).await.expect(200).json()["items"].as_array().unwrap().len();
    let before = count().await;
    let goal = async |key: usize| {
        let goal = json!({ "domain": "career", "title": "Become a nurse", "objectiveKind": "occupational" });
        anna.post_with_key(goals.split('?').next().unwrap(), &format!("key-{key}"), goal).await
    };
    let mut sent = 0;
    let refused = loop {
        match goal(sent).await {
            answer if answer.status == 429 => break answer,
            answer => drop(answer.expect(201)),
        }
        sent += 1;
    };
    assert!((20..60).contains(&sent), "{sent}");
    assert_eq!(count().await, before + sent);
    wait_as_told(&refused).await;
    goal(sent).await.expect(201);
    assert_eq!(count().await, before + sent + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_has_a_limit_of_its_own() {
    let app = TestApp::with(with(|config| config.rates.client = 60)).await;
    let (sis, state) = (app.client("sis").await, app.client("state").await);
    let (refused, _) = exhaust(&sis, "/v1/me").await;
    assert_eq!(refused.header("ratelimit-policy"), "\"client\";q=60;w=60");
    state.get("/v1/me").await.expect(200);
    app.person("anna").await.get("/v1/me").await.expect(200);
    wait_as_told(&refused).await;
    sis.get("/v1/me").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_district_that_is_busy_says_so_and_no_more() {
    let app = TestApp::with(with(|config| config.rates.district = 60)).await;
    let (anna, kurt) = (app.person("anna").await, app.person("kurt").await);
    for _ in 0..30 {
        kurt.get("/v1/me").await.expect(200);
    }
    let (refused, through) = exhaust(&anna, "/v1/me").await;
    assert!(through < 60, "what the one sent counts for the other: {through}");
    assert_eq!(refused.json()["detail"], "Your district is busy.");
    assert!(!refused.headers.contains_key("ratelimit") && !refused.headers.contains_key("ratelimit-policy"));
    // Whoever names a district in the path is not of it, and is told nothing of it.
    let pull = format!("/v1/districts/{}/collections/ilp-status", ids::ALDER);
    app.client("state").await.get(&pull).await.expect(200);
    app.person_of(ids::BIRCH, "zeno").await.get("/v1/me").await.expect(200);
    wait_as_told(&refused).await;
    kurt.get("/v1/me").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_whose_tokens_are_refused_is_not_heeded_for_a_while_where_that_is_wanted() {
    let app = TestApp::with(with(|config| config.rates.refused = 60)).await;
    let (anna, stranger) = (app.person("anna").await, app.bearer("a.b.c"));
    for _ in 0..100 {
        anna.get("/v1/me").await.expect(200);
    }
    let (refused, through) = exhaust(&stranger, "/v1/me").await;
    assert!((60..90).contains(&through), "{through}");
    anna.get("/v1/me").await.expect(429);
    app.anonymous().get("/healthz").await.expect(200);
    wait_as_told(&refused).await;
    anna.get("/v1/me").await.expect(200);

    let unlimited = TestApp::start().await;
    let (anna, stranger) = (unlimited.person("anna").await, unlimited.bearer("a.b.c"));
    for _ in 0..100 {
        stranger.get("/v1/me").await.expect(401);
    }
    anna.get("/v1/me").await.expect(200);
}

#[test]
fn every_operation_that_needs_a_token_may_answer_that_it_is_too_much() {
    let document: Value = document();
    let mut looked_at = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let public = operation["x-permission"] == "public";
            assert!(public || operation["responses"]["429"].is_object(), "{method} {path}");
            looked_at += usize::from(!public);
        }
    }
    assert!(looked_at > 50);
    let shared = &document["components"]["responses"]["Problem429"];
    assert!(shared["headers"]["Retry-After"].is_object() && shared["content"]["application/problem+json"]["examples"]["rate-limited"].is_object());
}
