//! Which section every stored column and every API property belongs to. A column or property without a label fails the build's tests.

mod catalogues;
mod columns;
mod jobs;
mod properties;
mod setup;

use super::{Section, section_of_domain};
use crate::plan_domain::PlanDomain;

/// What a stored value is, as far as access is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// It belongs to a section.
    Section(Section),
    /// It belongs to the section of the goal's domain, which stands in the row (S2, S4 or S8).
    ByDomain,
    /// It belongs to the section that stands in the row: the journal.
    BySection,
    /// Ids, versions, times of rows. It says nothing alone and is seen by whoever sees the row.
    Technical,
    /// A register of districts, schools, courses and the like. No personal data.
    Registry,
    /// Needed to run the service; never part of an answer about a student. Why it is kept.
    Operational(&'static str),
}

impl Label {
    /// The section, given the domain of the row where there is one. None for what is in no section.
    pub fn section(self, domain: Option<PlanDomain>) -> Option<Section> {
        match self {
            Self::Section(section) => Some(section),
            Self::ByDomain => domain.map(section_of_domain),
            Self::BySection | Self::Technical | Self::Registry | Self::Operational(_) => None,
        }
    }
}

/// Names with a label, grouped by it.
pub type Labelled = &'static [(Label, &'static [&'static str])];

/// The label of a column.
pub fn column(table: &str, column: &str) -> Option<Label> {
    look_up(columns(), table, column)
}

/// The label of a property of a schema in the API description.
pub fn property(schema: &str, property: &str) -> Option<Label> {
    look_up(properties(), schema, property)
}

/// Every table, with its columns grouped by label.
pub fn columns() -> impl Iterator<Item = &'static (&'static str, Labelled)> {
    columns::COLUMNS.iter().chain(catalogues::COLUMNS).chain(jobs::COLUMNS)
}

/// Every schema, with its properties grouped by label.
pub fn properties() -> impl Iterator<Item = &'static (&'static str, Labelled)> {
    properties::PROPERTIES.iter().chain(catalogues::PROPERTIES).chain(jobs::PROPERTIES).chain(setup::PROPERTIES)
}

fn look_up(mut all: impl Iterator<Item = &'static (&'static str, Labelled)>, owner: &str, name: &str) -> Option<Label> {
    let (_, groups) = all.find(|(of, _)| *of == owner)?;
    groups.iter().find(|(_, names)| names.contains(&name)).map(|(label, _)| *label)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn assert_listed_once(all: impl Iterator<Item = &'static (&'static str, Labelled)>) {
        let mut owners = BTreeSet::new();
        for (owner, groups) in all {
            assert!(owners.insert(owner), "{owner} is listed twice");
            let mut names = BTreeSet::new();
            for name in groups.iter().flat_map(|(_, names)| names.iter()) {
                assert!(names.insert(name), "{owner}.{name} is listed twice");
            }
        }
    }

    #[test]
    fn no_column_and_no_property_is_listed_twice() {
        assert_listed_once(columns());
        assert_listed_once(properties());
    }

    #[test]
    fn what_is_not_listed_has_no_label() {
        assert_eq!(column("goals", "title"), Some(Label::ByDomain));
        assert_eq!(column("goals", "mood"), None);
        assert_eq!(column("moods", "title"), None);
        assert_eq!(property("Student", "birthDate"), Some(Label::Section(Section::Identity)));
        assert_eq!(property("Goal", "mood"), None);
    }

    #[test]
    fn a_goal_and_all_that_belongs_to_it_is_labelled_by_domain() {
        for (table, content) in [
            ("goals", "title"),
            ("benchmarks", "description"),
            ("activities", "title"),
            ("progress_records", "summary"),
            ("reflections", "body"),
            ("proposals", "content"),
        ] {
            assert_eq!(column(table, content), Some(Label::ByDomain), "{table}.{content}");
        }
        assert_eq!(Label::ByDomain.section(Some(PlanDomain::PersonalSocial)), Some(Section::PersonalSocial));
    }

    #[test]
    fn l27_no_column_holds_a_social_security_number() {
        for name in columns().flat_map(|(_, groups)| groups.iter()).flat_map(|(_, names)| names.iter()) {
            assert!(!name.contains("ssn") && !name.contains("social_security"), "{name}");
        }
    }
}
