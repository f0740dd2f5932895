//! Two records that are one person: what becomes of them, and what stands in the way.

use serde::{Deserialize, Serialize};

use crate::id::PersonId;
use crate::invalid::Invalid;

crate::body! {
    /// Two records that are one person.
    NewPersonMerge
    required {
        /// The record that stays.
        keep_id: PersonId,
        /// The record that is made one with it, and is inactive from then on.
        merge_id: PersonId,
    }
    defaulted {}
    optional {}
    example { "keepId": crate::wire_example_id(), "mergeId": "01920000-0000-7000-8000-000000000002" }
    check |new| {
        if new.keep_id != new.merge_id { return Invalid::default(); }
        Invalid::one("/mergeId", "same_person", "Must be another record than keepId.")
    }
}

/// What a merge changes, or would.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct MergeReport {
    /// Records that move to the kept person, kind by kind.
    pub moved: Vec<MovedRecords>,
    /// Guardian links that count again only when a custodian has confirmed them.
    pub guardian_links_unconfirmed: i64,
    /// Assignments that count again only when a custodian has confirmed them.
    pub assignments_unconfirmed: i64,
    /// Logins that are nobody's until a custodian links them again.
    pub logins_unlinked: i64,
    /// What does not agree between the two records: `twoFiles`, `birthDatesDiffer`, `stateIdsDiffer`, `loginsOfOneIssuer`, `guardianRightsDiffer`.
    pub conflicts: Vec<String>,
}

/// How many records of a kind move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct MovedRecords {
    /// The kind, as the feed calls it; `externalIdentifier` for what other systems call the person.
    pub kind: String,
    /// How many.
    pub count: i64,
}
