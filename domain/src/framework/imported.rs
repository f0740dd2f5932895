//! A framework that was imported, as the journal keeps it: without its text. It is read as CASE has it.

use chrono::{DateTime, Utc};

use crate::id::FrameworkId;

crate::view! {
    /// A framework of standards that was imported (R39, R72). Goals cite it by its id, which is the identifier of its CASE document.
    ImportedFramework
    required {
        /// The identifier of the CASE document. Goals name the framework by it.
        id: FrameworkId,
        /// Its title.
        title: String,
        /// Who made it.
        creator: String,
        /// When it was last changed, as the document says. A package is taken again once it says later.
        last_change: DateTime<Utc>,
        /// How many items it has.
        item_count: i32,
        /// How many items were in an earlier package and are no more. They stay for the goals that cite them, and no other may.
        withdrawn_count: i32,
        /// How many associations it has.
        association_count: i32,
        /// The version, from 1.
        version: i32,
        /// When it was first imported.
        created_at: DateTime<Utc>,
        /// When it was last changed here.
        updated_at: DateTime<Utc>,
    }
    optional {}
    example {
        "id": crate::wire_example_id(),
        "title": "Learner profile",
        "creator": "Alder School District",
        "lastChange": "2026-09-01T00:00:00Z",
        "itemCount": 1,
        "withdrawnCount": 0,
        "associationCount": 0,
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z"
    }
}

crate::words! {
    /// What an import did.
    FrameworkOutcome {
        /// The framework is new.
        Created = "created",
        /// It is another than it was.
        Updated = "updated",
        /// It was so already: nothing was done.
        Unchanged = "unchanged",
    }
}

crate::view! {
    /// What an import did.
    FrameworkImport
    required {
        /// The identifier of the CASE document. Goals name the framework by it.
        id: FrameworkId,
        /// What was done.
        outcome: FrameworkOutcome,
        /// How many items are new.
        items_added: i32,
        /// How many items are another, or were withdrawn and are back.
        items_changed: i32,
        /// How many items are in the framework no more. They stay for the goals that cite them, and no other may.
        items_withdrawn: i32,
        /// How many items it has.
        item_count: i32,
        /// How many associations it has.
        association_count: i32,
        /// The version, from 1.
        version: i32,
    }
    optional {}
    example {
        "id": crate::wire_example_id(),
        "outcome": "created",
        "itemsAdded": 1,
        "itemsChanged": 0,
        "itemsWithdrawn": 0,
        "itemCount": 1,
        "associationCount": 0,
        "version": 1
    }
}

impl FrameworkImport {
    /// Of the framework as it is after, with how many items were added, changed and withdrawn.
    pub fn of(framework: &ImportedFramework, outcome: FrameworkOutcome, items: (i32, i32, i32)) -> Self {
        let ImportedFramework { id, item_count, association_count, version, .. } = *framework;
        let (items_added, items_changed, items_withdrawn) = items;
        Self { id, outcome, items_added, items_changed, items_withdrawn, item_count, association_count, version }
    }
}
