//! What a plan needs that the school does not readily offer (R91, R97 to R100): the request, and what the school manager decides.

use chrono::NaiveDate;

use crate::access::Action;
use crate::id::{PlanId, ResourceRequestId, StudentId};
use crate::invalid::Invalid;
use crate::noun::Rules;
use crate::number::Hours;
use crate::text::{LongText, ShortText};

crate::words! {
    /// What is asked for.
    ResourceKind {
        /// A course or a class.
        Course = "course",
        /// A program.
        Program = "program",
        /// Books, tools, other material.
        Material = "material",
        /// A device, software, access to a network.
        Technology = "technology",
        /// Somebody's time.
        Personnel = "personnel",
        /// A way to get there.
        Transport = "transport",
        /// Anything else.
        Other = "other",
    }
}

crate::noun! {
    /// A resource that the participants cannot readily find in what the school offers, referred to the school manager (R97).
    ResourceRequest, NewResourceRequest, ResourceRequestPatch (ResourceRequestId, ResourceRequest)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
    }
    fixed {}
    required {
        /// What is asked for.
        kind: ResourceKind,
        /// It in one line.
        title: ShortText,
    }
    defaulted {}
    optional {
        /// The objective that it serves, and what was tried.
        description: LongText,
        /// The day by which it is needed.
        needed_by: NaiveDate,
    }
    example {
        "kind": "course",
        "title": "Anatomy, which no school nearby teaches",
        "description": "Nursing programs ask for it. The college has it online on Tuesdays.",
        "neededBy": "2027-01-11"
    }
}

impl Rules for ResourceRequest {
    const WRITTEN_BY: &'static [Action] = &[Action::Write, Action::Comment];
}

crate::words! {
    /// What the school manager decides (R98).
    ResourceOutcome {
        /// The school tries to achieve it.
        Granted = "granted",
        /// A part of it.
        PartlyGranted = "partlyGranted",
        /// It has not the means.
        Declined = "declined",
    }
}

crate::noun! {
    /// What the school manager decides about a request, with the time and the people for it (R98 to R100). The latest one counts.
    ResourceDecision, NewResourceDecision, ResourceDecisionPatch (ResourceDecisionId, ResourceDecision)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
    }
    fixed {
        /// The request, of the same student.
        resource_request_id: ResourceRequestId,
    }
    required {
        /// What is decided.
        outcome: ResourceOutcome,
        /// Why.
        reason: LongText,
    }
    defaulted {}
    optional {
        /// The hours of personnel that are authorized (R99, R100). None where it is declined.
        authorized_hours: Hours,
        /// Who is assigned, and the training they get (R99).
        personnel: LongText,
    }
    example {
        "resourceRequestId": crate::wire_example_id(),
        "outcome": "partlyGranted",
        "reason": "The fee of the online course is paid; the lab has to wait for summer.",
        "authorizedHours": 12.0,
        "personnel": "Ms. Ortiz is with the student on Tuesdays."
    }
}

impl Rules for ResourceDecision {
    const WRITTEN_BY: &'static [Action] = &[Action::Decide];

    fn faults(new: &NewResourceDecision) -> Invalid {
        let mut invalid = Invalid::default();
        let declined = new.outcome == ResourceOutcome::Declined;
        invalid.unless(!declined || new.authorized_hours.is_none(), "/authorizedHours", "declined", "What is declined takes nobody's time.");
        invalid
    }
}

/// The fewest students of whom a count is told (access.md 4.4).
pub const COUNTED_MIN: i64 = 10;

/// How many students, as far as it may be told: fewer than ten are not.
pub fn told(students: i64) -> Option<i64> {
    (students >= COUNTED_MIN).then_some(students)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::{pointers, with};
    use serde_json::json;

    #[test]
    fn r98_what_is_declined_takes_nobodys_time_and_every_decision_has_a_reason() {
        let decision = json!({ "resourceRequestId": crate::wire_example_id(), "outcome": "declined" });
        assert_eq!(pointers::<NewResourceDecision>(decision.clone()), ["/reason"]);
        let told = with(decision, json!({ "reason": "No means." }));
        assert_eq!(pointers::<NewResourceDecision>(told.clone()), [""; 0]);
        assert_eq!(pointers::<NewResourceDecision>(with(told, json!({ "authorizedHours": 2 }))), ["/authorizedHours"]);
    }

    #[test]
    fn fewer_than_ten_students_are_not_told() {
        assert_eq!(told(9), None);
        assert_eq!(told(10), Some(10));
    }
}
