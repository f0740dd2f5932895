//! Reads a bundle: strictly, file by file, one record in memory.
//!
//! Strict means: what is not as the standard has it is a fault, and nothing is mended on the way. Reading goes on after a
//! fault, so that the sender learns all of them at once; rows that are sound are handed out. What to do with those when
//! there were faults is up to the caller: an import applies nothing.

use std::{
    fs::File as Source,
    io::{self, Read, Seek},
    path::Path,
};

use serde::Serialize;

use super::{
    archive::{Archive, is_malformed},
    cell,
    columns::{FILES, File, Import, Kind},
    fault::{BUNDLE, Fault, FaultCode, Faults, shown},
    header::Header,
    manifest::{MANIFEST, Manifest, Mode},
    reading::{self, Cells},
    records::{Next, Record, Records},
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

/// What was in a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
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
    /// Whether everything was read. Not so when the manifest cannot be used or there were too many faults.
    pub complete: bool,
}

/// What was in one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileSummary {
    /// Its name, such as `users.csv`.
    pub file: &'static str,
    /// Whether an import takes it. Other files are looked at for their form only.
    pub imported: bool,
    /// Rows, sound or not.
    pub rows: u64,
    /// Rows with a fault; they are not handed out.
    pub faulty_rows: u64,
}

/// An opened bundle.
pub struct Bundle<R> {
    archive: Archive<R>,
    limits: Limits,
}

impl Bundle<Source> {
    /// Opens a bundle that is a file on disk.
    pub fn open_path(path: impl AsRef<Path>, limits: Limits) -> Result<Self, OpenError> {
        Self::open(Source::open(path)?, limits)
    }
}

/// A file of the bundle that is to be read.
struct Planned {
    file: &'static File,
    entry: usize,
    header: Header,
}

impl<R: Read + Seek> Bundle<R> {
    /// Opens a bundle and checks the zip: its size unpacked, its entries, their names. Nothing is unpacked yet.
    pub fn open(source: R, limits: Limits) -> Result<Self, OpenError> {
        Ok(Self { archive: Archive::open(source, &limits)?, limits })
    }

    /// Reads everything, in the order of [`FILES`]. Sound rows of imported files go to `on_row`, which can stop the reading with an
    /// error; faults go to `on_fault`: first those of the manifest, then those of all headers, then those of the rows.
    pub fn read<E: From<io::Error>>(
        &mut self,
        mut on_row: impl FnMut(Row) -> Result<(), E>,
        mut on_fault: impl FnMut(Fault),
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Summary, E> {
        let mut faults = Faults::new(&mut on_fault, self.limits.faults_alike_max, self.limits.faults_max);
        let mut summary =
            Summary { system_name: None, system_code: None, folder: self.archive.folder.clone(), files: Vec::new(), faults: 0, complete: false };
        if let Some(manifest) = self.manifest(&mut faults)? {
            summary.system_name = manifest.system_name.clone();
            summary.system_code = manifest.system_code.clone();
            let planned = self.plan(&manifest, &mut faults)?;
            let bytes_total = planned.iter().map(|planned| self.archive.size(planned.entry)).sum();
            let mut bytes_before = 0;
            summary.complete = true;
            for planned in planned {
                if faults.stopped() {
                    break;
                }
                let mut report =
                    |rows, bytes| progress(Progress { file: planned.file.file_name, rows, bytes_done: bytes_before + bytes, bytes_total });
                summary.files.push(self.file(&planned, &mut on_row, &mut faults, &mut report)?);
                faults.end_file(planned.file.file_name);
                bytes_before += self.archive.size(planned.entry);
            }
        }
        summary.complete &= !faults.stopped();
        summary.faults = faults.found();
        Ok(summary)
    }

    fn manifest(&mut self, faults: &mut Faults<'_>) -> io::Result<Option<Manifest>> {
        let Some(entry) = self.archive.find(MANIFEST) else {
            faults.push(Fault::of_file(MANIFEST, FaultCode::ManifestMissing, "There is no manifest.csv in the zip."));
            return Ok(None);
        };
        let size = self.archive.size(entry);
        let manifest = match self.archive.unpack(entry) {
            Ok(source) => Manifest::read(source, size, faults),
            Err(error) => Err(error),
        };
        let manifest = manifest.or_else(|error| corrupt(MANIFEST, error, faults).map(|()| None));
        faults.end_file(MANIFEST);
        manifest
    }

    /// Holds the manifest against what is there, and reads every header.
    fn plan(&mut self, manifest: &Manifest, faults: &mut Faults<'_>) -> io::Result<Vec<Planned>> {
        for entry in &self.archive.entries {
            let known = entry.name == MANIFEST || FILES.iter().any(|file| file.file_name == entry.name);
            if !known {
                let near = FILES.iter().find(|file| file.file_name.eq_ignore_ascii_case(&entry.name));
                let hint = near.map(|file| format!(" It may be meant as {}.", file.file_name)).unwrap_or_default();
                let detail = format!("OneRoster 1.2 has no such file.{hint}");
                faults.push(Fault::of_file(&shown(&entry.name), FaultCode::FileUnexpected, detail));
            }
        }
        let mut there = Vec::new();
        for file in &FILES {
            let entry = self.archive.find(file.file_name);
            let mut fault = |code, detail: &str| faults.push(Fault::of_file(file.file_name, code, detail));
            match (manifest.mode(file.name), entry) {
                (Some(Mode::Delta), _) => fault(FaultCode::ModeUnsupported, "The manifest calls the file a delta; only bulk files are read."),
                (Some(Mode::Absent), Some(_)) => fault(FaultCode::FileUnexpected, "The manifest calls the file absent, and it is there."),
                (Some(Mode::Bulk), None) => fault(FaultCode::FileMissing, "The manifest calls the file bulk, and it is not there."),
                (_, None) if file.import == Import::Required => fault(FaultCode::FileMissing, "An import needs the file, and it is not there."),
                (_, None) => {}
                (_, Some(entry)) => there.push((file, entry)),
            }
        }
        let mut planned = Vec::new();
        for (file, entry) in there {
            if let Some(header) = self.header(file, entry, faults)? {
                planned.push(Planned { file, entry, header });
            }
        }
        Ok(planned)
    }

    fn header(&mut self, file: &'static File, entry: usize, faults: &mut Faults<'_>) -> io::Result<Option<Header>> {
        let size = self.archive.size(entry);
        let source = match self.archive.unpack(entry) {
            Ok(source) => source,
            Err(error) => return corrupt(file.file_name, error, faults).map(|()| None),
        };
        let mut records = Records::new(source, size);
        let header = match records.next() {
            Next::Record(_) => Some(Header::read(file, records.record(), faults)),
            Next::End => {
                faults.push(Fault::of_file(file.file_name, FaultCode::HeaderMissing, "The file is empty; it must start with a header line."));
                None
            }
            end => ended_early(file.file_name, end, faults).map(|()| None)?,
        };
        faults.end_file(file.file_name);
        Ok(header)
    }

    fn file<E: From<io::Error>>(
        &mut self,
        planned: &Planned,
        on_row: &mut impl FnMut(Row) -> Result<(), E>,
        faults: &mut Faults<'_>,
        report: &mut dyn FnMut(u64, u64),
    ) -> Result<FileSummary, E> {
        let Planned { file, entry, header } = planned;
        let read = reading::reader(file);
        let mut summary = FileSummary { file: file.file_name, imported: read.is_some(), rows: 0, faulty_rows: 0 };
        let size = self.archive.size(*entry);
        let source = match self.archive.unpack(*entry) {
            Ok(source) => source,
            Err(error) => {
                corrupt(file.file_name, error, faults)?;
                return Ok(summary);
            }
        };
        let mut records = Records::new(source, size);
        // The header was read before.
        let mut next = records.next();
        loop {
            if matches!(next, Next::Record(_)) {
                next = records.next();
            }
            let line = match next {
                Next::Record(line) => line,
                Next::End => break,
                end => {
                    ended_early(file.file_name, end, faults)?;
                    report(summary.rows, size);
                    return Ok(summary);
                }
            };
            summary.rows += 1;
            let before = faults.found();
            check(file, header, records.record(), line, faults);
            match read {
                Some(read) if header.sound && faults.found() == before => {
                    if let Some(row) = take(read, file, records.record(), line, faults) {
                        on_row(row)?;
                    }
                }
                _ => {}
            }
            if faults.found() > before {
                summary.faulty_rows += 1;
            }
            if faults.stopped() {
                return Ok(summary);
            }
            if summary.rows.is_multiple_of(4096) {
                report(summary.rows, records.bytes().min(size));
            }
        }
        if summary.rows == 0 {
            let detail = "The file has no rows; leave it out and call it absent in the manifest.";
            faults.push(Fault::of_file(file.file_name, FaultCode::NoRows, detail));
        }
        report(summary.rows, size);
        Ok(summary)
    }
}

/// Checks a row: the number of cells, that they are UTF-8 and, where the file is imported, each for what it may hold.
fn check(file: &'static File, header: &Header, record: Record<'_>, line: u32, faults: &mut Faults<'_>) {
    if record.len() != header.len {
        // Cells may have moved into other columns, so none is looked at.
        let detail = format!("The row has {} cells; the header has {}.", record.len(), header.len);
        return faults.push(Fault::of_row(file.file_name, line, None, FaultCode::WrongFieldCount, detail));
    }
    if !record.is_utf8() {
        let passwords: Vec<usize> = header.columns(file).filter(|(_, column)| column.kind == Kind::Password).map(|(place, _)| place).collect();
        for place in (0..record.len()).filter(|place| !passwords.contains(place)) {
            if record.cell(place).is_some_and(|cell| std::str::from_utf8(cell).is_err()) {
                faults.push(Fault::of_row(
                    file.file_name,
                    line,
                    header.name(place),
                    FaultCode::NotUtf8,
                    "The cell is not UTF-8; export the file as UTF-8.",
                ));
            }
        }
    }
    if file.import == Import::No {
        return;
    }
    for (place, column) in header.columns(file) {
        let Some(Ok(cell)) = record.cell(place).map(std::str::from_utf8) else { continue };
        if let Err((code, detail)) = cell::check(file, column, cell) {
            faults.push(Fault::of_row(file.file_name, line, Some(column.name), code, detail));
        }
    }
}

/// Takes a row whose cells were found sound.
fn take(read: reading::Read, file: &'static File, record: Record<'_>, line: u32, faults: &mut Faults<'_>) -> Option<Row> {
    let fault = match read(&mut Cells::new(record, file), line) {
        Ok(row) => match reading::contradiction(&row) {
            None => return Some(row),
            Some((column, code, detail)) => Fault::of_row(file.file_name, line, Some(column), code, detail),
        },
        // The checks let pass what the type does not: a defect of ours, and still no reason to import half a row.
        Err(column) => Fault::of_row(file.file_name, line, Some(column), FaultCode::BadEnum, "The cell could not be read."),
    };
    faults.push(fault);
    None
}

/// Says why a file could not be read to its end. An error of the disk is handed on.
fn ended_early(file: &str, end: Next, faults: &mut Faults<'_>) -> io::Result<()> {
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
fn corrupt(file: &str, error: io::Error, faults: &mut Faults<'_>) -> io::Result<()> {
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
