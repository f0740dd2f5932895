//! Who holds the rights of 34 CFR 99 over a file: computed from the day, never stored. At 18 they pass to the student for good (34 CFR 99.5, L10); before, while
//! an adult status lasts (L25).

use chrono::NaiveDate;

use super::StudentFacts;
use crate::id::StudentId;
use crate::time;

crate::words! {
    /// What makes a student hold the rights before 18.
    AdultBasis {
        /// Attends a postsecondary institution (34 CFR 99.5(a)).
        Postsecondary = "postsecondary",
        /// Emancipated (Utah Code 53E-9-301).
        Emancipated = "emancipated",
        /// An unaccompanied youth who qualifies under the McKinney-Vento act (Utah Code 53E-9-301).
        McKinneyVento = "mcKinneyVento",
    }
}

crate::words! {
    /// Who holds the rights over a student's file.
    RightsHolder {
        /// The student: 18, or an adult student before.
        Student = "student",
        /// The guardians with full rights.
        Guardians = "guardians",
        /// Not known, because the date of birth is not.
        Unknown = "unknown",
    }
}

crate::words! {
    /// Why the student holds the rights.
    RightsBasis {
        /// 18 years old.
        Age = "age",
        /// Attends a postsecondary institution.
        Postsecondary = "postsecondary",
        /// Emancipated.
        Emancipated = "emancipated",
        /// Qualifies under the McKinney-Vento act.
        McKinneyVento = "mcKinneyVento",
    }
}

impl From<AdultBasis> for RightsBasis {
    fn from(basis: AdultBasis) -> Self {
        match basis {
            AdultBasis::Postsecondary => Self::Postsecondary,
            AdultBasis::Emancipated => Self::Emancipated,
            AdultBasis::McKinneyVento => Self::McKinneyVento,
        }
    }
}

/// A time during which a student counts as an adult: from `from` on, no longer on `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdultPeriod {
    /// Why.
    pub basis: AdultBasis,
    /// The first day.
    pub from: NaiveDate,
    /// The day on which it has ended.
    pub to: Option<NaiveDate>,
}

impl AdultPeriod {
    fn covers(&self, day: NaiveDate) -> bool {
        time::covers(Some(self.from), self.to, day)
    }
}

/// Who holds the rights on a day.
pub fn rights_holder(student: &StudentFacts, day: NaiveDate) -> RightsHolder {
    match (rights_basis(student, day), student.birth_date) {
        (Some(_), _) => RightsHolder::Student,
        (None, Some(_)) => RightsHolder::Guardians,
        (None, None) => RightsHolder::Unknown,
    }
}

/// Why the student holds the rights on a day. None: the student does not.
pub fn rights_basis(student: &StudentFacts, day: NaiveDate) -> Option<RightsBasis> {
    if at_18(student).is_some_and(|birthday| birthday <= day) {
        return Some(RightsBasis::Age);
    }
    student.adult.iter().find(|period| period.covers(day)).map(|period| period.basis.into())
}

/// Since when the student holds the rights without a break, on a day on which they do.
pub fn rights_held_since(student: &StudentFacts, day: NaiveDate) -> Option<NaiveDate> {
    let by_age = at_18(student).map(|birthday| (birthday, None));
    let periods: Vec<_> = student.adult.iter().map(|period| (period.from, period.to)).chain(by_age).collect();
    let begins = |day: NaiveDate| periods.iter().filter(|(from, to)| time::covers(Some(*from), *to, day)).map(|(from, _)| *from).min();
    let mut since = begins(day)?;
    // What ended on the day on which the next began goes on in it.
    while let Some(before) = since.pred_opt().and_then(begins) {
        since = before;
    }
    Some(since)
}

fn at_18(student: &StudentFacts) -> Option<NaiveDate> {
    student.birth_date.and_then(time::turns_18_on)
}

/// The next day after one on which somebody else holds the rights, and who.
pub fn next_holder(student: &StudentFacts, day: NaiveDate) -> Option<(NaiveDate, RightsHolder)> {
    let today = rights_holder(student, day);
    let turns = student.adult.iter().flat_map(|period| [Some(period.from), period.to]).chain([at_18(student)]).flatten();
    let mut turns: Vec<NaiveDate> = turns.filter(|turn| *turn > day).collect();
    turns.sort_unstable();
    turns.into_iter().map(|turn| (turn, rights_holder(student, turn))).find(|(_, holder)| *holder != today)
}

crate::view! {
    /// Who holds the rights over a student's file today, and when that changes.
    RightsStanding
    required {
        /// The student.
        student_id: StudentId,
        /// Who holds them.
        holder: RightsHolder,
    }
    optional {
        /// Since when the student holds them.
        since: NaiveDate,
        /// Why the student holds them.
        basis: RightsBasis,
        /// The day on which they pass to somebody else, as far as it is known today.
        next_on: NaiveDate,
        /// To whom they pass then.
        next_holder: RightsHolder,
        /// Why the student holds them from then on.
        next_basis: RightsBasis,
    }
    example {
        "studentId": crate::wire_example_id(),
        "holder": "guardians",
        "nextOn": "2028-11-20",
        "nextHolder": "student",
        "nextBasis": "age"
    }
}

/// Who holds the rights on a day, and when that changes.
pub fn rights_standing(student: &StudentFacts, day: NaiveDate) -> RightsStanding {
    let next = next_holder(student, day);
    RightsStanding {
        student_id: student.student_id,
        holder: rights_holder(student, day),
        since: rights_held_since(student, day),
        basis: rights_basis(student, day),
        next_on: next.map(|(day, _)| day),
        next_holder: next.map(|(_, holder)| holder),
        next_basis: next.and_then(|(day, _)| rights_basis(student, day)),
    }
}
