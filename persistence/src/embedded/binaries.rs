//! Where PostgreSQL's own programs are.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::error::EmbeddedError;

/// The oldest major version that is still maintained (until November 2027).
const OLDEST: u32 = 15;

/// A folder with PostgreSQL's programs, all of one major version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    /// Where they are.
    pub folder: PathBuf,
    /// Their major version.
    pub major: u32,
}

impl Binaries {
    /// The programs to start a server with. `named` is a folder that the caller insists on. Otherwise the search path comes first, then where
    /// packages put them, newest first. `wanted` is the major version that the data needs, if there are data.
    ///
    /// # Errors
    /// If there are none, or only such of another major version.
    pub(super) fn find(named: Option<&Path>, search_path: Option<&OsStr>, wanted: Option<(u32, &Path)>) -> Result<Self, EmbeddedError> {
        let folders = match named {
            Some(folder) => vec![folder.to_path_buf()],
            None => folders(search_path),
        };
        let mut found: Vec<Self> = Vec::new();
        for folder in folders.into_iter().filter(|folder| has(folder, &["initdb", "postgres"])) {
            if let Some(major) = major_of(&folder.join("postgres")) {
                found.push(Self { folder, major });
            }
        }
        let Some(first) = found.first().cloned() else {
            return Err(named.map_or(EmbeddedError::NoBinaries, |folder| EmbeddedError::NotBinaries(folder.to_path_buf())));
        };
        if let Some((data, folder)) = wanted {
            let all: Vec<String> = found.iter().map(|binaries| binaries.major.to_string()).collect();
            return found.into_iter().find(|binaries| binaries.major == data).ok_or_else(|| EmbeddedError::WrongMajor {
                folder: folder.to_path_buf(),
                data,
                found: all.join(" and "),
            });
        }
        match found.into_iter().find(|binaries| binaries.major >= OLDEST) {
            Some(binaries) => Ok(binaries),
            None => Err(EmbeddedError::TooOld { folder: first.folder, found: first.major, oldest: OLDEST }),
        }
    }

    /// The folder to take client programs (`pg_dump`, `pg_restore`) from for a server of version `server`: the same major version if
    /// it is there, else the oldest newer one, for a `pg_dump` older than its server refuses to work.
    #[must_use]
    pub fn find_clients(named: Option<&Path>, search_path: Option<&OsStr>, server: u32) -> Option<Self> {
        let mut found: Vec<Self> = named
            .map(Path::to_path_buf)
            .into_iter()
            .chain(folders(search_path))
            .filter(|folder| has(folder, &["pg_dump", "pg_restore"]))
            .filter_map(|folder| major_of(&folder.join("pg_dump")).map(|major| Self { folder, major }))
            .filter(|binaries| binaries.major >= server)
            .collect();
        found.sort_by_key(|binaries| binaries.major);
        found.into_iter().next()
    }
}

/// The search path's folders, then those of packages, newest first.
fn folders(search_path: Option<&OsStr>) -> Vec<PathBuf> {
    let mut packaged: Vec<(u32, PathBuf)> = Vec::new();
    // Debian, Red Hat (PGDG), Alpine, Homebrew on both kinds of Mac.
    for (parent, before, after) in [
        ("/usr/lib/postgresql", "", "bin"),
        ("/usr", "pgsql-", "bin"),
        ("/usr/libexec", "postgresql", ""),
        ("/opt/homebrew/opt", "postgresql@", "bin"),
        ("/usr/local/opt", "postgresql@", "bin"),
    ] {
        for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let version = name.to_str().and_then(|name| name.strip_prefix(before)).and_then(|version| version.parse().ok());
            if let Some(version) = version {
                packaged.push((version, entry.path().join(after)));
            }
        }
    }
    packaged.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    search_path
        .into_iter()
        .flat_map(std::env::split_paths)
        .filter(|folder| folder.is_absolute())
        .chain(packaged.into_iter().map(|(_, folder)| folder))
        .collect()
}

fn has(folder: &Path, programs: &[&str]) -> bool {
    programs.iter().all(|program| folder.join(program).is_file())
}

/// `postgres (PostgreSQL) 15.20 (Debian …)` is 15.
fn major_of(program: &Path) -> Option<u32> {
    let output = Command::new(program).arg("--version").env_clear().current_dir("/").stdin(Stdio::null()).output().ok()?;
    parse_major(&String::from_utf8_lossy(&output.stdout))
}

fn parse_major(said: &str) -> Option<u32> {
    let version = said.split("(PostgreSQL)").nth(1)?.trim_start();
    let digits = version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len());
    version[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_every_kind_of_release() {
        assert_eq!(parse_major("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n"), Some(15));
        assert_eq!(parse_major("pg_dump (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(parse_major("postgres: not found"), None);
    }

    #[test]
    fn a_named_folder_is_the_only_one_searched() {
        let error = Binaries::find(Some(Path::new("/nowhere")), None, None).unwrap_err();
        assert_eq!(error.to_string(), "no initdb and postgres in /nowhere");
    }
}
