//! The feed: who gets which change, and how they learn what they may no longer hold.

use std::time::Duration;

use chrono::{DateTime, Utc};
use openilp_domain::{kind::FeedOperation, principal::ClientKind};
use openilp_persistence::{
    Error, Request,
    cursor::Cursors,
    feed::{self, FeedEntry, From, SealedPage, Start},
};

use crate::{
    place::Place,
    town::{COUNSELOR, DISTRICT, OTHER_SCHOOL, SIS, STATE, TEACHER, Town, assignment, days, machine, noon, person, student, uuid},
};

const GOAL: u128 = 0x90a1;

struct Reader<'t> {
    town: &'t Town,
    cursors: Cursors,
    request: Request,
    cursor: Option<String>,
}

impl<'t> Reader<'t> {
    async fn new(town: &'t Town, request: Request) -> Self {
        Self { cursors: Cursors::load(&town.db, noon()).await.unwrap(), town, request, cursor: None }
    }

    async fn poll(&mut self, limit: usize, wait: Duration) -> Result<SealedPage, Error> {
        let from = self.cursor.as_deref().map_or(From::Start(Start::Beginning), From::Cursor);
        let page = feed::poll(&self.town.db, &self.request, &self.cursors, from, limit, wait).await?;
        self.cursor = Some(page.cursor.clone());
        Ok(page)
    }

    /// All there is, in words.
    async fn all(&mut self) -> Vec<String> {
        self.town.sequence().await;
        let mut seen = vec![];
        loop {
            let page = self.poll(2, Duration::ZERO).await.unwrap();
            seen.extend(page.entries.iter().map(words));
            if !page.more {
                return seen;
            }
        }
    }

    async fn on(&mut self, at: DateTime<Utc>) -> Vec<String> {
        self.request.at = at;
        self.all().await
    }
}

fn words(entry: &FeedEntry) -> String {
    let student = entry.student_id.map_or(0, |id| id.0.as_u128());
    let sections = entry.sections.map(|sections| format!(" {sections}")).unwrap_or_default();
    let body = entry.body.as_ref().map(|body| format!(" {}", body.get())).unwrap_or_default();
    format!("{} {} of {student}{sections}{body}", entry.kind, entry.operation)
}

async fn town(place: &Place, students: u128) -> (openilp_persistence::embedded::Embedded, Town) {
    let embedded = place.server().await;
    let town = Town::new(&embedded, "town", students).await;
    (embedded, town)
}

#[tokio::test]
async fn each_caller_gets_what_a_single_read_would_show() {
    let place = Place::new();
    let (_embedded, town) = town(&place, 2).await;
    town.note("goal", GOAL, "created", Some(1), Some("S2"), r#"{"n":1}"#).await;
    town.note("goal", GOAL + 1, "created", Some(2), Some("S2"), r#"{"n":2}"#).await;
    town.note("class", 5, "created", None, None, "").await;
    town.note("student", 1, "amended", Some(1), None, "").await;
    town.note("goal", GOAL, "removed", Some(1), Some("S2"), r#"{"n":3}"#).await;

    let mut counselor = Reader::new(&town, person(COUNSELOR, noon())).await;
    let seen = ["goal created of 1 {\"n\":1}", "student amended of 1", "goal removed of 1"];
    assert_eq!(counselor.all().await, seen);
    assert_eq!(counselor.all().await, [""; 0]);
    assert_eq!(Reader::new(&town, person(2, noon())).await.all().await, ["goal created of 2 {\"n\":2}"]);
    assert_eq!(Reader::new(&town, person(TEACHER, noon())).await.all().await, [""; 0]);
    let mut sis = Reader::new(&town, machine(SIS, ClientKind::Sis, noon())).await;
    assert_eq!(sis.all().await, ["class created of 0", "student amended of 1"]);
    let mut state = Reader::new(&town, machine(STATE, ClientKind::State, noon())).await;
    assert!(matches!(state.poll(10, Duration::ZERO).await, Err(Error::Forbidden)));

    // What was delivered was recorded before it left.
    let records = crate::place::value(
        &town.connector,
        "select string_agg(person_id || sections, ',' order by id) from access_records where person_id is not null",
    )
    .await;
    assert!(records.contains(&format!("{}S2", uuid(2))), "{records}");
}

#[tokio::test]
async fn a_body_is_its_authors_where_only_that_opens_it() {
    let place = Place::new();
    let (_embedded, town) = town(&place, 1).await;
    let own = format!(r#"{{"createdBy":"{}"}}"#, uuid(TEACHER));
    let others = format!(r#"{{"createdBy":"{}"}}"#, uuid(COUNSELOR));
    town.sql(&format!("update assignments set person_id = '{}', kind = 'teacher'", uuid(TEACHER))).await;
    town.note("reflection", 1, "created", Some(1), Some("S13"), &others).await;
    town.note("reflection", 2, "created", Some(1), Some("S13"), &own).await;
    town.note("reflection", 2, "removed", Some(1), Some("S13"), &own).await;
    let mut teacher = Reader::new(&town, person(TEACHER, noon())).await;
    assert_eq!(teacher.all().await, [format!("reflection created of 1 {own}"), "reflection removed of 1".into()]);
}

#[tokio::test]
async fn who_loses_a_student_is_told_so_and_strangers_are_not() {
    let place = Place::new();
    let (_embedded, town) = town(&place, 3).await;
    let mut counselor = Reader::new(&town, person(COUNSELOR, noon())).await;
    let mut stranger = Reader::new(&town, person(TEACHER, noon())).await;
    town.note("goal", GOAL, "created", Some(1), Some("S2"), "{}").await;
    assert_eq!(counselor.all().await.len(), 1);

    // The assignment ends.
    town.sql(&format!("update assignments set valid_to = '2026-11-21' where id = '{}'", uuid(assignment(1)))).await;
    town.note("assignment", assignment(1), "amended", Some(1), None, "").await;
    town.note("goal", GOAL, "amended", Some(1), Some("S2"), "{}").await;
    assert_eq!(counselor.all().await, ["student withdrawn of 1"]);
    assert_eq!(stranger.all().await, [""; 0]);

    // An assignment that is removed says in its body whose it was; of student 3 the counselor was never shown anything.
    let body = format!(r#"{{"personId":"{}"}}"#, uuid(COUNSELOR));
    town.sql(&format!("delete from assignments where id = '{}'", uuid(assignment(3)))).await;
    town.note("assignment", assignment(3), "removed", Some(3), None, &body).await;
    assert_eq!(counselor.all().await, [""; 0]);

    // It is given back.
    town.sql(&format!("update assignments set valid_to = null where id = '{}'", uuid(assignment(1)))).await;
    town.note("assignment", assignment(1), "amended", Some(1), None, "").await;
    let granted = "student granted of 1 S0,S1a,S1b,S2,S3,S4,S5,S6,S7,S8,S9,S11,S12,S13,S14";
    assert_eq!(counselor.all().await, ["assignment amended of 1", granted]);

    // It ends by date alone: at the first call of that day.
    town.sql(&format!("update assignments set valid_to = '2026-11-23' where id = '{}'", uuid(assignment(1)))).await;
    assert_eq!(counselor.on(days(1)).await, [""; 0]);
    assert_eq!(counselor.on(days(2)).await, ["student withdrawn of 1"]);
    assert_eq!(counselor.on(days(2)).await, [""; 0]);
    assert_eq!(stranger.on(days(2)).await, [""; 0]);
}

#[tokio::test]
async fn an_office_and_a_school_that_is_left_are_told() {
    let place = Place::new();
    let (_embedded, town) = town(&place, 1).await;
    let mut manager = Reader::new(&town, person(TEACHER, noon())).await;
    assert_eq!(manager.all().await, [""; 0]);
    town.sql(&format!(
        "insert into appointments (district_id, id, person_id, kind, school_id, valid_from, valid_to, version, created_at, updated_at)
         values ('{d}', '{a}', '{p}', 'schoolManager', '{s}', '2026-08-01', '2026-11-25', 1, now(), now())",
        d = uuid(DISTRICT),
        a = uuid(7),
        p = uuid(TEACHER),
        s = uuid(crate::town::SCHOOL)
    ))
    .await;
    town.note("appointment", 7, "created", None, None, "").await;
    town.note("student", 1, "amended", Some(1), None, "").await;
    assert_eq!(manager.all().await, ["appointment granted of 0", "student amended of 1"]);
    town.sql(&format!("update students set school_id = '{}'", uuid(OTHER_SCHOOL))).await;
    town.note("student", 1, "amended", Some(1), None, "").await;
    assert_eq!(manager.all().await, ["student withdrawn of 1"]);
    assert_eq!(manager.on(days(4)).await, ["appointment withdrawn of 0"]);
}

#[tokio::test]
async fn what_is_hidden_neither_shortens_a_page_nor_stops_it() {
    let place = Place::new();
    let (_embedded, town) = town(&place, 2).await;
    town.sql(&format!(
        "insert into changes (district_id, id, at, kind, resource_id, version, operation, student_id, section)
         select '{d}', app_uuid7(), now(), 'goal', app_uuid7(), 1, 'created', case when n % 4000 = 0 then '{one}' else '{two}' end::uuid, 'S2'
           from generate_series(1, 12000) n",
        d = uuid(DISTRICT),
        one = uuid(1),
        two = uuid(2)
    ))
    .await;
    assert_eq!(town.sequence().await, 12_000);
    let mut counselor = Reader::new(&town, person(COUNSELOR, noon())).await;
    let page = counselor.poll(2, Duration::ZERO).await.unwrap();
    assert_eq!((page.entries.len(), page.more), (2, true));
    let page = counselor.poll(2, Duration::ZERO).await.unwrap();
    assert_eq!((page.entries.len(), page.more), (1, false));
    let positions = "select count(*) || ' ' || count(distinct position) || ' ' || min(position) || ' ' || max(position) from changes";
    assert_eq!(crate::place::value(&town.connector, positions).await, "12000 12000 1 12000");
}

#[tokio::test]
async fn a_cursor_is_refused_elsewhere_and_after_a_restore() {
    let place = Place::new();
    let (_embedded, town) = town(&place, 1).await;
    let mut counselor = Reader::new(&town, person(COUNSELOR, noon())).await;
    counselor.all().await;
    let mut other = Reader::new(&town, person(1, noon())).await;
    other.cursor = counselor.cursor.clone();
    assert!(matches!(other.poll(1, Duration::ZERO).await, Err(Error::BadCursor)));
    town.sql("update deployment set epoch = gen_random_uuid()").await;
    assert!(matches!(counselor.poll(1, Duration::ZERO).await, Err(Error::CursorGone)));
    counselor.cursor = None;
    counselor.all().await;
}

#[tokio::test]
async fn a_long_poll_answers_as_soon_as_there_is_something() {
    let place = Place::new();
    let (_embedded, town) = town(&place, 2).await;
    let local = tokio::task::LocalSet::new();
    let db = town.db.clone();
    local.spawn_local(openilp_persistence::sequencer::run(db, noon));
    local
        .run_until(async {
            let mut counselor = Reader::new(&town, person(COUNSELOR, noon())).await;
            let started = std::time::Instant::now();
            let page = counselor.poll(10, Duration::from_millis(300)).await.unwrap();
            assert!(page.entries.is_empty() && !page.more && started.elapsed() >= Duration::from_millis(300));
            let write = async {
                tokio::time::sleep(Duration::from_millis(200)).await;
                // Of a student who is not theirs: nothing to see, the wait goes on. The writer does not wake us: the sweep finds it.
                town.note("goal", GOAL + 1, "created", Some(2), Some("S2"), "{}").await;
                tokio::time::sleep(Duration::from_millis(200)).await;
                town.note("goal", GOAL, "created", Some(1), Some("S2"), "{}").await;
            };
            let started = std::time::Instant::now();
            let (page, ()) = tokio::join!(counselor.poll(10, Duration::from_secs(20)), write);
            let page = page.unwrap();
            assert_eq!(page.entries.iter().map(|e| (e.operation, e.student_id)).collect::<Vec<_>>(), [(FeedOperation::Created, Some(student(1)))]);
            assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
        })
        .await;
}
