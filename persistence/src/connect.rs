//! How a connection to PostgreSQL is made: one way for the pool, for migrations and for backups.
//!
//! Over a unix socket and to the own machine there is no TLS. To other hosts TLS is used if the server offers it, and demanded with
//! `sslmode=require` (or `verify-ca`, `verify-full`). Whenever there is TLS the certificate and the host name are verified: against the
//! roots of the system, or against the file named by `sslrootcert` in the URL.

use std::{fmt, net::IpAddr, path::PathBuf, sync::Arc, time::Duration};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio_postgres::{
    Client, Config, Socket,
    config::{Host, SslMode},
    tls::MakeTlsConnect,
};
use tokio_postgres_rustls::MakeRustlsConnect;

/// The other half of a client: it must be polled for the client to get answers.
pub type Connection = tokio_postgres::Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>;

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The text is no connection string. It is not shown: it may hold a password.
    #[error("the database URL cannot be read")]
    Url(#[source] tokio_postgres::Error),
    /// `sslrootcert` names a file that cannot be read or holds no certificate.
    #[error("no certificate can be read from sslrootcert={}", file.display())]
    RootFile {
        /// The file named.
        file: PathBuf,
        /// What is wrong with it.
        #[source]
        source: rustls::pki_types::pem::Error,
    },
    /// TLS is possible only with at least one root.
    #[error("there are no root certificates to verify the database server with: install ca-certificates, or name a file with sslrootcert")]
    NoRoots,
    /// rustls refused the configuration.
    #[error("TLS cannot be configured")]
    Tls(#[from] rustls::Error),
    /// The server was not reached, or it refused.
    #[error("cannot connect to {target}")]
    Connect {
        /// Host, port and database; never a secret.
        target: String,
        /// The reason.
        #[source]
        source: tokio_postgres::Error,
    },
}

/// A parsed connection string with everything that is costly to prepare. Clones are cheap to make and connect alike.
#[derive(Clone)]
pub struct Connector {
    config: Config,
    tls: MakeRustlsConnect,
    root_file: Option<PathBuf>,
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Connector({})", self.target())
    }
}

impl Connector {
    /// Reads `url`, which is a URL (`postgres://…`) or keys and values (`host=… user=…`).
    ///
    /// # Errors
    /// If the text is no connection string, or the roots for TLS are missing where TLS may be used.
    pub fn new(url: &str) -> Result<Self, ConnectError> {
        let (url, root_file) = without_ssl_file(url);
        let mut config: Config = url.parse().map_err(ConnectError::Url)?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        // A server on the own machine often offers a self-signed certificate that nobody can verify, and there is no wire to tap.
        if config.get_ssl_mode() == SslMode::Prefer && stays_on_machine(&config) {
            config.ssl_mode(SslMode::Disable);
        }
        let roots = match config.get_ssl_mode() {
            SslMode::Disable => RootCertStore::empty(),
            _ => read_roots(root_file.as_ref())?,
        };
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls =
            ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?.with_root_certificates(roots).with_no_client_auth();
        Ok(Self { config, tls: MakeRustlsConnect::new(tls), root_file })
    }

    /// The same server and user, another database.
    #[must_use]
    pub fn with_database(&self, name: &str) -> Self {
        let mut other = self.clone();
        other.config.dbname(name);
        other
    }

    /// The parsed settings.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The file of root certificates that the URL names.
    #[must_use]
    pub fn root_file(&self) -> Option<&PathBuf> {
        self.root_file.as_ref()
    }

    /// The name of the database; PostgreSQL takes that of the user when none is given.
    #[must_use]
    pub fn database(&self) -> &str {
        self.config.get_dbname().or(self.config.get_user()).unwrap_or("postgres")
    }

    /// Host, port and database in words for messages; no secret.
    #[must_use]
    pub fn target(&self) -> String {
        let hosts: Vec<String> = self
            .config
            .get_hosts()
            .iter()
            .map(|host| match host {
                Host::Tcp(name) => name.clone(),
                Host::Unix(path) => path.display().to_string(),
            })
            .chain(self.config.get_hostaddrs().iter().map(ToString::to_string))
            .collect();
        let port = self.config.get_ports().first().copied().unwrap_or(5432);
        format!("database {:?} at {}, port {port}", self.database(), hosts.join(" or "))
    }

    /// Connects. The caller polls the connection (or hands both to diesel's `try_from_client_and_connection`).
    ///
    /// # Errors
    /// If no server answers, or the one that does refuses.
    pub async fn connect(&self) -> Result<(Client, Connection), ConnectError> {
        let connected = self.config.connect(self.tls.clone()).await;
        connected.map_err(|source| ConnectError::Connect { target: self.target(), source })
    }

    /// Connects and polls the connection in a task of its own, which ends with the client.
    ///
    /// # Errors
    /// As for [`Connector::connect`].
    pub async fn client(&self) -> Result<Client, ConnectError> {
        let (client, connection) = self.connect().await?;
        tokio::spawn(async move {
            // Whoever waits on the client gets the same error with more context.
            if let Err(error) = connection.await {
                let error: &dyn std::error::Error = &error;
                tracing::debug!(error, "a database connection broke");
            }
        });
        Ok(client)
    }
}

/// Connects once; see [`Connector`] for doing so repeatedly.
///
/// # Errors
/// If the text is no connection string, or the server does not let us in.
pub async fn connect(url: &str) -> Result<(Client, Connection), ConnectError> {
    Connector::new(url)?.connect().await
}

fn stays_on_machine(config: &Config) -> bool {
    let loopback = |text: &str| text == "localhost" || text.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let hosts_stay = config.get_hosts().iter().all(|host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => loopback(name),
    });
    match config.get_hostaddrs() {
        [] => hosts_stay,
        addresses => addresses.iter().all(IpAddr::is_loopback),
    }
}

fn read_roots(file: Option<&PathBuf>) -> Result<RootCertStore, ConnectError> {
    let mut roots = RootCertStore::empty();
    match file {
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        Some(file) => {
            let unreadable = |source| ConnectError::RootFile { file: file.clone(), source };
            for certificate in CertificateDer::pem_file_iter(file).map_err(unreadable)? {
                roots.add(certificate.map_err(unreadable)?)?;
            }
        }
    }
    if roots.is_empty() {
        return Err(ConnectError::NoRoots);
    }
    Ok(roots)
}

/// Takes out what libpq knows and tokio-postgres does not: `sslrootcert` (URL form), and the `verify` modes, which are what `require` means here.
fn without_ssl_file(url: &str) -> (String, Option<PathBuf>) {
    let as_require = |text: &str| text.replace("sslmode=verify-full", "sslmode=require").replace("sslmode=verify-ca", "sslmode=require");
    let is_url = url.starts_with("postgres://") || url.starts_with("postgresql://");
    let Some((address, query)) = url.split_once('?').filter(|_| is_url) else { return (as_require(url), None) };
    let mut file = None;
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| match pair.strip_prefix("sslrootcert=") {
            Some(value) => {
                file = Some(PathBuf::from(percent_decoded(value)));
                false
            }
            None => true,
        })
        .collect();
    let url = if kept.is_empty() { address.to_owned() } else { format!("{address}?{}", as_require(&kept.join("&"))) };
    (url, file)
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_is_left_out_on_the_own_machine_only() {
        let mode = |url: &str| Connector::new(url).unwrap().config.get_ssl_mode();
        assert_eq!(mode("postgres://u@localhost/d"), SslMode::Disable);
        assert_eq!(mode("host=/tmp/x user=u"), SslMode::Disable);
        assert_eq!(mode("postgres://u@127.0.0.1/d?sslmode=require"), SslMode::Require);
        assert_eq!(mode("postgres://u@db.example.org/d"), SslMode::Prefer);
        assert_eq!(mode("postgres://u@db.example.org/d?sslmode=verify-full"), SslMode::Require);
        assert_eq!(mode("host=db.example.org user=u sslmode=verify-ca"), SslMode::Require);
        assert_eq!(mode("postgres://u@db.example.org/d?sslmode=disable"), SslMode::Disable);
    }

    #[test]
    fn the_root_file_is_taken_out_of_the_url() {
        let (url, file) = without_ssl_file("postgres://u@h/d?application_name=x&sslrootcert=%2Fetc%2Fa%20b.pem&sslmode=verify-full");
        assert_eq!(url, "postgres://u@h/d?application_name=x&sslmode=require");
        assert_eq!(file, Some(PathBuf::from("/etc/a b.pem")));
        let missing = Connector::new("postgres://u@h/d?sslmode=require&sslrootcert=/nowhere.pem");
        assert_eq!(missing.unwrap_err().to_string(), "no certificate can be read from sslrootcert=/nowhere.pem");
    }

    #[test]
    fn messages_hold_no_password() {
        let connector = Connector::new("postgres://u:secret@localhost:5444/d").unwrap();
        assert_eq!(format!("{connector:?}"), "Connector(database \"d\" at localhost, port 5444)");
        assert!(!Connector::new("postgres://u:secret@h:port/d").unwrap_err().to_string().contains("secret"));
    }
}
