//! Invariants on every cell of the table, rather than on random worlds: every relation, action and section, for every kind of student.

use super::*;

/// Days around today, as the beginning and the end of a relation.
fn edges() -> [Option<NaiveDate>; 4] {
    [None, Some(days_away(-1)), Some(TODAY), Some(days_away(1))]
}

fn worlds(relations: &[Fact]) -> Vec<World> {
    let students = [minor(Grade::Eighth), minor(Grade::Tenth), eligible(), of_unknown_age(), left(minor(Grade::Tenth))];
    students
        .into_iter()
        .flat_map(|student| [STRICTEST, WIDEST].map(|switches| World::of(student.clone(), relations.to_vec()).in_state(switches)))
        .collect()
}

/// Whether each thing that can be asked is allowed.
fn allowed(world: &World, item: Item) -> Vec<bool> {
    let asks = Action::ALL.iter().flat_map(|action| Section::ALL.iter().map(|section| (*action, *section)));
    asks.map(|(action, section)| world.may_on(action, section, item)).collect()
}

fn items() -> [Item; 3] {
    [Item::default(), Item::new_by(person(7)), Item::of(Some(person(8)), Some(person(7))).as_progress()]
}

#[test]
fn i9_on_every_cell_narrower_dates_leave_the_relation_or_nothing_of_it() {
    for relation in Relation::ALL {
        let always = worlds(&[confirmed(*relation)]);
        for (from, to) in edges().into_iter().flat_map(|from| edges().map(|to| (from, to))) {
            let narrow = Fact { valid_from: from, valid_to: to, ..confirmed(*relation) };
            let in_force = from.is_none_or(|from| from <= TODAY) && to.is_none_or(|to| to > TODAY);
            for (wide, narrow) in always.iter().zip(worlds(&[narrow])) {
                for item in items() {
                    let wide = allowed(wide, item);
                    let left = if in_force { wide } else { vec![false; wide.len()] };
                    assert_eq!(allowed(&narrow, item), left, "{relation} from {from:?} to {to:?}");
                }
            }
        }
    }
}

#[test]
fn i10_on_every_cell_two_relations_allow_in_any_order_and_number_what_either_allows() {
    for one in Relation::ALL {
        for other in Relation::ALL {
            let (a, b) = (confirmed(*one), confirmed(*other));
            let (only_a, only_b) = (worlds(&[a]), worlds(&[b]));
            let together = [worlds(&[a, b]), worlds(&[b, a]), worlds(&[b, a, b, a])];
            for (n, (only_a, only_b)) in only_a.iter().zip(&only_b).enumerate() {
                for item in items() {
                    let either: Vec<bool> = allowed(only_a, item).into_iter().zip(allowed(only_b, item)).map(|(a, b)| a || b).collect();
                    for worlds in &together {
                        assert_eq!(allowed(&worlds[n], item), either, "{one} and {other}");
                    }
                }
            }
        }
    }
}

#[test]
fn i11_on_every_cell_a_relation_beside_one_that_has_ended_is_as_if_alone() {
    for ended in Relation::ALL {
        for standing in Relation::ALL {
            let over = Fact { valid_to: Some(TODAY), ..confirmed(*ended) };
            for (alone, beside) in worlds(&[confirmed(*standing)]).iter().zip(worlds(&[over, confirmed(*standing)])) {
                for item in items() {
                    assert_eq!(allowed(alone, item), allowed(&beside, item), "{standing} beside a {ended} that was");
                }
            }
        }
    }
}
