//! A folder of its own for each test, and a server in it.

use std::{
    fs::{self, DirBuilder},
    os::unix::fs::DirBuilderExt,
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use openilp_persistence::{
    connect::Connector,
    embedded::{Embedded, EmbeddedOptions},
};

/// A short folder in /tmp (the socket's path must be short), gone at the end with the server in it.
pub struct Place {
    pub folder: PathBuf,
}

impl Place {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let folder = PathBuf::from(format!("/tmp/oi{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
        // As root the server runs as another user, who must be let through.
        DirBuilder::new().mode(0o711).create(&folder).unwrap();
        Self { folder }
    }

    /// As in the product, fsync included.
    pub fn options(&self) -> EmbeddedOptions {
        #[expect(clippy::disallowed_methods, reason = "a developer's PostgreSQL may be on the PATH only")]
        let search_path = std::env::var_os("PATH");
        EmbeddedOptions { data_folder: Some(self.folder.join("d")), search_path, ..EmbeddedOptions::default() }
    }

    /// For tests that are not about durability.
    pub fn fast_options(&self) -> EmbeddedOptions {
        let off = ["fsync", "full_page_writes", "synchronous_commit"].map(|name| (name.to_owned(), "off".to_owned()));
        EmbeddedOptions { extra_settings: off.to_vec(), ..self.options() }
    }

    pub async fn server(&self) -> Embedded {
        let embedded = Embedded::open(self.fast_options()).unwrap();
        embedded.start().await.unwrap();
        embedded
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // A test that failed leaves its server running.
        if let Ok(text) = fs::read_to_string(self.folder.join("d/pg/postmaster.pid"))
            && let Some(pid) = text.lines().next().and_then(|line| line.parse().ok())
        {
            kill_now(pid);
        }
        for _ in 0..50 {
            if fs::remove_dir_all(&self.folder).is_ok() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    }
}

/// kill -9.
pub fn kill_now(pid: i32) {
    let _gone_already = nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), nix::sys::signal::Signal::SIGKILL);
}

/// A connector to a database of its own.
pub async fn database(embedded: &Embedded, name: &str) -> Connector {
    embedded.create_database(name).await.unwrap();
    Connector::new(&embedded.connection_string(name)).unwrap()
}

/// One value, as text.
pub async fn value(connector: &Connector, sql: &str) -> String {
    let rows = connector.client().await.unwrap().simple_query(sql).await.unwrap();
    rows.iter()
        .find_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
            _ => None,
        })
        .unwrap_or_default()
}
