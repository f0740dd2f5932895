//! The configuration: one struct, read once at start, every fault named at once. Nothing else reads the environment.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::auth::Secret;
use crate::limits::Rates;
use openilp_persistence::cap::Caps;

/// How the service is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// A PostgreSQL to use. None: the service starts its own.
    pub database_url: Option<Secret<String>>,
    /// Where the embedded PostgreSQL and temporary files live. None: the place for this user.
    pub data_folder: Option<PathBuf>,
    /// Where the programs of PostgreSQL are. None: looked for.
    pub postgres_programs: Option<PathBuf>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// How others reach the service: scheme, host, port, no slash at the end. Links and tokens use it.
    pub public_origin: String,
    /// Which web origins may call from a browser. `*` alone means any.
    pub cors_origins: Vec<String>,
    /// Whether the service issues tokens for people itself: for demos and tests only.
    pub demo_issuer: bool,
    /// Threads that answer requests.
    pub threads: usize,
    /// Database connections of each thread.
    pub connections_per_thread: usize,
    /// How long a stopping service waits for requests under way.
    pub drain: Duration,
    /// The most a roster bundle may have, in bytes.
    pub bundle_bytes_max: usize,
    /// How many requests a minute are taken.
    pub rates: Rates,
    /// How much may be read and exported.
    pub caps: Caps,
    /// From how many students' files within an hour on it may be unusual; 0: nothing is.
    pub alarm_files: u32,
    /// Logs as JSON lines rather than text.
    pub log_json: bool,
    /// Which log messages: as `RUST_LOG` has it.
    pub log: String,
    /// Of the environment, for the search for PostgreSQL's programs and the data folder.
    pub surroundings: Surroundings,
}

/// What the embedded PostgreSQL needs to know of the environment.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// `PATH`.
    pub path: Option<OsString>,
    /// `HOME`.
    pub home: Option<PathBuf>,
    /// `XDG_DATA_HOME`.
    pub xdg_data_home: Option<PathBuf>,
}

/// Every variable, and what it says: the source of `--help` and of the table in the README.
pub const VARIABLES: &[(&str, &str, &str)] = &[
    ("DATABASE_URL", "", "PostgreSQL to use, as a URL. Without it the service starts its own."),
    ("OPENILP_DATA", "/var/lib/openilp as root, else ~/.local/share/openilp", "Folder of the embedded PostgreSQL. Short: it holds a socket."),
    ("OPENILP_POSTGRES", "", "Folder with initdb, pg_ctl and postgres. Without it they are looked for."),
    ("OPENILP_LISTEN", "127.0.0.1:8080", "Address and port to listen on."),
    ("OPENILP_ORIGIN", "http://<listen>", "How others reach the service: scheme, host, port."),
    ("OPENILP_CORS_ORIGINS", "", "Web origins that may call from a browser, with commas between; * for any."),
    ("OPENILP_DEMO_ISSUER", "false", "true: issue tokens for people. For demos and tests only."),
    ("OPENILP_THREADS", "one a core", "Threads that answer requests, 1 to 64."),
    ("OPENILP_CONNECTIONS", "16", "Database connections of each thread, 2 to 64."),
    ("OPENILP_DRAIN_SECONDS", "20", "How long a stopping service waits for requests under way, 0 to 300."),
    ("OPENILP_BUNDLE_MEGABYTES", "512", "The most a roster bundle may have, 1 to 4096."),
    ("OPENILP_RATE_PERSON", "6000", "Requests a minute of one person, to each process; 0 for no limit."),
    ("OPENILP_RATE_CLIENT", "30000", "Requests a minute of one machine client, to each process; 0 for no limit."),
    ("OPENILP_RATE_DISTRICT", "120000", "Requests a minute of all people and clients of one district, to each process; 0 for no limit."),
    (
        "OPENILP_RATE_REFUSED",
        "0",
        "Refused tokens a minute from one address, 0 for no limit. Behind a proxy all callers have its address: leave it to the proxy.",
    ),
    ("OPENILP_FILES_PERSON", "1000", "Students' files that one member of staff may open within an hour; 0 for no cap."),
    ("OPENILP_FILES_DISTRICT", "0", "Students' files that all staff of one district together may open within an hour; 0 for no cap."),
    ("OPENILP_EXPORTS", "100", "Exports of rosters from a district, and of collections by a client from a district, within 24 hours; 0 for no cap."),
    (
        "OPENILP_ALARM_FILES",
        "100",
        "Students' files within an hour that are never unusual; more are, if it is more than twice the caller's highest hour of 28 days. 0: no such alarms.",
    ),
    ("OPENILP_LOG", "info", "Which log messages, such as info,openilp=debug."),
    ("OPENILP_LOG_JSON", "false", "true: logs as JSON lines."),
];

/// The highest limit that can be set: one a microsecond.
const RATE_MAX: u32 = 60_000_000;

/// Everything that is wrong with the configuration.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigFaults(pub Vec<String>);

impl std::fmt::Display for ConfigFaults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the configuration has {} fault(s):", self.0.len())?;
        for fault in &self.0 {
            write!(f, "\n  {fault}")?;
        }
        Ok(())
    }
}
impl std::error::Error for ConfigFaults {}

struct Reader<'a> {
    get: &'a dyn Fn(&str) -> Option<OsString>,
    faults: Vec<String>,
}

impl Reader<'_> {
    fn text(&mut self, name: &str) -> Option<String> {
        let value = (self.get)(name).filter(|v| !v.is_empty())?;
        value.into_string().map_err(|_| self.faults.push(format!("{name} is not UTF-8"))).ok()
    }

    fn parsed<T>(&mut self, name: &str, default: T, must: &str, parse: impl FnOnce(&str) -> Option<T>) -> T {
        let Some(text) = self.text(name) else { return default };
        parse(text.trim()).unwrap_or_else(|| {
            self.faults.push(format!("{name} must be {must}"));
            default
        })
    }

    fn number(&mut self, name: &str, default: usize, min: usize, max: usize) -> usize {
        self.parsed(name, default, &format!("a whole number from {min} to {max}"), |t| t.parse().ok().filter(|n| (min..=max).contains(n)))
    }

    fn rate(&mut self, name: &str, default: u32) -> u32 {
        self.parsed(name, default, &format!("a whole number from 0 to {RATE_MAX}"), |t| t.parse().ok().filter(|n| *n <= RATE_MAX))
    }

    fn switch(&mut self, name: &str) -> bool {
        self.parsed(name, false, "true or false", |t| t.parse().ok())
    }
}

impl Config {
    /// Reads the environment of the process.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn from_environment() -> Result<Self, ConfigFaults> {
        Self::read(&|name| std::env::var_os(name))
    }

    /// Reads variables. Every fault is named, not just the first.
    pub fn read(get: &dyn Fn(&str) -> Option<OsString>) -> Result<Self, ConfigFaults> {
        let mut reader = Reader { get, faults: vec![] };
        let default_listen = SocketAddr::from(([127, 0, 0, 1], 8080));
        let listen = reader.parsed("OPENILP_LISTEN", default_listen, "an address and a port, such as 127.0.0.1:8080", |t| t.parse().ok());
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let config = Self {
            database_url: reader.parsed("DATABASE_URL", None, "a URL, such as postgres://user@host/openilp", |t| {
                let known = t.starts_with("postgres://") || t.starts_with("postgresql://") || t.contains('=');
                known.then(|| Some(Secret::new(t.to_owned())))
            }),
            data_folder: reader.text("OPENILP_DATA").map(PathBuf::from),
            postgres_programs: reader.text("OPENILP_POSTGRES").map(PathBuf::from),
            public_origin: reader.parsed("OPENILP_ORIGIN", format!("http://{listen}"), "scheme and host, such as https://ilp.example.org", origin),
            cors_origins: reader.parsed("OPENILP_CORS_ORIGINS", vec![], "origins with commas between, or *", origins),
            demo_issuer: reader.switch("OPENILP_DEMO_ISSUER"),
            threads: reader.number("OPENILP_THREADS", cores.clamp(1, 64), 1, 64),
            connections_per_thread: reader.number("OPENILP_CONNECTIONS", 16, 2, 64),
            drain: Duration::from_secs(u64::try_from(reader.number("OPENILP_DRAIN_SECONDS", 20, 0, 300)).unwrap_or(20)),
            bundle_bytes_max: reader.number("OPENILP_BUNDLE_MEGABYTES", 512, 1, 4096) * 1024 * 1024,
            rates: Rates {
                person: reader.rate("OPENILP_RATE_PERSON", 6_000),
                client: reader.rate("OPENILP_RATE_CLIENT", 30_000),
                district: reader.rate("OPENILP_RATE_DISTRICT", 120_000),
                refused: reader.rate("OPENILP_RATE_REFUSED", 0),
            },
            caps: Caps {
                person: reader.rate("OPENILP_FILES_PERSON", 1_000),
                district: reader.rate("OPENILP_FILES_DISTRICT", 0),
                exports: reader.rate("OPENILP_EXPORTS", 100),
            },
            alarm_files: reader.rate("OPENILP_ALARM_FILES", 100),
            log_json: reader.switch("OPENILP_LOG_JSON"),
            log: reader.text("OPENILP_LOG").unwrap_or_else(|| "info".into()),
            surroundings: Surroundings {
                path: get("PATH"),
                home: get("HOME").map(PathBuf::from),
                xdg_data_home: get("XDG_DATA_HOME").map(PathBuf::from),
            },
            listen,
        };
        if reader.faults.is_empty() { Ok(config) } else { Err(ConfigFaults(reader.faults)) }
    }
}

fn origin(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let fit = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b));
    fit.then(|| text.to_owned())
}

fn origins(text: &str) -> Option<Vec<String>> {
    text.split(',').map(str::trim).map(|one| if one == "*" { Some(one.to_owned()) } else { origin(one) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigFaults> {
        Config::read(&|name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value)))
    }

    #[test]
    fn without_any_variable_the_service_has_sensible_settings() {
        let Ok(config) = read(&[]) else { panic!("refused") };
        assert_eq!(config.public_origin, "http://127.0.0.1:8080");
        assert!(!config.demo_issuer);
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let Err(ConfigFaults(faults)) =
            read(&[("OPENILP_LISTEN", "here"), ("OPENILP_THREADS", "0"), ("OPENILP_ORIGIN", "ftp://x"), ("OPENILP_DEMO_ISSUER", "yes")])
        else {
            panic!("accepted")
        };
        assert_eq!(faults.len(), 4);
    }

    #[test]
    fn the_database_url_never_prints() {
        let Ok(config) = read(&[("DATABASE_URL", "postgres://u:hunter2@h/d")]) else { panic!("refused") };
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
