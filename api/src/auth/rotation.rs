//! Key sets fetched from a real server that rotates its keys, fails, stalls and misbehaves.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::jwks::{BETWEEN_FETCHES, FRESH, KEPT, KeyCache, address};
use super::key::KeySet;
use super::refusal::Refusal;

/// A server of one key set.
struct Server {
    url: String,
    answer: Arc<Mutex<Answer>>,
    requests: Arc<AtomicUsize>,
}

#[derive(Clone)]
struct Answer {
    head: String,
    body: String,
    delay: Duration,
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/jwks", listener.local_addr().unwrap());
        let answer = Arc::new(Mutex::new(Answer { head: String::new(), body: String::new(), delay: Duration::ZERO }));
        let server = Self { url, answer, requests: Arc::default() };
        let (answer, requests) = (server.answer.clone(), server.requests.clone());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (answer, requests) = (answer.clone(), requests.clone());
                tokio::spawn(async move {
                    let _ = stream.read(&mut [0; 4096]).await;
                    requests.fetch_add(1, Ordering::SeqCst);
                    let Answer { head, body, delay } = answer.lock().unwrap().clone();
                    tokio::time::sleep(delay).await;
                    let _ = stream.write_all(format!("HTTP/1.1 {head}\r\nconnection: close\r\n\r\n{body}").as_bytes()).await;
                });
            }
        });
        server
    }

    fn says(&self, head: &str, body: impl Into<String>) {
        *self.answer.lock().unwrap() = Answer { head: head.into(), body: body.into(), delay: Duration::ZERO };
    }

    fn serves(&self, kids: &[&str]) {
        let keys: Vec<_> = kids.iter().map(|kid| json!({ "kty": "OKP", "crv": "Ed25519", "kid": kid, "x": "A".repeat(43) })).collect();
        self.says("200 OK", json!({ "keys": keys }).to_string());
    }

    fn delays(&self, delay: Duration) {
        self.answer.lock().unwrap().delay = delay;
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

async fn finds(cache: &KeyCache, server: &Server, kid: &str, now: DateTime<Utc>) -> Result<bool, Refusal> {
    cache.keys(&server.url, kid, now).await.map(|keys: Arc<KeySet>| keys.has(kid))
}

#[tokio::test]
async fn g22_a_rotated_key_is_known_at_once_and_a_withdrawn_one_refused_within_a_minute() {
    let (cache, server) = (KeyCache::default(), Server::start().await);
    server.serves(&["old"]);
    assert_eq!(finds(&cache, &server, "old", at(0)).await, Ok(true));
    assert_eq!(finds(&cache, &server, "old", at(59)).await, Ok(true));
    assert_eq!(server.requests(), 1);

    server.serves(&["new"]);
    // Unknown here, so asked for; and what was withdrawn goes in the same moment.
    assert_eq!(finds(&cache, &server, "new", at(59)).await, Ok(true));
    assert_eq!(finds(&cache, &server, "old", at(59)).await, Ok(false));
    assert_eq!(server.requests(), 2);

    server.serves(&[]);
    assert_eq!(finds(&cache, &server, "new", at(59 + FRESH.num_seconds())).await, Ok(false));
    assert_eq!(server.requests(), 3);
}

#[tokio::test]
async fn g22_a_thousand_rotations_refuse_nobody_wrongly() {
    let (cache, server) = (KeyCache::default(), Server::start().await);
    for n in 0..1000 {
        let (before, current) = (format!("k{}", n - 1), format!("k{n}"));
        server.serves(&[&before, &current]);
        let now = at(n * BETWEEN_FETCHES.num_seconds());
        let (one, two) = tokio::join!(finds(&cache, &server, &current, now), finds(&cache, &server, &before, now));
        assert_eq!(one, Ok(true), "rotation {n}");
        if n > 0 {
            assert_eq!(two, Ok(true), "rotation {n}, the key before");
        }
    }
}

#[tokio::test]
async fn g22_a_flood_of_unknown_keys_makes_one_fetch_in_30_seconds() {
    let (cache, server) = (KeyCache::default(), Server::start().await);
    server.serves(&["known"]);
    for n in 0..300 {
        // Five times in a second, for a minute.
        assert_eq!(finds(&cache, &server, &format!("unknown-{n}"), at(n / 5)).await, Ok(false));
        assert_eq!(finds(&cache, &server, "known", at(n / 5)).await, Ok(true));
    }
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn many_callers_at_once_make_one_fetch() {
    let (cache, server) = (KeyCache::default(), Server::start().await);
    server.serves(&["k"]);
    server.delays(Duration::from_millis(100));
    let callers = (0..100).map(|_| finds(&cache, &server, "k", at(0)));
    assert!(futures_util::future::join_all(callers).await.into_iter().all(|found| found == Ok(true)));
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn while_keys_are_fetched_again_others_go_on_with_those_kept() {
    let (cache, server) = (KeyCache::default(), Server::start().await);
    server.serves(&["k"]);
    assert_eq!(finds(&cache, &server, "k", at(0)).await, Ok(true));
    server.delays(Duration::from_secs(2));
    let stale = at(FRESH.num_seconds());
    let one = async {
        let started = Instant::now();
        assert_eq!(finds(&cache, &server, "k", stale).await, Ok(true));
        started.elapsed()
    };
    let (first, second) = tokio::join!(one, async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let started = Instant::now();
        assert_eq!(finds(&cache, &server, "k", stale).await, Ok(true));
        started.elapsed()
    });
    assert!(first >= Duration::from_secs(2) && second < Duration::from_millis(500), "{first:?} {second:?}");
}

#[tokio::test]
async fn a_caller_who_goes_away_does_not_stop_the_fetch() {
    let (cache, server) = (KeyCache::default(), Server::start().await);
    server.serves(&["k"]);
    server.delays(Duration::from_millis(200));
    let impatient = tokio::time::timeout(Duration::from_millis(50), finds(&cache, &server, "k", at(0)));
    assert!(impatient.await.is_err());
    assert_eq!(finds(&cache, &server, "k", at(0)).await, Ok(true));
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn kept_keys_are_served_for_a_day_while_the_server_is_down() {
    let (cache, server) = (KeyCache::default(), Server::start().await);
    server.serves(&["k"]);
    assert_eq!(finds(&cache, &server, "k", at(0)).await, Ok(true));
    server.says("503 Service Unavailable", "");
    assert_eq!(finds(&cache, &server, "k", at(0) + KEPT).await, Ok(true));
    assert_eq!(finds(&cache, &server, "k", at(0) + KEPT + TimeDelta::seconds(1)).await, Err(Refusal::KeysUnavailable));
    server.serves(&["k"]);
    assert_eq!(finds(&cache, &server, "k", at(0) + KEPT + BETWEEN_FETCHES).await, Ok(true));
}

#[tokio::test]
async fn a_clock_set_back_does_not_stop_fetches() {
    let (cache, server) = (KeyCache::default(), Server::start().await);
    server.serves(&["k"]);
    assert_eq!(finds(&cache, &server, "k", at(100_000)).await, Ok(true));
    server.serves(&["new"]);
    assert_eq!(finds(&cache, &server, "new", at(0)).await, Ok(true));
}

#[tokio::test]
async fn misbehaving_servers_bring_no_keys() {
    let good = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "k", "x": "A".repeat(43) }] }).to_string();
    let elsewhere = Server::start().await;
    elsewhere.says("200 OK", good.clone());
    let location = format!("302 Found\r\nlocation: {}", elsewhere.url);
    for (what, head, body) in [
        ("a redirect", location.as_str(), String::new()),
        ("not found", "404 Not Found", good.clone()),
        ("not JSON", "200 OK", "<html>".into()),
        ("not a key set", "200 OK", json!([1]).to_string()),
        ("too long", "200 OK", format!("{good}{}", " ".repeat(256 * 1024))),
        ("too many keys", "200 OK", json!({ "keys": vec![1; 101] }).to_string()),
        ("not HTTP", "", String::new()),
    ] {
        let (cache, server) = (KeyCache::default(), Server::start().await);
        server.says(head, body);
        assert_eq!(finds(&cache, &server, "k", at(0)).await, Err(Refusal::KeysUnavailable), "{what}");
        assert_eq!(server.requests(), 1, "{what}");
    }
    assert_eq!(elsewhere.requests(), 0);
}

#[tokio::test]
async fn a_server_that_stalls_is_given_up_in_five_seconds() {
    let (cache, server) = (KeyCache::default(), Server::start().await);
    server.serves(&["k"]);
    server.delays(Duration::from_secs(60));
    let started = Instant::now();
    assert_eq!(finds(&cache, &server, "k", at(0)).await, Err(Refusal::KeysUnavailable));
    assert!(started.elapsed() < Duration::from_secs(7));
}

#[test]
fn a_key_set_stands_at_an_https_address_or_on_this_machine() {
    for good in ["https://id.example/jwks", "http://localhost:8080/jwks", "http://127.0.0.1/jwks", "http://[::1]:9/jwks"] {
        assert!(address(good).is_ok(), "{good}");
    }
    for bad in [
        "http://id.example/jwks",
        "http://10.0.0.1/jwks",
        "http://localhost.evil.example/",
        "ftp://localhost/",
        "file:///etc/passwd",
        "jwks",
        "https://user:pass@id.example/",
    ] {
        assert!(address(bad).is_err(), "{bad}");
    }
}
