//! A benchmark: what is to be reached in a school year on the way to a goal (R188).

use chrono::NaiveDate;

use crate::field::SchoolYear;
use crate::id::{GoalId, StudentId};
use crate::noun::Rules;
use crate::plan_domain::PlanDomain;
use crate::text::LongText;

crate::noun! {
    /// What is to be reached in a school year on the way to a goal (R188).
    Benchmark, NewBenchmark, BenchmarkPatch (BenchmarkId, Benchmark)
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
        /// The school year, named by the year in which it ends.
        school_year: SchoolYear,
        /// What is to be reached.
        description: LongText,
    }
    defaulted {}
    optional {
        /// The day on which it was reached.
        reached_on: NaiveDate,
    }
    example { "schoolYear": 2027, "description": "Pass Biology with a B or better." }
}

crate::part_of_goal!(Benchmark);

impl Rules for Benchmark {}
