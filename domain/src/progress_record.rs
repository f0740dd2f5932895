//! A record of progress toward a goal (R32), of one of five kinds (R33).

use chrono::NaiveDate;

use crate::access::Action;
use crate::id::{GoalId, StudentId};
use crate::noun::Rules;
use crate::plan_domain::PlanDomain;
use crate::text::{LongText, ShortText};

crate::words! {
    /// What kind of evidence it is (R33).
    ProgressKind {
        /// A narrative.
        Narrative = "narrative",
        /// A journal entry.
        Journal = "journal",
        /// A test score.
        Score = "score",
        /// A course grade.
        Grade = "grade",
        /// Any other useful form.
        Other = "other",
    }
}

crate::noun! {
    /// Evidence of progress toward a goal (R32, R33).
    ProgressRecord, NewProgressRecord, ProgressRecordPatch (ProgressRecordId, ProgressRecord)
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
        /// What kind of evidence it is.
        kind: ProgressKind,
        /// The day it is about.
        recorded_on: NaiveDate,
        /// What it says.
        summary: LongText,
    }
    defaulted {}
    optional {
        /// The score or grade, as it was given.
        score: ShortText,
    }
    example { "kind": "grade", "recordedOn": "2026-10-16", "summary": "Quarter 1, Biology", "score": "B+" }
}

crate::part_of_goal!(ProgressRecord);

impl Rules for ProgressRecord {
    const WRITTEN_BY: &'static [Action] = &[Action::Write, Action::Comment];
}
