//! Words, ids and other values that cells hold.

use std::{fmt, str::FromStr};

use super::super::cell;

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

impl fmt::Debug for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserId(…)")
    }
}

/// A number as the source writes it, digit by digit: a mark of `90.50` stays one. Finite.
#[derive(Clone, PartialEq, Eq)]
pub struct Decimal(String);

impl Decimal {
    /// The number as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number, as near as a float can be.
    pub fn value(&self) -> f64 {
        self.0.parse().unwrap_or_default()
    }
}
impl FromStr for Decimal {
    type Err = NotInVocabulary;
    fn from_str(text: &str) -> Result<Self, NotInVocabulary> {
        if cell::is_number(text) { Ok(Self(text.to_owned())) } else { Err(NotInVocabulary) }
    }
}

/// A pair of a score scale: the mark, and what it stands for.
#[derive(Clone, PartialEq, Eq)]
pub struct ScaleValue {
    /// The mark, such as `A`.
    pub mark: String,
    /// What it stands for, such as `94`.
    pub value: String,
}

vocabulary! {
    /// A person's sex, as the source says.
    Sex { Male = "male", Female = "female", Unspecified = "unspecified", Other = "other" } or Own
}
vocabulary! {
    /// How far a result is.
    ScoreStatus {
        Exempt = "exempt", FullyGraded = "fully graded", NotSubmitted = "not submitted", PartiallyGraded = "partially graded",
        Submitted = "submitted",
    } or Own
}
vocabulary! {
    /// Whose identifiers those of learning objectives are: CASE's, or nobody says.
    ObjectiveSource { Case = "case", Unknown = "unknown" } or Own
}
vocabulary! {
    /// How much a resource matters.
    Importance { Primary = "primary", Secondary = "secondary" }
}
vocabulary! {
    /// Whom a resource is for.
    ResourceRole {
        Administrator = "administrator", Aide = "aide", Guardian = "guardian", Parent = "parent", Proctor = "proctor", Relative = "relative",
        Student = "student", Teacher = "teacher",
    } or Own
}
