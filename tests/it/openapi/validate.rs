//! Checks an example against its schema: as much of JSON Schema as the document uses. Members that are not described are
//! faults wherever the schema says so; patterns are left to the linters.

use serde_json::Value;

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
            let tried: Vec<_> = branches.iter().map(|branch| crate::openapi::validate::faults(self.document, branch, value)).collect();
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

#[test]
fn the_validator_finds_what_does_not_fit() {
    use serde_json::json;
    let document = json!({ "components": { "schemas": { "Word": { "type": "string", "enum": ["a"] } } } });
    let schema = json!({
        "type": "object", "required": ["id", "word"], "additionalProperties": false,
        "properties": {
            "id": { "type": "string", "format": "uuid" }, "word": { "$ref": "#/components/schemas/Word" },
            "maybe": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Word" }] },
            "list": { "type": "array", "items": { "type": "integer", "minimum": 1 } },
        },
    });
    let id = "01920000-0000-7000-8000-000000000001";
    assert_eq!(faults(&document, &schema, &json!({ "id": id, "word": "a", "maybe": null, "list": [1] })), Vec::<String>::new());
    let wrong = faults(&document, &schema, &json!({ "id": "1", "maybe": "b", "list": [0, "x"], "more": 1 }));
    let places: Vec<_> = wrong.iter().map(|fault| fault.split(':').next().unwrap_or_default()).collect();
    assert_eq!(places, ["/word", "/id", "/list/0", "/list/1", "/maybe", "/more"]);
}
