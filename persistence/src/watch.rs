//! The watch over volume: who opened far more students' files within an hour than they ever do (access.md 7.5). It is computed from access
//! records, whichever node wrote them. Students and families are left out: their relations bound what they can open.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::sql_types::{Int4, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use openilp_domain::alarm::AlarmKind;
use uuid::Uuid;

use crate::alarm::{self, Unusual, hour_of};
use crate::door::{Db, Tx};
use crate::error::Result;
use crate::facts::Caller;
use crate::statement;

/// How often.
const EVERY: Duration = Duration::from_secs(120);
/// How long after an hour its last access records may come.
const LATE: TimeDelta = TimeDelta::minutes(5);
/// With how much of the past an hour is compared.
const HISTORY: TimeDelta = TimeDelta::days(28);
/// How many times their highest hour somebody may open without an alarm.
const TIMES: i64 = 2;

/// Which access records tell that a student's file, or a part of it, was opened by somebody who is neither the student nor a guardian.
macro_rules! opened {
    () => {
        " student_id is not null and resource_id is not null and coalesce(relation, '') not in ('self', 'guardian', 'consentedGuardian') "
    };
}
pub(crate) use opened;

/// The lowest id that something made at an instant can have. Ids are in the order of time, so that the access records of an hour are found by
/// their primary key.
pub(crate) fn first_id(at: DateTime<Utc>) -> Uuid {
    Uuid::from_u128(u128::try_from(at.timestamp_millis()).unwrap_or_default() << 80)
}

statement! {
    /// From when on hours are not summed up yet.
    SummedUntil { district: SqlUuid = Uuid } -> (Nullable<Timestamptz>)
    "select max(hour) + interval '1 hour' from access_hours where district_id = $1"
}

statement! {
    /// Sums up the hours that are over.
    SumUp { district: SqlUuid = Uuid, first: SqlUuid = Uuid, from: Timestamptz = DateTime<Utc>, until: Timestamptz = DateTime<Utc> } -> ()
    concat!(
        "insert into access_hours (district_id, caller_id, hour, students)
         select $1, coalesce(person_id, client_id), date_trunc('hour', at), count(distinct student_id) from access_records
          where district_id = $1 and id >= $2 and at >= $3 and at < $4 and coalesce(person_id, client_id) is not null and", opened!(),
        "group by coalesce(person_id, client_id), date_trunc('hour', at) on conflict do nothing"
    )
}

statement! {
    /// Forgets hours that nothing is compared with any more.
    Forget { district: SqlUuid = Uuid, before: Timestamptz = DateTime<Utc> } -> ()
    "delete from access_hours where district_id = $1 and hour < $2"
}

statement! {
    /// Who opened more than so many students' files within an hour, with their most frequent operation, and the most they opened within any hour of the
    /// time before.
    Much {
        district: SqlUuid = Uuid, first: SqlUuid = Uuid, hour: Timestamptz = DateTime<Utc>, least: Int8 = i64, since: Timestamptz = DateTime<Utc>,
    } -> (Nullable<SqlUuid>, Nullable<SqlUuid>, Text, Int8, Int4)
    concat!(
        "select s.person_id, s.client_id, s.operation, s.students,
                coalesce((select max(h.students) from access_hours h
                           where h.district_id = $1 and h.caller_id = coalesce(s.person_id, s.client_id) and h.hour >= $5 and h.hour < $3), 0)
           from (select person_id, client_id, mode() within group (order by operation) as operation, count(distinct student_id) as students
                   from access_records where district_id = $1 and id >= $2 and at >= $3 and at < $3 + interval '1 hour' and", opened!(),
        "         group by person_id, client_id having count(distinct student_id) > $4) s"
    )
}

/// Runs until the service stops. `least` is how many students' files within an hour are never too many; 0: there are no such alarms.
pub async fn run(db: Db, least: u32, clock: impl Fn() -> DateTime<Utc>) {
    if least == 0 {
        return;
    }
    loop {
        tokio::time::sleep(EVERY).await;
        if let Err(error) = once(&db, least, clock()).await {
            tracing::debug!(%error, "the watch waits for the database");
        }
    }
}

/// Once, for every district: the hour that runs, and the one before while its last records may come.
pub async fn once(db: &Db, least: u32, now: DateTime<Utc>) -> Result<()> {
    for district in db.register(async |conn| crate::district::ids(conn).await).await? {
        db.system(district, now, async |tx| {
            sum_up(tx).await?;
            let hour = hour_of(now);
            let before = hour - TimeDelta::hours(1);
            if now - hour < LATE * 2 {
                look_at(tx, before, least).await?;
            }
            look_at(tx, hour, least).await
        })
        .await?;
    }
    Ok(())
}

async fn sum_up(tx: &Tx<'_>) -> Result<()> {
    let mut conn = tx.conn;
    let history = hour_of(tx.at - HISTORY);
    let (summed,) = SummedUntil { district: tx.district.0 }.get_result::<(Option<DateTime<Utc>>,)>(&mut conn).await?;
    let (from, until) = (summed.map_or(history, |summed| summed.max(history)), hour_of(tx.at - LATE));
    if from < until {
        SumUp { district: tx.district.0, first: first_id(from), from, until }.execute(&mut conn).await?;
        Forget { district: tx.district.0, before: history }.execute(&mut conn).await?;
    }
    Ok(())
}

async fn look_at(tx: &Tx<'_>, hour: DateTime<Utc>, least: u32) -> Result<()> {
    let mut conn = tx.conn;
    let much = Much { district: tx.district.0, first: first_id(hour), hour, least: i64::from(least), since: hour - HISTORY };
    for (person, client, operation, students, highest) in much.load::<(Option<Uuid>, Option<Uuid>, String, i64, i32)>(&mut conn).await? {
        let threshold = i64::from(least).max(TIMES * i64::from(highest));
        if students <= threshold {
            continue;
        }
        let caller = person.map(|id| Caller::Person(id.into())).or(client.map(|id| Caller::Client(id.into())));
        let whole = |number: i64| i32::try_from(number).unwrap_or(i32::MAX);
        let (count, threshold) = (whole(students), whole(threshold));
        alarm::raise(tx, Unusual { kind: AlarmKind::UnusualVolume, caller, at: hour, operation, count, threshold }).await?;
    }
    Ok(())
}
