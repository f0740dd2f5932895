//! The program as its own process, with a PostgreSQL of its own: to be killed.

use std::fs::{self, DirBuilder};
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use openilp_persistence::connect::Connector;
use openilp_persistence::embedded::{Embedded, EmbeddedOptions};

/// How others are told to reach the program: tokens carry it, while the port changes with every start.
const ORIGIN: &str = "http://127.0.0.1:8080";
/// How long a start may take on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(180);

/// A folder of its own, gone at the end with the PostgreSQL in it.
pub struct Place {
    /// The folder. Short: it holds a socket.
    pub folder: PathBuf,
    program: PathBuf,
}

impl Place {
    /// For a program, which is `env!("CARGO_BIN_EXE_openilp-tested")`.
    pub fn new(program: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let folder = PathBuf::from(format!("/tmp/op{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
        // As root the server runs as another user, who must be let through.
        DirBuilder::new().mode(0o711).create(&folder).unwrap();
        Self { folder, program: program.into() }
    }

    /// The program with its surroundings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).env_remove("DATABASE_URL").stdin(Stdio::null()).current_dir(&self.folder);
        let data = self.folder.join("d");
        command.env("OPENILP_DATA", data).env("OPENILP_LISTEN", "127.0.0.1:0").env("OPENILP_ORIGIN", ORIGIN).env("TMPDIR", &self.folder);
        command.env("OPENILP_DEMO_ISSUER", "true").env("OPENILP_THREADS", "2").env("OPENILP_CONNECTIONS", "8").env("OPENILP_LOG", "warn");
        command
    }

    /// Starts a service and waits until it listens.
    pub fn serve(&self, arguments: &[&str]) -> Service {
        let mut child = self.command(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let (lines, saying) = (BufReader::new(child.stderr.take().unwrap()).lines(), said.clone());
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let mut said = saying.lock().unwrap();
                said.push_str(&line);
                said.push('\n');
            }
        });
        let mut service = Service { child, said, address: String::new() };
        let began = Instant::now();
        loop {
            let said = service.said();
            if let Some((_, rest)) = said.split_once("listening on ") {
                service.address = rest.split([';', '\n']).next().unwrap().trim().to_owned();
                return service;
            }
            let ended = service.child.try_wait().unwrap();
            assert!(ended.is_none() && began.elapsed() < PATIENCE, "it does not start: {ended:?}\n{said}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The PostgreSQL that runs here, by the file that it keeps while it does.
    pub fn postmaster(&self) -> Option<i32> {
        let text = fs::read_to_string(self.folder.join("d/pg/postmaster.pid")).ok()?;
        let pid = text.lines().next()?.trim().parse().ok()?;
        kill(Pid::from_raw(pid), None).is_ok().then_some(pid)
    }

    /// A connector to its database, as the owner, whom the tenant wall does not bind.
    pub fn database(&self) -> Connector {
        let options =
            EmbeddedOptions { data_folder: Some(self.folder.join("d")), search_path: std::env::var_os("PATH"), ..EmbeddedOptions::default() };
        let binaries = std::env::var_os("OPENILP_POSTGRES").map(PathBuf::from);
        let embedded = Embedded::open(EmbeddedOptions { binaries, ..options }).unwrap();
        Connector::new(&embedded.connection_string("openilp")).unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // A test that failed leaves its server running.
        self.postmaster().into_iter().for_each(kill_now);
        for _ in 0..50 {
            if fs::remove_dir_all(&self.folder).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// kill -9.
pub fn kill_now(pid: i32) {
    let _gone_already = kill(Pid::from_raw(pid), Signal::SIGKILL);
}

/// A service that listens. Dropped, it is killed.
pub struct Service {
    child: Child,
    said: Arc<Mutex<String>>,
    /// Where it listens, such as `127.0.0.1:40001`.
    pub address: String,
}

impl Service {
    /// What it has said on standard error.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// kill -9, in the middle of whatever it does.
    pub fn kill(mut self) {
        self.end_now();
    }

    /// Tells it to end, and waits until it has.
    pub fn stop(mut self) -> ExitStatus {
        kill(Pid::from_raw(i32::try_from(self.child.id()).unwrap()), Signal::SIGTERM).unwrap();
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < PATIENCE, "it does not stop:\n{}", self.said());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn end_now(&mut self) {
        let _ended_already = self.child.kill();
        let _status = self.child.wait();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.end_now();
    }
}

/// Shell variables of a file, such as those that `demo` writes.
pub fn variables(file: &Path) -> std::collections::HashMap<String, String> {
    let text = fs::read_to_string(file).unwrap();
    text.lines().filter_map(|line| line.split_once('=')).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
