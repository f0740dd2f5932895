//! The one decision. Order: hard denial, live relations, the table, what the record adds. It never fails.

use super::explain::WhyNot;
use super::matrix::{Grant, When, cell};
use super::{Action, Context, Fact, Facts, Item, Relation, Rights, RightsHolder, Section, Sections, rights_holder};

/// Why something is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The relation that allows it: the first in the order of [`Relation::ALL`], where several do.
    pub relation: Relation,
}

/// Allowed, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Allowed, and why.
    Allow(Reason),
    /// Not allowed.
    Deny,
}

impl Decision {
    /// Whether it is allowed.
    pub fn is_allowed(self) -> bool {
        matches!(self, Self::Allow(_))
    }

    /// The acting relation, if it is allowed.
    pub fn relation(self) -> Option<Relation> {
        match self {
            Self::Allow(reason) => Some(reason.relation),
            Self::Deny => None,
        }
    }
}

/// Whether the caller may do this with a record of the section.
pub fn decide(action: Action, section: Section, item: &Item, facts: &Facts, context: &Context<'_>) -> Decision {
    if refused_to_all(action, item, facts, context).is_some() {
        return Decision::Deny;
    }
    let allowing = facts.relations.iter().filter(|fact| bearing(fact, action, section, item, facts, context).is_ok());
    allowing.map(|fact| fact.relation).min().map_or(Decision::Deny, |relation| Decision::Allow(Reason { relation }))
}

/// Why the caller is refused, whatever the relations.
pub(super) fn refused_to_all(action: Action, item: &Item, facts: &Facts, context: &Context<'_>) -> Option<WhyNot> {
    if is_shut_out(facts, context) {
        return Some(WhyNot::ShutOut);
    }
    // Nobody puts words into another's mouth.
    (matches!(action, Action::Comment | Action::Propose) && item.is_anothers()).then_some(WhyNot::AnothersWords)
}

/// On which condition one relation allows it, or why it does not.
pub(super) fn bearing(fact: &Fact, action: Action, section: Section, item: &Item, facts: &Facts, context: &Context<'_>) -> Result<When, WhyNot> {
    live(fact, facts, context)?;
    if !survives_leaving(fact.relation, action, facts) {
        return Err(WhyNot::StudentLeft);
    }
    let mut refusal = WhyNot::NotGranted;
    for grant in cell(fact.relation, section).iter().filter(|grant| grant.action == action) {
        match holds(grant, item, facts, context) {
            Ok(()) => return Ok(grant.when),
            Err(why) => refusal = why,
        }
    }
    Err(refusal)
}

/// Whether the caller may know that the record exists: then a refusal is 403, else 404.
pub fn knows_of(section: Section, item: &Item, facts: &Facts, context: &Context<'_>) -> bool {
    decide(Action::Read, section, item, facts, context).is_allowed()
}

/// All that the caller may do with the record.
pub fn allowed_actions(section: Section, item: &Item, facts: &Facts, context: &Context<'_>) -> impl Iterator<Item = Action> {
    Action::ALL.iter().copied().filter(move |&action| decide(action, section, item, facts, context).is_allowed())
}

/// The sections whose ordinary records the caller reads.
pub fn readable_sections(facts: &Facts, context: &Context<'_>) -> Sections {
    sections_for(Action::Read, &Item::default(), facts, context)
}

/// The sections whose strengths and progress the caller reads (R31 to R34): at least [`readable_sections`].
pub fn progress_sections(facts: &Facts, context: &Context<'_>) -> Sections {
    sections_for(Action::Read, &Item::default().as_progress(), facts, context)
}

/// The sections in which the caller writes any record.
pub fn writable_sections(facts: &Facts, context: &Context<'_>) -> Sections {
    sections_for(Action::Write, &Item::default(), facts, context)
}

/// The sections in which the caller may suggest.
pub fn proposable_sections(facts: &Facts, context: &Context<'_>) -> Sections {
    sections_for(Action::Propose, &Item::default(), facts, context)
}

fn sections_for(action: Action, item: &Item, facts: &Facts, context: &Context<'_>) -> Sections {
    Section::ALL.iter().copied().filter(|&section| decide(action, section, item, facts, context).is_allowed()).collect()
}

/// Whom an order shuts out does not come in by another door, confirmed or not (L9).
fn is_shut_out(facts: &Facts, context: &Context<'_>) -> bool {
    facts.relations.iter().any(|fact| fact.relation == Relation::Guardian && fact.rights == Some(Rights::None) && fact.in_force(context.today))
}

/// Whether a relation counts today, or why not.
pub(super) fn live(fact: &Fact, facts: &Facts, context: &Context<'_>) -> Result<(), WhyNot> {
    if !fact.in_force(context.today) {
        let begun = fact.valid_from.is_none_or(|from| from <= context.today);
        return Err(if begun { WhyNot::Ended } else { WhyNot::NotBegun });
    }
    let trusted = match fact.relation {
        Relation::Guardian => {
            if fact.rights != Some(Rights::Full) {
                return Err(WhyNot::NoRights);
            }
            match rights_holder(&facts.student, context.today) {
                RightsHolder::Student => return Err(WhyNot::RightsPassed),
                RightsHolder::Guardians => context.guardians_trusted,
                RightsHolder::Unknown => false,
            }
        }
        _ => false,
    };
    if !fact.confirmed && !trusted {
        return Err(WhyNot::NotConfirmed);
    }
    if fact.relation == Relation::RosterTeacher && !context.switches.roster_teachers {
        return Err(WhyNot::NotInvolved);
    }
    Ok(())
}

/// Once the student has left, student and guardian still read; the custodian and the student information system go on;
/// everyone else's relation has ended.
fn survives_leaving(relation: Relation, action: Action, facts: &Facts) -> bool {
    facts.student.active
        || match relation {
            Relation::Student | Relation::Guardian => action == Action::Read,
            Relation::Custodian | Relation::SisClient => true,
            _ => false,
        }
}

/// Whether the condition of a grant holds, or why not.
fn holds(grant: &Grant, item: &Item, facts: &Facts, context: &Context<'_>) -> Result<(), WhyNot> {
    let below_9 = facts.student.grade.and_then(|grade| grade.is_below_9());
    let (truth, otherwise) = match grant.when {
        When::Always | When::UnlessHidden => return Ok(()),
        When::Own => (item.is_own(), WhyNot::NotOwn),
        When::OwnConsent if !item.is_own() => (false, WhyNot::NotOwn),
        When::OwnConsent => (rights_holder(&facts.student, context.today) != RightsHolder::Unknown, WhyNot::RightsHolderUnknown),
        When::BelowGrade9 => (below_9 == Some(true), WhyNot::OtherGrade),
        When::FromGrade9 => (below_9 == Some(false), WhyNot::OtherGrade),
        When::NotFromGrade9 => (below_9 != Some(false), WhyNot::OtherGrade),
        When::ProgressForParticipants if !item.progress => (false, WhyNot::NotProgress),
        When::ParticipantsReadContacts | When::ProgressForParticipants => (context.switches.participants_read_contacts, WhyNot::NotInProfile),
        // No record can yet be opened by the student, name a reader or be scheduled, and there are no cases.
        When::OpenedByStudent => (false, WhyNot::NotOpened),
        When::NamedOnIt => (false, WhyNot::NotNamed),
        When::InCase => (false, WhyNot::NoCase),
        When::ScheduleOnly => (false, WhyNot::NotScheduled),
    };
    if truth { Ok(()) } else { Err(otherwise) }
}
