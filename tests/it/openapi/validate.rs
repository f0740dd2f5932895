//! What the tests themselves go by when they compare answers with the document.

use openilp_tests::described::faults;
use serde_json::json;

#[test]
fn the_validator_finds_what_does_not_fit() {
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
