//! Backups that are proven: a dump by the wrong role can be empty and look well, so every row is counted, before and after.
//!
//! A backup is a folder with `database.dump` (`pg_dump`, custom format) and `manifest.json`: which migrations the database had, and of every table the
//! number of rows and a checksum of their contents, taken in the very snapshot that is dumped. [`Backups::restore`] restores beside the database
//! in use, counts again, and puts the new database in its place only if nothing differs. [`Backups::prove`] does all of that but the last.
//!
//! Both files hold or describe student data in the clear: the folder is closed to other users, and wants encrypted storage.

mod error;
mod programs;
mod proof;
mod restore;

use std::{
    ffi::OsString,
    fmt,
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use aws_lc_rs::digest::{Context, SHA256};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio_postgres::Client;

pub use error::BackupError;
pub use proof::{Proof, TableProof};

use crate::{connect::Connector, embedded::Binaries};
use programs::Running;

const FORMAT: u32 = 1;
const DUMP: &str = "database.dump";
const MANIFEST: &str = "manifest.json";

/// Makes and restores backups of one database.
#[derive(Debug, Clone)]
pub struct Backups {
    /// The database. The role must be a superuser or have BYPASSRLS.
    pub connector: Connector,
    /// Where `pg_dump` is looked for first: [`crate::embedded::Embedded::binaries`], or what the caller was told.
    pub binaries: Option<PathBuf>,
    /// `PATH`.
    pub search_path: Option<OsString>,
}

/// What a backup is, beside the dump.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    /// Of this file.
    pub format: u32,
    /// The version of the program that made it.
    pub program_version: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Of which database.
    pub database: String,
    /// The server's major version.
    pub server_major: u32,
    /// The migrations that were applied.
    pub migrations: Vec<String>,
    /// The length of the dump.
    pub dump_bytes: u64,
    /// The SHA-256 of the dump, in hexadecimal.
    pub dump_sha256: String,
    /// What the database holds.
    pub proof: Proof,
}

/// How far the work is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Counting the rows of a table.
    Counting {
        /// Its name.
        table: String,
        /// How many tables are done.
        done: usize,
        /// How many there are.
        of: usize,
    },
    /// `pg_dump` is writing.
    Dumping {
        /// How much it has written.
        bytes: u64,
    },
    /// Reading the dump to see that it is whole.
    Checking,
    /// `pg_restore` is working.
    Restoring,
    /// Gathering statistics for the planner.
    Analyzing,
    /// The restored database takes its place.
    Replacing,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Counting { table, done, of } => write!(f, "counting {table} ({} of {of})", done + 1),
            Self::Dumping { bytes } => write!(f, "dumping: {} MiB", bytes >> 20),
            Self::Checking => write!(f, "checking the dump"),
            Self::Restoring => write!(f, "restoring"),
            Self::Analyzing => write!(f, "gathering statistics"),
            Self::Replacing => write!(f, "putting the database in place"),
        }
    }
}

/// Is told each step.
pub type Progress<'a> = dyn FnMut(Step) + Send + 'a;

impl Backups {
    /// Makes a backup in the new folder `folder`. The service may go on working.
    ///
    /// # Errors
    /// If the role is bound by row-level security, the folder exists, or something fails; no folder is left then.
    pub async fn backup(&self, folder: &Path, made_at: DateTime<Utc>, progress: &mut Progress<'_>) -> Result<Manifest, BackupError> {
        if folder.exists() {
            return Err(BackupError::Exists(folder.to_path_buf()));
        }
        let client = self.unbound_client(&self.connector).await?;
        let server_major = server_major(&client).await?;
        let binaries = self.programs(server_major)?;
        let unfinished = Unfinished::make(folder)?;
        let dump = unfinished.0.join(DUMP);

        // One snapshot for the counts and the dump: pg_dump joins ours, which lives as long as this transaction.
        client.batch_execute("begin isolation level repeatable read, read only").await?;
        let snapshot: String = client.query_one("select pg_export_snapshot()", &[]).await?.get(0);
        let mut command = programs::command(&binaries, "pg_dump", &self.connector);
        command.args(["--format=custom", "--lock-wait-timeout=60s"]).arg(format!("--snapshot={snapshot}")).arg("--file").arg(&dump);
        let dumping = Running::start("pg_dump", command)?;
        let migrations = migrations(&client).await?;
        let proof = Proof::take(&client, progress).await?;
        dumping.finish(|| progress(Step::Dumping { bytes: fs::metadata(&dump).map_or(0, |metadata| metadata.len()) })).await?;
        client.batch_execute("commit").await?;

        progress(Step::Checking);
        let (dump_bytes, dump_sha256) = fingerprint(&dump).await?;
        let manifest = Manifest {
            format: FORMAT,
            program_version: env!("CARGO_PKG_VERSION").to_owned(),
            made_at,
            database: self.connector.database().to_owned(),
            server_major,
            migrations,
            dump_bytes,
            dump_sha256,
            proof,
        };
        unfinished.finish(&manifest, folder)?;
        Ok(manifest)
    }

    /// A session that sees every row, with the settings that make rows comparable.
    async fn unbound_client(&self, connector: &Connector) -> Result<Client, BackupError> {
        let client = connector.client().await?;
        let bound = client
            .query("select rolname from pg_roles where rolname in (session_user, current_user) and not (rolsuper or rolbypassrls)", &[])
            .await?;
        if let Some(role) = bound.first() {
            return Err(BackupError::BoundRole(role.get(0)));
        }
        if client.query_opt("select from pg_extension where extname = 'citus'", &[]).await?.is_some() {
            return Err(BackupError::Citus);
        }
        proof::set_up(&client).await?;
        Ok(client)
    }

    fn programs(&self, server: u32) -> Result<Binaries, BackupError> {
        let found = Binaries::find_clients(self.binaries.as_deref(), self.search_path.as_deref(), server);
        found.ok_or(BackupError::NoPrograms(server))
    }
}

/// Reads the manifest of the backup in `folder` and sees that the dump beside it is whole.
async fn read(folder: &Path, progress: &mut Progress<'_>) -> Result<Manifest, BackupError> {
    let file = folder.join(MANIFEST);
    let bytes = fs::read(&file).map_err(BackupError::io("read", &file))?;
    // The format first: the members of a later one may be others.
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Head {
        format: u32,
        program_version: String,
    }
    let not_ours = |source| BackupError::Manifest { file: file.clone(), source };
    let head: Head = serde_json::from_slice(&bytes).map_err(not_ours)?;
    if head.format > FORMAT {
        return Err(BackupError::Newer { program: head.program_version, why: format!("format {}", head.format) });
    }
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(not_ours)?;
    let unknown: Vec<&str> = manifest.migrations.iter().map(String::as_str).filter(|version| !crate::migrate::is_known(version)).collect();
    if !unknown.is_empty() {
        return Err(BackupError::Newer { program: manifest.program_version, why: format!("migrations {}", unknown.join(", ")) });
    }
    progress(Step::Checking);
    let dump = folder.join(DUMP);
    if fingerprint(&dump).await? != (manifest.dump_bytes, manifest.dump_sha256.clone()) {
        return Err(BackupError::Damaged(dump));
    }
    Ok(manifest)
}

async fn server_major(client: &Client) -> Result<u32, BackupError> {
    let number: String = client.query_one("select current_setting('server_version_num')", &[]).await?.get(0);
    Ok(number.parse::<u32>().unwrap_or_default() / 10_000)
}

async fn migrations(client: &Client) -> Result<Vec<String>, tokio_postgres::Error> {
    let there: bool = client.query_one("select to_regclass('public.schema_migrations') is not null", &[]).await?.get(0);
    if !there {
        return Ok(Vec::new());
    }
    let rows = client.query("select version from public.schema_migrations order by version", &[]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Length and SHA-256 of a file.
async fn fingerprint(file: &Path) -> Result<(u64, String), BackupError> {
    let path = file.to_path_buf();
    let read = tokio::task::spawn_blocking(move || -> io::Result<(u64, String)> {
        let mut file = File::open(path)?;
        let (mut context, mut length, mut buffer) = (Context::new(&SHA256), 0, vec![0; 1 << 18]);
        loop {
            let read = file.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            context.update(buffer.get(..read).unwrap_or_default());
            length += u64::try_from(read).unwrap_or_default();
        }
        Ok((length, const_hex::encode(context.finish())))
    });
    read.await.map_err(io::Error::other).flatten().map_err(BackupError::io("read", file))
}

/// The folder while it is being written; gone if the work ends early.
struct Unfinished(PathBuf);

impl Unfinished {
    fn make(folder: &Path) -> Result<Self, BackupError> {
        let mut name = folder.as_os_str().to_owned();
        name.push(".unfinished");
        // pg_dump works in another folder than we do.
        let path = std::path::absolute(PathBuf::from(name)).map_err(BackupError::io("find", folder))?;
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(BackupError::io("clear", &path)(error)),
            _ => {}
        }
        DirBuilder::new().mode(0o700).create(&path).map_err(BackupError::io("make the folder", &path))?;
        Ok(Self(path))
    }

    /// Everything reaches the disk before the name says that it is there. `pg_dump` syncs its own file.
    fn finish(self, manifest: &Manifest, folder: &Path) -> Result<(), BackupError> {
        let file = self.0.join(MANIFEST);
        let write = || -> io::Result<()> {
            let mut handle = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file)?;
            handle.write_all(&serde_json::to_vec_pretty(manifest)?)?;
            handle.write_all(b"\n")?;
            handle.sync_all()?;
            // Closed by itself too, for the day it is moved out of its folder.
            fs::set_permissions(self.0.join(DUMP), Permissions::from_mode(0o600))?;
            File::open(&self.0)?.sync_all()
        };
        write().map_err(BackupError::io("write", &file))?;
        fs::rename(&self.0, folder).map_err(BackupError::io("put the backup in place as", folder))?;
        if let Some(parent) = self.0.parent() {
            File::open(parent).and_then(|parent| parent.sync_all()).map_err(BackupError::io("sync", parent))?;
        }
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // After `finish` there is nothing of that name.
        if let Err(error) = fs::remove_dir_all(&self.0)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, folder = %self.0.display(), "an unfinished backup could not be removed");
        }
    }
}
