//! Jobs with the plans of many students: started, looked at, cancelled, and of an export its content.

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data};
use futures_util::stream;
use openilp_domain::access::{Action, Section};
use openilp_domain::id::{IlpFileId, PlanJobId};
use openilp_domain::kind::Kind as RecordKind;
use openilp_domain::page::Page;
use openilp_domain::plan_job::{NewPlanJob, PlanJob, PlanJobRow};
use openilp_persistence::facts::Target;
use openilp_persistence::{Ask, Error, Request, Shown as Seen, plan_job};
use serde_json::{Value, json};
use tokio::time::Instant;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use uuid::Uuid;

use crate::answer::{Accepted, Amended, Composed, Listed, Media, Outcome, RawOf, accepted, amended};
use crate::body::{Body, IdempotencyKey, NoParams, PageParams, Pairs, Params, Query, whole_number};
use crate::guard::{Anyone, Call, PathId, Place};
use crate::ilp_file::whole_of;
use crate::oneroster::guard::guarded;
use crate::plain::{Viewed, listed, nothing_seen, page_of, seen};
use crate::problem::{Kind, Problem};
use crate::routes::{About, Doc, Routes};
use crate::state::State;

/// How many of a content's files are looked up at once. Each is read and sent alone.
const FILES_AT_ONCE: i64 = 100;
/// How long one content may take to be sent. What is left is had by another request, with another token.
const CONTENT_TIME: Duration = Duration::from_secs(900);
/// How many rows a table has at most.
const ROWS_MAX: i64 = 100_000;

/// The job in the path.
pub struct OnePlanJob;
impl Place for OnePlanJob {
    const KIND: RecordKind = RecordKind::PlanJob;
}

type AtJob = PathId<OnePlanJob>;

async fn start(anyone: Anyone, _: Query<NoParams>, key: IdempotencyKey, body: Body<NewPlanJob>) -> Outcome<Accepted<Viewed<PlanJob>>> {
    let Body { value: new, hash } = body;
    let Call { state, request, .. } = anyone.call();
    let location = |job: &PlanJob| accepted(format!("/v1/plan-jobs/{}", job.id), job);
    let reply = state.db.start_plan_job(request, &key.with(hash), new, location).await?;
    state.jobs.notify_one();
    Ok(reply.into())
}

async fn list(anyone: Anyone, Query(page): Query<PageParams>) -> Outcome<Listed<Viewed<PlanJob>>> {
    let page = page_of(anyone.call(), &page).await?;
    let found = anyone.browse(async |tx, grant| Ok((plan_job::list(tx, grant, page).await?, nothing_seen()))).await?;
    listed(anyone.call(), found, page).await
}

async fn read(anyone: Anyone, at: AtJob, _: Query<NoParams>) -> Outcome<Composed<Viewed<PlanJob>>> {
    let id = PlanJobId(at.id);
    let job = anyone.browse(async |tx, grant| Ok((plan_job::read(tx, grant, id).await?, nothing_seen()))).await?;
    Ok(Composed(Viewed(job)))
}

async fn cancel(anyone: Anyone, at: AtJob, _: Query<NoParams>, key: IdempotencyKey) -> Outcome<Amended<Viewed<PlanJob>>> {
    let Call { state, request, path } = anyone.call();
    let key = key.with(openilp_persistence::request_hash(path.as_bytes()));
    Ok(state.db.cancel_plan_job(request, &key, PlanJobId(at.id), |job| amended(job.version, job)).await?.into())
}

/// What a report shows of students: of those who were found. Who was named by the caller is shown only once it is decided that they may be known.
fn seen_in(job: &PlanJob, rows: &[PlanJobRow]) -> Seen {
    let of_set = job.class_id.is_some() || job.school_id.is_some();
    let found = rows.iter().filter(|row| of_set || row.outcome.is_some() && row.code.as_deref() != Some(Kind::NotFound.code()));
    let codes = [Some(Section::Status), job.template_id.map(|_| Section::PlanOfStudy)].into_iter().flatten().map(Section::code);
    seen(found.filter_map(|row| row.student_id), &codes.collect::<Vec<_>>().join(","))
}

async fn report(anyone: &Anyone, at: AtJob, after: i32, most: i64) -> Result<Vec<PlanJobRow>, Problem> {
    let report = anyone.browse(async |tx, grant| {
        let (job, rows) = plan_job::rows(tx, grant, PlanJobId(at.id), after, most).await?;
        let seen = seen_in(&job, &rows);
        Ok((rows, seen))
    });
    report.await
}

async fn rows(anyone: Anyone, at: AtJob, Query(page): Query<PageParams>) -> Outcome<Listed<Viewed<PlanJobRow>>> {
    let of = page_of(anyone.call(), &page).await?;
    // A cursor seals an id: here the number of a row as one.
    let after = of.after.and_then(|after| i32::try_from(after.as_u128()).ok()).unwrap_or(0);
    let rows = report(&anyone, at, after, of.limit.and_one()).await?;
    let id = |row: &PlanJobRow| Uuid::from_u128(u128::try_from(row.number).unwrap_or_default());
    listed(anyone.call(), Page::cut(rows, of.limit, id), of).await
}

/// Its columns.
const HEADER: [&str; 11] =
    ["number", "studentId", "ilpFileId", "outcome", "code", "detail", "added", "carried", "toAnswer", "alreadyThere", "endedAt"];

/// Rows as CSV.
pub struct RowTable;
impl Media for RowTable {
    const TYPE: &'static str = "text/csv";
    const ABOUT: &'static str = "A header, and one line for each row. No cell starts a formula in a spreadsheet.";
    fn schema(_: &mut Doc) -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).description(Some("CSV (RFC 4180).")).build().into()
    }
    fn example() -> Value {
        let id = openilp_domain::wire_example_id();
        format!("{}\r\n1,{id},{id},unchanged,,,,,,,2026-10-15T15:04:06Z\r\n", HEADER.join(",")).into()
    }
}

fn table(rows: &[PlanJobRow]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(HEADER)?;
    for row in rows {
        let text = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        let ended_at = row.ended_at.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)).unwrap_or_default();
        let (number, student, file) = (row.number.to_string(), text(row.student_id.map(Into::into)), text(row.ilp_file_id.map(Into::into)));
        let outcome = row.outcome.map(|outcome| outcome.word()).unwrap_or_default();
        let (code, detail) = (row.code.as_deref().unwrap_or_default(), row.detail.as_deref().unwrap_or_default());
        let count = |count: Option<i32>| count.map(|count| count.to_string()).unwrap_or_default();
        let [added, carried, to_answer, already_there] = [row.added, row.carried, row.to_answer, row.already_there].map(count);
        let applied = [&added, &carried, &to_answer, &already_there].map(String::as_str);
        let cells = [number.as_str(), &student, &file, outcome, code, detail].into_iter().chain(applied).chain([ended_at.as_str()]).map(guarded);
        let cells: Vec<_> = cells.collect();
        writer.write_record(cells.iter().map(|cell| cell.as_bytes()))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

async fn rows_as_table(anyone: Anyone, at: AtJob, _: Query<NoParams>) -> Outcome<RawOf<RowTable>> {
    let attached = ("Content-Disposition", format!("attachment; filename=\"plan-job-{}.csv\"", at.id));
    let rows = report(&anyone, at, 0, ROWS_MAX).await?;
    let bytes = table(&rows).map_err(|error| {
        tracing::error!(%error, "rows cannot be written");
        Problem::new(Kind::Internal, "The table could not be made.")
    })?;
    Ok(RawOf(HttpResponse::Ok().content_type("text/csv; charset=utf-8").insert_header(attached).body(bytes), PhantomData))
}

/// Whole files, one a line.
pub struct Lines;
impl Media for Lines {
    const TYPE: &'static str = "application/x-ndjson";
    const ABOUT: &'static str = "One whole file a line, each as `GET /v1/ilp-files/{ilpFileId}/whole` answers you now; then \
                                 `{\"end\":{\"files\":…,\"leftOut\":…}}`, or `{\"stopped\":{\"afterRow\":…,\"code\":…,\"detail\":…}}` if there is more to be had: go on with that \
                                 `afterRow`. Without such a last line it broke off.";
    fn schema(_: &mut Doc) -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).content_media_type(Self::TYPE).description(Some("One JSON object a line.")).build().into()
    }
    fn example() -> Value {
        let file = json!({ "id": openilp_domain::wire_example_id(), "status": "open", "goals": [] });
        format!("{file}\n{}\n", json!({ "end": { "files": 1, "leftOut": 0 } })).into()
    }
}

/// After which row it goes on.
struct ContentParams(i32);

impl Params for ContentParams {
    fn read(pairs: &mut Pairs) -> Self {
        Self(pairs.number("afterRow", 0, i64::from(i32::MAX)).and_then(|n| i32::try_from(n).ok()).unwrap_or(0))
    }
    fn describe(doc: &mut Doc) {
        let about = "The number of a row: go on after it, as the last line of a content that stopped says.";
        doc.parameter(ParameterIn::Query, "afterRow", false, whole_number(0, f64::from(i32::MAX)), about, None);
        doc.problems(&[(409, "The job has not ended, or has no content.")]);
    }
}

/// A content on its way out. Between two files it holds nothing of the database.
struct Content {
    state: Data<State>,
    request: Request,
    job: PlanJobId,
    /// The row of the last file that was read, or is not there any more.
    after: i32,
    coming: VecDeque<(i32, IlpFileId)>,
    files: u32,
    left_out: u32,
    until: Instant,
    ended: bool,
}

fn line(value: &impl serde::Serialize) -> Result<Bytes, Problem> {
    let mut line = serde_json::to_vec(value).map_err(|error| {
        tracing::error!(%error, "a line cannot be written");
        Problem::new(Kind::Internal, "A file could not be written.")
    })?;
    line.push(b'\n');
    Ok(line.into())
}

impl Content {
    /// The request as it is at this moment: rights are those of now, for each file.
    fn now(&self) -> Request {
        Request { at: self.state.clock.now(), ..self.request.clone() }
    }

    /// The next line: a file, or the last one; none after that.
    async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        while !self.ended {
            if Instant::now() > self.until {
                return Err(Problem::new(Kind::Timeout, "This takes too long for one request."));
            }
            if self.coming.is_empty() {
                let (job, after, now) = (self.job, self.after, self.now());
                let files = self
                    .state
                    .db
                    .browse(&now, None, async |tx, grant| Ok((plan_job::files(tx, grant, job, after, FILES_AT_ONCE).await?, nothing_seen())));
                self.coming = files.await?.into();
            }
            let Some((number, file)) = self.coming.front().copied() else {
                self.ended = true;
                return line(&json!({ "end": { "files": self.files, "leftOut": self.left_out } })).map(Some);
            };
            let target = Target { kind: RecordKind::IlpFile, id: file.0 };
            let ask = Ask { target, actions: &[Action::Read], section: None, list: false, add: false };
            let read = self.state.db.read(&self.now(), ask, whole_of).await;
            let whole = match read {
                Ok(whole) => Some(line(&whole)?),
                // It was to be read when the job was done, and is not any more.
                Err(Error::NotFound | Error::Forbidden) => None,
                Err(error) => return Err(error.into()),
            };
            self.coming.pop_front();
            self.after = number;
            match whole {
                Some(whole) => {
                    self.files += 1;
                    return Ok(Some(whole));
                }
                None => self.left_out += 1,
            }
        }
        Ok(None)
    }

    /// The same, once the answer is under way: what stands in the way is its last line.
    async fn next_or_why(&mut self) -> Result<Option<Bytes>, Problem> {
        match self.next().await {
            Err(problem) => {
                self.ended = true;
                let (code, detail) = (problem.kind().code(), problem.detail());
                line(&json!({ "stopped": { "afterRow": self.after, "code": code, "detail": detail } })).map(Some)
            }
            next => next,
        }
    }
}

async fn content(anyone: Anyone, at: AtJob, Query(ContentParams(after)): Query<ContentParams>) -> Outcome<RawOf<Lines>> {
    let Call { state, request, .. } = anyone.call();
    let mut content = Content {
        state: state.clone(),
        request: request.clone(),
        job: PlanJobId(at.id),
        after,
        coming: VecDeque::new(),
        files: 0,
        left_out: 0,
        until: Instant::now() + CONTENT_TIME,
        ended: false,
    };
    // Whatever stands in the way of the first file is told as a problem.
    let first = content.next().await?;
    let rest = stream::try_unfold(content, async |mut content| {
        let next = content.next_or_why().await?;
        Ok::<_, Problem>(next.map(|line| (line, content)))
    });
    let lines = futures_util::StreamExt::chain(stream::iter(first.map(Ok)), rest);
    let attached = ("Content-Disposition", format!("attachment; filename=\"plans-{}.ndjson\"", at.id));
    Ok(RawOf(HttpResponse::Ok().content_type(Lines::TYPE).insert_header(attached).streaming(Box::pin(lines)), PhantomData))
}

/// The routes of jobs.
pub fn routes(r: &mut Routes) {
    r.tag("jobs");
    r.post("/v1/plan-jobs", start, About {
        id: "create_plan_job",
        summary: "Do something with the plans of many students",
        text: "It goes on by itself; look at the address in Location. Each row is decided when it is done, by the rights that you have then, as if you had asked for that student \
               alone. A class or school stands for those of its students whom you may see. An id that is not for you to see is refused as one that is not there. With `dryRun` \
               each row is tried and taken back. Your jobs are done one after the other; at most 20 may wait: 409 `too_many_jobs`.",
    });
    r.get(
        "/v1/plan-jobs",
        list,
        About { id: "list_plan_jobs", summary: "List the jobs that you started", text: "Each is kept for 30 days after it ended." },
    );
    r.get(
        "/v1/plan-jobs/{planJobId}",
        read,
        About {
            id: "read_plan_job",
            summary: "Read how a job goes or went",
            text: "Only who started it sees it. The job of anybody else is 404, also for a custodian.",
        },
    );
    r.get(
        "/v1/plan-jobs/{planJobId}/rows",
        rows,
        About { id: "list_plan_job_rows", summary: "List what became of each student's plan in a job", text: "" },
    );
    r.get(
        "/v1/plan-jobs/{planJobId}/rows.csv",
        rows_as_table,
        About {
            id: "download_plan_job_rows",
            summary: "Download what became of each student's plan in a job",
            text: "The same as the list, as CSV.",
        },
    );
    r.get("/v1/plan-jobs/{planJobId}/content", content, About {
        id: "download_plan_job_content",
        summary: "Download the files of an export",
        text: "The files are read anew, one after the other, by the rights that you have now: nothing of them was kept. What you may not read any more is left out and counted. \
               409 `not_ended` until the job has ended; `no_content` of what is no export, or a dry run.",
    });
    r.post(
        "/v1/plan-jobs/{planJobId}/cancellation",
        cancel,
        About {
            id: "cancel_plan_job",
            summary: "End a job before it is done",
            text: "After the answer no row more is done; what was done stays. 409 `ended` if it has ended already.",
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_a_line_of_the_table() {
        let waiting = PlanJobRow {
            number: 2,
            student_id: None,
            ilp_file_id: None,
            outcome: None,
            code: None,
            detail: None,
            added: None,
            carried: None,
            to_answer: None,
            already_there: None,
            ended_at: None,
        };
        let refused = PlanJobRow { code: Some("not-found".into()), detail: Some("=A, b.".into()), number: 1, ..waiting.clone() };
        let text = String::from_utf8(table(&[refused, waiting]).unwrap()).unwrap();
        assert_eq!(text, format!("{}\r\n1,,,,not-found,\"'=A, b.\",,,,,\r\n2,,,,,,,,,,\r\n", HEADER.join(",")));
    }
}
