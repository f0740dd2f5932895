//! Sixteen writers with random delays and rollbacks, and readers that follow: every committed change is delivered exactly once and in
//! order. A reader that goes by the sequence instead loses changes in the same run, so that the run proves something.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    time::{Duration, Instant},
};

use openilp_domain::{
    access::{Action, Section},
    goal::{Goal, NewGoal},
    kind::Kind,
    noun::Body as _,
};
use openilp_persistence::{
    Ask, Error, Reply,
    cursor::Cursors,
    embedded::Embedded,
    facts::Target,
    feed::{self, From, Start},
    record::Record,
    sequencer,
};
use tokio::task::{LocalSet, spawn_local};
use uuid::Uuid;

use crate::{
    collection::{Dice, Puller},
    place::{Place, kill_now, value},
    town::{COUNSELOR, DISTRICT, Town, noon, person, plan, student, uuid},
};

const WRITERS: u64 = 16;
/// Students of the counselor are 1, 3, 5 …; of the others nothing may come.
const STUDENTS: u64 = 6;
const SHARED_GOALS: u64 = 12;

/// A change: which record, which version.
type Version = (Uuid, i32);

/// What the writers know.
#[derive(Default)]
struct Log {
    /// Commits that were acknowledged.
    committed: RefCell<BTreeSet<Version>>,
    /// Goals created and acknowledged, by student.
    created: RefCell<BTreeMap<u128, u64>>,
    stop: Cell<bool>,
}

fn shared_goal(n: u64) -> (u128, u128) {
    let n = u128::from(n);
    (0x9_0000 + n, n % u128::from(STUDENTS) + 1)
}

/// Through the door: adds a goal, sometimes dawdles, sometimes fails after having written.
async fn add_through_the_door(town: &Town, log: &Log, dice: &mut Dice) -> Result<(), Error> {
    let of = u128::from(dice.roll(STUDENTS)) + 1;
    let (delay, fails) = (dice.roll(20), dice.roll(100) < 8);
    let ask = Ask {
        target: Target { kind: Kind::Plan, id: uuid(plan(of)) },
        actions: &[Action::Write],
        section: Some(Section::PlanOfStudy),
        list: false,
        add: true,
    };
    let new = NewGoal::read(serde_json::json!({ "domain": "academic", "title": "Goal" })).unwrap();
    let made = Cell::new(Uuid::nil());
    town.db
        .write(&person(of, noon()), ask, None, async |tx, granted| {
            let goal = Goal::create(tx, granted, new).await?;
            made.set(goal.id.0);
            tokio::time::sleep(Duration::from_millis(delay)).await;
            if fails {
                return Err(Error::Busy);
            }
            Ok(Reply { status: 201, headers: vec![], body: vec![] })
        })
        .await?;
    log.committed.borrow_mut().insert((made.get(), 1));
    *log.created.borrow_mut().entry(of).or_default() += 1;
    Ok(())
}

/// With the statements of the door, but a delay between the journal's row and the commit: where numbers drawn in an open transaction go
/// wrong.
async fn amend_slowly(client: &tokio_postgres::Client, log: &Log, dice: &mut Dice) -> Result<(), tokio_postgres::Error> {
    let (goal, of) = shared_goal(dice.roll(SHARED_GOALS));
    let (delay, fails) = (dice.roll(30), dice.roll(100) < 8);
    let district = uuid(DISTRICT);
    client.batch_execute(&format!("begin; set local role openilp_app; set local app.district_id = '{district}'")).await?;
    let row = client
        .query_one("update goals set version = version + 1 where district_id = $1 and id = $2 returning version", &[&district, &uuid(goal)])
        .await?;
    let version: i32 = row.get(0);
    client
        .execute(
            "insert into changes (district_id, id, at, kind, resource_id, version, operation, student_id, section)
             values ($1, app_uuid7(), '2026-11-21T17:00Z', 'goal', $2, $3, 'amended', $4, 'S2')",
            &[&district, &uuid(goal), &version, &uuid(of)],
        )
        .await?;
    tokio::time::sleep(Duration::from_millis(delay)).await;
    client.batch_execute(if fails { "rollback" } else { "commit" }).await?;
    if !fails {
        log.committed.borrow_mut().insert((uuid(goal), version));
    }
    Ok(())
}

async fn write(town: Rc<Town>, log: Rc<Log>, number: u64) {
    let mut dice = Dice(0x9e37_79b9 + number * 7919);
    let mut client = None;
    while !log.stop.get() {
        if number.is_multiple_of(2) {
            // A failure is one of those asked for, or the server is away.
            if add_through_the_door(&town, &log, &mut dice).await.is_err() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            continue;
        }
        let Some(open) = &client else {
            client = town.connector.client().await.ok();
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        if amend_slowly(open, &log, &mut dice).await.is_err() {
            client = None;
        }
    }
}

/// Follows the feed as the counselor. Ends once the writers have, and nothing more comes.
async fn follow(town: Rc<Town>, log: Rc<Log>) -> Vec<Version> {
    let cursors = retry(async || Cursors::load(&town.db, noon()).await).await;
    let (mut seen, mut cursor) = (vec![], None::<String>);
    loop {
        let ending = log.stop.get();
        if ending {
            retry(async || sequencer::catch_up(&town.db, crate::town::district(), noon()).await).await;
        }
        let page = retry(async || {
            let from = cursor.as_deref().map_or(From::Start(Start::Beginning), From::Cursor);
            feed::poll(&town.db, &person(COUNSELOR, noon()), &cursors, from, 25, Duration::from_millis(100)).await
        })
        .await;
        for entry in &page.entries {
            assert_eq!(entry.student_id.unwrap().0.as_u128() % 2, 1, "a student of somebody else");
            seen.push((entry.resource_id, entry.version.unwrap()));
        }
        cursor = Some(page.cursor);
        if ending && !page.more && page.entries.is_empty() {
            return seen;
        }
    }
}

/// What goes wrong: goes by the number that a writer drew.
async fn follow_naively(town: Rc<Town>, log: Rc<Log>) -> BTreeSet<Version> {
    let (mut seen, mut last) = (BTreeSet::new(), 0_i64);
    loop {
        let ending = log.stop.get();
        if let Ok(client) = town.connector.client().await {
            for row in client.query("select seq, resource_id, version from changes where seq > $1 order by seq", &[&last]).await.unwrap_or_default() {
                last = row.get(0);
                seen.insert((row.get(1), row.get(2)));
            }
        }
        if ending {
            return seen;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Pulls the collection: what was acknowledged before a pull began is in it.
async fn pull(town: Rc<Town>, log: Rc<Log>) {
    let mut puller = retry(async || Ok(Puller::new(&town).await)).await;
    loop {
        let ending = log.stop.get();
        let before = log.created.borrow().clone();
        // Where a pull is cut off, the next goes on from its last cursor.
        retry(async || puller.pull(noon(), 3).await).await;
        for (of, created) in before {
            let told = puller.state[&student(of).to_string()]["goals"]["academic"].as_u64().unwrap();
            // The shared goals were there before.
            assert!(told >= created + SHARED_GOALS / STUDENTS, "student {of}: {told} told, {created} created");
        }
        if ending {
            break;
        }
    }
    let followed = puller.state.clone();
    retry(async || puller.export(noon()).await).await;
    assert_eq!(followed, puller.state);
}

async fn retry<T>(mut work: impl AsyncFnMut() -> Result<T, Error>) -> T {
    loop {
        match work().await {
            Ok(done) => return done,
            Err(Error::Busy | Error::Unavailable(_) | Error::Database(_)) => tokio::time::sleep(Duration::from_millis(50)).await,
            Err(error) => panic!("{error}"),
        }
    }
}

/// Runs for so long; `disturb` may do what it likes meanwhile. Returns how many changes there were and how many the naive reader lost.
async fn run(embedded: &Embedded, time: Duration, disturb: impl AsyncFnOnce(&Town)) -> (usize, usize) {
    let town = Rc::new(Town::new(embedded, "town", STUDENTS.into()).await);
    for n in 0..SHARED_GOALS {
        let (goal, of) = shared_goal(n);
        town.sql(&format!(
            "insert into goals (district_id, id, plan_id, student_id, domain, objective_kind, title, lifecycle_status, achievement_status,
                                beyond_school_means, created_by, entered_in_error, version, created_at, updated_at)
             values ('{d}', '{g}', '{p}', '{s}', 'academic', 'other', 'Goal', 'active', 'notStarted', false, '{s}', false, 0, now(), now())",
            d = uuid(DISTRICT),
            g = uuid(goal),
            p = uuid(plan(of)),
            s = uuid(of)
        ))
        .await;
    }
    let log = Rc::new(Log::default());
    let (seen, naive) = LocalSet::new()
        .run_until(async {
            let sequencing = spawn_local(sequencer::run(town.db.clone(), noon));
            let writers: Vec<_> = (0..WRITERS).map(|number| spawn_local(write(town.clone(), log.clone(), number))).collect();
            let following = spawn_local(follow(town.clone(), log.clone()));
            let naive = spawn_local(follow_naively(town.clone(), log.clone()));
            let pulling = spawn_local(pull(town.clone(), log.clone()));
            let started = Instant::now();
            disturb(&town).await;
            tokio::time::sleep(time.saturating_sub(started.elapsed())).await;
            log.stop.set(true);
            for writer in writers {
                writer.await.unwrap();
            }
            pulling.await.unwrap();
            let seen = (following.await.unwrap(), naive.await.unwrap());
            sequencing.abort();
            seen
        })
        .await;

    let client = town.connector.client().await.unwrap();
    let there: BTreeSet<Version> =
        client.query("select resource_id, version from changes", &[]).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect();
    let theirs: BTreeSet<Version> = client
        .query("select c.resource_id, c.version from changes c join assignments a on a.student_id = c.student_id", &[])
        .await
        .unwrap()
        .iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect();
    // Nothing acknowledged is lost; what is there and was not acknowledged, was cut off at its commit.
    let lost: Vec<_> = log.committed.borrow().difference(&there).copied().collect();
    assert_eq!(lost, []);
    let once: BTreeSet<Version> = seen.iter().copied().collect();
    assert_eq!(once.len(), seen.len(), "delivered twice");
    assert_eq!(once, theirs);
    let mut versions = BTreeMap::new();
    for (record, version) in seen {
        let before = versions.insert(record, version).unwrap_or(0);
        assert_eq!(version, before + 1, "out of order");
    }
    let positions = "select count(*) || ' ' || count(distinct position) || ' ' || min(position) || ' ' || max(position) || ' ' || (select head from feeds) from changes";
    let all = there.len();
    assert_eq!(value(&town.connector, positions).await, format!("{all} {all} 1 {all} {all}"));
    (all, there.difference(&naive).count())
}

/// A server process that works for one of the writers, once the server answers.
async fn some_backend(town: &Town) -> Option<i32> {
    let busy =
        "select pid from pg_stat_activity where backend_type = 'client backend' and xact_start is not null and pid <> pg_backend_pid() limit 1";
    for _ in 0..100 {
        if let Ok(client) = town.connector.client().await
            && let Ok(Some(row)) = client.query_opt(busy, &[]).await
        {
            return Some(row.get(0));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    None
}

#[tokio::test]
async fn every_change_is_delivered_exactly_once_and_in_order() {
    let place = Place::new();
    let embedded = place.server().await;
    let (all, lost_naively) = run(&embedded, Duration::from_secs(8), async |_| {}).await;
    println!("{all} changes, none lost; by the sequence alone {lost_naively} lost");
    assert!(all > 300, "too few to prove anything: {all}");
    assert!(lost_naively > 0, "the run cannot fail, so it proves nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_backends_and_a_killed_server_lose_nothing() {
    let place = Place::new();
    let embedded = Embedded::open(place.options()).unwrap();
    embedded.start().await.unwrap();
    let watched = tokio::spawn({
        let embedded = embedded.clone();
        async move { embedded.supervise().await }
    });
    let (all, _) = run(&embedded, Duration::from_secs(10), async |town| {
        for round in 0..2 {
            tokio::time::sleep(Duration::from_secs(2)).await;
            let pid = if round == 0 { some_backend(town).await } else { embedded.process() };
            pid.into_iter().for_each(kill_now);
        }
    })
    .await;
    println!("{all} changes, none lost");
    assert!(all > 100, "too few to prove anything: {all}");
    watched.abort();
}
