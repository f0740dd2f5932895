//! What counselors and others advise toward a goal (R69).

use chrono::NaiveDate;

use crate::access::Action;
use crate::id::{GoalId, StudentId};
use crate::noun::Rules;
use crate::plan_domain::PlanDomain;
use crate::text::{LongText, ShortText};

crate::words! {
    /// What is advised (R69).
    RecommendationKind {
        /// Coursework.
        Coursework = "coursework",
        /// An internship.
        Internship = "internship",
        /// To explore a career.
        CareerExploration = "careerExploration",
        /// A support, such as tutoring.
        Support = "support",
        /// Anything else.
        Other = "other",
    }
}

crate::noun! {
    /// A recommendation toward a goal (R69): advice, in the name of whoever gives it. The student plans by it, or does not; it decides nothing.
    Recommendation, NewRecommendation, RecommendationPatch (RecommendationId, Recommendation)
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
        /// What is advised.
        kind: RecommendationKind,
        /// It in one line.
        title: ShortText,
    }
    defaulted {}
    optional {
        /// It in full, and why.
        advice: LongText,
        /// The day on which the two talk about it again.
        follow_up_on: NaiveDate,
    }
    example {
        "kind": "coursework",
        "title": "Take chemistry next fall",
        "advice": "Nursing programs ask for it, and algebra II may be taken beside it.",
        "followUpOn": "2027-02-01"
    }
}

crate::part_of_goal!(Recommendation);

/// Whoever may suggest on the goal may advise, and changes only their own advice. The student does neither: it is given to them.
impl Rules for Recommendation {
    const WRITTEN_BY: &'static [Action] = &[Action::Propose];
}
