//! Rows of the supplement: what OneRoster lacks and an ILP needs (R152–R155, L9). `docs/roster-supplement.md` describes the files.

use chrono::NaiveDate;

use super::values::{Decimal, SourcedId};

vocabulary! {
    /// What an address is.
    AddressType { Home = "home", Mailing = "mailing", Work = "work", Other = "other" } or Own
}
vocabulary! {
    /// Where a telephone rings.
    TelephoneType { Home = "home", Mobile = "mobile", Work = "work", Other = "other" } or Own
}
vocabulary! {
    /// What a guardian is to the student.
    Relationship {
        Mother = "mother", Father = "father", Parent = "parent", Stepparent = "stepparent", Grandparent = "grandparent",
        LegalGuardian = "legalGuardian", FosterParent = "fosterParent", Sibling = "sibling", Relative = "relative", Other = "other",
    } or Own
}
vocabulary! {
    /// What a guardian may do (34 CFR 99.4): everything, unless a binding document says otherwise.
    GuardianRights { Full = "full", None = "none" }
}
vocabulary! {
    /// What rights rest on.
    Evidence { CourtOrder = "courtOrder", Statute = "statute", BindingDocument = "bindingDocument", Declared = "declared" } or Own
}
vocabulary! {
    /// What a member of staff is assigned as.
    StaffAssignmentKind { Gatekeeper = "gatekeeper", Teacher = "teacher", CareerReviewer = "careerReviewer" } or Own
}
vocabulary! {
    /// A programme that a student is in. Words are those of School Data Sync where it has one.
    Flag { Iep = "iep", Section504 = "504", EnglishLearner = "ell", PersonalLiteracyPlan = "plp" } or Own
}
vocabulary! {
    /// Whom a state's identifier names.
    StateIdType { Student = "student", Staff = "staff" }
}
vocabulary! {
    /// How a school year ended for a student (R153).
    YearOutcome {
        Promoted = "promoted", Retained = "retained", Graduated = "graduated", Completed = "completed", Continuing = "continuing",
        TransferredOut = "transferredOut", DroppedOut = "droppedOut",
    } or Own
}
vocabulary! {
    /// What a student does after school (R154).
    PostSchoolKind {
        TwoYearCollege = "twoYearCollege", FourYearCollege = "fourYearCollege", Apprenticeship = "apprenticeship",
        CareerTraining = "careerTraining", Employment = "employment", Military = "military", Other = "other",
    } or Own
}

row! {
    /// A row of `ilp.addresses.csv`.
    AddressRow as Address {
        user_sourced_id: SourcedId = "userSourcedId",
        kind: AddressType = "type",
        street: String = "street",
        unit: Option<String> = "unit",
        city: String = "city",
        state: Option<String> = "state",
        postal_code: String = "postalCode",
        /// ISO 3166, two letters; the district's own if blank.
        country: Option<String> = "country",
        begin_date: Option<NaiveDate> = "beginDate",
        end_date: Option<NaiveDate> = "endDate",
    }
}

row! {
    /// A row of `ilp.telephones.csv`.
    TelephoneRow as Telephone {
        user_sourced_id: SourcedId = "userSourcedId",
        kind: TelephoneType = "type",
        number: String = "number",
        extension: Option<String> = "extension",
        /// The one to ring first.
        primary: Option<bool> = "primary",
        begin_date: Option<NaiveDate> = "beginDate",
        end_date: Option<NaiveDate> = "endDate",
    }
}

row! {
    /// A row of `ilp.guardians.csv`: what a person is to a student, and with which rights. A proposal, which a custodian confirms.
    GuardianRow as Guardian {
        student_sourced_id: SourcedId = "studentSourcedId",
        guardian_sourced_id: SourcedId = "guardianSourcedId",
        relationship: Relationship = "relationship",
        rights: GuardianRights = "rights",
        /// Always there where rights are none.
        evidence: Option<Evidence> = "evidence",
        /// Where the document is kept. Always there where rights are none.
        evidence_reference: Option<String> = "evidenceReference",
        begin_date: Option<NaiveDate> = "beginDate",
        end_date: Option<NaiveDate> = "endDate",
    }
}

row! {
    /// A row of `ilp.caseloads.csv`: the students of a school that a member of staff looks after, by grade and by family name.
    CaseloadRow as Caseload {
        staff_sourced_id: SourcedId = "staffSourcedId",
        school_sourced_id: SourcedId = "schoolSourcedId",
        /// All grades if none.
        grades: Vec<String> = "grades",
        /// The first family name, or how it begins; from the first of all if blank.
        family_name_from: Option<String> = "familyNameFrom",
        /// The last family name, or how it begins; to the last of all if blank.
        family_name_to: Option<String> = "familyNameTo",
        begin_date: Option<NaiveDate> = "beginDate",
        end_date: Option<NaiveDate> = "endDate",
    }
}

row! {
    /// A row of `ilp.assignments.csv`: one student assigned to one member of staff.
    StaffAssignmentRow as StaffAssignment {
        staff_sourced_id: SourcedId = "staffSourcedId",
        student_sourced_id: SourcedId = "studentSourcedId",
        kind: StaffAssignmentKind = "type",
        begin_date: Option<NaiveDate> = "beginDate",
        end_date: Option<NaiveDate> = "endDate",
    }
}

row! {
    /// A row of `ilp.flags.csv`.
    FlagRow as Flag {
        student_sourced_id: SourcedId = "studentSourcedId",
        flag: Flag = "flag",
        begin_date: Option<NaiveDate> = "beginDate",
        end_date: Option<NaiveDate> = "endDate",
    }
}

row! {
    /// A row of `ilp.stateIds.csv`. A Social Security number is refused.
    StateIdRow as StateId {
        user_sourced_id: SourcedId = "userSourcedId",
        kind: StateIdType = "type",
        /// The state that gave it, two letters.
        state: String = "state",
        identifier: String = "identifier",
    }
}

row! {
    /// A row of `ilp.attendance.csv`: totals of a session (R152). Days may be halves.
    AttendanceRow as Attendance {
        student_sourced_id: SourcedId = "studentSourcedId",
        school_sourced_id: SourcedId = "schoolSourcedId",
        academic_session_sourced_id: SourcedId = "academicSessionSourcedId",
        days_enrolled: Decimal = "daysEnrolled",
        /// Not more than `days_enrolled`.
        days_absent: Decimal = "daysAbsent",
        /// Not more than `days_absent`.
        days_absent_unexcused: Option<Decimal> = "daysAbsentUnexcused",
        times_tardy: Option<i64> = "timesTardy",
    }
}

row! {
    /// A row of `ilp.outcomes.csv`: how a school year ended for a student (R153).
    OutcomeRow as Outcome {
        student_sourced_id: SourcedId = "studentSourcedId",
        school_sourced_id: SourcedId = "schoolSourcedId",
        /// The year in which the school year ends.
        school_year: i32 = "schoolYear",
        outcome: YearOutcome = "outcome",
        outcome_date: Option<NaiveDate> = "outcomeDate",
        diploma_type: Option<String> = "diplomaType",
    }
}

row! {
    /// A row of `ilp.postSchoolOutcomes.csv`: what a student does after school (R154).
    PostSchoolOutcomeRow as PostSchoolOutcome {
        student_sourced_id: SourcedId = "studentSourcedId",
        kind: PostSchoolKind = "type",
        /// The college, employer or branch.
        name: Option<String> = "name",
        as_of_date: NaiveDate = "asOfDate",
    }
}

row! {
    /// A row of School Data Sync's `relationships.csv`: who is what to a student.
    RelationshipRow as Relationship without sourcedId {
        user_sourced_id: SourcedId = "userSourcedId",
        relationship_user_sourced_id: SourcedId = "relationshipUserSourcedId",
        /// A word of Microsoft's, such as `guardian`.
        role: String = "relationshipRole",
    }
}

row! {
    /// A row of School Data Sync's `userFlags.csv`.
    UserFlagRow as UserFlag without sourcedId {
        user_sourced_id: SourcedId = "userSourcedId",
        /// A word of Microsoft's, such as `iep`, `504` or `freeLunch`.
        flag: String = "flag",
    }
}

impl UserFlagRow {
    /// The programme that the flag stands for; nothing, where an ILP has no use for it.
    pub fn programme(&self) -> Option<Flag> {
        match self.flag.to_ascii_lowercase().as_str() {
            "iep" => Some(Flag::Iep),
            "504" | "section504" => Some(Flag::Section504),
            "ell" | "englishlearner" | "lep" => Some(Flag::EnglishLearner),
            "plp" => Some(Flag::PersonalLiteracyPlan),
            _ => None,
        }
    }
}
