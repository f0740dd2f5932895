//! Identifiers. Every id is its own type, so that a goal's id cannot be passed where a student's is wanted.
//!
//! Ids are UUIDs of version 7 (RFC 9562), made by the application and never re-used. What other systems call a record
//! are external identifiers, kept apart.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Declares the id types: one line an id, alphabetical.
macro_rules! ids { ($($(#[doc = $doc:literal])* $name:ident)*) => { $(
    $(#[doc = $doc])*
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[cfg_attr(feature = "sql", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
    #[cfg_attr(feature = "sql", diesel(sql_type = diesel::sql_types::Uuid))]
    #[serde(transparent)]
    pub struct $name(pub Uuid);

    impl std::fmt::Display for $name {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
    }
    impl std::str::FromStr for $name {
        type Err = uuid::Error;
        fn from_str(text: &str) -> Result<Self, uuid::Error> { text.parse().map(Self) }
    }
    impl From<Uuid> for $name {
        fn from(id: Uuid) -> Self { Self(id) }
    }
    impl From<$name> for Uuid {
        fn from(id: $name) -> Self { id.0 }
    }
    #[cfg(feature = "sql")]
    impl diesel::serialize::ToSql<diesel::sql_types::Uuid, diesel::pg::Pg> for $name {
        fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>) -> diesel::serialize::Result {
            <Uuid as diesel::serialize::ToSql<diesel::sql_types::Uuid, diesel::pg::Pg>>::to_sql(&self.0, out)
        }
    }
    #[cfg(feature = "sql")]
    impl diesel::deserialize::FromSql<diesel::sql_types::Uuid, diesel::pg::Pg> for $name {
        fn from_sql(value: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
            <Uuid as diesel::deserialize::FromSql<diesel::sql_types::Uuid, diesel::pg::Pg>>::from_sql(value).map($name)
        }
    }
    #[cfg(feature = "wire")]
    impl utoipa::PartialSchema for $name {
        fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
            utoipa::openapi::ObjectBuilder::new()
                .schema_type(utoipa::openapi::schema::Type::String)
                .description(Some(concat!("The id:", $($doc),*)))
                .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::Uuid)))
                .build()
                .into()
        }
    }
    #[cfg(feature = "wire")]
    impl utoipa::ToSchema for $name {}
    impl crate::field::Field for $name {
        fn read(value: &serde_json::Value) -> Result<Self, crate::invalid::Invalid> {
            match value.as_str().and_then(|text| text.parse().ok()) {
                Some(id) => Ok(id),
                None => crate::field::wrong("not_an_id", "Must be a UUID."),
            }
        }
        #[cfg(feature = "wire")]
        fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> { <Self as utoipa::PartialSchema>::schema() }
    }
)* } }

ids! {
    /// An access record: who saw what.
    AccessRecordId
    /// An activity toward a goal.
    ActivityId
    /// A request to amend a record.
    AmendmentRequestId
    /// What the district tells its families every year.
    AnnualNoticeId
    /// A request to inspect a file.
    InspectionRequestId
    /// A record of any kind.
    RecordId
    /// Words that are withheld from the family.
    RedactionId
    /// The written agreement under which a state client pulls.
    AgreementId
    /// That a student holds the rights before 18.
    AdultStatusId
    /// An alarm.
    AlarmId
    /// An office held in a school or district.
    AppointmentId
    /// An application to a college, training program, apprenticeship, job or the military.
    ApplicationId
    /// A staff member's assignment to a student.
    AssignmentId
    /// A yearly benchmark of a goal.
    BenchmarkId
    /// An occupation that the student looks into.
    CareerOptionId
    /// A course in the course plan.
    PlannedCourseId
    /// A credential to be earned.
    CredentialPlanId
    /// A career pathway in the plan.
    PathwayPlanId
    /// What an assessment means for the student.
    AssessmentReviewId
    /// An interest, a need or a support.
    NeedId
    /// A statement of progress.
    ProgressStatementId
    /// What somebody says for the plan.
    FeedbackEntryId
    /// A request for a resource.
    ResourceRequestId
    /// What was decided about a request for a resource.
    ResourceDecisionId
    /// One change in the journal.
    ChangeId
    /// A class.
    ClassId
    /// A machine client.
    ClientId
    /// A consent.
    ConsentId
    /// A disclosure outside the district.
    DisclosureId
    /// A district (LEA): the tenant.
    DistrictId
    /// The part of an ILP file for one school year.
    DivisionId
    /// What somebody adds to an item of the program.
    ContributionId
    /// Access in an emergency.
    EmergencyAccessId
    /// The result of an exam.
    ExamResultId
    /// How education is to be paid.
    FinancialAidPlanId
    /// A goal of the plan.
    GoalId
    /// Who is in a group.
    GroupMemberId
    /// An application through which the district's people come.
    FrontEndId
    /// What a district calls an entry of a catalogue.
    CatalogueLabelId
    /// A framework of standards that was imported: the identifier of its CASE document.
    FrameworkId
    /// A local graduation requirement.
    GraduationRequirementId
    /// A guardian's link to a student.
    GuardianLinkId
    /// The link of a login to a person.
    IdentityLinkId
    /// The private ILP file.
    IlpFileId
    /// An invitation to a person.
    InvitationId
    /// An issuer of people's tokens. It follows from its name.
    IssuerId
    /// Learning outside class.
    LearningExperienceId
    /// A model plan.
    ModelPlanId
    /// What a person was told about a student.
    NoticeId
    /// What the student takes part in.
    ParticipationId
    /// A template.
    TemplateId
    /// A partner of the district.
    PartnerId
    /// What the program asks of a student.
    ProgramItemId
    /// Who works for a partner.
    PartnerMemberId
    /// Any person; a student's person id is the same value as the student id.
    PersonId
    /// Two records made one person.
    PersonMergeId
    /// The plan in the file.
    PlanId
    /// A job with the plans of many students.
    PlanJobId
    /// A way to go on after high school.
    PostsecondaryOptionId
    /// Two records that may be one person.
    PotentialDuplicateId
    /// What a student asks about a section.
    PrivacyPreferenceId
    /// A record of progress toward a goal.
    ProgressRecordId
    /// A proposal of a goal, new or changed.
    ProposalId
    /// What is advised toward a goal.
    RecommendationId
    /// A reflection on a goal.
    ReflectionId
    /// A copied registration for a class in a term.
    RegistrationId
    /// A mark of a report card, as it was copied.
    ReportCardId
    /// An order that keeps a person from sections of a file.
    RestrictionId
    /// A version of a résumé.
    ResumeVersionId
    /// A roster import.
    RosterImportId
    /// A school.
    SchoolId
    /// An assessment of oneself.
    SelfAssessmentId
    /// How far the student is with a skill.
    SkillRecordId
    /// An advisory or small group.
    StudentGroupId
    /// A strength or an achievement.
    StrengthId
    /// A student.
    StudentId
    /// The words of a record in another language.
    TranslationId
    /// A login that is nobody's.
    UnlinkedLoginId
    /// A support programme that a student is in.
    StudentFlagId
    /// Totals of a student's attendance in a session.
    AttendanceTotalId
    /// Work that the student has done.
    WorkExperienceId
    /// How a school year ended for a student.
    YearOutcomeId
    /// What a student does after school.
    PostSchoolOutcomeId
    /// A session: a school year, semester, term or grading period.
    AcademicSessionId
}

impl DistrictId {
    /// The deployment itself, in which operators work whose request names no district.
    pub const DEPLOYMENT: Self = Self(Uuid::nil());

    /// Whether it is the deployment.
    pub fn is_deployment(self) -> bool {
        self == Self::DEPLOYMENT
    }
}

impl From<StudentId> for PersonId {
    fn from(id: StudentId) -> Self {
        Self(id.0)
    }
}
