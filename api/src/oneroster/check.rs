//! Holds a row against its columns: the number of cells, that they are UTF-8, and each cell for what it may hold.

use openilp_domain::roster::ReadingMode;

use super::{
    bundle::Coming,
    cell,
    columns::{File, Kind},
    fault::{Fault, FaultCode, Faults},
    guard,
    header::Header,
    records::Record,
    repair::{self, RepairCode, Repairs},
};

/// How the rows of a file are to be read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'h> {
    pub(super) file: &'static File,
    pub(super) header: &'h Header,
    pub(super) coming: Coming,
    pub(super) mode: ReadingMode,
    /// Whether the manifest was made by the reader, so that nobody says that the files are bulk.
    pub(super) manifest_made: bool,
    /// Whether cells are guarded against spreadsheets.
    pub(super) guarded: bool,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// A record as it is now.
    Active,
    /// A record that is to be deleted.
    Deleted,
    /// A row of a bulk file that is as though it were not there.
    PassedOver,
}

impl Reading<'_> {
    fn tolerant(&self) -> bool {
        self.mode == ReadingMode::Tolerant
    }

    fn fault(&self, faults: &mut Faults<'_>, line: u32, column: Option<&str>, code: FaultCode, detail: impl Into<String>) {
        faults.push(Fault::of_row(self.file.file_name, line, column, code, detail));
    }

    /// Checks a row. Cells that are read otherwise than they stand go to `mended`, by the number of their column.
    pub(super) fn check(
        &self,
        record: Record<'_>,
        line: u32,
        faults: &mut Faults<'_>,
        repairs: &mut Repairs,
        mended: &mut Vec<(usize, String)>,
    ) -> Standing {
        mended.clear();
        if record.len() != self.header.len && !self.has_blank_tail(record, line, repairs) {
            // Cells may have moved into other columns, so none is looked at.
            let detail = format!("The row has {} cells; the header has {}.", record.len(), self.header.len);
            self.fault(faults, line, None, FaultCode::WrongFieldCount, detail);
            return Standing::Active;
        }
        if !record.is_utf8() {
            self.name_cells_not_utf8(record, line, faults);
        }
        let standing = self.standing(record, line, repairs);
        if standing == Standing::PassedOver {
            return standing;
        }
        for (at, place, column) in self.header.columns(self.file) {
            let Some(Ok(raw)) = record.cell(place).map(std::str::from_utf8) else { continue };
            let cell = if self.guarded { guard::unguarded(raw) } else { raw.into() };
            // Of a record that is deleted the id, the status and the time count.
            let is_key = matches!(column.kind, Kind::SourcedId | Kind::Status | Kind::Modified);
            let required = match column.kind {
                Kind::Status | Kind::Modified => self.coming == Coming::Delta,
                _ => column.required && (standing == Standing::Active || is_key),
            };
            let Err((code, detail)) = cell::check(self.file, column, self.coming, required, &cell) else {
                if let std::borrow::Cow::Owned(cell) = cell {
                    mended.push((at, cell));
                }
                continue;
            };
            if code == FaultCode::BulkStatusNotBlank && self.tolerant() && self.manifest_made {
                let detail = "Without a manifest nobody says whether the file is bulk or delta; send a manifest, or leave the cell blank.";
                self.fault(faults, line, Some(column.name), FaultCode::ManifestMissing, detail);
                continue;
            }
            let mend = if self.tolerant() { repair::cell(self.file, column, self.coming, required, &cell) } else { None };
            match mend {
                Some((code, after)) => {
                    repairs.push(self.file.file_name, line, Some(column.name), code, repair::told(self.file, column, &cell, &after));
                    mended.push((at, after));
                }
                None => self.fault(faults, line, Some(column.name), code, detail),
            }
        }
        standing
    }

    /// Whether the cells beyond the header are blank and may be passed over.
    fn has_blank_tail(&self, record: Record<'_>, line: u32, repairs: &mut Repairs) -> bool {
        let blank = |place| record.cell(place).is_some_and(|cell| cell.trim_ascii().is_empty());
        let mendable = self.tolerant() && record.len() > self.header.len && (self.header.len..record.len()).all(blank);
        if mendable {
            repairs.push(self.file.file_name, line, None, RepairCode::TrailingCells, None);
        }
        mendable
    }

    fn name_cells_not_utf8(&self, record: Record<'_>, line: u32, faults: &mut Faults<'_>) {
        let passwords: Vec<usize> =
            self.header.columns(self.file).filter(|(_, _, column)| column.kind == Kind::Password).map(|(_, place, _)| place).collect();
        for place in (0..record.len()).filter(|place| !passwords.contains(place)) {
            if record.cell(place).is_some_and(|cell| std::str::from_utf8(cell).is_err()) {
                let detail = "The cell is not UTF-8; export the file as UTF-8.";
                self.fault(faults, line, self.header.name(place), FaultCode::NotUtf8, detail);
            }
        }
    }

    fn standing(&self, record: Record<'_>, line: u32, repairs: &mut Repairs) -> Standing {
        let status = self.header.columns(self.file).find(|(_, _, column)| column.kind == Kind::Status);
        let Some(cell) = status.and_then(|(_, place, _)| record.cell(place)).map(<[u8]>::trim_ascii) else { return Standing::Active };
        let deleted = cell.eq_ignore_ascii_case(b"tobedeleted") || cell.eq_ignore_ascii_case(b"inactive");
        match self.coming {
            Coming::Bulk if deleted && self.tolerant() && !self.manifest_made => {
                repairs.push(self.file.file_name, line, Some("status"), RepairCode::RowPassedOver, None);
                Standing::PassedOver
            }
            Coming::Delta if deleted => Standing::Deleted,
            _ => Standing::Active,
        }
    }
}
