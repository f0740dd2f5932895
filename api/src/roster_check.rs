//! Checking a bundle: the whole validation and the whole difference, of which nothing is kept.

use openilp_domain::id::DistrictId;
use openilp_domain::roster::{LoadMode, ReadingMode, Report, RosterFault, Source};
use openilp_persistence::Shown as Seen;
use openilp_persistence::connect::Connector;
use openilp_persistence::roster::{self, Checked};
use serde::Serialize;
use serde_json::json;
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use crate::answer::{Outcome, Plain, derived_shape};
use crate::body::Query;
use crate::guard::{ImportRoster, May};
use crate::problem::{Kind, Problem};
use crate::roster::{Received, SourceParams};
use crate::roster_import::READER;
use crate::routes::{About, Routes};

/// How many faults are listed.
const FAULTS_MAX: i64 = 1000;

/// Where checks are made: a connection of its own for each, one at a time in a process, since each is as much work as an import.
pub struct RosterChecks {
    connector: Connector,
    turn: Semaphore,
}

impl RosterChecks {
    /// With connections from here.
    pub fn new(connector: Connector) -> Self {
        Self { connector, turn: Semaphore::new(1) }
    }

    async fn check(
        &self,
        district: DistrictId,
        (source, reading): (&Source, ReadingMode),
        bundle: tokio::fs::File,
        at: chrono::DateTime<chrono::Utc>,
    ) -> Result<Checked, Problem> {
        let busy = || Problem::new(Kind::Unavailable, "Another bundle is being checked. Try again in a minute.");
        let _turn = self.turn.try_acquire().map_err(|_| busy())?;
        Ok(roster::check(&self.connector, district, source, bundle.into_std().await, at, (READER, reading), FAULTS_MAX).await?)
    }
}

/// What an import of a bundle would do, or what is wrong with it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RosterCheck {
    /// The form of its files.
    mode: LoadMode,
    /// Whether it has no faults.
    sound: bool,
    /// Whether it would be held until somebody allows it.
    would_be_held: bool,
    /// What it would change. There if it is sound; if it is not and something was mended, with the repairs alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    report: Option<Report>,
    /// How many faults it has.
    fault_count: i64,
    /// The first thousand of them.
    faults: Vec<RosterFault>,
}

derived_shape!(RosterCheck, {
    json!({ "mode": "bulk", "sound": false, "wouldBeHeld": false, "faultCount": 1, "faults": [{ "number": 1, "file": "users.csv", "row": 17,
            "column": "agentSourcedIds", "code": "dangling_reference", "detail": "There is no row of users.csv with this id." }] })
});

async fn check(may: May<ImportRoster>, Query(params): Query<SourceParams>, received: Received) -> Outcome<Plain<RosterCheck>> {
    // Decided first, in a transaction of its own; what is read of the district then is counted and not shown.
    may.read(async |_, _| Ok(((), Seen::default()))).await?;
    let call = may.call();
    let checked = call.state.checks.check(call.request.district, (&params.source, params.reading), received.file, call.request.at).await?;
    let Checked { mode, mut report, fault_count, faults } = checked;
    // Only clients check bundles.
    if let Some(report) = &mut report {
        report.told_to_client();
    }
    let would_be_held = report.as_ref().is_some_and(|report| report.hold.is_some());
    Ok(Plain(RosterCheck { mode, sound: fault_count == 0, would_be_held, report, fault_count, faults }))
}

/// The routes of checks.
pub fn routes(r: &mut Routes) {
    r.tag("roster");
    r.post("/v1/roster-checks", check, About {
        id: "check_roster",
        summary: "Check a OneRoster bundle",
        text: "The whole validation, and the whole difference to what is known, answered at once. Nothing is kept: no bundle, no import, no change. A bundle that \
               is wrong is no error of the request: `sound` says whether it is. One bundle is checked at a time.",
    });
}
