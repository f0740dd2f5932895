//! Restoring: beside the database in use, proven, then in its place.

use std::path::Path;

use tokio_postgres::{Client, error::SqlState};

use super::{BackupError, Backups, DUMP, Manifest, Progress, Step, programs, programs::Running, proof::Proof, read, server_major};
use crate::{
    connect::Connector,
    migrate::{APP_ROLE, quoted_name},
};

/// Stands on every database that a restore may drop.
const MARK: &str = "openilp: a restore works here";

impl Backups {
    /// Restores the backup in `folder` into the database, which is made if it is not there. The work is done in a database beside it, so that
    /// whatever fails, nothing has changed. The deployment gets a new epoch: cursors given out before are refused, for rows may be gone that
    /// their holders have seen.
    ///
    /// # Errors
    /// If the database holds data and `replace` is false, if it is in use, if the backup is damaged, or if what was restored differs in any row
    /// count, checksum or kind of object from what was backed up.
    pub async fn restore(&self, folder: &Path, replace: bool, progress: &mut Progress<'_>) -> Result<Manifest, BackupError> {
        let target = self.connector.database().to_owned();
        let keeper = self.keeper().await?;
        if exists(&keeper, &target).await? {
            if !replace && holds_data(&self.unbound_client(&self.connector).await?).await? {
                return Err(BackupError::NotEmpty(target));
            }
            refuse_in_use(&keeper, &target).await?;
        }
        let manifest = read(folder, progress).await?;
        let beside = self.restore_beside(&keeper, folder, &manifest, progress).await?;
        let finished = self.finish(&beside, progress).await;
        let finished = match finished {
            Ok(()) => {
                progress(Step::Replacing);
                put_in_place(&keeper, beside.database(), &target).await
            }
            failed => failed,
        };
        match finished {
            Ok(()) => Ok(manifest),
            Err(error) => {
                drop_database(&keeper, beside.database()).await?;
                Err(error)
            }
        }
    }

    /// Restores the backup in `folder` into a database of its own, compares, and drops that: the only proof that a backup is one. The database in
    /// use is not touched.
    ///
    /// # Errors
    /// If the backup is damaged, or what was restored differs.
    pub async fn prove(&self, folder: &Path, progress: &mut Progress<'_>) -> Result<Manifest, BackupError> {
        let manifest = read(folder, progress).await?;
        let keeper = self.keeper().await?;
        let beside = self.restore_beside(&keeper, folder, &manifest, progress).await?;
        drop_database(&keeper, beside.database()).await?;
        Ok(manifest)
    }

    /// A session in the server's own database, from which others can be made, renamed and dropped.
    async fn keeper(&self) -> Result<Client, BackupError> {
        self.unbound_client(&self.connector.with_database("postgres")).await
    }

    /// Restores and compares. On a failure the database made for it is dropped.
    async fn restore_beside(
        &self,
        keeper: &Client,
        folder: &Path,
        manifest: &Manifest,
        progress: &mut Progress<'_>,
    ) -> Result<Connector, BackupError> {
        let beside = self.connector.with_database(&format!("{}_restoring", self.connector.database()));
        // What a restore left that was killed.
        drop_database(keeper, beside.database()).await?;
        keeper.batch_execute(&format!("create database {} template template0 encoding 'UTF8'", quoted_name(beside.database()))).await?;
        mark(keeper, beside.database(), Some(MARK)).await?;
        match self.fill(keeper, &beside, folder, manifest, progress).await {
            Ok(()) => Ok(beside),
            Err(error) => {
                drop_database(keeper, beside.database()).await?;
                Err(error)
            }
        }
    }

    async fn fill(
        &self,
        keeper: &Client,
        beside: &Connector,
        folder: &Path,
        manifest: &Manifest,
        progress: &mut Progress<'_>,
    ) -> Result<(), BackupError> {
        // Roles belong to the server, not to the dump.
        let role = format!(
            "do $$ begin
               if not exists (select from pg_roles where rolname = '{APP_ROLE}') then create role {APP_ROLE} nologin noinherit; end if;
               if not pg_has_role(current_user, '{APP_ROLE}', 'member') then grant {APP_ROLE} to current_user; end if;
             end $$"
        );
        keeper.batch_execute(&role).await?;
        progress(Step::Restoring);
        let binaries = self.programs(server_major(keeper).await?.max(manifest.server_major))?;
        let dump = std::path::absolute(folder.join(DUMP)).map_err(BackupError::io("find", folder))?;
        let jobs = std::thread::available_parallelism().map_or(1, usize::from).min(4);
        let mut command = programs::command(&binaries, "pg_restore", beside);
        command.args(["--exit-on-error", "--no-owner"]).arg(format!("--jobs={jobs}")).arg("--dbname").arg(dbname_of(beside)).arg(dump);
        Running::start("pg_restore", command)?.finish(|| progress(Step::Restoring)).await?;

        let client = self.unbound_client(beside).await?;
        let found = Proof::take(&client, progress).await?;
        let differences = manifest.proof.differences(&found);
        if differences.is_empty() { Ok(()) } else { Err(BackupError::Differs(differences)) }
    }

    /// What the restored database has otherwise than the one backed up: its epoch, and statistics.
    async fn finish(&self, beside: &Connector, progress: &mut Progress<'_>) -> Result<(), BackupError> {
        let client = self.unbound_client(beside).await?;
        let has_epoch: bool = client.query_one("select to_regclass('public.deployment') is not null", &[]).await?.get(0);
        if has_epoch {
            client.batch_execute("update public.deployment set epoch = gen_random_uuid()").await?;
        }
        progress(Step::Analyzing);
        Ok(client.batch_execute("analyze").await?)
    }
}

/// `--dbname` is read as a connection string if it looks like one; the rest is in the environment.
fn dbname_of(connector: &Connector) -> String {
    format!("dbname='{}'", connector.database().replace('\\', "\\\\").replace('\'', "\\'"))
}

async fn exists(keeper: &Client, name: &str) -> Result<bool, tokio_postgres::Error> {
    Ok(keeper.query_opt("select from pg_database where datname = $1", &[&name]).await?.is_some())
}

/// A database that a service has only just set up holds nothing to lose: its migrations and its epoch.
async fn holds_data(client: &Client) -> Result<bool, BackupError> {
    let tables = client
        .query(
            "select format('%I.%I', nspname, relname) from pg_class join pg_namespace n on n.oid = relnamespace
              where relkind = 'r' and nspname <> 'information_schema' and nspname !~ '^pg_'
                and relname not in ('schema_migrations', 'deployment')",
            &[],
        )
        .await?;
    for table in tables {
        let table: &str = table.get(0);
        if client.query_one(&format!("select exists (select from {table})"), &[]).await?.get(0) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn refuse_in_use(keeper: &Client, name: &str) -> Result<(), BackupError> {
    let sessions = || async {
        let row = keeper.query_one("select count(*) from pg_stat_activity where datname = $1 and backend_type = 'client backend'", &[&name]).await?;
        Ok::<i64, tokio_postgres::Error>(row.get(0))
    };
    // A session that was closed just now takes a moment to go.
    for _ in 0..20 {
        if sessions().await? == 0 {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    Err(BackupError::InUse { name: name.to_owned(), sessions: sessions().await? })
}

/// Both names change in one transaction: there is no moment without a database, not even after a crash.
async fn put_in_place(keeper: &Client, beside: &str, target: &str) -> Result<(), BackupError> {
    let replaced = format!("{target}_replaced");
    drop_database(keeper, &replaced).await?;
    let had_one = exists(keeper, target).await?;
    keeper.batch_execute("begin").await?;
    let swap = async {
        if had_one {
            keeper.batch_execute(&format!("alter database {} rename to {}", quoted_name(target), quoted_name(&replaced))).await?;
            mark(keeper, &replaced, Some(MARK)).await?;
        }
        keeper.batch_execute(&format!("alter database {} rename to {}", quoted_name(beside), quoted_name(target))).await?;
        mark(keeper, target, None).await?;
        keeper.batch_execute("commit").await
    };
    if let Err(error) = swap.await {
        keeper.batch_execute("rollback").await?;
        if error.code() == Some(&SqlState::OBJECT_IN_USE) {
            refuse_in_use(keeper, target).await?;
        }
        return Err(error.into());
    }
    if had_one {
        drop_database(keeper, &replaced).await?;
    }
    Ok(())
}

/// A comment on a database says that it is ours to drop.
async fn mark(keeper: &Client, name: &str, mark: Option<&str>) -> Result<(), tokio_postgres::Error> {
    let mark = mark.map_or("null".to_owned(), |mark| format!("'{mark}'"));
    keeper.batch_execute(&format!("comment on database {} is {mark}", quoted_name(name))).await
}

/// Drops a database that a restore made or replaced; never another that happens to have its name.
async fn drop_database(keeper: &Client, name: &str) -> Result<(), BackupError> {
    let row = keeper.query_opt("select shobj_description(oid, 'pg_database') from pg_database where datname = $1", &[&name]).await?;
    match row.map(|row| row.get::<_, Option<String>>(0)) {
        None => Ok(()),
        Some(Some(comment)) if comment == MARK => Ok(keeper.batch_execute(&format!("drop database {} with (force)", quoted_name(name))).await?),
        Some(_) => Err(BackupError::NotOurs(name.to_owned())),
    }
}
