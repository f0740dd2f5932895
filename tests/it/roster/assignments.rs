//! What a roster says of staff and students: it proposes, a custodian confirms, and it ends what it has stated.

use openilp_api::oneroster::rows::Role;
use openilp_tests::ids;
use serde_json::{Value, json};

use super::bundles::{Roster, id, role, user};
use super::supplement::{File, alder, bundle};
use super::world::World;
use crate::roster_import::import;

const ASSIGNMENTS: &str = "
    select string_agg(concat_ws('/', s.given_name, p.given_name, a.kind, a.valid_from, a.valid_to, case when a.confirmed_at is not null then 'confirmed' end),
                      ' ' order by s.given_name, p.given_name, a.kind, a.valid_from)
      from assignments a join people s on s.id = a.student_id join people p on p.id = a.person_id";

fn assignments<'a>(form: &'a str, rows: &'a [&'a str]) -> File<'a> {
    ("ilp.assignments", form, rows)
}

fn sent(rows: &[Value]) -> String {
    rows.iter().map(|row| format!("{row}\n")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn r40_r45_r71_assignments_follow_their_source_end_with_it_and_are_never_deleted() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let roster = Roster::small();
    let rows: &[&str] = &[
        "s1,,,teacher,ada,teacher,2026-09-01,2027-06-10",
        "s2,,,teacher,ada,careerReviewer,,",
        "s3,,,counselor,ada,gatekeeper,2026-08-20,",
        "s4,,,teacher,ada,ext:coach,,",
        "s5,,,teacher,ben,teacher,,",
    ];
    let whole = bundle(Some(&roster), &[assignments("bulk", rows)]);
    let loaded = world.import(district, &whole).await;
    assert_eq!((loaded.report().gatekeepers_to_propose, loaded.report().assignments_to_propose), (1, 2));
    assert_eq!(loaded.report().not_kept, []);
    assert_eq!(world.value("select count(*) from assignment_claims").await, "5", "a word of the source's own is kept and assigns nobody");
    let with = "ada/counselor/gatekeeper/2026-08-20 ada/teacher/careerReviewer/2026-11-02 ada/teacher/teacher/2026-09-01/2027-06-11";
    assert_eq!(world.value(ASSIGNMENTS).await, with, "ben, in grade 5, has no file");
    let state = world.state().await;
    for again in [whole, bundle(Some(&roster.clone().reordered()), &[assignments("bulk", rows)]), roster.zip()] {
        assert!(world.import(district, &again).await.report().is_empty());
        assert_eq!(world.state().await, state);
    }
    // Another day, the same rows.
    world.set_clock("2026-11-10T15:00:00Z");
    assert!(world.import(district, &bundle(Some(&roster.clone().reordered()), &[assignments("bulk", rows)])).await.report().is_empty());
    assert_eq!(world.state().await, state);
    // A delta changes and ends what it names. The homeroom still says that the counselor is the gatekeeper.
    let delta = assignments(
        "delta",
        &[
            "s1,active,2026-11-09T03:00:00Z,teacher,ada,teacher,2026-09-01,2027-01-15",
            "s2,tobedeleted,2026-11-09T03:00:00Z,teacher,ada,careerReviewer,,",
            "s3,tobedeleted,2026-11-09T03:00:00Z,counselor,ada,gatekeeper,,",
        ],
    );
    let loaded = world.import(district, &bundle(None, &[delta])).await;
    let changed = "ada/counselor/gatekeeper/2026-08-20 ada/teacher/careerReviewer/2026-11-02/2026-11-10 ada/teacher/teacher/2026-09-01/2027-01-16";
    assert_eq!(world.value(ASSIGNMENTS).await, changed);
    world.take_back(district, loaded.import.id).await;
    assert_eq!(world.value(ASSIGNMENTS).await, with);
    for _ in 0..2 {
        world.import(district, &bundle(None, &[delta])).await;
        assert_eq!(world.value(ASSIGNMENTS).await, changed);
    }
    assert!(world.import(district, &roster.zip()).await.report().is_empty());
    assert_eq!(world.value(ASSIGNMENTS).await, changed);
}

#[tokio::test(flavor = "multi_thread")]
async fn r71_a_caseload_is_of_a_school_its_grades_and_names_and_follows_its_students() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let mut roster = Roster::small();
    roster.enrollments.retain(|enrollment| enrollment.class_sourced_id != id("homeroom"));
    roster.user("ben").grades = vec!["10".into()];
    for (student, name) in [("ada", "Lopez"), ("ben", "M\u{fc}ller")] {
        roster.user(student).family_name = name.into();
    }
    roster.users.push(user("second", None));
    roster.roles.push(role("second", Role::Counselor));
    let rows: &[&str] = &["c1,,,counselor,school,\"09,10\",A,l,,", "c2,,,second,school,,M,Z,2026-09-01,2027-06-10", "c3,,,teacher,school,12,,,,"];
    let whole = bundle(Some(&roster), &[("ilp.caseloads", "bulk", rows)]);
    let loaded = world.import(district, &whole).await;
    assert_eq!(loaded.report().gatekeepers_to_propose, 2);
    assert_eq!(world.value(ASSIGNMENTS).await, "ada/counselor/gatekeeper/2026-11-02 ben/second/gatekeeper/2026-09-01/2027-06-11");
    let state = world.state().await;
    assert!(world.import(district, &roster.zip()).await.report().is_empty());
    assert_eq!(world.state().await, state);
    // A new name, sent as a single row, goes from one counselor's caseload to the other's.
    let ada = json!({ "file": "users", "sourcedId": "ada", "enabledUser": true, "username": "ada", "givenName": "ada", "familyName": "Novak", "grades": ["09"],
                      "identifier": "1", "userIds": "{SASID:S1}", "agentSourcedIds": ["mother"] });
    let answer = super::upsert::send(&world, district, &sent(&[ada]), false).await;
    assert_eq!(super::upsert::counts(&answer), [0, 1, 0, 0, 0], "{answer:#?}");
    let moved =
        "ada/counselor/gatekeeper/2026-11-02/2026-11-02 ada/second/gatekeeper/2026-09-01/2027-06-11 ben/second/gatekeeper/2026-09-01/2027-06-11";
    assert_eq!(world.value(ASSIGNMENTS).await, moved);
    roster.user("ada").family_name = "Novak".into();
    let whole = world.import(district, &bundle(Some(&roster), &[("ilp.caseloads", "bulk", rows)])).await;
    assert!(whole.report().is_empty(), "{:#?}", whole.report());
    assert_eq!(world.value(ASSIGNMENTS).await, moved);
    // A caseload as a single row: it grows, and another ends.
    let rows = sent(&[
        json!({ "file": "ilp.caseloads", "sourcedId": "c1", "staffSourcedId": "counselor", "schoolSourcedId": "school", "grades": ["10"] }),
        json!({ "file": "ilp.caseloads", "sourcedId": "c2", "status": "tobedeleted" }),
    ]);
    let answer = super::upsert::send(&world, district, &rows, false).await;
    assert_eq!(super::upsert::counts(&answer), [0, 1, 1, 0, 0], "{answer:#?}");
    assert_eq!(
        world.value(ASSIGNMENTS).await,
        "ada/counselor/gatekeeper/2026-11-02/2026-11-02 ada/second/gatekeeper/2026-09-01/2026-11-02 ben/counselor/gatekeeper/2026-11-02 \
         ben/second/gatekeeper/2026-09-01/2026-11-02"
    );
    let again = super::upsert::send(&world, district, &rows, false).await;
    assert_eq!(super::upsert::counts(&again), [0, 0, 0, 2, 0], "{again:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_an_assignment_and_a_caseload_is_named() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let files: &[File<'_>] = &[
        ("ilp.caseloads", "bulk", &["c1,,,mother,school,,,,,", "c2,,,counselor,district,,,,,", "c3,,,nobody,school,,,,,"]),
        assignments("bulk", &["s1,,,ada,ada,teacher,,", "s2,,,teacher,mother,teacher,,", "s3,,,gone,ada,gatekeeper,,"]),
    ];
    let refused = world.import(district, &bundle(Some(&Roster::small()), files)).await;
    assert_eq!(
        refused.places(),
        [
            "ilp.caseloads.csv:2:staffSourcedId wrong_reference",
            "ilp.caseloads.csv:3:schoolSourcedId wrong_reference",
            "ilp.caseloads.csv:4:staffSourcedId dangling_reference",
            "ilp.assignments.csv:2:staffSourcedId wrong_reference",
            "ilp.assignments.csv:3:studentSourcedId wrong_reference",
            "ilp.assignments.csv:4:staffSourcedId dangling_reference",
        ]
    );
}

#[tokio::test]
async fn r40_r71_an_assignment_of_the_roster_grants_from_its_confirmation_to_the_end_that_the_source_gives_and_no_longer() {
    let app = alder().await;
    let owner = app.database.owner().await;
    let named = "insert into external_identifiers (district_id, system, kind, value, target_id) values ($1, 'sis', 'person', 'uma', $2)";
    owner.execute(named, &[&ids::ALDER.0, &ids::person(24)]).await.unwrap();
    let (sis, kurt, uma) = (app.client("sis").await, app.person("kurt").await, app.person("uma").await);
    let goals = format!("/v1/ilp-files/{}/goals", ids::file(1));
    let reads = async || uma.get(&goals).await.status;
    let load = async |rows: &[&str]| {
        let mut roster = Roster::small();
        roster.users.push(user("uma", None));
        roster.roles.push(role("uma", Role::Teacher));
        let loaded = import(&sis, "", bundle(Some(&roster), &[assignments("bulk", rows)])).await;
        assert_eq!(loaded["status"], "applied", "{loaded}");
    };
    let mine = async || {
        let list = kurt.get(&format!("/v1/assignments?personId={}", ids::person(24))).await.expect(200).json();
        let days = |a: &Value| {
            let cells = ["kind", "validFrom", "validTo"].map(|m| a[m].as_str().unwrap_or("-").to_owned());
            format!("{} {}", cells.join(" "), if a["confirmedAt"].is_string() { "confirmed" } else { "waits" })
        };
        list["items"].as_array().unwrap().iter().map(days).collect::<Vec<_>>()
    };
    let confirm = async || {
        kurt.post("/v1/assignments/confirmations", json!({ "schoolId": ids::school(2) })).await.expect(200);
    };
    let other = "s9,,,counselor,ada,gatekeeper,,";
    load(&[other, "s1,,,uma,ada,teacher,2026-09-01,2026-12-31"]).await;
    assert_eq!((reads().await, mine().await), (404, vec!["teacher 2026-09-01 2027-01-01 waits".to_owned()]));
    confirm().await;
    assert_eq!(reads().await, 200);
    // What was confirmed is not made longer: what the source says beyond it waits.
    load(&[other, "s1,,,uma,ada,teacher,2026-09-01,"]).await;
    let longer = vec!["teacher 2026-09-01 2027-01-01 confirmed".to_owned(), "teacher 2027-01-01 - waits".to_owned()];
    assert_eq!((reads().await, mine().await), (200, longer));
    // It is made shorter at once, and ends with its row.
    load(&[other, "s1,,,uma,ada,teacher,2026-09-01,2026-11-30"]).await;
    assert_eq!(mine().await, ["teacher 2026-09-01 2026-12-01 confirmed", "teacher 2026-12-01 2026-12-01 waits"]);
    load(&[other]).await;
    assert_eq!(reads().await, 404);
    let ended = mine().await;
    assert!(ended.iter().all(|a| !a.contains(" - ")), "{ended:?}");
    // It comes back as a proposal, and is confirmed anew.
    load(&[other, "s1,,,uma,ada,teacher,2026-10-15,"]).await;
    assert_eq!(reads().await, 404);
    confirm().await;
    // What the custodian makes is the custodian's: no load ends it.
    let made = json!({ "studentId": ids::ANNA, "personId": ids::person(24), "kind": "careerReviewer" });
    kurt.post("/v1/assignments", made).await.expect(201);
    assert_eq!(reads().await, 200);
    load(&[other, "s1,,,uma,ada,careerReviewer,,"]).await;
    load(&[other]).await;
    assert_eq!(reads().await, 200);
}
