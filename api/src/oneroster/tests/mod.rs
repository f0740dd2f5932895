//! Small bundles built in memory, and the sample districts.

mod cells;
mod corpus;
mod delta;
mod documentation;
mod manifest;
mod memory;
mod privacy;
mod round_trip;
mod samples;
mod supplement;
mod tolerant;
mod writer;
mod zips;

use std::io::{Cursor, Write};

use openilp_domain::roster::ReadingMode;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    bundle::{Bundle, Coming, Limits, OpenError, Summary},
    columns::{self, FILES},
    fault::Fault,
    rows::Row,
};

/// A bundle to be spoilt: names and contents of its files.
#[derive(Clone)]
struct Files(Vec<(String, Vec<u8>)>);

/// Where a fault is, and its code.
type Place<'a> = (&'a str, u32, Option<&'a str>, &'a str);

impl Files {
    /// A bundle without fault: one district, one school, one student with a guardian, one teacher, one class.
    fn sound() -> Self {
        let mut files = Self(Vec::new());
        files.put("manifest.csv", &manifest(&["orgs", "academicSessions", "courses", "classes", "users", "roles", "demographics", "enrollments"]));
        files.rows("orgs", &["d1,,,Granite District,district,G1,", "s1,,,Elm High,school,,d1"]);
        files.rows("academicSessions", &["y1,,,2026-27,schoolYear,2026-08-15,2027-06-10,,2027", "t1,,,Fall,term,2026-08-15,2026-12-20,y1,2027"]);
        files.rows("courses", &["c1,,,y1,Algebra,MA1,\"09,10\",s1,\"Mathematics,Algebra\",\"1,2\""]);
        files.rows("classes", &["k1,,,Algebra A,09,c1,MA1-A,scheduled,Room 4,s1,\"y1,t1\",,,\"1,2\""]);
        let student = "u1,,,true,ada,\"{Fed:1},{SSN:000-00-0000}\",Ada,Byron,,700,ada@example.org,,,g1,09,hunter2secret,,,,,s1,she/her";
        files.rows("users", &[student, "g1,,,true,anne,,Anne,Byron,,,,,801 555 0100,,,,,,,,,", "e1,,,true,turing,,Alan,Turing,,,,,,,,,,,,,s1,"]);
        files.rows(
            "roles",
            &["r1,,,u1,primary,student,2026-08-15,2027-06-10,s1,", "r2,,,g1,primary,guardian,,,s1,", "r3,,,e1,primary,ext:coach,,,s1,"],
        );
        files.rows("demographics", &["u1,,,2010-12-10,female,false,false,false,false,true,false,false,GB,,London,"]);
        files.rows("enrollments", &["n1,,,k1,s1,u1,student,,2026-08-15,2027-06-10", "n2,,,k1,s1,e1,teacher,true,,"]);
        files
    }

    /// Puts a file, in place of what it was.
    fn put(&mut self, name: &str, content: &str) {
        self.put_bytes(name, content.as_bytes())
    }

    fn put_bytes(&mut self, name: &str, content: &[u8]) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = content.to_vec(),
            None => self.0.push((name.to_owned(), content.to_vec())),
        }
    }

    /// Puts a file with the header of the standard and these rows.
    fn rows(&mut self, file: &str, rows: &[&str]) {
        let mut content = header(file);
        for row in rows {
            content.push('\n');
            content.push_str(row);
        }
        content.push('\n');
        self.put(&format!("{file}.csv"), &content);
    }

    /// Sets one cell of a file; `row` is its line.
    fn cell(mut self, file: &str, row: usize, column: &str, value: &str) -> Self {
        let name = format!("{file}.csv");
        let (_, content) = self.0.iter_mut().find(|(known, _)| *known == name).unwrap();
        let mut records: Vec<csv::StringRecord> =
            csv::ReaderBuilder::new().has_headers(false).from_reader(content.as_slice()).into_records().map(Result::unwrap).collect();
        let place = records[0].iter().position(|known| known == column).unwrap();
        records[row - 1] = records[row - 1].iter().enumerate().map(|(n, old)| if n == place { value } else { old }).collect();
        let mut writer = csv::Writer::from_writer(Vec::new());
        for record in records {
            writer.write_record(&record).unwrap();
        }
        *content = writer.into_inner().unwrap();
        self
    }

    fn renamed(mut self, from: &str, to: &str) -> Self {
        self.0.iter_mut().filter(|(name, _)| name == from).for_each(|(name, _)| *name = to.to_owned());
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    /// Replaces text in a file.
    fn with(mut self, name: &str, from: &str, to: &str) -> Self {
        let (_, content) = self.0.iter_mut().find(|(known, _)| known == name).unwrap();
        let text = String::from_utf8(content.clone()).unwrap();
        assert!(text.contains(from), "{name} has no {from}");
        *content = text.replacen(from, to, 1).into_bytes();
        self
    }

    fn zip(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in &self.0 {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn text(&self, name: &str) -> String {
        let (_, content) = self.0.iter().find(|(known, _)| known == name).unwrap();
        String::from_utf8(content.clone()).unwrap()
    }

    fn read(&self) -> Read {
        read(self.zip(), Limits::default())
    }

    fn read_tolerantly(&self) -> Read {
        read_as(self.zip(), ReadingMode::Tolerant, Limits::default())
    }
}

/// The sound bundle with a row of every other file of the standard.
fn with_gradebook() -> Files {
    let mut files = Files::sound();
    for (file, row) in [
        ("userProfiles", "p1,,,u1,LTI,v1,,,basic,ada,hunter2secret"),
        ("categories", "q1,,,Quarter grade,1"),
        ("lineItems", "l1,,,Quarter 1,\"two\nlines\",2026-08-15,2026-10-16,k1,q1,t1,0,100,s1"),
        ("results", "x1,,,l1,u1,fully graded,90.50,2026-10-16,,A,k1,false,false,false,false"),
        ("scoreScales", "c9,,,Letters,percent,d1,c1,k1,\"{A:94},{B:84}\""),
        ("lineItemLearningObjectiveIds", "lo1,,,l1,case,urn:uuid:0d0b9a3e-0000-4000-8000-000000000000"),
        ("lineItemScoreScales", "ls1,,,,l1,c9"),
        ("resultLearningObjectiveIds", "ro1,,,x1,unknown,MA.9,3,Proficient"),
        ("resultScoreScales", "rs1,,,,x1,c9"),
        ("resources", "b1,,,isbn-1,Algebra,\"student,teacher\",primary,,"),
        ("classResources", "cb1,,,,k1,b1"),
        ("courseResources", "ob1,,,,c1,b1"),
        ("userResources", "ub1,,,u1,s1,,b1"),
    ] {
        files.rows(file, &[row]);
        files = files.with("manifest.csv", &format!("file.{file},absent"), &format!("file.{file},bulk"));
    }
    files
}

/// The header line of a file.
fn header(file: &str) -> String {
    let names: Vec<&str> = columns::named(file).unwrap().columns.iter().map(|column| column.name).collect();
    names.join(",")
}

/// A manifest with these files bulk and the others absent.
fn manifest(bulk: &[&str]) -> String {
    let mut text = "propertyName,value\nmanifest.version,1.0\noneroster.version,1.2\n".to_owned();
    for file in &FILES {
        text.push_str(&format!("file.{},{}\n", file.name, if bulk.contains(&file.name) { "bulk" } else { "absent" }));
    }
    text + "source.systemName,A SIS\nsource.systemCode,a-sis\n"
}

/// What came out of a bundle.
struct Read {
    rows: Vec<Row>,
    faults: Vec<Fault>,
    summary: Summary,
}

impl Read {
    fn places(&self) -> Vec<Place<'_>> {
        places(&self.faults)
    }
}

fn places(faults: &[Fault]) -> Vec<Place<'_>> {
    faults.iter().map(|fault| (fault.file.as_str(), fault.row, fault.column.as_deref(), fault.code.code())).collect()
}

fn read(zip: Vec<u8>, limits: Limits) -> Read {
    read_as(zip, ReadingMode::Strict, limits)
}

fn read_as(zip: Vec<u8>, mode: ReadingMode, limits: Limits) -> Read {
    let mut bundle = Bundle::open_as(Cursor::new(zip), mode, limits).unwrap();
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    let mut last = (0, 0);
    let mut progress = |progress: super::bundle::Progress| {
        assert!(last.0 <= progress.bytes_done && progress.bytes_done <= progress.bytes_total, "{progress:?}");
        last = (progress.bytes_done, progress.bytes_total);
    };
    let on_row = |row| {
        rows.push(row);
        Ok::<(), std::io::Error>(())
    };
    let summary = bundle.read(on_row, |fault| faults.push(fault), &mut progress).unwrap();
    if summary.complete {
        assert_eq!(last.0, last.1, "progress ends at the whole");
    }
    Read { rows, faults, summary }
}

/// The faults for which a zip is refused before anything is unpacked.
fn refused(zip: Vec<u8>, limits: Limits) -> Vec<Fault> {
    match Bundle::open(Cursor::new(zip), limits) {
        Err(OpenError::Refused(faults)) => faults,
        Err(OpenError::Io(error)) => panic!("not an error of the disk: {error}"),
        Ok(_) => panic!("opened"),
    }
}

#[test]
fn a_sound_bundle_is_read_whole() {
    let read = Files::sound().read();
    assert_eq!(read.places(), []);
    let rows: Vec<(&str, u64)> = read.summary.files.iter().map(|file| (file.file, file.rows)).collect();
    let expected = [
        ("orgs.csv", 2),
        ("academicSessions.csv", 2),
        ("courses.csv", 1),
        ("classes.csv", 1),
        ("users.csv", 3),
        ("roles.csv", 3),
        ("demographics.csv", 1),
        ("enrollments.csv", 2),
    ];
    assert_eq!(rows, expected);
    assert_eq!(read.rows.len(), 15);
    assert_eq!((read.summary.system_name.as_deref(), read.summary.complete, read.summary.folder), (Some("A SIS"), true, None));
    let ids: Vec<String> = read
        .rows
        .iter()
        .filter_map(|row| if let Row::User(user) = row { Some(user) } else { None })
        .map(|user| format!("{}:{}", user.line, user.user_ids.len()))
        .collect();
    assert_eq!(ids, ["2:1", "3:0", "4:0"], "of two identifiers the Social Security number is dropped");
}

#[test]
fn a_row_that_cannot_be_taken_stops_the_reading() {
    let mut bundle = Bundle::open(Cursor::new(Files::sound().zip()), Limits::default()).unwrap();
    let stopped = bundle.read(|_| Err(std::io::Error::other("full")), |_| {}, &mut |_| {});
    assert_eq!(stopped.unwrap_err().to_string(), "full");
}
