//! Deltas: what they name changes or ends, and everything else stays as it is. The rows come straight from here, without a bundle.

use std::fs::File;
use std::io;

use openilp_domain::id::DistrictId;
use openilp_domain::roster::{ImportStatus, LoadMode, ReadingMode};
use openilp_persistence::roster::{self, FileDigest, Parse, Parsed, Reader, RosterFile, Rows, Staged};

use super::bundles::Roster;
use super::world::{Ended, World};

fn no_digests(_: File, _: Option<&[FileDigest]>) -> io::Result<Option<Vec<FileDigest>>> {
    Ok(None)
}

fn parsed(bulk: &[RosterFile], delta: &[RosterFile]) -> Parsed {
    Parsed { whole: RosterFile::ALL.to_vec(), bulk: bulk.to_vec(), delta: delta.to_vec(), ..Parsed::default() }
}

/// Ada goes up a grade and is called otherwise.
fn one_user(_: File, _: ReadingMode, rows: &mut Rows) -> io::Result<Parsed> {
    rows.push(&Staged::User {
        line: 2,
        sourced_id: "ada",
        active: true,
        given_name: "Augusta",
        family_name: "Test",
        middle_name: None,
        preferred_given_name: None,
        preferred_family_name: None,
        pronouns: None,
        email: None,
        telephone: None,
        sms: None,
        local_id: Some("1"),
        state_id: Some("S1"),
        grade: Some("10"),
        primary_org: None,
        agents: vec!["mother"],
    })?;
    Ok(parsed(&[], &[RosterFile::Users]))
}

/// Ada and the class of algebra go.
fn removals(_: File, _: ReadingMode, rows: &mut Rows) -> io::Result<Parsed> {
    rows.push(&Staged::Removal { line: 2, file: RosterFile::Users, sourced_id: "ada" })?;
    rows.push(&Staged::Removal { line: 2, file: RosterFile::Classes, sourced_id: "algebra-1" })?;
    Ok(parsed(&[], &[RosterFile::Users, RosterFile::Classes]))
}

/// Only enrollments come, whole: ben's in the homeroom. Orgs, users and classes are not in the bundle.
fn only_enrollments(_: File, _: ReadingMode, rows: &mut Rows) -> io::Result<Parsed> {
    rows.push(&Staged::Enrollment {
        line: 2,
        sourced_id: "ben-homeroom",
        class: "homeroom",
        school: "school",
        person: "ben",
        role: "student",
        primary_teacher: false,
        begins_on: Some("2026-08-15".parse().unwrap()),
        ends_on: None,
    })?;
    Ok(parsed(&[RosterFile::Enrollments], &[]))
}

/// An enrollment in a class that nobody knows.
fn dangling(_: File, _: ReadingMode, rows: &mut Rows) -> io::Result<Parsed> {
    rows.push(&Staged::Enrollment {
        line: 7,
        sourced_id: "new",
        class: "no-such-class",
        school: "school",
        person: "ben",
        role: "student",
        primary_teacher: false,
        begins_on: None,
        ends_on: None,
    })?;
    Ok(parsed(&[], &[RosterFile::Enrollments]))
}

async fn load(world: &World, district: DistrictId, parse: Parse) -> Ended {
    let import = world.hand_in(district, b"a delta", false).await;
    let reader = Reader { parse, digests: no_digests };
    roster::run(world.connector(), district, import, &world.folder, || world.now(), reader, |_| {}).await.unwrap();
    world.ended(district, import).await
}

const OPEN: &str = "
    select concat_ws(' ', (select count(*) from people where active), (select count(*) from students where active), (select count(*) from classes where active),
                     (select count(*) from roles where active), (select count(*) from enrollments where active), (select count(*) from schools where active),
                     (select count(*) from class_terms))";

#[tokio::test(flavor = "multi_thread")]
async fn a_delta_changes_what_it_names_and_leaves_the_rest() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    world.import(district, &Roster::small().zip()).await;
    assert_eq!(world.value(OPEN).await, "5 2 2 5 5 1 3");

    let changed = load(&world, district, one_user).await;
    assert_eq!((changed.import.status, changed.import.mode), (ImportStatus::Applied, Some(LoadMode::Delta)));
    let users = &changed.report().files[4];
    assert_eq!((users.rows, users.counts.amended, users.counts.ended, users.amended_examples.as_slice()), (1, 1, 0, ["ada".to_owned()].as_slice()));
    assert_eq!(world.value(OPEN).await, "5 2 2 5 5 1 3");
    assert_eq!(
        world
            .value("select concat_ws('/', p.given_name, s.grade, s.birth_date) from people p join students s on s.id = p.id where s.grade = '10'")
            .await,
        "Augusta/10/2012-03-04"
    );
    let state = world.state().await;
    assert!(load(&world, district, one_user).await.report().is_empty());
    assert_eq!(world.state().await, state);

    // What is known besides is known to references, and to nothing else.
    assert_eq!(load(&world, district, dangling).await.places(), ["enrollments.csv:7:classSourcedId dangling_reference"]);
    assert_eq!(world.state().await, state);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_delta_deletes_ends_with_all_that_hangs_on_it() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    world.import(district, &Roster::small().zip()).await;
    let removed = load(&world, district, removals).await;
    assert_eq!((removed.import.status, removed.report().students.ended, removed.report().files_to_freeze), (ImportStatus::Applied, 1, 1));
    // Ada's role and two enrollments, and the teacher's in the class.
    assert_eq!(world.value(OPEN).await, "4 1 1 4 2 1 3");
    assert_eq!(world.value("select count(*) from enrollments where not active and ends_on = '2026-11-02'").await, "3");
    // The next whole bundle opens them again.
    world.import(district, &Roster::small().zip()).await;
    assert_eq!(world.value(OPEN).await, "5 2 2 5 5 1 3");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_in_the_bundle_ends_nothing() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    world.import(district, &Roster::small().zip()).await;
    let partial = load(&world, district, only_enrollments).await;
    assert_eq!((partial.import.status, partial.report().files[7].counts.ended), (ImportStatus::Applied, 4), "fewer than five");
    assert_eq!(world.value(OPEN).await, "5 2 2 5 1 1 3");
}

/// A zip whose manifest says that these files are deltas, and that there are no others.
fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    let mut manifest = String::from("propertyName,value\r\nmanifest.version,1.0\r\noneroster.version,1.2\r\n");
    for file in openilp_api::oneroster::columns::FILES.iter() {
        let form = if files.iter().any(|(name, _)| *name == file.name) { "delta" } else { "absent" };
        manifest.push_str(&format!("file.{},{form}\r\n", file.name));
    }
    let named = files.iter().map(|(name, text)| (format!("{name}.csv"), (*text).to_owned()));
    for (name, text) in [("manifest.csv".to_owned(), manifest)].into_iter().chain(named) {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zip_of_deltas_is_read_and_applied() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    world.import(district, &Roster::small().zip()).await;
    let users = "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,\
                 grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns\r\n\
                 ada,tobedeleted,2026-11-01T03:00:00.000Z,true,ada,,ada,Test,,,,,,,,,,,,,,\r\n\
                 ben,active,2026-11-01T03:00:00.000Z,true,ben,,Benjamin,Test,,2,,,,mother,05,,,,,,,\r\n";
    let loaded = world.import(district, &zipped(&[("users", users)])).await;
    assert_eq!((loaded.import.status, loaded.import.mode), (ImportStatus::Applied, Some(LoadMode::Delta)), "{:?}", loaded.faults);
    assert_eq!((loaded.report().students.ended, loaded.report().files[4].counts.amended), (1, 1));
    assert_eq!(
        world.value("select string_agg(given_name || active::text, ' ' order by given_name) from people where given_name ~* '^(ada|ben)'").await,
        "Benjamintrue adafalse"
    );
    assert_eq!(world.value(OPEN).await, "4 1 2 4 3 1 3");
}
