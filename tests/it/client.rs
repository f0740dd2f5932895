//! Machine clients over HTTP, and set-up by command line.

use openilp_api::setup;
use openilp_domain::client::NewMachineClient;
use openilp_domain::district::NewDistrict;
use openilp_domain::noun::Body;
use openilp_tests::{TestApp, ids};
use reqwest::Method;
use serde_json::{Value, json};

fn pointers(problem: &Value) -> Vec<&str> {
    problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect()
}

async fn token_status(app: &TestApp, id: &str, secret: &str) -> u16 {
    let request =
        reqwest::Client::new().post(app.url("/oauth/token")).basic_auth(id, Some(secret)).header("content-type", "application/x-www-form-urlencoded");
    request.body("grant_type=client_credentials").send().await.unwrap().status().as_u16()
}

/// Every place in the database that holds this text.
async fn kept(app: &TestApp, text: &str) -> Vec<String> {
    let tables = app
        .database
        .texts("select table_name::text from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'")
        .await;
    let mut found = vec![];
    for table in tables {
        let hex: String = text.bytes().map(|b| format!("{b:02x}")).collect();
        let rows = format!("select count(*)::text from {table} t where t::text like '%{text}%' or t::text like '%{hex}%'");
        if app.database.texts(&rows).await != ["0"] {
            found.push(table);
        }
    }
    found
}

#[tokio::test]
async fn a_secret_is_told_once_and_kept_nowhere() {
    let app = TestApp::start().await;
    let operator = app.client("operator").await;
    let body = json!({ "kind": "sis", "name": "SIS of Birch", "districtId": ids::BIRCH });
    let made = operator.post_with_key("/v1/clients", "one", body.clone()).await.expect(201);
    let (id, secret) = (made.id(), made.json()["secret"].as_str().unwrap().to_owned());
    assert_eq!(token_status(&app, &id, &secret).await, 200);
    let again = operator.post_with_key("/v1/clients", "one", body).await.expect(201);
    assert_eq!((again.id(), again.json().get("secret"), &again.json()["hasSecret"]), (id.clone(), None, &json!(true)));
    assert_eq!(operator.get(&format!("/v1/clients/{id}")).await.expect(200).json(), again.json());
    assert_eq!(kept(&app, &secret).await, Vec::<String>::new());

    let path = format!("/v1/clients/{id}/secret");
    let replaced = operator.post_with_key(&path, "two", Value::Null).await.expect(200);
    let new = replaced.json()["secret"].as_str().unwrap().to_owned();
    assert_eq!((token_status(&app, &id, &secret).await, token_status(&app, &id, &new).await), (401, 200));
    assert_eq!(operator.post_with_key(&path, "two", Value::Null).await.expect(200).json().get("secret"), None);
    assert_eq!(token_status(&app, &id, &new).await, 200);
    assert_eq!(kept(&app, &new).await, Vec::<String>::new());
    let rows = app
        .database
        .texts(&format!(
            "select concat_ws(' ', version, operation) from changes where kind = 'client' and district_id = '{}' order by seq",
            ids::BIRCH
        ))
        .await;
    assert_eq!(rows, ["1 created", "2 amended"]);
}

#[tokio::test]
async fn a_client_that_is_stopped_is_refused_at_once() {
    let app = TestApp::start().await;
    let operator = app.client("operator").await;
    let made = operator.post("/v1/clients", json!({ "kind": "operator", "name": "Another" })).await.expect(201);
    let (id, secret) = (made.id(), made.json()["secret"].as_str().unwrap().to_owned());
    let path = made.header("location");
    operator.send(Method::PATCH, path, &[("content-type", "application/json")], Some(b"{}".to_vec())).await.expect(428);
    let stopped = operator.patch(path, "\"1\"", json!({ "active": false, "name": "Stopped" })).await.expect(200);
    assert_eq!((&stopped.json()["active"], &stopped.json()["name"]), (&json!(false), &json!("Stopped")));
    operator.patch(path, "\"1\"", json!({ "active": true })).await.expect(412);
    assert_eq!(token_status(&app, &id, &secret).await, 401);
    let own = format!("/v1/clients/{}", ids::client("operator"));
    assert_eq!(pointers(&operator.patch(&own, "\"1\"", json!({ "active": false })).await.expect(422).json()), ["/active"]);
    let deployment = app
        .database
        .texts("select concat_ws(' ', kind, version, operation) from changes where district_id = '00000000-0000-0000-0000-000000000000' order by seq")
        .await;
    assert_eq!(deployment, ["client 1 created", "client 2 amended"]);
    app.client("state").await.get(path).await.expect(403);
    app.person("kurt").await.get(path).await.expect(403);
}

#[tokio::test]
async fn every_fault_of_a_new_client_is_named() {
    let app = TestApp::start().await;
    let operator = app.client("operator").await;
    let problem =
        operator.post("/v1/clients", json!({ "kind": "robot", "name": " ", "keys": { "jwksUrl": "http://x.example" } })).await.expect(422).json();
    assert_eq!(pointers(&problem), ["/kind", "/name", "/keys/jwksUrl"]);
    let unknown = json!({ "kind": "sis", "name": "SIS", "districtId": ids::client("sis") });
    assert_eq!(pointers(&operator.post("/v1/clients", unknown).await.expect(422).json()), ["/districtId"]);
    let keys = json!({ "kind": "state", "name": "Agency", "keys": { "jwks": { "keys": [{ "kty": "oct", "k": "AAAA", "kid": "1" }] } } });
    assert_eq!(pointers(&operator.post("/v1/clients", keys).await.expect(422).json()), ["/keys"]);
    let made = operator
        .post("/v1/clients", json!({ "kind": "state", "name": "Agency", "keys": { "jwksUrl": "https://agency.example/keys" } }))
        .await
        .expect(201);
    assert_eq!((made.json().get("secret"), &made.json()["hasSecret"]), (None, &json!(false)));
}

#[tokio::test]
async fn a_district_is_set_up_by_command_line() {
    let app = TestApp::start().await;
    let (db, now) = (&app.running.state.db, "2026-10-15T15:00:00Z".parse().unwrap());
    let district = setup::create_district(db, now, NewDistrict::read(NewDistrict::example()).unwrap()).await.unwrap();
    let mut new = NewMachineClient::example();
    new["districtId"] = json!(district.id);
    new["keys"] = Value::Null;
    let (client, secret) = setup::create_client(db, now, NewMachineClient::read(new).unwrap()).await.unwrap();
    assert_eq!(token_status(&app, &client.id.to_string(), secret.unwrap().expose()).await, 200);
    let (_, secret) = setup::replace_client_secret(db, now, client.id).await.unwrap();
    setup::set_client_active(db, now, client.id, false).await.unwrap();
    assert_eq!(token_status(&app, &client.id.to_string(), secret.expose()).await, 401);
    assert_eq!(setup::districts(db, now).await.unwrap().len(), 3);
    let mut told = vec![];
    let confirmed = setup::confirm_all(db, now, ids::ALDER, &mut |so_far| told.push(so_far.guardian_links)).await.unwrap();
    assert_eq!((confirmed.guardian_links, confirmed.assignments, told), (2, 0, vec![2]));
    app.person("gus").await.get(&format!("/v1/ilp-files/{}/goals", ids::file(1))).await.expect(200);
    let journaled =
        app.database.texts(&format!("select concat_ws(' ', kind, operation) from changes where district_id = '{}' order by seq", district.id)).await;
    assert_eq!(journaled, ["district created", "client created", "client amended", "client amended"]);
}
