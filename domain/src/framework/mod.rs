//! Frameworks of standards that ship, as versioned data: editions with their items and how these agree with each other (R163 to R166, R169). A new
//! edition is a new file in `frameworks/`; what districts and the deployment import stands in the database beside them.
//!
//! Only codes and short labels of our own are here; the sentences belong to their publishers. The same code means
//! another thing in another edition, so a goal always names the edition.

pub mod case;
pub mod class;
pub mod imported;
pub mod package;

use std::sync::LazyLock;

use serde::Deserialize;
use uuid::Uuid;

/// An edition of a framework.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Framework {
    /// How goals name it, such as `asca-2004`.
    pub edition: String,
    /// Its identifier as a CASE document. Goals may name it by this too.
    pub identifier: Uuid,
    /// What it is.
    pub title: String,
    /// Who sets the standards.
    pub creator: String,
    /// Who publishes this list of codes.
    pub publisher: String,
    /// The edition, as the creator has it.
    pub version: String,
    /// The language of the labels.
    pub language: String,
    /// When this list was last changed.
    pub last_change: String,
    /// What there is to know about it.
    pub notes: String,
    /// Where the codes come from.
    pub source: String,
    /// Its items, in order.
    pub items: Vec<FrameworkItem>,
    /// How items stand to each other, and to those of other editions.
    pub associations: Vec<FrameworkAssociation>,
}

/// An item: a standard, or what groups standards.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FrameworkItem {
    /// The code of the edition.
    pub code: String,
    /// Its identifier as a CASE item.
    pub identifier: Uuid,
    /// Our own short label.
    pub label: String,
    /// What it is: `Standard`, or the kind of group.
    pub kind: String,
}

/// How an item stands to another.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FrameworkAssociation {
    /// Its identifier as a CASE association.
    pub identifier: Uuid,
    /// The kind, such as `isChildOf`.
    pub kind: String,
    /// The item that it is said of.
    pub origin: Uuid,
    /// The item that it is said about.
    pub destination: Uuid,
    /// The place of the item among its like.
    #[serde(default)]
    pub sequence: Option<i32>,
}

const FILES: [&str; 3] = [
    include_str!("../../frameworks/asca-2004.json"),
    include_str!("../../frameworks/asca-2014.json"),
    include_str!("../../frameworks/asca-2021.json"),
];

// A test proves that every file can be read.
static ALL: LazyLock<Vec<Framework>> = LazyLock::new(|| FILES.iter().filter_map(|file| serde_json::from_str(file).ok()).collect());

impl Framework {
    /// Every edition that ships.
    pub fn all() -> &'static [Self] {
        &ALL
    }

    /// The edition of that name, or of that identifier.
    pub fn find(name: &str) -> Option<&'static Self> {
        let identifier = Uuid::try_parse(name).ok();
        Self::all().iter().find(|framework| framework.edition == name || Some(framework.identifier) == identifier)
    }

    /// The names of all editions, for a message.
    pub fn editions() -> String {
        Self::all().iter().map(|framework| framework.edition.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// The item with a code, or an identifier.
    pub fn item(&self, name: &str) -> Option<&FrameworkItem> {
        let identifier = Uuid::try_parse(name).ok();
        self.items.iter().find(|item| item.code == name || Some(item.identifier) == identifier)
    }
}

/// The item that ships with an identifier, and its framework.
pub fn item(identifier: Uuid) -> Option<(&'static Framework, &'static FrameworkItem)> {
    Framework::all().iter().find_map(|framework| Some((framework, framework.items.iter().find(|item| item.identifier == identifier)?)))
}

/// The association that ships with an identifier, and its framework.
pub fn association(identifier: Uuid) -> Option<(&'static Framework, &'static FrameworkAssociation)> {
    let of = |framework: &'static Framework| framework.associations.iter().find(|association| association.identifier == identifier);
    Framework::all().iter().find_map(|framework| Some((framework, of(framework)?)))
}

/// Whether something that ships has the identifier.
pub fn is_shipped(identifier: Uuid) -> bool {
    Framework::all().iter().any(|framework| framework.identifier == identifier) || item(identifier).is_some() || association(identifier).is_some()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn every_framework_file_can_be_read_and_no_identifier_is_used_twice() {
        assert_eq!(Framework::all().len(), FILES.len());
        let mut seen = BTreeSet::new();
        for framework in Framework::all() {
            assert!(seen.insert(framework.identifier));
            assert!(framework.items.iter().all(|item| seen.insert(item.identifier)));
            assert!(framework.associations.iter().all(|association| seen.insert(association.identifier)));
            let codes: BTreeSet<_> = framework.items.iter().map(|item| &item.code).collect();
            assert_eq!(codes.len(), framework.items.len(), "{}", framework.edition);
            // No sentence of a publisher is here: labels are short, and the notes say what they are.
            assert!(framework.items.iter().all(|item| item.label.chars().count() <= 40), "{}", framework.edition);
        }
        for association in Framework::all().iter().flat_map(|framework| &framework.associations) {
            assert!(item(association.origin).is_some() && item(association.destination).is_some(), "{association:?}");
        }
    }

    #[test]
    fn r164_r165_r166_r169_every_edition_has_its_standards() {
        let standards = |edition: &str| {
            let mut by_group: BTreeMap<&str, usize> = BTreeMap::new();
            for item in Framework::find(edition).unwrap().items.iter().filter(|item| item.kind == "Standard") {
                *by_group.entry(item.code.split([' ', ':']).next().unwrap()).or_default() += 1;
            }
            by_group.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(standards("asca-2004"), [("A", 3), ("C", 3), ("PS", 3)]);
        assert_eq!(standards("asca-2014"), [("B-LS", 10), ("B-SMS", 10), ("B-SS", 9), ("M", 6)]);
        assert_eq!(standards("asca-2021"), [("B-LS", 10), ("B-SMS", 10), ("B-SS", 10), ("M", 6)]);
    }

    #[test]
    fn every_standard_of_2014_is_found_again_in_2021_and_is_the_same_only_under_the_same_code() {
        let (old, new) = (Framework::find("asca-2014").unwrap(), Framework::find("asca-2021").unwrap());
        let crossed: Vec<_> = new.associations.iter().filter(|association| association.kind != "isChildOf").collect();
        let origins: BTreeSet<_> = crossed.iter().map(|association| association.origin).collect();
        let standards: BTreeSet<_> = old.items.iter().filter(|item| item.kind == "Standard").map(|item| item.identifier).collect();
        assert_eq!(origins, standards);
        for association in crossed {
            let ((from, one), (to, other)) = (item(association.origin).unwrap(), item(association.destination).unwrap());
            assert_eq!((from.edition.as_str(), to.edition.as_str()), ("asca-2014", "asca-2021"));
            match association.kind.as_str() {
                "exactMatchOf" => assert_eq!((&one.code, &one.label), (&other.code, &other.label)),
                kind => assert_eq!(kind, "isRelatedTo", "{} to {}", one.code, other.code),
            }
        }
    }
}
