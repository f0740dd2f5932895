//! What a family asks about its records: to inspect them (34 CFR 99.10), to amend them (99.20 to 99.22). Who may ask and go on with it, and who
//! decides it. While a request is open the custodian reads what it is about: [`When::InCase`](super::matrix::When::InCase) in the table.

use super::decide::{live, refused_to_all};
use super::{Action, Context, Facts, Item, Refusal, Relation, RightsHolder, Section, decide, rights_holder};

/// What a caller does about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseDeed {
    /// Makes it, or goes on with it: asks for a hearing, places a statement, withdraws it.
    Ask,
    /// Answers it, decides it, sets a hearing.
    Decide,
}

/// The relation by which a caller does something about a request of the student's family.
///
/// Asking is for the student at any age (R48) and for guardians as long as they hold the rights, whether or not the student still attends and whether or
/// not the date of birth is known. The custodian asks in their name, for a family that writes a letter, and alone decides.
pub fn decide_case(deed: CaseDeed, facts: &Facts, context: &Context<'_>) -> Result<Relation, Refusal> {
    let item = Item::default();
    let asks = if deed == CaseDeed::Ask { asks(facts, context) } else { None };
    let keeps = || decide(Action::Administer, Section::Privacy, &item, facts, context).relation();
    let may_know = || decide(Action::Read, Section::Privacy, &item, facts, context).is_allowed();
    asks.or_else(keeps).ok_or_else(|| if may_know() { Refusal::Forbidden } else { Refusal::Unknown })
}

fn asks(facts: &Facts, context: &Context<'_>) -> Option<Relation> {
    if refused_to_all(Action::Write, Section::Privacy, &Item::default(), facts, context).is_some() {
        return None;
    }
    let rights_passed = rights_holder(&facts.student, context.today) == RightsHolder::Student;
    let may = |relation: Relation| relation == Relation::Student || (relation == Relation::Guardian && !rights_passed);
    let family = facts.relations.iter().filter(|fact| may(fact.relation) && live(fact, facts, context).is_ok());
    family.map(|fact| fact.relation).min()
}
