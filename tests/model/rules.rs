//! The sentences of access.md that the model is made of, and the deliberate mistakes that it can make.

use openilp_domain::access::{Action, Relation, Section};

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
    /// 5.3: `[case]`: only through an open inspection, amendment or disclosure case, as far as that is about the section.
    InOpenCase,
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
    /// 5.9: … nor acts anybody by an office, unless the district approved it for that.
    ClientOffices,
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
    /// An adult status never ends.
    AdultForEver,
    /// What the student alone signed counts again once the rights are back, though they were the guardians' in between.
    SignatureOutlivesTheRights,
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
