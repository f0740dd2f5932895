//! The 3.0 copy says the same and nothing that 3.0 does not know.

use serde_json::Value;

use super::{assert_none, each_schema, operations};

#[test]
fn the_copy_has_the_same_operations_and_nothing_that_30_does_not_know() {
    let newest = super::document();
    let older: Value = serde_json::from_str(&openilp_api::openapi::json_30()).unwrap();
    assert_eq!(older["openapi"], "3.0.3");
    let ids = |document: &Value| operations(document).iter().map(|o| o.id().to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(&newest), ids(&older));
    let mut findings = vec![];
    each_schema(&older, &mut |at, schema| {
        for name in ["const", "examples", "propertyNames", "patternProperties", "prefixItems", "contentEncoding", "contentMediaType", "$defs", "if"] {
            if schema.get(name).is_some() {
                findings.push(format!("{at}: {name}"));
            }
        }
        if schema["type"].is_array() || schema["type"] == "null" {
            findings.push(format!("{at}: type {}", schema["type"]));
        }
        if schema["exclusiveMinimum"].is_number() || schema["exclusiveMaximum"].is_number() {
            findings.push(format!("{at}: a bound is a number"));
        }
        if schema.get("$ref").is_some() && schema.as_object().is_some_and(|o| o.len() > 1) {
            findings.push(format!("{at}: something stands beside $ref"));
        }
    });
    assert_none(&findings, "3.0 does not know this");
}
