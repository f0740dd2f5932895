//! Whether what the service answers is what the OpenAPI document says. Every answer that a test gets through an
//! [`Actor`](crate::Actor) is looked at, so that every test of an operation is one of its description too.
//!
//! Schemas are checked as far as the document uses JSON Schema. Members that are not described are faults wherever the schema says so;
//! patterns are left to the linters.

use std::sync::LazyLock;

use reqwest::Method;
use serde_json::Value;

use crate::Answer;
use crate::operations::{Operation, document, every};

static DOCUMENT: LazyLock<Value> = LazyLock::new(document);

/// Every way in which an answer is not as the document says. Nothing is said of paths and methods that it does not have.
pub fn undescribed(method: &Method, path: &str, answer: &Answer) -> Vec<String> {
    let Some(operation) = operation_at(method, path) else { return vec![] };
    let at = |fault: &str| format!("{operation} answers {}{fault}", answer.status);
    let described = &DOCUMENT["paths"][&operation.path][method.as_str().to_lowercase()]["responses"][answer.status.to_string()];
    let described = described["$ref"].as_str().and_then(|path| DOCUMENT.pointer(path.trim_start_matches('#'))).unwrap_or(described);
    if described.is_null() {
        return vec![at(", which is not described")];
    }
    let media = answer.header("content-type").split(';').next().unwrap_or_default();
    match described["content"].as_object() {
        None if answer.bytes.is_empty() => vec![],
        None => vec![at(" with a body, which is not described")],
        Some(contents) => match contents.get(media) {
            None => vec![at(&format!(" as {media:?}, which is not described"))],
            Some(content) if media.ends_with("json") && !media.ends_with("ndjson") => {
                faults(&DOCUMENT, &content["schema"], &answer.json()).iter().map(|fault| at(&format!(": {fault}"))).collect()
            }
            Some(_) => vec![],
        },
    }
}

/// The operation that answers there. A path without placeholders comes first, as it does in the service.
fn operation_at(method: &Method, path: &str) -> Option<&'static Operation> {
    let path = path.split('?').next().unwrap_or_default();
    let fits = |operation: &&Operation| {
        let (mut asked, mut known) = (path.split('/'), operation.path.split('/'));
        loop {
            match (asked.next(), known.next()) {
                (None, None) => return true,
                (Some(asked), Some(known)) if asked == known || (known.starts_with('{') && !asked.is_empty()) => {}
                _ => return false,
            }
        }
    };
    let mut fitting: Vec<_> = every().iter().filter(fits).collect();
    fitting.sort_by_key(|operation| operation.placeholders.len());
    // Where a path without placeholders has not this method, one with them is not asked.
    let first = &fitting.first()?.path;
    fitting.iter().copied().find(|operation| operation.path == *first && operation.method == *method)
}

/// Every way in which the value does not fit, each with where.
pub fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut faults = vec![];
    Validator { document }.check(schema, value, "", &mut faults);
    faults
}

struct Validator<'d> {
    document: &'d Value,
}

impl Validator<'_> {
    fn check(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        if let Some(path) = schema["$ref"].as_str() {
            match self.document.pointer(path.trim_start_matches('#')) {
                Some(schema) => self.check(schema, value, at, faults),
                None => faults.push(format!("{at}: {path} is nowhere")),
            }
        }
        self.kind(schema, value, at, faults);
        if let Some(words) = schema["enum"].as_array()
            && !words.contains(value)
        {
            faults.push(format!("{at}: {value} is none of the words"));
        }
        if let Some(constant) = schema.get("const")
            && constant != value
        {
            faults.push(format!("{at}: {value} is not {constant}"));
        }
        self.branches(schema, value, at, faults);
        match value {
            Value::Object(members) => self.object(schema, members, at, faults),
            Value::Array(items) => {
                for (number, item) in items.iter().enumerate() {
                    self.check(&schema["items"], item, &format!("{at}/{number}"), faults);
                }
                let length = u64::try_from(items.len()).unwrap_or(u64::MAX);
                if schema["maxItems"].as_u64().is_some_and(|max| length > max) {
                    faults.push(format!("{at}: too many items"));
                }
                if schema["minItems"].as_u64().is_some_and(|min| length < min) {
                    faults.push(format!("{at}: too few items"));
                }
            }
            Value::String(text) => string(schema, text, at, faults),
            Value::Number(number) => {
                let number = number.as_f64().unwrap_or_default();
                if schema["minimum"].as_f64().is_some_and(|min| number < min) {
                    faults.push(format!("{at}: {number} is too small"));
                }
                if schema["maximum"].as_f64().is_some_and(|max| number > max) {
                    faults.push(format!("{at}: {number} is too great"));
                }
            }
            _ => {}
        }
    }

    fn kind(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        let wanted: Vec<_> = match &schema["type"] {
            Value::String(one) => vec![one.as_str()],
            Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
            _ => return,
        };
        let is = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_f64() => "number",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let fits = wanted.contains(&is) || (is == "integer" && wanted.contains(&"number"));
        if !fits {
            faults.push(format!("{at}: {is} where {} is wanted", wanted.join(" or ")));
        }
    }

    fn branches(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        for branch in schema["allOf"].as_array().into_iter().flatten() {
            self.check(branch, value, at, faults);
        }
        for name in ["oneOf", "anyOf"] {
            let Some(branches) = schema[name].as_array() else { continue };
            let tried: Vec<_> = branches.iter().map(|branch| crate::described::faults(self.document, branch, value)).collect();
            let fitting = tried.iter().filter(|faults| faults.is_empty()).count();
            if fitting == 0 {
                faults.push(format!("{at}: fits no branch of {name}: {}", tried.concat().join("; ")));
            }
            if fitting > 1 && name == "oneOf" {
                faults.push(format!("{at}: fits {fitting} branches of oneOf"));
            }
        }
    }

    fn object(&self, schema: &Value, members: &serde_json::Map<String, Value>, at: &str, faults: &mut Vec<String>) {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                faults.push(format!("{at}/{name}: missing"));
            }
        }
        for (name, member) in members {
            let at = format!("{at}/{name}");
            match (schema["properties"].get(name), &schema["additionalProperties"]) {
                (Some(schema), _) => self.check(schema, member, &at, faults),
                (None, Value::Bool(false)) => faults.push(format!("{at}: not described")),
                (None, schema @ Value::Object(_)) => self.check(schema, member, &at, faults),
                (None, _) => {}
            }
        }
    }
}

fn string(schema: &Value, text: &str, at: &str, faults: &mut Vec<String>) {
    let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    if schema["maxLength"].as_u64().is_some_and(|max| length > max) {
        faults.push(format!("{at}: too long"));
    }
    if schema["minLength"].as_u64().is_some_and(|min| length < min) {
        faults.push(format!("{at}: too short"));
    }
    let fits = match schema["format"].as_str() {
        Some("uuid") => text.parse::<uuid::Uuid>().is_ok(),
        Some("date") => text.len() == 10 && text.parse::<chrono::NaiveDate>().is_ok(),
        Some("date-time") => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
        _ => true,
    };
    if !fits {
        faults.push(format!("{at}: no {}", schema["format"]));
    }
}
