//! `openilp import`: a bundle on disk into a district, watched to its end.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use openilp_domain::id::DistrictId;
use openilp_domain::roster::{ImportStatus, ReadingMode, Report, RosterFault, RosterImport, Source};
use openilp_persistence::Db;
use openilp_persistence::roster::{self, NewImport, Progress};

use crate::config::Config;
use crate::database::Database;
use crate::roster_import::run_import;
use crate::state::{Clock, SystemClock};

/// How often an import that another process is at is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many faults are printed.
const FAULTS_SHOWN: i64 = 100;

/// What is imported, and where to.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The zip of a OneRoster CSV bundle, bulk or delta.
    bundle: PathBuf,
    /// The id of the district.
    #[arg(long)]
    district: DistrictId,
    /// The system that the roster comes from.
    #[arg(long, default_value = Source::DEFAULT, value_parser = source)]
    source: Source,
    /// Say what would change, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Mend what can be mended without loss and in one way only, such as a bundle of version 1.1, and tell it.
    #[arg(long)]
    tolerant: bool,
    /// Print the whole import as JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn source(text: &str) -> Result<Source, String> {
    Source::new(text).ok_or_else(|| "1 to 64 letters, digits, dots, dashes or underlines".into())
}

/// Imports. What it did is returned as text for standard output; a bundle that is refused is a failure.
pub async fn run(arguments: Arguments, config: &Config, say: &dyn Fn(&str)) -> anyhow::Result<String> {
    let database = Database::open(config, say).await?;
    let imported = import(&arguments, &database, say).await;
    database.close().await;
    let (import, faults) = imported?;
    if arguments.json {
        return Ok(serde_json::to_string_pretty(&serde_json::json!({ "import": import, "faults": faults }))?);
    }
    ended(&import, &faults)
}

async fn import(arguments: &Arguments, database: &Database, say: &dyn Fn(&str)) -> anyhow::Result<(RosterImport, Vec<RosterFault>)> {
    let district = arguments.district;
    let db = Db::new(database.connector.clone(), 2, Default::default())?;
    let path = arguments.bundle.display();
    let mut file = tokio::fs::File::open(&arguments.bundle).await.with_context(|| format!("{path} cannot be read"))?;
    let reading = if arguments.tolerant { ReadingMode::Tolerant } else { ReadingMode::Strict };
    let new = NewImport { source: arguments.source.clone(), dry_run: arguments.dry_run, reading, request_id: None };
    let handed_in = db.system(district, SystemClock.now(), async |tx| roster::create(tx, None, new, &mut file).await).await;
    let import = handed_in.with_context(|| format!("the bundle could not be handed in; is there a district {district}?"))?;
    watch(database, district, import, say).await
}

/// Runs a load that waits, or looks on while another process does, until it has come to an end.
pub(crate) async fn watch(
    database: &Database,
    district: DistrictId,
    mut import: RosterImport,
    say: &dyn Fn(&str),
) -> anyhow::Result<(RosterImport, Vec<RosterFault>)> {
    let clock = SystemClock;
    let db = Db::new(database.connector.clone(), 2, Default::default())?;
    let mut told = None;
    let mut tell = |at: Progress| {
        let percent = (at.done * 100).checked_div(at.total).unwrap_or_default();
        if told != Some((at.status, percent)) && !at.status.is_final() {
            say(&format!("{} {percent} %", at.status));
        }
        told = Some((at.status, percent));
    };
    loop {
        run_import(&database.connector, district, import.id, &std::env::temp_dir(), || clock.now(), &mut tell).await?;
        import = db.system(district, clock.now(), async |tx| roster::find(tx, None, import.id).await).await?;
        if import.status.is_final() {
            break;
        }
        // A service that runs beside us has taken it up, or is at another one of the district.
        tell(Progress { status: import.status, done: import.stage_done, total: import.stage_total.unwrap_or_default() });
        tokio::time::sleep(LOOK_EVERY).await;
    }
    let faults = db.system(district, clock.now(), async |tx| roster::faults(tx, None, import.id, 0, FAULTS_SHOWN).await).await?;
    Ok((import, faults))
}

/// How a load ended, as text; one that changed nothing because something is wrong is a failure.
pub(crate) fn ended(import: &RosterImport, faults: &[RosterFault]) -> anyhow::Result<String> {
    match (&import.report, import.status) {
        (report, ImportStatus::Refused) => {
            let repairs = report
                .iter()
                .flat_map(|report| &report.repairs)
                .map(|repair| format!("  {}: {}, {} times\n", repair.file, repair.code, repair.count));
            let mended = repairs.collect::<String>();
            let mended = if mended.is_empty() { mended } else { format!("mended:\n{mended}") };
            bail!("the load is refused and nothing has changed; {mended}faults: {}\n{}", import.fault_count, listed(faults))
        }
        (Some(report), ImportStatus::Held) => bail!("{}", held(import, report)),
        (Some(report), _) => Ok(told(import, report)),
        (None, _) => bail!("{}", faults.first().map_or("the import failed", |fault| fault.detail.as_str())),
    }
}

/// What a held load would end, and how it is let go on.
fn held(import: &RosterImport, report: &Report) -> String {
    let hold = report.hold.clone().unwrap_or_default();
    let reasons: Vec<&str> = hold.reasons.iter().map(|reason| reason.word()).collect();
    let mut text = format!("the load is held, and nothing has changed: {}\n", reasons.join(", "));
    for ending in &hold.endings {
        let school = ending.school_id.map_or_else(|| "the district".to_owned(), |school| format!("school {school}"));
        let mark = if ending.too_many { ", too many" } else { "" };
        text.push_str(&format!("  {} of {}: {} of {} would end{mark}\n", ending.kind, school, ending.ended, ending.open));
    }
    text.push_str(&format!("to let it go on: openilp roster release {} --bundle-hash {} --district …", import.id, import.bundle_hash));
    text
}

fn listed(faults: &[RosterFault]) -> String {
    let line = |fault: &RosterFault| {
        let column = fault.column.as_deref().map(|column| format!(", {column}")).unwrap_or_default();
        format!("  {}, row {}{column}: {} {}", fault.file, fault.row, fault.code, fault.detail)
    };
    faults.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn told(import: &RosterImport, report: &Report) -> String {
    let mut text = format!("{} ({}), school year {}\n", import.status, import.id, report.school_year);
    text.push_str(&format!("{:<22}{:>9}{:>9}{:>9}{:>10}{:>8}\n", "file", "rows", "created", "amended", "unchanged", "ended"));
    for file in &report.files {
        let counts = file.counts;
        text.push_str(&format!(
            "{:<22}{:>9}{:>9}{:>9}{:>10}{:>8}\n",
            file.file, file.rows, counts.created, counts.amended, counts.unchanged, counts.ended
        ));
    }
    text.push_str(&format!(
        "{} files, {} divisions, {} registrations; to be confirmed: {} guardian links, {} gatekeepers, {} other assignments",
        report.files_to_open,
        report.divisions_to_open,
        report.registrations_to_copy + report.registrations_to_refresh,
        report.guardian_links_to_propose,
        report.gatekeepers_to_propose,
        report.assignments_to_propose
    ));
    text
}
