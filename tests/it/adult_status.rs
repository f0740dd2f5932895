//! Who holds the rights over time, over HTTP (34 CFR 99.5, L10; Utah Code 53E-9-301, L25).

use openilp_tests::{Actor, Answer, TestApp, ids};
use serde_json::{Value, json};

use crate::feed::told;

const STATUSES: &str = "/v1/adult-statuses";

fn status(student: uuid::Uuid, basis: &str, valid_from: Option<&str>) -> Value {
    let mut body = json!({ "studentId": student, "basis": basis, "documentReference": "Letter 7, safe" });
    if let Some(day) = valid_from {
        body["validFrom"] = day.into();
    }
    body
}

async fn record(custodian: &Actor<'_>, body: Value) -> Answer {
    custodian.post(STATUSES, body).await.expect(201)
}

async fn rights(actor: &Actor<'_>, student: uuid::Uuid) -> Value {
    let mut standing = actor.get(&format!("/v1/students/{student}/rights")).await.expect(200).json();
    standing.as_object_mut().unwrap().remove("studentId");
    standing
}

async fn student(actor: &Actor<'_>, student: uuid::Uuid) -> u16 {
    actor.get(&format!("/v1/students/{student}")).await.status
}

#[tokio::test]
async fn l25_the_rights_of_an_emancipated_student_in_utah_pass_at_once_on_every_node() {
    let app = TestApp::start().await;
    let other = app.another_node().await;
    let [zoe, zack, zita, zeno] = ["zoe", "zack", "zita", "zeno"].map(|name| app.person_of(ids::BIRCH, name));
    let (zoe, zack, zita, zeno) = (zoe.await, zack.await, zita.await, zeno.await);
    let before = json!({ "holder": "guardians", "nextOn": "2028-05-05", "nextHolder": "student", "nextBasis": "age" });
    for reader in [&zoe, &zack, &zita, &zeno] {
        assert_eq!(rights(reader, ids::ZOE).await, before);
    }
    let made = record(&zeno, status(ids::ZOE, "emancipated", None)).await;
    assert_eq!((made.json()["validFrom"].clone(), made.json()["createdBy"].clone()), (json!("2026-10-15"), json!(ids::person(53))));
    assert_eq!(student(&zack.on(&other), ids::ZOE).await, 404);
    zack.get(&format!("/v1/students/{}/rights", ids::ZOE)).await.expect(404);
    let after = json!({ "holder": "student", "since": "2026-10-15", "basis": "emancipated" });
    for reader in [&zoe, &zita, &zeno] {
        assert_eq!(rights(reader, ids::ZOE).await, after);
    }
    other.stop().await;
}

#[tokio::test]
async fn l10_l25_a_basis_that_the_profile_does_not_know_is_refused() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    for basis in ["emancipated", "mcKinneyVento"] {
        let refused = kurt.post(STATUSES, status(ids::ANNA, basis, None)).await.expect(422).json();
        assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!("/basis"), &json!("not_in_profile")));
    }
    let made = record(&kurt, status(ids::ANNA, "postsecondary", Some("2027-06-01"))).await;
    let path = made.header("location").to_owned();
    kurt.patch(&path, "\"1\"", json!({ "basis": "emancipated" })).await.expect(422);
    // What is sent is refused with every fault named, and changes nothing.
    let faults = kurt.post(STATUSES, json!({ "basis": "married", "validFrom": "soon", "more": 1 })).await.expect(400).json();
    let pointers: Vec<_> = faults["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/studentId", "/basis", "/documentReference", "/validFrom", "/more"]);
    let mut ends_first = status(ids::ANNA, "postsecondary", Some("2027-06-01"));
    ends_first["validTo"] = "2027-05-31".into();
    kurt.post(STATUSES, ends_first).await.expect(422);
    assert_eq!(kurt.get(STATUSES).await.expect(200).json()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn l10_at_a_postsecondary_institution_the_rights_pass_at_local_midnight_and_it_is_seen_in_advance() {
    let app = TestApp::start().await;
    let (kurt, greta) = (app.person("kurt").await, app.person("greta").await);
    record(&kurt, status(ids::ANNA, "postsecondary", Some("2026-12-01"))).await;
    let coming = json!({ "holder": "guardians", "nextOn": "2026-12-01", "nextHolder": "student", "nextBasis": "postsecondary" });
    assert_eq!(rights(&greta, ids::ANNA).await, coming);
    for (at, reads) in [("2026-12-01T04:59:59Z", 200), ("2026-12-01T05:00:00Z", 404)] {
        app.clock.set(at);
        assert_eq!(student(&app.person("greta").await, ids::ANNA).await, reads, "{at}");
        assert_eq!(student(&app.person("anna").await, ids::ANNA).await, 200, "{at}");
    }
}

#[tokio::test]
async fn l10_an_adult_status_is_corrected_and_ended_and_then_the_rights_are_the_guardians_again() {
    let app = TestApp::start().await;
    let (kurt, greta) = (app.person("kurt").await, app.person("greta").await);
    let path = record(&kurt, status(ids::ANNA, "postsecondary", Some("2026-10-01"))).await.header("location").to_owned();
    assert_eq!(student(&greta, ids::ANNA).await, 404);
    kurt.send(reqwest::Method::PATCH, &path, &[("content-type", "application/merge-patch+json")], Some(b"{}".to_vec())).await.expect(428);
    let moved = kurt.patch(&path, "\"1\"", json!({ "validFrom": "2026-10-20", "documentReference": "Letter 8" })).await.expect(200);
    assert_eq!(moved.header("etag"), "\"2\"");
    assert_eq!(student(&greta, ids::ANNA).await, 200);
    kurt.patch(&path, "\"1\"", json!({ "validTo": "2026-10-20" })).await.expect(412);
    kurt.patch(&path, "\"2\"", json!({ "validFrom": "2026-10-14", "validTo": "2026-10-16" })).await.expect(200);
    assert_eq!(rights(&app.person("anna").await, ids::ANNA).await["nextHolder"], "guardians");
    app.clock.set("2026-10-16T15:00:00Z");
    assert_eq!(student(&app.person("greta").await, ids::ANNA).await, 200);
    // Who may keep them: the custodian alone.
    for name in ["anna", "greta", "bela", "pam", "tom"] {
        let actor = app.person(name).await;
        actor.get(&path).await.expect(403);
        actor.post(STATUSES, status(ids::ANNA, "postsecondary", None)).await.expect(403);
    }
}

#[tokio::test]
async fn l10_consents_from_before_end_unless_the_student_signs_again_and_the_parent_of_a_dependent_reads_on() {
    let app = TestApp::start().await;
    let (anna, greta, uma) = (app.person("anna").await, app.person("greta").await, app.person("uma").await);
    let goals = format!("/v1/ilp-files/{}/goals", ids::file(1));
    let goal = anna.post(&goals, json!({ "domain": "career", "title": "Become a nurse" })).await.expect(201).header("location").to_owned();
    let drawn = json!({ "recipientKind": "mentor", "personId": ids::person(24), "sections": ["S4"], "purpose": "To talk about college." });
    let consent = anna.post(&format!("/v1/students/{}/consents", ids::ANNA), drawn).await.expect(201).id();
    let signatures = format!("/v1/consents/{consent}/signatures");
    for signer in [&anna, &greta] {
        signer.post(&signatures, json!({ "approves": true })).await.expect(200);
    }
    uma.get(&goal).await.expect(200);
    app.clock.set("2026-10-16T14:00:00Z");
    let (anna, greta, kurt, uma) = (app.person("anna").await, app.person("greta").await, app.person("kurt").await, app.person("uma").await);
    record(&kurt, status(ids::ANNA, "postsecondary", None)).await;
    uma.get(&goal).await.expect(404);
    anna.post(&signatures, json!({ "approves": true })).await.expect(200);
    uma.get(&goal).await.expect(200);
    greta.get(&goal).await.expect(404);
    let links = kurt.get(&format!("/v1/guardian-links?studentId={}&guardianId={}", ids::ANNA, ids::person(10))).await.expect(200).json();
    let link = format!("/v1/guardian-links/{}", links["items"][0]["id"].as_str().unwrap());
    kurt.patch(&link, "\"1\"", json!({ "dependentUntil": "2026-12-31", "dependentReference": "Form 1040" })).await.expect(200);
    greta.get(&goal).await.expect(200);
}

#[tokio::test]
async fn l10_the_feed_tells_a_guardian_that_the_rights_have_passed() {
    let app = TestApp::start().await;
    let (kurt, greta, anna) = (app.person("kurt").await, app.person("greta").await, app.person("anna").await);
    assert_eq!(student(&greta, ids::ANNA).await, 200);
    let start = greta.get("/v1/changes?from=now").await.expect(200).json()["cursor"].as_str().unwrap().to_owned();
    record(&kurt, status(ids::ANNA, "postsecondary", None)).await;
    let after = told(&greta, &format!("after={start}"), |entry| entry["operation"] == "withdrawn").await;
    assert_eq!(after.last().unwrap()["studentId"], ids::ANNA.to_string());
    assert!(!json!(after).to_string().contains("Letter 7"), "{after:?}");
    told(&anna, "from=beginning", |entry| entry["kind"] == "adultStatus").await;
}

#[tokio::test]
async fn l10_who_reads_what_is_private_sees_who_holds_the_rights() {
    let app = TestApp::start().await;
    let path = format!("/v1/students/{}/rights", ids::ANNA);
    for (name, expected) in [
        ("anna", 200),
        ("greta", 200),
        ("bela", 200),
        ("kurt", 200),
        ("tom", 403),
        ("pam", 403),
        ("gil", 404),
        ("gus", 404),
        ("uma", 404),
        ("zoe", 404),
    ] {
        let actor = if name == "zoe" { app.person_of(ids::BIRCH, name).await } else { app.person(name).await };
        assert_eq!(actor.get(&path).await.status, expected, "{name}");
    }
    // Of age, and of an age that nobody knows.
    let (cleo, dan) = (app.person("cleo").await, app.person("dan").await);
    assert_eq!(rights(&cleo, ids::CLEO).await, json!({ "holder": "student", "since": "2026-10-01", "basis": "age" }));
    assert_eq!(rights(&dan, ids::DAN).await, json!({ "holder": "unknown" }));
}
