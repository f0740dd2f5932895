//! Requests to amend a record that is inaccurate, misleading or against the student's privacy (34 CFR 99.20 to 99.22, L14, L15): decided, heard, and where
//! they are refused, answered by a statement of the family that goes wherever the record goes.

use chrono::{DateTime, NaiveDate, Utc};

use crate::access::Section;
use crate::id::{AmendmentRequestId, PersonId, RecordId, StudentId};
use crate::invalid::Invalid;
use crate::kind::Kind;
use crate::plan_part::Part;
use crate::text::{LongText, ShortText};

crate::words! {
    /// Why a record should be amended (34 CFR 99.20(a)).
    AmendmentGround {
        /// It is not correct.
        Inaccurate = "inaccurate",
        /// It gives a wrong impression.
        Misleading = "misleading",
        /// It violates the student's rights of privacy.
        PrivacyViolation = "privacyViolation",
    }
}

crate::words! {
    /// Where a request to amend stands.
    AmendmentStatus {
        /// It waits for its decision. The custodian reads the section; the record is not removed.
        Open = "open",
        /// The district amends the record.
        Granted = "granted",
        /// The district does not. The family may ask for a hearing, and place a statement.
        Refused = "refused",
        /// The family asks for a hearing.
        HearingRequested = "hearingRequested",
        /// The hearing has a day, a place and an officer.
        HearingSet = "hearingSet",
        /// As the hearing found, the district amends the record.
        GrantedAfterHearing = "grantedAfterHearing",
        /// As the hearing found, the district does not. The family may place a statement.
        RefusedAfterHearing = "refusedAfterHearing",
        /// The family took it back.
        Withdrawn = "withdrawn",
    }
}

impl AmendmentStatus {
    /// Whether the district still has to decide.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::HearingRequested | Self::HearingSet)
    }

    /// Where it stands after a step; None where that step cannot be taken. A refusal may be reversed at any time.
    pub fn after(self, step: &AmendmentStep) -> Option<Self> {
        use AmendmentStatus as S;
        let decided = |granted, yes, no| if granted { yes } else { no };
        match (self, step) {
            (S::Open, AmendmentStep::Decide(decision)) => Some(decided(decision.granted, S::Granted, S::Refused)),
            (S::Refused | S::HearingRequested | S::HearingSet, AmendmentStep::Decide(decision)) => decision.granted.then_some(S::Granted),
            (S::Refused, AmendmentStep::AskForHearing) => Some(S::HearingRequested),
            (S::HearingRequested | S::HearingSet, AmendmentStep::SetHearing(_)) => Some(S::HearingSet),
            (S::HearingSet, AmendmentStep::DecideHearing(found)) => Some(decided(found.granted, S::GrantedAfterHearing, S::RefusedAfterHearing)),
            (S::Refused | S::RefusedAfterHearing, AmendmentStep::State(_)) => Some(self),
            (S::Granted | S::GrantedAfterHearing | S::Withdrawn, AmendmentStep::Withdraw) => None,
            (_, AmendmentStep::Withdraw) => Some(S::Withdrawn),
            _ => None,
        }
    }

    /// Whether the family's statement goes with the record: not once the record is amended, or the request taken back.
    pub const fn keeps_statement(self) -> bool {
        !matches!(self, Self::Granted | Self::GrantedAfterHearing | Self::Withdrawn)
    }
}

/// What happens to a request to amend.
#[derive(Clone, Debug, PartialEq)]
pub enum AmendmentStep {
    /// The district decides.
    Decide(AmendmentDecision),
    /// The family asks for a hearing.
    AskForHearing,
    /// The district sets the hearing, or sets it anew.
    SetHearing(NewHearing),
    /// The hearing was held.
    DecideHearing(HearingDecision),
    /// The family places its statement, or another in its place.
    State(NewContestStatement),
    /// The family takes the request back, and its statement with it.
    Withdraw,
}

crate::view! {
    /// A request to amend a record, and what became of it.
    AmendmentRequest
    required {
        /// The id.
        id: AmendmentRequestId,
        /// Whose file.
        student_id: StudentId,
        /// Who asks: the student, or a guardian who holds the rights.
        requested_by: PersonId,
        /// The day on which the district received it, in its time zone.
        received_on: NaiveDate,
        /// What kind of record is contested.
        record_kind: Kind,
        /// Which one.
        record_id: RecordId,
        /// The section that it stands in.
        section: Section,
        /// Why it should be amended.
        ground: AmendmentGround,
        /// What is wrong.
        reason: LongText,
        /// What it should say.
        wish: LongText,
        /// Where it stands.
        status: AmendmentStatus,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was made here.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {
        /// The custodian who wrote it down, if it came by letter.
        recorded_by: PersonId,
        /// The day of the decision.
        decided_on: NaiveDate,
        /// Who decided.
        decided_by: PersonId,
        /// Why.
        decision_reason: LongText,
        /// The day on which a hearing was asked for.
        hearing_requested_on: NaiveDate,
        /// The day of the hearing.
        hearing_on: NaiveDate,
        /// At what time and where.
        hearing_place: ShortText,
        /// Who hears it: somebody without a direct interest in its outcome.
        hearing_officer: ShortText,
        /// The day on which the hearing was decided.
        hearing_decided_on: NaiveDate,
        /// A summary of the evidence, and the reasons.
        findings: LongText,
        /// The family's statement. Whoever sees the record sees it.
        statement: LongText,
        /// The day on which it was placed.
        statement_placed_on: NaiveDate,
    }
    example {
        "id": crate::wire_example_id(),
        "studentId": crate::wire_example_id(),
        "requestedBy": crate::wire_example_id(),
        "receivedOn": "2026-10-01",
        "recordKind": "attendanceTotal",
        "recordId": crate::wire_example_id(),
        "section": "S3",
        "ground": "inaccurate",
        "reason": "Anna was at the regional science fair on these three days, with the school's leave.",
        "wish": "Three days fewer absent.",
        "status": "open",
        "version": 1,
        "createdAt": "2026-10-01T15:04:05Z",
        "updatedAt": "2026-10-01T15:04:05Z"
    }
}

crate::body! {
    /// A request to amend, as it is made. What a custodian writes down says who of the family asks.
    NewAmendmentRequest
    required {
        /// What kind of record is contested.
        record_kind: Kind,
        /// Which one.
        record_id: RecordId,
        /// Why it should be amended.
        ground: AmendmentGround,
        /// What is wrong.
        reason: LongText,
        /// What it should say.
        wish: LongText,
    }
    defaulted {}
    optional {
        /// For a custodian: who asks; the student if left out.
        requested_by: PersonId,
        /// For a custodian: the day on which the letter came; today if left out.
        received_on: NaiveDate,
    }
    example {
        "recordKind": "attendanceTotal",
        "recordId": crate::wire_example_id(),
        "ground": "inaccurate",
        "reason": "Anna was at the regional science fair on these three days, with the school's leave.",
        "wish": "Three days fewer absent."
    }
    check |new| kind_faults(new.record_kind)
}

crate::body! {
    /// The district's decision on a request to amend.
    AmendmentDecision
    required {
        /// Whether the record is amended as asked.
        granted: bool,
        /// Why.
        reason: LongText,
    }
    defaulted {}
    optional {}
    example { "granted": false, "reason": "The leave covered two of the three days." }
    check crate::plain::no_rules
}

crate::body! {
    /// When and where a hearing is held, and by whom (34 CFR 99.22(b), (c)).
    NewHearing
    required {
        /// The day: not before today.
        hearing_on: NaiveDate,
        /// At what time and where.
        hearing_place: ShortText,
        /// Who hears it: somebody without a direct interest in its outcome.
        hearing_officer: ShortText,
    }
    defaulted {}
    optional {}
    example { "hearingOn": "2026-11-05", "hearingPlace": "4 p.m., district office, room 12", "hearingOfficer": "Dr. Iris Ives" }
    check crate::plain::no_rules
}

crate::body! {
    /// What a hearing found, in writing and from the evidence that was shown there alone (34 CFR 99.22(f)).
    HearingDecision
    required {
        /// Whether the record is amended.
        granted: bool,
        /// A summary of the evidence, and the reasons.
        findings: LongText,
    }
    defaulted {}
    optional {}
    example { "granted": false, "findings": "The letter of leave names October 5 and 6. For October 7 nothing was shown." }
    check crate::plain::no_rules
}

crate::body! {
    /// The family's statement on a record that is not amended (34 CFR 99.21(b)(2)).
    NewContestStatement
    required {
        /// What the family has to say, or why it disagrees with the decision.
        text: LongText,
    }
    defaulted {}
    optional {}
    example { "text": "Anna's coach took the team home a day late. We disagree that October 7 is an unexcused absence." }
    check crate::plain::no_rules
}

crate::view! {
    /// What the family says of a record that it contests. It goes wherever the record goes (34 CFR 99.21(c)).
    ContestStatement
    required {
        /// The request to amend that was refused.
        amendment_request_id: AmendmentRequestId,
        /// The day on which it was placed.
        placed_on: NaiveDate,
        /// What the family has to say.
        text: LongText,
    }
    optional {}
    example {
        "amendmentRequestId": crate::wire_example_id(),
        "placedOn": "2026-11-10",
        "text": "Anna's coach took the team home a day late. We disagree that October 7 is an unexcused absence."
    }
}

/// A fault, unless records of the kind say something about the student.
pub(crate) fn kind_faults(kind: Kind) -> Invalid {
    let mut invalid = Invalid::default();
    invalid.unless(contestable(kind), "/recordKind", "other_kind", "Records of this kind say nothing about the student: name what is in the file.");
    invalid
}

/// Whether records of a kind say something about the student that a family may contest.
pub fn contestable(kind: Kind) -> bool {
    let of_the_file = matches!(
        kind,
        Kind::Student
            | Kind::Registration
            | Kind::ReportCard
            | Kind::Goal
            | Kind::Benchmark
            | Kind::Activity
            | Kind::ProgressRecord
            | Kind::Reflection
            | Kind::Recommendation
            | Kind::Proposal
            | Kind::StudentFlag
            | Kind::AttendanceTotal
            | Kind::YearOutcome
            | Kind::PostSchoolOutcome
    );
    of_the_file || Part::of(kind).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> LongText {
        LongText::parse(text).unwrap()
    }

    fn steps() -> Vec<(&'static str, AmendmentStep)> {
        let decide = |granted| AmendmentStep::Decide(AmendmentDecision { granted, reason: text("Because.") });
        let found = |granted| AmendmentStep::DecideHearing(HearingDecision { granted, findings: text("Shown.") });
        let line = |text: &str| ShortText::parse(text).unwrap();
        let hearing = NewHearing { hearing_on: NaiveDate::MIN, hearing_place: line("Room 12"), hearing_officer: line("Dr. Ives") };
        vec![
            ("grant", decide(true)),
            ("refuse", decide(false)),
            ("ask", AmendmentStep::AskForHearing),
            ("set", AmendmentStep::SetHearing(hearing)),
            ("find for", found(true)),
            ("find against", found(false)),
            ("state", AmendmentStep::State(NewContestStatement { text: text("We disagree.") })),
            ("withdraw", AmendmentStep::Withdraw),
        ]
    }

    /// Every step that can be taken: from where, what, to where.
    const CAN: &[(&str, &str, &str)] = &[
        ("open", "grant", "granted"),
        ("open", "refuse", "refused"),
        ("open", "withdraw", "withdrawn"),
        ("refused", "grant", "granted"),
        ("refused", "ask", "hearingRequested"),
        ("refused", "state", "refused"),
        ("refused", "withdraw", "withdrawn"),
        ("hearingRequested", "grant", "granted"),
        ("hearingRequested", "set", "hearingSet"),
        ("hearingRequested", "withdraw", "withdrawn"),
        ("hearingSet", "grant", "granted"),
        ("hearingSet", "set", "hearingSet"),
        ("hearingSet", "find for", "grantedAfterHearing"),
        ("hearingSet", "find against", "refusedAfterHearing"),
        ("hearingSet", "withdraw", "withdrawn"),
        ("refusedAfterHearing", "state", "refusedAfterHearing"),
        ("refusedAfterHearing", "withdraw", "withdrawn"),
    ];

    #[test]
    fn l14_l15_a_request_goes_its_way_and_no_other() {
        let mut can = vec![];
        for status in AmendmentStatus::ALL {
            for (name, step) in steps() {
                if let Some(after) = status.after(&step) {
                    can.push((status.word(), name, after.word()));
                }
            }
        }
        assert_eq!(can, CAN);
    }

    #[test]
    fn l15_a_statement_stays_until_the_record_is_amended_or_the_request_taken_back() {
        let kept: Vec<_> = AmendmentStatus::ALL.iter().filter(|status| status.keeps_statement()).map(|status| status.word()).collect();
        assert_eq!(kept, ["open", "refused", "hearingRequested", "hearingSet", "refusedAfterHearing"]);
    }
}
