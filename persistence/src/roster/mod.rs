//! Roster imports: a bundle is parsed, validated, compared and applied, all or nothing.
//!
//! An import is a row with its bundle beside it, so it survives the process. [`run_waiting`] takes up what waits, one import of a
//! district at a time. All work happens in one transaction on a connection of its own: rows are copied into unindexed temporary
//! tables, held against each other, then against what is known; the differences are written set by set. Until the commit
//! nothing has changed for anybody; a process that is killed leaves the old state, and the import starts over.
//!
//! A file that comes whole (bulk) names everything there is: what it no longer names is ended, never deleted, and is active again when it
//! comes back. Only what the same source has named is ended so. A load that would end too much, or that is of a past school year, is held
//! until a person allows it. What a load has changed can be taken back ([`rollback`]).
//!
//! A roster grants nothing: guardian links and gatekeepers are proposed, and a custodian confirms them. It ends at once: who is no longer
//! in it, or is switched off, does not get in any more.

mod apply;
mod assignment;
mod binary;
mod check;
mod compare;
mod complete;
mod control;
mod entity;
mod export;
mod export_files;
mod gradebook;
mod guardian;
mod hold;
mod job;
mod leaving;
mod merged;
mod near;
mod rekeyed;
mod report;
mod rollback;
mod run;
mod same;
mod stage;
mod staged;
mod supplement;
mod supplement_check;
mod upsert;
mod validate;
mod work;

use std::io;

use openilp_domain::roster::{FileNotKept, LoadMode, ReadingMode, Repair};
use serde::{Deserialize, Serialize};

pub use check::{Checked, check};
pub use control::{forget, release, retry, take_back};
pub use export::{Exported, RosterExport, export, exportable};
pub use job::{NewImport, create, faults, find, list};
pub use leaving::{Cell, Leaving, LeavingFile, LeavingRow, Write};
pub use rollback::{CHANGED_SINCE, IMAGES_GONE, NOT_NEWEST, REFERRED_TO};
pub use run::{Progress, run, run_waiting};
pub use stage::nameless_file;
pub use staged::{RosterFile, Rows, Staged};
pub use supplement::Stated;
pub use upsert::{NewBatch, Upserted, UpsertedRow, upsert};
pub use validate::{DANGLING_REFERENCE, DUPLICATE, DUPLICATE_IDENTIFIER, FAULTS_KEPT, WRONG_REFERENCE};

/// Reads a bundle: hands over sound rows, and reports what it found. It runs on a thread where it may block.
pub type Parse = fn(std::fs::File, ReadingMode, &mut Rows) -> io::Result<Parsed>;

/// Says what the files of a bundle are. With those of another bundle, it stops at the first difference and answers `None`.
pub type Digests = fn(std::fs::File, Option<&[FileDigest]>) -> io::Result<Option<Vec<FileDigest>>>;

/// How bundles are read: the API knows their form, and hands it in.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    /// Reads the rows.
    pub parse: Parse,
    /// Knows the files again.
    pub digests: Digests,
}

/// A file of a bundle, by its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDigest {
    /// Its name in the zip.
    pub name: String,
    /// Its size, unpacked.
    pub bytes: u64,
    /// SHA-256 of what is in it, in hexadecimal.
    pub sha256: String,
}

/// What the parser found.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// Faults, as far as they are listed.
    pub faults: Vec<Fault>,
    /// How many there are.
    pub fault_count: i64,
    /// Files of which every row was handed over.
    pub whole: Vec<RosterFile>,
    /// Files that name everything there is.
    pub bulk: Vec<RosterFile>,
    /// Files that name what has changed. Those in neither list are not in the bundle: what is known of them stays.
    pub delta: Vec<RosterFile>,
    /// What was mended to read the bundle.
    pub repairs: Vec<Repair>,
    /// Files that were checked and that an import does not take.
    pub not_kept: Vec<FileNotKept>,
}

impl Parsed {
    /// Whether every row of a file was handed over.
    pub fn is_whole(&self, file: RosterFile) -> bool {
        self.whole.contains(&file)
    }

    /// The form in which the files came.
    pub fn mode(&self) -> LoadMode {
        match (self.bulk.is_empty(), self.delta.is_empty()) {
            (_, true) => LoadMode::Bulk,
            (true, false) => LoadMode::Delta,
            (false, false) => LoadMode::Mixed,
        }
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
