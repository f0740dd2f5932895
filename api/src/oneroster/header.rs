//! The header line of a file: which column stands where.

use openilp_domain::roster::ReadingMode;

use super::{
    bundle::Coming,
    columns::{Column, File, Kind},
    fault::{Fault, FaultCode, Faults, shown},
    records::Record,
    repair::{self, RepairCode, Repairs},
};

/// Longer headers are no headers; the rest of one is not looked at.
const COLUMNS_MAX: usize = 200;

/// The columns of a file as they stand.
pub(super) struct Header {
    /// How many cells each row must have.
    pub(super) len: usize,
    /// For each column of the standard: its place, if it is there.
    places: Vec<Option<usize>>,
    /// Whether every column stands where the standard has it, or could be brought there, so that rows can be taken. Where not, cells
    /// are still checked.
    pub(super) sound: bool,
    /// The names as they stand, shortened.
    names: Vec<String>,
}

/// A header being read.
struct Reading<'r, 'f> {
    file: &'static File,
    tolerant: bool,
    faults: &'r mut Faults<'f>,
    repairs: &'r mut Repairs,
}

impl Reading<'_, '_> {
    fn fault(&mut self, column: &str, code: FaultCode, detail: String) {
        self.faults.push(Fault::of_row(self.file.file_name, 1, Some(column), code, detail));
    }

    fn repair(&mut self, column: &str, code: RepairCode, change: Option<(&str, &str)>) {
        self.repairs.push(self.file.file_name, 1, Some(column), code, change);
    }

    /// The column that a name means.
    fn column(&mut self, name: &str) -> Option<usize> {
        let columns = self.file.columns;
        let at = |name: &str| columns.iter().position(|column| column.name == name);
        let found = at(name);
        if found.is_some() || !self.tolerant {
            return found;
        }
        let (meant, code) = match repair::like(columns.iter().map(|column| column.name), name) {
            Some(meant) => (meant, RepairCode::HeaderCase),
            None => (repair::misspelt(name.trim())?, RepairCode::HeaderMisspelt),
        };
        let found = at(meant)?;
        self.repair(meant, code, Some((name, meant)));
        Some(found)
    }

    /// A name that is not that of a column.
    fn unknown(&mut self, place: usize, name: &str, label: &str) {
        let behind = place >= self.file.columns.len();
        if is_metadata(name) && behind {
            return;
        }
        if self.tolerant && repair::is_of_vendor(name) {
            return self.repair(label, RepairCode::ColumnPassedOver, None);
        }
        if is_metadata(name) {
            return self.fault(label, FaultCode::HeaderWrong, "Columns named metadata.* must stand after the last column of the standard.".into());
        }
        let near = repair::like(self.file.columns.iter().map(|column| column.name), name).or_else(|| repair::misspelt(name.trim()));
        let hint = match near {
            Some(column) => format!(" It may be meant as {column}."),
            None if self.file.name == "users" && matches!(name, "orgSourcedIds" | "role") => {
                " It is a column of 1.1; 1.2 has roles.csv instead.".into()
            }
            None => String::new(),
        };
        let origin = if self.file.name.starts_with("ilp.") { "the supplement" } else { "OneRoster 1.2" };
        self.fault(label, FaultCode::HeaderUnknownColumn, format!("{} has no such column in {origin}.{hint}", self.file.file_name));
    }

    /// Columns that are not there.
    fn missing(&mut self, places: &[Option<usize>], coming: Coming) {
        let missing: Vec<&Column> = self.file.columns.iter().zip(places).filter(|(_, place)| place.is_none()).map(|(column, _)| column).collect();
        for column in missing {
            let needed = column.required || coming == Coming::Delta && matches!(column.kind, Kind::Status | Kind::Modified);
            if self.tolerant && !needed {
                self.repair(column.name, RepairCode::ColumnAdded, None);
                continue;
            }
            let blank = if needed { "" } else { ", even if all its cells are blank" };
            self.fault(column.name, FaultCode::HeaderMissingColumn, format!("The column {} must be there{blank}.", column.name));
        }
    }

    /// Columns that stand elsewhere than they should.
    fn order(&mut self, places: &[Option<usize>]) {
        let order: Vec<usize> = places.iter().copied().flatten().collect();
        let there = self.file.columns.iter().zip(places).filter(|(_, place)| place.is_some());
        let misplaced = there.zip(order.windows(2)).find(|(_, pair)| matches!(pair, [a, b] if a > b)).map(|((column, _), _)| column.name);
        match misplaced {
            Some(column) if self.tolerant => self.repair(column, RepairCode::ColumnOrder, None),
            Some(column) => {
                let detail = format!("The columns must be in the order of the standard; {column} stands too far back.");
                self.fault(column, FaultCode::HeaderWrong, detail);
            }
            None => {}
        }
    }
}

impl Header {
    /// The header that the standard has.
    pub(super) fn standard(file: &'static File) -> Self {
        let len = file.columns.len();
        Self { len, places: (0..len).map(Some).collect(), sound: true, names: file.columns.iter().map(|column| column.name.to_owned()).collect() }
    }

    /// Reads the first line of a file and names every fault of it.
    pub(super) fn read(
        file: &'static File,
        coming: Coming,
        mode: ReadingMode,
        record: Record<'_>,
        faults: &mut Faults<'_>,
        repairs: &mut Repairs,
    ) -> Self {
        let before = faults.found();
        let mut reading = Reading { file, tolerant: mode == ReadingMode::Tolerant, faults, repairs };
        let mut places = vec![None; file.columns.len()];
        let mut names = Vec::new();
        for place in 0..record.len().min(COLUMNS_MAX) {
            let name = record.cell(place).map(String::from_utf8_lossy).unwrap_or_default();
            let label = shown(&name);
            match reading.column(&name).and_then(|at| places.get_mut(at)) {
                Some(free @ None) => *free = Some(place),
                Some(Some(_)) => reading.fault(&label, FaultCode::HeaderRepeatedColumn, "The column is there twice.".into()),
                None => reading.unknown(place, &name, &label),
            }
            names.push(label);
        }
        if record.len() > COLUMNS_MAX {
            let detail = format!("The header has {} columns; the rest is not looked at.", record.len());
            reading.fault("…", FaultCode::HeaderUnknownColumn, detail);
        }
        reading.missing(&places, coming);
        reading.order(&places);
        Self { len: record.len(), places, sound: faults.found() == before, names }
    }

    /// The columns of the standard that are there, each with its number and its place.
    pub(super) fn columns<'a>(&'a self, file: &'static File) -> impl Iterator<Item = (usize, usize, &'static Column)> + use<'a> {
        self.places.iter().zip(file.columns).enumerate().filter_map(|(at, (place, column))| place.map(|place| (at, place, column)))
    }

    /// Where a column stands, by its number in the standard.
    pub(super) fn place(&self, column: usize) -> Option<usize> {
        self.places.get(column).copied().flatten()
    }

    /// What stands in the header at a place.
    pub(super) fn name(&self, place: usize) -> Option<&str> {
        self.names.get(place).map(String::as_str)
    }
}

/// A column of the sender's own, which is passed over.
fn is_metadata(name: &str) -> bool {
    name.strip_prefix("metadata.").is_some_and(|own| !own.is_empty())
}
