//! The policy, case by case.

use super::*;

const EVERY_SECTION: &str = "S0,S1a,S1b,S2,S3,S4,S5,S5f,S6,S7,S8,S9,S10,S11,S12,S13,S14";

#[test]
fn r48_r49_the_plan_belongs_to_the_student_who_reads_all_and_writes_at_any_age() {
    for grade in [Grade::Sixth, Grade::Eighth, Grade::Ninth, Grade::Twelfth, Grade::Ungraded] {
        let student = World::of(minor(grade), [confirmed(Relation::Student)]);
        assert_eq!(student.reads(), EVERY_SECTION);
        assert_eq!(student.writes(), "S2,S4,S5,S5f,S6,S7,S8,S9,S13");
    }
}

#[test]
fn r47_a_guardian_proposes_in_grade_10() {
    let guardian = grade_10(Relation::Guardian);
    assert_eq!(guardian.suggests(), "S2,S4,S5,S7,S9,S11,S12");
    assert!(!guardian.may(Action::Write, Section::PlanOfStudy));
    assert!(!guardian.may(Action::Write, Section::Career));
}

#[test]
fn r47_every_participant_may_suggest_occupational_and_postsecondary_objectives() {
    for relation in [Relation::Guardian, Relation::Gatekeeper, Relation::Teacher, Relation::CareerReviewer] {
        assert!(grade_10(relation).may(Action::Propose, Section::Career), "{relation}");
        assert!(grade_10(relation).may(Action::Propose, Section::Postsecondary), "{relation}");
    }
    // The student needs no suggestion.
    assert!(grade_10(Relation::Student).may(Action::Write, Section::Career));
}

#[test]
fn r47_only_the_one_who_suggested_takes_a_suggestion_back() {
    let teacher = grade_10(Relation::Teacher);
    assert!(teacher.may_on(Action::Propose, Section::PlanOfStudy, Item::new_by(person(7))));
    assert!(!teacher.may_on(Action::Propose, Section::PlanOfStudy, Item::of(Some(person(8)), Some(person(7)))));
}

#[test]
fn r41_from_grade_9_the_student_decides_what_others_suggest() {
    assert_eq!(grade_10(Relation::Student).decides(), "S2,S4,S5,S7,S9,S11,S12");
    for relation in [Relation::Guardian, Relation::Gatekeeper, Relation::Teacher, Relation::CareerReviewer] {
        assert_eq!(grade_10(relation).decides(), "", "{relation}");
    }
    assert!(World::of(minor(Grade::Ninth), [confirmed(Relation::Student)]).may(Action::Decide, Section::PlanOfStudy));
}

#[test]
fn r47_r71_below_grade_9_the_gatekeeper_decides() {
    assert_eq!(grade_8(Relation::Gatekeeper).decides(), "S2,S4,S5,S7,S9,S11,S12");
    assert_eq!(grade_8(Relation::Student).decides(), "");
    assert_eq!(grade_8(Relation::Guardian).decides(), "");
}

#[test]
fn the_gatekeeper_decides_where_the_student_is_in_no_grade_or_in_one_before_the_ninth() {
    for grade in [None, Some(Grade::Ungraded), Some(Grade::Kindergarten)] {
        let student = StudentFacts { grade, ..minor(Grade::Tenth) };
        assert!(World::of(student.clone(), [confirmed(Relation::Gatekeeper)]).may(Action::Decide, Section::PlanOfStudy));
        assert!(!World::of(student, [confirmed(Relation::Student)]).may(Action::Decide, Section::PlanOfStudy));
    }
}

#[test]
fn an_unconfirmed_or_ended_gatekeeper_decides_nothing() {
    let ended = Fact { valid_to: Some(TODAY), ..confirmed(Relation::Gatekeeper) };
    for fact in [unconfirmed(Relation::Gatekeeper), ended] {
        assert_eq!(World::of(minor(Grade::Eighth), [fact]).decides(), "");
    }
}

#[test]
fn r37_below_grade_9_guardian_and_teacher_write_what_they_suggest_later() {
    assert_eq!(grade_8(Relation::Guardian).writes(), "S2,S4,S5f,S6,S13");
    assert_eq!(grade_10(Relation::Guardian).writes(), "S5f,S13");
    assert_eq!(grade_8(Relation::Teacher).writes(), "S2,S4,S6,S7,S11");
    assert_eq!(grade_10(Relation::Teacher).writes(), "S7,S11");
    // Nobody else's right depends on it.
    assert_eq!(grade_8(Relation::CareerReviewer).writes(), grade_10(Relation::CareerReviewer).writes());
}

#[test]
fn r37_r41_kindergarten_is_below_grade_9_and_postsecondary_is_not() {
    let writes = |grade| World::of(minor(grade), [confirmed(Relation::Guardian)]).writes();
    assert_eq!(writes(Grade::Kindergarten), "S2,S4,S5f,S6,S13");
    assert_eq!(writes(Grade::Postsecondary), "S5f,S13");
    assert_eq!(World::of(minor(Grade::Postsecondary), [confirmed(Relation::Student)]).decides(), "S2,S4,S5,S7,S9,S11,S12");
}

#[test]
fn r52_a_guardian_reflects_in_the_plan_and_changes_only_own_words() {
    let guardian = grade_10(Relation::Guardian);
    assert!(guardian.may(Action::Comment, Section::PlanOfStudy));
    assert!(guardian.may(Action::Comment, Section::Career));
    assert!(guardian.may_on(Action::Comment, Section::Career, Item::new_by(person(7))));
    assert!(!guardian.may_on(Action::Comment, Section::Career, Item::of(Some(person(1)), Some(person(7)))));
}

#[test]
fn r51_r141_a_guardian_of_a_minor_reads_the_whole_file() {
    assert_eq!(grade_10(Relation::Guardian).reads(), EVERY_SECTION);
}

#[test]
fn l9_two_guardians_with_full_rights_are_equal_and_one_without_rights_reads_nothing() {
    let without = Fact { rights: Some(Rights::None), ..confirmed(Relation::Guardian) };
    assert_eq!(World::of(minor(Grade::Tenth), [without]).reads(), "");
    assert_eq!(World::of(minor(Grade::Tenth), [without]).trusting_guardians().reads(), "");
    let unsaid = Fact { rights: None, ..confirmed(Relation::Guardian) };
    assert_eq!(World::of(minor(Grade::Tenth), [unsaid]).reads(), "");
}

#[test]
fn l9_an_order_shuts_a_person_out_by_every_door() {
    let order = Fact { rights: Some(Rights::None), ..confirmed(Relation::Guardian) };
    let world = World::of(minor(Grade::Tenth), [confirmed(Relation::Gatekeeper), order]);
    assert_eq!(world.reads(), "");
    let not_confirmed = Fact { confirmed: false, ..order };
    assert_eq!(World::of(minor(Grade::Tenth), [confirmed(Relation::Teacher), not_confirmed]).reads(), "");
    let lifted = Fact { valid_to: Some(TODAY), ..order };
    assert_ne!(World::of(minor(Grade::Tenth), [confirmed(Relation::Gatekeeper), lifted]).reads(), "");
}

#[test]
fn a_guardian_link_from_the_roster_grants_nothing_until_confirmed_or_trusted() {
    let link = || World::of(minor(Grade::Tenth), [unconfirmed(Relation::Guardian)]);
    assert_eq!(link().reads(), "");
    assert_eq!(link().trusting_guardians().reads(), EVERY_SECTION);
}

#[test]
fn while_the_date_of_birth_is_unknown_a_guardian_reads_only_after_a_custodian_confirmed() {
    let unknown = of_unknown_age();
    assert_eq!(World::of(unknown.clone(), [unconfirmed(Relation::Guardian)]).trusting_guardians().reads(), "");
    let link = World::of(unknown.clone(), [confirmed(Relation::Guardian)]);
    assert_eq!(link.reads(), EVERY_SECTION);
    // And nobody can consent.
    let own = Item::new_by(person(7));
    assert!(!link.may_on(Action::Write, Section::Privacy, own));
    assert!(!World::of(unknown.clone(), [confirmed(Relation::Student)]).may_on(Action::Write, Section::Privacy, own));
    assert!(World::of(unknown, [confirmed(Relation::Custodian)]).may_on(Action::Write, Section::Privacy, own));
    assert!(grade_10(Relation::Guardian).may_on(Action::Write, Section::Privacy, own));
}

#[test]
fn l10_from_the_18th_birthday_a_guardian_reads_nothing_and_the_student_everything() {
    let guardian = World::of(eligible(), [confirmed(Relation::Guardian)]).trusting_guardians();
    for action in Action::ALL {
        for section in Section::ALL {
            assert!(!guardian.may(*action, *section), "{action} {section}");
        }
    }
    assert_eq!(World::of(eligible(), [confirmed(Relation::Student)]).reads(), EVERY_SECTION);
}

#[test]
fn r40_participants_are_student_guardian_and_assigned_staff_and_only_these_read_content_in_utah() {
    let readers: Vec<&str> = Relation::ALL
        .iter()
        .filter(|relation| grade_10(**relation).in_state(UTAH).may(Action::Read, Section::PlanOfStudy))
        .filter(|relation| confirmed(**relation).sections.is_none())
        .map(|relation| relation.word())
        .collect();
    assert_eq!(readers, ["self", "guardian", "gatekeeper", "teacher", "careerReviewer", "supportSpecialist"]);
}

#[test]
fn r131_r132_no_one_without_a_relation_knows_that_there_is_a_file() {
    let stranger = World::of(minor(Grade::Tenth), []);
    assert_eq!(stranger.reads(), "");
    assert!(!knows_of(Section::Status, &Item::default(), &stranger.facts, &stranger.context()));
}

#[test]
fn r131_a_principal_reads_no_content_without_an_assignment() {
    let principal = grade_10(Relation::SchoolManager).in_state(WIDEST);
    assert_eq!(principal.reads(), "S0,S1a,S1b,S13");
    let assigned = World::of(minor(Grade::Tenth), [confirmed(Relation::SchoolManager), confirmed(Relation::Teacher)]);
    assert!(assigned.may(Action::Read, Section::PlanOfStudy));
}

#[test]
fn r97_r98_the_principal_decides_resource_requests() {
    assert_eq!(grade_10(Relation::SchoolManager).decides(), "S13");
    for relation in [Relation::Student, Relation::Guardian, Relation::Gatekeeper, Relation::Teacher, Relation::CareerReviewer] {
        assert!(grade_10(relation).may_on(Action::Write, Section::ResourceRequests, Item::new_by(person(7))), "{relation}");
    }
}

#[test]
fn a_teacher_reads_back_the_resource_requests_of_ones_own_and_no_other() {
    let teacher = grade_10(Relation::Teacher);
    assert!(teacher.may_on(Action::Read, Section::ResourceRequests, Item::new_by(person(7))));
    assert!(!teacher.may_on(Action::Read, Section::ResourceRequests, Item::of(Some(person(8)), Some(person(7)))));
    assert!(!teacher.may_on(Action::Read, Section::ResourceRequests, Item::of(Some(person(8)), None)));
    assert!(!teacher.may(Action::Read, Section::ResourceRequests));
}

#[test]
fn r71_r99_gatekeeper_principal_and_custodian_manage_participants() {
    let managers: Vec<&str> =
        Relation::ALL.iter().filter(|relation| grade_10(**relation).may(Action::Administer, Section::Status)).map(|r| r.word()).collect();
    assert_eq!(managers, ["gatekeeper", "schoolManager", "custodian"]);
}

#[test]
fn only_the_custodian_confirms_guardian_links() {
    let confirming: Vec<&str> =
        Relation::ALL.iter().filter(|relation| grade_10(**relation).may(Action::Administer, Section::Privacy)).map(|r| r.word()).collect();
    assert_eq!(confirming, ["custodian"]);
}

#[test]
fn r134_a_custodian_reads_no_content_outside_a_case_and_a_coordinator_only_the_status() {
    assert_eq!(grade_10(Relation::Custodian).reads(), "S0,S1a,S1b,S14");
    assert_eq!(grade_10(Relation::Coordinator).reads(), "S0");
}

#[test]
fn r19_r40_where_the_profile_says_so_all_participants_read_contacts() {
    for relation in [Relation::Teacher, Relation::CareerReviewer] {
        assert!(grade_10(relation).in_state(UTAH).may(Action::Read, Section::Contacts), "{relation}");
        assert!(!grade_10(relation).in_state(RHODE_ISLAND).may(Action::Read, Section::Contacts), "{relation}");
    }
    // A class teacher by roster is no participant.
    assert!(!grade_10(Relation::RosterTeacher).in_state(WIDEST).may(Action::Read, Section::Contacts));
}

#[test]
fn r31_r32_r33_r34_where_the_profile_says_so_all_participants_read_progress_whatever_its_section() {
    let progress = Item::default().as_progress();
    for relation in [Relation::Teacher, Relation::CareerReviewer] {
        let utah = grade_10(relation).in_state(UTAH);
        assert!(utah.may_on(Action::Read, Section::PersonalSocial, progress), "{relation}");
        assert!(!utah.may(Action::Read, Section::PersonalSocial), "the goal itself stays closed to {relation}");
        assert!(!grade_10(relation).in_state(RHODE_ISLAND).may_on(Action::Read, Section::PersonalSocial, progress), "{relation}");
        assert!(progress_sections(&utah.facts, &utah.context()).contains(Section::PersonalSocial));
    }
    assert!(!grade_10(Relation::RosterTeacher).in_state(WIDEST).may_on(Action::Read, Section::PersonalSocial, progress));
}

#[test]
fn r136_personal_and_social_goals_are_for_student_family_and_gatekeeper_unless_opened() {
    let readers: Vec<&str> = Relation::ALL
        .iter()
        .filter(|relation| grade_10(**relation).in_state(WIDEST).may(Action::Read, Section::PersonalSocial))
        .filter(|relation| confirmed(**relation).sections.is_none())
        .map(|relation| relation.word())
        .collect();
    assert_eq!(readers, ["self", "guardian", "gatekeeper"]);
}

#[test]
fn r136_a_class_teacher_by_roster_is_involved_only_where_the_profile_says_so() {
    assert_eq!(grade_10(Relation::RosterTeacher).in_state(RHODE_ISLAND).reads(), "S0,S1a,S2,S3,S7");
    assert_eq!(grade_10(Relation::RosterTeacher).in_state(RHODE_ISLAND).writes(), "");
    assert_eq!(grade_10(Relation::RosterTeacher).in_state(RHODE_ISLAND).suggests(), "");
    assert_eq!(grade_10(Relation::RosterTeacher).in_state(UTAH).reads(), "");
}

#[test]
fn r45_r46_the_career_reviewer_is_a_participant_who_writes_career_and_postsecondary_plans() {
    let reviewer = grade_10(Relation::CareerReviewer);
    assert_eq!(reviewer.reads(), "S0,S1a,S2,S3,S4,S5,S6,S7,S11,S12");
    assert_eq!(reviewer.writes(), "S4,S5,S11");
}

#[test]
fn r69_r71_the_gatekeeper_keeps_the_plan_and_reads_no_confidential_extract_unnamed() {
    let gatekeeper = grade_10(Relation::Gatekeeper);
    assert_eq!(gatekeeper.reads(), "S0,S1a,S1b,S2,S3,S4,S5,S6,S7,S8,S9,S11,S12,S13,S14");
    assert_eq!(gatekeeper.writes(), "S2,S4,S5,S7,S9,S11,S13");
}

#[test]
fn r19_own_contact_entries_are_written_by_student_and_guardian() {
    for relation in [Relation::Student, Relation::Guardian] {
        let world = grade_10(relation);
        assert!(world.may_on(Action::Write, Section::Contacts, Item::new_by(person(7))), "{relation}");
        assert!(!world.may_on(Action::Write, Section::Contacts, Item::of(Some(person(8)), Some(person(7)))), "{relation}");
    }
}

#[test]
fn r134_l17_the_student_information_system_writes_facts_and_reads_no_narrative() {
    let sis = grade_10(Relation::SisClient).in_state(WIDEST);
    assert_eq!(sis.reads(), "S1a");
    assert_eq!(sis.writes(), "S0,S1a,S1b,S3");
}

#[test]
fn l19_a_state_client_opens_no_section() {
    let state = grade_10(Relation::StateClient).in_state(WIDEST);
    assert_eq!((state.reads(), state.writes()), (String::new(), String::new()));
}

#[test]
fn after_the_student_has_left_student_and_family_read_and_staff_do_not() {
    let after = |relation| World::of(left(minor(Grade::Tenth)), [confirmed(relation)]).in_state(WIDEST);
    for relation in [Relation::Student, Relation::Guardian] {
        assert_eq!(after(relation).reads(), EVERY_SECTION);
        assert_eq!(after(relation).writes(), "");
        assert_eq!(after(relation).suggests(), "");
        assert_eq!(after(relation).decides(), "");
    }
    for relation in
        [Relation::Gatekeeper, Relation::Teacher, Relation::CareerReviewer, Relation::RosterTeacher, Relation::SchoolManager, Relation::Coordinator]
    {
        assert_eq!(after(relation).reads(), "", "{relation}");
    }
    assert_eq!(after(Relation::Custodian).reads(), "S0,S1a,S1b,S14");
    assert_eq!(after(Relation::SisClient).writes(), "S0,S1a,S1b,S3");
}

#[test]
fn a_relation_counts_from_its_first_day_and_no_longer_on_its_last() {
    let on = |from: i64, to: i64| {
        let fact = Fact { valid_from: Some(days_away(from)), valid_to: Some(days_away(to)), ..confirmed(Relation::Teacher) };
        World::of(minor(Grade::Tenth), [fact]).may(Action::Read, Section::PlanOfStudy)
    };
    assert!(on(0, 1), "first day");
    assert!(on(-30, 1), "last day but one");
    assert!(!on(-30, 0), "the day on which it has ended");
    assert!(!on(1, 30), "the day before it begins");
    assert!(!on(0, 0), "an empty period");
}

#[test]
fn the_reason_is_the_closest_relation_that_allows() {
    let both = World::of(minor(Grade::Tenth), [confirmed(Relation::Teacher), confirmed(Relation::Guardian)]);
    assert_eq!(both.decide(Action::Read, Section::PlanOfStudy).relation(), Some(Relation::Guardian));
    assert_eq!(both.decide(Action::Write, Section::AppliedSkills).relation(), Some(Relation::Teacher));
    assert_eq!(both.decide(Action::Write, Section::PlanOfStudy), Decision::Deny);
}

#[test]
fn a_caller_is_told_what_may_be_done_with_a_record() {
    let world = grade_10(Relation::Guardian);
    let actions: Vec<&str> =
        allowed_actions(Section::PlanOfStudy, &Item::default(), &world.facts, &world.context()).map(|action| action.word()).collect();
    assert_eq!(actions, ["read", "comment", "propose"]);
}
