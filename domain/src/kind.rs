//! The kinds of record that the journal, the feed and access know.

crate::words! {
    /// What a record is. The same word in the journal, in the feed and in the view `records`.
    Kind {
        /// A district.
        District = "district",
        /// A machine client.
        Client = "client",
        /// An issuer of people's tokens.
        Issuer = "issuer",
        /// An agreement with a state client.
        Agreement = "agreement",
        /// The link of a login to a person.
        IdentityLink = "identityLink",
        /// An invitation to a person.
        Invitation = "invitation",
        /// A login that is nobody's.
        UnlinkedLogin = "unlinkedLogin",
        /// A school.
        School = "school",
        /// A school year, semester, term or grading period.
        AcademicSession = "academicSession",
        /// A course.
        Course = "course",
        /// A class.
        Class = "class",
        /// A category of a gradebook.
        Category = "category",
        /// What is marked in a class and a session.
        LineItem = "lineItem",
        /// A person.
        Person = "person",
        /// A student.
        Student = "student",
        /// An alarm on unusual volume.
        Alarm = "alarm",
        /// Two records that were made one person.
        PersonMerge = "personMerge",
        /// Two records that may be one person.
        PotentialDuplicate = "potentialDuplicate",
        /// A role from the roster.
        Role = "role",
        /// An enrollment in a class.
        Enrollment = "enrollment",
        /// A guardian's link to a student.
        GuardianLink = "guardianLink",
        /// A staff member's assignment to a student.
        Assignment = "assignment",
        /// An office in a school or the district.
        Appointment = "appointment",
        /// A consent.
        Consent = "consent",
        /// An order that keeps a person from sections of a file.
        Restriction = "restriction",
        /// What a student asks about a section.
        PrivacyPreference = "privacyPreference",
        /// Access in an emergency.
        EmergencyAccess = "emergencyAccess",
        /// An application through which the district's people come.
        FrontEnd = "frontEnd",
        /// That a student holds the rights before 18.
        AdultStatus = "adultStatus",
        /// What a person was told about a student.
        Notice = "notice",
        /// A request to inspect a file.
        InspectionRequest = "inspectionRequest",
        /// A request to amend a record.
        AmendmentRequest = "amendmentRequest",
        /// What the district tells its families every year.
        AnnualNotice = "annualNotice",
        /// Words that are withheld from the family.
        Redaction = "redaction",
        /// A partner of the district.
        Partner = "partner",
        /// Who works for a partner.
        PartnerMember = "partnerMember",
        /// An advisory or small group.
        StudentGroup = "studentGroup",
        /// Who is in a group.
        GroupMember = "groupMember",
        /// A local graduation requirement.
        GraduationRequirement = "graduationRequirement",
        /// What a district calls an entry of a catalogue.
        CatalogueLabel = "catalogueLabel",
        /// A framework of standards that was imported.
        Framework = "framework",
        /// A template.
        Template = "template",
        /// A model plan.
        ModelPlan = "modelPlan",
        /// A roster import.
        RosterImport = "rosterImport",
        /// A job with the plans of many students.
        PlanJob = "planJob",
        /// The ILP file.
        IlpFile = "ilpFile",
        /// A division of a file by school year.
        Division = "division",
        /// A copied registration.
        Registration = "registration",
        /// A copied mark of a report card.
        ReportCard = "reportCard",
        /// The plan.
        Plan = "plan",
        /// A goal.
        Goal = "goal",
        /// A yearly benchmark of a goal.
        Benchmark = "benchmark",
        /// An activity toward a goal.
        Activity = "activity",
        /// A record of progress.
        ProgressRecord = "progressRecord",
        /// What is advised toward a goal.
        Recommendation = "recommendation",
        /// A reflection.
        Reflection = "reflection",
        /// A strength or an achievement.
        Strength = "strength",
        /// An occupation that the student looks into.
        CareerOption = "careerOption",
        /// Work that the student has done.
        WorkExperience = "workExperience",
        /// The result of an exam.
        ExamResult = "examResult",
        /// A version of a résumé.
        ResumeVersion = "resumeVersion",
        /// The words of a record in another language.
        Translation = "translation",
        /// A way to go on after high school.
        PostsecondaryOption = "postsecondaryOption",
        /// An application.
        Application = "application",
        /// How education is to be paid.
        FinancialAidPlan = "financialAidPlan",
        /// An assessment of oneself.
        SelfAssessment = "selfAssessment",
        /// What the student takes part in.
        Participation = "participation",
        /// Learning outside class.
        LearningExperience = "learningExperience",
        /// A course in the course plan.
        PlannedCourse = "plannedCourse",
        /// A credential to be earned.
        CredentialPlan = "credentialPlan",
        /// A career pathway in the plan.
        PathwayPlan = "pathwayPlan",
        /// What an assessment means for the student.
        AssessmentReview = "assessmentReview",
        /// An interest, a need or a support.
        Need = "need",
        /// A statement of progress.
        ProgressStatement = "progressStatement",
        /// What somebody says for the plan.
        FeedbackEntry = "feedbackEntry",
        /// A request for a resource.
        ResourceRequest = "resourceRequest",
        /// What was decided about a request for a resource.
        ResourceDecision = "resourceDecision",
        /// What the program asks of a student.
        ProgramItem = "programItem",
        /// What somebody adds to an item of the program.
        Contribution = "contribution",
        /// How far the student is with a skill.
        SkillRecord = "skillRecord",
        /// A proposal.
        Proposal = "proposal",
        /// An address of a person.
        Address = "address",
        /// A telephone of a person.
        Telephone = "telephone",
        /// A support programme that a student is in.
        StudentFlag = "studentFlag",
        /// What a source says of a guardian.
        GuardianClaim = "guardianClaim",
        /// What a source says of staff and a student.
        AssignmentClaim = "assignmentClaim",
        /// Whom a source says that a member of staff looks after.
        CaseloadClaim = "caseloadClaim",
        /// What a state calls a person.
        StateIdentifier = "stateIdentifier",
        /// Totals of a student's attendance in a session.
        AttendanceTotal = "attendanceTotal",
        /// How a school year ended for a student.
        YearOutcome = "yearOutcome",
        /// What a student does after school.
        PostSchoolOutcome = "postSchoolOutcome",
    }
}

crate::words! {
    /// What a change in the journal did to its record.
    Operation {
        /// The record is new.
        Created = "created",
        /// The record is another.
        Amended = "amended",
        /// The record is gone.
        Removed = "removed",
    }
}

crate::words! {
    /// What an entry of the feed says.
    FeedOperation {
        /// The record is new.
        Created = "created",
        /// The record is another.
        Amended = "amended",
        /// The record is gone, and with a goal all that belongs to it.
        Removed = "removed",
        /// Of this student the caller may hold exactly the sections named: what is missing is to be read, the rest to be deleted.
        Granted = "granted",
        /// The caller may hold nothing of this student any more.
        Withdrawn = "withdrawn",
    }
}

impl From<Operation> for FeedOperation {
    fn from(operation: Operation) -> Self {
        match operation {
            Operation::Created => Self::Created,
            Operation::Amended => Self::Amended,
            Operation::Removed => Self::Removed,
        }
    }
}
