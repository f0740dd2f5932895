//! `pg_dump` and `pg_restore`, told where to connect by their environment: a password among the arguments could be read by every user.

use std::{
    ffi::OsString,
    os::unix::ffi::OsStringExt,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tokio::{
    io::AsyncReadExt,
    process::{Child, Command},
};
use tokio_postgres::config::{Host, SslMode};

use super::BackupError;
use crate::{
    connect::Connector,
    embedded::{Binaries, last_words},
};

/// Where Debian, Red Hat and Alpine keep the system's roots, for `libpq` older than 16, which cannot find them itself.
const SYSTEM_ROOTS: &[&str] = &["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// A program of PostgreSQL for one database.
pub(super) fn command(binaries: &Binaries, program: &str, connector: &Connector) -> Command {
    let mut command = Command::new(binaries.folder.join(program));
    command.env_clear().env("LC_ALL", "C").envs(environment(connector)).arg("--no-password");
    command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    // Given up with the task that waits for it.
    command.kill_on_drop(true);
    command
}

/// A program that runs. What it says is read all the while, so that it never waits for us.
pub(super) struct Running {
    name: &'static str,
    child: Child,
    said: tokio::task::JoinHandle<String>,
}

impl Running {
    pub(super) fn start(name: &'static str, mut command: Command) -> Result<Self, BackupError> {
        let path = PathBuf::from(command.as_std().get_program());
        let mut child = command.spawn().map_err(BackupError::io("run", &path))?;
        let stderr = child.stderr.take();
        let said = tokio::spawn(async move {
            let mut said = Vec::new();
            if let Some(mut stderr) = stderr {
                // A broken pipe ends the text; the exit status tells the rest.
                let _read = stderr.read_to_end(&mut said).await;
            }
            String::from_utf8_lossy(&said).into_owned()
        });
        Ok(Self { name, child, said })
    }

    /// Waits for the end, calling `meanwhile` some times a second.
    pub(super) async fn finish(mut self, mut meanwhile: impl FnMut()) -> Result<(), BackupError> {
        let status: ExitStatus = loop {
            match tokio::time::timeout(Duration::from_millis(500), self.child.wait()).await {
                Ok(status) => break status.map_err(BackupError::io("wait for", Path::new(self.name)))?,
                Err(_) => meanwhile(),
            }
        };
        let said = self.said.await.unwrap_or_default();
        if status.success() { Ok(()) } else { Err(BackupError::Program { program: self.name, said: last_words(&said) }) }
    }
}

/// The connection in libpq's variables.
fn environment(connector: &Connector) -> Vec<(&'static str, OsString)> {
    let config = connector.config();
    let hosts: Vec<String> = config
        .get_hosts()
        .iter()
        .map(|host| match host {
            Host::Tcp(name) => name.clone(),
            Host::Unix(path) => path.display().to_string(),
        })
        .collect();
    let joined = |parts: Vec<String>| (!parts.is_empty()).then(|| OsString::from(parts.join(",")));
    let addresses = config.get_hostaddrs().iter().map(ToString::to_string).collect();
    let ports = config.get_ports().iter().map(ToString::to_string).collect();
    let text = |text: &str| Some(OsString::from(text));
    let (mode, roots) = tls(connector);
    [
        ("PGHOST", joined(hosts)),
        ("PGHOSTADDR", joined(addresses)),
        ("PGPORT", joined(ports)),
        ("PGUSER", config.get_user().map(OsString::from)),
        ("PGPASSWORD", config.get_password().map(|password| OsString::from_vec(password.to_vec()))),
        ("PGDATABASE", text(connector.database())),
        ("PGOPTIONS", config.get_options().map(OsString::from)),
        ("PGAPPNAME", text("openilp backup")),
        ("PGSSLMODE", text(mode)),
        ("PGSSLROOTCERT", roots.map(PathBuf::into_os_string)),
    ]
    .into_iter()
    .filter_map(|(name, value)| value.map(|value| (name, value)))
    .collect()
}

/// libpq's `require` does not verify; ours does.
fn tls(connector: &Connector) -> (&'static str, Option<PathBuf>) {
    let system = || SYSTEM_ROOTS.iter().map(PathBuf::from).find(|file| file.is_file());
    match connector.config().get_ssl_mode() {
        SslMode::Disable => ("disable", None),
        SslMode::Prefer => ("prefer", None),
        _ => ("verify-full", connector.root_file().cloned().or_else(system)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_goes_into_the_environment_and_tls_stays_verified() {
        let connector = Connector::new("postgres://u:se%20cret@localhost:5444/d").unwrap();
        let environment = environment(&connector);
        let value = |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_str().unwrap());
        assert_eq!(value("PGPASSWORD"), Some("se cret"));
        assert_eq!(value("PGPORT"), Some("5444"));
        assert_eq!(value("PGSSLMODE"), Some("disable"));
        assert_eq!(value("PGHOSTADDR"), None);
        let connector = Connector::new("postgres://u@db.example.org/d?sslmode=require").unwrap();
        assert_eq!(tls(&connector).0, "verify-full");
        let binaries = Binaries { folder: "/bin".into(), major: 15 };
        let command = command(&binaries, "pg_dump", &connector);
        assert!(command.as_std().get_args().all(|argument| argument == "--no-password"));
    }
}
