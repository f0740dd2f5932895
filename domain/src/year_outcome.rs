//! How a school year ended for a student: promotion and graduation (R153).

use chrono::NaiveDate;

use crate::field::SchoolYear;
use crate::id::SchoolId;

crate::fact! {
    /// How a school year ended for the student (R153).
    YearOutcome (YearOutcomeId, SchoolRecords)
    required {
        /// The school.
        school_id: SchoolId,
        /// The school year, by the year in which it ends.
        school_year: SchoolYear,
        /// `promoted`, `retained`, `graduated`, `completed`, `continuing`, `transferredOut`, `droppedOut`, or an `ext:` word of the source.
        outcome: String,
    }
    optional {
        /// The day.
        outcome_on: NaiveDate,
        /// The kind of diploma, in the source's words.
        diploma_type: String,
    }
    example { "schoolId": crate::wire_example_id(), "schoolYear": 2027, "outcome": "graduated", "outcomeOn": "2027-06-10", "diplomaType": "Regular" }
}
