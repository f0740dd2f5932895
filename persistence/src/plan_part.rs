//! The parts of the plan: their columns, and what all of them have in common.

use diesel::sql_types::Record;
use openilp_domain::applied_skills::SkillRecord;
use openilp_domain::career::{CareerOption, ExamResult, WorkExperience};
use openilp_domain::coursework::{AssessmentReview, CredentialPlan, PathwayPlan, PlannedCourse};
use openilp_domain::guidance::{FeedbackEntry, Need, ProgressStatement};
use openilp_domain::kind::Kind;
use openilp_domain::postsecondary::{Application, FinancialAidPlan, PostsecondaryOption};
use openilp_domain::program::{Contribution, ProgramItem};
use openilp_domain::resource::{ResourceDecision, ResourceRequest};
use openilp_domain::resume::ResumeVersion;
use openilp_domain::self_awareness::{LearningExperience, Participation, SelfAssessment};
use openilp_domain::strength::Strength;
use openilp_domain::translation::Translation;

use crate::error::Result;
use crate::grant::Withheld;
use crate::listed::{ListOf, Listed, withheld};
use crate::record;

/// Keeps a part of the plan: plan and student come from the file that it is added to.
macro_rules! part_of_plan { ($noun:ident in $table:ident fixed { $($fixed:ident),* } set { $($set:ident),* $(,)? }) => {
    record! {
        $noun in $table
        beneath student_id = |located| located.student_id,
        of { plan_id = |tx, granted, _new| crate::plan::id_of(tx, granted.student_id()?).await, student_id = |_tx, granted, _new| granted.student_id() }
        fixed { $($fixed),* }
        set { $($set),* }
    }
} }

part_of_plan! {
    PlannedCourse in planned_courses fixed {}
    set { school_year, title, level, status, grade, term, course_code, subject, credits, description }
}

part_of_plan! {
    CredentialPlan in credential_plans fixed {}
    set { kind, title, status, provider, school_year, earned_on, credits, documentation }
}

part_of_plan! {
    PathwayPlan in pathway_plans fixed {}
    set { pathway, endorsement_status, cluster, pathway_code_system, pathway_code, endorsement, endorsed_on, progress }
}

part_of_plan! {
    AssessmentReview in assessment_reviews fixed {}
    set { assessment, reviewed_on, analysis, needs_intervention, intervention, advisement }
}

part_of_plan! {
    Need in needs fixed { domain }
    set { kind, title, status, description, response }
}

part_of_plan! {
    ProgressStatement in progress_statements fixed {}
    set { stated_on, goals_met, on_track, statement }
}

part_of_plan! {
    FeedbackEntry in feedback_entries fixed {}
    set { kind, body, subject, starts_on, ends_on }
}

part_of_plan! { Strength in strengths fixed { domain } set { kind, title, description, recognized_on } }

part_of_plan! {
    CareerOption in career_options fixed {}
    set { occupation_title, standing, occupation_code_system, occupation_code, interests, skills, entry_level_opportunities, educational_requirements,
          requirements_evaluation, coursework_needed, coursework_progress }
}

part_of_plan! { WorkExperience in work_experiences fixed {} set { employer, role, starts_on, ends_on, hours, description, reflection } }

part_of_plan! { ExamResult in exam_results fixed {} set { exam, taken_on, score, scale, level_reached, meaning } }

part_of_plan! {
    PostsecondaryOption in postsecondary_options fixed {}
    set { kind, name, standing, program, found_in, admission_requirements, comparison, reviewed_on }
}

part_of_plan! { Application in applications fixed {} set { kind, applied_to, status, program, due_on, submitted_on, decided_on, notes } }

part_of_plan! { FinancialAidPlan in financial_aid_plans fixed {} set { kind, title, status, amount, currency, due_on, description } }

part_of_plan! { SelfAssessment in self_assessments fixed { kind } set { instrument, taken_on, result, reflection } }

part_of_plan! { Participation in participations fixed {} set { kind, title, plan, starts_on, ends_on, hours, record, reflection } }

part_of_plan! {
    LearningExperience in learning_experiences fixed {}
    set { kind, title, plan, status, location, with_whom, starts_on, ends_on, hours, record, reflection }
}

part_of_plan! { SkillRecord in skill_records fixed {} set { skill, recorded_on, local_skill, level, progress, reflection } }

macro_rules! parts { ($($table:ident: $module:ident::$noun:ident $placed:tt,)*) => {
    /// All of a student's, part by part, each record still withheld.
    #[derive(Debug)]
    pub struct Parts { $(
        #[doc = concat!("Those of the kind [`", stringify!($noun), "`].")]
        pub $table: Vec<Withheld<$noun>>,
    )* }

    /// All of them as one column of a statement, a list in each of its fields.
    pub(crate) type PartsColumn = Record<($(ListOf<$noun>,)*)>;
    /// The same in Rust.
    pub(crate) type PartsRow = ($(Vec<<$noun as Listed>::Row>,)*);

    /// Selects that column; $1 is the district, $2 the student, $3 the instant.
    pub(crate) fn select() -> String {
        format!("row({})", [$($noun::select()),*].join(", "))
    }

    /// The records of that column.
    pub(crate) fn of(($($table,)*): PartsRow) -> Result<Parts> {
        Ok(Parts { $($table: withheld($table)?,)* })
    }

    /// Where a record of a part stands: what the door asks of its table.
    pub(crate) const fn located(kind: Kind) -> Option<&'static str> {
        match kind {
            $(Kind::$noun => Some(concat!("id, student_id, ", domain!($placed), ", created_by, version from ", stringify!($table))),)*
            _ => None,
        }
    }
} }

macro_rules! domain {
    ([in $section:ident]) => {
        "null as domain, null::uuid as goal_id"
    };
    ([by domain $($otherwise:tt)*]) => {
        "domain, null::uuid as goal_id"
    };
    // What `facts::retold` reads besides.
    ([with its record]) => {
        "null as domain, goal_id, section, record_kind, record_id, may_name_others"
    };
}

openilp_domain::parts_of_plan!(parts);
