//! The writer: what it writes, and that it writes the same again.

use std::io::{Cursor, Read};

use super::super::{rows::*, writer::BundleWriter};

fn org(id: &str, name: &str) -> OrgRow {
    OrgRow { line: 0, sourced_id: id.parse().unwrap(), name: name.into(), kind: OrgType::School, identifier: None, parent_sourced_id: None }
}

fn written() -> Vec<u8> {
    let mut writer = BundleWriter::new(Cursor::new(Vec::new())).source("A SIS", "a-sis");
    writer.orgs([org("s1", "Elm, \"upper\" school")]).unwrap().users(Vec::<UserRow>::new()).unwrap();
    writer.finish().unwrap().into_inner()
}

fn entry(bytes: &[u8], name: &str) -> String {
    let mut text = String::new();
    zip::ZipArchive::new(Cursor::new(bytes)).unwrap().by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_file_has_the_header_of_the_standard_and_its_rows() {
    let expected = "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\r\ns1,,,\"Elm, \"\"upper\"\" school\",school,,\r\n";
    assert_eq!(entry(&written(), "orgs.csv"), expected);
}

#[test]
fn a_file_without_rows_is_absent() {
    let manifest = entry(&written(), "manifest.csv");
    assert!(manifest.contains("file.orgs,bulk\r\n") && manifest.contains("file.users,absent\r\n"), "{manifest}");
    assert!(manifest.contains("source.systemName,A SIS\r\n"));
    assert_eq!(manifest.lines().filter(|line| line.starts_with("file.")).count(), 21);
}

#[test]
fn the_same_rows_give_the_same_bytes() {
    assert_eq!(written(), written());
}

#[test]
fn a_file_is_written_once() {
    let mut writer = BundleWriter::new(Cursor::new(Vec::new()));
    writer.orgs([org("s1", "Elm")]).unwrap();
    assert!(writer.orgs([org("s2", "Oak")]).is_err());
}
