//! Access in a health or safety emergency, over HTTP: who declares it, what it opens and for how long, and who hears of it.

use chrono::TimeDelta;
use openilp_tests::{Actor, Answer, TestApp, ids};
use serde_json::{Value, json};
use uuid::Uuid;

const ALL: &str = "/v1/emergency-accesses";
const THREAT: &str = "She wrote to a friend that she will hurt herself tonight, and left school.";

fn of(student: Uuid) -> String {
    format!("/v1/students/{student}/emergency-accesses")
}

fn one(id: &str) -> String {
    format!("{ALL}/{id}")
}

/// An emergency in which these sections are needed.
fn emergency(sections: &[&str]) -> Value {
    json!({ "reason": "safety", "threat": THREAT, "recipients": "Alder police", "sections": sections, "minutes": 10 })
}

async fn declare(actor: &Actor<'_>, sections: &[&str]) -> Answer {
    actor.post(&of(ids::ANNA), emergency(sections)).await.expect(201)
}

async fn items(actor: &Actor<'_>, path: &str) -> Vec<Value> {
    actor.get(path).await.expect(200).json()["items"].as_array().unwrap().clone()
}

fn goals() -> String {
    format!("/v1/ilp-files/{}/goals", ids::file(1))
}

/// Anna has a goal in each domain. Returns the paths of the career goal and of the personal one.
async fn fill(app: &TestApp) -> (String, String) {
    let anna = app.person("anna").await;
    anna.post(&goals(), json!({ "domain": "academic", "title": "Pass chemistry" })).await.expect(201);
    let career = anna.post(&goals(), json!({ "domain": "career", "title": "Become a nurse" })).await.expect(201);
    let personal = anna.post(&goals(), json!({ "domain": "personalSocial", "title": "Sleep again" })).await.expect(201);
    (format!("/v1/goals/{}", career.id()), format!("/v1/goals/{}", personal.id()))
}

async fn titles(actor: &Actor<'_>) -> Vec<String> {
    items(actor, &goals()).await.iter().map(|goal| goal["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn l22_gatekeeper_principal_and_custodian_declare_an_emergency_and_nobody_else() {
    let app = TestApp::start().await;
    for (name, relation) in [("bela", "gatekeeper"), ("pam", "schoolManager"), ("kurt", "custodian")] {
        let declared = declare(&app.person(name).await, &["S8"]).await;
        let access = declared.json();
        assert_eq!((&access["relation"], &access["sections"]), (&json!(relation), &json!(["S8"])), "{name}");
        assert_eq!((&access["expiresAt"], &access["reviewDueOn"]), (&json!("2026-10-15T15:10:00Z"), &json!("2026-10-19")));
        assert_eq!(declared.header("location"), one(&declared.id()));
    }
    for name in ["anna", "greta", "tom", "cara", "rita"] {
        app.person(name).await.post(&of(ids::ANNA), emergency(&["S8"])).await.expect(403);
    }
    for name in ["ben", "gus", "gil", "uma", "cora", "past", "next"] {
        app.person(name).await.post(&of(ids::ANNA), emergency(&["S8"])).await.expect(404);
    }
    app.client("sis").await.post(&of(ids::ANNA), emergency(&["S8"])).await.expect(404);
    // Ben's school is another than Pam's, and Anna's district another than Zita's and Zeno's.
    app.person("pam").await.post(&of(ids::BEN), emergency(&["S8"])).await.expect(404);
    for name in ["zita", "zeno"] {
        app.person_of(ids::BIRCH, name).await.post(&of(ids::ANNA), emergency(&["S8"])).await.expect(404);
    }
}

#[tokio::test]
async fn an_emergency_opens_the_sections_it_names_to_read_and_no_more() {
    let app = TestApp::start().await;
    let (career, personal) = fill(&app).await;
    let (pam, anna) = (app.person("pam").await, app.person("anna").await);
    assert!(titles(&pam).await.is_empty());
    pam.get(&career).await.expect(404);
    declare(&pam, &["S8"]).await;
    assert_eq!(titles(&pam).await, ["Sleep again"]);
    pam.get(&personal).await.expect(200);
    pam.get(&career).await.expect(404);
    let file = pam.get(&format!("/v1/students/{}/ilp-file", ids::ANNA)).await.expect(200);
    let text = String::from_utf8_lossy(&file.bytes).into_owned();
    assert!(text.contains("Sleep again") && !text.contains("Become a nurse") && !text.contains("Pass chemistry"));
    // Nothing is written by it, and nothing suggested.
    let tag = anna.get(&personal).await.expect(200).header("etag").to_owned();
    pam.patch(&personal, &tag, json!({ "title": "Other" })).await.expect(403);
    pam.delete(&personal, &tag).await.expect(403);
    pam.post(&format!("{personal}/reflections"), json!({ "body": "A word." })).await.expect(403);
    pam.post(&goals(), json!({ "domain": "personalSocial", "title": "Mine" })).await.expect(403);
    assert_eq!(anna.get(&personal).await.expect(200).json()["allowedActions"].as_array().map(Vec::is_empty), Some(false));
    assert_eq!(pam.get(&personal).await.expect(200).json()["allowedActions"], json!([]));
}

#[tokio::test]
async fn an_emergency_opens_neither_search_nor_lists_nor_the_feed_and_never_consents() {
    let app = TestApp::start().await;
    fill(&app).await;
    let kurt = app.person("kurt").await;
    // Pam is the principal no longer, and looks after nobody: what is left is the emergency.
    let pam = app.person("pam").await;
    declare(&pam, &["S2", "S8"]).await;
    app.database.execute(&format!("update appointments set valid_to = '2026-10-15' where person_id = '{}'", ids::person(25))).await;
    assert_eq!(titles(&pam).await, ["Pass chemistry", "Sleep again"]);
    assert!(items(&pam, "/v1/students").await.is_empty());
    assert!(items(&pam, "/v1/students?q=anna").await.is_empty());
    let feed = pam.get("/v1/changes?from=beginning&limit=100").await.expect(200).json();
    assert_eq!(feed["items"], json!([]), "{feed}");
    pam.get(&of(ids::ANNA)).await.expect(403);
    pam.get(&format!("/v1/students/{}/readers", ids::ANNA)).await.expect(403);
    // It opens no other emergency, and no other student.
    pam.post(&of(ids::ANNA), emergency(&["S10"])).await.expect(403);
    pam.get(&format!("/v1/students/{}/ilp-file", ids::DAN)).await.expect(404);
    for actor in [&kurt, &app.person("anna").await, &app.person("greta").await] {
        let feed = actor.get("/v1/changes?from=beginning&limit=100").await.expect(200).json();
        assert!(!feed.to_string().contains("emergencyAccess"), "lists tell of it, not the feed");
    }
}

#[tokio::test]
async fn every_answer_tells_how_long_the_emergency_lasts() {
    let app = TestApp::start().await;
    let (_, personal) = fill(&app).await;
    let (pam, anna) = (app.person("pam").await, app.person("anna").await);
    const TOLD: &str = "openilp-emergency-access";
    assert_eq!(pam.get(&goals()).await.expect(200).header(TOLD), "");
    declare(&pam, &["S8"]).await;
    for path in [&goals(), &personal, &format!("{personal}/history"), &format!("/v1/students/{}/my-access", ids::ANNA)] {
        assert_eq!(pam.get(path).await.expect(200).header(TOLD), "until=2026-10-15T15:10:00Z", "{path}");
        assert_eq!(anna.get(path).await.expect(200).header(TOLD), "", "{path}");
    }
    assert_eq!(pam.get(&format!("/v1/students/{}", ids::DAN)).await.expect(200).header(TOLD), "", "another student");
    let own = pam.get(&format!("/v1/students/{}/my-access", ids::ANNA)).await.expect(200).json();
    let read = own["sections"].as_array().unwrap().iter().find(|section| section["section"] == "S8").unwrap();
    assert_eq!((&read["relation"], &read["extent"]), (&json!("emergency"), &json!("all")));
    let seen = "select count(*)::int4 from access_records where relation = 'emergency' and operation = 'read_goal'";
    let seen: i32 = app.database.owner().await.query_one(seen, &[]).await.unwrap().get(0);
    assert_eq!(seen, 1, "the access record says by what it was read");
}

#[tokio::test]
async fn an_emergency_ends_at_its_minute_or_when_it_is_ended() {
    let app = TestApp::start().await;
    let (_, personal) = fill(&app).await;
    let (pam, kurt) = (app.person("pam").await, app.person("kurt").await);
    let by_clock = declare(&pam, &["S8"]).await.id();
    app.clock.advance(TimeDelta::minutes(10) - TimeDelta::seconds(1));
    pam.get(&personal).await.expect(200);
    app.clock.advance(TimeDelta::seconds(1));
    pam.get(&personal).await.expect(404);
    // What is over stays as it is.
    let over = pam.post(&format!("{}/end", one(&by_clock)), Value::Null).await.expect(200).json();
    assert_eq!((&over["version"], over.get("endedAt")), (&json!(1), None));

    for ender in [&pam, &kurt] {
        let id = declare(&pam, &["S8"]).await.id();
        pam.get(&personal).await.expect(200);
        for name in ["bela", "anna", "greta", "uma"] {
            app.person(name).await.post(&format!("{}/end", one(&id)), Value::Null).await.expect(404);
        }
        let ended = ender.post(&format!("{}/end", one(&id)), Value::Null).await.expect(200).json();
        assert_eq!((&ended["version"], &ended["endedAt"]), (&json!(2), &json!("2026-10-15T15:10:00Z")));
        pam.get(&personal).await.expect(404);
    }
}

#[tokio::test]
async fn a_custodian_reviews_what_another_declared_once_and_so_ends_it() {
    let app = TestApp::start().await;
    let (_, personal) = fill(&app).await;
    let (pam, kurt) = (app.person("pam").await, app.person("kurt").await);
    let id = declare(&pam, &["S8"]).await.id();
    let found = json!({ "justified": false, "note": "There was a rumour, and no threat." });
    assert_eq!(items(&kurt, &format!("{ALL}?reviewed=false")).await.len(), 1);
    pam.post(&format!("{}/review", one(&id)), found.clone()).await.expect(403);
    for name in ["bela", "anna", "greta", "cora"] {
        app.person(name).await.post(&format!("{}/review", one(&id)), found.clone()).await.expect(404);
    }
    let reviewed = kurt.post(&format!("{}/review", one(&id)), found.clone()).await.expect(200).json();
    assert_eq!((&reviewed["justified"], &reviewed["reviewedBy"]), (&json!(false), &json!(ids::person(27))));
    assert_eq!(reviewed["endedAt"], "2026-10-15T15:00:00Z");
    pam.get(&personal).await.expect(404);
    let again = kurt.post(&format!("{}/review", one(&id)), found).await.expect(409).json();
    assert_eq!(again["errors"][0]["code"], "reviewed");
    assert!(items(&kurt, &format!("{ALL}?reviewed=false")).await.is_empty());
    assert_eq!(items(&kurt, &format!("{ALL}?reviewed=true")).await, [reviewed]);

    let own = declare(&kurt, &["S8"]).await.id();
    kurt.post(&format!("{}/review", one(&own)), json!({ "justified": true, "note": "I say so." })).await.expect(403);
}

#[tokio::test]
async fn three_of_one_person_may_wait_for_their_review() {
    let app = TestApp::start().await;
    let (bela, pam, kurt) = (app.person("bela").await, app.person("pam").await, app.person("kurt").await);
    let first = declare(&bela, &["S10"]).await.id();
    bela.post(&of(ids::BEN), emergency(&["S10"])).await.expect(201);
    bela.post(&of(ids::CLEO), emergency(&["S10"])).await.expect(201);
    bela.post(&format!("{}/end", one(&first)), Value::Null).await.expect(200);
    let refused = bela.post(&of(ids::ANNA), emergency(&["S10"])).await.expect(409).json();
    assert_eq!(refused["errors"][0]["code"], "too_many_open");
    declare(&pam, &["S10"]).await;
    kurt.post(&format!("{}/review", one(&first)), json!({ "justified": true, "note": "Asked the nurse." })).await.expect(200);
    declare(&bela, &["S10"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_six_declared_at_once_three_are() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let at_once = (0..6).map(|n| {
        let (kurt, student) = (&kurt, [ids::ANNA, ids::BEN, ids::CLEO][n % 3]);
        async move { kurt.post(&of(student), emergency(&["S8"])).await.status }
    });
    let mut statuses = futures_util::future::join_all(at_once).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 201, 201, 409, 409, 409]);
    assert_eq!(items(&kurt, "/v1/disclosures").await.len(), 3);
}

#[tokio::test]
async fn the_same_emergency_sent_twice_is_declared_once() {
    let app = TestApp::start().await;
    let pam = app.person("pam").await;
    let first = pam.post_with_key(&of(ids::ANNA), "one", emergency(&["S8"])).await.expect(201);
    let again = pam.post_with_key(&of(ids::ANNA), "one", emergency(&["S8"])).await.expect(201);
    assert_eq!(first.bytes, again.bytes);
    assert_eq!(items(&app.person("kurt").await, ALL).await.len(), 1);
}

#[tokio::test]
async fn every_fault_of_an_emergency_is_named_and_nothing_is_opened() {
    let app = TestApp::start().await;
    let (pam, kurt) = (app.person("pam").await, app.person("kurt").await);
    let faults = async |body: Value| {
        let problem = pam.post(&of(ids::ANNA), body).await.expect(422).json();
        problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let wrong = json!({ "reason": "worry", "threat": "Too short.", "recipients": "", "sections": [], "minutes": 61, "familyNotTold": "no" });
    assert_eq!(faults(wrong).await, ["/reason", "/threat", "/recipients", "/sections", "/minutes", "/familyNotTold"]);
    assert_eq!(faults(emergency(&["S0", "S8", "S14", "S8"])).await, ["/sections/0", "/sections/2", "/sections/3"]);
    assert!(items(&kurt, ALL).await.is_empty());
    assert!(items(&kurt, "/v1/disclosures").await.is_empty());
    let id = declare(&pam, &["S8"]).await.id();
    let problem = kurt.post(&format!("{}/review", one(&id)), json!({ "justified": "yes", "note": " " })).await.expect(422).json();
    assert_eq!(problem["errors"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn l22_an_emergency_is_on_record_as_a_disclosure_with_threat_and_recipients() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let id = declare(&app.person("bela").await, &["S8", "S1b"]).await.id();
    let disclosed = items(&kurt, "/v1/disclosures").await;
    let expected = json!({
        "id": disclosed[0]["id"], "at": "2026-10-15T15:00:00Z", "basis": "34 CFR 99.31(a)(10), 99.36", "purpose": "Safety emergency",
        "dataset": "S0,S1a,S1b,S8", "manner": "emergency", "rowCount": 1, "emergencyAccessId": id, "studentId": ids::ANNA,
        "threat": THREAT, "recipients": "Alder police",
    });
    assert_eq!(disclosed, [expected]);
    assert!(items(&app.person_of(ids::BIRCH, "zeno").await, "/v1/disclosures").await.is_empty());
}

#[tokio::test]
async fn student_and_guardian_see_who_read_and_why_at_once_or_after_the_review() {
    let app = TestApp::start().await;
    let (pam, kurt) = (app.person("pam").await, app.person("kurt").await);
    let (anna, greta, bela) = (app.person("anna").await, app.person("greta").await, app.person("bela").await);
    let told = declare(&pam, &["S8"]).await.id();
    let mut quiet = emergency(&["S8"]);
    quiet["familyNotTold"] = true.into();
    let quiet = kurt.post(&of(ids::ANNA), quiet).await.expect(201).id();
    let seen = async |actor: &Actor<'_>| {
        let items = items(actor, &of(ids::ANNA)).await;
        items.iter().map(|access| access["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for actor in [&anna, &greta, &bela] {
        assert_eq!(seen(actor).await, std::slice::from_ref(&told));
        actor.get(&one(&quiet)).await.expect(404);
    }
    assert_eq!(seen(&kurt).await, [told.clone(), quiet.clone()]);
    for name in ["tom", "pam"] {
        app.person(name).await.get(&of(ids::ANNA)).await.expect(403);
    }
    for name in ["uma", "gil", "cora", "ben"] {
        app.person(name).await.get(&of(ids::ANNA)).await.expect(404);
    }
    // Another custodian than Kurt, who declared it, reviews it.
    let office = "insert into appointments (district_id, id, person_id, kind, valid_from, version, created_at, updated_at)
                  values ('0000000d-0000-7000-8000-000000000001', gen_random_uuid(), '000000ae-0000-7000-8000-000000000024', 'custodian', '2026-08-01', 1,
                          '2026-08-01Z', '2026-08-01Z')";
    app.database.execute(office).await;
    let uma = app.person("uma").await;
    uma.post(&format!("{}/review", one(&quiet)), json!({ "justified": true, "note": "The family was the danger." })).await.expect(200);
    assert_eq!(seen(&greta).await, [told, quiet]);
}

#[tokio::test]
async fn who_declared_it_and_the_custodian_read_an_emergency_access_and_nobody_else() {
    let app = TestApp::start().await;
    let pam = app.person("pam").await;
    let id = declare(&pam, &["S8"]).await.id();
    for name in ["pam", "kurt"] {
        assert_eq!(app.person(name).await.get(&one(&id)).await.expect(200).json()["threat"], THREAT);
    }
    for name in ["anna", "greta", "bela", "tom", "cora", "uma"] {
        app.person(name).await.get(&one(&id)).await.expect(404);
    }
    app.person_of(ids::BIRCH, "zeno").await.get(&one(&id)).await.expect(404);
    for name in ["pam", "anna", "bela", "cora"] {
        app.person(name).await.get(ALL).await.expect(403);
    }
    assert!(items(&app.person_of(ids::BIRCH, "zeno").await, ALL).await.is_empty());
}
