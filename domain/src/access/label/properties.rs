//! The label of every property of the API's answers. What is sent to make or change a record (`New…`, `…Patch`) has the
//! record's labels, and so has the record in another form (`Whole…`, `Shown…`). A property that holds labelled records needs no
//! label of its own.

use super::Label::{ByDomain, BySection, Operational, Registry, Technical};
use super::{Label, Labelled};
use crate::access::Section;

const S0: Label = Label::Section(Section::Status);
const S1A: Label = Label::Section(Section::Identity);
const S1B: Label = Label::Section(Section::Contacts);
const S2: Label = Label::Section(Section::PlanOfStudy);
const S3: Label = Label::Section(Section::SchoolRecords);
const S4: Label = Label::Section(Section::Career);
const S5: Label = Label::Section(Section::Postsecondary);
const S5F: Label = Label::Section(Section::FinancialAid);
const S6: Label = Label::Section(Section::SelfAwareness);
const S7: Label = Label::Section(Section::AppliedSkills);
const S9: Label = Label::Section(Section::Transition);
const S12: Label = Label::Section(Section::Feedback);
const S13: Label = Label::Section(Section::ResourceRequests);
const S14: Label = Label::Section(Section::Privacy);

const OWN: Label = Label::Operational("what callers are told of themselves");
const IMPORT: Label = Label::Operational("tells the district how its roster fared; names rows, never what stands in them");
const TOKENS: Label = Label::Operational("proves a client, and lets it in for some minutes");

/// Schema by schema, the properties grouped by label.
#[rustfmt::skip]
pub const PROPERTIES: &[(&str, Labelled)] = &[
    ("Student", &[
        (S0, &["schoolId", "grade", "active", "ilpFileId"]),
        (S1A, &["givenName", "familyName", "preferredGivenName", "preferredFamilyName", "birthDate"]),
        (Technical, &["id", "version"]),
    ]),
    ("ShownStudent", &[(Technical, &["allowedActions"])]),
    ("Reader", &[
        (S1A, &["givenName", "familyName"]),
        (Technical, &["personId"]),
    ]),
    ("ReaderRelation", &[
        (S1A, &["relation"]),
        (S14, &["inForce", "whyNot", "validFrom", "validTo", "confirmedAt", "confirmedBy"]),
    ]),
    ("ReaderSection", &[(S14, &["section", "extent", "relation", "rule"])]),
    ("MyAccess", &[(Technical, &["studentId"])]),
    ("OwnRelation", &[(OWN, &["relation", "inForce", "whyNot", "text", "validFrom", "validTo"])]),
    ("OwnSection", &[(OWN, &["section", "title", "actions", "ownActions", "extent", "relation", "rule"])]),
    ("OwnReason", &[(OWN, &["relation", "whyNot", "text"])]),
    ("IlpFile", &[
        (S0, &["schoolId", "status", "openedOn"]),
        (Technical, &["id", "studentId", "version", "createdAt", "updatedAt"]),
    ]),
    ("WholeIlpFile", &[
        (Label::Operational("made of the goals that the caller sees anyway"), &["planKind", "participantsMissing"]),
        (S0, &["responsible"]),
        (Technical, &["readableSections"]),
    ]),
    ("Participant", &[
        (S1A, &["relation", "givenName", "familyName"]),
        (S1B, &["telephone", "email"]),
        (Label::Section(Section::Privacy), &["confirmed"]),
        (Technical, &["personId"]),
    ]),
    ("Division", &[
        (S0, &["schoolYear", "title"]),
        (Technical, &["id"]),
    ]),
    ("Registration", &[
        (S3, &["termTitle", "termStartsOn", "termEndsOn", "classTitle", "classCode", "withdrawnOn", "capturedAt"]),
        (Technical, &["id", "source", "sourcedId", "version"]),
    ]),
    ("RegistrationTeacher", &[(S3, &["givenName", "familyName", "telephone"])]),
    ("ReportCard", &[
        (S3, &["termTitle", "termStartsOn", "termEndsOn", "categoryTitle", "classTitle", "classCode", "title", "scoreStatus", "score", "scoreText"]),
        (S3, &["scoredOn", "comment", "flags", "copyNumber", "withdrawnOn", "capturedAt"]),
        (Technical, &["id", "studentId", "divisionId", "correctsId", "correctedById", "source", "sourcedId", "version"]),
    ]),
    ("ScoreScale", &[(S3, &["title", "min", "max"])]),
    ("ScoreMark", &[(S3, &["mark", "value"])]),
    ("Me", &[
        (OWN, &["personId", "givenName", "familyName", "offices", "clientId", "clientKind"]),
        (Technical, &["moreStudents"]),
    ]),
    ("MyDistrict", &[(Label::Registry, &["id", "name", "timeZone", "requirementProfile", "schoolYear"])]),
    ("School", &[(Registry, &["name", "identifier"]), (Technical, &["id"])]),
    ("Class", &[(Registry, &["title", "kind", "classCode"]), (Technical, &["id", "schoolId"])]),
    ("MyStudent", &[
        (S1A, &["givenName", "familyName"]),
        (Technical, &["id", "ilpFileId", "readableSections"]),
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
    ("Recommendation", &[
        (ByDomain, &["domain", "kind", "title", "advice", "followUpOn", "createdBy", "enteredInError"]),
        (Technical, &["id", "goalId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("Reflection", &[
        (ByDomain, &["domain", "body", "createdBy", "enteredInError"]),
        (Technical, &["id", "goalId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("Strength", &[
        (ByDomain, &["domain", "kind", "title", "description", "recognizedOn", "createdBy", "enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("PlannedCourse", &[
        (S2, &["schoolYear", "title", "level", "status", "grade", "term", "courseCode", "subject", "credits", "description"]),
        (S2, &["createdBy", "enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("CredentialPlan", &[
        (S2, &["kind", "title", "status", "provider", "schoolYear", "earnedOn", "credits", "documentation", "createdBy"]),
        (S2, &["enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("PathwayPlan", &[
        (S2, &["pathway", "endorsementStatus", "cluster", "pathwayCodeSystem", "pathwayCode", "endorsement", "endorsedOn"]),
        (S2, &["progress", "createdBy", "enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("AssessmentReview", &[
        (S2, &["assessment", "reviewedOn", "analysis", "needsIntervention", "intervention", "advisement", "createdBy"]),
        (S2, &["enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("Need", &[
        (ByDomain, &["domain", "kind", "title", "status", "description", "response", "createdBy", "enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("ProgressStatement", &[
        (S2, &["statedOn", "goalsMet", "onTrack", "statement", "createdBy", "enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("FeedbackEntry", &[
        (S12, &["kind", "body", "subject", "startsOn", "endsOn", "createdBy", "enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("ResourceRequest", &[
        (S13, &["kind", "title", "description", "neededBy", "createdBy", "enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("ResourceDecision", &[
        (S13, &["resourceRequestId", "outcome", "reason", "authorizedHours", "personnel", "createdBy", "enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("ProgramItem", &[
        (S2, &["item", "templateId", "itemKey", "schoolYear", "status", "doneOn", "note", "createdBy", "enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("Contribution", &[
        (ByDomain, &["party", "writtenFor", "domain", "programItemId", "body", "createdBy", "enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("TemplateApplication", &[(S2, &["added", "carried", "toAnswer", "alreadyThere"])]),
    ("NewTemplateApplication", &[(S2, &["templateId", "schoolYear", "carryFrom"])]),
    ("GraduationRequirement", &[
        (Registry, &["subject", "credits", "firstGraduationYear", "active", "subjectCodeSystem", "subjectCode", "description"]),
        (Technical, &["id", "version", "createdAt", "updatedAt"]),
    ]),
    ("GraduationProgress", &[(S0, &["graduationYear"])]),
    ("RequirementProgress", &[(Registry, &["subject"]), (Technical, &["graduationRequirementId"])]),
    ("CountedCourse", &[
        (S2, &["title", "schoolYear", "subject", "status", "credits"]),
        (S3, &["reportCardIds"]),
        (Technical, &["plannedCourseId"]),
    ]),
    ("CreditTally", &[(Registry, &["required"]), (S2, &["earned", "inProgress", "planned", "missing"]), (S3, &["documented"])]),
    ("CourseDifferences", &[(S0, &["schoolYear"]), (S3, &["consistent"])]),
    ("CourseAsPlanned", &[(S2, &["title"]), (S3, &["registrationIds"]), (Technical, &["plannedCourseId"])]),
    ("CourseNotRegistered", &[(S2, &["title", "courseCode", "term"]), (Technical, &["plannedCourseId"])]),
    ("CourseNotPlanned", &[(S3, &["classTitle", "classCode", "courseCode", "termTitle"]), (Technical, &["registrationId"])]),
    ("UnmetNeed", &[(Operational("how many students, never of a few; about nobody"), &["kind", "students"])]),
    ("CareerOption", &[
        (S4, &["occupationTitle", "standing", "occupationCodeSystem", "occupationCode", "interests", "skills", "entryLevelOpportunities"]),
        (S4, &["educationalRequirements", "requirementsEvaluation", "courseworkNeeded", "courseworkProgress", "createdBy"]),
        (S4, &["enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("ResumeVersion", &[
        (S4, &["sources", "title", "summary", "createdBy", "enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("Translation", &[
        (BySection, &["section", "mayNameOthers", "recordKind", "language", "texts", "originalLanguage", "createdBy", "enteredInError"]),
        (Technical, &["id", "planId", "studentId", "goalId", "recordId", "recordVersion", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("TranslatedText", &[(BySection, &["member", "text"])]),
    ("ResumeEntry", &[
        (S4, &["source", "title", "organization", "startsOn", "endsOn", "hours", "text"]),
        (Technical, &["recordId", "recordVersion"]),
    ]),
    ("WorkExperience", &[
        (S4, &["employer", "role", "startsOn", "endsOn", "hours", "description", "reflection", "createdBy", "enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("ExamResult", &[
        (S4, &["exam", "takenOn", "score", "scale", "levelReached", "meaning", "createdBy", "enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("PostsecondaryOption", &[
        (S5, &["kind", "name", "standing", "program", "foundIn", "admissionRequirements", "comparison", "reviewedOn", "createdBy"]),
        (S5, &["enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("Application", &[
        (S5, &["kind", "appliedTo", "status", "program", "dueOn", "submittedOn", "decidedOn", "notes", "createdBy", "enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("FinancialAidPlan", &[
        (S5F, &["kind", "title", "status", "amount", "currency", "dueOn", "description", "createdBy", "enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("SelfAssessment", &[
        (BySection, &["kind", "instrument", "takenOn", "result", "reflection", "createdBy", "enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("Participation", &[
        (S6, &["kind", "title", "plan", "startsOn", "endsOn", "hours", "record", "reflection", "createdBy", "enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("LearningExperience", &[
        (S6, &["kind", "title", "plan", "status", "location", "withWhom", "startsOn", "endsOn", "hours", "record", "reflection"]),
        (S6, &["createdBy", "enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("SkillRecord", &[
        (S7, &["skill", "recordedOn", "localSkill", "level", "progress", "reflection", "createdBy", "enteredInError"]),
        (Technical, &["id", "planId", "studentId", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("Proposal", &[
        (ByDomain, &["domain", "content", "reason", "status", "decidedBy", "decidedAt", "decisionReason", "createdBy"]),
        (Technical, &["id", "fileId", "planId", "studentId", "goalId", "goalVersion", "version", "createdAt", "updatedAt", "allowedActions"]),
    ]),
    ("Address", &[(S1B, &["kind", "street", "unit", "city", "state", "postalCode", "country"])]),
    ("Telephone", &[(S1B, &["kind", "number", "extension", "firstChoice"])]),
    ("StudentFlag", &[
        (S9, &["flag", "beginsOn", "endsOn", "active"]),
        (Technical, &["id", "studentId", "source", "sourcedId", "version", "createdAt", "updatedAt"]),
    ]),
    ("AttendanceTotal", &[
        (S3, &["schoolId", "sessionTitle", "schoolYear", "daysEnrolled", "daysAbsent", "daysAbsentUnexcused", "timesTardy", "active"]),
        (Technical, &["id", "studentId", "academicSessionId", "source", "sourcedId", "version", "createdAt", "updatedAt"]),
    ]),
    ("YearOutcome", &[
        (S3, &["schoolId", "schoolYear", "outcome", "outcomeOn", "diplomaType", "active"]),
        (Technical, &["id", "studentId", "source", "sourcedId", "version", "createdAt", "updatedAt"]),
    ]),
    ("PostSchoolOutcome", &[
        (S5, &["kind", "name", "asOf", "active"]),
        (Technical, &["id", "studentId", "source", "sourcedId", "version", "createdAt", "updatedAt"]),
    ]),
    ("NewChangeProposal", &[(ByDomain, &["reason"])]),
    ("ProposalDecision", &[(ByDomain, &["verdict", "reason"])]),
    ("ChangeEntry", &[
        (BySection, &["record"]),
        (Technical, &["id", "at", "operation", "kind", "resourceId", "version", "studentId", "section", "readableSections"]),
    ]),
    ("Changes", &[(Technical, &["cursor", "more"])]),
    ("RosterImport", &[
        (IMPORT, &["source", "status", "dryRun", "mode", "reading", "bundleBytes", "bundleHash", "stageDone", "stageTotal", "faultCount", "personId", "clientId"]),
        (IMPORT, &["releasedAt", "releasedBy", "rollsBack", "rolledBackBy", "durationMs"]),
        (Technical, &["id", "startedAt", "finishedAt", "version", "createdAt", "updatedAt"]),
    ]),
    ("Report", &[
        (IMPORT, &["schoolYear", "filesToOpen", "divisionsToOpen", "registrationsToCopy", "registrationsToRefresh"]),
        (IMPORT, &["guardianLinksToPropose", "gatekeepersToPropose", "assignmentsToPropose", "filesToFreeze"]),
        (IMPORT, &["reportCardsToCopy", "reportCardsToCorrect", "reportCardsToWithdraw", "resultsInNoNamedCategory"]),
        (IMPORT, &["potentialDuplicates"]),
    ]),
    ("DuplicateExample", &[(IMPORT, &["keepSourcedId", "mergeSourcedId", "reasons"])]),
    ("RosterCheck", &[(IMPORT, &["mode", "sound", "wouldBeHeld", "faultCount"])]),
    ("Hold", &[(IMPORT, &["reasons"])]),
    ("Ending", &[(IMPORT, &["kind", "schoolId", "open", "ended", "tooMany"])]),
    ("RosterRelease", &[(IMPORT, &["bundleHash"])]),
    ("FileReport", &[
        (IMPORT, &["file", "rows", "created", "amended", "ended", "unchanged", "notStored"]),
        (IMPORT, &["createdExamples", "amendedExamples", "endedExamples"]),
    ]),
    ("Counts", &[(IMPORT, &["created", "amended", "ended", "unchanged"])]),
    ("Repair", &[(IMPORT, &["file", "column", "code", "count"])]),
    ("RepairPlace", &[(IMPORT, &["row", "before", "after"])]),
    ("FileNotKept", &[(IMPORT, &["file", "rows"])]),
    ("RosterFault", &[(IMPORT, &["number", "file", "row", "column", "code", "detail"])]),
    ("IlpStatus", &[
        (S0, &["schoolId", "schoolIdentifier", "grade", "fileExists", "planKind", "lastChangedAt", "removed"]),
        (S1A, &["stateStudentId", "localStudentId"]),
        (Technical, &["studentId"]),
    ]),
    ("IlpStatusPage", &[(Technical, &["cursor", "more", "uncertified"])]),
    ("GoalCounts", &[(S0, &["academic", "career", "personalSocial"])]),
    ("Disclosure", &[
        (Label::Section(Section::Privacy), &["clientId", "agreementId", "basis", "purpose", "dataset", "manner", "rowCount", "threat", "recipients"]),
        (Technical, &["id", "at", "emergencyAccessId", "studentId"]),
    ]),
    ("InspectionRequest", &[
        (S14, &["requestedBy", "recordedBy", "receivedOn", "dueOn", "sections", "wish", "status", "answeredOn", "answeredBy", "method", "answer"]),
        (Technical, &["id", "studentId", "version", "createdAt", "updatedAt"]),
    ]),
    ("InspectionAnswer", &[(S14, &["method", "answeredOn", "answer"])]),
    ("AmendmentRequest", &[
        (S14, &["requestedBy", "recordedBy", "receivedOn", "recordKind", "recordId", "section", "ground", "reason", "wish", "status"]),
        (S14, &["decidedOn", "decidedBy", "decisionReason", "hearingRequestedOn", "hearingOn", "hearingPlace", "hearingOfficer", "hearingDecidedOn"]),
        (S14, &["findings", "statement", "statementPlacedOn"]),
        (Technical, &["id", "studentId", "version", "createdAt", "updatedAt"]),
    ]),
    ("AmendmentDecision", &[(S14, &["granted", "reason"])]),
    ("NewHearing", &[(S14, &["hearingOn", "hearingPlace", "hearingOfficer"])]),
    ("HearingDecision", &[(S14, &["granted", "findings"])]),
    ("ContestStatement", &[
        (BySection, &["placedOn", "text"]),
        (Technical, &["amendmentRequestId"]),
    ]),
    ("Redaction", &[
        (S14, &["recordKind", "recordId", "words", "createdBy"]),
        (Technical, &["id", "studentId", "version", "createdAt", "updatedAt"]),
    ]),
    ("AnnualNotice", &[
        (Registry, &["schoolYear", "publishOn", "howToInspect", "howToAmend", "schoolOfficials", "legitimateInterest"]),
        (Technical, &["id", "version", "createdAt", "updatedAt"]),
    ]),
    ("AnnualNoticeDelivery", &[
        (Label::Operational("counts what was told, of nobody in particular"), &["told", "acknowledged", "studentsWaiting"]),
        (Technical, &["annualNoticeId"]),
    ]),
    ("EmergencyAccess", &[
        (S14, &["personId", "relation", "reason", "threat", "recipients", "sections", "expiresAt", "endedAt", "familyNotTold"]),
        (S14, &["reviewDueOn", "reviewedAt", "reviewedBy", "justified", "reviewNote"]),
        (Technical, &["id", "studentId", "version", "createdAt", "updatedAt"]),
    ]),
    ("NewEmergencyAccess", &[(S14, &["reason", "threat", "recipients", "sections", "minutes", "familyNotTold"])]),
    ("EmergencyAccessReview", &[(S14, &["justified", "note"])]),
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
    // Relations, for the custodian.
    ("GuardianLink", &[
        (S1B, &["guardianId"]),
        (S14, &["rights", "orderReference", "confirmedAt", "confirmedBy", "validFrom", "validTo", "source", "relationship", "evidence"]),
        (S14, &["dependentUntil", "dependentReference"]),
        (S14, &["claimSource", "claimedRights", "claimedEvidence", "claimedReference", "claimedValidFrom", "claimedValidTo", "claimEndedOn", "differs"]),
        (Technical, &["id", "studentId", "version", "createdAt", "updatedAt"]),
    ]),
    ("Assignment", &[
        (S0, &["personId", "kind", "confirmedAt", "confirmedBy", "validFrom", "validTo", "source"]),
        (S9, &["program"]),
        (Technical, &["id", "studentId", "version", "createdAt", "updatedAt"]),
    ]),
    ("NewAssignment", &[(S0, &["personId", "kind", "validFrom", "validTo"]), (S9, &["program"]), (Technical, &["studentId"])]),
    ("Consent", &[
        (S14, &["recipientKind", "personId", "partnerId", "groupId", "goalId", "sections", "purpose", "statement", "validFrom", "validTo", "status"]),
        (S14, &["signatures", "createdBy", "revokedAt", "revokedBy"]),
        (Technical, &["id", "studentId", "version", "createdAt", "updatedAt"]),
    ]),
    ("ConsentSignature", &[
        (S14, &["personId", "signedAs", "approves", "signedOn", "signedAt", "issuer", "authenticationMethods", "authenticationClass", "authenticatedAt"]),
    ]),
    ("NewConsent", &[
        (S14, &["recipientKind", "personId", "partnerId", "groupId", "goalId", "sections", "purpose", "validFrom", "validTo"]),
    ]),
    ("NewConsentSignature", &[(S14, &["approves"])]),
    ("Confirmations", &[(Operational("counts of what was confirmed; names no one"), &["confirmed", "unchanged", "unknown"])]),
    ("Caseload", &[(Operational("counts of what was assigned; names no one"), &["created", "confirmed", "unchanged", "unknown"])]),
    ("GuardianLinkConfirmations", &[(Operational("which to confirm; ids alone"), &["schoolId", "guardianLinkIds", "asClaimed"])]),
    ("AssignmentConfirmations", &[(Operational("which to confirm; ids alone"), &["schoolId", "assignmentIds"])]),
    ("NewCaseload", &[(S0, &["personId", "kind", "schoolId", "grades", "studentIds", "validFrom", "validTo"]), (S9, &["program"])]),
    ("PrivacyPreference", &[
        (S14, &["section", "relation", "choice", "createdBy"]),
        (Technical, &["id", "studentId", "version", "createdAt", "updatedAt"]),
    ]),
    ("Restriction", &[
        (S14, &["personId", "sections", "orderReference", "validFrom", "validTo", "createdBy"]),
        (Technical, &["id", "studentId", "version", "createdAt", "updatedAt"]),
    ]),
    ("AdultStatus", &[
        (S14, &["basis", "documentReference", "validFrom", "validTo", "createdBy"]),
        (Technical, &["id", "studentId", "version", "createdAt", "updatedAt"]),
    ]),
    ("RightsStanding", &[(S14, &["holder", "since", "basis", "nextOn", "nextHolder", "nextBasis"]), (Technical, &["studentId"])]),
    ("Notice", &[
        (S14, &["personId", "audience", "kind", "occursOn", "texts", "leadDays", "dueOn", "emergencyAccessId", "acknowledgedAt"]),
        (S14, &["inspectionRequestId", "amendmentRequestId", "annualNoticeId"]),
        (Technical, &["id", "studentId", "version", "createdAt", "updatedAt"]),
    ]),
    ("NoticeText", &[(S14, &["language", "title", "text"])]),
    ("Partner", &[
        (Registry, &["name", "agreementReference", "subcontractors", "validFrom", "validTo"]),
        (Technical, &["id", "version", "createdAt", "updatedAt"]),
    ]),
    ("FrontEnd", &[
        (Registry, &["name", "issuer", "clientId", "sections", "mayWrite", "forOffices", "validFrom", "validTo"]),
        (Technical, &["id", "version", "createdAt", "updatedAt"]),
    ]),
    ("PartnerMember", &[
        (Operational("who works for a partner; about its staff, not students"), &["personId", "validFrom", "validTo"]),
        (Technical, &["id", "partnerId", "version", "createdAt", "updatedAt"]),
    ]),
    ("StudentGroup", &[
        (Registry, &["kind", "title", "validFrom", "validTo"]),
        (Technical, &["id", "schoolId", "version", "createdAt", "updatedAt"]),
    ]),
    ("GroupMember", &[
        (S0, &["personId", "validFrom", "validTo"]),
        (Technical, &["id", "groupId", "version", "createdAt", "updatedAt"]),
    ]),
    ("Appointment", &[
        (Operational("who holds an office; about staff, not students"), &["personId", "kind", "schoolId", "validFrom", "validTo"]),
        (Technical, &["id", "version", "createdAt", "updatedAt"]),
    ]),
    ("IdentityLink", &[
        (Operational("which login is which person; shown to operator and custodian"), &["issuer", "subject", "personId"]),
        (Technical, &["id", "version", "createdAt", "updatedAt"]),
    ]),
    ("IdentityLinksMade", &[(Operational("counts of what was linked; names no one"), &["created", "unchanged"])]),
    ("NewLogin", &[(Operational("which login is which person; sent by the custodian"), &["issuer", "subject", "personId", "identifier"])]),
    ("NewLogins", &[(Technical, &["dryRun"])]),
    ("PersonIdentifier", &[(S1A, &["system", "value"])]),
    ("LoginResolution", &[(Operational("which login is which person; sent by the custodian"), &["personId"])]),
    ("LoginResult", &[
        (Operational("which login is which person; shown to operator and custodian"), &["outcome", "personId"]),
        (Technical, &["line"]),
    ]),
    ("UnlinkedLogin", &[
        (Operational("a login that is nobody's; shown to the custodian"), &["issuer", "subject", "reason", "timesSeen"]),
        (Operational("a login that is nobody's; shown to the custodian"), &["firstSeenAt", "lastSeenAt", "dismissedAt"]),
        (S1A, &["claimValue"]),
        (Technical, &["id", "version"]),
    ]),
    ("NewInvitation", &[(Operational("for how long an invitation is open"), &["validDays"])]),
    ("InvitationRedemption", &[(Operational("proof of an invitation"), &["code"])]),
    ("Invitation", &[
        (Operational("who may bring a login; shown to the custodian"), &["personId", "expiresAt", "redeemedAt"]),
        (Operational("told once, to the custodian who made it"), &["code"]),
        (Technical, &["id", "version", "createdAt", "updatedAt"]),
    ]),
    ("PersonMerge", &[
        (S1A, &["keptId", "mergedId"]),
        (Operational("counts of what moved; names no one"), &["undoneAt"]),
        (Technical, &["id", "version", "createdAt", "updatedAt"]),
    ]),
    ("PotentialDuplicate", &[
        (S1A, &["keepId", "mergeId", "keepSourcedId", "mergeSourcedId", "reasons"]),
        (Operational("which source, and when a custodian decided; names no one"), &["source", "dismissedAt"]),
        (Technical, &["id", "version", "createdAt", "updatedAt"]),
    ]),
    ("Alarm", &[
        (Operational("who read how much; names no student"), &["kind", "personId", "clientId", "hour", "operation", "count", "threshold"]),
        (Operational("what the custodian made of it"), &["reviewedAt", "reviewedBy", "note"]),
        (Technical, &["id", "version", "createdAt", "updatedAt"]),
    ]),
    ("AlarmReview", &[(Operational("what the custodian made of an alarm"), &["note"])]),
    ("NewPersonMerge", &[(S1A, &["keepId", "mergeId"])]),
    ("MergeReport", &[(Operational("counts of what moved; names no one"), &["guardianLinksUnconfirmed", "assignmentsUnconfirmed", "loginsUnlinked", "conflicts"])]),
    ("MovedRecords", &[(Operational("counts of what moved; names no one"), &["kind", "count"])]),
];
