//! What stands in the plans of the made-up district: who wrote which goal when, what came of it, and what others suggested.
//!
//! A script is made from the seed and the student alone. Times are parts of a period, so that it can be played into any.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use openilp_domain::activity::NewActivity;
use openilp_domain::benchmark::NewBenchmark;
use openilp_domain::goal::{GoalPatch, NewGoal, ObjectiveKind};
use openilp_domain::invalid::Invalid;
use openilp_domain::noun::Body;
use openilp_domain::plan_domain::PlanDomain;
use openilp_domain::progress_record::NewProgressRecord;
use openilp_domain::proposal::{Decide, NewProposal};
use openilp_domain::recommendation::NewRecommendation;
use openilp_domain::reflection::NewReflection;
use serde_json::{Value, json};

use super::goals::{GOALS, Template, Until};
use super::random::{About, Random};

/// How far a plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Stage {
    /// Nothing in it yet.
    Empty,
    /// A goal or two, just begun.
    Begun,
    /// Goals in several domains, with progress.
    Underway,
    /// Occupational and postsecondary objectives: a PCCR (R88).
    Pccr,
    /// A goal reached.
    Completed,
    /// A goal set aside.
    OnHold,
    /// A goal that should not have been written.
    EnteredInError,
}

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Author {
    Student,
    Guardian,
    Gatekeeper,
}

/// The part of the period that has passed, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(u16);

/// The period that scripts are played into.
#[derive(Clone, Copy, Debug)]
pub struct Period {
    /// Its start.
    pub from: DateTime<Utc>,
    /// Its end.
    pub to: DateTime<Utc>,
    /// The school year that it is in.
    pub school_year: i32,
}

impl Period {
    /// The instant of a moment.
    pub fn at(&self, moment: Moment) -> DateTime<Utc> {
        self.from + (self.to - self.from) * i32::from(moment.0) / 1_000
    }

    /// The day of a moment.
    pub fn day(&self, moment: Moment) -> NaiveDate {
        self.at(moment).date_naive()
    }

    /// The end of school in the year so many years on.
    fn end_of_school(&self, years: i32) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.school_year + years, 6, 15).unwrap_or_default()
    }
}

/// What is written beneath a goal, or what the goal becomes.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum Entry {
    Activity(NewActivity),
    Benchmark(NewBenchmark),
    Progress(NewProgressRecord),
    Reflection(NewReflection),
    Recommendation(NewRecommendation),
    Amend(GoalPatch),
}

/// An entry, and who writes it when.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct Act {
    pub at: Moment,
    pub by: Author,
    pub entry: Entry,
}

/// A goal and what follows, in order of time.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct GoalScript {
    pub at: Moment,
    pub by: Author,
    pub new: NewGoal,
    pub acts: Vec<Act>,
}

/// A goal that somebody suggests (R47).
#[derive(Debug)]
#[allow(missing_docs)]
pub struct ProposalScript {
    pub at: Moment,
    pub by: Author,
    pub new: NewProposal,
    /// When and how it is decided; it may still be open.
    pub decided: Option<(Moment, Decide)>,
}

/// A plan.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct PlanScript {
    pub stage: Stage,
    pub goals: Vec<GoalScript>,
    pub proposals: Vec<ProposalScript>,
}

/// The plan of the student with this number in the grade. An error names a goal that the domain would refuse, which a test rules out.
pub fn plan_for(seed: u64, number: usize, grade: u8, period: &Period) -> Result<PlanScript, Invalid> {
    let mut random = Random::new(seed, About::Plan, number);
    let stage = stage(&mut random, grade);
    let wanted: &[fn(&Template) -> bool] = match stage {
        Stage::Empty => &[],
        Stage::Begun => &[|_| true],
        Stage::Underway | Stage::OnHold => &[|goal| goal.domain == PlanDomain::Academic, |goal| goal.domain == PlanDomain::Career],
        Stage::Completed | Stage::EnteredInError => &[|goal| goal.domain == PlanDomain::Academic, |goal| goal.domain != PlanDomain::Academic],
        Stage::Pccr => &[
            |goal| goal.objective == ObjectiveKind::Occupational,
            |goal| goal.objective == ObjectiveKind::Postsecondary,
            |goal| goal.domain == PlanDomain::Academic && goal.objective == ObjectiveKind::Other,
            |goal| goal.domain == PlanDomain::PersonalSocial,
        ],
    };
    let mut chosen: Vec<&Template> = vec![];
    for wants in wanted {
        let open: Vec<&Template> =
            GOALS.iter().filter(|goal| suits(goal, grade) && wants(goal) && !chosen.iter().any(|one| one.title == goal.title)).collect();
        chosen.extend(random.pick(&open));
    }
    let count = chosen.len();
    let goals: Result<Vec<GoalScript>, Invalid> = chosen
        .iter()
        .enumerate()
        .map(|(place, template)| {
            // The last goal of a plan is the one that the stage is about.
            let stage = if place + 1 == count { stage } else { Stage::Underway };
            goal(&mut random, template, stage, grade, period)
        })
        .collect();
    let proposals = if random.percent(30) { proposal(&mut random, &chosen, grade, period)?.into_iter().collect() } else { vec![] };
    Ok(PlanScript { stage, goals: goals?, proposals })
}

fn stage(random: &mut Random, grade: u8) -> Stage {
    match random.below(100) {
        0..=17 => Stage::Empty,
        18..=37 => Stage::Begun,
        38..=57 => Stage::Underway,
        58..=79 if grade >= 9 => Stage::Pccr,
        58..=79 => Stage::Underway,
        80..=88 => Stage::Completed,
        89..=94 => Stage::OnHold,
        _ => Stage::EnteredInError,
    }
}

fn suits(goal: &Template, grade: u8) -> bool {
    (goal.grades.0..=goal.grades.1).contains(&grade)
}

/// Who writes about a goal: never the gatekeeper in personal and social matters, and a family only below grade 9.
fn author(random: &mut Random, domain: PlanDomain, grade: u8) -> Author {
    match random.below(10) {
        0 | 1 if domain != PlanDomain::PersonalSocial => Author::Gatekeeper,
        2 if domain != PlanDomain::PersonalSocial && grade < 9 => Author::Guardian,
        _ => Author::Student,
    }
}

/// Moments in order, from one on: each call gives a later one.
pub struct Clock(u16);

impl Clock {
    /// From the start of the period on.
    pub const fn start() -> Self {
        Self(0)
    }

    /// The next one.
    pub fn next(&mut self, random: &mut Random) -> Moment {
        let step = u16::try_from(random.below(90)).unwrap_or_default() + 15;
        self.0 = (self.0 + step).min(995);
        Moment(self.0)
    }
}

fn new_goal(template: &Template, grade: u8, period: &Period) -> Value {
    let years = if template.until == Until::Graduation { 12 - i32::from(grade) } else { 0 };
    json!({
        "domain": template.domain.word(),
        "title": template.title,
        "description": template.description,
        "objectiveKind": template.objective.word(),
        "lifecycleStatus": "active",
        "achievementStatus": "notStarted",
        "beyondSchoolMeans": template.beyond_school_means,
        "component": template.component.word(),
        "standardFramework": template.standard.0,
        "standardItem": template.standard.1,
        "targetOn": period.end_of_school(years),
    })
}

fn goal(random: &mut Random, template: &Template, stage: Stage, grade: u8, period: &Period) -> Result<GoalScript, Invalid> {
    let mut clock = Clock(u16::try_from(random.below(300)).unwrap_or_default());
    let at = clock.next(random);
    let by = author(random, template.domain, grade);
    let mut acts = vec![];
    let begun = matches!(stage, Stage::Begun | Stage::EnteredInError);
    for (provider, title) in template.activities.iter().take(if begun { 1 } else { 3 }) {
        let at = clock.next(random);
        let status = if stage == Stage::Completed {
            "done"
        } else if random.percent(40) {
            "planned"
        } else {
            "underway"
        };
        let starts = period.day(at) + TimeDelta::days(7);
        let new = NewActivity::read(
            json!({ "title": title, "provider": provider.word(), "status": status, "startsOn": starts, "endsOn": period.end_of_school(0).max(starts) }),
        )?;
        acts.push(Act { at, by: author(random, template.domain, grade), entry: Entry::Activity(new) });
    }
    if !begun {
        for (years, description) in (0..).zip(template.benchmarks).take_while(|(years, _)| i32::from(grade) + *years <= 12) {
            let new = NewBenchmark::read(json!({ "schoolYear": period.school_year + years, "description": description }))?;
            acts.push(Act { at: clock.next(random), by: Author::Student, entry: Entry::Benchmark(new) });
        }
        for (kind, summary, score) in template.progress {
            let at = clock.next(random);
            let score = if score.is_empty() { Value::Null } else { Value::from(*score) };
            let mut new = json!({ "kind": kind.word(), "recordedOn": period.day(at), "summary": summary });
            if let (Some(members), false) = (new.as_object_mut(), score.is_null()) {
                members.insert("score".into(), score);
            }
            acts.push(Act { at, by: author(random, template.domain, grade), entry: Entry::Progress(NewProgressRecord::read(new)?) });
        }
        if stage != Stage::OnHold && random.percent(60) {
            let new = NewReflection::read(json!({ "body": template.reflection }))?;
            acts.push(Act { at: clock.next(random), by: Author::Student, entry: Entry::Reflection(new) });
        }
        let advice: Vec<_> = ADVICE.iter().filter(|(domain, ..)| *domain == template.domain).collect();
        if let Some((_, kind, title, advice)) = random.pick(&advice).filter(|_| random.percent(50)) {
            let new = NewRecommendation::read(json!({ "kind": kind, "title": title, "advice": advice }))?;
            acts.push(Act { at: clock.next(random), by: Author::Gatekeeper, entry: Entry::Recommendation(new) });
        }
    }
    let becomes = match stage {
        Stage::Underway | Stage::Pccr => Some(json!({ "achievementStatus": if random.percent(40) { "improving" } else { "inProgress" } })),
        Stage::Completed => Some(json!({ "lifecycleStatus": "completed", "achievementStatus": "achieved" })),
        Stage::OnHold => Some(json!({ "lifecycleStatus": "onHold" })),
        Stage::EnteredInError => Some(json!({ "enteredInError": true })),
        Stage::Empty | Stage::Begun => None,
    };
    if let Some(becomes) = becomes {
        acts.push(Act { at: clock.next(random), by, entry: Entry::Amend(GoalPatch::read(becomes)?) });
    }
    Ok(GoalScript { at, by, new: NewGoal::read(new_goal(template, grade, period))?, acts })
}

/// What counselors advise toward goals of a domain (R69). Nobody advises in personal and social matters.
const ADVICE: &[(PlanDomain, &str, &str, &str)] = &[
    (PlanDomain::Academic, "coursework", "Take the laboratory section", "It meets on Tuesdays and counts half a credit."),
    (PlanDomain::Academic, "support", "Come to the study hall once a week", "Two of your classes have a teacher there."),
    (
        PlanDomain::Career,
        "internship",
        "Ask at the county laboratory before winter",
        "They take two students each spring, and fill the places early.",
    ),
    (PlanDomain::Career, "careerExploration", "Shadow somebody for a day", "The career center has the list of who takes students along."),
];

/// Why families and counselors suggest something.
const REASONS: &[&str] = &[
    "We talked about it at home, and it would suit.",
    "It came up at the conference.",
    "There are places free until the end of the month.",
    "It fits what the plan already says.",
];

/// Why a suggestion is not taken up.
const REFUSALS: &[&str] = &["Not this year.", "I would rather finish what I have begun.", "It is the same as the goal that is there already."];

fn proposal(random: &mut Random, taken: &[&Template], grade: u8, period: &Period) -> Result<Option<ProposalScript>, Invalid> {
    let open: Vec<&Template> = GOALS
        .iter()
        .filter(|goal| suits(goal, grade) && goal.domain != PlanDomain::PersonalSocial && !taken.iter().any(|one| one.title == goal.title))
        .collect();
    let Some(template) = random.pick(&open) else { return Ok(None) };
    let mut clock = Clock(500);
    let (at, decided_at) = (clock.next(random), clock.next(random));
    // Below grade 9 the gatekeeper decides, and so does not suggest.
    let by = if grade < 9 || random.percent(60) { Author::Guardian } else { Author::Gatekeeper };
    let decision = match random.below(5) {
        0 | 1 => None,
        2 | 3 => Some(Decide::read(json!({ "verdict": "accept" }))?),
        _ => Some(Decide::read(json!({ "verdict": "decline", "reason": random.word(REFUSALS) }))?),
    };
    let new = NewProposal::read(json!({ "goal": new_goal(template, grade, period), "reason": random.word(REASONS) }))?;
    Ok(Some(ProposalScript { at, by, new, decided: decision.map(|decision| (decided_at, decision)) }))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use openilp_domain::goal::Goal;
    use openilp_domain::noun::Noun;
    use openilp_domain::proposal::Verdict;

    use super::*;
    use crate::synthetic::goals::IN_SPANISH;

    fn period() -> Period {
        Period { from: "2026-09-07T13:00:00Z".parse().unwrap(), to: "2026-11-21T15:00:00Z".parse().unwrap(), school_year: 2027 }
    }

    fn plans(grade: u8) -> Vec<PlanScript> {
        (0..400).map(|number| plan_for(1, number, grade, &period()).unwrap()).collect()
    }

    #[test]
    fn every_goal_and_all_beneath_it_is_accepted_by_the_domain() {
        for grade in 6..=12 {
            for plan in plans(grade) {
                for goal in &plan.goals {
                    assert!(Goal::check_new(&goal.new).0.is_empty());
                }
            }
        }
    }

    #[test]
    fn plans_are_at_every_stage_and_a_pccr_has_both_objectives() {
        let mut stages: BTreeMap<Stage, usize> = BTreeMap::new();
        for plan in plans(11) {
            *stages.entry(plan.stage).or_default() += 1;
            let has = |kind| plan.goals.iter().any(|goal| goal.new.objective_kind == kind);
            if plan.stage == Stage::Pccr {
                assert!(has(ObjectiveKind::Occupational) && has(ObjectiveKind::Postsecondary));
            }
            assert_eq!(plan.stage == Stage::Empty, plan.goals.is_empty());
        }
        assert_eq!(stages.len(), 7, "{stages:?}");
        assert!(stages.values().all(|count| *count >= 10), "{stages:?}");
        let plans = plans(11);
        let proposals = || plans.iter().flat_map(|plan| &plan.proposals);
        let decided = |verdict| proposals().any(|one| one.decided.as_ref().is_some_and(|(_, decision)| decision.verdict == verdict));
        assert!(decided(Verdict::Accept) && decided(Verdict::Decline) && proposals().any(|one| one.decided.is_none()));
    }

    #[test]
    fn what_follows_a_goal_comes_later_and_within_the_period() {
        for plan in plans(10) {
            for goal in plan.goals {
                let times: Vec<Moment> = std::iter::once(goal.at).chain(goal.acts.iter().map(|act| act.at)).collect();
                assert!(times.is_sorted() && times.iter().all(|time| period().at(*time) < period().to));
            }
        }
    }

    #[test]
    fn what_is_called_something_in_spanish_is_a_goal() {
        assert!(IN_SPANISH.iter().all(|(title, _)| GOALS.iter().any(|goal| goal.title == *title)));
    }

    #[test]
    fn counselors_advise_toward_academic_and_career_goals() {
        let plans = plans(10);
        let advised =
            plans.iter().flat_map(|plan| &plan.goals).filter(|goal| goal.acts.iter().any(|act| matches!(act.entry, Entry::Recommendation(_))));
        let domains: std::collections::BTreeSet<PlanDomain> = advised.map(|goal| goal.new.domain).collect();
        assert_eq!(domains, [PlanDomain::Academic, PlanDomain::Career].into());
    }

    #[test]
    fn families_write_below_grade_9_only_and_nobody_else_writes_of_personal_matters() {
        for (grade, may) in [(7, true), (10, false)] {
            let plans = plans(grade);
            let by_family = plans.iter().flat_map(|plan| &plan.goals).filter(|goal| goal.by == Author::Guardian).count();
            assert_eq!(by_family > 0, may);
            let personal = plans.iter().flat_map(|plan| &plan.goals).filter(|goal| goal.new.domain == PlanDomain::PersonalSocial);
            for goal in personal {
                assert!(goal.by == Author::Student && goal.acts.iter().all(|act| act.by == Author::Student));
            }
        }
    }

    #[test]
    fn the_same_student_has_the_same_plan() {
        assert_eq!(format!("{:?}", plan_for(1, 7, 10, &period())), format!("{:?}", plan_for(1, 7, 10, &period())));
    }
}
