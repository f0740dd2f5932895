//! A zone of the district: its families, its schools, who teaches what and who sits where. It is made from the seed, its number and
//! the layout, and forgotten again.

use chrono::NaiveDate;

use super::courses::{COURSES, DEPARTMENTS_FROM, Department, HOMEROOM, SLOT_MAX, offered};
use super::layout::Layout;
use super::people;
use super::random::{About, Random};

/// A student.
#[derive(Clone, Copy, Debug)]
pub struct Student {
    /// The number in the district, from 0.
    pub number: usize,
    /// The family, by the number of its first child.
    pub family: usize,
    /// The school, by its place in the zone.
    pub school: usize,
    /// The grade, 0 being kindergarten.
    pub grade: u8,
}

/// What a member of the staff does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Work {
    Principal,
    AssistantPrincipal,
    Counselor,
    Teacher,
}

/// A member of the staff of a school.
#[derive(Clone, Copy, Debug)]
pub struct Staff {
    /// The school, by its place in the zone.
    pub school: usize,
    /// What the person does there.
    pub work: Work,
}

/// When a class meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum When {
    Year,
    Fall,
    Spring,
}

/// A class.
#[derive(Debug)]
pub struct Class {
    /// The course, by its place in [`COURSES`].
    pub course: usize,
    /// The school, by its place in the zone.
    pub school: usize,
    /// The grade.
    pub grade: u8,
    /// Which of those alike it is, from 1.
    pub section: usize,
    /// When it meets.
    pub when: When,
    /// Who leads it, by the place in the zone's staff.
    pub teacher: usize,
    /// Who sits in it, by the place in the zone's students.
    pub students: Vec<usize>,
}

/// A zone.
#[derive(Debug)]
pub struct Zone {
    /// Its number.
    pub number: usize,
    /// Its students, family by family.
    pub students: Vec<Student>,
    /// The staff of its schools.
    pub staff: Vec<Staff>,
    /// The classes of its schools.
    pub classes: Vec<Class>,
    seed: u64,
    school_year: i32,
    /// Family and grade of the one child born on a leap day by arrangement.
    leap: Option<(usize, u8)>,
}

/// Who is to lead a class, before the staff is there.
enum Lead {
    Room(usize),
    Advisor(usize),
    Subject(Department),
}

/// How many students a class has at most: a room of the lower grades, an advisory, a class of a subject.
const ROOM: usize = 24;
const ADVISORY: usize = 25;
const CLASS: usize = 27;
/// Students of a grade for whom a further course in the same slot is worth while.
const CHOICE: usize = 22;
/// Classes of a teacher of a subject.
const LOAD: usize = 5;
/// Students of a counselor.
const CASELOAD: usize = 250;
/// Students of a school from whom on every department has teachers of its own.
const DEPARTMENTS: usize = 300;
/// The departments that share teachers in a smaller school.
const SHARED: [&[Department]; 3] = [
    &[Department::English, Department::SocialStudies],
    &[Department::Mathematics, Department::Science],
    &[Department::Wellness, Department::Languages, Department::Arts, Department::Careers],
];

impl Zone {
    /// Makes the zone with this number.
    pub fn new(seed: u64, school_year: i32, layout: &Layout, number: usize) -> Self {
        let students = families(seed, layout, number);
        let leap = if number == 0 { leap_child(&students, school_year) } else { None };
        let mut zone = Self { number, students, staff: vec![], classes: vec![], seed, school_year, leap };
        for school in 0..layout.kinds.len() {
            zone.open_school(layout, school);
        }
        zone
    }

    /// The children of each family, with the family's number.
    pub fn families(&self) -> impl Iterator<Item = (usize, &[Student])> {
        self.students.chunk_by(|one, next| one.family == next.family).filter_map(|children| Some((children.first()?.family, children)))
    }

    /// The birthday of a student.
    pub fn birth_date(&self, student: &Student) -> Option<NaiveDate> {
        if self.leap == Some((student.family, student.grade)) {
            return people::leap_day(student.grade, self.school_year);
        }
        people::birth_date(self.seed, student.family, student.grade, self.school_year)
    }

    /// The counselor or other leader of a student's homeroom, by the place in the staff.
    pub fn advisor(&self, student: usize) -> Option<usize> {
        let homerooms = self.classes.iter().filter(|class| COURSES.get(class.course).is_some_and(|course| course.slot == HOMEROOM));
        homerooms.into_iter().find(|class| class.students.contains(&student)).map(|class| class.teacher)
    }

    /// A school's classes and staff.
    fn open_school(&mut self, layout: &Layout, school: usize) {
        let Some(kind) = layout.kinds.get(school) else { return };
        let mut drafts: Vec<(Class, Lead)> = vec![];
        let (mut rooms, mut advisories, mut population) = (0, 0, 0);
        for grade in kind.grades.0..=kind.grades.1 {
            let members: Vec<usize> = (0..self.students.len()).filter(|place| self.is_in(*place, school, grade)).collect();
            population += members.len();
            if grade < DEPARTMENTS_FROM {
                for room in parts(&members, ROOM) {
                    self.room(&mut drafts, school, grade, room, &mut rooms);
                }
            } else {
                for advisory in parts(&members, ADVISORY) {
                    for (course, _) in offered(grade, HOMEROOM) {
                        drafts.push((class(&drafts, school, grade, course, advisory.to_vec()), Lead::Advisor(advisories)));
                    }
                    advisories += 1;
                }
                for slot in 1..=SLOT_MAX {
                    self.choices(&mut drafts, school, grade, slot, &members);
                }
            }
        }
        let counselors = if population == 0 { 0 } else { population.div_ceil(CASELOAD) };
        let mut hire = |work: Work, count: usize| {
            let from = self.staff.len();
            self.staff.extend(std::iter::repeat_n(Staff { school, work }, count));
            from
        };
        hire(Work::Principal, 1);
        hire(Work::AssistantPrincipal, population / 500);
        let counselor = hire(Work::Counselor, counselors);
        let room = hire(Work::Teacher, rooms);
        let pools: Vec<&[Department]> = if population < DEPARTMENTS { SHARED.to_vec() } else { Department::SUBJECTS.chunks(1).collect() };
        let pools: Vec<(&[Department], usize, usize)> = pools
            .into_iter()
            .map(|pool| {
                let teachers = teachers_needed(&drafts, pool);
                (pool, hire(Work::Teacher, teachers), teachers)
            })
            .collect();
        let mut turns = vec![0; pools.len()];
        self.classes.extend(drafts.into_iter().map(|(class, lead)| {
            let teacher = match lead {
                Lead::Room(number) => room + number,
                Lead::Advisor(number) => counselor + number * counselors / advisories.max(1),
                Lead::Subject(department) => {
                    let pool = pools.iter().position(|(pool, ..)| pool.contains(&department)).unwrap_or_default();
                    let turn = turns.get_mut(pool).map_or(0, |turn| std::mem::replace(turn, *turn + 1));
                    pools.get(pool).map_or(0, |(_, from, teachers)| from + turn % (*teachers).max(1))
                }
            };
            Class { teacher, ..class }
        }));
    }

    fn is_in(&self, place: usize, school: usize, grade: u8) -> bool {
        self.students.get(place).is_some_and(|student| student.school == school && student.grade == grade)
    }

    /// A room of the lower grades: the same children all day; the teacher of the room, and others for art, music and sport.
    fn room(&self, drafts: &mut Vec<(Class, Lead)>, school: usize, grade: u8, members: &[usize], rooms: &mut usize) {
        for (place, course) in (HOMEROOM..=SLOT_MAX).flat_map(|slot| offered(grade, slot)) {
            let lead = match course.department {
                Department::Wellness | Department::Arts => Lead::Subject(course.department),
                _ => Lead::Room(*rooms),
            };
            drafts.push((class(drafts, school, grade, place, members.to_vec()), lead));
        }
        *rooms += 1;
    }

    /// What a grade takes in a slot: each student one of the courses offered, each course in as many classes as it needs.
    fn choices(&self, drafts: &mut Vec<(Class, Lead)>, school: usize, grade: u8, slot: u8, members: &[usize]) {
        let open = (members.len() / CHOICE).clamp(1, offered(grade, slot).count().max(1));
        let chosen = |place: &usize| {
            let number = self.students.get(*place).map_or(0, |student| student.number);
            Random::new(self.seed, About::Courses, number * 8 + usize::from(slot)).below(open)
        };
        for (option, (place, course)) in offered(grade, slot).take(open).enumerate() {
            let mut takers: Vec<usize> = members.iter().copied().filter(|member| chosen(member) == option).collect();
            // Drawn, so that it is not the same faces in every class.
            takers.sort_by_cached_key(|taker| Random::new(self.seed, About::Sections, taker * 8 + usize::from(slot)).draw());
            for seats in parts(&takers, CLASS) {
                let lead = Lead::Subject(course.department);
                drafts.push((class(drafts, school, grade, place, seats.to_vec()), lead));
            }
        }
    }
}

/// A class whose teacher is still to come.
fn class(drafts: &[(Class, Lead)], school: usize, grade: u8, course: usize, students: Vec<usize>) -> Class {
    let section = 1 + drafts.iter().filter(|(class, _)| class.course == course && class.grade == grade).count();
    let when = match COURSES.get(course) {
        Some(course) if course.semester => {
            if section % 2 == 1 {
                When::Fall
            } else {
                When::Spring
            }
        }
        _ => When::Year,
    };
    Class { course, school, grade, section, when, teacher: 0, students }
}

/// Enough teachers that none has more than a full load, nor two classes of a grade at the same time.
fn teachers_needed(drafts: &[(Class, Lead)], pool: &[Department]) -> usize {
    let slot = |class: &Class| COURSES.get(class.course).map_or(0, |course| course.slot);
    let mut times: Vec<(u8, u8)> = drafts
        .iter()
        .filter(|(_, lead)| matches!(lead, Lead::Subject(of) if pool.contains(of)))
        .map(|(class, _)| (class.grade, slot(class)))
        .collect();
    times.sort_unstable();
    let parallel = times.chunk_by(|one, next| one == next).map(<[_]>::len).max().unwrap_or(0);
    times.len().div_ceil(LOAD).max(parallel)
}

/// Cuts a list into as few parts as the greatest size allows, of nearly the same size.
fn parts<T>(list: &[T], most: usize) -> impl Iterator<Item = &[T]> {
    let count = list.len().div_ceil(most);
    (0..count).filter_map(move |part| list.get(part * list.len() / count..(part + 1) * list.len() / count))
}

/// The families of a zone.
fn families(seed: u64, layout: &Layout, number: usize) -> Vec<Student> {
    let (start, end) = (layout.zone_start(number), layout.zone_start(number + 1));
    let mut random = Random::new(seed, About::Families, number);
    let lowest = layout.kinds.iter().map(|kind| kind.grades.0).min().unwrap_or(0);
    let highest = layout.kinds.iter().map(|kind| kind.grades.1).max().unwrap_or(12);
    let weight = |grade: u8| layout.kinds.iter().filter(|kind| kind.has(grade)).map(|kind| kind.weight).sum::<usize>();
    let mut students = Vec::with_capacity(end - start);
    while start + students.len() < end {
        let family = start + students.len();
        let children = (1 + random.weighted([55, 32, 10, 3].into_iter())).min(end - family);
        let mut grade = u8::try_from(random.weighted((0..=highest).map(weight))).unwrap_or_default();
        // Where the family lives decides between schools with the same grades.
        let home = random.below(1_000);
        for child in 0..children {
            if child > 0 {
                grade = sibling(&mut random, grade, lowest..=highest);
            }
            students.push(Student { number: family + child, family, school: school_of(layout, grade, home), grade });
        }
    }
    students
}

/// The grade of the next child: one to four years younger or older; a few are twins.
fn sibling(random: &mut Random, grade: u8, grades: std::ops::RangeInclusive<u8>) -> u8 {
    if random.percent(4) {
        return grade;
    }
    let apart = u8::try_from(1 + random.below(4)).unwrap_or(1);
    let in_school = |grade: &u8| grades.contains(grade);
    let (younger, older) = (grade.checked_sub(apart).filter(in_school), Some(grade + apart).filter(in_school));
    let preferred = if random.percent(50) { younger.or(older) } else { older.or(younger) };
    preferred.unwrap_or(grade)
}

/// The school that a family's child goes to.
fn school_of(layout: &Layout, grade: u8, home: usize) -> usize {
    let serving = || layout.kinds.iter().enumerate().filter(|(_, kind)| kind.has(grade));
    let total: usize = serving().map(|(_, kind)| kind.weight).sum();
    let mut left = home * total / 1_000;
    for (school, kind) in serving() {
        if left < kind.weight {
            return school;
        }
        left -= kind.weight;
    }
    0
}

/// One child of the highest grade that a leap day falls into.
fn leap_child(students: &[Student], school_year: i32) -> Option<(usize, u8)> {
    let candidates = students.iter().filter(|student| people::leap_day(student.grade, school_year).is_some());
    candidates.max_by_key(|student| (student.grade, std::cmp::Reverse(student.number))).map(|student| (student.family, student.grade))
}
