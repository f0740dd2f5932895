//! The running service: one application a thread, the sequencer and other work beside them, and an orderly end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use anyhow::Context;
use openilp_persistence::connect::Connector;
use openilp_persistence::sequencer::{self, Wake};
use openilp_persistence::{Db, housekeeping, notice, watch};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::app::app;
use crate::auth::{AuthConfig, Authenticator};
use crate::config::Config;
use crate::limits::Limits;
use crate::state::{Clock, State};
use crate::telemetry::Metrics;
use crate::{plan_job_run, roster_import};

/// Connections for work beside the requests.
const BACKGROUND_CONNECTIONS: usize = 8;
/// Connections of the thread that runs imports, besides those that an import makes for itself.
const IMPORT_CONNECTIONS: usize = 2;
/// How long the head of a request may take.
const HEAD_WAIT: Duration = Duration::from_secs(5);

/// A service that takes requests.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// What its threads share; its database is that of the work beside them.
    pub state: State,
    handle: ServerHandle,
    server: Option<JoinHandle<std::io::Result<()>>>,
    beside: Vec<JoinHandle<()>>,
    threads: Vec<Thread>,
}

/// Starts the service on a database that is migrated.
pub async fn start(mut config: Config, connector: Connector, clock: Arc<dyn Clock>) -> anyhow::Result<Running> {
    let listener = std::net::TcpListener::bind(config.listen).with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = listener.local_addr()?;
    // A port that the system chose is known only now.
    if config.public_origin == format!("http://{}", config.listen) {
        config.public_origin = format!("http://{address}");
    }
    let config = Arc::new(config);
    let wake = Wake::default();
    let auth = Authenticator::new(AuthConfig {
        origin: config.public_origin.clone(),
        // One resource with several surfaces (/v1, /ims, /data), so its name has no path (RFC 9728 section 3.1).
        audience: config.public_origin.clone(),
        demo_issuer: config.demo_issuer,
    });
    let state = State {
        db: Db::new(connector.clone(), BACKGROUND_CONNECTIONS, wake.clone())?.capped(config.caps),
        auth: Arc::new(auth),
        clock: clock.clone(),
        config: config.clone(),
        cursors: Arc::default(),
        checks: Arc::new(crate::roster_check::RosterChecks::new(connector.clone())),
        exports: Arc::new(crate::roster_export::RosterExports::new(connector.clone())),
        upserts: Arc::new(crate::roster_upsert::RosterUpserts::new(connector.clone())),
        imports: Arc::default(),
        jobs: Arc::default(),
        limits: Arc::new(Limits::new(config.rates)),
        metrics: Arc::new(Metrics::new()?),
        documents: Arc::default(),
        ready: Arc::new(AtomicBool::new(true)),
    };
    let shared = state.clone();
    let (importing, wake_of_imports) = (connector.clone(), wake.clone());
    let connections = config.connections_per_thread;
    let server = HttpServer::new(move || {
        // Each thread has its own connections, made on its own runtime.
        let own = shared.db.beside(connector.clone(), connections).map(|db| State { db, ..shared.clone() });
        app(own.unwrap_or_else(|error| {
            tracing::error!(%error, "a thread works with shared connections");
            shared.clone()
        }))
    })
    .workers(config.threads)
    .client_request_timeout(HEAD_WAIT)
    .keep_alive(Duration::from_secs(75))
    .shutdown_timeout(config.drain.as_secs())
    .disable_signals()
    .listen(listener)?
    .run();
    let handle = server.handle();
    let server = Some(tokio::spawn(server));
    let now = clock.clone();
    let sequencing = tokio::spawn(sequencer::run(state.db.clone(), move || now.now()));
    let now = clock.clone();
    let housekeeping = tokio::spawn(housekeeping::run(state.db.clone(), move || now.now()));
    let now = clock.clone();
    let watching = tokio::spawn(watch::run(state.db.clone(), config.alarm_files, move || now.now()));
    let now = clock.clone();
    let telling = tokio::spawn(notice::run(state.db.clone(), move || now.now()));
    let threads = vec![import_thread(importing.clone(), wake_of_imports, clock, state.imports.clone())?, job_thread(importing, state.clone())?];
    Ok(Running { address, state, handle, server, beside: vec![sequencing, housekeeping, watching, telling], threads })
}

/// How to end a thread, and the thread.
type Thread = (Arc<Notify>, std::thread::JoinHandle<()>);

/// Work that has a thread of its own: what is long in it holds up nobody.
fn thread<F: Future<Output = ()>>(name: &str, work: impl FnOnce() -> F + Send + 'static) -> anyhow::Result<Thread> {
    let end = Arc::new(Notify::new());
    let ended = end.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let thread = std::thread::Builder::new().name(name.into()).spawn(move || {
        runtime.block_on(async move {
            tokio::select! {
                () = work() => {}
                () = ended.notified() => {}
            }
        });
    })?;
    Ok((end, thread))
}

/// Imports have a thread and connections of their own.
fn import_thread(connector: Connector, wake: Wake, clock: Arc<dyn Clock>, handed_in: Arc<Notify>) -> anyhow::Result<Thread> {
    thread("imports", async move || {
        let db = match Db::new(connector.clone(), IMPORT_CONNECTIONS, wake) {
            Ok(db) => db,
            Err(error) => return tracing::error!(%error, "imports cannot run"),
        };
        roster_import::run_jobs(db, connector, &std::env::temp_dir(), move || clock.now(), handed_in).await;
    })
}

/// So have jobs with the plans of many students: they take no request's turn.
fn job_thread(connector: Connector, state: State) -> anyhow::Result<Thread> {
    thread("jobs", async move || match state.db.beside(connector, plan_job_run::CONNECTIONS) {
        Ok(db) => plan_job_run::run_jobs(State { db, ..state }).await,
        Err(error) => tracing::error!(%error, "jobs cannot run"),
    })
}

impl Running {
    /// Says no more to `/readyz`, lets requests under way finish, and ends.
    pub async fn stop(mut self) {
        self.state.ready.store(false, Ordering::Release);
        self.handle.stop(true).await;
        for task in &self.beside {
            task.abort();
        }
        self.end_threads();
        let Some(server) = self.server.take() else { return };
        if let Ok(Err(error)) = server.await {
            tracing::warn!(%error, "the server ended");
        }
    }

    /// An import under way is given up: nothing of it is applied, and the next start takes it up again. So it does with a job after the last row
    /// that was done.
    fn end_threads(&mut self) {
        self.threads.iter().for_each(|(end, _)| end.notify_one());
        for (_, thread) in self.threads.drain(..) {
            let name = thread.thread().name().unwrap_or_default().to_owned();
            if thread.join().is_err() {
                tracing::error!(name, "a thread panicked");
            }
        }
    }

    /// Waits for the order to end: SIGINT or SIGTERM.
    pub async fn until_told(&self) -> std::io::Result<()> {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end_threads();
    }
}
