//! Rows of all files, typed. Passwords are never held; what an import does not keep goes no further than the row.
//!
//! Rows are full of student data, so they do not print: `Debug` shows the line and the sourcedId.

#[macro_use]
mod macros;
mod gradebook;
mod resources;
mod roster;
mod supplement;
mod values;

use chrono::{DateTime, Utc};

pub use gradebook::{
    CategoryRow, LineItemLearningObjectiveRow, LineItemRow, LineItemScoreScaleRow, ResultLearningObjectiveRow, ResultRow, ResultScoreScaleRow,
    ScoreScaleRow,
};
pub use resources::{ClassResourceRow, CourseResourceRow, ResourceRow, UserProfileRow, UserResourceRow};
pub use roster::{AcademicSessionRow, ClassRow, CourseRow, DemographicsRow, EnrollmentRow, OrgRow, RoleRow, UserRow};
pub use supplement::{
    AddressRow, AddressType, AttendanceRow, CaseloadRow, Evidence, Flag, FlagRow, GuardianRights, GuardianRow, OutcomeRow, PostSchoolKind,
    PostSchoolOutcomeRow, Relationship, RelationshipRow, StaffAssignmentKind, StaffAssignmentRow, StateIdRow, StateIdType, TelephoneRow,
    TelephoneType, UserFlagRow, YearOutcome,
};
pub use values::{
    ClassType, Decimal, EnrollmentRole, Importance, NotInVocabulary, ObjectiveSource, OrgType, ResourceRole, Role, RoleType, ScaleValue, ScoreStatus,
    SessionType, Sex, SourcedId, UserId, is_extension,
};

/// A record that a delta says is to be deleted. Nothing else of its row is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletedRow {
    /// The file, such as `users.csv`.
    pub file: &'static str,
    /// The line in the file where the row starts.
    pub line: u32,
    /// The record.
    pub sourced_id: SourcedId,
    /// When the source says so.
    pub modified_at: DateTime<Utc>,
}

/// A row of any file.
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
    UserProfile(UserProfileRow),
    Category(CategoryRow),
    LineItem(LineItemRow),
    Result(ResultRow),
    ScoreScale(ScoreScaleRow),
    LineItemLearningObjective(LineItemLearningObjectiveRow),
    LineItemScoreScale(LineItemScoreScaleRow),
    ResultLearningObjective(ResultLearningObjectiveRow),
    ResultScoreScale(ResultScoreScaleRow),
    Resource(ResourceRow),
    ClassResource(ClassResourceRow),
    CourseResource(CourseResourceRow),
    UserResource(UserResourceRow),
    Address(AddressRow),
    Telephone(TelephoneRow),
    Guardian(GuardianRow),
    Caseload(CaseloadRow),
    StaffAssignment(StaffAssignmentRow),
    Flag(FlagRow),
    StateId(StateIdRow),
    Attendance(AttendanceRow),
    Outcome(OutcomeRow),
    PostSchoolOutcome(PostSchoolOutcomeRow),
    Relationship(RelationshipRow),
    UserFlag(UserFlagRow),
    /// Of any file, in a delta.
    Deleted(DeletedRow),
}
