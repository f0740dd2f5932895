//! Report cards (R18): marks as they were issued, copied into the file, and which categories of a gradebook are such marks.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::access::Section;
use crate::field::{Field, Members, wrong};
use crate::id::{DivisionId, PersonId, ReportCardId, StudentId};
use crate::ilp_file::RegistrationTeacher;
use crate::invalid::Invalid;
use crate::noun::Sectioned;
use crate::roster::Source;
use crate::text::ShortText;

crate::words! {
    /// What the source says of a mark besides how far it is.
    ReportCardFlag {
        /// Work on it goes on.
        InProgress = "inProgress",
        /// Work is not whole.
        Incomplete = "incomplete",
        /// Work came late.
        Late = "late",
        /// Work is not there.
        Missing = "missing",
    }
}

/// One mark of a report card (R18): of a student, in a class, for a grading period, as the source had it when it was copied. A mark that the source gives
/// otherwise later is a copy of its own beside this one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ReportCard {
    /// The id.
    #[cfg_attr(feature = "wire", schema(value_type = uuid::Uuid))]
    pub id: ReportCardId,
    /// The student.
    #[cfg_attr(feature = "wire", schema(value_type = uuid::Uuid))]
    pub student_id: StudentId,
    /// The division of the file by school year.
    #[cfg_attr(feature = "wire", schema(value_type = uuid::Uuid))]
    pub division_id: DivisionId,
    /// The grading period, or another session.
    pub term_title: String,
    /// The first day of the grading period.
    pub term_starts_on: NaiveDate,
    /// The last day of the grading period.
    pub term_ends_on: NaiveDate,
    /// The category of the gradebook; the district says which make a report card.
    pub category_title: String,
    /// The class.
    pub class_title: String,
    /// The code of the class.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub class_code: Option<String>,
    /// Its teachers, as they were when it was copied.
    pub teachers: Vec<RegistrationTeacher>,
    /// What is marked, such as `Quarter 1 grade`.
    pub title: String,
    /// How far the mark is, in the source's word: `fully graded`, `partially graded`, `submitted`, `not submitted`, `exempt`, or one of its own with `ext:`.
    pub score_status: String,
    /// The mark as a number, digit by digit as the source writes it. None where there is no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub score: Option<String>,
    /// The mark in letters or words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub score_text: Option<String>,
    /// What the mark is measured by.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub scale: Option<ScoreScale>,
    /// The day of the mark, as the source says.
    pub scored_on: NaiveDate,
    /// What the teacher wrote to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub comment: Option<String>,
    /// What else the source says of it.
    pub flags: Vec<ReportCardFlag>,
    /// Which copy it is: 1 is the first, 2 corrects it, and so on.
    pub copy_number: i32,
    /// The copy that this one corrects.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(value_type = Option<uuid::Uuid>, nullable = false))]
    pub corrects_id: Option<ReportCardId>,
    /// The copy that corrects this one. None on the mark as it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(value_type = Option<uuid::Uuid>, nullable = false))]
    pub corrected_by_id: Option<ReportCardId>,
    /// The day on which the source no longer had it. It was issued, so the copy stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub withdrawn_on: Option<NaiveDate>,
    /// The system it was copied from.
    pub source: String,
    /// What that system calls the result.
    pub sourced_id: String,
    /// When it was copied.
    pub captured_at: DateTime<Utc>,
    /// The version, from 1.
    pub version: i32,
}

/// What a mark is measured by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScoreScale {
    /// Its name, such as `Letter grades`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub title: Option<String>,
    /// Its marks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<ScoreMark>,
    /// The least number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub min: Option<String>,
    /// The greatest number; a score may exceed it: extra credit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub max: Option<String>,
}

/// A mark of a scale, and what it stands for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScoreMark {
    /// The mark, such as `A`.
    pub mark: String,
    /// What it stands for, such as `94`.
    pub value: String,
}

impl Sectioned for ReportCard {
    fn section(&self) -> Section {
        Section::SchoolRecords
    }
    fn student_id(&self) -> StudentId {
        self.student_id
    }
    fn author(&self) -> Option<PersonId> {
        None
    }
}

/// A category of a gradebook whose results make a report card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportCardCategory {
    /// The source that has it. None: every source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Its title, in capitals or small letters, or its sourcedId.
    pub category: ShortText,
}

/// The categories whose results make a report card. None, as a district begins: then nothing is copied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "sql", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
#[cfg_attr(feature = "sql", diesel(sql_type = diesel::sql_types::Jsonb))]
#[serde(transparent)]
pub struct ReportCardCategories(pub Vec<ReportCardCategory>);

impl ReportCardCategories {
    /// The most there can be.
    pub const MAX: usize = 100;
}

impl Field for ReportCardCategory {
    fn read(value: &Value) -> Result<Self, Invalid> {
        let mut members = Members::of(value.clone())?;
        let (source, category) = (members.optional::<ShortText>("source"), members.required("category"));
        members.finish()?;
        let source = match source.as_ref().map(|name| Source::new(name.as_str())) {
            Some(None) => return Err(Invalid::one("/source", "not_a_source", "Must be the name of a source: letters, digits and . _ -.")),
            Some(Some(source)) => Some(source.as_str().to_owned()),
            None => None,
        };
        category.map_or_else(|| wrong("incomplete", "A required member is missing."), |category| Ok(Self { source, category }))
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::Ref::from_schema_name("ReportCardCategory").into()
    }
    #[cfg(feature = "wire")]
    fn schemas(named: &mut crate::wire::Named) {
        let object = crate::wire::object("A category of a gradebook whose results make a report card.");
        let object = crate::wire::member::<ShortText>(object, "source", "The source that has it. Left out: every source.", false, false, named);
        let object =
            crate::wire::member::<ShortText>(object, "category", "Its title, in capitals or small letters, or its sourcedId.", true, false, named);
        named.push(("ReportCardCategory".to_owned(), object.into()));
    }
}

impl Field for ReportCardCategories {
    fn example() -> Value {
        serde_json::json!([{ "source": "sis", "category": "Quarter grade" }])
    }
    fn read(value: &Value) -> Result<Self, Invalid> {
        let none = value.as_array().is_some_and(Vec::is_empty);
        let list = if none { vec![] } else { Vec::<ReportCardCategory>::read(value)? };
        if list.len() > Self::MAX { wrong("bad_length", format!("Must have at most {} items.", Self::MAX)) } else { Ok(Self(list)) }
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ArrayBuilder::new().items(ReportCardCategory::schema()).max_items(Some(Self::MAX)).build().into()
    }
    #[cfg(feature = "wire")]
    fn schemas(named: &mut crate::wire::Named) {
        ReportCardCategory::schemas(named);
    }
}

crate::kept_as_json!(ReportCardCategories);

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn categories_may_be_none_and_every_fault_of_one_is_named() {
        assert_eq!(ReportCardCategories::read(&json!([])), Ok(ReportCardCategories::default()));
        let sent = json!([{ "category": "Quarter grade" }, { "source": "a b", "category": "x" }, { "category": "" }, { "title": "x" }]);
        let Err(invalid) = ReportCardCategories::read(&sent) else { panic!("accepted") };
        let pointers: Vec<_> = invalid.0.iter().map(|f| f.pointer.as_str()).collect();
        assert_eq!(pointers, ["/1/source", "/2/category", "/3/category", "/3/title"]);
    }
}
