//! `manifest.csv`: the version, and which files are there and how.

use std::io::Read;

use openilp_domain::roster::ReadingMode;

use super::{
    bundle::Coming,
    columns::{File, SUPPLEMENT, Version},
    fault::{Fault, FaultCode, Faults, shown},
    guard,
    records::{Next, Records},
    repair::{self, RepairCode, Repairs},
};

/// The name of the manifest in the zip.
pub(super) const MANIFEST: &str = "manifest.csv";

const MANIFEST_VERSION: &str = "manifest.version";
const ONEROSTER_VERSION: &str = "oneroster.version";
/// The version of the supplement. Where its files are, the manifest has this line.
pub(super) const SUPPLEMENT_VERSION: (&str, &str) = ("ilp.version", "1.0");

/// How a file is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Absent,
    There(Coming),
}

/// What a manifest says.
#[derive(Debug)]
pub(super) struct Manifest {
    pub(super) version: Version,
    modes: Vec<(&'static str, Mode)>,
    pub(super) system_name: Option<String>,
    pub(super) system_code: Option<String>,
    /// Whether cells are guarded against spreadsheets.
    pub(super) guarded: bool,
    /// Whether there is none, and this one was made of the files that are there.
    pub(super) made: bool,
}

/// A line of the manifest.
type Line = (u32, String, String);

/// What reads a manifest has at hand.
pub(super) struct Reading<'r, 'f> {
    pub(super) mode: ReadingMode,
    /// The version of a bundle whose manifest does not say.
    pub(super) version: Version,
    /// The files in the zip.
    pub(super) there: &'r [String],
    pub(super) faults: &'r mut Faults<'f>,
    pub(super) repairs: &'r mut Repairs,
}

impl Manifest {
    /// How a file is there; `None` where the manifest does not say.
    pub(super) fn mode(&self, file: &str) -> Option<Mode> {
        self.modes.iter().find(|(name, _)| *name == file).map(|(_, mode)| *mode)
    }

    /// Whether any file is a delta.
    pub(super) fn has_delta(&self) -> bool {
        self.modes.iter().any(|(_, mode)| *mode == Mode::There(Coming::Delta))
    }

    fn empty(version: Version) -> Self {
        Self { version, modes: Vec::new(), system_name: None, system_code: None, guarded: false, made: false }
    }
}

impl Reading<'_, '_> {
    fn tolerant(&self) -> bool {
        self.mode == ReadingMode::Tolerant
    }

    fn fault(&mut self, row: u32, column: Option<&str>, code: FaultCode, detail: impl Into<String>) {
        self.faults.push(Fault::of_row(MANIFEST, row, column, code, detail));
    }

    fn repair(&mut self, row: u32, code: RepairCode, change: Option<(&str, &str)>) {
        let column = (row > 0).then_some("value");
        self.repairs.push(MANIFEST, row, column, code, change);
    }

    /// What a zip without a manifest is taken for: all files that are there are bulk.
    pub(super) fn made(mut self) -> Manifest {
        self.repair(0, RepairCode::ManifestMade, None);
        let mut manifest = Manifest { made: true, ..Manifest::empty(self.version) };
        self.note_version(0, manifest.version);
        for file in self.version.files().iter().chain(&SUPPLEMENT) {
            let mode = if self.is_there(file) { Mode::There(Coming::Bulk) } else { Mode::Absent };
            manifest.modes.push((file.name, mode));
        }
        manifest
    }

    /// Reads the manifest. `None`: it is not one, and there is no use in reading on.
    pub(super) fn read(mut self, source: impl Read, size: u64) -> std::io::Result<Option<Manifest>> {
        let Some(lines) = self.lines(source, size)? else { return Ok(None) };
        let mut manifest = Manifest::empty(Version::V1p2);
        let mut seen: Vec<&str> = Vec::new();
        // The version comes first, wherever it stands: it says which files there are.
        if self.tolerant() {
            let line = lines.iter().find(|(_, property, _)| property == ONEROSTER_VERSION);
            let said = line.map(|(row, _, value)| (*row, repair::version(value)));
            manifest.version = match said {
                Some((_, Some("1.1"))) => Version::V1p1,
                Some(_) => Version::V1p2,
                None => self.version,
            };
            self.note_version(said.map_or(0, |(row, _)| row), manifest.version);
        }
        for (row, property, value) in &lines {
            self.line(&mut manifest, *row, property, value, &mut seen);
            if self.faults.stopped() {
                return Ok(None);
            }
        }
        self.missing(&mut manifest, &seen);
        Ok(Some(manifest))
    }

    /// Says that a bundle of 1.1 is read as one.
    fn note_version(&mut self, row: u32, version: Version) {
        if version == Version::V1p1 {
            self.repair(row, RepairCode::VersionOneOne, Some(("1.1", "1.2")));
        }
    }

    fn is_there(&self, file: &File) -> bool {
        self.there.iter().any(|name| name == file.file_name)
    }

    fn lines(&mut self, source: impl Read, size: u64) -> std::io::Result<Option<Vec<Line>>> {
        let mut records = Records::new(source, size, self.mode);
        match records.next() {
            Next::Record(_) if self.is_header(cells(&records)) => {}
            Next::Broken(error) => return Err(error),
            _ => {
                self.fault(1, None, FaultCode::ManifestMalformed, "The first line of the manifest must be propertyName,value.");
                return Ok(None);
            }
        }
        let mut lines = Vec::new();
        loop {
            match records.next() {
                Next::Record(row) => match cells(&records) {
                    Some((property, value)) => {
                        let (property, value) = self.trimmed(row, property, value);
                        lines.push((row, property, value));
                    }
                    None => self.fault(row, None, FaultCode::ManifestMalformed, "A line of the manifest is a property and a value, in UTF-8."),
                },
                Next::End => break,
                Next::Broken(error) => return Err(error),
                Next::TooLong(row) => {
                    self.fault(row, None, FaultCode::RowTooLong, "The line does not end; a quote may not be closed.");
                    return Ok(None);
                }
                Next::FalseSize => {
                    self.faults.push(Fault::of_file(MANIFEST, FaultCode::ZipBomb, "The manifest is longer than the zip says."));
                    return Ok(None);
                }
            }
            if self.faults.stopped() {
                return Ok(None);
            }
        }
        records.note_form(MANIFEST, self.mode, self.repairs);
        Ok(Some(lines))
    }

    fn is_header(&mut self, cells: Option<(&str, &str)>) -> bool {
        let Some((property, value)) = cells else { return false };
        if (property, value) == ("propertyName", "value") {
            return true;
        }
        let alike = self.tolerant() && property.trim().eq_ignore_ascii_case("propertyName") && value.trim().eq_ignore_ascii_case("value");
        if alike {
            self.repair(1, RepairCode::HeaderCase, Some((property, "propertyName")));
        }
        alike
    }

    fn trimmed(&mut self, row: u32, property: &str, value: &str) -> (String, String) {
        let trimmed = (property.trim(), value.trim());
        if !self.tolerant() || trimmed == (property, value) {
            return (property.to_owned(), value.to_owned());
        }
        self.repair(row, RepairCode::ManifestValueMended, Some((value, trimmed.1)));
        (trimmed.0.to_owned(), trimmed.1.to_owned())
    }

    fn line<'l>(&mut self, manifest: &mut Manifest, row: u32, property: &'l str, value: &str, seen: &mut Vec<&'l str>) {
        let supplement = SUPPLEMENT.iter().find(|file| file.name == property);
        let of_standard = property.strip_prefix("file.").map(|name| manifest.version.files().iter().find(|file| file.name == name));
        if matches!(of_standard, Some(None)) {
            let of_1_2 = Version::V1p2.files().iter().any(|file| property.strip_prefix("file.") == Some(file.name));
            if manifest.version == Version::V1p1 && of_1_2 && value == "absent" {
                return;
            }
            let detail = format!("OneRoster {} has no file {}.", manifest.version.name(), shown(property.trim_start_matches("file.")));
            return self.fault(row, Some("propertyName"), FaultCode::ManifestLineUnknown, detail);
        }
        if property.starts_with("ilp.") && supplement.is_none() && ![SUPPLEMENT_VERSION.0, guard::PROPERTY.0].contains(&property) {
            let detail = format!("The supplement has no {}.", shown(property));
            return self.fault(row, Some("propertyName"), FaultCode::ManifestLineUnknown, detail);
        }
        let file = supplement.or(of_standard.flatten());
        let known = file.is_some() || [MANIFEST_VERSION, ONEROSTER_VERSION, SUPPLEMENT_VERSION.0, guard::PROPERTY.0].contains(&property);
        if known && seen.contains(&property) {
            let detail = format!("The line {} is there twice.", shown(property));
            return self.fault(row, Some("propertyName"), FaultCode::ManifestLineRepeated, detail);
        }
        seen.push(property);
        match (file, property) {
            (Some(file), _) => {
                if let Some(mode) = self.file_mode(row, value) {
                    manifest.modes.push((file.name, mode));
                }
            }
            (None, ONEROSTER_VERSION) => self.version_line(row, value),
            (None, MANIFEST_VERSION) => self.exactly(row, property, "1.0", value),
            (None, "ilp.version") => self.exactly(row, property, SUPPLEMENT_VERSION.1, value),
            (None, "ilp.cellGuard") => {
                self.exactly(row, property, guard::PROPERTY.1, value);
                manifest.guarded = value == guard::PROPERTY.1;
            }
            (None, "source.systemName") => manifest.system_name = kept(value),
            (None, "source.systemCode") => manifest.system_code = kept(value),
            // Further properties are the sender's own.
            (None, _) => {}
        }
    }

    fn version_line(&mut self, row: u32, value: &str) {
        let meant = if self.tolerant() { repair::version(value) } else { None };
        match meant {
            Some(meant) if meant == value => {}
            Some(meant) => self.repair(row, RepairCode::ManifestValueMended, Some((value, meant))),
            None if value == "1.2" => {}
            None => {
                let detail = format!("{ONEROSTER_VERSION} must be 1.2; it is {}.", shown(value));
                self.fault(row, Some("value"), FaultCode::VersionUnsupported, detail);
            }
        }
    }

    fn exactly(&mut self, row: u32, property: &str, wanted: &str, value: &str) {
        if value != wanted {
            let detail = format!("{property} must be {wanted}; it is {}.", shown(value));
            self.fault(row, Some("value"), FaultCode::ManifestValueWrong, detail);
        }
    }

    fn file_mode(&mut self, row: u32, value: &str) -> Option<Mode> {
        let words = ["absent", "bulk", "delta"];
        let word = match repair::like(words, value) {
            Some(word) if word == value => word,
            Some(word) if self.tolerant() => {
                self.repair(row, RepairCode::ManifestValueMended, Some((value, word)));
                word
            }
            _ => {
                let detail = format!("A file is absent, bulk or delta, not {}.", shown(value));
                self.fault(row, Some("value"), FaultCode::ManifestValueWrong, detail);
                return None;
            }
        };
        Some(match word {
            "absent" => Mode::Absent,
            "bulk" => Mode::There(Coming::Bulk),
            _ => Mode::There(Coming::Delta),
        })
    }

    /// Lines that must be there and are not. Of files the tolerant reader takes that are absent for absent, and those that are there
    /// for bulk, if all others are bulk.
    fn missing(&mut self, manifest: &mut Manifest, seen: &[&str]) {
        for property in [MANIFEST_VERSION, ONEROSTER_VERSION].into_iter().filter(|property| !seen.contains(property)) {
            self.line_missing(property, self.tolerant());
        }
        let has_delta = manifest.has_delta();
        for file in manifest.version.files().iter().chain(&SUPPLEMENT) {
            let of_supplement = file.name.starts_with("ilp.");
            let property = if of_supplement { file.name.to_owned() } else { format!("file.{}", file.name) };
            let there = self.is_there(file);
            if seen.contains(&property.as_str()) || file.is_derived() || of_supplement && !there {
                continue;
            }
            let mendable = self.tolerant() && !(there && has_delta);
            self.line_missing(&property, mendable);
            if mendable {
                manifest.modes.push((file.name, if there { Mode::There(Coming::Bulk) } else { Mode::Absent }));
            }
        }
        let supplied = SUPPLEMENT.iter().any(|file| self.is_there(file));
        if supplied && !seen.contains(&SUPPLEMENT_VERSION.0) {
            self.line_missing(SUPPLEMENT_VERSION.0, self.tolerant());
        }
    }

    fn line_missing(&mut self, property: &str, mendable: bool) {
        if mendable {
            return self.repairs.push(MANIFEST, 0, Some(property), RepairCode::ManifestLineAdded, None);
        }
        self.faults.push(Fault::of_file(MANIFEST, FaultCode::ManifestLineMissing, format!("The line {property} is missing.")));
    }
}

/// A name that is fit to be kept.
fn kept(value: &str) -> Option<String> {
    let value = guard::unguarded(value);
    let sound = (1..=255).contains(&value.chars().count()) && !value.chars().any(char::is_control);
    sound.then(|| value.into_owned())
}

/// Property and value of the record at hand.
fn cells<R: Read>(records: &Records<R>) -> Option<(&str, &str)> {
    let record = records.record();
    if record.len() != 2 {
        return None;
    }
    Some((std::str::from_utf8(record.cell(0)?).ok()?, std::str::from_utf8(record.cell(1)?).ok()?))
}
