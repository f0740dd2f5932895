//! The files of OneRoster 1.2.

use super::super::rows::*;
use super::{File, ID, Import::*, Kind::*, MODIFIED, STATUS, closed, csv_file, narrowed, open, optional, required};

pub(super) const ORGS: File = csv_file!(
    "orgs",
    Required,
    false,
    OrgRow::read,
    [
        required("name", Text),
        required("type", Word(open(OrgType::WORDS))),
        optional("identifier", Text),
        optional("parentSourcedId", Reference("orgs")),
    ]
);

pub(super) const ACADEMIC_SESSIONS: File = csv_file!(
    "academicSessions",
    Required,
    false,
    AcademicSessionRow::read,
    [
        required("title", Text),
        required("type", Word(narrowed(SessionType::WORDS))),
        required("startDate", Date),
        required("endDate", Date),
        optional("parentSourcedId", Reference("academicSessions")),
        required("schoolYear", Year),
    ]
);

pub(super) const COURSES: File = csv_file!(
    "courses",
    Required,
    false,
    CourseRow::read,
    [
        optional("schoolYearSourcedId", Reference("academicSessions")),
        required("title", Text),
        optional("courseCode", Text),
        optional("grades", Texts),
        required("orgSourcedId", Reference("orgs")),
        optional("subjects", Texts),
        optional("subjectCodes", Texts),
    ]
);

pub(super) const CLASSES: File = csv_file!(
    "classes",
    Required,
    false,
    ClassRow::read,
    [
        required("title", Text),
        optional("grades", Texts),
        required("courseSourcedId", Reference("courses")),
        optional("classCode", Text),
        required("classType", Word(narrowed(ClassType::WORDS))),
        optional("location", Text),
        required("schoolSourcedId", Reference("orgs")),
        required("termSourcedIds", References("academicSessions")),
        optional("subjects", Texts),
        optional("subjectCodes", Texts),
        optional("periods", Texts),
    ]
);

pub(super) const USERS: File = csv_file!(
    "users",
    Required,
    true,
    UserRow::read,
    [
        required("enabledUser", Boolean),
        required("username", Text),
        optional("userIds", UserIds),
        required("givenName", Text),
        required("familyName", Text),
        optional("middleName", Text),
        optional("identifier", Text),
        optional("email", Text),
        optional("sms", Text),
        optional("phone", Text),
        optional("agentSourcedIds", References("users")),
        optional("grades", Grades),
        optional("password", Password),
        optional("userMasterIdentifier", Text),
        optional("preferredGivenName", Text),
        optional("preferredMiddleName", Text),
        optional("preferredFamilyName", Text),
        optional("primaryOrgSourcedId", Reference("orgs")),
        optional("pronouns", Text),
    ]
);

pub(super) const ROLES: File = csv_file!(
    "roles",
    Required,
    false,
    RoleRow::read,
    [
        required("userSourcedId", Reference("users")),
        required("roleType", Word(closed(RoleType::WORDS))),
        required("role", Word(open(Role::WORDS))),
        optional("beginDate", Date),
        optional("endDate", Date),
        required("orgSourcedId", Reference("orgs")),
        optional("userProfileSourcedId", Reference("userProfiles")),
    ]
);

pub(super) const DEMOGRAPHICS: File = csv_file!(
    "demographics",
    Optional,
    true,
    DemographicsRow::read,
    [
        optional("birthDate", Date),
        optional("sex", Word(open(Sex::WORDS))),
        optional("americanIndianOrAlaskaNative", Boolean),
        optional("asian", Boolean),
        optional("blackOrAfricanAmerican", Boolean),
        optional("nativeHawaiianOrOtherPacificIslander", Boolean),
        optional("white", Boolean),
        optional("demographicRaceTwoOrMoreRaces", Boolean),
        optional("hispanicOrLatinoEthnicity", Boolean),
        optional("countryOfBirthCode", Text),
        optional("stateOfBirthAbbreviation", Text),
        optional("cityOfBirth", Text),
        optional("publicSchoolResidenceStatus", Text),
    ]
);

pub(super) const ENROLLMENTS: File = csv_file!(
    "enrollments",
    Required,
    false,
    EnrollmentRow::read,
    [
        required("classSourcedId", Reference("classes")),
        required("schoolSourcedId", Reference("orgs")),
        required("userSourcedId", Reference("users")),
        required("role", Word(narrowed(EnrollmentRole::WORDS))),
        optional("primary", Boolean),
        optional("beginDate", Date),
        optional("endDate", Date),
    ]
);

pub(super) const USER_PROFILES: File = csv_file!(
    "userProfiles",
    No,
    true,
    UserProfileRow::read,
    [
        required("userSourcedId", Reference("users")),
        required("profileType", Text),
        required("vendorId", Text),
        optional("applicationId", Text),
        optional("description", Prose),
        required("credentialType", Text),
        required("username", Text),
        optional("password", Password),
    ]
);

pub(super) const CATEGORIES: File =
    csv_file!("categories", Optional, false, CategoryRow::read, [required("title", Text), optional("weight", Integer)]);

pub(super) const LINE_ITEMS: File = csv_file!(
    "lineItems",
    Optional,
    false,
    LineItemRow::read,
    [
        required("title", Text),
        optional("description", Prose),
        required("assignDate", Date),
        required("dueDate", Date),
        required("classSourcedId", Reference("classes")),
        required("categorySourcedId", Reference("categories")),
        required("academicSessionSourcedId", Reference("academicSessions")),
        optional("resultValueMin", Number),
        optional("resultValueMax", Number),
        required("schoolSourcedId", Reference("orgs")),
    ]
);

pub(super) const RESULTS: File = csv_file!(
    "results",
    Optional,
    true,
    ResultRow::read,
    [
        required("lineItemSourcedId", Reference("lineItems")),
        required("studentSourcedId", Reference("users")),
        required("scoreStatus", Word(open(ScoreStatus::WORDS))),
        optional("score", Number),
        required("scoreDate", Date),
        optional("comment", Prose),
        optional("textScore", Text),
        optional("classSourcedId", Reference("classes")),
        optional("inProgress", Boolean),
        optional("incomplete", Boolean),
        optional("late", Boolean),
        optional("missing", Boolean),
    ]
);

pub(super) const SCORE_SCALES: File = csv_file!(
    "scoreScales",
    Beside,
    false,
    ScoreScaleRow::read,
    [
        required("title", Text),
        required("type", Text),
        required("orgSourcedId", Reference("orgs")),
        required("courseSourcedId", Reference("courses")),
        required("classSourcedId", Reference("classes")),
        required("scoreScaleValue", ScaleValues),
    ]
);

pub(super) const LINE_ITEM_LEARNING_OBJECTIVE_IDS: File = csv_file!(
    "lineItemLearningObjectiveIds",
    No,
    false,
    LineItemLearningObjectiveRow::read,
    [
        required("lineItemSourcedId", Reference("lineItems")),
        required("source", Word(open(ObjectiveSource::WORDS))),
        required("learningObjectiveId", Text),
    ]
);

pub(super) const LINE_ITEM_SCORE_SCALES: File = csv_file!(
    "lineItemScoreScales",
    Beside,
    false,
    LineItemScoreScaleRow::read,
    [optional("title", Text), required("lineItemSourcedId", Reference("lineItems")), required("scoreScaleSourcedId", Reference("scoreScales")),]
);

pub(super) const RESULT_LEARNING_OBJECTIVE_IDS: File = csv_file!(
    "resultLearningObjectiveIds",
    No,
    true,
    ResultLearningObjectiveRow::read,
    [
        required("resultSourcedId", Reference("results")),
        required("source", Word(open(ObjectiveSource::WORDS))),
        required("learningObjectiveId", Text),
        optional("score", Number),
        optional("textScore", Text),
    ]
);

pub(super) const RESULT_SCORE_SCALES: File = csv_file!(
    "resultScoreScales",
    Beside,
    true,
    ResultScoreScaleRow::read,
    [optional("title", Text), required("resultSourcedId", Reference("results")), required("scoreScaleSourcedId", Reference("scoreScales")),]
);

pub(super) const RESOURCES: File = csv_file!(
    "resources",
    No,
    false,
    ResourceRow::read,
    [
        required("vendorResourceId", Text),
        optional("title", Text),
        optional("roles", WordList(open(ResourceRole::WORDS))),
        optional("importance", Word(closed(Importance::WORDS))),
        optional("vendorId", Text),
        optional("applicationId", Text),
    ]
);

pub(super) const CLASS_RESOURCES: File = csv_file!(
    "classResources",
    No,
    false,
    ClassResourceRow::read,
    [optional("title", Text), required("classSourcedId", Reference("classes")), required("resourceSourcedId", Reference("resources")),]
);

pub(super) const COURSE_RESOURCES: File = csv_file!(
    "courseResources",
    No,
    false,
    CourseResourceRow::read,
    [optional("title", Text), required("courseSourcedId", Reference("courses")), required("resourceSourcedId", Reference("resources")),]
);

pub(super) const USER_RESOURCES: File = csv_file!(
    "userResources",
    No,
    false,
    UserResourceRow::read,
    [
        required("userSourcedId", Reference("users")),
        optional("orgSourcedId", Reference("orgs")),
        optional("classSourcedId", Reference("classes")),
        required("resourceSourcedId", Reference("resources")),
    ]
);

/// Every file of 1.2, in the order in which they are read: what is pointed at comes before what points at it, as far as that can be.
pub static FILES: [File; 21] = [
    ORGS,
    ACADEMIC_SESSIONS,
    COURSES,
    CLASSES,
    USERS,
    ROLES,
    DEMOGRAPHICS,
    ENROLLMENTS,
    USER_PROFILES,
    CATEGORIES,
    LINE_ITEMS,
    RESULTS,
    SCORE_SCALES,
    LINE_ITEM_LEARNING_OBJECTIVE_IDS,
    LINE_ITEM_SCORE_SCALES,
    RESULT_LEARNING_OBJECTIVE_IDS,
    RESULT_SCORE_SCALES,
    RESOURCES,
    CLASS_RESOURCES,
    COURSE_RESOURCES,
    USER_RESOURCES,
];
