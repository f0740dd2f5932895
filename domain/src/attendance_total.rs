//! Totals of a student's attendance in a session (R152).

use crate::field::SchoolYear;
use crate::id::{AcademicSessionId, SchoolId};

crate::fact! {
    /// Totals of the student's attendance at a school in a session: a school year, semester, term or grading period (R152).
    AttendanceTotal (AttendanceTotalId, SchoolRecords)
    required {
        /// The school.
        school_id: SchoolId,
        /// The session.
        academic_session_id: AcademicSessionId,
        /// What the session is called.
        session_title: String,
        /// The school year of the session, by the year in which it ends.
        school_year: SchoolYear,
        /// Days enrolled, 0 to 366; a day may be a part of one.
        days_enrolled: f64,
        /// Of these, days absent.
        days_absent: f64,
    }
    optional {
        /// Of the days absent, those without an excuse.
        days_absent_unexcused: f64,
        /// How often the student came late.
        times_tardy: i32,
    }
    example {
        "schoolId": crate::wire_example_id(),
        "academicSessionId": crate::wire_example_id(),
        "sessionTitle": "Fall Semester",
        "schoolYear": 2027,
        "daysEnrolled": 90.0,
        "daysAbsent": 3.5,
        "daysAbsentUnexcused": 1.0,
        "timesTardy": 4
    }
}
