//! Why the embedded database cannot be used. Each message is one line that says what to do.

use std::{io, path::PathBuf};

/// Why the embedded database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// No folder holds the server's programs.
    #[error("no PostgreSQL found: as root, run \"apt-get install postgresql\" (or set DATABASE_URL, or OPENILP_POSTGRES)")]
    NoBinaries,
    /// The folder named by the caller does not hold them.
    #[error("no initdb and postgres in {}", .0.display())]
    NotBinaries(PathBuf),
    /// The installed PostgreSQL is older than what we test with.
    #[error("PostgreSQL {found} in {} is too old: {oldest} or newer is needed", folder.display())]
    TooOld {
        /// Where it is.
        folder: PathBuf,
        /// Its major version.
        found: u32,
        /// The oldest major version that will do.
        oldest: u32,
    },
    /// The data belongs to another major version than the programs.
    #[error("the data in {} is of PostgreSQL {data}, the programs found are of {found}: install postgresql-{data}, or name it with OPENILP_POSTGRES", folder.display())]
    WrongMajor {
        /// The data folder.
        folder: PathBuf,
        /// The major version that wrote it.
        data: u32,
        /// The major versions found.
        found: String,
    },
    /// Root may not run PostgreSQL, and there is nobody to run it as.
    #[error("PostgreSQL does not run as root, and there is no user {0} to run it as")]
    NoUser(String),
    /// There is neither a data folder nor a home.
    #[error("no data folder: set HOME or XDG_DATA_HOME, or name a folder with OPENILP_DATA")]
    NoHome,
    /// A unix socket's path has little room.
    #[error("the data folder {} is too long a path for a unix socket: choose one of at most {most} bytes", .folder.display())]
    PathTooLong {
        /// The folder.
        folder: PathBuf,
        /// How long it may be.
        most: usize,
    },
    /// A comma separates hosts in a connection string.
    #[error("the data folder {} may hold no comma and no line break", .0.display())]
    PathNotUsable(PathBuf),
    /// The user that PostgreSQL runs as cannot get to the data.
    #[error("user {user} cannot enter {}: choose a data folder outside it", folder.display())]
    NoWay {
        /// The user.
        user: String,
        /// The closed folder.
        folder: PathBuf,
    },
    /// Another process is starting or stopping the same server and does not come to an end.
    #[error("another process has been starting or stopping the database in {} for {seconds} seconds", folder.display())]
    Locked {
        /// The data folder.
        folder: PathBuf,
        /// How long we waited.
        seconds: u64,
    },
    /// A program of PostgreSQL failed.
    #[error("{program} failed: {said}")]
    Program {
        /// Its name.
        program: &'static str,
        /// What it printed.
        said: String,
    },
    /// The server ended, or did not answer in time.
    #[error("PostgreSQL did not start: {said} (see {})", log.display())]
    DidNotStart {
        /// The last lines of its log.
        said: String,
        /// Its log.
        log: PathBuf,
    },
    /// A server runs there and does not answer.
    #[error("a PostgreSQL (process {pid}) runs in {} but does not answer on its socket", folder.display())]
    Silent {
        /// Its process.
        pid: i32,
        /// The data folder.
        folder: PathBuf,
    },
    /// The server did not end.
    #[error("PostgreSQL (process {0}) does not stop")]
    DidNotStop(i32),
    /// The server is there, and a query failed.
    #[error("the database {name:?} cannot be created")]
    CreateDatabase {
        /// The database to be made.
        name: String,
        /// Why not.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The operating system refused something.
    #[error("cannot {doing} {}", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

impl EmbeddedError {
    /// For `map_err` at a call that touches `path`.
    pub(super) fn io(doing: &'static str, path: &std::path::Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { doing, path, source }
    }
}
