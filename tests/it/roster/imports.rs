//! What an import does to a small roster, and what it leaves alone.

use openilp_api::oneroster::rows::{SessionType, UserId};
use openilp_domain::roster::{Counts, HoldReason, ImportStatus};

use super::bundles::{Roster, day, id, session};
use super::world::{World, now};

fn same(n: i64) -> Counts {
    Counts { unchanged: n, ..Counts::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_r15_r40_a_roster_becomes_people_files_and_registrations_and_grants_nothing() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let empty = world.state().await;

    // A dry run counts and changes nothing.
    let dry = world.dry_run(district, &Roster::small().zip()).await;
    assert_eq!(dry.import.status, ImportStatus::Compared);
    assert_eq!(world.state().await, empty);

    let first = world.import(district, &Roster::small().zip()).await;
    assert_eq!((first.import.status, first.import.stage_done, first.import.stage_total), (ImportStatus::Applied, 1, Some(1)));
    assert_eq!(first.report(), dry.report());
    let report = first.report();
    assert_eq!(report.school_year, 2027);
    assert_eq!(
        report.files.iter().map(|f| (f.file.as_str(), f.rows, f.counts.created, f.not_stored)).collect::<Vec<_>>(),
        [
            ("orgs.csv", 2, 1, 1),
            ("academicSessions.csv", 3, 3, 0),
            ("courses.csv", 1, 1, 0),
            ("classes.csv", 2, 2, 0),
            ("users.csv", 5, 5, 0),
            ("roles.csv", 5, 5, 0),
            ("demographics.csv", 1, 1, 0),
            ("enrollments.csv", 5, 5, 0),
        ]
    );
    assert_eq!(report.files[4].created_examples, ["ada", "ben", "counselor", "mother", "teacher"]);
    assert_eq!((report.files_to_open, report.divisions_to_open, report.registrations_to_copy), (1, 1, 3));
    assert_eq!((report.guardian_links_to_propose, report.gatekeepers_to_propose, report.students.created), (2, 1, 2));

    // Nothing is confirmed: the roster only proposes.
    assert_eq!(world.value("select count(*) from guardian_links where confirmed_at is null and rights = 'full' and source = 'sis'").await, "2");
    assert_eq!(world.value("select count(*) from assignments where confirmed_at is null and kind = 'gatekeeper'").await, "1");
    let copied =
        "select string_agg(concat_ws('/', term_title, class_title, class_code, teachers), ' ' order by term_title, class_title) from registrations";
    assert_eq!(
        world.value(copied).await,
        concat!(
            r#"fall/algebra-1/A-1/[{"givenName": "teacher", "telephone": "555-0100", "familyName": "Test"}] "#,
            r#"fall/homeroom/A-1/[{"givenName": "counselor", "telephone": null, "familyName": "Test"}] "#,
            r#"spring/homeroom/A-1/[{"givenName": "counselor", "telephone": null, "familyName": "Test"}]"#,
        )
    );
    let ids =
        "select string_agg(concat_ws('=', system, value), ' ' order by system, value) from external_identifiers where kind in ('person', 'district')
               and (system <> 'sis' or value in ('ada', 'district'))";
    assert_eq!(world.value(ids).await, "localStudentId=1 localStudentId=2 sis=ada sis=district stateStudentId=S1 stateStudentId=S2");
    assert_eq!(world.value("select concat_ws('/', grade, birth_date, active) from students where grade = '09'").await, "09/2012-03-04/t");

    // The journal has a row for each record, numbered without a gap; all of them name the import.
    let journal =
        "select string_agg(kind || n, ' ' order by kind) from (select kind, count(*) n from changes where position is not null group by kind) c";
    assert_eq!(
        world.value(journal).await,
        concat!(
            "academicSession3 assignment1 class2 course1 division1 enrollment5 guardianLink2 ilpFile1 person5 plan1 registration3 role5 ",
            "rosterImport3 school1 student2",
        )
    );
    assert_eq!(
        world
            .value("select concat_ws('/', count(*), min(position), max(position), (select head from feeds)) from changes where position is not null")
            .await,
        "36/1/36/36"
    );
    assert_eq!(world.value("select count(*) from changes where import_id is null and kind <> 'rosterImport'").await, "0");
    assert_eq!(world.value("select count(*) from changes where student_id is null and section is not null").await, "0");

    // The same again, in any order, changes nothing.
    let state = world.state().await;
    for bundle in [Roster::small().zip(), Roster::small().reordered().zip()] {
        let again = world.import(district, &bundle).await;
        assert!(again.report().is_empty(), "{:?}", again.report());
        assert_eq!(again.report().files[4].counts, same(5));
        assert_eq!(world.state().await, state);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_amend_and_absence_ends_and_deletes_nothing() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    world.import(district, &Roster::small().zip()).await;
    let mut roster = Roster::small();
    roster.user("teacher").phone = Some("555-0199".into());
    roster.user("ada").user_ids = vec![UserId { kind: "stateid".into(), identifier: "S9".into() }];
    roster.user("ben").grades = vec!["06".into()];
    roster.demographics.clear();
    roster.classes[1].term_sourced_ids.push(id("spring"));
    roster.enrollments.retain(|e| e.sourced_id != id("ada-homeroom"));
    let ended = world.import(district, &roster.zip()).await;
    let report = ended.report();
    let amended: Vec<_> = report.files.iter().filter(|f| f.counts.amended + f.counts.ended > 0).map(|f| (f.file.as_str(), f.counts)).collect();
    assert_eq!(
        amended,
        [
            ("classes.csv", Counts { amended: 1, unchanged: 1, ..Counts::default() }),
            ("users.csv", Counts { amended: 3, unchanged: 2, ..Counts::default() }),
            ("enrollments.csv", Counts { unchanged: 4, ended: 1, ..Counts::default() }),
        ]
    );
    assert_eq!(report.students, Counts { amended: 2, ..Counts::default() });
    // One has another teacher's telephone; two are of the enrollment that ended.
    assert_eq!((report.files_to_open, report.registrations_to_copy, report.registrations_to_refresh), (1, 3, 3));
    assert_eq!(world.value("select string_agg(value, ' ' order by value) from external_identifiers where system = 'stateStudentId'").await, "S2 S9");
    assert_eq!(world.value("select birth_date from students where grade = '09'").await, "2012-03-04", "not forgotten");
    assert_eq!(
        world.value("select concat_ws('/', active, ends_on, version) from enrollments where sourced_id = 'ada-homeroom'").await,
        "f/2026-11-02/2"
    );
    let withdrawn =
        "select string_agg(concat_ws(' ', term_title, withdrawn_on), ', ' order by term_title) from registrations where sourced_id = 'ada-homeroom'";
    assert_eq!(world.value(withdrawn).await, "fall 2026-11-02, spring 2026-11-02");
    assert_eq!(world.value("select version from registrations where class_title = 'algebra-1' and term_title = 'fall'").await, "2");
    assert_eq!(world.value("select count(*) from class_terms").await, "4");
    let versions = "select count(*) from changes c where kind = 'student' and operation = 'amended' and version = 2";
    assert_eq!(world.value(versions).await, "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn r13_r17_a_division_of_a_past_year_is_not_rewritten() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let mut last_year = Roster::small();
    last_year.sessions = vec![
        session("year", SessionType::SchoolYear, "2025-08-15", "2026-06-10", None, 2026),
        session("fall", SessionType::Term, "2025-08-15", "2025-12-20", Some("year"), 2026),
        session("spring", SessionType::Term, "2026-01-05", "2026-06-10", Some("year"), 2026),
    ];
    for enrollment in &mut last_year.enrollments {
        enrollment.begin_date = Some(day("2025-08-15"));
    }
    world.set_clock("2026-07-01T15:00:00Z");
    // No session has today in it: the latest year is the present one.
    assert_eq!(world.import(district, &last_year.zip()).await.report().school_year, 2026);
    let past =
        "select md5(string_agg(r::text, ';' order by r.id)) from registrations r join divisions d on d.id = r.division_id and d.school_year = 2026";
    let before = world.value(past).await;

    world.set_clock("2026-11-02T15:00:00Z");
    // The same ids of terms and enrollments, a year on, with another teacher.
    let mut roster = Roster::small();
    roster.user("teacher").given_name = "Somebody".into();
    let report = world.import(district, &roster.zip()).await;
    assert_eq!((report.report().school_year, report.report().registrations_to_copy, report.report().registrations_to_refresh), (2027, 3, 0));
    assert_eq!(world.value(past).await, before);
    assert_eq!(world.value("select count(*) from registrations").await, "6");

    // The old bundle again is held; and if a person lets it go on, it does not turn the year back.
    let held = world.import(district, &last_year.zip()).await;
    assert_eq!(held.import.status, ImportStatus::Held);
    assert_eq!(held.report().hold.as_ref().unwrap().reasons, [HoldReason::EarlierSchoolYear]);
    assert_eq!(world.release(district, &held).await.import.status, ImportStatus::Applied);
    assert_eq!(world.value(past).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_is_named_by_file_row_and_column_and_nothing_is_written() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let before = world.state().await;
    let mut roster = Roster::small();
    roster.users.push(roster.users[0].clone());
    roster.user("ben").identifier = Some("1".into());
    roster.user("ben").agent_sourced_ids.push(id("nobody"));
    roster.classes[0].school_sourced_id = id("district");
    roster.classes[1].term_sourced_ids.push(id("summer"));
    roster.enrollments[3].user_sourced_id = id("gone");
    let ended = world.import(district, &roster.zip()).await;
    assert_eq!(ended.import.status, ImportStatus::Refused);
    assert_eq!(ended.import.report, None);
    assert_eq!(
        ended.places(),
        [
            "classes.csv:2:schoolSourcedId wrong_reference",
            "classes.csv:3:termSourcedIds dangling_reference",
            "users.csv:3:agentSourcedIds dangling_reference",
            "users.csv:3:identifier duplicate_identifier",
            "users.csv:7:identifier duplicate_identifier",
            "users.csv:7:sourcedId duplicate",
            "users.csv:7:userIds duplicate_identifier",
            "enrollments.csv:5:userSourcedId dangling_reference",
        ]
    );
    assert_eq!(ended.import.fault_count, 8);
    assert!(!ended.faults.iter().any(|fault| fault.detail.contains("ada") || fault.detail.contains("nobody")));

    // What the parser finds stands first. A row it does not hand over is there all the same.
    let mut roster = Roster::small();
    roster.user("teacher").given_name = " ".into();
    roster.enrollments[0].class_sourced_id = id("gone");
    let ended = world.import(district, &roster.zip()).await;
    assert_eq!(ended.places(), ["users.csv:6:givenName required_blank", "enrollments.csv:2:classSourcedId dangling_reference"]);

    let ended = world.import(district, b"no zip").await;
    assert_eq!(ended.places(), ["bundle:0: zip_not_a_zip"]);
    assert_eq!(world.state().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_import_of_a_district_runs_at_a_time_and_waiting_ones_are_taken_up() {
    let world = World::start().await;
    let (one, other) = (world.district("us-ri-ride").await, world.district("us-ut-ega").await);
    for district in [one, one, other] {
        world.hand_in(district, &Roster::small().zip(), false).await;
    }
    let reader = openilp_api::roster_import::READER;
    let runner =
        || async { openilp_persistence::roster::run_waiting(&world.db, world.connector(), &world.folder, now, reader, |_, _, _| {}).await.unwrap() };
    let (a, b) = tokio::join!(runner(), runner());
    let mut ended = a + b;
    for _ in 0..3 {
        ended += runner().await;
    }
    assert_eq!(ended, 3);
    assert_eq!(world.value("select count(*) from roster_imports where status = 'applied'").await, "3");
    assert_eq!(world.value("select count(*) from people").await, "10");
    assert_eq!(world.value("select count(*) from ilp_files").await, "2", "ada's, in either district");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grade_or_an_identifier_alone_is_a_change_of_the_user() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let mut roster = Roster::small();
    world.import(district, &roster.zip()).await;
    roster.user("ben").grades = vec!["06".into()];
    roster.user("ada").identifier = Some("11".into());
    let loaded = world.import(district, &roster.zip()).await;
    let users = loaded.report().files.iter().find(|file| file.file == "users.csv").unwrap();
    assert_eq!(users.counts, Counts { amended: 2, unchanged: 3, ..Counts::default() });
    assert_eq!(users.amended_examples, ["ada", "ben"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tolerant_load_that_is_refused_shows_what_was_mended() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let mut roster = Roster::small();
    roster.user("ada").agent_sourced_ids = vec![id("nobody")];
    // A column in other capitals.
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(roster.zip())).unwrap();
    let mut mended = zip::ZipWriter::new(std::io::Cursor::new(vec![]));
    for n in 0..zip.len() {
        let mut entry = zip.by_index(n).unwrap();
        let mut bytes = vec![];
        std::io::Read::read_to_end(&mut entry, &mut bytes).unwrap();
        let name = entry.name().unwrap().into_owned();
        if name == "orgs.csv" {
            bytes = String::from_utf8(bytes).unwrap().replacen("sourcedId", "SOURCEDID", 1).into_bytes();
        }
        mended.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut mended, &bytes).unwrap();
    }
    let refused = world.import_tolerantly(district, &mended.finish().unwrap().into_inner()).await;
    assert_eq!(refused.import.status, ImportStatus::Refused);
    assert_eq!(refused.places(), ["users.csv:2:agentSourcedIds dangling_reference"]);
    let repairs = &refused.import.report.as_ref().unwrap().repairs;
    assert!(repairs.iter().any(|repair| repair.code == "header_case" && repair.file == "orgs.csv"), "{repairs:?}");
    // Strictly read, nothing is mended.
    assert_eq!(world.import(district, &roster.zip()).await.import.report, None);
}
