//! Random numbers that are the same on every machine and for ever: SplitMix64 (Steele, Lea, Flood 2014), seeded by what is asked about.
//!
//! Nothing is drawn from one long stream. Whoever wants to know something about student 4711 starts a stream for student 4711, so
//! that any person of a district of any size can be made without making the others.

/// What a stream is about. Two subjects never share one.
#[derive(Clone, Copy, Debug)]
pub enum About {
    /// The families of a zone.
    Families,
    /// One family.
    Family,
    /// One student.
    Student,
    /// One student's birthday.
    Birthday,
    /// One student's choice of courses.
    Courses,
    /// Who sits in which section of a course.
    Sections,
    /// One member of the staff.
    Staff,
    /// One student's plan.
    Plan,
    /// One student's profile.
    Profile,
    /// One student's marks in a course.
    Marks,
}

impl About {
    /// A constant apart for each.
    const fn salt(self) -> u64 {
        match self {
            Self::Families => 0x9A1B_0C55_77E3_1D01,
            Self::Family => 0x2F6E_2B1C_A9D4_7C03,
            Self::Student => 0xC3A5_C85C_97CB_3105,
            Self::Birthday => 0xB492_B66F_BE98_F207,
            Self::Courses => 0x9AE1_6A3B_2F90_4009,
            Self::Sections => 0x7D86_3A47_5F21_E60B,
            Self::Staff => 0x51ED_270B_9F3C_880D,
            Self::Plan => 0x6C62_272E_07BB_010F,
            Self::Profile => 0x27D4_EB2F_1656_67C5,
            Self::Marks => 0x3F84_D5B5_B547_0911,
        }
    }
}

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The stream about a subject of the district with this seed.
    pub fn new(seed: u64, about: About, number: usize) -> Self {
        let mut start = Self(seed ^ about.salt());
        let base = start.draw();
        let mut stream = Self(base ^ wide(number).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        // One draw apart, so that neighbours do not start alike.
        let state = stream.draw();
        Self(state)
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 if that is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let scaled = (u128::from(self.draw()) * u128::from(wide(bound))) >> 64;
        usize::try_from(scaled).unwrap_or_default()
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of a list.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }

    /// One of a list of words; nothing at all if the list is empty.
    pub fn word(&mut self, list: &[&'static str]) -> &'static str {
        self.pick(list).copied().unwrap_or_default()
    }

    /// Which of several weights the next number falls on.
    pub fn weighted(&mut self, weights: impl Iterator<Item = usize> + Clone) -> usize {
        let mut left = self.below(weights.clone().sum());
        let mut last = 0;
        for (place, weight) in weights.enumerate() {
            last = place;
            if left < weight {
                break;
            }
            left -= weight;
        }
        last
    }
}

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_what_it_always_was() {
        // These numbers are the promise that a seed gives the same district in every later version.
        let mut random = Random::new(1, About::Student, 4711);
        let drawn: Vec<u64> = (0..3).map(|_| random.draw()).collect();
        assert_eq!(drawn, [18318288259404826950, 6381007648492770385, 3107505015832963941]);
    }

    #[test]
    fn numbers_are_below_their_bound_and_reach_all_of_it() {
        let mut random = Random::new(7, About::Family, 0);
        let seen: std::collections::BTreeSet<usize> = (0..500).map(|_| random.below(6)).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
        assert_eq!(random.below(0), 0);
    }

    #[test]
    fn weights_are_kept() {
        let mut random = Random::new(7, About::Family, 1);
        let mut counts = [0; 3];
        for _ in 0..10_000 {
            counts[random.weighted([1, 0, 3].into_iter())] += 1;
        }
        assert_eq!(counts[1], 0);
        assert!((2_300..2_700).contains(&counts[0]), "{counts:?}");
    }
}
