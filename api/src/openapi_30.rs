//! The same description in OpenAPI 3.0, for tools that do not read 3.1 yet. Both are served; 3.1 is the source.

use serde_json::{Map, Value, json};

/// What JSON Schema has and OpenAPI 3.0 has not, and what cannot be said in other words there.
const UNKNOWN_IN_30: &[&str] = &[
    "$anchor", "$comment", "$defs", "$dynamicAnchor", "$dynamicRef", "$id", "$schema", "$vocabulary", "contains", "contentSchema",
    "dependentRequired", "dependentSchemas", "else", "if", "maxContains", "minContains", "patternProperties", "prefixItems", "propertyNames", "then",
    "unevaluatedItems", "unevaluatedProperties",
];

/// Turns a 3.1 document into 3.0.
pub fn down(mut document: Value) -> Value {
    let named = document.pointer("/components/schemas").cloned().unwrap_or_default();
    let old = Older { named };
    let Some(root) = document.as_object_mut() else { return document };
    root.insert("openapi".into(), "3.0.3".into());
    for newer in ["jsonSchemaDialect", "webhooks"] {
        root.remove(newer);
    }
    if let Some(info) = root.get_mut("info").and_then(Value::as_object_mut) {
        down_info(info);
    }
    if let Some(components) = root.get_mut("components").and_then(Value::as_object_mut) {
        for newer in ["pathItems", "mediaTypes"] {
            components.remove(newer);
        }
        each(components.get_mut("schemas"), &mut |schema| old.schema(schema));
        each(components.get_mut("parameters"), &mut |parameter| old.parameter(parameter));
        each(components.get_mut("headers"), &mut |header| old.parameter(header));
        each(components.get_mut("responses"), &mut |response| old.response(response));
        each(components.get_mut("requestBodies"), &mut |body| old.content(body));
    }
    each(root.get_mut("paths"), &mut |path| {
        each(path.get_mut("parameters"), &mut |parameter| old.parameter(parameter));
        each(Some(path), &mut |operation| old.operation(operation));
    });
    document
}

fn down_info(info: &mut Map<String, Value>) {
    info.remove("summary");
    let Some(license) = info.get_mut("license").and_then(Value::as_object_mut) else { return };
    if let Some(Value::String(identifier)) = license.remove("identifier") {
        license.entry("url").or_insert_with(|| format!("https://spdx.org/licenses/{identifier}.html").into());
    }
}

/// Visits the values of an object or an array.
fn each(value: Option<&mut Value>, visit: &mut dyn FnMut(&mut Value)) {
    match value {
        Some(Value::Object(map)) => map.values_mut().for_each(visit),
        Some(Value::Array(items)) => items.iter_mut().for_each(visit),
        _ => {}
    }
}

struct Older {
    /// The named schemas of the document.
    named: Value,
}

impl Older {
    fn operation(&self, operation: &mut Value) {
        if !operation.is_object() {
            return;
        }
        each(operation.get_mut("parameters"), &mut |parameter| self.parameter(parameter));
        if let Some(body) = operation.get_mut("requestBody") {
            self.content(body);
        }
        each(operation.get_mut("responses"), &mut |response| self.response(response));
    }

    /// Parameters, headers and media types have their schema in the same place.
    fn parameter(&self, parameter: &mut Value) {
        if let Some(schema) = parameter.get_mut("schema") {
            self.schema(schema);
        }
    }

    fn content(&self, body: &mut Value) {
        each(body.get_mut("content"), &mut |media| self.parameter(media));
    }

    fn response(&self, response: &mut Value) {
        each(response.get_mut("headers"), &mut |header| self.parameter(header));
        self.content(response);
    }

    fn schema(&self, schema: &mut Value) {
        match schema {
            Value::Bool(true) => *schema = json!({}),
            Value::Bool(false) => *schema = json!({ "not": {} }),
            Value::Object(object) => self.object(object),
            _ => {}
        }
    }

    fn object(&self, object: &mut Map<String, Value>) {
        for name in ["properties", "allOf", "oneOf", "anyOf"] {
            each(object.get_mut(name), &mut |schema| self.schema(schema));
        }
        for name in ["items", "not"] {
            if let Some(schema) = object.get_mut(name) {
                self.schema(schema);
            }
        }
        // Here alone a boolean is known to 3.0.
        if let Some(schema @ Value::Object(_)) = object.get_mut("additionalProperties") {
            self.schema(schema);
        }
        self.null_branch(object);
        types(object);
        if let Some(value) = object.remove("const") {
            object.insert("enum".into(), json!([value]));
        }
        bound(object, "minimum", "exclusiveMinimum", f64::max);
        bound(object, "maximum", "exclusiveMaximum", f64::min);
        if let Some(Value::Array(examples)) = object.remove("examples")
            && let Some(first) = examples.into_iter().next()
        {
            object.entry("example").or_insert(first);
        }
        binary(object);
        for name in UNKNOWN_IN_30 {
            object.remove(*name);
        }
        // What stands beside a reference is ignored in 3.0.
        if object.len() > 1
            && let Some(reference) = object.remove("$ref")
        {
            object.insert("allOf".into(), json!([{ "$ref": reference }]));
        }
    }

    /// `oneOf: [null, T]` is a nullable T.
    fn null_branch(&self, object: &mut Map<String, Value>) {
        for name in ["oneOf", "anyOf"] {
            let Some(Value::Array(branches)) = object.get_mut(name) else { continue };
            let before = branches.len();
            branches.retain(|branch| !is_null(branch));
            if branches.len() == before {
                continue;
            }
            let [only] = branches.as_slice() else {
                object.insert("nullable".into(), true.into());
                continue;
            };
            let (only, kind) = (only.clone(), self.kind(only));
            object.remove(name);
            object.insert("allOf".into(), json!([only]));
            object.insert("nullable".into(), true.into());
            // In 3.0 `nullable` says something only beside a type.
            if let Some(kind) = kind {
                object.insert("type".into(), kind);
            }
        }
    }

    fn kind(&self, schema: &Value) -> Option<Value> {
        let named = schema.get("$ref").and_then(Value::as_str).and_then(|path| self.named.get(path.rsplit('/').next()?));
        let schema = named.unwrap_or(schema);
        // Branches of one choice are of one type here.
        let first = || ["allOf", "oneOf", "anyOf"].iter().find_map(|name| schema.get(name)?.get(0));
        match schema.get("type").or_else(|| first()?.get("type"))? {
            Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null").cloned(),
            kind => Some(kind.clone()),
        }
    }
}

/// A branch that is null and nothing else; it may have been turned already.
fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|kind| kind == "null") || schema.get("enum").is_some_and(|all| *all == json!([null]))
}

/// `type: [T, null]` is a nullable T.
fn types(object: &mut Map<String, Value>) {
    let Some(kinds) = object.remove("type") else { return };
    let kinds = match kinds {
        Value::Array(kinds) => kinds,
        one => vec![one],
    };
    let nullable = kinds.iter().any(|kind| kind == "null");
    let rest: Vec<_> = kinds.into_iter().filter(|kind| kind != "null").collect();
    match rest.as_slice() {
        [] => _ = object.insert("enum".into(), json!([null])),
        [one] => _ = object.insert("type".into(), one.clone()),
        several => _ = object.insert("anyOf".into(), several.iter().map(|kind| json!({ "type": kind })).collect()),
    }
    if !nullable {
        return;
    }
    object.insert("nullable".into(), true.into());
    if let Some(Value::Array(words)) = object.get_mut("enum")
        && !words.contains(&Value::Null)
    {
        words.push(Value::Null);
    }
}

/// `exclusiveMinimum: 0` is `minimum: 0, exclusiveMinimum: true`. Of two bounds the narrower holds.
fn bound(object: &mut Map<String, Value>, inclusive: &str, exclusive: &str, narrower: fn(f64, f64) -> f64) {
    let Some(bound) = object.get(exclusive).filter(|bound| bound.is_number()).cloned() else { return };
    let other = object.get(inclusive).and_then(Value::as_f64);
    let holds = bound.as_f64().is_none_or(|bound| other.is_none_or(|other| narrower(bound, other).total_cmp(&bound).is_eq()));
    if holds {
        object.insert(inclusive.into(), bound);
        object.insert(exclusive.into(), true.into());
    } else {
        object.remove(exclusive);
    }
}

/// Bytes: 3.1 names their encoding, 3.0 their format.
fn binary(object: &mut Map<String, Value>) {
    let encoding = object.remove("contentEncoding");
    let media = object.remove("contentMediaType");
    match (encoding, media) {
        (Some(encoding), _) if encoding == "base64" => _ = object.entry("format").or_insert("byte".into()),
        (_, Some(_)) => _ = object.entry("format").or_insert("binary".into()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(schema: Value) -> Value {
        let document = json!({ "openapi": "3.1.0", "components": { "schemas": {
            "Domain": { "type": "string", "enum": ["academic"] }, "This": schema,
        } } });
        down(document)["components"]["schemas"]["This"].clone()
    }

    #[test]
    fn null_among_types_becomes_nullable() {
        assert_eq!(schema(json!({ "type": ["string", "null"], "maxLength": 3 })), json!({ "type": "string", "maxLength": 3, "nullable": true }));
        let words = schema(json!({ "type": ["string", "null"], "enum": ["a"] }));
        assert_eq!(words, json!({ "type": "string", "enum": ["a", null], "nullable": true }));
        assert_eq!(schema(json!({ "type": "null" })), json!({ "enum": [null], "nullable": true }));
        assert_eq!(schema(json!({ "type": ["string", "integer"] })), json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }] }));
    }

    #[test]
    fn a_null_branch_becomes_nullable_with_the_type_that_nullable_needs() {
        let reference = json!({ "$ref": "#/components/schemas/Domain" });
        for branches in ["oneOf", "anyOf"] {
            let one = schema(json!({ branches: [{ "type": "null" }, reference], "description": "d" }));
            assert_eq!(one, json!({ "allOf": [reference], "type": "string", "nullable": true, "description": "d" }));
        }
        let two = schema(json!({ "oneOf": [{ "type": "null" }, reference, { "type": "integer" }] }));
        assert_eq!(two, json!({ "oneOf": [reference, { "type": "integer" }], "nullable": true }));
    }

    #[test]
    fn what_stands_beside_a_reference_moves_out_of_it() {
        let reference = json!({ "$ref": "#/components/schemas/Domain" });
        assert_eq!(schema(reference.clone()), reference);
        assert_eq!(schema(json!({ "$ref": reference["$ref"], "description": "d" })), json!({ "allOf": [reference], "description": "d" }));
    }

    #[test]
    fn a_constant_becomes_the_one_word_of_an_enum() {
        assert_eq!(schema(json!({ "const": "a" })), json!({ "enum": ["a"] }));
    }

    #[test]
    fn exclusive_bounds_become_boolean() {
        assert_eq!(schema(json!({ "exclusiveMinimum": 0 })), json!({ "minimum": 0, "exclusiveMinimum": true }));
        assert_eq!(schema(json!({ "exclusiveMinimum": 0, "minimum": 1 })), json!({ "minimum": 1 }));
        assert_eq!(schema(json!({ "exclusiveMaximum": 9, "maximum": 12 })), json!({ "maximum": 9, "exclusiveMaximum": true }));
    }

    #[test]
    fn examples_become_one_and_what_30_does_not_know_is_dropped() {
        let map =
            schema(json!({ "type": "object", "propertyNames": { "type": "string" }, "additionalProperties": true, "examples": [{ "a": 1 }, {}] }));
        assert_eq!(map, json!({ "type": "object", "additionalProperties": true, "example": { "a": 1 } }));
    }

    #[test]
    fn bytes_get_a_format() {
        assert_eq!(schema(json!({ "type": "string", "contentEncoding": "base64" })), json!({ "type": "string", "format": "byte" }));
        assert_eq!(schema(json!({ "type": "string", "contentMediaType": "application/zip" })), json!({ "type": "string", "format": "binary" }));
    }

    #[test]
    fn a_boolean_schema_becomes_an_object() {
        assert_eq!(schema(json!({ "type": "array", "items": true })), json!({ "type": "array", "items": {} }));
        assert_eq!(schema(json!({ "properties": { "a": false } })), json!({ "properties": { "a": { "not": {} } } }));
    }

    #[test]
    fn a_property_called_like_a_keyword_is_no_keyword() {
        let schema = schema(json!({ "type": "object", "properties": { "type": { "type": "string" }, "const": { "const": 1 } } }));
        assert_eq!(schema["properties"], json!({ "type": { "type": "string" }, "const": { "enum": [1] } }));
    }

    #[test]
    fn examples_of_bodies_stay_as_they_are() {
        let example = json!({ "type": ["string", "null"], "const": 1 });
        let document = json!({ "paths": { "/a": { "post": { "requestBody": { "content": { "application/json": {
            "schema": { "const": 1 }, "example": example,
        } } } } } } });
        let old = down(document);
        let media = &old["paths"]["/a"]["post"]["requestBody"]["content"]["application/json"];
        assert_eq!(*media, json!({ "schema": { "enum": [1] }, "example": example }));
    }

    #[test]
    fn schemas_are_found_wherever_they_stand() {
        let new = json!({ "schema": { "const": 1 } });
        let operation = json!({
            "parameters": [new], "requestBody": { "content": { "a": new } },
            "responses": { "200": { "headers": { "b": new }, "content": { "c": new } } },
        });
        let components = json!({ "parameters": { "d": new }, "headers": { "e": new }, "responses": { "f": { "content": { "g": new } } } });
        let old = down(json!({ "paths": { "/a": { "get": operation, "parameters": [new] } }, "components": components })).to_string();
        assert_eq!(old.matches(r#""enum":[1]"#).count(), 8);
        assert!(!old.contains("const"));
    }

    #[test]
    fn the_licence_has_an_address() {
        let info = down(json!({ "info": { "summary": "s", "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" } } }))["info"].clone();
        assert_eq!(info, json!({ "license": { "name": "Apache-2.0", "url": "https://spdx.org/licenses/Apache-2.0.html" } }));
    }
}
