//! What OpenILP knows and decides: value types, nouns, rules and access. No I/O, no async, no clock, no environment.

pub mod id;
pub mod invalid;
pub mod page;
pub mod patch;
pub mod text;
pub mod time;
pub mod words;

pub mod access;
pub mod profile;
