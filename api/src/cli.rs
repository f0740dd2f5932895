//! The command line: verbs that teach.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::{Parser, Subcommand};

use crate::config::{Config, VARIABLES};
use crate::database::Database;
use crate::server;
use crate::state::{Clock, SystemClock};

/// Individual Learning Plans as a service.
#[derive(Debug, Parser)]
#[command(name = "openilp", version, about, after_help = after_help(), propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run the service (the default).
    Serve,
    /// Apply or undo migrations of the database.
    Migrate {
        #[command(subcommand)]
        step: MigrateStep,
    },
    /// Print the OpenAPI document: 3.1 as YAML, 3.0 as JSON.
    Openapi {
        /// The version of OpenAPI.
        #[arg(default_value = "3.1", value_parser = ["3.1", "3.0"])]
        edition: String,
    },
    /// Run the service with a made-up district, and print a token for each kind of person and client.
    Demo(crate::cli_demo::DemoArguments),
    /// Write a made-up district of any size as a OneRoster bundle.
    Synthesize(crate::cli_demo::SynthesizeArguments),
    /// Set up districts.
    #[command(subcommand)]
    District(crate::cli_setup::DistrictVerb),
    /// Set up machine clients.
    #[command(subcommand)]
    Client(crate::cli_setup::ClientVerb),
    /// Print an example of a body that `district` and `client` take.
    Example {
        /// Its name, such as NewDistrict.
        name: String,
    },
    /// Import a roster from a OneRoster bundle.
    Import(crate::import::Arguments),
    /// Look at roster loads; let a held one go on, try one again, take one back. Export a roster.
    #[command(subcommand)]
    Roster(crate::cli_roster::RosterVerb),
    /// Measure the service beside what PostgreSQL's own programs need for the same.
    Bench(crate::bench::Arguments),
    /// Write everything in the database to a new folder, with a manifest that proves it.
    Backup {
        /// The folder to make.
        folder: PathBuf,
    },
    /// Read a backup into an empty database, and prove by row counts and checksums that all of it is there.
    Restore {
        /// The folder that `backup` made.
        folder: PathBuf,
        /// Replace what the database holds.
        #[arg(long)]
        replace: bool,
    },
}

#[derive(Debug, Subcommand)]
enum MigrateStep {
    /// Apply what has not been applied.
    Up,
    /// Undo the last migration, or all. Data is lost.
    Down {
        /// Undo all of them.
        #[arg(long)]
        all: bool,
    },
    /// Show what has been applied.
    Status,
}

fn after_help() -> String {
    let mut text = String::from("Environment:\n");
    for (name, default, about) in VARIABLES {
        text.push_str(&format!("  {name:<25} {about}"));
        if !default.is_empty() {
            text.push_str(&format!(" [default: {default}]"));
        }
        text.push('\n');
    }
    text
}

/// Says on standard error what is going on: standard output is for results.
pub fn say(text: &str) {
    line(std::io::stderr(), &format!("openilp: {text}"));
}

/// Results go to standard output.
fn print(text: &str) {
    line(std::io::stdout(), text);
}

/// Whoever reads may have gone, as in `openilp openapi | head`: then nobody misses the rest.
fn line(mut to: impl Write, text: &str) {
    let _reader_has_gone = writeln!(to, "{text}");
}

fn start_logging(config: &Config) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if config.log_json { builder.json().init() } else { builder.with_target(false).with_ansi(std::io::stderr().is_terminal()).init() }
}

/// Runs a command line to its end.
pub fn run(cli: Cli) -> anyhow::Result<()> {
    if let Some(Verb::Openapi { edition }) = &cli.verb {
        let document = if edition == "3.0" { crate::openapi::json_30() } else { crate::openapi::yaml() };
        print(document.trim_end());
        return Ok(());
    }
    let config = Config::from_environment()?;
    start_logging(&config);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async move {
        match cli.verb.unwrap_or(Verb::Serve) {
            Verb::Serve => serve(config).await,
            Verb::Demo(arguments) => crate::cli_demo::run(config, arguments, &say, &print).await,
            Verb::Synthesize(arguments) => crate::cli_demo::synthesize(arguments, &say).map(|text| print(&text)),
            Verb::District(verb) => crate::cli_setup::district(verb, &config, &say).await.map(|text| print(&text)),
            Verb::Client(verb) => crate::cli_setup::client(verb, &config, &say).await.map(|text| print(&text)),
            Verb::Example { name } => crate::cli_setup::example(&name).map(|text| print(&text)),
            Verb::Migrate { step } => migrate(&config, step).await,
            Verb::Roster(verb) => crate::cli_roster::run(verb, &config, &say).await.map(|text| print(&text)),
            Verb::Import(arguments) => crate::import::run(arguments, &config, &say).await.map(|text| print(&text)),
            Verb::Backup { folder } => backup(&config, folder).await,
            Verb::Restore { folder, replace } => restore(&config, folder, replace).await,
            Verb::Bench(arguments) => crate::bench::run(arguments, &config, &say).await.map(|text| print(&text)),
            Verb::Openapi { .. } => Ok(()),
        }
    })
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let database = Database::open(&config, &say).await?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let running = server::start(config, database.connector.clone(), clock).await?;
    let supervised = database.embedded.clone().map(|embedded| tokio::spawn(async move { embedded.supervise().await }));
    let origin = running.state.config.public_origin.clone();
    say(&format!("listening on {}", running.address));
    say(&format!("documentation: {origin}/docs/   health: {origin}/readyz"));
    running.until_told().await?;
    say("stopping; requests under way may finish");
    running.stop().await;
    if let Some(task) = supervised {
        task.abort();
    }
    database.close().await;
    Ok(())
}

async fn migrate(config: &Config, step: MigrateStep) -> anyhow::Result<()> {
    use openilp_persistence::migrate as m;
    let database = Database::reach(config, &say).await?;
    let connector = &database.connector;
    match step {
        MigrateStep::Up => {
            let applied = m::up(connector).await?;
            print(&if applied.is_empty() { "nothing to apply".to_owned() } else { applied.join("\n") });
        }
        MigrateStep::Down { all: true } => print(&m::down_all(connector).await?.join("\n")),
        MigrateStep::Down { all: false } => print(&m::down_one(connector).await?.unwrap_or_else(|| "nothing to undo".into())),
        MigrateStep::Status => {
            let status = m::status(connector).await?;
            for version in &status.applied {
                print(&format!("applied  {version}"));
            }
            for version in &status.pending {
                print(&format!("pending  {version}"));
            }
            status.check()?;
        }
    }
    database.close().await;
    Ok(())
}

async fn backup(config: &Config, folder: PathBuf) -> anyhow::Result<()> {
    let database = Database::reach(config, &say).await?;
    let manifest = database.backups(config).backup(&folder, SystemClock.now(), &mut |step| say(&step.to_string())).await;
    database.close().await;
    let manifest = manifest.with_context(|| format!("no backup was made in {}", folder.display()))?;
    print(&serde_json::to_string_pretty(&manifest)?);
    Ok(())
}

async fn restore(config: &Config, folder: PathBuf, replace: bool) -> anyhow::Result<()> {
    let database = Database::reach(config, &say).await?;
    let manifest = database.backups(config).restore(&folder, replace, &mut |step| say(&step.to_string())).await;
    database.close().await;
    print(&serde_json::to_string_pretty(&manifest?)?);
    Ok(())
}

/// How long verbs wait for a service that starts beside them.
pub const PATIENCE: Duration = Duration::from_secs(60);
