//! Loads that are cut off, fail, or are given up leave the old state, and can be done again.

use std::sync::Mutex;
use std::time::Duration;

use openilp_api::roster_upsert::{Sent, apply};
use openilp_domain::id::{DistrictId, RosterImportId};
use openilp_domain::roster::{ImportStatus, Source};
use openilp_persistence::roster;

use super::bundles::Roster;
use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_cut_off_at_any_stage_leaves_the_old_state_and_starts_over() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    world.import(district, &Roster::small().zip()).await;
    let mut roster = Roster::small();
    roster.user("ada").given_name = "Augusta".into();
    let import = world.hand_in(district, &roster.zip(), false).await;
    let before = world.state().await;
    for stage in [ImportStatus::Parsing, ImportStatus::Validating, ImportStatus::Comparing, ImportStatus::Applying] {
        while let Some(ended) = cut_off_at(&world, district, import, stage).await {
            // The server has not noticed yet that the client before has gone, and its lock stands.
            assert_eq!(ended, None, "cut off at {stage}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(world.state().await, before);
        assert_eq!(
            world.ended(district, import).await.import.status,
            if stage == ImportStatus::Parsing { ImportStatus::Received } else { stage_before(stage) }
        );
    }
    assert_eq!(run_to_its_end(&world, district, import).await, ImportStatus::Applied);
    assert_eq!(world.value("select given_name || version from people where given_name like 'A%'").await, "Augusta2");
    assert_eq!(world.run(district, import, |_| {}).await, None, "it is not done twice");
}

/// Drops the import when it is told of the stage. Else how the import ended, none if it was held by another.
async fn cut_off_at(world: &World, district: DistrictId, import: RosterImportId, stage: ImportStatus) -> Option<Option<ImportStatus>> {
    let (reached, seen) = tokio::sync::oneshot::channel();
    let reached = Mutex::new(Some(reached));
    let ended = world.run(district, import, |at| {
        if at.status == stage
            && let Some(reached) = reached.lock().unwrap().take()
        {
            reached.send(()).unwrap();
        }
    });
    tokio::select! {
        biased;
        _ = seen => None,
        ended = ended => Some(ended),
    }
}

/// Told of a stage before it is written down, the import was cut off before that.
fn stage_before(stage: ImportStatus) -> ImportStatus {
    match stage {
        ImportStatus::Validating => ImportStatus::Parsing,
        ImportStatus::Comparing => ImportStatus::Validating,
        _ => ImportStatus::Comparing,
    }
}

/// Runs a load when the one before has let go of the district.
async fn run_to_its_end(world: &World, district: DistrictId, import: RosterImportId) -> ImportStatus {
    loop {
        if let Some(ended) = world.run(district, import, |_| {}).await {
            break ended;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_that_is_taken_back_and_cut_off_stands_until_it_is_taken_back_whole() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    world.import(district, &Roster::small().zip()).await;
    let old = world.content().await;
    let mut roster = Roster::small();
    roster.user("ada").given_name = "Augusta".into();
    let load = world.import(district, &roster.zip()).await.import.id;
    let before = world.state().await;
    let back = world.db.system(district, world.now(), async |tx| roster::take_back(tx, None, load, None).await).await.unwrap().id;
    for _ in 0..3 {
        while let Some(ended) = cut_off_at(&world, district, back, ImportStatus::Applying).await {
            assert_eq!(ended, None);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(world.state().await, before);
    }
    assert_eq!(run_to_its_end(&world, district, back).await, ImportStatus::Applied);
    assert_eq!(world.content().await, old);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_that_failed_for_a_reason_of_ours_is_tried_again_and_applied() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let before = world.state().await;
    let import = world.hand_in(district, &Roster::small().zip(), false).await;
    world.sql("update roster_bundle_chunks set bytes = bytes || '\\x00'").await;
    assert_eq!(run_to_its_end(&world, district, import).await, ImportStatus::Failed);
    assert_eq!(world.ended(district, import).await.places(), ["bundle:0: import_failed"]);
    assert_eq!(world.state().await, before);
    world.sql("update roster_bundle_chunks set bytes = substring(bytes for length(bytes) - 1)").await;
    world.db.system(district, world.now(), async |tx| roster::retry(tx, None, import).await).await.unwrap();
    assert_eq!(run_to_its_end(&world, district, import).await, ImportStatus::Applied);
    let ended = world.ended(district, import).await;
    assert_eq!((ended.faults.len(), ended.import.fault_count), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_rows_that_is_given_up_at_any_moment_is_applied_whole_or_not_at_all() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    world.import(district, &Roster::small().zip()).await;
    let (mut done, mut given_up) = (0, 0);
    for n in 0..40 {
        let row =
            |id: &str| format!("{{\"file\": \"courses\", \"sourcedId\": \"{id}-{n}\", \"title\": \"Course {n}\", \"orgSourcedId\": \"district\"}}\n");
        let text = row("a") + &row("b");
        let sent = Sent { district, source: Source::default(), dry_run: false, caller: None, relation: None, request_id: None, text: &text };
        match tokio::time::timeout(Duration::from_millis(n * n), apply(world.connector(), sent, world.now())).await {
            Ok(applied) => {
                let answer = applied.unwrap_or_else(|problem| panic!("{problem:?}"));
                assert!(answer.contains("\"created\":2"), "{answer}");
                done += 1;
            }
            Err(_) => given_up += 1,
        }
        // What the server is still at, it ends or gives up.
        while world.value("select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())").await != "0" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let courses = world.value(&format!("select count(*) from courses where title = 'Course {n}'")).await;
        let told = world.value("select count(*) from changes where kind = 'course'").await;
        let all = world.value("select count(*) from courses").await;
        assert!(["0", "2"].contains(&courses.as_str()), "{courses}");
        assert_eq!(told, all, "the journal tells of each");
    }
    assert!(given_up > 2, "{done} were done, {given_up} given up");
}
