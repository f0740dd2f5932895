//! Entries that tell a person how they stand to a student from here on, so that they can delete what they may no longer hold.
//!
//! - `granted` names the sections of a student that the caller reads: hold exactly these. `withdrawn` says: hold nothing. They describe
//!   the standing at delivery, so that the last one counts, and one that comes twice does no harm.
//! - They come where the feed passes a change of a guardian link or an assignment of the caller, of an order against the caller, or of what a student
//!   asks about privacy, or of an adult status; for a custodian, of a request of the family to inspect or amend; and of a student's record or enrollment, if by then nothing is readable. They come at the first call of a new day in the district, where a date alone has moved
//!   something: a link or assignment that begins or ends, an 18th birthday, the first day after school.
//! - For an office (`appointment`) that the caller gets, gives up or that begins or ends by date there is one entry without a
//!   student: read the list of students again.
//! - `withdrawn` is told only to who was shown something of the student before (access records), so that it tells nobody of a student
//!   whom they never knew. Who once saw a student may thus get `withdrawn` again when the student's record changes.
//!
//! Not told: that a translation is withheld from now on, because words of its record are; sections lost while others stay, where it is not by the
//! caller's own link, assignment or a date (a district that changes its profile; a class that ends for a roster teacher who keeps another). `GET` of
//! the record answers 404 all the same, at once.

use std::collections::{HashMap, HashSet};

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::sql_types::{Array, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use openilp_domain::access::Sections;
use openilp_domain::id::{PersonId, StudentId};
use openilp_domain::kind::{FeedOperation, Kind, Operation};
use openilp_domain::time::covers;
use uuid::Uuid;

use super::{FeedEntry, Row};
use crate::door::Tx;
use crate::error::Result;
use crate::grant::Grant;
use crate::statement;

statement! {
    /// Which of these links, assignments, orders and appointments are the person's.
    Own { district: SqlUuid = Uuid, person: SqlUuid = Uuid, ids: Array<SqlUuid> = Vec<Uuid> } -> (SqlUuid)
    "select id from guardian_links where district_id = $1 and guardian_id = $2 and id = any($3)
     union all select id from assignments where district_id = $1 and person_id = $2 and id = any($3)
     union all select c.id from consents c where c.district_id = $1 and c.id = any($3)
        and (c.person_id = $2 or exists (select from partner_members m where m.district_id = $1 and m.partner_id = c.partner_id and m.person_id = $2)
             or exists (select from group_members m where m.district_id = $1 and m.group_id = c.group_id and m.person_id = $2))
     union all select id from restrictions where district_id = $1 and person_id = $2 and id = any($3)
     union all select id from appointments where district_id = $1 and person_id = $2 and id = any($3)"
}

statement! {
    /// Which of these students the person was ever shown something of.
    ShownBefore { district: SqlUuid = Uuid, person: SqlUuid = Uuid, students: Array<SqlUuid> = Vec<Uuid> } -> (SqlUuid)
    "select s.id from unnest($3) as s (id)
      where exists (select from access_records r where r.district_id = $1 and r.student_id = s.id and r.person_id = $2)
         or exists (select from access_record_students x join access_records r on r.district_id = $1 and r.id = x.access_record_id
                     where x.district_id = $1 and x.student_id = s.id and r.person_id = $2)"
}

statement! {
    /// The students to whom the person has a relation of their own, in force or not; an office is none.
    Related { district: SqlUuid = Uuid, person: SqlUuid = Uuid } -> (SqlUuid)
    "select distinct student_id from student_relations
      where district_id = $1 and person_id = $2 and relation not in ('schoolManager', 'coordinator', 'custodian')"
}

/// What rows of the feed did to the caller's standing, each with the position of the row that did it.
pub(super) async fn touched(
    tx: &Tx<'_>,
    grant: &Grant,
    person: PersonId,
    rows: &[Row],
    standings: &HashMap<StudentId, Grant>,
) -> Result<Vec<(i64, FeedEntry)>> {
    let today = grant.district().today;
    let own = own(tx, person, rows).await?;
    let readable = |student: StudentId| standings.get(&student).map_or(Sections::NONE, |grant| grant.readable_on(today));
    // The last row that touched a student counts.
    let mut students: HashMap<StudentId, &Row> = HashMap::new();
    let mut told = vec![];
    for row in rows {
        match (row.kind, row.student_id) {
            (Kind::GuardianLink | Kind::Assignment | Kind::Consent | Kind::Restriction, Some(student)) if own.contains(&row.id) => {
                students.insert(student, row);
            }
            // Whom it concerns does not stand in it: whoever reads something of the student is told how they stand.
            (Kind::PrivacyPreference | Kind::AdultStatus, Some(student)) => {
                students.insert(student, row);
            }
            // What an open request of the family is about only custodians read meanwhile.
            (Kind::InspectionRequest | Kind::AmendmentRequest, Some(student)) if standings.get(&student).is_some_and(Grant::keeps_privacy) => {
                students.insert(student, row);
            }
            (Kind::Student | Kind::Enrollment, Some(student)) if readable(student).is_empty() => {
                students.insert(student, row);
            }
            (Kind::Appointment, _) if own.contains(&row.id) => told.push((row.position, office(grant, today, row.id, row.at))),
            _ => {}
        }
    }
    let lost = students.keys().copied().filter(|student| readable(*student).is_empty()).collect();
    let shown = shown_before(tx, person, lost).await?;
    for (student, row) in students {
        let sections = readable(student);
        if sections.is_empty() && !shown.contains(&student) {
            continue;
        }
        told.push((row.position, standing(student, sections, derived(&[row.id.as_bytes(), student.0.as_bytes()]), row.at)));
    }
    Ok(told)
}

/// What dates alone have done since a day.
pub(super) async fn since(tx: &Tx<'_>, grant: &Grant, day: NaiveDate) -> Result<Vec<FeedEntry>> {
    let person = grant.person()?;
    let today = grant.district().today;
    let mut conn = tx.conn;
    let related = Related { district: tx.district.0, person: person.0 }.load::<(Uuid,)>(&mut conn).await?;
    let standings = grant.towards(tx, related.into_iter().map(|(id,)| StudentId(id)).collect()).await?;
    let moved: Vec<(StudentId, Sections)> = standings
        .iter()
        .map(|(student, grant)| (*student, grant.readable_on(day), grant.readable_on(today)))
        .filter(|(_, then, now)| then != now)
        .map(|(student, _, now)| (student, now))
        .collect();
    let lost = moved.iter().filter(|(_, now)| now.is_empty()).map(|(student, _)| *student).collect();
    let shown = shown_before(tx, person, lost).await?;
    let mut told: Vec<FeedEntry> = moved
        .into_iter()
        .filter(|(student, now)| !now.is_empty() || shown.contains(student))
        .map(|(student, now)| standing(student, now, derived(&[today.to_string().as_bytes(), student.0.as_bytes()]), tx.at))
        .collect();
    told.sort_by_key(|entry| entry.resource_id);
    let held_on = |day| grant.standing.iter().filter(move |fact| covers(fact.valid_from, fact.valid_to, day)).map(|fact| fact.relation);
    if !held_on(day).eq(held_on(today)) {
        told.push(office(grant, today, derived(&[today.to_string().as_bytes(), person.0.as_bytes()]), tx.at));
    }
    Ok(told)
}

/// The rows that changed a link, an assignment or an office of the person, or an order against them.
async fn own(tx: &Tx<'_>, person: PersonId, rows: &[Row]) -> Result<HashSet<Uuid>> {
    let is_relation = |kind| matches!(kind, Kind::GuardianLink | Kind::Assignment | Kind::Consent | Kind::Restriction | Kind::Appointment);
    let relations = || rows.iter().filter(|row| is_relation(row.kind));
    if relations().next().is_none() {
        return Ok(HashSet::new());
    }
    let mut conn = tx.conn;
    let ids = relations().map(|row| row.resource_id).collect();
    let there = Own { district: tx.district.0, person: person.0, ids }.load::<(Uuid,)>(&mut conn).await?;
    let there: HashSet<Uuid> = there.into_iter().map(|(id,)| id).collect();
    // What is gone says in its body whose it was.
    let gone: Vec<Uuid> = relations().filter(|row| row.operation == Operation::Removed).map(|row| row.id).collect();
    let bodies = super::bodies(tx, gone).await?;
    let was_own =
        |row: &Row| bodies.get(&row.id).and_then(|body| serde_json::from_str::<Whose>(body.get()).ok()).is_some_and(|whose| whose.is(person));
    Ok(relations().filter(|row| there.contains(&row.resource_id) || was_own(row)).map(|row| row.id).collect())
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Whose {
    guardian_id: Option<PersonId>,
    person_id: Option<PersonId>,
}

impl Whose {
    fn is(&self, person: PersonId) -> bool {
        self.guardian_id == Some(person) || self.person_id == Some(person)
    }
}

async fn shown_before(tx: &Tx<'_>, person: PersonId, students: Vec<StudentId>) -> Result<HashSet<StudentId>> {
    if students.is_empty() {
        return Ok(HashSet::new());
    }
    let mut conn = tx.conn;
    let students = students.into_iter().map(Uuid::from).collect();
    let shown = ShownBefore { district: tx.district.0, person: person.0, students }.load::<(Uuid,)>(&mut conn).await?;
    Ok(shown.into_iter().map(|(id,)| StudentId(id)).collect())
}

fn standing(student: StudentId, sections: Sections, id: Uuid, at: DateTime<Utc>) -> FeedEntry {
    let operation = if sections.is_empty() { FeedOperation::Withdrawn } else { FeedOperation::Granted };
    FeedEntry {
        id,
        at,
        operation,
        kind: Kind::Student,
        resource_id: student.0,
        version: None,
        student_id: Some(student),
        section: None,
        sections: (!sections.is_empty()).then_some(sections),
        body: None,
        statements: vec![],
    }
}

fn office(grant: &Grant, today: NaiveDate, change: Uuid, at: DateTime<Utc>) -> FeedEntry {
    let held = grant.standing.iter().any(|fact| covers(fact.valid_from, fact.valid_to, today));
    FeedEntry {
        id: derived(&[change.as_bytes(), b"office"]),
        at,
        operation: if held { FeedOperation::Granted } else { FeedOperation::Withdrawn },
        kind: Kind::Appointment,
        resource_id: grant.district().id.0,
        version: None,
        student_id: None,
        section: None,
        sections: None,
        body: None,
        statements: vec![],
    }
}

/// The id of an entry that is no change's: the same whenever it is delivered again (UUID version 8, RFC 9562).
fn derived(parts: &[&[u8]]) -> Uuid {
    let hash = digest(&SHA256, &parts.concat());
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash.as_ref()).for_each(|(to, from)| *to = *from);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
