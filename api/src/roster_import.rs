//! Imports of OneRoster bundles: what the parser reads goes to where persistence stages it. The job runner of the service and the
//! command line both come here.

use std::cell::Cell;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use openilp_domain::id::{DistrictId, RosterImportId};
use openilp_domain::roster::{FileNotKept, ImportStatus, ReadingMode, Repair, RepairPlace};
use openilp_persistence::connect::Connector;
use openilp_persistence::roster::{self, Parsed, Progress, Reader, RosterFile, Rows, Staged};
use openilp_persistence::{Db, Result};
use tokio::sync::Notify;

use crate::oneroster::bundle::{Bundle, Coming, FileSummary, Limits, OpenError, Summary};
use crate::oneroster::fault::Fault;
use crate::oneroster::repair;
use crate::oneroster::rows::{ClassRow, EnrollmentRow, Row, SourcedId, UserRow};
use crate::roster_gradebook as gradebook;

/// How often waiting imports are looked for, besides when one is handed in: those of other processes and of killed ones.
const SWEEP: Duration = Duration::from_secs(5);

/// Runs one import to its end, if it waits and nobody else is at an import of the district. Returns how it ended.
pub async fn run_import(
    connector: &Connector,
    district: DistrictId,
    import: RosterImportId,
    data_folder: &Path,
    clock: impl Fn() -> DateTime<Utc>,
    progress: impl FnMut(Progress),
) -> Result<Option<ImportStatus>> {
    roster::run(connector, district, import, data_folder, clock, READER, progress).await
}

/// Runs imports as they are handed in, until the service stops. `handed_in` is notified after the commit of one.
pub async fn run_jobs(db: Db, connector: Connector, data_folder: &Path, clock: impl Fn() -> DateTime<Utc>, handed_in: Arc<Notify>) {
    loop {
        let told = |district: DistrictId, import: RosterImportId, at: Progress| {
            tracing::info!(%district, %import, stage = %at.status, done = at.done, total = at.total, "roster import");
        };
        if let Err(error) = roster::run_waiting(&db, &connector, data_folder, &clock, READER, told).await {
            tracing::debug!(%error, "imports wait for the database");
        }
        // Whether it was told or the time was up, it looks.
        let _elapsed = tokio::time::timeout(SWEEP, handed_in.notified()).await;
    }
}

/// How bundles are read.
pub const READER: Reader = Reader { parse, digests: crate::roster_digests::digests };

/// Reads a bundle and hands over its sound rows.
pub fn parse(file: File, reading: ReadingMode, rows: &mut Rows) -> io::Result<Parsed> {
    let mut faults = Vec::new();
    let limits = Limits { faults_max: u64::try_from(roster::FAULTS_KEPT).unwrap_or(u64::MAX), ..Limits::default() };
    let mut bundle = match Bundle::open_as(file, reading, limits) {
        Ok(bundle) => bundle,
        Err(OpenError::Io(error)) => return Err(error),
        Err(OpenError::Refused(refused)) => {
            let faults: Vec<_> = refused.into_iter().map(staged_fault).collect();
            return Ok(Parsed { fault_count: i64::try_from(faults.len()).unwrap_or(i64::MAX), faults, ..Parsed::default() });
        }
    };
    let at = Cell::new((0, 0));
    let summary = bundle.read::<io::Error>(
        |row| {
            let (done, total) = at.get();
            rows.progress(done, total);
            stage(&row, rows)
        },
        |fault| faults.push(staged_fault(fault)),
        &mut |progress| at.set((progress.bytes_done, progress.bytes_total)),
    )?;
    let come = |coming| {
        let as_such = |file: &RosterFile| summary.files.iter().any(|read| read.file == file.name() && read.coming == coming);
        RosterFile::ALL.into_iter().filter(as_such).collect()
    };
    Ok(Parsed {
        faults,
        fault_count: i64::try_from(summary.faults).unwrap_or(i64::MAX),
        bulk: come(Coming::Bulk),
        delta: come(Coming::Delta),
        whole: whole(&summary),
        repairs: summary.repairs.iter().map(mended).collect(),
        not_kept: summary.files.iter().filter(|file| !file.imported).map(not_kept).collect(),
    })
}

fn mended(repair: &repair::Repair) -> Repair {
    let place = |place: &repair::Place| RepairPlace { row: place.row, before: place.before.clone(), after: place.after.clone() };
    Repair {
        file: repair.file.clone(),
        column: repair.column.clone(),
        code: repair.code.code().to_owned(),
        count: i64::try_from(repair.count).unwrap_or(i64::MAX),
        places: repair.places.iter().map(place).collect(),
    }
}

fn not_kept(file: &FileSummary) -> FileNotKept {
    FileNotKept { file: file.file.to_owned(), rows: i64::try_from(file.rows).unwrap_or(i64::MAX) }
}

/// Files of which every row was handed over. One that is not in the bundle is whole too, unless it should be there.
fn whole(summary: &Summary) -> Vec<RosterFile> {
    let faulty = |file: &RosterFile| summary.files.iter().any(|read| read.file == file.name() && read.faulty_rows > 0);
    let read = |file: &RosterFile| summary.files.iter().any(|read| read.file == file.name());
    let sound = |file: &RosterFile| summary.complete && !faulty(file) && (summary.faults == 0 || read(file));
    RosterFile::ALL.into_iter().filter(sound).collect()
}

fn staged_fault(fault: Fault) -> roster::Fault {
    roster::Fault { file: fault.file, row: fault.row, column: fault.column, code: fault.code.code(), detail: fault.detail }
}

/// Hands a row over.
pub(crate) fn stage(row: &Row, rows: &mut Rows) -> io::Result<()> {
    match row {
        Row::Org(org) => rows.push(&Staged::Org {
            line: org.line,
            sourced_id: org.sourced_id.as_str(),
            name: &org.name,
            kind: org.kind.word(),
            identifier: org.identifier.as_deref(),
            parent: id(org.parent_sourced_id.as_ref()),
        }),
        Row::AcademicSession(session) => rows.push(&Staged::Session {
            line: session.line,
            sourced_id: session.sourced_id.as_str(),
            title: &session.title,
            kind: session.kind.word(),
            starts_on: session.start_date,
            ends_on: session.end_date,
            parent: id(session.parent_sourced_id.as_ref()),
            school_year: session.school_year,
        }),
        Row::Course(course) => rows.push(&Staged::Course {
            line: course.line,
            sourced_id: course.sourced_id.as_str(),
            title: &course.title,
            course_code: course.course_code.as_deref(),
            school_year: id(course.school_year_sourced_id.as_ref()),
            org: course.org_sourced_id.as_str(),
        }),
        Row::Class(class) => stage_class(class, rows),
        Row::User(user) => stage_user(user, rows),
        Row::Role(role) => rows.push(&Staged::Role {
            line: role.line,
            sourced_id: role.sourced_id.as_str(),
            person: role.user_sourced_id.as_str(),
            role: role.role.word(),
            primary_role: role.role_type.word() == "primary",
            begins_on: role.begin_date,
            ends_on: role.end_date,
            org: role.org_sourced_id.as_str(),
        }),
        Row::Demographics(demographics) => rows.push(&Staged::Demographics {
            line: demographics.line,
            sourced_id: demographics.sourced_id.as_str(),
            birth_date: demographics.birth_date,
        }),
        Row::Enrollment(enrollment) => stage_enrollment(enrollment, rows),
        Row::Deleted(deleted) => match RosterFile::ALL.into_iter().find(|file| file.name() == deleted.file) {
            Some(file) => rows.push(&Staged::Removal { line: deleted.line, file, sourced_id: deleted.sourced_id.as_str() }),
            None => Ok(()),
        },
        row => gradebook::stage(row, rows),
    }
}

fn stage_class(class: &ClassRow, rows: &mut Rows) -> io::Result<()> {
    let periods = Some(class.periods.join(",")).filter(|periods| !periods.is_empty());
    rows.push(&Staged::Class {
        line: class.line,
        sourced_id: class.sourced_id.as_str(),
        title: &class.title,
        course: class.course_sourced_id.as_str(),
        class_code: class.class_code.as_deref(),
        kind: class.class_type.word(),
        location: class.location.as_deref(),
        school: class.school_sourced_id.as_str(),
        terms: class.term_sourced_ids.iter().map(SourcedId::as_str).collect(),
        periods: periods.as_deref(),
    })
}

/// What systems call the type of the identifier that the state gives, in small letters.
const STATE_ID_TYPES: [&str; 4] = ["statestudentid", "sasid", "ssid", "stateid"];

fn stage_user(user: &UserRow, rows: &mut Rows) -> io::Result<()> {
    let state_id = user.user_ids.iter().find(|id| STATE_ID_TYPES.iter().any(|kind| kind.eq_ignore_ascii_case(&id.kind)));
    rows.push(&Staged::User {
        line: user.line,
        sourced_id: user.sourced_id.as_str(),
        active: user.enabled_user,
        given_name: &user.given_name,
        family_name: &user.family_name,
        middle_name: user.middle_name.as_deref(),
        preferred_given_name: user.preferred_given_name.as_deref(),
        preferred_family_name: user.preferred_family_name.as_deref(),
        pronouns: user.pronouns.as_deref(),
        email: user.email.as_deref(),
        telephone: user.phone.as_deref(),
        sms: user.sms.as_deref(),
        local_id: user.identifier.as_deref(),
        state_id: state_id.map(|id| id.identifier.as_str()),
        grade: user.grades.first().map(String::as_str),
        primary_org: id(user.primary_org_sourced_id.as_ref()),
        agents: user.agent_sourced_ids.iter().map(SourcedId::as_str).collect(),
    })
}

fn stage_enrollment(enrollment: &EnrollmentRow, rows: &mut Rows) -> io::Result<()> {
    rows.push(&Staged::Enrollment {
        line: enrollment.line,
        sourced_id: enrollment.sourced_id.as_str(),
        class: enrollment.class_sourced_id.as_str(),
        school: enrollment.school_sourced_id.as_str(),
        person: enrollment.user_sourced_id.as_str(),
        role: enrollment.role.word(),
        primary_teacher: enrollment.primary.unwrap_or_default(),
        begins_on: enrollment.begin_date,
        ends_on: enrollment.end_date,
    })
}

fn id(sourced_id: Option<&SourcedId>) -> Option<&str> {
    sourced_id.map(SourcedId::as_str)
}
