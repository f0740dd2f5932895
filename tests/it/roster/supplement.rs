//! The supplement: facts that OneRoster lacks come with the roster, change and end with it, and are read by those whom their section is open to.

use std::io::{Cursor, Read, Write};

use openilp_api::oneroster::columns::{FILES, SCHOOL_DATA_SYNC, SUPPLEMENT};
use openilp_domain::roster::{Counts, HoldReason, ImportStatus, LoadMode};
use openilp_tests::{TestApp, ids};
use serde_json::{Value, json};

use super::bundles::Roster;
use super::world::{Ended, World};
use crate::roster_import::import;

/// A file of the supplement: its name in the manifest, its form, its rows. The header is that of the program.
pub type File<'a> = (&'a str, &'a str, &'a [&'a str]);

/// A bundle with files of the supplement, beside a whole roster or alone.
pub fn bundle(roster: Option<&Roster>, files: &[File<'_>]) -> Vec<u8> {
    let mut entries: Vec<(String, Vec<u8>)> = vec![];
    let mut manifest = String::from("propertyName,value\r\nmanifest.version,1.0\r\noneroster.version,1.2\r\n");
    match roster {
        Some(roster) => {
            let mut zip = zip::ZipArchive::new(Cursor::new(roster.zip())).unwrap();
            for n in 0..zip.len() {
                let mut entry = zip.by_index(n).unwrap();
                let mut bytes = vec![];
                entry.read_to_end(&mut bytes).unwrap();
                match entry.name().unwrap().into_owned() {
                    name if name == "manifest.csv" => manifest = String::from_utf8(bytes).unwrap(),
                    name => entries.push((name, bytes)),
                }
            }
        }
        None => FILES.iter().for_each(|file| manifest.push_str(&format!("file.{},absent\r\n", file.name))),
    }
    manifest.push_str("ilp.version,1.0\r\n");
    for (name, form, rows) in files {
        let file = SUPPLEMENT.iter().chain(&SCHOOL_DATA_SYNC).find(|file| file.name == *name).unwrap();
        let header: Vec<_> = file.columns.iter().map(|column| column.name).collect();
        if name.starts_with("ilp.") {
            manifest.push_str(&format!("{name},{form}\r\n"));
        }
        let rows: String = rows.iter().map(|row| format!("{row}\r\n")).collect();
        entries.push((file.file_name.to_owned(), format!("{}\r\n{rows}", header.join(",")).into_bytes()));
    }
    let mut zip = zip::ZipWriter::new(Cursor::new(vec![]));
    for (name, bytes) in [("manifest.csv".to_owned(), manifest.into_bytes())].into_iter().chain(entries) {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A row or more of each file.
pub const FACTS: &[File<'_>] = &[
    (
        "ilp.addresses",
        "bulk",
        &["a1,,,ada,home,12 Elm Street,Apt 4,Granite,UT,84001,US,2024-08-01,", "a2,,,mother,mailing,PO Box 7,,Granite,,84001,,,"],
    ),
    (
        "ilp.telephones",
        "bulk",
        &["t1,,,mother,mobile,+1 801 555 0100,,true,,", "t2,,,mother,work,+1 801 555 0101,22,,,", "t3,,,teacher,work,555-0177,,,,"],
    ),
    ("ilp.flags", "bulk", &["f1,,,ada,iep,2025-09-01,", "f2,,,ada,ext:gifted,,", "f3,,,ben,ell,,"]),
    ("ilp.stateIds", "bulk", &["i1,,,ada,student,UT,7000001", "i2,,,counselor,staff,UT,C-9"]),
    ("ilp.attendance", "bulk", &["at1,,,ada,school,fall,90,3.5,1,4", "at2,,,ben,school,fall,90,0,,"]),
    ("ilp.outcomes", "bulk", &["o1,,,ada,school,2026,promoted,2026-06-10,", "o2,,,ben,school,2026,retained,,"]),
    ("ilp.postSchoolOutcomes", "bulk", &["p1,,,ada,twoYearCollege,Snow College,2026-10-01"]),
];

/// The facts with the rows of one file in place of those it has, in a form.
fn facts_with<'a>(name: &'a str, form: &'a str, rows: &'a [&'a str]) -> Vec<File<'a>> {
    FACTS.iter().filter(|file| file.0 != name).copied().chain([(name, form, rows)]).collect()
}

fn counts(ended: &Ended, file: &str) -> (i64, Counts) {
    let found = ended.report().files.iter().find(|told| told.file == file).unwrap_or_else(|| panic!("{file} is not told"));
    (found.rows, found.counts)
}

const FLAGS: &str = "
    select string_agg(concat_ws('/', f.sourced_id, f.flag, f.begins_on, case when f.active then 'in force' else 'ended' end), ' ' order by f.sourced_id)
      from student_flags f";
const STATE_IDS: &str = "
    select string_agg(concat_ws('/', e.system, e.value, p.given_name, e.ended_on), ' ' order by e.system, e.value)
      from external_identifiers e join people p on p.id = e.target_id where e.system like 'state%'";

#[tokio::test(flavor = "multi_thread")]
async fn r19_r152_r153_r154_the_facts_of_the_supplement_are_kept_and_the_same_again_changes_nothing() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let whole = bundle(Some(&Roster::small()), FACTS);
    assert_eq!(world.dry_run(district, &whole).await.import.status, ImportStatus::Compared);
    assert_eq!(world.value("select count(*) from addresses").await, "0");
    let loaded = world.import(district, &whole).await;
    assert_eq!(loaded.report().not_kept, []);
    let told: Vec<_> = loaded.report().files.iter().skip(8).map(|file| (file.file.as_str(), file.rows, file.counts.created)).collect();
    assert_eq!(
        told,
        [
            ("ilp.addresses.csv", 2, 2),
            ("ilp.telephones.csv", 3, 3),
            ("ilp.flags.csv", 3, 3),
            ("ilp.stateIds.csv", 2, 2),
            ("ilp.attendance.csv", 2, 2),
            ("ilp.outcomes.csv", 2, 2),
            ("ilp.postSchoolOutcomes.csv", 1, 1),
        ]
    );
    let row = |table: &str, id: &str| {
        format!(
            "select to_jsonb(t) - '{{district_id,id,person_id,student_id,school_id,academic_session_id,version,created_at,updated_at}}'::text[] from {table} t where sourced_id = '{id}'"
        )
    };
    let read = async |table: &str, id: &str| serde_json::from_str::<Value>(&world.value(&row(table, id)).await).unwrap();
    assert_eq!(
        read("addresses", "a1").await,
        json!({ "kind": "home", "street": "12 Elm Street", "unit": "Apt 4", "city": "Granite", "state": "UT", "postal_code": "84001", "country": "US",
                "begins_on": "2024-08-01", "ends_on": null, "active": true, "source": "sis", "sourced_id": "a1" })
    );
    assert_eq!(
        read("attendance_totals", "at1").await,
        json!({ "session_title": "fall", "school_year": 2027, "days_enrolled": 90, "days_absent": 3.5, "days_absent_unexcused": 1, "times_tardy": 4,
                "active": true, "source": "sis", "sourced_id": "at1" })
    );
    assert_eq!(
        world.value("select concat_ws('/', kind, number, first_choice) from telephones where sourced_id = 't1'").await,
        "mobile/+1 801 555 0100/t"
    );
    assert_eq!(world.value("select outcome || outcome_on from year_outcomes where sourced_id = 'o1'").await, "promoted2026-06-10");
    assert_eq!(world.value("select kind || name || as_of from post_school_outcomes").await, "twoYearCollegeSnow College2026-10-01");

    // The journal tells of each under its section, and of no student where it is about none.
    let journal = "select string_agg(concat_ws(' ', kind, section, n), ', ' order by kind, section) from (
                     select kind, section, count(*) n from changes where kind in ('address', 'telephone', 'studentFlag', 'stateIdentifier',
                       'attendanceTotal', 'yearOutcome', 'postSchoolOutcome') group by kind, section) c";
    assert_eq!(
        world.value(journal).await,
        "address 1, address S1b 1, attendanceTotal S3 2, postSchoolOutcome S5 1, stateIdentifier 1, stateIdentifier S1a 1, studentFlag S9 3, \
         telephone 3, yearOutcome S3 2"
            .replace("address 1, address S1b 1", "address S1b 1, address 1")
            .replace("stateIdentifier 1, stateIdentifier S1a 1", "stateIdentifier S1a 1, stateIdentifier 1")
    );

    let state = world.state().await;
    let reordered = bundle(Some(&Roster::small().reordered()), FACTS);
    for again in [&whole, &reordered] {
        let again = world.import(district, again).await;
        assert!(again.report().is_empty(), "{:?}", again.report());
        assert_eq!(counts(&again, "ilp.flags.csv"), (3, Counts { unchanged: 3, ..Counts::default() }));
        assert_eq!(world.state().await, state);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_whole_file_no_longer_names_ends_and_what_a_delta_names_changes() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let roster = Roster::small();
    world.import(district, &bundle(Some(&roster), FACTS)).await;
    assert_eq!(world.value(FLAGS).await, "f1/iep/2025-09-01/in force f2/ext:gifted/in force f3/ell/in force");

    // Without the file nothing of it ends, with or without the rest of the roster.
    let state = world.state().await;
    let one: &[&str] = &["t3,active,2026-11-01T03:00:00Z,teacher,work,555-0177,,,,"];
    for without in [roster.zip(), bundle(None, &[("ilp.telephones", "delta", one)])] {
        assert!(world.import(district, &without).await.report().is_empty());
        assert_eq!(world.state().await, state);
    }
    // With it, what it does not name ends and is not deleted.
    let fewer = world.import(district, &bundle(Some(&roster), &facts_with("ilp.flags", "bulk", &["f1,,,ada,504,2025-09-01,"]))).await;
    assert_eq!(counts(&fewer, "ilp.flags.csv"), (1, Counts { amended: 1, ended: 2, ..Counts::default() }));
    assert_eq!(world.value(FLAGS).await, "f1/504/2025-09-01/in force f2/ext:gifted/ended f3/ell/ended");
    // It comes back as the same record.
    let id = world.value("select id from student_flags where sourced_id = 'f3'").await;
    let delta: &[&str] = &["f3,active,2026-11-01T03:00:00Z,ben,ell,,2027-01-01", "f1,tobedeleted,2026-11-01T03:00:00Z,ada,504,,"];
    let changed = world.import(district, &bundle(None, &[("ilp.flags", "delta", delta)])).await;
    assert_eq!(changed.import.mode, Some(LoadMode::Delta));
    assert_eq!(counts(&changed, "ilp.flags.csv").1, Counts { amended: 1, ended: 1, ..Counts::default() });
    assert_eq!(world.value(FLAGS).await, "f1/504/2025-09-01/ended f2/ext:gifted/ended f3/ell/in force");
    assert_eq!(world.value("select id || ends_on::text from student_flags where sourced_id = 'f3'").await, format!("{id}2027-01-01"));
    // What stands in no file of the bundle is as it was.
    assert_eq!(world.value("select count(*) from addresses where active").await, "2");
    assert_eq!(world.value("select count(*) from attendance_totals where active").await, "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_somebody_ends_with_them() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    world.import(district, &bundle(Some(&Roster::small()), FACTS)).await;
    let mut roster = Roster::small();
    roster.users.retain(|user| user.sourced_id.as_str() != "ben");
    roster.roles.retain(|role| role.user_sourced_id.as_str() != "ben");
    roster.enrollments.retain(|enrollment| enrollment.user_sourced_id.as_str() != "ben");
    world.import(district, &roster.zip()).await;
    assert_eq!(world.value(FLAGS).await, "f1/iep/2025-09-01/in force f2/ext:gifted/in force f3/ell/ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn flags_of_school_data_sync_stand_beside_those_of_the_supplement() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let roster = Roster::small();
    let both: &[File<'_>] = &[FACTS[2], ("userFlags", "bulk", &["ada,iep", "ada,iep", "ada,freeLunch", "ben,504"])];
    let loaded = world.import(district, &bundle(Some(&roster), both)).await;
    assert_eq!(
        counts(&loaded, "userFlags.csv"),
        (2, Counts { created: 2, ..Counts::default() }),
        "said twice is said once; a free lunch is none of ours"
    );
    assert_eq!(counts(&loaded, "ilp.flags.csv").1, Counts { created: 3, ..Counts::default() });
    let state = world.state().await;
    assert!(world.import(district, &bundle(Some(&roster.clone().reordered()), both)).await.report().is_empty());
    // Each file speaks for its own rows.
    assert!(world.import(district, &bundle(Some(&roster), &[FACTS[2]])).await.report().is_empty());
    assert_eq!(world.state().await, state);
    let fewer = world.import(district, &bundle(Some(&roster), &[("userFlags", "bulk", &["ben,504"])])).await;
    assert_eq!(counts(&fewer, "userFlags.csv").1, Counts { ended: 1, unchanged: 1, ..Counts::default() });
    assert_eq!(
        world.value(FLAGS).await,
        "f1/iep/2025-09-01/in force f2/ext:gifted/in force f3/ell/in force sds:ada:iep/iep/ended sds:ben:504/504/in force"
    );
    let dangling = world.import(district, &bundle(Some(&roster), &[("userFlags", "bulk", &["nobody,iep", "mother,iep"])])).await;
    assert_eq!(dangling.places(), ["userFlags.csv:2:userSourcedId dangling_reference", "userFlags.csv:3:userSourcedId wrong_reference"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn l27_a_state_identifier_of_the_supplement_goes_before_that_of_users() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let roster = Roster::small();
    let load = async |rows: &[&str]| world.import(district, &bundle(Some(&roster), &[("ilp.stateIds", "bulk", rows)])).await;
    world.import(district, &roster.zip()).await;
    assert_eq!(world.value(STATE_IDS).await, "stateStudentId/S1/ada stateStudentId/S2/ben");
    load(&["i1,,,ada,student,UT,7000001", "i2,,,counselor,staff,UT,C-9"]).await;
    let with = "stateStaffId/C-9/counselor stateStudentId/7000001/ada stateStudentId/S2/ben";
    assert_eq!(world.value(STATE_IDS).await, with);
    // Without the file it stays so.
    assert!(world.import(district, &roster.zip()).await.report().is_empty());
    assert_eq!(world.value(STATE_IDS).await, with);
    // It changes, and goes from one to the other.
    load(&["i1,,,ada,student,UT,7000002", "i2,,,teacher,staff,UT,C-9", "i3,,,counselor,staff,UT,C-10"]).await;
    assert_eq!(world.value(STATE_IDS).await, "stateStaffId/C-10/counselor stateStaffId/C-9/teacher stateStudentId/7000002/ada stateStudentId/S2/ben");
    // Once it is named no more, that of users.csv is in force again; that of staff is kept with the day on which it ended.
    let last = load(&["i2,,,teacher,staff,UT,C-9"]).await;
    assert_eq!(counts(&last, "ilp.stateIds.csv").1, Counts { ended: 2, unchanged: 1, ..Counts::default() });
    assert_eq!(
        world.value(STATE_IDS).await,
        "stateStaffId/C-10/counselor/2026-11-02 stateStaffId/C-9/teacher stateStudentId/S1/ada stateStudentId/S2/ben"
    );

    let state = world.state().await;
    for (rows, places) in [
        (&["i1,,,ada,student,UT,7", "i2,,,ben,student,UT,7"][..], vec!["ilp.stateIds.csv:3:identifier duplicate_identifier"]),
        (&["i1,,,ada,student,UT,S2"], vec!["ilp.stateIds.csv:2:identifier duplicate_identifier"]),
        (&["i1,,,ada,student,UT,7", "i2,,,ada,student,UT,8"], vec!["ilp.stateIds.csv:3:userSourcedId duplicate"]),
        (&["i1,,,mother,student,UT,7"], vec!["ilp.stateIds.csv:2:userSourcedId wrong_reference"]),
        (&["i1,,,ada,student,UT,078-05-1120"], vec!["ilp.stateIds.csv:2:identifier social_security_number"]),
    ] {
        assert_eq!(load(rows).await.places(), places, "{rows:?}");
    }
    assert_eq!(world.state().await, state);
    // Two that change identifiers with each other do so in one load.
    load(&["i1,,,ada,student,UT,S2", "i2,,,ben,student,UT,S1"]).await;
    assert_eq!(
        world.value("select string_agg(e.value || p.given_name, ' ' order by e.value) from external_identifiers e join people p on p.id = e.target_id where e.system = 'stateStudentId'").await,
        "S1ben S2ada"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_the_supplement_is_named_and_nothing_is_written() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    world.import(district, &Roster::small().zip()).await;
    let state = world.state().await;
    let faulty: &[File<'_>] = &[
        ("ilp.addresses", "bulk", &["a1,,,nobody,home,12 Elm Street,,Granite,,84001,,,", "a1,,,ada,home,12 Elm Street,,Granite,,84001,,,"]),
        ("ilp.telephones", "bulk", &["t1,,,ada,pager,555-0100,,,,"]),
        ("ilp.flags", "bulk", &["f1,,,teacher,iep,,"]),
        ("ilp.attendance", "bulk", &["at1,,,ada,district,summer,90,3,,"]),
        ("ilp.outcomes", "bulk", &["o1,,,mother,school,2026,promoted,,"]),
        ("ilp.postSchoolOutcomes", "bulk", &["p1,,,gone,other,,2026-10-01"]),
    ];
    let refused = world.import(district, &bundle(Some(&Roster::small()), faulty)).await;
    assert_eq!(refused.import.status, ImportStatus::Refused);
    assert_eq!(
        refused.places(),
        [
            "ilp.telephones.csv:2:type bad_enum",
            "ilp.addresses.csv:2:userSourcedId dangling_reference",
            "ilp.addresses.csv:3:sourcedId duplicate",
            "ilp.flags.csv:2:studentSourcedId wrong_reference",
            "ilp.attendance.csv:2:academicSessionSourcedId dangling_reference",
            "ilp.attendance.csv:2:schoolSourcedId wrong_reference",
            "ilp.outcomes.csv:2:studentSourcedId wrong_reference",
            "ilp.postSchoolOutcomes.csv:2:studentSourcedId dangling_reference",
        ]
    );
    assert_eq!(world.state().await, state);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_of_the_supplement_is_held_and_taken_back_like_any_other() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    world.import(district, &Roster::small().zip()).await;
    let before = world.content().await;
    let first = world.import(district, &bundle(Some(&Roster::small()), FACTS)).await;
    let with_facts = world.content().await;
    let changed: &[&str] = &["f1,,,ada,504,,", "f4,,,ben,plp,,"];
    let second = world.import(district, &bundle(Some(&Roster::small()), &facts_with("ilp.flags", "bulk", changed))).await;
    assert_eq!(world.take_back(district, second.import.id).await.import.status, ImportStatus::Applied);
    assert_eq!(world.content().await, with_facts);
    assert_eq!(world.take_back(district, first.import.id).await.import.status, ImportStatus::Applied);
    assert_eq!(world.content().await, before);

    let many: Vec<String> = (0..20).map(|n| format!("f{n},,,ada,ext:f{n},,")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    world.import(district, &bundle(Some(&Roster::small()), &[("ilp.flags", "bulk", &many)])).await;
    let held = world.import(district, &bundle(Some(&Roster::small()), &[("ilp.flags", "bulk", &many[..10])])).await;
    assert_eq!((held.import.status, held.report().hold.as_ref().unwrap().reasons.as_slice()), (ImportStatus::Held, [HoldReason::Shrink].as_slice()));
}

/// Alder, with Anna as ada, Ben as ben, Greta as mother, Bela as counselor and Rita as teacher of the small roster.
pub async fn alder() -> TestApp {
    let app = TestApp::start().await;
    let named = [("ada", 1), ("ben", 2), ("mother", 10), ("counselor", 20), ("teacher", 23)].map(|(id, n)| ("person", id, ids::person(n)));
    let insert = "insert into external_identifiers (district_id, system, kind, value, target_id) values ($1, 'sis', $2, $3, $4)";
    let owner = app.database.owner().await;
    for (kind, id, target) in named.into_iter().chain([("school", "school", ids::school(2))]) {
        owner.execute(insert, &[&ids::ALDER.0, &kind, &id, &target]).await.unwrap();
    }
    app
}

#[tokio::test]
async fn r19_r152_r155_what_the_supplement_says_is_read_by_those_to_whom_its_section_is_open() {
    let app = alder().await;
    let loaded = import(&app.client("sis").await, "", bundle(Some(&Roster::small()), FACTS)).await;
    assert_eq!(loaded["status"], "applied", "{loaded}");
    let file = format!("/v1/ilp-files/{}", ids::file(1));
    let lists = ["student-flags", "attendance-totals", "year-outcomes", "post-school-outcomes"];
    // How many of each somebody reads, and how many addresses and telephones of participants; nothing, where the file is not there for them.
    let seen = async |who: &str| {
        let actor = app.person(who).await;
        let whole = actor.get(&format!("{file}/whole")).await;
        if whole.status == 404 {
            for list in lists {
                actor.get(&format!("{file}/{list}")).await.expect(404);
            }
            return None;
        }
        let whole = whole.expect(200).json();
        let mut counts = vec![];
        for (list, member) in lists.into_iter().zip(["studentFlags", "attendanceTotals", "yearOutcomes", "postSchoolOutcomes"]) {
            let page = actor.get(&format!("{file}/{list}")).await.expect(200).json();
            assert_eq!(page["items"], whole[member], "{who} {list}");
            counts.push(page["items"].as_array().unwrap().len());
        }
        for member in ["addresses", "telephones"] {
            counts.push(whole["participants"].as_array().unwrap().iter().filter_map(|p| p[member].as_array()).map(Vec::len).sum());
        }
        Some(counts)
    };
    for participant in ["anna", "greta", "bela"] {
        assert_eq!(seen(participant).await, Some(vec![2, 1, 1, 1, 2, 2]), "{participant}");
    }
    // An assigned teacher and the career reviewer read records and not contacts; of support programmes the teacher alone.
    assert_eq!(seen("tom").await, Some(vec![2, 1, 1, 1, 0, 0]));
    assert_eq!(seen("cara").await, Some(vec![0, 1, 1, 1, 0, 0]));
    assert_eq!(seen("rita").await, Some(vec![0, 1, 1, 0, 0, 0]), "a class teacher by roster");
    assert_eq!(seen("pam").await, Some(vec![0, 0, 0, 0, 2, 2]));
    assert_eq!(seen("kurt").await, Some(vec![0, 0, 0, 0, 2, 2]));
    assert_eq!(seen("cora").await, Some(vec![0, 0, 0, 0, 0, 0]));
    for stranger in ["gus", "gil", "uma", "past", "ben"] {
        assert_eq!(seen(stranger).await, None, "{stranger}");
    }

    let anna = app.person("anna").await;
    let whole = anna.get(&format!("{file}/whole")).await.expect(200).json();
    let mother = whole["participants"].as_array().unwrap().iter().find(|p| p["personId"] == ids::person(10).to_string()).unwrap();
    assert_eq!(mother["addresses"], json!([{ "kind": "mailing", "street": "PO Box 7", "city": "Granite", "postalCode": "84001" }]));
    assert_eq!(
        mother["telephones"],
        json!([{ "kind": "mobile", "number": "+1 801 555 0100", "firstChoice": true },
               { "kind": "work", "number": "+1 801 555 0101", "extension": "22", "firstChoice": false }])
    );
    let total = &whole["attendanceTotals"][0];
    assert_eq!(
        (&total["sessionTitle"], &total["schoolYear"], &total["daysEnrolled"], &total["daysAbsent"], &total["timesTardy"]),
        (&json!("fall"), &json!(2027), &json!(90.0), &json!(3.5), &json!(4))
    );
    let flag = format!("/v1/student-flags/{}", whole["studentFlags"][0]["id"].as_str().unwrap());
    assert_eq!(anna.get(&flag).await.expect(200).json()["flag"], "iep");
    app.person("cara").await.get(&flag).await.expect(404);

    // What ends leaves the whole file, and stays in its list with its history.
    let sis = app.client("sis").await;
    let fewer =
        import(&sis, "", bundle(Some(&Roster::small()), &facts_with("ilp.flags", "bulk", &["f2,,,ada,ext:gifted,,", "f3,,,ben,ell,,"]))).await;
    assert_eq!(fewer["status"], "applied");
    let whole = anna.get(&format!("{file}/whole")).await.expect(200).json();
    assert_eq!((whole["studentFlags"].as_array().unwrap().len(), &whole["studentFlags"][0]["flag"]), (1, &json!("ext:gifted")));
    let listed = anna.get(&format!("{file}/student-flags")).await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().iter().map(|f| f["active"].as_bool().unwrap()).collect::<Vec<_>>(), [false, true]);
    let history = anna.get(&format!("{flag}/history")).await.expect(200).json();
    let versions: Vec<_> =
        history["items"].as_array().unwrap().iter().map(|entry| (entry["version"].as_i64().unwrap(), entry["operation"].as_str().unwrap())).collect();
    assert_eq!(versions, [(1, "created"), (2, "amended")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn single_rows_of_the_supplement_come_between_loads_and_end_nothing_else() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let with_sds: Vec<File<'_>> = FACTS.iter().copied().chain([("userFlags", "bulk", &["ada,504"][..])]).collect();
    world.import(district, &bundle(Some(&Roster::small()), &with_sds)).await;
    let sent = |rows: &[Value]| rows.iter().map(|row| format!("{row}\n")).collect::<String>();
    let rows = sent(&[
        json!({ "file": "ilp.flags", "sourcedId": "f1", "studentSourcedId": "ada", "flag": "plp" }),
        json!({ "file": "ilp.flags", "sourcedId": "f9", "studentSourcedId": "ben", "flag": "iep" }),
        json!({ "file": "ilp.stateIds", "sourcedId": "i1", "status": "tobedeleted" }),
        json!({ "file": "ilp.flags", "sourcedId": "f8", "studentSourcedId": "mother", "flag": "iep" }),
    ]);
    let answer = super::upsert::send(&world, district, &rows, false).await;
    assert_eq!(super::upsert::counts(&answer), [1, 1, 1, 0, 1], "{answer:#?}");
    let flags = "f1/plp/in force f2/ext:gifted/in force f3/ell/in force f9/iep/in force sds:ada:504/504/in force";
    assert_eq!(world.value(FLAGS).await, flags);
    assert_eq!(world.value(STATE_IDS).await, "stateStaffId/C-9/counselor stateStudentId/7000001/ada stateStudentId/S2/ben", "the last one stays");
    // A user who goes takes along what is said of them, and nothing else.
    let gone = sent(&[json!({ "file": "users", "sourcedId": "ben", "status": "tobedeleted" })]);
    super::upsert::send(&world, district, &gone, false).await;
    assert_eq!(world.value(FLAGS).await, flags.replace("f3/ell/in force f9/iep/in force", "f3/ell/ended f9/iep/ended"));
    assert_eq!(world.value("select count(*) from addresses where active").await, "2");
}
