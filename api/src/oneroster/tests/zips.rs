//! What is refused before it is unpacked, and what goes wrong while it is.

use super::*;

fn codes(faults: &[Fault]) -> Vec<(&str, &str)> {
    faults.iter().map(|fault| (fault.file.as_str(), fault.code.code())).collect()
}

/// Sets bytes in the central directory's record of an entry.
pub(super) fn patch(zip: &mut [u8], entry: usize, offset: usize, bytes: &[u8]) {
    let records: Vec<usize> = zip.windows(4).enumerate().filter(|(_, window)| window == b"PK\x01\x02").map(|(at, _)| at).collect();
    let at = records[entry] + offset;
    zip[at..at + bytes.len()].copy_from_slice(bytes);
}

/// The zip with a name that cannot be written, in place of one as long.
pub(super) fn renamed(zip: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut zip = zip.to_vec();
    let places: Vec<usize> = zip.windows(from.len()).enumerate().filter(|(_, window)| *window == from.as_bytes()).map(|(at, _)| at).collect();
    for at in places {
        zip[at..at + to.len()].copy_from_slice(to.as_bytes());
    }
    zip
}

#[test]
fn what_is_no_zip_is_refused() {
    for bytes in [Vec::new(), b"sourcedId,status".to_vec(), vec![0; 5 << 20]] {
        assert_eq!(codes(&refused(bytes, Limits::default())), [("bundle", "zip_not_a_zip")]);
    }
    let whole = Files::sound().zip();
    assert_eq!(codes(&refused(whole[..whole.len() / 2].to_vec(), Limits::default())), [("bundle", "zip_not_a_zip")]);
}

#[test]
fn too_many_entries_are_refused() {
    let mut files = Files::sound();
    for n in 0..60 {
        files.put(&format!("{n}.csv"), "");
    }
    assert_eq!(codes(&refused(files.zip(), Limits::default())), [("bundle", "zip_too_many_entries")]);
}

#[test]
fn a_directory_without_end_is_not_read() {
    let mut files = Files(Vec::new());
    for n in 0..50 {
        files.0.push((format!("{n:060000}.csv"), Vec::new()));
    }
    assert_eq!(codes(&refused(files.zip(), Limits::default())), [("bundle", "zip_not_a_zip")]);
}

#[test]
fn too_much_is_refused() {
    let limits = Limits { uncompressed_max: 100, ..Limits::default() };
    assert_eq!(codes(&refused(Files::sound().zip(), limits)), [("bundle", "zip_too_large")]);
}

#[test]
fn a_bomb_is_refused_by_its_ratio() {
    let mut zip = Files::sound().zip();
    patch(&mut zip, 1, 24, &200_000_000_u32.to_le_bytes());
    assert_eq!(codes(&refused(zip, Limits::default())), [("bundle", "zip_bomb")]);
}

#[test]
fn entries_that_share_bytes_are_refused() {
    let mut zip = Files::sound().zip();
    patch(&mut zip, 2, 42, &0_u32.to_le_bytes());
    assert_eq!(codes(&refused(zip, Limits::default())), [("bundle", "zip_bomb")]);
}

#[test]
fn a_file_that_is_longer_than_it_says_stops() {
    let mut zip = Files::sound().zip();
    patch(&mut zip, 1, 24, &10_u32.to_le_bytes());
    let read = read(zip, Limits::default());
    assert!(
        read.places()
            .iter()
            .all(|(file, row, column, code)| (*file, *row, *column) == ("orgs.csv", 0, None) && ["zip_bomb", "zip_corrupt"].contains(code)),
        "{:?}",
        read.places()
    );
    assert!(!read.faults.is_empty());
}

#[test]
fn a_wrong_checksum_is_named() {
    let mut zip = Files::sound().zip();
    patch(&mut zip, 1, 16, &[1, 2, 3, 4]);
    let read = read(zip, Limits::default());
    assert_eq!(read.places(), [("orgs.csv", 0, None, "zip_corrupt")]);
}

#[test]
fn encryption_and_rare_compression_are_refused() {
    let mut zip = Files::sound().zip();
    patch(&mut zip, 1, 8, &[1, 0]);
    patch(&mut zip, 2, 10, &[12, 0]);
    assert_eq!(codes(&refused(zip, Limits::default())), [("orgs.csv", "zip_encrypted"), ("academicSessions.csv", "zip_unsupported")]);
}

#[test]
fn two_entries_of_one_name_are_refused() {
    let mut files = Files::sound();
    files.put("orgx.csv", "");
    assert_eq!(codes(&refused(renamed(&files.zip(), "orgx.csv", "orgs.csv"), Limits::default())), [("bundle", "zip_duplicate_entry")]);
}

#[test]
fn path_tricks_are_refused() {
    for name in ["../orgs.csv", "/etc/passwd", "a\\orgs.csv", "C:orgs.csv", "a/./orgs.csv", "a//orgs.csv", "or\0gs.csv"] {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let placeholder = "x".repeat(name.len());
        zip.start_file(&placeholder, SimpleFileOptions::default()).unwrap();
        let faults = refused(renamed(&zip.finish().unwrap().into_inner(), &placeholder, name), Limits::default());
        assert_eq!(faults.iter().map(|fault| fault.code.code()).collect::<Vec<_>>(), ["zip_path"], "{name}");
    }
    let mut files = Files::sound();
    files.put("folder/orgs.csv", "");
    assert_eq!(codes(&refused(files.zip(), Limits::default())), [("folder/orgs.csv", "zip_path")]);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("orgs.csv", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    assert_eq!(codes(&refused(zip.finish().unwrap().into_inner(), Limits::default())), [("orgs.csv", "zip_path")]);
}

#[test]
fn one_folder_around_all_files_is_passed_over_and_said() {
    let mut files = Files::sound();
    for (name, _) in &mut files.0 {
        *name = format!("roster/{name}");
    }
    let read = files.read();
    assert_eq!(read.places(), []);
    assert_eq!(read.summary.folder.as_deref(), Some("roster"));
}
