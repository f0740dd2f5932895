//! The sample districts, which stand beside the repository and not in it. Where they are absent these tests say so and pass.

use std::{fs, path::PathBuf};

use super::*;

/// A file of the samples, or a line that says that there is none.
#[allow(clippy::disallowed_methods, reason = "where the samples are")]
fn sample(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("OPENILP_SAMPLES")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/oneroster"), PathBuf::from);
    let path = folder.join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: no sample district at {}; set OPENILP_SAMPLES to where they are", path.display());
    None
}

/// Zips the files of a folder.
fn zipped(folder: PathBuf) -> Vec<u8> {
    let mut files = Files(Vec::new());
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "csv") {
            files.0.push((path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()));
        }
    }
    files.zip()
}

fn counts(read: &Read) -> Vec<(&str, u64)> {
    read.summary.files.iter().map(|file| (file.file, file.rows)).collect()
}

#[test]
fn the_small_district_has_no_fault() {
    let Some(folder) = sample("generated-district-small-v1p2") else { return };
    let read = read(zipped(folder), Limits::default());
    assert_eq!(read.places(), []);
    let expected = [
        ("orgs.csv", 4),
        ("academicSessions.csv", 8),
        ("courses.csv", 91),
        ("classes.csv", 119),
        ("users.csv", 481),
        ("roles.csv", 481),
        ("demographics.csv", 248),
        ("enrollments.csv", 1855),
        ("categories.csv", 1),
        ("lineItems.csv", 204),
        ("results.csv", 2976),
    ];
    assert_eq!(counts(&read), expected);
    assert_eq!(read.rows.len(), 3287);
}

#[test]
fn the_large_district_has_no_fault() {
    let Some(path) = sample("generated-district-large-v1p2.zip") else { return };
    let read = read(fs::read(path).unwrap(), Limits::default());
    assert_eq!(read.places(), []);
    let expected = [
        ("orgs.csv", 21),
        ("academicSessions.csv", 8),
        ("courses.csv", 91),
        ("classes.csv", 1470),
        ("users.csv", 6495),
        ("roles.csv", 6495),
        ("demographics.csv", 4225),
        ("enrollments.csv", 31045),
        ("categories.csv", 1),
        ("lineItems.csv", 2520),
        ("results.csv", 50700),
    ];
    assert_eq!(counts(&read), expected);
    let students = read.rows.iter().filter(|row| matches!(row, Row::Role(role) if role.role.word() == "student")).count();
    assert_eq!(students, 4225);
}

#[test]
fn a_bundle_of_1_1_is_refused_with_every_fault_named() {
    let Some(path) = sample("generated-district-small-v1p1/oneroster-district-small.zip") else { return };
    let read = read(fs::read(path).unwrap(), Limits::default());
    assert!(read.rows.is_empty() && read.summary.complete);
    let places = read.places();
    let structure: Vec<_> = places.iter().copied().filter(|(_, row, _, _)| *row <= 1).collect();
    let missing = |column| ("users.csv", 1, Some(column), "header_missing_column");
    let mut expected = vec![("manifest.csv", 0, None, "manifest_line_missing"); 8];
    expected.extend([
        ("roles.csv", 0, None, "file_missing"),
        ("users.csv", 1, Some("orgSourcedIds"), "header_unknown_column"),
        ("users.csv", 1, Some("role"), "header_unknown_column"),
        missing("userMasterIdentifier"),
        missing("preferredGivenName"),
        missing("preferredMiddleName"),
        missing("preferredFamilyName"),
        missing("primaryOrgSourcedId"),
        missing("pronouns"),
    ]);
    assert_eq!(structure, expected);
    assert!(places.contains(&("manifest.csv", 3, Some("value"), "version_unsupported")));
    assert!(places.contains(&("academicSessions.csv", 2, Some("schoolYear"), "bad_integer")));
    let filled = |column| places.iter().filter(|(_, _, at, code)| *at == Some(column) && *code == "bulk_status_not_blank").count();
    assert_eq!((filled("status"), filled("dateLastModified")), (2587, 2587), "in every row");
}
