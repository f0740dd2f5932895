//! What every noun of the plan has, declared once: what it is, how it is proposed, how it is changed.

use serde_json::Value;

use crate::access::{Action, Section};
use crate::id::{GoalId, PersonId, RecordId, StudentId};
use crate::invalid::Invalid;
use crate::kind::Kind;

/// What a caller sends: read from JSON with every fault named, and described for the API.
pub trait Body: Sized {
    /// Its name in the API description.
    const NAME: &'static str;
    /// The most bytes that are taken.
    const BYTES_MAX: usize = 256 * 1024;

    /// Reads it from JSON. Every fault is named.
    fn read(body: Value) -> Result<Self, Invalid>;

    /// One that would be accepted.
    fn example() -> Value;

    /// Its schema and the named schemas it refers to.
    #[cfg(feature = "wire")]
    fn schema(named: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) -> utoipa::openapi::schema::Object;
}

/// The kinds of strengths and progress, which a profile may open to all participants (R31 to R34): so are their translations.
pub const PROGRESS: [Kind; 2] = [Kind::ProgressRecord, Kind::Strength];

/// A record about a student, in one section of the file.
pub trait Sectioned {
    /// The one section that all such records are in, where they are.
    const SECTION: Option<Section> = None;
    /// The section that says who may read it.
    fn section(&self) -> Section;
    /// The student it is about.
    fn student_id(&self) -> StudentId;
    /// Who wrote it.
    fn author(&self) -> Option<PersonId>;
    /// Whether it is a record of progress, which a profile may open to all participants (R31 to R34).
    fn is_progress(&self) -> bool {
        false
    }
    /// The goal that it is, or belongs to: a consent may be limited to one.
    fn goal_id(&self) -> Option<GoalId> {
        None
    }
    /// The actions any of which lets a caller change or take back one.
    fn amended_by() -> &'static [Action] {
        &[Action::Write]
    }
    /// What else may be done with one: something is written beneath it, suggested of it or decided about it.
    fn offers() -> &'static [Action] {
        &[]
    }
    /// The record whose words it says again, if it does.
    fn retold(&self) -> Option<Retold> {
        None
    }
}

/// A record whose words another says again, in its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retold {
    /// Which record.
    pub record: uuid::Uuid,
    /// Whether words may be said again that are withheld in the record.
    pub may_name_others: bool,
}

/// A noun of the plan. [`noun!`](crate::noun!) declares one.
pub trait Noun: Sectioned + serde::Serialize + Sized + 'static {
    /// Its id type.
    type Id: Copy + From<uuid::Uuid> + Into<uuid::Uuid> + std::fmt::Display + std::str::FromStr + 'static;
    /// As it is proposed.
    type New: Body + 'static;
    /// As it is changed.
    type Patch: Body + 'static;
    /// Its columns in order, as a row of the database has them.
    type Row;
    /// Its kind.
    const KIND: Kind;
    /// Its name in the API description, and in words.
    const NAME: &'static str;

    /// The id.
    fn id(&self) -> Self::Id;
    /// The version; it is the entity tag.
    fn version(&self) -> i32;
    /// Rules across the members of a new one.
    fn check_new(new: &Self::New) -> Invalid;
    /// The members as they would be after a change, as if it were proposed so.
    fn patched(&self, patch: &Self::Patch) -> Self::New;
    /// Rules across the members after a change.
    fn check_patch(&self, patch: &Self::Patch) -> Invalid;
    /// The actions any of which lets a caller create, amend or remove one.
    fn written_by() -> &'static [Action];
    /// The section of a new one, where that does not come from the record it is added to.
    fn section_of_new(new: &Self::New) -> Option<Section>;
    /// The record of the same student by which it is decided who may add a new one, where that is not the record it is added to.
    fn record_of_new(new: &Self::New) -> Option<(Kind, RecordId)>;
    /// The members that are text which people write, as their columns are called.
    fn texts() -> Vec<&'static str>;
    /// One, as it is answered.
    fn example() -> Value;
    /// Its schema and the named schemas it refers to.
    #[cfg(feature = "wire")]
    fn schema(named: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) -> utoipa::openapi::schema::Object;
}

/// What is particular about a noun. One without particulars implements it empty.
pub trait Rules: Noun {
    /// The actions any of which lets a caller create, amend or remove one. What is added in one's own name, such as a
    /// reflection, needs no more than the right to comment.
    const WRITTEN_BY: &'static [Action] = &[Action::Write];
    /// The section of a new one, where that does not come from the record it is added to.
    fn new_section(_: &Self::New) -> Option<Section> {
        Self::SECTION
    }
    /// The record that a new one is about, where that says who may add it.
    fn new_record(_: &Self::New) -> Option<(Kind, RecordId)> {
        None
    }
    /// Rules across the members: of a new one, and of what a change would make of one.
    fn faults(_: &Self::New) -> Invalid {
        Invalid::default()
    }
}

/// Declares a noun of the plan: the record, `New…` and `…Patch`.
///
/// Members stand in groups. `of`: what it belongs to, set by the path or the service. `answered`: the same, and may be absent. `fixed`: given
/// once, never changed.
/// `required`: always there. `defaulted`: there, with a default when new. `optional`: may be absent; null clears it.
/// The order of the groups and members is the order of the columns in `record!` in persistence.
#[macro_export]
macro_rules! noun { (
    $(#[doc = $doc:literal])* $name:ident, $new:ident, $patch:ident ($id:ident, $kind:ident)
    of { $($(#[doc = $ofdoc:literal])* $of:ident: $of_type:ty),* $(,)? }
    $(answered { $($(#[doc = $adoc:literal])* $answered:ident: $answered_type:ty),* $(,)? })?
    fixed { $($(#[doc = $fdoc:literal])* $fixed:ident: $fixed_type:ty),* $(,)? }
    required { $($(#[doc = $rdoc:literal])* $required:ident: $required_type:ty),* $(,)? }
    defaulted { $($(#[doc = $ddoc:literal])* $defaulted:ident: $defaulted_type:ty = $default:expr),* $(,)? }
    optional { $($(#[doc = $odoc:literal])* $optional:ident: $optional_type:ty),* $(,)? }
    example $example:tt
) => {
    $(#[doc = $doc])*
    #[derive(Clone, Debug, PartialEq, serde::Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct $name {
        /// The id.
        pub id: $crate::id::$id,
        $($(#[doc = $ofdoc])* pub $of: $of_type,)*
        $($($(#[doc = $adoc])* #[serde(skip_serializing_if = "Option::is_none")] pub $answered: Option<$answered_type>,)*)?
        $($(#[doc = $fdoc])* pub $fixed: $fixed_type,)*
        $($(#[doc = $rdoc])* pub $required: $required_type,)*
        $($(#[doc = $ddoc])* pub $defaulted: $defaulted_type,)*
        $($(#[doc = $odoc])* #[serde(skip_serializing_if = "Option::is_none")] pub $optional: Option<$optional_type>,)*
        /// Who created it.
        pub created_by: $crate::id::PersonId,
        /// True if it should never have been written. It stays readable, marked, and counts nowhere.
        pub entered_in_error: bool,
        /// The version, from 1. It is the entity tag.
        pub version: i32,
        /// When it was created.
        pub created_at: chrono::DateTime<chrono::Utc>,
        /// When it was last changed.
        pub updated_at: chrono::DateTime<chrono::Utc>,
    }

    #[doc = concat!("A [`", stringify!($name), "`] as it is proposed.")]
    #[derive(Clone, Debug, PartialEq)]
    pub struct $new {
        $($(#[doc = $fdoc])* pub $fixed: $fixed_type,)*
        $($(#[doc = $rdoc])* pub $required: $required_type,)*
        $($(#[doc = $ddoc])* pub $defaulted: $defaulted_type,)*
        $($(#[doc = $odoc])* pub $optional: Option<$optional_type>,)*
    }

    #[doc = concat!("A change to a [`", stringify!($name), "`] (RFC 7396): what is absent stays, null clears.")]
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct $patch {
        $($(#[doc = $rdoc])* pub $required: Option<$required_type>,)*
        $($(#[doc = $ddoc])* pub $defaulted: Option<$defaulted_type>,)*
        $($(#[doc = $odoc])* pub $optional: $crate::patch::Patch<$optional_type>,)*
        /// Marks it as entered in error, or takes the mark away.
        pub entered_in_error: Option<bool>,
    }

    impl $crate::noun::Body for $new {
        const NAME: &'static str = stringify!($new);
        fn read(body: serde_json::Value) -> Result<Self, $crate::invalid::Invalid> {
            let mut members = $crate::field::Members::of(body)?;
            $(let $fixed = members.required(stringify!($fixed));)*
            $(let $required = members.required(stringify!($required));)*
            $(let $defaulted: Option<$defaulted_type> = members.change(stringify!($defaulted));)*
            $(let $optional = members.optional(stringify!($optional));)*
            members.finish()?;
            let new = (|| Some($new { $($fixed: $fixed?,)* $($required: $required?,)* $($defaulted: $defaulted.unwrap_or($default),)* $($optional,)* }))();
            let Some(new) = new else { return Err($crate::invalid::Invalid::one("", "incomplete", "A required member is missing.")) };
            <$name as $crate::noun::Noun>::check_new(&new).or(new)
        }
        fn example() -> serde_json::Value { serde_json::json!($example) }
        #[cfg(feature = "wire")]
        fn schema(named: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) -> utoipa::openapi::schema::Object {
            let object = $crate::wire::object(concat!("`", stringify!($name), "`, as it is proposed."));
            $(let object = $crate::wire::member::<$fixed_type>(object, stringify!($fixed), concat!($($fdoc, "\n"),*), true, false, named);)*
            $(let object = $crate::wire::member::<$required_type>(object, stringify!($required), concat!($($rdoc, "\n"),*), true, false, named);)*
            $(let object = $crate::wire::member::<$defaulted_type>(object, stringify!($defaulted), concat!($($ddoc, "\n"),*), false, false, named);)*
            $(let object = $crate::wire::member::<$optional_type>(object, stringify!($optional), concat!($($odoc, "\n"),*), false, true, named);)*
            object
        }
    }

    impl $crate::noun::Body for $patch {
        const NAME: &'static str = stringify!($patch);
        fn read(body: serde_json::Value) -> Result<Self, $crate::invalid::Invalid> {
            let mut members = $crate::field::Members::of(body)?;
            let patch = $patch {
                $($required: members.change(stringify!($required)),)*
                $($defaulted: members.change(stringify!($defaulted)),)*
                $($optional: members.patch(stringify!($optional)),)*
                entered_in_error: members.change("entered_in_error"),
            };
            members.finish()?;
            Ok(patch)
        }
        fn example() -> serde_json::Value {
            let fixed: &[&str] = &[$(stringify!($fixed)),*];
            $crate::noun::without(serde_json::json!($example), fixed)
        }
        #[cfg(feature = "wire")]
        fn schema(named: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) -> utoipa::openapi::schema::Object {
            let object = $crate::wire::object(concat!("A change to `", stringify!($name), "`: what is absent stays, null clears."));
            $(let object = $crate::wire::member::<$required_type>(object, stringify!($required), concat!($($rdoc, "\n"),*), false, false, named);)*
            $(let object = $crate::wire::member::<$defaulted_type>(object, stringify!($defaulted), concat!($($ddoc, "\n"),*), false, false, named);)*
            $(let object = $crate::wire::member::<$optional_type>(object, stringify!($optional), concat!($($odoc, "\n"),*), false, true, named);)*
            $crate::wire::member::<bool>(object, "entered_in_error", "Marks it as entered in error, or takes the mark away.", false, false, named)
        }
    }

    impl $crate::noun::Noun for $name {
        type Id = $crate::id::$id;
        type New = $new;
        type Patch = $patch;
        type Row = ($crate::id::$id, $($of_type,)* $($(Option<$answered_type>,)*)? $($fixed_type,)* $($required_type,)* $($defaulted_type,)* $(Option<$optional_type>,)*
            $crate::id::PersonId, bool, i32, chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::Utc>);
        const KIND: $crate::kind::Kind = $crate::kind::Kind::$kind;
        const NAME: &'static str = stringify!($name);
        fn id(&self) -> $crate::id::$id { self.id }
        fn version(&self) -> i32 { self.version }
        fn check_new(new: &$new) -> $crate::invalid::Invalid { <Self as $crate::noun::Rules>::faults(new) }
        #[allow(clippy::clone_on_copy, reason = "members are of any type")]
        fn patched(&self, patch: &$patch) -> $new {
            $new {
                $($fixed: self.$fixed.clone(),)*
                $($required: patch.$required.clone().unwrap_or_else(|| self.$required.clone()),)*
                $($defaulted: patch.$defaulted.clone().unwrap_or_else(|| self.$defaulted.clone()),)*
                $($optional: patch.$optional.after(self.$optional.as_ref()).cloned(),)*
            }
        }
        fn check_patch(&self, patch: &$patch) -> $crate::invalid::Invalid { <Self as $crate::noun::Rules>::faults(&self.patched(patch)) }
        fn written_by() -> &'static [$crate::access::Action] { <Self as $crate::noun::Rules>::WRITTEN_BY }
        fn section_of_new(new: &$new) -> Option<$crate::access::Section> { <Self as $crate::noun::Rules>::new_section(new) }
        fn record_of_new(new: &$new) -> Option<($crate::kind::Kind, $crate::id::RecordId)> { <Self as $crate::noun::Rules>::new_record(new) }
        fn texts() -> Vec<&'static str> {
            let members = [
                $((stringify!($fixed), <$fixed_type as $crate::field::Field>::IS_TEXT),)*
                $((stringify!($required), <$required_type as $crate::field::Field>::IS_TEXT),)*
                $((stringify!($defaulted), <$defaulted_type as $crate::field::Field>::IS_TEXT),)*
                $((stringify!($optional), <$optional_type as $crate::field::Field>::IS_TEXT),)*
            ];
            members.into_iter().filter(|(_, is_text)| *is_text).map(|(name, _)| name).collect()
        }
        fn example() -> serde_json::Value {
            let mut example = serde_json::Map::new();
            example.insert("id".into(), $crate::wire_example_id().into());
            $(example.insert($crate::field::camel(stringify!($of)), <$of_type as $crate::field::Field>::example());)*
            $($(example.insert($crate::field::camel(stringify!($answered)), <$answered_type as $crate::field::Field>::example());)*)?
            if let serde_json::Value::Object(new) = serde_json::json!($example) { example.extend(new); }
            example.insert("createdBy".into(), $crate::wire_example_id().into());
            example.insert("enteredInError".into(), false.into());
            example.insert("version".into(), 1.into());
            example.insert("createdAt".into(), "2026-09-01T15:04:05Z".into());
            example.insert("updatedAt".into(), "2026-09-01T15:04:05Z".into());
            serde_json::Value::Object(example)
        }
        #[cfg(feature = "wire")]
        fn schema(named: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) -> utoipa::openapi::schema::Object {
            let object = $crate::wire::object(concat!($($doc, "\n"),*));
            let object = $crate::wire::member::<$crate::id::$id>(object, "id", "The id.", true, false, named);
            $(let object = $crate::wire::member::<$of_type>(object, stringify!($of), concat!($($ofdoc, "\n"),*), true, false, named);)*
            $($(let object = $crate::wire::member::<$answered_type>(object, stringify!($answered), concat!($($adoc, "\n"),*), false, false, named);)*)?
            $(let object = $crate::wire::member::<$fixed_type>(object, stringify!($fixed), concat!($($fdoc, "\n"),*), true, false, named);)*
            $(let object = $crate::wire::member::<$required_type>(object, stringify!($required), concat!($($rdoc, "\n"),*), true, false, named);)*
            $(let object = $crate::wire::member::<$defaulted_type>(object, stringify!($defaulted), concat!($($ddoc, "\n"),*), true, false, named);)*
            $(let object = $crate::wire::member::<$optional_type>(object, stringify!($optional), concat!($($odoc, "\n"),*), false, false, named);)*
            $crate::wire::written(object)
        }
    }
} }

/// A part of a goal is in the section of the goal's domain.
#[macro_export]
macro_rules! part_of_goal {
    ($name:ident) => {
        impl $crate::noun::Sectioned for $name {
            fn section(&self) -> $crate::access::Section {
                $crate::access::section_of_domain(self.domain)
            }
            fn student_id(&self) -> $crate::id::StudentId {
                self.student_id
            }
            fn author(&self) -> Option<$crate::id::PersonId> {
                Some(self.created_by)
            }
            fn is_progress(&self) -> bool {
                $crate::noun::PROGRESS.contains(&<Self as $crate::noun::Noun>::KIND)
            }
            fn goal_id(&self) -> Option<$crate::id::GoalId> {
                Some(self.goal_id)
            }
            fn amended_by() -> &'static [$crate::access::Action] {
                <Self as $crate::noun::Noun>::written_by()
            }
        }
        impl $crate::noun::PartOfGoal for $name {}
    };
}

/// A noun that belongs to a goal.
pub trait PartOfGoal: Noun {}

/// An example with more members.
pub fn with(mut example: Value, more: Value) -> Value {
    if let (Some(object), Value::Object(more)) = (example.as_object_mut(), more) {
        object.extend(more);
    }
    example
}

/// An example without the members that a change may not have.
pub fn without(mut example: Value, fixed: &[&str]) -> Value {
    if let Some(object) = example.as_object_mut() {
        for name in fixed {
            object.remove(&crate::field::camel(name));
        }
    }
    example
}

/// Where a body is faulty.
#[cfg(test)]
pub(crate) fn pointers<B: Body>(body: Value) -> Vec<String> {
    B::read(body).err().map_or(vec![], |invalid| invalid.0.into_iter().map(|fault| fault.pointer).collect())
}
