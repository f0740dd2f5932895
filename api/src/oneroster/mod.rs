//! OneRoster CSV 1.2, and 1.1 in tolerant mode, bulk and delta: bundles are read in bounded memory, and written.
//!
//! A bundle is a zip of `manifest.csv` and up to 21 files, and beside them the supplement: what OneRoster lacks and an ILP needs.
//! [`bundle`] reads one and hands out typed [`rows`], every [`fault`] and every [`repair`]; [`writer`] writes one. Nothing here is
//! async and nothing touches the database: whether an id of a file that is imported occurs twice or points nowhere is found there, over
//! all rows at once.

mod archive;
pub mod bundle;
mod cell;
mod check;
pub mod columns;
pub mod fault;
pub(crate) mod guard;
mod header;
pub mod json;
mod links;
mod manifest;
mod plan;
mod reading;
mod records;
pub mod repair;
pub mod rows;
mod scan;
pub mod writer;

#[cfg(test)]
mod tests;
