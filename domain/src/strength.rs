//! What the student is good at or has achieved (R31).

use chrono::NaiveDate;

use crate::access::{Action, Section, section_of_domain};
use crate::id::{PlanId, StudentId};
use crate::noun::Rules;
use crate::plan_domain::PlanDomain;
use crate::text::{LongText, ShortText};

crate::words! {
    /// What is recognized (R31).
    StrengthKind {
        /// What the student is good at.
        Strength = "strength",
        /// What the student has achieved.
        Achievement = "achievement",
    }
}

crate::noun! {
    /// A strength or an achievement of the student, recognized (R31).
    Strength, NewStrength, StrengthPatch (StrengthId, Strength)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
    }
    fixed {
        /// The domain (R162). It decides who may read the record, so it never changes.
        domain: PlanDomain,
    }
    required {
        /// Whether it is a strength or an achievement.
        kind: StrengthKind,
        /// It in one line.
        title: ShortText,
    }
    defaulted {}
    optional {
        /// It in full, and what shows it.
        description: LongText,
        /// The day it was recognized.
        recognized_on: NaiveDate,
    }
    example {
        "domain": "personalSocial",
        "kind": "achievement",
        "title": "Captain of the debating team",
        "description": "Elected by the team in October; led it to the regional final.",
        "recognizedOn": "2026-10-09"
    }
}

impl Rules for Strength {
    const WRITTEN_BY: &'static [Action] = &[Action::Write, Action::Comment];

    fn new_section(new: &NewStrength) -> Option<Section> {
        Some(section_of_domain(new.domain))
    }
}
