//! How logins find their people: by a claim, in bulk, by the custodian; and how they lose them.

use futures_util::future::join_all;
use openilp_tests::issuer::TestIssuer;
use openilp_tests::{Actor, TestApp, ids};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::roster::bundles::Roster;
use crate::roster_import::import;

const QUEUE: &str = "/v1/unlinked-logins";
const ISSUER: &str = "https://id.alder.example";

fn by_local_id() -> Value {
    json!({ "matching": { "claim": "student_number", "system": "localStudentId" } })
}

fn with_number(number: &str) -> Value {
    json!({ "student_number": number })
}

async fn queue(custodian: &Actor<'_>, query: &str) -> Vec<Value> {
    custodian.get(&format!("{QUEUE}{query}")).await.expect(200).json()["items"].as_array().unwrap().clone()
}

/// Which login waits for what reason.
async fn waiting(custodian: &Actor<'_>) -> Vec<String> {
    let told = |login: &Value| format!("{} {}", login["subject"].as_str().unwrap(), login["reason"].as_str().unwrap());
    queue(custodian, "").await.iter().map(told).collect()
}

async fn new_person(app: &TestApp, name: &str, email: Option<&str>, active: bool) -> Uuid {
    let id = Uuid::now_v7();
    let insert = "insert into people (district_id, id, given_name, family_name, email, active, version, created_at, updated_at)
                  values ($1, $2, $3, 'New', $4, $5, 1, '2026-08-01Z', '2026-08-01Z')";
    app.database.owner().await.execute(insert, &[&ids::ALDER.0, &id, &name, &email, &active]).await.unwrap();
    id
}

async fn links(app: &TestApp, issuer: &str) -> Vec<String> {
    app.database.texts(&format!("select subject || ' ' || person_id from identity_links where issuer = '{issuer}' order by subject")).await
}

#[tokio::test]
async fn a_login_whose_claim_names_one_person_is_theirs_from_the_first_request_on() {
    let app = TestApp::start().await;
    let (issuer, made) = TestIssuer::register(&app, ids::ALDER, ISSUER, by_local_id()).await;
    assert_eq!(made.json()["matching"], json!({ "claim": "student_number", "system": "localStudentId", "verifiedEmail": false }));
    let me = issuer.login(&app, "a-1", with_number("910001")).get("/v1/me").await.expect(200).json();
    assert_eq!(me["personId"], ids::ANNA.to_string());
    // The link holds without the claim.
    issuer.login(&app, "a-1", json!({})).get("/v1/me").await.expect(200);
    assert_eq!(links(&app, ISSUER).await, [format!("a-1 {}", ids::ANNA)]);
    let journaled = "select concat_ws(' ', kind, operation, reason, client_id) from changes where kind = 'identityLink'";
    assert_eq!(app.database.texts(journaled).await, ["identityLink created claim student_number 00000000-0000-0000-0000-000000000000"]);
    assert_eq!(waiting(&app.person("kurt").await).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_first_requests_at_once_link_once() {
    let app = TestApp::start().await;
    let (issuer, _) = TestIssuer::register(&app, ids::ALDER, ISSUER, by_local_id()).await;
    let same: Vec<_> = (0..8).map(|_| issuer.login(&app, "a-1", with_number("910001"))).collect();
    let answers = join_all(same.iter().map(|login| login.get("/v1/me"))).await;
    assert_eq!(answers.iter().map(|a| a.status).collect::<Vec<_>>(), [200; 8]);
    assert_eq!(app.database.texts("select count(*)::text from changes where kind = 'identityLink'").await, ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_logins_that_claim_one_person_one_is_linked_and_the_others_wait() {
    let app = TestApp::start().await;
    let (issuer, _) = TestIssuer::register(&app, ids::ALDER, ISSUER, by_local_id()).await;
    let others: Vec<_> = (0..6).map(|n| issuer.login(&app, &format!("a-{n}"), with_number("910001"))).collect();
    let mut statuses: Vec<u16> = join_all(others.iter().map(|login| login.get("/v1/me"))).await.into_iter().map(|a| a.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 403, 403, 403, 403, 403]);
    assert_eq!(links(&app, ISSUER).await.len(), 1);
    let waiting = waiting(&app.person("kurt").await).await;
    assert!(waiting.len() == 5 && waiting.iter().all(|login| login.ends_with(" linkedAlready")), "{waiting:?}");
}

#[tokio::test]
async fn what_cannot_be_matched_waits_and_learns_nothing() {
    let app = TestApp::start().await;
    let by_email = json!({ "matching": { "claim": "email", "verifiedEmail": true } });
    let (issuer, _) = TestIssuer::register(&app, ids::ALDER, ISSUER, by_email).await;
    for (name, email, active) in [("one", "one@alder.example", true), ("two", "both@alder.example", true), ("three", "Both@alder.example", true)] {
        new_person(&app, name, Some(email), active).await;
    }
    new_person(&app, "gone", Some("gone@alder.example"), false).await;
    new_person(&app, "was", Some("one@alder.example"), false).await;
    let mail = |address: &str| json!({ "email": address });
    let mut refusals = vec![];
    for (subject, claims) in [
        ("e-1", mail("nobody@alder.example")),
        ("e-2", mail("both@alder.example")),
        ("e-3", mail("gone@alder.example")),
        ("e-4", json!({ "email": 7 })),
        ("e-5", json!({})),
        ("e-6", json!({ "email": "one@alder.example", "email_verified": false })),
    ] {
        let mut problem = issuer.login(&app, subject, claims).get("/v1/me").await.expect(403).json();
        problem["correlationId"] = Value::Null;
        refusals.push(problem);
    }
    assert!(refusals.iter().all(|problem| *problem == refusals[0]), "the same to all: {refusals:?}");
    assert_eq!(refusals[0]["code"], "login-not-linked");
    let kurt = app.person("kurt").await;
    assert_eq!(waiting(&kurt).await, ["e-1 nobody", "e-2 several", "e-3 inactive", "e-4 noClaim", "e-5 noClaim", "e-6 noClaim"]);
    assert_eq!(queue(&kurt, "").await[0]["claimValue"], "nobody@alder.example");
    assert_eq!(waiting(&app.person_of(ids::BIRCH, "zeno").await).await, [""; 0]);
    // One active person has it, whoever else had.
    issuer.login(&app, "e-7", mail("ONE@alder.example")).get("/v1/me").await.expect(200);
}

#[tokio::test]
async fn a_login_that_waits_is_matched_as_soon_as_the_roster_names_its_person() {
    let app = TestApp::start().await;
    let (issuer, _) = TestIssuer::register(&app, ids::ALDER, ISSUER, by_local_id()).await;
    let (kurt, early) = (app.person("kurt").await, issuer.login(&app, "n-1", with_number("777")));
    early.get("/v1/me").await.expect(403);
    early.get("/v1/me").await.expect(403);
    app.clock.advance(chrono::TimeDelta::minutes(2));
    early.get("/v1/me").await.expect(403);
    let login = queue(&kurt, "").await.remove(0);
    assert_eq!((login["timesSeen"].as_i64(), login["firstSeenAt"] == login["lastSeenAt"]), (Some(2), false));
    let person = new_person(&app, "nora", None, true).await;
    let insert = "insert into external_identifiers (district_id, system, kind, value, target_id) values ($1, 'localStudentId', 'person', '777', $2)";
    app.database.owner().await.execute(insert, &[&ids::ALDER.0, &person]).await.unwrap();
    // The same token.
    assert_eq!(early.get("/v1/me").await.expect(200).json()["personId"], person.to_string());
    assert_eq!(waiting(&kurt).await, [""; 0]);
}

#[tokio::test]
async fn the_custodian_says_whose_a_waiting_login_is_or_that_it_is_nobodys() {
    let app = TestApp::start().await;
    let (issuer, _) = TestIssuer::register(&app, ids::ALDER, ISSUER, by_local_id()).await;
    let kurt = app.person("kurt").await;
    for (subject, number) in [("x-1", "no such"), ("x-2", "910001x")] {
        issuer.login(&app, subject, with_number(number)).get("/v1/me").await.expect(403);
    }
    let waiting = queue(&kurt, "").await;
    let path = |n: usize| format!("{QUEUE}/{}", waiting[n]["id"].as_str().unwrap());
    let linked = kurt.post(&format!("{}/link", path(0)), json!({ "personId": ids::BEN })).await.expect(201).json();
    assert_eq!((linked["subject"].as_str(), linked["personId"].as_str()), (Some("x-1"), Some(ids::BEN.to_string().as_str())));
    issuer.login(&app, "x-1", json!({})).get("/v1/me").await.expect(200);
    kurt.get(&path(0)).await.expect(404);

    let dismissed = kurt.post(&format!("{}/dismissal", path(1)), Value::Null).await.expect(200);
    assert_eq!((dismissed.header("etag"), dismissed.json()["dismissedAt"].is_string()), ("\"2\"", true));
    assert_eq!((queue(&kurt, "").await.len(), queue(&kurt, "?dismissed=true").await.len()), (0, 1));
    // It is not matched again by itself, even by what would fit now.
    issuer.login(&app, "x-2", with_number("910001")).get("/v1/me").await.expect(403);
    kurt.post(&format!("{}/link", path(1)), json!({ "personId": ids::ZOE })).await.expect(409);
    kurt.post(&format!("{}/link", path(1)), json!({ "personId": ids::ANNA })).await.expect(201);
    issuer.login(&app, "x-2", json!({})).get("/v1/me").await.expect(200);
}

#[tokio::test]
async fn a_link_that_was_taken_away_is_not_made_again_by_itself() {
    let app = TestApp::start().await;
    let (issuer, _) = TestIssuer::register(&app, ids::ALDER, ISSUER, by_local_id()).await;
    let (kurt, anna) = (app.person("kurt").await, issuer.login(&app, "a-1", with_number("910001")));
    anna.get("/v1/me").await.expect(200);
    let link = app.database.texts(&format!("select id::text from identity_links where issuer = '{ISSUER}'")).await.remove(0);
    kurt.delete(&format!("/v1/identity-links/{link}"), "\"1\"").await.expect(204);
    anna.get("/v1/me").await.expect(403);
    issuer.login(&app, "a-1", with_number("910001")).get("/v1/me").await.expect(403);
    assert_eq!(queue(&kurt, "?dismissed=true").await[0]["reason"], "linkRemoved");
}

#[tokio::test]
async fn only_so_many_logins_of_an_issuer_wait() {
    let app = TestApp::start().await;
    let (issuer, _) = TestIssuer::register(&app, ids::ALDER, ISSUER, by_local_id()).await;
    let fill = format!(
        "insert into unlinked_logins (district_id, id, issuer, subject, reason, times_seen, first_seen_at, last_seen_at, version)
         select '{}', gen_random_uuid(), '{ISSUER}', 'flood-' || n, 'nobody', 1, '2026-08-01Z', '2026-08-01Z', 1 from generate_series(1, 1000) n",
        ids::ALDER
    );
    app.database.owner().await.batch_execute(&fill).await.unwrap();
    issuer.login(&app, "late", with_number("x")).get("/v1/me").await.expect(403);
    issuer.login(&app, "flood-7", with_number("x")).get("/v1/me").await.expect(403);
    let counted = "select count(*)::text || ' ' || max(times_seen) from unlinked_logins";
    assert_eq!(app.database.texts(counted).await, ["1000 2"]);
}

#[tokio::test]
async fn a_login_of_an_issuer_without_a_rule_is_refused_alike_and_not_kept() {
    let app = TestApp::start().await;
    let (issuer, made) = TestIssuer::register(&app, ids::ALDER, ISSUER, json!({})).await;
    assert_eq!((made.json().get("matching"), made.json()["forFamilies"].as_bool()), (None, Some(false)));
    let problem = issuer.login(&app, "x-1", with_number("910001")).get("/v1/me").await.expect(403).json();
    assert_eq!(problem["code"], "login-not-linked");
    assert_eq!(waiting(&app.person("kurt").await).await, [""; 0]);
    app.person("stranger").await.get("/v1/me").await.expect(403);
}

#[tokio::test]
async fn logins_are_linked_in_bulk_with_a_result_for_each() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let gone = new_person(&app, "gone", None, false).await;
    let login = |subject: &str, of: Value| {
        let mut login = json!({ "issuer": ISSUER, "subject": subject });
        login.as_object_mut().unwrap().extend(of.as_object().unwrap().clone());
        login
    };
    let by_id = |person: Uuid| json!({ "personId": person });
    let by_name = |value: &str| json!({ "identifier": { "system": "localStudentId", "value": value } });
    let logins = json!([
        login("b-1", by_id(ids::BEN)),
        login("b-2", by_name("910001")),
        login("b-3", by_name("000")),
        login("b-4", by_id(ids::ZOE)),
        login("b-5", by_id(gone)),
        login("b-1", by_id(ids::BEN)),
        login("b-1", by_id(ids::CLEO)),
    ]);
    let expected = ["created", "created", "unknownPerson", "unknownPerson", "inactive", "unchanged", "linkedToAnother"];
    let outcomes =
        |answer: &Value| answer["results"].as_array().unwrap().iter().map(|r| r["outcome"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let path = "/v1/identity-links/lines";
    let dry = kurt.post(path, json!({ "logins": logins, "dryRun": true })).await.expect(200).json();
    assert_eq!(outcomes(&dry), expected);
    assert_eq!(links(&app, ISSUER).await, [""; 0]);
    let made = kurt.post(path, json!({ "logins": logins })).await.expect(200).json();
    assert_eq!(made, dry);
    assert_eq!(made["results"][1], json!({ "line": 2, "outcome": "created", "personId": ids::ANNA }));
    assert_eq!(links(&app, ISSUER).await, [format!("b-1 {}", ids::BEN), format!("b-2 {}", ids::ANNA)]);
    let again = kurt.post(path, json!({ "logins": logins })).await.expect(200).json();
    assert_eq!(outcomes(&again)[..2], ["unchanged", "unchanged"]);
    let faulty = json!({ "logins": [login("", by_id(ids::BEN)), { "issuer": ISSUER, "subject": "x" }] });
    let problem = kurt.post(path, faulty).await.expect(422).json();
    let pointers: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/logins/0/subject", "/logins/1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_whom_the_roster_ends_is_refused_at_the_next_request_and_back_with_the_roster() {
    let app = TestApp::start().await;
    let (sis, zeno) = (app.client("birch-sis").await, app.person_of(ids::BIRCH, "zeno").await);
    assert_eq!(import(&sis, "", Roster::small().zip()).await["status"], "applied");
    let login = json!({ "issuer": "https://id.birch.example", "subject": "ada", "identifier": { "system": "sis", "value": "ada" } });
    let made = zeno.post("/v1/identity-links/lines", json!({ "logins": [login] })).await.expect(200).json();
    assert_eq!(made["results"][0]["outcome"], "created");
    let (issuer, _) = TestIssuer::register(&app, ids::BIRCH, "https://id.birch.example", json!({})).await;
    let ada = issuer.login(&app, "ada", json!({}));
    ada.get("/v1/me").await.expect(200);

    let mut off = Roster::small();
    off.user("ada").enabled_user = false;
    assert_eq!(import(&sis, "", off.zip()).await["status"], "applied");
    ada.get("/v1/me").await.expect(401);
    assert_eq!(import(&sis, "", Roster::small().zip()).await["status"], "applied");
    ada.get("/v1/me").await.expect(200);
}
