//! A proposal: any participant may suggest a goal, or a change of one (R47). It waits for the student in grades 9 to 12, and
//! for the gatekeeper otherwise.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};

use crate::access::{Action, Section, section_of_domain};
use crate::field::Members;
use crate::goal::{GoalPatch, NewGoal};
use crate::id::{GoalId, IlpFileId, PersonId, PlanId, ProposalId, StudentId};
use crate::invalid::Invalid;
use crate::noun::{Body, Sectioned};
use crate::plan_domain::PlanDomain;
use crate::text::LongText;

crate::words! {
    /// Where a proposal stands.
    ProposalStatus {
        /// It waits for a decision.
        Open = "open",
        /// It was accepted and has taken effect.
        Accepted = "accepted",
        /// It was declined.
        Declined = "declined",
        /// Its author took it back.
        Withdrawn = "withdrawn",
    }
}

/// A suggestion of a goal, new or changed (R47).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Proposal {
    /// The id.
    #[cfg_attr(feature = "wire", schema(value_type = uuid::Uuid))]
    pub id: ProposalId,
    /// The ILP file.
    #[cfg_attr(feature = "wire", schema(value_type = uuid::Uuid))]
    pub file_id: IlpFileId,
    /// The plan.
    #[cfg_attr(feature = "wire", schema(value_type = uuid::Uuid))]
    pub plan_id: PlanId,
    /// The student.
    #[cfg_attr(feature = "wire", schema(value_type = uuid::Uuid))]
    pub student_id: StudentId,
    /// The domain of the goal.
    pub domain: PlanDomain,
    /// The goal to be changed; absent if a new one is proposed. Once a new one is accepted, the goal that it became.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(value_type = Option<uuid::Uuid>, nullable = false))]
    pub goal_id: Option<GoalId>,
    /// The version of the goal that the change was proposed for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub goal_version: Option<i32>,
    /// The goal that is proposed (as `NewGoal`), or the change (as `GoalPatch`).
    #[cfg_attr(feature = "wire", schema(value_type = std::collections::HashMap<String, serde_json::Value>))]
    pub content: Value,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub reason: Option<LongText>,
    /// Where it stands.
    pub status: ProposalStatus,
    /// Who decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(value_type = Option<uuid::Uuid>, nullable = false))]
    pub decided_by: Option<PersonId>,
    /// When it was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was decided so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub decision_reason: Option<LongText>,
    /// Who proposed it.
    #[cfg_attr(feature = "wire", schema(value_type = uuid::Uuid))]
    pub created_by: PersonId,
    /// The version, from 1. It is the entity tag.
    pub version: i32,
    /// When it was proposed.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Sectioned for Proposal {
    fn section(&self) -> Section {
        section_of_domain(self.domain)
    }
    fn student_id(&self) -> StudentId {
        self.student_id
    }
    fn author(&self) -> Option<PersonId> {
        Some(self.created_by)
    }
    fn goal_id(&self) -> Option<GoalId> {
        self.goal_id
    }
    fn offers() -> &'static [Action] {
        &[Action::Decide]
    }
}

/// A new goal that is proposed.
#[derive(Clone, Debug, PartialEq)]
pub struct NewProposal {
    /// The goal.
    pub goal: NewGoal,
    /// The goal as it was sent.
    pub content: Value,
    /// Why.
    pub reason: Option<LongText>,
}

/// A change of a goal that is proposed.
#[derive(Clone, Debug, PartialEq)]
pub struct NewChangeProposal {
    /// The change.
    pub change: GoalPatch,
    /// The change as it was sent.
    pub content: Value,
    /// Why.
    pub reason: Option<LongText>,
}

/// A body inside a body, with the member's name before its pointers.
struct Nested<B>(B, Value);

impl<B: Body> crate::field::Field for Nested<B> {
    fn read(value: &Value) -> Result<Self, Invalid> {
        Ok(Self(B::read(value.clone())?, value.clone()))
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::Ref::from_schema_name(B::NAME).into()
    }
    #[cfg(feature = "wire")]
    fn schemas(named: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {
        let schema = B::schema(named);
        named.push((B::NAME.to_owned(), schema.into()));
    }
}

impl Body for NewProposal {
    const NAME: &'static str = "NewProposal";
    fn read(body: Value) -> Result<Self, Invalid> {
        let mut members = Members::of(body)?;
        let goal = members.required::<Nested<NewGoal>>("goal");
        let reason = members.optional("reason");
        members.finish()?;
        let Some(Nested(goal, content)) = goal else { return Err(Invalid::one("/goal", "missing", "This member is required.")) };
        Ok(Self { goal, content, reason })
    }
    fn example() -> Value {
        json!({ "goal": NewGoal::example(), "reason": "You liked biology this year." })
    }
    #[cfg(feature = "wire")]
    fn schema(named: &mut crate::wire::Named) -> utoipa::openapi::schema::Object {
        let object = crate::wire::object("A goal that is proposed to the student.");
        let object = crate::wire::member::<Nested<NewGoal>>(object, "goal", "The goal.", true, false, named);
        crate::wire::member::<LongText>(object, "reason", "Why.", false, true, named)
    }
}

impl Body for NewChangeProposal {
    const NAME: &'static str = "NewChangeProposal";
    fn read(body: Value) -> Result<Self, Invalid> {
        let mut members = Members::of(body)?;
        let change = members.required::<Nested<GoalPatch>>("change");
        let reason = members.optional("reason");
        members.finish()?;
        let Some(Nested(change, content)) = change else { return Err(Invalid::one("/change", "missing", "This member is required.")) };
        Ok(Self { change, content, reason })
    }
    fn example() -> Value {
        json!({ "change": { "targetOn": "2028-06-01" }, "reason": "A year earlier is within reach." })
    }
    #[cfg(feature = "wire")]
    fn schema(named: &mut crate::wire::Named) -> utoipa::openapi::schema::Object {
        let object = crate::wire::object("A change of a goal that is proposed.");
        let object = crate::wire::member::<Nested<GoalPatch>>(object, "change", "The change.", true, false, named);
        crate::wire::member::<LongText>(object, "reason", "Why.", false, true, named)
    }
}

crate::words! {
    /// What is decided about a proposal.
    Verdict {
        /// It takes effect.
        Accept = "accept",
        /// It does not.
        Decline = "decline",
    }
}

/// A decision about a proposal.
#[derive(Clone, Debug, PartialEq)]
pub struct Decide {
    /// What is decided.
    pub verdict: Verdict,
    /// Why.
    pub reason: Option<LongText>,
}

impl Body for Decide {
    const NAME: &'static str = "ProposalDecision";
    fn read(body: Value) -> Result<Self, Invalid> {
        let mut members = Members::of(body)?;
        let (verdict, reason) = (members.required("verdict"), members.optional("reason"));
        members.finish()?;
        let Some(verdict) = verdict else { return Err(Invalid::one("/verdict", "missing", "This member is required.")) };
        Ok(Self { verdict, reason })
    }
    fn example() -> Value {
        json!({ "verdict": "accept", "reason": "Good idea." })
    }
    #[cfg(feature = "wire")]
    fn schema(named: &mut crate::wire::Named) -> utoipa::openapi::schema::Object {
        let object = crate::wire::object("A decision about a proposal.");
        let object = crate::wire::member::<Verdict>(object, "verdict", "What is decided.", true, false, named);
        crate::wire::member::<LongText>(object, "reason", "Why.", false, true, named)
    }
}

/// What a proposal needs so that it can be stored.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// The domain of the goal.
    pub domain: PlanDomain,
    /// The goal and its version, if one is to be changed.
    pub goal: Option<(GoalId, i32)>,
    /// The goal or the change as it was sent.
    pub content: Value,
    /// Why.
    pub reason: Option<LongText>,
}
