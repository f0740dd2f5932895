//! Reads a bundle: strictly or tolerantly, file by file, one record in memory.
//!
//! Strict means: what is not as the standard has it is a fault, and nothing is mended on the way. Tolerant means: what can be mended
//! in one way only, without loss, is mended and told; the rest is a fault. Reading goes on after a fault, so that the sender learns
//! all of them at once; rows that are sound are handed out. What to do with those when there were faults is up to the caller: an
//! import applies nothing.

use std::{
    fs::File as Source,
    io::{self, Read, Seek},
    path::Path,
};

use openilp_domain::roster::ReadingMode;
use serde::Serialize;

use super::{
    archive::{Archive, is_malformed},
    columns::{File, Import},
    fault::{BUNDLE, Fault, FaultCode, Faults},
    plan::Planned,
    records::Next,
    repair::{Repair, RepairCode, Repairs},
    rows::Row,
};

/// How much is taken.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of all files, unpacked.
    pub uncompressed_max: u64,
    /// How many times its size a zip may unpack to.
    pub ratio_max: u64,
    /// Entries of the zip.
    pub entries_max: usize,
    /// Faults of one code in one column of one file that are listed; further ones are counted.
    pub faults_alike_max: u64,
    /// Faults that are listed before reading stops.
    pub faults_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { uncompressed_max: 4 << 30, ratio_max: 200, entries_max: 64, faults_alike_max: 2_000, faults_max: 20_000 }
    }
}

/// Why a bundle cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The bytes could not be had.
    #[error("the bundle could not be read: {0}")]
    Io(#[from] io::Error),
    /// The zip is refused, for these faults.
    #[error("the bundle is refused: {}", .0.first().map_or("", |fault| fault.detail.as_str()))]
    Refused(Vec<Fault>),
}

impl From<Fault> for OpenError {
    fn from(fault: Fault) -> Self {
        Self::Refused(vec![fault])
    }
}

/// How far reading is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// The file that is being read, such as `users.csv`.
    pub file: &'static str,
    /// Rows of that file so far.
    pub rows: u64,
    /// Bytes of all files so far, unpacked.
    pub bytes_done: u64,
    /// Bytes of all files.
    pub bytes_total: u64,
}

/// How a file comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Coming {
    /// Whole: what is not in it is not there.
    Bulk,
    /// What has changed.
    Delta,
}

/// What was in a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// The version of OneRoster that it was read as.
    pub version: &'static str,
    /// The system that made it, as the manifest says.
    pub system_name: Option<String>,
    /// That system's code, as the manifest says.
    pub system_code: Option<String>,
    /// The folder in the zip that holds the files; they belong at the top, but one folder is passed over.
    pub folder: Option<String>,
    /// The files that were read, in that order.
    pub files: Vec<FileSummary>,
    /// Faults found, listed or not.
    pub faults: u64,
    /// What was mended: nothing in strict mode.
    pub repairs: Vec<Repair>,
    /// Whether everything was read. Not so when the manifest cannot be used or there were too many faults.
    pub complete: bool,
}

/// What was in one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileSummary {
    /// Its name, such as `users.csv`.
    pub file: &'static str,
    /// Whether it is bulk or a delta.
    pub coming: Coming,
    /// Whether an import takes it. Others are checked, counted and not kept.
    pub imported: bool,
    /// Rows, sound or not.
    pub rows: u64,
    /// Rows with a fault; they are not handed out.
    pub faulty_rows: u64,
    /// Rows of a delta that are to be deleted.
    pub deleted_rows: u64,
    /// Rows of a bulk file that say that they are deleted: they are passed over.
    pub passed_over: u64,
}

impl FileSummary {
    pub(super) fn new(file: &'static File, coming: Coming) -> Self {
        let imported = file.import != Import::No;
        Self { file: file.makes, coming, imported, rows: 0, faulty_rows: 0, deleted_rows: 0, passed_over: 0 }
    }
}

/// An opened bundle.
pub struct Bundle<R> {
    pub(super) archive: Archive<R>,
    pub(super) mode: ReadingMode,
    limits: Limits,
}

impl Bundle<Source> {
    /// Opens a bundle that is a file on disk, to be read strictly.
    pub fn open_path(path: impl AsRef<Path>, limits: Limits) -> Result<Self, OpenError> {
        Self::open(Source::open(path)?, limits)
    }
}

impl<R: Read + Seek> Bundle<R> {
    /// Opens a bundle to be read strictly, and checks the zip: its size unpacked, its entries, their names. Nothing is unpacked yet.
    pub fn open(source: R, limits: Limits) -> Result<Self, OpenError> {
        Self::open_as(source, ReadingMode::Strict, limits)
    }

    /// Opens a bundle to be read in a mode.
    pub fn open_as(source: R, mode: ReadingMode, limits: Limits) -> Result<Self, OpenError> {
        Ok(Self { archive: Archive::open(source, mode, &limits)?, mode, limits })
    }

    /// Reads everything, in the order of [`super::columns::FILES`] and then the supplement. Sound rows go to `on_row`, which can stop the reading with
    /// an error; faults go to `on_fault`: first those of the manifest, then those of all headers, then those of the rows.
    pub fn read<E: From<io::Error>>(
        &mut self,
        mut on_row: impl FnMut(Row) -> Result<(), E>,
        mut on_fault: impl FnMut(Fault),
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Summary, E> {
        let mut faults = Faults::new(&mut on_fault, self.limits.faults_alike_max, self.limits.faults_max);
        let mut repairs = Repairs::default();
        let mut summary = Summary {
            version: "1.2",
            system_name: None,
            system_code: None,
            folder: self.archive.folder.clone(),
            files: Vec::new(),
            faults: 0,
            repairs: Vec::new(),
            complete: false,
        };
        self.tidy(&mut faults, &mut repairs);
        if let Some(manifest) = self.manifest(&mut faults, &mut repairs)? {
            summary.version = manifest.version.name();
            summary.system_name = manifest.system_name.clone();
            summary.system_code = manifest.system_code.clone();
            let planned = self.plan(&manifest, &mut faults, &mut repairs)?;
            self.rows(&planned, &mut summary, &mut on_row, &mut faults, &mut repairs, progress)?;
            if !faults.stopped() {
                self.links(&planned, &summary.files, &mut faults)?;
            }
        }
        summary.complete &= !faults.stopped();
        summary.faults = faults.found();
        summary.repairs = repairs.take();
        Ok(summary)
    }

    fn rows<E: From<io::Error>>(
        &mut self,
        planned: &[Planned],
        summary: &mut Summary,
        on_row: &mut impl FnMut(Row) -> Result<(), E>,
        faults: &mut Faults<'_>,
        repairs: &mut Repairs,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), E> {
        let bytes_total = planned.iter().map(|planned| self.archive.size(planned.entry)).sum();
        let mut bytes_before = 0;
        let mut orgs = Default::default();
        summary.complete = true;
        for planned in planned {
            if faults.stopped() {
                break;
            }
            let mut report = |rows, bytes| progress(Progress { file: planned.file.makes, rows, bytes_done: bytes_before + bytes, bytes_total });
            repairs.begin_file();
            summary.files.push(self.file(planned, &mut orgs, on_row, faults, repairs, &mut report)?);
            faults.end_file(planned.file.file_name);
            bytes_before += self.archive.size(planned.entry);
        }
        Ok(())
    }

    /// Puts the names of the files right, and tells what was passed over in the zip.
    fn tidy(&mut self, faults: &mut Faults<'_>, repairs: &mut Repairs) {
        for name in &self.archive.litter {
            repairs.push(BUNDLE, 0, None, RepairCode::EntryPassedOver, Some((name, "")));
        }
        if self.mode == ReadingMode::Strict {
            return;
        }
        let known = super::plan::names();
        let there: Vec<String> = self.archive.entries.iter().map(|entry| entry.name.clone()).collect();
        for entry in &mut self.archive.entries {
            let Some(meant) = super::repair::like(known.iter().copied(), &entry.name).filter(|meant| *meant != entry.name) else { continue };
            let alike = there.iter().filter(|name| name.eq_ignore_ascii_case(meant)).count();
            if alike > 1 {
                let detail = format!("The zip has {alike} files that may be meant as {meant}.");
                faults.push(Fault::of_file(meant, FaultCode::ZipDuplicateEntry, detail));
                continue;
            }
            repairs.push(meant, 0, None, RepairCode::FileNameCase, Some((&entry.name, meant)));
            entry.name = meant.to_owned();
        }
    }
}

/// Says why a file could not be read to its end. An error of the disk is handed on.
pub(super) fn ended_early(file: &str, end: Next, faults: &mut Faults<'_>) -> io::Result<()> {
    match end {
        Next::TooLong(line) => {
            let detail = "The row does not end within a megabyte; a quote may not be closed. The rest of the file was not read.";
            faults.push(Fault::of_row(file, line, None, FaultCode::RowTooLong, detail));
            Ok(())
        }
        Next::FalseSize => {
            faults.push(Fault::of_file(file, FaultCode::ZipBomb, "The file is longer, unpacked, than the zip says."));
            Ok(())
        }
        Next::Broken(error) => corrupt(file, error, faults),
        Next::Record(_) | Next::End => Ok(()),
    }
}

/// Says that an entry cannot be unpacked. An error of the disk is handed on.
pub(super) fn corrupt(file: &str, error: io::Error, faults: &mut Faults<'_>) -> io::Result<()> {
    if !is_malformed(&error) {
        return Err(error);
    }
    faults.push(Fault::of_file(
        if file.is_empty() { BUNDLE } else { file },
        FaultCode::ZipCorrupt,
        "The file cannot be unpacked whole; the zip is damaged.",
    ));
    Ok(())
}
