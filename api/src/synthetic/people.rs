//! The people of a district, each made from the seed and a number alone.

use chrono::{Datelike, NaiveDate};

use super::names::{CALLED, FAMILY, GIVEN_HE, GIVEN_SHE, GIVEN_THEY};
use super::random::{About, Random};
use crate::oneroster::rows::Role;

/// What a person is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Given name.
    pub given: &'static str,
    /// Family name.
    pub family: String,
    /// Middle name.
    pub middle: Option<&'static str>,
    /// What the person wants to be called instead.
    pub preferred: Option<&'static str>,
    /// Pronouns, where the person says so.
    pub pronouns: Option<&'static str>,
}

impl Name {
    fn new(random: &mut Random, family: String) -> Self {
        let (given, own) = match random.below(20) {
            0..=8 => (random.word(GIVEN_SHE), "she/her"),
            9..=17 => (random.word(GIVEN_HE), "he/him"),
            _ => (random.word(GIVEN_THEY), "they/them"),
        };
        let middle = random.percent(30).then(|| random.word(GIVEN_THEY)).filter(|middle| *middle != given);
        let called = CALLED.iter().find(|(full, _)| *full == given).map(|(_, short)| *short);
        let preferred = match random.below(100) {
            0..=39 => called,
            // Some go by another name altogether.
            40 | 41 => Some(random.word(GIVEN_THEY)).filter(|other| *other != given),
            _ => None,
        };
        let pronouns = match random.below(100) {
            0..=17 => Some(own),
            18 | 19 => Some("they/them"),
            _ => None,
        };
        Self { given, family, middle, preferred, pronouns }
    }
}

/// A parent or guardian.
#[derive(Clone, Debug)]
pub struct Guardian {
    /// What the person is called.
    pub name: Name,
    /// `parent`, `guardian` or `relative`.
    pub role: Role,
    /// Telephone of the household.
    pub telephone: usize,
    /// The person's own.
    pub mobile: usize,
    /// Whether an e-mail address is known.
    pub has_email: bool,
}

/// A family: its name and who looks after the children.
#[derive(Clone, Debug)]
pub struct Family {
    /// The children's family name.
    pub name: String,
    /// None to two.
    pub guardians: Vec<Guardian>,
}

impl Family {
    /// The family with this number, which is the number of its first child.
    pub fn new(seed: u64, number: usize) -> Self {
        let mut random = Random::new(seed, About::Family, number);
        let own = random.word(FAMILY);
        let other = random.word(FAMILY);
        let kind = random.below(100);
        // Half of the parents with different names gave their children both.
        let name = if (50..78).contains(&kind) && own != other && random.percent(50) { format!("{own}-{other}") } else { own.to_owned() };
        let mut guardian = |family: &str, role: Role, telephone: usize| Guardian {
            name: Name { middle: None, ..Name::new(&mut random, family.to_owned()) },
            role,
            telephone,
            mobile: random.below(100),
            has_email: random.percent(92),
        };
        let (home, elsewhere) = (number % 100, (number + 53) % 100);
        let guardians = match kind {
            0..=49 => vec![guardian(own, Role::Parent, home), guardian(own, Role::Parent, home)],
            50..=63 => vec![guardian(own, Role::Parent, home), guardian(other, Role::Parent, home)],
            // Two households.
            64..=77 => vec![guardian(own, Role::Parent, home), guardian(other, Role::Parent, elsewhere)],
            78..=88 => vec![guardian(own, Role::Parent, home)],
            89..=92 => vec![guardian(own, Role::Relative, home)],
            93..=96 => vec![guardian(other, Role::Guardian, home)],
            _ => vec![],
        };
        Self { name, guardians }
    }
}

/// What a student is called.
pub fn student_name(seed: u64, number: usize, family: &Family) -> Name {
    Name::new(&mut Random::new(seed, About::Student, number), family.name.clone())
}

/// What a member of the staff is called.
pub fn staff_name(seed: u64, number: usize) -> Name {
    let mut random = Random::new(seed, About::Staff, number);
    let family = random.word(FAMILY).to_owned();
    Name { preferred: None, ..Name::new(&mut random, family) }
}

/// The birthday of a family's child in a grade: in the year that fits the grade; one in 25 is a year
/// older. Children of one family in one grade are twins.
pub fn birth_date(seed: u64, family: usize, grade: u8, school_year: i32) -> Option<NaiveDate> {
    let mut random = Random::new(seed, About::Birthday, family * 16 + usize::from(grade));
    let first = first_day_of_births(grade, school_year)?;
    let older = i32::from(random.percent(4));
    let first = first.with_year(first.year() - older)?;
    let days = i64::try_from(random.below(365)).ok()?;
    first.checked_add_signed(chrono::TimeDelta::days(days))
}

/// The leap day on which children in the grade may have been born, if there was one.
pub fn leap_day(grade: u8, school_year: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(first_day_of_births(grade, school_year)?.year() + 1, 2, 29)
}

/// The first day on which children in the grade were born: who has turned 5 by 1 September enters kindergarten.
fn first_day_of_births(grade: u8, school_year: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(school_year - 7 - i32::from(grade), 9, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_of_every_kind() {
        let families: Vec<Family> = (0..2_000).map(|number| Family::new(1, number)).collect();
        let count = |is: &dyn Fn(&Family) -> bool| families.iter().filter(|family| is(family)).count();
        assert!((20..120).contains(&count(&|family| family.guardians.is_empty())));
        assert!(count(&|family| family.guardians.len() == 1) > 200);
        assert!(count(&|family| matches!(family.guardians.as_slice(), [a, b] if a.name.family != b.name.family && a.telephone != b.telephone)) > 200);
        assert!(count(&|family| family.guardians.iter().any(|guardian| guardian.role == Role::Relative)) > 40);
        assert!(count(&|family| family.name.contains('-')) > 100);
    }

    #[test]
    fn ages_fit_grades() {
        let first_day: NaiveDate = "2026-09-01".parse().unwrap();
        for grade in 0..=12_u8 {
            for family in 0..300 {
                let age = first_day.years_since(birth_date(1, family, grade, 2027).unwrap()).unwrap();
                assert!((u32::from(grade) + 5..=u32::from(grade) + 6).contains(&age), "grade {grade}, age {age}");
            }
        }
    }

    #[test]
    fn a_leap_day_lies_in_the_year_of_a_grade() {
        assert_eq!(leap_day(9, 2027), NaiveDate::from_ymd_opt(2012, 2, 29));
        assert_eq!(leap_day(10, 2027), None);
    }
}
