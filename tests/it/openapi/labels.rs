//! Every property that the API takes or answers belongs to a section, or says why it belongs to none.

use std::collections::{BTreeMap, BTreeSet};

use openilp_domain::access::label;

use serde_json::Value;

use super::{assert_none, document, members, resolve};

/// The record whose labels a schema shares: what is sent to make or change a record is what is read of it.
fn record(schema: &str) -> &str {
    let plain = ["New", "Whole", "Shown"].iter().find_map(|form| schema.strip_prefix(form)).unwrap_or(schema);
    plain.strip_suffix("Patch").unwrap_or(plain)
}

/// Whether a property holds records, which have labels of their own.
fn holds_records(document: &Value, property: &Value) -> bool {
    let item = property.get("items").unwrap_or(property);
    members(&resolve(document, item)["properties"]).next().is_some()
}

#[test]
fn every_property_is_labelled_and_no_label_is_stale() {
    let document = document();
    let schemas: BTreeMap<_, BTreeSet<_>> = members(&document["components"]["schemas"])
        .map(|(name, schema)| (name, members(&schema["properties"]).map(|(name, _)| name).collect()))
        .collect();
    let mut findings = vec![];
    for (schema, properties) in &schemas {
        for property in properties {
            if holds_records(&document, &document["components"]["schemas"][schema]["properties"][property]) {
                continue;
            }
            let labelled = [schema, record(schema)].iter().any(|owner| label::property(owner, property).is_some());
            if !labelled {
                findings.push(format!("{schema}.{property} has no label"));
            }
        }
    }
    for (schema, groups) in label::properties() {
        let Some(known) = schemas.get(schema) else {
            findings.push(format!("{schema} is labelled and is nowhere"));
            continue;
        };
        for name in groups.iter().flat_map(|(_, names)| names.iter()).filter(|name| !known.contains(**name)) {
            findings.push(format!("{schema}.{name} is labelled and is nowhere"));
        }
    }
    assert_none(&findings, "labels (domain/src/access/label/properties.rs)");
}
