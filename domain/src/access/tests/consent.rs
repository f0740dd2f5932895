//! What student and family decide, case by case: consents, privacy, orders, applications, emergencies.

use super::*;

fn sections(codes: &[Section]) -> Sections {
    codes.iter().copied().collect()
}

/// A partner to whom goals are opened, signed as said.
fn partner(student: StudentFacts, signatures: Signatures) -> World {
    let named = sections(&[Section::PlanOfStudy, Section::Career]);
    World::of(student, [Fact { sections: Some(named), signatures: Some(signatures), ..confirmed(Relation::Partner) }])
}

const BOTH: Signatures = Signatures { student_on: Some(TODAY), guardian: true, objection: false };

#[test]
fn r74_a_partner_reads_what_the_consent_names_and_writes_only_feedback_of_its_own() {
    let partner = partner(minor(Grade::Tenth), BOTH);
    assert_eq!(partner.reads(), "S0,S2,S4");
    assert_eq!(partner.writes(), "");
    assert!(partner.may_on(Action::Write, Section::Feedback, Item::new_by(person(7))));
    assert!(!partner.may_on(Action::Read, Section::Feedback, Item::of(Some(person(8)), Some(person(7)))));
}

#[test]
fn r53_a_minors_consent_is_signed_by_student_and_parent_both() {
    assert_eq!(partner(minor(Grade::Tenth), Signatures { guardian: false, ..BOTH }).reads(), "");
    assert_eq!(partner(minor(Grade::Tenth), Signatures { student_on: None, ..BOTH }).reads(), "");
    assert_eq!(partner(minor(Grade::Tenth), Signatures { objection: true, ..BOTH }).reads(), "");
}

#[test]
fn l10_from_18_a_consent_stands_only_once_the_student_has_signed_again() {
    let birthday = time::turns_18_on(eligible().birth_date.unwrap()).unwrap();
    let signed_on = |day| Signatures { student_on: Some(day), guardian: false, objection: false };
    assert_eq!(partner(eligible(), signed_on(birthday.pred_opt().unwrap())).reads(), "");
    assert_eq!(partner(eligible(), signed_on(birthday)).reads(), "S0,S2,S4");
    // A parent's objection is no longer one.
    assert_eq!(partner(eligible(), Signatures { objection: true, ..BOTH }).reads(), "S0,S2,S4");
}

#[test]
fn a_consent_counts_for_nobody_while_it_is_not_known_who_holds_the_rights() {
    assert_eq!(partner(of_unknown_age(), BOTH).reads(), "");
}

#[test]
fn a_consent_for_one_goal_opens_that_goal_and_what_belongs_to_it_alone() {
    let goal = |n| Some(GoalId(Uuid::from_u128(n)));
    let fact = Fact { goal: goal(1), sections: Some(sections(&[Section::PlanOfStudy])), ..confirmed(Relation::Partner) };
    let partner = World::of(minor(Grade::Tenth), [fact]);
    assert!(partner.may_on(Action::Read, Section::PlanOfStudy, Item { goal: goal(1), ..Item::default() }));
    assert!(!partner.may_on(Action::Read, Section::PlanOfStudy, Item { goal: goal(2), ..Item::default() }));
    assert_eq!(partner.reads(), "S0");
}

#[test]
fn i7_a_mentor_knows_the_first_name_and_what_is_shared() {
    let mentor = grade_10(Relation::Mentor);
    assert_eq!(mentor.reads(), "S2,S4,S5,S6,S7");
    assert!(mentor.may_on(Action::Read, Section::Identity, Item::default().as_first_name()));
    assert!(!mentor.may(Action::Read, Section::Identity));
}

#[test]
fn r138_what_is_shared_with_a_group_the_student_may_hide_again() {
    let mut group = grade_10(Relation::GroupMember);
    assert_eq!(group.reads(), "S2,S4,S5,S6,S7");
    group.facts.preferences = vec![Preference { section: Section::Career, relation: Relation::GroupMember, choice: Choice::Hide }];
    assert_eq!(group.reads(), "S2,S5,S6,S7");
}

#[test]
fn r136_the_student_opens_personal_goals_to_the_teacher_and_hides_them_from_the_counselor() {
    let mut teacher = grade_10(Relation::Teacher);
    teacher.facts.preferences = vec![Preference { section: Section::PersonalSocial, relation: Relation::Teacher, choice: Choice::Open }];
    assert!(teacher.may(Action::Read, Section::PersonalSocial));
    let mut gatekeeper = grade_10(Relation::Gatekeeper);
    gatekeeper.facts.preferences = vec![Preference { section: Section::PersonalSocial, relation: Relation::Gatekeeper, choice: Choice::Hide }];
    assert!(!gatekeeper.may(Action::Read, Section::PersonalSocial));
    // A preference about another's relation opens nothing.
    teacher.facts.preferences = vec![Preference { section: Section::PersonalSocial, relation: Relation::SupportSpecialist, choice: Choice::Open }];
    assert!(!teacher.may(Action::Read, Section::PersonalSocial));
}

#[test]
fn i3_i5_nothing_is_hidden_from_who_holds_the_rights() {
    for relation in [Relation::Student, Relation::Guardian] {
        let mut family = grade_10(relation);
        family.facts.preferences = vec![Preference { section: Section::PersonalSocial, relation, choice: Choice::Hide }];
        assert!(family.may(Action::Read, Section::PersonalSocial), "{relation}");
    }
}

#[test]
fn the_student_may_hide_only_what_is_for_the_student_to_show() {
    use super::super::matrix::choice_of;
    let choices = |relation| {
        let chosen = |section: &Section| choice_of(relation, *section).map(|choice| format!("{choice} {section}"));
        Section::ALL.iter().filter_map(chosen).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(choices(Relation::Gatekeeper), "hide S8");
    assert_eq!(choices(Relation::Teacher), "open S8");
    assert_eq!(choices(Relation::SupportSpecialist), "open S8");
    assert_eq!(choices(Relation::GroupMember), "hide S2, hide S4, hide S5, hide S6, hide S7");
    for relation in [Relation::Student, Relation::Guardian, Relation::Custodian, Relation::Emergency, Relation::CareerReviewer] {
        assert_eq!(choices(relation), "", "{relation}");
    }
}

#[test]
fn l9_an_order_keeps_a_person_from_what_it_names_while_it_is_in_force() {
    let mut teacher = grade_10(Relation::Teacher);
    let order = Restriction { sections: Some(sections(&[Section::SchoolRecords])), valid_from: None, valid_to: None };
    teacher.facts.restrictions = vec![order];
    assert_eq!(teacher.reads(), "S0,S1a,S2,S4,S5,S6,S7,S9,S11,S12");
    teacher.facts.restrictions = vec![Restriction { valid_to: Some(TODAY), ..order }];
    assert_eq!(teacher.reads(), "S0,S1a,S2,S3,S4,S5,S6,S7,S9,S11,S12");
    teacher.facts.restrictions = vec![Restriction { sections: None, ..order }];
    assert_eq!(teacher.reads(), "");
}

#[test]
fn an_application_opens_no_more_than_the_district_allows_it_and_adds_nothing() {
    let ceiling = Some(Ceiling { sections: sections(&[Section::Status, Section::PlanOfStudy, Section::Confidential]), writes: false, offices: true });
    let student = World { ceiling, ..grade_10(Relation::Student) };
    assert_eq!((student.reads().as_str(), student.writes().as_str()), ("S0,S2,S10", ""));
    let teacher = World { ceiling, ..grade_10(Relation::Teacher) };
    assert_eq!(teacher.reads(), "S0,S2");
}

#[test]
fn an_emergency_ends_at_its_minute_and_reads_only_what_it_names() {
    let emergency = |until| {
        let named = sections(&[Section::Contacts, Section::Confidential, Section::Privacy]);
        World::of(minor(Grade::Tenth), [Fact { until: Some(until), sections: Some(named), ..confirmed(Relation::Emergency) }])
    };
    assert_eq!(emergency(now() + TimeDelta::seconds(1)).reads(), "S0,S1a,S1b,S10");
    assert_eq!(emergency(now() + TimeDelta::seconds(1)).writes(), "");
    assert_eq!(emergency(now()).reads(), "");
}

#[test]
fn l10_the_parent_of_a_dependent_still_reads_and_no_longer_writes() {
    let guardian = |until| World::of(eligible(), [Fact { dependent_until: Some(until), ..confirmed(Relation::Guardian) }]);
    assert_eq!(guardian(days_away(1)).reads(), grade_10(Relation::Guardian).reads());
    assert_eq!(guardian(days_away(1)).writes(), "");
    assert_eq!(guardian(TODAY).reads(), "");
}

#[test]
fn l25_an_adult_student_holds_the_rights_before_18() {
    let period = AdultPeriod { basis: AdultBasis::Emancipated, from: TODAY, to: None };
    let student = StudentFacts { adult: vec![period], ..minor(Grade::Tenth) };
    assert_eq!(rights_holder(&student, TODAY), RightsHolder::Student);
    assert_eq!(rights_holder(&student, days_away(-1)), RightsHolder::Guardians);
    assert_eq!(World::of(student, [confirmed(Relation::Guardian)]).reads(), "");
}

#[test]
fn r22_a_specialist_keeps_the_papers_of_the_own_programme() {
    let specialist = grade_10(Relation::SupportSpecialist);
    let paper = |program| Item { program: Some(program), ..Item::default() };
    for action in [Action::Read, Action::Comment, Action::Write] {
        assert!(specialist.may_on(action, Section::Confidential, paper(SupportProgram::Iep)), "{action}");
        assert!(!specialist.may_on(action, Section::Confidential, paper(SupportProgram::Ell)), "{action}");
    }
    assert!(!specialist.may(Action::Read, Section::Confidential));
}
