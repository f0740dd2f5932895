//! OneRoster 1.2 CSV, bulk: bundles are read strictly and in bounded memory, and written.
//!
//! A bundle is a zip of `manifest.csv` and up to 21 files. [`bundle`] reads one and hands out typed [`rows`] and every
//! [`fault`]; [`writer`] writes one. Nothing here is async and nothing touches the database: whether an id occurs twice
//! or points nowhere is found later, over all rows at once.

mod archive;
pub mod bundle;
mod cell;
pub mod columns;
pub mod fault;
mod header;
mod manifest;
mod reading;
mod records;
pub mod rows;
pub mod writer;

#[cfg(test)]
mod tests;
