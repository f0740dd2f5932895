//! Random worlds: a student, a caller with relations, a district's rules, a day, and one question. By a seed, so that each can be had again.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use openilp_domain::access::{
    Action, AdultBasis, AdultPeriod, Ceiling, Choice, Context, Decision, Fact, Facts, Item, Preference, Relation, Restriction, Rights, Section,
    Sections, Signatures, StudentFacts, SupportProgram, decide,
};
use openilp_domain::grade::Grade;
use openilp_domain::id::{GoalId, PersonId, StudentId};
use openilp_domain::profile::Switches;
use uuid::Uuid;

/// SplitMix64: small, quick, and the same everywhere.
#[derive(Clone)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    fn below(&mut self, end: u64) -> u64 {
        ((self.next() >> 32) * end) >> 32
    }
    /// True so many times in a hundred.
    fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }
    fn near(&mut self, day: NaiveDate, days: u64) -> NaiveDate {
        let away = self.below(2 * days + 1);
        day - Days::new(days) + Days::new(away)
    }
}

/// One question in one world.
#[derive(Clone, Debug)]
pub struct World {
    pub facts: Facts,
    pub switches: Switches,
    pub guardians_trusted: bool,
    pub today: NaiveDate,
    pub now: DateTime<Utc>,
    pub ceiling: Option<Ceiling>,
    pub action: Action,
    pub section: Section,
    pub item: Item,
}

/// Relations of which a person has one more often than another: the rest would mostly be refused.
const OFTEN: [Relation; 6] =
    [Relation::Student, Relation::Guardian, Relation::Gatekeeper, Relation::Teacher, Relation::CareerReviewer, Relation::RosterTeacher];

impl World {
    /// Any one, to be overwritten.
    pub fn blank() -> Self {
        let student = StudentFacts { student_id: StudentId(Uuid::nil()), grade: None, birth_date: None, adult: Vec::with_capacity(2), active: true };
        Self {
            facts: Facts::of(student, Vec::with_capacity(4)),
            switches: Switches { roster_teachers: false, participants_read_contacts: false },
            guardians_trusted: false,
            today: NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(),
            now: DateTime::UNIX_EPOCH,
            ceiling: None,
            action: Action::Read,
            section: Section::Status,
            item: Item::default(),
        }
    }

    /// The next world, in the place of this one.
    pub fn roll(&mut self, r: &mut Random) {
        self.today = match r.below(20) {
            // The days around the end of a February, where birthdays of 29 February fall.
            0 => {
                let year = r.one_of(&[2024, 2025, 2026, 2027]);
                r.near(NaiveDate::from_ymd_opt(year, 3, 1).unwrap(), 2)
            }
            _ => NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + Days::new(r.below(4 * 366)),
        };
        self.now = self.today.and_hms_opt(18, 0, 0).unwrap().and_utc();
        self.action = if r.percent(36) { Action::Read } else { r.one_of(Action::ALL) };
        self.section = r.one_of(Section::ALL);
        let student = &mut self.facts.student;
        student.grade = if r.percent(6) { None } else { Some(r.one_of(Grade::ALL)) };
        student.birth_date = birth_date(self.today, r);
        student.adult.clear();
        for _ in 0..r.one_of(&[0, 0, 0, 0, 0, 0, 0, 1, 1, 2]) {
            let from = r.near(self.today, 2);
            student.adult.push(AdultPeriod { basis: r.one_of(AdultBasis::ALL), from, to: r.percent(40).then(|| from + Days::new(r.below(4))) });
        }
        student.active = r.percent(88);
        self.switches = Switches { roster_teachers: r.percent(50), participants_read_contacts: r.percent(50) };
        self.guardians_trusted = r.percent(50);
        self.facts.relations.clear();
        for _ in 0..r.one_of(&[0, 1, 1, 1, 1, 1, 2, 2, 3, 4]) {
            let fact = fact(self.today, self.now, self.section, r);
            self.facts.relations.push(fact);
        }
        self.facts.restrictions.clear();
        if r.percent(6) {
            let sections = r.percent(60).then(|| sections(self.section, r));
            let (valid_from, valid_to) = (r.percent(50).then(|| r.near(self.today, 2)), r.percent(50).then(|| r.near(self.today, 2)));
            self.facts.restrictions.push(Restriction { sections, valid_from, valid_to });
        }
        self.facts.preferences.clear();
        for _ in 0..r.one_of(&[0, 0, 0, 1, 1, 2]) {
            let whose = self.facts.relations.first().map(|fact| fact.relation).filter(|_| r.percent(70));
            let (section, relation) = (if r.percent(70) { self.section } else { r.one_of(Section::ALL) }, whose.unwrap_or(r.one_of(Relation::ALL)));
            self.facts.preferences.push(Preference { section, relation, choice: r.one_of(Choice::ALL) });
        }
        self.ceiling = r.percent(10).then(|| Ceiling { sections: sections(self.section, r), writes: r.percent(60), offices: r.percent(50) });
        let somebody = |r: &mut Random| if r.percent(25) { None } else { Some(PersonId(Uuid::from_u128(1 + u128::from(r.below(2))))) };
        self.item = Item {
            author: somebody(r),
            caller: somebody(r),
            progress: r.percent(25),
            first_name: r.percent(20),
            goal: goal(r),
            program: r.percent(30).then(|| r.one_of(&PROGRAMS)),
        };
        // Some questions would else come up in one world of a thousand: a consent of one's own, progress in a section that else is closed.
        if r.percent(5) {
            (self.action, self.section, self.item.progress) = (Action::Read, Section::PersonalSocial, true);
        } else if r.percent(5) {
            (self.action, self.section, self.item) = (Action::Write, Section::Privacy, Item::new_by(PersonId(Uuid::from_u128(1))));
        } else if r.percent(3) {
            // … or the papers of a specialist, or what a preference opens.
            (self.section, self.item.program) = (Section::Confidential, Some(r.one_of(&PROGRAMS)));
            let relation = Relation::SupportSpecialist;
            self.facts.relations = vec![Fact { program: Some(r.one_of(&PROGRAMS)), ..Fact::standing(relation) }];
        } else if r.percent(3) {
            // … or an emergency,
            self.action = Action::Read;
            let (until, sections) = (Some(self.now + TimeDelta::minutes(5)), Some(sections(self.section, r)));
            self.facts.relations = vec![Fact { until, sections, ..Fact::standing(Relation::Emergency) }];
        } else if r.percent(2) {
            // … or a request of the family,
            self.action = Action::Read;
            self.facts.relations = vec![Fact { sections: Some(sections(self.section, r)), ..Fact::standing(Relation::Custodian) }];
        } else if r.percent(3) {
            // … or whose it is, for whom a consent lets in,
            self.action = Action::Read;
            self.section = r.one_of(&[Section::Identity, Section::Contacts, Section::Career]);
            self.item.first_name = r.percent(50);
            let relation = r.one_of(&[Relation::Mentor, Relation::GroupMember, Relation::Partner, Relation::ConsentedGuardian]);
            let signatures = Some(Signatures { student_on: Some(self.today), guardian: true, objection: false });
            let sections = Some(sections(self.section, r));
            self.facts.relations = vec![Fact { signatures, sections, goal: goal(r), ..Fact::standing(relation) }];
        } else if r.percent(3) {
            // … or what was signed before the rights went back and came again,
            (self.action, self.section, self.item.goal) = (Action::Read, Section::Career, None);
            let (first, again) = (self.today - Days::new(6), self.today - Days::new(r.below(3)));
            let period = |from, to| AdultPeriod { basis: AdultBasis::McKinneyVento, from, to };
            self.facts.student.adult = vec![period(first, Some(self.today - Days::new(3))), period(again, None)];
            let signatures = Some(Signatures { student_on: Some(r.near(first, 6)), guardian: r.percent(50), objection: false });
            let sections = Some(sections(self.section, r));
            self.facts.relations = vec![Fact { signatures, sections, ..Fact::standing(Relation::Mentor) }];
        } else if r.percent(3) {
            // … or a suggestion that waits.
            self.action = r.one_of(&[Action::Decide, Action::Propose]);
            self.section = r.one_of(&[Section::PlanOfStudy, Section::Career, Section::Transition]);
            self.facts.relations = vec![Fact::standing(r.one_of(&[Relation::Student, Relation::Gatekeeper, Relation::CareerReviewer]))];
        } else if r.percent(3) {
            (self.action, self.section) = (Action::Read, Section::PersonalSocial);
            let relation = r.one_of(&[Relation::Teacher, Relation::SupportSpecialist, Relation::Gatekeeper]);
            self.facts.relations = vec![Fact::standing(relation)];
            self.facts.preferences = vec![Preference { section: self.section, relation, choice: r.one_of(Choice::ALL) }];
        }
    }

    /// What the code says.
    pub fn decided(&self) -> Decision {
        let (today, now, ceiling) = (self.today, self.now, self.ceiling);
        let context = Context { today, now, ceiling, switches: &self.switches, guardians_trusted: self.guardians_trusted };
        decide(self.action, self.section, &self.item, &self.facts, &context)
    }

    /// Worlds that are simpler than this one by one thing.
    fn simpler(&self) -> Vec<Self> {
        let mut all: Vec<Self> = vec![];
        let mut with = |change: &dyn Fn(&mut Self)| {
            let mut other = self.clone();
            change(&mut other);
            if format!("{other:?}") != format!("{self:?}") {
                all.push(other);
            }
        };
        for n in 0..self.facts.relations.len() {
            with(&|w| {
                w.facts.relations.remove(n);
            });
            with(&|w| w.facts.relations[n].valid_from = None);
            with(&|w| w.facts.relations[n].valid_to = None);
            with(&|w| w.facts.relations[n].confirmed = true);
            with(&|w| w.facts.relations[n].goal = None);
            with(&|w| w.facts.relations[n].dependent_until = None);
        }
        with(&|w| w.facts.restrictions.clear());
        with(&|w| w.facts.preferences.clear());
        with(&|w| w.ceiling = None);
        for n in 0..self.facts.student.adult.len() {
            with(&|w| w.facts.student.adult[n].to = None);
            with(&|w| {
                w.facts.student.adult.remove(n);
            });
        }
        with(&|w| w.item.progress = false);
        with(&|w| w.item = Item::default());
        with(&|w| w.facts.student.active = true);
        with(&|w| w.facts.student.birth_date = NaiveDate::from_ymd_opt(2012, 5, 5));
        with(&|w| w.facts.student.grade = Some(Grade::Tenth));
        with(&|w| w.guardians_trusted = false);
        with(&|w| w.switches.roster_teachers = false);
        with(&|w| w.switches.participants_read_contacts = false);
        all
    }

    /// The simplest world found from here that still does what this one does.
    pub fn shrunk(self, still: impl Fn(&Self) -> bool) -> Self {
        let mut world = self;
        while let Some(next) = world.simpler().into_iter().find(&still) {
            world = next;
        }
        world
    }
}

impl std::fmt::Display for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Facts { student, relations, restrictions, preferences } = &self.facts;
        writeln!(f, "{} {} on {}; {:?}; guardians trusted: {}", self.action, self.section, self.today, self.switches, self.guardians_trusted)?;
        writeln!(f, "  student: grade {:?}, born {:?}, adult {:?}, active {}", student.grade, student.birth_date, student.adult, student.active)?;
        writeln!(f, "  {restrictions:?}, {preferences:?}, ceiling {:?}", self.ceiling)?;
        for fact in relations {
            writeln!(f, "  {fact:?}")?;
        }
        write!(f, "  {:?}", self.item)
    }
}

/// Often a day or so from the 18th birthday, at times on a leap day.
fn birth_date(today: NaiveDate, r: &mut Random) -> Option<NaiveDate> {
    let at_18 = today.with_day(1).and_then(|day| day.with_year(today.year() - 18)).unwrap() + Days::new(u64::from(today.day0()));
    match r.below(20) {
        0..3 => None,
        3..6 => Some(r.near(at_18, 2)),
        6 => NaiveDate::from_ymd_opt(2008, 2, 29),
        7..9 => Some(at_18 - Days::new(400 + r.below(900))),
        9 => Some(r.near(at_18, 366)),
        _ => Some(at_18 + Days::new(400 + r.below(1_500))),
    }
}

const PROGRAMS: [SupportProgram; 2] = [SupportProgram::Iep, SupportProgram::Ell];

fn goal(r: &mut Random) -> Option<GoalId> {
    r.percent(55).then(|| GoalId(Uuid::from_u128(1 + u128::from(r.below(2)))))
}

/// Some sections, mostly with the one that is asked about.
fn sections(asked: Section, r: &mut Random) -> Sections {
    let some = Section::ALL.iter().copied().filter(|_| r.percent(30)).collect::<Sections>();
    if r.percent(70) { some.with(asked) } else { some }
}

fn fact(today: NaiveDate, now: DateTime<Utc>, asked: Section, r: &mut Random) -> Fact {
    let relation = if r.percent(66) { r.one_of(&OFTEN) } else { r.one_of(Relation::ALL) };
    let rights = match r.below(10) {
        0 => Some(Rights::None),
        1 => None,
        _ => Some(Rights::Full),
    };
    let date = |r: &mut Random, open: u64, lo: u64, hi: u64| match r.below(100) {
        n if n < open => None,
        n if n < open + 10 => Some(r.near(today, 1)),
        _ => Some(today - Days::new(lo) + Days::new(r.below(hi))),
    };
    let by_consent = matches!(relation, Relation::ConsentedGuardian | Relation::Partner | Relation::Mentor | Relation::GroupMember);
    let emergency = relation == Relation::Emergency;
    let signed_on = match r.below(4) {
        0 => None,
        1 => Some(today - Days::new(r.below(500))),
        _ => Some(today - Days::new(r.below(3))),
    };
    Fact {
        rights: rights.filter(|_| relation == Relation::Guardian),
        confirmed: r.percent(82),
        valid_from: date(r, 50, 300, 330),
        valid_to: date(r, 60, 30, 400),
        until: emergency.then(|| now + TimeDelta::minutes(i64::try_from(r.below(60)).unwrap() - 10)),
        sections: (by_consent || emergency || (relation == Relation::Custodian && r.percent(60))).then(|| sections(asked, r)),
        goal: goal(r).filter(|_| by_consent),
        program: (relation == Relation::SupportSpecialist).then(|| r.one_of(&PROGRAMS)),
        signatures: by_consent.then(|| Signatures { student_on: signed_on, guardian: r.percent(80), objection: r.percent(15) }),
        dependent_until: (relation == Relation::Guardian && r.percent(30)).then(|| r.near(today, 2)),
        ..Fact::standing(relation)
    }
}
