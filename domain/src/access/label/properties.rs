//! The label of every property of the API's answers.

use super::Label::{ByDomain, Technical};
use super::{Label, Labelled};
use crate::access::Section;

const S0: Label = Label::Section(Section::Status);
const S1A: Label = Label::Section(Section::Identity);
const S1B: Label = Label::Section(Section::Contacts);
const S3: Label = Label::Section(Section::SchoolRecords);

/// Schema by schema, the properties grouped by label.
pub const PROPERTIES: &[(&str, Labelled)] = &[
    ("Student", &[
        (S0, &["schoolId", "grade", "active"]),
        (S1A, &["givenName", "familyName", "middleName", "preferredGivenName", "preferredFamilyName", "pronouns"]),
        (S1A, &["birthDate", "postsecondaryFrom"]),
        (S1B, &["email", "telephone", "sms"]),
        (Technical, &["id", "version", "createdAt", "updatedAt"]),
    ]),
    ("IlpFile", &[
        (S0, &["schoolId", "status", "openedOn"]),
        (Technical, &["id", "studentId", "version", "createdAt", "updatedAt"]),
    ]),
    ("Division", &[
        (S0, &["schoolYear"]),
        (Technical, &["id", "fileId", "studentId", "version", "createdAt", "updatedAt"]),
    ]),
    ("Registration", &[
        (S3, &["termTitle", "termStartsOn", "termEndsOn", "classTitle", "classCode", "teachers", "withdrawnOn", "capturedAt"]),
        (Technical, &["id", "fileId", "studentId", "divisionId", "source", "sourcedId", "termSourcedId"]),
        (Technical, &["version", "createdAt", "updatedAt"]),
    ]),
    ("Goal", &[
        (ByDomain, &["domain", "component", "standardFramework", "standardItem", "objectiveKind", "title", "description"]),
        (ByDomain, &["lifecycleStatus", "achievementStatus", "targetOn", "beyondSchoolMeans", "createdBy", "enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt"]),
    ]),
    ("Benchmark", &[
        (ByDomain, &["domain", "schoolYear", "description", "reachedOn", "createdBy", "enteredInError"]),
        (Technical, &["id", "goalId", "studentId", "version", "createdAt", "updatedAt"]),
    ]),
    ("Activity", &[
        (ByDomain, &["domain", "title", "description", "provider", "startsOn", "endsOn", "status", "createdBy", "enteredInError"]),
        (Technical, &["id", "goalId", "studentId", "version", "createdAt", "updatedAt"]),
    ]),
    ("ProgressRecord", &[
        (ByDomain, &["domain", "kind", "recordedOn", "summary", "score", "createdBy", "enteredInError"]),
        (Technical, &["id", "goalId", "studentId", "version", "createdAt", "updatedAt"]),
    ]),
    ("Reflection", &[
        (ByDomain, &["domain", "body", "createdBy", "enteredInError"]),
        (Technical, &["id", "goalId", "studentId", "version", "createdAt", "updatedAt"]),
    ]),
    ("Proposal", &[
        (ByDomain, &["domain", "content", "reason", "status", "decidedBy", "decidedAt", "decisionReason", "createdBy", "enteredInError"]),
        (Technical, &["id", "fileId", "planId", "studentId", "goalId", "goalVersion", "version", "createdAt", "updatedAt"]),
    ]),
];
