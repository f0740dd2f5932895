//! How a district is cut into zones, and a zone into schools.
//!
//! A zone is a place where families live and the schools that their children go to. It is what is held in memory at a time: its size
//! has a bound, so a district may have any number of students.

use super::courses::DEPARTMENTS_FROM;
use super::names::PLACES;

/// A school of a zone.
#[derive(Debug)]
pub struct SchoolKind {
    /// What its name ends with.
    pub suffix: &'static str,
    /// Its grades, 0 being kindergarten.
    pub grades: (u8, u8),
    /// How many of the zone's students each of its grades draws, compared with the others.
    pub weight: usize,
}

impl SchoolKind {
    /// Whether it has the grade.
    pub fn has(&self, grade: u8) -> bool {
        (self.grades.0..=self.grades.1).contains(&grade)
    }

    /// Whether some of its students have counselors as advisors.
    pub fn has_advisories(&self) -> bool {
        self.grades.1 >= DEPARTMENTS_FROM
    }
}

const fn school(suffix: &'static str, grades: (u8, u8), weight: usize) -> SchoolKind {
    SchoolKind { suffix, grades, weight }
}

/// A small town: one school more brings the lower grades.
const SMALL: &[SchoolKind] = &[school("High School", (9, 12), 28), school("Middle School", (6, 8), 28), school("School", (3, 8), 9)];

/// A zone of a larger district.
const USUAL: &[SchoolKind] = &[
    school("High School", (9, 12), 2),
    school("Middle School", (6, 8), 2),
    school("Elementary School", (0, 5), 1),
    school("Elementary School", (0, 5), 1),
];

/// Up to here a district is a small town.
const SMALL_MAX: usize = 600;

/// About the students of a zone. Its schools then have some 800 each.
const ZONE: usize = 3_000;

/// A district's zones.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// All students.
    pub students: usize,
    /// Zones.
    pub zones: usize,
    /// The schools of every zone.
    pub kinds: &'static [SchoolKind],
}

impl Layout {
    /// The layout for so many students.
    pub fn new(students: usize) -> Self {
        let kinds = if students <= SMALL_MAX { SMALL } else { USUAL };
        Self { students, zones: ((students + ZONE / 2) / ZONE).max(1), kinds }
    }

    /// The number of the first student of a zone; zones differ by one student at most.
    pub fn zone_start(&self, zone: usize) -> usize {
        let (each, over) = (self.students / self.zones, self.students % self.zones);
        zone * each + zone.min(over)
    }

    /// All schools.
    pub fn schools(&self) -> usize {
        self.zones * self.kinds.len()
    }

    /// The name of a school of a zone.
    pub fn school_name(&self, zone: usize, school: usize) -> String {
        let number = zone * self.kinds.len() + school;
        let suffix = self.kinds.get(school).map_or("School", |kind| kind.suffix);
        let place = PLACES.get(number % PLACES.len()).copied().unwrap_or_default();
        match number / PLACES.len() {
            0 => format!("{place} {suffix}"),
            round => match ["North", "South", "East", "West", "New", "Lower", "Upper"].get(round - 1) {
                Some(side) => format!("{side} {place} {suffix}"),
                None => format!("{place} {suffix} No. {}", round + 1),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_hold_every_student_once_and_have_a_bound() {
        for students in [1, 250, 600, 601, 4_000, 5_000, 200_000, 1_000_003] {
            let layout = Layout::new(students);
            assert_eq!(layout.zone_start(0), 0);
            assert_eq!(layout.zone_start(layout.zones), students);
            let greatest = (0..layout.zones).map(|zone| layout.zone_start(zone + 1) - layout.zone_start(zone)).max();
            assert!(greatest.is_some_and(|size| size <= 2 * ZONE), "{students}: {greatest:?}");
        }
    }

    #[test]
    fn schools_have_some_800_students() {
        for students in [3_000, 12_000, 200_000] {
            let each = students / Layout::new(students).schools();
            assert!((600..=1_000).contains(&each), "{students}: {each}");
        }
    }

    #[test]
    fn no_two_schools_have_one_name() {
        let layout = Layout::new(1_000_000);
        let names: std::collections::BTreeSet<String> =
            (0..layout.zones).flat_map(|zone| (0..layout.kinds.len()).map(move |school| layout.school_name(zone, school))).collect();
        assert_eq!(names.len(), layout.schools());
    }
}
