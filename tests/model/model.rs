//! The decision a second time: written from access.md alone, rule by rule, and without a look at the tables of `domain::access`.
//!
//! Only the vocabulary is shared: what relations, sections, actions and facts are called. Each sentence of the text is a [`Rule`]. Every
//! truth that a rule finds passes through [`Model::finds`], which counts it and where a mutant of the rule goes wrong on purpose.

use chrono::{Datelike, NaiveDate};
use openilp_domain::access::{Action, Choice, Fact, Relation, Rights, Section, Signatures};
use openilp_domain::grade::Grade;

use super::matrix_text::{Letters, MatrixText};
use super::world::World;

macro_rules! rules { ($($(#[doc = $text:literal])+ $name:ident,)*) => {
    /// A sentence of access.md.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Rule { $($(#[doc = $text])+ $name,)* }
    impl Rule { pub const ALL: &'static [Self] = &[$(Self::$name),*]; }
} }

rules! {
    /// 5.5: validity is half-open, and the first day counts.
    Begun,
    /// 5.5: validity is half-open, and the last day does not count.
    Ended,
    /// 5.1, amendments: a relation counts once the district has confirmed it; a link from a roster has no rights until then.
    Confirmed,
    /// Amendments: unless the district trusts the roster's guardian links …
    TrustedLinks,
    /// … of a student whose date of birth is known.
    BirthDateUnknown,
    /// 4.1 (99.4): a guardian has full rights, or none by an order.
    FullRights,
    /// 5.11, I5: an order that leaves no rights is a hard denial, confirmed or not: by no other relation either.
    ShutOut,
    /// 4.1 (99.5), decision 4: at 18 the rights are the student's; 5.5: born on 29 February, on 1 March.
    Is18,
    /// 4.1 (99.5): or on attending a postsecondary institution.
    AtPostsecondary,
    /// Decision 2: a roster teacher counts only where the profile says so.
    RosterTeachersInvolved,
    /// 5.5: relations end at leaving …
    Attends,
    /// … but not those of the student and family, who still read (99.10, 5.10) …
    ReadsOn,
    /// … nor those of the district's custodian and student information system, which keep the record.
    GoesOn,
    /// 5.3: `own`: one's own entry, one's own words.
    OwnRecord,
    /// R47, R52: nobody comments or suggests in another's words.
    AnothersWords,
    /// 5.3: below grade 9 …
    BelowGrade9,
    /// 5.3: from grade 9.
    FromGrade9,
    /// 5.3: … GU and TE may also write S2, S4, S6.
    SupplementedTogether,
    /// Amendments: where the profile says "all participants" …
    AllParticipants,
    /// … TE and CR, as participants …
    AssignedParticipant,
    /// … read S1b …
    IsContacts,
    /// … and strengths and progress …
    IsProgress,
    /// … whatever their section: of a goal (by domain: S2, S4, S8) or of the transition plan. I8 keeps S10 closed, `(k)` S5f.
    HoldsProgress,
    /// 5.3: `(k)`: only if named on the item; no item names anybody yet.
    NeedsNaming,
    /// 5.3, I4: `w` without `r` is for what one wrote oneself; SI alone writes without any read.
    WritesUnread,
    /// 5.3, R131: whoever may write in a content section may also comment there.
    WriterComments,
    /// Amendments: where it says `rc` for GU and GK, TE, CR it is `rcp`.
    RcMeansRcp,
    /// R47: any participant may suggest occupational and postsecondary objectives (S4, S5).
    SuggestsObjectives,
    /// R47: staff who may write in the plan may instead suggest.
    StaffSuggests,
    /// Amendments, R41: a proposal waits for the student (from grade 9) …
    WaitsForStudent,
    /// … or the gatekeeper.
    WaitsForGatekeeper,
    /// Amendments: where `p` is, in the plan: S2, S4, S5, S7, S9, S11, S12.
    TakesProposals,
    /// Amendments: the rights holder unknown, there is no consent.
    ConsentsKnown,
    /// Decision 2: for S2, S3, S7 only, and what shows whose they are (S0, S1a).
    RosterSection,
    /// L25: an adult student before 18.
    AdultStudent,
    /// 99.31(a)(8): the parent of a dependent still reads …
    DependentsParent,
    /// … and does no more.
    ReadsOnly,
    /// 5.7: an emergency ends at its minute.
    MinutesLeft,
    /// 5.7: it reads the sections that it names …
    NamedInEmergency,
    /// … and never S14.
    NeverPrivacy,
    /// 5.6: a consent names the section, `(d)`, `(s)`, `(g)` …
    NamedInConsent,
    /// … and where it is scoped to a goal, only that, but whose it is.
    OfTheGoal,
    /// 5.6: a minor's consent is signed by the student …
    SignedByStudent,
    /// … and one full-rights guardian …
    SignedByGuardian,
    /// … and none objects.
    Objection,
    /// 5.6: from the day the rights pass, the student's own signature since counts, and no other.
    SignedSince,
    /// 5.6: while the rights holder is unknown, no consent counts.
    NoConsentYet,
    /// 5.3: GU of an eligible student, by consent: as granted, and whose file it is. S1b, S13 and S14 never.
    GrantedToParent,
    /// 5.3: no more than the first name.
    FirstNameAsked,
    /// 5.3: `own t`.
    OwnProgram,
    /// 5.3: `(v)`: the student opened it to them.
    OpenedByStudent,
    /// I5: the student hid it from them …
    HiddenByStudent,
    /// … who yield: not RH, legal process, break-glass, or a machine.
    Yields,
    /// 5.11, I5: an order keeps the person from the section.
    KeptFrom,
    /// 5.1 VF: client scope and the district's approval: of the section …
    ClientSection,
    /// … and of writing.
    ClientWrites,
}

/// One deliberate mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// A rule that finds everything true.
    Always(Rule),
    /// A rule that finds nothing true.
    Never(Rule),
    /// A cell of the table with one action more, or one fewer.
    Cell(Relation, Section, Action),
    /// A slip of the pen.
    Slip(Slip),
}

macro_rules! slips { ($($(#[doc = $text:literal])+ $name:ident,)*) => {
    /// Slips of the pen.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Slip { $($(#[doc = $text])+ $name,)* }
    impl Slip { pub const ALL: &'static [Self] = &[$(Self::$name),*]; }
} }

slips! {
    /// The last day counts.
    LastDayCounts,
    /// The first day does not count.
    FirstDayDoesNot,
    /// The rights pass at 17.
    At17,
    /// The rights pass the day after the birthday.
    DayAfterBirthday,
    /// Born on 29 February, the rights pass on 28 February.
    LeapDayOn28February,
    /// Born on 29 February, the rights pass on 2 March.
    LeapDayOn2March,
    /// An order counts only if confirmed.
    OrderNeedsConfirmation,
    /// An order counts after it is lifted.
    OrderForEver,
    /// An order closes only the guardian's own door.
    OrderClosesOneDoor,
    /// A guardian of unsaid rights has full ones.
    UnsaidRightsAreFull,
    /// A trusted link counts while the date of birth is unknown.
    TrustWithoutBirthDate,
    /// Students with an unknown date of birth are minors in all.
    UnknownAgeConsents,
    /// A guardian keeps reading after the rights have passed.
    GuardianReadsOnAt18,
    /// Student and guardian still write after leaving.
    WritesAfterLeaving,
    /// The gatekeeper stays after leaving.
    GatekeeperStays,
    /// The principal stays after leaving.
    PrincipalStays,
    /// Any two people without a name are the same.
    NobodyIsOneself,
    /// The grade 9 is below 9.
    Ninth,
    /// A student in no grade is below 9.
    UngradedIsBelow9,
    /// Kindergarten is not below 9.
    KindergartenIsNot,
    /// Postsecondary is not after 9.
    PostsecondaryIsNot,
    /// The later relation is named as the reason.
    LastRelationNamed,
}

const OBJECTIVES: [Section; 2] = [Section::Career, Section::Postsecondary];

/// The model, its counters and its mistake, if it makes one.
pub struct Model {
    text: MatrixText,
    mutant: Option<Mutant>,
    /// How often each rule found untrue and true.
    pub found: Vec<[u64; 2]>,
}

impl Model {
    pub fn new() -> Self {
        Self::with(None)
    }

    pub fn with(mutant: Option<Mutant>) -> Self {
        Self { text: MatrixText::read(), mutant, found: vec![[0; 2]; Rule::ALL.len()] }
    }

    fn finds(&mut self, rule: Rule, truth: bool) -> bool {
        self.found[rule as usize][usize::from(truth)] += 1;
        match self.mutant {
            Some(Mutant::Always(of)) if of == rule => true,
            Some(Mutant::Never(of)) if of == rule => false,
            _ => truth,
        }
    }

    fn slips(&self, slip: Slip) -> bool {
        self.mutant == Some(Mutant::Slip(slip))
    }

    /// The relation by which it is allowed: the closest, where there are several.
    pub fn allows(&mut self, world: &World) -> Option<Relation> {
        let words = matches!(world.action, Action::Comment | Action::Propose);
        if self.is_shut_out(world) || self.is_kept_from(world) || !self.is_within_client(world) || (words && self.is_anothers(world)) {
            return None;
        }
        let mut by = None;
        for fact in &world.facts.relations {
            let closer = by.is_none_or(|known| if self.slips(Slip::LastRelationNamed) { fact.relation > known } else { fact.relation < known });
            if closer && self.counts(fact, world) && self.is_granted(fact, world) && !self.is_hidden(fact.relation, world) {
                by = Some(fact.relation);
            }
        }
        by
    }

    // Who it is.

    fn is_shut_out(&mut self, world: &World) -> bool {
        for fact in &world.facts.relations {
            let order = fact.relation == Relation::Guardian
                && fact.rights == Some(Rights::None)
                && (self.slips(Slip::OrderForEver) || self.in_force(fact, world.today))
                && (fact.confirmed || !self.slips(Slip::OrderNeedsConfirmation))
                && !self.slips(Slip::OrderClosesOneDoor);
            if self.finds(Rule::ShutOut, order) {
                return true;
            }
        }
        false
    }

    fn is_kept_from(&mut self, world: &World) -> bool {
        for order in &world.facts.restrictions {
            let begun = order.valid_from.is_none_or(|from| from <= world.today);
            let over = order.valid_to.is_some_and(|to| to <= world.today);
            let names = order.sections.is_none_or(|sections| sections.contains(world.section));
            if self.finds(Rule::KeptFrom, begun && !over && names) {
                return true;
            }
        }
        false
    }

    fn is_within_client(&mut self, world: &World) -> bool {
        let Some(client) = world.ceiling else { return true };
        let section = self.finds(Rule::ClientSection, client.sections.contains(world.section));
        section && (world.action == Action::Read || self.finds(Rule::ClientWrites, client.writes))
    }

    fn is_hidden(&mut self, relation: Relation, world: &World) -> bool {
        let asked = world.facts.preferences.iter().any(|p| (p.section, p.relation, p.choice) == (world.section, relation, Choice::Hide));
        if !self.finds(Rule::HiddenByStudent, asked) {
            return false;
        }
        let eligible = self.is_eligible(world);
        let yields = match relation {
            Relation::Student | Relation::Custodian | Relation::Emergency | Relation::SisClient => false,
            Relation::Guardian => eligible,
            _ => true,
        };
        self.finds(Rule::Yields, yields)
    }

    /// 5.6.
    fn is_signed(&mut self, signatures: &Signatures, world: &World) -> bool {
        if self.is_eligible(world) {
            let since = signatures.student_on.is_some_and(|day| self.is_eligible_on(world, day));
            return self.finds(Rule::SignedSince, since);
        }
        let unknown = world.facts.student.birth_date.is_none();
        !self.finds(Rule::NoConsentYet, unknown)
            && self.finds(Rule::SignedByStudent, signatures.student_on.is_some())
            && self.finds(Rule::SignedByGuardian, signatures.guardian)
            && !self.finds(Rule::Objection, signatures.objection)
    }

    fn in_force(&mut self, fact: &Fact, today: NaiveDate) -> bool {
        let begun = fact.valid_from.is_none_or(|from| today > from || (today == from && !self.slips(Slip::FirstDayDoesNot)));
        let ended = fact.valid_to.is_some_and(|to| today > to || (today == to && !self.slips(Slip::LastDayCounts)));
        self.finds(Rule::Begun, begun) && !self.finds(Rule::Ended, ended)
    }

    fn counts(&mut self, fact: &Fact, world: &World) -> bool {
        self.in_force(fact, world.today) && self.is_known(fact, world) && self.is_still_there(fact.relation, world)
    }

    fn is_known(&mut self, fact: &Fact, world: &World) -> bool {
        let confirmed = self.finds(Rule::Confirmed, fact.confirmed);
        if let Some(until) = fact.until
            && !self.finds(Rule::MinutesLeft, world.now < until)
        {
            return false;
        }
        if let Some(signatures) = &fact.signatures
            && !self.is_signed(signatures, world)
        {
            return false;
        }
        match fact.relation {
            Relation::Guardian => {
                let full = fact.rights == Some(Rights::Full) || (fact.rights.is_none() && self.slips(Slip::UnsaidRightsAreFull));
                if !self.finds(Rule::FullRights, full) {
                    return false;
                }
                if !self.is_eligible(world) {
                    return confirmed || self.is_trusted(world);
                }
                let dependent = fact.dependent_until.is_some_and(|until| world.today < until);
                let reads = self.finds(Rule::ReadsOnly, world.action == Action::Read);
                confirmed && reads && (self.finds(Rule::DependentsParent, dependent) || self.slips(Slip::GuardianReadsOnAt18))
            }
            Relation::RosterTeacher => confirmed && self.finds(Rule::RosterTeachersInvolved, world.switches.roster_teachers),
            _ => confirmed,
        }
    }

    fn is_trusted(&mut self, world: &World) -> bool {
        let unknown = self.finds(Rule::BirthDateUnknown, world.facts.student.birth_date.is_none()) && !self.slips(Slip::TrustWithoutBirthDate);
        self.finds(Rule::TrustedLinks, world.guardians_trusted) && !unknown
    }

    fn is_still_there(&mut self, relation: Relation, world: &World) -> bool {
        let family = matches!(relation, Relation::Student | Relation::Guardian | Relation::ConsentedGuardian);
        let reads = family && (world.action == Action::Read || self.slips(Slip::WritesAfterLeaving));
        let stays = matches!(relation, Relation::Custodian | Relation::SisClient)
            || (relation == Relation::Gatekeeper && self.slips(Slip::GatekeeperStays))
            || (relation == Relation::SchoolManager && self.slips(Slip::PrincipalStays));
        self.finds(Rule::Attends, world.facts.student.active) || self.finds(Rule::ReadsOn, reads) || self.finds(Rule::GoesOn, stays)
    }

    // Who the student is.

    fn is_eligible(&mut self, world: &World) -> bool {
        self.is_eligible_on(world, world.today)
    }

    fn is_eligible_on(&mut self, world: &World, day: NaiveDate) -> bool {
        let student = &world.facts.student;
        let postsecondary = student.postsecondary_from.is_some_and(|from| day >= from);
        let adult = student.adult_from.is_some_and(|from| day >= from);
        if self.finds(Rule::AtPostsecondary, postsecondary) || self.finds(Rule::AdultStudent, adult) {
            return true;
        }
        let is_18 = student.birth_date.is_some_and(|born| self.is_18(born, day));
        self.finds(Rule::Is18, is_18)
    }

    fn is_18(&self, born: NaiveDate, today: NaiveDate) -> bool {
        let leap = (born.month(), born.day()) == (2, 29);
        let (month, day) = match (born.month(), born.day()) {
            _ if leap && self.slips(Slip::LeapDayOn28February) => (2, 28),
            _ if leap && self.slips(Slip::LeapDayOn2March) => (3, 2),
            // No year that is 18 after a leap year is one, but the order of parts of dates needs no calendar: 29 February is after 28
            // February and before 1 March in every year.
            other => other,
        };
        let years = if self.slips(Slip::At17) { 17 } else { 18 };
        let birthday = (born.year() + years, month, day);
        let now = (today.year(), today.month(), today.day());
        now > birthday || (now == birthday && !self.slips(Slip::DayAfterBirthday))
    }

    fn grade(&mut self, world: &World) -> (bool, bool) {
        use Grade as G;
        let grade = world.facts.student.grade;
        let below = match grade {
            None | Some(G::Ungraded) => self.slips(Slip::UngradedIsBelow9),
            Some(G::Kindergarten) => !self.slips(Slip::KindergartenIsNot),
            Some(G::Ninth) => self.slips(Slip::Ninth),
            Some(G::Tenth | G::Eleventh | G::Twelfth | G::Thirteenth | G::Postsecondary) => false,
            Some(_) => true,
        };
        let from = match grade {
            Some(G::Ninth) => !self.slips(Slip::Ninth),
            Some(G::Tenth | G::Eleventh | G::Twelfth | G::Thirteenth) => true,
            Some(G::Postsecondary) => !self.slips(Slip::PostsecondaryIsNot),
            _ => false,
        };
        (self.finds(Rule::BelowGrade9, below), self.finds(Rule::FromGrade9, from))
    }

    // Whose record it is.

    fn is_own(&mut self, world: &World) -> bool {
        let own = world.item.author == world.item.caller && (world.item.author.is_some() || self.slips(Slip::NobodyIsOneself));
        self.finds(Rule::OwnRecord, own)
    }

    fn is_anothers(&mut self, world: &World) -> bool {
        let anothers = world.item.author.is_some_and(|author| world.item.caller != Some(author));
        self.finds(Rule::AnothersWords, anothers)
    }

    // What the table says, and the text below it.

    fn is_granted(&mut self, fact: &Fact, world: &World) -> bool {
        let relation = fact.relation;
        let letters = self.text.of(relation, world.section);
        if letters.own_program && !self.finds(Rule::OwnProgram, world.item.program.is_some() && world.item.program == fact.program) {
            return self.mutant == Some(Mutant::Cell(relation, world.section, world.action));
        }
        let granted = match world.action {
            Action::Read => self.reads(fact, letters, world),
            Action::Write => self.writes(relation, letters, world),
            Action::Comment if letters.own_only => letters.comment && self.is_own(world),
            Action::Comment => letters.comment || self.comments_as_writer(relation, letters, world),
            Action::Propose => self.proposes(relation, letters, world),
            Action::Decide => letters.decide || self.is_waited_for(relation, world),
            Action::Sign => letters.sign,
            Action::Administer => letters.administer,
        };
        granted != (self.mutant == Some(Mutant::Cell(relation, world.section, world.action)))
    }

    fn reads(&mut self, fact: &Fact, letters: Letters, world: &World) -> bool {
        let relation = fact.relation;
        match relation {
            Relation::Emergency => return self.reads_in_emergency(fact, world),
            Relation::ConsentedGuardian => return self.reads_as_parent(fact, world),
            _ => {}
        }
        if letters.if_consented {
            return self.is_consented(fact, world);
        }
        if letters.first_name {
            return self.finds(Rule::FirstNameAsked, world.item.first_name);
        }
        // The default of `(v)`: what stands before it.
        let opened = world.facts.preferences.iter().any(|p| (p.section, p.relation, p.choice) == (world.section, relation, Choice::Open));
        if letters.as_student_has_it && !letters.read && self.finds(Rule::OpenedByStudent, opened) {
            return true;
        }
        if letters.read {
            return !self.finds(Rule::NeedsNaming, letters.if_named);
        }
        let of_roster =
            matches!(world.section, Section::Status | Section::Identity | Section::PlanOfStudy | Section::SchoolRecords | Section::AppliedSkills);
        (relation == Relation::RosterTeacher && self.finds(Rule::RosterSection, of_roster))
            || self.reads_as_participant(relation, world)
            || (letters.write && !self.writes_unread(relation) && self.is_own(world))
    }

    /// 5.6, and 5.3 `(d)`, `(s)`, `(g)`.
    fn is_consented(&mut self, fact: &Fact, world: &World) -> bool {
        let names = fact.sections.is_some_and(|sections| sections.contains(world.section));
        let whose = world.section == Section::Identity;
        let of_goal = fact.goal.is_none_or(|goal| world.item.goal == Some(goal));
        self.finds(Rule::NamedInConsent, names) && self.finds(Rule::OfTheGoal, whose || of_goal)
    }

    fn reads_as_parent(&mut self, fact: &Fact, world: &World) -> bool {
        let never = matches!(world.section, Section::Contacts | Section::ResourceRequests | Section::Privacy);
        if !self.finds(Rule::GrantedToParent, !never) {
            return false;
        }
        matches!(world.section, Section::Status | Section::Identity) || self.is_consented(fact, world)
    }

    fn reads_in_emergency(&mut self, fact: &Fact, world: &World) -> bool {
        if !self.finds(Rule::NeverPrivacy, world.section != Section::Privacy) {
            return false;
        }
        let frame = matches!(world.section, Section::Status | Section::Identity);
        let names = fact.sections.is_some_and(|sections| sections.contains(world.section));
        frame || self.finds(Rule::NamedInEmergency, names)
    }

    fn reads_as_participant(&mut self, relation: Relation, world: &World) -> bool {
        let assigned = matches!(relation, Relation::Teacher | Relation::CareerReviewer);
        if !self.finds(Rule::AssignedParticipant, assigned) || !self.finds(Rule::AllParticipants, world.switches.participants_read_contacts) {
            return false;
        }
        let holds_progress = matches!(world.section, Section::PlanOfStudy | Section::Career | Section::PersonalSocial | Section::Transition);
        self.finds(Rule::IsContacts, world.section == Section::Contacts)
            || (self.finds(Rule::IsProgress, world.item.progress) && self.finds(Rule::HoldsProgress, holds_progress))
    }

    fn writes_unread(&mut self, relation: Relation) -> bool {
        self.finds(Rule::WritesUnread, relation == Relation::SisClient)
    }

    fn writes(&mut self, relation: Relation, letters: Letters, world: &World) -> bool {
        (letters.write && ((letters.read && !letters.own_only) || self.writes_unread(relation) || self.is_own(world)))
            || (letters.own_entry && self.is_own(world))
            || (letters.own_consent && self.is_own(world) && self.may_consent(world))
            || self.supplements(relation, world)
    }

    fn may_consent(&mut self, world: &World) -> bool {
        let known = world.facts.student.birth_date.is_some() || self.is_eligible(world) || self.slips(Slip::UnknownAgeConsents);
        self.finds(Rule::ConsentsKnown, known)
    }

    fn supplements(&mut self, relation: Relation, world: &World) -> bool {
        let here = matches!(relation, Relation::Guardian | Relation::Teacher)
            && matches!(world.section, Section::PlanOfStudy | Section::Career | Section::SelfAwareness);
        self.finds(Rule::SupplementedTogether, here) && self.grade(world).0
    }

    fn comments_as_writer(&mut self, relation: Relation, letters: Letters, world: &World) -> bool {
        let frame = matches!(world.section, Section::Status | Section::Identity | Section::Contacts | Section::Privacy);
        let writer = !frame && letters.read && (letters.write || self.supplements(relation, world));
        self.finds(Rule::WriterComments, writer)
    }

    fn proposes(&mut self, relation: Relation, letters: Letters, world: &World) -> bool {
        let not_the_student = matches!(relation, Relation::Guardian | Relation::Gatekeeper | Relation::Teacher | Relation::CareerReviewer);
        let staff = matches!(relation, Relation::Gatekeeper | Relation::Teacher | Relation::CareerReviewer);
        let plan =
            matches!(world.section, Section::PlanOfStudy | Section::Career | Section::Postsecondary | Section::AppliedSkills | Section::Transition);
        letters.propose
            || self.finds(Rule::RcMeansRcp, letters.comment && not_the_student)
            || self.finds(Rule::SuggestsObjectives, not_the_student && OBJECTIVES.contains(&world.section))
            || self.finds(Rule::StaffSuggests, staff && letters.write && plan)
    }

    fn is_waited_for(&mut self, relation: Relation, world: &World) -> bool {
        let takes = matches!(
            world.section,
            Section::PlanOfStudy
                | Section::Career
                | Section::Postsecondary
                | Section::AppliedSkills
                | Section::Transition
                | Section::Conferences
                | Section::Feedback
        );
        if !self.finds(Rule::TakesProposals, takes) {
            return false;
        }
        let from_9 = self.grade(world).1;
        self.finds(Rule::WaitsForStudent, relation == Relation::Student && from_9)
            || self.finds(Rule::WaitsForGatekeeper, relation == Relation::Gatekeeper && !from_9)
    }
}
