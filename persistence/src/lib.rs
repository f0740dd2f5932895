//! How OpenILP remembers.

pub mod identity;
pub mod schema;
