//! The sections of a file, and sets of them.

use crate::plan_domain::PlanDomain;

crate::words! {
    /// A section of the file. Every stored value belongs to one; relations open sections, never single fields.
    Section {
        /// That the file exists: grade, school, who is in charge, review due.
        Status = "S0",
        /// Who the student is.
        Identity = "S1a",
        /// Addresses and telephones of the participants (R19).
        Contacts = "S1b",
        /// Academic goals and the plan of study.
        PlanOfStudy = "S2",
        /// Copied registrations, report cards, assessments, credits (R15 to R18).
        SchoolRecords = "S3",
        /// Career exploration, interests and career goals.
        Career = "S4",
        /// The postsecondary plan and applications.
        Postsecondary = "S5",
        /// Financial aid.
        FinancialAid = "S5f",
        /// Self-awareness, activities, service.
        SelfAwareness = "S6",
        /// Applied skills and reflections on them.
        AppliedSkills = "S7",
        /// Personal and social goals and reflections.
        PersonalSocial = "S8",
        /// The transition plan, and that support programmes exist.
        Transition = "S9",
        /// Confidential extracts: IEP, 504, ELL, PLP, health (R22).
        Confidential = "S10",
        /// Conferences, reviews, attendance, sign-offs.
        Conferences = "S11",
        /// Feedback of participants.
        Feedback = "S12",
        /// Requests for resources (R97).
        ResourceRequests = "S13",
        /// Consents, shares, restrictions, disclosures, guardians' rights.
        Privacy = "S14",
    }
}

impl Section {
    /// The code, such as `S1b`.
    pub const fn code(self) -> &'static str {
        self.word()
    }

    /// What is in it, for a person.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Status => "File status: grade, school, who is in charge",
            Self::Identity => "Who the student is",
            Self::Contacts => "Addresses and telephones of participants",
            Self::PlanOfStudy => "Academic goals, plan of study",
            Self::SchoolRecords => "Registrations, report cards, assessments",
            Self::Career => "Career exploration and goals",
            Self::Postsecondary => "Postsecondary plan, applications",
            Self::FinancialAid => "Financial aid",
            Self::SelfAwareness => "Self-awareness, activities, service",
            Self::AppliedSkills => "Applied skills",
            Self::PersonalSocial => "Personal and social goals",
            Self::Transition => "Transition plan, that supports exist",
            Self::Confidential => "Confidential extracts (IEP, 504, ELL, PLP, health)",
            Self::Conferences => "Conferences, reviews, sign-offs",
            Self::Feedback => "Feedback",
            Self::ResourceRequests => "Resource requests",
            Self::Privacy => "Consents, restrictions, disclosures",
        }
    }

    /// Whether it holds what is written about the student, rather than the file's frame (S0, S1a, S1b) or its privacy (S14).
    pub const fn is_content(self) -> bool {
        !matches!(self, Self::Status | Self::Identity | Self::Contacts | Self::Privacy)
    }

    const fn bit(self) -> u32 {
        1 << match self {
            Self::Status => 0,
            Self::Identity => 1,
            Self::Contacts => 2,
            Self::PlanOfStudy => 3,
            Self::SchoolRecords => 4,
            Self::Career => 5,
            Self::Postsecondary => 6,
            Self::FinancialAid => 7,
            Self::SelfAwareness => 8,
            Self::AppliedSkills => 9,
            Self::PersonalSocial => 10,
            Self::Transition => 11,
            Self::Confidential => 12,
            Self::Conferences => 13,
            Self::Feedback => 14,
            Self::ResourceRequests => 15,
            Self::Privacy => 16,
        }
    }
}

/// The section of a goal and of all that belongs to it: its activities, benchmarks, progress, reflections, proposals.
pub const fn section_of_domain(domain: PlanDomain) -> Section {
    match domain {
        PlanDomain::Academic => Section::PlanOfStudy,
        PlanDomain::Career => Section::Career,
        PlanDomain::PersonalSocial => Section::PersonalSocial,
    }
}

/// A set of sections. Shown as `S0,S1a,S2`.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Sections(u32);

impl Sections {
    /// No section.
    pub const NONE: Self = Self(0);

    /// Whether a section is in it.
    pub const fn contains(self, section: Section) -> bool {
        self.0 & section.bit() != 0
    }

    /// Whether every section of another set is in it.
    pub const fn covers(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// Whether there is none in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Both together.
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both.
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// With one more.
    pub const fn with(self, section: Section) -> Self {
        Self(self.0 | section.bit())
    }

    /// The sections in order.
    pub fn iter(self) -> impl Iterator<Item = Section> {
        Section::ALL.iter().copied().filter(move |&section| self.contains(section))
    }

    /// The goals' domains whose sections are in it.
    pub fn domains(self) -> impl Iterator<Item = PlanDomain> {
        PlanDomain::ALL.iter().copied().filter(move |&domain| self.contains(section_of_domain(domain)))
    }
}

impl FromIterator<Section> for Sections {
    fn from_iter<I: IntoIterator<Item = Section>>(sections: I) -> Self {
        sections.into_iter().fold(Self::NONE, Self::with)
    }
}

impl std::fmt::Display for Sections {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (n, section) in self.iter().enumerate() {
            if n > 0 {
                f.write_str(",")?;
            }
            f.write_str(section.code())?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for Sections {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{{{self}}}")
    }
}
