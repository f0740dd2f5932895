//! Advisory and small groups over HTTP.

use openilp_tests::{Actor, TestApp, ids};
use serde_json::{Value, json};
use uuid::Uuid;

const GROUPS: &str = "/v1/student-groups";
const MEMBERS: &str = "/v1/group-members";

async fn group(kurt: &Actor<'_>, kind: &str) -> String {
    kurt.post(GROUPS, json!({ "schoolId": ids::school(2), "kind": kind, "title": "Group" })).await.expect(201).id()
}

/// Students of Alder beside the cast.
async fn students(app: &TestApp, count: usize) -> Vec<Uuid> {
    let mut made = vec![];
    for _ in 0..count {
        let id = Uuid::now_v7();
        for statement in [
            format!(
                "insert into people (district_id, id, given_name, family_name, active, version, created_at, updated_at)
                 values ('{}', '{id}', 'New', 'New', true, 1, '2026-08-01Z', '2026-08-01Z')",
                ids::ALDER
            ),
            format!(
                "insert into students (district_id, id, school_id, grade, active, version, created_at, updated_at)
                 values ('{}', '{id}', '{}', '10', true, 1, '2026-08-01Z', '2026-08-01Z')",
                ids::ALDER,
                ids::school(2)
            ),
        ] {
            app.database.execute(&statement).await;
        }
        made.push(id);
    }
    made
}

fn in_group(group: &str, person: Uuid) -> Value {
    json!({ "groupId": group, "personId": person })
}

#[tokio::test]
async fn r138_a_small_group_has_at_most_five_students_at_a_time() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let small = group(&kurt, "smallGroup").await;
    let students = students(&app, 6).await;
    let mut last = None;
    for student in &students[..5] {
        last = Some(kurt.post(MEMBERS, in_group(&small, *student)).await.expect(201));
    }
    let sixth = in_group(&small, students[5]);
    assert_eq!(kurt.post(MEMBERS, sixth.clone()).await.expect(409).json()["errors"][0]["code"], "group_full");
    // Families and staff are not counted.
    kurt.post(MEMBERS, in_group(&small, ids::person(10))).await.expect(201);
    // Whoever comes after another has left is let in, and the other does not come back.
    let fifth = last.unwrap();
    kurt.patch(fifth.header("location"), "\"1\"", json!({ "validTo": "2026-11-01" })).await.expect(200);
    assert_eq!(kurt.post(MEMBERS, sixth.clone()).await.expect(409).json()["errors"][0]["code"], "group_full");
    let mut later = sixth;
    later["validFrom"] = "2026-11-01".into();
    kurt.post(MEMBERS, later).await.expect(201);
    assert_eq!(kurt.patch(fifth.header("location"), "\"2\"", json!({ "validTo": null })).await.expect(409).json()["errors"][0]["code"], "group_full");
    let listed = kurt.get(&format!("{MEMBERS}?groupId={small}")).await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 7);
}

#[tokio::test]
async fn r138_of_two_who_are_added_at_once_as_the_fifth_one_is() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let small = group(&kurt, "smallGroup").await;
    let students = students(&app, 6).await;
    for student in &students[..4] {
        kurt.post(MEMBERS, in_group(&small, *student)).await.expect(201);
    }
    let (one, two) = tokio::join!(kurt.post(MEMBERS, in_group(&small, students[4])), kurt.post(MEMBERS, in_group(&small, students[5])));
    let mut both = [one.status, two.status];
    both.sort_unstable();
    assert_eq!(both, [201, 409]);
}

#[tokio::test]
async fn an_advisory_group_has_as_many_as_it_has() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let advisory = group(&kurt, "advisory").await;
    for student in students(&app, 7).await {
        kurt.post(MEMBERS, in_group(&advisory, student)).await.expect(201);
    }
}

#[tokio::test]
async fn every_fault_of_a_group_and_of_who_is_in_it_is_named() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let pointers =
        |problem: Value| problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let faults = kurt.post(GROUPS, json!({ "kind": "club", "title": "", "validTo": 1 })).await.json();
    assert_eq!(pointers(faults), ["/schoolId", "/kind", "/title", "/validTo"]);
    let advisory = group(&kurt, "advisory").await;
    let path = format!("{GROUPS}/{advisory}");
    assert_eq!(pointers(kurt.patch(&path, "\"1\"", json!({ "kind": "smallGroup" })).await.json()), ["/kind"]);
    kurt.patch(&path, "\"1\"", json!({ "title": "Advisory 11B" })).await.expect(200);
    kurt.patch(&path, "\"1\"", json!({ "title": "Advisory 12B" })).await.expect(412);
    let elsewhere = json!({ "schoolId": ids::school(3), "kind": "advisory", "title": "Group" });
    assert_eq!(kurt.post(GROUPS, elsewhere).await.expect(409).json()["errors"][0]["code"], "school_unknown");
    assert_eq!(kurt.post(MEMBERS, in_group(&advisory, ids::ZOE)).await.expect(409).json()["errors"][0]["code"], "person_unknown");
    assert_eq!(kurt.post(MEMBERS, in_group(&ids::ANNA.to_string(), ids::ANNA)).await.expect(409).json()["errors"][0]["code"], "group_unknown");
    kurt.post(MEMBERS, in_group(&advisory, ids::ANNA)).await.expect(201);
    assert_eq!(kurt.post(MEMBERS, in_group(&advisory, ids::ANNA)).await.expect(409).json()["errors"][0]["code"], "member_exists");
}

#[tokio::test]
async fn r131_only_the_custodian_of_the_district_keeps_its_groups() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let advisory = group(&kurt, "advisory").await;
    let member = kurt.post(MEMBERS, in_group(&advisory, ids::ANNA)).await.expect(201);
    let (pam, zeno) = (app.person("pam").await, app.person_of(ids::BIRCH, "zeno").await);
    pam.get(GROUPS).await.expect(403);
    pam.post(MEMBERS, in_group(&advisory, ids::ANNA)).await.expect(403);
    for path in [format!("{GROUPS}/{advisory}"), member.header("location").to_owned()] {
        zeno.get(&path).await.expect(404);
        zeno.patch(&path, "\"1\"", json!({ "validTo": "2027-01-01" })).await.expect(404);
    }
    let rows = app.database.texts("select concat_ws(' ', operation, student_id, section) from changes where kind = 'groupMember'").await;
    assert_eq!(rows, [format!("created {} S0", ids::ANNA)]);
}
