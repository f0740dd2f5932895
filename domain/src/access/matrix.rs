//! The table: which relation may do what in which section, and on what condition.
//!
//! A cell that is not listed is empty: nothing is allowed. Who may write in a section may also comment there, and staff who may write
//! may instead suggest; both are spelled out, so that the table says everything.

use super::{Action, Choice, Relation, Section};

/// One letter of a cell: an action, and when it is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The action.
    pub action: Action,
    /// The condition.
    pub when: When,
}

/// The conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// Always.
    Always,
    /// Only what is the caller's own.
    Own,
    /// Only the caller's own consent, and only once it is known who holds the rights.
    OwnConsent,
    /// While the student is below grade 9, where all supplement the plan together (R37, R41).
    BelowGrade9,
    /// From grade 9 on, where the plan is the student's responsibility (R41).
    FromGrade9,
    /// Unless the student is in grade 9 or later: below it, in no grade, or in one that is not known.
    NotFromGrade9,
    /// Where the profile opens contacts to all participants (R19).
    ParticipantsReadContacts,
    /// Strengths and progress only, where the profile opens these to all participants (R31 to R34).
    ProgressForParticipants,
    /// Unless the student has hidden the record.
    UnlessHidden,
    /// If the student has opened the record.
    OpenedByStudent,
    /// If the record names the caller.
    NamedOnIt,
    /// Inside an open inspection, amendment or disclosure case.
    InCase,
    /// Its schedule only.
    ScheduleOnly,
    /// What the consent or the emergency names: the section, and the goal where it is limited to one.
    Within,
    /// No more than the student's first name.
    FirstName,
    /// Papers of the specialist's own programme.
    OwnProgram,
}

const fn grant(action: Action, when: When) -> Grant {
    Grant { action, when }
}

const R: Grant = grant(Action::Read, When::Always);
const C: Grant = grant(Action::Comment, When::Always);
const P: Grant = grant(Action::Propose, When::Always);
const W: Grant = grant(Action::Write, When::Always);
const SIGN: Grant = grant(Action::Sign, When::Always);
const A: Grant = grant(Action::Administer, When::Always);
const R_OWN: Grant = grant(Action::Read, When::Own);
const W_OWN: Grant = grant(Action::Write, When::Own);
const W_CONSENT: Grant = grant(Action::Write, When::OwnConsent);
const C_BELOW_9: Grant = grant(Action::Comment, When::BelowGrade9);
/// Below grade 9 guardian and teacher write what they otherwise suggest (R37).
const W_BELOW_9: Grant = grant(Action::Write, When::BelowGrade9);
/// The student decides suggestions in grades 9 to 12 (R41) …
const D_FROM_9: Grant = grant(Action::Decide, When::FromGrade9);
/// … and the gatekeeper otherwise.
const D_NOT_FROM_9: Grant = grant(Action::Decide, When::NotFromGrade9);
const D: Grant = grant(Action::Decide, When::Always);
const R_CONTACTS: Grant = grant(Action::Read, When::ParticipantsReadContacts);
const R_PROGRESS: Grant = grant(Action::Read, When::ProgressForParticipants);
const R_UNLESS_HIDDEN: Grant = grant(Action::Read, When::UnlessHidden);
const R_OPENED: Grant = grant(Action::Read, When::OpenedByStudent);
const R_NAMED: Grant = grant(Action::Read, When::NamedOnIt);
const R_CASE: Grant = grant(Action::Read, When::InCase);
const C_OWN: Grant = grant(Action::Comment, When::Own);
const R_WITHIN: Grant = grant(Action::Read, When::Within);
const R_FIRST_NAME: Grant = grant(Action::Read, When::FirstName);
const R_PROGRAM: Grant = grant(Action::Read, When::OwnProgram);
const C_PROGRAM: Grant = grant(Action::Comment, When::OwnProgram);
const W_PROGRAM: Grant = grant(Action::Write, When::OwnProgram);
const A_SCHEDULE: Grant = grant(Action::Administer, When::ScheduleOnly);

type Cells = &'static [(Section, &'static [Grant])];

/// A cell of the table.
pub fn cell(relation: Relation, section: Section) -> &'static [Grant] {
    row(relation).iter().find(|(of, _)| *of == section).map_or(&[], |(_, grants)| grants)
}

/// What the student may ask about a section and those who stand in a relation: to hide what the table shows them, or to open what it does not.
/// None where the table leaves no choice.
pub fn choice_of(relation: Relation, section: Section) -> Option<Choice> {
    cell(relation, section).iter().find_map(|grant| match grant.when {
        When::UnlessHidden | When::Within if heeds_privacy(relation) => Some(Choice::Hide),
        When::OpenedByStudent => Some(Choice::Open),
        _ => None,
    })
}

/// Whether a relation yields to what the student asks (I5). The student needs no asking, an emergency and legal process do not wait for it,
/// and a machine reads nothing that could be hidden. A guardian yields once the rights have passed.
pub(super) const fn heeds_privacy(relation: Relation) -> bool {
    !matches!(relation, Relation::Student | Relation::Custodian | Relation::Emergency | Relation::SisClient)
}

/// A row of the table.
pub fn row(relation: Relation) -> Cells {
    match relation {
        Relation::Student => SELF,
        Relation::Guardian => GUARDIAN,
        Relation::Gatekeeper => GATEKEEPER,
        Relation::Teacher => TEACHER,
        Relation::CareerReviewer => CAREER_REVIEWER,
        Relation::SupportSpecialist => SUPPORT_SPECIALIST,
        Relation::RosterTeacher => ROSTER_TEACHER,
        Relation::SchoolManager => SCHOOL_MANAGER,
        Relation::Coordinator => COORDINATOR,
        Relation::Custodian => CUSTODIAN,
        Relation::ConsentedGuardian => CONSENTED_GUARDIAN,
        Relation::Partner => PARTNER,
        Relation::Mentor => MENTOR,
        Relation::GroupMember => GROUP_MEMBER,
        Relation::Emergency => EMERGENCY,
        Relation::SisClient => SIS_CLIENT,
        // A state client reads the listed fields of a collection under its agreement, never a section; an operator reads nothing (I6).
        Relation::StateClient | Relation::Operator => &[],
    }
}

/// ST: the plan belongs to the student (R48). Writes the own sections at any age.
const SELF: Cells = &[
    (Section::Status, &[R]),
    (Section::Identity, &[R]),
    (Section::Contacts, &[R, W_OWN]),
    (Section::PlanOfStudy, &[R, C, W, D_FROM_9]),
    (Section::SchoolRecords, &[R]),
    (Section::Career, &[R, C, W, D_FROM_9]),
    (Section::Postsecondary, &[R, C, W, D_FROM_9]),
    (Section::FinancialAid, &[R, C, W]),
    (Section::SelfAwareness, &[R, C, W]),
    (Section::AppliedSkills, &[R, C, W, D_FROM_9]),
    (Section::PersonalSocial, &[R, C, W]),
    (Section::Transition, &[R, C, W, D_FROM_9]),
    (Section::Confidential, &[R]),
    (Section::Conferences, &[R, C, SIGN, D_FROM_9]),
    (Section::Feedback, &[R, C, D_FROM_9]),
    (Section::ResourceRequests, &[R, C, W]),
    (Section::Privacy, &[R, W_CONSENT]),
];

/// GU: with full rights, while the student is a minor. Helps to develop the content (R52) and suggests (R47).
const GUARDIAN: Cells = &[
    (Section::Status, &[R]),
    (Section::Identity, &[R]),
    (Section::Contacts, &[R, W_OWN]),
    (Section::PlanOfStudy, &[R, C, P, W_BELOW_9]),
    (Section::SchoolRecords, &[R]),
    (Section::Career, &[R, C, P, W_BELOW_9]),
    (Section::Postsecondary, &[R, C, P]),
    (Section::FinancialAid, &[R, C, W]),
    (Section::SelfAwareness, &[R, C_BELOW_9, W_BELOW_9]),
    (Section::AppliedSkills, &[R, C, P]),
    (Section::PersonalSocial, &[R]),
    (Section::Transition, &[R, C, P]),
    (Section::Confidential, &[R]),
    (Section::Conferences, &[R, C, P, SIGN]),
    (Section::Feedback, &[R, C, P]),
    (Section::ResourceRequests, &[R, C, W]),
    (Section::Privacy, &[R, W_CONSENT]),
];

/// GK: liaison and gatekeeper (R71), turns goals into advice (R69).
const GATEKEEPER: Cells = &[
    (Section::Status, &[R, A]),
    (Section::Identity, &[R]),
    (Section::Contacts, &[R]),
    (Section::PlanOfStudy, &[R, C, P, W, D_NOT_FROM_9]),
    (Section::SchoolRecords, &[R]),
    (Section::Career, &[R, C, P, W, D_NOT_FROM_9]),
    (Section::Postsecondary, &[R, C, P, W, D_NOT_FROM_9]),
    (Section::FinancialAid, &[R_NAMED]),
    (Section::SelfAwareness, &[R]),
    (Section::AppliedSkills, &[R, C, P, W, D_NOT_FROM_9]),
    (Section::PersonalSocial, &[R_UNLESS_HIDDEN]),
    (Section::Transition, &[R, C, P, W, D_NOT_FROM_9]),
    (Section::Confidential, &[R_NAMED]),
    (Section::Conferences, &[R, C, W, A, D_NOT_FROM_9]),
    (Section::Feedback, &[R, C, P, D_NOT_FROM_9]),
    (Section::ResourceRequests, &[R, C, W]),
    (Section::Privacy, &[R, P]),
];

/// TE: assigned to the plan (R40). As a participant may suggest occupational and postsecondary objectives (R47): hence P in S4 and S5.
const TEACHER: Cells = &[
    (Section::Status, &[R]),
    (Section::Identity, &[R]),
    (Section::Contacts, &[R_CONTACTS]),
    (Section::PlanOfStudy, &[R, C, P, W_BELOW_9]),
    (Section::SchoolRecords, &[R]),
    (Section::Career, &[R, P, C_BELOW_9, W_BELOW_9]),
    (Section::Postsecondary, &[R, P]),
    (Section::SelfAwareness, &[R, C_BELOW_9, W_BELOW_9]),
    (Section::AppliedSkills, &[R, C, P, W]),
    (Section::PersonalSocial, &[R_OPENED, R_PROGRESS]),
    (Section::Transition, &[R]),
    (Section::Conferences, &[R, C, W]),
    (Section::Feedback, &[R, C, P]),
    (Section::ResourceRequests, &[R_OWN, W_OWN]),
];

/// CR: reviews career objectives and is a participant (R45, R46).
const CAREER_REVIEWER: Cells = &[
    (Section::Status, &[R]),
    (Section::Identity, &[R]),
    (Section::Contacts, &[R_CONTACTS]),
    (Section::PlanOfStudy, &[R, C, P]),
    (Section::SchoolRecords, &[R]),
    (Section::Career, &[R, C, P, W]),
    (Section::Postsecondary, &[R, C, P, W]),
    (Section::SelfAwareness, &[R]),
    (Section::AppliedSkills, &[R]),
    (Section::PersonalSocial, &[R_PROGRESS]),
    (Section::Transition, &[R_PROGRESS]),
    (Section::Conferences, &[R, C, W]),
    (Section::Feedback, &[R, C, P]),
    (Section::ResourceRequests, &[R_OWN, W_OWN]),
];

/// SP(t): keeps the papers of the own programme (R22), and the transition plan.
const SUPPORT_SPECIALIST: Cells = &[
    (Section::Status, &[R]),
    (Section::Identity, &[R]),
    (Section::PlanOfStudy, &[R]),
    (Section::SchoolRecords, &[R]),
    (Section::Career, &[R]),
    (Section::Postsecondary, &[R]),
    (Section::SelfAwareness, &[R]),
    (Section::AppliedSkills, &[R]),
    (Section::PersonalSocial, &[R_OPENED]),
    (Section::Transition, &[R, C, W]),
    (Section::Confidential, &[R_PROGRAM, C_PROGRAM, W_PROGRAM]),
    (Section::Conferences, &[R, C, W]),
    (Section::Feedback, &[R, C]),
    (Section::ResourceRequests, &[R_OWN, W_OWN]),
];

/// GU of an eligible student: what the student consents to, to read.
const CONSENTED_GUARDIAN: Cells = &[
    (Section::Status, &[R]),
    (Section::Identity, &[R]),
    (Section::PlanOfStudy, &[R_WITHIN]),
    (Section::SchoolRecords, &[R_WITHIN]),
    (Section::Career, &[R_WITHIN]),
    (Section::Postsecondary, &[R_WITHIN]),
    (Section::FinancialAid, &[R_WITHIN]),
    (Section::SelfAwareness, &[R_WITHIN]),
    (Section::AppliedSkills, &[R_WITHIN]),
    (Section::PersonalSocial, &[R_WITHIN]),
    (Section::Transition, &[R_WITHIN]),
    (Section::Confidential, &[R_WITHIN]),
    (Section::Conferences, &[R_WITHIN]),
    (Section::Feedback, &[R_WITHIN]),
];

/// PA: narrow sections by consent, and feedback of one's own (R74).
const PARTNER: Cells = &[
    (Section::Status, &[R]),
    (Section::Identity, &[R_WITHIN]),
    (Section::PlanOfStudy, &[R_WITHIN]),
    (Section::Career, &[R_WITHIN]),
    (Section::Postsecondary, &[R_WITHIN]),
    (Section::SelfAwareness, &[R_WITHIN]),
    (Section::AppliedSkills, &[R_WITHIN]),
    (Section::Feedback, &[R_OWN, C_OWN, W_OWN]),
    (Section::ResourceRequests, &[R_OWN, W_OWN]),
];

/// ME: what the student shares, and feedback of one's own (I7).
const MENTOR: Cells = &[
    (Section::Identity, &[R_FIRST_NAME]),
    (Section::PlanOfStudy, &[R_WITHIN]),
    (Section::Career, &[R_WITHIN]),
    (Section::Postsecondary, &[R_WITHIN]),
    (Section::SelfAwareness, &[R_WITHIN]),
    (Section::AppliedSkills, &[R_WITHIN]),
    (Section::Feedback, &[R_OWN, C_OWN, W_OWN]),
];

/// AG: what the student shares with the group (R138, I7).
const GROUP_MEMBER: Cells = &[
    (Section::Identity, &[R_FIRST_NAME]),
    (Section::PlanOfStudy, &[R_WITHIN]),
    (Section::Career, &[R_WITHIN]),
    (Section::Postsecondary, &[R_WITHIN]),
    (Section::SelfAwareness, &[R_WITHIN]),
    (Section::AppliedSkills, &[R_WITHIN]),
];

/// Break-glass: the sections that the emergency names, to read; never S14 (access.md 5.7).
const EMERGENCY: Cells = &[
    (Section::Status, &[R]),
    (Section::Identity, &[R]),
    (Section::Contacts, &[R_WITHIN]),
    (Section::PlanOfStudy, &[R_WITHIN]),
    (Section::SchoolRecords, &[R_WITHIN]),
    (Section::Career, &[R_WITHIN]),
    (Section::Postsecondary, &[R_WITHIN]),
    (Section::FinancialAid, &[R_WITHIN]),
    (Section::SelfAwareness, &[R_WITHIN]),
    (Section::AppliedSkills, &[R_WITHIN]),
    (Section::PersonalSocial, &[R_WITHIN]),
    (Section::Transition, &[R_WITHIN]),
    (Section::Confidential, &[R_WITHIN]),
    (Section::Conferences, &[R_WITHIN]),
    (Section::Feedback, &[R_WITHIN]),
    (Section::ResourceRequests, &[R_WITHIN]),
];

/// A roster teacher is an involved educator for three sections, not a participant (R136).
const ROSTER_TEACHER: Cells = &[
    (Section::Status, &[R]),
    (Section::Identity, &[R]),
    (Section::PlanOfStudy, &[R]),
    (Section::SchoolRecords, &[R]),
    (Section::AppliedSkills, &[R]),
];

/// PR: assigns personnel (R99) and decides resource requests (R98); reads no content unless also assigned (R131).
const SCHOOL_MANAGER: Cells = &[
    (Section::Status, &[R, A]),
    (Section::Identity, &[R]),
    (Section::Contacts, &[R]),
    (Section::Conferences, &[A_SCHEDULE]),
    (Section::ResourceRequests, &[R, C, W, D]),
];

/// CO: oversees completion (R55, R61).
const COORDINATOR: Cells = &[(Section::Status, &[R])];

/// CU: confirms links, keeps consents, restrictions and disclosures; content only inside a case.
const CUSTODIAN: Cells = &[
    (Section::Status, &[R, A]),
    (Section::Identity, &[R]),
    (Section::Contacts, &[R]),
    (Section::PlanOfStudy, &[R_CASE]),
    (Section::SchoolRecords, &[R_CASE]),
    (Section::Career, &[R_CASE]),
    (Section::Postsecondary, &[R_CASE]),
    (Section::FinancialAid, &[R_CASE]),
    (Section::SelfAwareness, &[R_CASE]),
    (Section::AppliedSkills, &[R_CASE]),
    (Section::PersonalSocial, &[R_CASE]),
    (Section::Transition, &[R_CASE]),
    (Section::Confidential, &[R_CASE]),
    (Section::Conferences, &[R_CASE]),
    (Section::Feedback, &[R_CASE]),
    (Section::ResourceRequests, &[R_CASE]),
    (Section::Privacy, &[R, W, A]),
];

/// SI: writes facts, reads no narrative. It alone may write what it cannot read (I4).
const SIS_CLIENT: Cells = &[(Section::Status, &[W]), (Section::Identity, &[R, W]), (Section::Contacts, &[W]), (Section::SchoolRecords, &[W])];
