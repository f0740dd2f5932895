//! The made-up district: people, schools, classes and plans that nobody has, for the demo, for tests and for the benchmark.
//!
//! [`roster`] writes a district of any size as a OneRoster bundle; the same options give the same bytes.

pub mod courses;
pub mod demo;
pub mod goals;
pub mod layout;
pub mod marks;
pub mod names;
pub mod people;
pub mod plans;
pub mod profile;
pub mod random;
pub mod roster;
pub mod zone;

pub use roster::{District, Options, Progress, Summary, write_bundle};

#[cfg(test)]
mod roster_tests;
