//! Rows and cells: each fault with its file, row, column and code.

use super::*;

#[test]
fn each_fault_of_a_cell_has_its_code() {
    let long = "x".repeat(256);
    for (file, column, value, code) in [
        ("orgs", "sourcedId", "", "required_blank"),
        ("orgs", "sourcedId", "a b", "bad_sourced_id"),
        ("orgs", "sourcedId", "é", "bad_sourced_id"),
        ("orgs", "sourcedId", &long, "too_long"),
        ("orgs", "parentSourcedId", "#", "bad_sourced_id"),
        ("orgs", "status", "active", "bulk_status_not_blank"),
        ("orgs", "dateLastModified", "2026-08-15T00:00:00.000Z", "bulk_status_not_blank"),
        ("orgs", "name", "  ", "required_blank"),
        ("orgs", "name", &long, "too_long"),
        ("orgs", "name", "Elm\nHigh", "control_character"),
        ("orgs", "name", "Elm\u{0}High", "control_character"),
        ("orgs", "name", "Elm\u{85}High", "control_character"),
        ("orgs", "type", "School", "bad_enum"),
        ("orgs", "type", "ext:", "bad_enum"),
        ("academicSessions", "type", "ext:week", "extension_unsupported"),
        ("academicSessions", "startDate", "15/08/2026", "bad_date"),
        ("academicSessions", "endDate", "2026-08-14", "dates_reversed"),
        ("academicSessions", "schoolYear", "2026-2027", "bad_integer"),
        ("courses", "subjectCodes", "1", "list_lengths"),
        ("courses", "subjects", "Mathematics,", "bad_list"),
        ("classes", "classType", "lecture", "bad_enum"),
        ("classes", "termSourcedIds", "", "required_blank"),
        ("classes", "termSourcedIds", "y1,,t1", "bad_list"),
        ("classes", "termSourcedIds", "y1, t1", "bad_sourced_id"),
        ("users", "enabledUser", "TRUE", "bad_boolean"),
        ("users", "userIds", "Fed:1", "bad_list"),
        ("users", "grades", "9", "bad_enum"),
        ("users", "agentSourcedIds", "g1;g2", "bad_sourced_id"),
        ("roles", "roleType", "ext:third", "bad_enum"),
        ("roles", "role", "administrator", "bad_enum"),
        ("roles", "beginDate", "2028-01-01", "dates_reversed"),
        ("demographics", "birthDate", "2010-02-30", "bad_date"),
        ("demographics", "asian", "yes", "bad_boolean"),
        ("demographics", "sex", "f", "bad_enum"),
        ("enrollments", "role", "ext:helper", "extension_unsupported"),
        ("enrollments", "primary", "1", "bad_boolean"),
        ("enrollments", "userSourcedId", "", "required_blank"),
    ] {
        let read = Files::sound().cell(file, 2, column, value).read();
        let name = format!("{file}.csv");
        // Where begin and end disagree, the end is named.
        let column = if code == "dates_reversed" { "endDate" } else { column };
        assert_eq!(read.places(), [(name.as_str(), 2, Some(column), code)], "{file} {column} {value:?}");
        assert_eq!(read.rows.len(), 14, "the other rows are handed out");
        let summary = read.summary.files.iter().find(|summary| summary.file == name).unwrap();
        assert_eq!(summary.faulty_rows, 1);
    }
}

#[test]
fn words_of_ones_own_are_kept_where_there_is_room() {
    let read = Files::sound().cell("orgs", 2, "type", "ext:region").cell("users", 2, "grades", "ext:Adult").read();
    assert_eq!(read.places(), []);
    let words: Vec<&str> = read
        .rows
        .iter()
        .filter_map(|row| match row {
            Row::Org(org) => Some(org.kind.word()),
            Row::Role(role) => Some(role.role.word()),
            _ => None,
        })
        .collect();
    assert_eq!(words, ["ext:region", "school", "student", "guardian", "ext:coach"]);
}

#[test]
fn a_row_of_another_length_is_named_and_its_cells_are_left_alone() {
    let read = Files::sound().with("orgs.csv", "s1,,,Elm High,school,,d1", "s1,,,Elm High,College,,d1,").read();
    assert_eq!(read.places(), [("orgs.csv", 3, None, "wrong_field_count")]);
    assert_eq!(read.faults[0].detail, "The row has 8 cells; the header has 7.");
}

#[test]
fn what_is_not_utf8_is_named_by_column() {
    let mut files = Files::sound();
    let mut orgs = header("orgs").into_bytes();
    orgs.extend_from_slice(b"\ns1,,,Jos\xE9 High,school,\xFF,\ns2,,,Elm High,school,,\n");
    files.put_bytes("orgs.csv", &orgs);
    let read = files.read();
    assert_eq!(read.places(), [("orgs.csv", 2, Some("name"), "not_utf8"), ("orgs.csv", 2, Some("identifier"), "not_utf8")]);
}

#[test]
fn rows_keep_their_line_through_line_breaks_in_quotes() {
    let mut files = Files::sound();
    files.put("orgs.csv", &format!("\u{FEFF}{}\r\ns1,,,\"Elm\r\nHigh\",school,,\r\n\r\ns2,,,Oak,school,,\r\ns3,,,Ash,College,,", header("orgs")));
    let read = files.read();
    assert_eq!(read.places(), [("orgs.csv", 2, Some("name"), "control_character"), ("orgs.csv", 6, Some("type"), "bad_enum")]);
    assert!(matches!(&read.rows[0], Row::Org(org) if org.line == 5 && org.sourced_id.as_str() == "s2"));
    assert_eq!(read.faults[1].detail, "The cell must be one of: department, school, district, local, state, national, or an ext: word; not College.");
}

#[test]
fn a_quote_that_is_not_closed_is_named() {
    let mut files = Files::sound();
    files.put("orgs.csv", &format!("{}\ns1,,,\"Elm High,school,,\n{}", header("orgs"), "s2,,,Oak High,school,,\n".repeat(100_000)));
    let read = files.read();
    assert_eq!(read.places(), [("orgs.csv", 2, None, "row_too_long")]);
}

#[test]
fn files_that_an_import_does_not_keep_are_checked_all_the_same() {
    let mut files = with_gradebook();
    files.rows("results", &["x1,,,l1,u1,graded,A,soon,\"two\nlines\",,,,,,", "x2,,,l1", "x3,,,l1,u1,fully graded,90.50,2026-10-16,,A,,,,,"]);
    let read = files.read();
    let expected = [
        ("results.csv", 2, Some("scoreStatus"), "bad_enum"),
        ("results.csv", 2, Some("score"), "bad_number"),
        ("results.csv", 2, Some("scoreDate"), "bad_date"),
        ("results.csv", 4, None, "wrong_field_count"),
    ];
    assert_eq!(read.places(), expected);
    let results = read.summary.files.iter().find(|file| file.file == "results.csv").unwrap();
    assert_eq!((results.file, results.imported, results.rows, results.faulty_rows), ("results.csv", true, 3, 2));
    let scores: Vec<_> = read.rows.iter().filter_map(|row| if let Row::Result(result) = row { result.score.as_ref() } else { None }).collect();
    assert_eq!(scores.iter().map(|score| score.as_str()).collect::<Vec<_>>(), ["90.50"], "as it is written");
}

#[test]
fn ids_twice_and_references_that_point_nowhere_are_named_in_files_that_an_import_does_not_keep() {
    let mut files = with_gradebook().cell("classResources", 2, "resourceSourcedId", "b9").cell("userProfiles", 2, "userSourcedId", "s1");
    let objective = |id: &str, result: &str| format!("{id},,,{result},unknown,MA.9,3,Proficient");
    files.rows("resultLearningObjectiveIds", &[&objective("x1", "x1"), &objective("x2", "x2"), &objective("x1", "x1"), &objective("x4", "")]);
    let read = files.read();
    let expected = [
        ("resultLearningObjectiveIds.csv", 5, Some("resultSourcedId"), "required_blank"),
        ("userProfiles.csv", 2, Some("userSourcedId"), "dangling_reference"),
        ("resultLearningObjectiveIds.csv", 4, Some("sourcedId"), "duplicate"),
        ("resultLearningObjectiveIds.csv", 3, Some("resultSourcedId"), "dangling_reference"),
        ("classResources.csv", 2, Some("resourceSourcedId"), "dangling_reference"),
    ];
    let mut places = read.places();
    places[1..].sort_unstable();
    let mut wanted = expected;
    wanted[1..].sort_unstable();
    assert_eq!(places, wanted);
    let twice = read.faults.iter().find(|fault| fault.code.code() == "duplicate").unwrap();
    assert_eq!(twice.detail, "The sourcedId is that of line 2 too.");
    // What a delta holds besides is not known.
    let files = files.with("manifest.csv", "file.results,bulk", "file.results,delta");
    assert!(!files.read().places().contains(&("resultLearningObjectiveIds.csv", 3, Some("resultSourcedId"), "dangling_reference")));
}

#[test]
fn many_faults_alike_are_counted_and_too_many_stop() {
    let mut files = Files::sound();
    files.rows("orgs", &["s1,active,,Elm,school,,"; 30]);
    let read = super::read(files.zip(), Limits { faults_alike_max: 10, ..Limits::default() });
    assert_eq!(read.faults.len(), 11);
    assert_eq!(read.places()[10], ("orgs.csv", 0, Some("status"), "more_alike"));
    assert_eq!((read.summary.faults, read.summary.complete), (30, true));

    let read = super::read(files.zip(), Limits { faults_max: 10, ..Limits::default() });
    assert_eq!(read.faults.len(), 11);
    assert_eq!(read.places()[10], ("orgs.csv", 11, None, "too_many_faults"));
    assert!(!read.summary.complete);
}
