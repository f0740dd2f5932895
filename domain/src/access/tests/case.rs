//! Requests of a family about its records: who asks, who decides, what a custodian reads meanwhile.

use super::*;

fn on(deed: CaseDeed, student: StudentFacts, relations: &[Fact], ceiling: Option<Ceiling>) -> Result<Relation, Refusal> {
    let context = Context { today: TODAY, now: now(), ceiling, switches: &WIDEST, guardians_trusted: false };
    decide_case(deed, &Facts::of(student, relations.to_vec()), &context)
}

fn asks(student: StudentFacts, relation: Relation) -> Result<Relation, Refusal> {
    on(CaseDeed::Ask, student, &[confirmed(relation)], None)
}

#[test]
fn l12_l14_student_and_guardian_ask_a_custodian_asks_for_them_and_nobody_else() {
    use Refusal::{Forbidden, Unknown};
    for relation in Relation::ALL.iter().copied() {
        let expected = match relation {
            Relation::Student | Relation::Guardian | Relation::Custodian => Ok(relation),
            Relation::Gatekeeper => Err(Forbidden),
            _ => Err(Unknown),
        };
        assert_eq!(asks(minor(Grade::Tenth), relation), expected, "{relation}");
        let decides = if relation == Relation::Custodian { Ok(relation) } else { expected.and(Err(Forbidden)) };
        assert_eq!(on(CaseDeed::Decide, minor(Grade::Tenth), &[confirmed(relation)], None), decides, "{relation}");
    }
    assert_eq!(on(CaseDeed::Ask, minor(Grade::Tenth), &[], None), Err(Unknown));
}

#[test]
fn l10_once_the_rights_have_passed_the_student_alone_asks() {
    assert_eq!(asks(eligible(), Relation::Student), Ok(Relation::Student));
    assert_eq!(asks(eligible(), Relation::Guardian), Err(Refusal::Unknown));
    let parent_of_dependent = Fact { dependent_until: Some(days_away(30)), ..confirmed(Relation::Guardian) };
    assert_eq!(on(CaseDeed::Ask, eligible(), &[parent_of_dependent], None), Err(Refusal::Forbidden), "reads, and does no more");
}

#[test]
fn l12_a_family_asks_after_leaving_and_while_the_date_of_birth_is_not_known() {
    for student in [left(minor(Grade::Twelfth)), of_unknown_age()] {
        assert_eq!(asks(student.clone(), Relation::Student), Ok(Relation::Student));
        assert_eq!(asks(student, Relation::Guardian), Ok(Relation::Guardian));
    }
}

#[test]
fn whom_an_order_shuts_out_asks_for_nothing_and_nobody_does_through_what_only_reads() {
    let none = Fact { rights: Some(Rights::None), ..confirmed(Relation::Guardian) };
    assert_eq!(on(CaseDeed::Ask, minor(Grade::Tenth), &[none], None), Err(Refusal::Unknown));
    assert_eq!(on(CaseDeed::Ask, minor(Grade::Tenth), &[unconfirmed(Relation::Guardian)], None), Err(Refusal::Unknown));
    let reads = Ceiling { sections: Section::ALL.iter().copied().collect(), writes: false, offices: true };
    assert_eq!(on(CaseDeed::Ask, minor(Grade::Tenth), &[confirmed(Relation::Student)], Some(reads)), Err(Refusal::Forbidden));
    assert_eq!(on(CaseDeed::Decide, minor(Grade::Tenth), &[confirmed(Relation::Custodian)], Some(reads)), Err(Refusal::Forbidden));
}

#[test]
fn a_custodian_reads_what_an_open_request_is_about_and_writes_none_of_it() {
    let frame = "S0,S1a,S1b,S14";
    let custodian = World::of(minor(Grade::Tenth), [confirmed(Relation::Custodian)]);
    assert_eq!(custodian.reads(), frame);
    let about = [Section::SchoolRecords, Section::Confidential].into_iter().collect();
    let in_case = World::of(minor(Grade::Tenth), [Fact { sections: Some(about), ..confirmed(Relation::Custodian) }]);
    assert_eq!(in_case.reads(), "S0,S1a,S1b,S3,S10,S14");
    assert_eq!(in_case.writes(), custodian.writes());
}

#[test]
fn l13_what_is_about_another_student_is_seen_by_staff_whoever_made_the_record() {
    let sees = |relations: &[Fact], author: Option<u128>| {
        let context = Context { today: TODAY, now: now(), ceiling: None, switches: &WIDEST, guardians_trusted: false };
        let facts = Facts::of(minor(Grade::Tenth), relations.to_vec());
        sees_third_parties(Section::PlanOfStudy, &Item::of(author.map(person), Some(person(7))), &facts, &context)
    };
    for relation in Relation::ALL.iter().copied() {
        let staff = matches!(
            relation,
            Relation::Gatekeeper
                | Relation::Teacher
                | Relation::CareerReviewer
                | Relation::SupportSpecialist
                | Relation::RosterTeacher
                | Relation::Emergency
        );
        assert_eq!(sees(&[confirmed(relation)], Some(8)), staff, "{relation}");
        assert_eq!(sees(&[confirmed(relation)], Some(7)), staff, "{relation}");
    }
    // One relation more takes nothing away.
    assert!(sees(&[confirmed(Relation::Guardian), confirmed(Relation::Teacher)], None));
    let over = Fact { valid_to: Some(TODAY), ..confirmed(Relation::Teacher) };
    assert!(!sees(&[confirmed(Relation::Guardian), over], None));
}
