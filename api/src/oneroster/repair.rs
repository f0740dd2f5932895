//! What tolerant reading mends. Only what can be mended without loss and in one way: what might mean two things stays a fault.
//! Each repair is told, by place; what stood there is told in files that are not about people.

use chrono::DateTime;
use serde::Serialize;

use super::{
    bundle::Coming,
    cell,
    columns::{Column, File, GRADES, Kind},
    fault::shown,
};

/// How many places of a repair are told.
const PLACES: usize = 5;

macro_rules! codes { ($($variant:ident = $code:literal $meaning:literal),* $(,)?) => {
    /// What kind of repair. The codes are stable; [`RepairCode::meaning`] is their documentation.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
    pub enum RepairCode { $(#[doc = $meaning] #[serde(rename = $code)] $variant),* }

    impl RepairCode {
        /// Every code.
        pub const ALL: &[Self] = &[$(Self::$variant),*];

        /// The code as it is written in reports.
        pub const fn code(self) -> &'static str { match self { $(Self::$variant => $code),* } }

        /// What it means.
        pub const fn meaning(self) -> &'static str { match self { $(Self::$variant => $meaning),* } }
    }
} }

codes! {
    EntryPassedOver = "entry_passed_over" "An entry that an operating system adds to zips, such as __MACOSX or .DS_Store, was passed over.",
    FileNameCase = "file_name_case" "The name of a file has other capitals than the standard's.",
    FileEmpty = "file_empty" "A file with a header and no rows was taken as absent.",
    ByteOrderMark = "byte_order_mark" "The byte order mark at the beginning of a file was passed over.",
    LineEnds = "line_ends" "Lines that end with CR alone were taken as lines.",
    FinalNewline = "final_newline" "The last line of a file has no end.",
    ManifestMade = "manifest_made" "There is no manifest: each file that is there was taken as bulk.",
    ManifestLineAdded = "manifest_line_added" "The manifest does not say how a file is there; it was taken as the others are, or as absent.",
    ManifestValueMended = "manifest_value_mended" "A property or value of the manifest has other capitals, blanks around it, or a longer version number.",
    VersionOneOne = "version_1_1" "The bundle is of OneRoster 1.1 and was read as such.",
    RolesMade = "roles_made" "In 1.1 a role stands in users.csv; a row of roles.csv was made of it for each org.",
    HeaderCase = "header_case" "The name of a column has other capitals or blanks around it.",
    HeaderMisspelt = "header_misspelt" "The name of a column is misspelt in a way that is known.",
    ColumnOrder = "column_order" "A column stands elsewhere than the standard has it.",
    ColumnAdded = "column_added" "A column that may be blank is not there; it was taken as blank.",
    ColumnPassedOver = "column_passed_over" "A column of the vendor's own, or one without a name, was passed over.",
    TrailingCells = "trailing_cells" "The row has blank cells beyond the header.",
    StatusCleared = "status_cleared" "status or dateLastModified is filled in a bulk file; it was taken as blank.",
    RowPassedOver = "row_passed_over" "A row of a bulk file says that the record is deleted; it was taken as absent.",
    StatusInactive = "status_inactive" "The status inactive was taken as tobedeleted.",
    Trimmed = "trimmed" "Blanks around an id, a word, a number or a date were taken off.",
    BooleanCase = "boolean_case" "true or false is written in other capitals.",
    WordCase = "word_case" "A word of a vocabulary is written in other capitals.",
    DateWithTime = "date_with_time" "A day is written with the time of midnight.",
    TimeZone = "time_zone" "A time with an offset was taken as the same instant in UTC.",
    SchoolYearSpan = "school_year_span" "A school year is written as two years; it is named by the second.",
    GradeCode = "grade_code" "A grade is written without its zero, in other capitals, or as K.",
}

/// Repairs of one kind in one column of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Repair {
    /// The file in the zip.
    pub file: String,
    /// The column, where one is concerned.
    pub column: Option<String>,
    /// Stable and machine-readable.
    pub code: RepairCode,
    /// How many there are.
    pub count: u64,
    /// The first of them.
    pub places: Vec<Place>,
}

/// Where something was mended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The line in the file where the row starts; the header is line 1, and 0 is the file itself.
    pub row: u32,
    /// What stood there, where that may be told.
    pub before: Option<String>,
    /// What was read instead.
    pub after: Option<String>,
}

/// Collects repairs. There is one entry for each file, column and code, however many rows there are.
#[derive(Default)]
pub(super) struct Repairs {
    found: Vec<Repair>,
    /// Where the entries of the present file begin.
    here: usize,
}

impl Repairs {
    /// Counts a repair and keeps the place of the first ones.
    pub(super) fn push(&mut self, file: &str, row: u32, column: Option<&str>, code: RepairCode, change: Option<(&str, &str)>) {
        let change = change.map(|(before, after)| (shown(before), shown(after)));
        let (before, after) = change.unzip();
        let place = Place { row, before, after };
        let same = |known: &&mut Repair| known.code == code && known.column.as_deref() == column && known.file == file;
        match self.found.get_mut(self.here..).unwrap_or_default().iter_mut().find(same) {
            Some(known) => {
                known.count += 1;
                if known.places.len() < PLACES {
                    known.places.push(place);
                }
            }
            None => self.found.push(Repair { file: file.to_owned(), column: column.map(str::to_owned), code, count: 1, places: vec![place] }),
        }
    }

    /// Another file begins: what was found before is not looked at again.
    pub(super) fn begin_file(&mut self) {
        self.here = self.found.len();
    }

    pub(super) fn take(self) -> Vec<Repair> {
        self.found
    }
}

/// Mends a cell that is not sound, if that can be done in one way only.
pub(super) fn cell(file: &File, column: &Column, coming: Coming, required: bool, cell: &str) -> Option<(RepairCode, String)> {
    let (code, mended) = candidate(column, coming, cell)?;
    cell::check(file, column, coming, required, &mended).is_ok().then_some((code, mended))
}

fn candidate(column: &Column, coming: Coming, cell: &str) -> Option<(RepairCode, String)> {
    let trimmed = cell.trim();
    let plain = (trimmed != cell).then(|| (RepairCode::Trimmed, trimmed.to_owned()));
    match column.kind {
        Kind::Status | Kind::Modified if coming == Coming::Bulk => Some((RepairCode::StatusCleared, String::new())),
        Kind::Status if trimmed.eq_ignore_ascii_case("inactive") => Some((RepairCode::StatusInactive, "tobedeleted".into())),
        Kind::Status => word(&["active", "tobedeleted"], cell),
        Kind::Modified => plain.or_else(|| {
            let time = DateTime::parse_from_rfc3339(&trimmed.replacen(' ', "T", 1)).ok()?.to_utc();
            Some((RepairCode::TimeZone, time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)))
        }),
        Kind::SourcedId | Kind::Reference(_) | Kind::Integer | Kind::Number | Kind::Days | Kind::Count => plain,
        Kind::References(_) => {
            let ids: Vec<&str> = cell.split(',').map(str::trim).collect();
            Some((RepairCode::Trimmed, ids.join(",")))
        }
        Kind::Boolean => Some((RepairCode::BooleanCase, trimmed.to_ascii_lowercase())),
        Kind::Letters(_) => Some((RepairCode::WordCase, trimmed.to_ascii_uppercase())),
        Kind::Date => plain.filter(|(_, day)| cell::date(day).is_some()).or_else(|| midnight(trimmed)),
        Kind::Year => plain.filter(|(_, year)| cell::year(year).is_some()).or_else(|| span(trimmed)),
        Kind::Word(words) => word(words.words, cell),
        Kind::WordList(words) => list(cell, RepairCode::WordCase, |item| word(words.words, item).map(|(_, word)| word)),
        Kind::Grades => list(cell, RepairCode::GradeCode, grade),
        Kind::Text | Kind::Prose | Kind::Texts | Kind::UserIds | Kind::ScaleValues | Kind::Password => None,
    }
}

/// The word of a vocabulary that differs in capitals or by blanks around it.
fn word(words: &[&str], cell: &str) -> Option<(RepairCode, String)> {
    let trimmed = cell.trim();
    if trimmed != cell && (words.contains(&trimmed) || trimmed.starts_with("ext:")) {
        return Some((RepairCode::Trimmed, trimmed.to_owned()));
    }
    words.iter().find(|word| word.eq_ignore_ascii_case(trimmed)).map(|word| (RepairCode::WordCase, (*word).to_owned()))
}

/// A list of which each item is sound or can be mended. Items have no commas in them: they are words.
fn list(cell: &str, code: RepairCode, mend: impl Fn(&str) -> Option<String>) -> Option<(RepairCode, String)> {
    let items = cell::items(cell).ok()?;
    let mended: Vec<String> = items.iter().map(|item| mend(item).unwrap_or_else(|| item.clone().into_owned())).collect();
    Some((code, mended.join(",")))
}

fn grade(item: &str) -> Option<String> {
    if item.eq_ignore_ascii_case("K") {
        return Some("KG".into());
    }
    let known = |code: &str| GRADES.iter().find(|grade| grade.eq_ignore_ascii_case(code)).map(|grade| (*grade).to_owned());
    known(item).or_else(|| known(&format!("0{item}")))
}

/// A day with the time of midnight. Another time may be that of another day elsewhere.
fn midnight(cell: &str) -> Option<(RepairCode, String)> {
    let (day, time) = cell.split_once(['T', ' '])?;
    let time = time.trim_end_matches('Z');
    let (clock, part) = time.split_once('.').unwrap_or((time, ""));
    let zero = matches!(clock, "00:00:00" | "00:00") && part.bytes().all(|digit| digit == b'0');
    zero.then(|| (RepairCode::DateWithTime, day.to_owned()))
}

/// `2026-2027` and `2026-27` are named by the second year, if that follows the first.
fn span(cell: &str) -> Option<(RepairCode, String)> {
    let (first, second) = cell.split_once(['-', '/', '–'])?;
    let (first, second) = (cell::year(first.trim())?, second.trim());
    let next = format!("{:04}", first + 1);
    let follows = second == next || (second.len() == 2 && next.ends_with(second));
    follows.then_some((RepairCode::SchoolYearSpan, next))
}

/// What may be told of a repair: nothing of cells about people.
pub(super) fn told<'c>(file: &File, column: &Column, before: &'c str, after: &'c str) -> Option<(&'c str, &'c str)> {
    let open = !file.personal || matches!(column.kind, Kind::Status | Kind::Modified);
    open.then_some((before, after))
}

/// Columns that are known to be misspelt, or named as the JSON of the standard has them, and what they mean.
const MISSPELT: [(&str, &str); 9] = [
    ("prefferedGivenName", "preferredGivenName"),
    ("prefferedMiddleName", "preferredMiddleName"),
    ("prefferedFamilyName", "preferredFamilyName"),
    ("preferedGivenName", "preferredGivenName"),
    ("preferedMiddleName", "preferredMiddleName"),
    ("preferedFamilyName", "preferredFamilyName"),
    ("preferredFirstName", "preferredGivenName"),
    ("preferredLastName", "preferredFamilyName"),
    ("dataLastModified", "dateLastModified"),
];

/// What a column that is misspelt in a known way means.
pub(super) fn misspelt(name: &str) -> Option<&'static str> {
    MISSPELT.iter().find(|(wrong, _)| wrong.eq_ignore_ascii_case(name)).map(|(_, meant)| *meant)
}

/// Whether a column is the vendor's own, by its name.
pub(super) fn is_of_vendor(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    name.is_empty() || ["metadata.", "metadata_", "ext_", "ext.", "ext:", "ext-", "x_", "x-"].iter().any(|prefix| name.starts_with(prefix))
}

/// Whether an entry of the zip is one that an operating system adds.
pub(super) fn is_litter(name: &str) -> bool {
    let last = name.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    name.split('/').any(|part| part == "__MACOSX") || last.starts_with("._") || matches!(last, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}

/// The text as it should be, where it differs in capitals or by blanks around it.
pub(super) fn like<'w>(words: impl IntoIterator<Item = &'w str>, text: &str) -> Option<&'w str> {
    let text = text.trim();
    words.into_iter().find(|word| word.eq_ignore_ascii_case(text))
}

/// The version that a longer number means: `1.2.1` is the binding of 1.2.
pub(super) fn version(text: &str) -> Option<&'static str> {
    let text = text.trim().trim_start_matches(['v', 'V']);
    ["1.1", "1.2"].into_iter().find(|known| text == *known || text.strip_prefix(known).is_some_and(|rest| rest.starts_with('.')))
}
