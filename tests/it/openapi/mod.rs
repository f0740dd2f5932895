//! The description of the API: it is what the golden file says, it holds together, and what it promises is so.

mod golden;
mod labels;
mod lint;
mod older;
mod validate;

use serde_json::Value;

/// The document, as JSON.
fn document() -> Value {
    serde_json::to_value(openilp_api::openapi::document(openilp_api::app::description(), None)).unwrap()
}

/// One operation of a document.
struct Operation<'d> {
    path: &'d str,
    method: &'d str,
    about: &'d Value,
}

impl Operation<'_> {
    fn id(&self) -> &str {
        self.about["operationId"].as_str().unwrap_or_default()
    }
    fn parameters(&self, place: &str) -> impl Iterator<Item = &Value> {
        list(&self.about["parameters"]).iter().filter(move |p| p["in"] == place)
    }
    fn parameter(&self, place: &str, name: &str) -> Option<&Value> {
        self.parameters(place).find(|p| p["name"] == name)
    }
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let mut all = vec![];
    for (path, methods) in members(&document["paths"]) {
        all.extend(members(methods).map(|(method, about)| Operation { path, method, about }));
    }
    all
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// What a value stands for: itself, or what it refers to.
fn resolve<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    let path = value["$ref"].as_str().map(|path| path.trim_start_matches('#'));
    path.and_then(|path| document.pointer(path)).unwrap_or(value)
}

/// Visits every schema: named ones, their parts, and those of parameters, bodies and answers. `at` says where.
fn each_schema<'d>(document: &'d Value, visit: &mut dyn FnMut(&str, &'d Value)) {
    for (name, schema) in members(&document["components"]["schemas"]) {
        parts(name, schema, visit);
    }
    for (name, response) in members(&document["components"]["responses"]) {
        media(name, response, visit);
    }
    for operation in operations(document) {
        let id = operation.id();
        for parameter in list(&operation.about["parameters"]) {
            parts(&format!("{id}?{}", parameter["name"].as_str().unwrap_or_default()), &parameter["schema"], visit);
        }
        media(&format!("{id} body"), &operation.about["requestBody"], visit);
        for (status, response) in members(&operation.about["responses"]) {
            media(&format!("{id} {status}"), response, visit);
        }
    }
}

fn media<'d>(at: &str, about: &'d Value, visit: &mut dyn FnMut(&str, &'d Value)) {
    for (_, content) in members(&about["content"]) {
        parts(at, &content["schema"], visit);
    }
}

fn parts<'d>(at: &str, schema: &'d Value, visit: &mut dyn FnMut(&str, &'d Value)) {
    visit(at, schema);
    for (name, part) in members(&schema["properties"]) {
        parts(&format!("{at}.{name}"), part, visit);
    }
    if let Some(items) = schema.get("items") {
        parts(&format!("{at}[]"), items, visit);
    }
    if let Some(more @ Value::Object(_)) = schema.get("additionalProperties") {
        parts(&format!("{at}.*"), more, visit);
    }
    for name in ["allOf", "oneOf", "anyOf"] {
        for part in list(&schema[name]) {
            parts(at, part, visit);
        }
    }
}

/// Fails with every finding.
fn assert_none(findings: &[String], what: &str) {
    assert!(findings.is_empty(), "{what}:\n  {}", findings.join("\n  "));
}
