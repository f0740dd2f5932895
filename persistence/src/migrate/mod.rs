//! Brings the schema of a database up to what this program needs, or down again.
//!
//! A migration is a folder `migrations/NNNN_name` with `up.sql` and `down.sql`, compiled in. It runs statement by statement in one transaction
//! (statement by statement outside one, if the file's first line is `-- no transaction`) and is recorded in `schema_migrations` with the
//! hash of its text: an applied migration is never edited. After the migrations comes `migrations/replaceable.sql` (views and functions), whenever
//! its text has changed or a migration ran. One process at a time migrates; others wait for it.

mod statements;

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use aws_lc_rs::digest::{SHA256, digest};
use tokio_postgres::{Client, error::SqlState};

use crate::connect::{ConnectError, Connector};
use statements::statements;

include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// The role that the service works as. It owns nothing, so row-level security binds it.
pub const APP_ROLE: &str = "openilp_app";

/// The key of the advisory lock: "openilp" in hexadecimal.
const LOCK: i64 = 0x006f_7065_6e69_6c70;
/// Under this name `replaceable.sql` is recorded beside the migrations.
const REPLACEABLE_VERSION: &str = "replaceable.sql";
/// How long another process may migrate before we give up waiting.
const TURN_LIMIT: Duration = Duration::from_secs(600);
/// A migration that waits for a table's lock makes everybody behind it wait too: it lets go after `lock_timeout` and tries again.
const LOCK_TIMEOUT: &str = "5s";
const LOCK_TRIES: u32 = 10;

/// A step of the schema.
#[derive(Debug)]
struct Migration {
    /// The folder's name.
    version: &'static str,
    up: &'static str,
    down: &'static str,
}

/// Why the schema cannot be brought to where it should be.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// No connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// A statement of ours, not of a migration, failed.
    #[error("the state of the schema cannot be read or written")]
    Database(#[from] tokio_postgres::Error),
    /// A statement of a migration failed. Nothing of the migration remains, unless it runs outside a transaction.
    #[error("migration {version}, statement {number} ({statement}) failed")]
    Statement {
        /// The migration.
        version: String,
        /// Which of its statements, from 1.
        number: usize,
        /// The statement's first line.
        statement: String,
        /// What PostgreSQL said.
        #[source]
        source: tokio_postgres::Error,
    },
    /// A newer program was here.
    #[error("the database is newer than this program: it has the migrations {}", .0.join(", "))]
    Newer(Vec<String>),
    /// The text of an applied migration is not what was applied.
    #[error("migrations were edited after they had been applied: {}; write a new migration instead", .0.join(", "))]
    Edited(Vec<String>),
    /// The schema is not that of this program; only said where migrating was not asked for.
    #[error("migrations have not been applied: {}; run \"openilp migrate up\"", .0.join(", "))]
    Pending(Vec<String>),
    /// Somebody else holds the lock.
    #[error("another process has been migrating this database for {} seconds", TURN_LIMIT.as_secs())]
    Locked,
}

/// Where a database stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// Applied, in order.
    pub applied: Vec<String>,
    /// Known to this program and not applied.
    pub pending: Vec<String>,
    /// Applied, and not known to this program: a newer one was here.
    pub unknown: Vec<String>,
    /// Applied with another text than this program has.
    pub edited: Vec<String>,
    /// Whether views and functions are those of this program.
    pub replaceable_is_current: bool,
}

impl Status {
    /// Refuses a database that a newer program has migrated, or whose migrations were edited.
    ///
    /// # Errors
    /// [`MigrateError::Newer`] or [`MigrateError::Edited`].
    pub fn check(&self) -> Result<(), MigrateError> {
        if !self.unknown.is_empty() {
            return Err(MigrateError::Newer(self.unknown.clone()));
        }
        if !self.edited.is_empty() {
            return Err(MigrateError::Edited(self.edited.clone()));
        }
        Ok(())
    }

    /// Refuses, besides, a database that needs migrations: for a program that may not migrate by itself.
    ///
    /// # Errors
    /// As [`Status::check`], and [`MigrateError::Pending`].
    pub fn check_current(&self) -> Result<(), MigrateError> {
        self.check()?;
        let mut pending = self.pending.clone();
        if !self.replaceable_is_current {
            pending.push(REPLACEABLE_VERSION.to_owned());
        }
        if pending.is_empty() { Ok(()) } else { Err(MigrateError::Pending(pending)) }
    }
}

/// Whether this program knows a migration.
pub(crate) fn is_known(version: &str) -> bool {
    version == REPLACEABLE_VERSION || MIGRATIONS.iter().any(|migration| migration.version == version)
}

/// Where the database stands. Changes nothing.
///
/// # Errors
/// If the database cannot be read.
pub async fn status(connector: &Connector) -> Result<Status, MigrateError> {
    read_status(&connector.client().await?).await
}

/// Applies all that is pending and returns what that was.
///
/// # Errors
/// If the database is newer, a migration was edited, or a statement fails; what was applied before stays.
pub async fn up(connector: &Connector) -> Result<Vec<String>, MigrateError> {
    let client = take_turn(connector).await?;
    let status = read_status(&client).await?;
    status.check()?;
    client
        .batch_execute("create table if not exists schema_migrations (version text primary key, hash text not null, applied_at timestamptz not null)")
        .await?;
    for migration in MIGRATIONS.iter().filter(|migration| status.pending.iter().any(|pending| pending == migration.version)) {
        let began = Instant::now();
        let record = format!(
            "insert into schema_migrations (version, hash, applied_at) values ('{}', '{}', clock_timestamp())",
            migration.version,
            hash(migration.up)
        );
        run(&client, migration.version, migration.up, &record).await?;
        tracing::info!(version = migration.version, elapsed = ?began.elapsed(), "migration applied");
    }
    if !status.pending.is_empty() || !status.replaceable_is_current {
        let record = format!(
            "insert into schema_migrations (version, hash, applied_at) values ('{REPLACEABLE_VERSION}', '{}', clock_timestamp())
             on conflict (version) do update set hash = excluded.hash, applied_at = excluded.applied_at",
            hash(REPLACEABLE)
        );
        run(&client, REPLACEABLE_VERSION, REPLACEABLE, &record).await?;
        tracing::info!("views and functions replaced");
    }
    Ok(status.pending)
}

/// Undoes the last migration and returns its name, or `None` if there is none. Data of the tables it made are lost. The views and functions
/// of `replaceable.sql` are dropped, for they may need what goes; the next [`up`] makes them again.
///
/// # Errors
/// If the database is newer than this program, or a statement fails.
pub async fn down_one(connector: &Connector) -> Result<Option<String>, MigrateError> {
    let client = take_turn(connector).await?;
    undo_last(&client).await
}

/// Undoes all migrations, last first. All data are lost.
///
/// # Errors
/// As [`down_one`].
pub async fn down_all(connector: &Connector) -> Result<Vec<String>, MigrateError> {
    let client = take_turn(connector).await?;
    let mut undone = Vec::new();
    while let Some(version) = undo_last(&client).await? {
        undone.push(version);
    }
    Ok(undone)
}

async fn undo_last(client: &Client) -> Result<Option<String>, MigrateError> {
    let status = read_status(client).await?;
    if !status.unknown.is_empty() {
        return Err(MigrateError::Newer(status.unknown));
    }
    let last = MIGRATIONS.iter().rev().find(|migration| status.applied.iter().any(|applied| applied == migration.version));
    let Some(migration) = last else { return Ok(None) };
    let drops = statements(REPLACEABLE).into_iter().filter(|statement| statement.to_lowercase().starts_with("drop "));
    let drops: String = drops.map(|statement| format!("{statement};\n")).collect();
    let forget = format!("delete from schema_migrations where version = '{REPLACEABLE_VERSION}'");
    run(client, REPLACEABLE_VERSION, &drops, &forget).await?;
    let forget = format!("delete from schema_migrations where version = '{}'", migration.version);
    run(client, migration.version, migration.down, &forget).await?;
    tracing::info!(version = migration.version, "migration undone");
    Ok(Some(migration.version.to_owned()))
}

/// Makes a database if it is not there; two processes may do so at once. The client is connected to another database of the server.
///
/// # Errors
/// If the server refuses.
pub async fn create_database(client: &Client, name: &str) -> Result<(), tokio_postgres::Error> {
    client.query("select pg_advisory_lock($1)", &[&LOCK]).await?;
    let there = client.query_opt("select 1 from pg_database where datname = $1", &[&name]).await?.is_some();
    let made = if there { Ok(()) } else { client.batch_execute(&format!("create database {}", quoted_name(name))).await };
    client.query("select pg_advisory_unlock($1)", &[&LOCK]).await?;
    made
}

/// A name for use in SQL.
pub(crate) fn quoted_name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Connects and waits until no other process migrates. The lock goes with the connection. It is tried, not waited for: a session that waits
/// in a query holds a snapshot, and `create index concurrently` of the one who migrates would wait for that.
async fn take_turn(connector: &Connector) -> Result<Client, MigrateError> {
    let client = connector.client().await?;
    let end = Instant::now() + TURN_LIMIT;
    let mut said = false;
    while !client.query_one("select pg_try_advisory_lock($1)", &[&LOCK]).await?.get::<_, bool>(0) {
        if Instant::now() > end {
            return Err(MigrateError::Locked);
        }
        if !said {
            tracing::info!("another process is migrating the database: waiting");
            said = true;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // What DATABASE_URL's role is set up with must not end a long migration, nor put its tables elsewhere.
    for setting in ["search_path = public", "statement_timeout = 0", "idle_in_transaction_session_timeout = 0", "client_min_messages = warning"] {
        client.batch_execute(&format!("set {setting}")).await?;
    }
    client.batch_execute(&format!("set lock_timeout = '{LOCK_TIMEOUT}'")).await?;
    Ok(client)
}

async fn read_status(client: &Client) -> Result<Status, MigrateError> {
    let there: bool = client.query_one("select to_regclass('public.schema_migrations') is not null", &[]).await?.get(0);
    let rows = if there { client.query("select version, hash from public.schema_migrations", &[]).await? } else { Vec::new() };
    let mut recorded: BTreeMap<String, String> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let mut status = Status {
        replaceable_is_current: recorded.remove(REPLACEABLE_VERSION).is_some_and(|recorded| recorded == hash(REPLACEABLE)),
        ..Status::default()
    };
    for migration in MIGRATIONS {
        let version = migration.version.to_owned();
        match recorded.remove(migration.version) {
            None => status.pending.push(version),
            Some(recorded) => {
                if recorded != hash(migration.up) {
                    status.edited.push(version.clone());
                }
                status.applied.push(version);
            }
        }
    }
    status.unknown = recorded.into_keys().collect();
    Ok(status)
}

/// Runs the statements and then `record`, in one transaction unless the file says otherwise.
async fn run(client: &Client, version: &str, sql: &str, record: &str) -> Result<(), MigrateError> {
    if sql.lines().next().is_some_and(|line| line.trim() == "-- no transaction") {
        run_each(client, version, sql).await?;
        return Ok(client.batch_execute(record).await?);
    }
    let mut tries = 0;
    loop {
        client.batch_execute("begin").await?;
        // Needed on Citus to distribute tables and to use them in one transaction; plain PostgreSQL takes any name with a dot.
        client.batch_execute("set local citus.multi_shard_modify_mode = 'sequential'").await?;
        let done = match run_each(client, version, sql).await {
            Ok(()) => client.batch_execute(record).await.map_err(MigrateError::from),
            failed => failed,
        };
        let Err(error) = done else { return Ok(client.batch_execute("commit").await?) };
        client.batch_execute("rollback").await?;
        tries += 1;
        let waited = matches!(&error, MigrateError::Statement { source, .. } if source.code() == Some(&SqlState::LOCK_NOT_AVAILABLE));
        if !waited || tries == LOCK_TRIES {
            return Err(error);
        }
        tracing::warn!(version, tries, "a table is in use: trying again");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn run_each(client: &Client, version: &str, sql: &str) -> Result<(), MigrateError> {
    for (index, statement) in statements(sql).into_iter().enumerate() {
        client.batch_execute(statement).await.map_err(|source| MigrateError::Statement {
            version: version.to_owned(),
            number: index + 1,
            statement: statement.lines().next().unwrap_or_default().to_owned(),
            source,
        })?;
    }
    Ok(())
}

/// SHA-256 in hexadecimal.
fn hash(text: &str) -> String {
    const_hex::encode(digest(&SHA256, text.as_bytes()))
}

/// Names the schema of this program: a hash over all migrations and what is replaceable.
#[must_use]
pub fn fingerprint() -> String {
    let all: String = MIGRATIONS.iter().map(|migration| migration.up).chain([REPLACEABLE]).collect();
    hash(&all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_is_not_ours_is_refused() {
        let status = Status { unknown: vec!["0099_later".to_owned()], ..Status::default() };
        assert_eq!(status.check().unwrap_err().to_string(), "the database is newer than this program: it has the migrations 0099_later");
        let status = Status { pending: vec!["0009_x".to_owned()], ..Status::default() };
        assert!(status.check().is_ok());
        assert_eq!(
            status.check_current().unwrap_err().to_string(),
            "migrations have not been applied: 0009_x, replaceable.sql; run \"openilp migrate up\""
        );
    }

    #[test]
    fn names_are_quoted() {
        assert_eq!(quoted_name("a\"; drop"), "\"a\"\"; drop\"");
    }
}
