//! Who may do what with which section of a student's file.
//!
//! [`matrix`] is the table, [`mod@decide`] the one decision, [`mod@explain`] says why it is so, [`label`] says which section every stored
//! value belongs to. All of it is pure: facts and today's date go in, a decision comes out. Nothing is allowed without a live relation
//! (I1).
//! The codes S2, I3 … and R47 … are those of the requirements; docs/access-matrix.md is the table in words.

mod case;
pub mod decide;
pub mod district;
pub mod emergency;
pub mod explain;
pub mod label;
pub mod matrix;
mod notice;
mod print;
mod rights;
mod section;
#[cfg(test)]
mod tests;
mod third_party;

use chrono::{DateTime, NaiveDate, Utc};

pub use case::{CaseDeed, decide_case};
pub use decide::{Decision, Reason, allowed_actions, allowed_on, decide, knows_of, signatures_suffice};
pub use decide::{progress_sections, proposable_sections, readable_sections, writable_sections};
pub use district::{DistrictAction, allowed_to, decide_district, relation_of, standing_today};
pub use emergency::{EmergencyDeed, decide_emergency, in_emergency_until};
pub use explain::{Explanation, Extent, Reading, WhyNot, explain};
pub use label::Label;
pub use notice::{Audience, addressed_as, still_shown};
pub use print::print_matrix;
pub use rights::{AdultBasis, AdultPeriod, RightsBasis, RightsHolder, RightsStanding};
pub use rights::{next_holder, rights_basis, rights_held_since, rights_holder, rights_standing};
pub use section::{Section, Sections, section_of_domain};
pub use third_party::{sees_third_parties, withheld_as_a_whole};

use crate::grade::Grade;
use crate::id::{GoalId, PersonId, StudentId};
use crate::profile::Switches;
use crate::time;

crate::words! {
    /// How a caller stands to a student. The words are those of the view `student_relations`; the order is that in which a
    /// relation is named as the reason, when several allow the same.
    Relation {
        /// The student.
        Student = "self",
        /// A parent or guardian with rights.
        Guardian = "guardian",
        /// The counselor or advisor who looks after the file (R71).
        Gatekeeper = "gatekeeper",
        /// A teacher assigned to the student's plan (R40).
        Teacher = "teacher",
        /// The reviewer of career objectives (R45, R46).
        CareerReviewer = "careerReviewer",
        /// A specialist of a support programme that the student is in (R22).
        SupportSpecialist = "supportSpecialist",
        /// A teacher of one of the student's classes, as the roster says, where the district counts these as involved (R136).
        RosterTeacher = "rosterTeacher",
        /// The principal, or whom the principal appointed (R5).
        SchoolManager = "schoolManager",
        /// Who coordinates the programme in the district (R54, R60).
        Coordinator = "coordinator",
        /// The district's records custodian or privacy officer.
        Custodian = "custodian",
        /// A parent or guardian of an eligible student, by the student's consent (34 CFR 99.5, 99.30).
        ConsentedGuardian = "consentedGuardian",
        /// On the staff of a partner of the district, by consent (R74).
        Partner = "partner",
        /// An adult whom the student invited, by consent.
        Mentor = "mentor",
        /// In an advisory or small group to which something was shared, by consent.
        GroupMember = "groupMember",
        /// In a health or safety emergency, for some minutes (34 CFR 99.31(a)(10), 99.36).
        Emergency = "emergency",
        /// The district's student information system.
        SisClient = "sisClient",
        /// The state agency, pulling under an agreement.
        StateClient = "stateClient",
        /// Who runs the service. Never sees content (I6).
        Operator = "operator",
    }
}

impl Relation {
    /// Whether it is an office in the district or a school.
    pub const fn is_office(self) -> bool {
        matches!(self, Self::SchoolManager | Self::Coordinator | Self::Custodian)
    }
}

crate::words! {
    /// What a caller wants to do with a section of a file.
    Action {
        /// See it.
        Read = "read",
        /// Add one's own words to it, such as a reflection; change or take back only these.
        Comment = "comment",
        /// Suggest a change that waits for a decision (R47); take back one's own suggestion.
        Propose = "propose",
        /// Create, amend, remove.
        Write = "write",
        /// Accept or decline a suggestion.
        Decide = "decide",
        /// Acknowledge. A sign-off is not a contract (R89).
        Sign = "sign",
        /// Run it: on S0 assign staff and manage participants, on S14 confirm guardian links.
        Administer = "administer",
    }
}

crate::words! {
    /// What a guardian's link carries (34 CFR 99.4, L9).
    Rights {
        /// All rights of a parent.
        Full = "full",
        /// None: a court order or similar binding document.
        None = "none",
    }
}

crate::words! {
    /// A programme that supports a student, whose papers only its own specialists keep (R22).
    SupportProgram {
        /// Individualized education program.
        Iep = "iep",
        /// Section 504 plan.
        Section504 = "504",
        /// English language learner.
        Ell = "ell",
        /// Personal literacy plan.
        Plp = "plp",
        /// Psychological services.
        Psychological = "psychological",
        /// Social services.
        Social = "social",
    }
}

crate::words! {
    /// What a student asks about a section and those who stand in a relation.
    Choice {
        /// Not to show it to them.
        Hide = "hide",
        /// To show it to them.
        Open = "open",
    }
}

/// Why a caller may not do what is decided by a rule of its own, beside the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// They may not know that there is such a student, or such a record.
    Unknown,
    /// They may know, and not do it.
    Forbidden,
}

/// Who signed a consent, as it stands today (34 CFR 99.30).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signatures {
    /// The last day on which the student signed.
    pub student_on: Option<NaiveDate>,
    /// Whether a guardian with full rights signed.
    pub guardian: bool,
    /// Whether a guardian with full rights objects.
    pub objection: bool,
}

/// A relation of the caller to the student, as the database states it. Valid from `valid_from`, no longer on `valid_to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Which relation.
    pub relation: Relation,
    /// For a guardian: with which rights. Unknown counts as none.
    pub rights: Option<Rights>,
    /// Whether the district has confirmed it. A roster alone grants nothing.
    pub confirmed: bool,
    /// First day.
    pub valid_from: Option<NaiveDate>,
    /// The day on which it has ended.
    pub valid_to: Option<NaiveDate>,
    /// The instant at which it has ended, where it is counted in minutes.
    pub until: Option<DateTime<Utc>>,
    /// The sections that the consent or the emergency names, or for the custodian those of the open cases. Counts where the table says so.
    pub sections: Option<Sections>,
    /// The one goal to which it is limited.
    pub goal: Option<GoalId>,
    /// For a specialist: of which programme.
    pub program: Option<SupportProgram>,
    /// Who signed, where it rests on a consent.
    pub signatures: Option<Signatures>,
    /// For a guardian: the day until which the student is documented as a dependent for taxes (34 CFR 99.31(a)(8)).
    pub dependent_until: Option<NaiveDate>,
}

impl Fact {
    /// A confirmed relation without dates: what a machine client or the student has.
    pub fn standing(relation: Relation) -> Self {
        Self {
            relation,
            rights: None,
            confirmed: true,
            valid_from: None,
            valid_to: None,
            until: None,
            sections: None,
            goal: None,
            program: None,
            signatures: None,
            dependent_until: None,
        }
    }

    fn in_force(&self, today: NaiveDate) -> bool {
        time::covers(self.valid_from, self.valid_to, today)
    }
}

/// An order that keeps one person from sections of one student's file, whatever their relations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restriction {
    /// The sections. None: all.
    pub sections: Option<Sections>,
    /// First day.
    pub valid_from: Option<NaiveDate>,
    /// The day on which it was lifted.
    pub valid_to: Option<NaiveDate>,
}

impl Restriction {
    fn keeps_from(&self, section: Section, today: NaiveDate) -> bool {
        self.sections.is_none_or(|sections| sections.contains(section)) && time::covers(self.valid_from, self.valid_to, today)
    }
}

/// What the student asks about a section and those who stand in a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preference {
    /// The section.
    pub section: Section,
    /// Who reads, or does not.
    pub relation: Relation,
    /// Which of the two.
    pub choice: Choice,
}

/// What decisions depend on about the student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudentFacts {
    /// The student.
    pub student_id: StudentId,
    /// The grade, where the roster says.
    pub grade: Option<Grade>,
    /// The date of birth, where known.
    pub birth_date: Option<NaiveDate>,
    /// When the student counts as an adult before 18, in any order.
    pub adult: Vec<AdultPeriod>,
    /// Whether the student attends. After leaving, the file is only read.
    pub active: bool,
}

/// All that is known about one caller and one student. The order of relations, or one stated twice, makes no difference (I10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The student.
    pub student: StudentFacts,
    /// The caller's relations to the student.
    pub relations: Vec<Fact>,
    /// The orders that keep the caller from something.
    pub restrictions: Vec<Restriction>,
    /// What the student asks about sections.
    pub preferences: Vec<Preference>,
}

impl Facts {
    /// A student and the caller's relations, without restrictions or preferences.
    pub fn of(student: StudentFacts, relations: Vec<Fact>) -> Self {
        Self { student, relations, restrictions: vec![], preferences: vec![] }
    }
}

/// What an application may do at most for the people who use it. It never adds a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ceiling {
    /// The sections.
    pub sections: Sections,
    /// Whether more than reading.
    pub writes: bool,
    /// Whether what somebody may by an office in the district or a school.
    pub offices: bool,
}

impl Ceiling {
    /// What both allow.
    pub fn and(self, other: Self) -> Self {
        Self { sections: self.sections.intersection(other.sections), writes: self.writes && other.writes, offices: self.offices && other.offices }
    }

    fn allows(&self, action: Action, section: Section) -> bool {
        self.sections.contains(section) && (self.writes || action == Action::Read)
    }

    /// Whether nobody acts by such a relation.
    fn excludes(&self, relation: Relation) -> bool {
        !self.offices && relation.is_office()
    }
}

/// What decisions depend on beyond the two of them.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The date in the district's time zone.
    pub today: NaiveDate,
    /// The instant.
    pub now: DateTime<Utc>,
    /// What the application may do through which the caller comes, where the district set limits to it.
    pub ceiling: Option<Ceiling>,
    /// The access switches of the district's requirement profile.
    pub switches: &'a Switches,
    /// Whether the district trusts the guardian links of its roster without confirming each.
    pub guardians_trusted: bool,
}

/// What decisions depend on about one record. The default is any ordinary record of the section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// Whose record it is: who wrote it, or for a contact entry (S1b) whom it is about. None for one that is not there yet.
    pub author: Option<PersonId>,
    /// Who asks.
    pub caller: Option<PersonId>,
    /// Whether it is one of the strengths or the progress (R31 to R34) that a profile may open to all participants.
    pub progress: bool,
    /// Whether no more is asked for than the student's first name.
    pub first_name: bool,
    /// The goal that it is, or belongs to.
    pub goal: Option<GoalId>,
    /// The support programme whose paper it is.
    pub program: Option<SupportProgram>,
}

impl Item {
    /// A record of someone's, asked for by a caller.
    pub fn of(author: Option<PersonId>, caller: Option<PersonId>) -> Self {
        Self { author, caller, ..Self::default() }
    }

    /// A record that the caller is about to make.
    pub fn new_by(caller: PersonId) -> Self {
        Self::of(Some(caller), Some(caller))
    }

    /// The same, as a record of strengths or progress.
    pub fn as_progress(self) -> Self {
        Self { progress: true, ..self }
    }

    /// The same, as far as the student's first name.
    pub fn as_first_name(self) -> Self {
        Self { first_name: true, ..self }
    }

    fn is_own(&self) -> bool {
        self.author.is_some() && self.author == self.caller
    }

    fn is_anothers(&self) -> bool {
        self.author.is_some() && self.author != self.caller
    }
}
