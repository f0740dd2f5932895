//! The decision a second time: written from access.md alone, rule by rule, and without a look at the tables of `domain::access`.
//!
//! Only the vocabulary is shared: what relations, sections, actions and facts are called. Each sentence of the text is a [`Rule`]. Every
//! truth that a rule finds passes through [`Model::finds`], which counts it and where a mutant of the rule goes wrong on purpose.

use chrono::{Datelike, NaiveDate};
use openilp_domain::access::{Action, AdultBasis, AdultPeriod, Choice, Fact, Relation, Rights, Section, Signatures};
use openilp_domain::grade::Grade;

use super::matrix_text::{Letters, MatrixText};
use super::rules::{Mutant, Rule, Slip};
use super::world::World;

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

    fn is_through_client(&mut self, relation: Relation, world: &World) -> bool {
        let office = matches!(relation, Relation::Custodian | Relation::Coordinator | Relation::SchoolManager);
        let Some(client) = world.ceiling.filter(|_| office) else { return true };
        self.finds(Rule::ClientOffices, client.offices)
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
            let eligible = signatures.student_on.is_some_and(|day| self.is_eligible_on(world, day));
            // … and the rights did not go back in between.
            let ends = world.facts.student.adult.iter().filter_map(|period| period.to);
            let between: Vec<_> = ends.filter(|to| *to <= world.today && signatures.student_on.is_some_and(|day| day < *to)).collect();
            let unbroken = between.into_iter().all(|to| self.is_eligible_on(world, to)) || self.slips(Slip::SignatureOutlivesTheRights);
            return self.finds(Rule::SignedSince, eligible && unbroken);
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
        self.is_through_client(fact.relation, world)
            && self.in_force(fact, world.today)
            && self.is_known(fact, world)
            && self.is_still_there(fact.relation, world)
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
        let for_ever = self.slips(Slip::AdultForEver);
        let lasts = |period: &&AdultPeriod| day >= period.from && (for_ever || period.to.is_none_or(|to| day < to));
        let mut lasting = student.adult.iter().filter(lasts).map(|period| period.basis);
        let postsecondary = lasting.clone().any(|basis| basis == AdultBasis::Postsecondary);
        let adult = lasting.any(|basis| basis != AdultBasis::Postsecondary);
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
        if letters.in_case {
            let open = fact.sections.is_some_and(|sections| sections.contains(world.section));
            return self.finds(Rule::InOpenCase, open);
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
