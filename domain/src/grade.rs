//! The grade a student is in.

crate::words! {
    /// A grade, as OneRoster and CEDS (entry grade level) code it.
    Grade {
        /// Infant or toddler.
        InfantToddler = "IT",
        /// Preschool.
        Preschool = "PR",
        /// Prekindergarten.
        Prekindergarten = "PK",
        /// Transitional kindergarten.
        TransitionalKindergarten = "TK",
        /// Kindergarten.
        Kindergarten = "KG",
        /// Grade 1.
        First = "01",
        /// Grade 2.
        Second = "02",
        /// Grade 3.
        Third = "03",
        /// Grade 4.
        Fourth = "04",
        /// Grade 5.
        Fifth = "05",
        /// Grade 6.
        Sixth = "06",
        /// Grade 7.
        Seventh = "07",
        /// Grade 8.
        Eighth = "08",
        /// Grade 9.
        Ninth = "09",
        /// Grade 10.
        Tenth = "10",
        /// Grade 11.
        Eleventh = "11",
        /// Grade 12.
        Twelfth = "12",
        /// Grade 13.
        Thirteenth = "13",
        /// Postsecondary.
        Postsecondary = "PS",
        /// Ungraded.
        Ungraded = "UG",
    }
}

impl Grade {
    /// The number of the grade, where it has one: not before grade 1, not postsecondary, not ungraded.
    pub fn number(self) -> Option<u8> {
        self.word().parse().ok()
    }

    /// Whether it comes before grade 9, as grade 8 and kindergarten do. None for a student who is in no grade (ungraded).
    pub fn is_below_9(self) -> Option<bool> {
        match self {
            Self::Ungraded => None,
            Self::Postsecondary => Some(false),
            _ => Some(self.number().is_none_or(|number| number < 9)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_grades_1_to_13_have_a_number() {
        let numbered: Vec<u8> = Grade::ALL.iter().filter_map(|grade| grade.number()).collect();
        assert_eq!(numbered, (1..=13).collect::<Vec<u8>>());
        assert_eq!("09".parse::<Grade>().map(Grade::number), Ok(Some(9)));
        assert_eq!(Grade::Ungraded.number(), None);
        assert!("9".parse::<Grade>().is_err());
    }

    #[test]
    fn r41_kindergarten_is_below_grade_9_and_postsecondary_is_not() {
        let below: Vec<&str> = Grade::ALL.iter().filter(|grade| grade.is_below_9() == Some(true)).map(|grade| grade.word()).collect();
        assert_eq!(below, ["IT", "PR", "PK", "TK", "KG", "01", "02", "03", "04", "05", "06", "07", "08"]);
        let unsaid: Vec<&Grade> = Grade::ALL.iter().filter(|grade| grade.is_below_9().is_none()).collect();
        assert_eq!(unsaid, [&Grade::Ungraded]);
    }
}
