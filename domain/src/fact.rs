//! Facts about a student that the roster brings and people read: declared once, written by imports alone.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::kind::Kind;
use crate::noun::Sectioned;
use crate::plain::View;

/// A record about a student that a source states. [`fact!`](crate::fact!) declares one.
pub trait Fact: View + Sectioned + Sized + 'static {
    /// Its kind.
    const KIND: Kind;
    /// The id.
    fn id(&self) -> Uuid;
    /// The version; it is the entity tag.
    fn version(&self) -> i32;
}

/// Declares a fact: what it says, and beside that the student, the source, whether the source still names it, and its version. The order of the
/// members is the order of the columns in persistence.
#[macro_export]
macro_rules! fact { (
    $(#[doc = $doc:literal])* $name:ident ($id:ident, $section:ident)
    required { $($(#[doc = $rdoc:literal])* $required:ident: $required_type:ty),* $(,)? }
    optional { $($(#[doc = $odoc:literal])* $optional:ident: $optional_type:ty),* $(,)? }
    example $example:tt
) => {
    $crate::view! {
        $(#[doc = $doc])* $name
        required {
            /// The id.
            id: $crate::id::$id,
            /// The student.
            student_id: $crate::id::StudentId,
            $($(#[doc = $rdoc])* $required: $required_type,)*
            /// False once its source no longer names it.
            active: bool,
            /// The system that says so.
            source: String,
            /// What that system calls it.
            sourced_id: String,
            /// The version, from 1. It is the entity tag.
            version: i32,
            /// When it first came.
            created_at: chrono::DateTime<chrono::Utc>,
            /// When it was last changed.
            updated_at: chrono::DateTime<chrono::Utc>,
        }
        optional { $($(#[doc = $odoc])* $optional: $optional_type),* }
        example ($crate::fact::example(serde_json::json!($example)))
    }

    impl $crate::noun::Sectioned for $name {
        fn section(&self) -> $crate::access::Section { $crate::access::Section::$section }
        fn student_id(&self) -> $crate::id::StudentId { self.student_id }
        fn author(&self) -> Option<$crate::id::PersonId> { None }
    }

    impl $crate::fact::Fact for $name {
        const KIND: $crate::kind::Kind = $crate::kind::Kind::$name;
        fn id(&self) -> uuid::Uuid { self.id.into() }
        fn version(&self) -> i32 { self.version }
    }
} }

/// An example with the members that all facts have.
pub fn example(said: Value) -> Value {
    let about = json!({ "id": crate::wire_example_id(), "studentId": crate::wire_example_id() });
    let stated = json!({ "active": true, "source": "sis", "sourcedId": "f-17", "version": 1, "createdAt": "2026-09-01T15:04:05Z",
                         "updatedAt": "2026-09-01T15:04:05Z" });
    crate::noun::with(crate::noun::with(about, said), stated)
}
