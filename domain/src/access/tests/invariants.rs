//! The invariants of the model (access.md 5.3), against random worlds: several relations at once, any dates, any record.
//!
//! Not here, because what they speak of is not of one decision: I2 (districts: `tests/it/tenancy.rs` and `wall.rs`, over the wall in the
//! database), I12 (aggregates). I6 holds the stricter way: an operator reads nothing, by nobody's approval.

use proptest::prelude::*;

use super::*;

fn any_date() -> impl Strategy<Value = Option<NaiveDate>> {
    proptest::option::of((-400_i64..400).prop_map(days_away))
}

fn any_fact() -> impl Strategy<Value = Fact> {
    let rights = prop_oneof![8 => Just(Some(Rights::Full)), 1 => Just(Some(Rights::None)), 1 => Just(None)];
    let dated = (proptest::bool::weighted(0.7), any_date(), any_date());
    let limited = (proptest::option::of(any_sections()), any_goal(), any_program(), proptest::option::weighted(0.3, any_date()));
    let signed = (any_date(), any::<bool>(), proptest::bool::weighted(0.2), -60_i64..120);
    (proptest::sample::select(Relation::ALL), rights, dated, limited, signed).prop_map(
        |(
            relation,
            rights,
            (is_confirmed, valid_from, valid_to),
            (sections, goal, program, dependent),
            (student_on, guardian, objection, minutes),
        )| {
            let full = confirmed(relation);
            Fact {
                rights: rights.filter(|_| relation == Relation::Guardian),
                confirmed: is_confirmed,
                valid_from,
                valid_to,
                until: full.until.map(|_| now() + TimeDelta::minutes(minutes)),
                sections: full.sections.and(sections).or(sections.filter(|_| relation == Relation::Custodian)),
                goal: goal.filter(|_| full.signatures.is_some()),
                program: full.program.and(program),
                signatures: full.signatures.map(|_| Signatures { student_on, guardian, objection }),
                dependent_until: dependent.flatten().filter(|_| relation == Relation::Guardian),
                ..full
            }
        },
    )
}

fn any_sections() -> impl Strategy<Value = Sections> {
    proptest::collection::vec(proptest::sample::select(Section::ALL), 0..12).prop_map(|sections| sections.into_iter().collect())
}

fn any_goal() -> impl Strategy<Value = Option<GoalId>> {
    proptest::option::weighted(0.3, (1_u128..3).prop_map(|n| GoalId(Uuid::from_u128(n))))
}

fn any_program() -> impl Strategy<Value = Option<SupportProgram>> {
    proptest::option::of(proptest::sample::select(SupportProgram::ALL))
}

fn any_restriction() -> impl Strategy<Value = Restriction> {
    (proptest::option::of(any_sections()), any_date(), any_date()).prop_map(|(sections, valid_from, valid_to)| Restriction {
        sections,
        valid_from,
        valid_to,
    })
}

fn any_preference() -> impl Strategy<Value = Preference> {
    (proptest::sample::select(Section::ALL), proptest::sample::select(Relation::ALL), proptest::sample::select(Choice::ALL))
        .prop_map(|(section, relation, choice)| Preference { section, relation, choice })
}

fn any_ceiling() -> impl Strategy<Value = Option<Ceiling>> {
    proptest::option::weighted(
        0.2,
        (any_sections(), any::<bool>(), any::<bool>()).prop_map(|(sections, writes, offices)| Ceiling { sections, writes, offices }),
    )
}

fn any_student() -> impl Strategy<Value = StudentFacts> {
    let birth_date = proptest::option::weighted(0.8, (-8_000_i64..-3_500).prop_map(days_away));
    let period = (proptest::sample::select(AdultBasis::ALL), -50_i64..50, proptest::option::of(0_i64..50))
        .prop_map(|(basis, from, days)| AdultPeriod { basis, from: days_away(from), to: days.map(|days| days_away(from + days)) });
    let adult = proptest::option::weighted(0.2, proptest::collection::vec(period, 1..3)).prop_map(Option::unwrap_or_default);
    (proptest::option::of(proptest::sample::select(Grade::ALL)), birth_date, adult, proptest::bool::weighted(0.8))
        .prop_map(|(grade, birth_date, adult, active)| StudentFacts { grade, birth_date, adult, active, ..minor(Grade::Tenth) })
}

pub(super) fn any_world() -> impl Strategy<Value = World> {
    let switches = proptest::sample::select(vec![UTAH, RHODE_ISLAND, STRICTEST, WIDEST]);
    let privacy = (proptest::collection::vec(any_restriction(), 0..2), proptest::collection::vec(any_preference(), 0..6));
    (any_student(), proptest::collection::vec(any_fact(), 0..5), privacy, switches, any::<bool>(), any_ceiling()).prop_map(
        |(student, relations, (restrictions, preferences), switches, guardians_trusted, ceiling)| World {
            facts: Facts { student, relations, restrictions, preferences },
            switches,
            guardians_trusted,
            ceiling,
        },
    )
}

pub(super) fn any_item() -> impl Strategy<Value = Item> {
    let someone = || proptest::option::of((7_u128..9).prop_map(person));
    (someone(), someone(), any::<bool>(), any::<bool>(), any_goal(), any_program())
        .prop_map(|(author, caller, progress, first_name, goal, program)| Item { author, caller, progress, first_name, goal, program })
}

fn is_shut_out(world: &World) -> bool {
    !world.facts.restrictions.is_empty() || world.facts.relations.iter().any(|fact| fact.rights == Some(Rights::None) && fact.in_force(TODAY))
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
            let world = World { ceiling: None, ..with_relations(&world, relations) };
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
    fn i5_what_the_student_hides_no_relation_reads_but_the_rights_holders_the_custodians_and_an_emergency(world in any_world(), item in any_item(), section in proptest::sample::select(Section::ALL)) {
        let mut hidden = world;
        hidden.facts.preferences.extend(Relation::ALL.iter().map(|relation| Preference { section, relation: *relation, choice: Choice::Hide }));
        let rights_passed = rights_holder(&hidden.facts.student, TODAY) == RightsHolder::Student;
        if let Some(relation) = hidden.decide_on(Action::Read, section, item).relation() {
            let exempt = matches!(relation, Relation::Student | Relation::Custodian | Relation::Emergency | Relation::SisClient);
            prop_assert!(exempt || (relation == Relation::Guardian && !rights_passed), "{}", relation);
        }
    }

    #[test]
    fn i5_an_order_keeps_from_what_it_names_by_every_relation(world in any_world(), item in any_item(), sections in any_sections()) {
        let mut ordered = world;
        ordered.facts.restrictions.push(Restriction { sections: Some(sections), valid_from: None, valid_to: None });
        for (action, section) in asks().filter(|(_, section)| sections.contains(*section)) {
            prop_assert_eq!(ordered.decide_on(action, section, item), Decision::Deny);
        }
    }

    #[test]
    fn i7_groups_and_mentors_reach_none_of_the_closed_sections_but_their_own_feedback(world in any_world(), item in any_item()) {
        use Section as S;
        let invited = world.facts.relations.iter().copied().filter(|fact| matches!(fact.relation, Relation::Mentor | Relation::GroupMember)).collect();
        let invited = with_relations(&world, invited);
        let closed = [S::Contacts, S::SchoolRecords, S::FinancialAid, S::PersonalSocial, S::Transition, S::Confidential, S::Conferences, S::Feedback,
            S::ResourceRequests, S::Privacy];
        for (action, section) in asks().filter(|(_, section)| closed.contains(section)) {
            let own = section == S::Feedback && item.author.is_some() && item.author == item.caller;
            prop_assert!(own || !invited.may_on(action, section, item), "{} {}", action, section);
        }
    }

    #[test]
    fn i9_a_preference_to_hide_a_restriction_or_a_ceiling_more_adds_no_right(world in any_world(), item in any_item(), preference in any_preference(), restriction in any_restriction(), ceiling in any_ceiling()) {
        let mut narrower = world.clone();
        narrower.facts.preferences.push(Preference { choice: Choice::Hide, ..preference });
        narrower.facts.restrictions.push(restriction);
        narrower.ceiling = match (world.ceiling, ceiling) {
            (Some(one), Some(other)) => Some(one.and(other)),
            (one, other) => one.or(other),
        };
        allows_no_more(&world, &narrower, item)?;
    }

    #[test]
    fn i9_naming_fewer_sections_or_losing_a_signature_adds_no_right(world in any_world(), item in any_item(), which in any::<proptest::sample::Index>(), fewer in any_sections()) {
        prop_assume!(!world.facts.relations.is_empty());
        let mut relations = world.facts.relations.clone();
        let fact = &mut relations[which.index(world.facts.relations.len())];
        fact.sections = fact.sections.map(|sections| sections.intersection(fewer));
        let named = with_relations(&world, relations.clone());
        allows_no_more(&world, &named, item)?;
        let fact = &mut relations[which.index(world.facts.relations.len())];
        fact.signatures = fact.signatures.map(|_| Signatures::default());
        allows_no_more(&named, &with_relations(&world, relations), item)?;
    }

    #[test]
    fn a_consent_unsigned_opens_nothing(world in any_world(), item in any_item()) {
        let mut unsigned: Vec<Fact> = world.facts.relations.iter().copied().filter(|fact| fact.signatures.is_some()).collect();
        unsigned.iter_mut().for_each(|fact| fact.signatures = Some(Signatures::default()));
        let unsigned = with_relations(&world, unsigned);
        for (action, section) in asks() {
            prop_assert_eq!(unsigned.decide_on(action, section, item), Decision::Deny);
        }
    }

    #[test]
    fn an_emergency_reads_only_and_never_consents_or_disclosures(world in any_world(), item in any_item()) {
        let emergency = world.facts.relations.iter().copied().filter(|fact| fact.relation == Relation::Emergency).collect();
        let emergency = with_relations(&world, emergency);
        for (action, section) in asks() {
            prop_assert!(!emergency.may_on(action, section, item) || (action == Action::Read && section != Section::Privacy));
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
    fn i8_r22_nobody_reads_confidential_extracts_without_being_the_family_in_the_programme_or_named(world in any_world(), item in any_item()) {
        for action in Action::ALL {
            if let Some(relation) = world.decide_on(*action, Section::Confidential, item).relation() {
                let names = |fact: &Fact| fact.sections.is_some_and(|sections| sections.contains(Section::Confidential));
                let named = world.facts.relations.iter().any(|fact| fact.relation == relation && names(fact));
                match relation {
                    Relation::SupportSpecialist => prop_assert!(item.program.is_some()),
                    // The custodian by a case of the family: what it asks to see (L12).
                    Relation::ConsentedGuardian | Relation::Emergency | Relation::Custodian => prop_assert!(named && *action == Action::Read),
                    _ => prop_assert!(matches!(relation, Relation::Student | Relation::Guardian) && *action == Action::Read, "{}", relation),
                }
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
        let gone = World { facts: Facts { student: left(world.facts.student.clone()), ..world.facts.clone() }, ..world.clone() };
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
