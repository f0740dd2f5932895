//! Career planning (R180, R182, R187, R189): the occupations that a student looks into, what they have worked at, and what exams say of their
//! readiness for work.

use chrono::NaiveDate;

use crate::id::{PlanId, StudentId};
use crate::invalid::Invalid;
use crate::noun::Rules;
use crate::number::Hours;
use crate::text::{LongText, ShortText};

crate::words! {
    /// How the student stands to an option.
    OptionStanding {
        /// Being looked into.
        Exploring = "exploring",
        /// What the student means to do.
        Chosen = "chosen",
        /// Not now.
        SetAside = "setAside",
    }
}

crate::noun! {
    /// An occupation that the student looks into (R180), with the coursework that it takes (R189).
    CareerOption, NewCareerOption, CareerOptionPatch (CareerOptionId, CareerOption)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
    }
    fixed {}
    required {
        /// The occupation.
        occupation_title: ShortText,
    }
    defaulted {
        /// How the student stands to it.
        standing: OptionStanding = OptionStanding::Exploring,
    }
    optional {
        /// The system of the code, such as `onet-soc-2019` or `soc-2018`. Comes with `occupationCode`.
        occupation_code_system: ShortText,
        /// The occupation in that system, such as `29-1141.00`.
        occupation_code: ShortText,
        /// What draws the student to it.
        interests: LongText,
        /// The skills that it takes, and those that the student has.
        skills: LongText,
        /// How one begins in it: entry-level opportunities.
        entry_level_opportunities: LongText,
        /// The education and training that it takes.
        educational_requirements: LongText,
        /// What these mean for the student: the requirements, evaluated.
        requirements_evaluation: LongText,
        /// The coursework that it takes.
        coursework_needed: LongText,
        /// How far the student is with that coursework.
        coursework_progress: LongText,
    }
    example {
        "occupationTitle": "Registered nurse",
        "standing": "exploring",
        "occupationCodeSystem": "onet-soc-2019",
        "occupationCode": "29-1141.00",
        "interests": "Caring for people; biology.",
        "skills": "Listening, staying calm. I have the first.",
        "entryLevelOpportunities": "Nursing assistant after a course of eight weeks.",
        "educationalRequirements": "Bachelor of science in nursing and the licensing examination.",
        "requirementsEvaluation": "Within reach: I have the grades, and two colleges nearby offer it.",
        "courseworkNeeded": "Biology, chemistry, algebra II, anatomy.",
        "courseworkProgress": "Biology passed, chemistry under way."
    }
}

impl Rules for CareerOption {
    fn faults(new: &NewCareerOption) -> Invalid {
        let mut invalid = Invalid::default();
        let (system, code) = (new.occupation_code_system.is_some(), new.occupation_code.is_some());
        invalid.together(
            ("/occupationCodeSystem", system),
            ("/occupationCode", code),
            "A code means nothing without its system, nor a system without a code.",
        );
        let needed = new.coursework_needed.is_some() || new.coursework_progress.is_none();
        invalid.unless(needed, "/courseworkNeeded", "missing", "Progress is with the coursework needed: say which that is.");
        invalid
    }
}

crate::noun! {
    /// Work that the student has done or does, and what came of it (R187).
    WorkExperience, NewWorkExperience, WorkExperiencePatch (WorkExperienceId, WorkExperience)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
    }
    fixed {}
    required {
        /// For whom.
        employer: ShortText,
        /// As what.
        role: ShortText,
    }
    defaulted {}
    optional {
        /// The first day.
        starts_on: NaiveDate,
        /// The last day; none while it goes on.
        ends_on: NaiveDate,
        /// How many hours in all.
        hours: Hours,
        /// What was done.
        description: LongText,
        /// What the student makes of it (R187).
        reflection: LongText,
    }
    example {
        "employer": "County library",
        "role": "Page",
        "startsOn": "2026-06-15",
        "endsOn": "2026-08-14",
        "hours": 120.5,
        "description": "Shelved books, and read to children on Saturdays.",
        "reflection": "I like working with children more than with shelves."
    }
}

impl Rules for WorkExperience {
    fn faults(new: &NewWorkExperience) -> Invalid {
        let mut invalid = Invalid::default();
        invalid.span(new.starts_on, new.ends_on);
        invalid
    }
}

crate::noun! {
    /// The result of an exam of readiness for work or college (R182), such as ACT WorkKeys, ASVAB or the SAT.
    ExamResult, NewExamResult, ExamResultPatch (ExamResultId, ExamResult)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
    }
    fixed {}
    required {
        /// The exam, with its part.
        exam: ShortText,
        /// The day it was taken.
        taken_on: NaiveDate,
    }
    defaulted {}
    optional {
        /// The score, as the exam has it.
        score: ShortText,
        /// The scale of the score, such as `3 to 7`. Comes with a score.
        scale: ShortText,
        /// The level or credential that was reached.
        level_reached: ShortText,
        /// What it means for the plan.
        meaning: LongText,
    }
    example {
        "exam": "ACT WorkKeys: Applied Math",
        "takenOn": "2026-10-07",
        "score": "5",
        "scale": "3 to 7",
        "levelReached": "National Career Readiness Certificate, gold",
        "meaning": "Enough for the apprenticeship; level 6 would open the engineering program."
    }
}

impl Rules for ExamResult {
    fn faults(new: &NewExamResult) -> Invalid {
        let mut invalid = Invalid::default();
        let told = new.score.is_some() || new.scale.is_none() && new.level_reached.is_some();
        invalid.unless(told, "/score", "missing", "A result has a score or a level that was reached, and a scale needs a score.");
        invalid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::{pointers, with};
    use serde_json::{Value, json};

    #[test]
    fn r180_a_code_comes_with_its_system() {
        let option = |more: Value| pointers::<NewCareerOption>(with(json!({ "occupationTitle": "Nurse" }), more));
        assert_eq!(option(json!({})), [""; 0]);
        assert_eq!(option(json!({ "occupationCode": "29-1141.00" })), ["/occupationCodeSystem"]);
        assert_eq!(option(json!({ "occupationCodeSystem": "soc-2018", "courseworkProgress": "Half" })), ["/occupationCode", "/courseworkNeeded"]);
    }

    #[test]
    fn r182_a_result_says_something() {
        let result = |more: Value| pointers::<NewExamResult>(with(json!({ "exam": "ASVAB", "takenOn": "2026-10-07" }), more));
        assert_eq!(result(json!({})), ["/score"]);
        assert_eq!(result(json!({ "levelReached": "II", "scale": "I to V" })), ["/score"]);
        assert_eq!(result(json!({ "levelReached": "II" })), [""; 0]);
        assert_eq!(result(json!({ "score": "62", "scale": "1 to 99" })), [""; 0]);
    }
}
