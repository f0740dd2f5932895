//! Rows of the supplement on their way to where persistence stages them.

use std::io;

use openilp_persistence::roster::{Rows, Staged, Stated};

use crate::oneroster::rows::{Decimal, Evidence, Row};

/// Stages a row of the supplement. Rows that are kept nowhere are checked and counted, and go no further.
pub fn stage(row: &Row, rows: &mut Rows) -> io::Result<()> {
    let stated = match row {
        Row::Address(row) => Stated::Address {
            line: row.line,
            sourced_id: row.sourced_id.as_str(),
            person: row.user_sourced_id.as_str(),
            kind: row.kind.word(),
            street: &row.street,
            unit: row.unit.as_deref(),
            city: &row.city,
            state: row.state.as_deref(),
            postal_code: &row.postal_code,
            country: row.country.as_deref(),
            begins_on: row.begin_date,
            ends_on: row.end_date,
        },
        Row::Telephone(row) => Stated::Telephone {
            line: row.line,
            sourced_id: row.sourced_id.as_str(),
            person: row.user_sourced_id.as_str(),
            kind: row.kind.word(),
            number: &row.number,
            extension: row.extension.as_deref(),
            first_choice: row.primary.unwrap_or_default(),
            begins_on: row.begin_date,
            ends_on: row.end_date,
        },
        Row::Guardian(row) => Stated::GuardianClaim {
            line: row.line,
            sourced_id: row.sourced_id.as_str(),
            person: row.student_sourced_id.as_str(),
            guardian: row.guardian_sourced_id.as_str(),
            relationship: row.relationship.word(),
            rights: row.rights.word(),
            evidence: row.evidence.as_ref().map(Evidence::word),
            evidence_reference: row.evidence_reference.as_deref(),
            begins_on: row.begin_date,
            ends_on: row.end_date,
        },
        Row::Caseload(row) => Stated::CaseloadClaim {
            line: row.line,
            sourced_id: row.sourced_id.as_str(),
            person: row.staff_sourced_id.as_str(),
            school: row.school_sourced_id.as_str(),
            grades: &row.grades,
            family_name_from: row.family_name_from.as_deref(),
            family_name_to: row.family_name_to.as_deref(),
            begins_on: row.begin_date,
            ends_on: row.end_date,
        },
        Row::StaffAssignment(row) => Stated::AssignmentClaim {
            line: row.line,
            sourced_id: row.sourced_id.as_str(),
            person: row.student_sourced_id.as_str(),
            staff: row.staff_sourced_id.as_str(),
            kind: row.kind.word(),
            begins_on: row.begin_date,
            ends_on: row.end_date,
        },
        Row::Flag(row) => Stated::StudentFlag {
            line: row.line,
            sourced_id: row.sourced_id.as_str(),
            person: row.student_sourced_id.as_str(),
            flag: row.flag.word(),
            begins_on: row.begin_date,
            ends_on: row.end_date,
        },
        Row::StateId(row) => Stated::StateIdentifier {
            line: row.line,
            sourced_id: row.sourced_id.as_str(),
            person: row.user_sourced_id.as_str(),
            kind: row.kind.word(),
            state: &row.state,
            identifier: &row.identifier,
        },
        Row::Attendance(row) => Stated::AttendanceTotal {
            line: row.line,
            sourced_id: row.sourced_id.as_str(),
            person: row.student_sourced_id.as_str(),
            school: row.school_sourced_id.as_str(),
            session: row.academic_session_sourced_id.as_str(),
            days_enrolled: row.days_enrolled.value(),
            days_absent: row.days_absent.value(),
            days_absent_unexcused: row.days_absent_unexcused.as_ref().map(Decimal::value),
            times_tardy: row.times_tardy.and_then(|times| i32::try_from(times).ok()),
        },
        Row::Outcome(row) => Stated::YearOutcome {
            line: row.line,
            sourced_id: row.sourced_id.as_str(),
            person: row.student_sourced_id.as_str(),
            school: row.school_sourced_id.as_str(),
            school_year: row.school_year,
            outcome: row.outcome.word(),
            outcome_on: row.outcome_date,
            diploma_type: row.diploma_type.as_deref(),
        },
        Row::PostSchoolOutcome(row) => Stated::PostSchoolOutcome {
            line: row.line,
            sourced_id: row.sourced_id.as_str(),
            person: row.student_sourced_id.as_str(),
            kind: row.kind.word(),
            name: row.name.as_deref(),
            as_of: row.as_of_date,
        },
        Row::Relationship(row) => {
            let (person, guardian) = (row.user_sourced_id.as_str(), row.relationship_user_sourced_id.as_str());
            let sourced_id = format!("sds:{person}:{guardian}:{}", row.role);
            let (line, relationship) = (row.line, row.role.as_str());
            return rows.push(&Staged::Relationship { line, sourced_id: &sourced_id, person, guardian, relationship });
        }
        Row::UserFlag(row) => {
            let Some(flag) = row.programme() else { return Ok(()) };
            let (person, flag) = (row.user_sourced_id.as_str(), flag.word());
            // No sourcedId has a colon, so that none of the supplement's is one of these.
            let sourced_id = format!("sds:{person}:{flag}");
            return rows.push(&Staged::UserFlag { line: row.line, sourced_id: &sourced_id, person, flag });
        }
        _ => return Ok(()),
    };
    rows.push(&Staged::Stated(stated))
}
