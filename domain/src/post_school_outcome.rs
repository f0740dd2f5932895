//! What a student does after school (R154).

use chrono::NaiveDate;

crate::fact! {
    /// What the student did after school, as known on a day (R154).
    PostSchoolOutcome (PostSchoolOutcomeId, Postsecondary)
    required {
        /// `twoYearCollege`, `fourYearCollege`, `apprenticeship`, `careerTraining`, `employment`, `military`, `other`, or an `ext:` word of the source.
        kind: String,
        /// The day on which it was known.
        as_of: NaiveDate,
    }
    optional {
        /// The college, employer or branch.
        name: String,
    }
    example { "kind": "twoYearCollege", "asOf": "2027-10-01", "name": "Community College of Rhode Island" }
}
