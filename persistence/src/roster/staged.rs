//! Rows on their way into the staging tables: typed, and in the binary form of COPY.

use std::io;

use chrono::{DateTime, NaiveDate, Utc};
use tokio::sync::mpsc;
use uuid::{ContextV7, Timestamp, Uuid};

use super::binary::Binary;

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
    Categories,
    LineItems,
    Results,
    Addresses,
    Telephones,
    Guardians,
    Caseloads,
    Assignments,
    Flags,
    StateIds,
    Attendance,
    Outcomes,
    PostSchoolOutcomes,
    Relationships,
    UserFlags,
}

impl RosterFile {
    /// All of them.
    pub const ALL: [Self; 23] = [
        Self::Orgs,
        Self::AcademicSessions,
        Self::Courses,
        Self::Classes,
        Self::Users,
        Self::Roles,
        Self::Demographics,
        Self::Enrollments,
        Self::Categories,
        Self::LineItems,
        Self::Results,
        Self::Addresses,
        Self::Telephones,
        Self::Guardians,
        Self::Caseloads,
        Self::Assignments,
        Self::Flags,
        Self::StateIds,
        Self::Attendance,
        Self::Outcomes,
        Self::PostSchoolOutcomes,
        Self::Relationships,
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
            Self::Categories => "categories.csv",
            Self::LineItems => "lineItems.csv",
            Self::Results => "results.csv",
            Self::Addresses => "ilp.addresses.csv",
            Self::Telephones => "ilp.telephones.csv",
            Self::Guardians => "ilp.guardians.csv",
            Self::Caseloads => "ilp.caseloads.csv",
            Self::Assignments => "ilp.assignments.csv",
            Self::Relationships => "relationships.csv",
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
            Self::Categories => "staged_categories",
            Self::LineItems => "staged_line_items",
            Self::Results => "staged_results",
            Self::Addresses => "staged_addresses",
            Self::Telephones => "staged_telephones",
            Self::Guardians => "staged_guardians",
            Self::Caseloads => "staged_caseloads",
            Self::Assignments => "staged_assignments",
            Self::Relationships => "staged_relationships",
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
    Category {
        line: u32,
        sourced_id: &'a str,
        title: &'a str,
    },
    LineItem {
        line: u32,
        sourced_id: &'a str,
        title: &'a str,
        class: &'a str,
        category: &'a str,
        session: &'a str,
        school: Option<&'a str>,
        score_min: Option<&'a str>,
        score_max: Option<&'a str>,
    },
    Result {
        line: u32,
        sourced_id: &'a str,
        line_item: &'a str,
        person: &'a str,
        class: Option<&'a str>,
        score_status: &'a str,
        score: Option<&'a str>,
        score_text: Option<&'a str>,
        scored_on: NaiveDate,
        comment: Option<&'a str>,
        /// Words of `ReportCardFlag`.
        flags: Vec<&'a str>,
    },
    /// A scale, beside the gradebook. Its marks are JSON.
    ScoreScale {
        line: u32,
        sourced_id: &'a str,
        title: &'a str,
        marks: &'a str,
    },
    /// Which scale a line item or a result is on.
    ScaleOf {
        line: u32,
        line_item: Option<&'a str>,
        result: Option<&'a str>,
        scale: &'a str,
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
    /// A row of School Data Sync's `relationships.csv`.
    Relationship {
        line: u32,
        sourced_id: &'a str,
        person: &'a str,
        guardian: &'a str,
        relationship: &'a str,
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
            Self::Category { .. } => RosterFile::Categories.table(),
            Self::LineItem { .. } => RosterFile::LineItems.table(),
            Self::Result { .. } => RosterFile::Results.table(),
            Self::ScoreScale { .. } => "staged_scales",
            Self::ScaleOf { .. } => "staged_scales_of",
            Self::Stated(stated) => stated.file().table(),
            Self::UserFlag { .. } => RosterFile::UserFlags.table(),
            Self::Relationship { .. } => RosterFile::Relationships.table(),
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
            Self::Category { line, sourced_id, title } => {
                to.row(4).int(*line).text(sourced_id).text(title).uuid(id());
            }
            Self::LineItem { line, sourced_id, title, class, category, session, school, score_min, score_max } => {
                to.row(10).int(*line).text(sourced_id).text(title).text(class).text(category).text(session).maybe(*school);
                to.maybe(*score_min).maybe(*score_max).uuid(id());
            }
            Self::Result { line, sourced_id, line_item, person, class, score_status, score, score_text, scored_on, comment, flags } => {
                to.row(12).int(*line).text(sourced_id).text(line_item).text(person).maybe(*class).text(score_status).maybe(*score);
                to.maybe(*score_text).date(Some(*scored_on)).maybe(*comment).texts(flags).uuid(id());
            }
            Self::ScoreScale { line, sourced_id, title, marks } => {
                to.row(4).int(*line).text(sourced_id).text(title).text(marks);
            }
            Self::ScaleOf { line, line_item, result, scale } => {
                to.row(4).int(*line).maybe(*line_item).maybe(*result).text(scale);
            }
            Self::Stated(stated) => stated.encode(to, id),
            Self::UserFlag { line, sourced_id, person, flag } => {
                to.row(7).int(*line).text(sourced_id).text(person).text(flag).null().null().uuid(id());
            }
            Self::Relationship { line, sourced_id, person, guardian, relationship } => {
                to.row(11).int(*line).text(sourced_id).text(person).text(guardian).text(relationship).text("full");
                to.null().null().null().null().uuid(id());
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
