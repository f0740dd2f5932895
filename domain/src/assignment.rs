//! Staff assigned to a student: gatekeeper (R71), teacher (R40), career reviewer (R45) or support specialist (R22). A caseload is many of these.

use chrono::{DateTime, NaiveDate, Utc};

use crate::access::{Section, SupportProgram};
use crate::grade::Grade;
use crate::guardian_link::one_of;
use crate::id::{AssignmentId, PersonId, SchoolId, StudentId};
use crate::invalid::Invalid;
use crate::text::ShortText;
use crate::time::period_faults;

crate::words! {
    /// What a member of staff is assigned as.
    AssignmentKind {
        /// The counselor or advisor who looks after the file (R71).
        Gatekeeper = "gatekeeper",
        /// A teacher assigned to the plan (R40).
        Teacher = "teacher",
        /// The reviewer of career objectives (R45, R46).
        CareerReviewer = "careerReviewer",
        /// A specialist of a support programme that the student is in (R22).
        SupportSpecialist = "supportSpecialist",
    }
}

/// A specialist is one of a programme, nobody else is.
fn program_faults(kind: AssignmentKind, program: Option<SupportProgram>, invalid: &mut Invalid) {
    match (kind == AssignmentKind::SupportSpecialist, program.is_some()) {
        (true, false) => invalid.push("/program", "required", "A support specialist is one of a programme."),
        (false, true) => invalid.push("/program", "not_a_specialist", "Only a support specialist is one of a programme."),
        _ => {}
    }
}

crate::view! {
    /// A staff member's assignment to a student.
    Assignment
    required {
        /// The id.
        id: AssignmentId,
        /// The student.
        student_id: StudentId,
        /// The member of staff.
        person_id: PersonId,
        /// As what.
        kind: AssignmentKind,
        /// The first day.
        valid_from: NaiveDate,
        /// Who says so: the roster's source, or the custodian.
        source: ShortText,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was created.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {
        /// When the district confirmed it. Unconfirmed assignments grant nothing.
        confirmed_at: DateTime<Utc>,
        /// Who confirmed it.
        confirmed_by: PersonId,
        /// The day on which it has ended.
        valid_to: NaiveDate,
        /// For a support specialist: of which programme.
        program: SupportProgram,
    }
    example {
        "id": crate::wire_example_id(),
        "studentId": crate::wire_example_id(),
        "personId": crate::wire_example_id(),
        "kind": "gatekeeper",
        "validFrom": "2026-08-15",
        "source": "custodian",
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z",
        "confirmedAt": "2026-09-01T15:04:05Z",
        "confirmedBy": crate::wire_example_id()
    }
}

crate::body! {
    /// An assignment as the custodian makes it: confirmed at once.
    NewAssignment
    required {
        /// The student.
        student_id: StudentId,
        /// The member of staff.
        person_id: PersonId,
        /// As what.
        kind: AssignmentKind,
    }
    defaulted {}
    optional {
        /// The first day; today if left out.
        valid_from: NaiveDate,
        /// The day on which it has ended.
        valid_to: NaiveDate,
        /// For a support specialist: of which programme.
        program: SupportProgram,
    }
    example {
        "studentId": crate::wire_example_id(),
        "personId": crate::wire_example_id(),
        "kind": "gatekeeper",
        "validFrom": "2026-08-15"
    }
    check |new| {
        let mut invalid = Invalid::default();
        program_faults(new.kind, new.program, &mut invalid);
        period_faults(new.valid_from, new.valid_to, &mut invalid);
        invalid
    }
}

crate::change! {
    /// A change to an assignment: what is absent stays, null clears.
    AssignmentPatch
    required {}
    optional {
        /// The day on which it has ended.
        valid_to: NaiveDate,
    }
    example { "validTo": "2027-06-11" }
}

impl Assignment {
    /// The section it stands in. A specialist tells by being there that the student is in a support programme (S9).
    pub fn section(&self) -> Section {
        if self.kind == AssignmentKind::SupportSpecialist { Section::Transition } else { Section::Status }
    }

    /// Rules across the members after a change.
    pub fn check(&self, patch: &AssignmentPatch) -> Invalid {
        let mut invalid = Invalid::default();
        period_faults(Some(self.valid_from), patch.valid_to.after(self.valid_to.as_ref()).copied(), &mut invalid);
        invalid
    }
}

crate::body! {
    /// Which assignments to confirm: those named, or all unconfirmed ones of a school's students.
    AssignmentConfirmations
    required {}
    defaulted {}
    optional {
        /// The assignments.
        assignment_ids: Vec<AssignmentId>,
        /// The school.
        school_id: SchoolId,
    }
    example { "schoolId": crate::wire_example_id() }
    check |sent| one_of(sent.assignment_ids.is_some(), sent.school_id.is_some(), "assignmentIds or schoolId")
}

/// The most students a caseload names one by one.
const CASELOAD_MAX: usize = 500;

crate::body! {
    /// A caseload: one member of staff for many students, named one by one or by school and grade.
    NewCaseload
    required {
        /// The member of staff.
        person_id: PersonId,
        /// As what.
        kind: AssignmentKind,
    }
    defaulted {}
    optional {
        /// The students, at most 500.
        student_ids: Vec<StudentId>,
        /// The school whose active students these are.
        school_id: SchoolId,
        /// Of the school, the grades; all grades if left out.
        grades: Vec<Grade>,
        /// The first day; today if left out.
        valid_from: NaiveDate,
        /// The day on which they have ended.
        valid_to: NaiveDate,
        /// For a support specialist: of which programme.
        program: SupportProgram,
    }
    example {
        "personId": crate::wire_example_id(),
        "kind": "gatekeeper",
        "schoolId": crate::wire_example_id(),
        "grades": ["09", "10"]
    }
    check |new| {
        let mut invalid = one_of(new.student_ids.is_some(), new.school_id.is_some(), "studentIds or schoolId");
        if new.student_ids.as_ref().is_some_and(|ids| ids.len() > CASELOAD_MAX) {
            invalid.push("/studentIds", "bad_length", format!("Must have at most {CASELOAD_MAX} items."));
        }
        program_faults(new.kind, new.program, &mut invalid);
        if new.grades.is_some() && new.school_id.is_none() { invalid.push("/grades", "without_school", "Grades need a school."); }
        period_faults(new.valid_from, new.valid_to, &mut invalid);
        invalid
    }
}

crate::view! {
    /// What became of a caseload.
    Caseload
    required {
        /// How many assignments are new.
        created: i32,
        /// How many were there, unconfirmed, and are confirmed now.
        confirmed: i32,
        /// How many were there already.
        unchanged: i32,
        /// How many of the ids name no student of the district.
        unknown: i32,
    }
    optional {}
    example { "created": 240, "confirmed": 12, "unchanged": 0, "unknown": 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::Body;
    use serde_json::json;

    #[test]
    fn every_fault_of_a_new_assignment_is_named() {
        let Err(invalid) = NewAssignment::read(json!({ "studentId": 7, "kind": "coach", "validFrom": "x" })) else { panic!("accepted") };
        let pointers: Vec<_> = invalid.0.iter().map(|f| f.pointer.as_str()).collect();
        assert_eq!(pointers, ["/studentId", "/personId", "/kind", "/validFrom"]);
    }

    #[test]
    fn a_caseload_is_named_by_students_or_by_school_and_grade() {
        let id = crate::wire_example_id();
        let read = |more: serde_json::Value| {
            let mut sent = json!({ "personId": id, "kind": "gatekeeper" });
            for (name, value) in more.as_object().unwrap() {
                sent[name] = value.clone();
            }
            NewCaseload::read(sent)
        };
        assert!(read(json!({})).is_err());
        assert!(read(json!({ "studentIds": [id], "schoolId": id })).is_err());
        assert!(read(json!({ "studentIds": [id], "grades": ["09"] })).is_err());
        assert!(read(json!({ "studentIds": vec![id; 501] })).is_err());
        assert!(read(json!({ "studentIds": vec![id; 500] })).is_ok());
        let Err(invalid) = read(json!({ "schoolId": id, "grades": ["09", "9"] })) else { panic!("accepted") };
        assert_eq!(invalid.0[0].pointer, "/grades/1");
    }

    #[test]
    fn the_examples_are_accepted() {
        assert!(NewAssignment::read(NewAssignment::example()).is_ok());
        assert!(AssignmentPatch::read(AssignmentPatch::example()).is_ok());
        assert!(AssignmentConfirmations::read(AssignmentConfirmations::example()).is_ok());
        assert!(NewCaseload::read(NewCaseload::example()).is_ok());
    }
}
