//! Exports: what is known of a source goes out as a bundle, and coming back it changes nothing.

use std::io::{Cursor, Read};

use chrono::{Days, NaiveDate};
use openilp_api::oneroster::rows::{LineItemRow, ResultRow};
use openilp_api::synthetic::{Options, write_bundle};
use openilp_domain::id::DistrictId;
use openilp_domain::roster::{ImportStatus, LoadMode};
use openilp_tests::{Actor, TestApp, ids};
use reqwest::Method;
use serde_json::Value;

use super::bundles::{Roster, id, line_item, result};
use super::samples::{samples, zipped};
use super::supplement::{FACTS, bundle};
use super::world::World;
use super::year::{Random, beginning, live};
use crate::roster_import::import;

/// The bundle of a made-up district, with a gradebook.
fn made_up(students: usize, seed: u64) -> Vec<u8> {
    let mut zip = Cursor::new(Vec::new());
    let options = Options { students, seed, school_year: 2027, marks_on: NaiveDate::from_ymd_opt(2026, 10, 15), ..Options::default() };
    write_bundle(&mut zip, &options, &mut |_| {}).unwrap();
    zip.into_inner()
}

/// The files of a bundle, by name.
pub fn files(zip: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let read = |n: usize| {
        let mut entry = archive.by_index(n).unwrap();
        let mut bytes = vec![];
        entry.read_to_end(&mut bytes).unwrap();
        (entry.name().unwrap().into_owned(), bytes)
    };
    (0..zip::ZipArchive::new(Cursor::new(zip)).unwrap().len()).map(read).collect()
}

pub(super) fn text(zip: &[u8], name: &str) -> String {
    let found = files(zip).into_iter().find(|(file, _)| file == name).unwrap_or_else(|| panic!("there is no {name}"));
    String::from_utf8(found.1).unwrap()
}

/// What the tables hold, but for ids of ours, versions and times.
async fn facts(world: &World, district: DistrictId) -> String {
    let tables = [
        "schools", "academic_sessions", "courses", "classes", "people", "students", "roles", "enrollments", "guardian_links", "ilp_files",
        "divisions", "registrations", "addresses", "telephones", "student_flags", "state_identifiers", "attendance_totals", "year_outcomes",
        "post_school_outcomes", "categories", "line_items", "report_cards", "external_identifiers",
    ];
    let mut all = String::new();
    for table in tables {
        let kept = "(select jsonb_object_agg(key, value) from jsonb_each(to_jsonb(t))
                      where key not in ('version', 'created_at', 'updated_at', 'id') and (key like '%sourced_id' or key not like '%\\_id'))";
        let rows =
            format!("select string_agg('{table} ' || {kept}::text, E'\\n' order by {kept}::text) from {table} t where district_id = '{district}'");
        all.push_str(&world.value(&rows).await);
        all.push('\n');
    }
    all
}

/// That an export is an empty difference, that importing it changes nothing, and that another district that imports it holds the same.
pub(super) async fn comes_back(world: &World, district: DistrictId, profile: &str) -> Vec<u8> {
    let zip = world.export(district).await;
    let before = world.content().await;
    let checked = world.dry_run(district, &zip).await;
    assert!(checked.report().is_empty(), "{:#?}", checked.report());
    let again = world.import(district, &zip).await;
    assert_eq!(again.import.status, ImportStatus::Applied, "{:?}", again.faults);
    assert_eq!(world.content().await, before);
    assert!(world.export(district).await == zip, "the same again");
    let other = world.district(profile).await;
    world
        .sql(&format!(
            "update districts o set report_card_categories = d.report_card_categories from districts d where o.id = '{other}' and d.id = '{district}'"
        ))
        .await;
    let first = world.import(other, &zip).await;
    assert_eq!(first.import.status, ImportStatus::Applied, "{:?}", first.faults);
    assert!(world.export(other).await == zip, "nothing is lost on the way");
    no_formula(&zip);
    zip
}

/// What begins a formula in a spreadsheet, or has one begin behind it.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}'];

pub(super) fn no_formula(zip: &[u8]) {
    for (name, bytes) in files(zip) {
        for record in csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes.as_slice()).into_records() {
            for cell in &record.unwrap() {
                let number = cell.parse::<f64>().is_ok();
                assert!(number || !cell.starts_with(FORMULA), "{name}: {cell:?}");
            }
        }
    }
}

async fn exported(actor: &Actor<'_>, source: &str) -> Vec<u8> {
    let answer = actor.get(&format!("/v1/roster-export?source={source}")).await.expect(200);
    assert_eq!(answer.header("content-type"), "application/zip");
    assert_eq!(answer.header("content-disposition"), format!("attachment; filename=\"roster-{source}.zip\""));
    answer.bytes
}

/// What a check says of a bundle: all that it would change.
async fn differences(sis: &Actor<'_>, source: &str, zip: Vec<u8>) -> Vec<String> {
    let headers = [("content-type", "application/zip")];
    let answer = sis.send(Method::POST, &format!("/v1/roster-checks?source={source}"), &headers, Some(zip)).await.expect(200).json();
    assert_eq!(answer["sound"], true, "{answer}");
    let told = answer["report"]["files"].as_array().unwrap().iter().chain([&answer["report"]["students"]]);
    told.filter(|counts| ["created", "amended", "ended"].iter().any(|word| counts[word] != 0)).map(Value::to_string).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_r40_a_made_up_district_goes_out_and_comes_back_without_a_difference() {
    let app = TestApp::start().await;
    let (sis, custodian) = (app.client("birch-sis").await, app.person_of(ids::BIRCH, "zeno").await);
    for (students, seed) in [(20, 1), (90, 7), (400, 11)] {
        let source = format!("made-up-{students}");
        let loaded = import(&sis, &format!("?source={source}"), made_up(students, seed)).await;
        assert_eq!(loaded["status"], "applied", "{loaded}");
        let zip = exported(&custodian, &source).await;
        assert_eq!(differences(&sis, &source, zip.clone()).await, Vec::<String>::new());
        let again = import(&sis, &format!("?source={source}"), zip.clone()).await;
        assert_eq!(again["status"], "applied", "{again}");
        assert!(exported(&sis, &source).await == zip, "the same again, for the system that handed it in too");
        no_formula(&zip);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_another_district_that_imports_an_export_holds_the_same_facts() {
    let world = World::start().await;
    let district = world.district("us-ut-ega").await;
    world.sql(r#"update districts set report_card_categories = '[{"category": "Quarter grade"}]'"#).await;
    assert_eq!(world.import(district, &made_up(120, 3)).await.import.status, ImportStatus::Applied);
    assert_ne!(world.value("select count(*) from report_cards").await, "0");
    let zip = comes_back(&world, district, "us-ut-ega").await;
    let other = world.value("select max(id::text) from districts").await;
    let (left, right) = (facts(&world, district).await, facts(&world, other.parse::<uuid::Uuid>().unwrap().into()).await);
    let missing: Vec<_> = left.lines().filter(|line| !right.contains(line)).take(5).collect();
    assert!(left == right, "{missing:#?}");
    let manifest = text(&zip, "manifest.csv");
    for line in ["file.users,bulk", "file.lineItems,bulk", "file.scoreScales,absent", "file.userProfiles,absent", "ilp.cellGuard,apostrophe"] {
        assert!(manifest.contains(&format!("{line}\r\n")), "{line}: {manifest}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r40_after_nights_with_moves_and_departures_an_export_is_an_empty_difference() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let mut random = Random(40);
    let mut truth = beginning(&mut random);
    let mut today = NaiveDate::from_ymd_opt(2026, 9, 8).unwrap();
    for night in 0..24 {
        world.set_clock(&format!("{today}T08:00:00Z"));
        let ended = world.import(district, &truth.roster().zip()).await;
        assert_eq!(ended.import.status, ImportStatus::Applied, "night {night}");
        if night % 8 == 7 {
            let zip = world.export(district).await;
            let checked = world.dry_run(district, &zip).await;
            assert!(checked.report().is_empty(), "night {night}: {:#?}", checked.report());
        }
        (0..3).for_each(|_| live(&mut truth, &mut random));
        today = today + Days::new(2);
    }
    world.set_clock(&format!("{}T08:00:00Z", today - Days::new(2)));
    comes_back(&world, district, "us-ri-ride").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r152_r155_the_supplement_goes_out_and_comes_back() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let more = [
        ("userFlags", "bulk", ["ada,iep", "ben,504"].as_slice()),
        ("ilp.caseloads", "bulk", ["c1,,,counselor,school,\"09,10\",A,M,,"].as_slice()),
        ("ilp.assignments", "bulk", ["s1,,,counselor,ada,gatekeeper,,"].as_slice()),
        ("relationships", "bulk", ["ben,counselor,mentor"].as_slice()),
        ("ilp.guardians", "bulk", ["g1,,,ada,mother,mother,none,courtOrder,Order 17,2026-09-01,"].as_slice()),
    ];
    let facts: Vec<_> = FACTS.iter().copied().chain(more).collect();
    let loaded = world.import(district, &bundle(Some(&Roster::graded()), &facts)).await;
    assert_eq!(loaded.import.status, ImportStatus::Applied, "{:?}", loaded.faults);
    let zip = comes_back(&world, district, "us-ri-ride").await;
    for (file, rows) in [
        ("ilp.addresses.csv", "a1,,,ada,home,12 Elm Street,Apt 4,Granite,UT,84001,US,2024-08-01,\r\n"),
        ("ilp.telephones.csv", "t1,,,mother,mobile,'+1 801 555 0100,,true,,\r\n"),
        ("ilp.attendance.csv", "at1,,,ada,school,fall,90,3.5,1,4\r\nat2,,,ben,school,fall,90,0,,\r\n"),
        ("ilp.guardians.csv", "g1,,,ada,mother,mother,none,courtOrder,Order 17,2026-09-01,\r\n"),
        ("ilp.caseloads.csv", "c1,,,counselor,school,\"09,10\",A,M,,\r\n"),
        ("ilp.assignments.csv", "s1,,,counselor,ada,gatekeeper,,\r\n"),
        ("relationships.csv", "ben,counselor,mentor\r\n"),
        ("userFlags.csv", "userSourcedId,flag\r\nada,iep\r\nben,504\r\n"),
        ("lineItems.csv", "fall-mark,,,fall-mark,,2026-08-15,2026-12-20,algebra-1,marks,fall,0,100,school\r\n"),
        ("users.csv", "ada,,,true,ada,{stateStudentId:7000001},"),
    ] {
        assert!(text(&zip, file).contains(rows), "{file}: {}", text(&zip, file));
    }
    assert!(text(&zip, "scoreScales.csv").contains(",Letters,marks,school,algebra,algebra-1,{B:80}\r\n"), "{}", text(&zip, "scoreScales.csv"));
}

#[tokio::test(flavor = "multi_thread")]
async fn r18_the_marks_of_report_cards_that_stand_go_out_and_come_back() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    world.sql(r#"update districts set report_card_categories = '[{"category": "Report Card"}]'"#).await;
    let mut roster = Roster::graded();
    roster.line_items.push(line_item("fall-2", "marks", "fall"));
    roster.results.push(ResultRow { late: Some(true), comment: Some("Came late,\nand \"caught up\".".into()), ..result("ada", "fall-2", None) });
    assert_eq!(world.import(district, &roster.zip()).await.import.status, ImportStatus::Applied);
    let zip = comes_back(&world, district, "us-ri-ride").await;
    let expected = "ada-fall-2,,,fall-2,ada,exempt,,2026-10-30,\"Came late,\nand \"\"caught up\"\".\",,algebra-1,,,true,\r\n\
                    ada-fall-mark,,,fall-mark,ada,fully graded,83.70,2026-10-30,,B,algebra-1,,,,\r\n";
    assert!(text(&zip, "results.csv").ends_with(&format!("\r\n{expected}")), "{}", text(&zip, "results.csv"));
    assert!(text(&zip, "manifest.csv").contains("file.results,bulk\r\n"));

    // A corrected copy goes out alone, and what the source has taken away does not.
    roster.result("ada-fall-mark").score = Some("85".parse().unwrap());
    roster.results.retain(|result| result.sourced_id != id("ada-fall-2"));
    world.set_clock("2026-11-03T15:00:00Z");
    assert_eq!(world.import(district, &roster.zip()).await.import.status, ImportStatus::Applied);
    let zip = world.export(district).await;
    let results = text(&zip, "results.csv");
    assert!(
        results.contains("ada-fall-mark,,,fall-mark,ada,fully graded,85,") && !results.contains("83.70") && !results.contains("fall-2"),
        "{results}"
    );
    let checked = world.dry_run(district, &zip).await;
    assert!(checked.report().is_empty(), "{:#?}", checked.report());
}

#[tokio::test(flavor = "multi_thread")]
async fn r18_a_mark_that_does_not_keep_its_line_item_is_not_taken_away_by_an_export_that_comes_back() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    world.sql(r#"update districts set report_card_categories = '[{"category": "Report Card"}]'"#).await;
    let mut roster = Roster::graded();
    roster.line_items.push(line_item("fall-2", "marks", "fall"));
    roster.results.push(result("ada", "fall-2", Some("90")));
    assert_eq!(world.import(district, &roster.zip()).await.import.status, ImportStatus::Applied);
    world.sql("update report_cards set line_item_sourced_id = null where sourced_id = 'ada-fall-2'").await;
    let zip = world.export(district).await;
    assert!(text(&zip, "manifest.csv").contains("file.results,delta\r\n"));
    let results = text(&zip, "results.csv");
    assert!(results.contains("ada-fall-mark,active,2026-11-02T15:00:00.000Z,fall-mark,ada,") && !results.contains("fall-2"), "{results}");
    let before = world.content().await;
    let back = world.import(district, &zip).await;
    assert!(back.report().is_empty(), "{:#?}", back.report());
    assert_eq!(world.content().await, before);
    // With none that it can name, there is no such file.
    world.sql("update report_cards set line_item_sourced_id = null").await;
    let zip = world.export(district).await;
    assert!(text(&zip, "manifest.csv").contains("file.results,absent\r\n"));
    assert!(world.import(district, &zip).await.report().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_told_in_a_bundle_ends_nothing_when_the_rest_comes_back() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let mut roster = Roster::graded();
    roster.line_items.push(LineItemRow { class_sourced_id: id("homeroom"), ..line_item("homeroom-mark", "marks", "fall") });
    assert_eq!(world.import(district, &roster.zip()).await.import.status, ImportStatus::Applied);
    // A later bundle has no gradebook, and the class of a line item is gone.
    let mut later = Roster::small();
    later.classes.retain(|class| class.sourced_id != id("homeroom"));
    later.enrollments.retain(|enrollment| enrollment.class_sourced_id != id("homeroom"));
    assert_eq!(world.import(district, &later.zip()).await.import.status, ImportStatus::Applied);
    assert_eq!(world.value("select count(*) from line_items where active").await, "3");
    let zip = world.export(district).await;
    assert!(text(&zip, "manifest.csv").contains("file.lineItems,delta\r\n"));
    assert!(
        text(&zip, "lineItems.csv").contains("fall-mark,active,2026-11-02T15:00:00.000Z,fall-mark,,2026-08-15,"),
        "{}",
        text(&zip, "lineItems.csv")
    );
    let back = world.import(district, &zip).await;
    assert_eq!((back.import.status, back.import.mode), (ImportStatus::Applied, Some(LoadMode::Mixed)), "{:?}", back.faults);
    assert!(back.report().is_empty(), "{:#?}", back.report());
    assert_eq!(world.value("select count(*) from line_items where active").await, "3");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_without_a_district_gets_an_org_above_its_schools() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let mut roster = Roster::small();
    roster.orgs.remove(0);
    roster.orgs[0].parent_sourced_id = None;
    roster.courses[0].org_sourced_id = id("school");
    assert_eq!(world.import(district, &roster.zip()).await.import.status, ImportStatus::Applied);
    let zip = world.export(district).await;
    assert!(text(&zip, "orgs.csv").contains(&format!("{district},,,Test,local,,\r\n")), "{}", text(&zip, "orgs.csv"));
    let back = world.import(district, &zip).await;
    assert!(back.report().is_empty(), "{:#?}", back.report());
    assert!(world.export(district).await == zip);
}

#[tokio::test]
async fn l22_whoever_has_a_roster_is_on_record_for_every_student_in_it() {
    let app = TestApp::start().await;
    let sis = app.client("birch-sis").await;
    assert_eq!(import(&sis, "?source=other", Roster::small().zip()).await["status"], "applied");
    let custodian = app.person_of(ids::BIRCH, "zeno").await;
    exported(&custodian, "other").await;
    let owner = app.database.owner().await;
    let row = owner
        .query_one(
            "select r.person_id, r.relation, r.sections, r.row_count, (select count(*) from access_record_students s where s.access_record_id = r.id)
               from access_records r where r.operation = 'export_roster'",
            &[],
        )
        .await
        .unwrap();
    assert_eq!((row.get::<_, uuid::Uuid>(0), row.get::<_, &str>(1), row.get::<_, &str>(2)), (ids::person(53), "custodian", "S1a,S1b,S3,S5,S9,S14"));
    assert!(row.get::<_, i32>(3) > 15, "{}", row.get::<_, i32>(3));
    assert_eq!(row.get::<_, i64>(4), 2);
}

#[tokio::test]
async fn a_source_that_is_not_ones_own_or_not_there_is_not_found() {
    let app = TestApp::start().await;
    let sis = app.client("birch-sis").await;
    assert_eq!(import(&sis, "?source=other", Roster::small().zip()).await["status"], "applied");
    let at = |source: &str| format!("/v1/roster-export?source={source}");
    let (zeno, kurt) = (app.person_of(ids::BIRCH, "zeno").await, app.person("kurt").await);
    zeno.get(&at("nobody")).await.expect(404);
    zeno.get("/v1/roster-export").await.expect(404);
    kurt.get(&at("other")).await.expect(404);
    app.client("sis").await.get(&at("other")).await.expect(404);
    sis.get(&at("other")).await.expect(200);
    // Another has handed it in, for all that the client did.
    let owner = app.database.owner().await;
    owner.execute("update roster_imports set client_id = null", &[]).await.unwrap();
    sis.get(&at("other")).await.expect(404);
    for name in ["zoe", "zack", "zita"] {
        app.person_of(ids::BIRCH, name).await.get(&at("other")).await.expect(403);
    }
    zeno.get(&at("no such name")).await.expect(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_districts_go_out_and_come_back() {
    let Some(samples) = samples() else { return };
    let small = zipped(&samples.join("generated-district-small-v1p2"));
    let large = std::fs::read(samples.join("generated-district-large-v1p2.zip")).unwrap();
    for bundle in [&small, &large] {
        let world = World::start().await;
        let district = world.district("us-ri-ride").await;
        world.sql(r#"update districts set report_card_categories = '[{"category": "Quarter grade"}]'"#).await;
        assert_eq!(world.import(district, bundle).await.import.status, ImportStatus::Applied);
        comes_back(&world, district, "us-ri-ride").await;
    }
}
