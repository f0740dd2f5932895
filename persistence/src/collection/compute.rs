//! Computing the collection: the row of every student that a change or the date may have touched is computed anew, set-based, and gets a
//! new position if it came out different.
//!
//! Positions are given under the lock of the collection's head and committed with it: gap-free, in order, and visible from below like
//! those of the feed. What is read of the journal are positions up to the feed's head; what is computed is what the tables say at that
//! moment, which may be more, never less. A change seen too early is computed again and comes out the same.

use chrono::{Datelike, NaiveDate};
use diesel::sql_types::{Array, Bool, Date, Int8, Uuid as SqlUuid};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use uuid::Uuid;

use crate::door::Tx;
use crate::error::Result;
use crate::statement;

/// How many students one statement computes by their ids.
const CHUNK: usize = 500;
/// From how many students on all are computed: one pass over the tables is then cheaper than many look-ups.
const MANY: usize = 5_000;
/// From how many changes on it is not even asked whom they are about.
const MANY_CHANGES: i64 = 50_000;

statement! {
    /// The collection's head, the journal position and the day it was computed for, and the feed's head.
    Stand { district: SqlUuid = Uuid } -> (Int8, Int8, Date, Int8)
    "select coalesce(h.head, 0), coalesce(h.journal_position, 0), coalesce(h.computed_on, '0001-01-01'), coalesce(f.head, 0)
       from (select) one
       left join collection_heads h on h.district_id = $1 and h.collection = 'ilpStatus'
       left join feeds f on f.district_id = $1"
}

statement! {
    /// Makes the head if there is none, and locks it: another computation is waited for.
    LockHead { district: SqlUuid = Uuid } -> (Int8)
    "insert into collection_heads (district_id, collection, head, journal_position, computed_on) values ($1, 'ilpStatus', 0, 0, '0001-01-01')
     on conflict (district_id, collection) do update set head = collection_heads.head returning head"
}

statement! {
    /// Notes how far the collection has come.
    MoveHead { district: SqlUuid = Uuid, head: Int8 = i64, journal_position: Int8 = i64, computed_on: Date = NaiveDate } -> ()
    "update collection_heads set head = $2, journal_position = $3, computed_on = $4 where district_id = $1 and collection = 'ilpStatus'"
}

statement! {
    /// Whether something has changed that many rows show: a school, or the district itself.
    Wide { district: SqlUuid = Uuid, after: Int8 = i64, until: Int8 = i64 } -> (Bool)
    "select exists (select from changes where district_id = $1 and position > $2 and position <= $3 and kind in ('school', 'district'))"
}

statement! {
    /// The students that changes are about.
    Touched { district: SqlUuid = Uuid, after: Int8 = i64, until: Int8 = i64 } -> (SqlUuid)
    "select distinct student_id from changes where district_id = $1 and position > $2 and position <= $3 and student_id is not null"
}

statement! {
    /// The students for whom a role came into force, or ended, after one day and until another: all that a date alone can change.
    Turned { district: SqlUuid = Uuid, after: Date = NaiveDate, until: Date = NaiveDate } -> (SqlUuid)
    "select distinct person_id from roles
      where district_id = $1 and role = 'student' and active
        and (begins_on > $2 and begins_on <= $3 or ends_on >= $2 and ends_on < $3)"
}

/// The one definition of a row. The four fragments narrow it to some students: by `id`, `student_id`, `target_id`, `person_id`.
///
/// What depends on the day ($2) is the school: it is that of the student role in force, the primary one before others; of the student's
/// row where no role names one; and none between two roles. A student who has left, or is gone, keeps only the ids.
macro_rules! computed { ($by_id:literal, $by_student:literal, $by_target:literal, $by_person:literal) => { concat!(
    "with subjects as (
       select id from students where district_id = $1 ", $by_id, "
       union
       select student_id from ilp_statuses where district_id = $1 ", $by_student, "),
     identifiers as (
       select target_id, min(value) filter (where system = 'stateStudentId') as state_id, min(value) filter (where system = 'localStudentId') as local_id
         from external_identifiers
        where district_id = $1 and kind = 'person' and system in ('stateStudentId', 'localStudentId') ", $by_target, "
        group by target_id),
     attending as (
       select person_id, bool_or(in_force) as in_force,
              (array_agg(school_id order by primary_role desc, school_id is null, begins_on desc nulls last, sourced_id) filter (where in_force))[1] as school_id
         from (select person_id, school_id, primary_role, begins_on, sourced_id,
                      (begins_on is null or begins_on <= $2) and (ends_on is null or ends_on >= $2) as in_force
                 from roles where district_id = $1 and role = 'student' and active ", $by_person, ") r
        group by person_id),
     counted as (
       select student_id,
              count(*) filter (where domain = 'academic')::int4 as academic,
              count(*) filter (where domain = 'career')::int4 as career,
              count(*) filter (where domain = 'personalSocial')::int4 as personal_social,
              bool_or(objective_kind = 'occupational') and bool_or(objective_kind = 'postsecondary') as pccr
         from goals where district_id = $1 and not entered_in_error and lifecycle_status <> 'cancelled' ", $by_student, "
        group by student_id),
     written as (
       select student_id, max(at) as at from changes
        where district_id = $1 and kind in ('plan', 'goal', 'benchmark', 'activity', 'progressRecord', 'reflection') ", $by_student, "
        group by student_id),
     computed as (
       select u.id as student_id, i.state_id, i.local_id, c.id as school_id, c.identifier as school_identifier, s.grade,
              f.id is not null as file_exists,
              coalesce(g.academic, 0) as academic, coalesce(g.career, 0) as career, coalesce(g.personal_social, 0) as personal_social,
              case when f.id is null then null when g.pccr then 'pccr' else 'ilp' end as plan_kind,
              w.at as last_changed_at, s.id is null as removed
         from subjects u
         left join identifiers i on i.target_id = u.id
         left join students s on s.district_id = $1 and s.id = u.id and s.active
         left join attending a on a.person_id = s.id
         left join schools c on c.district_id = $1
          and c.id = case when a.in_force then coalesce(a.school_id, s.school_id) when a.person_id is null then s.school_id end
         left join ilp_files f on f.district_id = $1 and f.student_id = s.id
         left join counted g on g.student_id = s.id
         left join written w on w.student_id = s.id),
     moved as (
       select c.*, $3 + row_number() over (order by c.student_id) as position
         from computed c left join ilp_statuses o on o.district_id = $1 and o.student_id = c.student_id
        where case when o.student_id is null then not c.removed
              else (o.state_student_id, o.local_student_id, o.school_id, o.school_identifier, o.grade, o.file_exists, o.academic_goals,
                    o.career_goals, o.personal_social_goals, o.plan_kind, o.last_changed_at, o.removed)
                   is distinct from
                   (c.state_id, c.local_id, c.school_id, c.school_identifier, c.grade, c.file_exists, c.academic,
                    c.career, c.personal_social, c.plan_kind, c.last_changed_at, c.removed) end),
     kept as (
       insert into ilp_statuses (district_id, student_id, position, first_position, state_student_id, local_student_id, school_id,
                                 school_identifier, grade, file_exists, academic_goals, career_goals, personal_social_goals, plan_kind,
                                 last_changed_at, removed)
       select $1, student_id, position, position, state_id, local_id, school_id, school_identifier, grade, file_exists, academic, career,
              personal_social, plan_kind, last_changed_at, removed
         from moved
       on conflict (district_id, student_id) do update set
              position = excluded.position, state_student_id = excluded.state_student_id, local_student_id = excluded.local_student_id,
              school_id = excluded.school_id, school_identifier = excluded.school_identifier, grade = excluded.grade,
              file_exists = excluded.file_exists, academic_goals = excluded.academic_goals, career_goals = excluded.career_goals,
              personal_social_goals = excluded.personal_social_goals, plan_kind = excluded.plan_kind,
              last_changed_at = excluded.last_changed_at, removed = excluded.removed
       returning 1)
     select $3 + count(*) from kept"
) } }

statement! {
    /// Computes every student's row; positions follow `head`. Returns the new head.
    ComputeAll { district: SqlUuid = Uuid, today: Date = NaiveDate, head: Int8 = i64 } -> (Int8)
    computed!("", "", "", "")
}

statement! {
    /// The same for some students.
    ComputeSome { district: SqlUuid = Uuid, today: Date = NaiveDate, head: Int8 = i64, students: Array<SqlUuid> = Vec<Uuid> } -> (Int8)
    computed!("and id = any($4)", "and student_id = any($4)", "and target_id = any($4)", "and person_id = any($4)")
}

/// Computes what the changes up to the feed's head, and the date, have touched. Returns the collection's head.
pub(super) async fn bring_up_to_date(tx: &Tx<'_>, today: NaiveDate) -> Result<i64> {
    let mut conn = tx.conn;
    let district = tx.district.0;
    let stand = async || Stand { district }.get_result::<(i64, i64, NaiveDate, i64)>(&mut { tx.conn }).await;
    let (head, seen, computed_on, feed) = stand().await?;
    if seen == feed && today <= computed_on {
        return Ok(head);
    }

    // The first computation of a large district takes its time, and those who wait for it too.
    conn.batch_execute("set local statement_timeout = '10min'").await?;
    conn.batch_execute("set local lock_timeout = '60s'").await?;
    LockHead { district }.get_result::<(i64,)>(&mut conn).await?;
    let (mut head, seen, computed_on, feed) = stand().await?;
    // Days do not go back: clocks of two processes may differ around midnight.
    let today = today.max(computed_on);
    let touched = touched(tx, (computed_on, today), (seen, feed)).await?;
    match touched {
        None => (head,) = ComputeAll { district, today, head }.get_result(&mut conn).await?,
        Some(students) => {
            for chunk in students.chunks(CHUNK) {
                (head,) = ComputeSome { district, today, head, students: chunk.to_vec() }.get_result(&mut conn).await?;
            }
        }
    }
    MoveHead { district, head, journal_position: feed, computed_on: today }.execute(&mut conn).await?;
    Ok(head)
}

/// The students whose rows the days and the changes after the last computation may have touched; none where it is quicker to compute all.
async fn touched(tx: &Tx<'_>, (computed_on, today): (NaiveDate, NaiveDate), (seen, feed): (i64, i64)) -> Result<Option<Vec<Uuid>>> {
    let mut conn = tx.conn;
    let district = tx.district.0;
    let first = computed_on.year() == 1;
    if first || feed - seen > MANY_CHANGES {
        return Ok(None);
    }
    let (wide,) = Wide { district, after: seen, until: feed }.get_result::<(bool,)>(&mut conn).await?;
    if wide {
        return Ok(None);
    }
    let mut students = Touched { district, after: seen, until: feed }.load::<(Uuid,)>(&mut conn).await?;
    if today > computed_on {
        students.extend(Turned { district, after: computed_on, until: today }.load::<(Uuid,)>(&mut conn).await?);
    }
    students.sort_unstable();
    students.dedup();
    Ok((students.len() <= MANY).then(|| students.into_iter().map(|(id,)| id).collect()))
}
