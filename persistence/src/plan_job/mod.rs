//! Jobs with the plans of many students, as rows: started, looked at, cancelled by who started them, and by nobody else. [`run`] does them.

pub mod run;

use chrono::{DateTime, Utc};
use diesel::ExpressionMethods;
use diesel::sql_types::{Array, Bool, Int4, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use openilp_domain::access::Relation;
use openilp_domain::field::SchoolYear;
use openilp_domain::id::{IlpFileId, PersonId, PlanJobId, SchoolId, StudentId, TemplateId};
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::page::{Page, PageOf};
use openilp_domain::plan_job::{NewPlanJob, PlanJob, PlanJobRow, PlanJobStatus, UNFINISHED_MAX};
use openilp_domain::principal::{Principal, Through};
use uuid::Uuid;

use crate::door::{Db, Tx};
use crate::error::{Error, Result};
use crate::facts::{Target, parse};
use crate::grant::{Grant, Granted};
use crate::idempotency::Key;
use crate::journal::Change;
use crate::request::{Reply, Request};
use crate::schema::plan_jobs::dsl;
use crate::{program, school, statement};

/// The relation by which somebody starts or ends a job of their own: what they do for themself. What the job may do is decided row by row.
const OWN: Relation = Relation::Student;
/// How long a job is kept after it ended.
const DAYS_KEPT: i64 = 30;

type Head = (SqlUuid, Text, Text, Bool);
type Counts = (Int4, Int4, Int4, Int4, Int4);
type Times = (Int4, Timestamptz, Timestamptz);
type More = (Nullable<Int4>, Nullable<SqlUuid>, Nullable<SqlUuid>, Nullable<Text>, Nullable<Timestamptz>, Nullable<Timestamptz>);
type Applying = (Nullable<SqlUuid>, Nullable<Int4>, Nullable<Int4>);

type JobRow = (
    (Uuid, String, String, bool),
    (i32, i32, i32, i32, i32),
    (i32, DateTime<Utc>, DateTime<Utc>),
    (Option<i32>, Option<Uuid>, Option<Uuid>, Option<String>, Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    (Option<Uuid>, Option<i32>, Option<i32>),
);

/// Jobs with their counts. $1 is the district; `$which` goes on.
macro_rules! jobs { ($which:literal) => { concat!(
    "select j.id, j.kind, j.status, j.dry_run, c.done, c.changed, c.unchanged, c.refused, c.failed, j.version, j.created_at, j.updated_at,
            j.total, j.class_id, j.school_id, j.grade, j.started_at, j.ended_at, j.template_id, j.school_year, j.carry_from
       from plan_jobs j
      cross join lateral (
            select count(*)::integer as done, (count(*) filter (where outcome = 'changed'))::integer as changed,
                   (count(*) filter (where outcome = 'unchanged'))::integer as unchanged, (count(*) filter (where outcome = 'refused'))::integer as refused,
                   (count(*) filter (where outcome = 'failed'))::integer as failed
              from plan_job_rows where district_id = $1 and job_id = j.id and outcome is not null) c
      where j.district_id = $1 ", $which) } }

statement! {
    /// One; if somebody is named, only if it is theirs.
    One { district: SqlUuid = Uuid, id: SqlUuid = Uuid, person: Nullable<SqlUuid> = Option<Uuid> } -> (Head, Counts, Times, More, Applying)
    jobs!("and j.id = $2 and ($3 is null or j.person_id = $3)")
}

statement! {
    /// Somebody's, after one of them.
    Own { district: SqlUuid = Uuid, person: SqlUuid = Uuid, after: SqlUuid = Uuid, most: Int8 = i64 } -> (Head, Counts, Times, More, Applying)
    jobs!("and j.person_id = $2 and j.id > $3 order by j.id limit $4")
}

statement! {
    /// Where a job of somebody's stands; it is locked, and the row under way is waited for.
    Locked { district: SqlUuid = Uuid, id: SqlUuid = Uuid, person: SqlUuid = Uuid } -> (Text)
    "select status from plan_jobs where district_id = $1 and id = $2 and person_id = $3 for update"
}

statement! {
    /// How many of somebody's have not ended.
    Unfinished { district: SqlUuid = Uuid, person: SqlUuid = Uuid } -> (Int8)
    "select count(*) from plan_jobs where district_id = $1 and person_id = $2 and status in ('queued', 'running')"
}

statement! {
    /// Gives a job rows, after those that it has.
    Add {
        district: SqlUuid = Uuid, job: SqlUuid = Uuid, first: Int4 = i32,
        students: Array<Nullable<SqlUuid>> = Vec<Option<Uuid>>, files: Array<Nullable<SqlUuid>> = Vec<Option<Uuid>>,
    } -> ()
    "insert into plan_job_rows (district_id, job_id, number, student_id, ilp_file_id)
     select $1, $2, $3 + n::integer, s, f from unnest($4, $5) with ordinality as named (s, f, n)"
}

statement! {
    /// Rows of a job, after a number.
    Rows { district: SqlUuid = Uuid, job: SqlUuid = Uuid, after: Int4 = i32, most: Int8 = i64 }
    -> ((Int4, Nullable<SqlUuid>, Nullable<SqlUuid>), (Nullable<Text>, Nullable<Text>, Nullable<Text>, Nullable<Timestamptz>),
        (Nullable<Int4>, Nullable<Int4>, Nullable<Int4>))
    "select number, student_id, ilp_file_id, outcome, code, detail, ended_at, added, carried, already_there
       from plan_job_rows where district_id = $1 and job_id = $2 and number > $3 order by number limit $4"
}

statement! {
    /// The files that an export decided on, after a number.
    Files { district: SqlUuid = Uuid, job: SqlUuid = Uuid, after: Int4 = i32, most: Int8 = i64 } -> (Int4, SqlUuid)
    "select number, ilp_file_id from plan_job_rows
      where district_id = $1 and job_id = $2 and number > $3 and outcome = 'unchanged' and ilp_file_id is not null order by number limit $4"
}

statement! {
    /// Ends a job, or begins it.
    Set { district: SqlUuid = Uuid, id: SqlUuid = Uuid, status: Text = &'static str, at: Timestamptz = DateTime<Utc>, ends: Bool = bool, total: Nullable<Int4> = Option<i32> }
    -> (Int4)
    "update plan_jobs set status = $3, version = version + 1, updated_at = $4, started_at = coalesce(started_at, case when not $5 then $4 end),
            ended_at = case when $5 then $4 end, claimed_until = case when not $5 then claimed_until end, total = coalesce($6, total)
      where district_id = $1 and id = $2 returning version"
}

statement! {
    /// Forgets jobs that ended long ago.
    Forget { district: SqlUuid = Uuid, before: Timestamptz = DateTime<Utc> } -> ()
    "delete from plan_jobs where district_id = $1 and ended_at < $2"
}

fn job((head, counts, times, more, applying): JobRow) -> Result<PlanJob> {
    let (id, kind, status, dry_run) = head;
    let (done, changed, unchanged, refused, failed) = counts;
    let (version, created_at, updated_at) = times;
    let (total, class, school, grade, started_at, ended_at) = more;
    let (template, school_year, carry_from) = applying;
    Ok(PlanJob {
        id: id.into(),
        kind: parse(&kind)?,
        status: parse(&status)?,
        dry_run,
        done,
        changed,
        unchanged,
        refused,
        failed,
        version,
        created_at,
        updated_at,
        total,
        class_id: class.map(Into::into),
        school_id: school.map(SchoolId),
        grade: grade.as_deref().map(parse).transpose()?,
        template_id: template.map(TemplateId),
        school_year: school_year.map(SchoolYear),
        carry_from: carry_from.map(SchoolYear),
        started_at,
        ended_at,
    })
}

async fn one(tx: &Tx<'_>, id: PlanJobId, person: Option<PersonId>) -> Result<PlanJob> {
    let mut conn = tx.conn;
    let rows = One { district: tx.district.0, id: id.0, person: person.map(Uuid::from) }.load::<JobRow>(&mut conn).await?;
    rows.into_iter().next().map_or(Err(Error::NotFound), job)
}

/// One of the caller's. Anybody else's is not there, whoever asks.
pub async fn read(tx: &Tx<'_>, grant: &Grant, id: PlanJobId) -> Result<PlanJob> {
    one(tx, id, Some(grant.person()?)).await
}

/// A page of the caller's.
pub async fn list(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<PlanJob>> {
    let mut conn = tx.conn;
    let after = page.after.unwrap_or(Uuid::nil());
    let own = Own { district: tx.district.0, person: grant.person()?.0, after, most: page.limit.and_one() };
    let jobs = own.load::<JobRow>(&mut conn).await?.into_iter().map(job).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(jobs, page.limit, |job| job.id.0))
}

type ReportRow = (
    (i32, Option<Uuid>, Option<Uuid>),
    (Option<String>, Option<String>, Option<String>, Option<DateTime<Utc>>),
    (Option<i32>, Option<i32>, Option<i32>),
);

/// One of the caller's with rows of it, at most so many after the number given.
pub async fn rows(tx: &Tx<'_>, grant: &Grant, id: PlanJobId, after: i32, most: i64) -> Result<(PlanJob, Vec<PlanJobRow>)> {
    let job = read(tx, grant, id).await?;
    let mut conn = tx.conn;
    let found = Rows { district: tx.district.0, job: id.0, after, most }.load::<ReportRow>(&mut conn).await?;
    let row = |((number, student, file), (outcome, code, detail, ended_at), (added, carried, already_there)): ReportRow| {
        Ok(PlanJobRow {
            number,
            student_id: student.map(StudentId),
            ilp_file_id: file.map(IlpFileId),
            outcome: outcome.as_deref().map(parse).transpose()?,
            code,
            detail,
            added,
            carried,
            to_answer: added.zip(carried).map(|(added, carried)| added - carried),
            already_there,
            ended_at,
        })
    };
    Ok((job, found.into_iter().map(row).collect::<Result<_>>()?))
}

/// Files that an export of the caller's decided on, each with the number of its row, at most so many after the number given. Whether the caller
/// may still read them is decided when each is read.
pub async fn files(tx: &Tx<'_>, grant: &Grant, id: PlanJobId, after: i32, most: i64) -> Result<Vec<(i32, IlpFileId)>> {
    let job = read(tx, grant, id).await?;
    if job.kind.writes() || job.dry_run {
        return Err(Error::Conflict { code: "no_content", detail: "This job has no content: it is no export, or a dry run." });
    }
    if !job.status.is_final() {
        return Err(Error::Conflict { code: "not_ended", detail: "The job has not ended yet." });
    }
    let mut conn = tx.conn;
    let files = Files { district: tx.district.0, job: id.0, after, most }.load::<(i32, Uuid)>(&mut conn).await?;
    Ok(files.into_iter().map(|(number, file)| (number, IlpFileId(file))).collect())
}

/// Journals what a job is now.
fn note(tx: &Tx<'_>, operation: Operation, job: &PlanJob) -> Result<()> {
    tx.note(Change::of(Kind::PlanJob, job.id, job.version, operation, job)?);
    Ok(())
}

/// Has a job begin or end.
async fn set(tx: &Tx<'_>, id: PlanJobId, status: PlanJobStatus, total: Option<i32>) -> Result<PlanJob> {
    let mut conn = tx.conn;
    let set = Set { district: tx.district.0, id: id.0, status: status.word(), at: tx.at, ends: status.is_final(), total };
    set.get_result::<(i32,)>(&mut conn).await?;
    let job = one(tx, id, None).await?;
    note(tx, Operation::Amended, &job)?;
    Ok(job)
}

/// Gives a job rows.
async fn add(tx: &Tx<'_>, id: PlanJobId, before: i32, named: Vec<(Option<StudentId>, Option<IlpFileId>)>) -> Result<()> {
    let mut conn = tx.conn;
    let (students, files) = named.into_iter().map(|(student, file)| (student.map(Uuid::from), file.map(Uuid::from))).unzip();
    Add { district: tx.district.0, job: id.0, first: before, students, files }.execute(&mut conn).await?;
    Ok(())
}

async fn insert(tx: &Tx<'_>, request: &Request, granted: &Granted<'_>, new: NewPlanJob) -> Result<PlanJob> {
    let Principal::Person { issuer, subject, through, .. } = &request.principal else { return Err(Error::Forbidden) };
    let (word, reads_only) = match through {
        Through::Itself => ("itself", false),
        Through::FrontEnd { reads_only, .. } => ("frontEnd", *reads_only),
        Through::Unnamed => ("unnamed", false),
    };
    if let (Some(template), Some(school_year)) = (new.template_id, new.school_year) {
        program::expect_applicable(tx, granted, template, school_year).await?;
    }
    if let Some(class) = new.class_id {
        school::expect_class(tx, class).await?;
    }
    if let Some(school) = new.school_id {
        school::expect(tx, school).await?;
    }
    let (mut conn, person) = (tx.conn, granted.person()?);
    let (unfinished,) = Unfinished { district: tx.district.0, person: person.0 }.get_result::<(i64,)>(&mut conn).await?;
    if unfinished >= UNFINISHED_MAX {
        return Err(Error::Conflict { code: "too_many_jobs", detail: "So many of your jobs have not ended that no more is taken." });
    }
    let NewPlanJob { kind, dry_run, class_id, school_id, grade, student_ids, ilp_file_ids, template_id, school_year, carry_from } = new;
    let students = student_ids.into_iter().flatten().map(|student| (Some(student), None));
    let named: Vec<_> = students.chain(ilp_file_ids.into_iter().flatten().map(|file| (None, Some(file)))).collect();
    let total = if named.is_empty() { None } else { i32::try_from(named.len()).ok() };
    let id = PlanJobId(tx.id());
    let who = (dsl::district_id.eq(tx.district.0), dsl::id.eq(id.0), dsl::person_id.eq(person.0), dsl::issuer.eq(issuer), dsl::subject.eq(subject));
    let how =
        (dsl::through.eq(word), dsl::front_end.eq(through.client_id()), dsl::reads_only.eq(reads_only), dsl::request_id.eq(&request.request_id));
    let what = (
        dsl::kind.eq(kind.word()),
        dsl::dry_run.eq(dry_run),
        dsl::class_id.eq(class_id.map(Uuid::from)),
        dsl::school_id.eq(school_id.map(Uuid::from)),
        dsl::grade.eq(grade.map(|grade| grade.word())),
        dsl::total.eq(total),
        dsl::template_id.eq(template_id.map(Uuid::from)),
        dsl::school_year.eq(school_year.map(|year| year.0)),
        dsl::carry_from.eq(carry_from.map(|year| year.0)),
    );
    let when = (dsl::status.eq(PlanJobStatus::Queued.word()), dsl::version.eq(1), dsl::created_at.eq(tx.at), dsl::updated_at.eq(tx.at));
    diesel::insert_into(dsl::plan_jobs).values((who, how, what, when)).execute(&mut conn).await?;
    add(tx, id, 0, named).await?;
    let job = one(tx, id, None).await?;
    note(tx, Operation::Created, &job)?;
    Ok(job)
}

impl Db {
    /// Takes a job in. Whose plans it may touch is decided row by row, when each is done.
    pub async fn start_plan_job(&self, request: &Request, key: &Key, new: NewPlanJob, reply: impl FnOnce(&PlanJob) -> Reply) -> Result<Reply> {
        let writes = new.kind.writes();
        let decide = |grant: &Grant| {
            grant.person()?;
            if writes && !grant.may_write() { Err(Error::Forbidden) } else { Ok(OWN) }
        };
        let work = async |tx: &Tx<'_>, granted: &Granted<'_>| Ok(reply(&insert(tx, request, granted, new).await?));
        self.change(request, Target::district(request.district), Some(key), decide, work).await
    }

    /// Ends a job of the caller's before it is done. After the answer no row more is done.
    pub async fn cancel_plan_job(&self, request: &Request, key: &Key, id: PlanJobId, reply: impl FnOnce(&PlanJob) -> Reply) -> Result<Reply> {
        let work = async |tx: &Tx<'_>, granted: &Granted<'_>| {
            let mut conn = tx.conn;
            let locked = Locked { district: tx.district.0, id: id.0, person: granted.person()?.0 }.load::<(String,)>(&mut conn).await?;
            let (status,) = locked.into_iter().next().ok_or(Error::NotFound)?;
            if parse::<PlanJobStatus>(&status)?.is_final() {
                return Err(Error::Conflict { code: "ended", detail: "The job has ended already." });
            }
            Ok(reply(&set(tx, id, PlanJobStatus::Cancelled, None).await?))
        };
        self.change(request, Target::district(request.district), Some(key), |grant| grant.person().map(|_| OWN), work).await
    }
}

/// Forgets jobs that ended long ago, with their reports.
pub(crate) async fn forget(tx: &Tx<'_>) -> Result<()> {
    let mut conn = tx.conn;
    let before = tx.at - chrono::TimeDelta::days(DAYS_KEPT);
    Forget { district: tx.district.0, before }.execute(&mut conn).await?;
    Ok(())
}
