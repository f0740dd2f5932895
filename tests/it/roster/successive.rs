//! Loads one after the other: what is absent ends, what would end too much is held, and what was done is taken back.

use openilp_api::oneroster::rows::Role;
use openilp_domain::roster::{HoldReason, ImportStatus, LoadMode};
use openilp_persistence::Error;
use openilp_persistence::roster;

use super::bundles::{Roster, enrollment, id, org, role, student};
use super::world::World;

/// A small roster with so many more ninth graders.
fn with_students(n: u32) -> Roster {
    let mut roster = Roster::small();
    for number in 0..n {
        let name = format!("s{number}");
        roster.users.push(student(&name, "09", &(100 + number).to_string()));
        roster.roles.push(role(&name, Role::Student));
        roster.enrollments.push(enrollment(&name, "homeroom", openilp_api::oneroster::rows::EnrollmentRole::Student));
    }
    roster
}

fn without(mut roster: Roster, person: &str) -> Roster {
    roster.users.retain(|row| row.sourced_id != id(person));
    roster.roles.retain(|row| row.user_sourced_id != id(person));
    roster.enrollments.retain(|row| row.user_sourced_id != id(person));
    roster.demographics.retain(|row| row.sourced_id != id(person));
    roster
}

const ADA: &str = "
    select concat_ws('/', p.active::text, s.active::text, f.status,
                     (select string_agg(active::text || coalesce(ends_on::text, ''), ' ') from roles where person_id = p.id),
                     (select count(*) from enrollments where person_id = p.id and active), (select count(*) from registrations where student_id = p.id and withdrawn_on is null))
      from people p join students s on s.id = p.id join ilp_files f on f.student_id = p.id where p.given_name = 'ada'";

#[tokio::test(flavor = "multi_thread")]
async fn who_is_no_longer_named_is_shut_out_at_once_and_comes_back_to_the_same_file() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    world.import(district, &Roster::small().zip()).await;
    assert_eq!(world.value(ADA).await, "true/true/open/true/2/3");
    let file = world.value("select id from ilp_files").await;

    let gone = world.import(district, &without(Roster::small(), "ada").zip()).await;
    assert_eq!((gone.import.status, gone.import.mode), (ImportStatus::Applied, Some(LoadMode::Bulk)));
    let report = gone.report();
    assert_eq!((report.students.ended, report.files_to_freeze, report.files[4].ended_examples.as_slice()), (1, 1, ["ada".to_owned()].as_slice()));
    assert_eq!(world.value(ADA).await, "false/false/frozen/false2026-11-02/0/0");
    assert_eq!(world.value("select ended_on from external_identifiers where value = 'ada'").await, "2026-11-02");
    let state = world.state().await;
    assert!(world.import(district, &without(Roster::small(), "ada").zip()).await.report().is_empty());
    assert_eq!(world.state().await, state);

    world.set_clock("2026-11-20T15:00:00Z");
    world.import(district, &Roster::small().zip()).await;
    assert_eq!(world.value(ADA).await, "true/true/open/true/2/3");
    assert_eq!(world.value("select id from ilp_files").await, file);

    // Switched off by the roster is shut out too, and stays a student.
    let mut roster = Roster::small();
    roster.user("ada").enabled_user = false;
    let off = world.import(district, &roster.zip()).await;
    assert_eq!((off.report().files[4].counts.ended, off.report().students.ended), (1, 0));
    assert_eq!(world.value(ADA).await, "false/true/open/true/2/3");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_the_same_source_named_is_ended_and_what_another_names_too_stays() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    world.import(district, &Roster::small().zip()).await;
    // Another system names the same people by ids of its own, and has a role of its own.
    world
        .sql("insert into external_identifiers (district_id, system, kind, value, target_id)
              select district_id, 'lms', kind, 'x-' || value, target_id from external_identifiers where system = 'sis' and value in ('ada', 'teacher');
              insert into roles select district_id, gen_random_uuid(), person_id, school_id, role, primary_role, begins_on, ends_on, active, 'lms', 'x-1', 1, now(), now()
                from roles where sourced_id = 'ada-role'")
        .await;
    let ended = world.import(district, &without(without(Roster::small(), "ada"), "mother").zip()).await;
    assert_eq!(ended.import.status, ImportStatus::Refused, "ben has a mother");
    let mut roster = without(without(Roster::small(), "ada"), "teacher");
    roster.user("ben").grades = vec!["06".into()];
    let ended = world.import(district, &roster.zip()).await;
    assert_eq!((ended.report().students.ended, ended.report().files[4].counts.ended), (0, 0));
    assert_eq!(world.value("select count(*) from people where active").await, "5");
    assert_eq!(world.value("select string_agg(source, ' ') from roles where active and role = 'student' and person_id in (select target_id from external_identifiers where value = 'ada')").await, "lms");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_that_would_end_too_many_is_held_until_a_person_allows_this_very_bundle() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    world.import(district, &with_students(20).zip()).await;
    let before = world.state().await;
    let held = world.import(district, &with_students(14).zip()).await;
    assert_eq!(held.import.status, ImportStatus::Held);
    assert_eq!(world.state().await, before);
    let hold = held.report().hold.clone().unwrap();
    assert_eq!(hold.reasons, [HoldReason::Shrink]);
    let endings: Vec<_> = hold.endings.iter().map(|e| (e.kind.word(), e.school_id.is_some(), e.open, e.ended, e.too_many)).collect();
    assert_eq!(
        endings,
        [("person", false, 25, 6, true), ("student", true, 22, 6, true), ("role", true, 25, 6, true), ("enrollment", true, 25, 6, true)]
    );

    // It does not go on by itself, nor by another's hash.
    assert_eq!(world.run(district, held.import.id, |_| {}).await, None);
    let other = world.db.system(district, world.now(), async |tx| roster::release(tx, None, held.import.id, "00").await).await;
    assert!(matches!(other, Err(Error::Invalid(_))), "{other:?}");
    let released = world.release(district, &held).await;
    assert_eq!((released.import.status, released.report().students.ended), (ImportStatus::Applied, 6));
    assert!(released.import.released_at.is_some() && released.report().hold.is_some());

    // What is held is overtaken by the next sound load.
    let held = world.import(district, &with_students(2).zip()).await;
    assert_eq!(held.import.status, ImportStatus::Held);
    world.import(district, &with_students(15).zip()).await;
    assert_eq!(world.ended(district, held.import.id).await.import.status, ImportStatus::Superseded);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_of_a_year_gone_by_is_held() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    world.set_clock("2027-10-20T15:00:00Z");
    let held = world.import(district, &Roster::small().zip()).await;
    assert_eq!((held.import.status, held.report().hold.clone().unwrap().reasons), (ImportStatus::Held, vec![HoldReason::PastSchoolYear]));
    // In summer the year that has ended is still the last one.
    world.set_clock("2027-08-20T15:00:00Z");
    assert_eq!(world.import(district, &Roster::small().zip()).await.import.status, ImportStatus::Applied);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_is_taken_back_exactly_and_that_is_a_load_in_the_journal_too() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let empty = world.content().await;
    let first = world.import(district, &Roster::small().zip()).await;
    let before = world.content().await;
    // New people and classes, other terms, another state id, somebody gone, a new school.
    let mut roster = without(with_students(3), "ben");
    roster.orgs.push(org("annex", openilp_api::oneroster::rows::OrgType::School, Some("district")));
    roster.classes[1].term_sourced_ids = vec![id("spring")];
    roster.user("ada").user_ids = vec![openilp_api::oneroster::rows::UserId { kind: "SASID".into(), identifier: "S77".into() }];
    roster.user("s1").user_ids = vec![openilp_api::oneroster::rows::UserId { kind: "SASID".into(), identifier: "S2".into() }];
    let second = world.import(district, &roster.zip()).await;
    assert_eq!(second.import.status, ImportStatus::Applied);
    assert_ne!(world.content().await, before);

    let early = world.db.system(district, world.now(), async |tx| roster::take_back(tx, None, first.import.id, None).await).await;
    assert!(matches!(early, Err(Error::Conflict { code: "not_newest", .. })), "{early:?}");
    let back = world.take_back(district, second.import.id).await;
    assert_eq!(
        (back.import.status, back.import.mode, back.import.rolls_back),
        (ImportStatus::Applied, Some(LoadMode::Rollback), Some(second.import.id))
    );
    pretty_eq(&world.content().await, &before);
    assert_eq!(world.ended(district, second.import.id).await.import.rolled_back_by, Some(back.import.id));
    let journal = format!(
        "select count(*) = {} from changes where import_id = '{}' and kind <> 'rosterImport'",
        world.value(&format!("select count(*) from changes where import_id = '{}' and kind <> 'rosterImport'", second.import.id)).await,
        back.import.id
    );
    assert_eq!(world.value(&journal).await, "true");
    let gap_free =
        "select min(position) = 1 and max(position) = count(*) and max(position) = (select head from feeds) from changes where position is not null";
    assert_eq!(world.value(gap_free).await, "true");
    let twice = world.db.system(district, world.now(), async |tx| roster::take_back(tx, None, second.import.id, None).await).await;
    assert!(matches!(twice, Err(Error::Conflict { code: "taken_back", .. })), "{twice:?}");

    // Then the one before, to the empty district; and the roster comes again.
    assert_eq!(world.take_back(district, first.import.id).await.import.status, ImportStatus::Applied);
    assert_eq!(world.content().await, empty);
    assert_eq!(world.import(district, &Roster::small().zip()).await.import.status, ImportStatus::Applied);
}

fn pretty_eq(now: &str, then: &str) {
    let differing: Vec<_> = now.lines().filter(|line| !then.lines().any(|other| other == *line)).collect();
    let missing: Vec<_> = then.lines().filter(|line| !now.lines().any(|other| other == *line)).collect();
    assert!(differing.is_empty() && missing.is_empty(), "too many {differing:#?}, missing {missing:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_that_people_have_built_on_is_not_taken_back() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let load = world.import(district, &Roster::small().zip()).await;
    let content = world.content().await;
    // Somebody writes a goal into the file that the load opened, and it is journaled.
    world
        .sql("insert into goals (district_id, id, plan_id, student_id, domain, objective_kind, title, lifecycle_status, achievement_status, beyond_school_means,
                                 created_by, entered_in_error, version, created_at, updated_at)
              select district_id, gen_random_uuid(), id, student_id, 'academic', 'other', 'Algebra', 'active', 'notStarted', false, student_id, false, 1, now(), now()
                from plans;
              insert into changes (district_id, id, at, kind, resource_id, version, operation, student_id, section)
              select district_id, gen_random_uuid(), now(), 'goal', id, 1, 'created', student_id, 'academicGoals' from goals")
        .await;
    let back = world.take_back(district, load.import.id).await;
    assert_eq!((back.import.status, back.places()), (ImportStatus::Refused, vec!["bundle:0: changed_since".to_owned()]));
    assert_eq!(world.content().await, content);
    // Even where nobody has journaled it.
    world.sql("delete from changes where kind = 'goal'").await;
    let back = world.take_back(district, load.import.id).await;
    assert_eq!(back.places(), ["bundle:0: referred_to"]);
    assert_eq!(world.content().await, content);
}

#[tokio::test(flavor = "multi_thread")]
async fn old_loads_are_forgotten_but_for_their_history() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let mut roster = Roster::small();
    for n in 0..13 {
        roster.user("ada").given_name = format!("Ada{n}");
        world.import(district, &roster.zip()).await;
    }
    assert_eq!(world.value("select count(distinct import_id) from roster_images").await, "13");
    world.db.system(district, world.now(), async |tx| roster::forget(tx).await).await.unwrap();
    assert_eq!(world.value("select count(distinct import_id) from roster_images").await, "10");
    assert_eq!(world.value("select count(*) from roster_imports where status = 'applied' and report is not null").await, "13");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_files_are_known_again_unless_somebody_or_the_calendar_has_changed_what_they_mean() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let roster = Roster::small();
    world.import(district, &roster.zip()).await;
    let stages = |bundle: Vec<u8>| {
        let world = &world;
        async move {
            let import = world.hand_in(district, &bundle, false).await;
            let seen = std::sync::Mutex::new(vec![]);
            world.run(district, import, |at| seen.lock().unwrap().push(at.status)).await.unwrap();
            let ended = world.ended(district, import).await;
            assert_eq!(ended.import.status, ImportStatus::Applied);
            (ended, seen.into_inner().unwrap().contains(&ImportStatus::Comparing))
        }
    };
    let state = world.state().await;
    let (ended, compared) = stages(roster.zip()).await;
    assert!(!compared && ended.report().is_empty());
    assert_eq!(ended.report().files[4].counts.unchanged, 5);
    assert_eq!(world.state().await, state);
    // Whoever confirms a link changes nothing that a load looks at.
    let journaled = |kind: &str| {
        format!(
            "update feeds set head = head + 1; insert into changes (district_id, id, position, at, kind, resource_id, version, operation)
                 select district_id, gen_random_uuid(), head, now(), '{kind}', district_id, 2, 'amended' from feeds"
        )
    };
    world.sql(&journaled("guardianLink")).await;
    assert!(!stages(roster.zip()).await.1);
    world.sql(&journaled("person")).await;
    assert!(stages(roster.zip()).await.1);
    // A term begins.
    world.set_clock("2027-01-06T15:00:00Z");
    assert!(stages(roster.zip()).await.1);
    assert!(!stages(roster.zip()).await.1);
    assert!(stages(roster.clone().reordered().zip()).await.1);
}
