//! Break-glass, case by case: who may declare, end and review an emergency.

use super::*;

const KURT: u128 = 27;

fn facts(relations: impl IntoIterator<Item = Fact>) -> Facts {
    Facts::of(minor(Grade::Tenth), relations.into_iter().collect())
}

fn on(facts: &Facts, deed: EmergencyDeed, declared_by: Option<u128>, ceiling: Option<Ceiling>) -> Result<Relation, Refusal> {
    let context = Context { today: TODAY, now: now(), ceiling, switches: &WIDEST, guardians_trusted: false };
    decide_emergency(deed, &Item::of(declared_by.map(person), Some(person(KURT))), facts, &context)
}

fn declares(facts: &Facts) -> Result<Relation, Refusal> {
    on(facts, EmergencyDeed::Declare, None, None)
}

#[test]
fn gatekeeper_principal_and_custodian_declare_an_emergency_and_nobody_else() {
    use Refusal::{Forbidden, Unknown};
    for relation in Relation::ALL.iter().copied() {
        let expected = match relation {
            Relation::Gatekeeper | Relation::SchoolManager | Relation::Custodian => Ok(relation),
            // Who reads no more than that there is a file, less, or as much as a consent names.
            Relation::Coordinator | Relation::Mentor | Relation::GroupMember | Relation::StateClient | Relation::Operator => Err(Unknown),
            _ => Err(Forbidden),
        };
        assert_eq!(declares(&facts([confirmed(relation)])), expected, "{relation}");
    }
    assert_eq!(declares(&facts([])), Err(Unknown));
}

#[test]
fn a_relation_that_is_over_declares_nothing() {
    let over = Fact { valid_to: Some(TODAY), ..confirmed(Relation::Gatekeeper) };
    assert_eq!(declares(&facts([over])), Err(Refusal::Unknown));
    assert_eq!(declares(&facts([over, confirmed(Relation::Teacher)])), Err(Refusal::Forbidden));
    let unconfirmed = Fact { confirmed: false, ..confirmed(Relation::Gatekeeper) };
    assert_eq!(declares(&facts([unconfirmed, confirmed(Relation::Emergency)])), Err(Refusal::Forbidden), "an emergency is no way to another");
}

#[test]
fn an_order_a_departure_and_the_limits_of_an_application_hold_in_an_emergency() {
    let order = Restriction { sections: None, valid_from: None, valid_to: None };
    let gatekeeper = facts([confirmed(Relation::Gatekeeper)]);
    assert_eq!(declares(&Facts { restrictions: vec![order], ..gatekeeper.clone() }), Err(Refusal::Unknown));
    let gone = Facts::of(left(minor(Grade::Tenth)), vec![confirmed(Relation::Custodian)]);
    assert_eq!(declares(&gone), Err(Refusal::Forbidden));
    let reads = Ceiling { sections: Section::ALL.iter().copied().collect(), writes: false, offices: true };
    assert_eq!(on(&gatekeeper, EmergencyDeed::Declare, None, Some(reads)), Err(Refusal::Forbidden));
}

#[test]
fn nobody_reviews_their_own_and_nobody_but_a_custodian_anothers() {
    let custodian = facts([confirmed(Relation::Custodian)]);
    assert_eq!(on(&custodian, EmergencyDeed::Review, Some(20), None), Ok(Relation::Custodian));
    assert_eq!(on(&custodian, EmergencyDeed::Review, Some(KURT), None), Err(Refusal::Forbidden));
    for relation in Relation::ALL.iter().copied().filter(|relation| *relation != Relation::Custodian) {
        for deed in [EmergencyDeed::Read, EmergencyDeed::End, EmergencyDeed::Review] {
            assert_eq!(on(&facts([confirmed(relation)]), deed, Some(20), None), Err(Refusal::Unknown), "{relation}");
        }
    }
}

#[test]
fn who_declared_an_emergency_sees_and_ends_it() {
    for deed in [EmergencyDeed::Read, EmergencyDeed::End] {
        assert_eq!(on(&facts([]), deed, Some(KURT), None), Ok(Relation::Emergency));
        assert_eq!(on(&facts([confirmed(Relation::Custodian)]), deed, Some(20), None), Ok(Relation::Custodian));
    }
}

#[test]
fn ones_own_emergency_is_seen_and_ended_through_a_front_end_that_is_approved_for_it() {
    let reads = Some(Ceiling { sections: Sections::NONE.with(Section::Privacy), writes: false, offices: false });
    assert_eq!(on(&facts([]), EmergencyDeed::Read, Some(KURT), reads), Ok(Relation::Emergency));
    assert_eq!(on(&facts([]), EmergencyDeed::End, Some(KURT), reads), Err(Refusal::Forbidden));
    let elsewhere = Some(Ceiling { sections: Sections::NONE.with(Section::Career), writes: true, offices: true });
    assert_eq!(on(&facts([]), EmergencyDeed::Read, Some(KURT), elsewhere), Err(Refusal::Forbidden));
}

#[test]
fn the_caller_is_in_an_emergency_while_one_lasts() {
    let until = |relations: Vec<Fact>| {
        let context = Context { today: TODAY, now: now(), ceiling: None, switches: &WIDEST, guardians_trusted: false };
        in_emergency_until(&facts(relations), &context)
    };
    let ending = |minutes| Fact { until: Some(now() + TimeDelta::minutes(minutes)), ..confirmed(Relation::Emergency) };
    assert_eq!(until(vec![confirmed(Relation::Gatekeeper)]), None);
    assert_eq!(until(vec![ending(0)]), None);
    assert_eq!(until(vec![ending(5), ending(9), ending(-3)]), Some(now() + TimeDelta::minutes(9)));
}
