//! Notices: what a person is told of what concerns a student, on record. That the rights pass (access.md, decision 4: 60 and 14 days ahead), that an
//! emergency was declared (34 CFR 99.36, access.md 5.7), what becomes of a request to inspect or amend (99.10, 99.20 to 99.22), and once a year which
//! rights there are (99.7).

mod words;

use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::access::Audience;
use crate::field::Answered;
use crate::id::{AmendmentRequestId, AnnualNoticeId, EmergencyAccessId, InspectionRequestId, NoticeId, PersonId, StudentId};
use crate::invalid::Invalid;

pub use words::Words;

crate::words! {
    /// What a notice is about.
    NoticeKind {
        /// The rights over the file pass to the student.
        RightsPass = "rightsPass",
        /// Parts of the file were opened in an emergency.
        EmergencyAccess = "emergencyAccess",
        /// The family asks to inspect the file (L12): for custodians, and for the family where a custodian wrote it down.
        InspectionRequest = "inspectionRequest",
        /// The family asks to amend a record (L14): likewise.
        AmendmentRequest = "amendmentRequest",
        /// A record is amended as asked.
        AmendmentGranted = "amendmentGranted",
        /// A record is not amended, and what the family may do now.
        AmendmentRefused = "amendmentRefused",
        /// The family asks for a hearing: for custodians.
        HearingRequested = "hearingRequested",
        /// When and where a hearing is held (34 CFR 99.22(b)).
        HearingSet = "hearingSet",
        /// A record is not amended after its hearing, and what the family may do now.
        AmendmentRefusedAfterHearing = "amendmentRefusedAfterHearing",
        /// The rights of students and parents, told every year (34 CFR 99.7, L11).
        AnnualRights = "annualRights",
    }
}

/// How many days before the rights pass it is told: once each.
pub const LEAD_DAYS: [u8; 2] = [60, 14];

/// The version of the words that new notices have. What was told once is told in the same words for good: a change of them is a version more.
pub const WORDS_VERSION: i32 = 1;

/// The notice that is due today of a change on a day: how many days ahead it was to be made. Of several that are due only the last, which says the
/// same; none once the day has come.
pub fn due_lead(change_on: NaiveDate, today: NaiveDate) -> Option<u8> {
    let due = |days: &u8| change_on.checked_sub_days(Days::new((*days).into())).is_some_and(|day| day <= today);
    if today < change_on { LEAD_DAYS.into_iter().filter(due).min() } else { None }
}

crate::view! {
    /// The words of a notice in one language.
    NoticeText
    required {
        /// The language (BCP 47): `en` or `es`.
        language: String,
        /// In one line.
        title: String,
        /// The whole.
        text: String,
    }
    optional {}
    example { "language": "en", "title": "The rights over Anna's learning plan pass to Anna on November 20, 2028", "text": "On November 20, 2028 …" }
}

impl crate::field::Field for NoticeText {
    fn read(_: &serde_json::Value) -> Result<Self, Invalid> {
        crate::field::wrong("not_sent", "The program writes the words.")
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::Ref::from_schema_name(<Self as crate::plain::View>::NAME).into()
    }
    #[cfg(feature = "wire")]
    fn schemas(named: &mut crate::wire::Named) {
        let schema = <Self as crate::plain::View>::schema(named);
        named.push((<Self as crate::plain::View>::NAME.to_owned(), schema.into()));
    }
}

crate::view! {
    /// What one person was told about one student.
    Notice
    required {
        /// The id.
        id: NoticeId,
        /// The student.
        student_id: StudentId,
        /// Who is told.
        person_id: PersonId,
        /// As whom.
        audience: Audience,
        /// About what.
        kind: NoticeKind,
        /// The day on which it happens, or happened.
        occurs_on: NaiveDate,
        /// The words, in every language there are: the district does not know which one its people read.
        texts: Answered<NoticeText>,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was made.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {
        /// How many days ahead it was to be made.
        lead_days: i32,
        /// The day on which it was to be made. It is made later where it was not known by then.
        due_on: NaiveDate,
        /// The emergency.
        emergency_access_id: EmergencyAccessId,
        /// The request to inspect.
        inspection_request_id: InspectionRequestId,
        /// The request to amend.
        amendment_request_id: AmendmentRequestId,
        /// The annual notice of the district: `GET /v1/me/annual-notices`.
        annual_notice_id: AnnualNoticeId,
        /// When who is told acknowledged it.
        acknowledged_at: DateTime<Utc>,
    }
    example {
        "id": crate::wire_example_id(),
        "studentId": crate::wire_example_id(),
        "personId": crate::wire_example_id(),
        "audience": "guardian",
        "kind": "rightsPass",
        "occursOn": "2028-11-20",
        "texts": [{ "language": "en", "title": "The rights over Anna's learning plan pass to Anna on November 20, 2028", "text": "On November 20, 2028 …" }],
        "version": 1,
        "createdAt": "2028-09-21T05:04:05Z",
        "updatedAt": "2028-09-21T05:04:05Z",
        "leadDays": 60,
        "dueOn": "2028-09-21"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_notice_is_due_60_and_14_days_ahead_and_never_on_the_day() {
        let change = day("2027-03-01");
        let leads = |today: &str| due_lead(change, day(today));
        assert_eq!((leads("2026-12-30"), leads("2026-12-31")), (None, Some(60)));
        assert_eq!((leads("2027-02-14"), leads("2027-02-15")), (Some(60), Some(14)));
        assert_eq!((leads("2027-02-28"), leads("2027-03-01"), leads("2027-03-02")), (Some(14), None, None));
        assert_eq!(due_lead(NaiveDate::MIN, NaiveDate::MIN), None);
    }
}
