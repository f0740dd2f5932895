//! Caps: how many students' files a person, and the people of a district, may open within an hour, and how many exports may be made within a day.
//!
//! What counts is what is on record ([`crate::access_record`]), so that a cap holds over nodes and restarts. A read does not wait for that to be
//! counted: this process counts what is new to it, and asks only when so many came together that the cap may be met. Between two times of
//! asking at most an eighth of the cap gets through uncounted, in each process. Machine clients open no files; of them exports are counted.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use diesel::sql_types::{Int4, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use openilp_domain::access::Relation;
use openilp_domain::alarm::AlarmKind;
use openilp_domain::id::{DistrictId, PersonId, StudentId};
use uuid::Uuid;

use crate::access_record::AccessRecord;
use crate::alarm::Unusual;
use crate::door::Db;
use crate::error::{Error, Result};
use crate::facts::Caller;
use crate::request::Request;
use crate::statement;
use crate::watch::{first_id, opened};

/// In what time files are counted.
const FILES_WINDOW: TimeDelta = TimeDelta::hours(1);
/// In what time exports are counted.
const EXPORTS_WINDOW: TimeDelta = TimeDelta::hours(24);
/// Who is refused is not counted anew before this has passed.
const PATIENCE: TimeDelta = TimeDelta::seconds(10);
/// Below this many nothing is swept away.
const SWEEP_MIN: usize = 1_000;

/// The caps; 0 is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caps {
    /// Students' files that one person may open within an hour, besides their own and their children's.
    pub person: u32,
    /// Students' files that may be opened in one district within an hour, each person's each student once.
    pub district: u32,
    /// Exports of rosters that a district, and exports of a collection that a client from a district, may have within 24 hours.
    pub exports: u32,
}

/// A cap that is met.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reached {
    /// Whether the whole district has met it.
    whole: bool,
    /// Until when.
    until: DateTime<Utc>,
    /// How many there were and may be, where they were counted just now.
    counted: Option<(i64, u32)>,
}

/// What this process knows of who opened what. Shared by its threads.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    caps: Caps,
    held: Mutex<Held>,
}

/// A person or client, or with the nil id a district; and what of.
type Key = (DistrictId, Uuid, Of);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Of {
    Files,
    Exports,
}

#[derive(Debug, Default)]
struct Held {
    tallies: HashMap<Key, Tally>,
    /// The number of them at which those that are out of date are swept away.
    sweep_at: usize,
}

#[derive(Debug)]
struct Tally {
    /// The students opened, and when last. Of a district none are kept.
    students: HashMap<StudentId, DateTime<Utc>>,
    /// The number of them at which those that are out of date are swept away.
    sweep_at: usize,
    /// How many were new since what is on record was counted.
    since: u32,
    /// At how many it is to be counted again.
    allowance: u32,
    refused_until: Option<DateTime<Utc>>,
    last_at: DateTime<Utc>,
}

enum Gate {
    Pass,
    Count,
    Refused(DateTime<Utc>),
}

impl Tally {
    fn new(cap: u32, at: DateTime<Utc>) -> Self {
        Self { students: HashMap::new(), sweep_at: 64, since: 0, allowance: (cap / 8).max(1), refused_until: None, last_at: at }
    }

    fn gate(&mut self, at: DateTime<Utc>) -> Gate {
        self.last_at = at;
        if let Some(until) = self.refused_until.filter(|until| *until > at) {
            return Gate::Refused(until);
        }
        if self.since >= self.allowance {
            // Others who come meanwhile need not count too.
            self.since = 0;
            return Gate::Count;
        }
        self.since += 1;
        Gate::Pass
    }

    /// What was counted on record: how many, and when the earliest of those leaves that stands in the way.
    fn learn(&mut self, cap: u32, count: i64, frees: DateTime<Utc>, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let left = i64::from(cap) - count;
        if left <= 0 {
            let until = frees.max(at + PATIENCE);
            self.refused_until = Some(until);
            return Some(until);
        }
        let left = u32::try_from(left).unwrap_or(cap);
        self.refused_until = None;
        self.since += 1;
        self.allowance = left.min(cap / 8).max(cap / 64).max(1);
        None
    }

    fn keep(&mut self, student: StudentId, at: DateTime<Utc>) {
        if self.students.len() >= self.sweep_at {
            self.students.retain(|_, opened| *opened > at - FILES_WINDOW);
            self.sweep_at = (2 * self.students.len()).max(64);
        }
        self.students.insert(student, at);
    }
}

statement! {
    /// How many other students' files a person has opened, and when the latest of those that fill the cap was last opened.
    ByPerson {
        district: SqlUuid = Uuid, first: SqlUuid = Uuid, after: Timestamptz = DateTime<Utc>, person: SqlUuid = Uuid, student: SqlUuid = Uuid, cap: Int4 = i32,
    } -> (Int8, Nullable<Timestamptz>)
    concat!(
        "select count(*), (array_agg(last order by last desc))[$6]
           from (select max(at) as last from access_records
                  where district_id = $1 and id >= $2 and at > $3 and person_id = $4 and student_id <> $5 and", opened!(), "group by student_id) o"
    )
}

statement! {
    /// The same of a district: each person's each student once.
    ByDistrict { district: SqlUuid = Uuid, first: SqlUuid = Uuid, after: Timestamptz = DateTime<Utc>, cap: Int4 = i32 } -> (Int8, Nullable<Timestamptz>)
    concat!(
        "select count(*), (array_agg(last order by last desc))[$4]
           from (select max(at) as last from access_records
                  where district_id = $1 and id >= $2 and at > $3 and", opened!(), "group by person_id, student_id) o"
    )
}

statement! {
    /// How many exports of rosters a district has made.
    Rosters { district: SqlUuid = Uuid, first: SqlUuid = Uuid, after: Timestamptz = DateTime<Utc>, operation: Text = &'static str, cap: Int4 = i32 }
    -> (Int8, Nullable<Timestamptz>)
    "select count(*), (array_agg(at order by at desc))[$5] from access_records
      where district_id = $1 and id >= $2 and at > $3 and operation = $4 and student_id is null"
}

statement! {
    /// How many exports of a collection a client has had from a district.
    Collections { district: SqlUuid = Uuid, first: SqlUuid = Uuid, after: Timestamptz = DateTime<Utc>, client: SqlUuid = Uuid, cap: Int4 = i32 }
    -> (Int8, Nullable<Timestamptz>)
    "select count(*), (array_agg(at order by at desc))[$5] from disclosures
      where district_id = $1 and id >= $2 and at > $3 and client_id = $4 and manner = 'export'"
}

fn whole(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// How many there are, and since when the one that stands in the way.
type Counted = (i64, Option<DateTime<Utc>>);

fn limit(cap: u32) -> i32 {
    i32::try_from(cap).unwrap_or(i32::MAX)
}

impl Opened {
    pub(crate) fn new(caps: Caps) -> Self {
        Self { caps, held: Mutex::default() }
    }

    /// Whether somebody may open one more student's file. Those that they opened within the hour they may open again.
    pub(crate) async fn admit(&self, conn: &AsyncPgConnection, request: &Request, read: &AccessRecord) -> Result<Option<Reached>> {
        let (Caller::Person(person), Some(student), Some(_)) = (read.caller, read.student_id, read.resource_id) else { return Ok(None) };
        if matches!(read.relation, Some(Relation::Student | Relation::Guardian | Relation::ConsentedGuardian)) {
            return Ok(None);
        }
        let (id, own) = (person.0, self.caps.person);
        let (district, at) = (request.district, request.at);
        if (own == 0 && self.caps.district == 0) || self.is_known((district, id, Of::Files), student, at) {
            return Ok(None);
        }
        for (whole, key, cap) in [(false, (district, id, Of::Files), own), (true, (district, Uuid::nil(), Of::Files), self.caps.district)] {
            let gate = if cap == 0 { Gate::Pass } else { self.with(key, cap, at, |tally| tally.gate(at)) };
            match gate {
                Gate::Pass => {}
                Gate::Refused(until) => return Ok(Some(Reached { whole, until, counted: None })),
                Gate::Count => {
                    let (count, since) = counted(conn, request, (!whole).then_some((person, student)), cap).await?;
                    let frees = since.unwrap_or(at) + FILES_WINDOW;
                    if let Some(until) = self.with(key, cap, at, |tally| tally.learn(cap, count, frees, at)) {
                        return Ok(Some(Reached { whole, until, counted: Some((count, cap)) }));
                    }
                }
            }
        }
        self.with((district, id, Of::Files), own, at, |tally| tally.keep(student, at));
        Ok(None)
    }

    fn is_known(&self, key: Key, student: StudentId, at: DateTime<Utc>) -> bool {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(opened) = held.tallies.get_mut(&key).and_then(|tally| tally.students.get_mut(&student)) else { return false };
        let known = *opened > at - FILES_WINDOW;
        if known {
            *opened = at;
        }
        known
    }

    fn with<T>(&self, key: Key, cap: u32, at: DateTime<Utc>, change: impl FnOnce(&mut Tally) -> T) -> T {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.tallies.len() >= held.sweep_at {
            held.tallies.retain(|_, tally| tally.last_at > at - FILES_WINDOW || tally.refused_until.is_some_and(|until| until > at));
            held.sweep_at = (2 * held.tallies.len()).max(SWEEP_MIN);
        }
        change(held.tallies.entry(key).or_insert_with(|| Tally::new(cap, at)))
    }
}

async fn counted(conn: &AsyncPgConnection, request: &Request, whose: Option<(PersonId, StudentId)>, cap: u32) -> Result<Counted> {
    let mut conn = conn;
    let after = request.at - FILES_WINDOW;
    let (district, first, cap) = (request.district.0, first_id(after), limit(cap));
    Ok(match whose {
        None => ByDistrict { district, first, after, cap }.get_result(&mut conn).await?,
        Some((person, student)) => ByPerson { district, first, after, person: person.0, student: student.0, cap }.get_result(&mut conn).await?,
    })
}

/// What is exported.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Export {
    /// A roster: the district's exports are counted.
    Roster,
    /// A collection: those that the client has had from the district are.
    Collection,
}

impl Db {
    /// The same, with caps; as it is made it has none. Those made beside it share them.
    pub fn capped(mut self, caps: Caps) -> Self {
        self.opened = Arc::new(Opened::new(caps));
        self
    }

    /// What a caller is told who has met a cap of files; the custodian is told too.
    pub(crate) async fn refuse_file(&self, request: &Request, caller: Caller, reached: Reached) -> Error {
        let detail = match reached.whole {
            true => "So many files were opened in your district that no more may be for a while.",
            false => "You have opened as many students' files as an hour allows.",
        };
        if let Some((count, cap)) = reached.counted {
            let caller = (!reached.whole).then_some(caller);
            let (kind, operation) = (AlarmKind::FileCap, request.operation.to_owned());
            self.tell(request.district, Unusual { kind, caller, at: request.at, operation, count: whole(count), threshold: limit(cap) }).await;
        }
        exceeded(request.at, reached.until, detail)
    }

    /// Whether one more export may be made.
    ///
    /// # Errors
    /// [`Error::CapReached`].
    pub(crate) async fn admit_export(
        &self,
        district: DistrictId,
        at: DateTime<Utc>,
        caller: Caller,
        operation: &'static str,
        what: Export,
    ) -> Result<()> {
        let cap = self.opened.caps.exports;
        if cap == 0 {
            return Ok(());
        }
        let whose = match (what, caller) {
            (Export::Roster, _) => Uuid::nil(),
            (Export::Collection, Caller::Client(id)) => id.0,
            (Export::Collection, Caller::Person(id)) => id.0,
        };
        let detail = "As many exports were made as a day allows.";
        let key = (district, whose, Of::Exports);
        if let Some(until) = self.opened.with(key, cap, at, |tally| tally.refused_until.filter(|until| *until > at)) {
            return Err(exceeded(at, until, detail));
        }
        let after = at - EXPORTS_WINDOW;
        let (first, most) = (first_id(after), limit(cap));
        let (count, since) = self
            .system(district, at, async |tx| {
                let mut conn = tx.conn;
                let district = district.0;
                Ok(match what {
                    Export::Roster => Rosters { district, first, after, operation, cap: most }.get_result::<Counted>(&mut conn).await?,
                    Export::Collection => Collections { district, first, after, client: whose, cap: most }.get_result::<Counted>(&mut conn).await?,
                })
            })
            .await?;
        let frees = since.unwrap_or(at) + EXPORTS_WINDOW;
        match self.opened.with(key, cap, at, |tally| tally.learn(cap, count, frees, at)) {
            None => Ok(()),
            Some(until) => {
                let (kind, operation) = (AlarmKind::ExportCap, operation.to_owned());
                self.tell(district, Unusual { kind, caller: Some(caller), at, operation, count: whole(count), threshold: limit(cap) }).await;
                Err(exceeded(at, until, detail))
            }
        }
    }

    /// A refusal stands, whether or not it can be told.
    async fn tell(&self, district: DistrictId, unusual: Unusual) {
        let (at, kind) = (unusual.at, unusual.kind);
        if let Err(error) = self.system(district, at, async |tx| crate::alarm::raise(tx, unusual).await).await {
            tracing::error!(%error, %district, %kind, "an alarm could not be raised");
        }
    }
}

fn exceeded(at: DateTime<Utc>, until: DateTime<Utc>, detail: &'static str) -> Error {
    let seconds = u64::try_from((until - at).num_seconds()).unwrap_or_default() + 1;
    Error::CapReached { seconds, detail }
}
