//! Roster imports: bundles handed in, how far each is, and what it did or would do.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{ClientId, PersonId, RosterImportId, SchoolId};
use crate::kind::Kind;
use crate::plain::no_rules;
use crate::potential_duplicate::DuplicateReason;
use crate::text::ShortText;

crate::words! {
    /// How far an import is.
    ImportStatus {
        /// It waits for its turn.
        Received = "received",
        /// The bundle is being read.
        Parsing = "parsing",
        /// Rows are being held against each other.
        Validating = "validating",
        /// Rows are being held against what is known.
        Comparing = "comparing",
        /// The differences are being written.
        Applying = "applying",
        /// It would end too much, or is of a past school year: it waits for a person to allow it. Nothing is written.
        Held = "held",
        /// Done: everything is written.
        Applied = "applied",
        /// Done: a dry run, nothing is written.
        Compared = "compared",
        /// Done: the bundle has faults, nothing is written.
        Refused = "refused",
        /// Done: something went wrong that is not the bundle's fault; nothing is written.
        Failed = "failed",
        /// Done: it was held, and a later load of its source has been applied; nothing is written.
        Superseded = "superseded",
    }
}

crate::words! {
    /// The form in which the files of a load came.
    LoadMode {
        /// Each file names everything there is: what it no longer names is ended.
        Bulk = "bulk",
        /// Each file names what has changed.
        Delta = "delta",
        /// Some files this way, some the other.
        Mixed = "mixed",
        /// None: single rows, between two loads.
        Upsert = "upsert",
        /// None: it takes back what another load has done.
        Rollback = "rollback",
    }
}

crate::words! {
    /// What became of a row of a batch.
    RowResult {
        /// It is a new record.
        Created = "created",
        /// Its record is another now.
        Amended = "amended",
        /// Its record has ended.
        Ended = "ended",
        /// Its record was so before.
        Unchanged = "unchanged",
        /// It has faults; nothing was done.
        Refused = "refused",
    }
}

crate::words! {
    /// Why a load is held.
    HoldReason {
        /// It would end more than the district lets a load end by itself.
        Shrink = "shrink",
        /// Its last session ended long ago.
        PastSchoolYear = "pastSchoolYear",
        /// Its school year is before that of the load applied last.
        EarlierSchoolYear = "earlierSchoolYear",
    }
}

impl ImportStatus {
    /// Whether nothing more will happen by itself.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Held | Self::Applied | Self::Compared | Self::Refused | Self::Failed | Self::Superseded)
    }
}

crate::words! {
    /// How a bundle is read.
    ReadingMode {
        /// As the standard has it: whatever differs is a fault.
        Strict = "strict",
        /// What can be mended without loss and in one way only is mended, and told. Everything else is a fault.
        Tolerant = "tolerant",
    }
}

/// The system that a roster comes from. With a sourcedId it names a record: two systems may use the same ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source(String);

impl Source {
    /// The greatest length.
    pub const LENGTH_MAX: usize = 64;
    /// What a source is called when nobody says: a district has one student information system.
    pub const DEFAULT: &str = "sis";
    /// Names of identifiers that belong to no source.
    const RESERVED: [&str; 2] = [STATE_STUDENT_ID, LOCAL_STUDENT_ID];

    /// Letters, digits and `. _ -`, and not the name of an identifier of its own.
    pub fn new(name: &str) -> Option<Self> {
        let sound = (1..=Self::LENGTH_MAX).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
            && !Self::RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name));
        sound.then(|| Self(name.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Source {
    fn default() -> Self {
        Self(Self::DEFAULT.to_owned())
    }
}

/// The system of identifiers that a state gives its students.
pub const STATE_STUDENT_ID: &str = "stateStudentId";
/// The system of identifiers that a district gives its students.
pub const LOCAL_STUDENT_ID: &str = "localStudentId";

/// A bundle handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RosterImport {
    /// The id.
    pub id: RosterImportId,
    /// The system that the roster comes from.
    pub source: String,
    /// Whether it only says what it would do.
    pub dry_run: bool,
    /// How it is read.
    pub reading: ReadingMode,
    /// The form of its files, once they have been read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<LoadMode>,
    /// How far it is.
    pub status: ImportStatus,
    /// How much of the present stage is done.
    pub stage_done: i64,
    /// How much the present stage is in all, once known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage_total: Option<i64>,
    /// SHA-256 of the bundle, in hexadecimal.
    pub bundle_hash: String,
    /// The size of the bundle.
    pub bundle_bytes: i64,
    /// What it did, or would do. There once it is applied or compared; of a load that is refused, if something was mended, with the repairs alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<Report>,
    /// How many faults the bundle has.
    pub fault_count: i32,
    /// The person who handed it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_id: Option<PersonId>,
    /// The client that handed it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// When somebody let it go on after it had been held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released_at: Option<DateTime<Utc>>,
    /// The person who did. None where the operator did, by command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released_by: Option<PersonId>,
    /// The load that it takes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rolls_back: Option<RosterImportId>,
    /// The load that has taken it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rolled_back_by: Option<RosterImportId>,
    /// When work on it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<DateTime<Utc>>,
    /// When work on it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<DateTime<Utc>>,
    /// How long the work took, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<i64>,
    /// The version; it is the entity tag.
    pub version: i32,
    /// When it was handed in.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

crate::body! {
    /// Which bundle may go on: the one that was looked at, and no other.
    RosterRelease
    required {
        /// SHA-256 of the bundle, in hexadecimal, as the import shows it.
        bundle_hash: ShortText,
    }
    defaulted {}
    optional {}
    example { "bundleHash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" }
    check no_rules
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The school year that registrations are copied for, by the year in which it ends.
    pub school_year: i32,
    /// File by file.
    pub files: Vec<FileReport>,
    /// Students among the users.
    pub students: Counts,
    /// ILP files to open, each with its plan.
    pub files_to_open: i64,
    /// Divisions of files to open for the school year.
    pub divisions_to_open: i64,
    /// Registrations to copy into the division.
    pub registrations_to_copy: i64,
    /// Copied registrations of the school year to be brought up to date.
    pub registrations_to_refresh: i64,
    /// Guardian links to propose; a custodian confirms them.
    pub guardian_links_to_propose: i64,
    /// Gatekeepers to propose: those whom the supplement names, and counselors who lead a student's homeroom. A custodian confirms them.
    pub gatekeepers_to_propose: i64,
    /// Teachers and career reviewers to propose, whom the supplement names. A custodian confirms them.
    #[serde(default)]
    pub assignments_to_propose: i64,
    /// What was mended in the bundle to read it: nothing in strict mode.
    #[serde(default)]
    pub repairs: Vec<Repair>,
    /// Files that were checked whole and that an import does not keep.
    #[serde(default)]
    pub not_kept: Vec<FileNotKept>,
    /// ILP files to freeze: their students are no longer in the roster. They stay, and open again when the student returns.
    #[serde(default)]
    pub files_to_freeze: i64,
    /// Marks of report cards to copy: results in the categories that the district names (R18).
    #[serde(default)]
    pub report_cards_to_copy: i64,
    /// Marks that the source gives otherwise than before: corrected copies to add beside the first.
    #[serde(default)]
    pub report_cards_to_correct: i64,
    /// Copied marks that the source no longer has, to be marked so.
    #[serde(default)]
    pub report_cards_to_withdraw: i64,
    /// Results in categories that the district does not name. They are not kept.
    #[serde(default)]
    pub results_in_no_named_category: i64,
    /// Records that may be one person: the source no longer names the one, and names the other. A custodian merges them or says that they are two.
    #[serde(default)]
    pub potential_duplicates: i64,
    /// Some of them. What they have in common is not told to a client.
    #[serde(default)]
    pub potential_duplicate_examples: Vec<DuplicateExample>,
    /// Why a person has to allow it first. There also where somebody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub hold: Option<Hold>,
}

/// Two records of a source that may be one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DuplicateExample {
    /// What the source calls the record to keep.
    pub keep_sourced_id: String,
    /// What it called the other one.
    pub merge_sourced_id: String,
    /// What the two have in common. None where a client asks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<DuplicateReason>,
}

/// Repairs of one kind in one column of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Repair {
    /// The file in the zip; `bundle` for the zip itself.
    pub file: String,
    /// The column, where one is concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Stable and machine-readable.
    pub code: String,
    /// How many there are.
    pub count: i64,
    /// The first of them.
    pub places: Vec<RepairPlace>,
}

/// Where something was mended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RepairPlace {
    /// The line in the file where the row starts; the header is line 1, and 0 is the file itself.
    pub row: u32,
    /// What stood there, in files that are not about people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What was read instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// A file that was checked and not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FileNotKept {
    /// The file, such as `results.csv`.
    pub file: String,
    /// Rows in it, all of them sound.
    pub rows: i64,
}

/// Why a load is held, and what it would end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Hold {
    /// Why.
    pub reasons: Vec<HoldReason>,
    /// What it would end, by kind and school, where that is more than a few.
    pub endings: Vec<Ending>,
}

/// What a load would end of one kind at one school.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Ending {
    /// The kind of record.
    pub kind: Kind,
    /// The school. None for schools themselves and for people, who are counted over the whole district.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_id: Option<SchoolId>,
    /// How many this source holds open now.
    pub open: i64,
    /// How many of them the load would end before their time.
    pub ended: i64,
    /// Whether that is too many.
    pub too_many: bool,
}

/// How many percent of a kind at a school a load may end by itself (standards.md 1.8).
pub const SHRINK_PERCENT: i64 = 10;
/// Fewer than these are never too many.
pub const SHRINK_FLOOR: i64 = 5;
/// After so many days without a session, a bundle is of a past school year. A summer is shorter.
pub const PAST_AFTER_DAYS: i64 = 120;

impl Ending {
    /// Whether so many of so many are too many.
    pub const fn is_too_many(ended: i64, open: i64) -> bool {
        ended >= SHRINK_FLOOR && ended.saturating_mul(100) > open.saturating_mul(SHRINK_PERCENT)
    }
}

impl Report {
    /// What is told of a bundle with faults: what was mended in it. Nothing, where nothing was.
    pub fn of_refused(school_year: i32, repairs: Vec<Repair>) -> Option<Self> {
        (!repairs.is_empty()).then(|| Self { school_year, repairs, ..Self::default() })
    }

    /// What a client is told: of records that may be one person what its source calls them, and not why.
    pub fn told_to_client(&mut self) {
        for example in &mut self.potential_duplicate_examples {
            example.reasons.clear();
        }
    }

    /// Whether the district is already as the bundle says.
    pub fn is_empty(&self) -> bool {
        let counted = self.files.iter().map(|file| file.counts).chain([self.students]);
        let proposed = self.files_to_open + self.divisions_to_open + self.registrations_to_copy + self.registrations_to_refresh;
        let proposed = proposed + self.report_cards_to_copy + self.report_cards_to_correct + self.report_cards_to_withdraw;
        let written = counted.map(|counts| counts.created + counts.amended + counts.ended).sum::<i64>() + self.files_to_freeze;
        written + proposed + self.guardian_links_to_propose + self.gatekeepers_to_propose + self.assignments_to_propose == 0
    }
}

/// What a file brings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FileReport {
    /// The file, such as `users.csv`.
    pub file: String,
    /// Rows in it.
    pub rows: i64,
    /// What becomes of them.
    #[serde(flatten)]
    pub counts: Counts,
    /// Rows of a kind that is not kept.
    pub not_stored: i64,
    /// Some of those created, by sourcedId.
    pub created_examples: Vec<String>,
    /// Some of those amended, by sourcedId.
    pub amended_examples: Vec<String>,
    /// Some of those ended, by sourcedId.
    #[serde(default)]
    pub ended_examples: Vec<String>,
}

/// How records fare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// New.
    pub created: i64,
    /// Known, and different.
    pub amended: i64,
    /// Known, and the same.
    pub unchanged: i64,
    /// Ended: open before, and no longer named, marked as to be deleted, or switched off. Ended is not deleted.
    #[serde(default)]
    pub ended: i64,
}

/// A fault of a bundle, by its place and not by its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RosterFault {
    /// Its number among the faults of the bundle, from 1.
    pub number: i32,
    /// The file in the zip; `bundle` for the zip itself.
    pub file: String,
    /// The line in the file where the row starts; the header is line 1, and 0 is the file itself.
    pub row: i32,
    /// The column, where one is at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Stable and machine-readable.
    pub code: String,
    /// One sentence.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_cannot_pass_itself_off_as_an_identifier_of_the_state() {
        assert!(Source::new("SIS-1.west").is_some());
        for name in ["", "a b", "stateStudentId", "LOCALSTUDENTID", &"x".repeat(65)] {
            assert_eq!(Source::new(name), None);
        }
    }

    #[test]
    fn what_stays_is_no_difference_and_what_ends_is() {
        let mut report = Report { students: Counts { unchanged: 5, ..Counts::default() }, ..Report::default() };
        assert!(report.is_empty());
        report.students.ended = 1;
        assert!(!report.is_empty());
    }

    #[test]
    fn a_few_are_never_too_many_and_a_tenth_is_not_more_than_a_tenth() {
        assert!(!Ending::is_too_many(4, 4));
        assert!(Ending::is_too_many(5, 5));
        assert!(!Ending::is_too_many(10, 100));
        assert!(Ending::is_too_many(11, 100));
    }
}
