//! `openilp bench`: the service beside its limits, in one run on one machine. See docs/benchmark.md.
//!
//! A made-up district is imported, plans are written into its files, and each piece of work is done in turns by the service and by
//! what PostgreSQL's own programs need for the same: pgbench with the same SQL, psql's COPY of the same rows.

mod bulk;
mod export;
mod load;
mod measure;
mod place;
mod process;
mod report;
mod requests;
mod upsert;
mod wall;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::ValueEnum;
use openilp_domain::id::DistrictId;

use crate::config::Config;
use crate::state::{Clock, SystemClock};
use measure::{Line, Manner, Pair, turns};
use place::Place;
use report::{Report, ServiceMemory};

/// What to measure, and how.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// How many students the made-up district has.
    #[arg(long, default_value_t = 4000)]
    students: usize,
    /// Where the database stands, and stays for the next run. Without it: a temporary folder.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Only these, with commas between.
    #[arg(long, value_delimiter = ',')]
    only: Vec<Work>,
    /// How often service and limit take turns.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Seconds of a turn.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Connections to the service.
    #[arg(long, default_value_t = 128)]
    connections: usize,
    /// Clients of pgbench for reads; writes have as many as the service has connections.
    #[arg(long, default_value_t = 8)]
    clients: usize,
    /// Print JSON rather than a table.
    #[arg(long)]
    json: bool,
}

/// A piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Work {
    /// Import of the district's roster.
    Import,
    /// A whole ILP file.
    File,
    /// One goal.
    Point,
    /// One goal, beside the reading of its row alone.
    BarePoint,
    /// A page of 100 students.
    Page,
    /// A new goal.
    Write,
    /// Single rows of the roster.
    Upsert,
    /// The state's export of the collection.
    Export,
    /// A decision alone.
    Decide,
    /// A whole file without tenant wall and access record.
    Wall,
}

impl Work {
    const READS: [Self; 4] = [Self::File, Self::Point, Self::BarePoint, Self::Page];
}

/// Measures and returns the text to print.
pub async fn run(arguments: Arguments, config: &Config, say: &dyn Fn(&str)) -> anyhow::Result<String> {
    let place = Place::open(config, arguments.data.as_deref()).await?;
    say(&format!("PostgreSQL runs in {}", place.folder.display()));
    let report = measured(&place, &arguments, config, say).await;
    place.close().await?;
    let report = report?;
    if arguments.json { Ok(serde_json::to_string_pretty(&report)?) } else { Ok(report.table()) }
}

async fn measured(place: &Place, arguments: &Arguments, config: &Config, say: &dyn Fn(&str)) -> anyhow::Result<Report> {
    let wanted = |work| arguments.only.is_empty() || arguments.only.contains(&work);
    let mut lines = Vec::new();
    let loaded = place.psql("select to_regclass('bench.caseloads') is not null", &[]).await?.first().is_some_and(|found| found == "t");
    if !loaded || wanted(Work::Import) {
        let bulk::Imported { district, first: mut line, again } = bulk::import(place, arguments.students, say).await?;
        line.target = Some(0.3);
        lines.extend(wanted(Work::Import).then_some([line, again]).into_iter().flatten());
        if !loaded {
            say("writing plans");
            let issuer = place.issuer(district);
            place.psql(include_str!("sql/plans.sql"), &[("district", &district.to_string()), ("issuer", &issuer)]).await?;
        }
    }
    let district = place.psql("select district_id from goals limit 1", &[]).await?.first().context("there are no goals")?.parse().map(DistrictId)?;
    // The service listens elsewhere each time, and its issuer is named after that.
    place
        .psql(
            "update identity_links set issuer = :'issuer' where district_id = :'district'",
            &[("district", &district.to_string()), ("issuer", &place.issuer(district))],
        )
        .await?;
    place.psql("vacuum analyze; checkpoint", &[]).await?;

    let service = place.serve(config).await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let idle = service.process.memory()?;
    let manner = Manner {
        rounds: arguments.rounds,
        time: Duration::from_secs(arguments.seconds),
        connections: arguments.connections,
        clients: arguments.clients,
    };
    for work in Work::READS.into_iter().filter(|work| wanted(*work)) {
        let (pair, name, against, target) = match work {
            Work::Point => (requests::point(place, district).await?, "point read", "pgbench, the same statements", Some(0.35)),
            Work::BarePoint => (requests::bare_point(place, district).await?, "point read", "pgbench, the goal's columns alone", None),
            Work::Page => (requests::page(place, district).await?, "page of 100", "pgbench, the same rows", None),
            _ => (requests::file(place, district).await?, "whole file", "pgbench, the same JSON", Some(0.6)),
        };
        say(name);
        let rounds = turns(place, &service, &pair, manner, say).await?;
        lines.push(Line::of(name, against, "requests", &rounds, target));
    }
    if wanted(Work::Write) {
        say("write of a goal");
        let pair: Pair = requests::write(place, district).await?;
        let clients = config.threads * config.connections_per_thread;
        let rounds = turns(place, &service, &pair, Manner { connections: clients, clients, ..manner }, say).await?;
        lines.push(Line::of("write of a goal", "pgbench, the same inserts", "requests", &rounds, None));
        place.psql(include_str!("sql/clear.sql"), &[]).await?;
    }
    if wanted(Work::Upsert) {
        say("single rows");
        lines.push(upsert::upsert(place, &service, district, &manner, say).await?);
    }
    if wanted(Work::Export) {
        say("state export");
        lines.push(export::export(place, &service, district, arguments.rounds, say).await?);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let used = service.process.memory()?;
    service.stop().await?;
    let memory = ServiceMemory { idle: idle.resident, idle_proportional: idle.proportional, used: used.resident, peak: used.peak };
    let decide = wanted(Work::Decide).then(wall::decisions);
    let wall = if wanted(Work::Wall) {
        say("whole file without tenant wall and access record");
        Some(wall::whole_file(place, config, district, manner, say).await?)
    } else {
        None
    };
    Ok(Report { students: arguments.students, measured_at: SystemClock.now(), memory, lines, decide, wall })
}
