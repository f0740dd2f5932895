//! The folders of the embedded database, and who may enter them.
//!
//! `<data folder>/pg` holds the cluster and `<data folder>/socket` its socket, both closed to all but the user that PostgreSQL runs as: that is
//! the lock on the door, for the server itself trusts whoever reaches its socket.

use std::{
    fs::{self, DirBuilder, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
};

use nix::unistd::{Group, User, chown, geteuid};

use super::{EmbeddedOptions, error::EmbeddedError};

/// A unix socket's whole path has 107 bytes on Linux and 103 on a Mac; `/socket/.s.PGSQL.5432.lock` takes 26 of them.
const LONGEST: usize = 76;

/// The folders, made and checked.
#[derive(Debug)]
pub(super) struct Folders {
    /// What the caller named, without links.
    pub base: PathBuf,
    /// The cluster.
    pub data: PathBuf,
    /// Where `initdb` works until it is done.
    pub unfinished: PathBuf,
    /// The socket.
    pub socket: PathBuf,
    /// What the server says.
    pub log: PathBuf,
}

impl Folders {
    /// Finds out the base folder and makes it, with the folder of the socket. `user` is whom PostgreSQL runs as when we are root.
    pub(super) fn make(options: &EmbeddedOptions, user: Option<&User>) -> Result<Self, EmbeddedError> {
        let base = base(options)?;
        // Root's folder must let the other user through; it holds nothing to read but closed folders.
        let mode = if user.is_some() { 0o711 } else { 0o700 };
        DirBuilder::new().recursive(true).mode(mode).create(&base).map_err(EmbeddedError::io("make the folder", &base))?;
        let base = base.canonicalize().map_err(EmbeddedError::io("enter", &base))?;
        if base.as_os_str().len() > LONGEST {
            return Err(EmbeddedError::PathTooLong { folder: base, most: LONGEST });
        }
        // tokio-postgres takes a comma for the end of a host, and a line break would end a setting. A path that is not text cannot be passed on.
        if base.to_str().is_none_or(|path| path.contains([',', '\n', '\r'])) {
            return Err(EmbeddedError::PathNotUsable(base));
        }
        if let Some(user) = user {
            way_is_open(&base, user)?;
        }
        let folders = Self {
            data: base.join("pg"),
            unfinished: base.join("pg.unfinished"),
            socket: base.join("socket"),
            log: base.join("postgresql.log"),
            base,
        };
        make_private(&folders.socket, user)?;
        Ok(folders)
    }

    /// Who owns the cluster in the folder that the options name, if there is one: it must go on running as that user.
    pub(super) fn owner(options: &EmbeddedOptions) -> Option<User> {
        let owner = fs::metadata(cluster(options).ok()?.join("PG_VERSION")).ok()?.uid();
        User::from_uid(owner.into()).ok().flatten().filter(|user| !user.uid.is_root())
    }
}

/// The major version that wrote the cluster in `data`; `None` if there is no cluster yet.
pub(super) fn major_in(data: &Path) -> Result<Option<u32>, EmbeddedError> {
    let file = data.join("PG_VERSION");
    match fs::read_to_string(&file) {
        Ok(text) => {
            let strange = || io::Error::new(io::ErrorKind::InvalidData, "it holds no version");
            text.trim().parse().map(Some).map_err(|_| EmbeddedError::io("read", &file)(strange()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(EmbeddedError::io("read", &file)(error)),
    }
}

/// Where the cluster is or would be, before any folder is made.
pub(super) fn cluster(options: &EmbeddedOptions) -> Result<PathBuf, EmbeddedError> {
    Ok(base(options)?.join("pg"))
}

/// The folder named, or the usual place for root or for a user.
fn base(options: &EmbeddedOptions) -> Result<PathBuf, EmbeddedError> {
    if let Some(folder) = &options.data_folder {
        return Ok(folder.clone());
    }
    if geteuid().is_root() {
        return Ok("/var/lib/openilp".into());
    }
    // The XDG specification: a relative path is to be ignored.
    let data_home = options.xdg_data_home.clone().filter(|folder| folder.is_absolute());
    let share = data_home.or_else(|| options.home.as_ref().map(|home| home.join(".local/share")));
    share.map(|share| share.join("openilp")).ok_or(EmbeddedError::NoHome)
}

/// A folder that only the user of PostgreSQL may enter, new or already there.
pub(super) fn make_private(folder: &Path, user: Option<&User>) -> Result<(), EmbeddedError> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(EmbeddedError::io("make the folder", folder))?;
    fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(EmbeddedError::io("close to others", folder))?;
    if let Some(user) = user {
        let changed = chown(folder, Some(user.uid), Some(user.gid)).map_err(io::Error::from);
        changed.map_err(EmbeddedError::io("give away", folder))?;
    }
    Ok(())
}

/// Below a closed folder such as /root, `initdb` fails with a message that helps nobody.
fn way_is_open(base: &Path, user: &User) -> Result<(), EmbeddedError> {
    for folder in base.ancestors() {
        let metadata = fs::metadata(folder).map_err(EmbeddedError::io("enter", folder))?;
        let in_group = || {
            let group = Group::from_gid(metadata.gid().into()).ok().flatten();
            metadata.gid() == user.gid.as_raw() || group.is_some_and(|group| group.mem.contains(&user.name))
        };
        let bit = if metadata.uid() == user.uid.as_raw() {
            0o100
        } else if in_group() {
            0o010
        } else {
            0o001
        };
        if metadata.mode() & bit == 0 {
            return Err(EmbeddedError::NoWay { user: user.name.clone(), folder: folder.to_path_buf() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(home: Option<&str>, xdg: Option<&str>, data: Option<&str>) -> EmbeddedOptions {
        EmbeddedOptions {
            home: home.map(PathBuf::from),
            xdg_data_home: xdg.map(PathBuf::from),
            data_folder: data.map(PathBuf::from),
            ..EmbeddedOptions::default()
        }
    }

    #[test]
    fn the_usual_place_follows_the_xdg_specification() {
        assert_eq!(base(&options(Some("/h"), Some("/x"), Some("/d"))).unwrap(), PathBuf::from("/d"));
        if geteuid().is_root() {
            assert_eq!(base(&options(Some("/h"), Some("/x"), None)).unwrap(), PathBuf::from("/var/lib/openilp"));
            return;
        }
        assert_eq!(base(&options(Some("/h"), Some("/x"), None)).unwrap(), PathBuf::from("/x/openilp"));
        assert_eq!(base(&options(Some("/h"), Some("x"), None)).unwrap(), PathBuf::from("/h/.local/share/openilp"));
        assert!(matches!(base(&options(None, None, None)), Err(EmbeddedError::NoHome)));
    }

    #[test]
    fn a_closed_folder_on_the_way_is_named() {
        let user = User::from_name("nobody").unwrap().unwrap();
        let base = std::env::temp_dir().join(format!("openilp-way-{}", std::process::id()));
        let inner = base.join("closed/inner");
        fs::create_dir_all(&inner).unwrap();
        fs::set_permissions(base.join("closed"), Permissions::from_mode(0o700)).unwrap();
        let closed_for_nobody = way_is_open(&inner, &user);
        fs::remove_dir_all(&base).unwrap();
        // As nobody itself the folder is our own, and the way is open.
        if geteuid() != user.uid {
            assert!(matches!(closed_for_nobody, Err(EmbeddedError::NoWay { folder, .. }) if folder == base.join("closed")));
        }
    }
}
