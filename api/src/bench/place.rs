//! Where it is measured: an own folder with an own PostgreSQL, the service as a process of its own, and PostgreSQL's client programs.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use chrono::TimeDelta;
use openilp_domain::id::DistrictId;
use openilp_persistence::connect::Connector;
use openilp_persistence::embedded::{Binaries, Embedded, EmbeddedOptions};
use openilp_persistence::sequencer::Wake;
use openilp_persistence::{Db, migrate};
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

use super::load::{Prepared, ask};
use super::process::Process;
use crate::auth::{AuthConfig, Authenticator};
use crate::config::Config;
use crate::state::{Clock, SystemClock};

const NAME: &str = "openilp";

/// What a machine that keeps 200,000 students would be set to. Commits are durable: nothing here touches `fsync`.
const SETTINGS: &[(&str, &str)] = &[
    ("shared_buffers", "2GB"),
    ("effective_cache_size", "6GB"),
    ("max_wal_size", "8GB"),
    ("checkpoint_timeout", "30min"),
    ("max_connections", "120"),
];

/// The place.
pub struct Place {
    /// The folder.
    pub folder: PathBuf,
    /// How to connect, as the owner of the tables.
    pub connector: Connector,
    /// The database, for the work of the service that is done here and for tokens.
    pub db: Db,
    /// Where the service listens.
    pub host: SocketAddr,
    auth: Authenticator,
    embedded: Embedded,
    programs: PathBuf,
    ours: bool,
}

impl Place {
    /// Has PostgreSQL running in the folder, or in a new one that goes away in the end.
    pub async fn open(config: &Config, folder: Option<&Path>) -> anyhow::Result<Self> {
        let ours = folder.is_none();
        let folder = folder.map_or_else(|| std::env::temp_dir().join(format!("openilp-bench-{}", std::process::id())), Path::to_owned);
        std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let embedded = Embedded::open(EmbeddedOptions {
            data_folder: Some(folder.clone()),
            binaries: config.postgres_programs.clone(),
            search_path: config.surroundings.path.clone(),
            home: config.surroundings.home.clone(),
            xdg_data_home: config.surroundings.xdg_data_home.clone(),
            extra_settings: SETTINGS.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            ..EmbeddedOptions::default()
        })?;
        let programs = programs(embedded.binaries())?;
        embedded.start().await?;
        embedded.create_database(NAME).await?;
        let connector = Connector::new(&embedded.connection_string(NAME))?;
        migrate::up(&connector).await?;
        // A port that is free now; the service takes it a moment later.
        let host = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let origin = format!("http://{host}");
        let auth = Authenticator::new(AuthConfig { origin: origin.clone(), audience: origin, demo_issuer: true });
        let db = Db::new(connector.clone(), 4, Wake::default())?;
        Ok(Self { folder, connector, db, host, auth, embedded, programs, ours })
    }

    /// PostgreSQL and all its processes.
    pub fn database(&self) -> anyhow::Result<Process> {
        self.embedded.process().map(Process::tree).context("PostgreSQL does not run")
    }

    /// The issuer of people's tokens: this deployment itself.
    pub fn issuer(&self, district: DistrictId) -> String {
        self.auth.config().demo_issuer_url(district)
    }

    /// A token of a person, good for an hour.
    pub async fn token(&self, district: DistrictId, person: &str) -> anyhow::Result<String> {
        let token = self.auth.issue_person_token(&self.db, district, person, TimeDelta::hours(1), SystemClock.now()).await;
        Ok(token.map_err(|error| anyhow::anyhow!("no token: {error}"))?.expose().clone())
    }

    /// Starts the service, as it comes: logs, counters and all.
    pub async fn serve(&self, config: &Config) -> anyhow::Result<Service> {
        let log = std::fs::File::create(self.folder.join("service.log"))?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("serve").env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).kill_on_drop(true);
        if let Some(path) = &config.surroundings.path {
            command.env("PATH", path);
        }
        command.env("DATABASE_URL", self.embedded.connection_string(NAME));
        command.env("OPENILP_DATA", &self.folder).env("OPENILP_LISTEN", self.host.to_string()).env("OPENILP_DEMO_ISSUER", "true");
        command.env("OPENILP_THREADS", config.threads.to_string()).env("OPENILP_CONNECTIONS", config.connections_per_thread.to_string());
        // Limits are counted as ever, and never met: a few callers send what a district does.
        for limit in ["RATE_PERSON", "RATE_CLIENT", "RATE_DISTRICT", "FILES_PERSON", "FILES_DISTRICT", "EXPORTS"] {
            command.env(format!("OPENILP_{limit}"), "60000000");
        }
        let child = command.spawn().context("the service cannot be started")?;
        let id = child.id().and_then(|id| i32::try_from(id).ok()).context("the service has ended")?;
        let ready = Prepared::get(self.host, "/readyz", "-");
        for _ in 0..300 {
            if let Ok((200, _)) = ask(self.host, &ready, 0).await {
                return Ok(Service { child, process: Process::alone(id) });
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("the service does not get ready; see {}", self.folder.join("service.log").display())
    }

    /// A client program of PostgreSQL, with the database as its last argument.
    async fn program(&self, name: &str, arguments: &[&str], input: &str) -> anyhow::Result<Output> {
        let program = self.programs.join(name);
        let mut command = Command::new(&program);
        command
            .args(arguments)
            .arg(self.embedded.connection_string(NAME))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn().with_context(|| format!("{} cannot be started", program.display()))?;
        let mut stdin = child.stdin.take().context("no input")?;
        stdin.write_all(input.as_bytes()).await?;
        drop(stdin);
        let output = child.wait_with_output().await?;
        if output.status.success() {
            return Ok(output);
        }
        bail!("{name} failed: {}", String::from_utf8_lossy(&output.stderr))
    }

    /// Runs a script and returns the rows it selects, columns apart by tabulators.
    pub async fn psql(&self, script: &str, variables: &[(&str, &str)]) -> anyhow::Result<Vec<String>> {
        let settings: Vec<String> = variables.iter().map(|(name, value)| format!("--set={name}={value}")).collect();
        let mut arguments =
            vec!["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--field-separator=\t", "--set=ON_ERROR_STOP=1", "--file=-"];
        arguments.extend(settings.iter().map(String::as_str));
        arguments.push("--dbname");
        let output = self.program("psql", &arguments, script).await?;
        Ok(String::from_utf8(output.stdout)?.lines().map(str::to_owned).collect())
    }

    /// Runs one statement and throws away what it copies out: `copy … to stdout`.
    pub async fn copy_out(&self, statement: &str) -> anyhow::Result<()> {
        let output = "--output=/dev/null";
        self.program("psql", &["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", output, "--command", statement, "--dbname"], "").await.map(drop)
    }

    /// Transactions a second of a script, prepared once a connection.
    pub async fn pgbench(&self, script: &Path, clients: usize, seconds: u64) -> anyhow::Result<f64> {
        let (clients, seconds, threads) = (clients.to_string(), seconds.to_string(), clients.min(2).to_string());
        let script = script.display().to_string();
        let arguments = ["--no-vacuum", "--protocol=prepared", "--client", &clients, "--jobs", &threads, "--time", &seconds, "--file", &script];
        let output = String::from_utf8(self.program("pgbench", &arguments, "").await?.stdout)?;
        let line = output.lines().find_map(|line| line.strip_prefix("tps = ")).context("pgbench printed no rate")?;
        line.split_whitespace().next().and_then(|rate| rate.parse().ok()).context("pgbench printed no rate")
    }

    /// Stops PostgreSQL, and leaves nothing of a folder that nobody asked for.
    pub async fn close(self) -> anyhow::Result<()> {
        let Self { db, embedded, folder, ours, .. } = self;
        drop(db);
        embedded.stop().await?;
        if ours {
            std::fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be removed", folder.display()))?;
        }
        Ok(())
    }
}

/// The folder of psql and pgbench: beside the server, or where packages put them.
fn programs(server: &Binaries) -> anyhow::Result<PathBuf> {
    let has = |folder: &PathBuf| ["psql", "pgbench"].iter().all(|name| folder.join(name).is_file());
    let packaged = Binaries::find_clients(None, None, server.major).map(|clients| clients.folder);
    [Some(server.folder.clone()), packaged]
        .into_iter()
        .flatten()
        .find(has)
        .context("psql and pgbench are not there: install PostgreSQL's client programs and contrib")
}

/// The service, running.
pub struct Service {
    child: Child,
    /// Its process.
    pub process: Process,
}

impl Service {
    /// Ends it.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        self.child.start_kill()?;
        self.child.wait().await?;
        Ok(())
    }
}

/// Shared by the rounds of one measurement.
pub type Requests = Arc<Vec<Prepared>>;
