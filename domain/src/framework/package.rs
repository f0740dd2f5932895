//! A framework as it is imported: a CASE package, checked whole, with every fault named.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::class::{self, id_of};
use super::{Framework, is_shipped};
use crate::invalid::Invalid;
use crate::noun::Body;

/// The most bytes of a package.
pub const PACKAGE_BYTES_MAX: usize = 8 << 20;
/// The most items of a package, and the most associations.
pub const PACKAGE_ROWS_MAX: usize = 20_000;

/// A package that is what the standard asks for. Extensions are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Package {
    /// The identifier of the document.
    pub identifier: Uuid,
    /// Its title.
    pub title: String,
    /// Who made it.
    pub creator: String,
    /// When it was last changed, as it says.
    pub last_change: DateTime<Utc>,
    /// The document, as it was sent.
    pub document: Value,
    /// The items, as they were sent.
    pub items: Vec<Value>,
    /// The associations, as they were sent.
    pub associations: Vec<Value>,
    /// Definitions and rubrics, as they were sent, by their names in the package.
    pub more: Value,
}

impl Body for Package {
    const NAME: &'static str = "CFPackage";
    const BYTES_MAX: usize = PACKAGE_BYTES_MAX;

    fn read(mut body: Value) -> Result<Self, Invalid> {
        class::PACKAGE.faults(&body).or(())?;
        clean(&mut body, "")?;
        let mut members = match body {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        let mut list = |name: &str| match members.remove(name) {
            Some(Value::Array(values)) => values,
            _ => vec![],
        };
        let (items, associations) = (list("CFItems"), list("CFAssociations"));
        let document = members.remove("CFDocument").unwrap_or_default();
        once(&document, &items, &associations)?;
        let text = |name: &str| document.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let last_change = DateTime::parse_from_rfc3339(&text("lastChangeDateTime")).map(|time| time.with_timezone(&Utc));
        let read = (id_of(&text("identifier")), last_change);
        let (Some(identifier), Ok(last_change)) = read else {
            return Err(Invalid::one("/CFDocument", "incomplete", "A required member is missing."));
        };
        Ok(Self {
            identifier,
            title: text("title"),
            creator: text("creator"),
            last_change,
            document,
            items,
            associations,
            more: Value::Object(members),
        })
    }

    fn example() -> Value {
        let (document, item) = (crate::wire_example_id(), "01920000-0000-7000-8000-0000000000a1");
        let at = "2026-09-01T00:00:00Z";
        let uri = |name: &str| format!("https://standards.example/{name}");
        json!({
            "CFDocument": { "identifier": document, "uri": uri("d"), "creator": "Alder School District", "title": "Learner profile", "lastChangeDateTime": at },
            "CFItems": [{ "identifier": item, "uri": uri("i"), "fullStatement": "Speaks so that others follow.", "humanCodingScheme": "LP.1", "lastChangeDateTime": at }],
        })
    }

    #[cfg(feature = "wire")]
    fn schema(named: &mut crate::wire::Named) -> utoipa::openapi::schema::Object {
        class::PACKAGE.schema(named)
    }
}

/// Leaves extensions out, and refuses what the database cannot keep.
fn clean(value: &mut Value, at: &str) -> Result<(), Invalid> {
    match value {
        Value::Object(members) => {
            members.remove("extensions");
            members.iter_mut().try_for_each(|(name, member)| clean(member, &format!("{at}/{name}")))
        }
        Value::Array(items) => items.iter_mut().enumerate().try_for_each(|(number, item)| clean(item, &format!("{at}/{number}"))),
        Value::String(text) if text.contains('\0') => Err(Invalid::one(at, "bad_text", "The text must not contain a NUL character.")),
        _ => Ok(()),
    }
}

/// Nothing stands in a package twice, or is what ships with the service, and there is not more than is taken.
fn once(document: &Value, items: &[Value], associations: &[Value]) -> Result<(), Invalid> {
    let mut invalid = Invalid::default();
    for (name, rows) in [("CFItems", items), ("CFAssociations", associations)] {
        invalid.unless(rows.len() <= PACKAGE_ROWS_MAX, &format!("/{name}"), "bad_length", &format!("At most {PACKAGE_ROWS_MAX} are taken."));
    }
    let mut seen: HashMap<Uuid, String> = HashMap::new();
    let numbered = |name: &'static str, rows: &'_ [Value]| -> Vec<(String, Option<Uuid>)> {
        rows.iter().enumerate().map(|(number, row)| (format!("/{name}/{number}/identifier"), identifier(row))).collect()
    };
    let all = [("/CFDocument/identifier".to_owned(), identifier(document))];
    for (pointer, id) in all.into_iter().chain(numbered("CFItems", items)).chain(numbered("CFAssociations", associations)) {
        let Some(id) = id else { continue };
        if is_shipped(id) {
            invalid.push(pointer.clone(), "shipped", format!("This is an identifier of a framework that ships: {}.", Framework::editions()));
        }
        if seen.insert(id, pointer.clone()).is_some() {
            invalid.push(pointer, "twice", "This identifier stands in the package already.");
        }
    }
    invalid.or(())
}

/// The identifier of a document, an item or an association.
pub fn identifier(row: &Value) -> Option<Uuid> {
    row.get("identifier").and_then(Value::as_str).and_then(id_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(change: impl FnOnce(&mut Value)) -> Vec<(String, &'static str)> {
        let mut body = Package::example();
        change(&mut body);
        Package::read(body).err().map(|invalid| invalid.0.into_iter().map(|fault| (fault.pointer, fault.code)).collect()).unwrap_or_default()
    }

    fn named(pointer: &str, code: &'static str) -> (String, &'static str) {
        (pointer.to_owned(), code)
    }

    #[test]
    fn r39_a_package_is_read_with_every_fault_named() {
        assert_eq!(faults(|_| ()), []);
        let all = faults(|body| {
            body["CFDocument"] = json!({ "identifier": "x", "uri": 1, "title": "T", "lastChangeDateTime": "yesterday", "colour": "red" });
            body["CFItems"][0]["statusEndDate"] = "31.5.2027".into();
            body["CFItems"][0]["educationLevel"] = json!(["09", 10]);
            body["CFAssociations"] =
                json!([{ "associationType": "isAuntOf", "originNodeURI": { "title": "t", "identifier": "not a uuid", "uri": "u" } }]);
            body["CFDefinitions"] = json!([]);
        });
        let expected = [
            ("/CFDocument/identifier", "not_an_id"),
            ("/CFDocument/uri", "not_a_string"),
            ("/CFDocument/creator", "missing"),
            ("/CFDocument/lastChangeDateTime", "not_a_time"),
            ("/CFDocument/colour", "unknown_member"),
            ("/CFItems/0/educationLevel/1", "not_a_string"),
            ("/CFItems/0/statusEndDate", "not_a_date"),
            ("/CFAssociations/0/identifier", "missing"),
            ("/CFAssociations/0/associationType", "unknown_word"),
            ("/CFAssociations/0/uri", "missing"),
            ("/CFAssociations/0/destinationNodeURI", "missing"),
            ("/CFAssociations/0/lastChangeDateTime", "missing"),
            ("/CFDefinitions", "not_an_object"),
        ];
        assert_eq!(all, expected.map(|(pointer, code)| named(pointer, code)));
    }

    #[test]
    fn what_is_in_a_package_twice_or_ships_is_refused() {
        let item = |body: &Value| body["CFItems"][0].clone();
        assert_eq!(faults(|body| body["CFItems"] = json!([item(body), item(body)])), [named("/CFItems/1/identifier", "twice")]);
        let shipped = Framework::find("asca-2004").unwrap();
        assert_eq!(
            faults(|body| body["CFDocument"]["identifier"] = shipped.identifier.to_string().into()),
            [named("/CFDocument/identifier", "shipped")]
        );
        assert_eq!(faults(|body| body["CFItems"][0]["fullStatement"] = "a\0b".into()), [named("/CFItems/0/fullStatement", "bad_text")]);
    }

    #[test]
    fn extensions_are_taken_and_not_kept() {
        let mut body = Package::example();
        let plain = Package::read(body.clone()).unwrap();
        body["CFItems"][0]["extensions"] = json!({ "anything": [1] });
        assert_eq!(Package::read(body), Ok(plain));
    }

    #[test]
    fn faults_end_somewhere() {
        let many: Vec<_> = (0..3000).map(|_| json!({})).collect();
        let all = faults(|body| body["CFItems"] = json!(many));
        assert_eq!((all.len(), all.last().unwrap().1), (1001, "more_faults"));
    }
}
