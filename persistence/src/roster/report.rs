//! The report of a load: what it changes, counted, kind by kind and file by file.

use openilp_domain::kind::Kind;
use openilp_domain::roster::{Counts, FileReport, Report};

use super::entity::ENTITIES;
use super::gradebook;
use super::staged::RosterFile;
use super::work::{Work, column};
use super::{rekeyed, supplement};
use crate::error::Result;

/// How many sourcedIds the report names of each kind.
pub(super) const EXAMPLES: usize = 100;

/// Counts the differences.
pub(super) async fn report(work: &Work) -> Result<Report> {
    let mut report = Report { school_year: work.values.year, ..Report::default() };
    for file in RosterFile::ALL {
        let told = file_report(work, file).await?;
        if file.is_rostering() || told.rows > 0 || told.counts != Counts::default() {
            report.files.push(told);
        }
    }
    let rows = work.number("select count(*) from next_students").await?;
    report.students = changes(work, Kind::Student).await?.of(rows);
    report.files_to_open = changes(work, Kind::IlpFile).await?.created;
    report.files_to_freeze = work.number("select count(*) from changed_ilp_files where status = 'frozen'").await?;
    report.divisions_to_open = changes(work, Kind::Division).await?.created;
    let registrations = changes(work, Kind::Registration).await?;
    (report.registrations_to_copy, report.registrations_to_refresh) = (registrations.created, registrations.amended);
    gradebook::report(work, &mut report).await?;
    report.guardian_links_to_propose = changes(work, Kind::GuardianLink).await?.created;
    report.gatekeepers_to_propose = changes_where(work, Kind::Assignment, "kind = 'gatekeeper'").await?.created;
    report.assignments_to_propose = changes_where(work, Kind::Assignment, "kind <> 'gatekeeper'").await?.created;
    (report.potential_duplicates, report.potential_duplicate_examples) = rekeyed::told(work).await?;
    Ok(report)
}

/// The differences of a kind.
#[derive(Clone, Copy, Default)]
struct Changes {
    created: i64,
    amended: i64,
    ended: i64,
    /// Of those ended, how many are in the bundle, switched off.
    switched_off: i64,
}

impl Changes {
    /// Beside so many rows of the bundle.
    fn of(self, rows: i64) -> Counts {
        let Self { created, amended, ended, switched_off } = self;
        Counts { created, amended, ended, unchanged: (rows - created - amended - switched_off).max(0) }
    }
}

async fn changes(work: &Work, kind: Kind) -> Result<Changes> {
    changes_where(work, kind, "true").await
}

/// The differences of a kind for which something holds.
async fn changes_where(work: &Work, kind: Kind, holds: &str) -> Result<Changes> {
    let Some(entity) = ENTITIES.iter().find(|entity| entity.kind == kind) else { return Ok(Changes::default()) };
    let switched_off = match kind {
        Kind::Person => "ended and id in (select k.id from known_people k)",
        Kind::Student => "ended and id in (select n.id from next_students n)",
        _ => "false",
    };
    let sql = format!(
        "select count(*) filter (where created), count(*) filter (where not created and not ended), count(*) filter (where ended),
                count(*) filter (where {switched_off}) from {} where {holds}",
        entity.changed()
    );
    let rows = work.rows(&sql).await?;
    let Some(row) = rows.first() else { return Ok(Changes::default()) };
    Ok(Changes { created: column(row, 0)?, amended: column(row, 1)?, ended: column(row, 2)?, switched_off: column(row, 3)? })
}

/// The records that the rows of a file become.
pub(super) fn kind_of(file: RosterFile) -> Option<Kind> {
    Some(match file {
        RosterFile::Orgs => Kind::School,
        RosterFile::AcademicSessions => Kind::AcademicSession,
        RosterFile::Courses => Kind::Course,
        RosterFile::Classes => Kind::Class,
        RosterFile::Users => Kind::Person,
        RosterFile::Roles => Kind::Role,
        RosterFile::Enrollments => Kind::Enrollment,
        RosterFile::Categories => Kind::Category,
        RosterFile::LineItems => Kind::LineItem,
        RosterFile::Results => Kind::ReportCard,
        RosterFile::Demographics => return None,
        of_supplement => return supplement::becomes(of_supplement),
    })
}

/// The files whose rows become records, with the kind of those. Where two files have the same kind, the first.
pub(super) fn kinds() -> impl Iterator<Item = (RosterFile, Kind)> {
    let mut before = Vec::new();
    RosterFile::ALL.into_iter().filter_map(move |file| {
        let kind = kind_of(file).filter(|kind| !before.contains(kind))?;
        before.push(kind);
        Some((file, kind))
    })
}

/// The file whose rows become records of a kind.
pub(super) fn file_of(kind: Kind) -> Option<RosterFile> {
    kinds().find(|(_, of)| *of == kind).map(|(file, _)| file)
}

async fn file_report(work: &Work, file: RosterFile) -> Result<FileReport> {
    let (name, table) = (file.name().to_owned(), file.table());
    let rows = work.number(&format!("select count(*) from {table} where line > 0")).await?;
    let Some(kind) = kind_of(file) else { return demographics(work, name, rows).await };
    if kind == Kind::ReportCard {
        return gradebook::results(work, name, rows).await;
    }
    let not_stored = match file {
        RosterFile::Orgs => work.number("select count(*) from staged_orgs where line > 0 and kind <> 'school'").await?,
        _ => 0,
    };
    let of_file = supplement::of_file(file);
    let mut changed = changes_where(work, kind, of_file).await?;
    let mut amended_examples = examples(work, kind, &format!("not created and not ended and {of_file}")).await?;
    if file == RosterFile::Users {
        changed.amended += work.number(&format!("select count(*) from ({OF_STUDENTS}) s")).await?;
        for row in &work.rows(&format!("{OF_STUDENTS} order by c.named limit {EXAMPLES}")).await? {
            amended_examples.push(column(row, 0)?);
        }
        amended_examples.sort();
        amended_examples.truncate(EXAMPLES);
    }
    Ok(FileReport {
        file: name,
        rows,
        counts: changed.of(rows - not_stored),
        not_stored,
        created_examples: examples(work, kind, &format!("created and {of_file}")).await?,
        amended_examples,
        ended_examples: examples(work, kind, &format!("ended and {of_file}")).await?,
    })
}

/// Of those users who are the same people as before, students of whom `users.csv` says another grade or identifier. The school is that of a role, and the birth
/// date stands in another file.
const OF_STUDENTS: &str = "
    select c.named from changed_students c join students t on t.district_id = :district and t.id = c.id
      join staged_users u on u.sourced_id = c.named and u.line > 0
     where not c.created and not c.ended and not exists (select from changed_people p where p.id = c.id)
       and (t.grade is distinct from c.grade or (t.school_id, t.birth_date, t.active) is not distinct from (c.school_id, c.birth_date, c.active))";

/// Of demographics only birth dates of students are kept, and they are kept with the student.
async fn demographics(work: &Work, file: String, rows: i64) -> Result<FileReport> {
    let kept =
        work.number("select count(*) from staged_demographics where line > 0 and sourced_id in (select sourced_id from next_students)").await?;
    let differing = "select count(*) from changed_students c join staged_demographics d on d.sourced_id = c.named";
    let created = work.number(&format!("{differing} where c.created")).await?;
    let amended = work
        .number(&format!("{differing} join students t on t.district_id = :district and t.id = c.id where t.birth_date is distinct from c.birth_date"))
        .await?;
    let counts = Changes { created, amended, ..Changes::default() }.of(kept);
    Ok(FileReport { file, rows, counts, not_stored: rows - kept, ..FileReport::default() })
}

pub(super) async fn examples(work: &Work, kind: Kind, which: &str) -> Result<Vec<String>> {
    let Some(entity) = ENTITIES.iter().find(|entity| entity.kind == kind) else { return Ok(vec![]) };
    let sql = format!("select named from {} where {which} and named is not null order by named limit {EXAMPLES}", entity.changed());
    work.rows(&sql).await?.iter().map(|row| column(row, 0)).collect()
}
