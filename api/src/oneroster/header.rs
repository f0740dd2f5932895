//! The header line of a file: which column stands where.

use super::{
    columns::{Column, File},
    fault::{Fault, FaultCode, Faults, shown},
    records::Record,
};

/// Longer headers are no headers; the rest of one is not looked at.
const COLUMNS_MAX: usize = 200;

/// The columns of a file as they stand.
pub(super) struct Header {
    /// How many cells each row must have.
    pub(super) len: usize,
    /// For each column of the standard: its place, if it is there.
    places: Vec<Option<usize>>,
    /// Whether every column stands where the standard has it, so that rows can be taken. Where not, cells are still checked.
    pub(super) sound: bool,
    /// The names as they stand, shortened.
    names: Vec<String>,
}

impl Header {
    /// Reads the first line of a file and names every fault of it.
    pub(super) fn read(file: &'static File, record: Record<'_>, faults: &mut Faults<'_>) -> Self {
        let before = faults.found();
        let mut fault = |column: &str, code, detail: String| faults.push(Fault::of_row(file.file_name, 1, Some(column), code, detail));
        let mut places = vec![None; file.columns.len()];
        let mut names = Vec::new();
        for place in 0..record.len().min(COLUMNS_MAX) {
            let name = record.cell(place).map(String::from_utf8_lossy).unwrap_or_default();
            let label = shown(&name);
            match file.columns.iter().position(|column| column.name == name).and_then(|at| places.get_mut(at)) {
                Some(free @ None) => *free = Some(place),
                Some(Some(_)) => fault(&label, FaultCode::HeaderRepeatedColumn, "The column is there twice.".into()),
                None if is_metadata(&name) => {
                    if place < file.columns.len() {
                        fault(&label, FaultCode::HeaderWrong, "Columns named metadata.* must stand after the last column of the standard.".into());
                    }
                }
                None => {
                    let near = file.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name.trim()));
                    let hint = match near {
                        Some(column) => format!(" It may be meant as {}.", column.name),
                        None if file.name == "users" && matches!(name.as_ref(), "orgSourcedIds" | "role") => {
                            " It is a column of 1.1; 1.2 has roles.csv instead.".into()
                        }
                        None => String::new(),
                    };
                    fault(&label, FaultCode::HeaderUnknownColumn, format!("{} has no such column in OneRoster 1.2.{hint}", file.file_name));
                }
            }
            names.push(label);
        }
        if record.len() > COLUMNS_MAX {
            fault("…", FaultCode::HeaderUnknownColumn, format!("The header has {} columns; the rest is not looked at.", record.len()));
        }
        for (column, place) in file.columns.iter().zip(&places) {
            if place.is_none() {
                let blank = if column.required { "" } else { ", even if all its cells are blank" };
                fault(column.name, FaultCode::HeaderMissingColumn, format!("The column {} must be there{blank}.", column.name));
            }
        }
        let order: Vec<usize> = places.iter().copied().flatten().collect();
        let misplaced = file
            .columns
            .iter()
            .zip(&places)
            .filter(|(_, place)| place.is_some())
            .zip(order.windows(2))
            .find(|(_, pair)| matches!(pair, [a, b] if a > b));
        if let Some(((column, _), _)) = misplaced {
            fault(
                column.name,
                FaultCode::HeaderWrong,
                format!("The columns must be in the order of the standard; {} stands too far back.", column.name),
            );
        }
        Self { len: record.len(), places, sound: faults.found() == before, names }
    }

    /// The columns of the standard that are there, each with its place.
    pub(super) fn columns<'a>(&'a self, file: &'static File) -> impl Iterator<Item = (usize, &'static Column)> + use<'a> {
        self.places.iter().zip(file.columns).filter_map(|(place, column)| place.map(|place| (place, column)))
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
