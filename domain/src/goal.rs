//! A goal of the plan (R162, R167, R174): what the student wants to reach, in one of three domains.
//!
//! The domain never changes: it decides who may read the goal and all that belongs to it. A goal in another domain is
//! another goal.

use chrono::NaiveDate;

use crate::access::{Action, Section, section_of_domain};
use crate::framework::Framework;
use crate::id::{GoalId, PersonId, PlanId, StudentId};
use crate::invalid::Invalid;
use crate::noun::{Rules, Sectioned};
use crate::plan_domain::PlanDomain;
use crate::text::{LongText, ShortText};

crate::words! {
    /// The key component of the framework that a goal belongs to (R167, R174 to R193).
    Component {
        /// Secondary coursework (R174).
        SecondaryCoursework = "secondaryCoursework",
        /// Postsecondary and career planning (R180).
        PostsecondaryAndCareerPlanning = "postsecondaryAndCareerPlanning",
        /// Career exploration (R188).
        CareerExploration = "careerExploration",
        /// Self-awareness (R190).
        SelfAwareness = "selfAwareness",
        /// Applied learning skill development (R193).
        AppliedLearningSkills = "appliedLearningSkills",
    }
}

crate::words! {
    /// What a goal aims at. A plan with occupational and postsecondary objectives is a PCCR (R88).
    ObjectiveKind {
        /// An occupation.
        Occupational = "occupational",
        /// Education or training after high school.
        Postsecondary = "postsecondary",
        /// Anything else.
        Other = "other",
    }
}

crate::words! {
    /// Where a goal stands in its life, apart from how far it is reached.
    LifecycleStatus {
        /// Written down, not yet begun.
        Proposed = "proposed",
        /// Being worked on.
        Active = "active",
        /// Set aside for now.
        OnHold = "onHold",
        /// Finished.
        Completed = "completed",
        /// Given up.
        Cancelled = "cancelled",
    }
}

crate::words! {
    /// How far a goal is reached (R110).
    AchievementStatus {
        /// Nothing yet.
        NotStarted = "notStarted",
        /// Some of it.
        InProgress = "inProgress",
        /// Getting better.
        Improving = "improving",
        /// Reached.
        Achieved = "achieved",
        /// Not reached.
        NotAchieved = "notAchieved",
    }
}

crate::noun! {
    /// A goal of the student's plan.
    Goal, NewGoal, GoalPatch (GoalId, Goal)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student whose plan it is.
        student_id: StudentId,
    }
    fixed {
        /// The domain (R162). It decides who may read the goal, so it never changes.
        domain: PlanDomain,
    }
    required {
        /// The goal in one line.
        title: ShortText,
    }
    defaulted {
        /// What the goal aims at (R88).
        objective_kind: ObjectiveKind = ObjectiveKind::Other,
        /// Where the goal stands in its life.
        lifecycle_status: LifecycleStatus = LifecycleStatus::Active,
        /// How far it is reached.
        achievement_status: AchievementStatus = AchievementStatus::NotStarted,
        /// True if it exceeds the means of the school. That never blocks it (R91).
        beyond_school_means: bool = false,
    }
    optional {
        /// The goal in full.
        description: LongText,
        /// The key component (R167).
        component: Component,
        /// The edition of the standards framework, such as `asca-2004`, or the identifier of the CASE document of one that was imported. Comes with
        /// `standardItem`.
        standard_framework: ShortText,
        /// The item of that edition, such as `A:A`: its code, or its identifier.
        standard_item: ShortText,
        /// The day by which it is to be reached.
        target_on: NaiveDate,
    }
    example {
        "domain": "career",
        "title": "Become a nurse",
        "objectiveKind": "occupational",
        "lifecycleStatus": "active",
        "achievementStatus": "notStarted",
        "beyondSchoolMeans": false,
        "description": "Find out what nurses do, and which courses lead there.",
        "component": "careerExploration",
        "standardFramework": "asca-2004",
        "standardItem": "C:A",
        "targetOn": "2029-06-01"
    }
}

impl Sectioned for Goal {
    fn section(&self) -> Section {
        section_of_domain(self.domain)
    }
    fn student_id(&self) -> StudentId {
        self.student_id
    }
    /// Nobody's own: who set a goal decides nothing about it. To comment on a goal and to suggest a change of it are to add something beneath, and whoever may
    /// do that is told so in `allowedActions`.
    fn author(&self) -> Option<PersonId> {
        None
    }
    fn goal_id(&self) -> Option<GoalId> {
        Some(self.id)
    }
    fn offers() -> &'static [Action] {
        &[Action::Comment, Action::Propose, Action::Decide]
    }
}

impl Rules for Goal {
    fn new_section(new: &NewGoal) -> Option<Section> {
        Some(section_of_domain(new.domain))
    }
    fn faults(new: &NewGoal) -> Invalid {
        let mut invalid = Invalid::default();
        standard_faults(new.standard_framework.as_ref(), new.standard_item.as_ref(), &mut invalid);
        invalid
    }
}

/// A standard is a framework's edition and an item of it: the same code means another thing in another edition.
fn standard_faults(framework: Option<&ShortText>, item: Option<&ShortText>, invalid: &mut Invalid) {
    match (framework, item) {
        (None, None) => {}
        (Some(_), None) => invalid.push("/standardItem", "missing", "A framework needs an item."),
        (None, Some(_)) => invalid.push("/standardFramework", "missing", "An item needs the edition of its framework."),
        (Some(framework), Some(item)) => match Framework::find(framework.as_str()) {
            // One that was imported goes by the identifier of its document: what it has, the database knows.
            None if uuid::Uuid::try_parse(framework.as_str()).is_ok() => {}
            None => invalid.push("/standardFramework", "unknown_framework", format!("Known editions: {}.", Framework::editions())),
            Some(framework) if framework.item(item.as_str()).is_none() => {
                invalid.push("/standardItem", "unknown_item", "This edition has no such item.");
            }
            Some(_) => {}
        },
    }
}

/// What a plan is (R88).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Objectives {
    /// A goal with an occupational objective is in it.
    pub occupational: bool,
    /// A goal with a postsecondary objective is in it.
    pub postsecondary: bool,
}

crate::words! {
    /// What a plan is, derived from the objectives in it (R88).
    PlanKind {
        /// An Individual Learning Plan.
        Ilp = "ilp",
        /// A Plan for College and Career Readiness.
        Pccr = "pccr",
    }
}

impl PlanKind {
    /// An ILP becomes a PCCR when occupational and postsecondary objectives are both in it (R88).
    pub fn of(objectives: Objectives) -> Self {
        if objectives.occupational && objectives.postsecondary { Self::Pccr } else { Self::Ilp }
    }

    /// What the goals of a plan make of it. A goal that was cancelled or entered in error does not count.
    pub fn of_goals<'a>(goals: impl Iterator<Item = &'a Goal> + Clone) -> Self {
        let has = |kind| goals.clone().any(|g| g.objective_kind == kind && g.lifecycle_status != LifecycleStatus::Cancelled && !g.entered_in_error);
        Self::of(Objectives { occupational: has(ObjectiveKind::Occupational), postsecondary: has(ObjectiveKind::Postsecondary) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::Body;
    use serde_json::json;

    #[test]
    fn every_fault_of_a_new_goal_is_named_with_its_pointer() {
        let Err(invalid) = NewGoal::read(json!({ "domain": "sports", "title": " ", "targetOn": "31.5.2027", "colour": 1 })) else {
            panic!("accepted")
        };
        let pointers: Vec<_> = invalid.0.iter().map(|f| f.pointer.as_str()).collect();
        assert_eq!(pointers, ["/domain", "/title", "/targetOn", "/colour"]);
    }

    #[test]
    fn a_standard_is_an_edition_and_an_item() {
        let goal = |framework: &str, item: &str| {
            NewGoal::read(json!({ "domain": "academic", "title": "t", "standardFramework": framework, "standardItem": item }))
        };
        assert!(goal("asca-2004", "A:A").is_ok());
        assert!(goal("asca-2004", "M 1").is_err());
        assert!(goal("unknown", "A:A").is_err());
    }

    #[test]
    fn r91_an_objective_beyond_the_means_of_the_school_is_accepted() {
        assert!(NewGoal::read(json!({ "domain": "career", "title": "Fly to Mars", "beyondSchoolMeans": true })).is_ok());
    }

    #[test]
    fn r88_an_ilp_with_occupational_and_postsecondary_objectives_is_a_pccr() {
        assert_eq!(PlanKind::of(Objectives { occupational: true, postsecondary: true }), PlanKind::Pccr);
        assert_eq!(PlanKind::of(Objectives { occupational: true, postsecondary: false }), PlanKind::Ilp);
    }

    #[test]
    fn the_example_is_accepted() {
        assert!(NewGoal::read(NewGoal::example()).is_ok());
    }
}
