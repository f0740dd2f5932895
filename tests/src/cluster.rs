//! PostgreSQL for tests: one embedded server for all test processes, a template per version of schema and fixture, a
//! database per test.

use std::path::PathBuf;

use openilp_persistence::connect::Connector;
use openilp_persistence::embedded::{Embedded, EmbeddedOptions};
use openilp_persistence::migrate;
use tokio::sync::OnceCell;

const FIXTURE: &str = include_str!("fixture.sql");

static SERVER: OnceCell<(Embedded, String)> = OnceCell::const_new();

/// The server, started by whoever needs it first, with a template that has migrations and fixture.
async fn server() -> &'static (Embedded, String) {
    SERVER
        .get_or_init(|| async {
            let embedded = open();
            embedded.start().await.unwrap();
            let template = make_template(&embedded).await;
            (embedded, template)
        })
        .await
}

fn open() -> Embedded {
    let fast = [("fsync", "off"), ("synchronous_commit", "off"), ("full_page_writes", "off"), ("max_connections", "300"), ("shared_buffers", "64MB")];
    Embedded::open(EmbeddedOptions {
        // The socket needs a short path; one server for each user and each clone of the repository.
        data_folder: Some(PathBuf::from(format!(
            "/tmp/openilp-test-{}-{}",
            nix::unistd::geteuid(),
            short_hash(env!("CARGO_MANIFEST_DIR").as_bytes())
        ))),
        search_path: std::env::var_os("PATH"),
        binaries: std::env::var_os("OPENILP_POSTGRES").map(PathBuf::from),
        extra_settings: fast.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        ..EmbeddedOptions::default()
    })
    .unwrap()
}

fn short_hash(bytes: &[u8]) -> String {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes).as_ref().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// The name tells schema and fixture: another version makes another template.
async fn make_template(embedded: &Embedded) -> String {
    let hash = short_hash(&[migrate::fingerprint().as_bytes(), FIXTURE.as_bytes()].concat());
    let template = format!("openilp_template_{hash}");
    let admin = Connector::new(&embedded.connection_string("postgres")).unwrap();
    let client = admin.client().await.unwrap();
    client.batch_execute("select pg_advisory_lock(7221)").await.unwrap();
    let there = client.query("select 1 from pg_database where datname = $1", &[&template]).await.unwrap();
    if there.is_empty() {
        // Templates and databases of killed runs.
        let old = client.query("select datname from pg_database where datname like 'openilp_t%'", &[]).await.unwrap();
        for row in old {
            let name: String = row.get(0);
            let _ = client.batch_execute(&format!("drop database if exists {name}")).await;
        }
        client.batch_execute("drop database if exists openilp_building with (force)").await.unwrap();
        client.batch_execute("create database openilp_building").await.unwrap();
        let building = admin.with_database("openilp_building");
        migrate::up(&building).await.unwrap();
        let filling = building.client().await.unwrap();
        filling.batch_execute(FIXTURE).await.unwrap();
        filling.batch_execute("analyze").await.unwrap();
        drop(filling);
        let end = "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'openilp_building' and pid <> pg_backend_pid()";
        client.batch_execute(end).await.unwrap();
        client.batch_execute(&format!("alter database openilp_building rename to {template}")).await.unwrap();
    }
    client.batch_execute("select pg_advisory_unlock(7221)").await.unwrap();
    template
}

/// A database that lives as long as a test.
pub struct TestDatabase {
    /// How to connect, as the owner.
    pub connector: Connector,
    name: String,
}

impl TestDatabase {
    /// One with migrations and fixture.
    pub async fn from_template() -> Self {
        Self::make(Some(&server().await.1)).await
    }

    /// An empty one.
    pub async fn empty() -> Self {
        server().await;
        Self::make(None).await
    }

    async fn make(template: Option<&str>) -> Self {
        let embedded = &server().await.0;
        let name = format!("openilp_t_{}", uuid::Uuid::now_v7().simple());
        let admin = Connector::new(&embedded.connection_string("postgres")).unwrap();
        let from = template.map(|t| format!(" template {t} strategy file_copy")).unwrap_or_default();
        admin.client().await.unwrap().batch_execute(&format!("create database {name}{from}")).await.unwrap();
        Self { connector: Connector::new(&embedded.connection_string(&name)).unwrap(), name }
    }

    /// A connection as the owner, whom the tenant wall does not bind: to look at what is really there.
    pub async fn owner(&self) -> tokio_postgres::Client {
        self.connector.client().await.unwrap()
    }

    /// What a query of one column of text finds, as the owner.
    pub async fn texts(&self, query: &str) -> Vec<String> {
        self.owner().await.query(query, &[]).await.unwrap().into_iter().map(|row| row.get(0)).collect()
    }

    /// Does something to the data behind the service's back, as the owner.
    pub async fn execute(&self, statements: &str) {
        self.owner().await.batch_execute(statements).await.unwrap();
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (connector, name) = (self.connector.with_database("postgres"), self.name.clone());
        // A thread of its own: the runtime of the test may be ending.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                if let Ok(client) = connector.client().await {
                    let _ = client.batch_execute(&format!("drop database if exists {name} with (force)")).await;
                }
            });
        });
        let _ = dropping.join();
    }
}
