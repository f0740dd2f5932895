//! Districts, their issuers, agreements, offices and linked logins over HTTP.

use openilp_tests::{TestApp, ids};
use reqwest::Method;
use serde_json::{Value, json};

fn pointers(problem: &Value) -> Vec<&str> {
    problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect()
}

fn alder(rest: &str) -> String {
    format!("/v1/districts/{}{rest}", ids::ALDER)
}

#[tokio::test]
async fn an_operator_sets_up_a_district_and_its_journal_begins_with_itself() {
    let app = TestApp::start().await;
    let operator = app.client("operator").await;
    let body = json!({ "name": "Cedar", "stateCode": "UT", "timeZone": "America/Denver", "requirementProfile": "us-ut-ega" });
    let made = operator.post_with_key("/v1/districts", "one", body.clone()).await.expect(201);
    assert_eq!(operator.post_with_key("/v1/districts", "one", body).await.bytes, made.bytes);
    assert_eq!((&made.json()["rosterTeachers"], &made.json()["guardiansTrusted"]), (&json!(false), &json!(false)));
    let path = made.header("location").to_owned();
    assert_eq!(operator.get(&path).await.expect(200).json(), made.json());
    let changes =
        format!("select concat_ws(' ', kind, version, operation, relation, client_id) from changes where district_id = '{}' order by seq", made.id());
    assert_eq!(app.database.texts(&changes).await, [format!("district 1 created operator {}", ids::client("operator"))]);
    let names: Vec<_> =
        operator.get("/v1/districts").await.json()["items"].as_array().unwrap().iter().map(|d| d["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names, ["Alder", "Birch", "Cedar"]);
    let changed = operator.patch(&path, "\"1\"", json!({ "requirementProfile": "us-ri-ride", "name": "Cedar City" })).await.expect(200);
    assert_eq!((&changed.json()["rosterTeachers"], &changed.json()["name"]), (&json!(true), &json!("Cedar City")));
    operator.patch(&path, "\"1\"", json!({ "name": "Lost" })).await.expect(412);
    operator.send(Method::PATCH, &path, &[("content-type", "application/json")], Some(b"{}".to_vec())).await.expect(428);
    assert_eq!(app.database.texts(&changes).await.len(), 2);
    let bare = operator.send(Method::POST, "/v1/districts", &[("content-type", "application/json")], Some(b"{}".to_vec())).await;
    bare.expect(400);
}

#[tokio::test]
async fn every_fault_of_a_new_district_is_named() {
    let app = TestApp::start().await;
    let operator = app.client("operator").await;
    let problem = operator
        .post("/v1/districts", json!({ "name": "", "stateCode": "Utah", "timeZone": "Mountain", "requirementProfile": "us-xx" }))
        .await
        .expect(422)
        .json();
    assert_eq!(pointers(&problem), ["/name", "/stateCode", "/timeZone", "/requirementProfile"]);
}

#[tokio::test]
async fn only_operators_set_up() {
    let app = TestApp::start().await;
    let paths = [
        "/v1/districts".to_owned(),
        "/v1/clients".to_owned(),
        alder(""),
        alder("/issuers"),
        alder("/agreements"),
        alder("/appointments"),
        alder("/identity-links"),
    ];
    for client in ["sis", "state"] {
        let client = app.client(client).await;
        for path in &paths {
            client.get(path).await.expect(403);
        }
    }
    for person in ["kurt", "anna"] {
        let person = app.person(person).await;
        for path in &paths {
            person.get(path).await.expect(403);
        }
    }
    for path in &paths {
        app.anonymous().get(path).await.expect(401);
    }
    let operator = app.client("operator").await;
    operator.get("/v1/districts/0000000d-0000-7000-8000-000000000009").await.expect(404);
    operator.get("/v1/districts/alder/issuers").await.expect(404);
    // What runs the service sees no content (I6).
    operator.get(&format!("/v1/ilp-files/{}/goals", ids::file(1))).await.expect(403);
    operator.get("/v1/guardian-links").await.expect(403);
}

#[tokio::test]
async fn an_issuer_is_registered_and_removed() {
    let app = TestApp::start().await;
    let operator = app.client("operator").await;
    let body = json!({ "issuer": "https://id.alder.example", "audience": "https://ilp.example", "keys": { "jwksUrl": "https://id.alder.example/keys" }, "algorithms": ["ES256"] });
    let made = operator.post(&alder("/issuers"), body.clone()).await.expect(201);
    let path = made.header("location").to_owned();
    assert_eq!(made.header("etag"), "\"1\"");
    assert_eq!(operator.get(&path).await.expect(200).json()["keys"], json!({ "jwksUrl": "https://id.alder.example/keys" }));
    assert_eq!(operator.get(&alder("/issuers")).await.expect(200).json()["items"].as_array().unwrap().len(), 1);
    operator.get(&path.replace(&ids::ALDER.to_string(), &ids::BIRCH.to_string())).await.expect(404);
    operator.post(&format!("/v1/districts/{}/issuers", ids::BIRCH), body).await.expect(409);
    let problem = operator
        .post(
            &alder("/issuers"),
            json!({ "issuer": "http://id.example", "audience": "", "keys": { "jwks": { "keys": [] } }, "algorithms": ["HS256"] }),
        )
        .await
        .expect(422)
        .json();
    assert_eq!(pointers(&problem), ["/issuer", "/audience", "/algorithms/0"]);
    let problem = operator
        .post(&alder("/issuers"), json!({ "issuer": "https://id2.example", "audience": "a", "keys": { "jwks": { "keys": "none" } } }))
        .await
        .expect(422)
        .json();
    assert_eq!(pointers(&problem), ["/keys"]);
    operator.send(Method::DELETE, &path, &[], None).await.expect(428);
    operator.delete(&path, "\"2\"").await.expect(412);
    operator.delete(&path, "\"1\"").await.expect(204);
    operator.get(&path).await.expect(404);
    let rows = app.database.texts("select concat_ws(' ', version, operation) from changes where kind = 'issuer' order by seq").await;
    assert_eq!(rows, ["1 created", "1 removed"]);
}

#[tokio::test]
async fn l19_an_agreement_is_with_a_state_client_and_ends() {
    let app = TestApp::start().await;
    let operator = app.client("operator").await;
    let mut body = json!({ "clientId": ids::client("state"), "dataset": "ilpStatus", "purpose": "Evaluation", "startsOn": "2026-07-01", "endsOn": "2027-06-30", "destroyBy": "2028-06-30" });
    let birch = format!("/v1/districts/{}/agreements", ids::BIRCH);
    let made = operator.post(&birch, body.clone()).await.expect(201);
    let path = made.header("location").to_owned();
    let problem = operator.patch(&path, "\"1\"", json!({ "endsOn": "2029-01-01" })).await.expect(422).json();
    assert_eq!(pointers(&problem), ["/destroyBy"]);
    assert_eq!(operator.patch(&path, "\"1\"", json!({ "endsOn": "2026-10-14" })).await.expect(200).json()["endsOn"], "2026-10-14");
    operator.patch(&path, "\"1\"", json!({ "endsOn": "2027-06-30" })).await.expect(412);
    operator.get(&path.replace(&ids::BIRCH.to_string(), &ids::ALDER.to_string())).await.expect(404);
    body["clientId"] = json!(ids::client("sis"));
    assert_eq!(pointers(&operator.post(&birch, body).await.expect(422).json()), ["/clientId"]);
}

#[tokio::test]
async fn an_operator_appoints_the_first_custodian_who_appoints_the_others() {
    let app = TestApp::start().await;
    let operator = app.client("operator").await;
    let body = json!({ "personId": ids::person(24), "kind": "custodian" });
    let made = operator.post(&alder("/appointments"), body).await.expect(201);
    assert_eq!(made.json()["validFrom"], "2026-10-15");
    let uma = app.person("uma").await;
    let problem = uma.post("/v1/appointments", json!({ "personId": ids::person(20), "kind": "schoolManager" })).await.expect(422).json();
    assert_eq!(pointers(&problem), ["/schoolId"]);
    let office = uma.post("/v1/appointments", json!({ "personId": ids::person(20), "kind": "coordinator" })).await.expect(201);
    assert_eq!(uma.get(office.header("location")).await.expect(200).json(), office.json());
    assert_eq!(uma.get("/v1/appointments").await.expect(200).json()["items"].as_array().unwrap().len(), 5);
    uma.patch(&format!("/v1/appointments/{}", made.id()), "\"1\"", json!({ "validTo": "2026-10-15" })).await.expect(200);
    uma.get("/v1/appointments").await.expect(403);
    app.person_of(ids::BIRCH, "zeno").await.get(office.header("location")).await.expect(404);
    operator.patch(&alder(&format!("/appointments/{}", office.id())), "\"1\"", json!({ "validTo": "2026-10-14" })).await.expect(422);
}

#[tokio::test]
async fn logins_are_linked_one_by_one_or_many_at_once() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let issuer = format!("{}/demo-issuer/{}", openilp_tests::ORIGIN, ids::ALDER).replace("http://openilp.test", "https://id.alder.example");
    let login = |subject: &str, person: u128| json!({ "issuer": issuer, "subject": subject, "personId": ids::person(person) });
    let made = kurt.post("/v1/identity-links", login("u-24", 24)).await.expect(201);
    kurt.post("/v1/identity-links", login("u-24", 25)).await.expect(409);
    let batch = json!({ "links": [login("u-24", 24), login("u-25", 25), login("u-26", 26)] });
    let answer = kurt.post_with_key("/v1/identity-links/batch", "many", batch.clone()).await.expect(200);
    assert_eq!(answer.json(), json!({ "created": 2, "unchanged": 1 }));
    assert_eq!(kurt.post_with_key("/v1/identity-links/batch", "many", batch).await.bytes, answer.bytes);
    let problem =
        kurt.post("/v1/identity-links/batch", json!({ "links": [login("u-27", 27), login("u-24", 27), login("u-52", 52)] })).await.expect(422).json();
    assert_eq!(pointers(&problem), ["/links/1", "/links/2/personId"]);
    let of = |person: u128| format!("/v1/identity-links?personId={}", ids::person(person));
    assert_eq!(kurt.get(&of(24)).await.expect(200).json()["items"].as_array().unwrap().len(), 2);
    assert_eq!(kurt.get(&of(27)).await.expect(200).json()["items"].as_array().unwrap().len(), 1);
    let path = made.header("location");
    app.person_of(ids::BIRCH, "zeno").await.delete(path, "\"1\"").await.expect(404);
    app.person("bela").await.delete(path, "\"1\"").await.expect(403);
    kurt.send(Method::DELETE, path, &[], None).await.expect(428);
    kurt.delete(path, "\"7\"").await.expect(412);
    kurt.delete(path, "\"1\"").await.expect(204);
    kurt.get(path).await.expect(404);
    let operator = app.client("operator").await;
    operator.post(&alder("/identity-links"), login("u-24", 24)).await.expect(201);
    // Whose login is taken away is nobody from then on.
    let own = kurt.get(&of(20)).await.json()["items"][0]["id"].as_str().unwrap().to_owned();
    let bela = app.person("bela").await;
    bela.get(&format!("/v1/ilp-files/{}/goals", ids::file(1))).await.expect(200);
    operator.delete(&alder(&format!("/identity-links/{own}")), "\"1\"").await.expect(204);
    assert_ne!(bela.get(&format!("/v1/ilp-files/{}/goals", ids::file(1))).await.status, 200);
}
