//! Holds the rows of files that an import does not keep against each other: no id twice, no reference that points nowhere. Those that it
//! keeps are held against each other in the database.
//!
//! The files are read once more for it. Ids are remembered as hashes, so many at a time that memory stays bounded; where there are more,
//! the files are read several times, a part of the ids each time.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io::{self, Read, Seek};

use super::{
    bundle::{Bundle, Coming, FileSummary, corrupt, ended_early},
    columns::Kind,
    fault::{Fault, FaultCode, Faults},
    guard,
    plan::Planned,
    records::{Next, Record, Records},
};

/// How many ids are remembered at a time, 16 bytes each.
const IDS_MAX: u64 = 1_000_000;

/// The ids of a file, of one part.
struct Ids {
    /// The name of the file, as columns refer to it.
    file: &'static str,
    /// Hashes and the lines where they stand, in order.
    found: Vec<(u64, u32)>,
}

/// A part of all ids: those whose hash falls into it.
#[derive(Clone, Copy)]
struct Part<'h> {
    hasher: &'h RandomState,
    number: u64,
    of: u64,
}

impl Part<'_> {
    /// The hash of an id, if it belongs to this part.
    fn hash(self, id: &str) -> Option<u64> {
        Some(self.hasher.hash_one(id)).filter(|hash| hash % self.of == self.number)
    }
}

/// Whether rows of a file can be held against others: it is whole, and its columns are where they should be.
fn is_whole(planned: &Planned) -> bool {
    planned.coming == Coming::Bulk && planned.header.sound && !planned.file.is_derived()
}

/// The references of a file: the place of each in a row, its column and the file that it points at.
fn references(planned: &Planned) -> impl Iterator<Item = (usize, &'static str, &'static str)> + '_ {
    planned.header.columns(planned.file).filter_map(|(_, place, column)| match column.kind {
        Kind::Reference(target) | Kind::References(target) => Some((place, column.name, target)),
        _ => None,
    })
}

/// The ids in a cell; several where it is a list.
fn ids(record: Record<'_>, place: usize, guarded: bool, mut each: impl FnMut(&str)) {
    let Some(Ok(cell)) = record.cell(place).map(std::str::from_utf8) else { return };
    let cell = if guarded { guard::unguarded(cell) } else { cell.into() };
    cell.split(',').map(str::trim).filter(|id| !id.is_empty()).for_each(&mut each);
}

impl<R: Read + Seek> Bundle<R> {
    /// Names every id that is there twice and every reference that points nowhere, in files that an import does not keep.
    pub(super) fn links(&mut self, planned: &[Planned], summaries: &[FileSummary], faults: &mut Faults<'_>) -> io::Result<()> {
        let checked: Vec<&Planned> = planned.iter().filter(|planned| !planned.file.import.is_kept() && is_whole(planned)).collect();
        let wanted = |planned: &&Planned| {
            let name = planned.file.name;
            checked.iter().any(|checked| checked.file.name == name || references(checked).any(|(_, _, target)| target == name))
        };
        let targets: Vec<&Planned> = planned.iter().filter(|planned| is_whole(planned)).filter(wanted).collect();
        let rows = |planned: &&Planned| summaries.iter().find(|summary| summary.file == planned.file.makes).map_or(0, |summary| summary.rows);
        let parts = targets.iter().map(rows).sum::<u64>() / IDS_MAX + 1;
        let hasher = RandomState::new();
        for number in 0..parts {
            let part = Part { hasher: &hasher, number, of: parts };
            let mut known = Vec::new();
            for target in &targets {
                known.push(self.known(target, part, faults)?);
            }
            for checked in &checked {
                self.dangling(checked, part, &known, planned, faults)?;
            }
            if faults.stopped() {
                break;
            }
        }
        Ok(())
    }

    /// The ids of a file. Those there twice are faults where the file is not kept.
    fn known(&mut self, planned: &Planned, part: Part<'_>, faults: &mut Faults<'_>) -> io::Result<Ids> {
        let file = planned.file;
        let place = planned.header.columns(file).find(|(_, _, column)| column.kind == Kind::SourcedId).map(|(_, place, _)| place);
        let mut found = Vec::new();
        if let Some(place) = place {
            self.again(planned, faults, |record, line, _| {
                ids(record, place, planned.guarded, |id| found.extend(part.hash(id).map(|hash| (hash, line))));
            })?;
        }
        found.sort_unstable();
        if !file.import.is_kept() {
            let mut twice: Vec<(u32, u32)> = found
                .windows(2)
                .filter_map(|pair| if let [(a, first), (b, line)] = pair { (a == b).then_some((*line, *first)) } else { None })
                .collect();
            twice.sort_unstable();
            for (line, first) in twice {
                let detail = format!("The sourcedId is that of line {first} too.");
                faults.push(Fault::of_row(file.file_name, line, Some("sourcedId"), FaultCode::Duplicate, detail));
            }
            faults.end_file(file.file_name);
        }
        Ok(Ids { file: file.name, found })
    }

    fn dangling(&mut self, checked: &Planned, part: Part<'_>, known: &[Ids], planned: &[Planned], faults: &mut Faults<'_>) -> io::Result<()> {
        let file = checked.file;
        // What a delta or a file with a broken header holds is not known.
        let unknown = |target: &str| planned.iter().any(|planned| planned.file.name == target && !planned.file.is_derived() && !is_whole(planned));
        let held: Vec<_> = references(checked)
            .filter(|(_, _, target)| !unknown(target))
            .map(|(place, column, target)| (place, column, target, known.iter().find(|ids| ids.file == target)))
            .collect();
        if held.is_empty() {
            return Ok(());
        }
        self.again(checked, faults, |record, line, faults| {
            for (place, column, target, known) in &held {
                ids(record, *place, checked.guarded, |id| {
                    let Some(hash) = part.hash(id) else { return };
                    let there = known.is_some_and(|known| known.found.binary_search_by_key(&hash, |(hash, _)| *hash).is_ok());
                    if !there {
                        let detail = format!("There is no row of {target}.csv with this id.");
                        faults.push(Fault::of_row(file.file_name, line, Some(column), FaultCode::DanglingReference, detail));
                    }
                });
            }
        })?;
        faults.end_file(file.file_name);
        Ok(())
    }

    /// Goes through the records of a file that was read before; what was wrong with it then is not said again.
    fn again(&mut self, planned: &Planned, faults: &mut Faults<'_>, mut each: impl FnMut(Record<'_>, u32, &mut Faults<'_>)) -> io::Result<()> {
        let (size, mode, name) = (self.archive.size(planned.entry), self.mode, planned.file.file_name);
        let mut said = |_: Fault| {};
        let mut said = Faults::new(&mut said, 0, u64::MAX);
        let source = match self.archive.unpack(planned.entry) {
            Ok(source) => source,
            Err(error) => return corrupt(name, error, &mut said),
        };
        let mut records = Records::new(source, size, mode);
        let mut header = true;
        loop {
            match records.next() {
                Next::Record(line) if !header && records.record().len() >= planned.header.len => each(records.record(), line, faults),
                Next::Record(_) => header = false,
                Next::End => return Ok(()),
                end => return ended_early(name, end, &mut said),
            }
            if faults.stopped() {
                return Ok(());
            }
        }
    }
}
