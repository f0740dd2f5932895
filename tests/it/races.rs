//! G7: a right that is taken away is gone for the next decision, on every node.
//!
//! `OPENILP_RACES=20000 cargo test -p openilp-tests --test it -- races --nocapture` is the long run.

use std::collections::BTreeMap;

use openilp_tests::{Actor, TestApp, ids};
use serde_json::{Value, json};

/// How many races CI runs.
const RACES: usize = 200;

/// A right that comes and goes: who takes and gives it, and who reads by it.
struct Right<'a> {
    keeper: &'a Actor<'a>,
    path: String,
    version: i64,
    taken: Value,
    given: Value,
    readers: [&'a Actor<'a>; 2],
}

impl Right<'_> {
    /// Changes the right while both nodes are being read, then reads on both. Returns the statuses of the reads that raced and of those after.
    async fn change(&mut self, to: Value, content: &str) -> ([u16; 2], [u16; 2]) {
        let [here, there] = self.readers;
        let etag = format!("\"{}\"", self.version);
        let (changed, one, two) = tokio::join!(self.keeper.patch(&self.path, &etag, to), here.get(content), there.get(content));
        self.version = changed.expect(200).json()["version"].as_i64().unwrap();
        let (after_one, after_two) = tokio::join!(here.get(content), there.get(content));
        ([one.status, two.status], [after_one.status, after_two.status])
    }
}

#[tokio::test]
async fn g7_no_read_that_begins_after_a_revocation_was_acknowledged_is_granted_on_any_node() {
    let races = std::env::var("OPENILP_RACES").map_or(RACES, |text| text.parse().unwrap());
    let app = TestApp::start().await;
    let other = app.another_node().await;
    let kurt = app.person("kurt").await;
    let (greta, uma) = (app.person("greta").await, app.person("uma").await);
    let (greta_there, uma_there) = (greta.on(&other), uma.on(&other));
    let assignment =
        kurt.post("/v1/assignments", json!({ "studentId": ids::ANNA, "personId": ids::person(24), "kind": "teacher" })).await.expect(201);
    let mut rights = [
        Right {
            keeper: &kurt,
            path: "/v1/guardian-links/0000009a-0000-7000-8000-000000000001".into(),
            version: 1,
            taken: json!({ "rights": "none", "orderReference": "Order 2026-7" }),
            given: json!({ "rights": "full", "orderReference": null }),
            readers: [&greta, &greta_there],
        },
        Right {
            keeper: &kurt,
            path: assignment.header("location").to_owned(),
            version: 1,
            taken: json!({ "validTo": "2026-10-15" }),
            given: json!({ "validTo": null }),
            readers: [&uma, &uma_there],
        },
    ];
    let content = format!("/v1/ilp-files/{}/goals", ids::file(1));
    let mut raced = BTreeMap::<u16, usize>::new();
    for race in 0..races / 2 {
        let right = rights.get_mut(race % 2).unwrap();
        let (taken, given) = (right.taken.clone(), right.given.clone());
        let (during, after) = right.change(taken, &content).await;
        assert_eq!(after, [404, 404], "race {race}: a right that was taken away still stood");
        for status in during {
            *raced.entry(status).or_default() += 1;
        }
        let (_, after) = right.change(given, &content).await;
        assert_eq!(after, [200, 200], "race {race}: a right that was given back did not stand");
    }
    // Reads and revocations have met: some came before, some after.
    println!("{} races of a read after a revocation, of those beside it {raced:?}", races / 2 * 2);
    assert!(raced.keys().all(|status| [200, 404].contains(status)), "{raced:?}");
    assert_eq!(raced.len(), 2, "reads and revocations never met: {raced:?}");
    other.stop().await;
}
