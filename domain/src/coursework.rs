//! Secondary coursework (R174 to R179): the courses that a student means to take, what they earn beside them, the pathway that they follow, and what
//! the results of assessments mean for it.

use chrono::NaiveDate;

use crate::field::SchoolYear;
use crate::grade::Grade;
use crate::id::{PlanId, StudentId};
use crate::invalid::Invalid;
use crate::noun::Rules;
use crate::number::Credits;
use crate::text::{LongText, ShortText};

crate::words! {
    /// How demanding a course is, as CEDS tells them apart (course level characteristic).
    CourseLevel {
        /// As most take it.
        Regular = "regular",
        /// Honors.
        Honors = "honors",
        /// Advanced Placement.
        AdvancedPlacement = "advancedPlacement",
        /// International Baccalaureate.
        InternationalBaccalaureate = "internationalBaccalaureate",
        /// It counts in high school and college at once.
        DualCredit = "dualCredit",
        /// Career and technical education.
        CareerTechnical = "careerTechnical",
        /// Support or remediation.
        Support = "support",
    }
}

crate::words! {
    /// Where a planned course stands.
    CourseStatus {
        /// It is to be taken.
        Planned = "planned",
        /// It is being taken.
        InProgress = "inProgress",
        /// It was passed.
        Completed = "completed",
        /// It was left, or not passed.
        NotCompleted = "notCompleted",
    }
}

crate::noun! {
    /// A course or other learning activity in the course plan, by school year and term (R174, R175).
    PlannedCourse, NewPlannedCourse, PlannedCoursePatch (PlannedCourseId, PlannedCourse)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
    }
    fixed {}
    required {
        /// The school year, by the year in which it ends.
        school_year: SchoolYear,
        /// The course.
        title: ShortText,
    }
    defaulted {
        /// How demanding it is.
        level: CourseLevel = CourseLevel::Regular,
        /// Where it stands.
        status: CourseStatus = CourseStatus::Planned,
    }
    optional {
        /// The grade the student is to be in.
        grade: Grade,
        /// The term, as the school calls it. All of the year if left out.
        term: ShortText,
        /// The code of the course or class in the district. By it the course is found among the registrations.
        course_code: ShortText,
        /// The subject area of the graduation requirement that it counts toward, such as `mathematics`.
        subject: ShortText,
        /// The credits that it earns.
        credits: Credits,
        /// Why, and what it takes.
        description: LongText,
    }
    example {
        "schoolYear": 2028,
        "title": "AP Chemistry",
        "level": "advancedPlacement",
        "status": "planned",
        "grade": "11",
        "term": "Fall",
        "courseCode": "SCI-310",
        "subject": "science",
        "credits": 1.0,
        "description": "Nursing programs ask for chemistry."
    }
}

impl Rules for PlannedCourse {
    fn faults(new: &NewPlannedCourse) -> Invalid {
        let mut invalid = Invalid::default();
        let counts = new.subject.is_some() || new.credits.is_none();
        invalid.unless(counts, "/subject", "missing", "Credits count toward a subject: say which.");
        invalid
    }
}

crate::words! {
    /// What a student may earn in high school toward a postsecondary credential (R178).
    CredentialKind {
        /// An Advanced Placement exam.
        AdvancedPlacement = "advancedPlacement",
        /// College credit by dual enrollment.
        DualCredit = "dualCredit",
        /// A credential of career and technical education, or an industry's.
        CareerTechnical = "careerTechnical",
        /// A pre-apprenticeship.
        PreApprenticeship = "preApprenticeship",
        /// Another.
        Other = "other",
    }
}

crate::words! {
    /// Where a credential stands.
    CredentialStatus {
        /// It is meant to be earned.
        Planned = "planned",
        /// It is under way.
        InProgress = "inProgress",
        /// It was earned.
        Earned = "earned",
        /// It was not earned, or given up.
        NotEarned = "notEarned",
    }
}

crate::noun! {
    /// A postsecondary credential, or credit toward one, to be earned in high school, with what documents it (R178).
    CredentialPlan, NewCredentialPlan, CredentialPlanPatch (CredentialPlanId, CredentialPlan)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
    }
    fixed {}
    required {
        /// What kind it is.
        kind: CredentialKind,
        /// The credential, or the course of it.
        title: ShortText,
    }
    defaulted {
        /// Where it stands.
        status: CredentialStatus = CredentialStatus::Planned,
    }
    optional {
        /// Who gives it: a college, an industry body, a program.
        provider: ShortText,
        /// The school year for which it is planned, by the year in which it ends.
        school_year: SchoolYear,
        /// The day it was earned. Only what is earned has one.
        earned_on: NaiveDate,
        /// The college credits that it counts for.
        credits: Credits,
        /// What documents it: score, transcript, certificate number.
        documentation: LongText,
    }
    example {
        "kind": "careerTechnical",
        "title": "Certified Nursing Assistant",
        "status": "earned",
        "provider": "Canyon Technical College",
        "schoolYear": 2027,
        "earnedOn": "2026-12-18",
        "credits": 4.0,
        "documentation": "State registry, certificate of 2026-12-18."
    }
}

impl Rules for CredentialPlan {
    fn faults(new: &NewCredentialPlan) -> Invalid {
        let mut invalid = Invalid::default();
        let earned = new.status == CredentialStatus::Earned;
        invalid.unless(earned || new.earned_on.is_none(), "/earnedOn", "not_earned", "Only what is earned has been earned on a day.");
        invalid.unless(!earned || new.earned_on.is_some(), "/earnedOn", "missing", "What is earned was earned on a day.");
        invalid
    }
}

crate::words! {
    /// Where an endorsement stands.
    EndorsementStatus {
        /// None is sought.
        NotSought = "notSought",
        /// The student works toward it.
        InProgress = "inProgress",
        /// It was given.
        Earned = "earned",
    }
}

crate::noun! {
    /// A career pathway that the student follows or looks into, and its endorsement (R179).
    PathwayPlan, NewPathwayPlan, PathwayPlanPatch (PathwayPlanId, PathwayPlan)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
    }
    fixed {}
    required {
        /// The pathway.
        pathway: ShortText,
    }
    defaulted {
        /// Where the endorsement stands.
        endorsement_status: EndorsementStatus = EndorsementStatus::NotSought,
    }
    optional {
        /// The career cluster that it is in.
        cluster: ShortText,
        /// The system of the code, such as `nctc-2025` or a state's own. Comes with `pathwayCode`.
        pathway_code_system: ShortText,
        /// The pathway in that system.
        pathway_code: ShortText,
        /// The endorsement. One that is sought has a name.
        endorsement: ShortText,
        /// The day the endorsement was given. Only one that is earned has it.
        endorsed_on: NaiveDate,
        /// How far the student is with it.
        progress: LongText,
    }
    example {
        "pathway": "Therapeutic services",
        "endorsementStatus": "inProgress",
        "cluster": "Health science",
        "endorsement": "Health science pathway endorsement",
        "progress": "Two of four courses; the placement is in spring."
    }
}

impl Rules for PathwayPlan {
    fn faults(new: &NewPathwayPlan) -> Invalid {
        let mut invalid = Invalid::default();
        invalid.together(
            ("/pathwayCodeSystem", new.pathway_code_system.is_some()),
            ("/pathwayCode", new.pathway_code.is_some()),
            "A code means nothing without its system, nor a system without a code.",
        );
        let sought = new.endorsement_status != EndorsementStatus::NotSought;
        invalid.unless(!sought || new.endorsement.is_some(), "/endorsement", "missing", "An endorsement that is sought has a name.");
        let earned = new.endorsement_status == EndorsementStatus::Earned;
        invalid.unless(
            earned == new.endorsed_on.is_some(),
            "/endorsedOn",
            "not_as_status",
            "An endorsement that is earned was given on a day, and no other.",
        );
        invalid
    }
}

crate::noun! {
    /// What the results of an assessment mean for the student: progress, whether an intervention is needed, what is advised (R176).
    AssessmentReview, NewAssessmentReview, AssessmentReviewPatch (AssessmentReviewId, AssessmentReview)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
    }
    fixed {}
    required {
        /// The assessment.
        assessment: ShortText,
        /// The day it was looked at.
        reviewed_on: NaiveDate,
        /// What the results say.
        analysis: LongText,
    }
    defaulted {
        /// Whether the student needs an intervention.
        needs_intervention: bool = false,
    }
    optional {
        /// The intervention. Comes with a need for one.
        intervention: LongText,
        /// What the student is advised.
        advisement: LongText,
    }
    example {
        "assessment": "State mathematics assessment, grade 8",
        "reviewedOn": "2026-10-07",
        "analysis": "Up by a level since last year; ratios are still weak.",
        "needsIntervention": true,
        "intervention": "Tutoring twice a week until January.",
        "advisement": "Algebra I with support rather than Pre-algebra."
    }
}

impl Rules for AssessmentReview {
    fn faults(new: &NewAssessmentReview) -> Invalid {
        let mut invalid = Invalid::default();
        let needed = new.needs_intervention || new.intervention.is_none();
        invalid.unless(needed, "/needsIntervention", "not_needed", "There is an intervention where one is needed.");
        invalid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::{pointers, with};
    use serde_json::{Value, json};

    #[test]
    fn r175_credits_count_toward_a_subject() {
        let course = |more: Value| pointers::<NewPlannedCourse>(with(json!({ "schoolYear": 2028, "title": "Chemistry" }), more));
        assert_eq!(course(json!({})), [""; 0]);
        assert_eq!(course(json!({ "credits": 1 })), ["/subject"]);
        assert_eq!(course(json!({ "credits": 1, "subject": "science" })), [""; 0]);
        assert_eq!(course(json!({ "credits": -1, "schoolYear": 28 })), ["/schoolYear", "/credits"]);
    }

    #[test]
    fn r178_what_is_earned_was_earned_on_a_day() {
        let plan = |more: Value| pointers::<NewCredentialPlan>(with(json!({ "kind": "dualCredit", "title": "English 1010" }), more));
        assert_eq!(plan(json!({})), [""; 0]);
        assert_eq!(plan(json!({ "status": "earned" })), ["/earnedOn"]);
        assert_eq!(plan(json!({ "earnedOn": "2026-12-18" })), ["/earnedOn"]);
        assert_eq!(plan(json!({ "status": "earned", "earnedOn": "2026-12-18" })), [""; 0]);
    }

    #[test]
    fn r179_an_endorsement_that_is_sought_has_a_name() {
        let plan = |more: Value| pointers::<NewPathwayPlan>(with(json!({ "pathway": "Therapeutic services" }), more));
        assert_eq!(plan(json!({})), [""; 0]);
        assert_eq!(plan(json!({ "endorsementStatus": "inProgress" })), ["/endorsement"]);
        assert_eq!(plan(json!({ "endorsementStatus": "earned", "endorsement": "Health" })), ["/endorsedOn"]);
        assert_eq!(plan(json!({ "pathwayCode": "08.1" })), ["/pathwayCodeSystem"]);
    }

    #[test]
    fn r176_an_intervention_comes_where_one_is_needed() {
        let review = json!({ "assessment": "State", "reviewedOn": "2026-10-07", "analysis": "Well." });
        assert_eq!(pointers::<NewAssessmentReview>(review.clone()), [""; 0]);
        assert_eq!(pointers::<NewAssessmentReview>(with(review, json!({ "intervention": "Tutoring" }))), ["/needsIntervention"]);
    }
}
