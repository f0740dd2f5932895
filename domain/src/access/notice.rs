//! Whom a student's family and the custodian are told of what concerns the student, and who is still shown what they were told. Made and shown by
//! the same rules: a notice says no more than its addressee may know.

use super::decide::{bearing, live, refused_to_all};
use super::explain::WhyNot;
use super::{Action, Context, Fact, Facts, Item, Relation, Section};

crate::words! {
    /// As whom somebody is told.
    Audience {
        /// The student.
        Student = "student",
        /// A guardian with full rights.
        Guardian = "guardian",
        /// A records custodian of the district.
        Custodian = "custodian",
    }
}

impl Audience {
    /// The relation by which they are told.
    pub const fn relation(self) -> Relation {
        match self {
            Self::Student => Relation::Student,
            Self::Guardian => Relation::Guardian,
            Self::Custodian => Relation::Custodian,
        }
    }
}

/// As whom a person is told today of what is private about the student (S14): student, guardian with full rights, custodian, in this order. None: not at all.
pub fn addressed_as(facts: &Facts, context: &Context<'_>) -> Option<Audience> {
    let item = Item::default();
    if refused_to_all(Action::Read, Section::Privacy, &item, facts, context).is_some() {
        return None;
    }
    let reads = |fact: &Fact| bearing(fact, Action::Read, Section::Privacy, &item, facts, context).is_ok();
    let by = |audience: &Audience| facts.relations.iter().any(|fact| fact.relation == audience.relation() && reads(fact));
    Audience::ALL.iter().copied().find(by)
}

/// Whether somebody who was told as one of these is still shown it: while the relation lasts by which they were told. That the rights have passed to
/// the student takes nothing back that a guardian was told before; that a link ends, or an order, does.
pub fn still_shown(audience: Audience, facts: &Facts, context: &Context<'_>) -> bool {
    if refused_to_all(Action::Read, Section::Privacy, &Item::default(), facts, context).is_some() {
        return false;
    }
    facts.relations.iter().filter(|fact| fact.relation == audience.relation()).any(|fact| match live(fact, facts, context) {
        Ok(()) => true,
        Err(WhyNot::RightsPassed) => fact.confirmed || context.guardians_trusted,
        Err(_) => false,
    })
}
