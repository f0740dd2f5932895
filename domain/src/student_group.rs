//! An advisory group, or the small group of a conference (R138). What a student shares with one is open to its members.

use chrono::{DateTime, NaiveDate, Utc};

use crate::id::{SchoolId, StudentGroupId};
use crate::invalid::Invalid;
use crate::text::ShortText;
use crate::time::period_faults;

/// As many students are in a small group at a time, at most (R138).
pub const SMALL_GROUP_STUDENTS_MAX: usize = 5;

crate::words! {
    /// What a group is.
    GroupKind {
        /// An advisory group.
        Advisory = "advisory",
        /// The small group of a conference: at most 5 students at a time (R138).
        SmallGroup = "smallGroup",
    }
}

crate::view! {
    /// An advisory or small group of students.
    StudentGroup
    required {
        /// The id.
        id: StudentGroupId,
        /// The school.
        school_id: SchoolId,
        /// What it is.
        kind: GroupKind,
        /// What it is called.
        title: ShortText,
        /// The first day.
        valid_from: NaiveDate,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was created.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {
        /// The day on which it has ended. From then on nothing is shared with its members.
        valid_to: NaiveDate,
    }
    example {
        "id": crate::wire_example_id(),
        "schoolId": crate::wire_example_id(),
        "kind": "advisory",
        "title": "Advisory 10B",
        "validFrom": "2026-08-15",
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z"
    }
}

crate::body! {
    /// A group as the custodian makes it.
    NewStudentGroup
    required {
        /// The school.
        school_id: SchoolId,
        /// What it is. It stays that.
        kind: GroupKind,
        /// What it is called.
        title: ShortText,
    }
    defaulted {}
    optional {
        /// The first day; today if left out.
        valid_from: NaiveDate,
        /// The day on which it has ended.
        valid_to: NaiveDate,
    }
    example { "schoolId": crate::wire_example_id(), "kind": "advisory", "title": "Advisory 10B", "validFrom": "2026-08-15" }
    check |new| {
        let mut invalid = Invalid::default();
        period_faults(new.valid_from, new.valid_to, &mut invalid);
        invalid
    }
}

crate::change! {
    /// A change to a group: what is absent stays, null clears.
    StudentGroupPatch
    required {
        /// What it is called.
        title: ShortText,
    }
    optional {
        /// The day on which it has ended.
        valid_to: NaiveDate,
    }
    example { "title": "Advisory 11B", "validTo": "2027-06-30" }
}

impl StudentGroup {
    /// Rules across the members after a change.
    pub fn check(&self, patch: &StudentGroupPatch) -> Invalid {
        let mut invalid = Invalid::default();
        period_faults(Some(self.valid_from), patch.valid_to.after(self.valid_to.as_ref()).copied(), &mut invalid);
        invalid
    }
}
