//! The parts of the plan: what belongs to the plan itself, and to no goal. They make up the student's profile (R23).
//!
//! What all of them have in common is made from one list, in every layer: their sections here, where the door finds one and what a merge of two
//! people moves in persistence, their paths and their place in the whole file in the API.

use crate::access::Section;
use crate::kind::Kind;

/// Every part of the plan, in the order in which the whole file shows them: its member there, which is its table too; its type; its section. Calls
/// the macro that is named with the list.
#[macro_export]
macro_rules! parts_of_plan {
    ($made:ident) => {
        $made! {
            program_items: program::ProgramItem [in PlanOfStudy],
            contributions: program::Contribution [by domain],
            needs: guidance::Need [by domain],
            strengths: strength::Strength [by domain],
            planned_courses: coursework::PlannedCourse [in PlanOfStudy],
            credential_plans: coursework::CredentialPlan [in PlanOfStudy],
            pathway_plans: coursework::PathwayPlan [in PlanOfStudy],
            assessment_reviews: coursework::AssessmentReview [in PlanOfStudy],
            progress_statements: guidance::ProgressStatement [in PlanOfStudy],
            career_options: career::CareerOption [in Career],
            work_experiences: career::WorkExperience [in Career],
            exam_results: career::ExamResult [in Career],
            resume_versions: resume::ResumeVersion [in Career],
            postsecondary_options: postsecondary::PostsecondaryOption [in Postsecondary],
            applications: postsecondary::Application [in Postsecondary],
            financial_aid_plans: postsecondary::FinancialAidPlan [in FinancialAid],
            self_assessments: self_awareness::SelfAssessment [by domain, or in SelfAwareness],
            participations: self_awareness::Participation [in SelfAwareness],
            learning_experiences: self_awareness::LearningExperience [in SelfAwareness],
            skill_records: applied_skills::SkillRecord [in AppliedSkills],
            feedback_entries: guidance::FeedbackEntry [in Feedback],
            resource_requests: resource::ResourceRequest [in ResourceRequests],
            resource_decisions: resource::ResourceDecision [in ResourceRequests],
            translations: translation::Translation [with its record],
        }
    };
}

/// In which section the records of a part are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placed {
    /// In that of their domain.
    ByDomain,
    /// All in one.
    In(Section),
    /// In that of their domain where they have one, and otherwise in this.
    ByDomainOrIn(Section),
    /// Each in that of the record it is about, which it keeps: the column `section`.
    WithRecord,
}

impl Placed {
    /// Whether the records have a domain.
    pub const fn has_domain(self) -> bool {
        matches!(self, Self::ByDomain | Self::ByDomainOrIn(_))
    }

    /// The section of records without a domain, where all have the same.
    pub const fn section(self) -> Option<Section> {
        match self {
            Self::ByDomain | Self::WithRecord => None,
            Self::In(section) | Self::ByDomainOrIn(section) => Some(section),
        }
    }
}

/// One part of the plan.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// What a record of it is.
    pub kind: Kind,
    /// The table, and in lower camel case the member of the whole file.
    pub table: &'static str,
    /// Where its records are.
    pub placed: Placed,
}

impl Part {
    /// The part whose records are of a kind.
    pub fn of(kind: Kind) -> Option<&'static Self> {
        PARTS.iter().find(|part| part.kind == kind)
    }
}

macro_rules! parts { ($($table:ident: $module:ident::$noun:ident $placed:tt,)*) => {
    /// Every part of the plan.
    pub const PARTS: &[Part] = &[$(Part { kind: Kind::$noun, table: stringify!($table), placed: placed!($placed) }),*];
    $(sectioned!($module::$noun $placed);)*
} }

macro_rules! placed {
    ([by domain]) => {
        Placed::ByDomain
    };
    ([in $section:ident]) => {
        Placed::In(Section::$section)
    };
    ([by domain, or in $section:ident]) => {
        Placed::ByDomainOrIn(Section::$section)
    };
    ([with its record]) => {
        Placed::WithRecord
    };
}

/// A part that is all in one section, or in that of its domain; another says of each record in which it is.
macro_rules! sectioned {
    ($module:ident::$noun:ident [in $section:ident]) => {
        impl crate::noun::Sectioned for crate::$module::$noun {
            const SECTION: Option<Section> = Some(Section::$section);
            fn section(&self) -> Section {
                Section::$section
            }
            fn student_id(&self) -> crate::id::StudentId {
                self.student_id
            }
            fn author(&self) -> Option<crate::id::PersonId> {
                Some(self.created_by)
            }
            fn amended_by() -> &'static [crate::access::Action] {
                <Self as crate::noun::Noun>::written_by()
            }
        }
    };
    ($module:ident::$noun:ident [by domain]) => {
        impl crate::noun::Sectioned for crate::$module::$noun {
            fn section(&self) -> Section {
                crate::access::section_of_domain(self.domain)
            }
            fn student_id(&self) -> crate::id::StudentId {
                self.student_id
            }
            fn author(&self) -> Option<crate::id::PersonId> {
                Some(self.created_by)
            }
            fn amended_by() -> &'static [crate::access::Action] {
                <Self as crate::noun::Noun>::written_by()
            }
            fn is_progress(&self) -> bool {
                crate::noun::PROGRESS.contains(&Kind::$noun)
            }
        }
    };
    ($module:ident::$noun:ident [by domain, or in $section:ident]) => {};
    ($module:ident::$noun:ident [with its record]) => {};
}

parts_of_plan!(parts);
