//! What a district tells its families every year (34 CFR 99.7, L11): the rights, in the program's words, and what the district alone can say.

use chrono::{DateTime, NaiveDate, Utc};

use crate::field::SchoolYear;
use crate::id::AnnualNoticeId;
use crate::invalid::Invalid;
use crate::text::LongText;

crate::view! {
    /// What a district tells its families in a school year. From its day on, every family is told once.
    AnnualNotice
    required {
        /// The id.
        id: AnnualNoticeId,
        /// The school year, by the year in which it ends.
        school_year: SchoolYear,
        /// The day from which on families are told.
        publish_on: NaiveDate,
        /// How to inspect the file (99.7(a)(3)(i)).
        how_to_inspect: LongText,
        /// How to ask for an amendment (99.7(a)(3)(ii)).
        how_to_amend: LongText,
        /// Who counts as a school official (99.7(a)(3)(iii)).
        school_officials: LongText,
        /// What counts as a legitimate educational interest (99.7(a)(3)(iii)).
        legitimate_interest: LongText,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was made.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {}
    example {
        "id": crate::wire_example_id(),
        "schoolYear": 2027,
        "publishOn": "2026-08-20",
        "howToInspect": "Ask in the portal under Requests, or write to the records office.",
        "howToAmend": "Ask in the portal under Requests, and say which record and what it should say.",
        "schoolOfficials": "Counselors, advisors, teachers and specialists who are assigned to the student.",
        "legitimateInterest": "What is needed to advise and teach the student.",
        "version": 1,
        "createdAt": "2026-08-01T15:04:05Z",
        "updatedAt": "2026-08-01T15:04:05Z"
    }
}

crate::body! {
    /// What a district tells its families, as it is made.
    NewAnnualNotice
    required {
        /// The school year, by the year in which it ends.
        school_year: SchoolYear,
        /// How to inspect the file.
        how_to_inspect: LongText,
        /// How to ask for an amendment.
        how_to_amend: LongText,
        /// Who counts as a school official.
        school_officials: LongText,
        /// What counts as a legitimate educational interest.
        legitimate_interest: LongText,
    }
    defaulted {}
    optional {
        /// The day from which on families are told; today if left out.
        publish_on: NaiveDate,
    }
    example {
        "schoolYear": 2028,
        "publishOn": "2027-08-20",
        "howToInspect": "Ask in the portal under Requests, or write to the records office.",
        "howToAmend": "Ask in the portal under Requests, and say which record and what it should say.",
        "schoolOfficials": "Counselors, advisors, teachers and specialists who are assigned to the student.",
        "legitimateInterest": "What is needed to advise and teach the student."
    }
    check crate::plain::no_rules
}

crate::change! {
    /// A change of what a district tells its families: until its day comes.
    AnnualNoticePatch
    required {
        /// How to inspect the file.
        how_to_inspect: LongText,
        /// How to ask for an amendment.
        how_to_amend: LongText,
        /// Who counts as a school official.
        school_officials: LongText,
        /// What counts as a legitimate educational interest.
        legitimate_interest: LongText,
    }
    optional {}
    example { "howToInspect": "Ask in the portal under Requests." }
}

impl AnnualNotice {
    /// What is wrong with a change.
    pub fn check(&self, _: &AnnualNoticePatch) -> Invalid {
        Invalid::default()
    }
}

crate::view! {
    /// How far a district has told its families.
    AnnualNoticeDelivery
    required {
        /// The annual notice.
        annual_notice_id: AnnualNoticeId,
        /// How many notices were made: one for each student and each person told of them.
        told: i32,
        /// How many of these were acknowledged.
        acknowledged: i32,
        /// How many students who attend have nobody told yet: they are told within the hour, once the day has come.
        students_waiting: i32,
    }
    optional {}
    example { "annualNoticeId": crate::wire_example_id(), "told": 812, "acknowledged": 640, "studentsWaiting": 0 }
}
