//! A student of the district.

use chrono::NaiveDate;
use serde::Serialize;

use crate::access::Section;
use crate::grade::Grade;
use crate::id::{IlpFileId, PersonId, SchoolId, StudentId};
use crate::noun::Sectioned;

/// A student, as those see one who may know who it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Student {
    /// The id; it is the id of the person too.
    #[cfg_attr(feature = "wire", schema(value_type = uuid::Uuid))]
    pub id: StudentId,
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// The given name that the student goes by.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub preferred_given_name: Option<String>,
    /// The family name that the student goes by.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub preferred_family_name: Option<String>,
    /// The grade.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(value_type = Option<Grade>, nullable = false))]
    pub grade: Option<Grade>,
    /// The date of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub birth_date: Option<NaiveDate>,
    /// The school that the student attends.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(value_type = Option<uuid::Uuid>, nullable = false))]
    pub school_id: Option<SchoolId>,
    /// The student's ILP file, from the start grade on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(value_type = Option<uuid::Uuid>, nullable = false))]
    pub ilp_file_id: Option<IlpFileId>,
    /// Whether the student attends.
    pub active: bool,
    /// The version, from 1.
    pub version: i32,
}

impl Sectioned for Student {
    fn section(&self) -> Section {
        Section::Identity
    }
    fn student_id(&self) -> StudentId {
        self.id
    }
    fn author(&self) -> Option<PersonId> {
        None
    }
}
