//! What is done with the plans of many students: a job, its rows, and what becomes of each.

use chrono::{DateTime, Utc};

use crate::field::SchoolYear;
use crate::grade::Grade;
use crate::id::{ClassId, IlpFileId, PlanJobId, SchoolId, StudentId, TemplateId};
use crate::invalid::Invalid;
use crate::program::carry_faults;

/// How many jobs of one person may wait or run at once. They are done one after the other.
pub const UNFINISHED_MAX: i64 = 20;

crate::words! {
    /// What a job does with each plan.
    PlanJobKind {
        /// Puts whole files together, to be had as the content of the job.
        ExportPlans = "exportPlans",
        /// Applies a template to each plan, with what was answered in an earlier year where the same is asked (R36, R37).
        ApplyTemplate = "applyTemplate",
    }
}

impl PlanJobKind {
    /// Whether it changes plans. Through an application that is for reading only, nobody starts one that does.
    pub const fn writes(self) -> bool {
        match self {
            Self::ExportPlans => false,
            Self::ApplyTemplate => true,
        }
    }
}

crate::words! {
    /// Where a job stands.
    PlanJobStatus {
        /// It has not begun.
        Queued = "queued",
        /// It is at its rows.
        Running = "running",
        /// Each row has its outcome.
        Done = "done",
        /// It was ended before: the rows without an outcome are not done.
        Cancelled = "cancelled",
    }
}

impl PlanJobStatus {
    /// Whether nothing more is done.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled)
    }
}

crate::words! {
    /// What became of a row.
    PlanJobOutcome {
        /// The plan is another. In a dry run: it would be.
        Changed = "changed",
        /// There was nothing to change. Of an export: the file is in its content.
        Unchanged = "unchanged",
        /// It may not be done, or not now: `code` and `detail` are those of the problem that the single request would have had.
        Refused = "refused",
        /// It could not be done, and nothing of it was: start another job for this student.
        Failed = "failed",
    }
}

crate::view! {
    /// A job with the plans of many students. Only who started it sees it.
    PlanJob
    required {
        /// The id.
        id: PlanJobId,
        /// What it does.
        kind: PlanJobKind,
        /// Where it stands.
        status: PlanJobStatus,
        /// Whether it only says what it would do.
        dry_run: bool,
        /// How many rows have their outcome.
        done: i32,
        /// How many plans are other than before.
        changed: i32,
        /// In how many there was nothing to change. Of an export: how many files are in its content.
        unchanged: i32,
        /// How many rows were refused.
        refused: i32,
        /// How many rows failed.
        failed: i32,
        /// The version, from 1. Another status is another version.
        version: i32,
        /// When it was started.
        created_at: DateTime<Utc>,
        /// When its status last changed.
        updated_at: DateTime<Utc>,
    }
    optional {
        /// How many rows there are. Of a class or school this is known once the job runs.
        total: i32,
        /// The class that it is for.
        class_id: ClassId,
        /// The school that it is for.
        school_id: SchoolId,
        /// The grade of the school that it is for.
        grade: Grade,
        /// The template that it applies.
        template_id: TemplateId,
        /// The school year for which it applies that.
        school_year: SchoolYear,
        /// The earlier school year of which it carries answers forward.
        carry_from: SchoolYear,
        /// When it began to run.
        started_at: DateTime<Utc>,
        /// When it ended.
        ended_at: DateTime<Utc>,
    }
    example {
        "id": crate::wire_example_id(),
        "kind": "exportPlans",
        "status": "done",
        "dryRun": false,
        "done": 24,
        "changed": 0,
        "unchanged": 23,
        "refused": 1,
        "failed": 0,
        "version": 3,
        "createdAt": "2026-10-15T15:04:05Z",
        "updatedAt": "2026-10-15T15:04:07Z",
        "total": 24,
        "classId": crate::wire_example_id(),
        "startedAt": "2026-10-15T15:04:05Z",
        "endedAt": "2026-10-15T15:04:07Z"
    }
}

crate::view! {
    /// What became of one student's plan in a job.
    PlanJobRow
    required {
        /// Its number in the job, from 1.
        number: i32,
    }
    optional {
        /// The student, as it was named or found.
        student_id: StudentId,
        /// The file, as it was named or found.
        ilp_file_id: IlpFileId,
        /// What became of it. Absent while it waits, and for good where the job was cancelled before.
        outcome: PlanJobOutcome,
        /// Why it was refused or failed, for programs.
        code: String,
        /// The same in words.
        detail: String,
        /// Of a template: how many items the student is asked from now on.
        added: i32,
        /// Of these, how many come with what was answered in the earlier year.
        carried: i32,
        /// Of these, how many wait for an answer.
        to_answer: i32,
        /// How many were in the plan already.
        already_there: i32,
        /// When.
        ended_at: DateTime<Utc>,
    }
    example {
        "number": 7,
        "studentId": crate::wire_example_id(),
        "outcome": "refused",
        "code": "not-found",
        "detail": "There is no such record, or it is not for you to see.",
        "endedAt": "2026-10-15T15:04:06Z"
    }
}

crate::body! {
    /// A job, as it is started: what is done, and with whose plans. Name exactly one of `classId`, `schoolId`, `studentIds`, `ilpFileIds`.
    NewPlanJob
    required {
        /// What is done.
        kind: PlanJobKind,
    }
    defaulted {
        /// true: each row is tried and taken back, and only the report is kept.
        dry_run: bool = false,
    }
    optional {
        /// Those of your students who are in the class today. You read their registrations (S3), or they are not among them.
        class_id: ClassId,
        /// Those of your students who attend the school.
        school_id: SchoolId,
        /// Of the school, only this grade.
        grade: Grade,
        /// These students.
        student_ids: Vec<StudentId>,
        /// These files.
        ilp_file_ids: Vec<IlpFileId>,
        /// To apply a template: which. It is active.
        template_id: TemplateId,
        /// To apply a template: for which school year, this one or the next.
        school_year: SchoolYear,
        /// To apply a template: the earlier school year of which answers are carried forward, to what is asked in the same words.
        carry_from: SchoolYear,
    }
    example { "kind": "exportPlans", "schoolId": crate::wire_example_id(), "grade": "10" }
    check faults
}

fn faults(new: &NewPlanJob) -> Invalid {
    let mut invalid = Invalid::default();
    let named = [
        ("/classId", new.class_id.is_some()),
        ("/schoolId", new.school_id.is_some()),
        ("/studentIds", new.student_ids.is_some()),
        ("/ilpFileIds", new.ilp_file_ids.is_some()),
    ];
    let mut named = named.into_iter().filter(|(_, named)| *named).map(|(pointer, _)| pointer);
    match named.next() {
        None => invalid.push("", "for_whom", "Name one of classId, schoolId, studentIds and ilpFileIds."),
        Some(_) => named.for_each(|more| invalid.push(more, "for_whom", "Name only one of classId, schoolId, studentIds and ilpFileIds.")),
    }
    invalid.unless(new.grade.is_none() || new.school_id.is_some(), "/grade", "without_school", "A grade is one of a school: name schoolId.");
    let applies = new.kind == PlanJobKind::ApplyTemplate;
    let of_template = [
        ("/templateId", new.template_id.is_some(), true),
        ("/schoolYear", new.school_year.is_some(), true),
        ("/carryFrom", new.carry_from.is_some(), false),
    ];
    for (pointer, named, needed) in of_template {
        invalid.unless(named || !needed || !applies, pointer, "required", "Say which, to apply a template.");
        invalid.unless(applies || !named, pointer, "of_template", "This goes with a template: kind is applyTemplate.");
    }
    if let Some(school_year) = new.school_year {
        invalid.0.extend(carry_faults(new.carry_from, school_year).0);
    }
    repeated(&mut invalid, "/studentIds", new.student_ids.as_deref().unwrap_or_default());
    repeated(&mut invalid, "/ilpFileIds", new.ilp_file_ids.as_deref().unwrap_or_default());
    invalid
}

fn repeated<I: Ord>(invalid: &mut Invalid, pointer: &str, ids: &[I]) {
    let mut known = std::collections::BTreeSet::new();
    for (number, id) in ids.iter().enumerate() {
        if !known.insert(id) {
            invalid.push(format!("{pointer}/{number}"), "repeated", "This is named already.");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::Body;
    use serde_json::{Value, json};

    fn pointers(body: Value) -> Vec<String> {
        NewPlanJob::read(body).err().map(|invalid| invalid.0.into_iter().map(|fault| fault.pointer).collect()).unwrap_or_default()
    }

    #[test]
    fn exactly_one_set_is_named_and_every_fault_of_it() {
        let (one, two) = (crate::wire_example_id(), "01920000-0000-7000-8000-00000000000f");
        let job = |more: Value| crate::noun::with(json!({ "kind": "exportPlans" }), more);
        for fine in [
            json!({ "classId": one }),
            json!({ "schoolId": one, "grade": "10" }),
            json!({ "studentIds": [one, two] }),
            json!({ "ilpFileIds": [one], "dryRun": true }),
        ] {
            assert_eq!(pointers(job(fine.clone())), [""; 0], "{fine}");
        }
        assert_eq!(pointers(job(json!({}))), [""]);
        assert_eq!(pointers(job(json!({ "classId": one, "schoolId": one, "ilpFileIds": [one] }))), ["/schoolId", "/ilpFileIds"]);
        assert_eq!(pointers(job(json!({ "classId": one, "grade": "10" }))), ["/grade"]);
        assert_eq!(pointers(job(json!({ "studentIds": [one, two, one] }))), ["/studentIds/2"]);
        assert_eq!(pointers(job(json!({ "studentIds": [] }))), ["/studentIds"]);
        assert_eq!(pointers(job(json!({ "studentIds": vec![two; 1001] }))), ["/studentIds"]);
        assert_eq!(pointers(job(json!({ "studentIds": [one], "colour": 1 }))), ["/colour"]);
    }

    #[test]
    fn a_template_is_named_with_its_year_where_one_is_applied_and_nowhere_else() {
        let one = crate::wire_example_id();
        let job = |kind: &str, more: Value| crate::noun::with(json!({ "kind": kind, "studentIds": [one] }), more);
        let whole = json!({ "templateId": one, "schoolYear": 2027, "carryFrom": 2026 });
        assert_eq!(pointers(job("applyTemplate", whole.clone())), [""; 0]);
        assert_eq!(pointers(job("applyTemplate", json!({}))), ["/templateId", "/schoolYear"]);
        assert_eq!(pointers(job("applyTemplate", json!({ "templateId": one, "schoolYear": 2027, "carryFrom": 2027 }))), ["/carryFrom"]);
        assert_eq!(pointers(job("exportPlans", whole)), ["/templateId", "/schoolYear", "/carryFrom"]);
    }
}
