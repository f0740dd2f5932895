//! The label of every property of the API's answers.

use super::Label::{ByDomain, Operational, Registry, Technical};
use super::{Label, Labelled};
use crate::access::Section;

const S0: Label = Label::Section(Section::Status);
const S1A: Label = Label::Section(Section::Identity);
const S1B: Label = Label::Section(Section::Contacts);
const S14: Label = Label::Section(Section::Privacy);
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
    // Relations, for the custodian.
    ("GuardianLink", &[
        (S1B, &["guardianId"]),
        (S14, &["rights", "orderReference", "confirmedAt", "confirmedBy", "validFrom", "validTo", "source"]),
        (Technical, &["id", "studentId", "version", "createdAt", "updatedAt"]),
    ]),
    ("Assignment", &[
        (S0, &["personId", "kind", "confirmedAt", "confirmedBy", "validFrom", "validTo", "source"]),
        (Technical, &["id", "studentId", "version", "createdAt", "updatedAt"]),
    ]),
    ("Confirmations", &[(Operational("counts of what was confirmed; names no one"), &["confirmed", "unchanged", "unknown"])]),
    ("Caseload", &[(Operational("counts of what was assigned; names no one"), &["created", "confirmed", "unchanged", "unknown"])]),
    ("Appointment", &[
        (Operational("who holds an office; about staff, not students"), &["personId", "kind", "schoolId", "validFrom", "validTo"]),
        (Technical, &["id", "version", "createdAt", "updatedAt"]),
    ]),
    ("IdentityLink", &[
        (Operational("which login is which person; shown to operator and custodian"), &["issuer", "subject", "personId"]),
        (Technical, &["id", "version", "createdAt", "updatedAt"]),
    ]),
    ("IdentityLinksMade", &[(Operational("counts of what was linked; names no one"), &["created", "unchanged"])]),
    // Set-up, for operators.
    ("District", &[
        (Registry, &["name", "stateCode", "ncesId", "timeZone", "requirementProfile", "rosterTeachers", "guardiansTrusted"]),
        (Technical, &["id", "version", "createdAt", "updatedAt"]),
    ]),
    ("Issuer", &[
        (Operational("whose tokens of people count"), &["issuer", "audience", "keys", "algorithms"]),
        (Technical, &["id", "districtId", "version", "createdAt"]),
    ]),
    ("KeySource", &[(Operational("public keys"), &["jwks", "jwksUrl"])]),
    ("Client", &[
        (Operational("which programs may call"), &["kind", "name", "keys", "hasSecret", "active"]),
        (Operational("told once, to the operator who made it"), &["secret"]),
        (Technical, &["id", "districtId", "version", "createdAt", "updatedAt"]),
    ]),
    ("Agreement", &[
        (Registry, &["dataset", "purpose", "startsOn", "endsOn", "destroyBy"]),
        (Technical, &["id", "clientId", "version", "createdAt", "updatedAt"]),
    ]),
];
