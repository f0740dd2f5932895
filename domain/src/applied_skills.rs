//! Applied learning skills (R193): progress with what is used across all subjects, and reflection on it.

use chrono::NaiveDate;

use crate::id::{PlanId, StudentId};
use crate::invalid::Invalid;
use crate::noun::Rules;
use crate::text::{LongText, ShortText};

crate::words! {
    /// A skill across subjects (R193). The list is open: `local` is one that the school names itself.
    AppliedSkill {
        /// Communication.
        Communication = "communication",
        /// Problem solving.
        ProblemSolving = "problemSolving",
        /// Critical thinking.
        CriticalThinking = "criticalThinking",
        /// Research.
        Research = "research",
        /// Reflection and evaluation.
        ReflectionAndEvaluation = "reflectionAndEvaluation",
        /// Collaboration.
        Collaboration = "collaboration",
        /// Another, which `localSkill` names.
        Local = "local",
    }
}

crate::words! {
    /// How far a skill is.
    SkillLevel {
        /// Beginning to show.
        Emerging = "emerging",
        /// There with help.
        Developing = "developing",
        /// There.
        Proficient = "proficient",
        /// Beyond what is expected.
        Advanced = "advanced",
    }
}

crate::noun! {
    /// How far the student is with a skill that is used across subjects, on a day, and what they make of it (R193).
    SkillRecord, NewSkillRecord, SkillRecordPatch (SkillRecordId, SkillRecord)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
    }
    fixed {}
    required {
        /// The skill.
        skill: AppliedSkill,
        /// The day of which it speaks.
        recorded_on: NaiveDate,
    }
    defaulted {}
    optional {
        /// What the school calls the skill, if it is none of the known ones: there with `local`, and only then.
        local_skill: ShortText,
        /// How far it is.
        level: SkillLevel,
        /// The progress, and what shows it.
        progress: LongText,
        /// What the student makes of it.
        reflection: LongText,
    }
    example {
        "skill": "problemSolving",
        "recordedOn": "2026-10-14",
        "level": "developing",
        "progress": "Solved the bridge project in three ways and compared them.",
        "reflection": "I give up later than last year."
    }
}

impl Rules for SkillRecord {
    fn faults(new: &NewSkillRecord) -> Invalid {
        let mut invalid = Invalid::default();
        match (new.skill, &new.local_skill) {
            (AppliedSkill::Local, None) => invalid.push("/localSkill", "missing", "A local skill has a name."),
            (AppliedSkill::Local, Some(_)) | (_, None) => {}
            (_, Some(_)) => invalid.push("/localSkill", "not_local", "Only a local skill has a name of its own."),
        }
        let told = new.level.is_some() || new.progress.is_some() || new.reflection.is_some();
        invalid.unless(told, "/progress", "missing", "Say the level, the progress or a reflection.");
        invalid
    }
}
