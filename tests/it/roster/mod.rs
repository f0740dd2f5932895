//! Roster imports against a real PostgreSQL, from the bundle's bytes to the tables.

mod assignments;
pub mod bundles;
mod cut_off;
mod delta;
pub mod export;
mod export_cells;
mod guardians;
mod imports;
mod report_cards;
mod samples;
mod successive;
mod supplement;
mod truth;
mod upsert;
mod world;
mod year;
