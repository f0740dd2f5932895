//! The files of a bundle and their columns, as data. Order is the order of the header line.

mod supplement;
mod v1p1;
mod v1p2;

use super::reading::Read;

pub use supplement::{FILES as SUPPLEMENT, SCHOOL_DATA_SYNC};
pub use v1p2::FILES;

/// A version of OneRoster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 1.1, read in tolerant mode alone.
    V1p1,
    /// 1.2.
    V1p2,
}

impl Version {
    /// Its name, as the manifest has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V1p1 => "1.1",
            Self::V1p2 => "1.2",
        }
    }

    /// Its files, in the order in which they are read.
    pub fn files(self) -> &'static [File] {
        match self {
            Self::V1p1 => &v1p1::FILES,
            Self::V1p2 => &FILES,
        }
    }
}

/// One file of the standard, or of the supplement.
#[derive(Debug)]
pub struct File {
    /// Its name in the manifest: `orgs` for `orgs.csv`.
    pub name: &'static str,
    /// Its name in the zip.
    pub file_name: &'static str,
    /// The rows that are made of it, by the name of the file that they would stand in. The name in the zip but for the roles of 1.1,
    /// which are made of `users.csv`.
    pub makes: &'static str,
    /// What an import does with it.
    pub import: Import,
    /// Cells are about people: no part of one is ever repeated in a fault.
    pub personal: bool,
    /// Its columns, in the order of the header.
    pub columns: &'static [Column],
    /// Takes a row whose cells are sound.
    pub(super) read: Read,
}

impl File {
    /// Whether its rows are made of those of another file.
    pub(super) fn is_derived(&self) -> bool {
        self.makes != self.file_name
    }
}

/// What an import does with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Import {
    /// Imported; a bulk bundle without it is refused.
    Required,
    /// Imported where it is there.
    Optional,
    /// Read for what it says of the rows of another file. Held against other files as those are that are not kept.
    Beside,
    /// Checked and counted, and not kept.
    No,
}

impl Import {
    /// Whether its rows become records, which the database holds against each other.
    pub(super) const fn is_kept(self) -> bool {
        matches!(self, Self::Required | Self::Optional)
    }
}

/// One column.
#[derive(Debug)]
pub struct Column {
    /// Its name in the header.
    pub name: &'static str,
    /// Its name in 1.2, which a row is read by.
    pub(super) field: &'static str,
    /// Whether a cell may not be blank.
    pub required: bool,
    /// What a cell holds.
    pub kind: Kind,
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The id of the row itself.
    SourcedId,
    /// The id of a row of the file named.
    Reference(&'static str),
    /// Ids of rows of the file named, separated by commas.
    References(&'static str),
    /// Blank in bulk; in a delta, `active` or `tobedeleted`.
    Status,
    /// Blank in bulk; in a delta, a time in UTC.
    Modified,
    /// Text of several lines.
    Prose,
    /// One line of text.
    Text,
    /// Texts, separated by commas.
    Texts,
    /// Grade codes (CEDS), separated by commas.
    Grades,
    /// `{type:identifier}` pairs, separated by commas.
    UserIds,
    /// `{mark:value}` pairs, separated by commas.
    ScaleValues,
    /// `true` or `false`.
    Boolean,
    /// A day, `YYYY-MM-DD`.
    Date,
    /// A school year by the year in which it ends, `YYYY`.
    Year,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A number from 0 to 366: days of a year, or halves of them.
    Days,
    /// A whole number from 0 to 10,000.
    Count,
    /// So many capital letters: a state or a country.
    Letters(usize),
    /// A word of a vocabulary.
    Word(Words),
    /// Words of a vocabulary, separated by commas.
    WordList(Words),
    /// A password. Never looked at, never kept.
    Password,
}

/// A vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// Its words.
    pub words: &'static [&'static str],
    /// Words of one's own.
    pub extension: Extension,
}

/// Whether a vocabulary has room for words of one's own, which start with `ext:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// The standard has none here.
    None,
    /// The standard allows them; an import has no place for such a row.
    NotImported,
    /// Allowed and kept.
    Kept,
}

const fn required(name: &'static str, kind: Kind) -> Column {
    Column { name, field: name, required: true, kind }
}
const fn optional(name: &'static str, kind: Kind) -> Column {
    Column { name, field: name, required: false, kind }
}
const fn closed(words: &'static [&'static str]) -> Words {
    Words { words, extension: Extension::None }
}
const fn narrowed(words: &'static [&'static str]) -> Words {
    Words { words, extension: Extension::NotImported }
}
const fn open(words: &'static [&'static str]) -> Words {
    Words { words, extension: Extension::Kept }
}

const ID: Column = required("sourcedId", Kind::SourcedId);
const STATUS: Column = optional("status", Kind::Status);
const MODIFIED: Column = optional("dateLastModified", Kind::Modified);

/// A file whose columns begin with those that all files of OneRoster begin with.
macro_rules! csv_file { ($name:literal, $import:expr, $personal:literal, $read:expr, [$($column:expr),* $(,)?] $(,)?) => {
    File {
        name: $name,
        file_name: concat!($name, ".csv"),
        makes: concat!($name, ".csv"),
        import: $import,
        personal: $personal,
        columns: &[ID, STATUS, MODIFIED, $($column),*],
        read: $read,
    }
} }
use csv_file;

/// The grade codes of CEDS, as OneRoster uses them.
pub const GRADES: &[&str] = &["IT", "PR", "PK", "TK", "KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "PS", "UG"];

/// The file of that name in the manifest of 1.2.
pub fn file(name: &str) -> Option<&'static File> {
    FILES.iter().find(|file| file.name == name)
}

/// The file of that name, of the standard or of the supplement.
#[cfg(test)]
pub(super) fn named(name: &str) -> Option<&'static File> {
    FILES.iter().chain(&SUPPLEMENT).chain(&SCHOOL_DATA_SYNC).find(|file| file.name == name)
}
