//! Records that are not part of a plan, such as a district or a guardian link: what they are, how they are proposed, how they
//! are changed. Each of the three is declared apart, because many have only one or two of them.

use serde_json::Value;

/// What is answered about a record. [`view!`](crate::view!) declares one.
pub trait View: serde::Serialize {
    /// Its name in the API description.
    const NAME: &'static str;

    /// One, as it is answered.
    fn example() -> Value;

    /// Its schema and the named schemas it refers to.
    #[cfg(feature = "wire")]
    fn schema(named: &mut crate::wire::Named) -> utoipa::openapi::schema::Object;
}

/// Declares what is answered about a record. The order of the members is the order of the columns in persistence.
#[macro_export]
macro_rules! view { (
    $(#[doc = $doc:literal])* $name:ident
    required { $($(#[doc = $rdoc:literal])* $required:ident: $required_type:ty),* $(,)? }
    optional { $($(#[doc = $odoc:literal])* $optional:ident: $optional_type:ty),* $(,)? }
    example $example:tt
) => {
    $(#[doc = $doc])*
    #[derive(Clone, Debug, PartialEq, serde::Serialize)]
    #[cfg_attr(feature = "sql", derive(diesel::Queryable))]
    #[serde(rename_all = "camelCase")]
    pub struct $name {
        $($(#[doc = $rdoc])* pub $required: $required_type,)*
        $($(#[doc = $odoc])* #[serde(skip_serializing_if = "Option::is_none")] pub $optional: Option<$optional_type>,)*
    }

    impl $crate::plain::View for $name {
        const NAME: &'static str = stringify!($name);
        fn example() -> serde_json::Value { serde_json::json!($example) }
        #[cfg(feature = "wire")]
        fn schema(named: &mut $crate::wire::Named) -> utoipa::openapi::schema::Object {
            let object = $crate::wire::object(concat!($($doc, "\n"),*));
            $(let object = $crate::wire::member::<$required_type>(object, stringify!($required), concat!($($rdoc, "\n"),*), true, false, named);)*
            $(let object = $crate::wire::member::<$optional_type>(object, stringify!($optional), concat!($($odoc, "\n"),*), false, false, named);)*
            object
        }
    }
} }

/// Declares what a caller sends. `required`: must be there. `defaulted`: may be left out. `optional`: may be left out or null.
/// `check` names the faults across members.
#[macro_export]
macro_rules! body { (
    $(#[doc = $doc:literal])* $name:ident
    required { $($(#[doc = $rdoc:literal])* $required:ident: $required_type:ty),* $(,)? }
    defaulted { $($(#[doc = $ddoc:literal])* $defaulted:ident: $defaulted_type:ty = $default:expr),* $(,)? }
    optional { $($(#[doc = $odoc:literal])* $optional:ident: $optional_type:ty),* $(,)? }
    example $example:tt
    check $check:expr
) => {
    $(#[doc = $doc])*
    #[derive(Clone, Debug, PartialEq)]
    pub struct $name {
        $($(#[doc = $rdoc])* pub $required: $required_type,)*
        $($(#[doc = $ddoc])* pub $defaulted: $defaulted_type,)*
        $($(#[doc = $odoc])* pub $optional: Option<$optional_type>,)*
    }

    impl $crate::noun::Body for $name {
        const NAME: &'static str = stringify!($name);
        #[allow(clippy::redundant_closure_call, reason = "the closure is for its question marks")]
        fn read(body: serde_json::Value) -> Result<Self, $crate::invalid::Invalid> {
            let mut members = $crate::field::Members::of(body)?;
            $(let $required = members.required(stringify!($required));)*
            $(let $defaulted: Option<$defaulted_type> = members.change(stringify!($defaulted));)*
            $(let $optional = members.optional(stringify!($optional));)*
            members.finish()?;
            let body = (|| Some($name { $($required: $required?,)* $($defaulted: $defaulted.unwrap_or($default),)* $($optional,)* }))();
            let Some(body) = body else { return Err($crate::invalid::Invalid::one("", "incomplete", "A required member is missing.")) };
            let check: fn(&$name) -> $crate::invalid::Invalid = $check;
            check(&body).or(body)
        }
        fn example() -> serde_json::Value { serde_json::json!($example) }
        #[cfg(feature = "wire")]
        fn schema(named: &mut $crate::wire::Named) -> utoipa::openapi::schema::Object {
            let object = $crate::wire::object(concat!($($doc, "\n"),*));
            $(let object = $crate::wire::member::<$required_type>(object, stringify!($required), concat!($($rdoc, "\n"),*), true, false, named);)*
            $(let object = $crate::wire::member::<$defaulted_type>(object, stringify!($defaulted), concat!($($ddoc, "\n"),*), false, false, named);)*
            $(let object = $crate::wire::member::<$optional_type>(object, stringify!($optional), concat!($($odoc, "\n"),*), false, true, named);)*
            object
        }
    }
} }

/// Declares a change (RFC 7396): what is absent stays. `required` may be replaced, null clears what is `optional`.
#[macro_export]
macro_rules! change { (
    $(#[doc = $doc:literal])* $name:ident
    required { $($(#[doc = $rdoc:literal])* $required:ident: $required_type:ty),* $(,)? }
    optional { $($(#[doc = $odoc:literal])* $optional:ident: $optional_type:ty),* $(,)? }
    example $example:tt
) => {
    $(#[doc = $doc])*
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct $name {
        $($(#[doc = $rdoc])* pub $required: Option<$required_type>,)*
        $($(#[doc = $odoc])* pub $optional: $crate::patch::Patch<$optional_type>,)*
    }

    impl $crate::noun::Body for $name {
        const NAME: &'static str = stringify!($name);
        fn read(body: serde_json::Value) -> Result<Self, $crate::invalid::Invalid> {
            let mut members = $crate::field::Members::of(body)?;
            let change = $name {
                $($required: members.change(stringify!($required)),)*
                $($optional: members.patch(stringify!($optional)),)*
            };
            members.finish()?;
            Ok(change)
        }
        fn example() -> serde_json::Value { serde_json::json!($example) }
        #[cfg(feature = "wire")]
        fn schema(named: &mut $crate::wire::Named) -> utoipa::openapi::schema::Object {
            let object = $crate::wire::object(concat!($($doc, "\n"),*));
            $(let object = $crate::wire::member::<$required_type>(object, stringify!($required), concat!($($rdoc, "\n"),*), false, false, named);)*
            $(let object = $crate::wire::member::<$optional_type>(object, stringify!($optional), concat!($($odoc, "\n"),*), false, true, named);)*
            object
        }
    }
} }

/// No rules across members.
pub fn no_rules<T>(_: &T) -> crate::invalid::Invalid {
    crate::invalid::Invalid::default()
}
