//! The state collection: what is pulled is what the tables say, whatever happened in between.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use futures_util::{StreamExt, TryStreamExt};
use openilp_domain::{ilp_status::IlpStatus, principal::ClientKind};
use openilp_persistence::{Error, collection, cursor::Cursors};
use serde_json::Value;

use crate::{
    place::{Place, value},
    town::{DISTRICT, OTHER_SCHOOL, SCHOOL, SIS, STATE, Town, days, machine, noon, person, plan, student, uuid},
};

/// What a state keeps: a row for each student.
pub type State = BTreeMap<String, Value>;

pub struct Puller<'t> {
    pub town: &'t Town,
    pub cursors: Cursors,
    pub cursor: Option<String>,
    pub state: State,
}

impl<'t> Puller<'t> {
    pub async fn new(town: &'t Town) -> Self {
        Self { cursors: Cursors::load(&town.db, noon()).await.unwrap(), town, cursor: None, state: State::new() }
    }

    /// Follows the changes to their end. Returns how many rows came.
    pub async fn pull(&mut self, at: DateTime<Utc>, limit: usize) -> Result<usize, Error> {
        let mut rows = 0;
        loop {
            let request = machine(STATE, ClientKind::State, at);
            let page = collection::changes_after(&self.town.db, &self.cursors, &request, self.cursor.as_deref(), limit).await?;
            assert!(page.rows.len() <= limit);
            rows += page.rows.len();
            for row in &page.rows {
                self.keep(serde_json::to_value(row).unwrap());
            }
            self.cursor = Some(page.cursor);
            if !page.more {
                return Ok(rows);
            }
        }
    }

    fn keep(&mut self, row: Value) {
        let id = row["studentId"].as_str().unwrap().to_owned();
        if row["removed"] == true {
            self.state.remove(&id)
        } else {
            self.state.insert(id, row)
        };
    }

    /// Starts anew from a full export.
    pub async fn export(&mut self, at: DateTime<Utc>) -> Result<(), Error> {
        let request = machine(STATE, ClientKind::State, at);
        let lines: Vec<u8> = collection::export(&self.town.db, &self.cursors, &request).await?.try_concat().await?;
        let mut lines: Vec<Value> =
            lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(|line| serde_json::from_slice(line).unwrap()).collect();
        let end = lines.pop().unwrap()["end"].take();
        assert_eq!((&end["count"], &end["uncertified"]), (&lines.len().into(), &true.into()));
        self.cursor = Some(end["cursor"].as_str().unwrap().to_owned());
        self.state.clear();
        lines.into_iter().for_each(|row| self.keep(row));
        Ok(())
    }
}

async fn goal(town: &Town, id: u128, of: u128, domain: &str, kind: &str) {
    town.sql(&format!(
        "insert into goals (district_id, id, plan_id, student_id, domain, objective_kind, title, lifecycle_status, achievement_status,
                            beyond_school_means, created_by, entered_in_error, version, created_at, updated_at)
         values ('{d}', '{id}', '{p}', '{s}', '{domain}', '{kind}', 'Goal', 'active', 'notStarted', false, '{s}', false, 1, now(), now())",
        d = uuid(DISTRICT),
        id = uuid(id),
        p = uuid(plan(of)),
        s = uuid(of)
    ))
    .await;
    town.note("goal", id, "created", Some(of), Some("S2"), "").await;
}

fn row<'s>(puller: &'s Puller<'_>, id: u128) -> &'s Value {
    &puller.state[&student(id).to_string()]
}

#[tokio::test]
async fn r88_r162_a_row_says_where_the_plan_stands() {
    let place = Place::new();
    let embedded = place.server().await;
    let town = Town::new(&embedded, "town", 3).await;
    town.sql(&format!("delete from plans where student_id = '{s}'; delete from ilp_files where student_id = '{s}'", s = uuid(3))).await;
    goal(&town, 0x901, 1, "academic", "postsecondary").await;
    goal(&town, 0x902, 1, "career", "occupational").await;
    goal(&town, 0x903, 2, "personalSocial", "other").await;
    let mut puller = Puller::new(&town).await;
    assert_eq!(puller.pull(noon(), 2).await.unwrap(), 3);
    let first = serde_json::json!({
        "studentId": student(1), "stateStudentId": "RI1", "schoolId": uuid(SCHOOL), "schoolIdentifier": "4401",
        "grade": "09", "fileExists": true, "goals": { "academic": 1, "career": 1, "personalSocial": 0 }, "planKind": "pccr",
        "lastChangedAt": "2026-11-21T17:00:00Z", "removed": false
    });
    assert_eq!(row(&puller, 1), &first);
    assert_eq!(row(&puller, 2)["planKind"], "ilp");
    assert_eq!(
        (&row(&puller, 3)["planKind"], &row(&puller, 3)["fileExists"], &row(&puller, 3)["lastChangedAt"]),
        (&Value::Null, &false.into(), &Value::Null)
    );
    assert_eq!(puller.pull(noon(), 2).await.unwrap(), 0);

    // A goal that was given up does not count, and without it the plan is an ILP again.
    town.sql(&format!("update goals set lifecycle_status = 'cancelled', version = 2 where id = '{}'", uuid(0x902))).await;
    town.note("goal", 0x902, "amended", Some(1), Some("S4"), "").await;
    // A change that alters nothing of the row sends nothing.
    town.note("assignment", 5, "amended", Some(2), None, "").await;
    assert_eq!(puller.pull(noon(), 10).await.unwrap(), 1);
    assert_eq!((&row(&puller, 1)["planKind"], &row(&puller, 1)["goals"]["career"]), (&"ilp".into(), &0.into()));

    // Who leaves is told of once, by ids alone, and is not in an export.
    town.sql(&format!("update students set active = false where id = '{}'", uuid(1))).await;
    town.note("student", 1, "amended", Some(1), None, "").await;
    let request = machine(STATE, ClientKind::State, noon());
    let page = collection::changes_after(&town.db, &puller.cursors, &request, puller.cursor.as_deref(), 10).await.unwrap();
    let gone = IlpStatus {
        student_id: student(1),
        state_student_id: Some("RI1".into()),
        local_student_id: None,
        school_id: None,
        school_identifier: None,
        grade: None,
        file_exists: false,
        goals: Default::default(),
        plan_kind: None,
        last_changed_at: None,
        removed: true,
    };
    assert_eq!(page.rows, [gone]);
    puller.export(noon()).await.unwrap();
    assert_eq!(puller.state.len(), 2);
}

#[tokio::test]
async fn a_row_is_sent_again_by_date_alone() {
    let place = Place::new();
    let embedded = place.server().await;
    let town = Town::new(&embedded, "town", 3).await;
    let role = |id: u128, person: u128, school: u128, from: &str, to: &str| {
        format!(
            "insert into roles (district_id, id, person_id, school_id, role, primary_role, begins_on, ends_on, active, source, sourced_id, version, created_at, updated_at)
             values ('{d}', '{id}', '{p}', '{s}', 'student', true, {from}, {to}, true, 'sis', '{n}', 1, now(), now());",
            d = uuid(DISTRICT), id = uuid(id), p = uuid(person), s = uuid(school), n = id
        )
    };
    // Student 1 changes school on the 23rd; student 2's role ends on the 22nd, which is its last day; student 3 has no role.
    town.sql(
        &(role(1, 1, SCHOOL, "null", "'2026-11-22'")
            + &role(2, 1, OTHER_SCHOOL, "'2026-11-23'", "null")
            + &role(3, 2, SCHOOL, "null", "'2026-11-22'")),
    )
    .await;
    let mut puller = Puller::new(&town).await;
    assert_eq!(puller.pull(noon(), 10).await.unwrap(), 3);
    let school = |puller: &Puller<'_>, id| row(puller, id)["schoolIdentifier"].clone();
    assert_eq!([1, 2, 3].map(|id| school(&puller, id)), ["4401", "4401", "4401"]);
    // 04:00 UTC on the 23rd is still the 22nd in New York.
    assert_eq!(puller.pull("2026-11-23T04:00:00Z".parse().unwrap(), 10).await.unwrap(), 0);
    assert_eq!(puller.pull("2026-11-23T06:00:00Z".parse().unwrap(), 10).await.unwrap(), 2);
    assert_eq!([1, 2, 3].map(|id| school(&puller, id)), [Value::from("4402"), Value::Null, "4401".into()]);
    assert_eq!(puller.pull(days(3), 10).await.unwrap(), 0);
    // Days do not go back.
    assert_eq!(puller.pull(noon(), 10).await.unwrap(), 0);
}

#[tokio::test]
async fn only_under_an_agreement_in_force_and_every_pull_is_recorded_first() {
    let place = Place::new();
    let embedded = place.server().await;
    let town = Town::new(&embedded, "town", 2).await;
    let cursors = Cursors::load(&town.db, noon()).await.unwrap();
    let pull = async |request| collection::changes_after(&town.db, &cursors, &request, None, 10).await;
    let state = |at| machine(STATE, ClientKind::State, at);
    assert!(matches!(pull(person(1, noon())).await, Err(Error::Forbidden)));
    assert!(matches!(pull(machine(SIS, ClientKind::Sis, noon())).await, Err(Error::Forbidden)));
    assert!(matches!(pull(state(days(365))).await, Err(Error::Forbidden)));
    town.sql(&format!(
        "insert into clients (id, kind, name, active, version, created_at, updated_at) values ('{}', 'state', 'Other', true, 1, now(), now())",
        uuid(77)
    ))
    .await;
    assert!(matches!(pull(machine(77, ClientKind::State, noon())).await, Err(Error::NotFound)));
    assert!(matches!(collection::export(&town.db, &cursors, &machine(77, ClientKind::State, noon())).await.map(|_| ()), Err(Error::NotFound)));
    let none = "select count(*)::text from disclosures";
    assert_eq!(value(&town.connector, none).await, "0");

    pull(state(noon())).await.unwrap();
    let recorded = "select manner || ' ' || from_position || ' ' || to_position || ' ' || row_count || ' ' || coalesce(cardinality(student_ids)::text, 'all') from disclosures order by id desc limit 1";
    assert_eq!(value(&town.connector, recorded).await, "changes 0 2 2 2");
    let stream = collection::export(&town.db, &cursors, &state(noon())).await.unwrap();
    // Nothing has been read of the stream.
    assert_eq!(value(&town.connector, recorded).await, "export 0 2 2 all");
    drop(stream);
    let mut other = state(noon());
    other.district = uuid(0xd2).into();
    assert!(matches!(pull(other).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_reader_that_goes_away_leaves_no_connection_behind() {
    let place = Place::new();
    let embedded = place.server().await;
    let town = Town::new(&embedded, "town", 0).await;
    town.sql(&format!(
        "insert into people (district_id, id, given_name, family_name, active, version, created_at, updated_at)
         select '{d}', lpad(to_hex(n), 32, '0')::uuid, 'S', 'D', true, 1, now(), now() from generate_series(100000, 140000) n;
         insert into students (district_id, id, school_id, grade, active, version, created_at, updated_at)
         select '{d}', id, '{s}', '09', true, 1, now(), now() from people where given_name = 'S'",
        d = uuid(DISTRICT),
        s = uuid(SCHOOL)
    ))
    .await;
    let cursors = Cursors::load(&town.db, noon()).await.unwrap();
    let request = machine(STATE, ClientKind::State, noon());
    let streaming = "select count(*)::text from pg_stat_activity where query like 'select student_id%' and pid <> pg_backend_pid()";
    {
        let mut stream = Box::pin(collection::export(&town.db, &cursors, &request).await.unwrap());
        assert!(stream.next().await.unwrap().unwrap().len() >= 64 * 1024);
        // The reader is slow: the server waits in the middle.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(value(&town.connector, streaming).await, "1");
        let second = collection::export(&town.db, &cursors, &request).await.unwrap();
        assert!(matches!(collection::export(&town.db, &cursors, &request).await.map(|_| ()), Err(Error::Busy)));
        drop(second);
    }
    for _ in 0..50 {
        if value(&town.connector, streaming).await == "0" {
            let mut puller = Puller::new(&town).await;
            puller.export(noon()).await.unwrap();
            assert_eq!(puller.state.len(), 40_001);
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the connection is still there");
}

/// A small generator, so that a failure comes again.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    pub fn side(&mut self, sides: u64) -> usize {
        usize::try_from(self.roll(sides)).unwrap()
    }
}

#[tokio::test]
async fn an_export_and_the_changes_after_it_are_the_state_of_then() {
    let place = Place::new();
    let embedded = place.server().await;
    let town = Town::new(&embedded, "town", 12).await;
    let mut dice = Dice(0x5eed);
    let mut pullers: Vec<Puller<'_>> = vec![];
    let mut now = noon();
    for step in 0..160_u128 {
        let of = u128::from(dice.roll(12)) + 1;
        let id = uuid(of);
        match dice.roll(9) {
            0..=2 => goal(&town, 0x9_0000 + step, of, ["academic", "career"][dice.side(2)], ["occupational", "postsecondary"][dice.side(2)]).await,
            3 => {
                town.sql(&format!("update goals set entered_in_error = not entered_in_error where student_id = '{id}'")).await;
                town.note("goal", 1, "amended", Some(of), Some("S2"), "").await;
            }
            4 => {
                town.sql(&format!("update students set active = not active where id = '{id}'")).await;
                town.note("student", of, "amended", Some(of), None, "").await;
            }
            5 => {
                town.sql(&format!("update external_identifiers set value = 'X{step}' where target_id = '{id}'")).await;
                town.note("student", of, "amended", Some(of), None, "").await;
            }
            6 => {
                town.sql(&format!("update schools set identifier = 'S{step}' where id = '{}'", uuid(SCHOOL))).await;
                town.note("school", SCHOOL, "amended", None, None, "").await;
            }
            7 => {
                town.sql(&format!(
                    "insert into roles (district_id, id, person_id, school_id, role, primary_role, begins_on, ends_on, active, source, sourced_id, version, created_at, updated_at)
                     values ('{d}', app_uuid7(), '{id}', '{s}', 'student', {primary}, {from}, {to}, true, 'sis', '{step}', 1, now(), now())",
                    d = uuid(DISTRICT), s = uuid(OTHER_SCHOOL), primary = dice.roll(2) == 0,
                    from = ["null", "'2026-11-25'", "'2026-12-01'"][dice.side(3)], to = ["null", "'2026-11-28'", "'2026-12-04'"][dice.side(3)]
                ))
                .await;
                town.note("role", step, "created", Some(of), None, "").await;
            }
            _ => now += chrono::TimeDelta::hours(10),
        }
        match dice.roll(6) {
            0 => {
                let mut puller = Puller::new(&town).await;
                puller.export(now).await.unwrap();
                pullers.push(puller);
            }
            1 if !pullers.is_empty() => {
                let which = dice.side(u64::try_from(pullers.len()).unwrap());
                pullers[which].pull(now, 3).await.unwrap();
            }
            _ => {}
        }
    }
    let mut last = Puller::new(&town).await;
    last.export(now).await.unwrap();
    assert!(pullers.len() > 10 && !last.state.is_empty());
    for puller in &mut pullers {
        puller.pull(now, 3).await.unwrap();
        assert_eq!(puller.state, last.state);
    }
    // Positions are gap-free to the head, and what was computed bit by bit is what is computed at once.
    let positions =
        "select (select head from collection_heads) || ' ' || max(position) || ' ' || count(distinct position) || ' ' || count(*) from ilp_statuses";
    let found = value(&town.connector, positions).await;
    let found: Vec<&str> = found.split(' ').collect();
    assert!(found[0] == found[1] && found[2] == found[3], "{found:?}");
    town.sql("delete from ilp_statuses; delete from collection_heads").await;
    let mut anew = Puller::new(&town).await;
    anew.export(now).await.unwrap();
    assert_eq!(anew.state, last.state);
}
