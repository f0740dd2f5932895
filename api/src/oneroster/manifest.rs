//! `manifest.csv`: the version, and which of the 21 files are there and how.

use std::io::Read;

use super::{
    columns::FILES,
    fault::{Fault, FaultCode, Faults, shown},
    records::{Next, Records},
};

/// The name of the manifest in the zip.
pub(super) const MANIFEST: &str = "manifest.csv";

/// The lines that a manifest must have, beside one for each file.
const VERSIONS: [(&str, &str); 2] = [("manifest.version", "1.0"), ("oneroster.version", "1.2")];

/// How a file is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Absent,
    Bulk,
    Delta,
}

/// What a manifest says.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    modes: Vec<(&'static str, Mode)>,
    pub(super) system_name: Option<String>,
    pub(super) system_code: Option<String>,
}

impl Manifest {
    /// How a file is there; `None` where the manifest does not say.
    pub(super) fn mode(&self, file: &str) -> Option<Mode> {
        self.modes.iter().find(|(name, _)| *name == file).map(|(_, mode)| *mode)
    }

    /// Reads the manifest. `None`: it is not one, and there is no use in reading on.
    pub(super) fn read(source: impl Read, size: u64, faults: &mut Faults<'_>) -> std::io::Result<Option<Self>> {
        let mut records = Records::new(source, size);
        let mut manifest = Self::default();
        let mut seen: Vec<&'static str> = Vec::new();
        let mut malformed = |row: u32, detail: &str| faults.push(Fault::of_row(MANIFEST, row, None, FaultCode::ManifestMalformed, detail));
        match records.next() {
            Next::Record(_) if cells(&records) == Some(("propertyName", "value")) => {}
            Next::Broken(error) => return Err(error),
            _ => {
                malformed(1, "The first line of the manifest must be propertyName,value.");
                return Ok(None);
            }
        }
        loop {
            let row = match records.next() {
                Next::Record(row) => row,
                Next::End => break,
                Next::Broken(error) => return Err(error),
                Next::TooLong(row) => {
                    faults.push(Fault::of_row(MANIFEST, row, None, FaultCode::RowTooLong, "The line does not end; a quote may not be closed."));
                    return Ok(None);
                }
                Next::FalseSize => {
                    faults.push(Fault::of_file(MANIFEST, FaultCode::ZipBomb, "The manifest is longer than the zip says."));
                    return Ok(None);
                }
            };
            match cells(&records) {
                Some((property, value)) => manifest.line(row, property, value, &mut seen, faults),
                None => faults.push(Fault::of_row(
                    MANIFEST,
                    row,
                    None,
                    FaultCode::ManifestMalformed,
                    "A line of the manifest is a property and a value, in UTF-8.",
                )),
            }
            if faults.stopped() {
                return Ok(None);
            }
        }
        let wanted = VERSIONS.iter().map(|(property, _)| *property).chain(FILES.iter().map(|file| file.name));
        for name in wanted.filter(|name| !seen.contains(name)) {
            let property = if VERSIONS.iter().any(|(property, _)| *property == name) { name.to_owned() } else { format!("file.{name}") };
            faults.push(Fault::of_file(MANIFEST, FaultCode::ManifestLineMissing, format!("The line {property} is missing.")));
        }
        Ok(Some(manifest))
    }

    fn line(&mut self, row: u32, property: &str, value: &str, seen: &mut Vec<&'static str>, faults: &mut Faults<'_>) {
        let mut fault = |column: &str, code, detail: String| faults.push(Fault::of_row(MANIFEST, row, Some(column), code, detail));
        let known = match property.strip_prefix("file.") {
            Some(name) => match FILES.iter().find(|file| file.name == name) {
                Some(file) => file.name,
                None => return fault("propertyName", FaultCode::ManifestLineUnknown, format!("OneRoster 1.2 has no file {}.", shown(name))),
            },
            None => match VERSIONS.iter().find(|(known, _)| *known == property) {
                Some((known, _)) => known,
                None => {
                    let kept = (1..=255).contains(&value.chars().count()) && !value.chars().any(char::is_control);
                    match property {
                        "source.systemName" if kept => self.system_name = Some(value.to_owned()),
                        "source.systemCode" if kept => self.system_code = Some(value.to_owned()),
                        // Further properties are the sender's own.
                        _ => {}
                    }
                    return;
                }
            },
        };
        if seen.contains(&known) {
            return fault("propertyName", FaultCode::ManifestLineRepeated, format!("The line {} is there twice.", shown(property)));
        }
        seen.push(known);
        if let Some((_, wanted)) = VERSIONS.iter().find(|(version, _)| *version == known) {
            if value == *wanted {
                return;
            }
            let code = if known == "oneroster.version" { FaultCode::VersionUnsupported } else { FaultCode::ManifestValueWrong };
            return fault("value", code, format!("{known} must be {wanted}; it is {}.", shown(value)));
        }
        let mode = match value {
            "absent" => Mode::Absent,
            "bulk" => Mode::Bulk,
            "delta" => Mode::Delta,
            _ => return fault("value", FaultCode::ManifestValueWrong, format!("A file is absent, bulk or delta, not {}.", shown(value))),
        };
        self.modes.push((known, mode));
    }
}

/// Property and value of the record at hand.
fn cells<R: Read>(records: &Records<R>) -> Option<(&str, &str)> {
    let record = records.record();
    if record.len() != 2 {
        return None;
    }
    Some((std::str::from_utf8(record.cell(0)?).ok()?, std::str::from_utf8(record.cell(1)?).ok()?))
}
