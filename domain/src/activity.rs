//! An activity: what is done to reach a goal (R92), and who provides it (R93, R94).

use chrono::NaiveDate;

use crate::id::{GoalId, StudentId};
use crate::invalid::Invalid;
use crate::noun::Rules;
use crate::plan_domain::PlanDomain;
use crate::text::{LongText, ShortText};

crate::words! {
    /// Who provides an activity (R93, R94).
    Provider {
        /// A program of the school (R93).
        School = "school",
        /// The family (R94).
        Family = "family",
        /// The student (R94).
        Student = "student",
        /// Somebody else, such as an employer (R94, R95).
        Other = "other",
    }
}

crate::words! {
    /// Where an activity stands.
    ActivityStatus {
        /// To be done.
        Planned = "planned",
        /// Being done.
        Underway = "underway",
        /// Done.
        Done = "done",
        /// Given up.
        Dropped = "dropped",
    }
}

crate::noun! {
    /// What is done to reach a goal (R92), and who provides it (R93, R94).
    Activity, NewActivity, ActivityPatch (ActivityId, Activity)
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
        /// The activity in one line.
        title: ShortText,
        /// Who provides it.
        provider: Provider,
    }
    defaulted {
        /// Where it stands.
        status: ActivityStatus = ActivityStatus::Planned,
    }
    optional {
        /// The activity in full.
        description: LongText,
        /// The first day.
        starts_on: NaiveDate,
        /// The last day.
        ends_on: NaiveDate,
    }
    example { "title": "Job shadowing at the county hospital", "provider": "other", "status": "planned", "startsOn": "2027-02-01", "endsOn": "2027-02-05" }
}

crate::part_of_goal!(Activity);

impl Rules for Activity {
    fn faults(new: &NewActivity) -> Invalid {
        let mut invalid = Invalid::default();
        invalid.span(new.starts_on, new.ends_on);
        invalid
    }
}
