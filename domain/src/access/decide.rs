//! The one decision. Order: hard denial, live relations, the table, what the record adds. It never fails.

use chrono::NaiveDate;

use super::explain::WhyNot;
use super::matrix::{Grant, When, cell, heeds_privacy};
use super::{Action, Choice, Context, Fact, Facts, Item, Preference, Relation, Rights, RightsHolder, Section, Sections, Signatures, StudentFacts};
use super::{rights_held_since, rights_holder};

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
    if refused_to_all(action, section, item, facts, context).is_some() {
        return Decision::Deny;
    }
    let allowing = facts.relations.iter().filter(|fact| bearing(fact, action, section, item, facts, context).is_ok());
    allowing.map(|fact| fact.relation).min().map_or(Decision::Deny, |relation| Decision::Allow(Reason { relation }))
}

/// Why the caller is refused, whatever the relations.
pub(super) fn refused_to_all(action: Action, section: Section, item: &Item, facts: &Facts, context: &Context<'_>) -> Option<WhyNot> {
    if is_shut_out(section, facts, context) {
        return Some(WhyNot::ShutOut);
    }
    if context.ceiling.is_some_and(|ceiling| !ceiling.allows(action, section)) {
        return Some(WhyNot::NotThroughThisClient);
    }
    // Nobody puts words into another's mouth.
    (matches!(action, Action::Comment | Action::Propose) && item.is_anothers()).then_some(WhyNot::AnothersWords)
}

/// On which condition one relation allows it, or why it does not.
pub(super) fn bearing(fact: &Fact, action: Action, section: Section, item: &Item, facts: &Facts, context: &Context<'_>) -> Result<When, WhyNot> {
    live(fact, facts, context)?;
    let rights_passed = rights_holder(&facts.student, context.today) == RightsHolder::Student;
    if fact.relation == Relation::Guardian && rights_passed && action != Action::Read {
        return Err(WhyNot::RightsPassed);
    }
    if !survives_leaving(fact.relation, action, facts) {
        return Err(WhyNot::StudentLeft);
    }
    let mut refusal = WhyNot::NotGranted;
    for grant in cell(fact.relation, section).iter().filter(|grant| grant.action == action) {
        match holds(grant, fact, section, item, facts, context) {
            Ok(()) if is_hidden(fact.relation, section, rights_passed, facts) => return Err(WhyNot::HiddenByStudent),
            Ok(()) => return Ok(grant.when),
            Err(why) => refusal = why,
        }
    }
    Err(refusal)
}

/// Whether the student asked that it be hidden from those who stand so (I5).
fn is_hidden(relation: Relation, section: Section, rights_passed: bool, facts: &Facts) -> bool {
    let heeds = heeds_privacy(relation) && (relation != Relation::Guardian || rights_passed);
    heeds && has_chosen(Choice::Hide, relation, section, facts)
}

fn has_chosen(choice: Choice, relation: Relation, section: Section, facts: &Facts) -> bool {
    facts.preferences.contains(&Preference { section, relation, choice })
}

/// Whether the caller may know that the record exists: then a refusal is 403, else 404.
pub fn knows_of(section: Section, item: &Item, facts: &Facts, context: &Context<'_>) -> bool {
    decide(Action::Read, section, item, facts, context).is_allowed()
}

/// All that the caller may do with the record.
pub fn allowed_actions(section: Section, item: &Item, facts: &Facts, context: &Context<'_>) -> impl Iterator<Item = Action> {
    Action::ALL.iter().copied().filter(move |&action| decide(action, section, item, facts, context).is_allowed())
}

/// All that the caller may do with a record that any of some actions lets change, and that offers others. To write is to change or take back this one:
/// whoever may by another of these, in their own words, may write; and where it takes another, whoever writes in the section may not.
pub fn allowed_on(amended_by: &[Action], offers: &[Action], section: Section, item: &Item, facts: &Facts, context: &Context<'_>) -> Vec<Action> {
    let allowed: Vec<Action> = allowed_actions(section, item, facts, context).collect();
    let amends = amended_by.iter().any(|action| allowed.contains(action));
    let may = |action: &Action| match action {
        Action::Write => amends,
        Action::Read => allowed.contains(action),
        other => offers.contains(other) && allowed.contains(other),
    };
    Action::ALL.iter().copied().filter(may).collect()
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
fn is_shut_out(section: Section, facts: &Facts, context: &Context<'_>) -> bool {
    facts.relations.iter().any(|fact| fact.relation == Relation::Guardian && fact.rights == Some(Rights::None) && fact.in_force(context.today))
        || facts.restrictions.iter().any(|restriction| restriction.keeps_from(section, context.today))
}

/// Whether a relation counts today, or why not.
pub(super) fn live(fact: &Fact, facts: &Facts, context: &Context<'_>) -> Result<(), WhyNot> {
    if context.ceiling.is_some_and(|ceiling| ceiling.excludes(fact.relation)) {
        return Err(WhyNot::NotThroughThisClient);
    }
    if !fact.in_force(context.today) {
        let begun = fact.valid_from.is_none_or(|from| from <= context.today);
        return Err(if begun { WhyNot::Ended } else { WhyNot::NotBegun });
    }
    if fact.until.is_some_and(|until| until <= context.now) {
        return Err(WhyNot::Ended);
    }
    if let Some(signatures) = &fact.signatures {
        signatures_suffice(signatures, &facts.student, context.today)?;
    }
    let trusted = match fact.relation {
        Relation::Guardian => {
            if fact.rights != Some(Rights::Full) {
                return Err(WhyNot::NoRights);
            }
            match rights_holder(&facts.student, context.today) {
                RightsHolder::Student if fact.dependent_until.is_none_or(|day| day <= context.today) => return Err(WhyNot::RightsPassed),
                RightsHolder::Student => false,
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

/// Whether a consent is signed by all who must, or why it does not count. For a minor these are the student and a guardian; from the day on
/// which the rights pass, the student alone, who signs again (access.md 5.6).
pub fn signatures_suffice(signatures: &Signatures, student: &StudentFacts, today: NaiveDate) -> Result<(), WhyNot> {
    let enough = match rights_holder(student, today) {
        RightsHolder::Unknown => return Err(WhyNot::RightsHolderUnknown),
        RightsHolder::Guardians if signatures.objection => return Err(WhyNot::Objected),
        RightsHolder::Guardians => signatures.student_on.is_some() && signatures.guardian,
        RightsHolder::Student => signatures.student_on >= rights_held_since(student, today),
    };
    if enough { Ok(()) } else { Err(WhyNot::NotSigned) }
}

/// Once the student has left, student and guardian still read, by right or by consent; the custodian and the student information system go on;
/// everyone else's relation has ended.
fn survives_leaving(relation: Relation, action: Action, facts: &Facts) -> bool {
    facts.student.active
        || match relation {
            Relation::Student | Relation::Guardian | Relation::ConsentedGuardian => action == Action::Read,
            Relation::Custodian | Relation::SisClient => true,
            _ => false,
        }
}

/// Whether the condition of a grant holds, or why not.
fn holds(grant: &Grant, fact: &Fact, section: Section, item: &Item, facts: &Facts, context: &Context<'_>) -> Result<(), WhyNot> {
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
        When::OpenedByStudent => (has_chosen(Choice::Open, fact.relation, section, facts), WhyNot::NotOpened),
        When::Within => {
            let named = fact.sections.is_some_and(|sections| sections.contains(section));
            // Who a student is belongs to no goal.
            let within_goal = section == Section::Identity || fact.goal.is_none() || item.goal == fact.goal;
            (named && within_goal, WhyNot::NotWithin)
        }
        When::FirstName => (item.first_name, WhyNot::FirstNameOnly),
        When::OwnProgram => (item.program.is_some() && item.program == fact.program, WhyNot::OtherProgram),
        When::InCase => (fact.sections.is_some_and(|sections| sections.contains(section)), WhyNot::NoCase),
        // No record can yet name a reader or be scheduled.
        When::NamedOnIt => (false, WhyNot::NotNamed),
        When::ScheduleOnly => (false, WhyNot::NotScheduled),
    };
    if truth { Ok(()) } else { Err(otherwise) }
}
