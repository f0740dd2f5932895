//! Every property that the API takes or answers belongs to a section, or says why it belongs to none.

use std::collections::{BTreeMap, BTreeSet};

use openilp_domain::access::label::{self, PROPERTIES};

use super::{assert_none, document, members};

/// Labelled before they are served. The list may only shrink.
const AWAITED: &[&str] = &["Student", "IlpFile", "Division", "Registration", "Proposal"];

/// The record whose labels a schema shares: what is sent to make or change a record is what is read of it.
fn record(schema: &str) -> &str { schema.strip_prefix("New").or_else(|| schema.strip_suffix("Patch")).unwrap_or(schema) }

#[test]
fn every_property_is_labelled_and_no_label_is_stale() {
    let document = document();
    let schemas: BTreeMap<_, BTreeSet<_>> =
        members(&document["components"]["schemas"]).map(|(name, schema)| (name, members(&schema["properties"]).map(|(name, _)| name).collect())).collect();
    let mut findings = vec![];
    for (schema, properties) in &schemas {
        // A page is its items, and where it stands.
        if schema.ends_with("Page") && properties.iter().eq(["items", "page"].iter()) { continue; }
        for property in properties {
            let labelled = [schema, record(schema)].iter().any(|owner| label::property(owner, property).is_some());
            if !labelled { findings.push(format!("{schema}.{property} has no label")); }
        }
    }
    for (schema, groups) in PROPERTIES {
        let Some(known) = schemas.get(schema) else {
            if !AWAITED.contains(schema) { findings.push(format!("{schema} is labelled and is nowhere")); }
            continue;
        };
        if AWAITED.contains(schema) { findings.push(format!("{schema} is here now: take it off AWAITED in this test")); }
        for name in groups.iter().flat_map(|(_, names)| names.iter()).filter(|name| !known.contains(**name)) {
            findings.push(format!("{schema}.{name} is labelled and is nowhere"));
        }
    }
    assert_none(&findings, "labels (domain/src/access/label/properties.rs)");
}
