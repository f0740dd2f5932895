//! Assignments of staff to students, and caseloads.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use diesel::{BoolExpressionMethods, ExpressionMethods, OptionalExtension, PgExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::{Section, SupportProgram};
use openilp_domain::assignment::{Assignment, AssignmentKind, AssignmentPatch, Caseload, NewAssignment, NewCaseload};
use openilp_domain::id::{AssignmentId, PersonId, StudentId};
use openilp_domain::kind::Operation;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::Granted;
use crate::kept::note;
use crate::relation::{count, expect_school};
use crate::schema::assignments::dsl;
use crate::schema::students;

crate::relation! {
    Assignment (AssignmentId, NewAssignment, AssignmentPatch) in assignments of person_id {
        id, student_id, person_id, kind, valid_from, source, version, created_at, updated_at, confirmed_at, confirmed_by, valid_to, program
    }
    narrowed |rows, filter| {}
    impl {
        const SECTIONS: &'static str = "S0";
        fn section(&self) -> Section {
            Self::section(self)
        }
    }
}

/// How many one statement inserts: each has 15 binds, and a statement has at most 65,535.
const ROWS_MAX: usize = 1000;

/// Makes one, confirmed.
pub async fn create(tx: &Tx<'_>, granted: &Granted<'_>, new: NewAssignment) -> Result<Assignment> {
    let from = granted.grant().first_day(new.valid_from, new.valid_to)?;
    let as_what = What { person_id: new.person_id, kind: new.kind, program: new.program, from, to: new.valid_to };
    insert(tx, granted, &as_what, &[new.student_id]).await?.pop().ok_or_else(|| Error::Internal("an assignment was not inserted".into()))
}

/// What students are assigned to whom as.
struct What {
    person_id: PersonId,
    kind: AssignmentKind,
    program: Option<SupportProgram>,
    from: NaiveDate,
    to: Option<NaiveDate>,
}

async fn insert(tx: &Tx<'_>, granted: &Granted<'_>, what: &What, students: &[StudentId]) -> Result<Vec<Assignment>> {
    let mut conn = tx.conn;
    let mut created = Vec::with_capacity(students.len());
    for students in students.chunks(ROWS_MAX) {
        let row = |student: &StudentId| {
            (
                dsl::district_id.eq(tx.district),
                dsl::id.eq(tx.id()),
                dsl::student_id.eq(*student),
                dsl::person_id.eq(what.person_id),
                dsl::kind.eq(what.kind),
                dsl::program.eq(what.program),
                dsl::confirmed_at.eq(Some(tx.at)),
                dsl::confirmed_by.eq(granted.grant().caller().person()),
                dsl::valid_from.eq(what.from),
                dsl::valid_to.eq(what.to),
                dsl::source.eq(granted.relation().word()),
                dsl::version.eq(1),
                dsl::created_at.eq(tx.at),
                dsl::updated_at.eq(tx.at),
            )
        };
        let rows: Vec<_> = students.iter().map(row).collect();
        created.extend(diesel::insert_into(dsl::assignments).values(rows).returning(columns!()).get_results::<Assignment>(&mut conn).await?);
    }
    for assignment in &created {
        note(tx, Operation::Created, assignment).await?;
    }
    Ok(created)
}

/// Changes the end, if it still has the version that the caller saw. From then on it is the custodian's word, so that no load changes it.
pub async fn amend(tx: &Tx<'_>, granted: &Granted<'_>, id: AssignmentId, version: i32, patch: AssignmentPatch) -> Result<Assignment> {
    let before = current(tx, id, version).await?;
    let faults = before.check(&patch);
    if !faults.0.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let mut conn = tx.conn;
    let amended = diesel::update(dsl::assignments.find((tx.district, id)))
        .set((
            patch.valid_to.into_column().map(|value| dsl::valid_to.eq(value)),
            dsl::source.eq(granted.relation().word()),
            dsl::version.eq(version + 1),
            dsl::updated_at.eq(tx.at),
        ))
        .returning(columns!())
        .get_result::<Assignment>(&mut conn)
        .await?;
    note(tx, Operation::Amended, &amended).await?;
    Ok(amended)
}

/// Sees to it that every student of a caseload has a confirmed assignment in force from the first day on: what is there stays,
/// what is unconfirmed is confirmed, what is missing is made.
pub async fn take_on(tx: &Tx<'_>, granted: &Granted<'_>, new: NewCaseload) -> Result<Caseload> {
    let from = granted.grant().first_day(new.valid_from, new.valid_to)?;
    let what = What { person_id: new.person_id, kind: new.kind, program: new.program, from, to: new.valid_to };
    let named: Option<HashSet<StudentId>> = new.student_ids.as_ref().map(|ids| ids.iter().copied().collect());
    let students = students_of(tx, new).await?;
    let there = in_force(tx, &what, &students).await?;
    let open = there.values().filter(|(_, confirmed)| !confirmed).map(|(id, _)| *id).collect();
    let missing: Vec<StudentId> = students.iter().copied().filter(|student| !there.contains_key(student)).collect();
    let confirmed = confirm_open(tx, granted, open).await?.len();
    let created = insert(tx, granted, &what, &missing).await?.len();
    Ok(Caseload {
        created: count(created),
        confirmed: count(confirmed),
        unchanged: count(there.len() - confirmed),
        unknown: count(named.map_or(0, |named| named.len() - students.len())),
    })
}

/// The students of a caseload, those that are there.
async fn students_of(tx: &Tx<'_>, new: NewCaseload) -> Result<Vec<StudentId>> {
    let mut conn = tx.conn;
    let mut rows = students::table.filter(students::district_id.eq(tx.district)).order(students::id).select(students::id).into_boxed();
    if let Some(ids) = new.student_ids {
        rows = rows.filter(students::id.eq_any(ids));
    }
    if let Some(school) = new.school_id {
        expect_school(tx, school).await?;
        rows = rows.filter(students::school_id.eq(school)).filter(students::active);
    }
    if let Some(grades) = new.grades {
        rows = rows.filter(students::grade.eq_any(grades));
    }
    Ok(rows.load::<StudentId>(&mut conn).await?)
}

/// The assignment that each student has already on the first day, and whether it is confirmed; a confirmed one where there are several.
async fn in_force(tx: &Tx<'_>, what: &What, students: &[StudentId]) -> Result<HashMap<StudentId, (Uuid, bool)>> {
    let mut conn = tx.conn;
    let rows = dsl::assignments
        .filter(dsl::district_id.eq(tx.district))
        .filter(dsl::person_id.eq(what.person_id))
        .filter(dsl::kind.eq(what.kind))
        .filter(dsl::program.is_not_distinct_from(what.program))
        .filter(dsl::student_id.eq_any(students))
        .filter(dsl::valid_from.le(what.from))
        .filter(dsl::valid_to.is_null().or(dsl::valid_to.gt(what.from)))
        .order(dsl::confirmed_at.is_not_null())
        .select((dsl::student_id, dsl::id, dsl::confirmed_at.is_not_null()))
        .for_update()
        .load::<(StudentId, Uuid, bool)>(&mut conn)
        .await?;
    Ok(rows.into_iter().map(|(student, id, confirmed)| (student, (id, confirmed))).collect())
}
