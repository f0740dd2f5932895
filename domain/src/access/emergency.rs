//! Break-glass (access.md 5.7): who may declare an emergency of a student, see and end it, and review it. What it opens is a row of the table.

use chrono::{DateTime, Utc};

use super::decide::{live, refused_to_all};
use super::{Action, Context, Facts, Item, Refusal, Relation, Section, decide};

/// What a caller does about an emergency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmergencyDeed {
    /// Declares it.
    Declare,
    /// Sees it.
    Read,
    /// Ends it before its time.
    End,
    /// Says whether it was justified.
    Review,
}

/// Who may declare one: who looks after the file, the principal of the student's school, the custodian.
const DECLARERS: &[Relation] = &[Relation::Gatekeeper, Relation::SchoolManager, Relation::Custodian];

/// The relation by which a caller does something about an emergency of the student. `item` says who declared it, unless it is not declared yet.
///
/// Nobody reviews their own. Whoever declared one sees and ends it, though they be no gatekeeper any more.
pub fn decide_emergency(deed: EmergencyDeed, item: &Item, facts: &Facts, context: &Context<'_>) -> Result<Relation, Refusal> {
    if deed == EmergencyDeed::Declare {
        return declares(facts, context);
    }
    match (item.is_own(), deed) {
        (true, EmergencyDeed::Review) => Err(Refusal::Forbidden),
        // One's own needs no relation any more, but a front end that is approved for it.
        (true, _) => match context.ceiling {
            Some(ceiling) if !ceiling.allows(action_of(deed), Section::Privacy) => Err(Refusal::Forbidden),
            _ => Ok(Relation::Emergency),
        },
        (false, _) => decide(Action::Administer, Section::Privacy, item, facts, context).relation().ok_or(Refusal::Unknown),
    }
}

/// As what a front end's limits take it.
fn action_of(deed: EmergencyDeed) -> Action {
    if deed == EmergencyDeed::Read { Action::Read } else { Action::Write }
}

fn declares(facts: &Facts, context: &Context<'_>) -> Result<Relation, Refusal> {
    let item = Item::default();
    if !decide(Action::Read, Section::Identity, &item, facts, context).is_allowed() {
        return Err(Refusal::Unknown);
    }
    // An order against somebody, and the limits of an application, hold in an emergency too. Nobody looks after a student who has left.
    if refused_to_all(Action::Write, Section::Privacy, &item, facts, context).is_some() || !facts.student.active {
        return Err(Refusal::Forbidden);
    }
    let relations = facts.relations.iter().filter(|fact| DECLARERS.contains(&fact.relation) && live(fact, facts, context).is_ok());
    relations.map(|fact| fact.relation).min().ok_or(Refusal::Forbidden)
}

/// When the emergency access ends that the caller has to the student now, if they have one.
pub fn in_emergency_until(facts: &Facts, context: &Context<'_>) -> Option<DateTime<Utc>> {
    let emergencies = facts.relations.iter().filter(|fact| fact.relation == Relation::Emergency && live(fact, facts, context).is_ok());
    emergencies.filter_map(|fact| fact.until).max()
}
