//! G2 and G3: the decision is held against a second one, written apart from it from access.md, in random worlds; and the comparison is
//! held against deliberate mistakes, each of which it must find.
//!
//! The mistakes are made in the model. That shows as much as making them in the code: the two agree, so a code with the mistake would
//! differ from the model in the very worlds in which the model with it differs from the code.
//!
//! `OPENILP_WORLDS=200000000 cargo test -p openilp-tests --test model -- g2_ --nocapture` is the long run.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::as_conversions, clippy::disallowed_methods, reason = "tests")]

mod matrix_text;
mod model;
mod rules;
mod world;

use std::time::Instant;

use openilp_domain::access::{Action, Relation, Section};

use model::Model;
use rules::{Mutant, Rule, Slip};
use world::{Random, World};

/// How many worlds CI compares.
const WORLDS: u64 = 10_000_000;
/// How many worlds have one seed: what fails can be had again by rolling at most as many.
const BATCH: u64 = 100_000;
/// In how many worlds a mistake must show, in one of the rules …
const WORLDS_FOR_A_RULE: u64 = 1_000_000;
/// … and in one cell, when only this cell is asked about.
const WORLDS_FOR_A_CELL: u64 = 50_000;
/// How often each rule is to be found true, and untrue.
const EACH_WAY: u64 = 10_000;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is to be a number")))
}

/// What one thread saw.
struct Seen {
    allowed: u64,
    found: Vec<[u64; 2]>,
}

fn compare(batches: impl Iterator<Item = u64>, last: u64) -> Seen {
    let (mut model, mut world, mut allowed) = (Model::new(), World::blank(), 0);
    for seed in batches {
        let mut random = Random::new(seed);
        for n in 0..BATCH.min(last - seed * BATCH) {
            world.roll(&mut random);
            let (decided, expected) = (world.decided().relation(), model.allows(&world));
            allowed += u64::from(expected.is_some());
            if decided != expected {
                let simplest = world.shrunk(|world| world.decided().relation() != Model::new().allows(world));
                panic!(
                    "seed {seed}, world {n}, at its simplest: the code says {:?}, access.md {:?} to\n{simplest}",
                    simplest.decided().relation(),
                    Model::new().allows(&simplest)
                );
            }
        }
    }
    Seen { allowed, found: model.found }
}

#[test]
fn g2_decisions_equal_those_of_the_reference_model_in_random_worlds() {
    let worlds = number("OPENILP_WORLDS", WORLDS);
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    let began = Instant::now();
    let batches = worlds.div_ceil(BATCH);
    let seen: Vec<Seen> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(move || compare((thread..batches).step_by(threads as usize), worlds))).collect();
        running.into_iter().map(|thread| thread.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause))).collect()
    });
    let allowed: u64 = seen.iter().map(|seen| seen.allowed).sum();
    let percent = allowed * 100 / worlds;
    println!("{worlds} worlds agree, {percent} % allowed, {:.1} s on {threads} threads", began.elapsed().as_secs_f64());
    assert!((20..=60).contains(&percent), "{percent} % are allowed: worlds in which nearly all is refused, or allowed, say little");
    // Fewer worlds than CI's are a quick look, which need not reach the rare rules so often.
    let mut rare = vec![];
    for rule in Rule::ALL.iter().filter(|_| worlds >= WORLDS) {
        for (way, name) in ["untrue", "true"].into_iter().enumerate() {
            let times: u64 = seen.iter().map(|seen| seen.found[*rule as usize][way]).sum();
            if times < EACH_WAY {
                rare.push(format!("{rule:?} {name} {times} times"));
            }
        }
    }
    assert!(rare.is_empty(), "found too seldom: {}", rare.join(", "));
}

/// The number of the first world in which the model differs from the code.
fn caught(mutant: Option<Mutant>, worlds: u64) -> Option<u64> {
    let (mut model, mut random, mut world) = (Model::with(mutant), Random::new(7), World::blank());
    (1..=worlds).find(|_| {
        world.roll(&mut random);
        if let Some(Mutant::Cell(_, section, action)) = mutant {
            (world.section, world.action) = (section, action);
        }
        world.decided().relation() != model.allows(&world)
    })
}

#[test]
fn g3_every_deliberate_mistake_in_a_rule_is_caught() {
    assert_eq!(caught(None, WORLDS_FOR_A_RULE), None, "without a mistake nothing is to be found");
    let rules = Rule::ALL.iter().flat_map(|rule| [Mutant::Always(*rule), Mutant::Never(*rule)]);
    let mutants: Vec<Mutant> = rules.chain(Slip::ALL.iter().copied().map(Mutant::Slip)).collect();
    assert!(mutants.len() >= 60, "{}", mutants.len());
    let mut survivors = vec![];
    for mutant in &mutants {
        match caught(Some(*mutant), WORLDS_FOR_A_RULE) {
            Some(worlds) => println!("{mutant:?}: caught in world {worlds}"),
            None => survivors.push(*mutant),
        }
    }
    println!("{} of {} caught", mutants.len() - survivors.len(), mutants.len());
    assert_eq!(survivors, [], "these mistakes would go unnoticed");
}

#[test]
fn g3_one_action_more_or_fewer_in_any_cell_is_caught() {
    let mut cells = 0;
    for relation in Relation::ALL {
        for section in Section::ALL {
            for action in Action::ALL {
                cells += 1;
                let mutant = Mutant::Cell(*relation, *section, *action);
                assert!(caught(Some(mutant), WORLDS_FOR_A_CELL).is_some(), "{mutant:?} would go unnoticed");
            }
        }
    }
    println!("{cells} cells, each mistake caught");
}
