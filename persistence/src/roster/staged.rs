//! Rows on their way into the staging tables: typed, and in the binary form of COPY.

use std::io;

use chrono::{DateTime, NaiveDate, Utc};
use tokio::sync::mpsc;
use uuid::{ContextV7, Timestamp, Uuid};

use super::supplement::Stated;

/// A file of a bundle that an import takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum RosterFile {
    Orgs,
    AcademicSessions,
    Courses,
    Classes,
    Users,
    Roles,
    Demographics,
    Enrollments,
    Addresses,
    Telephones,
    Flags,
    StateIds,
    Attendance,
    Outcomes,
    PostSchoolOutcomes,
    UserFlags,
}

impl RosterFile {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Orgs,
        Self::AcademicSessions,
        Self::Courses,
        Self::Classes,
        Self::Users,
        Self::Roles,
        Self::Demographics,
        Self::Enrollments,
        Self::Addresses,
        Self::Telephones,
        Self::Flags,
        Self::StateIds,
        Self::Attendance,
        Self::Outcomes,
        Self::PostSchoolOutcomes,
        Self::UserFlags,
    ];

    /// Whether reports tell of it in any case: those of OneRoster's rostering. Others are told of where they came or changed something.
    pub(super) fn is_rostering(self) -> bool {
        self <= Self::Enrollments
    }

    /// Its name in the zip.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Orgs => "orgs.csv",
            Self::AcademicSessions => "academicSessions.csv",
            Self::Courses => "courses.csv",
            Self::Classes => "classes.csv",
            Self::Users => "users.csv",
            Self::Roles => "roles.csv",
            Self::Demographics => "demographics.csv",
            Self::Enrollments => "enrollments.csv",
            Self::Addresses => "ilp.addresses.csv",
            Self::Telephones => "ilp.telephones.csv",
            Self::Flags => "ilp.flags.csv",
            Self::StateIds => "ilp.stateIds.csv",
            Self::Attendance => "ilp.attendance.csv",
            Self::Outcomes => "ilp.outcomes.csv",
            Self::PostSchoolOutcomes => "ilp.postSchoolOutcomes.csv",
            Self::UserFlags => "userFlags.csv",
        }
    }

    /// The table that its rows are staged in.
    pub(super) const fn table(self) -> &'static str {
        match self {
            Self::Orgs => "staged_orgs",
            Self::AcademicSessions => "staged_sessions",
            Self::Courses => "staged_courses",
            Self::Classes => "staged_classes",
            Self::Users => "staged_users",
            Self::Roles => "staged_roles",
            Self::Demographics => "staged_demographics",
            Self::Enrollments => "staged_enrollments",
            Self::Addresses => "staged_addresses",
            Self::Telephones => "staged_telephones",
            Self::Flags => "staged_flags",
            Self::StateIds => "staged_state_ids",
            Self::Attendance => "staged_attendance",
            Self::Outcomes => "staged_outcomes",
            Self::PostSchoolOutcomes => "staged_post_school_outcomes",
            Self::UserFlags => "staged_user_flags",
        }
    }
}

/// A row to be staged. References are sourcedIds; words are those of OneRoster.
#[allow(missing_docs)]
pub enum Staged<'a> {
    Org {
        line: u32,
        sourced_id: &'a str,
        name: &'a str,
        kind: &'a str,
        identifier: Option<&'a str>,
        parent: Option<&'a str>,
    },
    Session {
        line: u32,
        sourced_id: &'a str,
        title: &'a str,
        kind: &'a str,
        starts_on: NaiveDate,
        ends_on: NaiveDate,
        parent: Option<&'a str>,
        school_year: i32,
    },
    Course {
        line: u32,
        sourced_id: &'a str,
        title: &'a str,
        course_code: Option<&'a str>,
        school_year: Option<&'a str>,
        org: &'a str,
    },
    Class {
        line: u32,
        sourced_id: &'a str,
        title: &'a str,
        course: &'a str,
        class_code: Option<&'a str>,
        kind: &'a str,
        location: Option<&'a str>,
        school: &'a str,
        terms: Vec<&'a str>,
        periods: Option<&'a str>,
    },
    User {
        line: u32,
        sourced_id: &'a str,
        active: bool,
        given_name: &'a str,
        family_name: &'a str,
        middle_name: Option<&'a str>,
        preferred_given_name: Option<&'a str>,
        preferred_family_name: Option<&'a str>,
        pronouns: Option<&'a str>,
        email: Option<&'a str>,
        telephone: Option<&'a str>,
        sms: Option<&'a str>,
        /// What the district calls a student.
        local_id: Option<&'a str>,
        /// What the state calls a student.
        state_id: Option<&'a str>,
        grade: Option<&'a str>,
        primary_org: Option<&'a str>,
        agents: Vec<&'a str>,
    },
    Role {
        line: u32,
        sourced_id: &'a str,
        person: &'a str,
        role: &'a str,
        primary_role: bool,
        begins_on: Option<NaiveDate>,
        ends_on: Option<NaiveDate>,
        org: &'a str,
    },
    Demographics {
        line: u32,
        sourced_id: &'a str,
        birth_date: Option<NaiveDate>,
    },
    Enrollment {
        line: u32,
        sourced_id: &'a str,
        class: &'a str,
        school: &'a str,
        person: &'a str,
        role: &'a str,
        primary_teacher: bool,
        begins_on: Option<NaiveDate>,
        ends_on: Option<NaiveDate>,
    },
    /// A row of the supplement.
    Stated(Stated<'a>),
    /// A row of School Data Sync's `userFlags.csv`.
    UserFlag {
        line: u32,
        sourced_id: &'a str,
        person: &'a str,
        flag: &'a str,
    },
    /// A row of a delta with the status `tobedeleted`. What it names ends as if it were absent.
    Removal {
        line: u32,
        file: RosterFile,
        sourced_id: &'a str,
    },
}

impl Staged<'_> {
    /// The table that it is staged in.
    fn table(&self) -> &'static str {
        match self {
            Self::Org { .. } => RosterFile::Orgs.table(),
            Self::Session { .. } => RosterFile::AcademicSessions.table(),
            Self::Course { .. } => RosterFile::Courses.table(),
            Self::Class { .. } => RosterFile::Classes.table(),
            Self::User { .. } => RosterFile::Users.table(),
            Self::Role { .. } => RosterFile::Roles.table(),
            Self::Demographics { .. } => RosterFile::Demographics.table(),
            Self::Enrollment { .. } => RosterFile::Enrollments.table(),
            Self::Stated(stated) => stated.file().table(),
            Self::UserFlag { .. } => RosterFile::UserFlags.table(),
            Self::Removal { .. } => "staged_removals",
        }
    }

    /// The cells, in the order of the columns of the staging table.
    fn encode(&self, to: &mut Binary, id: impl FnOnce() -> Uuid) {
        match self {
            Self::Org { line, sourced_id, name, kind, identifier, parent } => {
                to.row(7).int(*line).text(sourced_id).text(name).text(kind).maybe(*identifier).maybe(*parent).uuid(id());
            }
            Self::Session { line, sourced_id, title, kind, starts_on, ends_on, parent, school_year } => {
                to.row(9).int(*line).text(sourced_id).text(title).text(kind).date(Some(*starts_on)).date(Some(*ends_on)).maybe(*parent);
                to.int(*school_year).uuid(id());
            }
            Self::Course { line, sourced_id, title, course_code, school_year, org } => {
                to.row(7).int(*line).text(sourced_id).text(title).maybe(*course_code).maybe(*school_year).text(org).uuid(id());
            }
            Self::Class { line, sourced_id, title, course, class_code, kind, location, school, terms, periods } => {
                to.row(11).int(*line).text(sourced_id).text(title).text(course).maybe(*class_code).text(kind).maybe(*location).text(school);
                to.texts(terms).maybe(*periods).uuid(id());
            }
            Self::User {
                line,
                sourced_id,
                active,
                given_name,
                family_name,
                middle_name,
                preferred_given_name,
                preferred_family_name,
                pronouns,
                email,
                telephone,
                sms,
                local_id,
                state_id,
                grade,
                primary_org,
                agents,
            } => {
                to.row(18).int(*line).text(sourced_id).bool(*active).text(given_name).text(family_name).maybe(*middle_name);
                to.maybe(*preferred_given_name).maybe(*preferred_family_name).maybe(*pronouns).maybe(*email).maybe(*telephone).maybe(*sms);
                to.maybe(*local_id).maybe(*state_id).maybe(*grade).maybe(*primary_org).texts(agents).uuid(id());
            }
            Self::Role { line, sourced_id, person, role, primary_role, begins_on, ends_on, org } => {
                to.row(9)
                    .int(*line)
                    .text(sourced_id)
                    .text(person)
                    .text(role)
                    .bool(*primary_role)
                    .date(*begins_on)
                    .date(*ends_on)
                    .text(org)
                    .uuid(id());
            }
            Self::Demographics { line, sourced_id, birth_date } => {
                to.row(3).int(*line).text(sourced_id).date(*birth_date);
            }
            Self::Enrollment { line, sourced_id, class, school, person, role, primary_teacher, begins_on, ends_on } => {
                to.row(10).int(*line).text(sourced_id).text(class).text(school).text(person).text(role).bool(*primary_teacher);
                to.date(*begins_on).date(*ends_on).uuid(id());
            }
            Self::Stated(stated) => stated.encode(to, id),
            Self::UserFlag { line, sourced_id, person, flag } => {
                to.row(7).int(*line).text(sourced_id).text(person).text(flag).null().null().uuid(id());
            }
            Self::Removal { line, file, sourced_id } => {
                to.row(3).int(*line).text(file.table()).text(sourced_id);
            }
        }
    }
}

/// How full a batch becomes before it is sent.
const BATCH_BYTES: usize = 64 << 10;
/// How many batches may wait for the database. This bounds the memory of an import, whatever its size.
pub(super) const BATCHES_WAITING: usize = 8;

/// Rows of one staging table, encoded.
pub(super) struct Batch {
    pub(super) table: &'static str,
    pub(super) bytes: Vec<u8>,
    pub(super) done: u64,
    pub(super) total: u64,
}

/// Where the parser puts the rows it has read. It belongs to the parser's thread; the database takes the rows on another.
pub struct Rows {
    sender: mpsc::Sender<Batch>,
    ids: ContextV7,
    at: DateTime<Utc>,
    table: &'static str,
    binary: Binary,
    done: u64,
    total: u64,
}

impl Rows {
    pub(super) fn new(sender: mpsc::Sender<Batch>, at: DateTime<Utc>) -> Self {
        Self { sender, ids: ContextV7::new(), at, table: RosterFile::Orgs.table(), binary: Binary::default(), done: 0, total: 0 }
    }

    /// Takes a row; waits where the database is slower than the parser. Fails when the import has been given up.
    pub fn push(&mut self, row: &Staged<'_>) -> io::Result<()> {
        if self.table != row.table() {
            self.send()?;
        }
        self.table = row.table();
        let (seconds, nanos) = (u64::try_from(self.at.timestamp()).unwrap_or_default(), self.at.timestamp_subsec_nanos());
        // One after the other, so that the index of a table grows at its end.
        row.encode(&mut self.binary, || Uuid::new_v7(Timestamp::from_unix(&self.ids, seconds, nanos)));
        if self.binary.0.len() >= BATCH_BYTES {
            self.send()?;
        }
        Ok(())
    }

    /// Says how far the parser is.
    pub fn progress(&mut self, done: u64, total: u64) {
        (self.done, self.total) = (done, total);
    }

    /// Sends what is left.
    pub(super) fn send(&mut self) -> io::Result<()> {
        let bytes = std::mem::take(&mut self.binary.0);
        if bytes.is_empty() {
            return Ok(());
        }
        self.binary.0.reserve(BATCH_BYTES + 4096);
        let batch = Batch { table: self.table, bytes, done: self.done, total: self.total };
        self.sender.blocking_send(batch).map_err(|_| io::Error::new(io::ErrorKind::BrokenPipe, "the import was given up"))
    }
}

/// What COPY's binary form begins with.
pub(super) const BINARY_HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What it ends with.
pub(super) const BINARY_END: &[u8] = &[0xff, 0xff];

/// The type of the items of `text[]`.
const TEXT_OID: u32 = 25;

/// Cells in COPY's binary form: each its length and its bytes; -1 is null.
#[derive(Default)]
pub(super) struct Binary(Vec<u8>);

impl Binary {
    pub(super) fn row(&mut self, cells: i16) -> &mut Self {
        self.0.extend(cells.to_be_bytes());
        self
    }

    fn cell(&mut self, bytes: &[u8]) -> &mut Self {
        // The parser refuses cells that are anywhere near this long.
        self.0.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
        self.0.extend_from_slice(bytes);
        self
    }

    pub(super) fn null(&mut self) -> &mut Self {
        self.0.extend((-1_i32).to_be_bytes());
        self
    }

    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.cell(text.as_bytes())
    }

    pub(super) fn maybe(&mut self, text: Option<&str>) -> &mut Self {
        if let Some(text) = text { self.text(text) } else { self.null() }
    }

    pub(super) fn int(&mut self, number: impl TryInto<i32>) -> &mut Self {
        self.cell(&number.try_into().unwrap_or(i32::MAX).to_be_bytes())
    }

    pub(super) fn float(&mut self, number: f64) -> &mut Self {
        self.cell(&number.to_be_bytes())
    }

    pub(super) fn bool(&mut self, value: bool) -> &mut Self {
        self.cell(&[u8::from(value)])
    }

    pub(super) fn uuid(&mut self, id: Uuid) -> &mut Self {
        self.cell(id.as_bytes())
    }

    pub(super) fn date(&mut self, date: Option<NaiveDate>) -> &mut Self {
        let Some(date) = date else { return self.null() };
        // PostgreSQL counts days from 1 January 2000.
        let epoch = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default();
        self.int((date - epoch).num_days())
    }

    fn texts(&mut self, texts: &[&str]) -> &mut Self {
        let length = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX).to_be_bytes();
        let mut array = Vec::new();
        array.extend(u32::from(!texts.is_empty()).to_be_bytes());
        array.extend(0_u32.to_be_bytes());
        array.extend(TEXT_OID.to_be_bytes());
        if !texts.is_empty() {
            array.extend(length(texts.len()));
            array.extend(1_u32.to_be_bytes());
        }
        for text in texts {
            array.extend(length(text.len()));
            array.extend_from_slice(text.as_bytes());
        }
        self.cell(&array)
    }
}
