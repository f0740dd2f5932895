//! Redactions (34 CFR 99.12(a), L13): words of a record that are about another student, withheld from this student's family.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::id::{PersonId, RecordId, RedactionId, StudentId};
use crate::invalid::Invalid;
use crate::kind::Kind;
use crate::text::RedactedText;

/// What stands in the place of words that are withheld. It does not tell how long they are.
pub const WITHHELD: &str = "█████";

crate::view! {
    /// Words of a record that are withheld from the student's family, because they are about another student.
    Redaction
    required {
        /// The id.
        id: RedactionId,
        /// Whose file the record is in.
        student_id: StudentId,
        /// What kind of record.
        record_kind: Kind,
        /// Which one.
        record_id: RecordId,
        /// The words, wherever they stand in the record now, in what it was before, and in what it becomes.
        words: RedactedText,
        /// The custodian who marked them.
        created_by: PersonId,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When they were marked.
        created_at: DateTime<Utc>,
        /// The same.
        updated_at: DateTime<Utc>,
    }
    optional {}
    example {
        "id": crate::wire_example_id(),
        "studentId": crate::wire_example_id(),
        "recordKind": "reflection",
        "recordId": crate::wire_example_id(),
        "words": "Max Maple",
        "createdBy": crate::wire_example_id(),
        "version": 1,
        "createdAt": "2026-10-01T15:04:05Z",
        "updatedAt": "2026-10-01T15:04:05Z"
    }
}

crate::body! {
    /// Words to withhold from the student's family.
    NewRedaction
    required {
        /// What kind of record.
        record_kind: Kind,
        /// Which one.
        record_id: RecordId,
        /// The words, as they stand in the record, letter by letter. Each form of a name is a redaction of its own.
        words: RedactedText,
    }
    defaulted {}
    optional {}
    example { "recordKind": "reflection", "recordId": crate::wire_example_id(), "words": "Max Maple" }
    check |new| crate::amendment_request::kind_faults(new.record_kind)
}

/// Puts [`WITHHELD`] in the place of words, in every text of a record.
pub fn withhold(record: &mut Value, words: &[RedactedText]) {
    match record {
        Value::String(text) => {
            for words in words {
                if text.contains(words.as_str()) {
                    *text = text.replace(words.as_str(), WITHHELD);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| withhold(item, words)),
        Value::Object(members) => members.values_mut().for_each(|member| withhold(member, words)),
        _ => {}
    }
}

/// The faults of what is sent: a text that holds [`WITHHELD`] would overwrite words that its writer does not see.
pub fn withheld_faults(sent: &Value) -> Invalid {
    let mut invalid = Invalid::default();
    find_withheld(sent, String::new(), &mut invalid);
    invalid
}

fn find_withheld(sent: &Value, pointer: String, invalid: &mut Invalid) {
    match sent {
        Value::String(text) if text.contains(WITHHELD) => {
            invalid.push(pointer, "withheld", "Part of this text is withheld from you (█████): leave the member out, so that nothing of it is lost.");
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(n, item)| find_withheld(item, format!("{pointer}/{n}"), invalid)),
        Value::Object(members) => members.iter().for_each(|(name, member)| {
            find_withheld(member, format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), invalid);
        }),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn l13_no_byte_of_what_is_withheld_is_left_nor_how_long_it_was() {
        let words = |text: &str| RedactedText::parse(text).unwrap();
        for name in ["Max Maple", "Maximiliana Maple-Mountain"] {
            let mut record =
                json!({ "title": format!("Work with {name}"), "steps": [{ "text": format!("{name} helps; {name} reads") }], "version": 3 });
            withhold(&mut record, &[words(name)]);
            assert_eq!(record, json!({ "title": "Work with █████", "steps": [{ "text": "█████ helps; █████ reads" }], "version": 3 }));
            let faults = withheld_faults(&record).0;
            assert_eq!(faults.iter().map(|fault| fault.pointer.as_str()).collect::<Vec<_>>(), ["/steps/0/text", "/title"]);
        }
        assert!(withheld_faults(&json!({ "title": "Work" })).0.is_empty());
    }
}
