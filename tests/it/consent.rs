//! Consents over HTTP: who lets whom in to what (34 CFR 99.30; R53, R74, R138).

use openilp_tests::{Actor, Answer, TestApp, ids};
use serde_json::{Value, json};

const UMA: u128 = 24;

fn consents(student: impl std::fmt::Display) -> String {
    format!("/v1/students/{student}/consents")
}

/// Uma, who has no relation to anybody, as a mentor.
fn mentor(sections: &[&str]) -> Value {
    json!({ "recipientKind": "mentor", "personId": ids::person(UMA), "sections": sections, "purpose": "To talk about college." })
}

async fn sign(actor: &Actor<'_>, consent: &str, approves: bool) -> Answer {
    actor.post(&format!("/v1/consents/{consent}/signatures"), json!({ "approves": approves })).await
}

async fn revoke(actor: &Actor<'_>, consent: &str) -> Answer {
    actor.post(&format!("/v1/consents/{consent}/revocation"), Value::Null).await
}

async fn goal(actor: &Actor<'_>, file: u128, domain: &str) -> String {
    let goal =
        actor.post(&format!("/v1/ilp-files/{}/goals", ids::file(file)), json!({ "domain": domain, "title": "Become a nurse" })).await.expect(201);
    format!("/v1/goals/{}", goal.id())
}

#[tokio::test]
async fn r50_r53_l16_a_mentor_reads_what_student_and_parent_both_signed_and_nothing_before() {
    let app = TestApp::start().await;
    let (anna, greta, uma) = (app.person("anna").await, app.person("greta").await, app.person("uma").await);
    let (career, personal) = (goal(&anna, 1, "career").await, goal(&anna, 1, "personalSocial").await);
    let drawn = anna.post(&consents(ids::ANNA), mentor(&["S4"])).await.expect(201);
    let consent = drawn.id();
    assert_eq!(drawn.json()["status"], "waitsForSignatures");
    assert!(drawn.json()["statement"].as_str().unwrap().contains("Uma Umber"));
    uma.get(&career).await.expect(404);
    sign(&anna, &consent, true).await.expect(200);
    uma.get(&career).await.expect(404);
    let signed = sign(&greta, &consent, true).await.expect(200).json();
    assert_eq!(signed["status"], "inForce");
    assert_eq!(signed["signatures"].as_array().unwrap().len(), 2);
    assert!(signed["signatures"][0]["issuer"].as_str().unwrap().starts_with("http"));
    uma.get(&career).await.expect(200);
    uma.get(&personal).await.expect(404);
    uma.patch(&career, "\"1\"", json!({ "title": "x" })).await.expect(403);
    uma.get(&consents(ids::ANNA)).await.expect(404);
    let listed = uma.get(&format!("/v1/ilp-files/{}/goals", ids::file(1))).await.expect(200).json();
    let titles: Vec<_> = listed["items"].as_array().unwrap().iter().map(|goal| goal["domain"].as_str().unwrap()).collect();
    assert_eq!(titles, ["career"]);
    uma.get(&format!("/v1/ilp-files/{}", ids::file(1))).await.expect(404);
}

#[tokio::test]
async fn i7_a_mentor_learns_the_first_name_and_no_more_of_who_it_is() {
    let app = TestApp::start().await;
    let (anna, greta, uma) = (app.person("anna").await, app.person("greta").await, app.person("uma").await);
    let consent = anna.post(&consents(ids::ANNA), mentor(&["S4"])).await.expect(201).id();
    for actor in [&anna, &greta] {
        sign(actor, &consent, true).await.expect(200);
    }
    let me = uma.get("/v1/me").await.expect(200).json();
    let known = &me["students"][0];
    assert_eq!((known["givenName"].as_str(), known.get("familyName")), (Some("Anna"), None));
    assert_eq!(known["readableSections"], json!(["S4"]));
    uma.get(&format!("/v1/students/{}", ids::ANNA)).await.expect(404);
    assert_eq!(uma.get("/v1/students").await.expect(200).json()["items"], json!([]), "nobody is found whose name is not known");
}

#[tokio::test]
async fn a_revocation_and_an_objection_are_in_force_for_the_next_read() {
    let app = TestApp::start().await;
    let (anna, greta, uma) = (app.person("anna").await, app.person("greta").await, app.person("uma").await);
    let career = goal(&anna, 1, "career").await;
    let consent = anna.post(&consents(ids::ANNA), mentor(&["S4"])).await.expect(201).id();
    sign(&anna, &consent, true).await.expect(200);
    sign(&greta, &consent, true).await.expect(200);
    uma.get(&career).await.expect(200);
    assert_eq!(sign(&greta, &consent, false).await.expect(200).json()["status"], "objected");
    uma.get(&career).await.expect(404);
    sign(&greta, &consent, true).await.expect(200);
    uma.get(&career).await.expect(200);
    assert_eq!(revoke(&anna, &consent).await.expect(200).json()["status"], "revoked");
    uma.get(&career).await.expect(404);
    sign(&greta, &consent, true).await.expect(409);
    revoke(&greta, &consent).await.expect(200);
}

#[tokio::test]
async fn only_student_and_guardians_with_rights_sign_whoever_draws_up() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let consent = kurt.post(&consents(ids::ANNA), mentor(&["S4"])).await.expect(201).id();
    sign(&kurt, &consent, true).await.expect(403);
    sign(&app.person("bela").await, &consent, true).await.expect(403);
    for stranger in ["tom", "gus", "gil", "uma", "cleo"] {
        sign(&app.person(stranger).await, &consent, true).await.expect(404);
    }
    sign(&app.person_of(ids::BIRCH, "zeno").await, &consent, true).await.expect(404);
    sign(&app.person("anna").await, &consent, true).await.expect(200);
}

#[tokio::test]
async fn l10_a_student_of_age_lets_a_parent_in_alone() {
    let app = TestApp::start().await;
    let (cleo, gwen) = (app.person("cleo").await, app.person("gwen").await);
    let career = goal(&cleo, 3, "career").await;
    gwen.get(&career).await.expect(404);
    let body = json!({ "recipientKind": "guardian", "personId": ids::person(13), "sections": ["S2", "S4"], "purpose": "My mother helps me." });
    let consent = cleo.post(&consents(ids::CLEO), body).await.expect(201).id();
    sign(&gwen, &consent, true).await.expect(404);
    assert_eq!(sign(&cleo, &consent, true).await.expect(200).json()["status"], "inForce");
    gwen.get(&career).await.expect(200);
    gwen.patch(&career, "\"1\"", json!({ "title": "x" })).await.expect(403);
}

#[tokio::test]
async fn a_consent_limited_to_one_goal_opens_no_other() {
    let app = TestApp::start().await;
    let (anna, greta, uma) = (app.person("anna").await, app.person("greta").await, app.person("uma").await);
    let (one, other) = (goal(&anna, 1, "career").await, goal(&anna, 1, "career").await);
    let mut body = mentor(&["S4"]);
    body["goalId"] = one.rsplit('/').next().unwrap().into();
    let consent = anna.post(&consents(ids::ANNA), body).await.expect(201).id();
    sign(&anna, &consent, true).await.expect(200);
    sign(&greta, &consent, true).await.expect(200);
    uma.get(&one).await.expect(200);
    uma.get(&format!("{one}/activities")).await.expect(200);
    uma.get(&format!("{one}/history")).await.expect(200);
    uma.get(&other).await.expect(404);
    uma.get(&format!("{other}/activities")).await.expect(404);
}

#[tokio::test]
async fn every_fault_of_a_consent_is_named_and_changes_nothing() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let faults = anna.post(&consents(ids::ANNA), json!({ "recipientKind": "group", "sections": ["S10"], "purpose": "" })).await.expect(422).json();
    let pointers: Vec<_> = faults["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/purpose"], "members first, then what they say together: {faults}");
    let mut body = mentor(&["S10"]);
    anna.post(&consents(ids::ANNA), body.clone()).await.expect(422);
    body["sections"] = json!(["S4"]);
    body["personId"] = ids::ZOE.to_string().into();
    anna.post(&consents(ids::ANNA), body.clone()).await.expect(422);
    body["personId"] = ids::ANNA.to_string().into();
    anna.post(&consents(ids::ANNA), body.clone()).await.expect(422);
    // More can be opened to a parent than to anybody else: so it is one.
    body["recipientKind"] = "guardian".into();
    for person in [24, 11, 12] {
        body["personId"] = ids::person(person).to_string().into();
        anna.post(&consents(ids::ANNA), body.clone()).await.expect(422);
    }
    assert_eq!(anna.get(&consents(ids::ANNA)).await.expect(200).json()["items"], json!([]));
}

#[tokio::test]
async fn nobody_consents_while_it_is_not_known_who_holds_the_rights() {
    let app = TestApp::start().await;
    app.person("dan").await.post(&consents(ids::DAN), mentor(&["S4"])).await.expect(403);
    let drawn = app.person("kurt").await.post(&consents(ids::DAN), mentor(&["S4"])).await.expect(201);
    assert_eq!(drawn.json()["status"], "rightsHolderUnknown");
    sign(&app.person("dan").await, &drawn.id(), true).await.expect(403);
}

#[tokio::test]
async fn the_custodian_sees_by_which_consent_somebody_reads() {
    let app = TestApp::start().await;
    let (anna, greta, kurt) = (app.person("anna").await, app.person("greta").await, app.person("kurt").await);
    let consent = anna.post(&consents(ids::ANNA), mentor(&["S4"])).await.expect(201).id();
    sign(&anna, &consent, true).await.expect(200);
    sign(&greta, &consent, true).await.expect(200);
    let readers = kurt.get(&format!("/v1/students/{}/readers?section=S4", ids::ANNA)).await.expect(200).json();
    let uma = readers["items"].as_array().unwrap().iter().find(|reader| reader["givenName"] == "Uma").expect("she reads it");
    assert_eq!(uma["relations"][0]["relation"], "mentor");
    let mine = app.person("uma").await.get(&format!("/v1/students/{}/my-access", ids::ANNA)).await.expect(200).json();
    assert_eq!(mine["relations"][0]["relation"], "mentor");
}
