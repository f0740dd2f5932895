//! The description holds together. Each test walks the whole document, so a new operation is covered or fails.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Operation, assert_none, document, each_schema, list, members, operations, resolve};

/// Objects whose members nobody can name beforehand. The list may only shrink.
const UNTYPED: &[&str] = &["ChangeEntry.record", "HistoryEntry.record", "KeySet.keys[]", "KeySource.jwks", "OpenApiDocument", "Proposal.content"];

/// Objects that take members which are not described. The list may only shrink.
const OPEN: &[&str] = &["TokenRequest"];

/// JSON bodies that no `Body` reads. The list may only shrink.
const READ_OTHERWISE: &[&str] = &[];

#[test]
fn every_placeholder_is_a_parameter_and_every_path_parameter_a_placeholder() {
    let document = document();
    let mut findings = vec![];
    for operation in operations(&document) {
        let wanted: BTreeSet<_> = operation.path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        let given: BTreeSet<_> = operation.parameters("path").filter_map(|p| p["name"].as_str()).collect();
        if wanted != given {
            findings.push(format!("{}: {wanted:?} in the path, {given:?} described", operation.id()));
        }
    }
    assert_none(&findings, "placeholders");
}

#[test]
fn every_reference_resolves() {
    fn walk(document: &Value, value: &Value, findings: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                if let Some(path) = map.get("$ref").and_then(Value::as_str)
                    && document.pointer(path.trim_start_matches('#')).is_none()
                {
                    findings.push(path.to_owned());
                }
                map.values().for_each(|value| walk(document, value, findings));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(document, value, findings)),
            _ => {}
        }
    }
    let document = document();
    let mut findings = vec![];
    walk(&document, &document, &mut findings);
    assert_none(&findings, "references to nothing");
}

/// Generated Python names a schema and its parts alike, in snake case, in one scope.
#[test]
fn no_list_has_the_name_of_the_schema_that_holds_it() {
    let document = document();
    let clashes: Vec<_> = members(&document["components"]["schemas"])
        .flat_map(|(name, schema)| members(&schema["properties"]).map(move |(property, of)| (name, property, of)))
        .filter(|(name, property, of)| of["type"] == "array" && name.eq_ignore_ascii_case(property))
        .map(|(name, ..)| name.to_owned())
        .collect();
    assert_none(&clashes, "lists with the name of their schema");
}

#[test]
fn ids_and_names_are_unique_also_for_those_who_do_not_tell_case() {
    let document = document();
    let ids = operations(&document).iter().map(|o| o.id().replace('_', "")).collect::<Vec<_>>();
    let names = members(&document["components"]["schemas"]).map(|(name, _)| name.to_lowercase()).collect::<Vec<_>>();
    for all in [ids, names] {
        let mut seen = BTreeSet::new();
        let twice: Vec<_> = all.iter().filter(|name| !seen.insert(*name)).cloned().collect();
        assert_none(&twice, "used twice");
    }
}

#[test]
fn every_operation_says_what_it_is() {
    let document = document();
    let tags: BTreeSet<_> = list(&document["tags"]).iter().filter_map(|tag| tag["name"].as_str()).collect();
    let mut findings = vec![];
    for operation in operations(&document) {
        let id = operation.id();
        let mut expect = |holds: bool, what: &str| {
            if !holds {
                findings.push(format!("{} {} ({id}): {what}", operation.method, operation.path))
            }
        };
        expect(!id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'), "operationId is not verb_noun");
        let summary = operation.about["summary"].as_str().unwrap_or_default();
        expect((1..=80).contains(&summary.len()) && !summary.ends_with('.'), "the summary is missing, long, or ends with a full stop");
        let own = list(&operation.about["tags"]);
        expect(
            own.len() == 1 && own.iter().all(|tag| tags.contains(tag.as_str().unwrap_or_default())),
            "needs one tag of openapi.rs (r.tag(…) before its routes)",
        );
        for parameter in list(&operation.about["parameters"]) {
            expect(
                parameter["description"].as_str().is_some_and(|text| !text.is_empty()),
                &format!("parameter {} has no description", parameter["name"]),
            );
        }
    }
    assert_none(&findings, "operations that are not described well");
}

#[test]
fn every_operation_is_public_or_says_who_may() {
    let document = document();
    let schemes: BTreeSet<_> = members(&document["components"]["securitySchemes"]).map(|(name, _)| name).collect();
    let mut findings = vec![];
    for operation in operations(&document) {
        let permission = operation.about["x-permission"].as_str().unwrap_or_default();
        let mut expect = |holds: bool, what: &str| {
            if !holds {
                findings.push(format!("{}: {what}", operation.id()))
            }
        };
        let Some(security) = operation.about["security"].as_array() else {
            expect(false, "says nothing of security");
            continue;
        };
        if permission == "public" {
            expect(security.is_empty(), "is public and wants a token");
            continue;
        }
        expect(!security.is_empty() && !permission.is_empty(), "has no permission");
        expect(security.iter().flat_map(members).all(|(name, _)| schemes.contains(name)), "wants an unknown security scheme");
        // Whoever has a token may ask about themselves.
        for status in ["401", "403"].into_iter().filter(|status| permission != "any" || *status == "401") {
            expect(operation.about["responses"].get(status).is_some(), &format!("does not describe {status}"));
        }
        let told = operation.about["description"].as_str().unwrap_or_default();
        expect(permission == "any" || told.contains(permission), "does not tell its permission in its description");
    }
    assert_none(&findings, "security");
}

#[test]
fn what_creates_takes_a_key_and_what_changes_takes_a_version() {
    let document = document();
    let mut findings = vec![];
    for operation in operations(&document) {
        let required = |name: &str| operation.parameter("header", name).is_some_and(|p| p["required"] == true);
        match operation.method {
            "post" if operation.about["responses"].get("201").is_some() && !required("Idempotency-Key") => {
                findings.push(format!("{}: takes no Idempotency-Key", operation.id()))
            }
            "patch" | "put" | "delete" if !required("If-Match") => findings.push(format!("{}: takes no If-Match", operation.id())),
            _ => {}
        }
    }
    assert_none(&findings, "writes without the conventions of writing");
}

#[test]
fn every_list_is_paged() {
    let document = document();
    let mut findings = vec![];
    for operation in operations(&document) {
        let ok = &operation.about["responses"]["200"];
        let paged = members(&ok["content"]).any(|(_, media)| resolve(&document, &media["schema"])["properties"].get("page").is_some());
        if !paged {
            continue;
        }
        let follows = ["cursor", "after"].iter().any(|name| operation.parameter("query", name).is_some());
        if !follows || operation.parameter("query", "limit").is_none() {
            findings.push(format!("{}: takes no limit and cursor", operation.id()));
        }
        if ok["headers"].get("Link").is_none() {
            findings.push(format!("{}: answers without Link", operation.id()));
        }
    }
    assert_none(&findings, "lists");
}

#[test]
fn every_answer_has_an_example_that_fits() {
    let document = document();
    let mut findings = vec![];
    for operation in operations(&document) {
        let responses: BTreeMap<_, _> = members(&operation.about["responses"]).collect();
        for (class, name) in [('2', "success"), ('4', "refusal")] {
            if !responses.keys().any(|status| status.starts_with(class)) {
                findings.push(format!("{}: describes no {name}", operation.id()));
            }
        }
        for (status, response) in responses {
            for (media, content) in members(&resolve(&document, response)["content"]) {
                examples(&document, content, &format!("{} {status} {media}", operation.id()), &mut findings);
            }
        }
    }
    assert_none(&findings, "examples of answers");
}

fn examples(document: &Value, content: &Value, at: &str, findings: &mut Vec<String>) {
    let several = members(&content["examples"]).map(|(_, example)| &example["value"]);
    let all: Vec<_> = content.get("example").into_iter().chain(several).collect();
    if all.is_empty() {
        findings.push(format!("{at}: no example"));
    }
    for example in all {
        for fault in openilp_tests::described::faults(document, &content["schema"], example) {
            findings.push(format!("{at}: {fault}"));
        }
    }
}

#[test]
fn every_body_has_an_example_that_the_program_accepts() {
    let description = openilp_api::app::description();
    let document = document();
    let mut findings = vec![];
    let mut otherwise = BTreeSet::new();
    for operation in operations(&document) {
        let id = operation.id();
        for (media, content) in members(&operation.about["requestBody"]["content"]) {
            let bytes = content["schema"]["format"] == "binary" || content["schema"].get("contentMediaType").is_some();
            if !bytes {
                examples(&document, content, &format!("{id} {media}"), &mut findings);
            }
            match description.accepts.get(id) {
                Some(accepts) => {
                    if let Err(invalid) = accepts(content["example"].clone()) {
                        findings.push(format!("{id}: its own example is refused: {:?}", invalid.0));
                    }
                }
                None if media.ends_with("json") && !media.ends_with("ndjson") => _ = otherwise.insert(id.to_owned()),
                None => {}
            }
        }
    }
    assert_none(&findings, "examples of bodies");
    let listed: BTreeSet<_> = READ_OTHERWISE.iter().map(|id| (*id).to_owned()).collect();
    assert_eq!(otherwise, listed, "JSON bodies that no `Body` reads: the list in this test may only shrink");
}

#[test]
fn objects_are_typed_closed_and_described() {
    let document = document();
    let (mut untyped, mut open, mut findings) = (BTreeSet::new(), BTreeSet::new(), vec![]);
    each_schema(&document, &mut |at, schema| {
        let refers = ["$ref", "allOf", "oneOf", "anyOf", "enum", "const"].iter().any(|name| schema.get(name).is_some());
        let members = members(&schema["properties"]).count();
        if !refers
            && (schema.get("type").is_none() || schema["type"] == "object")
            && members == 0
            && !schema["additionalProperties"]["type"].is_string()
            && schema["additionalProperties"].get("$ref").is_none()
        {
            // A map of anything is told by its owner.
            untyped.insert(at.trim_end_matches(".*").to_owned());
        }
        if members > 0 && schema["additionalProperties"] != false {
            open.insert(at.to_owned());
        }
        // A named schema or a property of one. Items are told by the list that they are in.
        let named = schema["type"] != "null" && !at.contains(['[', ' ', '?', '*']);
        if named && schema["description"].as_str().is_none_or(str::is_empty) && document["components"]["schemas"].get(at).is_some() {
            findings.push(format!("{at}: no description"));
        }
        for (name, part) in super::members(&schema["properties"]) {
            let told = |value: &Value| value["description"].as_str().is_some_and(|text| !text.is_empty());
            if !told(part) && !told(resolve(&document, part)) {
                findings.push(format!("{at}.{name}: no description"));
            }
        }
    });
    assert_none(&findings, "schemas without description (write a doc comment)");
    let of = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(untyped, of(UNTYPED), "objects that say nothing of their members (left: found, right: known); the list in this test may only shrink");
    assert_eq!(open, of(OPEN), "objects that take anything (left: found, right: known); the list in this test may only shrink");
}

#[test]
fn every_operation_has_its_own_path_and_version() {
    let document = document();
    let elsewhere = ["/.well-known/", "/oauth/", "/healthz", "/readyz", "/metrics", "/openapi", "/v1/", "/ims/case/v1p1/"];
    let stray: Vec<_> = operations(&document)
        .iter()
        .filter(|o: &&Operation<'_>| !elsewhere.iter().any(|start| o.path.starts_with(start)))
        .map(|o| o.path.to_owned())
        .collect();
    assert_none(&stray, "paths outside /v1");
}
