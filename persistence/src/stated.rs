//! What the database states of one person and one student, row by row, as facts.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::sql_types::{Array, Bool, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use openilp_domain::access::{Fact, Facts, Preference, Relation, Restriction, Rights, Section, Sections, Signatures, StudentFacts, SupportProgram};
use openilp_domain::grade::Grade;
use openilp_domain::id::GoalId;
use uuid::Uuid;

use crate::adult_status;
use crate::error::Result;
use crate::facts::parse;

/// The periods in which a student counts as an adult before 18, as one column.
macro_rules! adult_of {
    ($student:literal) => {
        concat!(
            "(select array_agg(concat_ws(' ', basis, valid_from, valid_to) order by id) from adult_statuses where district_id = $1 and student_id = ",
            $student,
            ")"
        )
    };
}

/// What a student asks about sections, as one column.
macro_rules! preferences_of {
    ($student:literal) => {
        concat!(
            "(select array_agg(concat_ws(' ', section, relation, choice)) from privacy_preferences where district_id = $1 and student_id = ",
            $student,
            ")"
        )
    };
}
pub(crate) use {adult_of, preferences_of};

/// The columns of `student_relations` from the relation on.
pub(crate) type RelationSql<Word = Text> = (
    Word,
    (
        Nullable<Text>,
        Bool,
        Nullable<Date>,
        Nullable<Date>,
        Nullable<Timestamptz>,
        Nullable<Array<Text>>,
        Nullable<SqlUuid>,
        Nullable<Text>,
        Nullable<Date>,
        Nullable<Bool>,
        Nullable<Bool>,
        Nullable<Date>,
    ),
);

/// A row of `student_relations` from the relation on.
pub(crate) type RelationRow<Word = String> = (Word, Rest);

/// What decisions need to know of a student: grade, date of birth, when they count as an adult before 18, whether they attend, and what they ask about
/// sections.
pub(crate) type StudentRow = (Option<String>, Option<NaiveDate>, Option<Vec<String>>, Option<bool>, Option<Vec<String>>);

/// A row of `student_relations` without the first column.
pub(crate) type Rest = (
    Option<String>,
    bool,
    Option<NaiveDate>,
    Option<NaiveDate>,
    Option<DateTime<Utc>>,
    Option<Vec<String>>,
    Option<Uuid>,
    Option<String>,
    Option<NaiveDate>,
    Option<bool>,
    Option<bool>,
    Option<NaiveDate>,
);

/// What `student_relations` states of one person and one student.
#[derive(Default)]
pub(crate) struct Stated {
    pub(crate) relations: Vec<Fact>,
    pub(crate) restrictions: Vec<Restriction>,
}

/// The word in `student_relations` for an order against a person.
const RESTRICTED: &str = "restricted";

impl Stated {
    /// One row more.
    pub(crate) fn row(&mut self, (relation, rest): RelationRow) -> Result<()> {
        self.add(relation, rest)
    }

    pub(crate) fn add(&mut self, relation: String, rest: Rest) -> Result<()> {
        let (rights, confirmed, valid_from, valid_to, until, sections, goal, program, student_on, guardian, objection, dependent_until) = rest;
        let sections = sections.map(|words| words.iter().map(|word| parse::<Section>(word)).collect::<Result<Sections>>()).transpose()?;
        if relation == RESTRICTED {
            self.restrictions.push(Restriction { sections, valid_from, valid_to });
            return Ok(());
        }
        self.relations.push(Fact {
            relation: parse::<Relation>(&relation)?,
            rights: rights.as_deref().map(parse::<Rights>).transpose()?,
            confirmed,
            valid_from,
            valid_to,
            until,
            sections,
            goal: goal.map(GoalId),
            program: program.as_deref().map(parse::<SupportProgram>).transpose()?,
            signatures: guardian.map(|guardian| Signatures { student_on, guardian, objection: objection.unwrap_or(false) }),
            dependent_until,
        });
        Ok(())
    }

    pub(crate) fn about(self, id: Uuid, (grade, birth_date, adult, active, preferences): StudentRow) -> Result<Facts> {
        let student = StudentFacts {
            student_id: id.into(),
            grade: grade.and_then(|g| g.parse::<Grade>().ok()),
            birth_date,
            adult: adult.unwrap_or_default().iter().map(|text| adult_status::period(text)).collect::<Result<_>>()?,
            active: active.unwrap_or(false),
        };
        let preferences = preferences.unwrap_or_default().iter().map(|text| preference(text)).collect::<Result<_>>()?;
        Ok(Facts { student, relations: self.relations, restrictions: self.restrictions, preferences })
    }
}

/// Section, relation and choice, as one text.
fn preference(text: &str) -> Result<Preference> {
    let mut words = text.split(' ');
    let mut next = || words.next().unwrap_or_default();
    Ok(Preference { section: parse(next())?, relation: parse(next())?, choice: parse(next())? })
}
