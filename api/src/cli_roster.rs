//! `openilp roster`: what an operator does with loads of a district's roster.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use openilp_domain::id::{DistrictId, RosterImportId};
use openilp_domain::page::{Limit, PageOf};
use openilp_domain::roster::{RosterImport, Source};
use openilp_persistence::roster;
use openilp_persistence::{Db, Error, Result, Tx};
use tokio::fs::{File, OpenOptions};

use crate::config::Config;
use crate::database::Database;
use crate::import::{ended, watch};
use crate::roster_export::export_roster;
use crate::state::{Clock, SystemClock};

/// After how many rows it is told how far an export is.
const ROWS_TOLD: u64 = 100_000;

/// What is done.
#[derive(Debug, Subcommand)]
pub enum RosterVerb {
    /// List the loads of a district, the latest last.
    List {
        /// The id of the district.
        #[arg(long)]
        district: DistrictId,
    },
    /// Write the roster of a source as it is known, as a OneRoster 1.2 bundle. Importing it again as the same source changes nothing.
    Export {
        /// The zip to write. It must not be there yet; nobody but you may read it.
        file: PathBuf,
        /// The id of the district.
        #[arg(long)]
        district: DistrictId,
        /// The system that the roster comes from.
        #[arg(long, default_value = Source::DEFAULT, value_parser = crate::import::source)]
        source: Source,
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
        RosterVerb::Export { file, district, source } => export(database, district, source, &file, say).await,
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

/// Writes the roster of a source into a new file.
async fn export(database: &Database, district: DistrictId, source: Source, path: &Path, say: &dyn Fn(&str)) -> anyhow::Result<String> {
    let shown = path.display();
    // Before any work: who asks for a place that cannot be written need not wait.
    let mut to = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).await.with_context(|| format!("cannot write {shown}"))?;
    let written = write_roster(database, district, source, &mut to, say).await;
    if written.is_err() {
        tokio::fs::remove_file(path).await.with_context(|| format!("{shown} is not whole and cannot be removed"))?;
    }
    let (bytes, rows) = written?;
    let lines = rows.into_iter().map(|(file, count)| format!("{file:<26}{count:>10}"));
    Ok(lines.chain([format!("{shown}, {bytes} bytes")]).collect::<Vec<_>>().join("\n"))
}

async fn write_roster(
    database: &Database,
    district: DistrictId,
    source: Source,
    to: &mut File,
    say: &dyn Fn(&str),
) -> anyhow::Result<(u64, Vec<(&'static str, u64)>)> {
    let db = Db::new(database.connector.clone(), 2, Default::default())?;
    let name = source.as_str().to_owned();
    let asked = db.system(district, SystemClock.now(), async |tx| roster::exportable(tx, None, source, ("roster export", "")).await).await;
    let export = match asked {
        Err(Error::NotFound) => bail!("the source {name} has no roster in the district {district}"),
        asked => asked?,
    };
    say("gathering what is known");
    let mut last = ("", 0);
    let mut told = |file: &'static str, rows: u64| {
        // Once for each file, and then for each hundred thousand rows.
        if last.0 != file || rows >= last.1 + ROWS_TOLD {
            say(&format!("writing {file}, row {rows}"));
            last = (file, rows);
        }
    };
    let mut exported = export_roster(&database.connector, export, &std::env::temp_dir(), &mut told).await?;
    tokio::io::copy(&mut exported.file, to).await?;
    to.sync_all().await?;
    Ok((exported.bytes, exported.rows))
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
