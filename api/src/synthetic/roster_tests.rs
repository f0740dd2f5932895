//! The made-up district: the same again, believable, and sound.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::{Cursor, Read};

use chrono::NaiveDate;

use crate::oneroster::bundle::{Bundle, Limits};
use crate::oneroster::rows::{ResultRow, Row, ScoreStatus};

use super::{Options, Summary, write_bundle};

type Rows = Vec<HashMap<String, String>>;

/// A district, file by file, read without our own parser.
struct Written {
    summary: Summary,
    files: HashMap<&'static str, Rows>,
}

fn write(options: &Options) -> (Vec<u8>, Summary) {
    let mut bytes = Cursor::new(vec![]);
    let summary = write_bundle(&mut bytes, options, &mut |_| {}).unwrap();
    (bytes.into_inner(), summary)
}

fn district(students: usize) -> Written {
    let (bytes, summary) = write(&Options { students, ..Options::default() });
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
    let mut files = HashMap::new();
    for name in ["orgs", "academicSessions", "courses", "classes", "users", "roles", "demographics", "enrollments"] {
        let mut text = String::new();
        zip.by_name(&format!("{name}.csv")).unwrap().read_to_string(&mut text).unwrap();
        files.insert(name, csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect());
    }
    Written { summary, files }
}

impl Written {
    fn of(&self, file: &str, column: &str) -> impl Iterator<Item = &str> {
        self.files[file].iter().map(move |row| row[column].as_str())
    }
    fn ids(&self, file: &str) -> HashSet<&str> {
        self.of(file, "sourcedId").collect()
    }
    fn count(&self, file: &str, column: &str, value: &str) -> usize {
        self.of(file, column).filter(|cell| *cell == value).count()
    }
    fn grade_of(&self) -> HashMap<&str, &str> {
        self.files["users"].iter().filter(|row| !row["grades"].is_empty()).map(|row| (row["sourcedId"].as_str(), row["grades"].as_str())).collect()
    }
}

#[test]
fn the_same_options_give_the_same_bytes_and_another_seed_others() {
    let options = Options::default();
    assert!(write(&options).0 == write(&options).0);
    assert!(write(&options).0 != write(&Options { seed: 2, ..options }).0);
}

#[test]
fn our_own_strict_reader_finds_no_fault() {
    for students in [1, 250, 5_000] {
        let (bytes, summary) = write(&Options { students, ..Options::default() });
        let (mut faults, mut users) = (vec![], 0);
        let mut bundle = Bundle::open(Cursor::new(bytes), Limits::default()).unwrap();
        let read = bundle
            .read::<std::io::Error>(
                |row| {
                    users += usize::from(matches!(row, Row::User(_)));
                    Ok(())
                },
                |fault| faults.push(fault),
                &mut |_| {},
            )
            .unwrap();
        assert!(faults.is_empty() && read.faults == 0 && read.complete, "{students}: {faults:?}");
        assert_eq!(users, summary.students + summary.guardians + summary.staff);
    }
}

#[test]
fn every_reference_resolves_and_no_id_occurs_twice() {
    for students in [1, 40, 5_000] {
        let district = district(students);
        for (file, rows) in &district.files {
            assert_eq!(district.ids(file).len(), rows.len(), "{file} at {students}");
        }
        for (file, column, of) in [
            ("orgs", "parentSourcedId", "orgs"),
            ("academicSessions", "parentSourcedId", "academicSessions"),
            ("courses", "orgSourcedId", "orgs"),
            ("courses", "schoolYearSourcedId", "academicSessions"),
            ("classes", "courseSourcedId", "courses"),
            ("classes", "schoolSourcedId", "orgs"),
            ("classes", "termSourcedIds", "academicSessions"),
            ("users", "agentSourcedIds", "users"),
            ("users", "primaryOrgSourcedId", "orgs"),
            ("roles", "userSourcedId", "users"),
            ("roles", "orgSourcedId", "orgs"),
            ("demographics", "sourcedId", "users"),
            ("enrollments", "classSourcedId", "classes"),
            ("enrollments", "schoolSourcedId", "orgs"),
            ("enrollments", "userSourcedId", "users"),
        ] {
            let known = district.ids(of);
            let dangling: Vec<&str> =
                district.of(file, column).flat_map(|cell| cell.split(',')).filter(|id| !id.is_empty() && !known.contains(id)).collect();
            assert!(dangling.is_empty(), "{file}.{column} at {students}: {dangling:?}");
        }
        let with_role: HashSet<&str> = district.of("roles", "userSourcedId").collect();
        assert_eq!(with_role, district.ids("users"), "everybody is something somewhere");
    }
}

#[test]
fn the_demo_district_is_three_schools_of_families() {
    let district = district(250);
    let expected = Summary { schools: 3, classes: 143, students: 250, guardians: 280, staff: 40, roles: 640, enrollments: 2111, results: 0 };
    assert_eq!(district.summary, expected);
    assert_eq!(district.count("roles", "role", "student"), 250);
    assert_eq!(district.count("roles", "role", "principal"), 3);
    assert_eq!(district.count("roles", "role", "counselor"), 3);
    let upper = district.grade_of().values().filter(|grade| **grade >= "06" && **grade <= "12").count();
    assert!((170..=235).contains(&upper), "{upper} students have a file");
    let mut children: HashMap<&str, usize> = HashMap::new();
    for agent in district.of("users", "agentSourcedIds").flat_map(|cell| cell.split(',')) {
        *children.entry(agent).or_default() += 1;
    }
    assert!(children.values().filter(|count| **count >= 2).count() >= 40, "siblings share guardians");
    let orphans = district.files["users"].iter().filter(|row| !row["grades"].is_empty() && row["agentSourcedIds"].is_empty()).count();
    assert!((1..=20).contains(&orphans), "{orphans} without guardians");
    assert!(district.of("users", "preferredGivenName").filter(|cell| !cell.is_empty()).count() >= 20);
    assert!(district.of("users", "pronouns").filter(|cell| !cell.is_empty()).count() >= 40);
}

#[test]
fn every_student_has_a_homeroom_and_six_or_seven_classes_of_the_own_grade_and_school() {
    for students in [250, 2_000] {
        let district = district(students);
        let kind: HashMap<&str, (&str, &str, &str)> = district.files["classes"]
            .iter()
            .map(|row| (row["sourcedId"].as_str(), (row["classType"].as_str(), row["grades"].as_str(), row["schoolSourcedId"].as_str())))
            .collect();
        let mut classes: HashMap<&str, BTreeMap<&str, usize>> = HashMap::new();
        let mut size: HashMap<&str, usize> = HashMap::new();
        let grade_of = district.grade_of();
        let school_of: HashMap<&str, &str> =
            district.files["users"].iter().map(|row| (row["sourcedId"].as_str(), row["primaryOrgSourcedId"].as_str())).collect();
        for row in district.files["enrollments"].iter().filter(|row| row["role"] == "student") {
            let (student, class) = (row["userSourcedId"].as_str(), row["classSourcedId"].as_str());
            let (kind, grade, school) = kind[class];
            *classes.entry(student).or_default().entry(kind).or_default() += 1;
            *size.entry(class).or_default() += 1;
            assert_eq!((grade, school, row["schoolSourcedId"].as_str()), (grade_of[student], school_of[student], school));
        }
        assert_eq!(classes.len(), students);
        assert!(classes.values().all(|kinds| kinds["homeroom"] == 1 && (6..=7).contains(&kinds["scheduled"])));
        assert!(size.values().all(|size| *size <= 27));
    }
}

#[test]
fn advisories_are_led_by_counselors_and_teachers_have_a_believable_load() {
    let district = district(2_000);
    let counselors: HashSet<&str> =
        district.files["roles"].iter().filter(|row| row["role"] == "counselor").map(|row| row["userSourcedId"].as_str()).collect();
    let class: HashMap<&str, &HashMap<String, String>> = district.files["classes"].iter().map(|row| (row["sourcedId"].as_str(), row)).collect();
    let mut load: HashMap<&str, BTreeSet<(&str, &str)>> = HashMap::new();
    let (mut together, mut taught) = (0, 0);
    for row in district.files["enrollments"].iter().filter(|row| row["role"] == "teacher") {
        let (teacher, class) = (row["userSourcedId"].as_str(), class[row["classSourcedId"].as_str()]);
        assert_eq!(class["title"].starts_with("Advisory"), counselors.contains(teacher), "{}", class["title"]);
        if class["classType"] == "homeroom" || class["grades"].as_str() < "06" {
            continue;
        }
        taught += 1;
        if !load.entry(teacher).or_default().insert((&class["periods"], &class["termSourcedIds"])) {
            together += 1;
        }
    }
    assert!(load.values().all(|classes| classes.len() <= 7));
    assert!(together * 20 < taught, "{together} of {taught} classes fall together with another of their teacher");
    let students = district.summary.students;
    assert!((students / 300..=students / 150).contains(&counselors.len()), "{} counselors", counselors.len());
    let teachers = district.count("roles", "role", "teacher");
    assert!((students / 22..=students / 10).contains(&teachers), "{teachers} teachers");
}

#[test]
fn ages_fit_grades_and_some_seniors_come_of_age_during_the_year() {
    let district = district(250);
    let born: HashMap<&str, NaiveDate> =
        district.files["demographics"].iter().map(|row| (row["sourcedId"].as_str(), row["birthDate"].parse().unwrap())).collect();
    assert_eq!(born.len(), 250);
    let (first, last): (NaiveDate, NaiveDate) = ("2026-09-01".parse().unwrap(), "2027-06-18".parse().unwrap());
    let (mut of_age, mut coming) = (0, 0);
    for (student, grade) in district.grade_of() {
        let grade: u32 = grade.parse().unwrap_or(0);
        let age = first.years_since(born[student]).unwrap();
        assert!((grade + 5..=grade + 6).contains(&age), "{student}: grade {grade}, age {age}");
        if grade == 12 && age >= 18 {
            of_age += 1;
        }
        if grade == 12 && age < 18 && last.years_since(born[student]).unwrap() >= 18 {
            coming += 1;
        }
    }
    assert!(of_age >= 1 && coming >= 5, "{of_age} of age, {coming} coming of age");
    assert!(born.values().any(|date| date.format("%m-%d").to_string() == "02-29"));
}

#[test]
fn nobody_can_be_reached_by_accident() {
    let district = district(250);
    for email in district.of("users", "email").filter(|cell| !cell.is_empty()) {
        assert!(email.is_ascii() && email.ends_with(".example"), "{email}");
    }
    for column in ["phone", "sms"] {
        for number in district.of("users", column).filter(|cell| !cell.is_empty()) {
            assert!(number.starts_with("401-555-01"), "{number}");
        }
    }
    let names: HashSet<&str> = district.of("users", "username").collect();
    assert_eq!(names.len(), district.files["users"].len());
    let state_ids: HashSet<&str> = district.of("users", "userIds").filter(|cell| !cell.is_empty()).collect();
    assert_eq!(state_ids.len(), 250);
}

#[test]
fn a_gradebook_of_a_day_has_a_mark_for_everybody_in_every_class_of_each_quarter_that_has_begun() {
    let options = |day: &str| Options { marks_on: Some(day.parse().unwrap()), ..Options::default() };
    let written = |options: &Options| {
        let mut zip = Cursor::new(Vec::new());
        let summary = write_bundle(&mut zip, options, &mut |_| {}).unwrap();
        let mut rows = vec![];
        let mut bundle = Bundle::open(zip, Limits::default()).unwrap();
        bundle
            .read::<std::io::Error>(
                |row| {
                    rows.push(row);
                    Ok(())
                },
                |fault| panic!("{fault:?}"),
                &mut |_| {},
            )
            .unwrap();
        let results: Vec<_> = rows.into_iter().filter_map(|row| if let Row::Result(result) = row { Some(result) } else { None }).collect();
        assert_eq!(summary.results, results.len());
        results
    };
    let (first, second) = (written(&options("2026-09-08")), written(&options("2026-11-20")));
    assert!(first.len() > 1_200 && second.len() > 3 * first.len() / 2, "{} {}", first.len(), second.len());
    let graded = |results: &[ResultRow]| results.iter().filter(|result| result.score_status == ScoreStatus::FullyGraded).count();
    assert_eq!(graded(&first), 0, "no quarter is over");
    assert!(graded(&second) > first.len() * 9 / 10);
    assert!(first.iter().all(|result| result.score_date.to_string() == "2026-09-08"));
    for status in [ScoreStatus::Exempt, ScoreStatus::PartiallyGraded] {
        assert!(second.iter().any(|result| result.score_status == status && result.score.is_none()), "{status:?}");
    }
}
