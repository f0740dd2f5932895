//! Notices over HTTP: ahead of the day on which the rights pass (L10, L25), and of emergencies (L22).

use chrono::{DateTime, TimeDelta, Utc};
use openilp_api::state::Clock as _;
use openilp_persistence::notice;
use openilp_tests::{Actor, TestApp, ids};
use serde_json::{Value, json};
use uuid::Uuid;

const MINE: &str = "/v1/me/notices";

/// The service looks what is due.
async fn looks(app: &TestApp) {
    notice::once(&app.running.state.db, app.clock.now()).await.unwrap();
}

async fn items(actor: &Actor<'_>, path: &str) -> Vec<Value> {
    actor.get(path).await.expect(200).json()["items"].as_array().unwrap().clone()
}

/// Of what day somebody was told, as whom, how many days ahead, and who.
type Told = (String, String, i64, String);

fn one(notice: &Value) -> Told {
    let text = |member: &str| notice[member].as_str().unwrap_or_default().to_owned();
    (text("occursOn"), text("audience"), notice["leadDays"].as_i64().unwrap_or_default(), text("personId"))
}

/// Who was told of a student, as whom, and how many days ahead, as the custodian is shown.
async fn told(custodian: &Actor<'_>, student: Uuid) -> Vec<Told> {
    let mut told: Vec<_> = items(custodian, &format!("/v1/students/{student}/notices")).await.iter().map(one).collect();
    told.sort();
    told
}

fn to(day: &str, audience: &str, lead: i64, person: u128) -> Told {
    (day.to_owned(), audience.to_owned(), lead, ids::person(person).to_string())
}

async fn born(app: &TestApp, student: Uuid, day: &str) {
    app.database.execute(&format!("update students set birth_date = '{day}' where id = '{student}'")).await;
}

async fn custodian<'a>(app: &'a TestApp) -> Actor<'a> {
    app.person("kurt").await
}

#[tokio::test(flavor = "multi_thread")]
async fn l10_over_a_school_year_each_change_is_told_once_to_each_60_and_14_days_ahead() {
    let app = TestApp::start().await;
    // Anna in winter, Ben on no day of this year, Dan by a status, Zoe in another time zone; Cleo is 18 already.
    born(&app, ids::ANNA, "2009-01-15").await;
    born(&app, ids::ZOE, "2009-02-28").await;
    let letter = json!({ "studentId": ids::DAN, "basis": "postsecondary", "documentReference": "Letter 7", "validFrom": "2027-05-03" });
    custodian(&app).await.post("/v1/adult-statuses", letter).await.expect(201);
    // Twice a day, from October to July.
    for _ in 0..2 * 270 {
        looks(&app).await;
        app.clock.advance(TimeDelta::hours(12));
    }
    let (kurt, zeno) = (custodian(&app).await, app.person_of(ids::BIRCH, "zeno").await);
    let mut made = vec![];
    for (custodian, student) in [(&kurt, ids::ANNA), (&kurt, ids::BEN), (&kurt, ids::CLEO), (&kurt, ids::DAN), (&zeno, ids::ZOE)] {
        let listed = items(custodian, &format!("/v1/students/{student}/notices")).await;
        let on = |notice: &Value| notice["createdAt"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap() - TimeDelta::hours(7);
        let made_on = |notice: &Value| (one(notice), on(notice).date_naive().to_string());
        made.extend(listed.iter().map(made_on));
    }
    made.sort();
    // Dan's guardian is not confirmed, and one who has no rights is not told.
    let expected = [
        (to("2027-01-15", "guardian", 14, 10), "2027-01-01"),
        (to("2027-01-15", "guardian", 60, 10), "2026-11-16"),
        (to("2027-01-15", "student", 14, 1), "2027-01-01"),
        (to("2027-01-15", "student", 60, 1), "2026-11-16"),
        (to("2027-02-28", "guardian", 14, 51), "2027-02-14"),
        (to("2027-02-28", "guardian", 60, 51), "2026-12-30"),
        (to("2027-02-28", "student", 14, 50), "2027-02-14"),
        (to("2027-02-28", "student", 60, 50), "2026-12-30"),
        (to("2027-05-03", "student", 14, 4), "2027-04-19"),
        (to("2027-05-03", "student", 60, 4), "2027-03-04"),
    ];
    assert_eq!(made, expected.map(|(one, day)| (one, day.to_owned())));
}

#[tokio::test]
async fn l10_who_was_born_on_29_february_is_told_of_1_march_and_by_the_districts_day() {
    let app = TestApp::start().await;
    born(&app, ids::ANNA, "2012-02-29").await;
    // 60 days before 1 March 2030 is 31 December, which begins in New York at 5 in the morning UTC.
    for (at, count) in [("2029-12-31T04:59:59Z", 0), ("2029-12-31T05:00:00Z", 2)] {
        app.clock.set(at);
        looks(&app).await;
        assert_eq!(told(&custodian(&app).await, ids::ANNA).await.len(), count, "{at}");
    }
    assert_eq!(told(&custodian(&app).await, ids::ANNA).await[0], to("2030-03-01", "guardian", 60, 10));
}

#[tokio::test(flavor = "multi_thread")]
async fn l10_after_an_outage_a_notice_is_late_and_two_nodes_make_it_once() {
    let app = TestApp::start().await;
    let other = app.another_node().await;
    born(&app, ids::ANNA, "2008-12-20").await;
    // 66 days ahead nothing is due; then nobody looks for 20 days.
    looks(&app).await;
    assert!(told(&custodian(&app).await, ids::ANNA).await.is_empty());
    app.clock.advance(TimeDelta::days(20));
    let now = app.clock.now();
    let (one, two) = (&app.running.state.db, &other.state.db);
    for _ in 0..3 {
        let made = tokio::join!(notice::once(one, now), notice::once(two, now), notice::once(one, now), notice::once(two, now));
        assert!(made.0.is_ok() && made.1.is_ok() && made.2.is_ok() && made.3.is_ok());
    }
    let expected = vec![to("2026-12-20", "guardian", 60, 10), to("2026-12-20", "student", 60, 1)];
    assert_eq!(told(&custodian(&app).await, ids::ANNA).await, expected);
    let notice = &items(&app.person("anna").await, MINE).await[0];
    assert_eq!((&notice["dueOn"], &notice["createdAt"]), (&json!("2026-10-21"), &json!("2026-11-04T15:00:00Z")));
    // Nobody is told on the day itself, or later.
    for day in ["2026-12-20T15:00:00Z", "2026-12-21T15:00:00Z"] {
        app.clock.set(day);
        looks(&app).await;
        assert_eq!(told(&custodian(&app).await, ids::ANNA).await.len(), 2, "{day}");
    }
    other.stop().await;
}

#[tokio::test]
async fn l25_an_adult_status_in_the_future_is_told_and_not_why() {
    let app = TestApp::start().await;
    let zeno = app.person_of(ids::BIRCH, "zeno").await;
    let letter = json!({ "studentId": ids::ZOE, "basis": "mcKinneyVento", "documentReference": "Letter 9", "validFrom": "2026-10-25" });
    zeno.post("/v1/adult-statuses", letter).await.expect(201);
    looks(&app).await;
    // Ten days ahead the last notice says all that the one before would have.
    assert_eq!(told(&zeno, ids::ZOE).await, [to("2026-10-25", "guardian", 14, 51), to("2026-10-25", "student", 14, 50)]);
    let zack = app.person_of(ids::BIRCH, "zack").await;
    let notice = &items(&zack, MINE).await[0];
    let [english, spanish] = notice["texts"].as_array().unwrap().as_slice() else { panic!("{notice}") };
    assert_eq!((&english["language"], &spanish["language"]), (&json!("en"), &json!("es")));
    assert!(english["text"].as_str().unwrap().contains("October 25, 2026") && spanish["text"].as_str().unwrap().contains("25 de octubre de 2026"));
    assert!(!notice.to_string().contains("McKinney") && !notice.to_string().contains("Letter 9"));
}

#[tokio::test]
async fn l10_a_notice_is_read_and_acknowledged_by_who_is_told_and_by_nobody_else() {
    let app = TestApp::start().await;
    born(&app, ids::ANNA, "2008-12-01").await;
    looks(&app).await;
    let (anna, greta) = (app.person("anna").await, app.person("greta").await);
    let mine = items(&anna, MINE).await;
    let notice = format!("/v1/notices/{}", mine[0]["id"].as_str().unwrap());
    let read = anna.get(&notice).await.expect(200);
    assert_eq!((read.json(), read.header("etag")), (mine[0].clone(), "\"1\""));
    for machine in ["sis", "operator", "state"] {
        let unknown = format!("/v1/notices/{}", Uuid::now_v7());
        let machine = app.client(machine).await;
        assert_eq!(machine.get(&notice).await.status, machine.get(&unknown).await.status, "there or not, a machine learns nothing");
    }
    for name in ["greta", "gil", "gus", "bela", "kurt", "tom", "uma", "ben"] {
        let actor = app.person(name).await;
        // The custodian sees what was told to whom, and does nothing in their name.
        let (reads, acknowledges) = if name == "kurt" { (200, 403) } else { (404, 404) };
        actor.get(&notice).await.expect(reads);
        actor.post(&format!("{notice}/acknowledgement"), Value::Null).await.expect(acknowledges);
        assert_eq!(items(&actor, MINE).await.len(), usize::from(name == "greta"), "{name}");
    }
    let done = anna.post(&format!("{notice}/acknowledgement"), Value::Null).await.expect(200).json();
    assert_eq!((&done["acknowledgedAt"], &done["version"]), (&json!("2026-10-15T15:00:00Z"), &json!(2)));
    assert_eq!(anna.post(&format!("{notice}/acknowledgement"), Value::Null).await.expect(200).json(), done);
    assert!(items(&anna, "/v1/me/notices?acknowledged=false").await.is_empty());
    assert_eq!(items(&anna, "/v1/me/notices?acknowledged=true").await.len(), 1);
    // The custodian sees which were made and acknowledged; the family sees its own alone.
    let path = format!("/v1/students/{}/notices", ids::ANNA);
    let made = items(&custodian(&app).await, &path).await;
    let acknowledged = |notice: &Value| (notice["audience"].as_str().unwrap().to_owned(), notice["acknowledgedAt"].is_string());
    let mut made: Vec<_> = made.iter().map(acknowledged).collect();
    made.sort();
    assert_eq!(made, [("guardian".to_owned(), false), ("student".to_owned(), true)]);
    for (name, own) in [("anna", 1), ("greta", 1), ("bela", 0)] {
        let actor = app.person(name).await;
        assert_eq!((items(&actor, &path).await, items(&actor, MINE).await.len()), (items(&actor, MINE).await, own), "{name}");
    }
    for (name, status) in [("tom", 403), ("gus", 404), ("uma", 404)] {
        assert_eq!(app.person(name).await.get(&path).await.status, status, "{name}");
    }
    // In no feed but as what it is about.
    let feed = greta.get("/v1/changes?from=beginning&limit=100").await.expect(200).json();
    assert!(feed["items"].as_array().unwrap().iter().all(|entry| entry["kind"] != "notice"), "{feed}");
}

#[tokio::test]
async fn l9_l10_a_guardian_keeps_what_was_told_over_the_birthday_and_loses_it_by_an_order_or_when_the_link_ends() {
    let app = TestApp::start().await;
    born(&app, ids::ANNA, "2008-10-20").await;
    looks(&app).await;
    let notice = items(&app.person("greta").await, MINE).await[0].clone();
    app.clock.set("2026-10-21T15:00:00Z");
    let greta = app.person("greta").await;
    greta.get(&format!("/v1/students/{}", ids::ANNA)).await.expect(404);
    assert_eq!(items(&greta, MINE).await, std::slice::from_ref(&notice));
    let kurt = custodian(&app).await;
    let link = format!("/v1/guardian-links?studentId={}&guardianId={}", ids::ANNA, ids::person(10));
    let link = format!("/v1/guardian-links/{}", items(&kurt, &link).await[0]["id"].as_str().unwrap());
    kurt.patch(&link, "\"1\"", json!({ "validTo": "2026-10-21" })).await.expect(200);
    assert!(items(&greta, MINE).await.is_empty());
    greta.get(&format!("/v1/notices/{}", notice["id"].as_str().unwrap())).await.expect(404);
    kurt.patch(&link, "\"2\"", json!({ "validTo": null })).await.expect(200);
    assert_eq!(items(&greta, MINE).await.len(), 1);
    let order = json!({ "studentId": ids::ANNA, "personId": ids::person(10), "orderReference": "Order 7" });
    kurt.post("/v1/restrictions", order).await.expect(201);
    assert!(items(&greta, MINE).await.is_empty());
}

#[tokio::test]
async fn l10_a_guardian_who_is_confirmed_later_is_told_then_and_one_who_loses_the_rights_is_not() {
    let app = TestApp::start().await;
    born(&app, ids::ANNA, "2008-12-10").await;
    looks(&app).await;
    assert_eq!(told(&custodian(&app).await, ids::ANNA).await.len(), 2);
    let kurt = custodian(&app).await;
    let links = items(&kurt, &format!("/v1/guardian-links?studentId={}", ids::ANNA)).await;
    let link = |person: u128| {
        let link = links.iter().find(|link| link["guardianId"] == json!(ids::person(person))).unwrap();
        format!("/v1/guardian-links/{}", link["id"].as_str().unwrap())
    };
    kurt.post(&format!("{}/confirmation", link(11)), Value::Null).await.expect(200);
    kurt.patch(&link(10), "\"1\"", json!({ "rights": "none", "orderReference": "Order 8" })).await.expect(200);
    looks(&app).await;
    assert!(told(&kurt, ids::ANNA).await.contains(&to("2026-12-10", "guardian", 60, 11)));
    app.clock.set("2026-11-27T15:00:00Z");
    looks(&app).await;
    let told = told(&custodian(&app).await, ids::ANNA).await;
    let later: Vec<_> = told.into_iter().filter(|(_, _, lead, _)| *lead == 14).collect();
    assert_eq!(later, [to("2026-12-10", "guardian", 14, 11), to("2026-12-10", "student", 14, 1)]);
}

#[tokio::test]
async fn l22_of_an_emergency_custodians_and_family_are_told_at_once_and_the_family_after_the_review_where_it_must_wait() {
    let app = TestApp::start().await;
    let declare = async |name: &str, quiet: bool| {
        let body = json!({ "reason": "safety", "threat": "She wrote to a friend that she will hurt herself tonight, and left school.",
                           "recipients": "Alder police", "sections": ["S8"], "familyNotTold": quiet });
        app.person(name).await.post(&format!("/v1/students/{}/emergency-accesses", ids::ANNA), body).await.expect(201).id()
    };
    let count = async |name: &str| items(&app.person(name).await, MINE).await.len();
    let open = declare("bela", false).await;
    assert_eq!((count("anna").await, count("greta").await, count("kurt").await, count("bela").await, count("gil").await), (1, 1, 1, 0, 0));
    let notice = items(&app.person("greta").await, MINE).await[0].clone();
    assert_eq!((&notice["kind"], &notice["emergencyAccessId"], &notice["occursOn"]), (&json!("emergencyAccess"), &json!(open), &json!("2026-10-15")));
    // What it was about stands in the list of emergencies, not in the notice.
    assert!(!notice.to_string().contains("hurt herself"));
    let quiet = declare("pam", true).await;
    assert_eq!((count("anna").await, count("greta").await, count("kurt").await), (1, 1, 2));
    app.clock.set("2026-10-16T15:00:00Z");
    let review = json!({ "justified": true, "note": "She was found in time." });
    app.person("kurt").await.post(&format!("/v1/emergency-accesses/{quiet}/review"), review).await.expect(200);
    assert_eq!((count("anna").await, count("greta").await, count("kurt").await), (2, 2, 2));
    assert_eq!(items(&app.person("anna").await, MINE).await[1]["occursOn"], "2026-10-15", "the day on which it was declared");
}
