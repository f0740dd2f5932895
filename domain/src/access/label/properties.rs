//! The label of every property of the API's answers. What is sent to make or change a record (`New…`, `…Patch`) has the
//! record's labels.

use super::Label::{ByDomain, BySection, Technical};
use super::{Label, Labelled};
use crate::access::Section;

const S0: Label = Label::Section(Section::Status);
const S1A: Label = Label::Section(Section::Identity);
const S1B: Label = Label::Section(Section::Contacts);
const S3: Label = Label::Section(Section::SchoolRecords);

const TOKENS: Label = Label::Operational("proves a client, and lets it in for some minutes");

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
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("Benchmark", &[
        (ByDomain, &["domain", "schoolYear", "description", "reachedOn", "createdBy", "enteredInError"]),
        (Technical, &["id", "goalId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("Activity", &[
        (ByDomain, &["domain", "title", "description", "provider", "startsOn", "endsOn", "status", "createdBy", "enteredInError"]),
        (Technical, &["id", "goalId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("ProgressRecord", &[
        (ByDomain, &["domain", "kind", "recordedOn", "summary", "score", "createdBy", "enteredInError"]),
        (Technical, &["id", "goalId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("Reflection", &[
        (ByDomain, &["domain", "body", "createdBy", "enteredInError"]),
        (Technical, &["id", "goalId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("Proposal", &[
        (ByDomain, &["domain", "content", "reason", "status", "decidedBy", "decidedAt", "decisionReason", "createdBy", "enteredInError"]),
        (Technical, &["id", "fileId", "planId", "studentId", "goalId", "goalVersion", "version", "createdAt", "updatedAt"]),
    ]),
    ("HistoryEntry", &[
        (BySection, &["record", "relation", "reason", "personId", "clientId"]),
        (Technical, &["id", "at", "version", "operation"]),
    ]),
    ("Problem", &[(Technical, &["type", "title", "status", "code", "detail", "instance", "correlationId", "errors"])]),
    ("Fault", &[(Technical, &["pointer", "code", "detail"])]),
    ("PageInfo", &[(Technical, &["limit", "next"])]),
    ("Health", &[(Technical, &["status"])]),
    ("KeySet", &[(Technical, &["keys"])]),
    ("TokenRequest", &[(TOKENS, &["grant_type", "scope", "client_assertion_type", "client_assertion"])]),
    ("TokenAnswer", &[(TOKENS, &["access_token", "token_type", "expires_in", "scope"])]),
    ("TokenErrorAnswer", &[(Technical, &["error", "error_description"])]),
    ("AuthorizationServerMetadata", &[
        (Technical, &["issuer", "token_endpoint", "jwks_uri", "scopes_supported", "response_types_supported", "grant_types_supported"]),
        (Technical, &["token_endpoint_auth_methods_supported", "token_endpoint_auth_signing_alg_values_supported"]),
    ]),
    ("ProtectedResourceMetadata", &[
        (Technical, &["resource", "authorization_servers", "scopes_supported", "bearer_methods_supported", "resource_name"]),
    ]),
];
