//! Rows of the files that an import takes, typed. What the system does not need is never held: passwords not at all, and of
//! demographics the birth date alone.
//!
//! Rows are full of student data, so they do not print: `Debug` shows the line and the sourcedId.

use std::{fmt, str::FromStr};

use chrono::NaiveDate;

/// What a source calls a record: 1 to 255 of letters, digits and `. / @ _ -`. Kept verbatim, compared byte by byte.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourcedId(String);

impl SourcedId {
    /// The greatest length.
    pub const LENGTH_MAX: usize = 255;

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Makes one of any text: each byte that may not stand in one becomes `-`, and what is too long is cut.
    pub fn made_of(text: &str) -> Self {
        let sound: String = text.bytes().take(Self::LENGTH_MAX).map(|byte| if Self::allows(byte) { char::from(byte) } else { '-' }).collect();
        if sound.is_empty() { Self("-".into()) } else { Self(sound) }
    }

    /// Whether a character may stand in a sourcedId.
    pub const fn allows(byte: u8) -> bool {
        byte.is_ascii_alphanumeric() | matches!(byte, b'-'..=b'/' | b'@' | b'_')
    }

    /// Whether a text is a sourcedId. Most cells of a roster are ids, so this does not branch at every byte.
    pub fn is_sound(text: &str) -> bool {
        (1..=Self::LENGTH_MAX).contains(&text.len()) && text.bytes().fold(true, |sound, byte| sound & Self::allows(byte))
    }
}
impl FromStr for SourcedId {
    type Err = NotInVocabulary;
    fn from_str(text: &str) -> Result<Self, NotInVocabulary> {
        if Self::is_sound(text) { Ok(Self(text.to_owned())) } else { Err(NotInVocabulary) }
    }
}
impl From<uuid::Uuid> for SourcedId {
    fn from(id: uuid::Uuid) -> Self {
        Self(id.to_string())
    }
}
impl fmt::Display for SourcedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is not what its type allows. It does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotInVocabulary;
impl fmt::Display for NotInVocabulary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not one of the words allowed here")
    }
}
impl std::error::Error for NotInVocabulary {}

/// A word of one's own, as the standard has them: `ext:` and up to 64 letters, digits and `. _ -`.
pub fn is_extension(word: &str) -> bool {
    word.strip_prefix("ext:").is_some_and(|own| {
        (1..=64).contains(&own.len()) && own.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
    })
}

macro_rules! vocabulary { ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal),* $(,)? } $(or $own:ident)?) => {
    $(#[$doc])*
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[allow(missing_docs)]
    pub enum $name { $($variant,)* $(
        /// A word of the source's own, with its `ext:`.
        $own(String)
    )? }

    impl $name {
        /// The words of the standard.
        pub const WORDS: &[&str] = &[$($word),*];

        /// The word for it.
        pub fn word(&self) -> &str { match self { $(Self::$variant => $word,)* $(Self::$own(word) => word)? } }
    }
    impl FromStr for $name {
        type Err = NotInVocabulary;
        fn from_str(text: &str) -> Result<Self, NotInVocabulary> {
            match text {
                $($word => Ok(Self::$variant),)*
                $(own if is_extension(own) => Ok(Self::$own(own.to_owned())),)?
                _ => Err(NotInVocabulary),
            }
        }
    }
} }

vocabulary! {
    /// What an org is.
    OrgType { Department = "department", School = "school", District = "district", Local = "local", State = "state", National = "national" } or Own
}
vocabulary! {
    /// What a session is.
    SessionType { GradingPeriod = "gradingPeriod", Semester = "semester", SchoolYear = "schoolYear", Term = "term" }
}
vocabulary! {
    /// What a class is.
    ClassType { Homeroom = "homeroom", Scheduled = "scheduled" }
}
vocabulary! {
    /// Whether a role is the person's first at that org.
    RoleType { Primary = "primary", Secondary = "secondary" }
}
vocabulary! {
    /// What a person is at an org.
    Role {
        Aide = "aide", Counselor = "counselor", DistrictAdministrator = "districtAdministrator", Guardian = "guardian", Parent = "parent",
        Principal = "principal", Proctor = "proctor", Relative = "relative", SiteAdministrator = "siteAdministrator", Student = "student",
        SystemAdministrator = "systemAdministrator", Teacher = "teacher",
    } or Own
}
vocabulary! {
    /// What a person is in a class.
    EnrollmentRole { Administrator = "administrator", Proctor = "proctor", Student = "student", Teacher = "teacher" }
}

/// An identifier that another system gives a person. Social Security numbers never get this far.
#[derive(Clone, PartialEq, Eq)]
pub struct UserId {
    /// Which system, or what kind of identifier.
    pub kind: String,
    /// The identifier.
    pub identifier: String,
}

/// A row of `orgs.csv`: a district, school or other unit.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct OrgRow {
    /// The line in the file where the row starts; the header is line 1.
    pub line: u32,
    pub sourced_id: SourcedId,
    pub name: String,
    pub kind: OrgType,
    pub identifier: Option<String>,
    pub parent_sourced_id: Option<SourcedId>,
}

/// A row of `academicSessions.csv`: a school year or a part of one. `end_date` is not before `start_date`.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct AcademicSessionRow {
    /// The line in the file where the row starts.
    pub line: u32,
    pub sourced_id: SourcedId,
    pub title: String,
    pub kind: SessionType,
    pub start_date: NaiveDate,
    pub end_date: NaiveDate,
    pub parent_sourced_id: Option<SourcedId>,
    /// The year in which the school year ends.
    pub school_year: i32,
}

/// A row of `courses.csv`.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct CourseRow {
    /// The line in the file where the row starts.
    pub line: u32,
    pub sourced_id: SourcedId,
    pub school_year_sourced_id: Option<SourcedId>,
    pub title: String,
    pub course_code: Option<String>,
    pub grades: Vec<String>,
    pub org_sourced_id: SourcedId,
    pub subjects: Vec<String>,
    /// As many as `subjects`, or none.
    pub subject_codes: Vec<String>,
}

/// A row of `classes.csv`.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ClassRow {
    /// The line in the file where the row starts.
    pub line: u32,
    pub sourced_id: SourcedId,
    pub title: String,
    pub grades: Vec<String>,
    pub course_sourced_id: SourcedId,
    pub class_code: Option<String>,
    pub class_type: ClassType,
    pub location: Option<String>,
    pub school_sourced_id: SourcedId,
    /// At least one.
    pub term_sourced_ids: Vec<SourcedId>,
    pub subjects: Vec<String>,
    /// As many as `subjects`, or none.
    pub subject_codes: Vec<String>,
    pub periods: Vec<String>,
}

/// A row of `users.csv`: a person. The password column is not here, on purpose.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct UserRow {
    /// The line in the file where the row starts.
    pub line: u32,
    pub sourced_id: SourcedId,
    pub enabled_user: bool,
    pub username: String,
    pub user_ids: Vec<UserId>,
    pub given_name: String,
    pub family_name: String,
    pub middle_name: Option<String>,
    pub identifier: Option<String>,
    pub email: Option<String>,
    pub sms: Option<String>,
    pub phone: Option<String>,
    /// Guardians and others who act for this person. A proposal, never a right.
    pub agent_sourced_ids: Vec<SourcedId>,
    /// Grade codes of CEDS (or `ext:` words); a student has one as a rule.
    pub grades: Vec<String>,
    pub user_master_identifier: Option<String>,
    pub preferred_given_name: Option<String>,
    pub preferred_middle_name: Option<String>,
    pub preferred_family_name: Option<String>,
    pub primary_org_sourced_id: Option<SourcedId>,
    pub pronouns: Option<String>,
}

/// A row of `roles.csv`: what a person is at an org.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct RoleRow {
    /// The line in the file where the row starts.
    pub line: u32,
    pub sourced_id: SourcedId,
    pub user_sourced_id: SourcedId,
    pub role_type: RoleType,
    pub role: Role,
    pub begin_date: Option<NaiveDate>,
    pub end_date: Option<NaiveDate>,
    pub org_sourced_id: SourcedId,
    pub user_profile_sourced_id: Option<SourcedId>,
}

/// A row of `demographics.csv`, of which the birth date alone is taken.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct DemographicsRow {
    /// The line in the file where the row starts.
    pub line: u32,
    /// The sourcedId of the user.
    pub sourced_id: SourcedId,
    pub birth_date: Option<NaiveDate>,
}

/// A row of `enrollments.csv`: a person in a class.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct EnrollmentRow {
    /// The line in the file where the row starts.
    pub line: u32,
    pub sourced_id: SourcedId,
    pub class_sourced_id: SourcedId,
    pub school_sourced_id: SourcedId,
    pub user_sourced_id: SourcedId,
    pub role: EnrollmentRole,
    /// Whether a teacher is the first of the class; blank for students as a rule.
    pub primary: Option<bool>,
    pub begin_date: Option<NaiveDate>,
    pub end_date: Option<NaiveDate>,
}

/// A row of any file that is imported.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Row {
    Org(OrgRow),
    AcademicSession(AcademicSessionRow),
    Course(CourseRow),
    Class(ClassRow),
    User(UserRow),
    Role(RoleRow),
    Demographics(DemographicsRow),
    Enrollment(EnrollmentRow),
}

macro_rules! row_kinds { ($($name:ident),*) => { $(
    impl fmt::Debug for $name {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_struct(stringify!($name)).field("line", &self.line).field("sourced_id", &self.sourced_id.as_str()).finish_non_exhaustive()
        }
    }
)* } }
row_kinds!(OrgRow, AcademicSessionRow, CourseRow, ClassRow, UserRow, RoleRow, DemographicsRow, EnrollmentRow);

impl fmt::Debug for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserId(…)")
    }
}
