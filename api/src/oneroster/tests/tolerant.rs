//! Tolerant reading: what is mended, and how that is told.

use super::super::repair::{Repair, RepairCode};
use super::*;

const M: &str = "manifest.csv";

/// A repair as file, row of the first place, column and code.
fn repairs(read: &Read) -> Vec<Place<'_>> {
    let place = |repair: &'_ Repair| -> (u32, &'static str) { (repair.places[0].row, repair.code.code()) };
    read.summary.repairs.iter().map(|repair| (repair.file.as_str(), place(repair).0, repair.column.as_deref(), place(repair).1)).collect()
}

/// Reads tolerantly, and holds that what was mended reads strictly the same.
fn mended(files: &Files) -> Read {
    let read = files.read_tolerantly();
    assert_eq!(read.places(), []);
    assert!(read.rows.iter().eq(Files::sound().read().rows.iter()), "the rows are those of the sound bundle");
    read
}

#[test]
fn a_sound_bundle_needs_no_repair() {
    assert_eq!(mended(&Files::sound()).summary.repairs, []);
}

#[test]
fn each_repair_of_a_cell_has_its_code_and_gives_the_cell_that_was_meant() {
    for (file, row, column, before, code, told) in [
        ("orgs", 2, "sourcedId", " d1", "trimmed", Some((" d1", "d1"))),
        ("orgs", 3, "parentSourcedId", "d1 ", "trimmed", Some(("d1 ", "d1"))),
        ("orgs", 3, "type", "School", "word_case", Some(("School", "school"))),
        ("orgs", 2, "status", "active", "status_cleared", Some(("active", ""))),
        ("orgs", 2, "dateLastModified", "2026-08-15", "status_cleared", Some(("2026-08-15", ""))),
        ("users", 2, "status", "active", "status_cleared", Some(("active", ""))),
        ("academicSessions", 2, "type", "schoolyear", "word_case", Some(("schoolyear", "schoolYear"))),
        ("academicSessions", 2, "startDate", "2026-08-15T00:00:00.000Z", "date_with_time", Some(("2026-08-15T00:00:00.000Z", "2026-08-15"))),
        ("academicSessions", 2, "endDate", "2027-06-10 00:00:00", "date_with_time", Some(("2027-06-10 00:00:00", "2027-06-10"))),
        ("academicSessions", 2, "endDate", " 2027-06-10", "trimmed", Some((" 2027-06-10", "2027-06-10"))),
        ("academicSessions", 2, "schoolYear", "2026-2027", "school_year_span", Some(("2026-2027", "2027"))),
        ("academicSessions", 2, "schoolYear", "2026-27", "school_year_span", Some(("2026-27", "2027"))),
        ("classes", 2, "termSourcedIds", "y1, t1", "trimmed", Some(("y1, t1", "y1,t1"))),
        ("users", 2, "enabledUser", "TRUE", "boolean_case", None),
        ("users", 2, "grades", "9", "grade_code", None),
        ("users", 2, "agentSourcedIds", " g1 ", "trimmed", None),
        ("roles", 2, "role", "STUDENT", "word_case", Some(("STUDENT", "student"))),
        ("roles", 2, "beginDate", "2026-08-15T00:00:00Z", "date_with_time", Some(("2026-08-15T00:00:00Z", "2026-08-15"))),
        ("demographics", 2, "birthDate", "2010-12-10T00:00:00Z", "date_with_time", None),
        ("demographics", 2, "white", "True", "boolean_case", None),
        ("demographics", 2, "sex", "Female", "word_case", None),
        ("enrollments", 3, "primary", "TRUE", "boolean_case", Some(("TRUE", "true"))),
    ] {
        let read = mended(&Files::sound().cell(file, row, column, before));
        let name = format!("{file}.csv");
        assert_eq!(repairs(&read), [(name.as_str(), u32::try_from(row).unwrap(), Some(column), code)], "{file} {column} {before:?}");
        let place = &read.summary.repairs[0].places[0];
        assert_eq!(place.before.as_deref().zip(place.after.as_deref()), told, "{file} {column}");
    }
}

#[test]
fn what_may_mean_two_things_stays_a_fault() {
    for (file, column, value, code) in [
        ("academicSessions", "startDate", "15/08/2026", "bad_date"),
        ("academicSessions", "startDate", "08/15/2026", "bad_date"),
        ("academicSessions", "startDate", "2026-08-15T22:00:00Z", "bad_date"),
        ("academicSessions", "startDate", "20260815", "bad_date"),
        ("academicSessions", "schoolYear", "2026-2028", "bad_integer"),
        ("academicSessions", "schoolYear", "26-27", "bad_integer"),
        ("orgs", "sourcedId", "a b", "bad_sourced_id"),
        ("orgs", "type", "college", "bad_enum"),
        ("orgs", "name", "Elm\nHigh", "control_character"),
        ("classes", "termSourcedIds", "y1,,t1", "bad_list"),
        ("users", "enabledUser", "1", "bad_boolean"),
        ("users", "enabledUser", "yes", "bad_boolean"),
        ("users", "grades", "Grade 9", "bad_enum"),
        ("users", "givenName", " ", "required_blank"),
        ("courses", "subjectCodes", "1", "list_lengths"),
    ] {
        let read = Files::sound().cell(file, 2, column, value).read_tolerantly();
        let name = format!("{file}.csv");
        assert_eq!(read.places(), [(name.as_str(), 2, Some(column), code)], "{file} {column} {value:?}");
    }
}

#[test]
fn headers_are_mended_and_the_cells_follow_them() {
    let files = Files::sound()
        .with("roles.csv", "dateLastModified", "DateLastModified ")
        .with("users.csv", "preferredGivenName", "prefferedGivenName")
        .with("demographics.csv", "dateLastModified", "dataLastModified");
    let read = mended(&files);
    let expected = [
        ("users.csv", 1, Some("preferredGivenName"), "header_misspelt"),
        ("roles.csv", 1, Some("dateLastModified"), "header_case"),
        ("demographics.csv", 1, Some("dateLastModified"), "header_misspelt"),
    ];
    assert_eq!(repairs(&read), expected);
    assert_eq!(read.summary.repairs[0].places[0].before.as_deref(), Some("prefferedGivenName"));
}

#[test]
fn columns_may_stand_elsewhere_be_left_out_or_be_the_vendors_own() {
    let mut files = Files::sound();
    files.put(
        "orgs.csv",
        "name,ext_color,sourcedId,type,parentSourcedId,identifier,,\nGranite District,green,d1,district,,G1,,\nElm High,,s1,school,d1,,,,,\n",
    );
    let read = mended(&files);
    let expected = [
        ("orgs.csv", 1, Some("ext_color"), "column_passed_over"),
        ("orgs.csv", 1, Some(""), "column_passed_over"),
        ("orgs.csv", 1, Some("status"), "column_added"),
        ("orgs.csv", 1, Some("dateLastModified"), "column_added"),
        ("orgs.csv", 1, Some("sourcedId"), "column_order"),
        ("orgs.csv", 3, None, "trailing_cells"),
    ];
    assert_eq!(repairs(&read), expected);
    assert_eq!(read.summary.repairs[1].count, 2);

    // A column that must be there, and one that nobody knows, stay faults; so does a row that is too short.
    let mut files = Files::sound();
    files.put("orgs.csv", "sourcedId,title,type\ns1,Elm High,school\ns2,Oak High\n");
    let read = files.read_tolerantly();
    let expected = [
        ("orgs.csv", 1, Some("title"), "header_unknown_column"),
        ("orgs.csv", 1, Some("name"), "header_missing_column"),
        ("orgs.csv", 3, None, "wrong_field_count"),
    ];
    assert_eq!(read.places(), expected);
}

#[test]
fn the_form_of_a_file_is_mended() {
    let mut files = Files::sound();
    let orgs = files.text("orgs.csv");
    files.put("orgs.csv", &format!("\u{FEFF}{}", orgs.trim_end()));
    let read = mended(&files);
    assert_eq!(repairs(&read), [("orgs.csv", 0, None, "byte_order_mark"), ("orgs.csv", 0, None, "final_newline")]);

    files.put("orgs.csv", &orgs.replace('\n', "\r"));
    assert_eq!(repairs(&mended(&files)), [("orgs.csv", 0, None, "line_ends")]);
    assert_eq!(files.read().places(), [("orgs.csv", 0, None, "line_ends")], "strictly it is a fault");

    files.put("orgs.csv", &orgs.replace('\n', "\r\n"));
    assert_eq!(mended(&files).summary.repairs, [], "LF and CRLF are both as they should be");
}

#[test]
fn names_of_files_may_have_other_capitals_and_systems_add_entries() {
    let mut files = Files::sound();
    for (name, _) in &mut files.0 {
        *name = name.to_uppercase().replace(".CSV", ".csv");
    }
    files.put_bytes("__MACOSX/._ORGS.csv", b"\0\x05\x16");
    files.put(".DS_Store", "");
    let read = mended(&files);
    assert_eq!(repairs(&read)[0], ("bundle", 0, None, "entry_passed_over"));
    assert_eq!(read.summary.repairs[0].count, 2);
    assert!(repairs(&read).contains(&("academicSessions.csv", 0, None, "file_name_case")));
    assert_eq!(read.summary.repairs.len(), 10, "two entries in one line, and nine files");

    // Two that may be meant as one file.
    let mut files = Files::sound();
    files.put("Orgs.csv", "");
    assert!(files.read_tolerantly().places().contains(&("orgs.csv", 0, None, "zip_duplicate_entry")));
}

#[test]
fn without_a_manifest_files_are_bulk_unless_they_may_be_a_delta() {
    let read = mended(&Files::sound().without(M));
    assert_eq!(repairs(&read), [(M, 0, None, "manifest_made")]);
    let read = Files::sound().without(M).cell("orgs", 2, "status", "active").read_tolerantly();
    assert_eq!(read.places(), [("orgs.csv", 2, Some("status"), "manifest_missing")]);
}

#[test]
fn a_manifest_is_mended() {
    let files = Files::sound()
        .with(M, "propertyName,value", "PropertyName,Value")
        .with(M, "oneroster.version,1.2", "oneroster.version,1.2.1")
        .with(M, "file.orgs,bulk", "file.orgs,Bulk ")
        .with(M, "file.users,bulk\n", "")
        .with(M, "file.results,absent\n", "");
    let read = mended(&files);
    let expected = [
        (M, 1, Some("value"), "header_case"),
        (M, 4, Some("value"), "manifest_value_mended"),
        (M, 0, Some("file.users"), "manifest_line_added"),
        (M, 0, Some("file.results"), "manifest_line_added"),
    ];
    assert_eq!(repairs(&read), expected);
    assert_eq!(read.summary.repairs[1].count, 3, "the blank, the capital and the version");
    // Beside a delta nobody knows how a file without a line is there.
    let read = files.with(M, "file.orgs,Bulk", "file.orgs,delta").read_tolerantly();
    assert!(read.places().contains(&(M, 0, None, "manifest_line_missing")), "{:?}", read.places());
}

#[test]
fn a_row_of_a_bulk_file_that_is_deleted_is_as_though_it_were_not_there() {
    let mut files = Files::sound();
    files
        .rows("orgs", &["d1,,,Granite District,district,G1,", "s1,,,Elm High,school,,d1", "s2,tobedeleted,,Oak High,school,,d1", "s3,Inactive,,,,,"]);
    let read = mended(&files);
    assert_eq!(repairs(&read), [("orgs.csv", 4, Some("status"), "row_passed_over")]);
    assert_eq!((read.summary.files[0].rows, read.summary.files[0].passed_over), (4, 2));
    assert_eq!(files.read().places()[0], ("orgs.csv", 4, Some("status"), "bulk_status_not_blank"));
}

#[test]
fn a_file_without_rows_is_taken_as_absent_unless_it_is_needed() {
    let mut files = Files::sound();
    files.rows("demographics", &[]);
    let read = files.read_tolerantly();
    assert_eq!((read.places(), repairs(&read)), (vec![], vec![("demographics.csv", 0, None, "file_empty")]));
    files.rows("users", &[]);
    assert_eq!(files.read_tolerantly().places(), [("users.csv", 0, None, "no_rows")]);
}

#[test]
fn a_million_repairs_alike_are_one_line_with_the_first_places() {
    let mut files = Files::sound();
    let rows: Vec<String> = (0..5_000).map(|n| format!("s{n},active,2026-08-15T00:00:00.000Z,Elm,School,,")).collect();
    files.rows("orgs", &rows.iter().map(String::as_str).collect::<Vec<_>>());
    let read = files.read_tolerantly();
    assert_eq!(read.places(), []);
    let lines: Vec<_> = read.summary.repairs.iter().map(|repair| (repair.column.as_deref(), repair.code, repair.count)).collect();
    let expected = [
        (Some("status"), RepairCode::StatusCleared, 5_000),
        (Some("dateLastModified"), RepairCode::StatusCleared, 5_000),
        (Some("type"), RepairCode::WordCase, 5_000),
    ];
    assert_eq!(lines, expected);
    let rows: Vec<u32> = read.summary.repairs[2].places.iter().map(|place| place.row).collect();
    assert_eq!(rows, [2, 3, 4, 5, 6]);
}

#[test]
fn codes_of_repairs_are_distinct_and_written_as_they_are_named() {
    let mut codes: Vec<&str> = RepairCode::ALL.iter().map(|code| code.code()).collect();
    for code in RepairCode::ALL {
        assert_eq!(serde_json::to_value(code).unwrap(), code.code());
    }
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), RepairCode::ALL.len());
}
