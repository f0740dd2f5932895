//! What is written is read again, without fault and the same.

use super::*;
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
