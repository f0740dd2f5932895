//! Invitations: a code that is told once and counts once.

use futures_util::future::join_all;
use openilp_tests::issuer::TestIssuer;
use openilp_tests::{Answer, TestApp, ids};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

const INVITATIONS: &str = "/v1/invitations";
const REDEEM: &str = "/v1/invitation-redemptions";
/// Gus, guardian of Anna, not confirmed.
const GUS: Uuid = ids::person(11);
/// Greta, guardian of Anna and Ben, confirmed.
const GRETA: Uuid = ids::person(10);

async fn families(app: &TestApp) -> TestIssuer {
    TestIssuer::register(app, ids::ALDER, "https://families.example", json!({ "forFamilies": true })).await.0
}

async fn invite(app: &TestApp, person: Uuid) -> (Answer, String) {
    let made = app.person("kurt").await.post(INVITATIONS, json!({ "personId": person })).await.expect(201);
    let code = made.json()["code"].as_str().unwrap().to_owned();
    (made, code)
}

fn code(code: &str) -> Value {
    json!({ "code": code })
}

#[tokio::test]
async fn a_code_brings_a_login_and_the_confirmed_link_its_rights() {
    let app = TestApp::start().await;
    let issuer = families(&app).await;
    let (_, of_gus) = invite(&app, GUS).await;
    let gus = issuer.login(&app, "gus@home", json!({}));
    gus.get("/v1/me").await.expect(403);
    let redeemed = gus.post(REDEEM, code(&of_gus)).await.expect(200).json();
    assert_eq!((redeemed["personId"].as_str(), redeemed.get("code")), (Some(GUS.to_string().as_str()), None));
    assert_eq!(gus.get("/v1/me").await.expect(200).json()["students"], json!([]));
    gus.get(&format!("/v1/ilp-files/{}/goals", ids::file(1))).await.expect(404);

    let (_, of_greta) = invite(&app, GRETA).await;
    let greta = issuer.login(&app, "greta@home", json!({}));
    // As people write it.
    greta.post(REDEEM, code(&of_greta.to_lowercase().replace('-', " "))).await.expect(200);
    greta.get(&format!("/v1/ilp-files/{}/goals", ids::file(1))).await.expect(200);
    let journaled = "select concat_ws(' ', kind, operation, relation) from changes where kind in ('invitation', 'identityLink') order by seq";
    let four = ["invitation created custodian", "identityLink created self", "invitation amended self"];
    let all = app.database.texts(journaled).await;
    assert_eq!(all, [four[0], four[1], four[2], four[0], four[1], four[2]]);
}

#[tokio::test]
async fn a_code_is_told_once_and_kept_nowhere() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let made = kurt.post_with_key(INVITATIONS, "one", json!({ "personId": GUS })).await.expect(201);
    let told = made.json()["code"].as_str().unwrap().to_owned();
    assert_eq!(told.len(), 29);
    let again = kurt.post_with_key(INVITATIONS, "one", json!({ "personId": GUS })).await.expect(201).json();
    assert_eq!((again["id"].as_str(), again.get("code")), (Some(made.id().as_str()), None));
    assert_eq!(kurt.get(made.header("location")).await.expect(200).json(), again);
    assert_eq!(made.json()["expiresAt"], "2026-10-29T15:00:00Z");
    for text in [told.clone(), told.replace('-', "")] {
        let tables = app
            .database
            .texts("select table_name::text from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'")
            .await;
        for table in tables {
            let hex: String = text.bytes().map(|b| format!("{b:02x}")).collect();
            let rows = format!("select count(*)::text from {table} t where t::text like '%{text}%' or t::text like '%{hex}%'");
            assert_eq!(app.database.texts(&rows).await, ["0"], "{table}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_redeem_a_code_at_once_one_gets_in() {
    let app = TestApp::start().await;
    let issuer = families(&app).await;
    for round in 0..5 {
        let (_, told) = invite(&app, GUS).await;
        let logins: Vec<_> = (0..8).map(|n| issuer.login(&app, &format!("login-{round}-{n}"), json!({}))).collect();
        let mut statuses: Vec<u16> =
            join_all(logins.iter().map(|login| login.post(REDEEM, code(&told)))).await.into_iter().map(|a| a.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 422, 422, 422, 422, 422, 422, 422]);
    }
    assert_eq!(app.database.texts("select count(*)::text from identity_links where issuer = 'https://families.example'").await, ["5"]);
}

#[tokio::test]
async fn the_same_request_again_gets_the_same_answer() {
    let app = TestApp::start().await;
    let issuer = families(&app).await;
    let (_, told) = invite(&app, GUS).await;
    let gus = issuer.login(&app, "gus@home", json!({}));
    let first = gus.post_with_key(REDEEM, "one", code(&told)).await.expect(200);
    assert_eq!(gus.post_with_key(REDEEM, "one", code(&told)).await.expect(200).bytes, first.bytes);
    gus.post(REDEEM, code(&told)).await.expect(422);
}

#[tokio::test]
async fn why_a_code_is_not_accepted_is_not_told() {
    let app = TestApp::start().await;
    let (issuer, kurt) = (families(&app).await, app.person("kurt").await);
    let (taken_back, first) = invite(&app, GUS).await;
    kurt.delete(taken_back.header("location"), "\"2\"").await.expect(412);
    kurt.delete(taken_back.header("location"), "\"1\"").await.expect(204);
    kurt.delete(taken_back.header("location"), "\"1\"").await.expect(404);
    let (_, of_gone) = invite(&app, ids::person(14)).await;
    app.database.owner().await.execute("update people set active = false where id = $1", &[&ids::person(14)]).await.unwrap();
    kurt.post(INVITATIONS, json!({ "personId": ids::person(14) })).await.expect(409);
    kurt.post(INVITATIONS, json!({ "personId": ids::ZOE })).await.expect(409);
    let (_, late) = invite(&app, GUS).await;
    let zeno = app.person_of(ids::BIRCH, "zeno").await;
    let elsewhere = zeno.post(INVITATIONS, json!({ "personId": ids::person(51) })).await.expect(201).json()["code"].as_str().unwrap().to_owned();
    app.clock.advance(chrono::TimeDelta::days(14));
    let mut answers = vec![];
    for (n, bad) in [first, of_gone, late, elsewhere, "K7Q2F-9XM4T-B3W8N-ZC5HD-6RJ1V".into(), "x".into()].iter().enumerate() {
        let mut problem = issuer.login(&app, &format!("login-{n}"), json!({})).post(REDEEM, code(bad)).await.expect(422).json();
        problem["correlationId"] = Value::Null;
        answers.push(problem);
    }
    assert!(answers.iter().all(|problem| *problem == answers[0]), "{answers:?}");
    assert_eq!(answers[0]["errors"][0]["code"], "code_not_accepted");
}

#[tokio::test]
async fn a_login_that_goes_on_guessing_is_refused_for_an_hour() {
    let app = TestApp::start().await;
    let issuer = families(&app).await;
    let (_, told) = invite(&app, GUS).await;
    let guess = async || issuer.login(&app, "guesser", json!({})).post(REDEEM, code("00000-00000-00000-00000-00000")).await;
    for _ in 0..10 {
        guess().await.expect(422);
    }
    let refused = guess().await.expect(429);
    assert_eq!((refused.header("retry-after"), refused.json()["code"].as_str()), ("3600", Some("too-often")));
    // Not even with a good one; another login is free to.
    issuer.login(&app, "guesser", json!({})).post(REDEEM, code(&told)).await.expect(429);
    app.clock.advance(chrono::TimeDelta::minutes(61));
    issuer.login(&app, "guesser", json!({})).post(REDEEM, code(&told)).await.expect(200);
}

#[tokio::test]
async fn only_logins_of_an_issuer_for_families_and_nobody_elses_redeem() {
    let app = TestApp::start().await;
    let (staff, _) = TestIssuer::register(&app, ids::ALDER, "https://staff.example", json!({})).await;
    let (_, told) = invite(&app, GUS).await;
    staff.login(&app, "gus", json!({})).post(REDEEM, code(&told)).await.expect(403);
    // Greta's login is hers; Gus's own uses the code up.
    app.person("greta").await.post(REDEEM, code(&told)).await.expect(403);
    app.client("sis").await.post(REDEEM, code(&told)).await.expect(403);
    app.person("gus").await.post(REDEEM, code(&told)).await.expect(200);
    app.person("gus").await.post(REDEEM, code(&told)).await.expect(422);
    app.anonymous().post(REDEEM, code(&told)).await.expect(401);
    let kurt = app.person("kurt").await;
    kurt.send(Method::POST, INVITATIONS, &[("content-type", "application/json"), ("idempotency-key", "k")], Some(b"{}".to_vec())).await.expect(422);
    kurt.post(INVITATIONS, json!({ "personId": GUS, "validDays": 61 })).await.expect(422);
}
