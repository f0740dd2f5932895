//! Two records of one source that may be one person, because the source calls somebody otherwise than before.

use chrono::{DateTime, Utc};

use crate::id::{PersonId, PotentialDuplicateId};

crate::words! {
    /// What two records have in common.
    DuplicateReason {
        /// The identifier that the state gives.
        SameStateId = "sameStateId",
        /// The identifier that the district gives a student; and a name or the birth date.
        SameLocalId = "sameLocalId",
        /// The email address and the given name.
        SameEmail = "sameEmail",
        /// Both names, the birth date and the school.
        SameNameBirthDateSchool = "sameNameBirthDateSchool",
        /// Both names, and a guardian: the same record, or one with the same email address.
        SameNameGuardian = "sameNameGuardian",
    }
}

crate::view! {
    /// Two records that may be one person. Its `keepId` and `mergeId` are the body of `POST /v1/person-merges/preview`. It leaves this list when one of
    /// the two is merged, and comes back when that is undone.
    PotentialDuplicate
    required {
        /// The id.
        id: PotentialDuplicateId,
        /// The record to keep: the later one, unless only the earlier one is active.
        keep_id: PersonId,
        /// The other one.
        merge_id: PersonId,
        /// The system that names both.
        source: String,
        /// What it calls the record to keep.
        keep_sourced_id: String,
        /// What it calls the other one.
        merge_sourced_id: String,
        /// What the two have in common.
        reasons: Vec<DuplicateReason>,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When a load found them.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {
        /// When a custodian said that they are two people.
        dismissed_at: DateTime<Utc>,
    }
    example {
        "id": crate::wire_example_id(),
        "keepId": crate::wire_example_id(),
        "mergeId": "01920000-0000-7000-8000-000000000002",
        "source": "sis",
        "keepSourcedId": "student-88121",
        "mergeSourcedId": "10412",
        "reasons": ["sameStateId", "sameNameBirthDateSchool"],
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z"
    }
}
