//! Validation of the supplement: whom and what its rows point at, and that no identifier names two.

use super::Parsed;
use super::staged::RosterFile;
use super::validate::{DUPLICATE, DUPLICATE_IDENTIFIER, Reference, WRONG_REFERENCE, one, place_of};
use super::work::Work;
use crate::error::Result;

/// Columns whose ids point at rows of a file.
pub(super) const REFERENCES: &[Reference] = {
    use RosterFile::{
        AcademicSessions, Addresses, Assignments, Attendance, Caseloads, Flags, Guardians, Orgs, Outcomes, PostSchoolOutcomes, Relationships,
        StateIds, Telephones, UserFlags, Users,
    };
    &[
        one(Addresses, "userSourcedId", "person", Users),
        one(Telephones, "userSourcedId", "person", Users),
        one(Guardians, STUDENT, "person", Users),
        one(Guardians, GUARDIAN, "guardian", Users),
        one(Relationships, "userSourcedId", "person", Users),
        one(Relationships, "relationshipUserSourcedId", "guardian", Users),
        one(Caseloads, STAFF, "person", Users),
        one(Caseloads, SCHOOL, "school", Orgs),
        one(Assignments, STAFF, "staff", Users),
        one(Assignments, STUDENT, "person", Users),
        one(Flags, STUDENT, "person", Users),
        one(StateIds, "userSourcedId", "person", Users),
        one(Attendance, STUDENT, "person", Users),
        one(Attendance, SCHOOL, "school", Orgs),
        one(Attendance, "academicSessionSourcedId", "session", AcademicSessions),
        one(Outcomes, STUDENT, "person", Users),
        one(Outcomes, SCHOOL, "school", Orgs),
        one(PostSchoolOutcomes, STUDENT, "person", Users),
        one(UserFlags, "userSourcedId", "person", Users),
    ]
};

const STUDENT: &str = "studentSourcedId";
const STAFF: &str = "staffSourcedId";
const GUARDIAN: &str = "guardianSourcedId";
const SCHOOL: &str = "schoolSourcedId";

/// The files of which every row is of a student, with the column that says of which.
const OF_STUDENTS: [(RosterFile, &str); 8] = [
    (RosterFile::Assignments, STUDENT),
    (RosterFile::Guardians, STUDENT),
    (RosterFile::Relationships, "userSourcedId"),
    (RosterFile::Flags, STUDENT),
    (RosterFile::Attendance, STUDENT),
    (RosterFile::Outcomes, STUDENT),
    (RosterFile::PostSchoolOutcomes, STUDENT),
    (RosterFile::UserFlags, "userSourcedId"),
];

/// The files whose rows name a school.
const OF_SCHOOLS: [RosterFile; 3] = [RosterFile::Caseloads, RosterFile::Attendance, RosterFile::Outcomes];

/// Finds what is wrong with the rows of the supplement, beside references that point nowhere.
pub(super) async fn check(work: &Work, parsed: &Parsed) -> Result<()> {
    for file in OF_SCHOOLS {
        schools(work, file).await?;
    }
    for (file, column) in [(RosterFile::Guardians, GUARDIAN), (RosterFile::Relationships, "relationshipUserSourcedId")] {
        let rows = format!("{} r where r.line > 0 and r.guardian = r.person", file.table());
        fault(work, file, column, (WRONG_REFERENCE, "'A student cannot be their own guardian.'"), &rows).await?;
    }
    let rows = "(select s.line, min(s.line) over (partition by s.person, s.guardian) as first from staged_guardians s) r where r.line > r.first";
    fault(work, RosterFile::Guardians, GUARDIAN, (DUPLICATE, "'Another row says what this guardian is to the student.'"), rows).await?;
    if !parsed.is_whole(RosterFile::Roles) {
        return Ok(());
    }
    for (file, column) in OF_STUDENTS {
        students(work, file, column, "true").await?;
    }
    staff(work, RosterFile::Caseloads, "person").await?;
    staff(work, RosterFile::Assignments, "staff").await?;
    students(work, RosterFile::StateIds, "userSourcedId", "r.kind = 'student'").await?;
    state_ids(work).await
}

/// A fault of rows of a file: its column, code and detail, and the rows, as `r`.
pub(super) async fn fault(work: &Work, file: RosterFile, column: &str, (code, detail): (&str, &str), rows: &str) -> Result<()> {
    let sql = format!(
        "insert into staged_faults (place, number, file, line, column_name, code, detail)
         select {}, 0, '{}', r.line, '{column}', '{code}', {detail} from {rows}",
        place_of(file),
        file.name(),
    );
    work.run(&sql).await?;
    Ok(())
}

/// Who is no student, now or before. A user who is not there is said to be so already.
async fn students(work: &Work, file: RosterFile, column: &str, which: &str) -> Result<()> {
    let rows = format!(
        "{} r join staged_users u on u.sourced_id = r.person
          where r.line > 0 and {which} and not exists (select from staged_roles o where o.person = r.person and o.role = 'student')
            and not exists (select from external_identifiers e join students s on s.district_id = :district and s.id = e.target_id
                 where e.district_id = :district and e.system = :source and e.kind = 'person' and e.value = r.person)",
        file.table()
    );
    fault(work, file, column, (WRONG_REFERENCE, "'The id is that of a user who is no student.'"), &rows).await
}

/// Who is no member of staff. Whoever is named and is not there is said to be so already.
async fn staff(work: &Work, file: RosterFile, cell: &str) -> Result<()> {
    let rows = format!(
        "{} r join staged_users u on u.sourced_id = r.{cell}
          where r.line > 0 and not exists (select from staged_roles o
                where o.person = r.{cell} and o.role not in ('student', 'guardian', 'parent', 'relative'))",
        file.table()
    );
    fault(work, file, STAFF, (WRONG_REFERENCE, "'The id is that of a user who is no member of staff.'"), &rows).await
}

async fn schools(work: &Work, file: RosterFile) -> Result<()> {
    let rows = format!("{} r join staged_orgs o on o.sourced_id = r.school where o.kind <> 'school' and r.line > 0", file.table());
    fault(work, file, SCHOOL, (WRONG_REFERENCE, "'The id is that of an org that is no school.'"), &rows).await
}

/// Somebody has one identifier as a student and one as staff, and an identifier names one student, or one member of staff. That of a student is
/// the supplement's where there is one, and else that of users.csv.
async fn state_ids(work: &Work) -> Result<()> {
    let file = RosterFile::StateIds;
    let rows = "(select s.line, s.sourced_id, min(s.line) over (partition by s.person, s.kind) as first from staged_state_ids s where s.line > 0) r
                 where r.line > r.first";
    fault(work, file, "userSourcedId", (DUPLICATE, "'The user has an identifier of this type on line ' || r.first || ' too.'"), rows).await?;
    let rows = "staged_state_ids r
                 where r.line > 0 and exists (
                   select from staged_state_ids s
                    where s.kind = r.kind and s.identifier = r.identifier and s.person <> r.person and s.line < r.line
                      and (s.line > 0 or not exists (select from staged_state_ids n where n.person = s.person and n.kind = s.kind and n.line > 0)))";
    fault(work, file, "identifier", (DUPLICATE_IDENTIFIER, "'The identifier is that of another row.'"), rows).await?;
    let rows = "staged_state_ids r join staged_users u on u.state_id = r.identifier and u.sourced_id <> r.person
                 where r.line > 0 and r.kind = 'student'
                   and exists (select from staged_roles o where o.person = u.sourced_id and o.role = 'student')
                   and not exists (select from staged_state_ids s where s.person = u.sourced_id and s.kind = 'student')";
    fault(work, file, "identifier", (DUPLICATE_IDENTIFIER, "'The identifier is that of another student in users.csv.'"), rows).await
}
