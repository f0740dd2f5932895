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
    assert_eq!(read.rows.len(), 6468);
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

/// Rows that 1.1 and 1.2 have in common, without what 1.1 cannot say.
fn common(read: &Read) -> Vec<Row> {
    let in_1_1: std::collections::HashSet<&str> =
        read.rows.iter().filter_map(|row| if let Row::User(user) = row { Some(user.sourced_id.as_str()) } else { None }).collect();
    let kept = |row: &Row| match row {
        Row::Role(role) => in_1_1.contains(role.user_sourced_id.as_str()),
        _ => true,
    };
    read.rows.iter().filter(|row| kept(row)).cloned().map(without_lines).collect()
}

/// The row, wherever it stands, and without what the made-up 1.2 has beside 1.1: guardians, subjects, ids and days of roles.
fn without_lines(row: Row) -> Row {
    match row {
        Row::Org(row) => Row::Org(crate::oneroster::rows::OrgRow { line: 0, ..row }),
        Row::AcademicSession(row) => Row::AcademicSession(crate::oneroster::rows::AcademicSessionRow { line: 0, ..row }),
        Row::Course(row) => Row::Course(crate::oneroster::rows::CourseRow { line: 0, subjects: vec![], ..row }),
        Row::Class(row) => Row::Class(crate::oneroster::rows::ClassRow { line: 0, subjects: vec![], ..row }),
        Row::User(row) => Row::User(crate::oneroster::rows::UserRow { line: 0, agent_sourced_ids: vec![], ..row }),
        Row::Role(row) => Row::Role(crate::oneroster::rows::RoleRow { line: 0, sourced_id: "role".parse().unwrap(), begin_date: None, ..row }),
        Row::Demographics(row) => Row::Demographics(crate::oneroster::rows::DemographicsRow { line: 0, ..row }),
        Row::Enrollment(row) => Row::Enrollment(crate::oneroster::rows::EnrollmentRow { line: 0, ..row }),
        other => other,
    }
}

#[test]
fn the_same_district_in_1_1_reads_tolerantly_and_agrees_with_1_2() {
    let (Some(v1p1), Some(v1p2)) = (sample("generated-district-small-v1p1/oneroster-district-small.zip"), sample("generated-district-small-v1p2"))
    else {
        return;
    };
    let old = read_as(fs::read(v1p1).unwrap(), ReadingMode::Tolerant, Limits::default());
    assert_eq!(old.places(), []);
    assert_eq!(old.summary.version, "1.1");
    let expected = [
        ("orgs.csv", 4),
        ("academicSessions.csv", 2),
        ("courses.csv", 91),
        ("classes.csv", 119),
        ("users.csv", 268),
        ("roles.csv", 268),
        ("demographics.csv", 248),
        ("enrollments.csv", 1855),
    ];
    assert_eq!(counts(&old), expected);
    let repairs: Vec<(&str, Option<&str>, &str, u64)> =
        old.summary.repairs.iter().map(|repair| (repair.file.as_str(), repair.column.as_deref(), repair.code.code(), repair.count)).collect();
    let mut expected = vec![("manifest.csv", Some("value"), "version_1_1", 1)];
    for (file, rows) in [("orgs.csv", 4), ("academicSessions.csv", 2), ("courses.csv", 91), ("classes.csv", 119), ("users.csv", 268)] {
        expected.extend([(file, Some("status"), "status_cleared", rows), (file, Some("dateLastModified"), "status_cleared", rows)]);
        if file == "academicSessions.csv" {
            expected.push((file, Some("schoolYear"), "school_year_span", rows));
        }
    }
    expected.push(("users.csv", Some("role"), "roles_made", 268));
    for (file, rows) in [("demographics.csv", 248), ("enrollments.csv", 1855)] {
        expected.extend([(file, Some("status"), "status_cleared", rows), (file, Some("dateLastModified"), "status_cleared", rows)]);
    }
    assert_eq!(repairs, expected);

    // All that 1.1 says, 1.2 says too.
    let new = common(&read(zipped(v1p2), Limits::default()));
    for row in common(&old) {
        assert!(new.contains(&row), "{row:?}");
    }
}
