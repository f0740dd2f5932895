//! What is to be read of a bundle: the manifest held against what is in the zip, and every header.

use std::io::{self, Read, Seek};

use openilp_domain::roster::ReadingMode;

use super::{
    bundle::{Bundle, Coming, corrupt, ended_early},
    columns::{FILES, File, Import, SCHOOL_DATA_SYNC, SUPPLEMENT, Version},
    fault::{Fault, FaultCode, Faults, shown},
    header::Header,
    manifest::{self, MANIFEST, Manifest, Mode},
    records::{Next, Record, Records},
    repair::{self, Repairs},
};

/// A file of the bundle that is to be read.
pub(super) struct Planned {
    pub(super) file: &'static File,
    pub(super) entry: usize,
    pub(super) header: Header,
    pub(super) coming: Coming,
    pub(super) manifest_made: bool,
    pub(super) guarded: bool,
}

/// Endings of files that hold files.
const PACKED: [&str; 8] = [".zip", ".7z", ".gz", ".tgz", ".bz2", ".xz", ".rar", ".tar"];

/// The names of all files that a zip may hold.
pub(super) fn names() -> Vec<&'static str> {
    FILES.iter().chain(&SUPPLEMENT).chain(&SCHOOL_DATA_SYNC).map(|file| file.file_name).chain([MANIFEST]).collect()
}

impl<R: Read + Seek> Bundle<R> {
    pub(super) fn manifest(&mut self, faults: &mut Faults<'_>, repairs: &mut Repairs) -> io::Result<Option<Manifest>> {
        let version = if self.mode == ReadingMode::Tolerant { self.version()? } else { Version::V1p2 };
        let there: Vec<String> = self.archive.entries.iter().map(|entry| entry.name.clone()).collect();
        let reading = manifest::Reading { mode: self.mode, version, there: &there, faults: &mut *faults, repairs };
        let Some(entry) = self.archive.find(MANIFEST) else {
            if self.mode == ReadingMode::Tolerant {
                return Ok(Some(reading.made()));
            }
            reading.faults.push(Fault::of_file(MANIFEST, FaultCode::ManifestMissing, "There is no manifest.csv in the zip."));
            return Ok(None);
        };
        let size = self.archive.size(entry);
        let manifest = match self.archive.unpack(entry) {
            Ok(source) => reading.read(source, size),
            Err(error) => Err(error),
        };
        let manifest = manifest.or_else(|error| corrupt(MANIFEST, error, faults).map(|()| None));
        faults.end_file(MANIFEST);
        manifest
    }

    /// The version of a bundle whose manifest does not say: in 1.1 users have roles.
    fn version(&mut self) -> io::Result<Version> {
        let Some(entry) = self.archive.find("users.csv") else { return Ok(Version::V1p2) };
        let (size, mode) = (self.archive.size(entry), self.mode);
        // What cannot be unpacked is named when the file is read.
        let Ok(source) = self.archive.unpack(entry) else { return Ok(Version::V1p2) };
        let mut records = Records::new(source, size, mode);
        let Next::Record(_) = records.next() else { return Ok(Version::V1p2) };
        let has = |name: &str| cells(records.record()).any(|cell| cell.trim_ascii().eq_ignore_ascii_case(name.as_bytes()));
        Ok(if has("role") && has("orgSourcedIds") { Version::V1p1 } else { Version::V1p2 })
    }

    /// Holds the manifest against what is there, and reads every header.
    pub(super) fn plan(&mut self, manifest: &Manifest, faults: &mut Faults<'_>, repairs: &mut Repairs) -> io::Result<Vec<Planned>> {
        let known = names();
        for entry in &self.archive.entries {
            if !known.contains(&entry.name.as_str()) {
                faults.push(unknown(&entry.name, &known));
            }
        }
        let mut there = Vec::new();
        let files = manifest.version.files();
        for file in files {
            let entry = self.archive.find(file.file_name);
            let needed = file.import == Import::Required && !manifest.has_delta();
            let mut fault = |code, detail: &str| faults.push(Fault::of_file(file.file_name, code, detail));
            match (manifest.mode(file.name), entry) {
                // Said already, of the file that these rows are made of.
                _ if file.is_derived() => there.extend(entry.map(|entry| (file, entry, manifest.mode(file.name)))),
                (Some(Mode::Absent), Some(_)) => fault(FaultCode::FileUnexpected, "The manifest calls the file absent, and it is there."),
                (Some(Mode::There(_)), None) => fault(FaultCode::FileMissing, "The manifest announces the file, and it is not there."),
                (_, None) if needed => fault(FaultCode::FileMissing, "An import needs the file, and it is not there."),
                (_, None) => {}
                (mode, Some(entry)) => there.push((file, entry, mode)),
            }
        }
        for file in FILES.iter().filter(|file| !files.iter().any(|known| known.file_name == file.file_name)) {
            if self.archive.find(file.file_name).is_some() {
                let detail = format!("OneRoster {} has no such file.", manifest.version.name());
                faults.push(Fault::of_file(file.file_name, FaultCode::FileUnexpected, detail));
            }
        }
        for file in &SUPPLEMENT {
            let mut fault = |code, detail: &str| faults.push(Fault::of_file(file.file_name, code, detail));
            match (manifest.mode(file.name), self.archive.find(file.file_name)) {
                (Some(Mode::Absent), Some(_)) => fault(FaultCode::FileUnexpected, "The manifest calls the file absent, and it is there."),
                (None, Some(_)) => {
                    let detail = format!("The manifest does not announce the file; it needs a line {}.", file.name);
                    fault(FaultCode::FileUnexpected, &detail);
                }
                (Some(Mode::There(_)), None) => fault(FaultCode::FileMissing, "The manifest announces the file, and it is not there."),
                (_, None) => {}
                (mode, Some(entry)) => there.push((file, entry, mode)),
            }
        }
        there.extend(SCHOOL_DATA_SYNC.iter().filter_map(|file| Some((file, self.archive.find(file.file_name)?, None))));
        let mut planned = Vec::new();
        for (file, entry, mode) in there {
            let coming = if mode == Some(Mode::There(Coming::Delta)) { Coming::Delta } else { Coming::Bulk };
            if let Some(header) = self.header(file, entry, coming, faults, repairs)? {
                planned.push(Planned { file, entry, header, coming, manifest_made: manifest.made, guarded: manifest.guarded });
            }
        }
        Ok(planned)
    }

    fn header(
        &mut self,
        file: &'static File,
        entry: usize,
        coming: Coming,
        faults: &mut Faults<'_>,
        repairs: &mut Repairs,
    ) -> io::Result<Option<Header>> {
        let (size, mode) = (self.archive.size(entry), self.mode);
        let source = match self.archive.unpack(entry) {
            Ok(source) => source,
            Err(error) => return corrupt(file.file_name, error, faults).map(|()| None),
        };
        let mut records = Records::new(source, size, mode);
        repairs.begin_file();
        let mut fault = |code, detail: &str| faults.push(Fault::of_file(file.file_name, code, detail));
        let header = match records.next() {
            Next::Record(_) if records.is_utf16() => {
                fault(FaultCode::NotUtf8, "The file is UTF-16, as it seems; export it as UTF-8.");
                None
            }
            Next::Record(_) if records.has_cr_alone() && mode == ReadingMode::Strict => {
                fault(FaultCode::LineEnds, "Lines of the file end with CR alone; they must end with CRLF or LF.");
                None
            }
            // What was said of the header of users.csv is not said again for the roles that are made of it.
            Next::Record(_) if file.is_derived() => {
                let mut quiet = |_: Fault| {};
                let mut quiet = Faults::new(&mut quiet, 0, u64::MAX);
                Some(Header::read(file, coming, mode, records.record(), &mut quiet, &mut Repairs::default()))
            }
            Next::Record(_) => Some(Header::read(file, coming, mode, records.record(), faults, repairs)),
            Next::End => {
                fault(FaultCode::HeaderMissing, "The file is empty; it must start with a header line.");
                None
            }
            end => ended_early(file.file_name, end, faults).map(|()| None)?,
        };
        faults.end_file(file.file_name);
        Ok(header)
    }
}

/// What is said of a file that does not belong in a bundle.
fn unknown(name: &str, known: &[&'static str]) -> Fault {
    let lower = name.to_ascii_lowercase();
    if PACKED.iter().any(|ending| lower.ends_with(ending)) {
        return Fault::of_file(&shown(name), FaultCode::ZipNested, "The zip holds another packed file; put the CSV files into one zip.");
    }
    let near = repair::like(known.iter().copied(), name);
    let hint = near.map(|file| format!(" It may be meant as {file}.")).unwrap_or_default();
    let origin = if name.starts_with("ilp.") { "The supplement" } else { "OneRoster 1.2" };
    Fault::of_file(&shown(name), FaultCode::FileUnexpected, format!("{origin} has no such file.{hint}"))
}

/// The cells of a record.
fn cells(record: Record<'_>) -> impl Iterator<Item = &[u8]> {
    (0..record.len()).filter_map(move |place| record.cell(place))
}
