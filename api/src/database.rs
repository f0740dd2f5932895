//! Which database the service works on: a given one, or its own.

use anyhow::Context;
use openilp_persistence::connect::Connector;
use openilp_persistence::embedded::{Embedded, EmbeddedOptions, Started};
use openilp_persistence::{backup::Backups, migrate};

use crate::config::Config;

/// The name of the database in the embedded PostgreSQL.
const NAME: &str = "openilp";

/// A database that runs.
pub struct Database {
    /// How to connect.
    pub connector: Connector,
    /// The embedded PostgreSQL, if it is ours.
    pub embedded: Option<Embedded>,
}

impl Database {
    /// Has the database running, with its migrations applied. Says on standard error what takes long.
    pub async fn open(config: &Config, say: &dyn Fn(&str)) -> anyhow::Result<Self> {
        let database = Self::reach(config, say).await?;
        let applied = migrate::up(&database.connector).await.context("the database could not be migrated")?;
        if !applied.is_empty() {
            say(&format!("applied {} migrations", applied.len()));
        }
        Ok(database)
    }

    /// Has the database running, whatever migrations it has.
    pub async fn reach(config: &Config, say: &dyn Fn(&str)) -> anyhow::Result<Self> {
        if let Some(url) = &config.database_url {
            return Ok(Self { connector: Connector::new(url.expose())?, embedded: None });
        }
        let embedded = Embedded::open(EmbeddedOptions {
            data_folder: config.data_folder.clone(),
            binaries: config.postgres_programs.clone(),
            search_path: config.surroundings.path.clone(),
            home: config.surroundings.home.clone(),
            xdg_data_home: config.surroundings.xdg_data_home.clone(),
            ..EmbeddedOptions::default()
        })?;
        say(&format!("starting PostgreSQL in {}", embedded.data_folder().display()));
        match embedded.start().await? {
            Started::New => say("made a new database"),
            Started::Again => {}
            Started::Adopted => say("PostgreSQL was running already"),
        }
        embedded.create_database(NAME).await?;
        Ok(Self { connector: Connector::new(&embedded.connection_string(NAME))?, embedded: Some(embedded) })
    }

    /// For backup and restore.
    pub fn backups(&self, config: &Config) -> Backups {
        Backups { connector: self.connector.clone(), binaries: config.postgres_programs.clone(), search_path: config.surroundings.path.clone() }
    }

    /// Stops the embedded PostgreSQL, unless somebody else uses it.
    pub async fn close(self) {
        if let Some(embedded) = self.embedded
            && let Err(error) = embedded.stop().await
        {
            tracing::warn!(%error, "PostgreSQL did not stop");
        }
    }
}
