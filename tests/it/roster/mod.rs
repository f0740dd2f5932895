//! Roster imports against a real PostgreSQL, from the bundle's bytes to the tables.

mod bundles;
mod imports;
mod samples;
mod world;
