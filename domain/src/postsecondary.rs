//! After high school (R180, R183 to R185): where the student may go, the applications, and how it is paid.

use chrono::NaiveDate;

use crate::career::OptionStanding;
use crate::code::CurrencyCode;
use crate::id::{PlanId, StudentId};
use crate::invalid::Invalid;
use crate::noun::Rules;
use crate::number::MinorUnits;
use crate::text::{LongText, ShortText};

crate::words! {
    /// Where a student goes next (R201).
    NextPlacement {
        /// To work.
        Work = "work",
        /// To an apprenticeship.
        Apprenticeship = "apprenticeship",
        /// To a technical school.
        TechnicalSchool = "technicalSchool",
        /// To college.
        College = "college",
        /// To military service.
        MilitaryService = "militaryService",
    }
}

crate::noun! {
    /// A way to go on after high school (R180), found and reviewed (R183).
    PostsecondaryOption, NewPostsecondaryOption, PostsecondaryOptionPatch (PostsecondaryOptionId, PostsecondaryOption)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
    }
    fixed {}
    required {
        /// Which of the next placements it is.
        kind: NextPlacement,
        /// The college, school, employer or service.
        name: ShortText,
    }
    defaulted {
        /// How the student stands to it.
        standing: OptionStanding = OptionStanding::Exploring,
    }
    optional {
        /// The program, degree or trade.
        program: ShortText,
        /// Where it was found: the search or the source.
        found_in: ShortText,
        /// What is asked of those who want to be admitted.
        admission_requirements: LongText,
        /// How the student compares with that. Comes with the requirements.
        comparison: LongText,
        /// The day on which the requirements were reviewed.
        reviewed_on: NaiveDate,
    }
    example {
        "kind": "college",
        "name": "Rhode Island College",
        "standing": "exploring",
        "program": "Bachelor of science in nursing",
        "foundIn": "College Navigator",
        "admissionRequirements": "Four years of English, three of mathematics, biology and chemistry; grade average of B.",
        "comparison": "Chemistry is missing, all else is there.",
        "reviewedOn": "2026-10-12"
    }
}

impl Rules for PostsecondaryOption {
    fn faults(new: &NewPostsecondaryOption) -> Invalid {
        let mut invalid = Invalid::default();
        let told = new.admission_requirements.is_some() || (new.comparison.is_none() && new.reviewed_on.is_none());
        invalid.unless(
            told,
            "/admissionRequirements",
            "missing",
            "What was reviewed or compared are the admission requirements: say which they are.",
        );
        invalid
    }
}

crate::words! {
    /// What is applied for (R185).
    ApplicationKind {
        /// A place at a college.
        College = "college",
        /// A training program.
        TrainingProgram = "trainingProgram",
        /// An apprenticeship.
        Apprenticeship = "apprenticeship",
        /// A job.
        Job = "job",
        /// Military service.
        MilitaryService = "militaryService",
    }
}

crate::words! {
    /// Where an application stands.
    ApplicationStatus {
        /// To be written.
        Planned = "planned",
        /// Being written.
        InPreparation = "inPreparation",
        /// Handed in, not decided.
        Submitted = "submitted",
        /// Handed in, and waiting for a place.
        Waitlisted = "waitlisted",
        /// Decided: yes.
        Accepted = "accepted",
        /// Decided: no.
        Declined = "declined",
        /// Taken back by the student, or never handed in.
        Withdrawn = "withdrawn",
    }
}

impl ApplicationStatus {
    /// Whether it has been handed in; a withdrawn one may have been.
    const fn is_submitted(self) -> Option<bool> {
        match self {
            Self::Planned | Self::InPreparation => Some(false),
            Self::Submitted | Self::Waitlisted | Self::Accepted | Self::Declined => Some(true),
            Self::Withdrawn => None,
        }
    }

    /// Whether it has been decided.
    const fn is_decided(self) -> bool {
        matches!(self, Self::Accepted | Self::Declined)
    }
}

crate::noun! {
    /// An application to a college, training program, apprenticeship, job or the military (R185).
    Application, NewApplication, ApplicationPatch (ApplicationId, Application)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
    }
    fixed {}
    required {
        /// What is applied for.
        kind: ApplicationKind,
        /// To whom: the college, employer or service.
        applied_to: ShortText,
    }
    defaulted {
        /// Where it stands.
        status: ApplicationStatus = ApplicationStatus::Planned,
    }
    optional {
        /// The program, position or trade.
        program: ShortText,
        /// The day by which it is to be handed in.
        due_on: NaiveDate,
        /// The day it was handed in. There once it is submitted, and not before.
        submitted_on: NaiveDate,
        /// The day it was accepted or declined. There once it is, and not before.
        decided_on: NaiveDate,
        /// What is still to be done, or what came of it.
        notes: LongText,
    }
    example {
        "kind": "college",
        "appliedTo": "Rhode Island College",
        "status": "submitted",
        "program": "Nursing",
        "dueOn": "2026-11-01",
        "submittedOn": "2026-10-20",
        "notes": "The letter of recommendation is still to come."
    }
}

impl Rules for Application {
    fn faults(new: &NewApplication) -> Invalid {
        let mut invalid = Invalid::default();
        let status = new.status;
        match (status.is_submitted(), new.submitted_on) {
            (Some(true), None) => invalid.push("/submittedOn", "missing", "An application with this status was submitted: say when."),
            (Some(false), Some(_)) => invalid.push("/submittedOn", "not_submitted", "An application with this status is not submitted yet."),
            _ => {}
        }
        match (status.is_decided(), new.decided_on) {
            (true, None) => invalid.push("/decidedOn", "missing", "An application with this status is decided: say when."),
            (false, Some(_)) => invalid.push("/decidedOn", "not_decided", "An application with this status is not decided."),
            _ => {}
        }
        let ordered = new.submitted_on.zip(new.decided_on).is_none_or(|(submitted, decided)| submitted <= decided);
        invalid.unless(ordered, "/decidedOn", "before_submission", "It was decided before it was submitted.");
        invalid
    }
}

crate::words! {
    /// Where money for education comes from (R184).
    FinancialAidKind {
        /// A scholarship.
        Scholarship = "scholarship",
        /// A grant.
        Grant = "grant",
        /// A loan.
        Loan = "loan",
        /// Work beside study.
        WorkStudy = "workStudy",
        /// What the family has saved or saves.
        Savings = "savings",
        /// Anything else, such as a tuition benefit.
        Other = "other",
    }
}

crate::words! {
    /// Where a plan for financial aid stands.
    FinancialAidStatus {
        /// To be applied for or begun.
        Planned = "planned",
        /// Applied for.
        Applied = "applied",
        /// There to be used.
        Awarded = "awarded",
        /// Not granted.
        Declined = "declined",
        /// Given up.
        Dropped = "dropped",
    }
}

crate::noun! {
    /// How education or training is to be paid (R184). Nobody but the student and the guardians reads it, and a gatekeeper who is named.
    FinancialAidPlan, NewFinancialAidPlan, FinancialAidPlanPatch (FinancialAidPlanId, FinancialAidPlan)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
    }
    fixed {}
    required {
        /// Where the money comes from.
        kind: FinancialAidKind,
        /// It in one line.
        title: ShortText,
    }
    defaulted {
        /// Where it stands.
        status: FinancialAidStatus = FinancialAidStatus::Planned,
    }
    optional {
        /// The amount in the smallest unit of the currency, such as cents. Comes with `currency`; what is awarded has one.
        amount: MinorUnits,
        /// The currency of the amount.
        currency: CurrencyCode,
        /// The day by which it is to be applied for.
        due_on: NaiveDate,
        /// What is to be done for it, and what it is tied to.
        description: LongText,
    }
    example {
        "kind": "scholarship",
        "title": "Rhode Island Promise",
        "status": "applied",
        "amount": 585000,
        "currency": "USD",
        "dueOn": "2027-04-01",
        "description": "FAFSA first; needs a grade average of 2.5."
    }
}

impl Rules for FinancialAidPlan {
    fn faults(new: &NewFinancialAidPlan) -> Invalid {
        let mut invalid = Invalid::default();
        invalid.together(("/amount", new.amount.is_some()), ("/currency", new.currency.is_some()), "An amount comes with its currency.");
        let told = new.status != FinancialAidStatus::Awarded || new.amount.is_some() || new.currency.is_some();
        invalid.unless(told, "/amount", "missing", "What was awarded is an amount.");
        invalid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::{pointers, with};
    use serde_json::{Value, json};

    #[test]
    fn r185_dates_of_an_application_go_with_its_status() {
        let application = |more: Value| pointers::<NewApplication>(with(json!({ "kind": "job", "appliedTo": "The county" }), more));
        assert_eq!(application(json!({})), [""; 0]);
        assert_eq!(application(json!({ "status": "accepted" })), ["/submittedOn", "/decidedOn"]);
        assert_eq!(application(json!({ "submittedOn": "2026-10-01", "decidedOn": "2026-10-02" })), ["/submittedOn", "/decidedOn"]);
        assert_eq!(application(json!({ "status": "waitlisted", "submittedOn": "2026-10-01" })), [""; 0]);
        assert_eq!(application(json!({ "status": "withdrawn" })), [""; 0]);
        assert_eq!(application(json!({ "status": "declined", "submittedOn": "2026-10-02", "decidedOn": "2026-10-01" })), ["/decidedOn"]);
    }

    #[test]
    fn r184_an_amount_comes_with_its_currency() {
        let plan = |more: Value| pointers::<NewFinancialAidPlan>(with(json!({ "kind": "grant", "title": "Pell grant" }), more));
        assert_eq!(plan(json!({})), [""; 0]);
        assert_eq!(plan(json!({ "amount": 100 })), ["/currency"]);
        assert_eq!(plan(json!({ "currency": "USD", "status": "awarded" })), ["/amount"]);
        assert_eq!(plan(json!({ "status": "awarded" })), ["/amount"]);
        assert_eq!(plan(json!({ "status": "awarded", "amount": 100, "currency": "usd" })), ["/currency"]);
    }

    #[test]
    fn r183_a_review_is_one_of_requirements() {
        let option = |more: Value| pointers::<NewPostsecondaryOption>(with(json!({ "kind": "work", "name": "The county" }), more));
        assert_eq!(option(json!({ "reviewedOn": "2026-10-01", "comparison": "All there." })), ["/admissionRequirements"]);
        assert_eq!(option(json!({ "reviewedOn": "2026-10-01", "admissionRequirements": "Eighteen." })), [""; 0]);
    }
}
