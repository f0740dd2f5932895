//! Reading the feed until it has told something.

use openilp_tests::Actor;
use serde_json::Value;

/// What the feed gives from a start on (`from=…` or `after=…`), up to the page on which something is told.
pub async fn told(actor: &Actor<'_>, start: &str, is_told: impl Fn(&Value) -> bool) -> Vec<Value> {
    let (mut start, mut all) = (start.to_owned(), vec![]);
    for _ in 0..20 {
        let page = actor.get(&format!("/v1/changes?{start}&limit=100&wait=1")).await.expect(200).json();
        all.extend(page["items"].as_array().unwrap().iter().cloned());
        if all.iter().any(&is_told) {
            return all;
        }
        start = format!("after={}", page["cursor"].as_str().unwrap());
    }
    panic!("the feed did not tell it: {all:?}")
}
