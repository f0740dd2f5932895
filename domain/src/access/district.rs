//! What may be done to a district, rather than to one student's file. The same order: relations, then the table.

use chrono::NaiveDate;

use super::{Ceiling, Fact, Relation};
use crate::principal::ClientKind;

crate::words! {
    /// What a caller wants to do with a district.
    DistrictAction {
        /// Set up districts, issuers, clients, agreements and offices.
        Operate = "operate",
        /// Hand in a roster.
        ImportRoster = "importRoster",
        /// See imports and their faults.
        ReadImports = "readImports",
        /// Have the roster of a source as it is known, whole. A SIS client, that of a source that it has handed in itself.
        ExportRoster = "exportRoster",
        /// Let a held roster load go on, try one again, take one back.
        ManageImports = "manageImports",
        /// Confirm guardian links and caseloads, link logins.
        ManageRelations = "manageRelations",
        /// Keep what the programme asks of all students: graduation requirements (R175).
        ManageProgram = "manageProgram",
        /// See to whom records were disclosed (34 CFR 99.32).
        ReadDisclosures = "readDisclosures",
        /// Have counted what students need and the schools do not offer (R97), as far as no count tells of a few.
        CountNeeds = "countNeeds",
        /// Pull a collection under an agreement. Whether there is one is asked apart.
        PullCollection = "pullCollection",
    }
}

/// Who may do what. One row each.
pub(super) const TABLE: &[(DistrictAction, &[Relation])] = &[
    (DistrictAction::Operate, &[Relation::Operator]),
    (DistrictAction::ImportRoster, &[Relation::SisClient]),
    (DistrictAction::ReadImports, &[Relation::SisClient, Relation::Custodian, Relation::Coordinator]),
    (DistrictAction::ExportRoster, &[Relation::SisClient, Relation::Custodian]),
    (DistrictAction::ManageImports, &[Relation::Custodian]),
    (DistrictAction::ManageRelations, &[Relation::Custodian]),
    (DistrictAction::ManageProgram, &[Relation::Coordinator, Relation::Custodian]),
    (DistrictAction::ReadDisclosures, &[Relation::Custodian]),
    (DistrictAction::CountNeeds, &[Relation::Coordinator]),
    (DistrictAction::PullCollection, &[Relation::StateClient]),
];

/// Who may.
pub fn allowed_to(action: DistrictAction) -> &'static [Relation] {
    TABLE.iter().find(|(row, _)| *row == action).map_or(&[], |(_, allowed)| *allowed)
}

/// The relation by which a machine of this kind acts.
pub fn relation_of(kind: ClientKind) -> Relation {
    match kind {
        ClientKind::Operator => Relation::Operator,
        ClientKind::Sis => Relation::SisClient,
        ClientKind::State => Relation::StateClient,
    }
}

/// The relations to the district that count today, and through the front end that is used.
pub fn standing_today(relations: &[Fact], today: NaiveDate, ceiling: Option<Ceiling>) -> impl Iterator<Item = Relation> {
    let counts = move |fact: &&Fact| {
        fact.confirmed
            && crate::time::covers(fact.valid_from, fact.valid_to, today)
            && !ceiling.is_some_and(|ceiling| ceiling.excludes(fact.relation))
    };
    relations.iter().filter(counts).map(|fact| fact.relation)
}

/// The relation that allows it today, if one does.
pub fn decide_district(action: DistrictAction, relations: &[Fact], today: NaiveDate, ceiling: Option<Ceiling>) -> Option<Relation> {
    let allowed = allowed_to(action);
    standing_today(relations, today, ceiling).filter(|relation| allowed.contains(relation)).min()
}
