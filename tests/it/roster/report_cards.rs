//! Report cards: which results are copied, what becomes of a copy, and who reads it.

use std::fs::File;
use std::io;

use openilp_api::oneroster::rows::ScoreStatus;
use openilp_domain::id::DistrictId;
use openilp_domain::roster::{Counts, ImportStatus, ReadingMode};
use openilp_persistence::roster::{self, FileDigest, Parse, Parsed, Reader, RosterFile, Rows, Staged};
use openilp_tests::{TestApp, ids};
use serde_json::json;

use super::bundles::{Roster, day, id, result};
use super::world::{Ended, World};
use crate::roster_import::import;

/// A district that has named the category.
async fn named(world: &World) -> DistrictId {
    let district = world.district("us-ri-ride").await;
    world.sql(r#"update districts set report_card_categories = '[{"source": "sis", "category": "report card"}]'"#).await;
    district
}

/// The copies, one a line, as they stand.
async fn copies(world: &World) -> String {
    let line = "concat_ws(' ', sourced_id, copy_number, score_status, score, score_text, comment, flags, 'corrects ' || (corrects_id is not null),
                'corrected ' || (corrected_by_id is not null), withdrawn_on)";
    world.value(&format!("select string_agg({line}, E'\n' order by sourced_id, copy_number) from report_cards")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn r18_no_result_is_copied_until_the_district_names_a_category_and_the_report_says_how_many_are_left_out() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let ended = world.import(district, &Roster::graded().zip()).await;
    let report = ended.report();
    assert_eq!((report.report_cards_to_copy, report.results_in_no_named_category), (0, 3));
    let files: Vec<_> = report.files.iter().skip(8).map(|f| (f.file.as_str(), f.rows, f.counts.created, f.not_stored)).collect();
    assert_eq!(files, [("categories.csv", 2, 2, 0), ("lineItems.csv", 2, 2, 0), ("results.csv", 3, 0, 3)]);
    assert_eq!(report.not_kept, []);
    assert_eq!(world.value("select count(*) from report_cards").await, "0");

    // The same bundle is looked at again once the district has changed what it names. Ben has no file.
    world.sql(r#"update districts set report_card_categories = '[{"category": "marks"}]', version = version + 1"#).await;
    world.sql("insert into changes (district_id, id, at, kind, resource_id, version, operation) select id, app_uuid7(), now(), 'district', id, 2, 'amended' from districts").await;
    let ended = world.import(district, &Roster::graded().zip()).await;
    assert_eq!((ended.report().report_cards_to_copy, ended.report().results_in_no_named_category), (1, 1));
    assert_eq!(copies(&world).await, "ada-fall-mark 1 fully graded 83.70 B [] corrects false corrected false");
    // A category of another source is another category.
    world.sql(r#"update districts set report_card_categories = '[{"source": "other", "category": "quizzes"}]'"#).await;
    let mut roster = Roster::graded();
    roster.result("ada-quiz-1").comment = Some("New.".into());
    assert_eq!(world.import(district, &roster.zip()).await.report().report_cards_to_copy, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn r18_a_copy_has_the_mark_with_period_class_teachers_scale_source_and_time() {
    let world = World::start().await;
    let district = named(&world).await;
    let ended = world.import(district, &Roster::graded().zip()).await;
    assert_eq!(ended.report().files[10].counts, Counts { created: 1, ..Counts::default() });
    assert_eq!(ended.report().files[10].created_examples, ["ada-fall-mark"]);
    let copied = "select to_jsonb(c) - 'id' - 'district_id' - 'student_id' - 'division_id' from report_cards c";
    let copied: serde_json::Value = serde_json::from_str(&world.value(copied).await).unwrap();
    assert_eq!(
        copied,
        json!({
            "term_title": "fall", "term_starts_on": "2026-08-15", "term_ends_on": "2026-12-20", "category_title": "Report Card",
            "class_title": "algebra-1", "class_code": "A-1", "teachers": [{ "givenName": "teacher", "familyName": "Test", "telephone": "555-0100" }],
            "title": "fall-mark", "score_status": "fully graded", "score": "83.70", "score_text": "B",
            "scale": { "title": "Letters", "marks": [{ "mark": "B", "value": "80" }], "min": "0", "max": "100" },
            "scored_on": "2026-10-30", "comment": null, "flags": [], "copy_number": 1, "corrects_id": null, "corrected_by_id": null,
            "withdrawn_on": null, "source": "sis", "sourced_id": "ada-fall-mark", "line_item_sourced_id": "fall-mark", "session_sourced_id": "fall",
            "captured_at": "2026-11-02T15:00:00+00:00", "version": 1, "created_at": "2026-11-02T15:00:00+00:00", "updated_at": "2026-11-02T15:00:00+00:00",
        })
    );
    let division = "select d.school_year from report_cards c join divisions d on d.id = c.division_id";
    assert_eq!(world.value(division).await, "2027");
    let journal = "select concat_ws(' ', section, operation, student_id is not null, import_id is not null) from changes where kind = 'reportCard'";
    assert_eq!(world.value(journal).await, "S3 created t t");
}

#[tokio::test(flavor = "multi_thread")]
async fn r18_another_value_is_a_corrected_copy_beside_the_first_and_the_same_value_is_none() {
    let world = World::start().await;
    let district = named(&world).await;
    world.import(district, &Roster::graded().zip()).await;
    // The same mark, otherwise written and dated, in a class and a term that have another name.
    let mut roster = Roster::graded();
    roster.result("ada-fall-mark").score = Some("83.7".parse().unwrap());
    roster.result("ada-fall-mark").score_date = day("2026-11-01");
    roster.classes[1].title = "Algebra I".into();
    roster.sessions[1].title = "Fall".into();
    let again = world.import(district, &roster.zip()).await;
    assert_eq!((again.report().files[10].counts.unchanged, again.report().report_cards_to_correct), (1, 0));
    assert_eq!(world.value("select count(*) from report_cards where class_title = 'algebra-1'").await, "1");

    roster.result("ada-fall-mark").score = Some("88".parse().unwrap());
    let corrected = world.import(district, &roster.zip()).await;
    assert_eq!((corrected.report().report_cards_to_copy, corrected.report().report_cards_to_correct), (0, 1));
    assert_eq!(corrected.report().files[10].amended_examples, ["ada-fall-mark"]);
    // Exempt after all: status and remarks are kept in words.
    let mark = roster.result("ada-fall-mark");
    (mark.score_status, mark.score, mark.text_score) = (ScoreStatus::Exempt, None, None);
    (mark.comment, mark.incomplete, mark.late) = (Some("By arrangement.".into()), Some(true), Some(false));
    world.import(district, &roster.zip()).await;
    let three = "ada-fall-mark 1 fully graded 83.70 B [] corrects false corrected true\n\
                 ada-fall-mark 2 fully graded 88 B [] corrects true corrected true\n\
                 ada-fall-mark 3 exempt By arrangement. [\"incomplete\"] corrects true corrected false";
    assert_eq!(copies(&world).await, three);
    let chain = "select count(*) from report_cards a join report_cards b on b.corrects_id = a.id and a.corrected_by_id = b.id";
    assert_eq!(world.value(chain).await, "2");
    let before = world.state().await;
    assert!(world.import(district, &roster.reordered().zip()).await.report().is_empty());
    assert_eq!(world.state().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn r18_what_the_source_takes_away_stays_and_is_marked_and_a_period_that_is_not_sent_is_not_missed() {
    let world = World::start().await;
    let district = named(&world).await;
    let mut roster = Roster::graded();
    roster.line_items.push(super::bundles::line_item("spring-mark", "marks", "spring"));
    roster.results.push(result("ada", "spring-mark", Some("80")));
    world.import(district, &roster.zip()).await;
    // Of the spring nothing is sent, of the fall everything but ada's.
    roster.results.retain(|r| r.sourced_id == id("ben-fall-mark"));
    let ended = world.import(district, &roster.zip()).await;
    assert_eq!((ended.report().report_cards_to_withdraw, ended.report().files[10].counts.ended), (1, 1));
    let marked = "ada-fall-mark 1 fully graded 83.70 B [] corrects false corrected false 2026-11-02\n\
                  ada-spring-mark 1 fully graded 80 B [] corrects false corrected false";
    assert_eq!(copies(&world).await, marked);
    assert!(world.import(district, &roster.clone().reordered().zip()).await.report().is_empty());
    // It comes back as it was: it stands again. A gradebook that is not in the bundle says nothing.
    world.import(district, &Roster::graded().zip()).await;
    world.import(district, &Roster::small().zip()).await;
    assert_eq!(world.value("select count(*) from report_cards where withdrawn_on is null").await, "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn r18_a_load_of_marks_is_taken_back_exactly() {
    let world = World::start().await;
    let district = named(&world).await;
    let empty = world.content().await;
    let first = world.import(district, &Roster::graded().zip()).await;
    let before = world.content().await;
    let mut roster = Roster::graded();
    roster.result("ada-fall-mark").score = Some("88".parse().unwrap());
    roster.categories[1].title = "Test".into();
    roster.line_items.pop();
    roster.results.remove(1);
    let second = world.import(district, &roster.zip()).await;
    assert_eq!(world.value("select count(*) from report_cards").await, "2");
    assert_eq!(world.take_back(district, second.import.id).await.import.status, ImportStatus::Applied);
    assert_eq!(world.content().await, before);
    assert_eq!(world.take_back(district, first.import.id).await.import.status, ImportStatus::Applied);
    assert_eq!(world.content().await, empty);
}

#[tokio::test(flavor = "multi_thread")]
async fn r18_faults_of_a_gradebook_are_told_by_file_row_and_column() {
    let world = World::start().await;
    let district = named(&world).await;
    let mut roster = Roster::graded();
    roster.results[0].line_item_sourced_id = id("no-such-item");
    roster.results[1].student_sourced_id = id("nobody");
    roster.results[2].class_sourced_id = Some(id("no-class"));
    roster.line_items[0].category_sourced_id = id("no-category");
    roster.line_items[1].academic_session_sourced_id = id("no-session");
    roster.line_items.push(roster.line_items[1].clone());
    let refused = world.import(district, &roster.zip()).await;
    assert_eq!(refused.import.status, ImportStatus::Refused);
    assert_eq!(
        refused.places(),
        [
            "lineItems.csv:2:categorySourcedId dangling_reference",
            "lineItems.csv:3:academicSessionSourcedId dangling_reference",
            "lineItems.csv:4:academicSessionSourcedId dangling_reference",
            "lineItems.csv:4:sourcedId duplicate",
            "results.csv:2:lineItemSourcedId dangling_reference",
            "results.csv:3:studentSourcedId dangling_reference",
            "results.csv:4:classSourcedId dangling_reference",
        ]
    );
    assert_eq!(world.value("select count(*) from line_items").await, "0");
}

// ---- deltas: rows straight from here, without a bundle

fn no_digests(_: File, _: Option<&[FileDigest]>) -> io::Result<Option<Vec<FileDigest>>> {
    Ok(None)
}

fn delta() -> Parsed {
    Parsed { whole: RosterFile::ALL.to_vec(), delta: vec![RosterFile::Results], ..Parsed::default() }
}

fn marked(line: u32, line_item: &'static str, score: &'static str) -> Staged<'static> {
    Staged::Result {
        line,
        sourced_id: "ada-fall-mark",
        line_item,
        person: "ada",
        class: None,
        score_status: "fully graded",
        score: Some(score),
        score_text: None,
        scored_on: day("2026-11-02"),
        comment: None,
        flags: vec![],
    }
}

/// A better mark.
fn better(_: File, _: ReadingMode, rows: &mut Rows) -> io::Result<Parsed> {
    rows.push(&marked(2, "fall-mark", "95"))?;
    Ok(delta())
}

/// A mark of what nobody knows.
fn unknown(_: File, _: ReadingMode, rows: &mut Rows) -> io::Result<Parsed> {
    rows.push(&marked(7, "no-such-item", "95"))?;
    Ok(delta())
}

/// No mark after all.
fn removed(_: File, _: ReadingMode, rows: &mut Rows) -> io::Result<Parsed> {
    rows.push(&Staged::Removal { line: 2, file: RosterFile::Results, sourced_id: "ada-fall-mark" })?;
    Ok(delta())
}

async fn load(world: &World, district: DistrictId, parse: Parse) -> Ended {
    let import = world.hand_in(district, b"a delta", false).await;
    let reader = Reader { parse, digests: no_digests };
    roster::run(world.connector(), district, import, &world.folder, || world.now(), reader, |_| {}).await.unwrap();
    world.ended(district, import).await
}

#[tokio::test(flavor = "multi_thread")]
async fn r18_a_delta_of_results_alone_corrects_and_takes_away_what_it_names_and_nothing_else() {
    let world = World::start().await;
    let district = named(&world).await;
    let mut roster = Roster::graded();
    roster.line_items.push(super::bundles::line_item("fall-effort", "marks", "fall"));
    roster.results.push(result("ada", "fall-effort", Some("3")));
    world.import(district, &roster.zip()).await;
    let corrected = load(&world, district, better).await;
    assert_eq!((corrected.import.status, corrected.report().report_cards_to_correct), (ImportStatus::Applied, 1));
    let scale = "select scale ->> 'title' from report_cards where copy_number = 2";
    assert_eq!(world.value(scale).await, "Letters", "known of the line item");
    assert_eq!(load(&world, district, unknown).await.places(), ["results.csv:7:lineItemSourcedId dangling_reference"]);
    load(&world, district, removed).await;
    let after = "ada-fall-effort 1 fully graded 3 B [] corrects false corrected false\n\
                 ada-fall-mark 1 fully graded 83.70 B [] corrects false corrected true\n\
                 ada-fall-mark 2 fully graded 95 [] corrects true corrected false 2026-11-02";
    assert_eq!(copies(&world).await, after);
    assert_eq!(world.value("select count(*) from line_items where active").await, "3");
}

// ---- over HTTP

#[tokio::test(flavor = "multi_thread")]
async fn r18_student_guardian_and_teacher_read_the_report_card_and_its_correction_and_nobody_else_does() {
    let app = TestApp::start().await;
    // Anna and those around her are known to the source.
    let known = |kind: &str, value: &str, target: uuid::Uuid| {
        format!(
            "insert into external_identifiers (district_id, system, kind, value, target_id) values ('{}', 'sis', '{kind}', '{value}', '{target}');",
            ids::ALDER
        )
    };
    let people = [("ada", 1), ("ben", 2), ("mother", 10), ("counselor", 20), ("teacher", 21)];
    let statements: String = people.iter().map(|(value, n)| known("person", value, ids::person(*n))).collect();
    app.database.owner().await.batch_execute(&(statements + &known("school", "school", ids::school(2)))).await.unwrap();
    let named = json!({ "reportCardCategories": [{ "source": "sis", "category": "REPORT CARD" }] });
    let district = app.client("operator").await.patch(&format!("/v1/districts/{}", ids::ALDER), "\"1\"", named).await.expect(200).json();
    assert_eq!(district["reportCardCategories"][0]["category"], "REPORT CARD");

    let sis = app.client("sis").await;
    let loaded = import(&sis, "", Roster::graded().zip()).await;
    assert_eq!((&loaded["status"], &loaded["report"]["reportCardsToCopy"]), (&json!("applied"), &json!(2)), "{loaded}");
    let mut roster = Roster::graded();
    roster.result("ada-fall-mark").score = Some("91".parse().unwrap());
    import(&sis, "", roster.zip()).await;

    let path = format!("/v1/ilp-files/{}/report-cards", ids::file(1));
    let mut seen = vec![];
    for reader in ["anna", "greta", "tom", "bela"] {
        let list = app.person(reader).await.get(&path).await.expect(200).json();
        let mut items: Vec<_> = list["items"].as_array().unwrap().iter().filter(|item| item["sourcedId"] == "ada-fall-mark").cloned().collect();
        items.sort_by_key(|item| item["copyNumber"].as_i64());
        assert_eq!(items.iter().map(|item| item["score"].as_str().unwrap()).collect::<Vec<_>>(), ["83.70", "91"], "{reader}");
        assert_eq!((&items[0]["correctedById"], &items[1]["correctsId"]), (&items[1]["id"], &items[0]["id"]));
        seen = items;
    }
    let anna = app.person("anna").await;
    let whole = anna.get(&format!("/v1/ilp-files/{}/whole", ids::file(1))).await.expect(200).json();
    let shown = whole["divisions"][0]["reportCards"].as_array().unwrap().iter().filter(|card| card["sourcedId"] == "ada-fall-mark");
    assert_eq!(shown.collect::<Vec<_>>(), seen.iter().collect::<Vec<_>>());
    let first = format!("/v1/report-cards/{}", seen[0]["id"].as_str().unwrap());
    assert_eq!(anna.get(&first).await.expect(200).json(), seen[0]);
    let history = anna.get(&format!("{first}/history")).await.expect(200).json();
    assert_eq!(history["items"].as_array().unwrap().iter().map(|entry| &entry["operation"]).collect::<Vec<_>>(), ["created", "amended"]);
    // Somebody without a relation, a guardian who is not confirmed, one without rights, the school manager, another district.
    for other in ["uma", "gus", "gil", "pam", "ben"] {
        let other = app.person(other).await;
        other.get(&first).await.expect(404);
        other.get(&format!("{first}/history")).await.expect(404);
    }
    app.person_of(ids::BIRCH, "zita").await.get(&first).await.expect(404);
    // Its divisions are shown to all who may know of the file, and report cards to none but those.
    let listed = app.person("pam").await.get(&path).await.expect(200).json();
    assert_eq!(listed["items"], json!([]));
}
