//! Whoever does not say who they are gets nothing but what is public.

use openilp_tests::golden::assert_golden;
use openilp_tests::operations::operations;
use openilp_tests::targets::{PLACES, Targets};
use openilp_tests::{TestApp, ids};
use reqwest::Method;

#[tokio::test]
async fn r131_every_operation_that_is_not_public_refuses_whoever_has_no_sound_token() {
    let app = TestApp::start().await;
    let targets = Targets::of(&app).await;
    let anna = app.person("anna").await;
    let (signed, _) = anna.token().rsplit_once('.').unwrap();
    let forged = app.bearer(format!("{signed}.{}", "A".repeat(86)));
    let garbage = app.bearer("not-a-token");
    let issued_earlier = app.person("anna").await;
    let guarded: Vec<_> = operations().into_iter().filter(|operation| !operation.is_public()).collect();
    let mut prepared = vec![];
    for operation in &guarded {
        prepared.push(targets.prepare(operation, PLACES[0]).await);
    }
    app.clock.advance(chrono::TimeDelta::hours(2));
    for request in &prepared {
        for (how, actor) in [("without", &app.anonymous()), ("forged", &forged), ("garbage", &garbage), ("expired", &issued_earlier)] {
            let answer = request.sent_by(actor, "").await;
            assert_eq!(answer.status, 401, "{}, {how}: {}", request.operation, String::from_utf8_lossy(&answer.bytes));
            assert!(answer.header("www-authenticate").starts_with("Bearer"), "{}, {how}", request.operation);
            if request.operation.speaks_imsx() {
                assert_eq!(answer.json()["imsx_codeMinor"]["imsx_codeMinorField"][0]["imsx_codeMinorFieldValue"], "unauthorised_request");
                continue;
            }
            assert_eq!(answer.header("content-type"), "application/problem+json", "{}, {how}", request.operation);
            assert_eq!(answer.json()["code"], "unauthenticated");
        }
    }
    let owner = app.database.owner().await;
    let written: i64 = owner.query_one("select count(*) from access_records", &[]).await.unwrap().get(0);
    assert_eq!(written, 0, "nobody has seen anything");
}

/// What is public is a list that people review: `grep Public` in api/src says the same.
#[test]
fn what_anybody_may_ask_is_as_reviewed() {
    let lines =
        operations().into_iter().filter(openilp_tests::operations::Operation::is_public).map(|o| format!("{} {} {}\n", o.method, o.path, o.id));
    assert_golden("tests/public.operations", &lines.collect::<String>());
}

#[test]
fn every_operation_says_who_may_call() {
    for operation in operations() {
        assert_ne!(operation.permission, "none", "{operation} has no x-permission");
    }
}

#[tokio::test]
async fn a_method_that_a_path_does_not_have_is_405_with_allow() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let all = operations();
    for operation in &all {
        let path = operation.path_with(|_| ids::ANNA.to_string());
        for method in [Method::PUT, Method::TRACE, Method::from_bytes(b"PROPFIND").unwrap()] {
            if all.iter().any(|other| other.path == operation.path && other.method == method) {
                continue;
            }
            let answer = anna.send(method.clone(), &path, &[], None).await;
            assert_eq!(answer.status, 405, "{method} {path}: {}", String::from_utf8_lossy(&answer.bytes));
            let mut allowed: Vec<_> = all.iter().filter(|other| other.path == operation.path).map(|other| other.method.to_string()).collect();
            if allowed.iter().any(|m| m == "GET") {
                allowed.push("HEAD".into());
            }
            allowed.push("OPTIONS".into());
            allowed.sort();
            assert_eq!(answer.header("allow"), allowed.join(", "), "{path}");
            let media = if operation.speaks_imsx() { "application/json" } else { "application/problem+json" };
            assert_eq!(answer.header("content-type"), media, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn head_answers_like_get_without_a_body() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let path = format!("/v1/ilp-files/{}/goals", ids::file(1));
    let (get, head) = (anna.get(&path).await.expect(200), anna.send(Method::HEAD, &path, &[], None).await.expect(200));
    assert_eq!(head.header("content-type"), get.header("content-type"));
    assert!(head.bytes.is_empty());
}

#[tokio::test]
async fn an_unknown_path_is_404_as_a_problem() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    for path in [
        "/", "/v1", "/v1/", "/v2/goals", "/v1/goals", "/v1/goals/", "/v1/students/../goals", "/v1/%2e%2e/x", "/.env", "/v1/goals//history",
        "/problems/unknown",
    ] {
        for actor in [&anna, &app.anonymous()] {
            let answer = actor.get(path).await.expect(404);
            assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
            assert_eq!(answer.json()["code"], "not-found", "{path}");
        }
    }
}
