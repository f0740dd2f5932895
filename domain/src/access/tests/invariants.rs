//! The invariants of the model (access.md 5.3), against random worlds: several relations at once, any dates, any record.
//!
//! Not here, because what they speak of is not in the facts yet or not of one decision: I2 (districts: `tests/it/tenancy.rs` and `wall.rs`, over
//! the wall in the database), I7 (groups, mentors), I12 (aggregates). Of I5 the privacy requests, of I6 the two approvers, of I8 the
//! named and the custodian's case, of I11 the shares come with the relations and records that carry them.

use proptest::prelude::*;

use super::*;

fn any_date() -> impl Strategy<Value = Option<NaiveDate>> {
    proptest::option::of((-400_i64..400).prop_map(days_away))
}

fn any_fact() -> impl Strategy<Value = Fact> {
    let rights = prop_oneof![8 => Just(Some(Rights::Full)), 1 => Just(Some(Rights::None)), 1 => Just(None)];
    (proptest::sample::select(Relation::ALL), rights, proptest::bool::weighted(0.7), any_date(), any_date()).prop_map(
        |(relation, rights, confirmed, valid_from, valid_to)| Fact {
            relation,
            rights: rights.filter(|_| relation == Relation::Guardian),
            confirmed,
            valid_from,
            valid_to,
        },
    )
}

fn any_student() -> impl Strategy<Value = StudentFacts> {
    let birth_date = proptest::option::weighted(0.8, (-8_000_i64..-3_500).prop_map(days_away));
    let postsecondary_from = proptest::option::weighted(0.1, (-50_i64..50).prop_map(days_away));
    (proptest::option::of(proptest::sample::select(Grade::ALL)), birth_date, postsecondary_from, proptest::bool::weighted(0.8)).prop_map(
        |(grade, birth_date, postsecondary_from, active)| StudentFacts { grade, birth_date, postsecondary_from, active, ..minor(Grade::Tenth) },
    )
}

pub(super) fn any_world() -> impl Strategy<Value = World> {
    let switches = proptest::sample::select(vec![UTAH, RHODE_ISLAND, STRICTEST, WIDEST]);
    (any_student(), proptest::collection::vec(any_fact(), 0..5), switches, any::<bool>())
        .prop_map(|(student, relations, switches, guardians_trusted)| World { facts: Facts { student, relations }, switches, guardians_trusted })
}

pub(super) fn any_item() -> impl Strategy<Value = Item> {
    let someone = || proptest::option::of((7_u128..9).prop_map(person));
    (someone(), someone(), any::<bool>()).prop_map(|(author, caller, progress)| Item { author, caller, progress })
}

fn is_shut_out(world: &World) -> bool {
    world.facts.relations.iter().any(|fact| fact.rights == Some(Rights::None) && fact.in_force(TODAY))
}

/// Everything that can be asked of a record.
pub(super) fn asks() -> impl Iterator<Item = (Action, Section)> {
    Action::ALL.iter().flat_map(|action| Section::ALL.iter().map(|section| (*action, *section)))
}

/// Whether the second world allows nothing that the first does not.
fn allows_no_more(before: &World, after: &World, item: Item) -> Result<(), TestCaseError> {
    for (action, section) in asks() {
        let allowed = |world: &World| world.may_on(action, section, item);
        prop_assert!(allowed(before) || !allowed(after), "{} {} was gained: {:?}", action, section, after.facts);
    }
    Ok(())
}

fn with_relations(world: &World, relations: Vec<Fact>) -> World {
    World { facts: Facts { relations, ..world.facts.clone() }, ..world.clone() }
}

proptest! {
    #[test]
    fn i1_nothing_is_allowed_without_a_relation_in_force(world in any_world(), item in any_item()) {
        let over = world.facts.relations.iter().filter(|fact| !fact.in_force(TODAY)).copied().collect();
        let stranger = with_relations(&world, over);
        for (action, section) in asks() {
            prop_assert_eq!(stranger.decide_on(action, section, item), Decision::Deny);
        }
    }

    #[test]
    fn i1_the_reason_is_a_relation_that_the_caller_has(world in any_world(), item in any_item()) {
        for (action, section) in asks() {
            if let Some(relation) = world.decide_on(action, section, item).relation() {
                prop_assert!(world.facts.relations.iter().any(|fact| fact.relation == relation && fact.in_force(TODAY)));
            }
        }
    }

    #[test]
    fn i3_the_rights_holder_reads_every_section(world in any_world(), item in any_item()) {
        prop_assume!(!is_shut_out(&world));
        let holder = match rights_holder(&world.facts.student, TODAY) {
            RightsHolder::Student => vec![Relation::Student],
            RightsHolder::Guardians => vec![Relation::Student, Relation::Guardian],
            RightsHolder::Unknown => vec![Relation::Student],
        };
        for relation in holder {
            let relations = world.facts.relations.iter().copied().chain([confirmed(relation)]).collect();
            let world = with_relations(&world, relations);
            for section in Section::ALL {
                prop_assert!(world.may_on(Action::Read, *section, item), "{} {}", relation, section);
            }
        }
    }

    #[test]
    fn i4_whoever_writes_in_any_way_reads_back_what_they_wrote(world in any_world(), progress in any::<bool>()) {
        let people: Vec<Fact> = world.facts.relations.iter().copied().filter(|fact| fact.relation != Relation::SisClient).collect();
        let world = with_relations(&world, people);
        let own = Item { progress, ..Item::new_by(person(7)) };
        for (action, section) in asks() {
            if world.may_on(action, section, own) {
                prop_assert!(world.may_on(Action::Read, section, own), "{} {}", action, section);
            }
        }
    }

    #[test]
    fn i4_a_writer_of_a_whole_section_reads_the_whole_section(world in any_world()) {
        let people: Vec<Fact> = world.facts.relations.iter().copied().filter(|fact| fact.relation != Relation::SisClient).collect();
        let world = with_relations(&world, people);
        let writable = writable_sections(&world.facts, &world.context());
        prop_assert!(readable_sections(&world.facts, &world.context()).covers(writable));
    }

    #[test]
    fn i5_an_order_that_leaves_no_rights_beats_every_relation(world in any_world(), item in any_item(), confirmed_order in any::<bool>()) {
        let order = Fact { rights: Some(Rights::None), confirmed: confirmed_order, ..confirmed(Relation::Guardian) };
        let ordered = with_relations(&world, world.facts.relations.iter().copied().chain([order]).collect());
        for (action, section) in asks() {
            prop_assert_eq!(ordered.decide_on(action, section, item), Decision::Deny);
        }
    }

    #[test]
    fn i5_a_relation_revoked_today_allows_nothing_more_today(world in any_world(), item in any_item()) {
        let revoked = world.facts.relations.iter().map(|fact| Fact { valid_to: Some(TODAY), ..*fact }).collect();
        let revoked = with_relations(&world, revoked);
        for (action, section) in asks() {
            prop_assert_eq!(revoked.decide_on(action, section, item), Decision::Deny);
        }
    }

    #[test]
    fn i11_a_participant_who_is_removed_has_what_one_has_who_never_was(world in any_world(), item in any_item(), which in any::<proptest::sample::Index>()) {
        prop_assume!(!world.facts.relations.is_empty());
        let at = which.index(world.facts.relations.len());
        let mut ended = world.facts.relations.clone();
        ended[at].valid_to = Some(TODAY);
        let mut never = world.facts.relations.clone();
        never.remove(at);
        let (ended, never) = (with_relations(&world, ended), with_relations(&world, never));
        for (action, section) in asks() {
            prop_assert_eq!(ended.decide_on(action, section, item), never.decide_on(action, section, item));
        }
    }

    #[test]
    fn i6_an_operator_reads_nothing_in_any_world(world in any_world(), item in any_item()) {
        let operator = with_relations(&world, vec![confirmed(Relation::Operator)]);
        for (action, section) in asks() {
            prop_assert!(!operator.may_on(action, section, item));
        }
    }

    #[test]
    fn i8_r22_confidential_extracts_are_for_student_and_guardian_alone(world in any_world(), item in any_item()) {
        for action in Action::ALL {
            if let Some(relation) = world.decide_on(*action, Section::Confidential, item).relation() {
                prop_assert!(matches!(relation, Relation::Student | Relation::Guardian), "{}", relation);
                prop_assert_eq!(*action, Action::Read);
            }
        }
    }

    #[test]
    fn i9_narrowing_the_dates_of_a_relation_adds_no_right(world in any_world(), item in any_item(), which in any::<proptest::sample::Index>(), from in any_date(), to in any_date()) {
        prop_assume!(!world.facts.relations.is_empty());
        let mut relations = world.facts.relations.clone();
        let fact = &mut relations[which.index(world.facts.relations.len())];
        // An order that shuts out is no grant: to narrow it is to lift it.
        prop_assume!(fact.rights != Some(Rights::None));
        fact.valid_from = fact.valid_from.max(from);
        fact.valid_to = match (fact.valid_to, to) { (Some(a), Some(b)) => Some(a.min(b)), (a, b) => a.or(b) };
        allows_no_more(&world, &with_relations(&world, relations), item)?;
    }

    #[test]
    fn i9_taking_away_a_relation_its_confirmation_or_its_rights_adds_no_right(world in any_world(), item in any_item(), which in any::<proptest::sample::Index>()) {
        prop_assume!(!world.facts.relations.is_empty());
        let at = which.index(world.facts.relations.len());
        prop_assume!(world.facts.relations[at].rights != Some(Rights::None));
        let mut without = world.facts.relations.clone();
        without.remove(at);
        allows_no_more(&world, &with_relations(&world, without), item)?;
        let mut unconfirmed = world.facts.relations.clone();
        unconfirmed[at].confirmed = false;
        allows_no_more(&world, &with_relations(&world, unconfirmed), item)?;
        let mut rightless = world.facts.relations.clone();
        rightless[at].rights = None;
        allows_no_more(&world, &with_relations(&world, rightless), item)?;
    }

    #[test]
    fn i9_a_denial_more_adds_no_right(world in any_world(), item in any_item(), mut order in any_fact()) {
        order = Fact { relation: Relation::Guardian, rights: Some(Rights::None), ..order };
        let relations = world.facts.relations.iter().copied().chain([order]).collect();
        allows_no_more(&world, &with_relations(&world, relations), item)?;
    }

    #[test]
    fn i9_leaving_and_a_switch_turned_off_add_no_right(world in any_world(), item in any_item()) {
        let gone = World { facts: Facts { student: left(world.facts.student), ..world.facts.clone() }, ..world.clone() };
        allows_no_more(&world, &gone, item)?;
        allows_no_more(&world, &world.clone().in_state(STRICTEST), item)?;
        allows_no_more(&world, &World { guardians_trusted: false, ..world.clone() }, item)?;
    }

    #[test]
    fn i10_neither_order_nor_repetition_of_facts_makes_a_difference(
        (world, shuffled) in any_world().prop_flat_map(|world| {
            let twice: Vec<Fact> = world.facts.relations.iter().chain(&world.facts.relations).copied().collect();
            (Just(world), Just(twice).prop_shuffle())
        }),
        item in any_item(),
    ) {
        let other = with_relations(&world, shuffled);
        for (action, section) in asks() {
            prop_assert_eq!(world.decide_on(action, section, item), other.decide_on(action, section, item));
        }
    }

    #[test]
    fn who_reads_a_section_reads_the_progress_in_it(world in any_world()) {
        let all = readable_sections(&world.facts, &world.context());
        prop_assert!(progress_sections(&world.facts, &world.context()).covers(all));
    }

    #[test]
    fn a_refusal_is_told_only_to_whoever_may_read(world in any_world(), item in any_item()) {
        for section in Section::ALL {
            let knows = knows_of(*section, &item, &world.facts, &world.context());
            prop_assert_eq!(knows, world.may_on(Action::Read, *section, item));
        }
    }
}
