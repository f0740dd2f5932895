//! Self-awareness (R113, R188, R190 to R192): what students find out about themselves, what they take part in, and what they learn outside class.

use chrono::NaiveDate;

use crate::access::{Section, section_of_domain};
use crate::activity::ActivityStatus;
use crate::id::{PersonId, PlanId, StudentId};
use crate::invalid::Invalid;
use crate::noun::{Rules, Sectioned};
use crate::number::Hours;
use crate::plan_domain::PlanDomain;
use crate::text::{LongText, ShortText};

crate::words! {
    /// What an assessment of oneself is about (R188, R190).
    SelfAssessmentKind {
        /// Interests, to find careers by: an interest survey or inventory (R113, R188).
        InterestSurvey = "interestSurvey",
        /// What the student is interested in (R190).
        Interest = "interest",
        /// What the student can do (R190).
        Skill = "skill",
        /// How the student learns (R113).
        LearningStyle = "learningStyle",
    }
}

impl SelfAssessmentKind {
    /// The domain of the plan that it belongs to: a survey is there to explore careers, all else is about the student.
    pub const fn domain(self) -> Option<PlanDomain> {
        match self {
            Self::InterestSurvey => Some(PlanDomain::Career),
            Self::Interest | Self::Skill | Self::LearningStyle => None,
        }
    }

    /// The section of such an assessment.
    const fn section(self) -> Section {
        match self.domain() {
            Some(domain) => section_of_domain(domain),
            None => Section::SelfAwareness,
        }
    }
}

crate::noun! {
    /// An interest survey (R188), or an assessment of interests, skills or learning style (R190, R113).
    SelfAssessment, NewSelfAssessment, SelfAssessmentPatch (SelfAssessmentId, SelfAssessment)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
    }
    fixed {
        /// What it is about. An interest survey stands in the section of careers (S4), all others in that of self-awareness (S6), so it never changes.
        kind: SelfAssessmentKind,
    }
    required {
        /// The instrument, such as the O*NET Interest Profiler.
        instrument: ShortText,
    }
    defaulted {}
    optional {
        /// The day it was taken; none while it is planned.
        taken_on: NaiveDate,
        /// What came out.
        result: LongText,
        /// What the student makes of it.
        reflection: LongText,
    }
    example {
        "kind": "interestSurvey",
        "instrument": "O*NET Interest Profiler",
        "takenOn": "2026-10-05",
        "result": "Social, investigative, artistic.",
        "reflection": "Investigative surprised me; I want to visit a laboratory."
    }
}

impl Sectioned for SelfAssessment {
    fn section(&self) -> Section {
        self.kind.section()
    }
    fn student_id(&self) -> StudentId {
        self.student_id
    }
    fn author(&self) -> Option<PersonId> {
        Some(self.created_by)
    }
}

impl Rules for SelfAssessment {
    fn new_section(new: &NewSelfAssessment) -> Option<Section> {
        Some(new.kind.section())
    }
    fn faults(new: &NewSelfAssessment) -> Invalid {
        let mut invalid = Invalid::default();
        let taken = new.taken_on.is_some() || (new.result.is_none() && new.reflection.is_none());
        invalid.unless(taken, "/takenOn", "missing", "What has a result or a reflection was taken: say when.");
        invalid
    }
}

crate::words! {
    /// What the student takes part in (R191).
    ParticipationKind {
        /// A club.
        Club = "club",
        /// An organization.
        Organization = "organization",
        /// Athletics.
        Athletics = "athletics",
        /// Fine arts.
        FineArts = "fineArts",
        /// Community service.
        CommunityService = "communityService",
        /// Recreation.
        Recreational = "recreational",
        /// Volunteering.
        Volunteer = "volunteer",
        /// Something to do with work.
        WorkRelated = "workRelated",
        /// Leadership.
        Leadership = "leadership",
        /// Anything else.
        Other = "other",
    }
}

crate::noun! {
    /// What the student takes part in beside class (R191), with its plan, record and reflection.
    Participation, NewParticipation, ParticipationPatch (ParticipationId, Participation)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
    }
    fixed {}
    required {
        /// Which of the ten it is.
        kind: ParticipationKind,
        /// It in one line.
        title: ShortText,
    }
    defaulted {}
    optional {
        /// What the student wants to reach by it.
        plan: LongText,
        /// The first day.
        starts_on: NaiveDate,
        /// The last day; none while it goes on.
        ends_on: NaiveDate,
        /// How many hours in all.
        hours: Hours,
        /// What was done.
        record: LongText,
        /// What the student makes of it.
        reflection: LongText,
    }
    example {
        "kind": "club",
        "title": "Robotics club",
        "plan": "Build the arm, and speak at the regional final.",
        "startsOn": "2026-09-08",
        "endsOn": "2027-05-28",
        "hours": 40,
        "record": "Programmed the gripper; third at the regional final.",
        "reflection": "Speaking was harder than programming, and I want more of it."
    }
}

impl Rules for Participation {
    fn faults(new: &NewParticipation) -> Invalid {
        let mut invalid = Invalid::default();
        invalid.span(new.starts_on, new.ends_on);
        invalid
    }
}

crate::words! {
    /// How the student learns outside class (R113, R192).
    LearningExperienceKind {
        /// In the setting in which it is used (R192).
        Contextual = "contextual",
        /// By serving the community (R192).
        ServiceLearning = "serviceLearning",
        /// In an internship (R113).
        Internship = "internship",
    }
}

crate::noun! {
    /// Contextual learning, service learning or an internship (R113, R192), with its plan, record and reflection.
    LearningExperience, NewLearningExperience, LearningExperiencePatch (LearningExperienceId, LearningExperience)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
    }
    fixed {}
    required {
        /// Which it is.
        kind: LearningExperienceKind,
        /// It in one line.
        title: ShortText,
        /// What is to be learned, and how.
        plan: LongText,
    }
    defaulted {
        /// Where it stands. One that is done has a record and a reflection (R113); one that is planned has neither, nor hours.
        status: ActivityStatus = ActivityStatus::Planned,
    }
    optional {
        /// Where.
        location: ShortText,
        /// With whom.
        with_whom: ShortText,
        /// The first day.
        starts_on: NaiveDate,
        /// The last day.
        ends_on: NaiveDate,
        /// How many hours in all.
        hours: Hours,
        /// What was done and learned.
        record: LongText,
        /// What the student makes of it.
        reflection: LongText,
    }
    example {
        "kind": "internship",
        "title": "Internship in the county laboratory",
        "plan": "Learn how samples are taken and kept, and what technicians do all day.",
        "status": "underway",
        "location": "County health department",
        "withWhom": "Dr. Ruiz, head of the laboratory",
        "startsOn": "2026-09-14",
        "endsOn": "2026-12-11",
        "hours": 24,
        "record": "Kept the log of samples for two weeks.",
        "reflection": "Care matters more than speed."
    }
}

impl Rules for LearningExperience {
    fn faults(new: &NewLearningExperience) -> Invalid {
        let mut invalid = Invalid::default();
        invalid.span(new.starts_on, new.ends_on);
        let (done, planned) = (new.status == ActivityStatus::Done, new.status == ActivityStatus::Planned);
        for (pointer, there) in [("/record", new.record.is_some()), ("/reflection", new.reflection.is_some())] {
            invalid.unless(there || !done, pointer, "missing", "What is done is recorded and reflected on.");
            invalid.unless(!there || !planned, pointer, "not_begun", "What is planned has not begun.");
        }
        invalid.unless(new.hours.is_none() || !planned, "/hours", "not_begun", "What is planned has not begun.");
        invalid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::{pointers, with};
    use serde_json::{Value, json};

    #[test]
    fn r188_r190_a_survey_is_for_careers_and_other_assessments_for_the_student() {
        let sections: Vec<_> = SelfAssessmentKind::ALL.iter().map(|kind| kind.section()).collect();
        assert_eq!(sections, [Section::Career, Section::SelfAwareness, Section::SelfAwareness, Section::SelfAwareness]);
        assert_eq!(pointers::<NewSelfAssessment>(json!({ "kind": "skill", "instrument": "By hand", "result": "Good" })), ["/takenOn"]);
    }

    #[test]
    fn r113_what_is_done_has_a_record_and_a_reflection() {
        let experience =
            |more: Value| pointers::<NewLearningExperience>(with(json!({ "kind": "contextual", "title": "Bridge", "plan": "Measure it." }), more));
        assert_eq!(experience(json!({})), [""; 0]);
        assert_eq!(experience(json!({ "status": "done" })), ["/record", "/reflection"]);
        assert_eq!(
            experience(json!({ "hours": 2, "record": "x", "startsOn": "2026-10-02", "endsOn": "2026-10-01" })),
            ["/endsOn", "/record", "/hours"]
        );
        assert_eq!(experience(json!({ "status": "dropped", "hours": 2 })), [""; 0]);
    }
}
