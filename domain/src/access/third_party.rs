//! Words about other students (34 CFR 99.12(a), L13): a family inspects what is about its own child. What a custodian marked as another's is withheld
//! from all who read as family, or whom the family let in.

use super::decide::{bearing, refused_to_all};
use super::{Action, Context, Facts, Item, Relation, Section};

/// Whether the caller sees in a record what is marked as another student's: whoever reads it by an office or an assignment. Not who made the record:
/// others may have written in it since (I3).
pub fn sees_third_parties(section: Section, item: &Item, facts: &Facts, context: &Context<'_>) -> bool {
    let read = Action::Read;
    refused_to_all(read, section, item, facts, context).is_none()
        && facts.relations.iter().any(|fact| is_staff(fact.relation) && bearing(fact, read, section, item, facts, context).is_ok())
}

/// Whether somebody who stands so works for the district.
const fn is_staff(relation: Relation) -> bool {
    !matches!(
        relation,
        Relation::Student | Relation::Guardian | Relation::ConsentedGuardian | Relation::Partner | Relation::Mentor | Relation::GroupMember
    )
}

/// Whether something is withheld from the caller as a whole: it says again the words of a record in which some are withheld, such as a translation, and
/// may name in other letters whom these name.
pub fn withheld_as_a_whole(may_name_others: bool, section: Section, item: &Item, facts: &Facts, context: &Context<'_>) -> bool {
    may_name_others && !sees_third_parties(section, item, facts, context)
}
