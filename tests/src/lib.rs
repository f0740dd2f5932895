//! The test architecture: a real service over real HTTP on a real PostgreSQL; a database of its own for every test, made
//! from a template; actors that are clients; a clock that stands still.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "test support: a failure here is a failing test"
)]

pub mod cast;
pub mod cluster;
pub mod described;
pub mod golden;
pub mod ids;
pub mod issuer;
pub mod operations;
pub mod placements;
pub mod process;
pub mod targets;
pub mod template;

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use openilp_api::config::Config;
use openilp_api::server::{self, Running};
use openilp_api::state::Clock;
use openilp_domain::id::DistrictId;
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;

use cluster::TestDatabase;

/// How the service under test is reached by others; links and tokens carry it. Nothing listens there.
pub const ORIGIN: &str = "http://openilp.test";
/// When tests begin: a Thursday in the fall of the school year 2026-27, 11:00 in New York.
pub const START: &str = "2026-10-15T15:00:00Z";

/// A clock that moves only when told.
#[derive(Debug)]
pub struct TestClock(Mutex<DateTime<Utc>>);

impl TestClock {
    /// Moves it.
    pub fn set(&self, to: &str) {
        *self.0.lock().unwrap() = to.parse().unwrap();
    }
    /// Moves it forward.
    pub fn advance(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

/// A service under test.
pub struct TestApp {
    /// What its threads share.
    pub running: Running,
    /// The clock.
    pub clock: Arc<TestClock>,
    /// The database.
    pub database: TestDatabase,
    http: reqwest::Client,
}

/// The configuration of a service under test.
pub fn config() -> Config {
    let mut config = Config::read(&|_| None).unwrap();
    config.listen = "127.0.0.1:0".parse().unwrap();
    config.public_origin = ORIGIN.into();
    config.demo_issuer = true;
    config.threads = 1;
    config.connections_per_thread = 6;
    config.drain = std::time::Duration::from_secs(1);
    config
}

impl TestApp {
    /// Starts one, with the two districts of the fixture.
    pub async fn start() -> Self {
        Self::with(config()).await
    }

    /// Starts one with another configuration.
    pub async fn with(config: Config) -> Self {
        let database = TestDatabase::from_template().await;
        let clock = Arc::new(TestClock(Mutex::new(START.parse().unwrap())));
        let running = server::start(config, database.connector.clone(), clock.clone()).await.unwrap();
        Self { running, clock, database, http: reqwest::Client::new() }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.address)
    }

    /// One more node: a service of its own on the same database, with the same clock.
    pub async fn another_node(&self) -> Running {
        server::start(config(), self.database.connector.clone(), self.clock.clone()).await.unwrap()
    }

    /// Whoever has no token.
    pub fn anonymous(&self) -> Actor<'_> {
        Actor { app: self, node: &self.running, token: None }
    }

    /// Whoever has this token.
    pub fn bearer(&self, token: impl Into<String>) -> Actor<'_> {
        Actor { token: Some(token.into()), ..self.anonymous() }
    }

    /// A person of Alder, by their given name in lower case.
    pub async fn person(&self, name: &str) -> Actor<'_> {
        self.person_of(ids::ALDER, name).await
    }

    /// A person of a district, by their given name in lower case.
    pub async fn person_of(&self, district: DistrictId, name: &str) -> Actor<'_> {
        let state = &self.running.state;
        // The first may have to wait for a connection longer than the service does, on a machine that is busy.
        for _ in 0..10 {
            if let Ok(token) = state.auth.issue_person_token(&state.db, district, name, TimeDelta::minutes(30), self.clock.now()).await {
                return self.bearer(token.into_exposed());
            }
        }
        panic!("no token for {name}: the database is away")
    }

    /// A machine client, by its name, which is its secret too. It gets its token as any client does.
    pub async fn client(&self, name: &str) -> Actor<'_> {
        let id = ids::client(name);
        let answer = self
            .http
            .post(self.url("/oauth/token"))
            .basic_auth(id, Some(name))
            .header("content-type", "application/x-www-form-urlencoded")
            .body("grant_type=client_credentials")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200, "no token for {name}: {}", answer.text().await.unwrap());
        let body: Value = answer.json().await.unwrap();
        self.bearer(body["access_token"].as_str().unwrap())
    }
}

/// Somebody who calls the service.
pub struct Actor<'a> {
    app: &'a TestApp,
    node: &'a Running,
    token: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null if there is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }
    /// A header.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
    /// Fails the test unless the status is this.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.bytes));
        self
    }
    /// Where the faults are that a problem names.
    pub fn pointers(&self) -> Vec<String> {
        self.json()["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap().to_owned()).collect()
    }
    /// The id of the record in the body.
    pub fn id(&self) -> String {
        self.json()["id"].as_str().expect("the answer has an id").to_owned()
    }
}

impl<'a> Actor<'a> {
    /// The same, who calls another node.
    pub fn on(&self, node: &'a Running) -> Self {
        Actor { app: self.app, node, token: self.token.clone() }
    }

    /// The token.
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// Any request, with these headers. An answer that is not as the OpenAPI document says fails the test.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<Vec<u8>>) -> Answer {
        let mut request = self.app.http.request(method.clone(), format!("http://{}{path}", self.node.address));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let answer = request.send().await.unwrap();
        let answer = Answer { status: answer.status().as_u16(), headers: answer.headers().clone(), bytes: answer.bytes().await.unwrap().to_vec() };
        let faults = described::undescribed(&method, path, &answer);
        assert!(faults.is_empty(), "{}\n{}", faults.join("\n"), String::from_utf8_lossy(&answer.bytes));
        answer
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    /// POST with a new idempotency key.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        let key = uuid::Uuid::now_v7().to_string();
        self.post_with_key(path, &key, body).await
    }

    /// POST with a key.
    pub async fn post_with_key(&self, path: &str, key: &str, body: Value) -> Answer {
        let headers = [("content-type", "application/json"), ("idempotency-key", key)];
        self.send(Method::POST, path, &headers, Some(body.to_string().into_bytes())).await
    }

    /// POST that acts on a version, with a JSON body.
    pub async fn post_with(&self, path: &str, etag: &str, body: Value) -> Answer {
        let headers = [("content-type", "application/json"), ("if-match", etag)];
        self.send(Method::POST, path, &headers, Some(body.to_string().into_bytes())).await
    }

    /// PATCH of a version.
    pub async fn patch(&self, path: &str, etag: &str, body: Value) -> Answer {
        let headers = [("content-type", "application/merge-patch+json"), ("if-match", etag)];
        self.send(Method::PATCH, path, &headers, Some(body.to_string().into_bytes())).await
    }

    /// DELETE of a version.
    pub async fn delete(&self, path: &str, etag: &str) -> Answer {
        self.send(Method::DELETE, path, &[("if-match", etag)], None).await
    }
}
