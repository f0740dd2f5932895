//! Single rows between loads: what a batch does is what a load of the whole would do.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use chrono::{Days, NaiveDate};
use openilp_api::roster_upsert::{Sent, apply};
use openilp_domain::id::DistrictId;
use openilp_domain::roster::{ImportStatus, Source};
use serde_json::{Map, Value, json};

use super::bundles::{Roster, id};
use super::truth::Expected;
use super::world::World;
use super::year::{Random, beginning, check, live};

/// The rows of a bundle as objects, by file and sourcedId.
fn rows(zip: &[u8]) -> BTreeMap<(String, String), Map<String, Value>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut rows = BTreeMap::new();
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).unwrap();
        let file = entry.name().unwrap().trim_end_matches(".csv").to_owned();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().unwrap().clone();
        if file == "manifest" {
            continue;
        }
        for record in reader.records() {
            let record = record.unwrap();
            let mut row: Map<String, Value> =
                header.iter().zip(&record).filter(|(_, cell)| !cell.is_empty()).map(|(name, cell)| (name.into(), cell.into())).collect();
            row.insert("file".into(), file.clone().into());
            rows.insert((file.clone(), row["sourcedId"].as_str().unwrap().to_owned()), row);
        }
    }
    rows
}

/// The batch that leads from one bundle to the next. Its order is as it comes.
fn batch(before: &[u8], after: &[u8]) -> String {
    let (before, after) = (rows(before), rows(after));
    let changed = after.iter().filter(|(key, row)| before.get(*key) != Some(row)).map(|(_, row)| json!(row));
    let gone = before.keys().filter(|key| !after.contains_key(*key));
    let gone = gone.map(|(file, sourced_id)| json!({ "file": file, "sourcedId": sourced_id, "status": "tobedeleted" }));
    changed.chain(gone).map(|row| format!("{row}\n")).collect()
}

/// The answer, line by line; the last one is the end.
pub async fn send(world: &World, district: DistrictId, text: &str, dry_run: bool) -> Vec<Value> {
    let sent = Sent { district, source: Source::default(), dry_run, caller: None, relation: None, request_id: None, text };
    let answer = apply(world.connector(), sent, world.now()).await.unwrap_or_else(|problem| panic!("{problem:?}"));
    answer.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub fn counts(answer: &[Value]) -> [i64; 5] {
    let end = &answer.last().unwrap()["end"];
    ["created", "amended", "ended", "unchanged", "refused"].map(|word| end[word].as_i64().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn r13_r15_r40_batches_of_single_rows_lead_night_after_night_where_whole_loads_would() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let mut random = Random(20_261_122);
    let mut truth = beginning(&mut random);
    let mut today = NaiveDate::from_ymd_opt(2026, 9, 8).unwrap();
    world.set_clock(&format!("{today}T08:00:00Z"));
    let mut expected = Expected::default();
    assert_eq!(world.import(district, &truth.roster().zip()).await.import.status, ImportStatus::Applied);
    expected.load(&truth, today);
    let mut taken_back = 0;
    for night in 0..80 {
        today = today + Days::new(2);
        world.set_clock(&format!("{today}T08:00:00Z"));
        let before = truth.roster().zip();
        for _ in 0..=random.below(3) {
            live(&mut truth, &mut random);
        }
        let text = batch(&before, &truth.roster().zip());
        if text.is_empty() {
            continue;
        }
        let expected_before = expected.clone();
        let dry = send(&world, district, &text, true).await;
        let answer = send(&world, district, &text, false).await;
        assert_eq!(counts(&answer)[4], 0, "night {night}: {answer:#?}");
        assert_eq!(dry[..dry.len() - 1].iter().map(|line| &line["result"]).collect::<Vec<_>>(), {
            answer[..answer.len() - 1].iter().map(|line| &line["result"]).collect::<Vec<_>>()
        });
        expected.load(&truth, today);
        check(&world, &expected, &format!("night {night}, sent")).await;
        let again = send(&world, district, &text, false).await;
        let [created, amended, ended, _, refused] = counts(&again);
        assert_eq!([created, amended, ended, refused], [0; 4], "night {night}, sent again: {again:#?}");
        if night % 17 == 3 {
            for end in [&again, &answer] {
                let load = serde_json::from_value(end.last().unwrap()["end"]["rosterImportId"].clone()).unwrap();
                assert_eq!(world.take_back(district, load).await.import.status, ImportStatus::Applied);
            }
            check(&world, &expected_before, &format!("night {night}, taken back")).await;
            send(&world, district, &text, false).await;
            check(&world, &expected, &format!("night {night}, sent once more")).await;
            taken_back += 1;
        }
    }
    assert!(taken_back > 2);
    // The whole roster finds nothing to do.
    let whole = world.import(district, &truth.roster().zip()).await;
    assert!(whole.report().is_empty(), "{:#?}", whole.import.report);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_faulty_row_is_refused_with_what_points_at_it_and_the_rest_is_applied() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    world.import(district, &Roster::small().zip()).await;
    let before = rows(&Roster::small().zip());
    let template = |file: &str| before.iter().find(|((of, _), _)| of == file).unwrap().1.clone();
    let row = |file: &str, sourced_id: &str, cells: Value| {
        let mut row = template(file);
        row.insert("sourcedId".into(), sourced_id.into());
        row.extend(cells.as_object().unwrap().clone());
        Value::Object(row).to_string()
    };
    let text = [
        row("enrollments", "e-new", json!({ "userSourcedId": "newcomer" })),
        String::new(),
        row("roles", "r-new", json!({ "userSourcedId": "newcomer" })),
        row("users", "newcomer", json!({ "givenName": "", "agentSourcedIds": ["nobody"] })),
        row("courses", "k-new", json!({ "title": "Ceramics" })),
        row("courses", "k-new", json!({ "title": "Ceramics again" })),
        row("courses", "k-other", json!({ "orgSourcedId": "nowhere" })),
        "nonsense".into(),
    ]
    .join("\n");
    let answer = send(&world, district, &text, false).await;
    let told: Vec<_> = answer[..answer.len() - 1]
        .iter()
        .map(|line| {
            let faults = line["faults"].as_array().map(|faults| {
                faults.iter().map(|fault| format!("{} {}", fault["pointer"].as_str().unwrap(), fault["code"].as_str().unwrap())).collect::<Vec<_>>()
            });
            format!("{} {} {}", line["line"], line["result"].as_str().unwrap(), faults.unwrap_or_default().join(", "))
        })
        .collect();
    assert_eq!(
        told,
        [
            "1 refused /userSourcedId dangling_reference",
            "3 refused /userSourcedId dangling_reference",
            "4 refused /givenName required_blank",
            "5 created ",
            "6 refused /sourcedId duplicate",
            "7 refused /orgSourcedId dangling_reference",
            "8 refused  not_an_object",
        ]
    );
    assert_eq!(counts(&answer), [1, 0, 0, 0, 6]);
    assert_eq!(world.value("select title from courses where title like 'Ceramics%'").await, "Ceramics");
    // The history has it, with its faults.
    let load = serde_json::from_value(answer.last().unwrap()["end"]["rosterImportId"].clone()).unwrap();
    let kept = world.ended(district, load).await;
    assert_eq!((kept.import.status, kept.import.fault_count, kept.faults.len()), (ImportStatus::Applied, 6, 6));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_would_end_too_much_is_refused_whole() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let truth = beginning(&mut Random(1));
    world.import(district, &truth.roster().zip()).await;
    let before = world.state().await;
    let text: String = (0..20).map(|n| format!("{}\n", json!({ "file": "users", "sourcedId": format!("s{n}"), "status": "tobedeleted" }))).collect();
    let sent = Sent { district, source: Source::default(), dry_run: false, caller: None, relation: None, request_id: None, text: &text };
    let problem = format!("{:?}", apply(world.connector(), sent, world.now()).await.unwrap_err());
    assert!(problem.contains("would_end_too_many"), "{problem}");
    assert_eq!(world.state().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_class_renamed_is_copied_anew_for_all_its_students() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let mut truth = beginning(&mut Random(2)).roster();
    world.import(district, &truth.zip()).await;
    let before = truth.zip();
    truth.classes.iter_mut().find(|class| class.sourced_id == id("2027-m1-06")).unwrap().title = "Homeroom Oak".into();
    truth.users.iter_mut().find(|user| user.sourced_id == id("t-m1")).unwrap().family_name = "Hooper".into();
    let answer = send(&world, district, &batch(&before, &truth.zip()), false).await;
    assert_eq!(counts(&answer), [0, 2, 0, 0, 0]);
    let whole = world.import(district, &truth.zip()).await;
    assert!(whole.report().is_empty(), "{:#?}", whole.import.report);
    let copied = "select (count(*) > 3 and bool_and(teachers::text like '%Hooper%'))::text from registrations where class_title = 'Homeroom Oak'";
    assert_eq!(world.value(copied).await, "true");
}
