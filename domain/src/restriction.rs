//! An order that keeps one person from sections of one student's file, whatever their relations (access.md 5.11: hard denies; 34 CFR 99.4).

use chrono::{DateTime, NaiveDate, Utc};

use crate::access::Section;
use crate::id::{PersonId, RestrictionId, StudentId};
use crate::invalid::Invalid;
use crate::text::ShortText;
use crate::time::period_faults;

crate::view! {
    /// An order that keeps a person from a student's file, or from sections of it.
    Restriction
    required {
        /// The id.
        id: RestrictionId,
        /// The student.
        student_id: StudentId,
        /// Who is kept from the file. Never the student.
        person_id: PersonId,
        /// Where the order is kept.
        order_reference: ShortText,
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
        /// The sections. All, if there are none.
        sections: Vec<Section>,
        /// The day on which it is lifted.
        valid_to: NaiveDate,
        /// Who entered it.
        created_by: PersonId,
    }
    example {
        "id": crate::wire_example_id(),
        "studentId": crate::wire_example_id(),
        "personId": crate::wire_example_id(),
        "orderReference": "Order 2026-117, custodian's safe",
        "validFrom": "2026-08-15",
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z",
        "sections": ["S1b", "S8"],
        "createdBy": crate::wire_example_id()
    }
}

crate::body! {
    /// An order as the custodian enters it.
    NewRestriction
    required {
        /// The student.
        student_id: StudentId,
        /// Who is kept from the file.
        person_id: PersonId,
        /// Where the order is kept.
        order_reference: ShortText,
    }
    defaulted {}
    optional {
        /// The sections; all, if left out.
        sections: Vec<Section>,
        /// The first day; today if left out.
        valid_from: NaiveDate,
        /// The day on which it is lifted.
        valid_to: NaiveDate,
    }
    example {
        "studentId": crate::wire_example_id(),
        "personId": crate::wire_example_id(),
        "orderReference": "Order 2026-117, custodian's safe",
        "sections": ["S1b", "S8"],
        "validFrom": "2026-08-15"
    }
    check |new| {
        let mut invalid = Invalid::default();
        period_faults(new.valid_from, new.valid_to, &mut invalid);
        invalid
    }
}

crate::change! {
    /// A change to an order: what is absent stays, null clears.
    RestrictionPatch
    required {
        /// Where the order is kept.
        order_reference: ShortText,
    }
    optional {
        /// The sections; null: all.
        sections: Vec<Section>,
        /// The day on which it is lifted.
        valid_to: NaiveDate,
    }
    example { "validTo": "2027-06-30" }
}

impl Restriction {
    /// Rules across the members after a change.
    pub fn check(&self, patch: &RestrictionPatch) -> Invalid {
        let mut invalid = Invalid::default();
        period_faults(Some(self.valid_from), patch.valid_to.after(self.valid_to.as_ref()).copied(), &mut invalid);
        invalid
    }
}
