//! What a district calls an entry of a catalogue: representation is the district's, meaning is fixed (R207).

use chrono::{DateTime, Utc};

use crate::catalogue::Catalogue;
use crate::code::{CatalogueId, LanguageTag};
use crate::id::CatalogueLabelId;
use crate::invalid::Invalid;
use crate::text::ShortText;

crate::view! {
    /// What the district calls an entry of a catalogue, in a language (R207). It stands beside the code and our label, never instead of them.
    CatalogueLabel
    required {
        /// The id.
        id: CatalogueLabelId,
        /// The catalogue.
        catalogue: CatalogueId,
        /// The code of the entry.
        code: ShortText,
        /// The language of the label.
        language: LanguageTag,
        /// What the district calls it.
        label: ShortText,
        /// Whether it is shown.
        active: bool,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was created.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {}
    example {
        "id": crate::wire_example_id(),
        "catalogue": "components",
        "code": "selfAwareness",
        "language": "en",
        "label": "Knowing myself",
        "active": true,
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z"
    }
}

crate::body! {
    /// A label as it is entered.
    NewCatalogueLabel
    required {
        /// The catalogue.
        catalogue: CatalogueId,
        /// The code of the entry.
        code: ShortText,
        /// The language of the label.
        language: LanguageTag,
        /// What the district calls it.
        label: ShortText,
    }
    defaulted {}
    optional {}
    example { "catalogue": "components", "code": "selfAwareness", "language": "en", "label": "Knowing myself" }
    check |new| {
        let there = Catalogue::find(new.catalogue.as_str()).is_some_and(|catalogue| catalogue.entry(new.code.as_str()).is_some());
        let mut invalid = Invalid::default();
        invalid.unless(there, "/code", "unknown_code", "The catalogue has no such code.");
        invalid
    }
}

crate::change! {
    /// A change to a label: what is absent stays. What it is the label of never changes.
    CatalogueLabelPatch
    required {
        /// What the district calls it.
        label: ShortText,
        /// Whether it is shown.
        active: bool,
    }
    optional {}
    example { "label": "Who I am" }
}

impl CatalogueLabel {
    /// Rules across the members after a change: none.
    pub fn check(&self, _: &CatalogueLabelPatch) -> Invalid {
        Invalid::default()
    }
}
