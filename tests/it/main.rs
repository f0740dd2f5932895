//! One binary of tests over HTTP, one file a noun, and the enumerating tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::disallowed_methods, reason = "tests")]

mod anonymous;
mod assignment;
mod audit;
mod auth;
mod client;
mod command_line;
mod consent;
mod coverage;
mod demo;
mod district;
mod emergency_access;
mod feed;
mod goal;
mod guardian_link;
mod hygiene;
mod ilp_file;
mod intake;
mod invitation;
mod killed;
mod layers;
mod limits;
mod matrix;
mod openapi;
mod partner;
mod person_merge;
mod potential_duplicate;
mod privacy_preference;
mod proposal;
mod races;
mod readme;
mod restriction;
mod roster;
mod roster_import;
mod roster_upsert;
mod schema;
mod strength;
mod student;
mod student_access;
mod student_group;
mod tenancy;
mod wall;
mod whole_path;
