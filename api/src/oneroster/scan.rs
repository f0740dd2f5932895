//! Reads the rows of a file, one record in memory.

use std::collections::HashMap;
use std::io::{self, Read, Seek};

use openilp_domain::roster::ReadingMode;

use super::{
    bundle::{Bundle, Coming, FileSummary, corrupt, ended_early},
    check::{Reading, Standing},
    columns::Import,
    fault::{Fault, FaultCode, Faults},
    plan::Planned,
    reading::{self, Cells, Unreadable},
    records::{Next, Record, Records},
    repair::{RepairCode, Repairs},
    rows::{DeletedRow, OrgType, Row, SourcedId},
};

/// How many orgs are remembered for the roles of 1.1. No district has as many; what is beyond is an org of a kind unknown.
const ORGS_MAX: usize = 100_000;

/// What orgs are, which the roles of 1.1 depend on.
pub(super) type Orgs = HashMap<SourcedId, OrgType>;

/// What is done with a record: with what is sound, or with nothing where it has a fault.
type Each<'e, E> = dyn FnMut(Option<Sound<'_>>, Standing, &mut Faults<'_>) -> Result<(), E> + 'e;

/// A record whose cells were found sound, and where it is.
struct Sound<'a> {
    planned: &'a Planned,
    record: Record<'a>,
    mended: &'a [(usize, String)],
    line: u32,
}

impl Sound<'_> {
    fn cells(&self) -> Cells<'_> {
        Cells::new(self.record, &self.planned.header, self.planned.file, self.mended)
    }

    fn unreadable(&self, column: Unreadable) -> Fault {
        // The checks let pass what the type does not: a defect of ours, and still no reason to import half a row.
        Fault::of_row(self.planned.file.file_name, self.line, Some(column), FaultCode::BadEnum, "The cell could not be read.")
    }

    /// The row, unless its cells contradict one another.
    fn row(&self) -> Result<Row, Fault> {
        let file = self.planned.file;
        let row = (file.read)(&mut self.cells(), self.line).map_err(|column| self.unreadable(column))?;
        match reading::contradiction(&row) {
            None => Ok(row),
            Some((column, code, detail)) => Err(Fault::of_row(file.file_name, self.line, Some(column), code, detail)),
        }
    }

    fn deleted(&self) -> Result<Row, Fault> {
        let mut cells = self.cells();
        let mut take = || Ok((cells.take("sourcedId")?, cells.take("dateLastModified")?));
        let (sourced_id, modified_at) = take().map_err(|column| self.unreadable(column))?;
        Ok(Row::Deleted(DeletedRow { file: self.planned.file.makes, line: self.line, sourced_id, modified_at }))
    }
}

impl<R: Read + Seek> Bundle<R> {
    /// Reads the rows of a file and hands out the sound ones.
    pub(super) fn file<E: From<io::Error>>(
        &mut self,
        planned: &Planned,
        orgs: &mut Orgs,
        on_row: &mut impl FnMut(Row) -> Result<(), E>,
        faults: &mut Faults<'_>,
        repairs: &mut Repairs,
        report: &mut dyn FnMut(u64, u64),
    ) -> Result<FileSummary, E> {
        let file = planned.file;
        if file.is_derived() {
            return self.roles(planned, orgs, on_row, faults, repairs, report);
        }
        let mut summary = FileSummary::new(file, planned.coming);
        let of_1_1 = file.name == "orgs" && self.mode == ReadingMode::Tolerant;
        let ended = self.scan(planned, faults, repairs, report, &mut |sound, standing, faults| {
            summary.rows += 1;
            let row = match (sound, standing) {
                (_, Standing::PassedOver) => {
                    summary.passed_over += 1;
                    return Ok(());
                }
                (None, _) => {
                    summary.faulty_rows += 1;
                    return Ok(());
                }
                (Some(sound), Standing::Deleted) => {
                    summary.deleted_rows += 1;
                    sound.deleted()
                }
                (Some(sound), Standing::Active) => sound.row(),
            };
            match row {
                Ok(row) => {
                    if let (Row::Org(org), true) = (&row, of_1_1 && orgs.len() < ORGS_MAX) {
                        orgs.insert(org.sourced_id.clone(), org.kind.clone());
                    }
                    on_row(row)
                }
                Err(fault) => {
                    summary.faulty_rows += 1;
                    faults.push(fault);
                    Ok(())
                }
            }
        })?;
        if ended && summary.rows == 0 {
            self.no_rows(planned, faults, repairs);
        }
        Ok(summary)
    }

    fn no_rows(&self, planned: &Planned, faults: &mut Faults<'_>, repairs: &mut Repairs) {
        let file = planned.file;
        let needed = file.import == Import::Required && planned.coming == Coming::Bulk;
        if self.mode == ReadingMode::Tolerant && !needed {
            return repairs.push(file.file_name, 0, None, RepairCode::FileEmpty, None);
        }
        let detail = "The file has no rows; leave it out and call it absent in the manifest.";
        faults.push(Fault::of_file(file.file_name, FaultCode::NoRows, detail));
    }

    /// Makes the roles of a bundle of 1.1 from its users. What is wrong with a user was said before.
    fn roles<E: From<io::Error>>(
        &mut self,
        planned: &Planned,
        orgs: &Orgs,
        on_row: &mut impl FnMut(Row) -> Result<(), E>,
        faults: &mut Faults<'_>,
        repairs: &mut Repairs,
        report: &mut dyn FnMut(u64, u64),
    ) -> Result<FileSummary, E> {
        let mut summary = FileSummary::new(planned.file, planned.coming);
        let mut said = |_: Fault| {};
        let mut said = Faults::new(&mut said, 0, u64::MAX);
        self.scan(planned, &mut said, &mut Repairs::default(), report, &mut |sound, standing, _| {
            let Some(sound) = sound else {
                summary.faulty_rows += 1;
                return Ok(());
            };
            if standing != Standing::Active {
                return Ok(());
            }
            repairs.push(planned.file.file_name, sound.line, Some("role"), RepairCode::RolesMade, None);
            match reading::roles_1_1(&mut sound.cells(), sound.line, |org| orgs.get(org).cloned()) {
                Ok(roles) => roles.into_iter().try_for_each(|role| {
                    summary.rows += 1;
                    on_row(Row::Role(role))
                }),
                Err(column) => {
                    summary.faulty_rows += 1;
                    faults.push(sound.unreadable(column));
                    Ok(())
                }
            }
        })?;
        Ok(summary)
    }

    /// Goes through the records of a file. Returns whether it was read to its end.
    fn scan<E: From<io::Error>>(
        &mut self,
        planned: &Planned,
        faults: &mut Faults<'_>,
        repairs: &mut Repairs,
        report: &mut dyn FnMut(u64, u64),
        each: &mut Each<'_, E>,
    ) -> Result<bool, E> {
        let Planned { file, entry, header, coming, manifest_made, guarded } = planned;
        let (size, mode) = (self.archive.size(*entry), self.mode);
        let checking = Reading { file, header, coming: *coming, mode, manifest_made: *manifest_made, guarded: *guarded };
        let source = match self.archive.unpack(*entry) {
            Ok(source) => source,
            Err(error) => {
                corrupt(file.file_name, error, faults)?;
                return Ok(false);
            }
        };
        let mut records = Records::new(source, size, mode);
        let mut mended = Vec::new();
        let mut rows: u64 = 0;
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
                    report(rows, size);
                    return Ok(false);
                }
            };
            rows += 1;
            let before = faults.found();
            let standing = checking.check(records.record(), line, faults, repairs, &mut mended);
            let sound = header.sound && faults.found() == before;
            let sound = sound.then(|| Sound { planned, record: records.record(), mended: &mended, line });
            each(sound, standing, faults)?;
            if faults.stopped() {
                return Ok(false);
            }
            if rows.is_multiple_of(4096) {
                report(rows, records.bytes().min(size));
            }
        }
        records.note_form(file.file_name, mode, repairs);
        report(rows, size);
        Ok(true)
    }
}
