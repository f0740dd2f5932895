//! A reflection on a goal (R29, R49, R52).

use crate::access::Action;
use crate::id::{GoalId, StudentId};
use crate::noun::Rules;
use crate::plan_domain::PlanDomain;
use crate::text::LongText;

crate::noun! {
    /// A reflection on a goal (R29, R49, R52).
    Reflection, NewReflection, ReflectionPatch (ReflectionId, Reflection)
    of {
        /// The goal.
        goal_id: GoalId,
        /// The student.
        student_id: StudentId,
        /// The domain of the goal.
        domain: PlanDomain,
    }
    fixed {}
    required {
        /// The reflection.
        body: LongText,
    }
    defaulted {}
    optional {}
    example { "body": "I liked the hospital more than I thought, and chemistry matters more than I thought." }
}

crate::part_of_goal!(Reflection);

impl Rules for Reflection {
    const WRITTEN_BY: &'static [Action] = &[Action::Write, Action::Comment];
}
