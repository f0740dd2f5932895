//! The zip of a bundle, looked at before anything in it is unpacked.

use std::io::{self, Read, Seek, SeekFrom};

use openilp_domain::roster::ReadingMode;
use zip::{CompressionMethod, ZipArchive, read::ZipFile, result::ZipError};

use super::{
    bundle::{Limits, OpenError},
    fault::{BUNDLE, Fault, FaultCode, shown},
    repair,
};

/// The directory of a bundle is short. Reading more than this to find it means that it is not one.
const DIRECTORY_BYTES_MAX: u64 = 2 << 20;

/// Below this size unpacked, a high ratio is no harm: a roster of blank columns packs well.
const RATIO_COUNTS_FROM: u64 = 100_000_000;

/// A zip that passed the checks.
pub(super) struct Archive<R> {
    zip: ZipArchive<Budgeted<R>>,
    /// The files, without the folder that holds them.
    pub(super) entries: Vec<Entry>,
    /// The one folder that holds all files, if they are not at the top.
    pub(super) folder: Option<String>,
    /// What the tolerant reader passed over, as it is called in the zip.
    pub(super) litter: Vec<String>,
}

/// A file in the zip.
pub(super) struct Entry {
    index: usize,
    pub(super) name: String,
    /// Its size unpacked, as the zip says.
    pub(super) size: u64,
}

impl<R: Read + Seek> Archive<R> {
    pub(super) fn open(source: R, mode: ReadingMode, limits: &Limits) -> Result<Self, OpenError> {
        let budget = Budgeted { inner: source, left: Some(DIRECTORY_BYTES_MAX) };
        let mut zip = ZipArchive::new(budget).map_err(open_error)?;
        let count = zip.len();
        if count > limits.entries_max {
            let detail = format!("The zip has {count} entries; a bundle has at most {}.", limits.entries_max);
            return Err(Fault::of_bundle(FaultCode::ZipTooManyEntries, detail).into());
        }
        let mut faults = Vec::new();
        if zip.has_duplicate_names() {
            faults.push(Fault::of_bundle(FaultCode::ZipDuplicateEntry, "Two entries of the zip have the same name."));
        }
        let (mut files, mut litter, mut size, mut packed) = (Vec::new(), Vec::new(), 0_u64, 0_u64);
        for index in 0..count {
            let entry = zip.by_index_data(index).map_err(open_error)?;
            let name = entry.name().map_err(open_error)?.into_owned();
            if entry.encrypted() {
                faults.push(Fault::of_file(&shown(&name), FaultCode::ZipEncrypted, "The entry is encrypted; send the bundle unencrypted."));
            } else if !matches!(entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
                let detail = format!("The entry is compressed as {}; only deflate is read.", entry.compression());
                faults.push(Fault::of_file(&shown(&name), FaultCode::ZipUnsupported, detail));
            }
            if entry.is_symlink() || !is_plain(&name) {
                let detail = "The name of an entry must be a plain file name, without links, backslashes or steps upwards.";
                faults.push(Fault::of_file(&shown(&name), FaultCode::ZipPath, detail));
            }
            size = size.saturating_add(entry.size());
            packed = packed.saturating_add(entry.compressed_size());
            if mode == ReadingMode::Tolerant && repair::is_litter(&name) {
                litter.push(name);
            } else if !entry.is_dir() {
                files.push(Entry { index, name, size: entry.size() });
            }
        }
        if size > limits.uncompressed_max {
            let detail = format!("Unpacked, the files have {size} bytes; at most {} are taken.", limits.uncompressed_max);
            faults.push(Fault::of_bundle(FaultCode::ZipTooLarge, detail));
        }
        if size > RATIO_COUNTS_FROM && size / packed.max(1) > limits.ratio_max {
            let detail = format!("The files unpack to more than {} times their size.", limits.ratio_max);
            faults.push(Fault::of_bundle(FaultCode::ZipBomb, detail));
        }
        if zip.has_overlapping_files().map_err(open_error)? {
            faults.push(Fault::of_bundle(FaultCode::ZipBomb, "Entries of the zip share the same bytes."));
        }
        let folder = if faults.is_empty() { lift(&mut files, &mut faults) } else { None };
        if !faults.is_empty() {
            return Err(OpenError::Refused(faults));
        }
        // The reader is ours alone from here on; what is unpacked is bounded by each entry's size.
        let mut reader = zip.into_inner();
        reader.left = None;
        Ok(Self { zip: ZipArchive::new(reader).map_err(open_error)?, entries: files, folder, litter })
    }

    /// The place of a file in the list of entries.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.name == name)
    }

    /// The size of an entry, unpacked.
    pub(super) fn size(&self, entry: usize) -> u64 {
        self.entries.get(entry).map_or(0, |entry| entry.size)
    }

    /// Starts to unpack an entry.
    pub(super) fn unpack(&mut self, entry: usize) -> io::Result<ZipFile<'_, impl Read + use<R>>> {
        let entry = self.entries.get(entry).ok_or(io::ErrorKind::NotFound)?;
        Ok(self.zip.by_index(entry.index)?)
    }
}

/// A relative path of plain names.
fn is_plain(name: &str) -> bool {
    let name = name.strip_suffix('/').unwrap_or(name);
    !name.contains(['\\', ':']) && !name.chars().any(char::is_control) && name.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// Takes the files out of the one folder that holds them all. Anything else that is not at the top is a fault.
fn lift(files: &mut [Entry], faults: &mut Vec<Fault>) -> Option<String> {
    let folder = files.first().and_then(|first| first.name.split_once('/')).map(|(folder, _)| format!("{folder}/"));
    let folder = folder.filter(|folder| files.iter().all(|file| file.name.starts_with(folder.as_str())));
    for file in files {
        if let Some(rest) = folder.as_deref().and_then(|folder| file.name.strip_prefix(folder)) {
            file.name = rest.to_owned();
        }
        if file.name.contains('/') {
            let detail = "All files must be at the top of the zip, or all in one folder.";
            faults.push(Fault::of_file(&shown(&file.name), FaultCode::ZipPath, detail));
        }
    }
    folder.map(|folder| folder.trim_end_matches('/').to_owned())
}

/// Tells a zip that is broken from a disk that is.
fn open_error(error: ZipError) -> OpenError {
    let fault = match error {
        ZipError::Io(error) if !is_malformed(&error) => return OpenError::Io(error),
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            Fault::of_file(BUNDLE, FaultCode::ZipUnsupported, "The zip uses a feature that is not read; use plain deflate in one file.")
        }
        _ => Fault::of_file(BUNDLE, FaultCode::ZipNotAZip, "The bundle is not a zip file, or not a whole one, or its directory is far too long."),
    };
    fault.into()
}

/// Whether an error says that the bytes are wrong rather than that they could not be had.
pub(super) fn is_malformed(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof, Unsupported};
    matches!(error.kind(), InvalidData | InvalidInput | Other | UnexpectedEof | Unsupported)
}

/// A reader that gives up after so many bytes, while the directory is looked for.
struct Budgeted<R> {
    inner: R,
    left: Option<u64>,
}

impl<R: Read> Read for Budgeted<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(to)?;
        if let Some(left) = &mut self.left {
            *left = left
                .checked_sub(u64::try_from(count).unwrap_or(u64::MAX))
                .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the directory of the zip is too long"))?;
        }
        Ok(count)
    }
}

impl<R: Seek> Seek for Budgeted<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
