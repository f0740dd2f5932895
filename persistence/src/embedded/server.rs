//! Starting and stopping the server: the blocking half of [`super::Embedded`].

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom},
    os::unix::{fs::OpenOptionsExt, process::CommandExt},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::sleep,
    time::{Duration, Instant},
};

use nix::{
    fcntl::{Flock, FlockArg},
    sys::signal::Signal,
    unistd::{Pid, User},
};
use tokio::sync::watch;

use super::{
    Binaries, Started,
    error::EmbeddedError,
    folder::{Folders, major_in, make_private},
    postmaster::{self, Answer, Found, OWNER},
};

/// Recovery after a crash replays the log and may take minutes; a living server is given them.
const START_LIMIT: Duration = Duration::from_secs(300);
/// Longer than any start, so that a second process waits for the first one rather than giving up.
const TURN_LIMIT: Duration = Duration::from_secs(330);
/// What sessions are given to end by themselves once the server stops.
const FAST_STOP_LIMIT: Duration = Duration::from_secs(30);
/// What an immediate stop is given.
const IMMEDIATE_STOP_LIMIT: Duration = Duration::from_secs(10);
/// What the sessions of a killed server are given to notice.
const ORPHAN_LIMIT: Duration = Duration::from_secs(2);
/// The log begins anew at a start once it is this long; the old one is kept beside it.
const LONGEST_LOG: u64 = 16 << 20;
const PAUSE: Duration = Duration::from_millis(20);

/// The settings we want, which win over `postgresql.conf`. Durability is said aloud: nothing in the folder can turn it off.
const SETTINGS: &[(&str, &str)] = &[
    ("fsync", "on"),
    ("full_page_writes", "on"),
    ("synchronous_commit", "on"),
    ("listen_addresses", ""),
    ("port", "5432"), // names the socket only
    ("unix_socket_permissions", "0700"),
    ("cluster_name", "openilp"),
    ("max_connections", "100"),
    ("shared_buffers", "256MB"),
    ("effective_cache_size", "1GB"),
    ("work_mem", "16MB"),
    ("maintenance_work_mem", "128MB"),
    ("max_wal_size", "2GB"),
    ("wal_compression", "on"),
    ("random_page_cost", "1.1"),
    // Short queries, where compiling costs more than it saves.
    ("jit", "off"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    // A forgotten transaction holds back vacuum and locks.
    ("idle_in_transaction_session_timeout", "60s"),
    // Ends the work of a client that went away.
    ("client_connection_check_interval", "10s"),
    // No student data in the log: neither statements nor the values of a violated key.
    ("logging_collector", "off"),
    ("log_statement", "none"),
    ("log_min_duration_statement", "-1"),
    ("log_min_error_statement", "panic"),
    ("log_error_verbosity", "terse"),
    ("log_checkpoints", "off"),
];

#[derive(Debug)]
pub(super) struct Server {
    binaries: Binaries,
    folders: Folders,
    user: Option<User>,
    extra_settings: Vec<(String, String)>,
    state: Mutex<State>,
    stopping: AtomicBool,
    health: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct State {
    /// The server, if this process started it: it must be waited for when it ends.
    child: Option<Child>,
    /// Says to other processes that we use the server.
    in_use: Option<Flock<File>>,
}

impl Server {
    pub(super) fn new(binaries: Binaries, folders: Folders, user: Option<User>, extra_settings: Vec<(String, String)>) -> Self {
        Self { binaries, folders, user, extra_settings, state: Mutex::default(), stopping: AtomicBool::new(false), health: watch::Sender::new(false) }
    }

    pub(super) fn binaries(&self) -> &Binaries {
        &self.binaries
    }

    pub(super) fn folders(&self) -> &Folders {
        &self.folders
    }

    pub(super) fn health(&self) -> &watch::Sender<bool> {
        &self.health
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    pub(super) fn is_alive(&self) -> bool {
        self.ask() == Answer::Yes
    }

    pub(super) fn ask(&self) -> Answer {
        postmaster::ask(&self.folders.socket)
    }

    /// Whether the server's process is there; much cheaper than asking it.
    pub(super) fn has_process(&self) -> bool {
        let mut state = self.state();
        if let Some(child) = &mut state.child {
            if matches!(child.try_wait(), Ok(None)) {
                return true;
            }
            state.child = None;
        }
        matches!(postmaster::look(&self.folders.data), Found::Running(_))
    }

    /// See [`super::Embedded::start`].
    pub(super) fn start(&self) -> Result<Started, EmbeddedError> {
        self.stopping.store(false, Ordering::Release);
        let _turn = self.take_turn()?;
        self.bring_up()
    }

    /// As `start`, for the supervisor: it must not undo a `stop` that came in between.
    pub(super) fn restart(&self) -> Result<Option<Started>, EmbeddedError> {
        let _turn = self.take_turn()?;
        if self.is_stopping() {
            return Ok(None);
        }
        self.bring_up().map(Some)
    }

    fn bring_up(&self) -> Result<Started, EmbeddedError> {
        self.say_in_use()?;
        let new = match major_in(&self.folders.data)? {
            None => {
                self.make_cluster()?;
                true
            }
            Some(major) if major == self.binaries.major => false,
            Some(data) => {
                let found = self.binaries.major.to_string();
                return Err(EmbeddedError::WrongMajor { folder: self.folders.data.clone(), data, found });
            }
        };
        let started = if self.adopt()? {
            Started::Adopted
        } else {
            self.clear_up()?;
            self.launch()?;
            if new { Started::New } else { Started::Again }
        };
        self.health.send_replace(true);
        Ok(started)
    }

    /// See [`super::Embedded::stop`].
    pub(super) fn stop(&self) -> Result<bool, EmbeddedError> {
        self.stopping.store(true, Ordering::Release);
        let _turn = self.take_turn()?;
        let in_use = self.state().in_use.take();
        if in_use.is_some_and(|lock| lock.relock(FlockArg::LockExclusiveNonblock).is_err()) {
            return Ok(false);
        }
        self.health.send_replace(false);
        let Found::Running(pid) = postmaster::look(&self.folders.data) else { return Ok(false) };
        postmaster::signal(pid, Signal::SIGINT); // fast
        if !self.wait_for_end(pid, FAST_STOP_LIMIT) {
            tracing::warn!(%pid, "PostgreSQL does not stop: stopping it at once");
            postmaster::signal(pid, Signal::SIGQUIT); // immediate
            if !self.wait_for_end(pid, IMMEDIATE_STOP_LIMIT) {
                return Err(EmbeddedError::DidNotStop(pid.as_raw()));
            }
        }
        Ok(true)
    }

    /// Waits until the process is gone, and takes its result if it was our child.
    fn wait_for_end(&self, pid: Pid, limit: Duration) -> bool {
        let end = Instant::now() + limit;
        while Instant::now() < end {
            if let Some(child) = &mut self.state().child {
                let _ended = child.try_wait();
            }
            if !postmaster::is_running(pid, &self.folders.data) {
                self.state().child = None;
                return true;
            }
            sleep(PAUSE);
        }
        false
    }

    /// One process at a time makes, starts or stops. The lock ends with the file handle, so also with the process.
    fn take_turn(&self) -> Result<Flock<File>, EmbeddedError> {
        let file = self.folders.base.join("start.lock");
        let end = Instant::now() + TURN_LIMIT;
        loop {
            let handle = lock_file(&file)?;
            match Flock::lock(handle, FlockArg::LockExclusiveNonblock) {
                Ok(lock) => return Ok(lock),
                Err(_) if Instant::now() < end => sleep(PAUSE),
                Err(_) => return Err(EmbeddedError::Locked { folder: self.folders.base.clone(), seconds: TURN_LIMIT.as_secs() }),
            }
        }
    }

    /// Taken by every process that uses the server, and only within a turn: whoever can have it alone is the last.
    fn say_in_use(&self) -> Result<(), EmbeddedError> {
        let mut state = self.state();
        if state.in_use.is_none() {
            let file = self.folders.base.join("use.lock");
            let locked = Flock::lock(lock_file(&file)?, FlockArg::LockShared).map_err(|(_, error)| io::Error::from(error));
            state.in_use = Some(locked.map_err(EmbeddedError::io("lock", &file))?);
        }
        Ok(())
    }

    /// Makes the cluster beside its place and moves it there when all of it is on the disk, so that a cluster is whole or not there.
    fn make_cluster(&self) -> Result<(), EmbeddedError> {
        let unfinished = &self.folders.unfinished;
        tracing::info!(folder = %self.folders.data.display(), major = self.binaries.major, "making a new PostgreSQL cluster");
        // Mac and musl may not have C.UTF-8; C sorts the same.
        let made = self.initdb("C.UTF-8");
        let made = match made {
            Err(EmbeddedError::Program { said, .. }) if said.contains("locale") => self.initdb("C"),
            other => other,
        };
        made?;
        if !self.extra_settings.iter().any(|(name, value)| name == "fsync" && value == "off") {
            sync_file_system(unfinished)?;
        }
        fs::rename(unfinished, &self.folders.data).map_err(EmbeddedError::io("put the cluster in place as", &self.folders.data))?;
        let base = &self.folders.base;
        File::open(base).and_then(|folder| folder.sync_all()).map_err(EmbeddedError::io("sync", base))
    }

    fn initdb(&self, locale: &str) -> Result<(), EmbeddedError> {
        let unfinished = &self.folders.unfinished;
        match fs::remove_dir_all(unfinished) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(EmbeddedError::io("clear", unfinished)(error)),
            _ => make_private(unfinished, self.user.as_ref())?,
        }
        let mut command = self.command("initdb");
        // One sync at the end costs a quarter of initdb's own, file by file.
        command.arg("-D").arg(unfinished).args(["-U", OWNER, "-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions", "--data-checksums"]);
        command.arg(format!("--locale={locale}"));
        let output = command.output().map_err(EmbeddedError::io("run", &self.binaries.folder.join("initdb")))?;
        if output.status.success() {
            return Ok(());
        }
        Err(EmbeddedError::Program { program: "initdb", said: last_words(&String::from_utf8_lossy(&output.stderr)) })
    }

    /// Whether a server runs there that answers. One that is starting, stopping or being killed is waited for.
    fn adopt(&self) -> Result<bool, EmbeddedError> {
        let end = Instant::now() + START_LIMIT;
        let silent_end = Instant::now() + Duration::from_secs(30);
        while self.has_process() {
            let answer = self.ask();
            if answer == Answer::Yes {
                return Ok(true);
            }
            let now = Instant::now();
            let too_long = now > end || (answer == Answer::None && now > silent_end);
            if too_long && let Found::Running(pid) = postmaster::look(&self.folders.data) {
                return Err(EmbeddedError::Silent { pid: pid.as_raw(), folder: self.folders.data.clone() });
            }
            sleep(PAUSE);
        }
        Ok(false)
    }

    /// After a server that was killed. Its sessions hold the shared memory until they notice; PostgreSQL would refuse to start meanwhile. Then the
    /// files that name its process go: PostgreSQL would take a process not waited for, or another with that number, for a server.
    fn clear_up(&self) -> Result<(), EmbeddedError> {
        let began = Instant::now();
        loop {
            let orphans = postmaster::processes_in(&self.folders.data);
            let Some(orphan) = orphans.first() else { break };
            if began.elapsed() > 2 * ORPHAN_LIMIT {
                return Err(EmbeddedError::Silent { pid: orphan.as_raw(), folder: self.folders.data.clone() });
            }
            if began.elapsed() > ORPHAN_LIMIT {
                for pid in orphans {
                    postmaster::signal(pid, Signal::SIGKILL);
                }
            }
            sleep(PAUSE);
        }
        if postmaster::look(&self.folders.data) == Found::Nothing {
            return Ok(());
        }
        tracing::warn!("the last PostgreSQL was killed: it recovers now");
        let socket = self.folders.socket.join(postmaster::SOCKET);
        for file in [self.folders.data.join("postmaster.pid"), socket.with_extension("5432.lock"), socket] {
            match fs::remove_file(&file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(EmbeddedError::io("remove", &file)(error)),
                _ => {}
            }
        }
        Ok(())
    }

    fn launch(&self) -> Result<(), EmbeddedError> {
        let (log, said_before) = self.open_log()?;
        let error_log = log.try_clone().map_err(EmbeddedError::io("open", &self.folders.log))?;
        let mut command = self.command("postgres");
        command.arg("-D").arg(&self.folders.data).stdout(log).stderr(error_log);
        for (name, value) in self.settings() {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        let child = command.spawn().map_err(EmbeddedError::io("run", &self.binaries.folder.join("postgres")))?;
        self.state().child = Some(child);
        let began = Instant::now();
        while !self.is_alive() {
            if !self.has_process() || began.elapsed() > START_LIMIT {
                return Err(EmbeddedError::DidNotStart { said: self.said_since(said_before), log: self.folders.log.clone() });
            }
            sleep(PAUSE);
        }
        Ok(())
    }

    fn settings(&self) -> Vec<(String, String)> {
        // A list of folders, each of which may be quoted.
        let socket = format!("\"{}\"", self.folders.socket.display().to_string().replace('"', "\"\""));
        let mut settings = vec![("unix_socket_directories".to_owned(), socket)];
        settings.extend(SETTINGS.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        settings.extend(self.extra_settings.iter().cloned());
        settings
    }

    /// A program of PostgreSQL with nothing of our environment, as its own user, out of reach of the terminal's Ctrl-C.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.binaries.folder.join(program));
        command.env_clear().env("LC_ALL", "C").env("TZ", "UTC").env("PATH", &self.binaries.folder);
        command.current_dir("/").stdin(Stdio::null()).process_group(0);
        if let Some(user) = &self.user {
            // As root this also drops every supplementary group.
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
        command
    }

    /// The log and its length now.
    fn open_log(&self) -> Result<(File, u64), EmbeddedError> {
        let file = &self.folders.log;
        if fs::metadata(file).is_ok_and(|metadata| metadata.len() > LONGEST_LOG) {
            fs::rename(file, file.with_extension("log.old")).map_err(EmbeddedError::io("move away", file))?;
        }
        let mut log = OpenOptions::new().create(true).append(true).mode(0o600).open(file).map_err(EmbeddedError::io("open", file))?;
        let length = log.seek(SeekFrom::End(0)).map_err(EmbeddedError::io("open", file))?;
        Ok((log, length))
    }

    fn said_since(&self, position: u64) -> String {
        let mut said = String::new();
        let read = File::open(&self.folders.log).and_then(|mut log| {
            log.seek(SeekFrom::Start(position))?;
            log.read_to_string(&mut said)
        });
        match read {
            Ok(_) => last_words(&said),
            Err(error) => error.to_string(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while holding it leaves nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lock_file(file: &Path) -> Result<File, EmbeddedError> {
    let opened = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(file);
    opened.map_err(EmbeddedError::io("open", file))
}

/// What matters of a program's messages, on one line: what is fatal, else the last thing said.
pub(crate) fn last_words(said: &str) -> String {
    let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let grave: Vec<&str> = lines.iter().copied().filter(|line| ["FATAL:", "PANIC:", "error:"].iter().any(|mark| line.contains(mark))).collect();
    match (grave.as_slice(), lines.last()) {
        ([], Some(last)) => (*last).to_owned(),
        ([], None) => "it said nothing".to_owned(),
        (grave, _) => grave.join("; "),
    }
}

#[cfg(target_os = "linux")]
fn sync_file_system(folder: &Path) -> Result<(), EmbeddedError> {
    let handle = File::open(folder).map_err(EmbeddedError::io("open", folder))?;
    nix::unistd::syncfs(&handle).map_err(io::Error::from).map_err(EmbeddedError::io("sync", folder))
}

#[cfg(not(target_os = "linux"))]
fn sync_file_system(_folder: &Path) -> Result<(), EmbeddedError> {
    nix::unistd::sync();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_words_are_what_was_fatal() {
        let said = "2026-11-21 LOG:  starting\n2026-11-21 FATAL:  could not map memory\n2026-11-21 LOG:  shut down\n";
        assert_eq!(last_words(said), "2026-11-21 FATAL:  could not map memory");
        assert_eq!(last_words("one\ntwo\n"), "two");
        assert_eq!(last_words(""), "it said nothing");
    }
}
