//! The sample districts, where they are there: nobody outside has them.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use openilp_domain::roster::{ImportStatus, LoadMode};
use zip::write::SimpleFileOptions;

use super::world::World;

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/oneroster");

pub fn samples() -> Option<&'static Path> {
    let folder = [SAMPLES, "/work/shared/data/oneroster"].into_iter().map(Path::new).find(|folder| folder.is_dir());
    if folder.is_none() {
        eprintln!("skipped: the sample districts are not here");
    }
    folder
}

pub fn zipped(folder: &Path) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if !name.ends_with(".csv") {
            continue;
        }
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(&fs::read(entry.path()).unwrap()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn r84_r104_the_sample_districts_give_the_files_that_each_profile_asks_for() {
    let Some(samples) = samples() else { return };
    let small = zipped(&samples.join("generated-district-small-v1p2"));
    let large = fs::read(samples.join("generated-district-large-v1p2.zip")).unwrap();
    let world = World::start().await;
    for (bundle, profile, students, files) in
        [(&small, "us-ri-ride", 248, 176), (&small, "us-ut-ega", 248, 164), (&large, "us-ri-ride", 4225, 2125), (&large, "us-ut-ega", 4225, 1950)]
    {
        let district = world.district(profile).await;
        let ended = world.import(district, bundle).await;
        assert_eq!((ended.import.status, ended.report().students.created, ended.report().files_to_open), (ImportStatus::Applied, students, files));
        for table in ["ilp_files", "plans", "divisions"] {
            assert_eq!(world.value(&format!("select count(*) from {table} where district_id = '{district}'")).await, files.to_string(), "{table}");
        }
        let journal = format!("select count(*) from changes where kind <> 'rosterImport' and district_id = '{district}'");
        let before = world.value(&journal).await;
        let again = world.import(district, bundle).await;
        assert!(again.report().is_empty(), "{:?}", again.report());
        assert_eq!(world.value(&journal).await, before);
        let gap_free = format!(
            "select min(position) = 1 and max(position) = count(*) and max(position) = (select head from feeds where district_id = '{district}')
               from changes where district_id = '{district}' and position is not null"
        );
        assert_eq!(world.value(&gap_free).await, "true");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_of_version_1_1_is_refused_strictly_and_mended_tolerantly() {
    let Some(samples) = samples() else { return };
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let before = world.state().await;
    let ended = world.import(district, &zipped(&samples.join("generated-district-small-v1p1"))).await;
    assert_eq!(ended.import.status, ImportStatus::Refused);
    assert!(ended.places().iter().any(|place| place.contains("version_unsupported")), "{:?}", ended.places());
    assert_eq!(world.state().await, before);
    let mended = world.import_tolerantly(district, &zipped(&samples.join("generated-district-small-v1p1"))).await;
    assert_eq!((mended.import.status, mended.import.mode), (ImportStatus::Applied, Some(LoadMode::Bulk)), "{:?}", mended.faults);
    assert_eq!((mended.report().students.created, mended.report().files_to_open), (248, 176));
    assert!(!mended.report().repairs.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn r18_every_result_of_a_student_with_a_file_becomes_a_mark_of_the_report_card() {
    let Some(samples) = samples() else { return };
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    world.sql(r#"update districts set report_card_categories = '[{"category": "Quarter grade"}]'"#).await;
    let folder = samples.join("generated-district-small-v1p2");
    let report = world.import(district, &zipped(&folder)).await.report().clone();
    let with_a_file =
        "select string_agg(e.value, ' ') from ilp_files f join external_identifiers e on e.target_id = f.student_id and e.system = 'sis'";
    let with_a_file = world.value(with_a_file).await;
    let with_a_file: std::collections::BTreeSet<_> = with_a_file.split(' ').collect();
    let results = std::fs::read_to_string(folder.join("results.csv")).unwrap();
    let expected = results.lines().skip(1).filter(|line| with_a_file.contains(line.split(',').nth(4).unwrap())).count();
    assert!(expected > 2000, "{expected}");
    assert_eq!((report.report_cards_to_copy, report.results_in_no_named_category), (i64::try_from(expected).unwrap(), 0));
    assert_eq!(
        world.value("select count(*) from report_cards where term_title like 'Quarter %' and jsonb_array_length(teachers) > 0").await,
        expected.to_string()
    );
}
