//! What a family asks about its records, over HTTP: to inspect them, to amend them, a hearing, a statement; and what is about other students.

use openilp_api::state::Clock as _;
use openilp_tests::{Actor, TestApp, ids};
use serde_json::{Value, json};
use uuid::Uuid;

fn of(student: Uuid, what: &str) -> String {
    format!("/v1/students/{student}/{what}")
}

fn anna(what: &str) -> String {
    of(ids::ANNA, what)
}

fn goals() -> String {
    format!("/v1/ilp-files/{}/goals", ids::file(1))
}

fn whole() -> String {
    anna("ilp-file")
}

async fn items(actor: &Actor<'_>, path: &str) -> Vec<Value> {
    actor.get(path).await.expect(200).json()["items"].as_array().unwrap().clone()
}

/// What the service does every hour.
async fn tell(app: &TestApp) {
    openilp_persistence::notice::once(&app.running.state.db, app.clock.now()).await.unwrap();
}

/// A career goal of Anna's: its id and its path.
async fn goal(app: &TestApp) -> (String, String) {
    let made = app.person("anna").await.post(&goals(), json!({ "domain": "career", "title": "Become a nurse like Max Maple" })).await.expect(201);
    (made.id(), format!("/v1/goals/{}", made.id()))
}

/// A request to amend that goal.
fn about(goal: &str) -> Value {
    json!({ "recordKind": "goal", "recordId": goal, "ground": "misleading", "reason": "It was never hers.", "wish": "Take it out." })
}

async fn refused(app: &TestApp, goal: &str) -> String {
    let (greta, kurt) = (app.person("greta").await, app.person("kurt").await);
    let request = format!("/v1/amendment-requests/{}", greta.post(&anna("amendment-requests"), about(goal)).await.expect(201).id());
    kurt.post(&format!("{request}/decision"), json!({ "granted": false, "reason": "She wrote it herself." })).await.expect(200);
    request
}

#[tokio::test]
async fn l12_the_family_asks_to_inspect_and_the_answer_is_due_in_time() {
    let app = TestApp::start().await;
    for (name, student) in [("anna", ids::ANNA), ("greta", ids::ANNA), ("cleo", ids::CLEO)] {
        let made = app.person(name).await.post(&of(student, "inspection-requests"), json!({ "wish": "All of it." })).await.expect(201).json();
        // Alder follows Rhode Island: ten days.
        let told = (made["status"].as_str(), made["receivedOn"].as_str(), made["dueOn"].as_str(), made["sections"].as_array().map(Vec::len));
        assert_eq!(told, (Some("open"), Some("2026-10-15"), Some("2026-10-25"), Some(17)), "{name}");
    }
    for (name, status) in [("bela", 403), ("tom", 404), ("pam", 404), ("uma", 404)] {
        app.person(name).await.post(&anna("inspection-requests"), json!({})).await.expect(status);
    }
    app.person_of(ids::BIRCH, "zeno").await.post(&anna("inspection-requests"), json!({})).await.expect(404);
    let another = app.person("greta").await.post(&anna("inspection-requests"), json!({ "requestedBy": ids::ANNA, "receivedOn": "2026-10-01" })).await;
    let faults: Vec<_> = another.expect(422).json()["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].clone()).collect();
    assert_eq!(faults, ["/requestedBy", "/receivedOn"]);
}

#[tokio::test]
async fn l12_a_letter_is_written_down_by_the_custodian_and_the_family_is_told() {
    let app = TestApp::start().await;
    let (kurt, greta) = (app.person("kurt").await, app.person("greta").await);
    let letter = json!({ "requestedBy": ids::person(10), "receivedOn": "2026-10-12", "sections": ["S3"] });
    let made = kurt.post(&anna("inspection-requests"), letter).await.expect(201).json();
    assert_eq!((made["recordedBy"].clone(), made["dueOn"].as_str()), (json!(ids::person(27)), Some("2026-10-22")));
    let told = items(&greta, "/v1/me/notices").await;
    assert_eq!((told[0]["kind"].as_str(), told[0]["inspectionRequestId"].clone()), (Some("inspectionRequest"), made["id"].clone()));
    for (body, pointer) in [
        (json!({ "requestedBy": ids::person(24) }), "/requestedBy"),
        (json!({ "receivedOn": "2026-10-16" }), "/receivedOn"),
        (json!({ "receivedOn": "2025-10-01" }), "/receivedOn"),
    ] {
        let answer = kurt.post(&anna("inspection-requests"), body).await.expect(422).json();
        assert_eq!(answer["errors"][0]["pointer"], pointer);
    }
    // Cleo is of age: nobody asks for her.
    kurt.post(&of(ids::CLEO, "inspection-requests"), json!({ "requestedBy": ids::person(12) })).await.expect(422);
}

#[tokio::test]
async fn l12_while_a_request_is_open_the_custodian_reads_what_it_is_about_and_no_more() {
    let app = TestApp::start().await;
    let (_, path) = goal(&app).await;
    let (kurt, greta) = (app.person("kurt").await, app.person("greta").await);
    let sections = async || kurt.get(&whole()).await.expect(200).json()["readableSections"].clone();
    let frame = json!(["S0", "S1a", "S1b", "S14"]);
    assert_eq!(sections().await, frame);
    kurt.get(&path).await.expect(404);
    let made = greta.post(&anna("inspection-requests"), json!({ "sections": ["S4", "S3"] })).await.expect(201);
    assert_eq!(sections().await, json!(["S0", "S1a", "S1b", "S3", "S4", "S14"]));
    let seen = kurt.get(&path).await.expect(200).json();
    assert_eq!(seen["allowedActions"], json!([]));
    kurt.patch(&path, "\"1\"", json!({ "title": "Another" })).await.expect(403);
    // Only of Anna, and only the custodian of her district.
    assert_eq!(kurt.get(&of(ids::BEN, "ilp-file")).await.expect(200).json()["readableSections"], frame);
    app.person("pam").await.get(&path).await.expect(404);
    app.person_of(ids::BIRCH, "zeno").await.get(&path).await.expect(404);
    let answer = format!("/v1/inspection-requests/{}/answer", made.id());
    greta.post(&answer, json!({ "method": "inPerson" })).await.expect(403);
    let answered = kurt.post(&answer, json!({ "method": "inPerson", "answer": "Went through all of it." })).await.expect(200).json();
    assert_eq!((answered["status"].as_str(), answered["answeredOn"].as_str()), (Some("answered"), Some("2026-10-15")));
    assert_eq!(sections().await, frame);
    kurt.get(&path).await.expect(404);
    assert_eq!(kurt.post(&answer, json!({ "method": "copies" })).await.expect(409).json()["errors"][0]["code"], "closed");
}

#[tokio::test]
async fn l12_nothing_that_a_family_asks_to_see_is_removed_before_it_is_answered() {
    let app = TestApp::start().await;
    let (_, path) = goal(&app).await;
    let (anna_, greta) = (app.person("anna").await, app.person("greta").await);
    let made = greta.post(&anna("inspection-requests"), json!({ "sections": ["S4"] })).await.expect(201);
    assert_eq!(anna_.delete(&path, "\"1\"").await.expect(409).json()["errors"][0]["code"], "request_open");
    let other = anna_.post(&goals(), json!({ "domain": "academic", "title": "Pass chemistry" })).await.expect(201);
    anna_.delete(&format!("/v1/goals/{}", other.id()), "\"1\"").await.expect(204);
    greta.post(&format!("/v1/inspection-requests/{}/withdrawal", made.id()), Value::Null).await.expect(200);
    anna_.delete(&path, "\"1\"").await.expect(204);
}

#[tokio::test]
async fn l12_the_custodian_sees_which_requests_wait() {
    let app = TestApp::start().await;
    let (kurt, greta, cleo) = (app.person("kurt").await, app.person("greta").await, app.person("cleo").await);
    let first = greta.post(&anna("inspection-requests"), json!({})).await.expect(201).id();
    let second = cleo.post(&of(ids::CLEO, "inspection-requests"), json!({})).await.expect(201).id();
    let waiting = async |path: &str| items(&kurt, path).await.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(waiting("/v1/inspection-requests?open=true").await, [first.as_str(), &second]);
    cleo.post(&format!("/v1/inspection-requests/{second}/withdrawal"), Value::Null).await.expect(200);
    assert_eq!(waiting("/v1/inspection-requests?open=true").await, [first.as_str()]);
    assert_eq!(waiting("/v1/inspection-requests?open=false").await, [second.as_str()]);
    assert_eq!(waiting("/v1/inspection-requests").await, [first.as_str(), &second]);
    assert!(items(&kurt, "/v1/me/notices").await.iter().all(|told| told["kind"] == "inspectionRequest"));
    greta.get("/v1/inspection-requests").await.expect(403);
}

#[tokio::test]
async fn r137_l14_a_family_asks_to_amend_what_it_reads_and_the_district_decides() {
    let app = TestApp::start().await;
    let (id, path) = goal(&app).await;
    let (kurt, greta, bela) = (app.person("kurt").await, app.person("greta").await, app.person("bela").await);
    let made = greta.post(&anna("amendment-requests"), about(&id)).await.expect(201).json();
    assert_eq!((made["status"].as_str(), made["section"].as_str(), made["version"].as_i64()), (Some("open"), Some("S4"), Some(1)));
    kurt.get(&path).await.expect(200);
    let request = format!("/v1/amendment-requests/{}", made["id"].as_str().unwrap());
    assert_eq!(app.person("anna").await.delete(&path, "\"1\"").await.expect(409).json()["errors"][0]["code"], "request_open");
    for actor in [&greta, &bela] {
        actor.post(&format!("{request}/decision"), json!({ "granted": true, "reason": "Yes." })).await.expect(403);
    }
    let decided =
        kurt.post(&format!("{request}/decision"), json!({ "granted": true, "reason": "It was copied by mistake." })).await.expect(200).json();
    assert_eq!((decided["status"].as_str(), decided["decidedOn"].as_str()), (Some("granted"), Some("2026-10-15")));
    kurt.get(&path).await.expect(404);
    app.person("anna").await.delete(&path, "\"1\"").await.expect(204);
    let told = items(&greta, "/v1/me/notices").await;
    assert_eq!(told.last().unwrap()["kind"], "amendmentGranted");
}

#[tokio::test]
async fn l14_what_is_not_there_or_not_of_this_file_or_says_nothing_of_a_student_cannot_be_contested() {
    let app = TestApp::start().await;
    let cleo = app.person("cleo").await;
    let cleos = cleo.post(&format!("/v1/ilp-files/{}/goals", ids::file(3)), json!({ "domain": "career", "title": "Pilot" })).await.expect(201).id();
    let greta = app.person("greta").await;
    for (kind, id, pointer) in [
        ("goal", Uuid::now_v7().to_string(), "/recordId"),
        ("goal", cleos, "/recordId"),
        ("consent", Uuid::now_v7().to_string(), "/recordKind"),
        ("rosterImport", Uuid::now_v7().to_string(), "/recordKind"),
    ] {
        let mut body = about(&id);
        body["recordKind"] = kind.into();
        let faults = greta.post(&anna("amendment-requests"), body).await.expect(422).json();
        assert_eq!(faults["errors"][0]["pointer"], pointer, "{kind}");
    }
}

#[tokio::test]
async fn l15_a_refusal_tells_of_the_hearing_and_the_hearing_goes_its_way() {
    let app = TestApp::start().await;
    let (id, path) = goal(&app).await;
    let (kurt, greta) = (app.person("kurt").await, app.person("greta").await);
    let request = refused(&app, &id).await;
    let told = items(&greta, "/v1/me/notices").await.pop().unwrap();
    assert_eq!(told["kind"], "amendmentRefused");
    assert!(told["texts"][0]["text"].as_str().unwrap().contains("right to a hearing"));
    kurt.get(&path).await.expect(404);
    let set = json!({ "hearingOn": "2026-10-20", "hearingPlace": "4 p.m., room 12", "hearingOfficer": "Dr. Iris Ives" });
    assert_eq!(kurt.post(&format!("{request}/hearing"), set.clone()).await.expect(409).json()["errors"][0]["code"], "other_status");
    kurt.post(&format!("{request}/decision"), json!({ "granted": false, "reason": "Still." })).await.expect(409);
    greta.post(&format!("{request}/hearing-request"), Value::Null).await.expect(200);
    kurt.get(&path).await.expect(200);
    assert_eq!(items(&kurt, "/v1/me/notices").await.pop().unwrap()["kind"], "hearingRequested");
    let past = json!({ "hearingOn": "2026-10-14", "hearingPlace": "4 p.m., room 12", "hearingOfficer": "Dr. Iris Ives" });
    kurt.post(&format!("{request}/hearing"), past).await.expect(422);
    kurt.post(&format!("{request}/hearing"), set).await.expect(200);
    let told = items(&greta, "/v1/me/notices").await.pop().unwrap();
    assert_eq!((told["kind"].as_str(), told["occursOn"].as_str()), (Some("hearingSet"), Some("2026-10-20")));
    let found = json!({ "granted": false, "findings": "She said so in class, and nothing was shown against it." });
    assert_eq!(kurt.post(&format!("{request}/hearing-decision"), found.clone()).await.expect(409).json()["errors"][0]["code"], "not_held");
    app.clock.set("2026-10-20T20:00:00Z");
    let (kurt, greta) = (app.person("kurt").await, app.person("greta").await);
    let heard = kurt.post(&format!("{request}/hearing-decision"), found).await.expect(200).json();
    assert_eq!((heard["status"].as_str(), heard["hearingDecidedOn"].as_str()), (Some("refusedAfterHearing"), Some("2026-10-20")));
    assert!(items(&greta, "/v1/me/notices").await.pop().unwrap()["texts"][0]["text"].as_str().unwrap().contains("place a statement"));
    kurt.get(&path).await.expect(404);
}

#[tokio::test]
async fn l15_the_statement_goes_wherever_the_record_goes_as_long_as_it_is_kept() {
    let app = TestApp::start().await;
    let (id, path) = goal(&app).await;
    let (greta, bela) = (app.person("greta").await, app.person("bela").await);
    let start = bela.get("/v1/changes?from=now").await.expect(200).json()["cursor"].as_str().unwrap().to_owned();
    let before = bela.get(&path).await.expect(200);
    let request = refused(&app, &id).await;
    greta.post(&format!("{request}/statement"), json!({ "text": "She wants to be a pilot." })).await.expect(200);
    let text = |value: &Value| value["contestStatements"][0]["text"].as_str().map(str::to_owned);
    let stated = Some("She wants to be a pilot.".to_owned());

    // The record itself: another version, so that nobody goes on with a copy that is without it.
    let one = bela.get(&path).await.expect(200);
    assert_ne!(one.header("etag"), before.header("etag"));
    assert_eq!(text(&one.json()), stated);
    assert_eq!(text(&items(&bela, &goals()).await[0]), stated);
    assert_eq!(text(&bela.get(&whole()).await.expect(200).json()["goals"][0]), stated);
    assert!(items(&bela, &format!("{path}/history")).await.iter().all(|version| text(version) == stated));
    // The feed of whoever reads the record, and not the S14 around it.
    let cara = app.person("cara").await;
    for reader in [&bela, &cara] {
        let all = items(reader, "/v1/changes?limit=100").await;
        let mut of_goal = all.iter().filter(|entry| entry["resourceId"] == id.as_str()).peekable();
        assert!(of_goal.peek().is_some());
        assert!(of_goal.all(|entry| text(entry) == stated));
    }
    let since = items(&bela, &format!("/v1/changes?after={start}")).await;
    let touched = since.iter().find(|entry| entry["kind"] == "goal" && entry["operation"] == "amended").unwrap();
    assert_eq!((touched["operation"].as_str(), touched.get("record")), (Some("amended"), None));

    // What is changed in the record does not end it; another statement takes its place; what is taken back is gone.
    app.person("anna").await.patch(&path, "\"2\"", json!({ "title": "Become a doctor" })).await.expect(200);
    greta.post(&format!("{request}/statement"), json!({ "text": "A pilot, and nothing else." })).await.expect(200);
    assert_eq!(text(&bela.get(&path).await.expect(200).json()).unwrap(), "A pilot, and nothing else.");
    greta.post(&format!("{request}/withdrawal"), Value::Null).await.expect(200);
    assert_eq!(text(&bela.get(&path).await.expect(200).json()), None);
    assert!(bela.get(&path).await.expect(200).json().get("contestStatements").is_none());
}

#[tokio::test]
async fn l15_a_mark_or_total_from_the_roster_is_contested_like_any_record() {
    let app = TestApp::start().await;
    let owner = app.database.owner().await;
    let flag = Uuid::now_v7();
    let insert = "insert into student_flags (district_id, id, student_id, flag, active, source, sourced_id, version, created_at, updated_at)
                  values ($1, $2, $3, 'iep', true, 'sis', 'f1', 1, '2026-08-01Z', '2026-08-01Z')";
    owner.execute(insert, &[&ids::ALDER.0, &flag, &ids::ANNA]).await.unwrap();
    let (kurt, greta) = (app.person("kurt").await, app.person("greta").await);
    let body = json!({ "recordKind": "studentFlag", "recordId": flag, "ground": "inaccurate", "reason": "Ended last year.", "wish": "End it." });
    let request = format!("/v1/amendment-requests/{}", greta.post(&anna("amendment-requests"), body).await.expect(201).id());
    kurt.post(&format!("{request}/decision"), json!({ "granted": false, "reason": "It runs." })).await.expect(200);
    greta.post(&format!("{request}/statement"), json!({ "text": "It has ended." })).await.expect(200);
    let bela = app.person("bela").await;
    let one = bela.get(&format!("/v1/student-flags/{flag}")).await.expect(200);
    assert_eq!((one.header("etag"), one.json()["contestStatements"][0]["text"].as_str()), ("\"2\"", Some("It has ended.")));
    let listed = items(&bela, &format!("/v1/ilp-files/{}/student-flags", ids::file(1))).await;
    assert_eq!(listed[0]["contestStatements"][0]["text"], "It has ended.");
    assert_eq!(bela.get(&whole()).await.expect(200).json()["studentFlags"][0]["contestStatements"][0]["text"], "It has ended.");
}

#[tokio::test]
async fn l13_no_byte_of_what_is_about_another_student_reaches_the_family() {
    let app = TestApp::start().await;
    let bela = app.person("bela").await;
    let title = json!({ "domain": "academic", "title": "Study with Max Maple", "description": "Max Maple needs help, and Max Maple knows." });
    let made = bela.post(&goals(), title).await.expect(201).id();
    let path = format!("/v1/goals/{made}");
    let (kurt, greta, anna_) = (app.person("kurt").await, app.person("greta").await, app.person("anna").await);
    let words = |words: &str| json!({ "recordKind": "goal", "recordId": made, "words": words });
    // A custodian marks what they read: inside a request of the family.
    assert_eq!(kurt.post(&anna("redactions"), words("Max Maple")).await.expect(422).json()["errors"][0]["pointer"], "/recordId");
    greta.post(&anna("inspection-requests"), json!({ "sections": ["S2"] })).await.expect(201);
    assert_eq!(kurt.post(&anna("redactions"), words("Max Mapel")).await.expect(422).json()["errors"][0]["pointer"], "/words");
    for name in ["greta", "bela", "anna"] {
        app.person(name).await.post(&anna("redactions"), words("Max Maple")).await.expect(403);
    }
    // Who marks the same twice at once makes one mark.
    let marking = anna("redactions");
    let (first, second) = tokio::join!(kurt.post(&marking, words("Max Maple")), kurt.post(&marking, words("Max Maple")));
    let redaction = first.expect(201).json();
    assert_eq!(second.expect(201).json()["id"], redaction["id"]);
    assert_eq!(kurt.post(&anna("redactions"), words("Max Maple")).await.expect(201).json()["id"], redaction["id"]);
    bela.patch(&path, "\"2\"", json!({ "title": "Read with Max Maple" })).await.expect(200);

    let all = [path.clone(), goals(), whole(), format!("{path}/history"), "/v1/changes?limit=100".to_owned(), anna("redactions")];
    for family in [&greta, &anna_] {
        for path in &all {
            let answer = family.get(path).await;
            let text = String::from_utf8_lossy(&answer.bytes).into_owned();
            assert!(!text.contains("Max") && !text.contains("Maple"), "{path}: {text}");
        }
        let seen = family.get(&path).await.expect(200).json();
        assert_eq!((seen["title"].as_str(), seen["description"].as_str()), (Some("Read with █████"), Some("█████ needs help, and █████ knows.")));
        family.get(&anna("redactions")).await.expect(403);
        family.get(&format!("/v1/redactions/{}", redaction["id"].as_str().unwrap())).await.expect(403);
    }
    // Nor by a version that one of them has made of it.
    anna_.patch(&path, "\"3\"", json!({ "achievementStatus": "inProgress" })).await.expect(200);
    for family in [&greta, &anna_] {
        for path in &all {
            let answer = family.get(path).await;
            assert!(!String::from_utf8_lossy(&answer.bytes).contains("Maple"), "{path}");
        }
    }
    // Who works with the student sees it whole.
    for staff in ["bela", "tom", "kurt"] {
        assert_eq!(app.person(staff).await.get(&path).await.expect(200).json()["title"], "Read with Max Maple", "{staff}");
    }
    // What is sent back would take the words out: nothing is lost.
    let back = json!({ "title": "Read with █████", "description": "█████ reads." });
    let faults = anna_.patch(&path, "\"4\"", back).await.expect(422).json();
    assert_eq!(faults["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].clone()).collect::<Vec<_>>(), ["/description", "/title"]);
    // Marked by mistake: shown again.
    kurt.delete(&format!("/v1/redactions/{}", redaction["id"].as_str().unwrap()), "\"1\"").await.expect(204);
    assert_eq!(greta.get(&path).await.expect(200).json()["title"], "Read with Max Maple");
}

#[tokio::test]
async fn l11_every_family_is_told_its_rights_once_a_year_and_it_is_on_record() {
    let app = TestApp::start().await;
    let (kurt, greta) = (app.person("kurt").await, app.person("greta").await);
    let words = json!({
        "schoolYear": 2027, "publishOn": "2026-10-20", "howToInspect": "Ask in the portal.", "howToAmend": "Ask in the portal.",
        "schoolOfficials": "Whoever is assigned.", "legitimateInterest": "To advise and teach."
    });
    greta.post("/v1/annual-notices", words.clone()).await.expect(403);
    let made = kurt.post("/v1/annual-notices", words.clone()).await.expect(201);
    let path = format!("/v1/annual-notices/{}", made.id());
    assert_eq!(kurt.post("/v1/annual-notices", words).await.expect(409).json()["errors"][0]["code"], "school_year_taken");
    kurt.patch(&path, "\"1\"", json!({ "howToInspect": "Ask in the portal or by letter." })).await.expect(200);
    tell(&app).await;
    assert!(items(&greta, "/v1/me/notices").await.is_empty() && items(&greta, "/v1/me/annual-notices").await.is_empty());
    app.clock.set("2026-10-20T15:00:00Z");
    let (kurt, greta, cleo) = (app.person("kurt").await, app.person("greta").await, app.person("cleo").await);
    tell(&app).await;
    tell(&app).await;
    for (actor, students) in [(&greta, vec![ids::ANNA, ids::BEN]), (&cleo, vec![ids::CLEO])] {
        let told = items(actor, "/v1/me/notices").await;
        let of: Vec<_> = told.iter().filter(|told| told["kind"] == "annualRights").map(|told| told["studentId"].clone()).collect();
        assert_eq!(of, students.iter().map(|id| json!(id)).collect::<Vec<_>>());
        assert_eq!(items(actor, "/v1/me/annual-notices").await[0]["howToInspect"], "Ask in the portal or by letter.");
    }
    // A guardian whom the district has not confirmed is told nothing.
    assert!(items(&app.person("gus").await, "/v1/me/notices").await.is_empty());
    let notice = items(&greta, "/v1/me/notices").await[0]["id"].as_str().unwrap().to_owned();
    greta.post(&format!("/v1/notices/{notice}/acknowledgement"), Value::Null).await.expect(200);
    let delivery = kurt.get(&format!("{path}/delivery")).await.expect(200).json();
    assert_eq!((delivery["acknowledged"].as_i64(), delivery["studentsWaiting"].as_i64()), (Some(1), Some(0)));
    assert_eq!(kurt.patch(&path, "\"2\"", json!({ "howToAmend": "No more." })).await.expect(409).json()["errors"][0]["code"], "published");
}

#[tokio::test]
async fn l13_what_is_made_of_a_record_is_made_without_what_is_withheld() {
    let app = TestApp::start().await;
    let (bela, kurt, anna_) = (app.person("bela").await, app.person("kurt").await, app.person("anna").await);
    let work = json!({ "employer": "County library", "role": "Page beside Max Maple" });
    let work = bela.post(&ids::in_file(1, "work-experiences"), work).await.expect(201).id();
    let planned = json!({ "schoolYear": 2027, "title": "Duet with Max Maple", "level": "regular", "status": "planned" });
    let planned = bela.post(&ids::in_file(1, "planned-courses"), planned).await.expect(201).id();
    anna_.post(&anna("inspection-requests"), json!({})).await.expect(201);
    for (kind, record) in [("workExperience", work), ("plannedCourse", planned)] {
        kurt.post(&anna("redactions"), json!({ "recordKind": kind, "recordId": record, "words": "Max Maple" })).await.expect(201);
    }
    let resume = json!({ "title": "For a job", "sources": ["workExperience"] });
    let built = anna_.post(&ids::in_file(1, "resume-versions"), resume).await.expect(201).json();
    assert_eq!(built["entries"][0]["title"], "Page beside █████");
    let differences = ids::in_file(1, "course-differences");
    let title = async |actor: &Actor<'_>| actor.get(&differences).await.expect(200).json()["plannedNotRegistered"][0]["title"].clone();
    assert_eq!((title(&anna_).await, title(&bela).await), (json!("Duet with █████"), json!("Duet with Max Maple")));
}
