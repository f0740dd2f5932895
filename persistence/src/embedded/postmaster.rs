//! What can be known about a server from outside: its process, the files it leaves behind, and whether it answers.

use std::{
    fs,
    io::{Read, Write},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    time::Duration,
};

use nix::{
    errno::Errno,
    sys::signal::{Signal, kill},
    unistd::Pid,
};

/// The role that owns everything in the embedded cluster.
pub(super) const OWNER: &str = "openilp";

/// The name of the socket in its folder; the number is a port only by name.
pub(super) const SOCKET: &str = ".s.PGSQL.5432";

/// What `postmaster.pid` stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// No file: no server, or one that ended properly.
    Nothing,
    /// A server is running.
    Running(Pid),
    /// The server that wrote the file is dead.
    Dead,
}

/// Looks for the server of a data folder.
pub(super) fn look(data: &Path) -> Found {
    let Ok(text) = fs::read_to_string(data.join("postmaster.pid")) else { return Found::Nothing };
    let pid = text.lines().next().and_then(|line| line.trim().parse().ok());
    match pid.filter(|pid| *pid > 1).map(Pid::from_raw) {
        Some(pid) if is_running(pid, data) => Found::Running(pid),
        _ => Found::Dead,
    }
}

/// Whether `pid` is a living server of this data folder. A process that has ended but was not waited for does not live, nor is another program that
/// was given the same number since (common in containers, where numbers are small).
pub(super) fn is_running(pid: Pid, data: &Path) -> bool {
    if kill(pid, None) == Err(Errno::ESRCH) {
        return false;
    }
    let process = PathBuf::from(format!("/proc/{pid}"));
    if fs::read_to_string(process.join("stat")).is_ok_and(|stat| is_zombie(&stat)) {
        return false;
    }
    // Every process of the server works in its data folder. Where this cannot be read (no /proc, another user's process) believe the file.
    fs::read_link(process.join("cwd")).map_or(true, |folder| folder == data)
}

/// The living processes that work in the data folder: what a killed postmaster leaves behind for a moment. Empty without /proc.
pub(super) fn processes_in(data: &Path) -> Vec<Pid> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter(|entry| fs::read_link(entry.path().join("cwd")).is_ok_and(|folder| folder == data))
        .filter(|entry| fs::read_to_string(entry.path().join("stat")).is_ok_and(|stat| !is_zombie(&stat)))
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .map(Pid::from_raw)
        .collect()
}

/// The state follows the program's name, which stands in parentheses and may hold any character.
fn is_zombie(stat: &str) -> bool {
    stat.rsplit(')').next().is_some_and(|rest| matches!(rest.trim_start().chars().next(), Some('Z' | 'X')))
}

/// Sends a signal; a process that is gone is no error.
pub(super) fn signal(pid: Pid, signal: Signal) {
    if let Err(error) = kill(pid, signal)
        && error != Errno::ESRCH
    {
        tracing::warn!(%error, %pid, %signal, "PostgreSQL could not be signalled");
    }
}

/// What comes back from a socket.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(super) enum Answer {
    /// A session would start.
    Yes,
    /// A server is there, and is starting, stopping or recovering.
    NotYet,
    /// Nobody is there.
    None,
}

/// Begins a session as far as PostgreSQL's word whether it may begin, and leaves. No driver, no runtime: this is also asked before there is one.
pub(super) fn ask(socket_folder: &Path) -> Answer {
    ask_socket(socket_folder).unwrap_or(Answer::None)
}

fn ask_socket(socket_folder: &Path) -> std::io::Result<Answer> {
    let mut stream = UnixStream::connect(socket_folder.join(SOCKET))?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    stream.set_write_timeout(Some(Duration::from_secs(2)))?;
    let settings = format!("user\0{OWNER}\0database\0postgres\0application_name\0openilp health\0\0");
    let length = u32::try_from(8 + settings.len()).unwrap_or(u32::MAX);
    let mut message = length.to_be_bytes().to_vec();
    message.extend(196_608_u32.to_be_bytes()); // protocol 3.0
    message.extend(settings.as_bytes());
    stream.write_all(&message)?;
    let mut head = [0; 5];
    stream.read_exact(&mut head)?;
    if head[0] == b'R' {
        stream.write_all(&[b'X', 0, 0, 0, 4])?; // terminate
        return Ok(Answer::Yes);
    }
    let mut said = Vec::new();
    stream.take(4096).read_to_end(&mut said)?;
    Ok(read_error(&said))
}

/// An error: 57P03 means that the server is not accepting sessions now. Any other (say, too many of them) shows a server at work.
fn read_error(fields: &[u8]) -> Answer {
    let unready = fields.split(|byte| *byte == 0).any(|field| field == b"C57P03" || field == b"C57P02");
    if unready { Answer::NotYet } else { Answer::Yes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zombie_is_told_from_a_process_whatever_its_name() {
        assert!(is_zombie("12 (postgres) Z 1 12 12"));
        assert!(is_zombie("12 (a) S (b)) Z 1"));
        assert!(!is_zombie("12 (Z) S 1 12 12"));
    }

    #[test]
    fn a_number_that_another_program_has_now_is_no_server() {
        let own = Pid::this();
        let working = std::env::current_dir().unwrap();
        assert!(is_running(own, &working));
        assert!(!is_running(own, Path::new("/nowhere")));
        assert!(processes_in(&working).contains(&own));
    }

    #[test]
    fn an_error_tells_a_server_that_starts_from_one_that_is_full() {
        assert_eq!(read_error(b"SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0"), Answer::NotYet);
        assert_eq!(read_error(b"SFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0\0"), Answer::Yes);
        assert_eq!(ask(Path::new("/nowhere")), Answer::None);
    }
}
