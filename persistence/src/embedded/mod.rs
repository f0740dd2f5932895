//! A private PostgreSQL, started from programs that are installed already, so that nobody has to set up a database to try the service.
//!
//! ```text
//! let embedded = Embedded::open(EmbeddedOptions { search_path: std::env::var_os("PATH"), home, ..Default::default() })?;
//! embedded.start().await?;                                  // makes the cluster the first time; adopts a server that is running
//! embedded.create_database("openilp").await?;
//! tokio::spawn({ let embedded = embedded.clone(); async move { embedded.supervise().await } });
//! let url = embedded.connection_string("openilp");
//! embedded.stop().await?;                                   // unless another process uses it still
//! ```
//!
//! Several processes may use one data folder (the service, and a command beside it): the first starts the server, the last stops it. A
//! process that is killed leaves the server running, and the next one adopts it. Dropping an [`Embedded`] without `stop` does the same.
//!
//! The server listens on a unix socket in a folder that only its own user may enter, never on the network. It always runs with `fsync` on.
//! Tests that want speed rather than safety pass `fsync=off`, `full_page_writes=off` and `synchronous_commit=off` as
//! [`EmbeddedOptions::extra_settings`], and a short data folder below `/tmp`.

mod binaries;
mod error;
mod folder;
mod postmaster;
mod server;
mod supervise;

use std::{ffi::OsString, path::PathBuf, sync::Arc};

use nix::unistd::{User, geteuid};
use tokio::sync::watch;

pub use binaries::Binaries;
pub use error::EmbeddedError;
pub(crate) use server::last_words;

use crate::connect::Connector;
use folder::Folders;
use server::Server;

/// Where the embedded database lives and what it is run with. The module reads no environment: what is needed of it is passed in.
#[derive(Debug, Clone, Default)]
pub struct EmbeddedOptions {
    /// The folder of data and socket. Default: `/var/lib/openilp` for root, else `openilp` in the user's data home.
    pub data_folder: Option<PathBuf>,
    /// The folder with `initdb` and `postgres`. Default: searched for.
    pub binaries: Option<PathBuf>,
    /// The user to run the server as, when we are root. Default: the owner of the data, else `postgres`, else `nobody`.
    pub user: Option<String>,
    /// `PATH`.
    pub search_path: Option<OsString>,
    /// `HOME`.
    pub home: Option<PathBuf>,
    /// `XDG_DATA_HOME`.
    pub xdg_data_home: Option<PathBuf>,
    /// Settings of the server that come last and so win, as name and value. For tests.
    pub extra_settings: Vec<(String, String)>,
}

/// A private PostgreSQL. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Embedded {
    server: Arc<Server>,
}

/// How [`Embedded::start`] got its server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Started {
    /// It made a new cluster and started it.
    New,
    /// It started the cluster that was there.
    Again,
    /// A server was running and answered.
    Adopted,
}

impl Embedded {
    /// Finds programs, folder and user, and makes the folders. Starts nothing.
    ///
    /// # Errors
    /// If something is missing; see [`EmbeddedError`].
    pub fn open(options: EmbeddedOptions) -> Result<Self, EmbeddedError> {
        let cluster = folder::cluster(&options)?;
        let wanted = folder::major_in(&cluster)?.map(|major| (major, cluster.as_path()));
        let binaries = Binaries::find(options.binaries.as_deref(), options.search_path.as_deref(), wanted)?;
        let user = user(&options)?;
        let folders = Folders::make(&options, user.as_ref())?;
        let server = Server::new(binaries, folders, user, options.extra_settings);
        Ok(Self { server: Arc::new(server) })
    }

    /// Has the server running when it returns: makes the cluster if there is none, adopts a server that runs already if it answers, clears up after
    /// one that was killed, and starts it.
    ///
    /// # Errors
    /// If the server cannot be started; the message holds the last words of its log.
    pub async fn start(&self) -> Result<Started, EmbeddedError> {
        self.blocking(Server::start).await
    }

    /// Stops the server, unless another process uses it: open transactions are rolled back; if sessions do not end within 30 seconds, at once,
    /// which the next start recovers from. Returns whether it stopped it.
    ///
    /// # Errors
    /// If the server does not end.
    pub async fn stop(&self) -> Result<bool, EmbeddedError> {
        self.blocking(Server::stop).await
    }

    /// Whether the server answers now.
    pub async fn is_alive(&self) -> bool {
        self.blocking(Server::is_alive).await
    }

    /// Watches the server and starts it again when it has died, until [`Embedded::stop`]. To be spawned as a task.
    pub async fn supervise(&self) {
        supervise::run(self).await;
    }

    /// Whether the server was well when last looked at: by [`Embedded::start`], then by [`Embedded::supervise`] some times a second.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        *self.server.health().borrow()
    }

    /// The same, to wait on.
    #[must_use]
    pub fn health(&self) -> watch::Receiver<bool> {
        self.server.health().subscribe()
    }

    /// How to connect to a database of the server: keys and values, as tokio-postgres reads them. The role is the owner of everything.
    #[must_use]
    pub fn connection_string(&self, database: &str) -> String {
        let quoted = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
        let socket = self.server.folders().socket.display().to_string();
        format!("host={} user={} dbname={}", quoted(&socket), postmaster::OWNER, quoted(database))
    }

    /// Makes the database if it is not there. Two processes may do so at once.
    ///
    /// # Errors
    /// If the server refuses.
    pub async fn create_database(&self, name: &str) -> Result<(), EmbeddedError> {
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| EmbeddedError::CreateDatabase { name: name.to_owned(), source };
        let connector = Connector::new(&self.connection_string("postgres")).map_err(|error| failed(error.into()))?;
        let client = connector.client().await.map_err(|error| failed(error.into()))?;
        crate::migrate::create_database(&client, name).await.map_err(|error| failed(error.into()))
    }

    /// The programs it was started from.
    #[must_use]
    pub fn binaries(&self) -> &Binaries {
        self.server.binaries()
    }

    /// The folder of data and socket.
    #[must_use]
    pub fn data_folder(&self) -> &std::path::Path {
        &self.server.folders().base
    }

    /// The server's process, if it runs.
    #[must_use]
    pub fn process(&self) -> Option<i32> {
        match postmaster::look(&self.server.folders().data) {
            postmaster::Found::Running(pid) => Some(pid.as_raw()),
            postmaster::Found::Nothing | postmaster::Found::Dead => None,
        }
    }

    /// Starting and stopping wait on files and processes: off the threads that serve requests.
    async fn blocking<T: Send + 'static>(&self, work: fn(&Server) -> T) -> T {
        let server = Arc::clone(&self.server);
        match tokio::task::spawn_blocking(move || work(&server)).await {
            Ok(done) => done,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The runtime is shutting down, and nobody will poll this again.
                Err(_) => std::future::pending().await,
            },
        }
    }
}

/// PostgreSQL refuses to run as root.
fn user(options: &EmbeddedOptions) -> Result<Option<User>, EmbeddedError> {
    if !geteuid().is_root() {
        return Ok(None);
    }
    let by_name = |name: &str| User::from_name(name).ok().flatten().filter(|user| !user.uid.is_root());
    if let Some(name) = &options.user {
        return by_name(name).map(Some).ok_or_else(|| EmbeddedError::NoUser(format!("{name:?}")));
    }
    let user = Folders::owner(options).or_else(|| by_name("postgres")).or_else(|| by_name("nobody"));
    user.map(Some).ok_or_else(|| EmbeddedError::NoUser("\"postgres\" or \"nobody\"".to_owned()))
}
