//! `openilp roster`: what an operator does with loads of a district's roster.

use clap::{Args, Subcommand};
use openilp_domain::id::{DistrictId, RosterImportId};
use openilp_domain::page::{Limit, PageOf};
use openilp_domain::roster::RosterImport;
use openilp_persistence::roster;
use openilp_persistence::{Db, Result, Tx};

use crate::config::Config;
use crate::database::Database;
use crate::import::{ended, watch};
use crate::state::{Clock, SystemClock};

/// What is done.
#[derive(Debug, Subcommand)]
pub enum RosterVerb {
    /// List the loads of a district, the latest last.
    List {
        /// The id of the district.
        #[arg(long)]
        district: DistrictId,
    },
    /// Let a held load go on.
    Release {
        #[command(flatten)]
        which: Which,
        /// The SHA-256 of the bundle that you have looked at.
        #[arg(long)]
        bundle_hash: String,
    },
    /// Try a load again that failed or was refused.
    Retry {
        #[command(flatten)]
        which: Which,
    },
    /// Take the newest load of a source back.
    Rollback {
        #[command(flatten)]
        which: Which,
    },
}

/// A load of a district.
#[derive(Debug, Args)]
pub struct Which {
    /// The id of the load.
    load: RosterImportId,
    /// The id of the district.
    #[arg(long)]
    district: DistrictId,
}

/// Does it, and tells how it ended.
pub async fn run(verb: RosterVerb, config: &Config, say: &dyn Fn(&str)) -> anyhow::Result<String> {
    let database = Database::open(config, say).await?;
    let done = done(verb, &database, say).await;
    database.close().await;
    done
}

async fn done(verb: RosterVerb, database: &Database, say: &dyn Fn(&str)) -> anyhow::Result<String> {
    match verb {
        RosterVerb::List { district } => list(database, district).await,
        RosterVerb::Release { which, bundle_hash } => {
            go_on(database, &which, say, async |tx, load| roster::release(tx, None, load, &bundle_hash).await).await
        }
        RosterVerb::Retry { which } => go_on(database, &which, say, async |tx, load| roster::retry(tx, None, load).await).await,
        RosterVerb::Rollback { which } => go_on(database, &which, say, async |tx, load| roster::take_back(tx, None, load, None).await).await,
    }
}

/// Puts a load into the queue and runs it to its end.
async fn go_on(
    database: &Database,
    which: &Which,
    say: &dyn Fn(&str),
    ask: impl AsyncFnOnce(&Tx<'_>, RosterImportId) -> Result<RosterImport>,
) -> anyhow::Result<String> {
    let db = Db::new(database.connector.clone(), 2, Default::default())?;
    let import = db.system(which.district, SystemClock.now(), async |tx| ask(tx, which.load).await).await?;
    let (import, faults) = watch(database, which.district, import, say).await?;
    ended(&import, &faults)
}

async fn list(database: &Database, district: DistrictId) -> anyhow::Result<String> {
    let db = Db::new(database.connector.clone(), 2, Default::default())?;
    let mut lines = vec![format!("{:<38}{:<12}{:<10}{:<11}{:<22}{:>9}", "load", "source", "mode", "status", "handed in", "ms")];
    let mut after = None;
    loop {
        let page = PageOf { limit: Limit::default(), after };
        let found = db.system(district, SystemClock.now(), async |tx| roster::list(tx, None, page).await).await?;
        for import in &found.items {
            lines.push(format!(
                "{:<38}{:<12}{:<10}{:<11}{:<22}{:>9}",
                import.id.to_string(),
                import.source,
                import.mode.map_or("", |mode| mode.word()),
                import.status.word(),
                import.created_at.format("%Y-%m-%d %H:%M:%SZ").to_string(),
                import.duration_ms.map(|ms| ms.to_string()).unwrap_or_default()
            ));
        }
        after = found.next;
        if after.is_none() {
            return Ok(lines.join("\n"));
        }
    }
}
