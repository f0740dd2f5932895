//! One binary of tests over HTTP, one file a noun, and the enumerating tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::disallowed_methods, reason = "tests")]

mod assignment;
mod anonymous;
mod audit;
mod auth;
mod client;
mod coverage;
mod district;
mod demo;
mod goal;
mod guardian_link;
mod hygiene;
mod ilp_file;
mod layers;
mod matrix;
mod proposal;
mod readme;
mod roster;
mod roster_import;
mod student;
mod openapi;
mod schema;
mod tenancy;
mod whole_path;
mod wall;
