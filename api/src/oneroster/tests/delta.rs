//! Deltas: what has changed, and what is to be deleted.

use super::*;

const M: &str = "manifest.csv";

/// Only users and enrollments, as deltas.
fn delta() -> Files {
    let mut files = Files(Vec::new());
    let manifest = manifest(&[]).replace("file.users,absent", "file.users,delta").replace("file.enrollments,absent", "file.enrollments,delta");
    files.put(M, &manifest);
    let at = "2026-09-01T04:00:00.000Z";
    files.rows("users", &[&format!("u1,active,{at},true,ada,,Ada,Byron,,,,,,,09,,,,,,,"), &format!("u2,tobedeleted,{at},,,,,,,,,,,,,,,,,,,")]);
    files.rows("enrollments", &[&format!("n1,tobedeleted,{at},k1,s1,u1,student,,,")]);
    files
}

#[test]
fn a_delta_names_what_has_changed_and_what_is_deleted() {
    let read = delta().read();
    assert_eq!(read.places(), [], "no file is needed, and a deleted row may be blank but for its id and time");
    let files: Vec<_> = read.summary.files.iter().map(|file| (file.file, file.coming, file.rows, file.deleted_rows)).collect();
    assert_eq!(files, [("users.csv", Coming::Delta, 2, 1), ("enrollments.csv", Coming::Delta, 1, 1)]);
    assert!(matches!(&read.rows[0], Row::User(user) if user.sourced_id.as_str() == "u1"));
    let at: chrono::DateTime<chrono::Utc> = "2026-09-01T04:00:00Z".parse().unwrap();
    let deleted = |row: &Row, file: &str, id: &str| matches!(row, Row::Deleted(row) if row.file == file && row.sourced_id.as_str() == id && row.modified_at == at);
    assert!(deleted(&read.rows[1], "users.csv", "u2") && deleted(&read.rows[2], "enrollments.csv", "n1"));
}

#[test]
fn status_and_time_must_be_there_in_a_delta() {
    for (column, value, code) in [
        ("status", "", "required_blank"),
        ("status", "inactive", "bad_enum"),
        ("status", "Active", "bad_enum"),
        ("dateLastModified", "", "required_blank"),
        ("dateLastModified", "2026-09-01", "bad_date_time"),
        ("dateLastModified", "2026-09-01T04:00:00", "bad_date_time"),
        ("dateLastModified", "2026-09-01T04:00:00+02:00", "bad_date_time"),
        ("dateLastModified", "01/09/2026 04:00", "bad_date_time"),
        ("sourcedId", "", "required_blank"),
    ] {
        let read = delta().cell("users", 2, column, value).read();
        assert_eq!(read.places(), [("users.csv", 2, Some(column), code)], "{column} {value}");
    }
    let read = delta().with("users.csv", ",status,", ",state,").read_tolerantly();
    assert_eq!(
        read.places()[..2],
        [("users.csv", 1, Some("state"), "header_unknown_column"), ("users.csv", 1, Some("status"), "header_missing_column")]
    );
}

#[test]
fn the_tolerant_reader_takes_inactive_for_deleted_and_offsets_for_what_they_are() {
    let files = delta().cell("users", 2, "status", "Inactive").cell("enrollments", 2, "dateLastModified", "2026-09-01T06:00:00+02:00");
    let read = files.read_tolerantly();
    assert_eq!(read.places(), []);
    let repairs: Vec<_> = read.summary.repairs.iter().map(|repair| (repair.file.as_str(), repair.code.code())).collect();
    assert_eq!(repairs, [("users.csv", "status_inactive"), ("enrollments.csv", "time_zone")]);
    assert!(matches!(&read.rows[0], Row::Deleted(row) if row.sourced_id.as_str() == "u1"));
    assert!(matches!(&read.rows[2], Row::Deleted(row) if row.modified_at.to_rfc3339() == "2026-09-01T04:00:00+00:00"));
}

#[test]
fn bulk_and_delta_may_stand_side_by_side() {
    let mut files = Files::sound().with(M, "file.demographics,bulk", "file.demographics,delta");
    files.rows("demographics", &["u1,active,2026-09-01T04:00:00Z,2010-12-10,,,,,,,,,,,,"]);
    let read = files.read();
    assert_eq!(read.places(), []);
    let demographics = read.summary.files.iter().find(|file| file.file == "demographics.csv").unwrap();
    assert_eq!(demographics.coming, Coming::Delta);
}
