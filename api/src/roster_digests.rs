//! What the files of a bundle are: name, size and SHA-256 of each, so that the bundle of the night before is known again without reading
//! its rows. The zip itself may differ: most vendors pack anew every night.

use std::fs::File;
use std::io::{self, Read};

use aws_lc_rs::digest::{Context, SHA256};
use openilp_persistence::roster::FileDigest;
use zip::ZipArchive;

use crate::oneroster::bundle::{Bundle, Limits, OpenError};

/// What is read at once.
const BUFFER_BYTES: usize = 64 << 10;

/// The files of a bundle in the order of their names. With those of another bundle, it stops at the first difference, so that no more is
/// unpacked than that other bundle had; then, and where the bundle is not sound, the answer is `None`.
///
/// # Errors
/// Where the file cannot be read.
pub fn digests(file: File, known: Option<&[FileDigest]>) -> io::Result<Option<Vec<FileDigest>>> {
    match Bundle::open(file.try_clone()?, Limits::default()) {
        Ok(_) => {}
        Err(OpenError::Io(error)) => return Err(error),
        Err(OpenError::Refused(_)) => return Ok(None),
    }
    let Ok(mut zip) = ZipArchive::new(file) else { return Ok(None) };
    let mut names: Vec<(String, usize)> = Vec::new();
    for index in 0..zip.len() {
        let entry = zip.by_index_raw(index)?;
        if !entry.is_dir() {
            names.push((entry.name()?.into_owned(), index));
        }
    }
    names.sort();
    if known.is_some_and(|known| known.len() != names.len()) {
        return Ok(None);
    }
    let mut files = Vec::with_capacity(names.len());
    for (number, (name, index)) in names.into_iter().enumerate() {
        let expected = known.and_then(|known| known.get(number));
        if expected.is_some_and(|expected| expected.name != name) {
            return Ok(None);
        }
        let Ok(entry) = zip.by_index(index) else { return Ok(None) };
        let Some(digest) = digest(entry, name, expected)? else { return Ok(None) };
        files.push(digest);
    }
    Ok(Some(files))
}

fn digest(mut entry: impl Read, name: String, expected: Option<&FileDigest>) -> io::Result<Option<FileDigest>> {
    let (mut context, mut bytes, mut buffer) = (Context::new(&SHA256), 0_u64, vec![0; BUFFER_BYTES]);
    loop {
        let read = match entry.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            // A broken entry: the parser says what is wrong with it.
            Err(error) if error.kind() == io::ErrorKind::InvalidData => return Ok(None),
            Err(error) => return Err(error),
        };
        bytes += u64::try_from(read).unwrap_or(u64::MAX);
        if expected.is_some_and(|expected| bytes > expected.bytes) {
            return Ok(None);
        }
        context.update(buffer.get(..read).unwrap_or_default());
    }
    let sha256 = const_hex::encode(context.finish());
    let digest = FileDigest { name, bytes, sha256 };
    Ok(if expected.is_none_or(|expected| *expected == digest) { Some(digest) } else { None })
}
