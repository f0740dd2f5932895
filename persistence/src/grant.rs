//! What the door hands out: a grant is the proof that access was decided, and only the door makes one.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use openilp_domain::access::explain::{self, OwnAccess, own_access};
use openilp_domain::access::{
    self, Action, Audience, CaseDeed, Ceiling, Context, DistrictAction, EmergencyDeed, Fact, Facts, Item, Reading, Refusal, Relation, Section,
    Sections, StudentFacts, WhyNot, decide_district, relation_of,
};
use openilp_domain::id::{DistrictId, PersonId, StudentId};
use openilp_domain::kind::Kind;
use openilp_domain::noun::{Retold, Sectioned};
use openilp_domain::plan_part::Part;
use openilp_domain::principal::Principal;
use serde::Serialize;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::facts::{self, Caller, District, Known, Located};
use crate::mark::{Marked, Marks, RecordMarks};
use crate::request::{Ask, Request};
use crate::stated::Stated;

/// A record that was read but not yet shown: only a grant that covers its section opens it.
#[derive(Debug)]
pub struct Withheld<T>(T);

impl<T> Withheld<T> {
    /// Closes a record that came from the database.
    pub(crate) fn new(record: T) -> Self {
        Self(record)
    }

    /// Opens the very record that was asked for, once it was decided that the caller sees it.
    pub(crate) fn into_asked_for(self, _: &Grant) -> T {
        self.0
    }

    /// Opens the very record that a write was granted for.
    pub(crate) fn into_granted(self, _: &Granted<'_>) -> T {
        self.0
    }
}

/// The caller's standing towards one student, or towards the district, in this transaction.
#[derive(Debug)]
pub struct Grant {
    pub(crate) caller: Caller,
    pub(crate) district: District,
    pub(crate) located: Option<Located>,
    pub(crate) facts: Option<Facts>,
    /// What goes with the student's records.
    pub(crate) marks: Marks,
    /// What the caller may do at most through the application that they use.
    pub(crate) ceiling: Option<Ceiling>,
    /// Relations to the district as a whole: offices, or what a machine is.
    pub(crate) standing: Vec<Fact>,
}

impl Grant {
    /// What is known of the caller and of what they ask for, as it decides.
    pub(crate) fn of(request: &Request, known: Known) -> Self {
        let standing = match &request.principal {
            Principal::Machine { kind, .. } => vec![Fact::standing(relation_of(*kind))],
            Principal::Person { .. } => known.offices,
        };
        let Known { district, caller, located, facts, marks, ceiling, .. } = known;
        Self { caller, district, located, facts, marks, ceiling, standing }
    }

    /// Of an operator, by command line.
    pub(crate) fn of_operator(caller: Caller, district: District) -> Self {
        let standing = vec![Fact::standing(Relation::Operator)];
        Self { caller, district, located: None, facts: None, marks: Marks::default(), ceiling: None, standing }
    }

    /// Who calls.
    pub fn caller(&self) -> Caller {
        self.caller
    }

    /// The person who calls; a machine has no business here.
    pub fn person(&self) -> Result<PersonId> {
        self.caller.person().ok_or(Error::Forbidden)
    }

    /// The district.
    pub fn district(&self) -> &District {
        &self.district
    }

    /// The first day of what is made to be valid: today, if it is not said.
    pub(crate) fn first_day(&self, valid_from: Option<NaiveDate>, valid_to: Option<NaiveDate>) -> Result<NaiveDate> {
        openilp_domain::time::first_day(valid_from, valid_to, self.district.today).map_err(Error::Invalid)
    }

    /// The record that was asked for.
    pub fn located(&self) -> Result<&Located> {
        self.located.as_ref().ok_or(Error::NotFound)
    }

    /// The relation by which the caller may do this to a record of the section, if there is one.
    pub fn relation_for(&self, action: Action, section: Section, item: &Item) -> Option<Relation> {
        let facts = self.facts.as_ref()?;
        access::decide(action, section, item, facts, &self.context()).relation()
    }

    /// The relation by which the caller may do this to the district.
    pub fn relation_to_district(&self, action: DistrictAction) -> Option<Relation> {
        decide_district(action, &self.standing, self.district.today, self.ceiling)
    }

    /// The offices that the caller holds today in the district or its schools.
    pub fn offices(&self) -> impl Iterator<Item = Relation> {
        access::standing_today(&self.standing, self.district.today, self.ceiling)
    }

    /// Refuses, unless the caller may do one of these to the district.
    pub(crate) fn demand(&self, actions: &[DistrictAction]) -> Result<()> {
        if actions.iter().any(|action| self.relation_to_district(*action).is_some()) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// Refuses what is computed from several sections to whoever does not read all of them.
    pub(crate) fn demand_sections(&self, sections: &[Section]) -> Result<()> {
        let readable = self.readable_sections();
        if sections.iter().all(|section| readable.contains(*section)) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// By which relation the record that was asked for is read.
    pub(crate) fn read_by(&self) -> Option<Relation> {
        let located = self.located.as_ref()?;
        self.relation_for(Action::Read, section_of(located), &Item::of(located.author, self.caller.person()))
    }

    /// Whether a record is withheld from the caller, because it says again one of which words are withheld from them.
    pub(crate) fn is_withheld(&self, retold: Option<Retold>, section: Section, item: &Item) -> bool {
        let Some(retold) = retold.filter(|retold| self.marks.withhold_in(retold.record)) else { return false };
        self.facts.as_ref().is_none_or(|facts| access::withheld_as_a_whole(retold.may_name_others, section, item, facts, &self.context()))
    }

    /// Whether the caller sees in a record what is about other students.
    pub(crate) fn sees_third_parties(&self, section: Section, item: &Item) -> bool {
        self.facts.as_ref().is_some_and(|facts| access::sees_third_parties(section, item, facts, &self.context()))
    }

    /// Opens a record, if the caller may read it.
    pub fn open<T: Sectioned>(&self, withheld: Withheld<T>) -> Option<T> {
        let (section, item) = (withheld.0.section(), self.item(&withheld.0));
        if self.is_withheld(withheld.0.retold(), section, &item) {
            return None;
        }
        self.relation_for(Action::Read, section, &item).map(|_| withheld.0)
    }

    /// Opens those that the caller may read.
    pub fn sift<T: Sectioned>(&self, withheld: Vec<Withheld<T>>) -> Vec<T> {
        withheld.into_iter().filter_map(|record| self.open(record)).collect()
    }

    /// Opens those that the caller may read, each with what else the caller may do with it. Records that follow one another are mostly alike: what
    /// was decided of one holds for the next, if that is in the same section and of the same author.
    pub fn sift_with_actions<T: Sectioned>(&self, withheld: Vec<Withheld<T>>) -> Vec<(T, Vec<Action>)> {
        let Some(facts) = &self.facts else { return vec![] };
        let context = self.context();
        let mut last: Option<(Section, Item, Vec<Action>)> = None;
        let mut opened = Vec::with_capacity(withheld.len());
        for Withheld(record) in withheld {
            let (section, item) = (record.section(), self.item(&record));
            if self.is_withheld(record.retold(), section, &item) {
                continue;
            }
            let allowed = match last {
                Some((of, about, allowed)) if of == section && about == item => allowed,
                _ => access::allowed_on(T::amended_by(), T::offers(), section, &item, facts, &context),
            };
            if allowed.contains(&Action::Read) {
                opened.push((record, allowed.iter().copied().filter(|action| *action != Action::Read).collect()));
            }
            last = Some((section, item, allowed));
        }
        opened
    }

    /// A record that was opened, with what goes with it and without what is withheld from the caller.
    pub fn marked<T: Sectioned>(&self, id: impl Into<Uuid>, record: T) -> Marked<T> {
        let item = self.item(&record);
        let whole = || self.sees_third_parties(record.section(), &item);
        // What goes with a record goes with what says it again.
        let marks = self.marks.on(&[Some(id.into()), record.retold().map(|retold| retold.record)], whole);
        Marked::new(record, marks)
    }

    /// An answer that is computed from records of the section and names them by their ids, with what goes with any of these.
    pub fn marked_answer<T: Serialize>(&self, section: Section, answer: T) -> Marked<T> {
        let marks = self.marks.on_all_in(&answer, || self.sees_third_parties(section, &Item::default()));
        Marked::new(answer, marks)
    }

    /// What goes with a record of the section, and what of it is withheld from the caller.
    pub fn marks_on(&self, id: Uuid, section: Section, item: &Item) -> Option<Box<RecordMarks>> {
        let facts = self.facts.as_ref()?;
        self.marks.on(&[Some(id)], || access::sees_third_parties(section, item, facts, &self.context()))
    }

    /// Whether something goes with the record, or is withheld from it.
    pub(crate) fn is_marked(&self, id: impl Into<Uuid>) -> bool {
        self.marks.are_on(id.into())
    }

    /// Opens what is no one record: the caller says which section it is.
    pub fn open_as<T>(&self, section: Section, withheld: Withheld<T>) -> Option<T> {
        self.relation_for(Action::Read, section, &Item::default()).map(|_| withheld.0)
    }

    /// What the caller may do with a record, besides reading it.
    pub fn allowed_actions<T: Sectioned>(&self, record: &T) -> Vec<Action> {
        let Some(facts) = &self.facts else { return vec![] };
        let mut allowed = access::allowed_on(T::amended_by(), T::offers(), record.section(), &self.item(record), facts, &self.context());
        allowed.retain(|action| *action != Action::Read);
        allowed
    }

    /// The same caller's standing towards other students, as the facts are in this transaction. A student that is not there is not
    /// in the answer; neither is any, for a machine.
    pub async fn towards(&self, tx: &Tx<'_>, students: Vec<StudentId>) -> Result<HashMap<StudentId, Self>> {
        let Some(person) = self.caller.person() else { return Ok(HashMap::new()) };
        if students.is_empty() {
            return Ok(HashMap::new());
        }
        let facts = facts::of_students(tx.conn, tx.district, person, students).await?;
        let grant = |(facts, marks)| Self { facts: Some(facts), marks, standing: vec![], ..self.towards_same() };
        Ok(facts.into_iter().map(|(student, known)| (student, grant(known))).collect())
    }

    /// The sections whose ordinary records the caller reads today.
    pub fn readable_sections(&self) -> Sections {
        self.readable_on(self.district.today)
    }

    /// The sections whose ordinary records the caller reads, on a day: today, or another.
    pub fn readable_on(&self, day: NaiveDate) -> Sections {
        let context = Context { today: day, ..self.context() };
        self.facts.as_ref().map_or(Sections::NONE, |facts| access::readable_sections(facts, &context))
    }

    /// What the caller may do with the file of the student, and why no more. Whoever reads nothing may not know of the student.
    pub fn own_access(&self) -> Result<OwnAccess> {
        let (Some(facts), Some(person)) = (&self.facts, self.caller.person()) else { return Err(Error::NotFound) };
        own_access(person, facts, &self.context()).ok_or(Error::NotFound)
    }

    /// The relation by which the caller may do this about the emergency that was asked for, or about the student in one.
    pub fn about_emergency(&self, deed: EmergencyDeed) -> Result<Relation> {
        let (located, Some(facts)) = (self.located()?, &self.facts) else { return Err(Error::NotFound) };
        let item = Item::of(located.author, self.caller.person());
        access::decide_emergency(deed, &item, facts, &self.context()).map_err(refused)
    }

    /// The relation by which the caller may do this about a request of the student's family.
    pub(crate) fn about_case(&self, deed: CaseDeed) -> Result<Relation> {
        let facts = self.facts.as_ref().ok_or(Error::NotFound)?;
        access::decide_case(deed, facts, &self.context()).map_err(refused)
    }

    /// The relation by which the caller is shown a notice of the student as who was told it: at least one of those by which people are told.
    pub(crate) fn as_addressee(&self) -> Result<Relation> {
        // Whoever is not the addressee, machines too, learns nothing of it.
        let told = self.caller.person().is_some_and(|person| self.located.as_ref().is_some_and(|located| located.author == Some(person)));
        let shown = Audience::ALL.iter().find(|audience| told && self.still_shown(**audience));
        shown.map(|audience| audience.relation()).ok_or(if self.keeps_privacy() { Error::Forbidden } else { Error::NotFound })
    }

    /// Whether the caller keeps what is private about the student's file (S14).
    pub(crate) fn keeps_privacy(&self) -> bool {
        self.relation_for(Action::Administer, Section::Privacy, &Item::default()).is_some()
    }

    /// Whether the caller is still shown what they were told about the student as one of these.
    pub(crate) fn still_shown(&self, audience: Audience) -> bool {
        self.facts.as_ref().is_some_and(|facts| access::still_shown(audience, facts, &self.context()))
    }

    /// When the emergency access ends that the caller has to the student now, if they have one.
    pub(crate) fn in_emergency_until(&self) -> Option<DateTime<Utc>> {
        access::in_emergency_until(self.facts.as_ref()?, &self.context())
    }

    /// What decisions know of the student.
    pub fn student(&self) -> Result<&StudentFacts> {
        self.facts.as_ref().map(|facts| &facts.student).ok_or(Error::NotFound)
    }

    /// How far a person knows the student.
    pub fn knows_student(&self, person: PersonId) -> Knows {
        let identity = |item: Item| self.relation_for(Action::Read, Section::Identity, &item).is_some();
        if identity(Item::default()) {
            return Knows::Identity;
        }
        let reads = self.facts.as_ref().is_some_and(|facts| !explain::readings(person, facts, &self.context()).is_empty());
        match reads {
            false => Knows::Nothing,
            true if identity(Item::default().as_first_name()) => Knows::FirstName,
            true => Knows::File,
        }
    }

    /// How somebody else stands to the same student.
    pub(crate) fn of_another(&self, stated: Stated) -> Result<Standing<'_>> {
        let Facts { student, preferences, .. } = self.facts.clone().ok_or(Error::NotFound)?;
        let facts = Facts { student, relations: stated.relations, restrictions: stated.restrictions, preferences };
        Ok(Standing { facts, context: Context { ceiling: None, ..self.context() } })
    }

    /// Whether the front end that is used is for more than reading.
    pub(crate) fn may_write(&self) -> bool {
        self.ceiling.is_none_or(|ceiling| ceiling.writes)
    }

    pub(crate) fn item<T: Sectioned>(&self, record: &T) -> Item {
        Item { goal: record.goal_id(), progress: record.is_progress(), ..Item::of(record.author(), self.caller.person()) }
    }

    pub(crate) fn item_at(&self, located: &Located) -> Item {
        Item { goal: located.goal, progress: located.is_progress(), ..Item::of(located.author, self.caller.person()) }
    }

    fn towards_same(&self) -> Self {
        Self {
            caller: self.caller,
            district: self.district.clone(),
            located: None,
            facts: self.facts.clone(),
            marks: self.marks.clone(),
            ceiling: self.ceiling,
            standing: self.standing.clone(),
        }
    }

    pub(crate) fn context(&self) -> Context<'_> {
        self.district.context(self.ceiling)
    }

    /// Decides about the record that was asked for. Not readable is not there; readable but not allowed is forbidden.
    pub(crate) fn settle(&self, action: Action, ask: &Ask) -> Result<Relation> {
        let located = self.located()?;
        let own = section_of(located);
        let item = self.item_at(located);
        if self.is_withheld(located.retold.map(|at| at.retold()), own, &item) {
            return Err(Error::NotFound);
        }
        let wanted = match (ask.section, ask.add, self.caller.person()) {
            (_, true, Some(person)) => Item { goal: located.goal, ..Item::new_by(person) },
            _ => item,
        };
        if let Some(relation) = self.relation_for(action, ask.section.unwrap_or(own), &wanted) {
            return Ok(relation);
        }
        // Who was let in to one section lists what is in it, and learns nothing of the file around.
        if ask.list
            && own == Section::Status
            && let (Some(facts), Some(person)) = (&self.facts, self.caller.person())
        {
            let first = explain::readings(person, facts, &self.context()).into_iter().next();
            return first.map(|reading| reading.relation).ok_or(Error::NotFound);
        }
        match self.relation_for(Action::Read, own, &item) {
            Some(_) => Err(Error::Forbidden),
            None => Err(Error::NotFound),
        }
    }
}

fn refused(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Unknown => Error::NotFound,
        Refusal::Forbidden => Error::Forbidden,
    }
}

/// How far somebody knows a student.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knows {
    /// Not at all.
    Nothing,
    /// That there is a file.
    File,
    /// The first name too.
    FirstName,
    /// Who the student is (S1a).
    Identity,
}

/// How somebody stands to a student: what they would read, if they asked today.
pub(crate) struct Standing<'g> {
    facts: Facts,
    context: Context<'g>,
}

impl Standing<'_> {
    /// What they read.
    pub(crate) fn readings(&self, person: PersonId) -> Vec<Reading> {
        explain::readings(person, &self.facts, &self.context)
    }

    /// Why a relation does not count today, if so.
    pub(crate) fn why_not(&self, fact: &Fact) -> Option<WhyNot> {
        explain::why_not_in_force(fact, &self.facts, &self.context)
    }
}

/// The section of a record that was located: by its domain, or else by its kind.
pub(crate) fn section_of(located: &Located) -> Section {
    if let Some(at) = &located.retold {
        return at.section;
    }
    match (located.domain, located.kind) {
        (Some(domain), _) => access::section_of_domain(domain),
        (None, Kind::Student) => Section::Identity,
        (
            None,
            Kind::GuardianLink
            | Kind::EmergencyAccess
            | Kind::Consent
            | Kind::PrivacyPreference
            | Kind::Notice
            | Kind::InspectionRequest
            | Kind::AmendmentRequest
            | Kind::Redaction,
        ) => Section::Privacy,
        (None, Kind::Registration | Kind::ReportCard | Kind::AttendanceTotal | Kind::YearOutcome) => Section::SchoolRecords,
        (None, Kind::PostSchoolOutcome) => Section::Postsecondary,
        (None, Kind::StudentFlag) => Section::Transition,
        (None, kind) => Part::of(kind).and_then(|part| part.placed.section()).unwrap_or(Section::Status),
    }
}

/// Proof that the caller may change the record `id`, or add to it, in this transaction. Persistence functions that write
/// demand one; there is no other way to make one than the door.
#[derive(Debug)]
pub struct Granted<'g> {
    pub(crate) grant: &'g Grant,
    pub(crate) relation: Relation,
}

impl Granted<'_> {
    /// The record.
    pub fn located(&self) -> Result<&Located> {
        self.grant.located()
    }
    /// The student the record is about.
    pub fn student_id(&self) -> Result<StudentId> {
        self.grant.located().map(|l| l.student_id)
    }
    /// The student the record is about, if it is the student who writes, by an application that may write. What only the student decides
    /// waits neither for a date of birth, as consents do, nor ends with attendance: so it is not the table's to say.
    pub(crate) fn own_student(&self) -> Result<StudentId> {
        if self.relation == Relation::Student && self.grant.may_write() { self.student_id() } else { Err(Error::Forbidden) }
    }
    /// The district.
    pub fn district_id(&self) -> DistrictId {
        self.grant.district.id
    }
    /// Who writes.
    pub fn person(&self) -> Result<PersonId> {
        self.grant.person()
    }
    /// The whole standing of the caller.
    pub fn grant(&self) -> &Grant {
        self.grant
    }
    /// The relation that allows it.
    pub fn relation(&self) -> Relation {
        self.relation
    }

    /// The same right about a record of the same student that the granted one refers to.
    pub(crate) fn moved_to(&self, kind: Kind, id: impl Into<Uuid>, version: i32) -> Moved {
        let located = self.grant.located.as_ref().map(|l| Located { kind, id: id.into(), version, ..*l });
        let grant = Grant { located, ..self.grant.towards_same() };
        Moved { grant, relation: self.relation }
    }
}

/// A right that was carried over to another record of the same student.
pub(crate) struct Moved {
    grant: Grant,
    relation: Relation,
}

impl Moved {
    pub(crate) fn borrow(&self) -> Granted<'_> {
        Granted { grant: &self.grant, relation: self.relation }
    }
}
