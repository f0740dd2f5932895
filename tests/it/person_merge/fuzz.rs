//! Whatever is merged, nobody gains a right; whatever is undone is as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::future::join_all;
use openilp_tests::{Actor, Answer, TestApp};

use super::population::{MADE, Random, STUDENTS, populate};
use super::{merge, rows, undo};

type Rights = BTreeSet<(String, String, String)>;

/// Tables whose rows have an address of their own, and the address: of each section that a merge moves something of, one.
const READ: &[(&str, &str)] = &[
    ("goals", "goals"),
    ("ilp_files", "ilp-files"),
    ("post_school_outcomes", "post-school-outcomes"),
    ("reflections", "reflections"),
    ("report_cards", "report-cards"),
    ("student_flags", "student-flags"),
    ("students", "students"),
];

/// What the service says of a right: 200, or that there is none. That it is busy says nothing: it is asked again, as it wants to be, and a service that
/// stays so fails the test.
async fn said(actor: &Actor<'_>, path: &str) -> Answer {
    for _ in 0..50 {
        let answer = actor.get(path).await;
        match answer.status {
            200 | 403 | 404 => return answer,
            503 => tokio::time::sleep(Duration::from_millis(200)).await,
            other => panic!("{path}: {other} says nothing about rights: {}", String::from_utf8_lossy(&answer.bytes)),
        }
    }
    panic!("{path}: still busy")
}

/// Every right of everybody: login, record and what may be done with it, as the service says over HTTP.
async fn rights(app: &TestApp, actors: &[(String, Actor<'_>)]) -> Rights {
    let own = READ.iter().map(|(table, path)| format!("select '{path}/' || id from {table} where created_at = '{MADE}'"));
    let records = app.database.texts(&format!("{} order by 1", own.collect::<Vec<_>>().join(" union all "))).await;
    let mut all = Rights::new();
    for (name, actor) in actors {
        for some in records.chunks(8) {
            let answers = join_all(some.iter().map(async |record| (record, said(actor, &format!("/v1/{record}")).await))).await;
            for (record, answer) in answers.into_iter().filter(|(_, answer)| answer.status == 200) {
                all.insert((name.clone(), record.clone(), "read".into()));
                let allowed = answer.json()["allowedActions"].as_array().cloned().unwrap_or_default();
                all.extend(allowed.into_iter().map(|action| (name.clone(), record.clone(), action.as_str().unwrap().to_owned())));
            }
        }
    }
    all
}

async fn fuzz(seed: u64) -> (usize, usize) {
    let app = TestApp::start().await;
    let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ seed);
    let people = populate(&app, &mut random).await;
    let mut actors = vec![];
    for n in 0..people.len() {
        let name = format!("fuzz-{n}");
        actors.push((name.clone(), app.person(&name).await));
    }
    let mut before = rights(&app, &actors).await;
    for (_, path) in READ {
        assert!(before.iter().any(|(_, record, _)| record.starts_with(path)), "seed {seed}: nobody may read {path}: nothing is proven of them");
    }
    let (mut standing, mut merged, mut undone) = (vec![], 0, 0);
    for step in 0..12 {
        if !standing.is_empty() && random.chance(35) {
            let (id, rights_before, rows_before): (String, Rights, BTreeMap<String, String>) = standing.pop().unwrap();
            undo(&app, &id).await.expect(200);
            assert_eq!(rows(&app).await, rows_before, "seed {seed}, step {step}: the rows are not what they were");
            let now = rights(&app, &actors).await;
            let (lost, gained): (Vec<_>, Vec<_>) = (rights_before.difference(&now).collect(), now.difference(&rights_before).collect());
            assert!(lost.is_empty() && gained.is_empty(), "seed {seed}, step {step}: undone, {lost:?} are lost and {gained:?} are gained");
            (before, undone) = (now, undone + 1);
            continue;
        }
        // Mostly students with students, and adults with adults.
        let of = if random.chance(60) {
            &people[..STUDENTS]
        } else if random.chance(80) {
            &people[STUDENTS..]
        } else {
            &people[..]
        };
        let (keep, other) = (*random.one(of), *random.one(of));
        if keep == other {
            continue;
        }
        let rows_before = rows(&app).await;
        let answer = merge(&app, keep, other).await;
        if answer.status == 409 {
            assert_eq!(rows(&app).await, rows_before);
            continue;
        }
        let id = answer.expect(201).id();
        let after = rights(&app, &actors).await;
        let gained: Vec<_> = after.difference(&before).collect();
        assert!(gained.is_empty(), "seed {seed}, step {step}: {keep} took in {other}, and somebody gained {gained:?}");
        standing.push((id, before, rows_before));
        (before, merged) = (after, merged + 1);
    }
    (merged, undone)
}

#[tokio::test(flavor = "multi_thread")]
async fn l9_whatever_is_merged_nobody_gains_a_right_and_undoing_restores_all() {
    // More, separated by spaces: for a longer run.
    let more = std::env::var("OPENILP_FUZZ_SEEDS").unwrap_or_default();
    let more = more.split_whitespace().map(|seed| seed.parse().unwrap());
    let (mut merged, mut undone) = (0, 0);
    for seed in [7, 1_234_567].into_iter().chain(more) {
        let (merges, undos) = fuzz(seed).await;
        (merged, undone) = (merged + merges, undone + undos);
    }
    assert!(merged > 6 && undone > 2, "only {merged} merges and {undone} undone: nothing is proven");
}
