//! Needs, statements of progress and feedback over HTTP.

use openilp_tests::{TestApp, ids};
use serde_json::{Value, json};

#[tokio::test]
async fn r23_interests_needs_and_supports_stand_in_the_plan_each_read_by_its_domain() {
    let app = TestApp::start().await;
    let (anna, tom, needs) = (app.person("anna").await, app.person("tom").await, ids::in_file(1, "needs"));
    for (domain, kind) in [("career", "interest"), ("academic", "need"), ("personalSocial", "support")] {
        anna.post(&needs, json!({ "domain": domain, "kind": kind, "title": "One" })).await.expect(201);
    }
    assert_eq!(
        anna.post(&needs, json!({ "domain": "academic", "kind": "need", "title": "x", "status": "supported" })).await.expect(422).pointers(),
        ["/response"]
    );
    let kinds = |list: Value| list["items"].as_array().unwrap().iter().map(|need| need["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(kinds(anna.get(&needs).await.expect(200).json()), ["interest", "need", "support"]);
    assert_eq!(kinds(tom.get(&needs).await.expect(200).json()), ["interest", "need"]);
}

#[tokio::test]
async fn r110_a_dated_statement_says_whether_the_student_meets_the_goals_and_progresses() {
    let app = TestApp::start().await;
    let (bela, statements) = (app.person("bela").await, ids::in_file(1, "progress-statements"));
    let at_risk = json!({ "statedOn": "2026-10-14", "goalsMet": "partlyMeets", "onTrack": "atRisk" });
    assert_eq!(bela.post(&statements, at_risk.clone()).await.expect(422).pointers(), ["/statement"]);
    let mut told = at_risk;
    told["statement"] = "Chemistry needs an hour more a week.".into();
    let made = bela.post(&statements, told).await.expect(201);
    for name in ["anna", "greta", "tom"] {
        assert_eq!(app.person(name).await.get(made.header("location")).await.expect(200).json()["onTrack"], "atRisk");
    }
}

#[tokio::test]
async fn r74_r75_r206_a_mentor_says_and_offers_something_and_reads_only_the_own_words() {
    let app = TestApp::start().await;
    let (anna, greta, uma) = (app.person("anna").await, app.person("greta").await, app.person("uma").await);
    let entries = ids::in_file(1, "feedback-entries");
    let said = json!({ "kind": "goalProgress", "body": "She asks good questions.", "subject": "Become a nurse" });
    let of_anna = anna.post(&entries, json!({ "kind": "other", "body": "Thank you." })).await.expect(201);
    uma.post(&entries, said.clone()).await.expect(404);
    // A consent names what a mentor reads; what they say comes with being let in.
    let consent = json!({ "recipientKind": "mentor", "personId": ids::person(24), "sections": ["S4"], "purpose": "To talk about college." });
    let consent = anna.post(&format!("/v1/students/{}/consents", ids::ANNA), consent).await.expect(201).id();
    for signer in [&anna, &greta] {
        signer.post(&format!("/v1/consents/{consent}/signatures"), json!({ "approves": true })).await.expect(200);
    }
    let made = uma.post(&entries, said).await.expect(201);
    let offered = json!({ "kind": "offeredExperience", "body": "Two afternoons a week.", "subject": "Job shadowing", "startsOn": "2027-01-11" });
    uma.post(&entries, offered).await.expect(201);
    assert_eq!(uma.post(&entries, json!({ "kind": "offeredExperience", "body": "Come." })).await.expect(422).pointers(), ["/subject"]);
    assert_eq!(anna.get(made.header("location")).await.expect(200).json()["createdBy"], ids::person(24).to_string());
    assert_eq!(anna.get(&entries).await.expect(200).json()["items"].as_array().unwrap().len(), 3);
    assert_eq!(uma.get(&entries).await.expect(200).json()["items"].as_array().unwrap().len(), 2);
    uma.get(of_anna.header("location")).await.expect(404);
}
