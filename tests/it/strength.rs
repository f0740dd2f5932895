//! Strengths and achievements over HTTP.

use openilp_tests::{TestApp, ids};
use serde_json::json;

#[tokio::test]
async fn r31_what_is_recognized_stands_in_the_whole_file() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let beneath = format!("/v1/ilp-files/{}/strengths", ids::file(1));
    let new = json!({ "domain": "academic", "kind": "strength", "title": "Sees patterns", "recognizedOn": "2026-10-09" });
    let created = anna.post(&beneath, new).await.expect(201);
    let whole = anna.get(&format!("/v1/ilp-files/{}/whole", ids::file(1))).await.expect(200).json();
    assert_eq!(whole["strengths"][0]["id"], created.id());
    assert_eq!(whole["strengths"][0]["title"], "Sees patterns");
}

#[tokio::test]
async fn r34_all_participants_read_them_where_the_profile_says_so_and_never_the_personal_ones_elsewhere() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let beneath = format!("/v1/ilp-files/{}/strengths", ids::file(1));
    let personal = anna.post(&beneath, json!({ "domain": "personalSocial", "kind": "strength", "title": "Listens" })).await.expect(201);
    // Rhode Island's profile does not open them to all participants: the teacher sees no personal one.
    app.person("tom").await.get(&format!("/v1/strengths/{}", personal.id())).await.expect(404);
    let zoe = app.person_of(ids::BIRCH, "zoe").await;
    let beneath = format!("/v1/ilp-files/{}/strengths", ids::file(50));
    let personal = zoe.post(&beneath, json!({ "domain": "personalSocial", "kind": "strength", "title": "Listens" })).await.expect(201);
    // Utah's does.
    app.person_of(ids::BIRCH, "zack").await.get(&format!("/v1/strengths/{}", personal.id())).await.expect(200);
}
