//! That a student is in a support programme (R155): that there is one, and nothing of what its papers say.

use chrono::NaiveDate;

crate::fact! {
    /// A support programme that the student is in (R155).
    StudentFlag (StudentFlagId, Transition)
    required {
        /// `iep`, `504`, `ell`, `plp`, or an `ext:` word of the source.
        flag: String,
    }
    optional {
        /// The first day, where the source says one.
        begins_on: NaiveDate,
        /// The last day, where the source says one.
        ends_on: NaiveDate,
    }
    example { "flag": "iep", "beginsOn": "2025-09-01" }
}
