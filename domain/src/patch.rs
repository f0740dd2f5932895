//! Partial update (RFC 7396): a member that is absent is kept, null clears, a value sets.

use serde::{Deserialize, Deserializer};

/// A field of a partial update, for something that may be empty. What may not be empty is an `Option` instead.
/// In the API description a `Patch<T>` is an `Option<T>`: say `#[schema(value_type = Option<T>)]` at the field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// The member was absent.
    #[default]
    Keep,
    /// The member was null.
    Clear,
    /// The member had a value.
    Set(T),
}

impl<T> Patch<T> {
    /// For an update statement: nothing, null, or a value.
    pub fn into_column(self) -> Option<Option<T>> {
        match self {
            Self::Keep => None,
            Self::Clear => Some(None),
            Self::Set(value) => Some(Some(value)),
        }
    }

    /// What the field is after the change, given what it was.
    pub fn after<'a>(&'a self, before: Option<&'a T>) -> Option<&'a T> {
        match self {
            Self::Keep => before,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}
