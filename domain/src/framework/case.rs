//! Frameworks as CASE 1.1 has them: those that ship, made into documents, items and associations; and what an answer has besides what was imported.

use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Framework, FrameworkAssociation, FrameworkItem, item};

/// Where CASE is served.
pub const BASE: &str = "/ims/case/v1p1";

/// The addresses of one service: links begin with its origin.
#[derive(Clone, Copy, Debug)]
pub struct Addresses<'o>(pub &'o str);

impl Addresses<'_> {
    fn uri(self, class: &str, id: Uuid) -> String {
        format!("{}{BASE}/{class}/{id}", self.0)
    }

    /// The link to a package, which every document has.
    pub fn package(self, title: &str, id: Uuid) -> Value {
        json!({ "title": title, "identifier": id, "uri": self.uri("CFPackages", id) })
    }

    /// The document of an edition, as it stands in its package.
    pub fn document(self, framework: &Framework) -> Value {
        json!({
            "identifier": framework.identifier, "uri": self.uri("CFDocuments", framework.identifier), "caseVersion": "1.1", "creator": framework.creator,
            "title": framework.title, "lastChangeDateTime": framework.last_change, "publisher": framework.publisher, "language": framework.language,
            "version": framework.version, "notes": framework.notes, "adoptionStatus": "Adopted",
        })
    }

    /// An item of an edition, as it stands in its package.
    pub fn item(self, framework: &Framework, item: &FrameworkItem) -> Value {
        json!({
            "identifier": item.identifier, "uri": self.uri("CFItems", item.identifier), "fullStatement": item.label, "CFItemType": item.kind,
            "humanCodingScheme": item.code, "language": framework.language, "lastChangeDateTime": framework.last_change,
        })
    }

    /// An association of an edition, as it stands in its package.
    pub fn association(self, framework: &Framework, association: &FrameworkAssociation) -> Value {
        let node = |id: Uuid| {
            let title = item(id).map(|(_, item)| item.code.as_str());
            json!({ "title": title, "identifier": id, "uri": self.uri("CFItems", id) })
        };
        let made = json!({
            "identifier": association.identifier, "uri": self.uri("CFAssociations", association.identifier), "associationType": association.kind,
            "originNodeURI": node(association.origin), "destinationNodeURI": node(association.destination), "lastChangeDateTime": framework.last_change,
        });
        match association.sequence {
            Some(sequence) => with(made, "sequenceNumber", sequence.into()),
            None => made,
        }
    }

    /// The whole of an edition.
    pub fn whole(self, framework: &Framework) -> Value {
        let items: Vec<_> = framework.items.iter().map(|item| self.item(framework, item)).collect();
        let associations: Vec<_> = framework.associations.iter().map(|association| self.association(framework, association)).collect();
        json!({ "CFDocument": self.document(framework), "CFItems": items, "CFAssociations": associations })
    }
}

/// The link to a document, from the document.
pub fn link_to(document: &Value) -> Value {
    json!({ "title": document["title"], "identifier": document["identifier"], "uri": document["uri"] })
}

/// The same with a member more.
pub fn with(mut value: Value, name: &str, member: Value) -> Value {
    if let Some(members) = value.as_object_mut() {
        members.insert(name.to_owned(), member);
    }
    value
}

/// An imported item that is in its framework no more: its status ended then, unless it says itself when.
pub fn withdrawn(item: Value, on: NaiveDate) -> Value {
    if item.get("statusEndDate").is_some() { item } else { with(item, "statusEndDate", on.to_string().into()) }
}

#[cfg(test)]
mod tests {
    use super::super::class::{ASSOCIATION, DOCUMENT, ITEM, PACKAGE};
    use super::*;

    #[test]
    fn r163_r169_what_ships_is_what_the_standard_asks_for() {
        let at = Addresses("https://ilp.example");
        for framework in Framework::all() {
            let whole = at.whole(framework);
            assert_eq!(PACKAGE.faults(&whole).0, [], "{}", framework.edition);
            let document = with(at.document(framework), "CFPackageURI", at.package(&framework.title, framework.identifier));
            assert_eq!(DOCUMENT.faults(&document).0, []);
            assert_eq!(ITEM.faults(&with(whole["CFItems"][0].clone(), "CFDocumentURI", link_to(&document))).0, []);
            assert_eq!(ASSOCIATION.faults(&with(whole["CFAssociations"][0].clone(), "CFDocumentURI", link_to(&document))).0, []);
            // A member that is not asked for, or not there, is found.
            assert_eq!(DOCUMENT.faults(&whole["CFDocument"]).0.len(), 1);
        }
    }
}
