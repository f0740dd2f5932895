//! A made-up district in a database of its own, and the door to it.

use chrono::{DateTime, TimeDelta, Utc};
use openilp_domain::{
    id::{ClientId, DistrictId, PersonId, StudentId},
    principal::{ClientKind, Principal, Through},
};
use openilp_persistence::{Db, Notice, Request, connect::Connector, embedded::Embedded, migrate, sequencer::Wake};
use uuid::Uuid;

use crate::place::database;

/// District 1 of the town; ids below it are made of small numbers, so that a test can name them.
pub const DISTRICT: u128 = 0xd1;
pub const COUNSELOR: u128 = 0xc0;
pub const TEACHER: u128 = 0x7e;
pub const SIS: u128 = 0x515;
pub const STATE: u128 = 0x57a;
pub const SCHOOL: u128 = 0x5c;
pub const OTHER_SCHOOL: u128 = 0x5d;

pub fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// Saturday, 21 November 2026, noon in New York.
pub fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_280_400, 0).unwrap()
}

pub fn days(days: i64) -> DateTime<Utc> {
    noon() + TimeDelta::days(days)
}

pub struct Town {
    pub connector: Connector,
    pub db: Db,
    owner: tokio_postgres::Client,
}

impl Town {
    /// A migrated database with two schools, some students in grade 9 from id 1 on, each with a file and a plan, a counselor who is the gatekeeper
    /// of all students with an odd id, a SIS client and the state with its agreement.
    pub async fn new(embedded: &Embedded, name: &str, students: u128) -> Self {
        let connector = database(embedded, name).await;
        migrate::up(&connector).await.unwrap();
        let town = Self::open(connector).await;
        let district = uuid(DISTRICT);
        let times = "1, '2026-08-01T12:00Z', '2026-08-01T12:00Z'";
        let person = |id: u128, name: &str| {
            format!(
                "insert into people (district_id, id, given_name, family_name, active, version, created_at, updated_at) values ('{district}', '{id}', '{name}', 'Doe', true, {times});
                 insert into identity_links (district_id, id, issuer, subject, person_id, version, created_at, updated_at) values ('{district}', '{id}', 'https://id', '{id}', '{id}', {times});",
                id = uuid(id)
            )
        };
        let mut sql = format!(
            "insert into districts (id, name, state_code, time_zone, requirement_profile, roster_teachers, guardians_trusted, version, created_at, updated_at)
             values ('{district}', 'One', 'RI', 'America/New_York', 'us-ri-ride', true, false, {times});
             insert into schools (district_id, id, name, identifier, active, version, created_at, updated_at) values ('{district}', '{s}', 'High', '4401', true, {times});
             insert into schools (district_id, id, name, identifier, active, version, created_at, updated_at) values ('{district}', '{o}', 'Middle', '4402', true, {times});
             insert into clients (id, kind, name, district_id, active, version, created_at, updated_at) values ('{sis}', 'sis', 'SIS', '{district}', true, {times});
             insert into clients (id, kind, name, active, version, created_at, updated_at) values ('{state}', 'state', 'State', true, {times});
             insert into agreements (district_id, id, client_id, dataset, purpose, starts_on, ends_on, destroy_by, version, created_at, updated_at)
             values ('{district}', '{state}', '{state}', 'ilpStatus', 'Evaluation', '2026-07-01', '2027-06-30', '2028-06-30', {times});",
            s = uuid(SCHOOL), o = uuid(OTHER_SCHOOL), sis = uuid(SIS), state = uuid(STATE)
        );
        sql += &person(COUNSELOR, "Cora");
        sql += &person(TEACHER, "Ted");
        for id in 1..=students {
            sql += &person(id, "Sam");
            sql += &format!(
                "insert into students (district_id, id, school_id, grade, birth_date, active, version, created_at, updated_at) values ('{district}', '{id}', '{s}', '09', '2012-03-04', true, {times});
                 insert into ilp_files (district_id, id, student_id, school_id, status, opened_on, version, created_at, updated_at) values ('{district}', '{file}', '{id}', '{s}', 'open', '2026-08-01', {times});
                 insert into plans (district_id, id, file_id, student_id, version, created_at, updated_at) values ('{district}', '{plan}', '{file}', '{id}', {times});
                 insert into external_identifiers (district_id, system, kind, value, target_id) values ('{district}', 'stateStudentId', 'person', 'RI{n}', '{id}');",
                id = uuid(id), file = uuid(file(id)), plan = uuid(plan(id)), s = uuid(SCHOOL), n = id
            );
            if id % 2 == 1 {
                sql += &format!(
                    "insert into assignments (district_id, id, student_id, person_id, kind, confirmed_at, valid_from, source, version, created_at, updated_at)
                     values ('{district}', '{a}', '{id}', '{c}', 'gatekeeper', now(), '2026-08-01', 'test', {times});",
                    a = uuid(assignment(id)), id = uuid(id), c = uuid(COUNSELOR)
                );
            }
        }
        town.sql(&sql).await;
        town
    }

    /// The door to a database that is there.
    pub async fn open(connector: Connector) -> Self {
        let owner = connector.client().await.unwrap();
        Self { db: Db::new(connector.clone(), 24, Wake::default()).unwrap(), connector, owner }
    }

    /// Statements as the owner, who stands above the tenant wall.
    pub async fn sql(&self, sql: &str) {
        self.owner.batch_execute(sql).await.unwrap();
    }

    /// Numbers what is committed, as the sequencer would.
    pub async fn sequence(&self) -> i64 {
        openilp_persistence::sequencer::catch_up(&self.db, district(), noon()).await.unwrap()
    }

    /// A change in the journal of which only the owner knows.
    pub async fn note(&self, kind: &str, id: u128, operation: &str, student: Option<u128>, section: Option<&str>, body: &str) {
        let student = student.map_or("null".into(), |id| format!("'{}'", uuid(id)));
        let section = section.map_or("null".into(), |code| format!("'{code}'"));
        self.sql(&format!(
            "with c as (insert into changes (district_id, id, at, kind, resource_id, version, operation, student_id, section)
               values ('{d}', app_uuid7(), '2026-11-21T17:00Z', '{kind}', '{id}', 1, '{operation}', {student}, {section}) returning id)
             insert into change_bodies (district_id, change_id, codec, body) select '{d}', id, 0, convert_to('{body}', 'UTF8') from c where '{body}' <> ''",
            d = uuid(DISTRICT), id = uuid(id)
        ))
        .await;
    }
}

pub fn district() -> DistrictId {
    uuid(DISTRICT).into()
}

pub fn student(id: u128) -> StudentId {
    uuid(id).into()
}

pub fn file(student: u128) -> u128 {
    0xf0_0000 + student
}

pub fn plan(student: u128) -> u128 {
    0xa0_0000 + student
}

pub fn assignment(student: u128) -> u128 {
    0xb0_0000 + student
}

/// A person who calls.
pub fn person(id: u128, at: DateTime<Utc>) -> Request {
    let principal =
        Principal::Person { district_id: district(), issuer: "https://id".into(), subject: PersonId(uuid(id)).to_string(), through: Through::Itself };
    Request { principal, district: district(), operation: "test", request_id: "r".into(), at, notice: Notice::default() }
}

/// A machine that calls.
pub fn machine(id: u128, kind: ClientKind, at: DateTime<Utc>) -> Request {
    let home = (kind == ClientKind::Sis).then(district);
    let principal = Principal::Machine { client_id: ClientId(uuid(id)), kind, district_id: home };
    Request { principal, district: district(), operation: "test", request_id: "r".into(), at, notice: Notice::default() }
}
