//! Catalogues: domains, key components, benchmark activities, career clusters and option lists, as versioned data with citations (R162 to R174,
//! R207). A new catalogue, or a new edition of one, is a new file in `catalogues/`.
//!
//! A code means the same in every district. What a district calls it stands beside it ([`crate::catalogue_label`]) and never instead of it.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::goal::Component;
use crate::grade::Grade;
use crate::plan_domain::PlanDomain;

crate::words! {
    /// What of planning an activity serves, in each grade (R170 to R173).
    Strand {
        /// Goals are set.
        GoalSetting = "goalSetting",
        /// The way to them is planned.
        Planning = "planning",
        /// What is achieved is documented.
        Achievement = "achievement",
        /// What comes after this school is planned.
        TransitionPlanning = "transitionPlanning",
    }
}

crate::words! {
    /// How an entry of a catalogue, or an item of a framework, stands to another.
    CrosswalkRelation {
        /// It means the same.
        ExactMatchOf = "exactMatchOf",
        /// It means something near.
        IsRelatedTo = "isRelatedTo",
    }
}

/// A catalogue that ships.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Catalogue {
    /// The id, such as `components`.
    pub id: String,
    /// What it is.
    pub title: String,
    /// The edition of what it lists.
    pub edition: String,
    /// The version of this catalogue, from 1.
    pub version: u32,
    /// Where it comes from.
    pub source: String,
    /// What there is to know about it.
    pub description: String,
    /// Its entries, in order.
    pub entries: Vec<CatalogueEntry>,
}

/// One entry. Its code is what it means everywhere; the label is a short one of our own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CatalogueEntry {
    /// The code, one of its kind in the catalogue.
    pub code: String,
    /// Our short label for it.
    pub label: String,
    /// More about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub description: Option<String>,
    /// The vocabulary of this API that it is a word of, by the name of its schema. The word is what follows the dot in the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub list: Option<String>,
    /// The key component that it belongs to (R167).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub component: Option<Component>,
    /// The domains that it serves (R162).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<PlanDomain>,
    /// What of planning it serves (R170 to R173).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strands: Vec<Strand>,
    /// The grades that it suits (R168). Absent where it suits all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grades: Vec<Grade>,
    /// The resource of this API that documents it, by the last part of its path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub resource: Option<String>,
    /// Where it comes from: requirements by their number.
    pub citations: Vec<String>,
    /// What editions of the standards call it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<NameInFramework>,
    /// Entries of other catalogues and items of frameworks that it agrees with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<RelatedEntry>,
    /// What state and data standards call it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alignments: Vec<Alignment>,
    /// What your district calls it (R207).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub local_labels: Vec<LocalLabel>,
}

/// What a district calls an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LocalLabel {
    /// The language of the label (BCP 47).
    pub language: String,
    /// The label.
    pub label: String,
}

/// What an edition of the standards calls an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NameInFramework {
    /// The edition of the framework, such as `asca-2014`.
    pub framework: String,
    /// Its name for the entry.
    pub label: String,
}

/// An entry of another catalogue, or an item of a framework.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RelatedEntry {
    /// The catalogue, or the edition of the framework.
    pub catalogue: String,
    /// The code there.
    pub code: String,
    /// How the two stand to each other.
    pub relation: CrosswalkRelation,
}

/// What a data standard calls an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Alignment {
    /// The standard: `CEDS` or `Ed-Fi`.
    pub system: String,
    /// Its version.
    pub version: String,
    /// The element (CEDS, by its global id) or the descriptor (Ed-Fi).
    pub element: String,
    /// The name of the element, where it is known by a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub name: Option<String>,
    /// The value there, where it is certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub code: Option<String>,
}

const FILES: [&str; 6] = [
    include_str!("../catalogues/domains.json"),
    include_str!("../catalogues/components.json"),
    include_str!("../catalogues/benchmark-activities.json"),
    include_str!("../catalogues/career-clusters-2002.json"),
    include_str!("../catalogues/career-clusters-2024.json"),
    include_str!("../catalogues/option-lists.json"),
];

// A test proves that every file can be read.
static ALL: LazyLock<Vec<Catalogue>> = LazyLock::new(|| FILES.iter().filter_map(|file| serde_json::from_str(file).ok()).collect());

impl Catalogue {
    /// Every catalogue that ships.
    pub fn all() -> &'static [Self] {
        &ALL
    }

    /// The catalogue with an id.
    pub fn find(id: &str) -> Option<&'static Self> {
        Self::all().iter().find(|catalogue| catalogue.id == id)
    }

    /// The entry with a code.
    pub fn entry(&self, code: &str) -> Option<&CatalogueEntry> {
        self.entries.iter().find(|entry| entry.code == code)
    }
}

impl CatalogueEntry {
    /// Whether it suits a grade.
    pub fn suits(&self, grade: Grade) -> bool {
        self.grades.is_empty() || self.grades.contains(&grade)
    }
}

#[cfg(test)]
#[path = "catalogue_tests.rs"]
mod tests;
