//! Applications through which the district's people come: a person's own right, the token's scopes and the district's approval, all three
//! (access.md 5.1 VF, 5.9).

use openilp_api::state::Clock as _;
use openilp_tests::issuer::{FRONT_END, TestIssuer};
use openilp_tests::{Actor, TestApp, ids};
use serde_json::{Value, json};

const FRONT_ENDS: &str = "/v1/front-ends";
const ISSUER: &str = "https://id.alder.example";

struct World<'a> {
    app: &'a TestApp,
    issuer: TestIssuer,
    kurt: Actor<'a>,
    goals: String,
}

impl<'a> World<'a> {
    /// Anna and Kurt, the custodian, have logins of an issuer.
    async fn of(app: &'a TestApp) -> Self {
        let (issuer, _) = TestIssuer::register(app, ids::ALDER, ISSUER, json!({})).await;
        let kurt = app.person("kurt").await;
        let kurt_id = kurt.get("/v1/me").await.expect(200).json()["personId"].clone();
        for (subject, person) in [("anna", json!(ids::ANNA)), ("kurt", kurt_id)] {
            kurt.post("/v1/identity-links", json!({ "issuer": ISSUER, "subject": subject, "personId": person })).await.expect(201);
        }
        Self { app, issuer, kurt, goals: format!("/v1/ilp-files/{}/goals", ids::file(1)) }
    }

    async fn approve(&self, client: &str, members: Value) -> String {
        let mut body = json!({ "name": client, "issuer": ISSUER, "clientId": client });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        self.kurt.post(FRONT_ENDS, body).await.expect(201).header("location").to_owned()
    }

    fn anna(&self, claims: Value) -> Actor<'a> {
        self.issuer.login(self.app, "anna", claims)
    }

    async fn goal(&self, domain: &str) -> String {
        let new = json!({ "domain": domain, "title": "Become a nurse" });
        format!("/v1/goals/{}", self.app.person("anna").await.post(&self.goals, new).await.expect(201).id())
    }
}

#[tokio::test]
async fn nobody_comes_through_an_application_that_the_district_has_not_approved() {
    let app = TestApp::start().await;
    let world = World::of(&app).await;
    for claims in
        [json!({ "azp": "other" }), json!({ "azp": null, "client_id": "other" }), json!({ "azp": null, "cid": "other" }), json!({ "azp": null })]
    {
        let refused = world.anna(claims).get("/v1/me").await.expect(403).json();
        assert_eq!(refused["type"].as_str().unwrap().rsplit('/').next(), Some("front-end-not-approved"), "{refused}");
    }
    world.approve("later", json!({ "validFrom": "2099-01-01" })).await;
    world.anna(json!({ "azp": "later" })).get("/v1/me").await.expect(403);
    world.anna(json!({ "azp": "" })).get("/v1/me").await.expect(401);
    world.anna(json!({ "client_id": "two-names" })).get("/v1/me").await.expect(401);
    world.anna(json!({})).get("/v1/me").await.expect(200);
}

#[tokio::test]
async fn through_an_application_one_sees_the_sections_that_it_is_approved_for() {
    let app = TestApp::start().await;
    let world = World::of(&app).await;
    let (academic, career) = (world.goal("academic").await, world.goal("career").await);
    let path = world.approve("narrow", json!({ "sections": ["S0", "S1a", "S4"] })).await;
    let anna = world.anna(json!({ "azp": "narrow" }));
    anna.get(&career).await.expect(200);
    anna.get(&academic).await.expect(404);
    anna.patch(&academic, "\"1\"", json!({ "title": "x" })).await.expect(404);
    anna.post(&world.goals, json!({ "domain": "academic", "title": "x" })).await.expect(403);
    let listed = anna.get(&world.goals).await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    let whole = anna.get(&format!("/v1/ilp-files/{}/whole", ids::file(1))).await.expect(200).json().to_string();
    assert!(whole.contains("career") && !whole.contains("academic"), "{whole}");
    // With another application of the same district all is as before.
    world.anna(json!({})).get(&academic).await.expect(200);
    world.kurt.patch(&path, "\"1\"", json!({ "sections": ["S0", "S2"] })).await.expect(200);
    anna.get(&academic).await.expect(200);
    anna.get(&career).await.expect(404);
}

#[tokio::test]
async fn an_approval_adds_no_right() {
    let app = TestApp::start().await;
    let world = World::of(&app).await;
    world.approve("wide", json!({ "forOffices": true })).await;
    let anna = world.anna(json!({ "azp": "wide" }));
    anna.get(&format!("/v1/students/{}", ids::BEN)).await.expect(404);
    anna.get(FRONT_ENDS).await.expect(403);
}

#[tokio::test]
async fn through_what_is_for_reading_nobody_writes() {
    let app = TestApp::start().await;
    let world = World::of(&app).await;
    let goal = world.goal("career").await;
    world.approve("reader", json!({ "mayWrite": false })).await;
    let reads = world.anna(json!({ "azp": "reader" }));
    let narrow = world.anna(json!({ "scope": "openid ilp.user.read" }));
    for anna in [&reads, &narrow] {
        assert_eq!(anna.get(&goal).await.expect(200).json()["allowedActions"], json!([]));
        anna.patch(&goal, "\"1\"", json!({ "title": "x" })).await.expect(403);
        anna.post(&world.goals, json!({ "domain": "career", "title": "x" })).await.expect(403);
    }
    world.anna(json!({ "scp": ["ilp.user.read", "ilp.user"] })).patch(&goal, "\"1\"", json!({ "title": "Become a doctor" })).await.expect(200);
    // Nor does anybody become somebody.
    let families = json!({ "forFamilies": true });
    let (families, _) = TestIssuer::register(&app, ids::ALDER, "https://families.example", families).await;
    let newcomer = families.login(&app, "new", json!({ "scope": "ilp.user.read" }));
    newcomer.post("/v1/invitation-redemptions", json!({ "code": "AAAA-BBBB-CCCC-DDDD" })).await.expect(403);
}

#[tokio::test]
async fn offices_are_held_through_what_is_approved_for_offices() {
    let app = TestApp::start().await;
    let world = World::of(&app).await;
    world.approve("plans", json!({})).await;
    let kurt = world.issuer.login(&app, "kurt", json!({ "azp": "plans" }));
    kurt.get("/v1/guardian-links").await.expect(403);
    assert_eq!(kurt.get("/v1/me").await.expect(200).json()["offices"], json!([]));
    kurt.get(&format!("/v1/students/{}", ids::ANNA)).await.expect(404);
    let office = world.issuer.login(&app, "kurt", json!({ "azp": FRONT_END }));
    office.get("/v1/guardian-links").await.expect(200);
    office.get(&format!("/v1/students/{}", ids::ANNA)).await.expect(200);
}

#[tokio::test]
async fn an_approval_that_was_withdrawn_counts_no_more_at_the_next_request() {
    let app = TestApp::start().await;
    let world = World::of(&app).await;
    let path = world.approve("gone", json!({})).await;
    let anna = world.anna(json!({ "azp": "gone" }));
    anna.get("/v1/me").await.expect(200);
    let today = app.clock.now().date_naive();
    world.kurt.patch(&path, "\"1\"", json!({ "validTo": today })).await.expect(200);
    anna.get("/v1/me").await.expect(403);
    world.kurt.patch(&path, "\"2\"", json!({ "validTo": null })).await.expect(200);
    anna.get("/v1/me").await.expect(200);
}

#[tokio::test]
async fn approvals_are_kept_by_operator_and_custodian_and_every_fault_is_named() {
    let app = TestApp::start().await;
    let world = World::of(&app).await;
    let pointers =
        |problem: Value| problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let faults = world.kurt.post(FRONT_ENDS, json!({ "name": "", "issuer": "id", "sections": ["S99"], "right": 1 })).await.expect(400).json();
    assert_eq!(pointers(faults), ["/name", "/issuer", "/clientId", "/sections/0", "/right"]);
    let twice =
        json!({ "name": "a", "issuer": ISSUER, "clientId": "a", "sections": ["S2", "S2"], "validFrom": "2026-02-02", "validTo": "2026-01-01" });
    assert_eq!(pointers(world.kurt.post(FRONT_ENDS, twice).await.expect(422).json()), ["/sections/1", "/validTo"]);
    let again = json!({ "name": "again", "issuer": ISSUER, "clientId": FRONT_END });
    assert_eq!(world.kurt.post(FRONT_ENDS, again.clone()).await.expect(409).json()["errors"][0]["code"], "front_end_exists");
    let operator = app.client("operator").await;
    let of_birch = format!("/v1/districts/{}/front-ends", ids::BIRCH);
    let made = operator.post(&of_birch, again).await.expect(201);
    operator.get(made.header("location")).await.expect(200);
    // It is Birch's: in Alder there is none such.
    let id = made.id();
    world.kurt.get(&format!("{FRONT_ENDS}/{id}")).await.expect(404);
    app.person("tom").await.post(FRONT_ENDS, json!({ "name": "a", "issuer": ISSUER, "clientId": "b" })).await.expect(403);
    world.kurt.get(&of_birch).await.expect(403);
}
