//! CSV, record by record: the line where each starts, an end to how long one may be, and one record in memory.

use std::io::{self, Read};

use csv::ByteRecord;
use openilp_domain::roster::ReadingMode;

use super::repair::{RepairCode, Repairs};

/// Longer than any record of a roster. A quote that is never closed ends here.
const RECORD_BYTES_MAX: u64 = 1 << 20;

const BUFFER_BYTES: usize = 1 << 16;

/// Reads records. Lines end with LF or CRLF; a byte order mark is passed over, and so are blank lines.
pub(super) struct Records<R> {
    csv: csv::Reader<Bounded<R>>,
    record: ByteRecord,
}

/// What came next.
pub(super) enum Next {
    /// A record, which starts at this line. It is in [`Records::record`].
    Record(u32),
    /// Nothing: the file ended.
    End,
    /// A record that is too long; it starts at this line. Reading cannot go on.
    TooLong(u32),
    /// More bytes than the zip said. Reading cannot go on.
    FalseSize,
    /// The bytes could not be had. Reading cannot go on.
    Broken(io::Error),
}

impl<R: Read> Records<R> {
    /// Reads from `source`, which has `size` bytes. In tolerant mode lines may end with CR alone.
    pub(super) fn new(source: R, size: u64, mode: ReadingMode) -> Self {
        let bounded = Bounded {
            inner: source,
            size,
            read: 0,
            record_start: 0,
            last: b'\n',
            stop: None,
            tolerant: mode == ReadingMode::Tolerant,
            ends: None,
            begins: [0; 3],
            ended: true,
        };
        // Records end at LF; the CR of CRLF is taken off the last cell. With the reader's own CRLF the line count lags.
        let csv = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .terminator(csv::Terminator::Any(b'\n'))
            .buffer_capacity(BUFFER_BYTES)
            .from_reader(bounded);
        Self { csv, record: ByteRecord::new() }
    }

    /// The record that was read last.
    pub(super) fn record(&self) -> Record<'_> {
        Record(&self.record)
    }

    /// Tells what in the form of the file was passed over; to be called at its end, in tolerant mode.
    pub(super) fn note_form(&self, file: &str, mode: ReadingMode, repairs: &mut Repairs) {
        if mode == ReadingMode::Strict {
            return;
        }
        let form = self.csv.get_ref();
        let noted = [
            (form.begins == *b"\xEF\xBB\xBF", RepairCode::ByteOrderMark),
            (form.ends == Some(Ends::Cr), RepairCode::LineEnds),
            (!form.ended, RepairCode::FinalNewline),
        ];
        for (_, code) in noted.into_iter().filter(|(there, _)| *there) {
            repairs.push(file, 0, None, code, None);
        }
    }

    /// Whether lines end with CR alone. Known once the first record is read.
    pub(super) fn has_cr_alone(&self) -> bool {
        self.csv.get_ref().ends == Some(Ends::Cr)
    }

    /// Whether the file is UTF-16, by its first bytes or by the NUL in its first record.
    pub(super) fn is_utf16(&self) -> bool {
        let begins = &self.csv.get_ref().begins;
        begins.starts_with(b"\xFF\xFE") || begins.starts_with(b"\xFE\xFF") || self.record.as_slice().contains(&0)
    }

    /// How many bytes of the file are done.
    pub(super) fn bytes(&self) -> u64 {
        self.csv.position().byte()
    }

    /// Reads the next record.
    pub(super) fn next(&mut self) -> Next {
        loop {
            let before = self.csv.position().line();
            match self.csv.read_byte_record(&mut self.record) {
                Ok(false) => return Next::End,
                Ok(true) => {}
                Err(error) => return self.stopped(before, error),
            }
            let after = self.csv.position().line();
            let done = self.csv.position().byte();
            self.csv.get_mut().record_start = done;
            let lines = match after.saturating_sub(before) {
                1 => 1,
                _ => 1 + count(self.record.as_slice().iter().filter(|byte| **byte == b'\n').count()),
            };
            let blank = self.record.len() == 1 && matches!(self.record.get(0), Some(b"" | b"\r"));
            if !blank {
                return Next::Record(line(after.saturating_sub(lines)));
            }
        }
    }

    fn stopped(&mut self, before: u64, error: csv::Error) -> Next {
        match (self.csv.get_mut().stop, error.into_kind()) {
            (Some(Stop::TooLong), _) => Next::TooLong(line(before)),
            (Some(Stop::FalseSize), _) => Next::FalseSize,
            (None, csv::ErrorKind::Io(error)) => Next::Broken(error),
            (None, _) => Next::Broken(io::ErrorKind::InvalidData.into()),
        }
    }
}

fn count(value: usize) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}

fn line(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// The cells of a record.
#[derive(Clone, Copy)]
pub(super) struct Record<'a>(&'a ByteRecord);

impl<'a> Record<'a> {
    /// The cells of a record that was not read from a file.
    pub(super) fn of(record: &'a ByteRecord) -> Self {
        Self(record)
    }

    /// How many cells.
    pub(super) fn len(self) -> usize {
        self.0.len()
    }

    /// Whether every cell is UTF-8.
    pub(super) fn is_utf8(self) -> bool {
        self.0.as_slice().is_ascii() || self.0.iter().all(|cell| std::str::from_utf8(cell).is_ok())
    }

    /// A cell, without the CR that may stand before the end of the line.
    pub(super) fn cell(self, index: usize) -> Option<&'a [u8]> {
        let cell = self.0.get(index)?;
        if index + 1 == self.0.len() { Some(cell.strip_suffix(b"\r").unwrap_or(cell)) } else { Some(cell) }
    }
}

/// Why reading was stopped.
#[derive(Clone, Copy)]
enum Stop {
    TooLong,
    FalseSize,
}

/// How lines end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    Lf,
    Cr,
}

/// Stops at a record that does not end and at a file that is longer than it says; ends the last line if it has no end.
struct Bounded<R> {
    inner: R,
    size: u64,
    read: u64,
    record_start: u64,
    last: u8,
    stop: Option<Stop>,
    tolerant: bool,
    /// How the first line ends, once seen.
    ends: Option<Ends>,
    /// The first bytes of the file.
    begins: [u8; 3],
    /// Whether the last line has an end.
    ended: bool,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let in_record = self.read.saturating_sub(self.record_start);
        if in_record > RECORD_BYTES_MAX + count(BUFFER_BYTES) {
            return self.stop(Stop::TooLong);
        }
        let mut got = self.inner.read(to)?;
        if got == 0
            && self.last != b'\n'
            && let Some(first) = to.first_mut()
        {
            *first = b'\n';
            self.last = b'\n';
            self.ended = false;
            return Ok(1);
        }
        // Whether CR stands alone shows at the byte after it.
        while self.ends.is_none()
            && got > 0
            && to.get(got - 1) == Some(&b'\r')
            && let Some(more) = to.get_mut(got..got + 1)
        {
            let next = self.inner.read(more)?;
            got += next;
            if next == 0 {
                break;
            }
        }
        self.look(to.get(..got).unwrap_or_default());
        if self.ends == Some(Ends::Cr) && self.tolerant {
            to.get_mut(..got).unwrap_or_default().iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        }
        self.read = self.read.saturating_add(count(got));
        if self.read > self.size {
            return self.stop(Stop::FalseSize);
        }
        if let Some(last) = to.get(..got).and_then(<[u8]>::last) {
            self.last = *last;
        }
        Ok(got)
    }
}

impl<R> Bounded<R> {
    /// Looks at the first bytes, and for the first end of a line.
    fn look(&mut self, bytes: &[u8]) {
        if self.ends.is_some() {
            return;
        }
        let done = usize::try_from(self.read).unwrap_or(usize::MAX);
        for (place, byte) in self.begins.iter_mut().skip(done).zip(bytes) {
            *place = *byte;
        }
        self.ends = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n')).map(|at| {
            let cr = bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) != Some(&b'\n');
            if cr { Ends::Cr } else { Ends::Lf }
        });
    }

    fn stop(&mut self, stop: Stop) -> io::Result<usize> {
        self.stop = Some(stop);
        Err(io::ErrorKind::InvalidData.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(u32, Vec<String>)> {
        let mut records = Records::new(text.as_bytes(), u64::MAX, ReadingMode::Strict);
        let mut found = Vec::new();
        while let Next::Record(line) = records.next() {
            let record = records.record();
            found.push((line, (0..record.len()).map(|n| String::from_utf8_lossy(record.cell(n).unwrap()).into_owned()).collect()));
        }
        found
    }

    fn row(line: u32, cells: &[&str]) -> (u32, Vec<String>) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn a_row_is_the_physical_line_where_the_record_starts() {
        for end in ["\n", "\r\n"] {
            let text = ["a,b", "1,\"two", "lines\"", "", "", "3,4", "\"x", "\",5", "", "6,7"].join(end);
            let expected = [
                row(1, &["a", "b"]),
                row(2, &["1", &format!("two{end}lines")]),
                row(6, &["3", "4"]),
                row(7, &[&format!("x{end}"), "5"]),
                row(10, &["6", "7"]),
            ];
            assert_eq!(lines(&text), expected, "{end:?}, last line without an end");
            assert_eq!(lines(&format!("{text}{end}")), expected, "{end:?}");
            assert_eq!(lines(&format!("\u{FEFF}{text}{end}{end}{end}")), expected, "{end:?}, with a byte order mark and blank lines at the end");
        }
    }

    #[test]
    fn a_quote_that_is_not_closed_does_not_fill_the_memory() {
        let endless = io::repeat(b'x').take(1 << 32);
        let mut records = Records::new(io::Read::chain(&b"a,b\n1,\""[..], endless), u64::MAX, ReadingMode::Strict);
        assert!(matches!(records.next(), Next::Record(1)));
        assert!(matches!(records.next(), Next::TooLong(2)));
        assert!(records.csv.get_ref().read < 2 << 20);
    }

    #[test]
    fn a_file_longer_than_it_says_stops() {
        let mut records = Records::new(&b"a,b\n1,2\n"[..], 6, ReadingMode::Strict);
        assert!(matches!(records.next(), Next::FalseSize));
    }
}
