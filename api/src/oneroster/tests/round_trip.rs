//! What is written is read again, without fault and the same.

use super::*;
use crate::oneroster::rows::{CourseRow, OrgRow, UserRow};
use crate::oneroster::writer::BundleWriter;

/// Rows of one kind.
macro_rules! of {
    ($rows:expr, $kind:ident) => {
        $rows.iter().filter_map(|row| if let Row::$kind(row) = row { Some(row) } else { None })
    };
}

fn write(rows: &[Row]) -> Vec<u8> {
    let mut writer = BundleWriter::new(Cursor::new(Vec::new())).source("A SIS", "a-sis");
    writer.orgs(of!(rows, Org)).unwrap().academic_sessions(of!(rows, AcademicSession)).unwrap().courses(of!(rows, Course)).unwrap();
    writer.classes(of!(rows, Class)).unwrap().users(of!(rows, User)).unwrap().roles(of!(rows, Role)).unwrap();
    writer.demographics(of!(rows, Demographics)).unwrap().enrollments(of!(rows, Enrollment)).unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn written_rows_are_read_the_same() {
    let first = Files::sound()
        .cell("courses", 2, "subjects", "\"Reading, writing\",\"say \"\"a\"\"\"")
        .cell("users", 3, "givenName", "Zoë \"Zo\", \u{1F600}")
        .read();
    assert_eq!(first.places(), []);
    let zip = write(&first.rows);
    let second = read(zip.clone(), Limits::default());
    assert_eq!(second.places(), []);
    assert!(first.rows == second.rows, "the rows are the same");
    assert!(matches!(of!(second.rows, Course).next(), Some(course) if course.subjects == ["Reading, writing", "say \"a\""]));
    assert_eq!(write(&second.rows), zip, "and so are the bytes");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn no_cell_starts_a_formula_and_every_row_is_read_as_it_was(
        names in proptest::collection::vec("[=+@'\u{FF1D}-][ -~é;]{0,12}", 1..6),
        id in "[-@][A-Za-z0-9@.-]{0,6}",
    ) {
        let names: Vec<&String> = names.iter().filter(|name| !name.trim().is_empty()).collect();
        let sound = Files::sound().read().rows;
        let rows: Vec<Row> = sound.into_iter().map(|row| match row {
            Row::Org(row) => Row::Org(OrgRow { name: names.first().map_or("Elm".into(), |name| name.trim().to_owned()), ..row }),
            Row::Course(row) => Row::Course(CourseRow { subjects: names.iter().map(|name| name.trim().to_owned()).collect(), subject_codes: vec![], ..row }),
            Row::User(row) if row.agent_sourced_ids.is_empty() => Row::User(UserRow { sourced_id: format!("{id}{}", row.line).parse().unwrap(), ..row }),
            other => other,
        }).collect();
        let zip = write(&rows);
        let mut archive = zip::ZipArchive::new(Cursor::new(zip.as_slice())).unwrap();
        for n in 0..archive.len() {
            let csv = csv::ReaderBuilder::new().has_headers(false).from_reader(archive.by_index(n).unwrap());
            for record in csv.into_records() {
                for cell in &record.unwrap() {
                    let number = cell.parse::<f64>().is_ok();
                    proptest::prop_assert!(number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\u{FF1D}']), "{cell:?}");
                }
            }
        }
        let again = read(zip, Limits::default());
        proptest::prop_assert_eq!(again.places(), []);
        proptest::prop_assert!(rows == again.rows, "the rows are the same");
    }
}

#[test]
fn apostrophes_of_another_system_are_left_alone() {
    let files = Files::sound().cell("orgs", 3, "name", "'=Elm").cell("orgs", 2, "name", "=Granite");
    let read = files.read();
    assert_eq!(read.places(), []);
    let names: Vec<_> = of!(read.rows, Org).map(|org| org.name.as_str()).collect();
    assert_eq!(names, ["=Granite", "'=Elm"], "the manifest does not say that cells are guarded");
    assert!(write(&read.rows) == write(&super::read(write(&read.rows), Limits::default()).rows));
}
