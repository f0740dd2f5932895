//! Alarms: somebody read more than is usual, or wanted more than is allowed (access.md 7.5). They count and name no student.

use chrono::{DateTime, Utc};

use crate::id::{AlarmId, ClientId, PersonId};
use crate::plain::no_rules;
use crate::text::{LongText, ShortText};

crate::words! {
    /// What an alarm is about.
    AlarmKind {
        /// Far more students' files within an hour than in any hour of the last 28 days.
        UnusualVolume = "unusualVolume",
        /// More students' files within an hour than are allowed: the rest was refused.
        FileCap = "fileCap",
        /// More exports within a day than are allowed: the rest was refused.
        ExportCap = "exportCap",
    }
}

crate::view! {
    /// An alarm: who read how much, when. There is one for each caller, hour and kind; while nobody has reviewed it, its count follows what is read on.
    Alarm
    required {
        /// The id.
        id: AlarmId,
        /// What it is about.
        kind: AlarmKind,
        /// The hour, by its beginning.
        hour: DateTime<Utc>,
        /// The operation; where there were several, the most frequent one.
        operation: ShortText,
        /// How many students' files were opened within the hour, or how many exports were made within the day.
        count: i32,
        /// What was met or exceeded: the cap, or what is usual.
        threshold: i32,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was raised.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {
        /// The person who read.
        person_id: PersonId,
        /// The client that read. With neither, all of the district together did.
        client_id: ClientId,
        /// When it was reviewed.
        reviewed_at: DateTime<Utc>,
        /// Who reviewed it.
        reviewed_by: PersonId,
        /// What came of the review.
        note: LongText,
    }
    example {
        "id": crate::wire_example_id(),
        "kind": "unusualVolume",
        "hour": "2026-10-15T15:00:00Z",
        "operation": "read_student_ilp_file",
        "count": 240,
        "threshold": 100,
        "personId": crate::wire_example_id(),
        "version": 1,
        "createdAt": "2026-10-15T15:42:00Z",
        "updatedAt": "2026-10-15T15:42:00Z"
    }
}

crate::body! {
    /// The review of an alarm.
    AlarmReview
    required {
        /// What came of it: how the reading is explained, or what was done.
        note: LongText,
    }
    defaulted {}
    optional {}
    example { "note": "She prepared the conferences of the whole grade." }
    check no_rules
}
