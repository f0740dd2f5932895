//! Roster imports: a bundle is parsed, validated, compared and applied, all or nothing.
//!
//! An import is a row with its bundle beside it, so it survives the process. [`run_waiting`] takes up what waits, one import of a
//! district at a time. All work happens in one transaction on a connection of its own: rows are copied into unindexed temporary
//! tables, held against each other, then against what is known; the differences are written set by set. Until the commit
//! nothing has changed for anybody; a process that is killed leaves the old state, and the import starts over.
//!
//! Nothing is deleted or ended by absence. A roster grants nothing: guardian links and gatekeepers are proposed, and a custodian
//! confirms them.

mod apply;
mod compare;
mod entity;
mod job;
mod run;
mod stage;
mod staged;
mod validate;
mod work;

use std::io;

pub use job::{NewImport, create, faults, find, list};
pub use run::{Progress, run, run_waiting};
pub use stage::nameless_file;
pub use staged::{RosterFile, Rows, Staged};
pub use validate::{DANGLING_REFERENCE, DUPLICATE, DUPLICATE_IDENTIFIER, FAULTS_KEPT, WRONG_REFERENCE};

/// Reads a bundle: hands over sound rows, and reports what it found. It runs on a thread where it may block.
pub type Parse = fn(std::fs::File, &mut Rows) -> io::Result<Parsed>;

/// What the parser found.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// Faults, as far as they are listed.
    pub faults: Vec<Fault>,
    /// How many there are.
    pub fault_count: i64,
    /// Files of which every row was handed over.
    pub whole: Vec<RosterFile>,
}

impl Parsed {
    /// Whether every row of a file was handed over.
    pub fn is_whole(&self, file: RosterFile) -> bool {
        self.whole.contains(&file)
    }
}

/// A fault of a bundle.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The file in the zip.
    pub file: String,
    /// The line; 0 is the file itself.
    pub row: u32,
    /// The column, where one is at fault.
    pub column: Option<String>,
    /// Stable and machine-readable.
    pub code: &'static str,
    /// One sentence, without a cell's value.
    pub detail: String,
}
