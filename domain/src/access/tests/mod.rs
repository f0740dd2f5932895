//! Access, read as policy. `policy` tells it in single cases, `table` checks every cell, `invariants` holds it against random worlds,
//! `rights_holder` against the calendar, `explained` that reasons are those of the decision.

mod case;
mod consent;
mod emergency;
mod exhaustive;
mod explained;
mod invariants;
mod policy;
mod rights_holder;
mod table;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::*;

/// The day on which these tests decide.
const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();

/// Contacts and progress for participants, class teachers not involved.
const UTAH: Switches = Switches { roster_teachers: false, participants_read_contacts: true };
/// The other way round.
const RHODE_ISLAND: Switches = Switches { roster_teachers: true, participants_read_contacts: false };
/// Neither.
const STRICTEST: Switches = Switches { roster_teachers: false, participants_read_contacts: false };
/// Both.
const WIDEST: Switches = Switches { roster_teachers: true, participants_read_contacts: true };

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn days_away(days: i64) -> NaiveDate {
    let count = Days::new(days.unsigned_abs());
    if days < 0 { TODAY - count } else { TODAY + count }
}

fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

/// A minor in a grade.
fn minor(grade: Grade) -> StudentFacts {
    StudentFacts { student_id: StudentId(Uuid::from_u128(1)), grade: Some(grade), birth_date: Some(day("2011-03-04")), adult: vec![], active: true }
}

fn eligible() -> StudentFacts {
    StudentFacts { birth_date: Some(day("2008-03-04")), ..minor(Grade::Twelfth) }
}

fn of_unknown_age() -> StudentFacts {
    StudentFacts { birth_date: None, ..minor(Grade::Tenth) }
}

fn left(student: StudentFacts) -> StudentFacts {
    StudentFacts { active: false, ..student }
}

/// The instant at which these tests decide.
fn now() -> DateTime<Utc> {
    TODAY.and_hms_opt(18, 0, 0).unwrap().and_utc()
}

/// A confirmed relation without dates; a guardian has full rights, a consent or an emergency names every section and is signed by all,
/// a specialist is of the IEP.
fn confirmed(relation: Relation) -> Fact {
    use Relation as R;
    let by_consent = matches!(relation, R::ConsentedGuardian | R::Partner | R::Mentor | R::GroupMember);
    Fact {
        rights: (relation == R::Guardian).then_some(Rights::Full),
        sections: (by_consent || relation == R::Emergency).then(|| Section::ALL.iter().copied().collect()),
        signatures: by_consent.then_some(Signatures { student_on: Some(TODAY), guardian: true, objection: false }),
        program: (relation == R::SupportSpecialist).then_some(SupportProgram::Iep),
        until: (relation == R::Emergency).then(|| now() + TimeDelta::minutes(30)),
        ..Fact::standing(relation)
    }
}

fn unconfirmed(relation: Relation) -> Fact {
    Fact { confirmed: false, ..confirmed(relation) }
}

/// One caller and one student, and the rules of the district.
#[derive(Clone, Debug)]
struct World {
    facts: Facts,
    switches: Switches,
    guardians_trusted: bool,
    ceiling: Option<Ceiling>,
}

impl World {
    fn of(student: StudentFacts, relations: impl IntoIterator<Item = Fact>) -> Self {
        Self { facts: Facts::of(student, relations.into_iter().collect()), ceiling: None, switches: STRICTEST, guardians_trusted: false }
    }

    fn in_state(self, switches: Switches) -> Self {
        Self { switches, ..self }
    }

    fn trusting_guardians(self) -> Self {
        Self { guardians_trusted: true, ..self }
    }

    fn context(&self) -> Context<'_> {
        Context { today: TODAY, now: now(), ceiling: self.ceiling, switches: &self.switches, guardians_trusted: self.guardians_trusted }
    }

    /// The decision about a record that is not there yet, or any record.
    fn decide(&self, action: Action, section: Section) -> Decision {
        self.decide_on(action, section, Item::default())
    }

    fn decide_on(&self, action: Action, section: Section, item: Item) -> Decision {
        decide(action, section, &item, &self.facts, &self.context())
    }

    fn may(&self, action: Action, section: Section) -> bool {
        self.decide(action, section).is_allowed()
    }

    fn may_on(&self, action: Action, section: Section, item: Item) -> bool {
        self.decide_on(action, section, item).is_allowed()
    }

    fn reads(&self) -> String {
        readable_sections(&self.facts, &self.context()).to_string()
    }

    fn writes(&self) -> String {
        writable_sections(&self.facts, &self.context()).to_string()
    }

    fn suggests(&self) -> String {
        proposable_sections(&self.facts, &self.context()).to_string()
    }

    fn decides(&self) -> String {
        Section::ALL.iter().copied().filter(|&section| self.may(Action::Decide, section)).collect::<Sections>().to_string()
    }
}

/// A minor in grade 10 in a district that has switched nothing on, and one caller with one confirmed relation.
fn grade_10(relation: Relation) -> World {
    World::of(minor(Grade::Tenth), [confirmed(relation)])
}

fn grade_8(relation: Relation) -> World {
    World::of(minor(Grade::Eighth), [confirmed(relation)])
}
