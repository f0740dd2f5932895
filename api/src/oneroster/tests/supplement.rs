//! The supplement, and what School Data Sync brings.

use super::*;

const M: &str = "manifest.csv";

/// The sound bundle with a row of every file of the supplement.
fn with_supplement() -> Files {
    let mut files = Files::sound();
    let mut lines = "ilp.version,1.0\n".to_owned();
    for (file, row) in [
        ("ilp.addresses", "a1,,,u1,home,12 Elm Street,Apt 4,Granite,UT,84001,US,2024-08-01,"),
        ("ilp.telephones", "t1,,,g1,mobile,+1 801 555 0100,,true,,"),
        ("ilp.guardians", "gl1,,,u1,g1,mother,none,courtOrder,Third District Court 2024-117,2024-03-01,"),
        ("ilp.caseloads", "c1,,,e1,s1,\"09,10\",A,K,2026-08-15,2027-06-10"),
        ("ilp.assignments", "as1,,,e1,u1,gatekeeper,2026-08-15,"),
        ("ilp.flags", "f1,,,u1,iep,2025-09-01,"),
        ("ilp.stateIds", "i1,,,u1,student,UT,1234567"),
        ("ilp.attendance", "at1,,,u1,s1,t1,90,3.5,1,4"),
        ("ilp.outcomes", "o1,,,u1,s1,2026,promoted,2026-06-10,"),
        ("ilp.postSchoolOutcomes", "p1,,,u1,twoYearCollege,Snow College,2026-10-01"),
    ] {
        files.rows(file, &[row]);
        lines.push_str(&format!("{file},bulk\n"));
    }
    let manifest = files.text(M) + &lines;
    files.put(M, &manifest);
    files
}

#[test]
fn r152_r153_r154_every_file_of_the_supplement_becomes_rows() {
    let read = with_supplement().read();
    assert_eq!(read.places(), []);
    let of_supplement: Vec<_> = read.summary.files.iter().filter(|file| file.file.starts_with("ilp.")).collect();
    assert_eq!(of_supplement.len(), columns::SUPPLEMENT.len());
    assert!(of_supplement.iter().all(|file| file.rows == 1));
    let row = |wanted: fn(&Row) -> bool| read.rows.iter().any(wanted);
    assert!(row(|row| matches!(row, Row::Address(row) if row.city == "Granite" && row.kind.word() == "home")));
    assert!(row(|row| matches!(row, Row::Telephone(row) if row.number == "+1 801 555 0100" && row.primary == Some(true))));
    assert!(row(|row| matches!(row, Row::Guardian(row) if row.rights.word() == "none" && row.relationship.word() == "mother")));
    assert!(row(|row| matches!(row, Row::Caseload(row) if row.grades == ["09", "10"] && row.family_name_to.as_deref() == Some("K"))));
    assert!(row(|row| matches!(row, Row::StaffAssignment(row) if row.kind.word() == "gatekeeper")));
    assert!(row(|row| matches!(row, Row::Flag(row) if row.flag.word() == "iep")));
    assert!(row(|row| matches!(row, Row::StateId(row) if row.state == "UT" && row.identifier == "1234567")));
    assert!(row(|row| matches!(row, Row::Attendance(row) if row.days_absent.as_str() == "3.5" && row.times_tardy == Some(4))));
    assert!(row(|row| matches!(row, Row::Outcome(row) if row.outcome.word() == "promoted" && row.school_year == 2026)));
    assert!(row(|row| matches!(row, Row::PostSchoolOutcome(row) if row.kind.word() == "twoYearCollege")));
}

#[test]
fn each_fault_of_the_supplement_has_its_code() {
    for (file, column, value, code) in [
        ("ilp.addresses", "userSourcedId", "", "required_blank"),
        ("ilp.addresses", "type", "holiday", "bad_enum"),
        ("ilp.addresses", "state", "Utah", "bad_enum"),
        ("ilp.addresses", "endDate", "2024-07-31", "dates_reversed"),
        ("ilp.telephones", "primary", "yes", "bad_boolean"),
        ("ilp.guardians", "rights", "some", "bad_enum"),
        ("ilp.guardians", "evidence", "", "evidence_missing"),
        ("ilp.guardians", "evidenceReference", "", "evidence_missing"),
        ("ilp.caseloads", "grades", "9th", "bad_enum"),
        ("ilp.assignments", "type", "coach", "bad_enum"),
        ("ilp.flags", "flag", "gifted", "bad_enum"),
        ("ilp.stateIds", "identifier", "000-12-3456", "social_security_number"),
        ("ilp.attendance", "daysAbsent", "91", "out_of_range"),
        ("ilp.attendance", "daysAbsentUnexcused", "4", "out_of_range"),
        ("ilp.attendance", "daysEnrolled", "400", "out_of_range"),
        ("ilp.attendance", "daysEnrolled", "many", "bad_number"),
        ("ilp.attendance", "timesTardy", "-1", "bad_integer"),
        ("ilp.outcomes", "schoolYear", "26", "bad_integer"),
        ("ilp.outcomes", "outcome", "moved", "bad_enum"),
        ("ilp.postSchoolOutcomes", "asOfDate", "", "required_blank"),
    ] {
        let read = with_supplement().cell(file, 2, column, value).read();
        let name = format!("{file}.csv");
        assert_eq!(read.places(), [(name.as_str(), 2, Some(column), code)], "{file} {column} {value:?}");
        assert!(!read.faults[0].detail.contains("3456"), "{}", read.faults[0].detail);
    }
}

#[test]
fn the_manifest_announces_the_supplement() {
    let read = with_supplement().with(M, "ilp.version,1.0\n", "").read();
    assert_eq!(read.places(), [(M, 0, None, "manifest_line_missing")]);
    let read = with_supplement().with(M, "ilp.flags,bulk", "ilp.flags,absent").read();
    assert_eq!(read.places(), [("ilp.flags.csv", 0, None, "file_unexpected")]);
    let read = with_supplement().without("ilp.flags.csv").read();
    assert_eq!(read.places(), [("ilp.flags.csv", 0, None, "file_missing")]);
    let mut files = with_supplement();
    files.put("ilp.marks.csv", "sourcedId\n");
    let read = files.read();
    assert_eq!(read.places(), [("ilp.marks.csv", 0, None, "file_unexpected")]);
    assert_eq!(read.faults[0].detail, "The supplement has no such file.");
}

#[test]
fn a_file_of_the_supplement_may_be_a_delta() {
    let files = with_supplement().with(M, "ilp.flags,bulk", "ilp.flags,delta");
    let files = files.with("ilp.flags.csv", "f1,,,u1", "f1,tobedeleted,2026-09-01T04:00:00Z,u1");
    let read = files.read();
    assert_eq!(read.places(), []);
    assert!(read.rows.iter().any(|row| matches!(row, Row::Deleted(row) if row.file == "ilp.flags.csv")));
}

#[test]
fn school_data_sync_is_taken_as_it_is() {
    let mut files = Files::sound();
    files.put("relationships.csv", "userSourcedId,relationshipUserSourcedId,relationshipRole\r\nu1,g1,guardian\r\n");
    files.put("userFlags.csv", "userSourcedId,flag\nu1,iep\nu1,504\nu1,freeLunch\n");
    let read = files.read();
    assert_eq!(read.places(), [], "no manifest names them, strictly either");
    let programmes: Vec<_> = read.rows.iter().filter_map(|row| if let Row::UserFlag(flag) = row { Some(flag.programme()) } else { None }).collect();
    let words: Vec<_> = programmes.iter().map(|programme| programme.as_ref().map(|flag| flag.word().to_owned())).collect();
    assert_eq!(words, [Some("iep".to_owned()), Some("504".to_owned()), None], "of a free lunch an ILP has no use");
    assert!(read.rows.iter().any(|row| matches!(row, Row::Relationship(row) if row.role == "guardian" && row.line == 2)));
}

#[test]
fn rows_of_the_supplement_do_not_print_what_they_hold() {
    let printed = format!("{:?}", with_supplement().read().rows);
    for private in ["Elm Street", "801 555", "Third District", "1234567", "Snow"] {
        assert!(!printed.contains(private), "{private}");
    }
}

#[test]
fn every_file_of_the_standard_becomes_rows() {
    let read = with_gradebook().read();
    assert_eq!(read.places(), []);
    assert_eq!(read.summary.files.len(), 21);
    assert_eq!(read.rows.len(), 15 + 13);
    assert!(read.rows.iter().any(|row| matches!(row, Row::LineItem(row) if row.description.as_deref() == Some("two\nlines"))));
    assert!(read.rows.iter().any(|row| matches!(row, Row::ScoreScale(row) if row.values.len() == 2 && row.values[0].mark == "A")));
    assert!(read.rows.iter().any(|row| matches!(row, Row::Resource(row) if row.roles.len() == 2)));
}
