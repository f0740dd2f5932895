//! Partners of the district and who works for them, over HTTP.

use openilp_tests::{TestApp, ids};
use serde_json::{Value, json};

const PARTNERS: &str = "/v1/partners";
const MEMBERS: &str = "/v1/partner-members";

fn partner() -> Value {
    json!({ "name": "Alder College Access", "agreementReference": "MOU 2026-14", "validFrom": "2026-08-15", "validTo": "2027-06-30" })
}

fn pointers(problem: &Value) -> Vec<&str> {
    problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn r74_a_partner_comes_with_an_agreement_that_runs_from_and_to_a_day() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let faults = kurt.post(PARTNERS, json!({ "name": "", "validTo": "soon", "note": 1 })).await.json();
    assert_eq!(pointers(&faults), ["/name", "/agreementReference", "/validFrom", "/validTo", "/note"]);
    let mut backwards = partner();
    backwards["validTo"] = "2026-08-14".into();
    assert_eq!(pointers(&kurt.post(PARTNERS, backwards).await.expect(422).json()), ["/validTo"]);
    let made = kurt.post(PARTNERS, partner()).await.expect(201);
    let path = made.header("location").to_owned();
    assert_eq!(kurt.get(&path).await.expect(200).json(), made.json());
    let amended = kurt.patch(&path, "\"1\"", json!({ "subcontractors": "Birch Tutors", "validTo": "2027-07-31" })).await.expect(200).json();
    assert_eq!((amended["subcontractors"].as_str(), amended["version"].as_i64()), (Some("Birch Tutors"), Some(2)));
    kurt.patch(&path, "\"1\"", json!({ "name": "Other" })).await.expect(412);
    assert_eq!(pointers(&kurt.patch(&path, "\"2\"", json!({ "validTo": null })).await.json()), ["/validTo"]);
    assert_eq!(pointers(&kurt.patch(&path, "\"2\"", json!({ "validTo": "2026-08-01" })).await.expect(422).json()), ["/validTo"]);
    assert_eq!(kurt.get(PARTNERS).await.expect(200).json()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn r74_who_works_for_a_partner_does_until_a_day() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let id = kurt.post(PARTNERS, partner()).await.expect(201).id();
    let member = json!({ "partnerId": id, "personId": ids::person(24) });
    let made = kurt.post(MEMBERS, member.clone()).await.expect(201);
    assert_eq!(made.json()["validFrom"], "2026-10-15");
    assert_eq!(kurt.post(MEMBERS, member).await.expect(409).json()["errors"][0]["code"], "member_exists");
    assert_eq!(
        kurt.post(MEMBERS, json!({ "partnerId": id, "personId": ids::person(50) })).await.expect(409).json()["errors"][0]["code"],
        "person_unknown"
    );
    assert_eq!(
        kurt.post(MEMBERS, json!({ "partnerId": ids::ANNA, "personId": ids::person(24) })).await.expect(409).json()["errors"][0]["code"],
        "partner_unknown"
    );
    kurt.patch(made.header("location"), "\"1\"", json!({ "validTo": "2026-10-15" })).await.expect(200);
    let listed = kurt.get(&format!("{MEMBERS}?partnerId={id}&personId={}", ids::person(24))).await.expect(200).json();
    assert_eq!(listed["items"][0]["validTo"], "2026-10-15");
    assert_eq!(kurt.get(&format!("{MEMBERS}?personId={}", ids::ANNA)).await.expect(200).json()["items"], json!([]));
}

#[tokio::test]
async fn r131_only_the_custodian_of_the_district_keeps_its_partners() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let made = kurt.post(PARTNERS, partner()).await.expect(201);
    let member = kurt.post(MEMBERS, json!({ "partnerId": made.id(), "personId": ids::person(24) })).await.expect(201);
    let one = [made.header("location").to_owned(), member.header("location").to_owned()];
    let tom = app.person("tom").await;
    tom.post(PARTNERS, partner()).await.expect(403);
    tom.get(PARTNERS).await.expect(403);
    tom.get(MEMBERS).await.expect(403);
    let zeno = app.person_of(ids::BIRCH, "zeno").await;
    for path in &one {
        tom.get(path).await.expect(403);
        zeno.get(path).await.expect(404);
        zeno.patch(path, "\"1\"", json!({ "validTo": "2027-01-01" })).await.expect(404);
    }
    assert_eq!(zeno.get(PARTNERS).await.expect(200).json()["items"], json!([]));
    let foreign = json!({ "partnerId": made.id(), "personId": ids::person(53) });
    assert_eq!(zeno.post(MEMBERS, foreign).await.expect(409).json()["errors"][0]["code"], "partner_unknown");
}

#[tokio::test]
async fn r96_a_business_with_a_technology_program_is_a_partner_whose_people_offer_what_it_has() {
    let app = TestApp::start().await;
    let (kurt, anna, greta, uma) = (app.person("kurt").await, app.person("anna").await, app.person("greta").await, app.person("uma").await);
    let business = json!({ "name": "Ocean State Robotics, Inc.", "agreementReference": "Technology program 2026-3", "validFrom": "2026-08-15", "validTo": "2027-06-30" });
    let business = kurt.post(PARTNERS, business).await.expect(201).id();
    kurt.post(MEMBERS, json!({ "partnerId": business, "personId": ids::person(24) })).await.expect(201);
    let entries = ids::in_file(1, "feedback-entries");
    let offer = json!({ "kind": "offeredExperience", "subject": "Apprenticeship in the machine shop", "body": "Two afternoons a week.", "startsOn": "2027-01-11" });
    uma.post(&entries, offer.clone()).await.expect(404);
    let consent = json!({ "recipientKind": "partner", "partnerId": business, "sections": ["S4"], "purpose": "To prepare for work in robotics." });
    let consent = anna.post(&format!("/v1/students/{}/consents", ids::ANNA), consent).await.expect(201).id();
    for signer in [&anna, &greta] {
        signer.post(&format!("/v1/consents/{consent}/signatures"), json!({ "approves": true })).await.expect(200);
    }
    let goal = json!({ "domain": "career", "title": "Build robots", "objectiveKind": "occupational" });
    let goal = anna.post(&ids::in_file(1, "goals"), goal).await.expect(201).header("location").to_owned();
    assert_eq!(uma.get(&goal).await.expect(200).json()["objectiveKind"], "occupational");
    let made = uma.post(&entries, offer.clone()).await.expect(201);
    assert_eq!(anna.get(made.header("location")).await.expect(200).json()["subject"], "Apprenticeship in the machine shop");
    // No longer than the partnership.
    kurt.patch(&format!("{PARTNERS}/{business}"), "\"1\"", json!({ "validTo": "2026-10-15" })).await.expect(200);
    uma.get(&goal).await.expect(404);
    uma.post(&entries, offer).await.expect(404);
}
