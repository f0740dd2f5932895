//! The made-up district as a OneRoster 1.2 bundle of any size. One zone is in memory at a time; each file is a walk over the zones.

use std::io::{self, Seek, Write};

use chrono::NaiveDate;
use serde::Serialize;

use super::courses::{COURSES, Course, HOMEROOM};
use super::layout::Layout;
use super::marks::QUARTERS;
use super::names::plain;
use super::people::{self, Family, Guardian, Name};
use super::zone::{Class, Staff, Student, When, Work, Zone};
use crate::oneroster::rows::{
    AcademicSessionRow, ClassRow, ClassType, CourseRow, DemographicsRow, EnrollmentRole, EnrollmentRow, OrgRow, OrgType, Role, RoleRow, RoleType,
    SessionType, SourcedId, UserId, UserRow,
};
use crate::oneroster::writer::BundleWriter;

/// Which district is made up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Every number gives another district.
    pub seed: u64,
    /// How many students it has.
    pub students: usize,
    /// The school year, by the year in which it ends.
    pub school_year: i32,
    /// The state, as two letters; it gives the area code of telephones.
    pub state_code: String,
    /// What the district is called.
    pub name: String,
    /// The day on which its gradebook is written as it is then. None: the bundle has no gradebook.
    pub marks_on: Option<NaiveDate>,
}

impl Default for Options {
    fn default() -> Self {
        Self { seed: 1, students: 250, school_year: 2027, state_code: "RI".into(), name: "Alder Valley School District".into(), marks_on: None }
    }
}

/// How far the writing is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// The file that is being written, such as `users.csv`.
    pub file: &'static str,
    /// Zones of all files so far.
    pub done: usize,
    /// Zones of all files.
    pub total: usize,
}

/// What is in the bundle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Summary {
    pub schools: usize,
    pub classes: usize,
    pub students: usize,
    pub guardians: usize,
    pub staff: usize,
    pub roles: usize,
    pub enrollments: usize,
    pub results: usize,
}

/// Writes the made-up district.
pub fn write_bundle(out: impl Write + Seek, options: &Options, progress: &mut dyn FnMut(Progress)) -> io::Result<Summary> {
    District::new(options.clone()).write(out, progress)
}

/// A made-up district.
#[derive(Debug)]
pub struct District {
    options: Options,
    layout: Layout,
}

/// Who works for the district as a whole.
pub const OFFICE: [&str; 3] = ["Superintendent", "Director of student services", "Records custodian"];

/// Files that walk over the zones.
const WALKS: usize = 5;
/// Those of the gradebook.
const WALKS_OF_MARKS: usize = 2;

impl District {
    /// The district that the options describe.
    pub fn new(options: Options) -> Self {
        Self { layout: Layout::new(options.students), options }
    }

    /// Its zones, one at a time.
    pub fn zones(&self) -> impl Iterator<Item = Zone> {
        (0..self.layout.zones).map(|number| self.zone(number))
    }

    /// One of its zones.
    pub fn zone(&self, number: usize) -> Zone {
        Zone::new(self.options.seed, self.options.school_year, &self.layout, number)
    }

    /// The family with this number.
    pub fn family(&self, number: usize) -> Family {
        Family::new(self.options.seed, number)
    }

    /// Its seed.
    pub fn seed(&self) -> u64 {
        self.options.seed
    }

    /// The sourcedId of a school.
    pub fn school_id(&self, zone: usize, school: usize) -> SourcedId {
        SourcedId::made_of(&format!("school-{}", 1 + zone * self.layout.kinds.len() + school))
    }

    fn write(&self, out: impl Write + Seek, progress: &mut dyn FnMut(Progress)) -> io::Result<Summary> {
        let mut summary = Summary { schools: self.layout.schools(), students: self.layout.students, staff: OFFICE.len(), ..Summary::default() };
        let mut bundle = BundleWriter::new(out).source(&format!("{} (made up)", self.options.name), "openilp-synthesize");
        let (mut done, total) = (0, (WALKS + self.options.marks_on.map_or(0, |_| WALKS_OF_MARKS)) * self.layout.zones);
        let mut walk = |file: &'static str| {
            done += 1;
            progress(Progress { file, done, total });
        };
        bundle.orgs(self.orgs())?.academic_sessions(self.sessions())?.courses(self.courses())?;
        bundle.classes(self.zones().flat_map(|zone| {
            walk("classes.csv");
            summary.classes += zone.classes.len();
            zone.classes.iter().enumerate().filter_map(|(number, class)| self.class(&zone, number, class)).collect::<Vec<_>>()
        }))?;
        bundle.users(self.office().map(|(user, _)| user).chain(self.zones().flat_map(|zone| {
            walk("users.csv");
            summary.staff += zone.staff.len();
            let users = self.users(&zone);
            summary.guardians += users.len() - zone.staff.len() - zone.students.len();
            users
        })))?;
        bundle.roles(
            self.office()
                .map(|(_, role)| role)
                .chain(self.zones().flat_map(|zone| {
                    walk("roles.csv");
                    self.roles(&zone)
                }))
                .inspect(|_| summary.roles += 1),
        )?;
        bundle.demographics(self.zones().flat_map(|zone| {
            walk("demographics.csv");
            zone.students.iter().map(|student| DemographicsRow::born(student_id(student.number), zone.birth_date(student))).collect::<Vec<_>>()
        }))?;
        bundle.enrollments(
            self.zones()
                .flat_map(|zone| {
                    walk("enrollments.csv");
                    (0..zone.classes.len()).flat_map(|number| self.enrollments(&zone, number)).collect::<Vec<_>>()
                })
                .inspect(|_| summary.enrollments += 1),
        )?;
        if let Some(on) = self.options.marks_on {
            summary.results = self.write_marks(&mut bundle, on, &mut walk)?;
        }
        bundle.finish()?.flush()?;
        Ok(summary)
    }

    // ---- orgs, sessions, courses

    fn orgs(&self) -> impl Iterator<Item = OrgRow> {
        let district = OrgRow {
            line: 0,
            sourced_id: district_id(),
            name: self.options.name.clone(),
            kind: OrgType::District,
            identifier: Some(format!("{}-90", self.options.state_code)),
            parent_sourced_id: None,
        };
        let schools = (0..self.layout.zones).flat_map(|zone| (0..self.layout.kinds.len()).map(move |school| (zone, school)));
        std::iter::once(district).chain(schools.map(|(zone, school)| OrgRow {
            line: 0,
            sourced_id: self.school_id(zone, school),
            name: self.layout.school_name(zone, school),
            kind: OrgType::School,
            identifier: Some(format!("{}", 90_001 + zone * self.layout.kinds.len() + school)),
            parent_sourced_id: Some(district_id()),
        }))
    }

    fn sessions(&self) -> Vec<AcademicSessionRow> {
        let session =
            |name: &str, title: &str, kind: SessionType, parent: Option<&str>, start_date: NaiveDate, end_date: NaiveDate| AcademicSessionRow {
                line: 0,
                sourced_id: self.session_id(name),
                title: title.into(),
                kind,
                start_date,
                end_date,
                parent_sourced_id: parent.map(|parent| self.session_id(parent)),
                school_year: self.options.school_year,
            };
        let days = |from: Day, to: Day| (self.day(from), self.day(to));
        let year = openilp_domain::time::school_year_title(self.options.school_year);
        let terms = [
            ("year", year.as_str(), SessionType::SchoolYear, None, days(FALL, SUMMER)),
            ("fall", "Fall Semester", SessionType::Semester, Some("year"), days(FALL, FALL_END)),
            ("spring", "Spring Semester", SessionType::Semester, Some("year"), days(SPRING, SUMMER)),
        ];
        let quarters = QUARTERS.map(|(name, title, from, to)| {
            let parent = if matches!(name, "q1" | "q2") { "fall" } else { "spring" };
            (name, title, SessionType::GradingPeriod, Some(parent), days(from, to))
        });
        terms.into_iter().chain(quarters).map(|(name, title, kind, parent, (from, to))| session(name, title, kind, parent, from, to)).collect()
    }

    /// A day of the school year. The days chosen are in every year.
    pub(super) fn day(&self, (year, month, day): Day) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.options.school_year - 1 + year, month, day).unwrap_or_default()
    }

    pub(super) fn session_id(&self, name: &str) -> SourcedId {
        SourcedId::made_of(&format!("session-{}-{name}", self.options.school_year))
    }

    fn courses(&self) -> impl Iterator<Item = CourseRow> {
        COURSES.iter().map(|course| CourseRow {
            line: 0,
            sourced_id: course_id(course),
            school_year_sourced_id: Some(self.session_id("year")),
            title: course.title.into(),
            course_code: Some(course.code.into()),
            grades: (course.grades.0..=course.grades.1).map(grade_code).collect(),
            org_sourced_id: district_id(),
            subjects: course.department.subject().map(|(subject, _)| subject.to_owned()).into_iter().collect(),
            subject_codes: course.department.subject().map(|(_, code)| code.to_owned()).into_iter().collect(),
        })
    }

    // ---- classes and who is in them

    fn class(&self, zone: &Zone, number: usize, class: &Class) -> Option<ClassRow> {
        let course = COURSES.get(class.course)?;
        let homeroom = course.slot == HOMEROOM;
        let title = match (homeroom, class.grade) {
            (true, grade) if course.code == "ADV" => format!("Advisory {grade}-{}", class.section),
            (_, 0) if course.grades.1 <= 5 => format!("{}, Kindergarten, Room {}", course.title, class.section),
            (_, grade) if course.grades.1 <= 5 => format!("{}, Grade {grade}, Room {}", course.title, class.section),
            (_, _) => format!("{} ({})", course.title, class.section),
        };
        // The day's classes change places from grade to grade, so that a teacher's do not fall together.
        let period = (usize::from(course.slot) + usize::from(class.grade)) % 7 + 1;
        Some(ClassRow {
            line: 0,
            sourced_id: class_id(zone, number),
            title,
            grades: vec![grade_code(class.grade)],
            course_sourced_id: course_id(course),
            class_code: Some(format!("{}-{}{}", course.code, grade_code(class.grade), section_letters(class.section))),
            class_type: if homeroom { ClassType::Homeroom } else { ClassType::Scheduled },
            location: Some(format!("Room {}", 100 + number % 90)),
            school_sourced_id: self.school_id(zone.number, class.school),
            term_sourced_ids: self.terms(class).map(|(name, ..)| self.session_id(name)).collect(),
            subjects: course.department.subject().map(|(subject, _)| subject.to_owned()).into_iter().collect(),
            subject_codes: course.department.subject().map(|(_, code)| code.to_owned()).into_iter().collect(),
            periods: vec![if homeroom { "HR".into() } else { period.to_string() }],
        })
    }

    fn terms(&self, class: &Class) -> impl Iterator<Item = (&'static str, NaiveDate, NaiveDate)> {
        let fall = ("fall", self.day(FALL), self.day(FALL_END));
        let spring = ("spring", self.day(SPRING), self.day(SUMMER));
        match class.when {
            When::Year => vec![fall, spring],
            When::Fall => vec![fall],
            When::Spring => vec![spring],
        }
        .into_iter()
    }

    fn enrollments(&self, zone: &Zone, number: usize) -> Vec<EnrollmentRow> {
        let Some(class) = zone.classes.get(number) else { return vec![] };
        let begin_date = self.terms(class).next().map(|(_, from, _)| from);
        let end_date = self.terms(class).last().map(|(.., to)| to);
        let row = |user_sourced_id: SourcedId, who: usize, role: EnrollmentRole, primary: Option<bool>| EnrollmentRow {
            line: 0,
            sourced_id: SourcedId::made_of(&format!("enrollment-{}-{number}-{who}", zone.number)),
            class_sourced_id: class_id(zone, number),
            school_sourced_id: self.school_id(zone.number, class.school),
            user_sourced_id,
            role,
            primary,
            begin_date,
            end_date,
        };
        let teacher = row(staff_id(zone, class.teacher), 0, EnrollmentRole::Teacher, Some(true));
        let members = class.students.iter().filter_map(|place| zone.students.get(*place)).enumerate();
        let members = members.map(|(seat, student)| row(student_id(student.number), seat + 1, EnrollmentRole::Student, None));
        std::iter::once(teacher).chain(members).collect()
    }

    // ---- people and their roles

    /// The people of the district's office, with their roles.
    fn office(&self) -> impl Iterator<Item = (UserRow, RoleRow)> {
        (0..OFFICE.len()).map(|number| {
            let id = office_id(number);
            // Counted from the far end, so that they are nobody of a school.
            let name = people::staff_name(self.options.seed, usize::MAX - number);
            let user = UserRow { primary_org_sourced_id: Some(district_id()), ..self.staff_user(id.clone(), name, format!("D{number:04}"), number) };
            (user, role(id, Role::DistrictAdministrator, district_id()))
        })
    }

    /// The people of a zone: staff, then family by family.
    fn users(&self, zone: &Zone) -> Vec<UserRow> {
        let mut users = Vec::with_capacity(zone.students.len() * 3);
        for (number, member) in zone.staff.iter().enumerate() {
            let name = people::staff_name(self.options.seed, zone.number * 10_000 + number);
            let user = self.staff_user(staff_id(zone, number), name, format!("E{:03}{number:04}", zone.number), number);
            users.push(UserRow { primary_org_sourced_id: Some(self.school_id(zone.number, member.school)), ..user });
        }
        for (number, children) in zone.families() {
            let family = self.family(number);
            let agents: Vec<SourcedId> = (0..family.guardians.len()).map(|place| guardian_id(number, place)).collect();
            users.extend(children.iter().map(|student| self.student_user(zone, student, &family, agents.clone())));
            let guardians = family.guardians.iter().enumerate();
            users.extend(guardians.map(|(place, guardian)| self.guardian_user(guardian_id(number, place), number * 2 + place, guardian)));
        }
        users
    }

    fn roles(&self, zone: &Zone) -> Vec<RoleRow> {
        let school = |school: usize| self.school_id(zone.number, school);
        let mut roles: Vec<RoleRow> =
            zone.staff.iter().enumerate().map(|(number, member)| role(staff_id(zone, number), staff_role(member), school(member.school))).collect();
        for (number, children) in zone.families() {
            roles.extend(children.iter().map(|student| role(student_id(student.number), Role::Student, school(student.school))));
            let mut schools: Vec<usize> = children.iter().map(|child| child.school).collect();
            schools.sort_unstable();
            schools.dedup();
            for (place, guardian) in self.family(number).guardians.iter().enumerate() {
                roles.extend(schools.iter().map(|of| role(guardian_id(number, place), guardian.role.clone(), school(*of))));
            }
        }
        roles
    }

    fn student_user(&self, zone: &Zone, student: &Student, family: &Family, agents: Vec<SourcedId>) -> UserRow {
        let name = people::student_name(self.options.seed, student.number, family);
        let login = format!("{}.{}{}", plain(name.given), plain(&name.family), student.number);
        UserRow {
            user_ids: vec![UserId { kind: "stateStudentId".into(), identifier: state_student_id(student.number) }],
            identifier: Some(format!("{}", 100_000 + student.number)),
            email: Some(format!("{login}@students.aldervalley.example")),
            agent_sourced_ids: agents,
            grades: vec![grade_code(student.grade)],
            primary_org_sourced_id: Some(self.school_id(zone.number, student.school)),
            ..user(student_id(student.number), login, name)
        }
    }

    fn guardian_user(&self, id: SourcedId, number: usize, guardian: &Guardian) -> UserRow {
        let login = format!("{}.{}.home{number}", plain(guardian.name.given), plain(&guardian.name.family));
        UserRow {
            email: guardian.has_email.then(|| format!("{login}@mail.example")),
            phone: Some(self.telephone(guardian.telephone)),
            sms: Some(self.telephone(guardian.mobile)),
            ..user(id, login, guardian.name.clone())
        }
    }

    fn staff_user(&self, id: SourcedId, name: Name, identifier: String, number: usize) -> UserRow {
        let login = format!("{}.{}.{}", plain(name.given), plain(&name.family), identifier.to_lowercase());
        UserRow {
            identifier: Some(identifier),
            email: Some(format!("{login}@aldervalley.example")),
            phone: Some(self.telephone(number)),
            ..user(id, login, name)
        }
    }

    /// A telephone of the hundred that are kept for fiction (555-0100 to 555-0199).
    fn telephone(&self, number: usize) -> String {
        let area = match self.options.state_code.as_str() {
            "RI" => "401-",
            "UT" => "801-",
            _ => "",
        };
        format!("{area}555-01{:02}", number % 100)
    }
}

/// A day of a school year: years after its first calendar year, month, day.
pub(super) type Day = (i32, u32, u32);
pub(super) const FALL: Day = (0, 8, 31);
pub(super) const FALL_END: Day = (1, 1, 22);
pub(super) const SPRING: Day = (1, 1, 25);
pub(super) const SUMMER: Day = (1, 6, 18);

/// The sourcedId of the student with this number.
pub fn student_id(number: usize) -> SourcedId {
    SourcedId::made_of(&format!("student-{number}"))
}
/// The sourcedId of a guardian, by the family's number and the place in it.
pub fn guardian_id(family: usize, place: usize) -> SourcedId {
    SourcedId::made_of(&format!("guardian-{family}-{place}"))
}
/// The sourcedId of a member of a school's staff, by the place in the zone's staff.
pub fn staff_id(zone: &Zone, number: usize) -> SourcedId {
    SourcedId::made_of(&format!("staff-{}-{number}", zone.number))
}
/// The sourcedId of one of the district's office, by the place in [`OFFICE`].
pub fn office_id(number: usize) -> SourcedId {
    SourcedId::made_of(&format!("office-{number}"))
}
/// The state's id of the student with this number.
pub fn state_student_id(number: usize) -> String {
    format!("{}", 1_000_000_000 + number * 37)
}

fn district_id() -> SourcedId {
    SourcedId::made_of("district")
}
fn course_id(course: &Course) -> SourcedId {
    SourcedId::made_of(&format!("course-{}", course.code))
}
pub(super) fn class_id(zone: &Zone, number: usize) -> SourcedId {
    SourcedId::made_of(&format!("class-{}-{number}", zone.number))
}

/// The code of a grade.
pub fn grade_code(grade: u8) -> String {
    if grade == 0 { "KG".into() } else { format!("{grade:02}") }
}

/// 1 is A, 26 is Z, 27 is AA.
fn section_letters(section: usize) -> String {
    let letter = |number: usize| u8::try_from(number).map_or('Z', |number| char::from(b'A' + number));
    match section.saturating_sub(1) {
        first @ 0..26 => letter(first).to_string(),
        more => format!("{}{}", letter((more / 26 - 1) % 26), letter(more % 26)),
    }
}

fn staff_role(member: &Staff) -> Role {
    match member.work {
        Work::Principal => Role::Principal,
        Work::AssistantPrincipal => Role::SiteAdministrator,
        Work::Counselor => Role::Counselor,
        Work::Teacher => Role::Teacher,
    }
}

fn role(user: SourcedId, role: Role, org: SourcedId) -> RoleRow {
    RoleRow {
        line: 0,
        sourced_id: SourcedId::made_of(&format!("role-{user}-{org}")),
        user_sourced_id: user,
        role_type: RoleType::Primary,
        role,
        begin_date: None,
        end_date: None,
        org_sourced_id: org,
        user_profile_sourced_id: None,
    }
}

fn user(sourced_id: SourcedId, username: String, name: Name) -> UserRow {
    UserRow {
        line: 0,
        sourced_id,
        enabled_user: true,
        username,
        user_ids: vec![],
        given_name: name.given.into(),
        family_name: name.family,
        middle_name: name.middle.map(str::to_owned),
        identifier: None,
        email: None,
        sms: None,
        phone: None,
        agent_sourced_ids: vec![],
        grades: vec![],
        user_master_identifier: None,
        preferred_given_name: name.preferred.map(str::to_owned),
        preferred_middle_name: None,
        preferred_family_name: None,
        primary_org_sourced_id: None,
        pronouns: name.pronouns.map(str::to_owned),
    }
}
