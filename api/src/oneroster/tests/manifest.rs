//! The manifest, the files it announces and their headers.

use super::*;

const M: &str = "manifest.csv";

#[test]
fn without_a_manifest_nothing_is_read() {
    let read = Files::sound().without(M).read();
    assert_eq!(read.places(), [(M, 0, None, "manifest_missing")]);
    assert!(!read.summary.complete && read.rows.is_empty());
}

#[test]
fn what_is_no_manifest_stops() {
    let mut files = Files::sound();
    for content in ["", "property,value\n", "\u{0}"] {
        files.put(M, content);
        assert_eq!(files.read().places(), [(M, 1, None, "manifest_malformed")]);
    }
    let read = Files::sound().with(M, "file.orgs,bulk", "file.orgs").read();
    assert_eq!(read.places(), [(M, 4, None, "manifest_malformed"), (M, 0, None, "manifest_line_missing")]);
}

#[test]
fn every_line_of_the_manifest_is_checked() {
    let files = Files::sound()
        .with(M, "manifest.version,1.0", "manifest.version,2.0")
        .with(M, "file.orgs,bulk", "file.orgs,full")
        .with(M, "file.users,bulk", "file.users,bulk\nfile.users,bulk")
        .with(M, "file.results,absent", "file.marks,absent");
    let expected = [
        (M, 2, Some("value"), "manifest_value_wrong"),
        (M, 4, Some("value"), "manifest_value_wrong"),
        (M, 9, Some("propertyName"), "manifest_line_repeated"),
        (M, 16, Some("propertyName"), "manifest_line_unknown"),
        (M, 0, None, "manifest_line_missing"),
    ];
    let read = files.read();
    assert_eq!(read.places(), expected);
    assert_eq!(read.faults[4].detail, "The line file.results is missing.");
}

#[test]
fn files_and_manifest_must_agree() {
    let mut files = Files::sound()
        .without("roles.csv")
        .without("courses.csv")
        .with(M, "file.courses,bulk", "file.courses,absent")
        .with(M, "file.classes,bulk", "file.classes,absent")
        .with(M, "file.userProfiles,absent", "file.userProfiles,bulk");
    files.put("userprofiles.csv", "");
    files.put("notes.txt", "");
    let read = files.read();
    let expected = [
        ("userprofiles.csv", 0, None, "file_unexpected"),
        ("notes.txt", 0, None, "file_unexpected"),
        ("courses.csv", 0, None, "file_missing"),
        ("classes.csv", 0, None, "file_unexpected"),
        ("roles.csv", 0, None, "file_missing"),
        ("userProfiles.csv", 0, None, "file_missing"),
    ];
    assert_eq!(read.places(), expected);
    assert_eq!(read.faults[0].detail, "OneRoster 1.2 has no such file. It may be meant as userProfiles.csv.");
}

#[test]
fn another_version_is_refused_and_still_read() {
    let read = Files::sound().with(M, "oneroster.version,1.2", "oneroster.version,1.1").cell("orgs", 3, "type", "College").read();
    assert_eq!(read.places(), [(M, 3, Some("value"), "version_unsupported"), ("orgs.csv", 3, Some("type"), "bad_enum")]);
    assert_eq!(read.faults[0].detail, "oneroster.version must be 1.2; it is 1.1.");
}

#[test]
fn headers_are_those_of_the_standard() {
    let mut files = Files::sound()
        .with("users.csv", "preferredGivenName", "prefferedGivenName")
        .with("roles.csv", "dateLastModified", "DateLastModified")
        .with("orgs.csv", "identifier", "name")
        .with("classes.csv", "title,grades", "grades,title")
        .with("courses.csv", "sourcedId,", "metadata.sourcedId,");
    files.put("demographics.csv", "");
    let expected = [
        ("orgs.csv", 1, Some("name"), "header_repeated_column"),
        ("orgs.csv", 1, Some("identifier"), "header_missing_column"),
        ("courses.csv", 1, Some("metadata.sourcedId"), "header_wrong"),
        ("courses.csv", 1, Some("sourcedId"), "header_missing_column"),
        ("classes.csv", 1, Some("title"), "header_wrong"),
        ("users.csv", 1, Some("prefferedGivenName"), "header_unknown_column"),
        ("users.csv", 1, Some("preferredGivenName"), "header_missing_column"),
        ("roles.csv", 1, Some("DateLastModified"), "header_unknown_column"),
        ("roles.csv", 1, Some("dateLastModified"), "header_missing_column"),
        ("demographics.csv", 0, None, "header_missing"),
    ];
    let read = files.read();
    assert_eq!(read.places(), expected);
    assert!(read.faults[7].detail.ends_with("It may be meant as dateLastModified."));
    assert!(read.rows.iter().all(|row| matches!(row, Row::AcademicSession(_) | Row::Enrollment(_))), "rows under a faulty header are not handed out");
}

#[test]
fn cells_under_a_faulty_header_are_still_checked() {
    let read = Files::sound().cell("orgs", 3, "type", "College").with("orgs.csv", "identifier", "id").read();
    let expected = [
        ("orgs.csv", 1, Some("id"), "header_unknown_column"),
        ("orgs.csv", 1, Some("identifier"), "header_missing_column"),
        ("orgs.csv", 3, Some("type"), "bad_enum"),
    ];
    assert_eq!(read.places(), expected);
}

#[test]
fn metadata_columns_stand_at_the_end_and_are_passed_over() {
    let mut files = Files::sound();
    files.put("orgs.csv", &format!("{},metadata.color\ns1,,,Elm High,school,,,green\n", header("orgs")));
    let read = files.read();
    assert_eq!(read.places(), []);
    assert_eq!(read.rows.len(), 14);
}

#[test]
fn a_file_without_rows_is_a_fault() {
    let mut files = Files::sound();
    files.rows("demographics", &[]);
    assert_eq!(files.read().places(), [("demographics.csv", 0, None, "no_rows")]);
}
