//! The labels of jobs with the plans of many students.

use super::Label::{Operational, Technical};
use super::{Label, Labelled};
use crate::access::Section;

const S0: Label = Label::Section(Section::Status);
const S2: Label = Label::Section(Section::PlanOfStudy);

/// Table by table, the columns grouped by label.
#[rustfmt::skip]
pub(super) const COLUMNS: &[(&str, Labelled)] = &[
    ("plan_jobs", &[
        (Operational("a job, which names no student"), &["kind", "dry_run", "class_id", "school_id", "grade", "template_id", "school_year", "carry_from"]),
        (Operational("a job, which names no student"), &["status", "total", "claimed_until", "started_at", "ended_at"]),
        (Operational("who started a job, and through which application"), &["person_id", "issuer", "subject", "through", "front_end", "reads_only", "request_id"]),
        (Technical, &["district_id", "id", "version", "created_at", "updated_at"]),
    ]),
    ("plan_job_rows", &[
        (S0, &["outcome", "code", "detail"]),
        (S2, &["added", "carried", "already_there"]),
        (Technical, &["district_id", "job_id", "number", "student_id", "ilp_file_id", "ended_at"]),
    ]),
];

/// Schema by schema, the properties grouped by label.
#[rustfmt::skip]
pub(super) const PROPERTIES: &[(&str, Labelled)] = &[
    ("PlanJob", &[
        (Operational("a job, which names no student"), &["kind", "status", "dryRun", "total", "done", "changed", "unchanged", "refused", "failed"]),
        (Operational("a job, which names no student"), &["templateId", "schoolYear", "carryFrom"]),
        (Technical, &["id", "classId", "schoolId", "grade", "startedAt", "endedAt", "version", "createdAt", "updatedAt"]),
    ]),
    ("NewPlanJob", &[(Technical, &["studentIds", "ilpFileIds"])]),
    ("PlanJobRow", &[
        (S0, &["outcome", "code", "detail"]),
        (S2, &["added", "carried", "toAnswer", "alreadyThere"]),
        (Technical, &["number", "studentId", "ilpFileId", "endedAt"]),
    ]),
];
