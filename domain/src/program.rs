//! The program in a student's plan: what a template asks of the student in a school year (R36), and what student, family and school add to it, each apart
//! (R37).
//!
//! An item is a copy: what becomes of the template later changes nothing in a plan. What students, families and staff gather beside it, such as
//! strengths and progress, stands in the other parts of the plan: it comes in addition (R212).

use chrono::NaiveDate;
use serde::Serialize;

use crate::access::{Action, Relation, Section, section_of_domain};
use crate::field::SchoolYear;
use crate::id::{PlanId, ProgramItemId, StudentId, TemplateId};
use crate::invalid::Invalid;
use crate::noun::Rules;
use crate::plan_domain::PlanDomain;
use crate::template::TemplateItem;
use crate::text::{LongText, ShortText};

crate::words! {
    /// How far the student is with an item.
    ProgramItemStatus {
        /// Nothing yet.
        Open = "open",
        /// Some of it.
        InProgress = "inProgress",
        /// All of it.
        Done = "done",
        /// Not asked of this student. The note says why.
        Waived = "waived",
    }
}

crate::noun! {
    /// What the program asks of a student in a school year: an item of a template, as it was when it was taken into the plan (R36).
    ProgramItem, NewProgramItem, ProgramItemPatch (ProgramItemId, ProgramItem)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
        /// What is asked, in the words that the template had then.
        item: TemplateItem,
    }
    fixed {
        /// The template. It was active then.
        template_id: TemplateId,
        /// The key of the item there.
        item_key: ShortText,
        /// The school year, named by the year in which it ends.
        school_year: SchoolYear,
    }
    required {}
    defaulted {
        /// How far the student is.
        status: ProgramItemStatus = ProgramItemStatus::Open,
    }
    optional {
        /// The day on which it was done.
        done_on: NaiveDate,
        /// What is to be said of it. Of what is waived, why.
        note: LongText,
    }
    example {
        "templateId": crate::wire_example_id(),
        "itemKey": "career-goal",
        "schoolYear": 2027,
        "status": "waived",
        "note": "Moved here in May; wrote one at the other school."
    }
}

impl Rules for ProgramItem {
    fn faults(new: &NewProgramItem) -> Invalid {
        let mut invalid = Invalid::default();
        let waived = new.status == ProgramItemStatus::Waived;
        invalid.unless(!waived || new.note.is_some(), "/note", "missing", "What is waived needs a note that says why.");
        let done = new.status == ProgramItemStatus::Done;
        invalid.unless(done || new.done_on.is_none(), "/doneOn", "not_done", "Only what is done has a day on which it was.");
        invalid
    }
}

crate::words! {
    /// On whose side somebody adds to the program (R37).
    Party {
        /// The student.
        Student = "student",
        /// The family.
        Family = "family",
        /// Teachers, counselors and other staff.
        School = "school",
        /// A mentor or partner.
        Partner = "partner",
    }
}

impl Party {
    /// That of who stands so to the student.
    pub fn of(relation: Relation) -> Self {
        match relation {
            Relation::Student => Self::Student,
            Relation::Guardian | Relation::ConsentedGuardian => Self::Family,
            Relation::Mentor | Relation::Partner | Relation::GroupMember => Self::Partner,
            _ => Self::School,
        }
    }
}

crate::noun! {
    /// What student, family or school adds to an item of the program (R37). Everybody writes and changes their own, so that each stays apart.
    Contribution, NewContribution, ContributionPatch (ContributionId, Contribution)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
        /// Whose side it is from.
        party: Party,
        /// The school year that it was written for. One before the item's: it was carried forward.
        written_for: SchoolYear,
    }
    fixed {
        /// The domain of the item. It decides who reads this.
        domain: PlanDomain,
        /// The item of the program.
        program_item_id: ProgramItemId,
    }
    required {
        /// What is added.
        body: LongText,
    }
    defaulted {}
    optional {}
    example { "domain": "career", "programItemId": crate::wire_example_id(), "body": "I want to be a nurse. This year I take biology and ask at the clinic." }
}

/// In one's own name: whoever may comment or suggest may add something, and changes only that.
impl Rules for Contribution {
    const WRITTEN_BY: &'static [Action] = &[Action::Comment, Action::Propose];
    fn new_section(new: &NewContribution) -> Option<Section> {
        Some(section_of_domain(new.domain))
    }
}

crate::body! {
    /// A template that is applied to a plan.
    NewTemplateApplication
    required {
        /// The template. It is active.
        template_id: TemplateId,
        /// The school year: this one, or the next.
        school_year: SchoolYear,
    }
    defaulted {}
    optional {
        /// The earlier school year of which answers are carried forward, to what is asked in the same words.
        carry_from: SchoolYear,
    }
    example { "templateId": crate::wire_example_id(), "schoolYear": 2027, "carryFrom": 2026 }
    check |new| carry_faults(new.carry_from, new.school_year)
}

/// Answers are carried forward from an earlier school year.
pub(crate) fn carry_faults(from: Option<SchoolYear>, to: SchoolYear) -> Invalid {
    let mut invalid = Invalid::default();
    invalid.unless(from.is_none_or(|from| from < to), "/carryFrom", "not_earlier", "Must be an earlier school year.");
    invalid
}

/// What became of a template that was applied to a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct TemplateApplication {
    /// Items that the student is asked from now on.
    pub added: usize,
    /// Of these, the ones that are asked as they were the year before, with what was answered then.
    pub carried: usize,
    /// Of these, the ones that wait for an answer: they are new, asked in other words, or were not answered.
    pub to_answer: usize,
    /// Items that were in the plan already. Nothing was done to them.
    pub already_there: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::{Body, pointers};
    use serde_json::json;

    #[test]
    fn r36_what_is_waived_says_why_and_only_what_is_done_has_a_day() {
        let new = |status: &str| json!({ "templateId": crate::wire_example_id(), "itemKey": "x", "schoolYear": 2027, "status": status, "doneOn": "2026-10-01" });
        assert_eq!(pointers::<NewProgramItem>(new("waived")), ["/note", "/doneOn"]);
        assert!(NewProgramItem::read(new("done")).is_ok());
    }

    #[test]
    fn r37_whoever_adds_is_student_family_school_or_partner() {
        assert_eq!(Party::of(Relation::Student), Party::Student);
        assert_eq!(Party::of(Relation::Guardian), Party::Family);
        assert_eq!(Party::of(Relation::Teacher), Party::School);
        assert_eq!(Party::of(Relation::Gatekeeper), Party::School);
    }

    #[test]
    fn answers_are_carried_from_an_earlier_year() {
        let new = |from: i32| json!({ "templateId": crate::wire_example_id(), "schoolYear": 2027, "carryFrom": from });
        assert_eq!(pointers::<NewTemplateApplication>(new(2027)), ["/carryFrom"]);
        assert!(NewTemplateApplication::read(new(2026)).is_ok());
    }
}
