//! The same again: most nights a bundle has the very files of the load before. Then nothing has to be read row by row, as long as nobody
//! has changed what a load looks at, and no day has come on which the same rows mean something else.

use std::io::{Seek, SeekFrom};

use chrono::{Duration, NaiveDate};
use openilp_domain::kind::Kind;
use openilp_domain::roster::{Counts, LoadMode, PAST_AFTER_DAYS, ReadingMode, Report};
use serde::{Deserialize, Serialize};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::stage::io;
use super::work::{Work, column, failed};
use super::{FileDigest, Reader};
use crate::error::{Error, Result};

/// What is remembered of a load's files, and by which program: another one may understand them differently.
#[derive(Serialize, Deserialize)]
struct Files {
    program: String,
    reading: ReadingMode,
    files: Vec<FileDigest>,
    /// The position of the feed that the load had seen when it began.
    seen: i64,
}

const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// The kinds that a load looks at, whoever changed them. Of links and assignments only the removal counts: what people decide of them stands.
const LOOKED_AT: [Kind; 26] = [
    Kind::District,
    Kind::School,
    Kind::AcademicSession,
    Kind::Course,
    Kind::Class,
    Kind::Person,
    Kind::Student,
    Kind::Role,
    Kind::Enrollment,
    Kind::IlpFile,
    Kind::Plan,
    Kind::Division,
    Kind::Registration,
    Kind::Category,
    Kind::LineItem,
    Kind::ReportCard,
    Kind::Address,
    Kind::Telephone,
    Kind::StudentFlag,
    Kind::GuardianClaim,
    Kind::AssignmentClaim,
    Kind::CaseloadClaim,
    Kind::StateIdentifier,
    Kind::AttendanceTotal,
    Kind::YearOutcome,
    Kind::PostSchoolOutcome,
];

/// The load of the source that was applied last, unless another has been taken back since.
const LAST: &str = "
    select id, report, mode, file_digests, same_until, first_position, last_position from roster_imports
     where district_id = :district and source = :source and status = 'applied' order by id desc limit 1";

/// The next day on which the same rows mean something else: a role begins or ends, a session does, or the bundle becomes one of the past.
const SAME_UNTIL: &str = "
    select min(d) from (
      select begins_on as d from staged_roles union all select ends_on + 1 from staged_roles
      union all select begins_on from roles where district_id = :district and active
      union all select ends_on + 1 from roles where district_id = :district and active
      union all select starts_on from academic_sessions where district_id = :district
      union all select ends_on + 1 from academic_sessions where district_id = :district
      union all select max(ends_on) + $past from staged_sessions) x
     where d > :today";

fn rewound(bundle: &std::fs::File) -> Result<std::fs::File> {
    let mut file = bundle.try_clone().map_err(|error| io(&error))?;
    file.seek(SeekFrom::Start(0)).map_err(|error| io(&error))?;
    Ok(file)
}

async fn digests(reader: Reader, file: std::fs::File, known: Option<Vec<FileDigest>>) -> Result<Option<Vec<FileDigest>>> {
    let digests = tokio::task::spawn_blocking(move || (reader.digests)(file, known.as_deref())).await;
    digests.map_err(|error| Error::Internal(format!("looking at the bundle ended badly: {error}")))?.map_err(|error| io(&error))
}

/// The report of a load that changes nothing, if the bundle has the files of the load before and nothing else has happened.
pub(super) async fn as_last_load(
    work: &mut Work,
    bundle: &std::fs::File,
    (reader, reading): (Reader, ReadingMode),
    seen: i64,
) -> Result<Option<(Report, Option<LoadMode>)>> {
    let rows = work.rows(LAST).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let (load, until): (Uuid, Option<NaiveDate>) = (column(row, 0)?, column(row, 4)?);
    let (Some(report), Some(known)) = (column::<Option<serde_json::Value>>(row, 1)?, column::<Option<serde_json::Value>>(row, 3)?) else {
        return Ok(None);
    };
    let Ok(known) = serde_json::from_value::<Files>(known) else { return Ok(None) };
    if known.program != PROGRAM || known.reading != reading || until.is_none_or(|until| work.values.today >= until) {
        return Ok(None);
    }
    let (first, last): (Option<i64>, Option<i64>) = (column(row, 5)?, column(row, 6)?);
    if touched(work, load, known.seen, first, last).await? {
        return Ok(None);
    }
    let Some(files) = digests(reader, rewound(bundle)?, Some(known.files)).await? else {
        return Ok(None);
    };
    let report: Report = serde_json::from_value(report).map_err(|error| Error::Internal(error.to_string()))?;
    let mode = column::<Option<String>>(row, 2)?.and_then(|word| word.parse().ok());
    keep(work, &Files { program: PROGRAM.to_owned(), reading, files, seen }, until).await?;
    Ok(Some((unchanged(report), mode)))
}

/// Whether anybody but the load has changed what a load looks at.
async fn touched(work: &Work, load: Uuid, seen: i64, first: Option<i64>, last: Option<i64>) -> Result<bool> {
    let kinds: Vec<&str> = LOOKED_AT.iter().map(|kind| kind.word()).collect();
    let once = [Kind::GuardianLink.word(), Kind::Assignment.word()];
    // The load's own stretch of the feed may be long; it is stepped over.
    let (first, last) = (first.unwrap_or(seen), last.unwrap_or(seen));
    let sql = "with since as (
                 select kind, operation, import_id from changes where district_id = $1 and position > $2 and position < $3
                 union all select kind, operation, import_id from changes where district_id = $1 and position > greatest($2, $4)
                 union all select kind, operation, import_id from changes where district_id = $1 and position is null)
               select exists (select from since where import_id is distinct from $5
                                 and (kind = any($6) or (kind = any($7) and operation = 'removed')))";
    let values: [&(dyn ToSql + Sync); 7] = [&work.values.district, &seen, &first, &last, &load, &kinds, &once.as_slice()];
    column(&work.client.query_one(sql, &values).await.map_err(|error| failed(&error))?, 0)
}

/// The counts of a load whose rows are all known.
fn unchanged(mut report: Report) -> Report {
    let students = report.students;
    report.students = Counts { unchanged: students.created + students.amended + students.unchanged, ..Counts::default() };
    for file in &mut report.files {
        file.counts = Counts { unchanged: file.rows - file.not_stored, ..Counts::default() };
        (file.created_examples, file.amended_examples, file.ended_examples) = Default::default();
    }
    let Report { school_year, files, students, repairs, not_kept, results_in_no_named_category, .. } = report;
    Report { school_year, files, students, repairs, not_kept, results_in_no_named_category, ..Report::default() }
}

/// Remembers the files of a load that has been applied. Where somebody decided beside it, the next load looks again.
pub(super) async fn remember(work: &Work, bundle: std::fs::File, (reader, reading): (Reader, ReadingMode), seen: i64) -> Result<()> {
    if work.number("select count(*) from left_alone").await? > 0 {
        return Ok(());
    }
    let Some(files) = digests(reader, rewound(&bundle)?, None).await? else { return Ok(()) };
    let until = SAME_UNTIL.replace("$past", &(PAST_AFTER_DAYS + 1).to_string());
    let rows = work.rows(&until).await?;
    let until: Option<NaiveDate> = rows.first().map_or(Ok(None), |row| column(row, 0))?;
    // Where no day is known, it is looked at whole once a year.
    let until = until.unwrap_or(work.values.today + Duration::days(365));
    keep(work, &Files { program: PROGRAM.to_owned(), reading, files, seen }, Some(until)).await
}

async fn keep(work: &Work, files: &Files, until: Option<NaiveDate>) -> Result<()> {
    let files = serde_json::to_value(files).map_err(|error| Error::Internal(error.to_string()))?;
    let sql = "update roster_imports set file_digests = $3, same_until = $4 where district_id = $1 and id = $2";
    let values: [&(dyn ToSql + Sync); 4] = [&work.values.district, &work.values.import, &files, &until];
    work.client.execute(sql, &values).await.map_err(|error| failed(&error))?;
    Ok(())
}
