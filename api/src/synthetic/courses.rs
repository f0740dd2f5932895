//! The courses of the district. Subject codes are the subject areas of the School Courses for the Exchange of Data (SCED).

/// A department; teachers belong to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Department {
    Classroom,
    English,
    Mathematics,
    Science,
    SocialStudies,
    Wellness,
    Languages,
    Arts,
    Careers,
}

impl Department {
    /// All but the classroom teachers of the lower grades.
    pub const SUBJECTS: [Self; 8] =
        [Self::English, Self::Mathematics, Self::Science, Self::SocialStudies, Self::Wellness, Self::Languages, Self::Arts, Self::Careers];

    /// Its subject, as people and as SCED name it.
    pub fn subject(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Classroom => None,
            Self::English => Some(("English Language and Literature", "01")),
            Self::Mathematics => Some(("Mathematics", "02")),
            Self::Science => Some(("Life and Physical Sciences", "03")),
            Self::SocialStudies => Some(("Social Sciences and History", "04")),
            Self::Arts => Some(("Fine and Performing Arts", "05")),
            Self::Languages => Some(("World Languages", "24")),
            Self::Wellness => Some(("Physical, Health, and Safety Education", "08")),
            Self::Careers => Some(("Career and Technical Education", "10")),
        }
    }
}

/// A course.
#[derive(Debug)]
pub struct Course {
    /// Its code in the district.
    pub code: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Who teaches it.
    pub department: Department,
    /// The grades that take it, 0 being kindergarten.
    pub grades: (u8, u8),
    /// Which of the day's classes it is. Of those that share grade and slot a student takes one.
    pub slot: u8,
    /// Whether it lasts a semester only.
    pub semester: bool,
}

const fn year(code: &'static str, title: &'static str, department: Department, grades: (u8, u8), slot: u8) -> Course {
    Course { code, title, department, grades, slot, semester: false }
}
const fn half(code: &'static str, title: &'static str, department: Department, grades: (u8, u8), slot: u8) -> Course {
    Course { code, title, department, grades, slot, semester: true }
}

use Department::{Arts, Careers, Classroom, English, Languages, Mathematics, Science, SocialStudies, Wellness};

/// The slot of homerooms and advisories.
pub const HOMEROOM: u8 = 0;

/// The greatest slot.
pub const SLOT_MAX: u8 = 7;

/// The lowest grade whose students move from teacher to teacher; below it a class stays in its room.
pub const DEPARTMENTS_FROM: u8 = 6;

/// Every course.
pub const COURSES: &[Course] = &[
    year("HR-E", "Homeroom", Classroom, (0, 5), HOMEROOM),
    year("ELA-E", "English Language Arts", English, (0, 5), 1),
    year("MAT-E", "Mathematics", Mathematics, (0, 5), 2),
    year("SCI-E", "Science", Science, (0, 5), 3),
    year("SOC-E", "Social Studies", SocialStudies, (0, 5), 4),
    year("PE-E", "Physical Education", Wellness, (0, 5), 5),
    year("ART-E", "Art", Arts, (0, 5), 6),
    year("MUS-E", "Music", Arts, (0, 5), 7),
    year("ADV", "Advisory", Classroom, (6, 12), HOMEROOM),
    year("ELA-6", "English 6", English, (6, 6), 1),
    year("ELA-7", "English 7", English, (7, 7), 1),
    year("ELA-8", "English 8", English, (8, 8), 1),
    year("ENG-9", "English 9", English, (9, 9), 1),
    year("ENG-9H", "English 9 Honors", English, (9, 9), 1),
    year("ENG-10", "World Literature", English, (10, 10), 1),
    year("ENG-10H", "World Literature Honors", English, (10, 10), 1),
    year("ENG-11", "American Literature", English, (11, 11), 1),
    year("ENG-11A", "AP English Language", English, (11, 11), 1),
    year("ENG-12", "Senior English", English, (12, 12), 1),
    year("ENG-12D", "College Composition (Dual Enrollment)", English, (12, 12), 1),
    year("MAT-6", "Mathematics 6", Mathematics, (6, 6), 2),
    year("MAT-7", "Mathematics 7", Mathematics, (7, 7), 2),
    year("MAT-7A", "Accelerated Mathematics 7", Mathematics, (7, 7), 2),
    year("MAT-8", "Mathematics 8", Mathematics, (8, 8), 2),
    year("ALG-8", "Algebra I (Grade 8)", Mathematics, (8, 8), 2),
    year("ALG-1", "Algebra I", Mathematics, (9, 9), 2),
    year("GEO-9", "Geometry Honors", Mathematics, (9, 9), 2),
    year("GEO", "Geometry", Mathematics, (10, 10), 2),
    year("ALG-2H", "Algebra II Honors", Mathematics, (10, 10), 2),
    year("ALG-2", "Algebra II", Mathematics, (11, 11), 2),
    year("PRE", "Precalculus", Mathematics, (11, 12), 2),
    year("STAT", "Statistics", Mathematics, (12, 12), 2),
    year("CALC", "AP Calculus AB", Mathematics, (12, 12), 2),
    year("SCI-6", "Earth Science", Science, (6, 6), 3),
    year("SCI-7", "Life Science", Science, (7, 7), 3),
    year("SCI-8", "Physical Science", Science, (8, 8), 3),
    year("BIO", "Biology", Science, (9, 9), 3),
    year("CHEM", "Chemistry", Science, (10, 10), 3),
    year("CHEM-A", "Chemistry in the Community", Science, (10, 10), 3),
    year("PHYS", "Physics", Science, (11, 11), 3),
    year("ANAT", "Anatomy and Physiology", Science, (11, 12), 3),
    year("ENV", "Environmental Science", Science, (12, 12), 3),
    year("BIO-A", "AP Biology", Science, (12, 12), 3),
    year("SOC-6", "World Geography", SocialStudies, (6, 6), 4),
    year("SOC-7", "Ancient Civilizations", SocialStudies, (7, 7), 4),
    year("SOC-8", "United States History to 1877", SocialStudies, (8, 8), 4),
    year("CIV", "Civics", SocialStudies, (9, 9), 4),
    year("WHI", "World History", SocialStudies, (10, 10), 4),
    year("USH", "United States History", SocialStudies, (11, 11), 4),
    year("USH-A", "AP United States History", SocialStudies, (11, 11), 4),
    year("GOV", "Government and Economics", SocialStudies, (12, 12), 4),
    half("PE-6", "Physical Education and Health 6", Wellness, (6, 6), 5),
    half("PE-7", "Physical Education and Health 7", Wellness, (7, 7), 5),
    half("PE-8", "Physical Education and Health 8", Wellness, (8, 8), 5),
    half("PE-9", "Wellness 9", Wellness, (9, 9), 5),
    half("PE-10", "Wellness 10", Wellness, (10, 10), 5),
    half("PE-11", "Lifetime Fitness", Wellness, (11, 11), 5),
    year("SPA-M", "Introduction to Spanish", Languages, (6, 8), 6),
    year("BAND", "Concert Band", Arts, (6, 8), 6),
    year("CHOR", "Chorus", Arts, (6, 8), 6),
    year("SPA-1", "Spanish I", Languages, (9, 9), 6),
    year("FRE-1", "French I", Languages, (9, 9), 6),
    year("SPA-2", "Spanish II", Languages, (10, 10), 6),
    year("FRE-2", "French II", Languages, (10, 10), 6),
    year("SPA-3", "Spanish III", Languages, (11, 11), 6),
    year("HLTH", "Health Careers I", Careers, (11, 11), 6),
    year("SPA-4", "Spanish IV", Languages, (12, 12), 6),
    year("HLTH-2", "Health Careers II", Careers, (12, 12), 6),
    year("CAP", "Senior Project", Careers, (12, 12), 7),
    half("ART-M", "Studio Art", Arts, (6, 8), 7),
    half("TECH", "Technology Education", Careers, (6, 8), 7),
    half("EXPL", "Career Exploration", Careers, (6, 8), 7),
    half("DRAW", "Drawing and Painting", Arts, (9, 11), 7),
    half("CS-1", "Introduction to Computer Science", Careers, (9, 11), 7),
    half("CUL", "Culinary Arts", Careers, (9, 11), 7),
    half("PHOTO", "Digital Photography", Arts, (9, 11), 7),
    half("CONS", "Construction Trades", Careers, (9, 11), 7),
];

/// The courses that a grade may take in a slot, with their places in [`COURSES`].
pub fn offered(grade: u8, slot: u8) -> impl Iterator<Item = (usize, &'static Course)> + Clone {
    COURSES.iter().enumerate().filter(move |(_, course)| course.slot == slot && (course.grades.0..=course.grades.1).contains(&grade))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_grade_has_a_homeroom_and_six_or_seven_classes() {
        for grade in 0..=12 {
            assert_eq!(offered(grade, HOMEROOM).count(), 1, "grade {grade}");
            let classes = (1..=SLOT_MAX).filter(|slot| offered(grade, *slot).count() > 0).count();
            assert!((6..=7).contains(&classes), "grade {grade} has {classes}");
        }
    }

    #[test]
    fn codes_are_unique() {
        let codes: std::collections::BTreeSet<_> = COURSES.iter().map(|course| course.code).collect();
        assert_eq!(codes.len(), COURSES.len());
    }
}
