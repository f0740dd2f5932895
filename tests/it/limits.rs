//! What one caller can take: limits of requests, caps of files, alarms.

use std::time::Duration;

use chrono::TimeDelta;
use openilp_api::config::Config;
use openilp_api::server;
use openilp_api::state::Clock;
use openilp_persistence::watch;
use openilp_tests::operations::document;
use openilp_tests::{Actor, Answer, TestApp, config, ids};
use serde_json::{Value, json};

use crate::roster::bundles::Roster;
use crate::roster_import::import;

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

fn file_of(n: u128) -> String {
    format!("/v1/students/{}/ilp-file", ids::person(n))
}

const ANNA: u128 = 1;
const BEN: u128 = 2;
const CLEO: u128 = 3;

async fn alarms(custodian: &Actor<'_>, query: &str) -> Vec<Value> {
    custodian.get(&format!("/v1/alarms{query}")).await.expect(200).json()["items"].as_array().unwrap().clone()
}

fn files(person: u32, district: u32) -> Config {
    with(|config| (config.caps.person, config.caps.district) = (person, district))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_opened_as_many_files_as_an_hour_allows_opens_no_other_until_it_is_over() {
    let app = TestApp::with(files(2, 0)).await;
    let bela = app.person("bela").await;
    bela.get(&file_of(ANNA)).await.expect(200);
    app.clock.advance(TimeDelta::minutes(10));
    bela.get(&file_of(BEN)).await.expect(200);
    let refused = bela.get(&file_of(CLEO)).await.expect(429);
    assert_eq!(refused.json()["code"], "cap-reached");
    let told: i64 = refused.header("retry-after").parse().unwrap();
    assert!((50 * 60..=50 * 60 + 1).contains(&told), "as soon as Anna's was opened an hour ago: {told}");
    assert!(
        app.database.texts("select operation from access_records where student_id::text like '%03'").await.is_empty(),
        "nothing of Cleo has left"
    );
    // Those that were opened may be opened again, and nobody else is concerned.
    bela.get(&file_of(BEN)).await.expect(200);
    for other in ["cleo", "tom"] {
        let n = if other == "cleo" { CLEO } else { ANNA };
        app.person(other).await.get(&file_of(n)).await.expect(200);
    }
    // A family's own are not counted: greta opens two and one more time both.
    let greta = app.person("greta").await;
    for n in [ANNA, BEN, ANNA, BEN] {
        greta.get(&file_of(n)).await.expect(200);
    }
    app.clock.advance(TimeDelta::seconds(told));
    app.person("bela").await.get(&file_of(CLEO)).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cap_of_files_holds_over_nodes_and_is_an_alarm() {
    let app = TestApp::with(files(2, 0)).await;
    let other = server::start(files(2, 0), app.database.connector.clone(), app.clock.clone()).await.unwrap();
    let bela = app.person("bela").await;
    bela.get(&file_of(ANNA)).await.expect(200);
    bela.on(&other).get(&file_of(BEN)).await.expect(200);
    for node in [&app.running, &other] {
        for _ in 0..2 {
            bela.on(node).get(&file_of(CLEO)).await.expect(429);
        }
    }
    let raised = alarms(&app.person("kurt").await, "").await;
    assert_eq!(raised.len(), 1, "one, whoever raises it: {raised:?}");
    let alarm = &raised[0];
    assert_eq!((&alarm["kind"], &alarm["count"], &alarm["threshold"]), (&json!("fileCap"), &json!(2), &json!(2)));
    assert_eq!((&alarm["personId"], &alarm["operation"]), (&json!(ids::person(20)), &json!("read_student_ilp_file")));
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_district_may_have_a_cap_of_files_too() {
    let app = TestApp::with(files(0, 2)).await;
    let (bela, tom) = (app.person("bela").await, app.person("tom").await);
    bela.get(&file_of(ANNA)).await.expect(200);
    tom.get(&file_of(ANNA)).await.expect(200);
    let refused = bela.get(&file_of(BEN)).await.expect(429).json();
    assert_eq!(refused["detail"], "So many files were opened in your district that no more may be for a while.");
    bela.get(&file_of(ANNA)).await.expect(200);
    app.person("ben").await.get(&file_of(BEN)).await.expect(200);
    app.person_of(ids::BIRCH, "zita").await.get(&file_of(50)).await.expect(200);
    let raised = alarms(&app.person("kurt").await, "").await;
    assert!(raised.len() == 1 && raised[0].get("personId").is_none() && raised[0].get("clientId").is_none(), "{raised:?}");
    app.clock.advance(TimeDelta::minutes(61));
    app.person("bela").await.get(&file_of(BEN)).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_of_a_day_are_counted() {
    let app = TestApp::with(with(|config| config.caps.exports = 2)).await;
    let all = format!("/v1/districts/{}/collections/ilp-status/export", ids::ALDER);
    let state = app.client("state").await;
    for _ in 0..2 {
        state.get(&all).await.expect(200);
    }
    let refused = state.get(&all).await.expect(429);
    assert_eq!((&refused.json()["code"], refused.header("retry-after")), (&json!("cap-reached"), "86401"));
    state.get(&format!("/v1/districts/{}/collections/ilp-status", ids::ALDER)).await.expect(200);

    let (sis, zeno) = (app.client("birch-sis").await, app.person_of(ids::BIRCH, "zeno").await);
    import(&sis, "", Roster::small().zip()).await;
    let roster = "/v1/roster-export?source=sis";
    sis.get(roster).await.expect(200);
    zeno.get(roster).await.expect(200);
    sis.get(roster).await.expect(429);
    zeno.get(roster).await.expect(429);
    let raised: Vec<_> = alarms(&zeno, "").await.iter().map(|alarm| (alarm["kind"].clone(), alarm["operation"].clone())).collect();
    assert_eq!(raised, [(json!("exportCap"), json!("export_roster"))], "told once");
    app.clock.advance(TimeDelta::hours(25));
    app.client("state").await.get(&all).await.expect(200);
    app.client("birch-sis").await.get(roster).await.expect(200);
}

async fn watched(app: &TestApp, least: u32) {
    watch::once(&app.running.state.db, least, app.clock.now()).await.unwrap();
}

async fn opens(app: &TestApp, name: &str, files: &[u128]) {
    let somebody = app.person(name).await;
    for n in files {
        somebody.get(&file_of(*n)).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_in_which_somebody_opens_far_more_files_than_ever_is_an_alarm_and_only_one() {
    let app = TestApp::start().await;
    opens(&app, "bela", &[ANNA, BEN]).await;
    opens(&app, "greta", &[ANNA, BEN]).await;
    opens(&app, "tom", &[ANNA, ANNA, ANNA]).await;
    watched(&app, 2).await;
    let kurt = app.person("kurt").await;
    assert!(alarms(&kurt, "").await.is_empty(), "two are never too many here");
    for _ in 0..2 {
        watched(&app, 1).await;
    }
    let raised = alarms(&kurt, "?open=true").await;
    assert_eq!(raised.len(), 1, "a guardian's children are theirs, and one file is one however often: {raised:?}");
    let alarm = &raised[0];
    assert_eq!(
        (&alarm["kind"], &alarm["personId"], &alarm["hour"]),
        (&json!("unusualVolume"), &json!(ids::person(20)), &json!("2026-10-15T15:00:00Z"))
    );
    assert_eq!((&alarm["count"], &alarm["threshold"], &alarm["operation"]), (&json!(2), &json!(1), &json!("read_student_ilp_file")));
    for n in [ANNA, BEN] {
        assert!(!alarm.to_string().contains(&ids::person(n).to_string()), "no student stands in it");
    }
    // It counts on.
    opens(&app, "bela", &[CLEO]).await;
    watched(&app, 1).await;
    let raised = alarms(&kurt, "").await;
    assert_eq!((raised.len(), &raised[0]["count"], &raised[0]["version"]), (1, &json!(3), &json!(2)));
    assert_eq!(app.database.texts("select operation from changes where kind = 'alarm' order by seq").await, ["created", "amended"]);
    // What is usual for them is no alarm, for 28 days.
    for (days, more) in [(1, 0), (27, 0), (2, 1)] {
        app.clock.advance(TimeDelta::days(days));
        let before = alarms(&app.person("kurt").await, "").await.len();
        opens(&app, "bela", &[ANNA, BEN]).await;
        watched(&app, 1).await;
        let kurt = app.person("kurt").await;
        assert_eq!(alarms(&kurt, "").await.len(), before + more, "{days} days later");
        // Such an hour is not to be what the next are compared with.
        app.database.execute("delete from access_records where at > '2026-10-16Z'").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_is_looked_at_once_more_when_it_is_over() {
    let app = TestApp::start().await;
    app.clock.set("2026-10-15T15:59:00Z");
    opens(&app, "bela", &[ANNA, BEN]).await;
    app.clock.set("2026-10-15T16:01:00Z");
    watched(&app, 1).await;
    watched(&app, 1).await;
    app.clock.set("2026-10-15T16:08:00Z");
    watched(&app, 1).await;
    let raised = alarms(&app.person("kurt").await, "").await;
    assert!(raised.len() == 1 && raised[0]["hour"] == "2026-10-15T15:00:00Z", "{raised:?}");
    assert_eq!(app.database.texts("select students::text from access_hours").await, ["2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alarm_is_the_custodians_and_is_reviewed_once() {
    let app = TestApp::start().await;
    opens(&app, "bela", &[ANNA, BEN]).await;
    watched(&app, 1).await;
    let kurt = app.person("kurt").await;
    let alarm = alarms(&kurt, "?open=true").await.remove(0)["id"].as_str().unwrap().to_owned();
    let (at, review) = (format!("/v1/alarms/{alarm}"), format!("/v1/alarms/{alarm}/review"));
    let note = || json!({ "note": "She prepared the conferences." });
    for name in ["bela", "pam", "cora", "anna", "uma"] {
        let other = app.person(name).await;
        other.get("/v1/alarms").await.expect(403);
        other.get(&at).await.expect(403);
        other.post(&review, note()).await.expect(403);
    }
    let sis = app.client("sis").await;
    sis.get("/v1/alarms").await.expect(403);
    assert!(!sis.get("/v1/changes?from=beginning&limit=100").await.expect(200).json().to_string().contains("alarm"));
    let zeno = app.person_of(ids::BIRCH, "zeno").await;
    assert!(alarms(&zeno, "").await.is_empty());
    zeno.get(&at).await.expect(404);
    zeno.post(&review, note()).await.expect(404);

    kurt.get(&at).await.expect(200);
    kurt.post(&review, json!({ "note": " " })).await.expect(422);
    app.clock.advance(TimeDelta::minutes(5));
    let reviewed = kurt.post_with_key(&review, "one", note()).await.expect(200).json();
    assert_eq!((&reviewed["reviewedBy"], &reviewed["reviewedAt"]), (&json!(ids::person(27)), &json!("2026-10-15T15:05:00Z")));
    assert_eq!((&reviewed["note"], &reviewed["version"]), (&note()["note"], &json!(2)));
    assert_eq!(kurt.post_with_key(&review, "one", note()).await.expect(200).json(), reviewed);
    let again = kurt.post(&review, json!({ "note": "No." })).await.expect(409).json();
    assert_eq!(again["errors"][0]["code"], "already_reviewed");
    assert!(alarms(&kurt, "?open=true").await.is_empty());
    assert_eq!(alarms(&kurt, "?open=false").await, std::slice::from_ref(&reviewed));
    assert_eq!(kurt.get(&at).await.expect(200).json(), reviewed);
    // What was reviewed is not raised again.
    opens(&app, "bela", &[CLEO]).await;
    watched(&app, 1).await;
    assert_eq!(alarms(&kurt, "").await, [reviewed]);
    let by = app.database.texts("select coalesce(person_id::text, 'the service') from changes where kind = 'alarm' order by seq").await;
    assert_eq!(by.last().unwrap(), &ids::person(27).to_string());
}
