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
}
