//! How nouns stand in the API description.

use utoipa::openapi::schema::{Object, SchemaType, Type};
use utoipa::openapi::{KnownFormat, ObjectBuilder, OneOfBuilder, RefOr, Schema, SchemaFormat};

use crate::field::{Field, camel};

/// Named schemas, gathered while describing.
pub type Named = Vec<(String, RefOr<Schema>)>;

/// A closed vocabulary: its words, and what each means.
pub fn vocabulary(description: &str, words: &[(&str, &str)]) -> RefOr<Schema> {
    let lines: Vec<_> = words.iter().map(|(word, about)| format!("- `{word}`: {}", about.trim())).collect();
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(words.iter().map(|(word, _)| *word)))
        .description(Some(format!("{}\n\n{}", description.trim().replace("\n ", "\n"), lines.join("\n"))))
        .build()
        .into()
}

/// An object without members yet. Nothing beyond its members is known.
pub fn object(description: &str) -> Object {
    ObjectBuilder::new()
        .description(Some(description.trim()))
        .additional_properties(Some(utoipa::openapi::schema::AdditionalProperties::FreeForm(false)))
        .build()
}

/// Adds a member of type `T`.
pub fn member<T: Field>(mut object: Object, name: &str, doc: &str, required: bool, nullable: bool, named: &mut Named) -> Object {
    T::schemas(named);
    let schema = with_description(T::schema(), doc.trim(), nullable);
    object.properties.insert(camel(name), schema);
    if required {
        object.required.push(camel(name));
    }
    object
}

/// The members every noun of the plan ends with.
pub fn written(mut object: Object) -> Object {
    let time = |doc| text(KnownFormat::DateTime, doc);
    let entries = [
        ("createdBy", text(KnownFormat::Uuid, "Who created it.")),
        ("enteredInError", plain(Type::Boolean, "True if it should never have been written. It stays readable, marked, and counts nowhere.")),
        ("version", plain(Type::Integer, "The version, from 1. It is the entity tag.")),
        ("createdAt", time("When it was created.")),
        ("updatedAt", time("When it was last changed.")),
    ];
    for (name, schema) in entries {
        object.properties.insert(name.to_owned(), schema);
        object.required.push(name.to_owned());
    }
    object
}

fn text(format: KnownFormat, doc: &str) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(format))).description(Some(doc)).build().into()
}

fn plain(kind: Type, doc: &str) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(kind).description(Some(doc)).build().into()
}

/// A schema with its description; null is allowed where the member may be cleared.
fn with_description(schema: RefOr<Schema>, doc: &str, nullable: bool) -> RefOr<Schema> {
    match schema {
        RefOr::T(Schema::Object(mut inner)) => {
            inner.description = Some(doc.to_owned());
            if nullable && let SchemaType::Type(kind) = inner.schema_type.clone() {
                inner.schema_type = SchemaType::Array(vec![kind, Type::Null]);
            }
            inner.into()
        }
        RefOr::T(Schema::Array(mut inner)) => {
            inner.description = Some(doc.to_owned());
            if nullable {
                inner.schema_type = SchemaType::Array(vec![Type::Array, Type::Null]);
            }
            RefOr::T(Schema::Array(inner))
        }
        other if nullable => {
            let null = ObjectBuilder::new().schema_type(Type::Null).build();
            RefOr::T(Schema::OneOf(OneOfBuilder::new().item(null).item(other).description(Some(doc)).build()))
        }
        RefOr::Ref(mut reference) => {
            reference.description = doc.to_owned();
            RefOr::Ref(reference)
        }
        other => other,
    }
}
