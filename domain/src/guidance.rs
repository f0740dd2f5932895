//! What those around a student say for the plan: what the student is interested in and needs (R23), whether they meet their goals (R110), and what
//! participants, partners and mentors make of it (R74, R75, R206).

use chrono::NaiveDate;

use crate::access::{Action, Section, section_of_domain};
use crate::id::{PlanId, StudentId};
use crate::invalid::Invalid;
use crate::noun::Rules;
use crate::plan_domain::PlanDomain;
use crate::text::{LongText, ShortText};

crate::words! {
    /// What is noted (R23).
    NeedKind {
        /// What the student is interested in.
        Interest = "interest",
        /// What the student needs.
        Need = "need",
        /// A support that the student has.
        Support = "support",
    }
}

crate::words! {
    /// Whether it is met.
    NeedStatus {
        /// It waits.
        Open = "open",
        /// Something is done about it.
        Supported = "supported",
        /// It is met, or past.
        Met = "met",
    }
}

crate::noun! {
    /// An interest, a need or a support of the student (R23).
    Need, NewNeed, NeedPatch (NeedId, Need)
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
        /// Whether it is an interest, a need or a support.
        kind: NeedKind,
        /// It in one line.
        title: ShortText,
    }
    defaulted {
        /// Whether it is met.
        status: NeedStatus = NeedStatus::Open,
    }
    optional {
        /// It in full.
        description: LongText,
        /// What is done about it, in school and out of it.
        response: LongText,
    }
    example {
        "domain": "academic",
        "kind": "need",
        "title": "Time to read in English",
        "status": "supported",
        "description": "Reading takes twice as long as in Spanish.",
        "response": "Reading group on Tuesdays; texts ahead of class."
    }
}

impl Rules for Need {
    const WRITTEN_BY: &'static [Action] = &[Action::Write, Action::Comment];

    fn new_section(new: &NewNeed) -> Option<Section> {
        Some(section_of_domain(new.domain))
    }

    fn faults(new: &NewNeed) -> Invalid {
        let mut invalid = Invalid::default();
        let answered = new.status != NeedStatus::Supported || new.response.is_some();
        invalid.unless(answered, "/response", "missing", "What is supported is so by something: say what is done.");
        invalid
    }
}

crate::words! {
    /// Whether a student meets their goals.
    GoalsMet {
        /// They do.
        Meets = "meets",
        /// Some of them.
        PartlyMeets = "partlyMeets",
        /// They do not.
        DoesNotMeet = "doesNotMeet",
    }
}

crate::words! {
    /// Whether a student progresses toward promotion or graduation.
    OnTrack {
        /// They do.
        OnTrack = "onTrack",
        /// They may not.
        AtRisk = "atRisk",
        /// They do not.
        OffTrack = "offTrack",
    }
}

crate::noun! {
    /// A dated statement whether the student meets the goals, and progresses toward promotion or graduation (R110).
    ProgressStatement, NewProgressStatement, ProgressStatementPatch (ProgressStatementId, ProgressStatement)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
    }
    fixed {}
    required {
        /// The day for which it holds.
        stated_on: NaiveDate,
        /// Whether the student meets the goals of the plan.
        goals_met: GoalsMet,
        /// Whether the student progresses toward promotion or graduation.
        on_track: OnTrack,
    }
    defaulted {}
    optional {
        /// What it rests on, and what comes next.
        statement: LongText,
    }
    example {
        "statedOn": "2026-10-14",
        "goalsMet": "partlyMeets",
        "onTrack": "onTrack",
        "statement": "Two of three goals are reached; chemistry needs an hour more a week."
    }
}

impl Rules for ProgressStatement {
    fn faults(new: &NewProgressStatement) -> Invalid {
        let mut invalid = Invalid::default();
        let told = new.on_track == OnTrack::OnTrack || new.statement.is_some();
        invalid.unless(told, "/statement", "missing", "Whoever is not on track is told why, and what comes next.");
        invalid
    }
}

crate::words! {
    /// What feedback is about.
    FeedbackKind {
        /// Progress toward a goal (R74).
        GoalProgress = "goalProgress",
        /// The development of a skill (R75, R206).
        SkillDevelopment = "skillDevelopment",
        /// An experience that is offered to the student (R206).
        OfferedExperience = "offeredExperience",
        /// Anything else.
        Other = "other",
    }
}

crate::noun! {
    /// What a participant, a partner or a mentor says about the student's way (R74, R75), or offers them (R206).
    FeedbackEntry, NewFeedbackEntry, FeedbackEntryPatch (FeedbackEntryId, FeedbackEntry)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
    }
    fixed {}
    required {
        /// What it is about.
        kind: FeedbackKind,
        /// It in full.
        body: LongText,
    }
    defaulted {}
    optional {
        /// The goal, the skill or the experience, in one line. What is offered has one.
        subject: ShortText,
        /// The first day of what is offered.
        starts_on: NaiveDate,
        /// The last day of what is offered.
        ends_on: NaiveDate,
    }
    example {
        "kind": "offeredExperience",
        "body": "Two afternoons a week on the ward, with a nurse as a mentor. Write to us until the end of the month.",
        "subject": "Job shadowing at Canyon Hospital",
        "startsOn": "2027-01-11",
        "endsOn": "2027-03-12"
    }
}

impl Rules for FeedbackEntry {
    const WRITTEN_BY: &'static [Action] = &[Action::Write, Action::Comment];

    fn faults(new: &NewFeedbackEntry) -> Invalid {
        let mut invalid = Invalid::default();
        invalid.span(new.starts_on, new.ends_on);
        let offered = new.kind == FeedbackKind::OfferedExperience;
        invalid.unless(!offered || new.subject.is_some(), "/subject", "missing", "What is offered has a name.");
        let dated = new.starts_on.is_some() || new.ends_on.is_some();
        invalid.unless(offered || !dated, "/startsOn", "not_offered", "Only what is offered has days.");
        invalid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::{pointers, with};
    use serde_json::{Value, json};

    #[test]
    fn r23_what_is_supported_says_by_what() {
        let need = |more: Value| pointers::<NewNeed>(with(json!({ "domain": "academic", "kind": "need", "title": "Time" }), more));
        assert_eq!(need(json!({})), [""; 0]);
        assert_eq!(need(json!({ "status": "supported" })), ["/response"]);
    }

    #[test]
    fn r110_whoever_is_not_on_track_is_told_why() {
        let stated = |more: Value| {
            pointers::<NewProgressStatement>(with(json!({ "statedOn": "2026-10-14", "goalsMet": "meets", "onTrack": "onTrack" }), more))
        };
        assert_eq!(stated(json!({})), [""; 0]);
        assert_eq!(stated(json!({ "onTrack": "atRisk" })), ["/statement"]);
    }

    #[test]
    fn r206_what_is_offered_has_a_name_and_may_have_days() {
        let said = |more: Value| pointers::<NewFeedbackEntry>(with(json!({ "kind": "goalProgress", "body": "Well done." }), more));
        assert_eq!(said(json!({})), [""; 0]);
        assert_eq!(said(json!({ "endsOn": "2027-01-01" })), ["/startsOn"]);
        let offered = json!({ "kind": "offeredExperience", "startsOn": "2027-02-01", "endsOn": "2027-01-01" });
        assert_eq!(said(offered).len(), 2);
    }
}
