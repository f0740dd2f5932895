//! The state collection "ILP status": what the state agency is told of a student under its agreement with the district, and nothing
//! else (L19). No name, no narrative.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::goal::PlanKind;
use crate::id::{SchoolId, StudentId};

/// Where a student's plan stands. Computed from the file, never entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct IlpStatus {
    /// The student's id in this service.
    pub student_id: StudentId,
    /// The student id that the state gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_student_id: Option<String>,
    /// The student id that the district gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_student_id: Option<String>,
    /// The school that the student attends today, by the role in force; absent between two roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub school_id: Option<SchoolId>,
    /// That school's identifier, as the roster has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub school_identifier: Option<String>,
    /// The grade, as OneRoster and CEDS code it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// Whether an ILP file exists.
    pub file_exists: bool,
    /// The goals in the plan that were neither cancelled nor entered in error.
    pub goals: GoalCounts,
    /// What the plan is by its objectives (R88); absent without a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_kind: Option<PlanKind>,
    /// When something in the plan last changed: the plan itself, a goal, or what belongs to a goal; not a proposal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_changed_at: Option<DateTime<Utc>>,
    /// True once the student has left the district or is gone from its records. Then only the ids are told: what was kept of the
    /// student is to be deleted.
    pub removed: bool,
}

/// Goals per domain (R162).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct GoalCounts {
    /// Academic goals.
    pub academic: i32,
    /// Career goals.
    pub career: i32,
    /// Personal and social goals.
    pub personal_social: i32,
}
