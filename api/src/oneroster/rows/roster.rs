//! Rows of the rostering files.

use chrono::NaiveDate;

use super::values::{ClassType, EnrollmentRole, OrgType, Role, RoleType, SessionType, Sex, SourcedId, UserId};

row! {
    /// A row of `orgs.csv`: a district, school or other unit.
    OrgRow as Org {
        name: String = "name",
        kind: OrgType = "type",
        identifier: Option<String> = "identifier",
        parent_sourced_id: Option<SourcedId> = "parentSourcedId",
    }
}

row! {
    /// A row of `academicSessions.csv`: a school year or a part of one. `end_date` is not before `start_date`.
    AcademicSessionRow as AcademicSession {
        title: String = "title",
        kind: SessionType = "type",
        start_date: NaiveDate = "startDate",
        end_date: NaiveDate = "endDate",
        parent_sourced_id: Option<SourcedId> = "parentSourcedId",
        /// The year in which the school year ends.
        school_year: i32 = "schoolYear",
    }
}

row! {
    /// A row of `courses.csv`.
    CourseRow as Course {
        school_year_sourced_id: Option<SourcedId> = "schoolYearSourcedId",
        title: String = "title",
        course_code: Option<String> = "courseCode",
        grades: Vec<String> = "grades",
        org_sourced_id: SourcedId = "orgSourcedId",
        subjects: Vec<String> = "subjects",
        /// As many as `subjects`, or none.
        subject_codes: Vec<String> = "subjectCodes",
    }
}

row! {
    /// A row of `classes.csv`.
    ClassRow as Class {
        title: String = "title",
        grades: Vec<String> = "grades",
        course_sourced_id: SourcedId = "courseSourcedId",
        class_code: Option<String> = "classCode",
        class_type: ClassType = "classType",
        location: Option<String> = "location",
        school_sourced_id: SourcedId = "schoolSourcedId",
        /// At least one.
        term_sourced_ids: Vec<SourcedId> = "termSourcedIds",
        subjects: Vec<String> = "subjects",
        /// As many as `subjects`, or none.
        subject_codes: Vec<String> = "subjectCodes",
        periods: Vec<String> = "periods",
    }
}

row! {
    /// A row of `users.csv`: a person. The password column is not here, on purpose.
    UserRow as User {
        enabled_user: bool = "enabledUser",
        username: String = "username",
        user_ids: Vec<UserId> = "userIds",
        given_name: String = "givenName",
        family_name: String = "familyName",
        middle_name: Option<String> = "middleName",
        identifier: Option<String> = "identifier",
        email: Option<String> = "email",
        sms: Option<String> = "sms",
        phone: Option<String> = "phone",
        /// Guardians and others who act for this person. A proposal, never a right.
        agent_sourced_ids: Vec<SourcedId> = "agentSourcedIds",
        /// Grade codes of CEDS (or `ext:` words); a student has one as a rule.
        grades: Vec<String> = "grades",
        user_master_identifier: Option<String> = "userMasterIdentifier",
        preferred_given_name: Option<String> = "preferredGivenName",
        preferred_middle_name: Option<String> = "preferredMiddleName",
        preferred_family_name: Option<String> = "preferredFamilyName",
        primary_org_sourced_id: Option<SourcedId> = "primaryOrgSourcedId",
        pronouns: Option<String> = "pronouns",
    }
}

row! {
    /// A row of `roles.csv`: what a person is at an org.
    RoleRow as Role {
        user_sourced_id: SourcedId = "userSourcedId",
        role_type: RoleType = "roleType",
        role: Role = "role",
        begin_date: Option<NaiveDate> = "beginDate",
        end_date: Option<NaiveDate> = "endDate",
        org_sourced_id: SourcedId = "orgSourcedId",
        user_profile_sourced_id: Option<SourcedId> = "userProfileSourcedId",
    }
}

row! {
    /// A row of `demographics.csv`. Its sourcedId is that of the user. Of these facts an import keeps the birth date alone.
    DemographicsRow as Demographics {
        birth_date: Option<NaiveDate> = "birthDate",
        sex: Option<Sex> = "sex",
        american_indian_or_alaska_native: Option<bool> = "americanIndianOrAlaskaNative",
        asian: Option<bool> = "asian",
        black_or_african_american: Option<bool> = "blackOrAfricanAmerican",
        native_hawaiian_or_other_pacific_islander: Option<bool> = "nativeHawaiianOrOtherPacificIslander",
        white: Option<bool> = "white",
        two_or_more_races: Option<bool> = "demographicRaceTwoOrMoreRaces",
        hispanic_or_latino: Option<bool> = "hispanicOrLatinoEthnicity",
        country_of_birth: Option<String> = "countryOfBirthCode",
        state_of_birth: Option<String> = "stateOfBirthAbbreviation",
        city_of_birth: Option<String> = "cityOfBirth",
        public_school_residence_status: Option<String> = "publicSchoolResidenceStatus",
    }
}

impl DemographicsRow {
    /// A person of whom the birth date alone is told.
    pub const fn born(sourced_id: SourcedId, birth_date: Option<NaiveDate>) -> Self {
        Self {
            line: 0,
            sourced_id,
            birth_date,
            sex: None,
            american_indian_or_alaska_native: None,
            asian: None,
            black_or_african_american: None,
            native_hawaiian_or_other_pacific_islander: None,
            white: None,
            two_or_more_races: None,
            hispanic_or_latino: None,
            country_of_birth: None,
            state_of_birth: None,
            city_of_birth: None,
            public_school_residence_status: None,
        }
    }
}

row! {
    /// A row of `enrollments.csv`: a person in a class.
    EnrollmentRow as Enrollment {
        class_sourced_id: SourcedId = "classSourcedId",
        school_sourced_id: SourcedId = "schoolSourcedId",
        user_sourced_id: SourcedId = "userSourcedId",
        role: EnrollmentRole = "role",
        /// Whether a teacher is the first of the class; blank for students as a rule.
        primary: Option<bool> = "primary",
        begin_date: Option<NaiveDate> = "beginDate",
        end_date: Option<NaiveDate> = "endDate",
    }
}
