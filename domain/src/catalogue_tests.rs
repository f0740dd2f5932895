use std::collections::BTreeSet;

use super::*;
use crate::applied_skills::AppliedSkill;
use crate::coursework::{CourseLevel, CredentialKind};
use crate::framework::Framework;
use crate::goal::{AchievementStatus, LifecycleStatus};
use crate::postsecondary::{ApplicationKind, FinancialAidKind, NextPlacement};
use crate::self_awareness::{LearningExperienceKind, ParticipationKind};

fn catalogue(id: &str) -> &'static Catalogue {
    Catalogue::find(id).unwrap()
}

#[test]
fn every_catalogue_file_can_be_read_and_every_code_is_one_of_its_kind() {
    assert_eq!(Catalogue::all().len(), FILES.len());
    for catalogue in Catalogue::all() {
        let codes: BTreeSet<_> = catalogue.entries.iter().map(|entry| &entry.code).collect();
        assert_eq!(codes.len(), catalogue.entries.len(), "{}", catalogue.id);
        for entry in &catalogue.entries {
            assert!(!entry.citations.is_empty(), "{} of {} is not cited", entry.code, catalogue.id);
            assert!(entry.citations.iter().all(|cited| cited.strip_prefix('R').is_some_and(|n| n.parse::<u16>().is_ok())), "{entry:?}");
            assert!(entry.local_labels.is_empty(), "{}: a district's labels are the district's", entry.code);
            assert!(entry.label.chars().count() <= 60, "{}: labels are short, and our own", entry.code);
        }
    }
}

#[test]
fn what_a_catalogue_refers_to_is_there() {
    for entry in Catalogue::all().iter().flat_map(|catalogue| &catalogue.entries) {
        for related in &entry.related {
            let there = Catalogue::find(&related.catalogue).map(|other| other.entry(&related.code).is_some());
            let there = there.or_else(|| Framework::find(&related.catalogue).map(|other| other.item(&related.code).is_some()));
            assert_eq!(there, Some(true), "{related:?} of {}", entry.code);
        }
        for name in &entry.names {
            assert!(Framework::find(&name.framework).is_some(), "{name:?}");
        }
    }
}

fn words<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|one| word(*one)).collect()
}

#[test]
fn r162_the_domains_are_those_of_goals_and_are_named_by_edition() {
    let codes: Vec<_> = catalogue("domains").entries.iter().map(|entry| entry.code.as_str()).collect();
    assert_eq!(codes, words(PlanDomain::ALL, PlanDomain::word));
    let personal = catalogue("domains").entry("personalSocial").unwrap();
    let name = |edition: &str| personal.names.iter().find(|name| name.framework == edition).map(|name| name.label.as_str());
    assert_eq!((name("asca-2004"), name("asca-2021")), (Some("Personal/social"), Some("Social/emotional")));
}

#[test]
fn r163_every_domain_has_its_aim() {
    assert!(catalogue("domains").entries.iter().all(|entry| entry.description.is_some() && entry.citations.contains(&"R163".to_owned())));
}

#[test]
fn r167_the_components_are_those_of_goals_and_give_occasion_in_every_domain() {
    let components = catalogue("components");
    let codes: Vec<_> = components.entries.iter().map(|entry| entry.code.as_str()).collect();
    assert_eq!(codes, words(Component::ALL, Component::word));
    assert!(components.entries.iter().all(|entry| entry.domains == PlanDomain::ALL));
    // Every component has activities, and every requirement that it cites is cited by one of them.
    let activities = &catalogue("benchmark-activities").entries;
    for component in &components.entries {
        let of_it: Vec<_> = activities.iter().filter(|activity| activity.component.is_some_and(|c| c.word() == component.code)).collect();
        for cited in component.citations.iter().filter(|cited| *cited != "R167") {
            assert!(of_it.iter().any(|activity| activity.citations.contains(cited)), "{cited} of {}", component.code);
        }
    }
}

#[test]
fn r168_r170_r171_r172_r173_every_grade_from_6_to_12_has_all_that_is_asked() {
    let entries = &catalogue("benchmark-activities").entries;
    let cited = |n: u16| entries.iter().any(|entry| entry.citations.contains(&format!("R{n}")));
    assert!((174..=193).all(cited), "a line of a component is nobody's");
    assert!(entries.iter().all(|entry| entry.resource.is_some() && !entry.domains.is_empty() && !entry.strands.is_empty()));
    let grades: Vec<_> = Grade::ALL.iter().filter(|grade| grade.number().is_some_and(|n| (6..=12).contains(&n))).collect();
    assert_eq!(grades.len(), 7);
    for grade in grades {
        let there = |domain: Option<PlanDomain>, strand: Strand| {
            let fits = |entry: &&CatalogueEntry| domain.is_none_or(|domain| entry.domains.contains(&domain)) && entry.strands.contains(&strand);
            entries.iter().filter(fits).any(|entry| entry.grades.contains(grade))
        };
        for domain in PlanDomain::ALL {
            for strand in [Strand::GoalSetting, Strand::Planning, Strand::Achievement] {
                assert!(there(Some(*domain), strand), "{strand} in {domain}, grade {grade}");
            }
        }
        assert!(there(None, Strand::TransitionPlanning), "transition planning, grade {grade}");
    }
}

#[test]
fn r191_the_ten_kinds_of_participation_are_activities() {
    let entries = &catalogue("benchmark-activities").entries;
    let of_it: Vec<_> =
        entries.iter().filter(|entry| entry.citations.contains(&"R191".to_owned())).filter_map(|e| e.code.strip_prefix("self.")).collect();
    assert_eq!(of_it, words(ParticipationKind::ALL, ParticipationKind::word));
}

#[test]
fn career_clusters_come_in_two_editions_and_are_told_apart() {
    let (old, new) = (catalogue("career-clusters-2002"), catalogue("career-clusters-2024"));
    assert_eq!((old.entries.len(), new.entries.len()), (16, 14));
    // The crosswalk says the same from both sides.
    let pairs = |catalogue: &Catalogue| -> BTreeSet<(String, String)> {
        catalogue.entries.iter().flat_map(|entry| entry.related.iter().map(|related| (entry.code.clone(), related.code.clone()))).collect()
    };
    assert_eq!(pairs(new), pairs(old).into_iter().map(|(from, to)| (to, from)).collect());
}

#[test]
fn every_word_of_a_mapped_vocabulary_occurs_and_no_other() {
    let expected = [
        ("LifecycleStatus", words(LifecycleStatus::ALL, LifecycleStatus::word)),
        ("AchievementStatus", words(AchievementStatus::ALL, AchievementStatus::word)),
        ("CourseLevel", words(CourseLevel::ALL, CourseLevel::word)),
        ("CredentialKind", words(CredentialKind::ALL, CredentialKind::word)),
        ("ApplicationKind", words(ApplicationKind::ALL, ApplicationKind::word)),
        ("NextPlacement", words(NextPlacement::ALL, NextPlacement::word)),
        ("FinancialAidKind", words(FinancialAidKind::ALL, FinancialAidKind::word)),
        ("LearningExperienceKind", words(LearningExperienceKind::ALL, LearningExperienceKind::word)),
        ("ParticipationKind", words(ParticipationKind::ALL, ParticipationKind::word)),
        ("AppliedSkill", words(AppliedSkill::ALL, AppliedSkill::word)),
        ("Grade", words(Grade::ALL, Grade::word)),
    ];
    let expected: Vec<_> =
        expected.into_iter().flat_map(|(list, words)| words.into_iter().map(move |word| (list.to_owned(), format!("{list}.{word}")))).collect();
    let listed: Vec<_> = catalogue("option-lists").entries.iter().map(|entry| (entry.list.clone().unwrap(), entry.code.clone())).collect();
    assert_eq!(listed, expected);
}

#[test]
fn an_alignment_names_its_standard_and_the_version() {
    for alignment in Catalogue::all().iter().flat_map(|catalogue| &catalogue.entries).flat_map(|entry| &entry.alignments) {
        match alignment.system.as_str() {
            "CEDS" => assert!(alignment.element.len() == 6 && alignment.element.parse::<u32>().is_ok() && alignment.name.is_some(), "{alignment:?}"),
            "Ed-Fi" => assert!(alignment.element.ends_with("Descriptor") && alignment.code.is_some(), "{alignment:?}"),
            other => panic!("{other}"),
        }
        assert!(!alignment.version.is_empty());
    }
}
