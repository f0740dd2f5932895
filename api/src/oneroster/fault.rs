//! What is wrong with a bundle: file, line, column, a stable code and one sentence.

use serde::{Deserialize, Serialize};

/// One fault of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Fault {
    /// The file in the zip, such as `users.csv`; [`BUNDLE`] for the zip itself.
    pub file: String,
    /// The line in the file where the row starts; the header is line 1, and 0 is the file itself.
    pub row: u32,
    /// The column, where one is at fault.
    pub column: Option<String>,
    /// Stable and machine-readable.
    pub code: FaultCode,
    /// One sentence for a person. It never repeats student data.
    pub detail: String,
}

/// The name that faults of the zip itself carry instead of a file's.
pub const BUNDLE: &str = "bundle";

impl Fault {
    /// A fault of the zip itself.
    pub fn of_bundle(code: FaultCode, detail: impl Into<String>) -> Self {
        Self::of_file(BUNDLE, code, detail)
    }

    /// A fault of a file as a whole.
    pub fn of_file(file: &str, code: FaultCode, detail: impl Into<String>) -> Self {
        Self { file: file.into(), row: 0, column: None, code, detail: detail.into() }
    }

    /// A fault of a row, or of one of its cells.
    pub fn of_row(file: &str, row: u32, column: Option<&str>, code: FaultCode, detail: impl Into<String>) -> Self {
        Self { file: file.into(), row, column: column.map(Into::into), code, detail: detail.into() }
    }
}

macro_rules! codes { ($($variant:ident = $code:literal $meaning:literal),* $(,)?) => {
    /// What kind of fault. The codes are stable; [`FaultCode::meaning`] is their documentation.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
    pub enum FaultCode { $(#[doc = $meaning] #[serde(rename = $code)] $variant),* }

    impl FaultCode {
        /// Every code.
        pub const ALL: &[Self] = &[$(Self::$variant),*];

        /// The code as it is written in reports.
        pub const fn code(self) -> &'static str { match self { $(Self::$variant => $code),* } }

        /// What it means.
        pub const fn meaning(self) -> &'static str { match self { $(Self::$variant => $meaning),* } }
    }
} }

codes! {
    ZipNotAZip = "zip_not_a_zip" "The bundle is not a zip file, or not a whole one.",
    ZipUnsupported = "zip_unsupported" "An entry is compressed in a way other than stored or deflated.",
    ZipEncrypted = "zip_encrypted" "An entry is encrypted.",
    ZipPath = "zip_path" "An entry is not a plain file at the top of the zip, or in the one folder that holds them all.",
    ZipDuplicateEntry = "zip_duplicate_entry" "Two entries have the same name.",
    ZipTooManyEntries = "zip_too_many_entries" "The zip has more entries than a bundle can have.",
    ZipTooLarge = "zip_too_large" "The files are larger, unpacked, than this service takes.",
    ZipBomb = "zip_bomb" "The zip unpacks to more than a roster can: a far too high ratio, overlapping entries or a false size.",
    ZipCorrupt = "zip_corrupt" "An entry cannot be unpacked, or its checksum is wrong.",
    ZipNested = "zip_nested" "There is a zip in the zip; a bundle holds its CSV files and nothing else.",
    ManifestMissing = "manifest_missing" "There is no manifest.csv.",
    ManifestMalformed = "manifest_malformed" "The manifest is not the two columns propertyName and value.",
    ManifestLineMissing = "manifest_line_missing" "The manifest lacks a line that the standard requires.",
    ManifestLineRepeated = "manifest_line_repeated" "The manifest has the same line twice.",
    ManifestLineUnknown = "manifest_line_unknown" "The manifest names a file that the standard does not have.",
    ManifestValueWrong = "manifest_value_wrong" "A value in the manifest is not one of those allowed.",
    VersionUnsupported = "version_unsupported" "The bundle is of a version of OneRoster that is not read: 1.2 is, and 1.1 in tolerant mode.",
    ModeUnsupported = "mode_unsupported" "A file is a delta; imports take bulk files only.",
    FileMissing = "file_missing" "A file is not there that the manifest announces or that an import needs.",
    FileUnexpected = "file_unexpected" "A file is there that the manifest calls absent or that the standard does not have.",
    LineEnds = "line_ends" "Lines end with CR alone; they must end with CRLF or LF.",
    HeaderMissing = "header_missing" "The file is empty: it has no header line.",
    HeaderMissingColumn = "header_missing_column" "The header lacks a column; columns may be blank but not left out.",
    HeaderUnknownColumn = "header_unknown_column" "The header has a column that the standard does not have there.",
    HeaderRepeatedColumn = "header_repeated_column" "The header has the same column twice.",
    HeaderWrong = "header_wrong" "The columns are not in the order of the standard, or metadata columns are not the last.",
    NoRows = "no_rows" "The file has a header and no rows; such a file must be absent.",
    WrongFieldCount = "wrong_field_count" "The row has more or fewer cells than the header.",
    RowTooLong = "row_too_long" "A row is longer than a roster's can be; as a rule, a quote is not closed.",
    NotUtf8 = "not_utf8" "The cell, or the whole file, is not UTF-8.",
    ControlCharacter = "control_character" "The cell has a line break, tab or other control character.",
    TooLong = "too_long" "The cell is longer than allowed.",
    RequiredBlank = "required_blank" "The cell is blank and must not be.",
    BulkStatusNotBlank = "bulk_status_not_blank" "status and dateLastModified must be blank in a bulk file.",
    BadSourcedId = "bad_sourced_id" "The cell is not an id: letters, digits and . / @ _ - only.",
    BadDate = "bad_date" "The cell is not a day written YYYY-MM-DD.",
    BadDateTime = "bad_date_time" "The cell is not a time in UTC, such as 2026-08-15T04:00:00.000Z.",
    BadBoolean = "bad_boolean" "The cell is neither true nor false, in small letters.",
    BadInteger = "bad_integer" "The cell is not a whole number as wanted there; a school year is the four digits of the year in which it ends.",
    BadNumber = "bad_number" "The cell is not a number.",
    OutOfRange = "out_of_range" "The number is smaller or greater than it can be.",
    BadEnum = "bad_enum" "The word is not in the vocabulary of the column.",
    ExtensionUnsupported = "extension_unsupported" "The word is an ext: word, which the standard allows but an import has no place for in this column.",
    BadList = "bad_list" "The list in the cell is malformed: commas separate, items are not blank, pairs are {type:value}.",
    ListLengths = "list_lengths" "Two lists that belong together have different lengths.",
    DatesReversed = "dates_reversed" "The end is before the start.",
    EvidenceMissing = "evidence_missing" "A guardian has no rights, and the row does not say by which document.",
    SocialSecurityNumber = "social_security_number" "The identifier has the form of a Social Security number; none is ever taken.",
    Duplicate = "duplicate" "The sourcedId occurs twice in the file.",
    DanglingReference = "dangling_reference" "The id points at a row that the bundle does not have.",
    WrongReference = "wrong_reference" "The id points at a row of another kind than the column wants.",
    DuplicateIdentifier = "duplicate_identifier" "Two students have the same identifier.",
    ImportFailed = "import_failed" "The import failed for a reason that is not the bundle's; nothing has changed.",
    MoreAlike = "more_alike" "Further rows have the same fault in the same column; they are counted, not listed.",
    TooManyFaults = "too_many_faults" "The list of faults ends here; reading stopped.",
}

impl std::fmt::Display for FaultCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

/// Hands faults on and keeps count, so that a column that is wrong in a million rows does not bury the rest.
pub(super) struct Faults<'a> {
    sink: &'a mut dyn FnMut(Fault),
    alike_max: u64,
    all_max: u64,
    listed: u64,
    found: u64,
    stopped: bool,
    alike: Vec<(Option<String>, FaultCode, u64)>,
}

impl<'a> Faults<'a> {
    pub(super) fn new(sink: &'a mut dyn FnMut(Fault), alike_max: u64, all_max: u64) -> Self {
        Self { sink, alike_max, all_max, listed: 0, found: 0, stopped: false, alike: Vec::new() }
    }

    /// Takes a fault; counts it, and lists it unless there were too many.
    pub(super) fn push(&mut self, fault: Fault) {
        if self.stopped {
            return;
        }
        self.found += 1;
        if fault.row > 0 {
            match self.alike.iter_mut().find(|(column, code, _)| *code == fault.code && *column == fault.column) {
                Some((_, _, count)) => {
                    *count += 1;
                    if *count > self.alike_max {
                        return;
                    }
                }
                None => self.alike.push((fault.column.clone(), fault.code, 1)),
            }
        }
        self.list(fault);
    }

    /// Ends a file: says how many faults were not listed.
    pub(super) fn end_file(&mut self, file: &str) {
        for (column, code, count) in std::mem::take(&mut self.alike) {
            let more = count.saturating_sub(self.alike_max);
            if more > 0 && !self.stopped {
                let detail = format!("{more} more rows have the fault {code} here; the first {} are listed.", self.alike_max);
                self.list(Fault::of_row(file, 0, column.as_deref(), FaultCode::MoreAlike, detail));
            }
        }
    }

    /// Whether the list is full.
    pub(super) fn stopped(&self) -> bool {
        self.stopped
    }

    /// How many faults were found, listed or not.
    pub(super) fn found(&self) -> u64 {
        self.found
    }

    fn list(&mut self, fault: Fault) {
        let (file, row) = (fault.file.clone(), fault.row);
        (self.sink)(fault);
        self.listed += 1;
        if self.listed >= self.all_max {
            self.stopped = true;
            let detail = format!("Reading stopped here after {} faults; correct these and send the bundle again.", self.listed);
            (self.sink)(Fault::of_row(&file, row, None, FaultCode::TooManyFaults, detail));
        }
    }
}

/// Names that come from the bundle, made fit to be shown: no control characters, at most 60 characters.
pub(super) fn shown(name: &str) -> String {
    let mut shown: String = name.chars().take(60).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    if name.chars().nth(60).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_written_as_they_are_named() {
        let mut codes: Vec<&str> = FaultCode::ALL.iter().map(|code| code.code()).collect();
        for code in FaultCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.code());
        }
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), FaultCode::ALL.len());
    }

    #[test]
    fn faults_alike_are_counted_and_the_list_is_bounded() {
        let mut seen = Vec::new();
        let mut sink = |fault: Fault| seen.push((fault.row, fault.code));
        let mut faults = Faults::new(&mut sink, 2, 4);
        for row in 2..7 {
            faults.push(Fault::of_row("orgs.csv", row, Some("type"), FaultCode::BadEnum, ""));
        }
        faults.end_file("orgs.csv");
        faults.push(Fault::of_file("users.csv", FaultCode::NoRows, ""));
        faults.push(Fault::of_file("roles.csv", FaultCode::NoRows, ""));
        assert_eq!((faults.found(), faults.stopped()), (6, true));
        let expected =
            [(2, FaultCode::BadEnum), (3, FaultCode::BadEnum), (0, FaultCode::MoreAlike), (0, FaultCode::NoRows), (0, FaultCode::TooManyFaults)];
        assert_eq!(seen, expected);
    }

    #[test]
    fn names_are_shortened_and_cleaned() {
        assert_eq!(shown("a\nb"), "a\u{FFFD}b");
        assert_eq!(shown(&"x".repeat(61)).chars().count(), 61);
    }
}
