//! Why a decision is as it is: the pieces of [`decide`](super::decide()), told relation by relation. There is no second rule here.

use chrono::NaiveDate;
use serde::Serialize;

use super::decide::{bearing, decide, live, refused_to_all};
use super::matrix::When;
use super::{Action, Context, Decision, Fact, Facts, Item, Reason, Relation, Section};
use crate::id::PersonId;

crate::words! {
    /// Why a relation does not allow something.
    WhyNot {
        /// It has not begun.
        NotBegun = "notBegun",
        /// It has ended.
        Ended = "ended",
        /// The district has not confirmed it.
        NotConfirmed = "notConfirmed",
        /// The guardian's link carries no rights.
        NoRights = "noRights",
        /// The rights have passed to the student: 18, or at a postsecondary institution (34 CFR 99.5).
        RightsPassed = "rightsPassed",
        /// The district's profile does not count class teachers of the roster as involved educators (R136).
        NotInvolved = "notInvolved",
        /// The student has left, and with that the relation ended, or its right to change something.
        StudentLeft = "studentLeft",
        /// An order shuts the person out, whatever their relations (34 CFR 99.4).
        ShutOut = "shutOut",
        /// It would change another's words.
        AnothersWords = "anothersWords",
        /// The policy gives the relation nothing of the kind in this section.
        NotGranted = "notGranted",
        /// Only for what is one's own.
        NotOwn = "notOwn",
        /// The date of birth is not known, so neither is who may consent.
        RightsHolderUnknown = "rightsHolderUnknown",
        /// Only in other grades: some rights begin with grade 9, some end there (R37, R41).
        OtherGrade = "otherGrade",
        /// Only strengths and records of progress (R31 to R34).
        NotProgress = "notProgress",
        /// The district's profile does not open it to all participants.
        NotInProfile = "notInProfile",
        /// The student has not opened it.
        NotOpened = "notOpened",
        /// Only if the record names the reader.
        NotNamed = "notNamed",
        /// Only inside an open inspection, amendment or disclosure case.
        NoCase = "noCase",
        /// Only the schedule, which is not kept yet.
        NotScheduled = "notScheduled",
        /// The consent or the emergency does not name it.
        NotWithin = "notWithin",
        /// The consent is not signed by all who must (34 CFR 99.30).
        NotSigned = "notSigned",
        /// A guardian objects to the consent.
        Objected = "objected",
        /// The student asked that it be hidden.
        HiddenByStudent = "hiddenByStudent",
        /// Only the student's first name.
        FirstNameOnly = "firstNameOnly",
        /// Only papers of the specialist's own programme (R22).
        OtherProgram = "otherProgram",
        /// The district has not opened it to the application through which it was asked.
        NotThroughThisClient = "notThroughThisClient",
    }
}

impl WhyNot {
    /// Whether it says something about the student's age, which stands with who the student is (S1a).
    pub const fn tells_age(self) -> bool {
        matches!(self, Self::RightsPassed | Self::RightsHolderUnknown)
    }

    /// The same, without what student and family decided about the one who asks (S14).
    const fn without_what_is_private(self) -> Self {
        match self {
            Self::HiddenByStudent => Self::NotOpened,
            Self::Objected => Self::NotSigned,
            other => other,
        }
    }
}

crate::words! {
    /// How much of a section is read.
    Extent {
        /// Every ordinary record.
        All = "all",
        /// Strengths and records of progress only.
        Progress = "progress",
        /// What belongs to the one goal that the consent names.
        Goal = "goal",
        /// What is one's own only.
        Own = "own",
        /// The student's first name only.
        FirstName = "firstName",
    }
}

/// How one relation bears on a question: the condition on which it allows it, or why it does not.
pub type Bearing = (Fact, Result<When, WhyNot>);

/// A decision, and how each relation bears on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The decision: that of [`decide`](super::decide()).
    pub decision: Decision,
    /// Each relation, in the order of the facts.
    pub bearings: Vec<Bearing>,
}

/// Decides, and says why.
pub fn explain(action: Action, section: Section, item: &Item, facts: &Facts, context: &Context<'_>) -> Explanation {
    let refused = refused_to_all(action, section, item, facts, context);
    let bears = |fact: &Fact| match refused {
        Some(why) => Err(why),
        None => bearing(fact, action, section, item, facts, context),
    };
    let bearings: Vec<Bearing> = facts.relations.iter().map(|fact| (*fact, bears(fact))).collect();
    let allowing = bearings.iter().filter(|(_, bears)| bears.is_ok()).map(|(fact, _)| fact.relation).min();
    Explanation { decision: allowing.map_or(Decision::Deny, |relation| Decision::Allow(Reason { relation })), bearings }
}

/// Why a relation counts for nothing today, if so.
pub fn why_not_in_force(fact: &Fact, facts: &Facts, context: &Context<'_>) -> Option<WhyNot> {
    let everywhere = |section: &Section| refused_to_all(Action::Read, *section, &Item::default(), facts, context);
    let everywhere = Section::ALL.iter().map(everywhere).reduce(|one, other| one.filter(|why| other == Some(*why))).flatten();
    everywhere.or_else(|| live(fact, facts, context).err())
}

/// A section that somebody reads, how much of it, by which relation, and on which condition of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The section.
    pub section: Section,
    /// How much of it.
    pub extent: Extent,
    /// The relation that allows it.
    pub relation: Relation,
    /// The condition on which it does.
    pub when: When,
}

/// How a person reads a section: the widest extent that is allowed. None if not at all.
pub fn reading(section: Section, person: PersonId, facts: &Facts, context: &Context<'_>) -> Option<Reading> {
    let any = Item::of(None, Some(person));
    let goals = facts.relations.iter().filter(|fact| fact.goal.is_some()).map(|fact| (Extent::Goal, Item { goal: fact.goal, ..any }));
    let before = [(Extent::All, any), (Extent::Progress, any.as_progress())];
    let after = [(Extent::Own, Item::new_by(person)), (Extent::FirstName, any.as_first_name())];
    before.into_iter().chain(goals).chain(after).find_map(|(extent, item)| {
        let explanation = explain(Action::Read, section, &item, facts, context);
        let relation = explanation.decision.relation()?;
        let when = explanation.bearings.iter().find_map(|(fact, bears)| bears.ok().filter(|_| fact.relation == relation))?;
        Some(Reading { section, extent, relation, when })
    })
}

/// All that a person reads.
pub fn readings(person: PersonId, facts: &Facts, context: &Context<'_>) -> Vec<Reading> {
    Section::ALL.iter().filter_map(|section| reading(*section, person, facts, context)).collect()
}

/// One of the caller's own relations to a student.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OwnRelation {
    /// The relation.
    pub relation: Relation,
    /// Whether it counts today.
    pub in_force: bool,
    /// The first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub valid_from: Option<NaiveDate>,
    /// The day on which it has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub valid_to: Option<NaiveDate>,
    /// Why it does not count, as far as you may know.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub why_not: Option<WhyNot>,
    /// The same in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub text: Option<String>,
}

/// Why one of the caller's relations does not read a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OwnReason {
    /// The relation.
    pub relation: Relation,
    /// Why it does not.
    pub why_not: WhyNot,
    /// The same in words.
    pub text: String,
}

/// What the caller may do in a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OwnSection {
    /// The section.
    pub section: Section,
    /// What is in it.
    pub title: String,
    /// What you may do with any ordinary record in it.
    pub actions: Vec<Action>,
    /// What you may do besides with what is your own.
    pub own_actions: Vec<Action>,
    /// How much of it you read, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub extent: Option<Extent>,
    /// The relation by which you read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub relation: Option<Relation>,
    /// The rule by which you read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub rule: Option<String>,
    /// Unless you read all of it: why each of your relations does not, as far as you may know.
    pub reasons: Vec<OwnReason>,
}

/// What a caller may do with a student's file, and why no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnAccess {
    /// The caller's relations.
    pub relations: Vec<OwnRelation>,
    /// Every section.
    pub sections: Vec<OwnSection>,
}

/// Explains a caller's own access. None to whoever reads nothing: they may not know that there is such a student.
pub fn own_access(person: PersonId, facts: &Facts, context: &Context<'_>) -> Option<OwnAccess> {
    let readings = readings(person, facts, context);
    if readings.is_empty() {
        return None;
    }
    // The student's age is not told by a reason to whoever does not read it.
    let knows_age = readings.iter().any(|reading| reading.section == Section::Identity && reading.extent == Extent::All);
    let told = |why: WhyNot| Some(why.without_what_is_private()).filter(|why| knows_age || !why.tells_age());
    let relation = |fact: &Fact| {
        let closed = why_not_in_force(fact, facts, context);
        let why_not = closed.and_then(told);
        let text = why_not.map(|why| in_words(fact, why));
        let Fact { relation, valid_from, valid_to, .. } = *fact;
        OwnRelation { relation, in_force: closed.is_none(), valid_from, valid_to, why_not, text }
    };
    let mut relations = vec![];
    for relation in facts.relations.iter().map(relation) {
        if !relations.contains(&relation) {
            relations.push(relation);
        }
    }
    let section = |section: Section| {
        let reading = readings.iter().find(|reading| reading.section == section);
        let may = |item: Item| Action::ALL.iter().copied().filter(move |&action| decide(action, section, &item, facts, context).is_allowed());
        let actions: Vec<Action> = may(Item::of(None, Some(person))).collect();
        let mut reasons = vec![];
        let explanation = explain(Action::Read, section, &Item::of(None, Some(person)), facts, context);
        for (fact, bears) in explanation.bearings.iter().filter(|_| !explanation.decision.is_allowed()) {
            if let Some(why_not) = bears.err().and_then(told) {
                let reason = OwnReason { relation: fact.relation, why_not, text: in_words(fact, why_not) };
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
            }
        }
        OwnSection {
            section,
            title: section.title().to_owned(),
            own_actions: may(Item::new_by(person)).filter(|action| !actions.contains(action)).collect(),
            actions,
            extent: reading.map(|reading| reading.extent),
            relation: reading.map(|reading| reading.relation),
            rule: reading.map(|reading| rule(reading.relation, reading.when)),
            reasons,
        }
    };
    Some(OwnAccess { relations, sections: Section::ALL.iter().copied().map(section).collect() })
}

/// The rule by which a relation reads, with the requirement it comes from. One sentence, for a privacy officer.
pub fn rule(relation: Relation, when: When) -> String {
    let by = match relation {
        Relation::Student => "The plan belongs to the student (R48), who may inspect the whole record (34 CFR 99.10).",
        Relation::Guardian => "A parent or guardian with full rights inspects the record of a minor (34 CFR 99.4, 99.10; R51).",
        Relation::Gatekeeper => "The gatekeeper looks after the file (R71).",
        Relation::Teacher => "A teacher assigned to the plan is a participant (R40).",
        Relation::CareerReviewer => "The career reviewer is a participant (R45, R46).",
        Relation::RosterTeacher => "The district's profile counts class teachers as involved educators (R136).",
        Relation::SchoolManager => "The principal assigns personnel (R99) and decides on resources (R98), and reads no content (R131).",
        Relation::Coordinator => "A coordinator oversees completion (R55, R61).",
        Relation::Custodian => "The custodian keeps relations, consents and disclosures (R134), and reads content in a case only.",
        Relation::SupportSpecialist => "A specialist of the support programme keeps its papers and the transition plan (R22).",
        Relation::ConsentedGuardian => "The eligible student consents that the parent reads (34 CFR 99.5, 99.30).",
        Relation::Partner => "A partner reads what student and guardian consented to (R74; 34 CFR 99.30).",
        Relation::Mentor => "The student shares it with a mentor, and a guardian agreed while the student is a minor (34 CFR 99.30).",
        Relation::GroupMember => "The student shares it with the group, and a guardian agreed while the student is a minor (R138; 34 CFR 99.30).",
        Relation::Emergency => "A health or safety emergency, for a limited time (34 CFR 99.31(a)(10), 99.36).",
        Relation::SisClient => "The student information system delivers facts (R134).",
        Relation::StateClient | Relation::Operator => "No section is read.",
    };
    let on = match when {
        When::ParticipantsReadContacts => " The profile opens addresses and telephones to all participants (R19).",
        When::ProgressForParticipants => " The profile opens strengths and progress to all participants (R31 to R34).",
        When::UnlessHidden => " The student has not hidden it.",
        When::Own => " Only what is one's own.",
        When::OpenedByStudent => " The student has opened it.",
        When::FirstName => " Only the first name.",
        _ => "",
    };
    format!("{by}{on}")
}

/// Why a relation does not allow something, as a sentence to the person who has it.
pub fn in_words(fact: &Fact, why: WhyNot) -> String {
    let relation = fact.relation;
    match (why, fact.valid_from, fact.valid_to) {
        (WhyNot::NotBegun, Some(from), _) => format!("Your relation as {relation} begins on {from}."),
        (WhyNot::Ended, _, Some(to)) => format!("Your relation as {relation} ended on {to}."),
        (WhyNot::NotBegun | WhyNot::Ended, ..) => format!("Your relation as {relation} is not in force."),
        (WhyNot::NotConfirmed, ..) => format!("Your relation as {relation} is not confirmed by the district."),
        (WhyNot::NoRights, ..) => "Your link as guardian carries no rights.".into(),
        (WhyNot::RightsPassed, ..) => "The rights have passed to the student, who is 18 or at a postsecondary institution.".into(),
        (WhyNot::NotInvolved, ..) => "Your district does not count class teachers as involved educators unless they are assigned.".into(),
        (WhyNot::StudentLeft, ..) => format!("The student has left, and with that what you may do as {relation} ended."),
        (WhyNot::ShutOut, ..) => "An order on record leaves you no access.".into(),
        (WhyNot::AnothersWords, ..) => "It is in another's words.".into(),
        (WhyNot::NotGranted, ..) => format!("The policy does not open this section to you as {relation}."),
        (WhyNot::NotOwn, ..) => format!("As {relation} you read only what is your own."),
        (WhyNot::RightsHolderUnknown, ..) => "The date of birth is not known, so neither is who may consent.".into(),
        (WhyNot::OtherGrade, ..) => format!("As {relation} you may in other grades."),
        (WhyNot::NotProgress, ..) => format!("As {relation} you read only strengths and records of progress."),
        (WhyNot::NotInProfile, ..) => format!("Your district's profile does not open it to you as {relation}."),
        (WhyNot::NotOpened, ..) => "The student has not opened it to you.".into(),
        (WhyNot::NotNamed, ..) => "You read only records that name you.".into(),
        (WhyNot::NoCase, ..) => "You read it only inside an open inspection, amendment or disclosure case.".into(),
        (WhyNot::NotWithin, ..) => format!("What you have as {relation} does not name it."),
        (WhyNot::NotSigned, ..) => "The consent is not signed by all who must.".into(),
        (WhyNot::Objected, ..) => "A guardian objects to the consent.".into(),
        (WhyNot::HiddenByStudent, ..) => "The student asked that it be hidden.".into(),
        (WhyNot::FirstNameOnly, ..) => format!("As {relation} you read only the first name."),
        (WhyNot::OtherProgram, ..) => "You read only papers of your own programme.".into(),
        (WhyNot::NotThroughThisClient, ..) => "Your district has not opened it to the application that you use.".into(),
        (WhyNot::NotScheduled, ..) => "You read only the schedule, which this version does not keep.".into(),
    }
}
