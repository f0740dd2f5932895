//! Jobs are done row by row: each row in a transaction of its own, through the door, as whoever started the job, with the rights that they then have.
//!
//! **Once.** The outcome of a row is written in the transaction of its effect, under the lock of the row: whoever is killed leaves a row that waits, and
//! whoever comes later finds it done or does it. **By whom.** A process claims a job for some seconds and renews that while it is at it; another takes
//! it up once that has passed. **In turn.** Of one person's jobs the oldest is done first, and of all that may be done each has some rows in turn.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::sql_types::{Bool, Date, Int4, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use openilp_domain::access::{Action, Item, Section};
use openilp_domain::field::SchoolYear;
use openilp_domain::grade::Grade;
use openilp_domain::id::{DistrictId, IlpFileId, PersonId, PlanJobId, SchoolId, StudentId, TemplateId};
use openilp_domain::kind::Kind;
use openilp_domain::noun::Rules;
use openilp_domain::page::{Limit, PageOf};
use openilp_domain::plan_job::{PlanJobKind, PlanJobOutcome, PlanJobStatus};
use openilp_domain::principal::{Principal, Through};
use openilp_domain::program::{NewTemplateApplication, ProgramItem, TemplateApplication};
use uuid::Uuid;

use super::{OWN, add, set};
use crate::door::{Db, Tx, settle};
use crate::error::{Error, Result};
use crate::facts::{Target, parse};
use crate::grant::{Grant, Granted};
use crate::request::{Ask, Notice, Reply, Request};
use crate::student::{self, Search};
use crate::{program, statement};

/// For how long a process claims a job. Whoever is killed keeps others from it for so long.
const CLAIM: TimeDelta = TimeDelta::seconds(10);
/// How much of it may have passed before it is renewed.
const RENEW: TimeDelta = TimeDelta::seconds(4);
/// How many rows a job has in its turn.
const TURN: i64 = 25;
/// How many students are looked at at once when the set is made.
const PAGE: i64 = 100;

/// What a job does with each plan, and with what. A kind is a line here, in [`Task::of`], in [`Task::ask`] and in [`Task::row`].
#[derive(Clone, Debug)]
enum Task {
    Export,
    Apply(NewTemplateApplication),
}

impl Task {
    fn of(kind: PlanJobKind, (template, school_year, carry_from): Applying) -> Result<Self> {
        match (kind, template, school_year) {
            (PlanJobKind::ExportPlans, ..) => Ok(Self::Export),
            (PlanJobKind::ApplyTemplate, Some(template), Some(school_year)) => Ok(Self::Apply(NewTemplateApplication {
                template_id: TemplateId(template),
                school_year: SchoolYear(school_year),
                carry_from: carry_from.map(SchoolYear),
            })),
            (PlanJobKind::ApplyTemplate, ..) => Err(Error::Internal("a job that applies a template says which".into())),
        }
    }

    /// What the same request by hand asks of the file.
    fn ask(&self, target: Target) -> Ask {
        match self {
            Self::Export => Ask { target, actions: &[Action::Read], section: None, list: false, add: false },
            Self::Apply(_) => Ask { target, actions: ProgramItem::WRITTEN_BY, section: Some(Section::PlanOfStudy), list: false, add: true },
        }
    }

    /// One student's, once it is granted. An export keeps nothing of the file: what is remembered is that it may be read, and when its content is
    /// asked for the file is read anew.
    async fn row(&self, tx: &Tx<'_>, granted: &Granted<'_>) -> Result<Option<TemplateApplication>> {
        match self {
            Self::Export => Ok(None),
            Self::Apply(template) => program::apply(tx, granted, template).await.map(Some),
        }
    }
}

/// Whose plans.
#[derive(Clone, Debug)]
enum Whom {
    Named,
    Class(Uuid),
    School(SchoolId, Option<Grade>),
}

/// A job that was taken up.
#[derive(Clone, Debug)]
pub struct Job {
    id: PlanJobId,
    district: DistrictId,
    person: PersonId,
    principal: Principal,
    request_id: String,
    task: Task,
    dry_run: bool,
    status: PlanJobStatus,
    whom: Whom,
    claimed_until: DateTime<Utc>,
}

/// A row that waits.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    /// Its number.
    pub number: i32,
    file: Option<IlpFileId>,
}

statement! {
    /// The oldest job of each person that has not ended, if no process is at it.
    Ready { district: SqlUuid = Uuid, now: Timestamptz = DateTime<Utc> } -> (SqlUuid)
    "select id from (select distinct on (person_id) id, claimed_until from plan_jobs
                      where district_id = $1 and status in ('queued', 'running') order by person_id, id) j
      where claimed_until is null or claimed_until <= $2 order by id"
}

statement! {
    /// Claims a job, unless another process just did.
    Claim { district: SqlUuid = Uuid, id: SqlUuid = Uuid, now: Timestamptz = DateTime<Utc>, until: Timestamptz = DateTime<Utc> }
    -> ((SqlUuid, Text, Text, Text, Nullable<Text>, Bool), (Text, Text, Bool, Text), (Nullable<SqlUuid>, Nullable<SqlUuid>, Nullable<Text>),
        (Nullable<SqlUuid>, Nullable<Int4>, Nullable<Int4>))
    "update plan_jobs set claimed_until = $4
      where district_id = $1 and id = (select id from plan_jobs where district_id = $1 and id = $2 and status in ('queued', 'running')
                                          and (claimed_until is null or claimed_until <= $3) for update skip locked)
     returning person_id, issuer, subject, through, front_end, reads_only, request_id, kind, dry_run, status, class_id, school_id, grade,
               template_id, school_year, carry_from"
}

statement! {
    /// Renews a claim that is still this process's, or gives it back.
    Renew { district: SqlUuid = Uuid, id: SqlUuid = Uuid, mine: Timestamptz = DateTime<Utc>, until: Nullable<Timestamptz> = Option<DateTime<Utc>> } -> (SqlUuid)
    "update plan_jobs set claimed_until = $4 where district_id = $1 and id = $2 and claimed_until = $3 and status in ('queued', 'running') returning id"
}

statement! {
    /// The rows of a job that wait, with the file of each.
    Rows { district: SqlUuid = Uuid, job: SqlUuid = Uuid, most: Int8 = i64 } -> (Int4, Nullable<SqlUuid>)
    "select r.number, coalesce(r.ilp_file_id, f.id) from plan_job_rows r
       left join ilp_files f on f.district_id = $1 and f.student_id = r.student_id
      where r.district_id = $1 and r.job_id = $2 and r.outcome is null order by r.number limit $3"
}

statement! {
    /// Takes a row that waits, of a job that runs. The job is locked against its end until the row is done.
    Take { district: SqlUuid = Uuid, job: SqlUuid = Uuid, number: Int4 = i32 } -> (Int4)
    "select r.number from plan_job_rows r join plan_jobs j on j.district_id = $1 and j.id = $2 and j.status = 'running'
      where r.district_id = $1 and r.job_id = $2 and r.number = $3 and r.outcome is null
        for update of r skip locked for share of j"
}

statement! {
    /// Writes down what became of a row that waits.
    Write {
        district: SqlUuid = Uuid, job: SqlUuid = Uuid, number: Int4 = i32, outcome: Text = &'static str, code: Nullable<Text> = Option<String>,
        detail: Nullable<Text> = Option<String>, at: Timestamptz = DateTime<Utc>, student: Nullable<SqlUuid> = Option<Uuid>,
        file: Nullable<SqlUuid> = Option<Uuid>, added: Nullable<Int4> = Option<i32>, carried: Nullable<Int4> = Option<i32>,
        already_there: Nullable<Int4> = Option<i32>,
    } -> ()
    "update plan_job_rows set outcome = $4, code = $5, detail = $6, ended_at = $7, student_id = coalesce($8, student_id), ilp_file_id = coalesce($9, ilp_file_id),
            added = $10, carried = $11, already_there = $12
      where district_id = $1 and job_id = $2 and number = $3 and outcome is null"
}

statement! {
    /// How many rows a job has, and how many wait.
    Left { district: SqlUuid = Uuid, job: SqlUuid = Uuid } -> (Int4, Int4)
    "select count(*)::integer, (count(*) filter (where outcome is null))::integer from plan_job_rows where district_id = $1 and job_id = $2"
}

statement! {
    /// Locks a job that has not ended.
    Lock { district: SqlUuid = Uuid, id: SqlUuid = Uuid } -> (Text)
    "select status from plan_jobs where district_id = $1 and id = $2 and status in ('queued', 'running') for update"
}

statement! {
    /// Who is in a class on a day, after one of them.
    InClass { district: SqlUuid = Uuid, class: SqlUuid = Uuid, day: Date = NaiveDate, after: SqlUuid = Uuid, most: Int8 = i64 } -> (SqlUuid)
    "select distinct e.person_id from enrollments e join students s on s.district_id = $1 and s.id = e.person_id and s.active
      where e.district_id = $1 and e.class_id = $2 and e.role = 'student' and e.active
        and coalesce(e.begins_on <= $3, true) and coalesce(e.ends_on >= $3, true) and e.person_id > $4
      order by e.person_id limit $5"
}

/// The jobs that may be done now: of each person the oldest.
pub async fn ready(db: &Db, now: DateTime<Utc>) -> Result<Vec<(DistrictId, PlanJobId)>> {
    let districts = db.register(async |conn| crate::district::ids(conn).await).await?;
    let look = async |tx: &Tx<'_>| {
        let mut conn = tx.conn;
        Ok(Ready { district: tx.district.0, now }.load::<(Uuid,)>(&mut conn).await?)
    };
    let found = db.each_district(&districts, now, look).await?;
    Ok(found.into_iter().flat_map(|(district, jobs)| jobs.into_iter().map(move |(id,)| (district, PlanJobId(id)))).collect())
}

/// The template, the school year, and the one of which answers are carried forward.
type Applying = (Option<Uuid>, Option<i32>, Option<i32>);
type Claimed =
    ((Uuid, String, String, String, Option<String>, bool), (String, String, bool, String), (Option<Uuid>, Option<Uuid>, Option<String>), Applying);

/// Takes a job up. None, if another process has it.
pub async fn claim(db: &Db, district: DistrictId, id: PlanJobId, now: DateTime<Utc>) -> Result<Option<Job>> {
    let claimed_until = now + CLAIM;
    let claimed = db.system(district, now, async |tx| {
        let mut conn = tx.conn;
        Ok(Claim { district: district.0, id: id.0, now, until: claimed_until }.load::<Claimed>(&mut conn).await?)
    });
    let Some((who, what, whom, applying)) = claimed.await?.into_iter().next() else { return Ok(None) };
    let (person, issuer, subject, through, front_end, reads_only) = who;
    let (request_id, kind, dry_run, status) = what;
    let through = match (through.as_str(), front_end) {
        ("itself", _) => Through::Itself,
        ("frontEnd", Some(client_id)) => Through::FrontEnd { client_id, reads_only },
        _ => Through::Unnamed,
    };
    let whom = match whom {
        (Some(class), ..) => Whom::Class(class),
        (None, Some(school), grade) => Whom::School(SchoolId(school), grade.as_deref().map(parse).transpose()?),
        _ => Whom::Named,
    };
    Ok(Some(Job {
        id,
        district,
        person: PersonId(person),
        principal: Principal::Person { district_id: district, issuer, subject, through },
        request_id,
        task: Task::of(parse(&kind)?, applying)?,
        dry_run,
        status: parse(&status)?,
        whom,
        claimed_until,
    }))
}

impl Job {
    /// Who started it, as their token said.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    fn request(&self, at: DateTime<Utc>) -> Request {
        Request {
            principal: self.principal.clone(),
            district: self.district,
            operation: "create_plan_job",
            request_id: self.request_id.clone(),
            at,
            notice: Notice::default(),
        }
    }

    /// The login may be another person's by now.
    fn is_by(&self, grant: &Grant) -> Result<()> {
        if grant.person()? == self.person { Ok(()) } else { Err(Error::Unknown) }
    }

    /// Has a job that waits run, with the students that it is for. `vouched`: whether whoever started it may still come.
    pub async fn begin(&mut self, db: &Db, vouched: bool, now: DateTime<Utc>) -> Result<()> {
        if self.status != PlanJobStatus::Queued {
            return Ok(());
        }
        let found = match self.whom {
            Whom::Named => Ok(false),
            _ if !vouched => Ok(false),
            _ => self.gather(db, now).await,
        };
        match found {
            // Whoever may not come any more sees nobody.
            Err(error) if !error.is_refusal() => return Err(error),
            Ok(true) => {}
            Ok(false) | Err(_) => db.system(self.district, now, async |tx| self.run(tx).await).await?,
        }
        self.status = PlanJobStatus::Running;
        Ok(())
    }

    async fn run(&self, tx: &Tx<'_>) -> Result<()> {
        let mut conn = tx.conn;
        if self.lock(tx).await? == Some(PlanJobStatus::Queued) {
            let (total, _) = Left { district: tx.district.0, job: self.id.0 }.get_result::<(i32, i32)>(&mut conn).await?;
            set(tx, self.id, PlanJobStatus::Running, Some(total)).await?;
        }
        Ok(())
    }

    /// Where the job stands, unless it has ended.
    async fn lock(&self, tx: &Tx<'_>) -> Result<Option<PlanJobStatus>> {
        let mut conn = tx.conn;
        let rows = Lock { district: tx.district.0, id: self.id.0 }.load::<(String,)>(&mut conn).await?;
        rows.into_iter().next().map(|(status,)| parse(&status)).transpose()
    }

    /// Finds those of the class or school whom the caller may see, and runs with them. Of the others nothing is kept.
    async fn gather(&self, db: &Db, now: DateTime<Utc>) -> Result<bool> {
        let work = async |tx: &Tx<'_>, granted: &Granted<'_>| {
            if self.lock(tx).await? == Some(PlanJobStatus::Queued) {
                match self.whom {
                    Whom::Class(class) => self.gather_class(tx, granted.grant(), class).await?,
                    Whom::School(school, grade) => self.gather_school(tx, granted.grant(), school, grade).await?,
                    Whom::Named => {}
                }
                self.run(tx).await?;
            }
            Ok(no_reply())
        };
        let decide = |grant: &Grant| self.is_by(grant).map(|()| OWN);
        db.change(&self.request(now), Target::district(self.district), None, decide, work).await?;
        Ok(true)
    }

    async fn gather_class(&self, tx: &Tx<'_>, grant: &Grant, class: Uuid) -> Result<()> {
        let (mut conn, mut after, mut count) = (tx.conn, Uuid::nil(), 0);
        loop {
            let page = InClass { district: tx.district.0, class, day: grant.district().today, after, most: PAGE };
            let students: Vec<_> = page.load::<(Uuid,)>(&mut conn).await?.into_iter().map(|(id,)| StudentId(id)).collect();
            let Some(last) = students.last() else { return Ok(()) };
            after = last.0;
            let standings = grant.towards(tx, students.clone()).await?;
            // Who is in a class stands in the registrations.
            let reads = |standing: &Grant, section| standing.relation_for(Action::Read, section, &Item::default()).is_some();
            let seen = |student: &StudentId| {
                let standing = standings.get(student);
                standing.is_some_and(|standing| reads(standing, Section::Identity) && reads(standing, Section::SchoolRecords))
            };
            self.add(tx, students.into_iter().filter(seen), &mut count).await?;
        }
    }

    async fn gather_school(&self, tx: &Tx<'_>, grant: &Grant, school: SchoolId, grade: Option<Grade>) -> Result<()> {
        let search = Search { school_id: Some(school), grade, ..Search::default() };
        let (mut page, mut count) = (PageOf { limit: Limit::new(Limit::MAX).unwrap_or_default(), after: None }, 0);
        loop {
            let found = student::search(tx, grant, self.person, &search, page).await?;
            let attend = found.items.iter().filter(|(student, _)| student.active).map(|(student, _)| student.id);
            self.add(tx, attend, &mut count).await?;
            page.after = found.next;
            if page.after.is_none() {
                return Ok(());
            }
        }
    }

    async fn add(&self, tx: &Tx<'_>, students: impl Iterator<Item = StudentId>, count: &mut i32) -> Result<()> {
        let named: Vec<_> = students.map(|student| (Some(student), None)).collect();
        let more = i32::try_from(named.len()).unwrap_or_default();
        add(tx, self.id, *count, named).await?;
        *count += more;
        Ok(())
    }

    /// Some rows that wait.
    pub async fn waiting(&self, db: &Db, now: DateTime<Utc>) -> Result<Vec<Waiting>> {
        let rows = db.system(self.district, now, async |tx| {
            let mut conn = tx.conn;
            Ok(Rows { district: self.district.0, job: self.id.0, most: TURN }.load::<(i32, Option<Uuid>)>(&mut conn).await?)
        });
        Ok(rows.await?.into_iter().map(|(number, file)| Waiting { number, file: file.map(IlpFileId) }).collect())
    }

    /// Renews the claim where that is due. False: it is not ours any more, or the job has ended.
    pub async fn keep(&mut self, db: &Db, now: DateTime<Utc>) -> Result<bool> {
        if self.claimed_until - now > CLAIM - RENEW {
            return Ok(true);
        }
        let until = now + CLAIM;
        let renew = Renew { district: self.district.0, id: self.id.0, mine: self.claimed_until, until: Some(until) };
        self.claimed_until = until;
        db.system(self.district, now, async |tx| {
            let mut conn = tx.conn;
            Ok(!renew.load::<(Uuid,)>(&mut conn).await?.is_empty())
        })
        .await
    }

    /// Does a row, if it still waits and the job runs. In a dry run all of it is taken back but what became of it.
    ///
    /// # Errors
    /// As the same request by hand would have had.
    pub async fn row(&self, db: &Db, row: Waiting, now: DateTime<Utc>) -> Result<()> {
        // Who has no file is like who is not there.
        let target = Target { kind: Kind::IlpFile, id: row.file.map_or(Uuid::nil(), Uuid::from) };
        let decide = |grant: &Grant| {
            self.is_by(grant)?;
            settle(grant, &self.task.ask(target))
        };
        let work = async |tx: &Tx<'_>, granted: &Granted<'_>| {
            let mut conn = tx.conn;
            let take = Take { district: tx.district.0, job: self.id.0, number: row.number };
            if take.load::<(i32,)>(&mut conn).await?.is_empty() {
                return Ok(no_reply());
            }
            if self.dry_run {
                conn.batch_execute("savepoint dry_run").await?;
            }
            let applied = self.task.row(tx, granted).await?;
            if self.dry_run {
                conn.batch_execute("rollback to savepoint dry_run").await?;
                tx.forget_changes();
            }
            let outcome = if applied.is_some_and(|applied| applied.added > 0) { PlanJobOutcome::Changed } else { PlanJobOutcome::Unchanged };
            let (student, file) = (Some(granted.student_id()?.0), row.file.map(Uuid::from));
            self.write(tx, Written { student, file, applied, ..Written::new(row.number, outcome) }).await?;
            Ok(no_reply())
        };
        db.change(&self.request(now), target, None, decide, work).await.map(|_| ())
    }

    /// Writes down why a row was not done.
    pub async fn not_done(&self, db: &Db, row: Waiting, outcome: PlanJobOutcome, why: (String, String), now: DateTime<Utc>) -> Result<()> {
        db.system(self.district, now, async |tx| {
            if self.lock(tx).await? == Some(PlanJobStatus::Running) {
                self.write(tx, Written { why: Some(why), ..Written::new(row.number, outcome) }).await?;
            }
            Ok(())
        })
        .await
    }

    async fn write(&self, tx: &Tx<'_>, written: Written) -> Result<()> {
        let mut conn = tx.conn;
        let Written { number, outcome, why, student, file, applied } = written;
        let (district, job, outcome, (code, detail)) = (tx.district.0, self.id.0, outcome.word(), why.unzip());
        let count = |of: fn(TemplateApplication) -> usize| applied.and_then(|applied| i32::try_from(of(applied)).ok());
        let (added, carried, already_there) =
            (count(|applied| applied.added), count(|applied| applied.carried), count(|applied| applied.already_there));
        Write { district, job, number, outcome, code, detail, at: tx.at, student, file, added, carried, already_there }.execute(&mut conn).await?;
        Ok(())
    }

    /// Ends the job if no row waits any more; else leaves it to whoever takes it up next.
    pub async fn leave(&self, db: &Db, now: DateTime<Utc>) -> Result<()> {
        db.system(self.district, now, async |tx| {
            let mut conn = tx.conn;
            if self.lock(tx).await? != Some(PlanJobStatus::Running) {
                return Ok(());
            }
            let (district, id) = (tx.district.0, self.id.0);
            let (_, left) = Left { district, job: id }.get_result::<(i32, i32)>(&mut conn).await?;
            if left == 0 {
                set(tx, self.id, PlanJobStatus::Done, None).await?;
            } else {
                Renew { district, id, mine: self.claimed_until, until: None }.load::<(Uuid,)>(&mut conn).await?;
            }
            Ok(())
        })
        .await
    }
}

/// What is written of a row.
struct Written {
    number: i32,
    outcome: PlanJobOutcome,
    /// The code, and the same in words.
    why: Option<(String, String)>,
    student: Option<Uuid>,
    file: Option<Uuid>,
    applied: Option<TemplateApplication>,
}

impl Written {
    fn new(number: i32, outcome: PlanJobOutcome) -> Self {
        Self { number, outcome, why: None, student: None, file: None, applied: None }
    }
}

/// Nobody waits for an answer.
fn no_reply() -> Reply {
    Reply { status: 204, headers: vec![], body: vec![] }
}
