//! Jobs with the plans of many students are done in the background, on connections of their own: a large one holds up nobody.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use openilp_domain::id::{DistrictId, PlanJobId};
use openilp_domain::plan_job::PlanJobOutcome;
use openilp_persistence::plan_job::run::{self, Job, Waiting};
use openilp_persistence::{Error, Result};

use crate::problem::Problem;
use crate::state::State;

/// How many jobs a process is at.
const AT_ONCE: usize = 2;
/// Connections for them: one each, and one to look.
pub const CONNECTIONS: usize = AT_ONCE + 1;
/// How often jobs are looked for, besides when one is started: those of other processes and of killed ones.
const SWEEP: Duration = Duration::from_secs(5);
/// How often a row is tried that something else stands in the way of.
const TRIES: u32 = 4;
/// How long between the first two tries; then longer.
const PAUSE: Duration = Duration::from_millis(100);

/// Does jobs as they are started, until the service stops. It is notified after the commit of one.
pub async fn run_jobs(state: State) {
    loop {
        let done = match run::ready(&state.db, state.clock.now()).await {
            Ok(ready) => {
                let turns = stream::iter(ready).map(|(district, job)| turn(&state, district, job)).buffer_unordered(AT_ONCE);
                turns.fold(false, async |any, done| any || done).await
            }
            Err(error) => {
                tracing::debug!(%error, "jobs wait for the database");
                false
            }
        };
        if !done {
            // Whether it was told or the time was up, it looks.
            let _elapsed = tokio::time::timeout(SWEEP, state.jobs.notified()).await;
        }
    }
}

/// Some rows of a job. Whether anything was done.
async fn turn(state: &State, district: DistrictId, id: PlanJobId) -> bool {
    let done = async {
        let Some(mut job) = run::claim(&state.db, district, id, state.clock.now()).await? else { return Ok(false) };
        some_rows(state, &mut job).await?;
        job.leave(&state.db, state.clock.now()).await?;
        Ok(true)
    };
    done.await.unwrap_or_else(|error: Error| {
        tracing::warn!(%district, job = %id, %error, "a job could not go on and waits");
        false
    })
}

async fn some_rows(state: &State, job: &mut Job) -> Result<()> {
    let now = || state.clock.now();
    let vouched = state.auth.vouches_for(&state.db, job.principal(), now()).await.map_err(|error| Error::Unavailable(Box::new(error)))?;
    job.begin(&state.db, vouched, now()).await?;
    for row in job.waiting(&state.db, now()).await? {
        if !job.keep(&state.db, now()).await? {
            break;
        }
        let done = if vouched { tried(state, job, row).await } else { Err(Error::Unknown) };
        if let Err(error) = done {
            let (outcome, why) = not_done(error)?;
            job.not_done(&state.db, row, outcome, why, now()).await?;
        }
    }
    Ok(())
}

async fn tried(state: &State, job: &Job, row: Waiting) -> Result<()> {
    let mut pause = PAUSE;
    for _ in 1..TRIES {
        match job.row(&state.db, row, state.clock.now()).await {
            Err(Error::Busy) => tokio::time::sleep(pause).await,
            done => return done,
        }
        pause *= 2;
    }
    job.row(&state.db, row, state.clock.now()).await
}

/// What becomes of a row that was not done, and why: in the words that the single request would have had. Where the database is away it waits.
fn not_done(error: Error) -> Result<(PlanJobOutcome, (String, String))> {
    let outcome = match &error {
        Error::Unavailable(_) => return Err(error),
        Error::Busy | Error::Database(_) | Error::Internal(_) => PlanJobOutcome::Failed,
        _ => PlanJobOutcome::Refused,
    };
    let ended = matches!(error, Error::Unknown | Error::NotLinked);
    let problem = Problem::from(error);
    let (code, detail) = match problem.first_fault() {
        Some((code, detail)) => (code, detail),
        None if ended => (problem.kind().code(), "The login with which this was started is nobody's any more."),
        None => (problem.kind().code(), problem.detail()),
    };
    Ok((outcome, (code.to_owned(), detail.to_owned())))
}
