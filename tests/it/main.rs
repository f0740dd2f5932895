//! One binary of tests over HTTP, one file a noun, and the enumerating tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::disallowed_methods, reason = "tests")]

mod anonymous;
mod audit;
mod auth;
mod goal;
mod hygiene;
mod ilp_file;
mod layers;
mod matrix;
mod proposal;
mod roster;
mod roster_import;
mod schema;
mod student;
mod tenancy;
mod wall;
