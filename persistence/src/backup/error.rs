//! Why there is no backup, or why it was not restored.

use std::{io, path::PathBuf};

use crate::connect::ConnectError;

/// Why there is no backup, or why it was not restored. In either case nothing has been changed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// No connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// A statement failed.
    #[error("the database refused")]
    Database(#[from] tokio_postgres::Error),
    /// Row-level security would hide rows from the dump, and it would look complete.
    #[error(
        "role {0:?} is bound by row-level security, so its backup would lack rows: connect as a superuser or a role with BYPASSRLS (ALTER ROLE … BYPASSRLS)"
    )]
    BoundRole(String),
    /// A dump of distributed tables is restored as plain tables.
    #[error("this is a Citus cluster: back up its nodes with their own tools")]
    Citus,
    /// The client programs are missing.
    #[error(
        "no pg_dump and pg_restore for PostgreSQL {0} or newer found: as root, run \"apt-get install postgresql-client\" (or set OPENILP_POSTGRES)"
    )]
    NoPrograms(u32),
    /// A client program failed.
    #[error("{program} failed: {said}")]
    Program {
        /// Its name.
        program: &'static str,
        /// What it printed.
        said: String,
    },
    /// A backup is never overwritten.
    #[error("{} is there already", .0.display())]
    Exists(PathBuf),
    /// What stands there is no backup.
    #[error("{} is no manifest of a backup", file.display())]
    Manifest {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// A later program wrote it.
    #[error("the backup was made by a newer program ({program}): {why}")]
    Newer {
        /// That program's version.
        program: String,
        /// What this one does not know.
        why: String,
    },
    /// The dump is not the file that the manifest describes.
    #[error("{} is damaged: its length or SHA-256 is not what the manifest says", .0.display())]
    Damaged(PathBuf),
    /// A restore would lose what is there.
    #[error("the database {0:?} holds data: restore into another one, or replace it with --replace")]
    NotEmpty(String),
    /// A restore under a running service.
    #[error("the database {name:?} is in use by {sessions} other sessions: stop the service first")]
    InUse {
        /// The database.
        name: String,
        /// How many sessions it has.
        sessions: i64,
    },
    /// A database stands where a restore works, and no restore made it.
    #[error("the database {0:?} is in the way of a restore: rename or drop it")]
    NotOurs(String),
    /// The dump was restored and is not what was backed up.
    #[error("what was restored is not what was backed up: {}", .0.join("; "))]
    Differs(Vec<String>),
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

impl BackupError {
    /// For `map_err` at a call that touches `path`.
    pub(super) fn io(doing: &'static str, path: &std::path::Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { doing, path, source }
    }
}
