//! What comes after a merge: logins, invitations, single rows, a load taken back.

use chrono::TimeDelta;
use openilp_api::oneroster::rows::{DemographicsRow, Role};
use openilp_tests::issuer::TestIssuer;
use openilp_tests::{TestApp, ids};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{MERGES, both, merge, undo};
use crate::roster::bundles::{Roster, day, id, role, student};
use crate::roster_import::import;

#[tokio::test]
async fn a_login_of_either_record_waits_for_the_custodian_once_the_two_are_merged() {
    let app = TestApp::start().await;
    let matching = json!({ "matching": { "claim": "student_number", "system": "localStudentId" } });
    let (issuer, _) = TestIssuer::register(&app, ids::ALDER, "https://id.alder.example", matching).await;
    let insert = "insert into external_identifiers (district_id, system, kind, value, target_id) values ($1, 'localStudentId', 'person', $2, $3)";
    app.database.owner().await.execute(insert, &[&ids::ALDER.0, &"4", &ids::DAN]).await.unwrap();
    let made = merge(&app, ids::ANNA, ids::DAN).await.expect(201).id();
    // Neither was ever here; each number names Anna now.
    for (subject, number) in [("new-a", "910001"), ("new-d", "4")] {
        issuer.login(&app, subject, json!({ "student_number": number })).get("/v1/me").await.expect(403);
    }
    let waiting = app.person("kurt").await.get("/v1/unlinked-logins").await.expect(200).json();
    let told: Vec<(&Value, &Value)> = waiting["items"].as_array().unwrap().iter().map(|login| (&login["subject"], &login["reason"])).collect();
    assert_eq!(told, [(&json!("new-a"), &json!("personMerged")), (&json!("new-d"), &json!("personMerged"))]);
    undo(&app, &made).await.expect(200);
    let me = issuer.login(&app, "new-d", json!({ "student_number": "4" })).get("/v1/me").await.expect(200).json();
    assert_eq!(me["personId"], ids::DAN.to_string());
}

#[tokio::test]
async fn an_invitation_from_before_a_merge_counts_no_more_and_a_later_one_does() {
    let app = TestApp::start().await;
    let (issuer, _) = TestIssuer::register(&app, ids::ALDER, "https://families.example", json!({ "forFamilies": true })).await;
    let kurt = app.person("kurt").await;
    let invite = async || {
        let made = kurt.post("/v1/invitations", json!({ "personId": ids::ANNA })).await.expect(201).json();
        json!({ "code": made["code"] })
    };
    let early = invite().await;
    let made = merge(&app, ids::ANNA, ids::DAN).await.expect(201).id();
    let late = invite().await;
    let login = issuer.login(&app, "anna@home", json!({}));
    login.post("/v1/invitation-redemptions", early.clone()).await.expect(422);
    login.post("/v1/invitation-redemptions", late).await.expect(200);
    let link = app.database.texts("select id::text from identity_links where subject = 'anna@home'").await.remove(0);
    kurt.delete(&format!("/v1/identity-links/{link}"), "\"1\"").await.expect(204);
    undo(&app, &made).await.expect(200);
    issuer.login(&app, "anna@school", json!({})).post("/v1/invitation-redemptions", early).await.expect(200);
}

/// The small roster with ada twice, loaded; a statement about ada-2 run; and the two made one: who was kept, and who was merged.
async fn twice(app: &TestApp, of_twin: &str) -> (Roster, Uuid, Uuid) {
    let (sis, zeno) = (app.client("birch-sis").await, app.person_of(ids::BIRCH, "zeno").await);
    let mut roster = Roster::small();
    roster.users.push(student("ada-2", "09", "777"));
    roster.roles.push(role("ada-2", Role::Student));
    assert_eq!(import(&sis, "", roster.zip()).await["status"], "applied");
    let (ada, twin) = (named(app, "ada").await, named(app, "ada-2").await);
    app.database.execute(&of_twin.replace("$twin", &format!("'{twin}'"))).await;
    zeno.post(MERGES, both(ada, twin)).await.expect(201);
    (roster, ada, twin)
}

/// Whom the roster calls so.
pub(super) async fn named(app: &TestApp, sourced_id: &str) -> Uuid {
    let query = format!("select target_id::text from external_identifiers where system = 'sis' and kind = 'person' and value = '{sourced_id}'");
    app.database.texts(&query).await.remove(0).parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_row_by_either_name_is_the_one_person() {
    let app = TestApp::start().await;
    let (_, ada, _) = twice(&app, "").await;
    let sis = app.client("birch-sis").await;
    // The name from before the merge counts.
    for (name, local, result) in [("ada-2", "777", "unchanged"), ("ada", "1", "amended")] {
        let row = json!({ "file": "users", "sourcedId": name, "enabledUser": true, "username": name, "givenName": "Ada", "familyName": format!("Of {name}"),
                          "identifier": local, "grades": ["09"] });
        let answer = sis
            .send(Method::POST, "/v1/roster-upserts", &[("content-type", "application/x-ndjson")], Some(format!("{row}\n").into_bytes()))
            .await
            .expect(200);
        let told = String::from_utf8_lossy(&answer.bytes).into_owned();
        assert!(told.contains(&format!("\"result\":\"{result}\"")), "{told}");
        assert_eq!((named(&app, "ada").await, named(&app, "ada-2").await), (ada, ada));
        let active =
            app.database.texts(&format!("select (p.active and s.active)::text from people p join students s using (id) where p.id = '{ada}'")).await;
        assert_eq!(active, ["true"], "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn l9_no_load_lifts_an_order_that_stood_on_the_merged_record() {
    let app = TestApp::start().await;
    let order =
        "update guardian_links set rights = 'none', order_reference = 'Order 7', source = 'custodian', confirmed_at = now() where student_id = $twin";
    let (mut roster, ada, _) = twice(&app, order).await;
    let link = format!("select concat_ws(' ', rights, order_reference, claimed_rights) from guardian_links where student_id = '{ada}'");
    assert_eq!(app.database.texts(&link).await, ["none Order 7 full"]);
    // Both rows of the roster go on naming the mother.
    roster.user("mother").phone = Some("555-0199".into());
    let load = import(&app.client("birch-sis").await, "", roster.zip()).await;
    assert_eq!(load["status"], "applied", "{load}");
    assert_eq!(app.database.texts(&link).await, ["none Order 7 full"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_is_not_taken_back_from_under_a_merge() {
    let app = TestApp::start().await;
    twice(&app, "").await;
    app.clock.advance(TimeDelta::minutes(1));
    let zeno = app.person_of(ids::BIRCH, "zeno").await;
    let load = zeno.get("/v1/roster-imports").await.expect(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
    let path = zeno.post(&format!("/v1/roster-imports/{load}/rollback"), json!({})).await.expect(202).header("location").to_owned();
    for _ in 0..300 {
        let back = zeno.get(&path).await.expect(200).json();
        if back["status"] == "refused" {
            let faults = zeno.get(&format!("{path}/faults")).await.expect(200).json();
            assert!(faults["items"].as_array().unwrap().iter().all(|fault| fault["code"] == "changed_since"), "{faults}");
            return;
        }
        assert_ne!(back["status"], "applied", "{back}");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the rollback did not end");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_student_whom_the_source_calls_otherwise_now_is_one_again_by_either_name_once_merged() {
    let app = TestApp::start().await;
    let (sis, zeno) = (app.client("birch-sis").await, app.person_of(ids::BIRCH, "zeno").await);
    let roster = Roster::small();
    assert_eq!(import(&sis, "", roster.zip()).await["status"], "applied");
    let old = named(&app, "ada").await;
    let mut rekeyed = roster.clone();
    *rekeyed.user("ada") = student("ada-9", "09", "1");
    rekeyed.roles.retain(|role| role.user_sourced_id.as_str() != "ada");
    rekeyed.roles.push(role("ada-9", Role::Student));
    rekeyed.demographics = vec![DemographicsRow::born(id("ada-9"), Some(day("2012-03-04")))];
    for enrollment in rekeyed.enrollments.iter_mut().filter(|enrollment| enrollment.user_sourced_id.as_str() == "ada") {
        enrollment.user_sourced_id = id("ada-9");
    }
    assert_eq!(import(&sis, "", rekeyed.zip()).await["status"], "applied");
    let new = named(&app, "ada-9").await;
    assert_ne!(old, new);
    let active = format!("select active::text from people where id in ('{old}', '{new}') order by id = '{new}'");
    assert_eq!(app.database.texts(&active).await, ["false", "true"]);
    // The one that the source still names is kept, and what was in the other's file is in its file.
    zeno.post(MERGES, both(new, old)).await.expect(201);
    for bundle in [&rekeyed, &roster, &rekeyed] {
        assert_eq!(import(&sis, "", bundle.zip()).await["status"], "applied");
        assert_eq!((named(&app, "ada").await, named(&app, "ada-9").await), (new, new));
        assert_eq!(app.database.texts(&active).await, ["false", "true"]);
    }
    let open =
        "select student_id::text from ilp_files where status = 'open' and student_id in (select id from students where birth_date = '2012-03-04')";
    assert_eq!(app.database.texts(open).await, [new.to_string()]);
}
