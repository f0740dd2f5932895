//! The 21 files of a OneRoster 1.2 bundle and their columns, as data. Order is the order of the header line.

use super::rows::{ClassType, EnrollmentRole, OrgType, Role, RoleType, SessionType};

/// One file of the standard.
#[derive(Debug)]
pub struct File {
    /// Its name in the manifest: `orgs` for `orgs.csv`.
    pub name: &'static str,
    /// Its name in the zip.
    pub file_name: &'static str,
    /// What an import does with it.
    pub import: Import,
    /// Cells are about people: no part of one is ever repeated in a fault.
    pub personal: bool,
    /// Its columns, in the order of the header.
    pub columns: &'static [Column],
}

/// What an import does with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Import {
    /// Imported; a bundle without it is refused.
    Required,
    /// Imported where it is there.
    Optional,
    /// Looked at for its form only.
    No,
}

/// One column.
#[derive(Debug)]
pub struct Column {
    /// Its name in the header.
    pub name: &'static str,
    /// Whether a cell may not be blank.
    pub required: bool,
    /// What a cell holds.
    pub kind: Kind,
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The id of the row itself.
    SourcedId,
    /// The id of a row of the file named.
    Reference(&'static str),
    /// Ids of rows of the file named, separated by commas.
    References(&'static str),
    /// Blank in a bulk bundle: `status` and `dateLastModified` belong to delta.
    Blank,
    /// One line of text.
    Text,
    /// Texts, separated by commas.
    Texts,
    /// Grade codes (CEDS), separated by commas.
    Grades,
    /// `{type:identifier}` pairs, separated by commas.
    UserIds,
    /// `true` or `false`.
    Boolean,
    /// A day, `YYYY-MM-DD`.
    Date,
    /// A school year by the year in which it ends, `YYYY`.
    Year,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A word of a vocabulary.
    Word(Words),
    /// Words of a vocabulary, separated by commas.
    WordList(Words),
    /// A password. Never looked at, never kept.
    Password,
}

/// A vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// Its words.
    pub words: &'static [&'static str],
    /// Words of one's own.
    pub extension: Extension,
}

/// Whether a vocabulary has room for words of one's own, which start with `ext:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// The standard has none here.
    None,
    /// The standard allows them; an import has no place for such a row.
    NotImported,
    /// Allowed and kept.
    Kept,
}

const fn required(name: &'static str, kind: Kind) -> Column {
    Column { name, required: true, kind }
}
const fn optional(name: &'static str, kind: Kind) -> Column {
    Column { name, required: false, kind }
}
const fn closed(words: &'static [&'static str]) -> Words {
    Words { words, extension: Extension::None }
}
const fn narrowed(words: &'static [&'static str]) -> Words {
    Words { words, extension: Extension::NotImported }
}
const fn open(words: &'static [&'static str]) -> Words {
    Words { words, extension: Extension::Kept }
}

use Import::{No, Optional, Required};
use Kind::{Blank, Boolean, Date, Grades, Integer, Number, Password, Reference, References, SourcedId, Text, Texts, UserIds, Word, WordList, Year};

const ID: Column = required("sourcedId", SourcedId);
const STATUS: Column = optional("status", Blank);
const MODIFIED: Column = optional("dateLastModified", Blank);

macro_rules! file { ($name:literal, $import:expr, $personal:literal, [$($column:expr),* $(,)?]) => {
    File { name: $name, file_name: concat!($name, ".csv"), import: $import, personal: $personal, columns: &[ID, STATUS, MODIFIED, $($column),*] }
} }

/// The columns that every file starts with.
pub const COMMON: usize = 3;

/// Every file, in the order in which they are read: what is pointed at comes before what points at it, as far as that can be.
pub static FILES: [File; 21] = [
    file!(
        "orgs",
        Required,
        false,
        [
            required("name", Text),
            required("type", Word(open(OrgType::WORDS))),
            optional("identifier", Text),
            optional("parentSourcedId", Reference("orgs")),
        ]
    ),
    file!(
        "academicSessions",
        Required,
        false,
        [
            required("title", Text),
            required("type", Word(narrowed(SessionType::WORDS))),
            required("startDate", Date),
            required("endDate", Date),
            optional("parentSourcedId", Reference("academicSessions")),
            required("schoolYear", Year),
        ]
    ),
    file!(
        "courses",
        Required,
        false,
        [
            optional("schoolYearSourcedId", Reference("academicSessions")),
            required("title", Text),
            optional("courseCode", Text),
            optional("grades", Texts),
            required("orgSourcedId", Reference("orgs")),
            optional("subjects", Texts),
            optional("subjectCodes", Texts),
        ]
    ),
    file!(
        "classes",
        Required,
        false,
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
    ),
    file!(
        "users",
        Required,
        true,
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
    ),
    file!(
        "roles",
        Required,
        false,
        [
            required("userSourcedId", Reference("users")),
            required("roleType", Word(closed(RoleType::WORDS))),
            required("role", Word(open(Role::WORDS))),
            optional("beginDate", Date),
            optional("endDate", Date),
            required("orgSourcedId", Reference("orgs")),
            optional("userProfileSourcedId", Reference("userProfiles")),
        ]
    ),
    file!(
        "demographics",
        Optional,
        true,
        [
            optional("birthDate", Date),
            optional("sex", Word(open(&["male", "female", "unspecified", "other"]))),
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
    ),
    file!(
        "enrollments",
        Required,
        false,
        [
            required("classSourcedId", Reference("classes")),
            required("schoolSourcedId", Reference("orgs")),
            required("userSourcedId", Reference("users")),
            required("role", Word(narrowed(EnrollmentRole::WORDS))),
            optional("primary", Boolean),
            optional("beginDate", Date),
            optional("endDate", Date),
        ]
    ),
    file!(
        "userProfiles",
        No,
        true,
        [
            required("userSourcedId", Reference("users")),
            required("profileType", Text),
            required("vendorId", Text),
            optional("applicationId", Text),
            optional("description", Text),
            required("credentialType", Text),
            required("username", Text),
            optional("password", Password),
        ]
    ),
    file!("categories", No, false, [required("title", Text), optional("weight", Integer)]),
    file!(
        "lineItems",
        No,
        false,
        [
            required("title", Text),
            optional("description", Text),
            required("assignDate", Date),
            required("dueDate", Date),
            required("classSourcedId", Reference("classes")),
            required("categorySourcedId", Reference("categories")),
            required("academicSessionSourcedId", Reference("academicSessions")),
            optional("resultValueMin", Number),
            optional("resultValueMax", Number),
            required("schoolSourcedId", Reference("orgs")),
        ]
    ),
    file!(
        "results",
        No,
        true,
        [
            required("lineItemSourcedId", Reference("lineItems")),
            required("studentSourcedId", Reference("users")),
            required("scoreStatus", Word(open(&["exempt", "fully graded", "not submitted", "partially graded", "submitted"]))),
            optional("score", Number),
            required("scoreDate", Date),
            optional("comment", Text),
            optional("textScore", Text),
            optional("classSourcedId", Reference("classes")),
            optional("inProgress", Boolean),
            optional("incomplete", Boolean),
            optional("late", Boolean),
            optional("missing", Boolean),
        ]
    ),
    file!(
        "scoreScales",
        No,
        false,
        [
            required("title", Text),
            required("type", Text),
            required("orgSourcedId", Reference("orgs")),
            required("courseSourcedId", Reference("courses")),
            required("classSourcedId", Reference("classes")),
            required("scoreScaleValue", Texts),
        ]
    ),
    file!(
        "lineItemLearningObjectiveIds",
        No,
        false,
        [
            required("lineItemSourcedId", Reference("lineItems")),
            required("source", Word(open(&["case", "unknown"]))),
            required("learningObjectiveId", Text),
        ]
    ),
    file!(
        "lineItemScoreScales",
        No,
        false,
        [optional("title", Text), required("lineItemSourcedId", Reference("lineItems")), required("scoreScaleSourcedId", Reference("scoreScales")),]
    ),
    file!(
        "resultLearningObjectiveIds",
        No,
        true,
        [
            required("resultSourcedId", Reference("results")),
            required("source", Word(open(&["case", "unknown"]))),
            required("learningObjectiveId", Text),
            optional("score", Number),
            optional("textScore", Text),
        ]
    ),
    file!(
        "resultScoreScales",
        No,
        true,
        [optional("title", Text), required("resultSourcedId", Reference("results")), required("scoreScaleSourcedId", Reference("scoreScales")),]
    ),
    file!(
        "resources",
        No,
        false,
        [
            required("vendorResourceId", Text),
            optional("title", Text),
            optional("roles", WordList(open(&["administrator", "aide", "guardian", "parent", "proctor", "relative", "student", "teacher"]))),
            optional("importance", Word(closed(&["primary", "secondary"]))),
            optional("vendorId", Text),
            optional("applicationId", Text),
        ]
    ),
    file!(
        "classResources",
        No,
        false,
        [optional("title", Text), required("classSourcedId", Reference("classes")), required("resourceSourcedId", Reference("resources")),]
    ),
    file!(
        "courseResources",
        No,
        false,
        [optional("title", Text), required("courseSourcedId", Reference("courses")), required("resourceSourcedId", Reference("resources")),]
    ),
    file!(
        "userResources",
        No,
        false,
        [
            required("userSourcedId", Reference("users")),
            optional("orgSourcedId", Reference("orgs")),
            optional("classSourcedId", Reference("classes")),
            required("resourceSourcedId", Reference("resources")),
        ]
    ),
];

/// The grade codes of CEDS, as OneRoster uses them.
pub const GRADES: &[&str] = &["IT", "PR", "PK", "TK", "KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "PS", "UG"];

/// The file of that name in the manifest.
pub fn file(name: &str) -> Option<&'static File> {
    FILES.iter().find(|file| file.name == name)
}
