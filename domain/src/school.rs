//! The schools of a district and their classes, as the roster has them: a register, which is nobody's secret. A front end finds in it how what it shows is called,
//! and which class a job is for.

use crate::id::{ClassId, SchoolId};

crate::words! {
    /// What a class is.
    ClassKind {
        /// Those who begin the day together.
        Homeroom = "homeroom",
        /// A class in a subject.
        Scheduled = "scheduled",
    }
}

crate::view! {
    /// A school of the district.
    School
    required {
        /// The id.
        id: SchoolId,
        /// What it is called.
        name: String,
    }
    optional {
        /// The state's or the district's number of it.
        identifier: String,
    }
    example { "id": crate::wire_example_id(), "name": "Alder High School", "identifier": "102" }
}

crate::view! {
    /// A class of a school.
    Class
    required {
        /// The id.
        id: ClassId,
        /// The school.
        school_id: SchoolId,
        /// What it is called.
        title: String,
        /// What it is.
        kind: ClassKind,
    }
    optional {
        /// The school's code of it.
        class_code: String,
    }
    example { "id": crate::wire_example_id(), "schoolId": crate::wire_example_id(), "title": "Biology I, period 2", "kind": "scheduled", "classCode": "BIO1-2" }
}
