//! A district as it really is, night after night, and what the database must therefore hold. It knows nothing of how loads are applied.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use openilp_api::oneroster::rows::{ClassType, EnrollmentRole, OrgType, Role, RoleType, SessionType};

use super::bundles::{Roster, class, course, enrollment, id, org, role, session, user};

/// Two middle schools and two high schools.
pub const SCHOOLS: [&str; 4] = ["m1", "m2", "h1", "h2"];

#[derive(Clone, Debug)]
pub struct Student {
    pub name: String,
    pub grade: u8,
    pub school: &'static str,
    /// Another school where a class is taken as well.
    pub visits: Option<&'static str>,
    pub present: bool,
    pub enabled: bool,
}

/// The district, as its information system sees it tonight.
#[derive(Clone, Debug)]
pub struct District {
    pub year: i32,
    pub students: BTreeMap<u32, Student>,
}

/// The schools of a grade.
pub fn schools_of(grade: u8) -> [&'static str; 2] {
    if grade < 9 { ["m1", "m2"] } else { ["h1", "h2"] }
}

fn grades_of(school: &str) -> std::ops::RangeInclusive<u8> {
    if school.starts_with('m') { 6..=8 } else { 9..=12 }
}

fn homeroom(school: &str, grade: u8, year: i32) -> String {
    format!("{year}-{school}-{grade:02}")
}

fn elective(school: &str, year: i32) -> String {
    format!("{year}-{school}-elective")
}

/// The terms of a school year: name, first day, last day.
pub fn terms(year: i32) -> [(String, NaiveDate, NaiveDate); 2] {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    [(format!("{year}-fall"), day(year - 1, 8, 15), day(year - 1, 12, 20)), (format!("{year}-spring"), day(year, 1, 5), day(year, 6, 10))]
}

impl District {
    /// Classes that the students attend, those of other schools included.
    fn classes_of(&self, student: &Student) -> Vec<String> {
        let own = [homeroom(student.school, student.grade, self.year), elective(student.school, self.year)];
        own.into_iter().chain(student.visits.map(|school| elective(school, self.year))).collect()
    }

    fn present(&self) -> impl Iterator<Item = (String, &Student)> {
        self.students.iter().filter(|(_, student)| student.present).map(|(n, student)| (format!("s{n}"), student))
    }

    /// The bundle of tonight.
    pub fn roster(&self) -> Roster {
        let [fall, spring] = terms(self.year);
        let year = format!("{}-year", self.year);
        let term = |(title, from, to): &(String, NaiveDate, NaiveDate)| {
            session(title, SessionType::Term, &from.to_string(), &to.to_string(), Some(&year), self.year)
        };
        let mut roster = Roster {
            orgs: vec![org("district", OrgType::District, None)],
            sessions: vec![
                session(&year, SessionType::SchoolYear, &fall.1.to_string(), &spring.2.to_string(), None, self.year),
                term(&fall),
                term(&spring),
            ],
            courses: vec![course("general")],
            classes: vec![],
            users: vec![],
            roles: vec![],
            demographics: vec![],
            enrollments: vec![],
            ..Roster::default()
        };
        roster.courses[0].school_year_sourced_id = Some(id(&year));
        let at = |person: &str, school: &str, what, kind| {
            let mut row = role(person, what);
            (row.sourced_id, row.org_sourced_id, row.role_type, row.begin_date) = (id(&format!("{person}-{school}")), id(school), kind, None);
            row
        };
        let into = |person: &str, class: &str, school: &str, what| {
            let mut row = enrollment(person, class, what);
            (row.school_sourced_id, row.begin_date) = (id(school), None);
            row
        };
        for school in SCHOOLS {
            roster.orgs.push(org(school, OrgType::School, Some("district")));
            let teacher = format!("t-{school}");
            roster.users.push(user(&teacher, None));
            roster.roles.push(at(&teacher, school, Role::Teacher, RoleType::Primary));
            let homerooms = grades_of(school).map(|grade| (homeroom(school, grade, self.year), ClassType::Homeroom));
            for (name, kind) in homerooms.chain([(elective(school, self.year), ClassType::Scheduled)]) {
                let mut row = class(&name, kind, &[fall.0.as_str(), spring.0.as_str()]);
                (row.school_sourced_id, row.course_sourced_id) = (id(school), id("general"));
                roster.classes.push(row);
                roster.enrollments.push(into(&teacher, &name, school, EnrollmentRole::Teacher));
            }
        }
        for (person, student) in self.present() {
            let mut row = user(&person, Some(&format!("{:02}", student.grade)));
            (row.given_name, row.enabled_user) = (student.name.clone(), student.enabled);
            roster.users.push(row);
            roster.roles.push(at(&person, student.school, Role::Student, RoleType::Primary));
            if let Some(school) = student.visits {
                roster.roles.push(at(&person, school, Role::Student, RoleType::Secondary));
            }
            for name in self.classes_of(student) {
                let school = name.split('-').nth(1).unwrap().to_owned();
                roster.enrollments.push(into(&person, &name, &school, EnrollmentRole::Student));
            }
        }
        roster
    }
}

/// What the database must hold: one line a record.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    people: BTreeMap<String, (String, bool)>,
    students: BTreeMap<String, (String, u8, bool)>,
    /// Roles, enrollments, classes and sessions: open, or ended on a day where they have one.
    open: BTreeMap<(&'static str, String), Option<Option<NaiveDate>>>,
    divisions: BTreeSet<(String, i32)>,
    registrations: BTreeMap<(String, i32, String, String), Option<NaiveDate>>,
}

impl Expected {
    /// The district has been loaded on a day.
    pub fn load(&mut self, district: &District, today: NaiveDate) {
        let roster = district.roster();
        let named: BTreeSet<(&'static str, String)> = (roster.roles.iter().map(|row| ("role", row.sourced_id.to_string())))
            .chain(roster.enrollments.iter().map(|row| ("enrollment", row.sourced_id.to_string())))
            .chain(roster.classes.iter().map(|row| ("class", row.sourced_id.to_string())))
            .chain(roster.sessions.iter().map(|row| ("session", row.sourced_id.to_string())))
            .collect();
        for ((kind, name), state) in &mut self.open {
            if state.is_none() && !named.contains(&(*kind, name.clone())) {
                *state = Some(if matches!(*kind, "role" | "enrollment") { Some(today) } else { None });
            }
        }
        self.open.extend(named.into_iter().map(|key| (key, None)));
        self.people.values_mut().for_each(|(_, active)| *active = false);
        self.people.extend(roster.users.iter().map(|row| (row.sourced_id.to_string(), (row.given_name.clone(), row.enabled_user))));
        self.students.values_mut().for_each(|(_, _, active)| *active = false);
        for (person, student) in district.present() {
            self.students.insert(person.clone(), (student.school.to_owned(), student.grade, true));
            self.divisions.insert((person, district.year));
        }
        self.register(district, today);
    }

    /// What is copied of each enrollment: once for each term, and withdrawn while the enrollment is not open. Past years stay.
    fn register(&mut self, district: &District, today: NaiveDate) {
        let mut attended = BTreeSet::new();
        for (person, student) in district.present() {
            for class in district.classes_of(student) {
                for (term, ..) in terms(district.year) {
                    attended.insert((person.clone(), district.year, format!("{person}-{class}"), term));
                }
            }
        }
        let last_days = terms(district.year);
        for (key, withdrawn) in &mut self.registrations {
            if key.1 != district.year || attended.contains(key) || withdrawn.is_some() {
                continue;
            }
            let (_, _, last_day) = last_days.iter().find(|(term, ..)| *term == key.3).unwrap();
            // Only what ends today is withdrawn today; what had ended with its term stays.
            let ended = self.open.get(&("enrollment", key.2.clone())).copied().flatten().flatten();
            *withdrawn = ended.filter(|ended| *ended == today && today < *last_day);
        }
        self.registrations.extend(attended.into_iter().map(|key| (key, None)));
    }

    /// All of it, as lines in order.
    pub fn lines(&self) -> Vec<String> {
        let day = |day: &Option<NaiveDate>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
        let mut lines = Vec::new();
        lines.extend(self.people.iter().map(|(person, (name, active))| format!("person {person} {name} {active}")));
        lines.extend(self.students.iter().map(|(person, (school, grade, active))| {
            format!("student {person} {school} {grade:02} {active} {}", if *active { "open" } else { "frozen" })
        }));
        lines.extend(self.open.iter().map(|((kind, name), state)| match state {
            None => format!("{kind} {name} true -"),
            Some(ended) => format!("{kind} {name} false {}", day(ended)),
        }));
        lines.extend(self.divisions.iter().map(|(person, year)| format!("division {person} {year}")));
        lines.extend(
            self.registrations
                .iter()
                .map(|((person, year, name, term), withdrawn)| format!("registration {person} {year} {name} {term} {}", day(withdrawn))),
        );
        lines.sort();
        lines
    }
}

/// The same lines, from the database.
pub const LINES: &str = "
    with named as (select target_id, value from external_identifiers where system = 'sis')
    select 'person ' || n.value || ' ' || p.given_name || ' ' || p.active from people p join named n on n.target_id = p.id
    union all
    select concat_ws(' ', 'student', n.value, k.value, s.grade, s.active::text, f.status)
      from students s join named n on n.target_id = s.id left join named k on k.target_id = s.school_id left join ilp_files f on f.student_id = s.id
    union all select concat_ws(' ', 'role', sourced_id, active::text, coalesce(ends_on::text, '-')) from roles
    union all select concat_ws(' ', 'enrollment', sourced_id, active::text, coalesce(ends_on::text, '-')) from enrollments
    union all select concat_ws(' ', 'class', n.value, c.active::text, '-') from classes c join named n on n.target_id = c.id
    union all select concat_ws(' ', 'session', n.value, s.active::text, '-') from academic_sessions s join named n on n.target_id = s.id
    union all select concat_ws(' ', 'division', n.value, d.school_year) from divisions d join named n on n.target_id = d.student_id
    union all
    select concat_ws(' ', 'registration', n.value, d.school_year, r.sourced_id, r.term_sourced_id, coalesce(r.withdrawn_on::text, '-'))
      from registrations r join divisions d on d.id = r.division_id join named n on n.target_id = r.student_id";
