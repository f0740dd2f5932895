//! Records that may be one person: what a load finds, who is told, and what becomes of them.

use chrono::TimeDelta;
use openilp_api::oneroster::rows::{DemographicsRow, Role, UserRow};
use openilp_tests::{Actor, TestApp, ids};
use reqwest::Method;
use serde_json::{Value, json};

use crate::roster::bundles::{Roster, day, id, role, student, user};
use crate::roster_import::import;

const PAIRS: &str = "/v1/potential-duplicates";

async fn pairs(custodian: &Actor<'_>, query: &str) -> Vec<Value> {
    custodian.get(&format!("{PAIRS}{query}")).await.expect(200).json()["items"].as_array().unwrap().clone()
}

/// What the pairs that wait have in common, after the small roster and then another were loaded.
async fn found(before: &Roster, after: &Roster) -> Vec<Value> {
    let app = TestApp::start().await;
    let (sis, zeno) = (app.client("birch-sis").await, app.person_of(ids::BIRCH, "zeno").await);
    for roster in [before, after] {
        let load = import(&sis, "", roster.zip()).await;
        assert_eq!(load["status"], "applied", "{load}");
    }
    pairs(&zeno, "").await.iter().map(|pair| pair["reasons"].clone()).collect()
}

fn rekeyed() -> Roster {
    let mut roster = Roster::small();
    roster.rekey("ada", "ada-9");
    roster
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_a_student_whom_the_source_calls_otherwise_is_told_and_one_again_once_merged() {
    let app = TestApp::start().await;
    let (sis, zeno) = (app.client("birch-sis").await, app.person_of(ids::BIRCH, "zeno").await);
    assert_eq!(import(&sis, "", Roster::small().zip()).await["report"]["potentialDuplicates"], 0, "a first load has nobody to be somebody else");
    let told = json!([{ "keepSourcedId": "ada-9", "mergeSourcedId": "ada" }]);
    let dry = import(&sis, "?dryRun=true", rekeyed().zip()).await;
    assert_eq!((&dry["report"]["potentialDuplicates"], &dry["report"]["potentialDuplicateExamples"]), (&json!(1), &told));
    let checked = sis.send(Method::POST, "/v1/roster-checks", &[("content-type", "application/zip")], Some(rekeyed().zip())).await.expect(200).json();
    assert_eq!(checked["report"]["potentialDuplicateExamples"], told);
    assert!(pairs(&zeno, "").await.is_empty(), "neither keeps anything");

    let load = import(&sis, "", rekeyed().zip()).await;
    assert_eq!(load["report"]["potentialDuplicateExamples"], told, "a client is not told why");
    let reasons = json!(["sameLocalId", "sameNameBirthDateSchool", "sameNameGuardian", "sameStateId"]);
    let shown = zeno.get(&format!("/v1/roster-imports/{}", load["id"].as_str().unwrap())).await.expect(200).json();
    assert_eq!(shown["report"]["potentialDuplicateExamples"][0]["reasons"], reasons);
    let found = pairs(&zeno, "").await;
    assert_eq!(
        (found.len(), &found[0]["keepSourcedId"], &found[0]["mergeSourcedId"], &found[0]["reasons"]),
        (1, &json!("ada-9"), &json!("ada"), &reasons)
    );

    // The same again has nothing to add.
    let mut later = rekeyed();
    later.user("mother").phone = Some("555-0199".into());
    for roster in [rekeyed(), later] {
        assert_eq!(import(&sis, "", roster.zip()).await["report"]["potentialDuplicates"], 0);
        assert_eq!(pairs(&zeno, "").await, found);
    }
    let both = json!({ "keepId": found[0]["keepId"], "mergeId": found[0]["mergeId"] });
    let preview = zeno.post("/v1/person-merges/preview", both.clone()).await.expect(200).json();
    assert_eq!(preview["conflicts"], json!(["twoFiles"]), "{preview}");
    let merge = zeno.post("/v1/person-merges", both).await.expect(201).id();
    assert!(pairs(&zeno, "").await.is_empty());
    assert_eq!(import(&sis, "", rekeyed().zip()).await["report"]["potentialDuplicates"], 0);
    zeno.post(&format!("/v1/person-merges/{merge}/undo"), Value::Null).await.expect(200);
    assert_eq!(pairs(&zeno, "").await, found, "undone, it waits again");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_manages_merges_sees_the_pairs() {
    let app = TestApp::start().await;
    let (sis, zeno) = (app.client("birch-sis").await, app.person_of(ids::BIRCH, "zeno").await);
    import(&sis, "", Roster::small().zip()).await;
    let load = import(&sis, "", rekeyed().zip()).await;
    sis.get(PAIRS).await.expect(403);
    app.person_of(ids::BIRCH, "zoe").await.get(PAIRS).await.expect(403);
    let pair = pairs(&zeno, "").await.remove(0)["id"].as_str().unwrap().to_owned();
    let kurt = app.person("kurt").await;
    assert!(pairs(&kurt, "").await.is_empty());
    kurt.get(&format!("{PAIRS}/{pair}")).await.expect(404);
    kurt.post(&format!("{PAIRS}/{pair}/dismissal"), Value::Null).await.expect(404);
    // Of the loads of others a client learns how many there are.
    app.database.execute(&format!("update roster_imports set client_id = null where id = '{}'", load["id"].as_str().unwrap())).await;
    let report = sis.get(&format!("/v1/roster-imports/{}", load["id"].as_str().unwrap())).await.expect(200).json()["report"].clone();
    assert_eq!((&report["potentialDuplicates"], &report["potentialDuplicateExamples"]), (&json!(1), &json!([])));
    let feed = sis.get("/v1/changes?from=beginning&limit=100").await.expect(200).json();
    assert!(!feed.to_string().contains("potentialDuplicate"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pair_that_was_dismissed_is_not_named_again() {
    let app = TestApp::start().await;
    let (sis, zeno) = (app.client("birch-sis").await, app.person_of(ids::BIRCH, "zeno").await);
    import(&sis, "", Roster::small().zip()).await;
    import(&sis, "", rekeyed().zip()).await;
    let pair = pairs(&zeno, "").await.remove(0)["id"].as_str().unwrap().to_owned();
    let dismissed = zeno.post(&format!("{PAIRS}/{pair}/dismissal"), Value::Null).await.expect(200).json();
    assert!(dismissed["dismissedAt"].is_string(), "{dismissed}");
    zeno.post(&format!("{PAIRS}/{pair}/dismissal"), Value::Null).await.expect(200);
    assert!(pairs(&zeno, "").await.is_empty());
    for roster in [Roster::small(), rekeyed()] {
        assert_eq!(import(&sis, "", roster.zip()).await["report"]["potentialDuplicates"], 0);
    }
    assert!(pairs(&zeno, "").await.is_empty());
    assert_eq!(pairs(&zeno, "?dismissed=true").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_twin_who_comes_as_the_other_leaves_is_somebody_else() {
    let mut after = Roster::small();
    after.rekey("ada", "eva");
    *after.user("eva") = student("eva", "09", "7");
    let (mut before, shared) = (Roster::small(), Some("family@example.org".to_owned()));
    before.user("ada").email.clone_from(&shared);
    after.user("eva").email = shared;
    assert!(found(&before, &after).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_birth_date_count_unless_the_states_identifiers_differ() {
    let bare = |roster: &mut Roster, name: &str| {
        let user = roster.user(name);
        (user.identifier, user.user_ids) = (None, vec![]);
        user.given_name = "ADA".into();
    };
    let (mut before, mut after) = (Roster::small(), rekeyed());
    bare(&mut after, "ada-9");
    assert_eq!(found(&before, &after).await, [json!(["sameNameBirthDateSchool", "sameNameGuardian"])]);
    after.user("ada-9").user_ids = student("ada", "09", "8").user_ids;
    assert!(found(&before, &after).await.is_empty(), "the state says that they are two");
    bare(&mut before, "ada");
    bare(&mut after, "ada-9");
    after.demographics = vec![DemographicsRow::born(id("ada-9"), Some(day("2011-01-01")))];
    assert!(found(&before, &after).await.is_empty(), "born on another day");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_the_district_gives_to_somebody_else_makes_no_pair() {
    let mut after = Roster::small();
    after.rekey("ada", "zed");
    *after.user("zed") = UserRow { family_name: "Other".into(), user_ids: vec![], agent_sourced_ids: vec![], ..student("zed", "09", "1") };
    after.demographics = vec![];
    assert!(found(&Roster::small(), &after).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_and_guardians_are_known_by_their_email_address_if_it_is_theirs_alone() {
    let (mut before, mut after) = (Roster::small(), Roster::small());
    for (name, new) in [("mother", "mother-2"), ("teacher", "teacher-2")] {
        after.rekey(name, new);
        before.user(name).email = Some(format!("{name}@Example.org"));
        after.user(new).email = Some(format!("{name}@example.org"));
    }
    assert_eq!(found(&before, &after).await, [json!(["sameEmail"]), json!(["sameEmail"])]);
    // An address that two people of one name have names neither.
    after.users.push(UserRow { given_name: "teacher".into(), email: Some("teacher@example.org".into()), ..user("teacher-3", None) });
    after.roles.push(role("teacher-3", Role::Teacher));
    assert_eq!(found(&before, &after).await, [json!(["sameEmail"])]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_record_that_ends_after_the_new_one_came_is_found_when_it_ends() {
    let mut between = Roster::small();
    between.users.push(UserRow { identifier: None, user_ids: vec![], given_name: "ada".into(), ..student("ada-9", "09", "1") });
    between.roles.push(role("ada-9", Role::Student));
    between.demographics.push(DemographicsRow::born(id("ada-9"), Some(day("2012-03-04"))));
    let app = TestApp::start().await;
    let (sis, zeno) = (app.client("birch-sis").await, app.person_of(ids::BIRCH, "zeno").await);
    for (roster, count) in [(Roster::small(), 0), (between, 0), (rekeyed(), 1)] {
        let load = import(&sis, "", roster.zip()).await;
        assert_eq!(load["report"]["potentialDuplicates"], count, "{load}");
    }
    assert_eq!(pairs(&zeno, "").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn single_rows_are_looked_at_too_and_a_load_that_is_taken_back_takes_its_pairs_along() {
    let app = TestApp::start().await;
    let (sis, zeno) = (app.client("birch-sis").await, app.person_of(ids::BIRCH, "zeno").await);
    import(&sis, "", Roster::small().zip()).await;
    app.clock.advance(TimeDelta::minutes(1));
    let rows = [
        json!({ "file": "users", "sourcedId": "ada", "status": "tobedeleted" }),
        json!({ "file": "users", "sourcedId": "ada-9", "enabledUser": true, "username": "ada", "givenName": "ada", "familyName": "Test", "identifier": "1", "grades": ["09"] }),
        json!({ "file": "roles", "sourcedId": "ada-9-role", "userSourcedId": "ada-9", "roleType": "primary", "role": "student", "orgSourcedId": "school" }),
    ];
    let body = rows.iter().map(|row| format!("{row}\n")).collect::<String>().into_bytes();
    let answer = sis.send(Method::POST, "/v1/roster-upserts", &[("content-type", "application/x-ndjson")], Some(body)).await.expect(200);
    assert!(String::from_utf8_lossy(&answer.bytes).contains("\"refused\":0"), "{}", String::from_utf8_lossy(&answer.bytes));
    assert_eq!(pairs(&zeno, "").await.iter().map(|pair| pair["reasons"].clone()).collect::<Vec<_>>(), [json!(["sameLocalId"])]);
    let loads = zeno.get("/v1/roster-imports").await.expect(200).json();
    let batch = loads["items"].as_array().unwrap().iter().find(|load| load["mode"] == "upsert").unwrap()["id"].as_str().unwrap().to_owned();
    let path = zeno.post(&format!("/v1/roster-imports/{batch}/rollback"), json!({})).await.expect(202).header("location").to_owned();
    for _ in 0..300 {
        let back = zeno.get(&path).await.expect(200).json();
        assert_ne!(back["status"], "refused", "{}", zeno.get(&format!("{path}/faults")).await.expect(200).json());
        if back["status"] == "applied" {
            assert!(pairs(&zeno, "").await.is_empty());
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the rollback did not end");
}
