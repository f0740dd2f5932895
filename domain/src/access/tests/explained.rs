//! Explanations: what they say is what is decided, and they are sentences.

use super::invariants::{any_item, any_world, asks};
use super::*;
use crate::access::explain::{in_words, own_access, reading, readings, rule, why_not_in_force};
use proptest::prelude::*;

proptest! {
    #[test]
    fn an_explanation_says_allowed_exactly_where_it_is_decided(world in any_world(), item in any_item()) {
        for (action, section) in asks() {
            let explained = explain(action, section, &item, &world.facts, &world.context());
            let decided = world.decide_on(action, section, item);
            prop_assert_eq!(explained.decision, decided);
            let allowing: Vec<Relation> = explained.bearings.iter().filter(|(_, bears)| bears.is_ok()).map(|(fact, _)| fact.relation).collect();
            prop_assert_eq!(allowing.iter().min().copied(), decided.relation());
            prop_assert_eq!(explained.bearings.len(), world.facts.relations.len());
        }
    }

    #[test]
    fn what_is_said_to_be_read_is_what_is_read(world in any_world()) {
        let (facts, context) = (&world.facts, &world.context());
        let read = readings(person(7), facts, context);
        let of = |extents: &[Extent]| read.iter().filter(|r| extents.contains(&r.extent)).map(|r| r.section).collect::<Sections>();
        prop_assert_eq!(of(&[Extent::All]), readable_sections(facts, context));
        prop_assert_eq!(of(&[Extent::All, Extent::Progress]), progress_sections(facts, context));
        for reading in read {
            let goals = world.facts.relations.iter().map(|fact| fact.goal).chain([None]);
            let any = goals.map(|goal| Item { goal, ..Item::new_by(person(7)).as_progress().as_first_name() });
            prop_assert!(any.into_iter().any(|item| world.decide_on(Action::Read, reading.section, item).is_allowed()));
            prop_assert!(!rule(reading.relation, reading.when).is_empty());
        }
    }

    #[test]
    fn one_is_told_of_ones_own_access_what_is_decided_and_nothing_where_one_reads_nothing(world in any_world()) {
        let context = &world.context();
        let own = own_access(person(7), &world.facts, context);
        prop_assert_eq!(own.is_none(), readings(person(7), &world.facts, context).is_empty());
        for section in own.into_iter().flat_map(|own| own.sections) {
            for action in Action::ALL {
                let item = Item::of(None, Some(person(7)));
                prop_assert_eq!(section.actions.contains(action), world.may_on(*action, section.section, item));
                let told = section.actions.contains(action) || section.own_actions.contains(action);
                prop_assert_eq!(told, world.may_on(*action, section.section, item) || world.may_on(*action, section.section, Item::new_by(person(7))));
            }
            prop_assert!(section.reasons.is_empty() || !section.actions.contains(&Action::Read));
        }
    }

    #[test]
    fn a_reason_tells_the_age_only_to_whoever_reads_it(world in any_world()) {
        let own = own_access(person(7), &world.facts, &world.context());
        let reads_age = readable_sections(&world.facts, &world.context()).contains(Section::Identity);
        for own in own.into_iter().filter(|_| !reads_age) {
            let reasons = own.sections.iter().flat_map(|section| &section.reasons).map(|reason| reason.why_not);
            prop_assert!(reasons.chain(own.relations.iter().filter_map(|relation| relation.why_not)).all(|why| !why.tells_age()));
        }
    }

    #[test]
    fn a_relation_that_is_said_to_count_for_nothing_allows_nothing(world in any_world(), item in any_item()) {
        for fact in world.facts.relations.clone() {
            if why_not_in_force(&fact, &world.facts, &world.context()).is_some() {
                for (action, section) in asks() {
                    let explained = explain(action, section, &item, &world.facts, &world.context());
                    let bears = explained.bearings.iter().find(|(of, _)| *of == fact).unwrap().1;
                    prop_assert!(bears.is_err());
                }
            }
        }
    }
}

/// Why the only relation does not read the section.
fn why(world: &World, section: Section) -> WhyNot {
    let explained = explain(Action::Read, section, &Item::default(), &world.facts, &world.context());
    explained.bearings[0].1.unwrap_err()
}

#[test]
fn each_refusal_has_its_reason() {
    let with = |fact| World::of(minor(Grade::Tenth), [fact]);
    let guardian = confirmed(Relation::Guardian);
    let plan = Section::PlanOfStudy;
    assert_eq!(why(&with(unconfirmed(Relation::Teacher)), plan), WhyNot::NotConfirmed);
    assert_eq!(why(&with(Fact { valid_to: Some(TODAY), ..guardian }), plan), WhyNot::Ended);
    assert_eq!(why(&with(Fact { valid_from: Some(days_away(1)), ..guardian }), plan), WhyNot::NotBegun);
    assert_eq!(why(&with(Fact { rights: None, ..guardian }), plan), WhyNot::NoRights);
    assert_eq!(why(&with(Fact { rights: Some(Rights::None), ..guardian }), plan), WhyNot::ShutOut);
    assert_eq!(why(&World::of(eligible(), [guardian]), plan), WhyNot::RightsPassed);
    assert_eq!(why(&World::of(left(minor(Grade::Tenth)), [confirmed(Relation::Teacher)]), plan), WhyNot::StudentLeft);
    assert_eq!(why(&grade_10(Relation::RosterTeacher), plan), WhyNot::NotInvolved);
    assert_eq!(why(&grade_10(Relation::SchoolManager), plan), WhyNot::NotGranted);
    assert_eq!(why(&grade_10(Relation::Custodian), plan), WhyNot::NoCase);
    assert_eq!(why(&grade_10(Relation::Teacher), Section::Contacts), WhyNot::NotInProfile);
    assert_eq!(why(&grade_10(Relation::Teacher), Section::ResourceRequests), WhyNot::NotOwn);
    assert_eq!(why(&grade_10(Relation::Gatekeeper), Section::Confidential), WhyNot::NotNamed);
    assert_eq!(why(&grade_10(Relation::CareerReviewer).in_state(UTAH), Section::Transition), WhyNot::NotProgress);
}

#[test]
fn a_reason_is_told_in_a_sentence_with_its_day() {
    let ended = Fact { valid_to: Some(day("2026-10-01")), ..confirmed(Relation::Gatekeeper) };
    assert_eq!(in_words(&ended, WhyNot::Ended), "Your relation as gatekeeper ended on 2026-10-01.");
    for why in WhyNot::ALL {
        let text = in_words(&ended, *why);
        assert!(text.ends_with('.') && text.len() > 15, "{why}: {text}");
    }
}

#[test]
fn a_teacher_reads_progress_where_the_goal_is_closed_and_the_requests_of_ones_own() {
    let teacher = grade_10(Relation::Teacher).in_state(UTAH);
    let extent = |section| reading(section, person(7), &teacher.facts, &teacher.context()).map(|reading| reading.extent);
    assert_eq!(extent(Section::PlanOfStudy), Some(Extent::All));
    assert_eq!(extent(Section::PersonalSocial), Some(Extent::Progress));
    assert_eq!(extent(Section::ResourceRequests), Some(Extent::Own));
    assert_eq!(extent(Section::Confidential), None);
}
